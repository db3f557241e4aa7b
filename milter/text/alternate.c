/*
 * Other readings of words, for rules: "web-cam" as webcam, "b.i.t.c.o.i.n" as bitcoin, "b1tc0in"
 * in letters, "bitcoin" with Cyrillic letters as ASCII. A reading costs little and proves nothing
 * by itself, so honest words get one too; anomalies need many (text.c).
 */
#include <string.h>

#include "text/token.h"

/*
 * CHUNK_WORDS: longer chains of words and signs are addresses and paths. RUN_GAP: bytes between two
 * spaced letters at most.
 */
enum { CHUNK_WORDS = 5, RUN_LETTERS = 4, RUN_GAP = 8 };

/*
 * Where so many different words are surely leet, and one in so many, "7h3" and "53nd" are words,
 * too; elsewhere they are numbers with something behind, as "24h" and "53rd".
 */
enum { LEET_MANY = 8, LEET_ONE_IN = 10 };

struct alternating {
    struct reading *r;
    const struct segment *s;
    const struct word *words; /* of the segment */
    uint32_t n;
    bool leet;      /* every digit may be a letter here */
    bool latin;     /* foreign words that look like Latin ones are a disguise here */
    uint32_t since; /* first alternate of the words at hand, to find duplicates */
    /* The run of single letters that was measured last, from run_first on; none: it is empty. */
    uint32_t run_first, run_last, run_letters;
};

static struct view gap_after(const struct alternating *a, uint32_t i)
{
    struct view folded = {a->r->fold.p, a->r->fold.n};
    return view_sub(folded, word_to(&a->words[i]), a->words[i + 1].from);
}

static bool reading_known(const struct alternating *a, uint32_t first, uint32_t last,
                          const struct token *t)
{
    const struct text *out = a->r->out;
    struct view reading = {t->p, t->n};
    const struct word *w = &a->words[first];
    if (first == last && view_eq(reading, (struct view){a->r->fold.p + w->from, w->length}))
        return true;
    for (uint32_t i = a->since; i < out->n_alternates; i++) {
        const struct alternate *have = &out->alternates[i];
        if (have->first == a->s->first_word + first && have->last == a->s->first_word + last &&
            view_eq(reading, (struct view){a->r->readings + have->from, have->length}))
            return true;
    }
    return false;
}

static void reading_add(struct alternating *a, uint32_t first, uint32_t last, const struct token *t,
                        int reason)
{
    struct reading *r = a->r;
    struct text *out = r->out;
    if (t->full || t->n == 0 || r->no_memory || reading_known(a, first, last, t))
        return;
    char *readings =
        arena_grow(r->arena, r->readings, &r->cap_readings, r->n_readings + TOKEN_MAX, 1);
    struct alternate *alternates = arena_grow(r->arena, out->alternates, &r->cap_alternates,
                                              out->n_alternates + 1, sizeof *alternates);
    if (readings != NULL)
        r->readings = readings;
    if (alternates != NULL)
        out->alternates = alternates;
    if (readings == NULL || alternates == NULL) {
        r->no_memory = true;
        return;
    }
    alternates[out->n_alternates++] = (struct alternate){.first = a->s->first_word + first,
                                                         .last = a->s->first_word + last,
                                                         .from = r->n_readings,
                                                         .length = (uint16_t)t->n,
                                                         .reason = (uint8_t)reason};
    memcpy(r->readings + r->n_readings, t->p, t->n);
    r->n_readings += (uint32_t)t->n;
}

static bool leet_add(struct alternating *a, uint32_t first, uint32_t last, const struct token *t)
{
    struct token readings[LEET_READINGS];
    bool sure;
    if (t->full || (!leet_shape(t, &sure) && !(a->leet && leet_possible(t))))
        return false;
    unsigned n = leet_readings(t, readings);
    for (unsigned k = 0; k < n; k++)
        reading_add(a, first, last, &readings[k], ANOMALY_TEXT_LEET);
    return sure;
}

