/*
 * What the rules stage costs for a mail-like English text of 20 kB, with 300 and with 3,000
 * generated phrase rules, and with the packs of this project. Everything is made from fixed seeds.
 * Several texts take turns: a processor learns the branches of one by heart.
 *
 * usage: bench-rule [PACKS]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rule/rule.h"

enum { TEXT_BYTES = 20480, VOCABULARY = 20000, WORD_MAX = 16, TEXTS = 8, ROUNDS = 300 };

/* The words that English is mostly made of, by falling frequency. */
static const char *const frequent[] = {
    "the",  "to",   "of",   "and",   "a",     "in",    "you",  "is",    "that",   "for",   "it",
    "i",    "on",   "with", "we",    "be",    "your",  "this", "are",   "have",   "as",    "will",
    "not",  "at",   "or",   "by",    "from",  "if",    "was",  "all",   "our",    "can",   "but",
    "me",   "my",   "an",   "they",  "do",    "so",    "has",  "one",   "what",   "he",    "there",
    "been", "any",  "no",   "their", "would", "more",  "time", "about", "when",   "which", "who",
    "get",  "out",  "up",   "just",  "know",  "some",  "like", "were",  "please", "them",  "us",
    "new",  "only", "his",  "need",  "how",   "day",   "see",  "now",   "other",  "send",  "also",
    "her",  "had",  "make", "than",  "want",  "these", "work", "first", "two",    "after", "into",
    "use",  "over", "then", "could", "she",   "here",  "well", "may",   "back",   "should"};
enum { FREQUENT = sizeof frequent / sizeof frequent[0] };

struct words {
    char v[VOCABULARY][WORD_MAX];
};

static uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static double random_unit(uint32_t *state)
{
    return random_next(state) / 4294967296.0;
}

/* Word-like words after the frequent ones: syllables, longer the rarer they are. */
static void words_make(struct words *w)
{
    static const char onset[][4] = {"b", "c", "d", "f",  "g",  "l",  "m",  "n",  "p",  "r",
                                    "s", "t", "v", "st", "tr", "pl", "ch", "sh", "gr", "con"};
    static const char rime[][4] = {"a",  "e",  "i",  "o",  "an", "er",  "in", "on",  "al",  "it",
                                   "us", "en", "ed", "ar", "ic", "ing", "or", "ect", "ent", "y"};
    uint32_t seed = 4711;
    for (uint32_t i = 0; i < VOCABULARY; i++) {
        if (i < FREQUENT) {
            (void)snprintf(w->v[i], WORD_MAX, "%s", frequent[i]);
            continue;
        }
        uint32_t syllables = (random_next(&seed) % 100 < 45 ? 3u : 2u) + (i > 2000);
        w->v[i][0] = '\0';
        for (uint32_t s = 0; s < syllables; s++) {
            size_t n = strlen(w->v[i]);
            (void)snprintf(w->v[i] + n, WORD_MAX - n, "%s%s", onset[random_next(&seed) % 20],
                           rime[random_next(&seed) % 20]);
        }
    }
}

/* Zipf: the k-th word comes 1/k as often as the first. */
static uint32_t zipf(uint32_t *seed)
{
    double x = exp(random_unit(seed) * log(VOCABULARY)) - 1;
    return x < VOCABULARY ? (uint32_t)x : VOCABULARY - 1;
}

