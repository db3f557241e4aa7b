/* Amounts of money: a quantity with a currency or coin on either side. */
#include "indicator/finder.h"
#include "indicator/indicator.h"

#include <string.h>

#define AMOUNT_LOOKUPS 6    /* what the currencies around one number cost, about */
#define AMOUNT_HIGHEST 1e11 /* above: no demand, and the digits would not be exact */

struct money {
    const char *code; /* NULL: none found */
    bool coin;
    bool attached; /* nothing between it and the number */
    uint32_t from, to;
    uint32_t word; /* the word it ends in (after) or starts in (before); n_words: only a sign */
};

static const struct {
    struct view sign;
    const char *code;
    bool coin;
} signs[] = {
    {VIEW_LITERAL("$"), "USD", false},  {VIEW_LITERAL("€"), "EUR", false},
    {VIEW_LITERAL("£"), "GBP", false},  {VIEW_LITERAL("₤"), "GBP", false},
    {VIEW_LITERAL("¥"), "JPY", false},  {VIEW_LITERAL("₽"), "RUB", false},
    {VIEW_LITERAL("₴"), "UAH", false},  {VIEW_LITERAL("₺"), "TRY", false},
    {VIEW_LITERAL("₩"), "KRW", false},  {VIEW_LITERAL("₹"), "INR", false},
    {VIEW_LITERAL("₿"), "BTC", true}, {VIEW_LITERAL("฿"), "BTC", true},
};
#define N_SIGNS (sizeof signs / sizeof signs[0])

/* Letters glued to the front of a dollar sign ("us$", "r$"). */
static const struct {
    const char *letters, *code;
} dollars[] = {
    {"us", "USD"}, {"u", "USD"},  {"ca", "CAD"}, {"c", "CAD"},   {"cad", "CAD"},
    {"au", "AUD"}, {"a", "AUD"},  {"nz", "NZD"}, {"hk", "HKD"},  {"s", "SGD"},
    {"sg", "SGD"}, {"mx", "MXN"}, {"r", "BRL"},  {"usd", "USD"},
};

static bool is_coin(const struct lexicon_row *row)
{
    return (row->role & (ROLE_COIN | ROLE_COIN_CODE)) != 0;
}

/* A sign that starts at byte at (backwards: ends there). */
static bool find_sign(const struct reading *r, uint32_t at, bool backwards, struct money *m)
{
    /* "$" or the first byte of a longer sign; backwards its last one. */
    unsigned char c = reading_byte(r, backwards ? at - 1u : at);
    if (c != '$' && c < 0x80)
        return false;
    for (size_t i = 0; i < N_SIGNS; i++) {
        uint32_t n = (uint32_t)signs[i].sign.n;
        if (backwards && at < n)
            continue;
        uint32_t from = backwards ? at - n : at;
        if (from + n > r->bytes.n || memcmp(r->bytes.p + from, signs[i].sign.p, n) != 0)
            continue;
        m->code = signs[i].code;
        m->coin = signs[i].coin;
        m->from = from;
        m->to = from + n;
        m->word = r->n_words;
        return true;
    }
    return false;
}

/* "us" in "us$200": widens the sign to the left. */
static void widen_dollar(const struct reading *r, const struct quantity *q, struct money *m)
{
    if (strcmp(m->code, "USD") != 0 || q->first == 0)
        return;
    uint32_t word = q->first - 1;
    if (reading_word_end(r, word) != m->from)
        return;
    struct view letters = view_sub(r->bytes, r->words[word].from, m->from);
    for (size_t i = 0; i < sizeof dollars / sizeof dollars[0]; i++) {
        if (!view_eq(letters, view_of(dollars[i].letters)))
            continue;
        m->code = dollars[i].code;
        m->from = r->words[word].from;
        m->word = word;
    }
}

/* Over ",-", ".-" and ":-", as prices are written ("200,- Kč"). */
static uint32_t skip_price_dash(const struct reading *r, uint32_t at)
{
    unsigned char c = reading_byte(r, at);

    if (c != ',' && c != '.' && !(c == ':' && reading_byte(r, at + 1) == '-'))
        return at;
    if (reading_byte(r, at + 1) == '-')
        return at + 2;
    /* En and em dash. */
    return reading_byte(r, at + 1) == 0xe2 && reading_byte(r, at + 2) == 0x80 ? at + 4 : at;
}

/*
 * Some are everyday words, unless their capitals say what they are: "60 Ft" are forints, "60ft" are
 * feet; "10 SOL" are coins, "2 ada" are islands.
 */
