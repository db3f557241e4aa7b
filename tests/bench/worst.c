/*
 * Looks for messages that cost most per byte, stage by stage, by climbing: recipes of known words
 * are changed a little, and what costs more is kept. Without --seconds: measures the recipes of a
 * file (tests/bench/worst.txt) instead.
 *
 *   worst --search SECONDS [--seed N] [--bytes N] [--stage NAME] RULES < DICTIONARY
 *   worst --replay FILE [--bytes N --runs N] RULES
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mail.h"
#include "recipe.h"
#include "stage.h"

enum { TOKENS_MAX = 200000, TOKEN_MAX = 64, GENES = 24, RESTART = 300, ELITES = 6, WHOLE = STAGES };

struct tokens {
    struct view v[TOKENS_MAX];
    uint32_t n;
    struct arena arena;
};

/* What is changed: words by number, so that one change is one word. */
struct genes {
    unsigned place;
    uint32_t prefix[GENES], body[GENES], suffix[GENES];
    unsigned n_prefix, n_body, n_suffix;
    double cost;
};

struct search {
    struct stages stages;
    struct tokens *tokens;
    uint64_t seed;
    size_t bytes;
    unsigned runs;  /* of a replay at that size alone, for a profile; 0: three sizes */
    unsigned stage; /* WHOLE: all together */
    struct buf raw;
    unsigned long tried;
    double us[STAGES]; /* of the last message */
};

static uint32_t below(struct search *s, uint32_t n)
{
    return bench_random(&s->seed, n);
}

/* Bytes 0 to 255 first, then the lines of a libFuzzer dictionary. */
static bool tokens_read(struct tokens *t, FILE *in)
{
    static char bytes[256];
    char line[512];
    arena_init(&t->arena, 1 << 26);
    for (t->n = 0; t->n < 256; t->n++) {
        bytes[t->n] = (char)t->n;
        t->v[t->n] = (struct view){&bytes[t->n], 1};
    }
    while (fgets(line, sizeof line, in) != NULL && t->n < TOKENS_MAX) {
        char out[sizeof line];
        size_t n = 0;
        const char *p = line[0] == '"' ? line + 1 : NULL;
        for (; p != NULL && *p != '"' && *p != '\0' && *p != '\n'; p++) {
            unsigned value;
            if (*p == '\\' && p[1] == 'x' && sscanf(p + 2, "%2x", &value) == 1) {
                out[n++] = (char)value;
                p += 3;
            } else {
                p += *p == '\\' && p[1] != '\0';
                out[n++] = *p;
            }
        }
        struct view copy = arena_copy(&t->arena, (struct view){out, n});
        if (n > 0 && copy.p != NULL)
            t->v[t->n++] = copy;
    }
    return t->n > 256;
}

/* Signs that parsers, splitters and finders decide by: too few among 100,000 words to come up. */
static const char signs[] = " \n\t-.,:;/@&<>=\"'%#+_(){}[]0123456789$\xc2\xa0\xe2\x80\x8b";

static uint32_t token_any(struct search *s)
{
    if (below(s, 6) == 0)
        return (unsigned char)signs[below(s, sizeof signs - 1)];
    return below(s, 4) == 0 || s->tokens->n <= 256 ? below(s, 256)
                                                   : 256 + below(s, s->tokens->n - 256);
}

static void list_fill(struct search *s, uint32_t *v, unsigned *n, unsigned most)
{
    *n = below(s, most + 1);
    for (unsigned i = 0; i < *n; i++)
        v[i] = token_any(s);
}

static void list_change(struct search *s, uint32_t *v, unsigned *n)
{
    unsigned at = *n > 0 ? below(s, *n) : 0;
    unsigned other, len;
    switch (below(s, 9)) {
    case 6: /* two change places */
        if (*n > 1) {
            other = below(s, *n);
            uint32_t swap = v[at];
            v[at] = v[other];
            v[other] = swap;
        }
        break;
    case 7: /* a stretch once more, behind the others */
        for (len = *n - at, other = 0; other < len && *n < GENES; other++)
            v[(*n)++] = v[at + other];
        break;
    case 8: /* only a stretch of it */
        if (*n > 2) {
            *n -= at;
            memmove(v, v + at, *n * sizeof *v);
        }
        break;
    case 0:
    case 1:
        if (*n > 0)
            v[at] = token_any(s);
        break;
    case 2:
    case 3:
        if (*n < GENES) {
            memmove(v + at + 1, v + at, (*n - at) * sizeof *v);
            v[at] = below(s, 3) > 0 ? token_any(s) : ' ';
            (*n)++;
        }
        break;
    case 4:
        if (*n > 0) {
            memmove(v + at, v + at + 1, (*n - at - 1) * sizeof *v);
            (*n)--;
        }
        break;
    default:
        if (*n > 0) { /* one that stands elsewhere, again */
            v[at] = v[below(s, *n)];
        }
        break;
    }
}

