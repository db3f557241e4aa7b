/* Finds the numbers of a message: digits anywhere, number words where quantity-spelled.c has them.
 */
#include "indicator/finder.h"
#include "indicator/number.h"

#define QUANTITY_LOOKUPS 6
#define BRACKET_LONGEST  60

uint32_t reading_gap(const struct reading *r, uint32_t at)
{
    uint32_t to = at;

    for (int i = 0; i < 3; i++) {
        unsigned char c = reading_byte(r, to);
        if (c != ' ' && c != '\t' && c != '\n' && c != '-')
            break;
        to++;
    }
    return to;
}

uint32_t quantity_bracket(const struct reading *r, const struct quantity *q)
{
    uint32_t p = reading_gap(r, q->to);

    if (q->from > 0 && reading_byte(r, q->from - 1) == '(' && reading_byte(r, q->to) == ')')
        return q->to + 1;
    if (reading_byte(r, p) != '(')
        return q->to;
    for (uint32_t end = p + 1; end < p + BRACKET_LONGEST; end++) {
        unsigned char c = reading_byte(r, end);
        if (c == ')')
            return end + 1;
        if (c == '\0' || c == '\n')
            break;
    }
    return q->to;
}

uint32_t reading_word_at(const struct reading *r, uint32_t word, uint32_t at)
{
    while (word < r->n_words && reading_word_end(r, word) <= at)
        word++;
    return word < r->n_words && r->words[word].from <= at ? word : r->n_words;
}

static bool add_quantity(struct finder *f, const struct quantity *q, uint32_t *cap)
{
    struct quantity *grown =
        arena_grow(f->arena, f->quantities, cap, f->n_quantities + 1, sizeof *grown);

    if (grown == NULL) {
        f->no_memory = true;
        return false;
    }
    f->quantities = grown;
    f->quantities[f->n_quantities++] = *q;
    return true;
}

static bool is_digit(const struct reading *r, size_t at)
{
    uint32_t length;

    return number_digit_at(r->bytes, at, &length) >= 0;
}

/* "$2M", "$1.5bn": only behind a sign of currency, where it can mean nothing else. */
static double suffix_value(struct view suffix, bool behind_sign)
{
    static const struct {
        const char *text;
        double value;
        bool anywhere;
    } rows[] = {
        {"k", 1e3, true},  {"m", 1e6, false}, {"mm", 1e6, false},
        {"mn", 1e6, true}, {"bn", 1e9, true}, {"b", 1e9, false},
    };

    if (suffix.n == 0 || suffix.n > 2)
        return 1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (view_eq(suffix, view_of(rows[i].text)) && (rows[i].anywhere || behind_sign))
            return rows[i].value;
    return 1;
}

/* Of Chinese, Japanese or Korean: "万", "억". */
static bool is_myriad(const struct lexicon_row *row)
{
    return (unsigned char)row->text[0] >= FAR_EAST_BYTE;
}

/*
 * "500k", "10 thousand", "2 tuhatta", "10万": multiplies *q and moves its end. Gives by how much if
 * smaller figures may follow ("1億5000万"), else 0.
 */
