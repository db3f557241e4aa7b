/* Judges every message of a manifest and keeps what figures are made of. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "program/evaluate.h"
#include "program/fit.h"
#include "program/pool.h"
#include "program/progress.h"
#include "program/report.h"

enum { EXPLANATION_BYTES_MAX = 1 << 20 };

struct measuring {
    struct evaluation *e; /* foreign */
    struct crew crew;
    struct progress progress;
    bool explain; /* keep the explanations of errors */
    bool memory_out;
};

/* One message of a sample. */
struct trial {
    struct task task;
    const struct sample *sample; /* foreign */
    struct measured m;
    uint32_t *rules; /* own; that hit */
    uint32_t n_rules;
    struct buf why;
    struct fit_hit *hits; /* own; of m */
    enum status status;
};

static void trial_free(struct trial *t)
{
    task_fini(&t->task);
    free(t->rules);
    free(t->hits);
    buf_fini(&t->why);
    free(t);
}

static void *worker_new(void *context)
{
    const struct measuring *v = context;
    return crew_scanner(&v->crew);
}

static void worker_free(void *context, void *worker)
{
    (void)context;
    struct scanner *scanner = worker;
    scanner_free(&scanner);
}

static void keep_rules(struct trial *t, const struct scan *scan, uint32_t n_rules)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_rules; i++)
        n += scan->matches.outcome[i] == OUTCOME_YES;
    t->rules = calloc(n + (size_t)1, sizeof *t->rules);
    if (t->rules == NULL) {
        t->status = STATUS_NO_MEMORY;
        return;
    }
    for (uint32_t i = 0; i < n_rules; i++) {
        if (scan->matches.outcome[i] == OUTCOME_YES)
            t->rules[t->n_rules++] = i;
    }
}

static int by_facet(const void *a, const void *b)
{
    const struct reason *const *x = a, *const *y = b;
    if ((*x)->rule->facet != (*y)->rule->facet)
        return (*x)->rule->facet < (*y)->rule->facet ? -1 : 1;
    return (*x)->hit.rule < (*y)->hit.rule ? -1 : (*x)->hit.rule > (*y)->hit.rule;
}

/* What was weighed. Context is written as it came out, since its place decides what it gives. */
static void keep_hits(struct trial *t, const struct verdict *v)
{
    const struct reason **sorted = calloc(v->n_reasons + (size_t)1, sizeof *sorted);
    t->hits = calloc(v->n_reasons + (size_t)1, sizeof *t->hits);
    if (sorted == NULL || t->hits == NULL) {
        free(sorted);
        t->status = STATUS_NO_MEMORY;
        return;
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->n_reasons; i++) {
        const struct reason *r = &v->reasons[i];
        if (r->in_window && !r->rule->shadow && r->rule->facet < FACET_COUNT)
            sorted[n++] = r;
    }
    if (n > 0)
        qsort(sorted, n, sizeof(const struct reason *), by_facet);
    for (uint32_t i = 0; i < n; i++) {
        const struct reason *r = sorted[i];
        double share = r->rule->facet == FACET_CONTEXT ? -r->points / r->rule->weight
                       : r->quoted                     ? FIT_QUOTED
                                                       : 1;
        t->hits[i] = (struct fit_hit){r->hit.rule, (float)share};
    }
    t->m.n_hits = n;
    free(sorted);
}

static void work(void *context, void *worker, void *item)
{
    const struct measuring *v = context;
    struct trial *t = item;
    if (t->task.step != SOURCE_LETTER)
        return;
    const struct scan *scan;
    uint64_t began = progress_clock();
    t->status = scanner_run(worker, task_bytes(&t->task), NULL, &scan);
    if (t->status != STATUS_OK)
        return;
    const struct verdict *verdict = &scan->verdict;
    t->m = (struct measured){.sample = t->sample,
                             .number = t->task.letter.number,
                             .class_index = verdict->class_index,
                             .score = round(verdict->score * 1000) / 1000,
                             .ms = (double)(progress_clock() - began) / 1e6,
                             .bytes = (uint32_t)t->task.letter.n,
                             .flagged = verdict->flagged,
                             .incomplete = verdict->incomplete,
                             .nearest = verdict->nearest_class};
    for (unsigned f = 0; f < FACET_COUNT; f++)
        t->m.facets |= (uint16_t)((verdict->facets[f] > 0) << f);
    keep_rules(t, scan, ruleset_n_rules(v->crew.ruleset));
    if (v->e->keep_hits)
        keep_hits(t, verdict);
    if (v->explain && measured_is_error(&t->m)) {
        const struct report report = {t->task.path, t->m.number, scan, v->crew.ruleset, t->m.ms};
        const struct screen plain = {0};
        /* An explanation that cannot be had is left out; the figures stand. */
        if (report_why(&t->why, &plain, &report) != STATUS_OK)
            buf_clear(&t->why);
    }
}

static void complain(struct measuring *v, const struct trial *t, const char *text)
{
    progress_hide(&v->progress);
    if (t->sample->line > 0)
        (void)fprintf(stderr, "%s:%u: ", t->sample->manifest, t->sample->line);
    screen_complain(t->task.path, text);
}

