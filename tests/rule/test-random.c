/*
 * Random phrases against random texts: the engine, with its gates and without, must agree with a
 * matcher that tries everything, written another way (phrases are spelled out into all the plain
 * sequences they stand for).
 */
#include <stdlib.h>

#include "fixture.h"

enum { WORDS = 9, STEPS_MAX = 24, WAYS_MAX = 400, TEXT_MAX = 200, LISTS = 3 };

static const char *const vocabulary[WORDS] = {"alpha", "beta",  "gamma", "delta", "epsilon",
                                              "of",    "total", "omega", "is"};

static uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* A phrase spelled out: words with the gaps before them. */
struct way {
    uint8_t word[STEPS_MAX], gap[STEPS_MAX];
    uint32_t n, tail; /* tail: a gap that no word followed yet */
};

struct ways {
    struct way v[WAYS_MAX];
    uint32_t n;
    bool full;
};

static void ways_join(const struct ways *left, const struct ways *right, struct ways *out)
{
    out->n = 0;
    out->full = left->full || right->full;
    for (uint32_t i = 0; i < left->n; i++)
        for (uint32_t k = 0; k < right->n; k++) {
            struct way way = left->v[i];
            const struct way *more = &right->v[k];
            if (out->n == WAYS_MAX || way.n + more->n > STEPS_MAX) {
                out->full = true;
                return;
            }
            for (uint32_t w = 0; w < more->n; w++) {
                way.word[way.n] = more->word[w];
                way.gap[way.n++] = (uint8_t)(more->gap[w] + (w == 0 ? way.tail : 0));
            }
            way.tail = more->n > 0 ? more->tail : way.tail + more->tail;
            out->v[out->n++] = way;
        }
}

static void ways_add(struct ways *all, const struct ways *more)
{
    for (uint32_t i = 0; i < more->n; i++) {
        if (all->n == WAYS_MAX) {
            all->full = true;
            return;
        }
        all->v[all->n++] = more->v[i];
    }
    all->full = all->full || more->full;
}

/* Lists with entries of several words, of lists, and with gaps: what the engine finds on its own.
 */
static const char lists_text[] = "words = { a = [ \"alpha\", \"beta gamma\", \"beta of gamma\" ];\n"
                                 "b = [ \"{a} delta\", \"omega\" ];\n"
                                 "c = [ \"(of|is) ~2 total\", \"is [of] alpha\" ]; };\n";
static const struct {
    char name;
    struct ways ways;
} lists[LISTS] = {
    {'a',
     {.n = 3, .v = {{.word = {0}, .n = 1}, {.word = {1, 2}, .n = 2}, {.word = {1, 5, 2}, .n = 3}}}},
    {'b',
     {.n = 4,
      .v = {{.word = {0, 3}, .n = 2},
            {.word = {1, 2, 3}, .n = 3},
            {.word = {1, 5, 2, 3}, .n = 4},
            {.word = {7}, .n = 1}}}},
    {'c',
     {.n = 4,
      .v = {{.word = {5, 6}, .gap = {0, 2}, .n = 2},
            {.word = {8, 6}, .gap = {0, 2}, .n = 2},
            {.word = {8, 0}, .n = 2},
            {.word = {8, 5, 0}, .n = 3}}}},
};

/* Writes a random phrase and what it stands for. */
static void phrase_make(uint32_t *seed, int depth, struct buf *text, struct ways *out)
{
    struct ways *item = malloc(sizeof *item), *sum = malloc(sizeof *sum);
    assert_true(item != NULL && sum != NULL);
    *out = (struct ways){.n = 1};
    uint32_t n = 1 + random_next(seed) % 3;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t kind = random_next(seed) % 12;
        if (i > 0)
            buf_add_byte(text, ' ');
        if (i > 0 && random_next(seed) % 2 == 0) {
            uint32_t gap = random_next(seed) % 5;
            buf_addf(text, "~%u ", gap);
            *item = (struct ways){.v = {{.tail = gap}}, .n = 1};
            ways_join(out, item, sum);
            *out = *sum;
        }
        *item = (struct ways){.n = 0};
        if (kind > 9) {
            uint32_t list = random_next(seed) % LISTS;
            buf_addf(text, "{%c}", lists[list].name);
            *item = lists[list].ways;
        } else if (kind < 6 || depth == 0) {
            uint8_t word = (uint8_t)(random_next(seed) % WORDS);
            buf_add(text, view_of(vocabulary[word]));
            *item = (struct ways){.v = {{.word = {word}, .n = 1}}, .n = 1};
        } else {
            bool optional = kind == 9;
            uint32_t choices = 1 + random_next(seed) % 3;
            buf_add_byte(text, optional ? '[' : '(');
            for (uint32_t k = 0; k < choices; k++) {
                if (k > 0)
                    buf_add_byte(text, '|');
                phrase_make(seed, depth - 1, text, sum);
                ways_add(item, sum);
            }
            buf_add_byte(text, optional ? ']' : ')');
            *sum = (struct ways){.n = 1};
            if (optional)
                ways_add(item, sum);
        }
        ways_join(out, item, sum);
        *out = *sum;
    }
    free(item);
    free(sum);
}

