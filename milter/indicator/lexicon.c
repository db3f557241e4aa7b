#include "indicator/lexicon.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define ANY                     LANGUAGE_ANY
#define EN                      LANGUAGE(EN)
#define FI                      LANGUAGE(FI)
#define SV                      LANGUAGE(SV)
#define NO                      LANGUAGE(NO)
#define DA                      LANGUAGE(DA)
#define DE                      LANGUAGE(DE)
#define NL                      LANGUAGE(NL)
#define FR                      LANGUAGE(FR)
#define ES                      LANGUAGE(ES)
#define PT                      LANGUAGE(PT)
#define IT                      LANGUAGE(IT)
#define RO                      LANGUAGE(RO)
#define PL                      LANGUAGE(PL)
#define CS                      LANGUAGE(CS)
#define HU                      LANGUAGE(HU)
#define TR                      LANGUAGE(TR)
#define RU                      LANGUAGE(RU)
#define UK                      LANGUAGE(UK)
#define EL                      LANGUAGE(EL)
#define ET                      LANGUAGE(ET)
#define LV                      LANGUAGE(LV)
#define LT                      LANGUAGE(LT)
#define AR                      LANGUAGE(AR)
#define JA                      LANGUAGE(JA)
#define ZH                      LANGUAGE(ZH)
#define KO                      LANGUAGE(KO)
#define SK                      LANGUAGE(SK)
#define HR                      LANGUAGE(HR)
#define BG                      LANGUAGE(BG)
#define SL                      LANGUAGE(SL)
#define CA                      LANGUAGE(CA)
#define ID                      LANGUAGE(ID)
#define NUMBER(l, v, t)         ROW(t, NULL, v, l, ROLE_NUMBER)
#define WEAK(l, v, t)           ROW(t, NULL, v, l, ROLE_WEAK_NUMBER)
#define TENFOLD(l, t)           ROW(t, NULL, 10, l, ROLE_TENFOLD)
#define JOINER(l, t)            ROW(t, NULL, 0, l, ROLE_JOINER)
#define UNIT(l, v, t)           ROW(t, NULL, v, l, ROLE_UNIT)
#define UNIT_ONE(l, v, t)       ROW(t, NULL, v, l, ROLE_UNIT_ONE)
#define QUALIFIER(l, t)         ROW(t, NULL, 0, l, ROLE_QUALIFIER)
#define NAME(l, c, t)           ROW(t, c, 0, l, ROLE_NAME)
#define CODE(l, c, t)           ROW(t, c, 0, l, ROLE_CODE)
#define COIN(l, c, t)           ROW(t, c, 0, l, ROLE_COIN)
#define COIN_CODE(l, c, t)      ROW(t, c, 0, l, ROLE_COIN_CODE)
#define NATION(l, c, t)         ROW(t, c, 0, l, ROLE_NATION)
#define BEFORE(l, t)            ROW(t, NULL, 0, l, ROLE_BEFORE)
#define AFTER(l, t)             ROW(t, NULL, 0, l, ROLE_AFTER)
#define OPENING(l, t)           ROW(t, NULL, 0, l, ROLE_OPENING)
#define NOT_BEFORE(l, t)        ROW(t, NULL, 0, l, ROLE_NOT_BEFORE)
#define NOT_AFTER(l, t)         ROW(t, NULL, 0, l, ROLE_NOT_AFTER)
#define POINT(l, v, t)          ROW(t, NULL, v, l, ROLE_POINT)
#define UNTIL(l, t)             ROW(t, NULL, 0, l, ROLE_UNTIL)
#define UNTIL_AFTER(l, t)       ROW(t, NULL, 0, l, ROLE_UNTIL_AFTER)
#define IDIOM(l, v, t)          ROW(t, NULL, v, l, ROLE_IDIOM)
#define HOST(d, t)              ROW(t, d, 0, ANY, ROLE_HOST)
#define SERVICE(l, d, t)        ROW(t, d, 0, l, ROLE_SERVICE)
#define GIFT(l, d, t)           ROW(t, d, 0, l, ROLE_GIFT)
#define PASSWORD(l, t)          ROW(t, NULL, 0, l, ROLE_PASSWORD)

/*
 * The first bytes of a row, low byte first, as a constant: what gcc and clang both fold. Kept apart
 * from the rows: most of a bucket is told apart by them.
 */