/* The words first..last without what stands between; signs that are letters stay when wanted. */
static void token_join(const struct alternating *a, uint32_t first, uint32_t last,
                       enum spelling how, bool signs, struct token *t)
{
    token_start(t);
    for (uint32_t i = first; i <= last; i++) {
        token_add_word(t, a->r, a->s, &a->words[i], how);
        char letters[LEET_SIGNS];
        if (signs && i < last)
            token_add(t, letters, leet_signs(gap_after(a, i), letters));
    }
}

/* Signs that join the words of a compound; brackets and quotation marks do not. */
static bool joins(struct view gap)
{
    if (gap.n == 1) {
        unsigned char c = (unsigned char)gap.p[0];
        return c > ' ' && c < 0x7F && strchr("\"()[]{}<>", c) == NULL;
    }
    if (view_eq(gap, VIEW("-\n"))) /* hyphenated at the end of a line */
        return true;
    uint32_t cp;
    char letters[LEET_SIGNS];
    if (gap.n > 1 && (unsigned char)gap.p[0] >= 0x80 && fold_decode(gap.p, gap.n, &cp) == gap.n)
        return true;
    return leet_signs(gap, letters) > 0;
}

/* Are all signs between the words ones that stand for letters? */
static bool joined_by_letters(const struct alternating *a, uint32_t first, uint32_t last)
{
    char letters[LEET_SIGNS];
    for (uint32_t i = first; i < last; i++)
        if (leet_signs(gap_after(a, i), letters) == 0)
            return false;
    return true;
}

/* A sign directly before the first word that may be its first letter: "$end", "@ccount". */
static char sign_before(const struct alternating *a, uint32_t first)
{
    uint32_t from = a->words[first].from;
    if (from < a->s->folded_from + 1)
        return '\0';
    const char *p = a->r->fold.p + from - 1;
    bool alone = from - 1 == a->s->folded_from || p[-1] == ' ' || p[-1] == '\n' || p[-1] == '\t';
    return alone && (*p == '$' || *p == '@' || *p == '!' || *p == '|') ? *p : '\0';
}

static char sign_after(const struct alternating *a, uint32_t last)
{
    const char *p = a->r->fold.p + word_to(&a->words[last]);
    return (*p == '$' || *p == '@') && (p[1] == ' ' || p[1] == '\n') ? *p : '\0';
}

/* The other spellings of words in foreign or mixed letters. */
static void spelled_add(struct alternating *a, uint32_t first, uint32_t last)
{
    bool wide = false, mixed = false;
    for (uint32_t i = first; i <= last; i++) {
        wide = wide || (a->words[i].flags & WORD_SEEN_WIDE) != 0;
        mixed = mixed || (a->words[i].flags & WORD_MIXED) != 0;
    }
    if (!mixed && (!wide || !a->latin))
        return;
    struct token folded, t;
    token_join(a, first, last, SPELL_FOLDED, false, &folded);
    bool whole = !mixed && a->latin && token_all_alike(&folded);
    if (!mixed && !whole)
        return;
    a->r->counts.whole += whole;
    token_join(a, first, last, SPELL_SKELETON, false, &t);
    reading_add(a, first, last, &t, ANOMALY_TEXT_MIXED_SCRIPT);
    if (!mixed || first != last)
        return;
    uint32_t cyrillic = 0, greek = 0;
    for (size_t i = 0; i < folded.n;) {
        uint32_t cp;
        i += fold_decode(folded.p + i, folded.n - i, &cp);
        cyrillic += fold_script(fold_find(cp)) == FOLD_CYRILLIC;
        greek += fold_script(fold_find(cp)) == FOLD_GREEK;
    }
    if (cyrillic + greek > 0) {
        token_join(a, first, last, cyrillic >= greek ? SPELL_CYRILLIC : SPELL_GREEK, false, &t);
        reading_add(a, first, last, &t, ANOMALY_TEXT_MIXED_SCRIPT);
    }
}

/* An address "a@b.c" is no leet, and its parts are words enough. */
static bool address_like(const struct alternating *a, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i < last; i++)
        if (view_eq(gap_after(a, i), VIEW("@")))
            return i + 1 < last && view_eq(gap_after(a, i + 1), VIEW("."));
    return false;
}

