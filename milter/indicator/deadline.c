/* Deadlines: a quantity of hours or days beside a limit word, and points of time ("by friday"). */
#include "indicator/finder.h"
#include "indicator/indicator.h"

#define WORDS_BEFORE  5 /* "within [a maximum of the next] 48 hours" */
#define WORDS_AFTER   5
#define WORDS_OPENING 9 /* "48 hours from the very moment that you have opened" */
#define HOURS_HIGHEST 8784.0

struct stretch {
    uint32_t first, last; /* words of quantity and unit */
    uint32_t from, to;
    double hours;
    uint32_t languages;
    bool clock; /* "18 h" may be a time of day */
    bool one;   /* a unit without a number */
};

/* May a limit word reach over what stands between the two words? Not over the end of a sentence. */
static bool same_sentence(const struct reading *r, uint32_t a, uint32_t b)
{
    uint32_t from = reading_word_end(r, a);
    uint32_t to = r->words[b].from;
    uint32_t lines = 0;

    if (!reading_adjacent(r, a, b) || to < from || to - from > 16)
        return false;
    for (uint32_t i = from; i < to; i++) {
        unsigned char c = reading_byte(r, i);
        lines += c == '\n';
        if (c == '!' || c == '?' || c == ';' ||
            (c == '.' && (reading_byte(r, i + 1) == ' ' || reading_byte(r, i + 1) == '\n')))
            return false;
    }
    return lines < 3;
}

/* A row of the roles that ends among the words before s. */
static bool stands_before(const struct finder *f, const struct stretch *s, uint32_t roles,
                          uint32_t reach)
{
    const struct reading *r = &f->reading;
    struct lexicon_match m;

    for (uint32_t w = s->first; w > 0 && s->first - w < reach; w--) {
        if (!same_sentence(r, w - 1, w))
            return false;
        if (lexicon_find(f->lexicon, r, r->words[w - 1].from, w - 1, roles, s->languages, &m) &&
            m.to <= s->from)
            return true;
    }
    return false;
}

static bool stands_after(const struct finder *f, const struct stretch *s, uint32_t roles,
                         uint32_t reach)
{
    const struct reading *r = &f->reading;
    struct lexicon_match m;

    /* Written together with the unit ("48시간이내"). */
    if (reading_word_end(r, s->last) > s->to &&
        lexicon_find(f->lexicon, r, s->to, s->last, roles, s->languages, &m))
        return true;
    for (uint32_t w = s->last + 1; w < r->n_words && w - s->last <= reach; w++) {
        if (!same_sentence(r, w - 1, w))
            return false;
        if (lexicon_find(f->lexicon, r, r->words[w].from, w, roles, s->languages, &m))
            return true;
    }
    return false;
}

static void add_deadline(struct finder *f, const struct stretch *s, const char *detail)
{
    struct indicator i = {.kind = INDICATOR_DEADLINE, .detail = detail, .number = s->hours};

    if (s->hours <= 0 || s->hours > HOURS_HIGHEST)
        return;
    i.value = finder_amount_text(f, s->hours, 2, "h");
    finder_add_words(f, &i, s->first, s->last, s->from, s->to);
}

/* How the clock is said to run, or NULL when it is no deadline at all. */
static const char *judge(const struct finder *f, const struct stretch *s)
{
    /* Negations stand close, or they speak of something else. */
    if (stands_before(f, s, ROLE_NOT_BEFORE, 2) || stands_after(f, s, ROLE_NOT_AFTER, 2))
        return NULL;
    bool limit = stands_after(f, s, ROLE_AFTER, s->one ? 1 : WORDS_AFTER) ||
                 (!s->clock && stands_before(f, s, ROLE_BEFORE, s->one ? 2 : WORDS_BEFORE));
    if (s->one && !limit)
        return NULL;
    if (stands_after(f, s, ROLE_OPENING, WORDS_OPENING) ||
        stands_before(f, s, ROLE_OPENING, WORDS_OPENING))
        return "opening";
    return limit ? "limit" : "duration";
}

/* Over "(forty eight)" or "(f o r t y)". */
static uint32_t skip_bracket(const struct reading *r, uint32_t at)
{
    uint32_t p = reading_gap(r, at);

    if (reading_byte(r, p) != '(')
        return at;
    for (uint32_t end = p + 1; end < p + 60; end++) {
        unsigned char c = reading_byte(r, end);
        if (c == ')')
            return end + 1;
        if (c == '\0' || c == '\n')
            break;
    }
    return at;
}

/* A unit at byte at, after at most two qualifiers ("2 full working days"). */
static bool find_unit(const struct finder *f, uint32_t at, uint32_t word, uint32_t languages,
                      struct lexicon_match *m)
{
    const struct reading *r = &f->reading;

