/*
 * Work done by several threads, results taken in the order in which it was given. The queue is
 * bounded by jobs and by the weight (bytes) of what is under way, so that a slow reader of the
 * results, or a mailbox of large mails, holds back the one who pushes and not the memory.
 *
 * One thread pushes. emit is called by the worker that finishes the oldest job, never by two at
 * once, always in order; a result is not held back until the next push.
 */
#ifndef PROGRAM_POOL_H
#define PROGRAM_POOL_H

#include "base/base.h"

struct pool;

struct pool_ops {
    /* A worker's own state, made on its thread; NULL: this worker gives up. */
    void *(*worker_new)(void *context);
    void (*worker_free)(void *context, void *worker);
    void (*work)(void *context, void *worker, void *job);
    /* Takes the job over and frees it. */
    void (*emit)(void *context, void *job);
};

enum { POOL_THREADS_MAX = 256 };

/* n_threads: 1 to POOL_THREADS_MAX. STATUS_NO_MEMORY, or STATUS_IO when no thread starts. */
enum status pool_new(const struct pool_ops *ops, void *context, unsigned n_threads,
                     size_t max_weight, struct pool **out);
/*
 * Waits for room. A job heavier than the ceiling goes when nothing else is under way. False when no
 * worker is left: the job stays the caller's.
 */
bool pool_push(struct pool *p, void *job, size_t weight);
/* Waits until all is done and emitted, then frees. False when no worker was left for some job. */
bool pool_finish(struct pool **p);

/* Processors this process may use, at least 1. */
unsigned pool_processors(void);

#endif
