#include "mta/fake-scanner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/fake-rule.h"

struct scanner {
    struct scan scan;
    struct mail_reader *reader; /* made when it is asked for */
    struct budget budget;
    void (*stage_done)(void *context, enum scan_stage stage);
    void *stage_context;
};

struct fake_scanner fake;

void fake_reset(void)
{
    int scanners = fake.scanners;
    fake = (struct fake_scanner){.scanners = scanners};
    fake.verdict.class_index = CLASS_NONE;
}

enum status scanner_new(const struct ruleset *ruleset, const struct limits *limits,
                        struct scanner **out)
{
    (void)ruleset;
    (void)limits;
    *out = fake.new_status == STATUS_OK ? calloc(1, sizeof **out) : NULL;
    fake.scanners += *out != NULL;
    return fake.new_status;
}

enum status scanner_new_beside(const struct scanner *other, struct scanner **out)
{
    (void)other;
    return scanner_new(NULL, NULL, out);
}

void scanner_free(struct scanner **s)
{
    fake.scanners -= *s != NULL;
    if (*s != NULL)
        mail_reader_free(&(*s)->reader);
    free(*s);
    *s = NULL;
}

struct mail_reader *scanner_reader(struct scanner *s)
{
    if (s->reader == NULL)
        (void)mail_reader_new(&s->reader);
    return s->reader;
}

void scanner_budget(struct scanner *s, bool (*poll)(void *context), void *context)
{
    s->budget = (struct budget){.poll = poll, .context = context};
}

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void scanner_watch(struct scanner *s, void (*done)(void *context, enum scan_stage stage),
                   void *context)
{
    s->stage_done = done;
    s->stage_context = context;
}

enum status scanner_run(struct scanner *s, struct view raw, const struct envelope *envelope,
                        const struct scan **out)
{
    static const double none[FAKE_CLASSES];
    fake.runs++;
    for (enum scan_stage t = SCAN_PARSE; s->stage_done != NULL && t <= SCAN_VERDICT; t++)
        s->stage_done(s->stage_context, t);
    fake.raw_n = raw.n < sizeof fake.raw - 1 ? raw.n : sizeof fake.raw - 1;
    if (raw.n > 0)
        memcpy(fake.raw, raw.p, fake.raw_n);
    fake.raw[fake.raw_n] = '\0';
    struct buf text;
    buf_init(&text, sizeof fake.envelope - 1);
    enum status status = buf_addf(&text, "%.*s|", VIEW_ARG(envelope->sender));
    for (uint32_t i = 0; i < envelope->n_recipients && status == STATUS_OK; i++)
        status = buf_addf(&text, "%s%.*s", i > 0 ? "," : "", VIEW_ARG(envelope->recipients[i]));
    if (status == STATUS_OK)
        status = buf_addf(&text, "|%.*s|%.*s|%s", VIEW_ARG(envelope->client_address),
                          VIEW_ARG(envelope->helo), envelope->authenticated ? "auth" : "");
    (void)snprintf(fake.envelope, sizeof fake.envelope, "%.*s", VIEW_ARG(buf_view(&text)));
    buf_fini(&text);
    for (double end = seconds() + fake.usleep / 1e6; seconds() < end;) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000L}, NULL);
        if (budget_spent(&s->budget))
            return STATUS_DEADLINE;
    }
    s->scan.verdict = fake.verdict;
    if (fake.verdict.class_index != CLASS_NONE)
        s->scan.verdict.class_id = ruleset_class(NULL, fake.verdict.class_index)->id;
    s->scan.verdict.class_scores = fake.scores != NULL ? fake.scores : none;
    *out = fake.run_status == STATUS_OK ? &s->scan : NULL;
    return fake.run_status;
}