static void text_make(const struct words *w, uint32_t seed, struct buf *out)
{
    (void)buf_add(out, VIEW("From: a@example.org\nTo: b@example.org\nSubject: notes\n"
                            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"));
    size_t line = out->n, end = out->n + TEXT_BYTES;
    while (out->n < end) {
        uint32_t sentence = 5 + random_next(&seed) % 18;
        for (uint32_t i = 0; i < sentence; i++) {
            if (i > 0)
                (void)buf_add_byte(out, out->n - line > 68 ? '\n' : ' ');
            if (out->n - line > 68)
                line = out->n;
            if (random_next(&seed) % 60 == 0)
                (void)buf_addf(out, "%u", random_next(&seed) % 1000);
            else
                (void)buf_add(out, view_of(w->v[zipf(&seed)]));
        }
        (void)buf_add(out, VIEW(". "));
    }
}

/*
 * A word that rules would name, neither frequent nor rare. The bounds are chosen so that about one
 * phrase in five gets a first look, which is what the English pack costs with honest mail (one in
 * six).
 */
static const char *rule_word(const struct words *w, uint32_t *seed)
{
    double lo = log(1000), hi = log(19999);
    return w->v[(uint32_t)exp(lo + random_unit(seed) * (hi - lo))];
}

static void group_add(const struct words *w, uint32_t *seed, uint32_t n_lists, struct buf *out)
{
    uint32_t kind = random_next(seed) % 10;
    if (kind < 6) {
        (void)buf_addf(out, "{l%u}", random_next(seed) % n_lists);
        return;
    }
    uint32_t n = kind < 8 ? 1 : 2 + random_next(seed) % 3;
    for (uint32_t i = 0; i < n; i++)
        (void)buf_addf(out, "%s%s", i > 0 ? "|" : n > 1 ? "(" : "", rule_word(w, seed));
    if (n > 1)
        (void)buf_add_byte(out, ')');
}

static void phrase_add(const struct words *w, uint32_t *seed, uint32_t n_lists, struct buf *out)
{
    static const char *const starts[] = {"(i|we) (will|can|have) ~2 ",
                                         "your ~2 ",
                                         "(if|when) you ~3 ",
                                         "[the] ",
                                         "# ~1 ",
                                         "",
                                         "",
                                         "",
                                         "",
                                         ""};
    (void)buf_add(out, view_of(starts[random_next(seed) % 10]));
    uint32_t n = 2 + random_next(seed) % 2;
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            (void)buf_addf(out, " ~%u ", random_next(seed) % 7);
        group_add(w, seed, n_lists, out);
    }
}

static void pack_make(const struct words *w, uint32_t n_rules, struct buf *out)
{
    uint32_t seed = 1234 + n_rules, n_lists = n_rules / 3;
    (void)buf_add(out, VIEW("pack = \"b\";\nwords = {\n"));
    for (uint32_t i = 0; i < n_lists; i++) {
        (void)buf_addf(out, "l%u = [ ", i);
        uint32_t n = 3 + random_next(&seed) % 6;
        for (uint32_t k = 0; k < n; k++) {
            const char *word = rule_word(w, &seed);
            bool stem = strlen(word) > 4 && random_next(&seed) % 4 == 0;
            int length = stem ? (int)strlen(word) - 1 : (int)strlen(word);
            (void)buf_addf(out, "%s\"%.*s%s\"", k > 0 ? ", " : "", length, word, stem ? "*" : "");
        }
        if (random_next(&seed) % 3 == 0) {
            const char *one = rule_word(w, &seed), *two = rule_word(w, &seed);
            (void)buf_addf(out, ", \"%s %s\"", one, two);
        }
        (void)buf_add(out, VIEW(" ];\n"));
    }
    (void)buf_add(out, VIEW("};\nrules = (\n"));
    for (uint32_t i = 0; i < n_rules; i++) {
        bool near = random_next(&seed) % 8 == 0;
        uint32_t n = near ? 2 + random_next(&seed) % 2 : 1 + random_next(&seed) % 3;
        (void)buf_addf(out, "%s{ id = \"b-%u\"; %s = [ ", i > 0 ? ",\n" : "", i,
                       near ? "near" : "any");
        for (uint32_t k = 0; k < n; k++) {
            (void)buf_add(out, k > 0 ? VIEW(", \"") : VIEW("\""));
            if (near)
                group_add(w, &seed, n_lists, out);
            else
                phrase_add(w, &seed, n_lists, out);
            (void)buf_add_byte(out, '"');
        }
        (void)buf_add(out, VIEW(" ]; }"));
    }
    (void)buf_add(out, VIEW(" );\n"));
}

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct ruleset *load(const char *path)
{
    struct ruleset *r = NULL;
    struct diags diags;
    struct limits limits = limits_default();
    struct ruleset_source source = {.paths = &path, .n_paths = 1};
    diags_init(&diags);
    if (ruleset_load(&source, &limits, &diags, &r) != STATUS_OK) {
        struct buf text;
        buf_init(&text, 1 << 20);
        (void)diags_print(&diags, &text);
        fprintf(stderr, "%.*s", VIEW_ARG(buf_view(&text)));
        buf_fini(&text);
    }
    diags_fini(&diags);
    return r;
}

static struct ruleset *load_text(struct view pack)
{
    char path[] = "/tmp/bench-rule-XXXXXX";
    int fd = mkstemp(path);
    bool ok = fd >= 0 && write(fd, pack.p, pack.n) == (ssize_t)pack.n;
    struct ruleset *r = ok ? load(path) : NULL;
    if (fd >= 0) {
        (void)close(fd);
        (void)unlink(path);
    }
    return r;
}

struct mail {
    struct buf raw;
    struct arena arena;
    struct message message;
    struct text text;
    struct indicators indicators;
    struct facts facts;
};

/* Microseconds for one message, the best of many rounds for each text; negative when something
 * failed. */
static double measure(const struct ruleset *r, const struct mail *mail, const char *label)
{
    struct limits limits = limits_default();
    struct matcher *m = NULL;
    struct arena arena;
    struct matches matches = {0};
    double best[TEXTS], all = 0;
    for (int k = 0; k < TEXTS; k++)
        best[k] = 1;
    arena_init(&arena, limits.arena_bytes);
    if (matcher_new(r, &limits, true, &m) != STATUS_OK)
        return -1;
    for (int i = 0; i < ROUNDS * TEXTS; i++) {
        int k = i % TEXTS;
        arena_reset(&arena);
        double from = seconds();
        if (matcher_run(m, &mail[k].facts, &arena, &matches) != STATUS_OK)
            return -1;
        double took = seconds() - from;
        best[k] = took < best[k] ? took : best[k];
    }
    for (int k = 0; k < TEXTS; k++)
        all += best[k] * 1e6 / TEXTS;
    uint32_t yes = 0;
    for (uint32_t i = 0; i < ruleset_n_rules(r); i++)
        yes += matches.outcome[i] == OUTCOME_YES;
    printf("%-24s %5u rules, %u words: %7.1f us, %u rules hit, %u unknown\n", label,
           ruleset_n_rules(r), mail[TEXTS - 1].text.n_words, all, yes, matches.n_unknown);
    arena_fini(&arena);
    matcher_free(&m);
    return all;
}

static bool bench(const struct mail *mail, const struct words *w, const char *packs)
{
    static const uint32_t sizes[] = {300, 3000};
    double took[2] = {-1, -1};
    for (int i = 0; i < 2; i++) {
        struct buf pack;
        buf_init(&pack, 1 << 24);
        pack_make(w, sizes[i], &pack);
        struct ruleset *r = load_text(buf_view(&pack));
        if (r != NULL)
            took[i] = measure(r, mail, "generated phrases");
        ruleset_free(&r);
        buf_fini(&pack);
    }
    if (took[0] <= 0 || took[1] <= 0)
        return false;
    printf("ten times the rules cost %.2f times as much\n", took[1] / took[0]);
    struct ruleset *r = packs != NULL ? load(packs) : NULL;
    if (r != NULL)
        (void)measure(r, mail, packs);
    ruleset_free(&r);
    return true;
}

static bool mail_make(const struct words *w, uint32_t seed, struct mail_reader *reader,
                      struct indicator_words *tables, struct mail *out)
{
    struct limits limits = limits_default();
    buf_init(&out->raw, 1 << 20);
    text_make(w, seed, &out->raw);
    arena_init(&out->arena, limits.arena_bytes);
    out->facts = (struct facts){reader, &out->message, &out->text, &out->indicators, NULL};
    return message_parse(reader, buf_view(&out->raw), &limits, &out->arena, &out->message) ==
               STATUS_OK &&
           text_read(reader, &out->message, &limits, &out->arena, &out->text) == STATUS_OK &&
           indicators_find(tables, &out->text, &limits, &out->arena, &out->indicators) == STATUS_OK;
}

int main(int argc, char **argv)
{
    static struct words words;
    static struct mail mail[TEXTS];
    struct mail_reader *reader = NULL;
    struct indicator_words *tables = indicator_words_new();
    words_make(&words);
    bool ok = tables != NULL && mail_reader_new(&reader) == STATUS_OK;
    for (uint32_t k = 0; k < TEXTS && ok; k++)
        ok = mail_make(&words, 99 + k, reader, tables, &mail[k]);
    ok = ok && bench(mail, &words, argc > 1 ? argv[1] : NULL);
    for (uint32_t k = 0; k < TEXTS; k++) {
        arena_fini(&mail[k].arena);
        buf_fini(&mail[k].raw);
    }
    mail_reader_free(&reader);
    indicator_words_free(&tables);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