/* The text as the reference sees it. */
struct line {
    uint8_t word[TEXT_MAX];
    bool bracketed[TEXT_MAX];
    uint32_t n;
};

typedef bool spans[TEXT_MAX][TEXT_MAX]; /* [first][last] */

/* May step i of way stand somewhere after at (exclusive)? Notes all ends. */
static void way_match(const struct line *line, const struct way *way, uint32_t i, uint32_t first,
                      uint32_t at, spans found)
{
    if (i == way->n) {
        found[first][at] = true;
        return;
    }
    uint32_t skipped = 0;
    for (uint32_t next = at + 1; next < line->n && skipped <= way->gap[i]; next++) {
        if (line->word[next] == way->word[i])
            way_match(line, way, i + 1, first, next, found);
        skipped += !line->bracketed[next];
    }
}

static void ways_match(const struct line *line, const struct ways *ways, spans found)
{
    for (uint32_t w = 0; w < ways->n; w++)
        for (uint32_t i = 0; i < line->n; i++)
            if (ways->v[w].n > 0 && line->word[i] == ways->v[w].word[0])
                way_match(line, &ways->v[w], 1, i, i, found);
}

static uint32_t counted_words(const struct line *line, uint32_t first, uint32_t last)
{
    uint32_t n = 0;
    for (uint32_t i = first; i <= last; i++)
        n += !line->bracketed[i];
    return n;
}

/* Is there a stretch of at most within words that holds one of each? Two must be two places. */
static bool near_match(const struct line *line, spans *found, uint32_t n, uint32_t within)
{
    for (uint32_t first = 0; first < line->n; first++)
        for (uint32_t last = first; last < line->n && counted_words(line, first, last) <= within;
             last++) {
            uint32_t held = 0, places = 0, common = 0;
            for (uint32_t k = 0; k < n; k++) {
                uint32_t some = 0;
                for (uint32_t a = first; a <= last; a++)
                    for (uint32_t b = a; b <= last; b++) {
                        some += found[k][a][b];
                        common += k == 0 && found[0][a][b] && found[1][a][b];
                    }
                held += some > 0;
                places += some;
            }
            if (held == n && (n > 2 || places > 2 || common == 0))
                return true;
        }
    return false;
}

static void text_make(uint32_t *seed, struct line *line, struct buf *text)
{
    line->n = 1 + random_next(seed) % (TEXT_MAX - 1);
    for (uint32_t i = 0; i < line->n; i++) {
        uint8_t word = (uint8_t)(random_next(seed) % WORDS);
        bool bracketed = random_next(seed) % 8 == 0;
        line->word[i] = word;
        line->bracketed[i] = bracketed;
        buf_addf(text, bracketed ? "(%s)%s" : "%s%s", vocabulary[word],
                 random_next(seed) % 12 == 0 ? "\n" : " ");
    }
    buf_add_byte(text, '\n');
}

struct sample {
    bool near;
    uint32_t n, within;
    struct ways ways[3];
};

