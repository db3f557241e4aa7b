/* Number words in front of a unit or currency: "two hundred and fifty euros", "kaksi päivää". */
#include "indicator/finder.h"
#include "indicator/number.h"

#define SPELLED_WORDS 10 /* "nine hundred and ninety nine thousand ..." */
#define SPELLED_BYTES 64 /* of one word; "neljäkymmentäkahdeksan" has 24 */

/* The value of one word that is a number, alone or in pieces ("kaksikymmentäneljä"). */
static bool sum_word(const struct finder *f, uint32_t word, uint32_t languages,
                     struct number_sum *sum, uint32_t *spoken, bool *joiner)
{
    const struct word *w = &f->reading.words[word];
    struct view rest = view_sub(f->reading.bytes, w->from, (size_t)w->from + w->length);
    uint32_t roles = ROLES_NUMBER | ROLE_JOINER;
    bool number = false;

    if (rest.n > SPELLED_BYTES)
        return false;
    /* An everyday word counts only beside a unit of its own language. */
    if (languages == LANGUAGE_ANY)
        roles &= ~(uint32_t)ROLE_WEAK_NUMBER;
    *spoken = languages;
    while (rest.n > 0) {
        const struct lexicon_row *row = lexicon_prefix(f->lexicon, rest, roles, *spoken);
        if (row == NULL)
            return false;
        *spoken &= row->languages;
        if (row->role != ROLE_JOINER) {
            number_sum_add(sum, row->value, row->role == ROLE_TENFOLD,
                           (*spoken & LANGUAGE(FR)) != 0);
            number = true;
        }
        rest = view_sub(rest, view_of(row->text).n, rest.n);
    }
    *joiner = !number;
    return true;
}

/* Only space, a line end or a hyphen between two words? */
static bool close_words(const struct reading *r, uint32_t a, uint32_t b)
{
    uint32_t end = reading_word_end(r, a);

    return reading_adjacent(r, a, b) &&
           (end == r->words[b].from || reading_gap(r, end) == r->words[b].from);
}

/* The number words that end right before word `behind`. */
static bool read_spelled(const struct finder *f, uint32_t behind, uint32_t languages,
                         struct quantity *q)
{
    const struct reading *r = &f->reading;
    uint32_t first = behind;
    uint32_t spoken = languages;

    for (uint32_t w = behind; w > 0 && behind - w < SPELLED_WORDS; w--) {
        struct number_sum sum = {0};
        uint32_t word_spoken;
        bool word_joiner;
        if (!close_words(r, w - 1, w) ||
            !sum_word(f, w - 1, spoken, &sum, &word_spoken, &word_joiner))
            break;
        /* "and two hours": a joiner stands between numbers only. */
        if (word_joiner && w == behind)
            break;
        spoken = word_spoken;
        if (!word_joiner)
            first = w - 1;
    }
    /* Too much may have been taken ("room five two hours"): drop from the left until it adds up. */
    for (; first < behind; first++) {
        struct number_sum sum = {0};
        uint32_t word_spoken = spoken;
        bool word_joiner = false;
        for (uint32_t w = first; w < behind; w++)
            if (!sum_word(f, w, spoken, &sum, &word_spoken, &word_joiner))
                sum.failed = true;
        if (sum.failed || sum.words == 0 || number_sum_value(&sum) <= 0)
            continue;
        *q = (struct quantity){
            .from = r->words[first].from,
            .to = reading_word_end(r, behind - 1),
            .first = first,
            .last = behind - 1,
            .value = number_sum_value(&sum),
            .fraction = number_sum_value(&sum),
            .languages = spoken,
            .spelled = true,
        };
        return true;
    }
    return false;
}

bool quantity_spelled(const struct finder *f, uint32_t word, struct quantity *q)
{
    const struct reading *r = &f->reading;
    struct lexicon_match m, between;

    if (word == 0 || !lexicon_find(f->lexicon, r, r->words[word].from, word,
                                   ROLES_UNIT | ROLES_MONEY, LANGUAGE_ANY, &m))
        return false;
    if (read_spelled(f, word, m.languages, q))
        return true;
    return close_words(r, word - 1, word) &&
           lexicon_find(f->lexicon, r, r->words[word - 1].from, word - 1,
                        ROLE_QUALIFIER | ROLE_NATION, m.languages, &between) &&
           read_spelled(f, word - 1, m.languages & between.languages, q);
}