/* alone: no other word is tied to them by signs, as in addresses and names of things in code. */
static void chunk_readings(struct alternating *a, uint32_t first, uint32_t last, bool alone)
{
    unsigned all = WORD_SEEN, any = 0;
    bool signs = false;
    char letters[LEET_SIGNS];
    struct token t, middle;
    for (uint32_t i = first; i <= last; i++) {
        all &= a->words[i].flags;
        any |= a->words[i].flags;
        signs = signs || (i < last && leet_signs(gap_after(a, i), letters) > 0);
    }
    if (address_like(a, first, last))
        return;
    if (first != last && (all & WORD_SEEN_LETTER) != 0) {
        token_join(a, first, last, SPELL_FOLDED, false, &t);
        reading_add(a, first, last, &t, 0);
    }
    spelled_add(a, first, last);
    char before = sign_before(a, first), after = sign_after(a, last);
    if ((any & WORD_SEEN_DIGIT) == 0 && !signs && before == '\0' && after == '\0')
        return;
    if ((any & WORD_SEEN_LETTER) == 0 && !(a->leet && first == last))
        return;
    token_join(a, first, last, SPELL_SKELETON, true, &middle);
    token_start(&t);
    token_add(&t, &before, before != '\0');
    token_add(&t, middle.p, middle.n);
    token_add(&t, &after, after != '\0');
    t.full = t.full || middle.full;
    if (leet_add(a, first, last, &t) && alone)
        count_distinct(&a->r->counts, &a->r->counts.leet, (struct view){t.p, t.n});
}

/* One letter by itself; "ss" and "ae" count when they are one letter in the visible text. */
static bool single(const struct alternating *a, uint32_t i)
{
    const struct word *w = &a->words[i];
    if (w->length == 1)
        return true;
    if (w->flags & WORD_CJK)
        return false;
    unsigned char lead = (unsigned char)a->r->fold.p[w->from];
    if (lead >= 0x80)
        return w->length == (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2);
    if (w->length != 2)
        return false;
    uint32_t at = w->from - a->s->folded_from;
    uint32_t from = spanmap_source(&a->s->to_visible, at);
    return (unsigned char)a->s->visible.p[from] >= 0x80 &&
           spanmap_source(&a->s->to_visible, at + 2) - from == 2;
}

static bool gap_blank(struct view gap)
{
    for (size_t i = 0; i < gap.n; i++)
        if (!ascii_is_space((unsigned char)gap.p[i]))
            return false;
    return true;
}

/* How the letters of a run are kept apart; wider gaps stand between words. */
struct spacing {
    bool signs; /* dots, dashes and the like; else blanks */
    size_t length;
};

static struct spacing spacing_find(const struct alternating *a, uint32_t first, uint32_t last)
{
    uint32_t with_sign = 0;
    size_t shortest_sign = SIZE_MAX, shortest_blank = SIZE_MAX;
    for (uint32_t i = first; i < last; i++) {
        struct view gap = gap_after(a, i);
        size_t *shortest = gap_blank(gap) ? &shortest_blank : &shortest_sign;
        *shortest = gap.n < *shortest ? gap.n : *shortest;
        with_sign += !gap_blank(gap);
    }
    bool signs = with_sign * 2 >= last - first;
    return (struct spacing){.signs = signs, .length = signs ? shortest_sign : shortest_blank};
}

static bool gap_inner(const struct spacing *how, struct view gap)
{
    return gap.n == how->length && gap_blank(gap) != how->signs;
}

static void spaced_word(struct alternating *a, uint32_t first, uint32_t last)
{
    if (first == last)
        return;
    a->since = a->r->out->n_alternates;
    struct token t, skeleton;
    token_join(a, first, last, SPELL_FOLDED, false, &t);
    reading_add(a, first, last, &t, ANOMALY_TEXT_SPACED);
    token_join(a, first, last, SPELL_SKELETON, false, &skeleton);
    reading_add(a, first, last, &skeleton, ANOMALY_TEXT_SPACED);
    leet_add(a, first, last, &skeleton);
    uint32_t letters = 0;
    for (uint32_t i = first; i <= last; i++)
        letters += (a->words[i].flags & WORD_SEEN_LETTER) != 0;
    if (letters >= 4)
        count_distinct(&a->r->counts, &a->r->counts.spaced, (struct view){t.p, t.n});
}

