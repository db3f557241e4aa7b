/*
 * Bank accounts (ISO 13616): a country, two check digits (mod 97), and an account number in the
 * country's own form; whole or in groups. Creditor references ("RF...") pass the same check and are
 * of no country.
 */
#include "indicator/finder.h"
#include "indicator/indicator.h"

#include <string.h>

#define IBAN_LONGEST 34

/* Behind the check digits: n figures, a letters, c either. */
static const struct {
    char country[3];
    char form[12];
} countries[] = {
    {"ad", "8n12c"},    {"ae", "19n"},      {"al", "8n16c"},   {"at", "16n"},
    {"az", "4a20c"},    {"ba", "16n"},      {"be", "12n"},     {"bg", "4a6n8c"},
    {"bh", "4a14c"},    {"br", "23n1a1c"},  {"by", "4c4n16c"}, {"ch", "5n12c"},
    {"cr", "18n"},      {"cy", "8n16c"},    {"cz", "20n"},     {"de", "18n"},
    {"dk", "14n"},      {"do", "4c20n"},    {"ee", "16n"},     {"eg", "25n"},
    {"es", "20n"},      {"fi", "14n"},      {"fo", "14n"},     {"fr", "10n11c2n"},
    {"gb", "4a14n"},    {"ge", "2a16n"},    {"gi", "4a15c"},   {"gl", "14n"},
    {"gr", "7n16c"},    {"gt", "4c20c"},    {"hr", "17n"},     {"hu", "24n"},
    {"ie", "4a14n"},    {"il", "19n"},      {"iq", "4a15n"},   {"is", "22n"},
    {"it", "1a10n12c"}, {"jo", "4a4n18c"},  {"kw", "4a22c"},   {"kz", "3n13c"},
    {"lb", "4n20c"},    {"li", "5n12c"},    {"lt", "16n"},     {"lu", "3n13c"},
    {"lv", "4a13c"},    {"mc", "10n11c2n"}, {"md", "20c"},     {"me", "18n"},
    {"mk", "3n10c2n"},  {"mt", "4a5n18c"},  {"mu", "4a19n3a"}, {"nl", "4a10n"},
    {"no", "11n"},      {"pk", "4a16c"},    {"pl", "24n"},     {"ps", "4a21c"},
    {"pt", "21n"},      {"qa", "4a21c"},    {"ro", "4a16c"},   {"rs", "18n"},
    {"sa", "2n18c"},    {"se", "20n"},      {"si", "15n"},     {"sk", "20n"},
    {"sm", "1a10n12c"}, {"tn", "20n"},      {"tr", "6n16c"},   {"ua", "6n19c"},
    {"va", "18n"},      {"vg", "4a16n"},    {"xk", "16n"},
};
#define N_COUNTRIES (sizeof countries / sizeof countries[0])

static const char *form_of(const struct reading *r, uint32_t at)
{
    for (size_t i = 0; i < N_COUNTRIES; i++)
        if (reading_byte(r, at) == (unsigned char)countries[i].country[0] &&
            reading_byte(r, at + 1u) == (unsigned char)countries[i].country[1])
            return countries[i].form;
    return NULL;
}

static bool fits(unsigned char c, char type)
{
    return type == 'n' ? ascii_is_digit(c) : type == 'a' ? ascii_is_alpha(c) : ascii_is_alnum(c);
}

/* Space, no-break space (folded to space), hyphen or dot; one at a time. */
static bool is_group_gap(unsigned char c)
{
    return c == ' ' || c == '-' || c == '.';
}

/* Reads the account number of that form at byte at; the byte behind it, or 0. */
static uint32_t read_form(const struct reading *r, uint32_t at, const char *form, char *out,
                          size_t *n)
{
    while (*form != '\0') {
        unsigned count = 0;
        for (; ascii_is_digit((unsigned char)*form); form++)
            count = count * 10 + (unsigned)(*form - '0');
        for (; count > 0; count--) {
            if (is_group_gap(reading_byte(r, at)))
                at++;
            unsigned char c = reading_byte(r, at++);
            if (!fits(c, *form))
                return 0;
            out[(*n)++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
        }
        form++;
    }
    return at;
}

static unsigned mod97(const char *p, size_t n, unsigned start)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        start = ascii_is_digit(c) ? (start * 10 + (c - '0')) % 97
                                  : (start * 100 + (c - 'A' + 10u)) % 97;
    }
    return start;
}

/* Both figures and letters behind it would make it part of something longer. */
static bool ends_here(const struct reading *r, uint32_t at)
{
    unsigned char c = reading_byte(r, at);

    return !ascii_is_alnum(c) && c != '_' &&
           !(c == '-' && ascii_is_alnum(reading_byte(r, at + 1u)));
}

static void try_iban(struct finder *f, uint32_t word, uint32_t *done)
{
    const struct reading *r = &f->reading;
    uint32_t from = r->words[word].from;
    char out[IBAN_LONGEST + 1];
    size_t n = 4;
    const char *form;
    unsigned char before = from > 0 ? reading_byte(r, from - 1u) : 0;

    if (!ascii_is_alpha(reading_byte(r, from)) || !ascii_is_digit(reading_byte(r, from + 2u)) ||
        !ascii_is_digit(reading_byte(r, from + 3u)) || from < *done || before == '_' ||
        before == '-' || before == '.' || before == '/' || (form = form_of(r, from)) == NULL)
        return;
    for (uint32_t i = 0; i < 4; i++) {
        unsigned char c = reading_byte(r, from + i);
        out[i] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
    }
    uint32_t to = read_form(r, from + 4, form, out, &n);
    if (to == 0 || !ends_here(r, to) || mod97(out, 4, mod97(out + 4, n - 4, 0)) != 1)
        return;
    /* A number of nothing but zeros is a sample of a form. */
    if (strspn(out + 4, "0") == n - 4)
        return;
    struct indicator i = {.kind = INDICATOR_IBAN,
                          .value = arena_copy(f->arena, (struct view){out, n})};
    uint32_t last = reading_word_at(r, word, to - 1);
    *done = to;
    finder_add_words(f, &i, word, last < r->n_words ? last : word, from, to);
}

void iban_find(struct finder *f)
{
    uint32_t done = 0;

    for (uint32_t i = 0; i < f->n_marks && finder_goes_on(f); i++)
        if ((f->marks[i].flags & MARK_DIGIT) != 0)
            try_iban(f, f->marks[i].word, &done);
}
