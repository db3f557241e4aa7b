/* Deadlines: a quantity of hours or days beside a limit word, and points of time ("by friday"). */
#include "indicator/finder.h"
#include "indicator/indicator.h"

/* How many words may stand between. */
#define BEFORE_GAP    4 /* "within [a maximum period of] 48 hours" */
#define AFTER_GAP     2
#define ONE_GAP       1 /* "within [only] a day": of a unit without a figure */
#define OPENING_GAP   8 /* "48 hours from the very moment that you have opened" */
#define ROW_WORDS     5 /* of the longest row */
#define HOURS_HIGHEST 8784.0
/* What they look up at most, about. */
#define JUDGE_LOOKUPS 20
#define POINT_LOOKUPS 6

struct stretch {
    uint32_t first, last; /* words of quantity and unit */
    uint32_t from, to;
    double hours;
    uint32_t languages;
    bool clock;         /* "18 h" may be a time of day */
    struct view ending; /* of a unit that is a stem: "이내에" in "48시간이내에" */
    bool bare;          /* a unit without a number */
    bool one;           /* "a day" */
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

/* A row of the roles before s, at most gap words away. */
static bool stands_before(const struct finder *f, const struct stretch *s, uint32_t roles,
                          uint32_t gap)
{
    const struct reading *r = &f->reading;
    struct lexicon_match m, until;

    for (uint32_t w = s->first; w > 0 && s->first - w < gap + ROW_WORDS; w--) {
        if (!same_sentence(r, w - 1, w))
            return false;
        uint32_t at = r->words[w - 1].from;
        if (!lexicon_find(f->lexicon, r, at, w - 1, roles, s->languages, &m) || m.to > s->from ||
            s->first - m.word - 1 > gap)
            continue;
        /* "avant 18 h" speaks of a time of day. */
        if (!s->clock || !lexicon_find(f->lexicon, r, at, w - 1, ROLE_UNTIL, s->languages, &until))
            return true;
    }
    return false;
}

/* The same behind s. *to, when not NULL: where the row ends. */
static bool stands_after(const struct finder *f, const struct stretch *s, uint32_t roles,
                         uint32_t gap, uint32_t *to)
{
    const struct reading *r = &f->reading;
    struct lexicon_match m;

    if (s->ending.n > 0 && lexicon_prefix(f->lexicon, s->ending, roles, s->languages) != NULL)
        return true;
    for (uint32_t w = s->last + 1; w < r->n_words && w - s->last <= gap + 1; w++) {
        if (!same_sentence(r, w - 1, w))
            return false;
        if (lexicon_find(f->lexicon, r, r->words[w].from, w, roles, s->languages, &m)) {
            if (to != NULL)
                *to = m.to;
            return true;
        }
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

/*
 * How the clock is said to run, or NULL when it is no deadline at all; then *done may move behind
 * what says so ("a day" in "24 hours a day").
 */
static const char *judge(const struct finder *f, const struct stretch *s, uint32_t *done)
{
    bool habit = stands_after(f, s, ROLE_NOT_AFTER, 1, done);
    /* Negations stand close, or they speak of something else. */
    if (habit || stands_before(f, s, ROLE_NOT_BEFORE, 1))
        return NULL;
    bool limit = stands_after(f, s, ROLE_AFTER, s->bare ? 0 : AFTER_GAP, NULL) ||
                 stands_before(f, s, ROLE_BEFORE, s->bare || s->one ? ONE_GAP : BEFORE_GAP);
    if (s->bare && !limit)
        return NULL;
    if (stands_after(f, s, ROLE_OPENING, OPENING_GAP, NULL) ||
        stands_before(f, s, ROLE_OPENING, OPENING_GAP))
        return "opening";
    return limit ? "limit" : "duration";
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
    uint32_t behind = quantity_bracket(r, q);
    return behind != q->to && find_unit(f, reading_gap(r, behind), q->last, q->languages, m);
}

/* What follows the stem inside the word. */
static struct view unit_ending(const struct reading *r, const struct lexicon_match *m)
{
    struct view text = view_of(m->row->text);
    const struct word *w = &r->words[m->word];
    struct view word = view_sub(r->bytes, w->from, m->to);

    if (text.p[text.n - 1] != '*')
        return VIEW_NONE;
    text.n--;
    size_t at = view_find(word, text);
    return at < word.n ? view_sub(word, at + text.n, word.n) : VIEW_NONE;
}

static void quantity_deadlines(struct finder *f)
{
    uint32_t done = 0;

    for (uint32_t i = 0; i < f->n_quantities && finder_goes_on(f); i++) {
        const struct quantity *q = &f->quantities[i];
        struct lexicon_match m;
        if (!finder_spend(f, 3))
            return;
        if (q->from < done || !unit_after(f, q, &m))
            continue;
        if (!finder_spend(f, JUDGE_LOOKUPS))
            return;
        struct stretch s = {
            .first = q->first,
            .last = m.word,
            .from = q->from,
            .to = m.to,
            .hours = q->fraction * m.row->value,
            .languages = m.languages & q->languages,
            .clock = m.row->text[0] == 'h' && m.row->text[1] == '\0',
            .one = q->spelled && q->first == q->last && q->value <= 1,
            .ending = unit_ending(&f->reading, &m),
        };
        const char *detail = judge(f, &s, &done);
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
        .bare = true,
    };
    uint32_t done = 0;
    const char *detail = judge(f, &s, &done);

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
        if (!finder_spend(f, 2))
            return;
        if (lexicon_find(f->lexicon, r, at, word, ROLE_POINT | ROLE_IDIOM, LANGUAGE_ANY, &m)) {
            if (!finder_spend(f, POINT_LOOKUPS))
                return;
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
        if (!finder_spend(f, JUDGE_LOOKUPS))
            return;
        try_bare_unit(f, &m, word);
    }
}