static double take_multipliers(const struct finder *f, struct quantity *q)
{
    const struct reading *r = &f->reading;
    double myriad = 0;

    unsigned char sign = q->from > 0 ? reading_byte(r, q->from - 1) : 0;
    double suffix = suffix_value(view_sub(r->bytes, q->to, reading_word_end(r, q->last)),
                                 sign == '$' || sign >= 0x80);
    if (suffix > 1) {
        q->value = q->fraction * suffix;
        q->fraction = q->value;
        q->to = reading_word_end(r, q->last);
    }
    for (int i = 0; i < 2; i++) {
        struct lexicon_match m;
        uint32_t at = q->to;
        if (at >= reading_word_end(r, q->last))
            at = reading_gap(r, at);
        uint32_t word = reading_word_at(r, q->last, at);
        if (word >= r->n_words || !reading_adjacent(r, q->last, word))
            return myriad;
        if (!lexicon_find(f->lexicon, r, at, word, ROLE_NUMBER, LANGUAGE_ANY, &m)) {
            /* Attached to what follows ("10万円", "100 만원"). */
            struct view rest = view_sub(r->bytes, at, reading_word_end(r, word));
            if (reading_byte(r, at) < FAR_EAST_BYTE)
                return myriad;
            m.row = lexicon_prefix(f->lexicon, rest, ROLE_NUMBER, LANGUAGE_ANY);
            if (m.row == NULL)
                return myriad;
            m.to = at + (uint32_t)view_of(m.row->text).n;
            m.word = word;
        }
        if (m.row->value < 100)
            return myriad;
        /* "72 sata" are Croatian hours; a Finnish hundred behind figures would be "sataa". */
        struct lexicon_match unit;
        if (lexicon_find(f->lexicon, r, at, word, ROLES_UNIT, LANGUAGE_ANY, &unit))
            return myriad;
        /* "1.5 thousand" is never 1500 thousand-and-a-half. */
        q->value = q->fraction * m.row->value;
        q->fraction = q->value;
        q->to = m.to;
        q->last = m.word;
        q->multiplied = true;
        if (is_myriad(m.row))
            myriad = (myriad > 0 ? myriad : 1) * m.row->value;
    }
    return myriad;
}

/* "1億5000万", "3만 5천": adds the smaller figures that follow. */
static void take_smaller_figures(const struct finder *f, double myriad, struct quantity *q)
{
    const struct reading *r = &f->reading;

    while (myriad > 0) {
        uint32_t at = q->to + (reading_byte(r, q->to) == ' ');
        if (!is_digit(r, at))
            return;
        struct number n = number_read(r->bytes, at);
        struct quantity more = {.from = at, .to = n.to, .value = n.value, .fraction = n.fraction};
        more.first = reading_word_at(r, q->last, at);
        more.last = reading_word_at(r, q->last, n.to - 1);
        if (n.broken || more.first >= r->n_words || more.last >= r->n_words ||
            !reading_adjacent(r, q->last, more.first))
            return;
        double next = take_multipliers(f, &more);
        if (more.value >= myriad)
            return;
        q->value += more.value;
        q->fraction = q->value;
        q->to = more.to;
        q->last = more.last;
        myriad = next;
    }
}

/* What follows directly and makes it no number: a date, time, telephone number, fraction, share. */
static bool goes_on(const struct reading *r, uint32_t to)
{
    unsigned char c = reading_byte(r, to);

    return ((c == '/' || c == ':' || c == '-') && is_digit(r, to + 1)) || c == '%';
}

/* "24-48", "500 - 1000": the end of the dash between two numbers, or 0. */
static uint32_t range_dash(const struct reading *r, uint32_t at)
{
    uint32_t spaces = 0;

    while (reading_byte(r, at) == ' ' && spaces++ < 1)
        at++;
    if (reading_byte(r, at) == '-')
        at++;
    else if (reading_byte(r, at) == 0xe2 && reading_byte(r, at + 1) == 0x80 &&
             (reading_byte(r, at + 2) == 0x93 || reading_byte(r, at + 2) == 0x94))
        at += 3;
    else
        return 0;
    while (reading_byte(r, at) == ' ' && spaces++ < 2)
        at++;
    return is_digit(r, at) ? at : 0;
}

/* The last byte before at belongs to a longer figure ("3:24", "1/24", "#939", "v2-48"). */
static bool comes_from(const struct reading *r, uint32_t at)
{
    unsigned char before = at > 0 ? reading_byte(r, at - 1) : 0;
    unsigned char second = at > 1 ? reading_byte(r, at - 2) : 0;

    if (before == '#')
        return true;
    if (before == '.' || before == ',' || before == '/' || before == ':' || before == '-')
        return ascii_is_digit(second);
    return false;
}

