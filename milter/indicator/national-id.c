/*
 * Numbers that states give to persons. A check in the number itself is proof enough where it is
 * strong (or the shape is); where it is weak the number counts only beside its name. The value is
 * never repeated: detail says of which country it is.
 */
#include "indicator/national-id.h"

#include "indicator/finder.h"
#include "indicator/indicator.h"

#include <string.h>

#define LONGEST    24 /* with its signs */
#define NAMED_BACK 10 /* words in which its name may stand */
#define NAMED_ON   4

static bool is_sign(unsigned char c)
{
    return c == '-' || c == '+' || c == '/' || c == '.' || c == ' ';
}

/* What starts at a byte, at most one sign at a time: its bytes, and its form as national_row has.
 */
struct candidate {
    char form[LONGEST + 1]; /* NUL-terminated */
    char bytes[LONGEST];
    uint32_t n;
};

static void candidate_read(const struct reading *r, uint32_t at, struct candidate *c)
{
    for (c->n = 0; c->n < LONGEST; c->n++) {
        unsigned char b = reading_byte(r, at + c->n);
        if (!ascii_is_alnum(b) &&
            !(is_sign(b) && c->n > 0 && !is_sign((unsigned char)c->bytes[c->n - 1])))
            break;
        c->bytes[c->n] = (char)b;
        c->form[c->n] = (char)(ascii_is_digit(b) ? '9' : ascii_is_alpha(b) ? 'a' : b);
    }
    c->form[c->n] = '\0';
}

static bool one_of(struct view word, const char *names)
{
    /* names: folded, with a space behind each; a trailing '*' takes any ending. */
    for (const char *p = names; *p != '\0';) {
        size_t n = strcspn(p, " ");
        bool stem = p[n - 1] == '*';
        struct view name = {p, n - stem};
        if (stem ? word.n >= name.n && view_eq(view_sub(word, 0, name.n), name)
                 : view_eq(word, name))
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

/* Does the name stand near word? */
static bool is_named(const struct reading *r, uint32_t word, uint32_t last, const char *names)
{
    uint32_t from = word > NAMED_BACK ? word - NAMED_BACK : 0;

    for (uint32_t w = from; w < r->n_words && w <= last + NAMED_ON; w++)
        if (reading_adjacent(r, w, word) &&
            one_of(view_sub(r->bytes, r->words[w].from, reading_word_end(r, w)), names))
            return true;
    return false;
}

/* Nothing that would make it part of something longer may follow. */
static bool ends_at(const struct reading *r, uint32_t at)
{
    unsigned char c = reading_byte(r, at);

    if (ascii_is_alnum(c) || c == '_' || c == '@')
        return false;
    return !(is_sign(c) && c != ' ' && c != '.') || !ascii_is_alnum(reading_byte(r, at + 1u));
}

static void try_at(struct finder *f, uint32_t word, uint32_t *done)
{
    const struct reading *r = &f->reading;
    uint32_t from = r->words[word].from;
    unsigned char before = from > 0 ? reading_byte(r, from - 1u) : 0;
    struct candidate c;

    if (from < *done || before == '_' || before == '-' || before == '/' || before == '+' ||
        (before == '.' && from > 1 && ascii_is_alnum(reading_byte(r, from - 2u))) || before == '=')
        return;
    candidate_read(r, from, &c);
    for (const struct national_row *row = national_rows; row->form != NULL && c.n >= 9; row++) {
        char compact[LONGEST];
        size_t k = 0;
        if (memcmp(c.form, row->form, 3) != 0) /* most are no more alike */
            continue;
        size_t n = strlen(row->form);
        if (n > c.n || memcmp(c.form, row->form, n) != 0 || !ends_at(r, from + (uint32_t)n))
            continue;
        for (size_t i = 0; i < n; i++)
            if (row->keep_signs || !is_sign((unsigned char)c.bytes[i]))
                compact[k++] = c.bytes[i];
        uint32_t last = reading_word_at(r, word, from + (uint32_t)n - 1);
        if (last >= r->n_words || !row->check((struct view){compact, k}) ||
            (row->names != NULL && !is_named(r, word, last, row->names)))
            continue;
        struct indicator i = {
            .kind = INDICATOR_NATIONAL_ID, .detail = row->country, .value = VIEW("(not shown)")};
        *done = from + (uint32_t)n;
        finder_add_words(f, &i, word, last, from, *done);
        return;
    }
}

void national_id_find(struct finder *f)
{
    const struct reading *r = &f->reading;
    uint32_t done = 0;

    for (uint32_t i = 0; i < f->n_marks && finder_goes_on(f); i++) {
        uint32_t word = f->marks[i].word;
        /* The shortest first group is that of "1 85 05 78 006 084 36". */
        if ((f->marks[i].flags & MARK_DIGIT) != 0 && r->words[word].length <= 18)
            try_at(f, word, &done);
    }
}