    for (int i = 0; i < 3; i++) {
        uint32_t w = reading_word_at(r, word, at);
        if (w >= r->n_words || !reading_adjacent(r, word, w))
            return false;
        if (lexicon_find(f->lexicon, r, at, w, ROLES_UNIT, languages, m))
            return true;
        if (!lexicon_find(f->lexicon, r, at, w, ROLE_QUALIFIER, languages, m))
            return false;
        at = reading_gap(r, m->to);
    }
    return false;
}

static bool unit_after(const struct finder *f, const struct quantity *q, struct lexicon_match *m)
{
    const struct reading *r = &f->reading;

    uint32_t at = q->to < reading_word_end(r, q->last) ? q->to : reading_gap(r, q->to);
    if (find_unit(f, at, q->last, q->languages, m))
        return true;
    uint32_t behind = skip_bracket(r, q->to);
    return behind != q->to && find_unit(f, reading_gap(r, behind), q->last, q->languages, m);
}

static void quantity_deadlines(struct finder *f)
{
    for (uint32_t i = 0; i < f->n_quantities && finder_goes_on(f); i++) {
        const struct quantity *q = &f->quantities[i];
        struct lexicon_match m;
        if (!unit_after(f, q, &m))
            continue;
        struct stretch s = {
            .first = q->first,
            .last = m.word,
            .from = q->from,
            .to = m.to,
            .hours = q->fraction * m.row->value,
            .languages = m.languages & q->languages,
            .clock = m.row->text[0] == 'h' && m.row->text[1] == '\0',
        };
        const char *detail = judge(f, &s);
        if (detail != NULL)
            add_deadline(f, &s, detail);
    }
}

/* A bare unit that a limit word makes one: "vuorokauden kuluessa". */
static void try_bare_unit(struct finder *f, const struct lexicon_match *m, uint32_t word)
{
    struct stretch s = {
        .first = word,
        .last = m->word,
        .from = f->reading.words[word].from,
        .to = m->to,
        .hours = m->row->value,
        .languages = m->languages,
        .one = true,
    };
    const char *detail = judge(f, &s);

    if (detail != NULL)
        add_deadline(f, &s, detail);
}

/* "by friday", "huomiseen mennessä" */
static void try_point(struct finder *f, const struct lexicon_match *m, uint32_t word)
{
    const struct reading *r = &f->reading;
    struct lexicon_match until;
    struct stretch s = {
        .first = word,
        .last = m->word,
        .from = r->words[word].from,
        .to = m->to,
        .hours = m->row->value,
        .languages = m->languages,
    };
    bool counts = m->row->role == ROLE_IDIOM;

    for (uint32_t back = 1; !counts && back <= 5 && back <= word; back++) {
        uint32_t w = word - back;
        if (!same_sentence(r, w, w + 1))
            break;
        counts =
            lexicon_find(f->lexicon, r, r->words[w].from, w, ROLE_UNTIL, m->languages, &until) &&
            until.word + 1 == word;
    }
    if (!counts && m->word + 1 < r->n_words && same_sentence(r, m->word, m->word + 1)) {
        uint32_t next = m->word + 1;
        counts = lexicon_find(f->lexicon, r, r->words[next].from, next, ROLE_UNTIL_AFTER,
                              m->languages, &until);
    }
    if (counts)
        add_deadline(f, &s, "limit");
}

void deadline_find(struct finder *f)
{
    const struct reading *r = &f->reading;
    uint32_t next_quantity = 0;

    quantity_deadlines(f);
    for (uint32_t i = 0; i < f->n_marks && finder_goes_on(f); i++) {
        uint32_t word = f->marks[i].word;
        uint32_t at = r->words[word].from;
        struct lexicon_match m;
        if ((f->marks[i].flags & MARK_ANCHOR) == 0)
            continue;
        if (lexicon_find(f->lexicon, r, at, word, ROLE_POINT | ROLE_IDIOM, LANGUAGE_ANY, &m)) {
            try_point(f, &m, word);
            continue;
        }
        if (!lexicon_find(f->lexicon, r, at, word, ROLE_UNIT_ONE, LANGUAGE_ANY, &m))
            continue;
        /* Only when no number claims the unit. */
        while (next_quantity < f->n_quantities && f->quantities[next_quantity].to <= at)
            next_quantity++;
        if (next_quantity > 0 && at - f->quantities[next_quantity - 1].to <= 24 &&
            f->quantities[next_quantity - 1].last + 3 > word)
            continue;
        try_bare_unit(f, &m, word);
    }
}
