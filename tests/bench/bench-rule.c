/*
 * What the rules stage costs for a mail-like English text of 20 kB, with 300 and with 3,000
 * generated phrase rules, and with the packs of this project. Everything is made from fixed seeds.
 * Several texts take turns: a processor learns the branches of one by heart.
 *
 * usage: bench-rule [PACKS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rule/rule.h"
#include "vocabulary.h"

enum { TEXT_BYTES = 20480, TEXTS = 8, ROUNDS = 300 };

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

static bool bench(const struct mail *mail, const struct vocabulary *w, const char *packs)
{
    static const uint32_t sizes[] = {300, 3000};
    double took[2] = {-1, -1};
    for (int i = 0; i < 2; i++) {
        struct buf pack;
        buf_init(&pack, 1 << 24);
        vocabulary_pack(w, sizes[i], &pack);
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

static bool mail_make(const struct vocabulary *w, uint32_t seed, struct mail_reader *reader,
                      struct indicator_words *tables, struct mail *out)
{
    struct limits limits = limits_default();
    buf_init(&out->raw, 1 << 20);
    vocabulary_mail(w, seed, TEXT_BYTES, &out->raw);
    arena_init(&out->arena, limits.arena_bytes);
    out->facts = (struct facts){reader, &out->message, &out->text, &out->indicators, NULL};
    return message_parse(reader, buf_view(&out->raw), &limits, &out->arena, &out->message) ==
               STATUS_OK &&
           text_read(reader, &out->message, &limits, &out->arena, &out->text) == STATUS_OK &&
           indicators_find(tables, &out->text, &limits, &out->arena, &out->indicators) == STATUS_OK;
}

int main(int argc, char **argv)
{
    static struct vocabulary words;
    static struct mail mail[TEXTS];
    struct mail_reader *reader = NULL;
    struct indicator_words *tables = indicator_words_new();
    vocabulary_make(&words);
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
