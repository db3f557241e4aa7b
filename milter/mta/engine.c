#include "mta/engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "mta/count.h"
#include "mta/report.h"

struct engine {
    pthread_mutex_t lock;       /* for current, working, reload_errors, reload_time */
    struct generation *current; /* own reference: what the next message begins with */
    struct pace *working;       /* foreign: the clocks of messages that are being judged */
    struct buf reload_errors;
    time_t reload_time;
    struct metrics *metrics; /* own */
    struct alerts *alerts;   /* own */
    unsigned max_scanners;
    atomic_uint in_flight;
    atomic_bool closed;
    atomic_llong defer_logged; /* second of the last line about it */
    unsigned char key[SEAL_KEY_BYTES];
    char host[256];
};

enum status engine_new(struct policy *policy, unsigned max_scanners, struct engine **out)
{
    *out = NULL;
    struct engine *e = calloc(1, sizeof *e);
    if (e == NULL)
        return STATUS_NO_MEMORY;
    if (pthread_mutex_init(&e->lock, NULL) != 0) {
        free(e);
        return STATUS_NO_MEMORY;
    }
    e->max_scanners = max_scanners;
    buf_init(&e->reload_errors, RELOAD_ERRORS_MAX);
    e->metrics = metrics_new();
    if (e->metrics != NULL)
        e->alerts = alerts_new(e->metrics, e->key);
    if (e->alerts == NULL) {
        engine_free(&e);
        return STATUS_NO_MEMORY;
    }
    metrics_set(e->metrics, METRIC_START_TIME, (uint64_t)time(NULL));
    metrics_set(e->metrics, METRIC_RELOAD_TIME, (uint64_t)time(NULL));
    metrics_set(e->metrics, METRIC_RELOAD_OK, 1);
    metrics_set(e->metrics, METRIC_GENERATION, 1);
    /* Before the pool of random numbers is ready, early at boot, this waits. */
    if (getrandom(e->key, sizeof e->key, 0) != (ssize_t)sizeof e->key) {
        engine_free(&e);
        return STATUS_IO;
    }
    if (gethostname(e->host, sizeof e->host - 1) != 0 || e->host[0] == '\0')
        (void)snprintf(e->host, sizeof e->host, "localhost");
    enum status status = generation_new(policy, max_scanners, &e->current);
    if (status != STATUS_OK) {
        engine_free(&e);
        return status;
    }
    *out = e;
    return STATUS_OK;
}

void engine_free(struct engine **e)
{
    if (*e == NULL)
        return;
    generation_unref(&(*e)->current);
    (void)pthread_mutex_destroy(&(*e)->lock);
    buf_fini(&(*e)->reload_errors);
    if ((*e)->alerts != NULL)
        alerts_end((*e)->alerts, 0);
    alerts_free(&(*e)->alerts);
    metrics_free(&(*e)->metrics);
    free(*e);
    *e = NULL;
}

static struct generation *generation_current(struct engine *e)
{
    (void)pthread_mutex_lock(&e->lock);
    struct generation *g = generation_ref(e->current);
    (void)pthread_mutex_unlock(&e->lock);
    return g;
}

enum status engine_policy_replace(struct engine *e, struct policy *policy)
{
    struct generation *fresh;
    enum status status = generation_new(policy, e->max_scanners, &fresh);
    if (status != STATUS_OK)
        return status;
    (void)pthread_mutex_lock(&e->lock);
    struct generation *old = e->current;
    e->current = fresh;
    (void)pthread_mutex_unlock(&e->lock);
    generation_unref(&old);
    return STATUS_OK;
}

struct policy *engine_policy(struct engine *e)
{
    struct generation *g = generation_current(e);
    struct policy *p = policy_ref(generation_policy(g));
    generation_unref(&g);
    return p;
}

void engine_reload_note(struct engine *e, bool good, struct view errors)
{
    time_t now = time(NULL);
    metrics_count(e->metrics, good ? METRIC_RELOADS_SUCCESS : METRIC_RELOADS_FAILURE);
    metrics_set(e->metrics, METRIC_RELOAD_OK, good);
    if (good) {
        metrics_add(e->metrics, METRIC_GENERATION, 1);
        metrics_set(e->metrics, METRIC_RELOAD_TIME, (uint64_t)now);
    }
    (void)pthread_mutex_lock(&e->lock);
    e->reload_time = now;
    buf_clear(&e->reload_errors);
    /* Without memory for them the log still has them all. */
    (void)buf_add(&e->reload_errors, view_sub(errors, 0, RELOAD_ERRORS_MAX));
    (void)pthread_mutex_unlock(&e->lock);
}

time_t engine_reload_time(struct engine *e)
{
    (void)pthread_mutex_lock(&e->lock);
    time_t at = e->reload_time;
    (void)pthread_mutex_unlock(&e->lock);
    return at;
}