#define BYTE(t, i)                                                                                 \
    (sizeof(t) - 1 > (i) && t[sizeof(t) - 1 > (i) ? (i) : 0] != '*'                                \
         ? (uint32_t)(unsigned char)t[sizeof(t) - 1 > (i) ? (i) : 0]                               \
         : 0u)
#define KEY(t) (BYTE(t, 0) | BYTE(t, 1) << 8 | BYTE(t, 2) << 16 | BYTE(t, 3) << 24)

#define ROW(t, code, value, l, role) {t, code, value, l, role},
static const struct lexicon_row rows[] = {
#include "indicator/numbers.def"
#include "indicator/units.def"
#include "indicator/money.def"
#include "indicator/clock.def"
#include "indicator/points.def"
#include "indicator/contacts.def"
    {NULL, NULL, 0, 0, 0},
};
#undef ROW
#define ROW(t, code, value, l, role) KEY(t),
static const uint32_t keys[] = {
#include "indicator/numbers.def"
#include "indicator/units.def"
#include "indicator/money.def"
#include "indicator/clock.def"
#include "indicator/points.def"
#include "indicator/contacts.def"
};
#undef ROW
/* clang-format on */

#define N_ROWS      (sizeof keys / sizeof keys[0])
#define BUCKET_BITS 12
#define NO_ROW      UINT16_MAX
#define KEY_BYTES   4
#define GAP_LONGEST 4

_Static_assert(N_ROWS < NO_ROW, "row numbers fit 16 bits");

/* A hash of the keys, and a bit for each key of a row that can start something. */
struct lexicon {
    uint16_t heads[1 << BUCKET_BITS];
    uint16_t next[N_ROWS];
    uint32_t roles[1 << BUCKET_BITS]; /* of the rows of a bucket, all together */
    struct lexicon_filter filter;
};

static unsigned char plain_gap(unsigned char c)
{
    return c == '\n' || c == '\t' || c == '-' ? ' ' : c;
}

/* The key of n bytes at p (those behind count as zero); gaps as spaces. */
static uint32_t key_of(const char *p, size_t n)
{
    uint32_t key = 0;

    if (n >= KEY_BYTES) {
        const unsigned char *u = (const unsigned char *)p;
        key = (uint32_t)u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
        /* No byte below '.', so no gap: most keys. */
        if (((key - 0x2e2e2e2eu) & ~key & 0x80808080u) == 0)
            return key;
        key = 0;
    }
    for (size_t i = 0; i < n && i < KEY_BYTES; i++)
        key |= (uint32_t)plain_gap((unsigned char)p[i]) << 8 * i;
    return key;
}

/* The key of a row's first word alone: what the filter is asked for. */
static uint32_t first_word_key(uint32_t key)
{
    /* Han and kana are words one by one. */
    if ((key & 0xff) >= 0xe3 && (key & 0xff) <= 0xe9)
        return key & 0xffffff;
    for (unsigned i = 1; i < KEY_BYTES; i++)
        if ((key >> 8 * i & 0xff) == ' ' || (key >> 8 * i & 0xff) == '.')
            return key & ((1u << 8 * i) - 1);
    return key;
}

static inline uint32_t bucket_of(uint32_t key)
{
    return lexicon_hash(key) >> (32 - BUCKET_BITS);
}

const struct lexicon_row *lexicon_rows(void)
{
    return rows;
}

struct lexicon *lexicon_new(void)
{
    struct lexicon *lexicon = calloc(1, sizeof *lexicon);

    if (lexicon == NULL)
        return NULL;
    memset(lexicon->heads, 0xff, sizeof lexicon->heads);
    for (size_t i = 0; i < N_ROWS; i++) {
        uint32_t bucket = bucket_of(keys[i]);
        lexicon->next[i] = lexicon->heads[bucket];
        lexicon->heads[bucket] = (uint16_t)i;
        lexicon->roles[bucket] |= rows[i].role;
        if ((rows[i].role & ROLES_ANCHOR) != 0)
            lexicon_filter_add(&lexicon->filter, first_word_key(keys[i]));
    }
    return lexicon;
}

void lexicon_free(struct lexicon **lexicon)
{
    free(*lexicon);
    *lexicon = NULL;
}

