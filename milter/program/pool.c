#include "program/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

enum slot_state { SLOT_FREE, SLOT_WAITING, SLOT_WORKING, SLOT_DONE };

struct slot {
    void *job;
    size_t weight;
    enum slot_state state;
};

/* A ring: [head, taken) is being worked on or done, [taken, tail) waits. */
struct pool {
    struct pool_ops ops;
    void *context; /* foreign */
    size_t max_weight;
    pthread_mutex_t lock;
    pthread_cond_t has_work, has_room;
    struct slot *slot; /* own */
    size_t n_slots;
    uint64_t head, taken, tail; /* ever rising; the slot is the number modulo n_slots */
    size_t weight;
    unsigned n_alive; /* workers that have not given up */
    bool emitting, closing;
    unsigned n_threads;
    pthread_t thread[POOL_THREADS_MAX];
};

unsigned pool_processors(void)
{
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
#endif
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

static struct slot *slot_at(struct pool *p, uint64_t number)
{
    return &p->slot[number % p->n_slots];
}

/* Called with the lock held; gives it up while emitting. */
static void emit_done(struct pool *p)
{
    if (p->emitting)
        return;
    p->emitting = true;
    while (p->head < p->taken && slot_at(p, p->head)->state == SLOT_DONE) {
        struct slot *s = slot_at(p, p->head);
        (void)pthread_mutex_unlock(&p->lock);
        p->ops.emit(p->context, s->job);
        (void)pthread_mutex_lock(&p->lock);
        p->weight -= s->weight;
        *s = (struct slot){.state = SLOT_FREE};
        p->head++;
        (void)pthread_cond_signal(&p->has_room);
    }
    p->emitting = false;
}

static void give_up(struct pool *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->n_alive--;
    (void)pthread_cond_broadcast(&p->has_room);
    (void)pthread_mutex_unlock(&p->lock);
}

static void *run(void *pool)
{
    struct pool *p = pool;
    void *worker = p->ops.worker_new(p->context);
    if (worker == NULL) {
        give_up(p);
        return NULL;
    }
    (void)pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->taken == p->tail && !p->closing)
            (void)pthread_cond_wait(&p->has_work, &p->lock);
        if (p->taken == p->tail)
            break;
        struct slot *s = slot_at(p, p->taken++);
        s->state = SLOT_WORKING;
        (void)pthread_mutex_unlock(&p->lock);
        p->ops.work(p->context, worker, s->job);
        (void)pthread_mutex_lock(&p->lock);
        s->state = SLOT_DONE;
        emit_done(p);
    }
    (void)pthread_mutex_unlock(&p->lock);
    p->ops.worker_free(p->context, worker);
    return NULL;
}

static void pool_free(struct pool **p)
{
    free((*p)->slot);
    (void)pthread_cond_destroy(&(*p)->has_work);
    (void)pthread_cond_destroy(&(*p)->has_room);
    (void)pthread_mutex_destroy(&(*p)->lock);
    free(*p);
    *p = NULL;
}

enum status pool_new(const struct pool_ops *ops, void *context, unsigned n_threads,
                     size_t max_weight, struct pool **out)
{
    *out = NULL;
    struct pool *p = calloc(1, sizeof *p);
    if (p == NULL)
        return STATUS_NO_MEMORY;
    n_threads = n_threads < 1 ? 1 : n_threads > POOL_THREADS_MAX ? POOL_THREADS_MAX : n_threads;
    p->ops = *ops;
    p->context = context;
    p->max_weight = max_weight;
    /* Enough that one slow message does not leave the other workers idle. */
    p->n_slots = (size_t)n_threads * 16;
    p->slot = calloc(p->n_slots, sizeof *p->slot);
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->has_work, NULL);
    (void)pthread_cond_init(&p->has_room, NULL);
    if (p->slot == NULL) {
        pool_free(&p);
        return STATUS_NO_MEMORY;
    }
    (void)pthread_mutex_lock(&p->lock);
    while (p->n_threads < n_threads && pthread_create(&p->thread[p->n_threads], NULL, run, p) == 0)
        p->n_threads++;
    p->n_alive = p->n_threads;
    (void)pthread_mutex_unlock(&p->lock);
    if (p->n_threads == 0) {
        pool_free(&p);
        return STATUS_IO;
    }
    *out = p;
    return STATUS_OK;
}

bool pool_push(struct pool *p, void *job, size_t weight)
{
    (void)pthread_mutex_lock(&p->lock);
    while (p->n_alive > 0 && p->head < p->tail &&
           (p->tail - p->head == p->n_slots || p->weight >= p->max_weight ||
            weight > p->max_weight - p->weight))
        (void)pthread_cond_wait(&p->has_room, &p->lock);
    bool alive = p->n_alive > 0;
    if (alive) {
        *slot_at(p, p->tail++) = (struct slot){job, weight, SLOT_WAITING};
        p->weight += weight;
        (void)pthread_cond_signal(&p->has_work);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return alive;
}

bool pool_finish(struct pool **pool)
{
    struct pool *p = *pool;
    if (p == NULL)
        return true;
    (void)pthread_mutex_lock(&p->lock);
    p->closing = true;
    (void)pthread_cond_broadcast(&p->has_work);
    (void)pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->n_threads; i++)
        (void)pthread_join(p->thread[i], NULL);
    /* Only when every worker gave up is anything left; it is emitted unworked, to be freed. */
    bool complete = p->head == p->tail;
    for (; p->head < p->tail; p->head++)
        p->ops.emit(p->context, slot_at(p, p->head)->job);
    pool_free(pool);
    return complete;
}
