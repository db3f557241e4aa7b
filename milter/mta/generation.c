#include "mta/generation.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    SCANNERS_MAX = 64,
    ASK_MS = 100, /* how often who waits looks at the budget */
};

/* Somebody who waits for a scanner. */
struct waiter {
    pthread_cond_t ready;
    struct scanner *given;
    struct waiter *next;
};

struct generation {
    atomic_uint references;
    struct policy *policy;              /* own reference */
    pthread_mutex_t lock;               /* for the pool below */
    struct scanner *idle[SCANNERS_MAX]; /* own */
    struct scanner *oldest;             /* one of the scanners, which lends to the others */
    unsigned n_idle, n_made, max;
    struct waiter *first, *last; /* foreign: on the stacks of those who wait */
};

enum status generation_new(struct policy *policy, unsigned max_scanners, struct generation **out)
{
    *out = NULL;
    struct generation *g = calloc(1, sizeof *g);
    if (g == NULL)
        return STATUS_NO_MEMORY;
    if (pthread_mutex_init(&g->lock, NULL) != 0) {
        free(g);
        return STATUS_NO_MEMORY;
    }
    atomic_init(&g->references, 1);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    g->max = max_scanners > 0 ? max_scanners : processors > 0 ? (unsigned)processors : 1;
    if (g->max > SCANNERS_MAX)
        g->max = SCANNERS_MAX;
    g->policy = policy_ref(policy);
    enum status status =
        scanner_new(policy_ruleset(policy), &policy_settings(policy)->limits, &g->idle[0]);
    if (status != STATUS_OK) {
        generation_unref(&g);
        return status;
    }
    g->oldest = g->idle[0];
    g->n_idle = g->n_made = 1;
    *out = g;
    return STATUS_OK;
}

struct generation *generation_ref(struct generation *g)
{
    (void)atomic_fetch_add_explicit(&g->references, 1, memory_order_relaxed);
    return g;
}

void generation_unref(struct generation **g)
{
    struct generation *old = *g;
    *g = NULL;
    if (old == NULL || atomic_fetch_sub_explicit(&old->references, 1, memory_order_acq_rel) != 1)
        return;
    for (unsigned i = 0; i < old->n_idle; i++)
        if (old->idle[i] != old->oldest)
            scanner_free(&old->idle[i]);
    scanner_free(&old->oldest);
    policy_unref(&old->policy);
    (void)pthread_mutex_destroy(&old->lock);
    free(old);
}

struct policy *generation_policy(const struct generation *g)
{
    return g->policy;
}

static void queue_leave(struct generation *g, const struct waiter *w)
{
    struct waiter *before = NULL;
    for (struct waiter *v = g->first; v != w; v = v->next)
        before = v;
    if (before == NULL)
        g->first = w->next;
    else
        before->next = w->next;
    if (g->last == w)
        g->last = before;
}

/* A moment, or less when a scanner is given. */
static void moment_wait(struct generation *g, struct waiter *w)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ASK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_cond_timedwait(&w->ready, &g->lock, &until);
}

/* With the lock held. Waiters are served in the order they came: under load none starves. */
static struct scanner *scanner_await(struct generation *g, struct budget *budget)
{
    struct waiter w = {0};
    pthread_condattr_t monotonic;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&w.ready, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    if (g->first == NULL)
        /* cppcheck-suppress autoVariables ; it is out of the queue before we return */
        g->first = &w;
    else
        g->last->next = &w;
    /* cppcheck-suppress autoVariables */
    g->last = &w;
    bool over = false;
    while (w.given == NULL && !over) {
        moment_wait(g, &w);
        /* What is asked may write to the MTA: others must not wait for that. */
        (void)pthread_mutex_unlock(&g->lock);
        over = budget_spent(budget);
        (void)pthread_mutex_lock(&g->lock);
    }
    if (w.given == NULL)
        queue_leave(g, &w);
    (void)pthread_cond_destroy(&w.ready);
    return w.given;
}

struct scanner *generation_scanner_take(struct generation *g, struct budget *budget)
{
    struct scanner *s = NULL;
    (void)pthread_mutex_lock(&g->lock);
    if (g->n_idle == 0 && g->n_made < g->max) {
        g->n_made++;
        (void)pthread_mutex_unlock(&g->lock);
        /* Outside the lock: loading libmagic's data takes milliseconds. */
        enum status status = scanner_new_beside(g->oldest, &s);
        (void)pthread_mutex_lock(&g->lock);
        if (status != STATUS_OK) {
            /* Then wait for one of those there are; the first was made at the start. */
            g->n_made--;
            log_limited(LOG_LEVEL_WARNING, "cannot make another scanner (%s): waiting for one",
                        status_text(status));
        }
    }
    if (s == NULL)
        s = g->n_idle > 0 ? g->idle[--g->n_idle] : scanner_await(g, budget);
    (void)pthread_mutex_unlock(&g->lock);
    return s;
}

void generation_scanner_return(struct generation *g, struct scanner *s)
{
    (void)pthread_mutex_lock(&g->lock);
    struct waiter *w = g->first;
    if (w != NULL) {
        g->first = w->next;
        w->given = s;
        (void)pthread_cond_signal(&w->ready);
    } else {
        g->idle[g->n_idle++] = s;
    }
    (void)pthread_mutex_unlock(&g->lock);
}
