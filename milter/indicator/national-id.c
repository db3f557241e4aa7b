/*
 * Numbers that states give to persons. A check in the number itself is proof enough where it is
 * strong (or the shape is); where it is weak the number counts only beside its name. The value is
 * never repeated: detail says of which country it is.
 */
#include "indicator/national-id.h"

#include "indicator/finder.h"
#include "indicator/indicator.h"

#include <string.h>

#define LONGEST       24 /* with its signs */
#define NAMED_BACK    10 /* words in which its name may stand */
#define NAMED_ON      4
#define CHECK_LOOKUPS 8 /* what trying the forms is worth */

static bool is_sign(unsigned char c)
{
    return c == '-' || c == '+' || c == '/' || c == '.' || c == ' ';
}

/* Figures that stand at the start, at most LONGEST. */
static uint32_t lead_of(const struct reading *r, uint32_t at)
{
    uint32_t n = 0;

    while (n < LONGEST && ascii_is_digit(reading_byte(r, at + n)))
        n++;
    return n;
}

/* Does the form stand at byte at? Its length, or 0; what check wants goes to compact. */
static uint32_t read_form(const struct reading *r, uint32_t at, const struct national_row *row,
                          struct view *compact, char *room)
{
    uint32_t n = 0;

    compact->n = 0;
    for (const char *p = row->form; *p != '\0'; p++, n++) {
        unsigned char c = reading_byte(r, at + n);
        bool fits = *p == '9'   ? ascii_is_digit(c)
                    : *p == 'a' ? ascii_is_alpha(c)
                                : c == (unsigned char)*p;
        if (!fits)
            return 0;
        if (row->keep_signs || !is_sign(c))
            room[compact->n++] = (char)c;
    }
    compact->p = room;
    return n;
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

static bool is_inside(const struct reading *r, uint32_t from)
{
    unsigned char before = from > 0 ? reading_byte(r, from - 1u) : 0;

    return before == '_' || before == '-' || before == '/' || before == '+' || before == '=' ||
           (before == '.' && from > 1 && ascii_is_alnum(reading_byte(r, from - 2u)));
}

static void try_at(struct finder *f, uint32_t word, uint32_t *done)
{
    const struct reading *r = &f->reading;
    uint32_t from = r->words[word].from;
    uint32_t lead = lead_of(r, from);
    char room[LONGEST];
    struct view compact;

    if (lead >= 6 && !finder_spend(f, CHECK_LOOKUPS))
        return;
    for (const struct national_row *row = national_rows; row->lead <= lead; row++) {
        uint32_t n = row->lead == lead ? read_form(r, from, row, &compact, room) : 0;
        if (n == 0 || !ends_at(r, from + n) || is_inside(r, from) || !row->check(compact))
            continue;
        uint32_t last = reading_word_at(r, word, from + n - 1);
        if (last >= r->n_words || (row->names != NULL && !is_named(r, word, last, row->names)))
            continue;
        struct indicator i = {
            .kind = INDICATOR_NATIONAL_ID, .detail = row->country, .value = VIEW("(not shown)")};
        *done = from + n;
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
        if ((f->marks[i].flags & MARK_DIGIT) != 0 && r->words[word].length <= 18 &&
            r->words[word].from >= done)
            try_at(f, word, &done);
    }
}
