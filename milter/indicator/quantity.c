/* Finds the numbers of a message: digits anywhere, number words in front of units and currencies.
 */
#include "indicator/finder.h"
#include "indicator/number.h"

#define QUANTITY_LOOKUPS 6
#define SPELLED_WORDS    10 /* "nine hundred and ninety nine thousand ..." */
#define BRACKET_LONGEST  60
#define SPELLED_BYTES    64 /* of one word; "neljäkymmentäkahdeksan" has 24 */

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

/* "500k", "10 thousand", "2 tuhatta", "10万": multiplies *q and moves its end. */
static void take_multipliers(const struct finder *f, struct quantity *q)
{
    const struct reading *r = &f->reading;

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
            return;
        if (!lexicon_find(f->lexicon, r, at, word, ROLE_NUMBER, LANGUAGE_ANY, &m)) {
            /* Attached to what follows ("10万円", "100만원"). */
            struct view rest = view_sub(r->bytes, at, reading_word_end(r, word));
            m.row =
                at == q->to ? lexicon_prefix(f->lexicon, rest, ROLE_NUMBER, LANGUAGE_ANY) : NULL;
            if (m.row == NULL || (unsigned char)m.row->text[0] < 0xe0)
                return;
            m.to = at + (uint32_t)view_of(m.row->text).n;
            m.word = word;
        }
        if (m.row->value < 100)
            return;
        /* "1.5 thousand" is never 1500 thousand-and-a-half. */
        q->value = q->fraction * m.row->value;
        q->fraction = q->value;
        q->to = m.to;
        q->last = m.word;
        q->multiplied = true;
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
    take_multipliers(f, &q);
    add_quantity(f, &q, cap);
    return q.to;
}

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

/* Number words in front of a unit or currency, stepping over "working" and "us". */
static bool spelled_before(const struct finder *f, uint32_t word, struct quantity *q)
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

    if (bytes.n < 4 || before == '_' || before == '-' || before == '.')
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
            spelled_before(f, word, &q) && q.from >= done) {
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
