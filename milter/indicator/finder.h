/*
 * finder - one search through one message: what all families share. Private to the room.
 *
 * One pass over the words marks the few that matter (digits, units, currencies, long words); the
 * families look only around marks and quantities, so ordinary text costs little.
 */
#ifndef INDICATOR_FINDER_H
#define INDICATOR_FINDER_H

#include "indicator/lexicon.h"
#include "indicator/own.h"
#include "indicator/reading.h"

struct indicator;
struct address_table;
struct indicators;

enum mark_flag {
    MARK_DIGIT = 1,   /* holds a digit of any script */
    MARK_LONG = 2,    /* at least MARK_LONG_BYTES: an address may be one */
    MARK_ANCHOR = 4,  /* starts a unit, a currency or a point of time */
    MARK_CONTACT = 8, /* starts the name of a messenger, payment service or gift card */
    MARK_PASSWORD = 16,
    MARK_OWN = 32, /* starts like a name of the reader */
};
#define MARK_LONG_BYTES 14

struct mark {
    uint32_t word; /* of the reading */
    uint32_t flags;
};

/* A number, in digits or words. Offsets are bytes of the reading. */
struct quantity {
    uint32_t from, to;
    uint32_t first, last; /* words of the reading */
    double value;
    double fraction;    /* the same read with its only separator as a decimal one: "1.300" */
    uint32_t languages; /* LANGUAGE_ANY for digits */
    bool spelled;
    bool multiplied; /* ends in "thousand", "k", "tys" */
    bool year;       /* four plain digits, 1900 to 2099 */
};

struct finder {
    const struct text *text;
    const struct limits *limits;
    struct arena *arena;
    const struct lexicon *lexicon;
    struct lexicon_filter filter; /* of the lexicon and of the reader's names */
    struct own own;
    const struct address_table *addresses;
    struct reading reading;
    struct mark *marks;
    uint32_t n_marks;
    struct quantity *quantities; /* by rising from */
    uint32_t n_quantities;
    struct indicators *out;
    uint32_t cap;
    uint32_t allowed; /* out->n may grow to this */
    bool full;        /* and has */
    uint32_t work;    /* look-ups that the family may still make */
    bool no_memory;
};

static inline bool finder_goes_on(const struct finder *f)
{
    return !f->full && !f->no_memory;
}

/* Marks and quantities of the reading; sets no_memory when it must. */
void finder_mark(struct finder *f);
void quantity_find(struct finder *f);
/* The first byte of a Chinese, Japanese or Korean sign is at least this: cheaper than a look-up. */
#define FAR_EAST_BYTE 0xe0

/* The number words right before word, when that is a unit or currency ("us" and "working" may stand
 * between). */
bool quantity_spelled(const struct finder *f, uint32_t word, struct quantity *q);

/*
 * What a limit is for a text of so many bytes: a short one may not cost what a long one may. The
 * greediest of 16,759 real mails (lists of prices, of keys) needs 200 + bytes / 1.43 look-ups, 200
 * + bytes / 4.9 candidates and 20 + bytes / 870 decoys.
 */
struct allowance {
    uint32_t any, more, bytes; /* any, and more for so many bytes */
};
/* Look-ups of each family, and of the search for numbers that comes before them. */
static const struct allowance allowance_lookups = {700, 3, 5}, allowance_quantities = {1000, 6, 5},
                              allowance_candidates = {400, 9, 40}, allowance_decoys = {25, 1, 500};
uint32_t finder_allowance(const struct finder *f, uint32_t limit, struct allowance a);
/* Pays for so many look-ups; false when there is nothing left (an anomaly): stop. */
bool finder_spend(struct finder *f, uint32_t lookups);
/* For each family anew: no family may take more than half of the room that is left: a price list
 * must not hide clocks. */
void finder_allow(struct finder *f);
/* Adds an indicator; false when there is no more room (an anomaly) or memory is out. */
bool finder_add(struct finder *f, const struct indicator *i);
/*
 * Adds one that covers words first..last and bytes [from, to) of the reading: fills segment,
 * visible, words and the quoted flag of *i.
 */
bool finder_add_words(struct finder *f, struct indicator *i, uint32_t first, uint32_t last,
                      uint32_t from, uint32_t to);
/* "number code" as people write it without separators; in the arena. */
struct view finder_amount_text(struct finder *f, double number, unsigned decimals,
                               const char *code);

void amount_find(struct finder *f);
void iban_find(struct finder *f);
void contact_find(struct finder *f);
void national_id_find(struct finder *f);
void password_find(struct finder *f);
void own_find(struct finder *f);
void deadline_find(struct finder *f);

/*
 * Steps over what may stand between the parts of an expression: at most three of space, tab, line
 * end and hyphen. Returns at itself when something else stands there.
 */
uint32_t reading_gap(const struct reading *r, uint32_t at);
/*
 * Behind what a number in two forms leaves: "(two hundred)" after 200, ")" after the 24 of
 * "twenty-four (24)". q->to when there is nothing of the kind.
 */
uint32_t quantity_bracket(const struct reading *r, const struct quantity *q);
/* The word that byte at lies in, at or behind `word`; n_words when it lies in none. */
uint32_t reading_word_at(const struct reading *r, uint32_t word, uint32_t at);

#endif
