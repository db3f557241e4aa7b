#include "mta/engine.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

enum { SCANNERS_MAX = 64 };

/* Somebody who waits for a scanner. */
struct waiter {
    pthread_cond_t ready;
    struct scanner *given;
    struct waiter *next;
};

struct engine {
    struct policy *policy;              /* own reference */
    pthread_mutex_t lock;               /* for the pool below */
    struct scanner *idle[SCANNERS_MAX]; /* own */
    unsigned n_idle, n_made, max;
    struct waiter *first, *last; /* foreign: on the stacks of those who wait */
    struct counters counters;
    atomic_uint in_flight;
    unsigned char key[SEAL_KEY_BYTES];
    char host[256];
};

static enum status scanner_make(struct engine *e, struct scanner **out)
{
    return scanner_new(policy_ruleset(e->policy), &policy_settings(e->policy)->limits, out);
}

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
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    e->max = max_scanners > 0 ? max_scanners : processors > 0 ? (unsigned)processors : 1;
    if (e->max > SCANNERS_MAX)
        e->max = SCANNERS_MAX;
    e->policy = policy_ref(policy);
    /* Before the pool of random numbers is ready, early at boot, this waits. */
    if (getrandom(e->key, sizeof e->key, 0) != (ssize_t)sizeof e->key) {
        engine_free(&e);
        return STATUS_IO;
    }
    if (gethostname(e->host, sizeof e->host - 1) != 0 || e->host[0] == '\0')
        (void)snprintf(e->host, sizeof e->host, "localhost");
    enum status status = scanner_make(e, &e->idle[0]);
    if (status != STATUS_OK) {
        engine_free(&e);
        return status;
    }
    e->n_idle = e->n_made = 1;
    *out = e;
    return STATUS_OK;
}

void engine_free(struct engine **e)
{
    if (*e == NULL)
        return;
    for (unsigned i = 0; i < (*e)->n_idle; i++)
        scanner_free(&(*e)->idle[i]);
    policy_unref(&(*e)->policy);
    (void)pthread_mutex_destroy(&(*e)->lock);
    free(*e);
    *e = NULL;
}

const struct policy *engine_policy(const struct engine *e)
{
    return e->policy;
}

struct counters *engine_counters(struct engine *e)
{
    return &e->counters;
}

const unsigned char *engine_key(const struct engine *e)
{
    return e->key;
}

const char *engine_host(const struct engine *e)
{
    return e->host;
}

/* With the lock held. Waiters are served in the order they came: under load none starves. */
static struct scanner *scanner_await(struct engine *e)
{
    struct waiter w = {.ready = PTHREAD_COND_INITIALIZER};
    if (e->first == NULL)
        /* cppcheck-suppress autoVariables ; it is out of the queue before we return */
        e->first = &w;
    else
        e->last->next = &w;
    /* cppcheck-suppress autoVariables */
    e->last = &w;
    while (w.given == NULL)
        (void)pthread_cond_wait(&w.ready, &e->lock);
    (void)pthread_cond_destroy(&w.ready);
    return w.given;
}

struct scanner *engine_scanner_take(struct engine *e)
{
    struct scanner *s = NULL;
    (void)pthread_mutex_lock(&e->lock);
    if (e->n_idle == 0 && e->n_made < e->max) {
        e->n_made++;
        (void)pthread_mutex_unlock(&e->lock);
        /* Outside the lock: loading libmagic's data takes milliseconds. */
        enum status status = scanner_make(e, &s);
        (void)pthread_mutex_lock(&e->lock);
        if (status != STATUS_OK) {
            /* Then wait for one of those there are; the first was made at the start. */
            e->n_made--;
            log_line(LOG_LEVEL_WARNING, "cannot make another scanner (%s): waiting for one",
                     status_text(status));
        }
    }
    if (s == NULL)
        s = e->n_idle > 0 ? e->idle[--e->n_idle] : scanner_await(e);
    (void)pthread_mutex_unlock(&e->lock);
    return s;
}

void engine_scanner_return(struct engine *e, struct scanner *s)
{
    (void)pthread_mutex_lock(&e->lock);
    struct waiter *w = e->first;
    if (w != NULL) {
        e->first = w->next;
        w->given = s;
        (void)pthread_cond_signal(&w->ready);
    } else {
        e->idle[e->n_idle++] = s;
    }
    (void)pthread_mutex_unlock(&e->lock);
}

void engine_message_begin(struct engine *e)
{
    (void)atomic_fetch_add(&e->in_flight, 1);
}

void engine_message_end(struct engine *e)
{
    (void)atomic_fetch_sub(&e->in_flight, 1);
}

unsigned engine_in_flight(const struct engine *e)
{
    return atomic_load(&e->in_flight);
}

enum session_reply engine_refuse(struct engine *e, const char *why)
{
    bool tempfail = policy_settings(e->policy)->on_failure != FAILURE_ACCEPT;
    (void)atomic_fetch_add(&e->counters.failed, 1);
    log_line(LOG_LEVEL_ERROR, "qid=none failed=\"%s\" action=%s", why,
             tempfail ? "tempfail" : "accept");
    return tempfail ? SESSION_TEMPFAIL : SESSION_CONTINUE;
}

void engine_log_counters(const struct engine *e)
{
    const struct counters *c = &e->counters;
    log_line(LOG_LEVEL_INFO,
             "messages=%llu flagged=%llu held=%llu annotated=%llu declined=%llu incomplete=%llu "
             "bypassed=%llu failed=%llu",
             atomic_load(&c->messages), atomic_load(&c->flagged), atomic_load(&c->held),
             atomic_load(&c->annotated), atomic_load(&c->declined), atomic_load(&c->incomplete),
             atomic_load(&c->bypassed), atomic_load(&c->failed));
}