/* A path is its sample's own unless the sample is a folder. */
static void name_message(struct measuring *v, struct trial *t)
{
    t->m.path = t->sample->path;
    t->m.file = t->sample->file;
    if (strcmp(t->task.path, t->sample->file) != 0)
        t->m.path = t->m.file = arena_string(&v->e->arena, view_of(t->task.path));
    if (t->why.n > 0)
        t->m.why = arena_string(&v->e->arena, buf_view(&t->why));
    if (t->m.n_hits > 0) {
        struct fit_hit *hits = arena_alloc(&v->e->arena, t->m.n_hits * sizeof *hits);
        if (hits != NULL)
            memcpy(hits, t->hits, t->m.n_hits * sizeof *hits);
        v->memory_out = v->memory_out || hits == NULL;
        t->m.hits = hits;
    }
}

static bool append(struct evaluation *e, const struct measured *m)
{
    if (e->n == e->cap) {
        size_t cap = e->cap == 0 ? 4096 : e->cap * 2;
        struct measured *v = realloc(e->v, cap * sizeof *v);
        if (v == NULL)
            return false;
        e->v = v;
        e->cap = cap;
    }
    e->v[e->n++] = *m;
    return true;
}

static void count(struct measuring *v, struct trial *t)
{
    struct evaluation *e = v->e;
    name_message(v, t);
    if (t->m.path == NULL || !append(e, &t->m)) {
        v->memory_out = true;
        return;
    }
    for (uint32_t i = 0; i < t->n_rules; i++)
        e->rule_hits[t->rules[i]][t->sample->label]++;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        e->facet_hits[f][t->sample->label] += t->m.facets >> f & 1;
}

static void emit(void *context, void *item)
{
    struct measuring *v = context;
    struct trial *t = item;
    if (t->task.step == SOURCE_LETTER && t->status == STATUS_OK) {
        count(v, t);
        progress_step(&v->progress, t->task.done);
    } else if (t->task.step == SOURCE_NOTE) {
        complain(v, t, t->task.text);
    } else {
        int code = t->task.step == SOURCE_LETTER ? EX_OSERR : trouble_of(t->task.step);
        complain(v, t, t->task.text != NULL ? t->task.text : "out of memory: no verdict");
        v->e->n_unreadable++;
        v->e->trouble = trouble_graver(v->e->trouble, code);
    }
    trial_free(t);
}

/* SIGINT and SIGTERM are blocked while measuring, and looked for between messages. */
static int pending_signal(void)
{
    sigset_t set;
    if (sigpending(&set) != 0)
        return 0;
    return sigismember(&set, SIGINT) == 1 ? SIGINT : sigismember(&set, SIGTERM) == 1 ? SIGTERM : 0;
}

static bool feed_sample(struct measuring *v, struct pool *pool, const struct sample *sample,
                        double done)
{
    struct source *source = source_new(&sample->file, 1, v->crew.limits.message_bytes);
    bool fed = source != NULL;
    struct source_event event;
    enum source_step step;
    while (fed && v->e->interrupted == 0 && (step = source_next(source, &event)) != SOURCE_END) {
        struct trial *t = calloc(1, sizeof *t);
        if (t == NULL) {
            free(event.letter.bytes);
            fed = false;
            break;
        }
        t->sample = sample;
        buf_init(&t->why, EXPLANATION_BYTES_MAX);
        fed = task_init(&t->task, &event, step, done + source_done(source)) &&
              pool_push(pool, t, t->task.letter.n);
        if (!fed)
            trial_free(t);
        v->e->interrupted = pending_signal();
    }
    source_free(&source);
    return fed;
}

int evaluation_measure(struct evaluation *e, const struct limits *limits, bool explain,
                       bool wants_progress)
{
    static const struct pool_ops ops = {worker_new, worker_free, work, emit};
    struct measuring v = {.e = e, .crew = {e->ruleset, *limits}, .explain = explain};
    sigset_t held;
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &held, NULL);
    e->rule_hits = calloc(ruleset_n_rules(e->ruleset) + (size_t)1, sizeof *e->rule_hits);
    struct pool *pool = NULL;
    progress_begin(&v.progress, wants_progress, (double)e->manifest.n);
    bool done =
        e->rule_hits != NULL && pool_new(&ops, &v, e->jobs, TASK_QUEUE_BYTES, &pool) == STATUS_OK;
    for (uint32_t i = 0; done && i < e->manifest.n && e->interrupted == 0; i++)
        done = feed_sample(&v, pool, &e->manifest.v[i], i);
    done = pool_finish(&pool) && done && !v.memory_out;
    e->seconds = progress_seconds(&v.progress);
    progress_hide(&v.progress);
    if (!done) {
        screen_complain(NULL, CREW_FAILED);
        return EX_OSERR;
    }
    if (figures_make(e->v, e->n, e->ruleset, &e->figures) != STATUS_OK) {
        screen_complain(NULL, "out of memory");
        return EX_OSERR;
    }
    return 0;
}