static void genes_new(struct search *s, struct genes *g)
{
    g->place = below(s, recipe_n_places());
    list_fill(s, g->prefix, &g->n_prefix, 3);
    do
        list_fill(s, g->body, &g->n_body, 8);
    while (g->n_body == 0);
    list_fill(s, g->suffix, &g->n_suffix, 1);
}

static void genes_change(struct search *s, struct genes *g)
{
    for (unsigned i = below(s, 3) + 1; i > 0; i--) {
        unsigned which = below(s, 12);
        if (which == 0)
            g->place = below(s, recipe_n_places());
        else if (which == 1)
            list_change(s, g->prefix, &g->n_prefix);
        else if (which == 2)
            list_change(s, g->suffix, &g->n_suffix);
        else
            list_change(s, g->body, &g->n_body);
    }
    if (g->n_body == 0)
        g->body[g->n_body++] = token_any(s);
}

/* What one that was good repeats, or what it begins with, goes over to another. */
static void genes_mix(struct search *s, struct genes *g, const struct genes *from)
{
    unsigned i = 0, room = GENES - g->n_body;
    if (below(s, 3) == 0) {
        g->place = from->place;
        memcpy(g->prefix, from->prefix, sizeof g->prefix);
        g->n_prefix = from->n_prefix;
    }
    for (unsigned at = below(s, from->n_body + 1); at < from->n_body && i < room; i++, at++)
        g->body[g->n_body++] = from->body[at];
}

static void list_write(const struct search *s, const uint32_t *v, unsigned n, struct buf *out)
{
    for (unsigned i = 0; i < n; i++)
        (void)buf_add(out, s->tokens->v[v[i]]);
}

static void genes_recipe(const struct search *s, const struct genes *g, struct recipe *r)
{
    recipe_init(r);
    r->place = g->place;
    list_write(s, g->prefix, g->n_prefix, &r->prefix);
    list_write(s, g->body, g->n_body, &r->body);
    list_write(s, g->suffix, g->n_suffix, &r->suffix);
}

/* Nanoseconds per byte of the stage, or of all but the notice. */
static double cost_of(struct search *s, const struct recipe *r, size_t bytes, unsigned runs,
                      unsigned stage, double *whole_ms)
{
    double *us = s->us;
    bool flagged;
    if (!recipe_make(r, bytes, &s->raw))
        return 0;
    double sum =
        stages_best(&s->stages, buf_view(&s->raw), stage == STAGE_NOTICE, runs, us, &flagged);
    if (sum < 0)
        return 0;
    if (whole_ms != NULL)
        *whole_ms = sum / 1000;
    return (stage == WHOLE ? sum : us[stage]) * 1000 / (double)s->raw.n;
}

static void genes_measure(struct search *s, struct genes *g, unsigned runs)
{
    struct recipe r;
    genes_recipe(s, g, &r);
    g->cost = cost_of(s, &r, s->bytes, runs, s->stage, NULL);
    recipe_fini(&r);
    s->tried++;
}

static void elite_keep(struct genes *elites, const struct genes *g)
{
    struct genes *least = &elites[0];
    for (unsigned i = 1; i < ELITES; i++)
        if (elites[i].cost < least->cost)
            least = &elites[i];
    if (g->cost > least->cost)
        *least = *g;
}

static void climb(struct search *s, double seconds, struct genes *best)
{
    struct genes elites[ELITES] = {{0}}, now = {0};
    double end = bench_wall() + seconds;
    unsigned idle = RESTART;
    *best = (struct genes){0};
    while (bench_wall() < end) {
        if (idle >= RESTART) {
            if (now.cost > 0)
                elite_keep(elites, &now);
            const struct genes *old = &elites[below(s, ELITES)];
            if (old->cost > 0 && below(s, 3) > 0)
                now = *old;
            else
                genes_new(s, &now);
            genes_measure(s, &now, 2);
            idle = 0;
        }
        struct genes next = now;
        const struct genes *elite = &elites[below(s, ELITES)];
        if (elite->cost > 0 && below(s, 16) == 0)
            genes_mix(s, &next, elite);
        else
            genes_change(s, &next);
        genes_measure(s, &next, 1);
        idle++;
        if (next.cost <= now.cost * 1.02)
            continue;
        genes_measure(s, &next, 3); /* not a disturbance? */
        if (next.cost <= now.cost * 1.02)
            continue;
        now = next;
        idle = 0;
        if (now.cost > best->cost)
            *best = now;
    }
}

static double typical[STAGES + 1];

static bool typical_measure(struct search *s)
{
    double us[STAGES], sum = 0;
    bool flagged;
    struct buf mail;
    buf_init(&mail, 1 << 20);
    bool good = mail_business(&mail, 20000, true, true) &&
                stages_best(&s->stages, buf_view(&mail), true, 30, us, &flagged) >= 0;
    for (unsigned i = 0; i < STAGES; i++) {
        typical[i] = us[i] * 1000 / (double)mail.n;
        sum += i != STAGE_NOTICE ? typical[i] : 0;
    }
    typical[WHOLE] = sum;
    buf_fini(&mail);
    return good;
}

