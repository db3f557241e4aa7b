#include "program/incident.h"

#include <string.h>

const char *const incident_languages[] = {"en", "sv", "fi", NULL};

/* The pieces of the pack, in order. */
static const struct {
    const char *language, *text;
} pieces[] = {
#define TEXT(language, text) {language, text},
#include "program/incident-pack.def"
#undef TEXT
};

const char *incident_list_name(enum incident_list list)
{
    static const char *const names[INCIDENT_LISTS] = {"organisation", "data", "sender", "own"};
    return list < INCIDENT_LISTS ? names[list] : "unknown";
}

bool incident_name_valid(struct view name)
{
    bool valid = name.n > 0 && name.n <= INCIDENT_NAME_MAX;
    for (size_t i = 0; valid && i < name.n; i++)
        valid = ascii_is_alnum((unsigned char)name.p[i]) || name.p[i] == '-';
    return valid;
}

/* Letters of any script, digits and the signs of names and addresses; nothing that means something
 * in a phrase or in libconfig. */
static bool word_plain(struct view word)
{
    bool any = false;
    for (size_t i = 0; i < word.n;) {
        uint32_t cp;
        i += utf8_decode(word.p + i, word.n - i, &cp);
        bool letter = cp >= 0xA0 || (cp < 0x80 && ascii_is_alnum((unsigned char)cp));
        bool star = cp == '*' && (i == word.n || word.p[i] == ' ');
        bool sign = cp < 0x80 && cp != 0 && strchr(" .-_@:/'&+!", (int)cp) != NULL;
        if (cp == 0xFFFD || (!letter && !star && !sign))
            return false;
        any = any || letter;
    }
    return any && word.n <= INCIDENT_WORD_MAX;
}

bool incident_words_add(struct incident_words *list, struct view text, struct view *wrong)
{
    while (text.n > 0) {
        size_t comma = view_find_byte(text, ',');
        struct view word = view_trim(view_sub(text, 0, comma));
        text = view_sub(text, comma < text.n ? comma + 1 : text.n, text.n);
        bool known = word.n == 0;
        for (uint32_t i = 0; i < list->n; i++)
            known = known || view_eq(list->v[i], word);
        if (known)
            continue;
        if (!word_plain(word) || list->n == INCIDENT_WORDS_MAX) {
            *wrong = word;
            return false;
        }
        list->v[list->n++] = word;
    }
    return true;
}

static enum status add_list(const struct incident *x, enum incident_list list, struct buf *out)
{
    const struct incident_words *w = &x->words[list];
    if (w->n == 0)
        return buf_addf(out, "\"fill-in-%s-%s\"", incident_list_name(list), x->name);
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < w->n && status == STATUS_OK; i++)
        status = buf_addf(out, "%s\"%.*s\"", i > 0 ? ", " : "", VIEW_ARG(w->v[i]));
    return status;
}

/* The first entry as a letter writes it: a stem is a word, too. */
static enum status add_example(const struct incident *x, enum incident_list list, struct buf *out)
{
    const struct incident_words *w = &x->words[list];
    if (w->n == 0)
        return buf_addf(out, "fill-in-%s-%s", incident_list_name(list), x->name);
    enum status status = STATUS_OK;
    for (struct view word = w->v[0]; word.n > 0 && status == STATUS_OK;) {
        size_t star = view_find_byte(word, '*');
        status = buf_add(out, view_sub(word, 0, star));
        word = view_sub(word, star + 1, word.n);
    }
    return status;
}

static enum status add_mark(const struct incident *x, struct view mark, struct buf *out)
{
    if (view_eq(mark, VIEW("name")))
        return buf_add(out, view_of(x->name));
    if (view_eq(mark, VIEW("class")))
        return buf_add(out, view_of(x->class_id));
    bool example = mark.n > 2 && memcmp(mark.p, "a ", 2) == 0;
    for (unsigned i = 0; i < INCIDENT_LISTS; i++) {
        enum incident_list list = (enum incident_list)i;
        if (view_eq(view_sub(mark, example ? 2 : 0, mark.n), view_of(incident_list_name(list))))
            return example ? add_example(x, list, out) : add_list(x, list, out);
    }
    return STATUS_INVALID;
}

enum status incident_write(const struct incident *incident, struct buf *out)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        if (pieces[i].language != NULL && strcmp(pieces[i].language, incident->language) != 0)
            continue;
        struct view rest = view_of(pieces[i].text);
        while (rest.n > 0 && status == STATUS_OK) {
            size_t mark = view_find_byte(rest, '@');
            status = buf_add(out, view_sub(rest, 0, mark));
            rest = view_sub(rest, mark, rest.n);
            if (rest.n == 0 || status != STATUS_OK)
                continue;
            size_t end = view_find_byte(view_sub(rest, 1, rest.n), '@') + 1;
            status = add_mark(incident, view_sub(rest, 1, end), out);
            rest = view_sub(rest, end + 1, rest.n);
        }
    }
    return status;
}