void engine_reload_errors(struct engine *e, struct buf *out)
{
    (void)pthread_mutex_lock(&e->lock);
    (void)buf_add(out, buf_view(&e->reload_errors));
    (void)pthread_mutex_unlock(&e->lock);
}

struct metrics *engine_metrics(struct engine *e)
{
    return e->metrics;
}

struct alerts *engine_alerts(struct engine *e)
{
    return e->alerts;
}

void engine_alerts_end(struct engine *e, unsigned seconds)
{
    alerts_end(e->alerts, seconds);
}

const unsigned char *engine_key(const struct engine *e)
{
    return e->key;
}

const char *engine_host(const struct engine *e)
{
    return e->host;
}

struct generation *engine_message_begin(struct engine *e)
{
    (void)atomic_fetch_add(&e->in_flight, 1);
    return generation_current(e);
}

void engine_message_end(struct engine *e, struct generation **g)
{
    generation_unref(g);
    (void)atomic_fetch_sub(&e->in_flight, 1);
}

unsigned engine_in_flight(const struct engine *e)
{
    return atomic_load(&e->in_flight);
}

void engine_close(struct engine *e)
{
    atomic_store(&e->closed, true);
}

bool engine_closed(const struct engine *e)
{
    return atomic_load(&e->closed);
}

void engine_work_begin(struct engine *e, struct pace *p)
{
    (void)pthread_mutex_lock(&e->lock);
    p->before = NULL;
    p->next = e->working;
    if (p->next != NULL)
        p->next->before = p;
    e->working = p;
    (void)pthread_mutex_unlock(&e->lock);
}

void engine_work_end(struct engine *e, struct pace *p)
{
    (void)pthread_mutex_lock(&e->lock);
    if (p->next != NULL)
        p->next->before = p->before;
    if (p->before != NULL)
        p->before->next = p->next;
    else
        e->working = p->next;
    (void)pthread_mutex_unlock(&e->lock);
}

double engine_overdue(struct engine *e)
{
    double most = -1;
    (void)pthread_mutex_lock(&e->lock);
    for (const struct pace *p = e->working; p != NULL; p = p->next) {
        double over = pace_overdue(p);
        most = over > most ? over : most;
    }
    (void)pthread_mutex_unlock(&e->lock);
    return most;
}

void engine_defer(struct engine *e, const char *why)
{
    struct timespec now;
    metrics_count(e->metrics, METRIC_DEFERRED);
    unsigned long long n = metrics_get(e->metrics, METRIC_DEFERRED);
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    long long last = atomic_load(&e->defer_logged);
    /* At most a line in ten seconds, whoever is first. */
    if (last != 0 && now.tv_sec - last < 10)
        return;
    if (atomic_compare_exchange_strong(&e->defer_logged, &last, (long long)now.tv_sec + 1))
        log_line(LOG_LEVEL_WARNING, "connections are told to come again later: %s (%llu so far)",
                 why, n);
}

enum session_reply engine_refuse(struct engine *e, enum failure failure, const char *why)
{
    struct policy *policy = engine_policy(e);
    bool tempfail = settings_failure(policy_settings(policy), failure) != FAILURE_ACCEPT;
    policy_unref(&policy);
    count_failed(e->metrics, failure, tempfail ? FAILURE_TEMPFAIL : FAILURE_ACCEPT);
    report_failed("none", why, failure_names[failure], tempfail ? "tempfail" : "accept",
                  UINT64_MAX);
    return tempfail ? SESSION_TEMPFAIL : SESSION_CONTINUE;
}

void engine_log_counters(const struct engine *e)
{
    const struct metrics *m = e->metrics;
    uint64_t flagged = metrics_get(m, METRIC_VERDICTS_YES), failed = 0;
    for (int i = METRIC_UNFILTERED_MEMORY; i <= METRIC_UNFILTERED_INTERNAL; i++)
        failed += metrics_get(m, (enum metric)i);
    const struct {
        const char *key;
        uint64_t n;
    } rows[] = {
        {"messages", metrics_get(m, METRIC_VERDICTS_NO) + flagged},
        {"flagged", flagged},
        {"held", metrics_get(m, METRIC_MESSAGES_QUARANTINE)},
        {"annotated", metrics_get(m, METRIC_NOTICES_WRAP) + metrics_get(m, METRIC_NOTICES_INLINE)},
        {"incomplete", metrics_get(m, METRIC_INCOMPLETE)},
        {"bypassed", metrics_get_names(m, METRIC_NAMES_BYPASSED)},
        {"deferred", metrics_get(m, METRIC_DEFERRED)},
        {"failed", failed},
        {"recorded", metrics_get(m, METRIC_EVIDENCE_RECORDED)},
        {"unrecorded", metrics_get(m, METRIC_EVIDENCE_FAILED)},
    };
    struct log_record r;
    record_begin(&r, LOG_LEVEL_INFO);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        record_count(&r, rows[i].key, rows[i].n);
    record_end(&r);
}