static const char *name_of(unsigned stage)
{
    return stage == WHOLE ? "all" : stage_names[stage];
}

/* Worst of one stage, at three sizes. */
static void report(struct search *s, unsigned stage, const struct recipe *r)
{
    static const size_t sizes[] = {20000, 200000, 1000000};
    struct buf text;
    double cost[3], ms[3];
    buf_init(&text, 1 << 22);
    for (unsigned i = 0; i < 3; i++)
        cost[i] = s->runs > 0 ? cost_of(s, r, s->bytes, s->runs, stage, &ms[i])
                              : cost_of(s, r, sizes[i], i == 2 ? 2 : 5, stage, &ms[i]);
    double most = cost[0] > cost[1] ? cost[0] : cost[1];
    most = most > cost[2] ? most : cost[2];
    (void)recipe_write(r, &text);
    printf("%-10s %8.1f %8.1f %8.1f %8.1f %7.1f %8.1f ", name_of(stage), typical[stage], cost[0],
           cost[1], cost[2], most / typical[stage], ms[2]);
    for (unsigned i = 0; i < STAGES; i++)
        printf("%s%.1f", i > 0 ? "+" : " ", s->us[i] / 1000);
    printf("  %.*s\n", VIEW_ARG(buf_view(&text)));
    (void)fflush(stdout);
    buf_fini(&text);
}

static void head(void)
{
    printf("%-10s %8s %8s %8s %8s %7s %8s  recipe\n", "stage", "typical", "20 kB", "200 kB", "1 MB",
           "times", "1 MB ms");
}

static int search_all(struct search *s, double seconds, const char *only)
{
    head();
    for (unsigned stage = 0; stage <= WHOLE; stage++) {
        struct genes best;
        struct recipe r;
        if (only != NULL && strcmp(only, name_of(stage)) != 0)
            continue;
        s->stage = stage;
        s->tried = 0;
        climb(s, seconds, &best);
        genes_recipe(s, &best, &r);
        report(s, stage, &r);
        recipe_fini(&r);
        fprintf(stderr, "# %s: %lu tried\n", name_of(stage), s->tried);
    }
    return 0;
}

/* Lines "stage<TAB>recipe"; '#' begins a comment. */
static int replay(struct search *s, const char *path)
{
    char line[65536];
    int code = 0;
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        perror(path);
        return 66;
    }
    head();
    while (fgets(line, sizeof line, f) != NULL) {
        struct view v = view_of(line), stage;
        if (v.n > 0 && v.p[v.n - 1] == '\n')
            v.n--;
        if (v.n == 0 || v.p[0] == '#')
            continue;
        size_t tab = view_find_byte(v, '\t');
        stage = view_sub(v, 0, tab);
        struct recipe r;
        recipe_init(&r);
        unsigned i = 0;
        while (i < WHOLE && !view_eq(stage, view_of(name_of(i))))
            i++;
        if (recipe_read(&r, view_sub(v, tab + 1, v.n)))
            report(s, i, &r);
        else
            code = 65, fprintf(stderr, "%s: not a recipe: %.*s\n", path, VIEW_ARG(v));
        recipe_fini(&r);
    }
    (void)fclose(f);
    return code;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"search", required_argument, NULL, 's'},
                                            {"replay", required_argument, NULL, 'r'},
                                            {"seed", required_argument, NULL, 'n'},
                                            {"bytes", required_argument, NULL, 'b'},
                                            {"stage", required_argument, NULL, 't'},
                                            {"runs", required_argument, NULL, 'u'},
                                            {0}};
    static struct tokens tokens;
    struct search s = {.tokens = &tokens, .seed = 1, .bytes = 32768};
    const char *file = NULL, *only = NULL;
    double seconds = 0;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 's')
            seconds = strtod(optarg, NULL);
        else if (c == 'r')
            file = optarg;
        else if (c == 'n')
            s.seed = strtoull(optarg, NULL, 10);
        else if (c == 'b')
            s.bytes = strtoul(optarg, NULL, 10);
        else if (c == 't')
            only = optarg;
        else if (c == 'u')
            s.runs = (unsigned)strtoul(optarg, NULL, 10);
        else
            return 64;
    }
    if (argc - optind != 1 || (file == NULL) == (seconds <= 0)) {
        fprintf(stderr, "usage: worst --search SECONDS | --replay FILE  [--seed N] [--bytes N] "
                        "[--stage NAME] RULES\n");
        return 64;
    }
    buf_init(&s.raw, 1 << 24);
    if (!stages_init(&s.stages, argv[optind], true) || !typical_measure(&s))
        return 78;
    if (seconds > 0 && !tokens_read(&tokens, stdin)) {
        fprintf(stderr, "worst: no dictionary on stdin (tests/fuzz/dictionary.sh scan)\n");
        return 65;
    }
    int code = seconds > 0 ? search_all(&s, seconds, only) : replay(&s, file);
    stages_fini(&s.stages);
    buf_fini(&s.raw);
    arena_fini(&tokens.arena);
    return code;
}