const struct lexicon_filter *lexicon_filter(const struct lexicon *lexicon)
{
    return &lexicon->filter;
}

/* Where the row ends when it matches at byte at; 0 when it does not. *stem: any ending may follow.
 */
static uint32_t row_end(const struct lexicon_row *row, struct view bytes, uint32_t at, bool *stem)
{
    size_t to = at;

    *stem = false;
    for (const char *p = row->text; *p != '\0'; p++) {
        if (*p == '*' && p[1] == '\0') {
            *stem = true;
            break;
        }
        if (*p == ' ') {
            size_t gap = to;
            while (gap < bytes.n && gap - to < GAP_LONGEST &&
                   plain_gap((unsigned char)bytes.p[gap]) == ' ')
                gap++;
            if (gap == to)
                return 0;
            to = gap;
        } else {
            if (to >= bytes.n || bytes.p[to] != *p)
                return 0;
            to++;
        }
    }
    return (uint32_t)to;
}

/* Does it end where a word ends? Moves *to over an ending when it is a stem. */
static bool ends_word(const struct reading *r, uint32_t *word, uint32_t *to, bool stem)
{
    uint32_t w = *word;

    while (w + 1 < r->n_words && r->words[w].from + r->words[w].length < *to)
        w++;
    *word = w;
    uint32_t end = r->words[w].from + r->words[w].length;
    if (stem && end > *to)
        *to = end;
    /* A row may end in a sign ("u.s."), which no word holds. */
    return end <= *to;
}

static void try_bucket(const struct lexicon *lexicon, const struct reading *r, uint32_t at,
                       uint32_t word, uint32_t key, uint32_t roles, uint32_t languages,
                       struct lexicon_match *match)
{
    uint32_t bucket = bucket_of(key);

    if ((lexicon->roles[bucket] & roles) == 0)
        return;
    for (uint16_t i = lexicon->heads[bucket]; i != NO_ROW; i = lexicon->next[i]) {
        const struct lexicon_row *row = &rows[i];
        bool stem;
        if (keys[i] != key || (row->role & roles) == 0 || (row->languages & languages) == 0)
            continue;
        uint32_t to = row_end(row, r->bytes, at, &stem);
        uint32_t last = word;
        if (to == 0 || !ends_word(r, &last, &to, stem))
            continue;
        if (match->row == NULL || to > match->to)
            *match = (struct lexicon_match){row, row->languages, to, last};
        else if (to == match->to && row->value == match->row->value)
            match->languages |= row->languages;
    }
}

bool lexicon_find(const struct lexicon *lexicon, const struct reading *r, uint32_t at,
                  uint32_t word, uint32_t roles, uint32_t languages, struct lexicon_match *match)
{
    uint32_t end = r->words[word].from + r->words[word].length;

    match->row = NULL;
    /* No row starts with a figure, and figures are what is asked for most. */
    if (ascii_is_digit(reading_byte(r, at)))
        return false;
    if (at + KEY_BYTES <= r->bytes.n)
        try_bucket(lexicon, r, at, word, key_of(r->bytes.p + at, KEY_BYTES), roles, languages,
                   match);
    if (end > at && end - at < KEY_BYTES)
        try_bucket(lexicon, r, at, word, key_of(r->bytes.p + at, end - at), roles, languages,
                   match);
    return match->row != NULL;
}

const struct lexicon_row *lexicon_prefix(const struct lexicon *lexicon, struct view bytes,
                                         uint32_t roles, uint32_t languages)
{
    const struct lexicon_row *best = NULL;
    size_t best_length = 0;

    for (size_t n = bytes.n < KEY_BYTES ? bytes.n : KEY_BYTES; n > 0; n--) {
        uint32_t key = key_of(bytes.p, n);
        for (uint16_t i = lexicon->heads[bucket_of(key)]; i != NO_ROW; i = lexicon->next[i]) {
            const struct lexicon_row *row = &rows[i];
            if (keys[i] != key || (row->role & roles) == 0 || (row->languages & languages) == 0)
                continue;
            size_t length = strlen(row->text);
            length -= row->text[length - 1] == '*';
            if (length > best_length && length <= bytes.n &&
                memcmp(row->text, bytes.p, length) == 0) {
                best = row;
                best_length = length;
            }
        }
    }
    return best;
}