static bool written_as_money(const struct finder *f, uint32_t at, const struct lexicon_match *m)
{
    static const char *const capitals[] = {"Ft", "SOL", "ADA"};
    struct view text = view_of(m->row->text);

    for (size_t i = 0; i < sizeof capitals / sizeof capitals[0]; i++) {
        if (!view_eq_nocase(text, view_of(capitals[i])))
            continue;
        const struct segment *s = text_segment_of(f->text, reading_first(&f->reading, m->word));
        struct span shown = reading_visible(&f->reading, s, at, m->to);
        return view_eq(view_sub(s->visible, shown.from, shown.to), view_of(capitals[i]));
    }
    return true;
}

/* A currency at byte at, with the nation in front of it ("canadian dollars"). */
static bool find_currency(const struct finder *f, uint32_t at, uint32_t word, struct money *m)
{
    const struct reading *r = &f->reading;
    struct lexicon_match match;
    const char *nation = "";
    uint32_t from = at;

    if (find_sign(r, at, false, m))
        return true;
    for (int i = 0; i < 2; i++) {
        uint32_t w = reading_word_at(r, word, at);
        if (w >= r->n_words || !reading_adjacent(r, word, w))
            return false;
        if (lexicon_find(f->lexicon, r, at, w, ROLES_MONEY, LANGUAGE_ANY, &match)) {
            if (!written_as_money(f, at, &match))
                return false;
            bool dollar = strcmp(match.row->code, "USD") == 0;
            *m = (struct money){
                .code = *nation != '\0' && (dollar || strcmp(nation, "SEK") == 0) ? nation
                                                                                  : match.row->code,
                .coin = is_coin(match.row),
                .from = from,
                .to = match.to,
                .word = match.word,
            };
            return true;
        }
        if (!lexicon_find(f->lexicon, r, at, w, ROLE_NATION, LANGUAGE_ANY, &match))
            return false;
        nation = match.row->code;
        at = match.to;
        if (find_sign(r, at, false, m))
            return true;
        at = reading_gap(r, at + (reading_byte(r, at) == '.'));
    }
    return false;
}

static bool money_after(const struct finder *f, const struct quantity *q, struct money *m)
{
    const struct reading *r = &f->reading;
    uint32_t at = skip_price_dash(r, q->to);

    /* "5 tys. zł" */
    if (q->multiplied && reading_byte(r, at) == '.')
        at++;
    if (find_currency(f, at, q->last, m)) {
        m->attached = true;
        /* "5$a" is code, "5$." a price. */
        return m->word < r->n_words || !ascii_is_alnum(reading_byte(r, m->to));
    }
    uint32_t gap = reading_gap(r, at);
    if (gap != at && find_currency(f, gap, q->last, m))
        return true;
    /* "200 (EUR)", "200 (two hundred) euros" */
    if (reading_byte(r, gap) == '(' && find_currency(f, gap + 1, q->last, m))
        return true;
    uint32_t behind = quantity_bracket(r, q);
    return behind != at && find_currency(f, reading_gap(r, behind), q->last, m);
}

/* What may stand between a code and its number: "EUR 200", "EUR: 200", but not "AUD_1". */
static bool is_code_gap(const struct reading *r, uint32_t from, uint32_t to)
{
    if (to <= from || to - from > 2)
        return false;
    for (uint32_t i = from; i < to; i++)
        if (reading_byte(r, i) != ' ' && reading_byte(r, i) != '\n' && reading_byte(r, i) != ':')
            return false;
    return true;
}

/* Letters and digits glued to both sides of a sign are code: "9$TPL8", "a$5b". */
static bool is_glued(const struct reading *r, const struct quantity *q, const struct money *m)
{
    unsigned char before = m->from > 0 ? reading_byte(r, m->from - 1) : 0;

    return ascii_is_alnum(before) || before == '$' || before == '_' ||
           ascii_is_alnum(reading_byte(r, q->to)) || reading_byte(r, q->to) == '_';
}

/* "ビットコイン0.05枚", "비트코인 0.5개": where the name comes first, with no code. */
static bool coin_named_before(struct finder *f, const struct quantity *q, struct money *m)
{
    enum { WORDS_MAX = 8 }; /* in Chinese and Japanese each sign is a word */
    const uint32_t far_east = LANGUAGE(JA) | LANGUAGE(ZH) | LANGUAGE(KO);
    const struct reading *r = &f->reading;
    struct lexicon_match match;

    for (uint32_t w = q->first; w > 0 && q->first - w < WORDS_MAX; w--) {
        uint32_t from = r->words[w - 1].from;
        if (reading_byte(r, from) < FAR_EAST_BYTE || !reading_adjacent(r, w - 1, w) ||
            !finder_spend(f, 1))
            return false;
        if (!lexicon_find(f->lexicon, r, from, w - 1, ROLE_COIN, far_east, &match))
            continue;
        *m = (struct money){match.row->code, true, false, from, match.to, w - 1};
        return match.to == q->from || is_code_gap(r, match.to, q->from);
    }
    return false;
}

