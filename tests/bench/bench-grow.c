/*
 * How cost grows: with the size of a mail, its parts, and the rules. bench-grow RULES; a line each
 * "growth<TAB>what<TAB>how much<TAB>stage<TAB>microseconds", for plot.awk. Thread CPU time, the
 * least disturbed of many rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mail.h"
#include "stage.h"
#include "vocabulary.h"

enum { MAIL_MAX = 8 << 20, RUNS = 60, RULES_TEXT = 20000 };

/* A hundredfold in steps of the root of ten. */
static const uint32_t steps[] = {100, 316, 1000, 3162, 10000};
enum { STEPS = sizeof steps / sizeof steps[0], MESSAGES = 100 };

static void line(const char *what, uint32_t much, const char *stage, double us)
{
    printf("growth\t%s\t%u\t%s\t%.2f\n", what, much, stage, us);
}

/* One message that may take its turn with others: a processor learns the branches of one by heart.
 */
typedef bool make(const void *context, uint32_t much, uint32_t number, struct buf *out);

/*
 * The messages of one size take turns, as many as have the bytes of the largest together; what one
 * of them costs.
 */
static bool grown(struct stages *s, const char *what, uint32_t much, uint32_t n, make *make_one,
                  const void *context, bool notice)
{
    enum { TURNS = 12 };
    static struct buf mail[MESSAGES];
    static double best[MESSAGES][STAGES], us[STAGES];
    double mean[STAGES] = {0}, all = 0;
    bool good = true, flagged;
    for (uint32_t k = 0; k < n; k++) {
        buf_init(&mail[k], MAIL_MAX);
        good = good && make_one(context, much, k, &mail[k]);
    }
    for (unsigned turn = 0; turn < TURNS && good; turn++)
        for (uint32_t k = 0; k < n && good; k++) {
            good = stages_run(s, buf_view(&mail[k]), notice, us, &flagged);
            for (unsigned i = 0; i < STAGES; i++)
                best[k][i] = turn == 0 || us[i] < best[k][i] ? us[i] : best[k][i];
        }
    for (uint32_t k = 0; k < n; k++) {
        for (unsigned i = 0; i < STAGES; i++)
            mean[i] += best[k][i] / n;
        buf_fini(&mail[k]);
    }
    for (unsigned i = 0; i < STAGES && good; i++) {
        if (i != STAGE_NOTICE || notice)
            line(what, much, stage_names[i], mean[i]);
        all += i != STAGE_NOTICE ? mean[i] : 0;
    }
    line(what, much, "all but notice", all);
    return good;
}

static bool plain_make(const void *context, uint32_t much, uint32_t number, struct buf *out)
{
    vocabulary_mail(context, 7 + number, much, out);
    return true;
}

static bool two_make(const void *context, uint32_t much, uint32_t number, struct buf *out)
{
    (void)context, (void)number;
    return mail_business(out, much, true, true);
}

/* So many texts of 1 kB. */
static bool parts_make(const void *context, uint32_t n, uint32_t number, struct buf *out)
{
    const struct vocabulary *w = context;
    uint32_t words = 5 + number;
    buf_clear(out);
    bool good =
        buf_add(out, VIEW("From: a@example.org\nTo: b@example.org\nSubject: parts\n"
                          "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n")) ==
        STATUS_OK;
    for (uint32_t i = 0; i < n && good; i++) {
        good =
            buf_add(out, VIEW("\n--b\nContent-Type: text/plain; charset=utf-8\n\n")) == STATUS_OK;
        for (size_t end = out->n + 1000; out->n < end && good;)
            good = buf_addf(out, "%s ", vocabulary_word(w, &words)) == STATUS_OK;
    }
    return good && buf_add(out, VIEW("\n--b--\n")) == STATUS_OK;
}

static struct ruleset *pack_load(const struct vocabulary *w, uint32_t n, double *ms)
{
    char path[] = "/tmp/bench-grow-XXXXXX";
    const char *paths[] = {path};
    const struct ruleset_source source = {.paths = paths, .n_paths = 1};
    struct limits limits = limits_default();
    struct ruleset *r = NULL;
    struct diags diags;
    struct buf pack;
    diags_init(&diags);
    buf_init(&pack, 1 << 26);
    vocabulary_pack(w, n, &pack);
    int fd = mkstemp(path);
    if (fd >= 0 && write(fd, pack.p, pack.n) == (ssize_t)pack.n) {
        double from = bench_now();
        (void)ruleset_load(&source, &limits, &diags, &r);
        *ms = (bench_now() - from) / 1000;
    }
    if (fd >= 0) {
        (void)close(fd);
        (void)unlink(path);
    }
    buf_fini(&pack);
    diags_fini(&diags);
    return r;
}

static bool rules_grow(struct stages *s, const struct vocabulary *w, uint32_t n, struct view raw)
{
    double ms = 0, us[STAGES];
    bool flagged;
    struct stages other = *s;
    other.ruleset = pack_load(w, n, &ms);
    other.matcher = NULL;
    bool good = other.ruleset != NULL &&
                matcher_new(other.ruleset, &s->limits, true, &other.matcher) == STATUS_OK &&
                stages_best(&other, raw, false, RUNS, us, &flagged) >= 0;
    if (good) {
        line("rules", n, "rules", us[STAGE_RULES]);
        line("rules", n, "loading them", ms * 1000);
    }
    matcher_free(&other.matcher);
    ruleset_free(&other.ruleset);
    s->arena = other.arena;
    return good;
}

int main(int argc, char **argv)
{
    static struct vocabulary words;
    struct stages s;
    struct buf mail;
    if (argc != 2) {
        fprintf(stderr, "usage: bench-grow RULES\n");
        return 64;
    }
    if (!stages_init(&s, argv[1], false))
        return 78;
    vocabulary_make(&words);
    buf_init(&mail, MAIL_MAX);
    bool good = true;
    for (unsigned i = 0; i < STEPS && good; i++)
        good = grown(&s, "bytes of plain text", steps[i] * 40, MESSAGES * steps[0] / steps[i],
                     plain_make, &words, false) &&
               grown(&s, "bytes of text and HTML", steps[i] * 40, MESSAGES * steps[0] / steps[i],
                     two_make, NULL, true) &&
               grown(&s, "parts of 1 kB", steps[i] * 8 / 100, MESSAGES * steps[0] / steps[i],
                     parts_make, &words, false);
    buf_clear(&mail);
    vocabulary_mail(&words, 7, RULES_TEXT, &mail);
    for (unsigned i = 0; i < STEPS && good; i++)
        good = rules_grow(&s, &words, steps[i], buf_view(&mail));
    buf_fini(&mail);
    stages_fini(&s);
    return good ? 0 : 70;
}