/* Reads the number that starts at byte at in word. Returns where to go on. */
static uint32_t read_digits(struct finder *f, uint32_t word, uint32_t at, uint32_t *cap)
{
    const struct reading *r = &f->reading;
    struct number n = number_read(r->bytes, at);
    bool broken = n.broken || comes_from(r, at);
    uint32_t dash = broken ? 0 : range_dash(r, n.to);
    uint32_t year_digits = n.digits;

    if (dash != 0) {
        struct number second = number_read(r->bytes, dash);
        /* A range rises; "555-1234", "2024-05-01" and "10-5" are something else. */
        broken = second.broken || second.fraction <= n.fraction || goes_on(r, second.to) ||
                 range_dash(r, second.to) != 0;
        n = second;
        year_digits = 0;
    }
    if (broken || goes_on(r, n.to))
        return n.to;

    uint32_t last = reading_word_at(r, word, n.to - 1);
    if (last >= r->n_words || !reading_adjacent(r, word, last))
        return n.to;
    struct quantity q = {
        .from = at,
        .to = n.to,
        .first = word,
        .last = last,
        .value = n.value,
        .fraction = n.fraction,
        .languages = LANGUAGE_ANY,
        .year = year_digits == 4 && !n.separated && n.value >= 1900 && n.value < 2100,
    };
    take_smaller_figures(f, take_multipliers(f, &q), &q);
    add_quantity(f, &q, cap);
    return q.to;
}

/*
 * "eur200": letters in front must be a currency and nothing but the number may follow, or it is a
 * name: "v2", "eth0", "LTC2947=m".
 */
static uint32_t code_letters(const struct reading *r, uint32_t word)
{
    static const char *const codes[] = {"eur", "usd", "gbp", "sek", "nok",
                                        "dkk", "chf", "pln", "czk", "btc"};
    struct view bytes = view_sub(r->bytes, r->words[word].from, reading_word_end(r, word));
    unsigned char before = r->words[word].from > 0 ? reading_byte(r, r->words[word].from - 1) : 0;

    if (bytes.n < 3 || before == '_' || before == '-' || before == '.')
        return 0;
    /* "rp5.000.000", but not the chip "rp2040". */
    uint32_t end = reading_word_end(r, word);
    unsigned char mark = reading_byte(r, end);
    if (bytes.p[0] == 'r' && bytes.p[1] == 'p' && ascii_is_digit((unsigned char)bytes.p[2]) &&
        ascii_is_digit((unsigned char)bytes.p[bytes.n - 1]) && (mark == '.' || mark == ',') &&
        is_digit(r, end + 1))
        return 2;
    if (bytes.n < 4)
        return 0;
    for (size_t i = 3; i < bytes.n; i++)
        if (!ascii_is_digit((unsigned char)bytes.p[i]) && !(bytes.p[i] == 'k' && i + 1 == bytes.n))
            return 0;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (view_eq(view_sub(bytes, 0, 3), view_of(codes[i])))
            return 3;
    return 0;
}

void quantity_find(struct finder *f)
{
    const struct reading *r = &f->reading;
    uint32_t done = 0; /* bytes before are taken */
    uint32_t cap = 0;

    for (uint32_t i = 0; i < f->n_marks && !f->no_memory; i++) {
        uint32_t word = f->marks[i].word;
        const struct word *w = &r->words[word];
        struct quantity q;
        if ((f->marks[i].flags & MARK_ANCHOR) != 0 && w->from >= done && finder_spend(f, 4) &&
            quantity_spelled(f, word, &q) && q.from >= done) {
            add_quantity(f, &q, &cap);
            done = q.to;
        }
        if ((f->marks[i].flags & MARK_DIGIT) == 0 || reading_word_end(r, word) <= done)
            continue;
        uint32_t at = w->from;
        if (!is_digit(r, at)) {
            uint32_t letters = code_letters(r, word);
            if (letters == 0)
                continue;
            at += letters;
        }
        /* As many as amounts and deadlines can pay for. */
        if (at >= done && !finder_spend(f, QUANTITY_LOOKUPS))
            return;
        if (at >= done)
            done = read_digits(f, word, at, &cap);
    }
}