static bool money_before(struct finder *f, const struct quantity *q, struct money *m)
{
    const struct reading *r = &f->reading;
    const struct word *own = &r->words[q->first];
    struct lexicon_match match;
    uint32_t at = q->from;

    if (q->from > own->from) { /* "eur200" */
        struct view letters = view_sub(r->bytes, own->from, q->from);
        const struct lexicon_row *row =
            lexicon_prefix(f->lexicon, letters, ROLE_CODE | ROLE_COIN_CODE, LANGUAGE_ANY);
        if (row == NULL || view_of(row->text).n != letters.n)
            return false;
        *m = (struct money){row->code, is_coin(row), true, own->from, q->from, q->first};
        return true;
    }
    for (int i = 0; i < 2; i++) {
        if (find_sign(r, at, true, m)) {
            m->attached = at == q->from;
            widen_dollar(r, q, m);
            return !is_glued(r, q, m);
        }
        unsigned char c = at > 0 ? reading_byte(r, at - 1) : 0;
        if (c != ' ' && c != '\n' && c != '.' && c != ':')
            break;
        at--;
    }
    if (q->first == 0 || q->spelled || !reading_adjacent(r, q->first - 1, q->first))
        return false;
    if (coin_named_before(f, q, m))
        return true;
    uint32_t end = reading_word_end(r, q->first - 1);
    if (!is_code_gap(r, end, q->from) ||
        !lexicon_find(f->lexicon, r, r->words[q->first - 1].from, q->first - 1,
                      ROLE_CODE | ROLE_COIN_CODE, LANGUAGE_ANY, &match) ||
        match.to != end)
        return false;
    *m = (struct money){
        match.row->code, is_coin(match.row), false, r->words[q->first - 1].from, end, q->first - 1};
    return true;
}

/* "BTC 24 hours": the number belongs to what follows. */
static bool before_unit(const struct finder *f, const struct quantity *q)
{
    const struct reading *r = &f->reading;
    uint32_t at = q->to < reading_word_end(r, q->last) ? q->to : reading_gap(r, q->to);
    uint32_t word = reading_word_at(r, q->last, at);
    struct lexicon_match match;

    return word < r->n_words && reading_adjacent(r, q->last, word) &&
           lexicon_find(f->lexicon, r, at, word, ROLES_UNIT, LANGUAGE_ANY, &match);
}

static void add_amount(struct finder *f, const struct quantity *q, const struct money *m)
{
    const struct reading *r = &f->reading;
    double number = m->coin ? q->fraction : q->value;
    uint32_t first = q->first;
    uint32_t last = q->last;
    struct indicator i = {.kind = INDICATOR_AMOUNT, .currency = m->code, .number = number};

    if (number <= 0 || number >= AMOUNT_HIGHEST)
        return;
    i.value = finder_amount_text(f, number, m->coin ? 8 : 2, m->code);
    if (m->word < r->n_words) {
        first = m->word < first ? m->word : first;
        last = m->word > last ? m->word : last;
    }
    finder_add_words(f, &i, first, last, m->from < q->from ? m->from : q->from,
                     m->to > q->to ? m->to : q->to);
}

void amount_find(struct finder *f)
{
    uint32_t taken = 0; /* currencies before this byte belong to an earlier number */

    for (uint32_t i = 0; i < f->n_quantities && finder_goes_on(f); i++) {
        const struct quantity *q = &f->quantities[i];
        const struct quantity *next = i + 1 < f->n_quantities ? q + 1 : NULL;
        struct money before = {0};
        struct money after = {0};
        if (!finder_spend(f, AMOUNT_LOOKUPS))
            return;
        bool has_before = money_before(f, q, &before) && before.from >= taken;
        bool has_after = money_after(f, q, &after);
        /* "in 2024 EUR 200", "$ 100 $ 200": it belongs to the number behind it. */
        bool next_owns = has_after && !after.attached && next != NULL && !next->spelled &&
                         next->from >= after.to && next->from - after.to <= 1 &&
                         (q->year || has_before);
        /* "EUR 200 bitcoin": 200 euros' worth. */
        bool worth = has_before && !before.coin && after.coin;
        if (has_after && !(has_before && before.attached) && !next_owns && !worth) {
            add_amount(f, q, &after);
            taken = after.to;
        } else if (has_before && (before.attached || !before_unit(f, q))) {
            add_amount(f, q, &before);
            taken = q->to;
        }
    }
}