static void run_find(struct alternating *a, uint32_t first)
{
    uint32_t last = first, letters = (a->words[first].flags & WORD_SEEN_LETTER) != 0;
    while (last + 1 < a->n && single(a, last + 1) && gap_after(a, last).n <= RUN_GAP &&
           gap_after(a, last).n > 0) {
        last++;
        letters += (a->words[last].flags & WORD_SEEN_LETTER) != 0;
    }
    a->run_first = first;
    a->run_last = last;
    a->run_letters = letters;
}

/*
 * A run of single letters from word first on: "b i t c o i n   w a l l e t". Returns the word after
 * it, or first when there is none.
 */
static uint32_t spaced_readings(struct alternating *a, uint32_t first)
{
    if (first < a->run_first || first > a->run_last) {
        run_find(a, first);
    } else { /* inside a run that was refused: measured once, or "1 1 1 ..." costs a square */
        for (; a->run_first < first; a->run_first++)
            a->run_letters -= (a->words[a->run_first].flags & WORD_SEEN_LETTER) != 0;
    }
    uint32_t last = a->run_last, letters = a->run_letters;
    if (last - first + 1 < RUN_LETTERS || letters < RUN_LETTERS - 1 ||
        letters * 2 < last - first + 1)
        return first;
    struct spacing how = spacing_find(a, first, last);
    uint32_t from = first;
    for (uint32_t i = first; i <= last; i++)
        if (i == last || !gap_inner(&how, gap_after(a, i))) {
            spaced_word(a, from, i);
            from = i + 1;
        }
    return last + 1;
}

static void segment_readings(struct alternating *a)
{
    for (uint32_t i = 0; i < a->n && !a->r->no_memory;) {
        const struct word *w = &a->words[i];
        if ((w->flags & WORD_CJK) != 0 || (w->flags & WORD_SEEN) == 0) { /* see words.c */
            i++;
            continue;
        }
        if ((w->length == 1 || (w->flags & WORD_SEEN_WIDE) != 0) && single(a, i)) {
            uint32_t after = spaced_readings(a, i);
            if (after > i) {
                i = after;
                continue;
            }
        }
        a->since = a->r->out->n_alternates;
        uint32_t last = i;
        while (last + 1 < a->n && (a->words[last + 1].flags & WORD_CJK) == 0 &&
               joins(gap_after(a, last)))
            last++;
        if (last - i < CHUNK_WORDS) {
            chunk_readings(a, i, last, i == last || joined_by_letters(a, i, last));
        } else {
            for (uint32_t k = i; k <= last; k++) {
                a->since = a->r->out->n_alternates; /* of each word its own */
                chunk_readings(a, k, k, false);
            }
        }
        i = last + 1;
    }
}

void alternates_add(struct reading *r, const struct segment *s,
                    const struct script_profile *profile)
{
    if (s->n_words == 0)
        return;
    uint32_t words = profile->latin + profile->other + profile->mixed;
    struct alternating a = {
        .r = r,
        .s = s,
        .words = r->out->words + s->first_word,
        .n = s->n_words,
        .latin = profile->latin * 4 >= words || profile->mixed * 20 >= words,
        .run_first = 1,
    };
    const struct disguise_counts before = r->counts;
    uint32_t alternates = r->out->n_alternates, readings = r->n_readings;
    segment_readings(&a);
    uint32_t leet = r->counts.leet - before.leet;
    if (leet < LEET_MANY || leet * LEET_ONE_IN < s->n_words)
        return;
    r->counts = before;
    r->out->n_alternates = alternates;
    r->n_readings = readings;
    a.leet = true;
    a.run_first = 1;
    a.run_last = a.run_letters = 0;
    segment_readings(&a);
}
