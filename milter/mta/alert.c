#include "mta/alert.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mta/report.h"

enum {
    ATTEMPTS = 4,
    RETRY_SECONDS = 30, /* between two of them */
    HOUR = 3600,
};

struct alerts {
    pthread_mutex_t lock; /* for all below but metrics and key */
    pthread_cond_t changed;
    struct alert queue[ALERTS_MAX]; /* a ring */
    unsigned first, n;
    struct alert newest; /* of those beyond the rate; newest.more counts the others */
    bool suppressed;     /* newest is set */
    double tokens, at;   /* mails that may go now; when that was */
    bool started, ending, ended;
    pthread_t thread;
    struct metrics *metrics;  /* foreign */
    const unsigned char *key; /* foreign */
};

struct alerts *alerts_new(struct metrics *m, const unsigned char *key)
{
    pthread_condattr_t monotonic;
    struct alerts *a = calloc(1, sizeof *a);
    if (a == NULL)
        return NULL;
    a->metrics = m;
    a->key = key;
    a->tokens = -1;
    if (pthread_mutex_init(&a->lock, NULL) != 0) {
        free(a);
        return NULL;
    }
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&a->changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    return a;
}

void alerts_free(struct alerts **a)
{
    if (*a == NULL)
        return;
    (void)pthread_cond_destroy(&(*a)->changed);
    (void)pthread_mutex_destroy(&(*a)->lock);
    free(*a);
    *a = NULL;
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* With the lock; until something changes, or that time comes. */
static void wait_until(struct alerts *a, double when)
{
    struct timespec t = {.tv_sec = (time_t)when};
    t.tv_nsec = (long)((when - (double)t.tv_sec) * 1e9);
    (void)pthread_cond_timedwait(&a->changed, &a->lock, &t);
}

/* With the lock: how many may go, at most an hour's worth at once. */
static void tokens_refill(struct alerts *a, double rate)
{
    double t = now();
    a->tokens = a->tokens < 0 ? rate : a->tokens + (t - a->at) * rate / HOUR;
    if (a->tokens > rate)
        a->tokens = rate;
    a->at = t;
}

/* With the lock: what goes now. A single one beyond the rate waits for its turn with the count. */
static bool next_take(struct alerts *a, struct alert *out)
{
    while (a->n > 0) {
        *out = a->queue[a->first];
        a->first = (a->first + 1) % ALERTS_MAX;
        a->n--;
        tokens_refill(a, out->rate);
        if (a->tokens >= 1) {
            out->more = a->suppressed ? a->newest.more + 1 : 0;
            a->suppressed = false;
            a->tokens -= 1;
            return true;
        }
        out->more = a->suppressed ? a->newest.more + 1 : 0;
        a->newest = *out;
        a->suppressed = true;
        metrics_count(a->metrics, METRIC_ALERTS_SUPPRESSED);
        report_alert(out->queue_id, "suppressed", "more than alert.rate an hour");
    }
    if (!a->suppressed)
        return false;
    tokens_refill(a, a->newest.rate);
    if (a->tokens < 1 && !a->ending)
        return false;
    *out = a->newest;
    a->suppressed = false;
    a->tokens -= 1;
    return true;
}

static void send_one(struct alerts *a, const struct alert *alert)
{
    struct buf mail;
    char why[256] = "out of memory";
    buf_init(&mail, ALERT_MAIL_MAX);
    enum alert_outcome outcome = ALERT_LATER;
    enum status status = alert_write(alert, a->key, &mail);
    for (int i = 0; i < ATTEMPTS && outcome == ALERT_LATER && status == STATUS_OK; i++) {
        if (i > 0) {
            (void)pthread_mutex_lock(&a->lock);
            double until = now() + RETRY_SECONDS;
            while (!a->ending && now() < until)
                wait_until(a, until);
            /* At the end once more, and no waiting. */
            i = a->ending ? ATTEMPTS : i;
            (void)pthread_mutex_unlock(&a->lock);
        }
        outcome = alert_send(alert, buf_view(&mail), why);
        if (outcome == ALERT_LATER && i + 1 < ATTEMPTS)
            log_limited(LOG_LEVEL_WARNING, "an alert cannot be sent yet: %s", why);
    }
    buf_fini(&mail);
    metrics_count(a->metrics, outcome == ALERT_SENT ? METRIC_ALERTS_SENT : METRIC_ALERTS_FAILED);
    report_alert(alert->queue_id, outcome == ALERT_SENT ? "sent" : "failed",
                 outcome == ALERT_SENT ? NULL : why);
}

static void *work(void *context)
{
    struct alerts *a = context;
    struct alert alert;
    (void)pthread_mutex_lock(&a->lock);
    for (;;) {
        if (next_take(a, &alert)) {
            (void)pthread_mutex_unlock(&a->lock);
            send_one(a, &alert);
            (void)pthread_mutex_lock(&a->lock);
        } else if (a->ending) {
            break;
        } else if (a->suppressed) {
            wait_until(a, now() + (1 - a->tokens) * HOUR / a->newest.rate);
        } else {
            (void)pthread_cond_wait(&a->changed, &a->lock);
        }
    }
    a->ended = true;
    (void)pthread_cond_broadcast(&a->changed);
    (void)pthread_mutex_unlock(&a->lock);
    return NULL;
}

/* With the lock. Signals are for the first thread alone. */
static bool start(struct alerts *a)
{
    sigset_t all, before;
    if (a->started)
        return true;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    a->started = pthread_create(&a->thread, NULL, work, a) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return a->started;
}

void alerts_post(struct alerts *a, const struct alert *alert)
{
    const char *why = NULL;
    (void)pthread_mutex_lock(&a->lock);
    if (a->ending)
        why = "the daemon stops";
    else if (a->n == ALERTS_MAX)
        why = "too many are waiting";
    else if (!start(a))
        why = "cannot start a thread";
    else
        a->queue[(a->first + a->n++) % ALERTS_MAX] = *alert;
    (void)pthread_cond_broadcast(&a->changed);
    (void)pthread_mutex_unlock(&a->lock);
    if (why == NULL)
        return;
    metrics_count(a->metrics, METRIC_ALERTS_FAILED);
    report_alert(alert->queue_id, "failed", why);
}

void alerts_end(struct alerts *a, unsigned seconds)
{
    double until = now() + seconds;
    (void)pthread_mutex_lock(&a->lock);
    a->ending = true;
    (void)pthread_cond_broadcast(&a->changed);
    while (a->started && !a->ended && now() < until)
        wait_until(a, until);
    bool ended = a->ended || !a->started;
    unsigned left = a->n;
    (void)pthread_mutex_unlock(&a->lock);
    if (!ended)
        log_line(LOG_LEVEL_ERROR, "stopping with an alert on its way and %u waiting", left);
    else if (a->started)
        (void)pthread_join(a->thread, NULL);
    a->started = a->started && !ended;
}
