/*
 * lexicon - the words of all languages that amounts and deadlines are made of (numbers.def,
 * units.def, money.def, clock.def, points.def) and the names of services (contacts.def), found by
 * the bytes at a place of the reading; private to the room.
 */
#ifndef INDICATOR_LEXICON_H
#define INDICATOR_LEXICON_H

#include "indicator/reading.h"

#define LEXICON_LANGUAGES(X)                                                                       \
    X(EN)                                                                                          \
    X(FI)                                                                                          \
    X(SV)                                                                                          \
    X(NO)                                                                                          \
    X(DA)                                                                                          \
    X(DE)                                                                                          \
    X(NL)                                                                                          \
    X(FR)                                                                                          \
    X(ES)                                                                                          \
    X(PT)                                                                                          \
    X(IT)                                                                                          \
    X(RO)                                                                                          \
    X(PL)                                                                                          \
    X(CS)                                                                                          \
    X(HU)                                                                                          \
    X(TR)                                                                                          \
    X(RU)                                                                                          \
    X(UK)                                                                                          \
    X(EL)                                                                                          \
    X(ET)                                                                                          \
    X(LV)                                                                                          \
    X(LT)                                                                                          \
    X(AR)                                                                                          \
    X(JA)                                                                                          \
    X(ZH)                                                                                          \
    X(KO)                                                                                          \
    X(SK)                                                                                          \
    X(HR)                                                                                          \
    X(BG)                                                                                          \
    X(SL)                                                                                          \
    X(CA)                                                                                          \
    X(ID)

enum {
#define X(code) LANGUAGE_BIT_##code,
    LEXICON_LANGUAGES(X)
#undef X
};
#define LANGUAGE(code) (1u << LANGUAGE_BIT_##code)
#define LANGUAGE_ANY   UINT32_MAX

/* The last bit is taken: the next language needs a wider mask. */
_Static_assert(LANGUAGE_BIT_ID < 32, "languages fit a mask");

/* What a word can be; bits, so that a look-up asks for several. */
enum lexicon_role {
    ROLE_NUMBER = 1 << 0,
    ROLE_WEAK_NUMBER = 1 << 1,
    ROLE_TENFOLD = 1 << 2,
    ROLE_JOINER = 1 << 3,
    ROLE_UNIT = 1 << 4,
    ROLE_UNIT_ONE = 1 << 5,
    ROLE_QUALIFIER = 1 << 6,
    ROLE_NAME = 1 << 7,
    ROLE_CODE = 1 << 8,
    ROLE_COIN = 1 << 9,
    ROLE_COIN_CODE = 1 << 10,
    ROLE_NATION = 1 << 11,
    ROLE_BEFORE = 1 << 12,
    ROLE_AFTER = 1 << 13,
    ROLE_OPENING = 1 << 14,
    ROLE_NOT_BEFORE = 1 << 15,
    ROLE_NOT_AFTER = 1 << 16,
    ROLE_POINT = 1 << 17,
    ROLE_UNTIL = 1 << 18,
    ROLE_UNTIL_AFTER = 1 << 19,
    ROLE_IDIOM = 1 << 20,
    ROLE_HOST = 1 << 21,
    ROLE_SERVICE = 1 << 22,
    ROLE_GIFT = 1 << 23,
    ROLE_PASSWORD = 1 << 24,
};
#define ROLES_NUMBER  (ROLE_NUMBER | ROLE_WEAK_NUMBER | ROLE_TENFOLD)
#define ROLES_UNIT    (ROLE_UNIT | ROLE_UNIT_ONE)
#define ROLES_MONEY   (ROLE_NAME | ROLE_CODE | ROLE_COIN | ROLE_COIN_CODE)
#define ROLES_CONTACT (ROLE_HOST | ROLE_SERVICE | ROLE_GIFT)
/* What the search starts from. */
#define ROLES_ANCHOR                                                                               \
    (ROLES_UNIT | ROLES_MONEY | ROLE_POINT | ROLE_IDIOM | ROLES_CONTACT | ROLE_PASSWORD)

struct lexicon_row {
    const char *text; /* folded; '*' at the end: any ending; ' ' matches any gap */
    const char *code; /* money: ISO code or coin; contacts: the service */
    double value;     /* numbers: the number; units and points: hours */
    uint32_t languages;
    uint32_t role;
};

/* The rows, ended by one whose text is NULL. For tests. */
const struct lexicon_row *lexicon_rows(void);

struct lexicon;
/* Never changes: one serves all threads. NULL when memory is out. */
struct lexicon *lexicon_new(void);
void lexicon_free(struct lexicon **lexicon);

/*
 * Quick: false when no row of ROLES_ANCHOR starts with a word whose first four bytes are key, low
 * byte first, zeros behind a shorter one.
 */
#define LEXICON_FILTER_BITS 15
struct lexicon_filter {
    uint64_t bits[(1 << LEXICON_FILTER_BITS) / 64];
};
const struct lexicon_filter *lexicon_filter(const struct lexicon *lexicon);
#define LEXICON_FACTOR 0x9e3779b1u
static inline uint32_t lexicon_hash(uint32_t key)
{
    return key * LEXICON_FACTOR;
}
/* Lets another key pass. */
static inline void lexicon_filter_add(struct lexicon_filter *filter, uint32_t key)
{
    uint32_t bit = lexicon_hash(key) >> (32 - LEXICON_FILTER_BITS);

    filter->bits[bit / 64] |= UINT64_C(1) << bit % 64;
}
static inline bool lexicon_may_start(const struct lexicon_filter *filter, uint32_t key)
{
    uint32_t bit = lexicon_hash(key) >> (32 - LEXICON_FILTER_BITS);

    return (filter->bits[bit / 64] >> bit % 64 & 1) != 0;
}

struct lexicon_match {
    const struct lexicon_row *row;
    uint32_t languages; /* of all rows that read the same */
    uint32_t to;        /* first byte behind it (endings included) */
    uint32_t word;      /* the word its last byte belongs to */
};

/*
 * The longest row of one of the roles and languages that starts at byte at, which lies in word
 * `word`, and ends where a word ends. False when there is none.
 */
bool lexicon_find(const struct lexicon *lexicon, const struct reading *r, uint32_t at,
                  uint32_t word, uint32_t roles, uint32_t languages, struct lexicon_match *match);
/* The longest row that is a prefix of bytes, wherever it ends; rows of one word only. */
const struct lexicon_row *lexicon_prefix(const struct lexicon *lexicon, struct view bytes,
                                         uint32_t roles, uint32_t languages);

#endif