static void pack_make(uint32_t *seed, struct sample *samples, uint32_t n, struct buf *pack)
{
    buf_add(pack, VIEW("pack = \"t\";\n"));
    buf_add(pack, view_of(lists_text));
    buf_add(pack, VIEW("rules = (\n"));
    for (uint32_t i = 0; i < n; i++) {
        struct sample *s = &samples[i];
        s->near = random_next(seed) % 3 == 0;
        s->n = s->near ? 2 + random_next(seed) % 2 : 1 + random_next(seed) % 2;
        s->within = 3 + random_next(seed) % 20;
        buf_addf(pack, "%s{ id = \"t-%u\"; ", i > 0 ? ",\n" : "", i);
        if (s->near)
            buf_addf(pack, "within = %u; ", s->within);
        buf_addf(pack, "%s = [ ", s->near ? "near" : "any");
        for (uint32_t k = 0; k < s->n; k++) {
            size_t from = pack->n;
            bool usable;
            do {
                pack->n = from;
                buf_add(pack, k > 0 ? VIEW(", \"") : VIEW("\""));
                phrase_make(seed, 2, pack, &s->ways[k]);
                /* what the language refuses: phrases of nothing, and of one short word */
                usable = !s->ways[k].full;
                for (uint32_t w = 0; w < s->ways[k].n; w++)
                    usable = usable && s->ways[k].v[w].n > 1;
            } while (!usable);
            buf_add_byte(pack, '"');
        }
        buf_add(pack, VIEW(" ]; }"));
    }
    buf_add(pack, VIEW(" );\n"));
    buf_add_byte(pack, '\0');
}

static int sample_check(struct fixture *f, const struct line *line, struct sample *s, uint32_t rule,
                        const struct matches *gated)
{
    spans *found = calloc(s->n, sizeof *found);
    char label[32];
    int failures = 0;
    bool want = false;
    assert_non_null(found);
    snprintf(label, sizeof label, "t-%u", rule);
    for (uint32_t k = 0; k < s->n; k++)
        ways_match(line, &s->ways[k], found[k]);
    if (s->near)
        want = near_match(line, found, s->n, s->within);
    for (uint32_t k = 0; k < s->n && !s->near; k++)
        for (uint32_t a = 0; a < line->n; a++)
            for (uint32_t b = a; b < line->n; b++)
                want = want || found[k][a][b];
    failures += row_check((gated->outcome[rule] == OUTCOME_YES) == want, label,
                          want ? "should hit" : "should not hit");
    for (uint32_t i = 0; i < gated->n_hits; i++) {
        const struct hit *hit = &gated->hits[i];
        if (hit->rule != rule)
            continue;
        bool real = s->near;
        for (uint32_t k = 0; k < s->n && !real; k++)
            real = found[k][hit->first][hit->last];
        failures += row_check(real, label, "a hit that is none");
        if (s->near)
            failures += row_check(counted_words(line, hit->first, hit->last) <= s->within, label,
                                  "a stretch that is too long");
    }
    (void)f;
    free(found);
    return failures;
}

static int round_check(uint32_t seed)
{
    enum { RULES = 40, TEXTS = 12 };
    struct sample *samples = calloc(RULES, sizeof *samples);
    struct buf pack, text;
    struct fixture f;
    int failures = 0;
    assert_non_null(samples);
    buf_init(&pack, 1 << 20);
    buf_init(&text, 1 << 16);
    fixture_init(&f);
    pack_make(&seed, samples, RULES, &pack);
    struct ruleset *r = fixture_ruleset(pack.p);
    for (int t = 0; t < TEXTS && failures == 0; t++) {
        struct line line;
        buf_clear(&text);
        text_make(&seed, &line, &text);
        fixture_body(&f, buf_view(&text));
        assert_int_equal(f.text.n_words, line.n);
        fixture_match(&f, r, false);
        struct matches ungated = f.matches;
        fixture_match(&f, r, true);
        failures += row_check(ungated.n_hits == f.matches.n_hits, "gates", "number of hits");
        for (uint32_t i = 0; i < ungated.n_hits && failures == 0; i++)
            failures +=
                row_check(memcmp(&ungated.hits[i], &f.matches.hits[i], sizeof ungated.hits[i]) == 0,
                          "gates", "hits differ");
        for (uint32_t i = 0; i < RULES; i++)
            failures += sample_check(&f, &line, &samples[i], i, &f.matches);
        if (failures > 0)
            fprintf(stderr, "# text: %.*s# pack: %s\n", VIEW_ARG(buf_view(&text)), pack.p);
    }
    ruleset_free(&r);
    fixture_fini(&f);
    buf_fini(&pack);
    buf_fini(&text);
    free(samples);
    return failures;
}

static void test_random(void **state)
{
    (void)state;
    int failures = 0;
    for (uint32_t seed = 1; seed <= 40 && failures == 0; seed++)
        failures = round_check(seed * 2654435761u);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
