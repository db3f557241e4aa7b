/* Results come in the order of the jobs, whatever the threads do; memory under way is bounded. */
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "program/pool.h"
#include "tests/test.h"

struct job {
    unsigned number;
    size_t weight;
    bool worked;
};

struct watch {
    unsigned next; /* the job that must be emitted next */
    unsigned out_of_order, unworked;
    atomic_uint emitting;
    atomic_uint clashes;
    atomic_size_t weight, heaviest;
    bool broken; /* workers give up */
    unsigned delay;
};

static void *worker_new(void *context)
{
    struct watch *w = context;
    return w->broken ? NULL : malloc(1);
}

static void worker_free(void *context, void *worker)
{
    (void)context;
    free(worker);
}

static void work(void *context, void *worker, void *item)
{
    (void)worker;
    struct watch *w = context;
    struct job *job = item;
    /* Every third job is slow, so that later ones finish first. */
    if (w->delay > 0 && job->number % 3 == 0) {
        struct timespec pause = {.tv_nsec = w->delay};
        (void)nanosleep(&pause, NULL);
    }
    job->worked = true;
}

static void emit(void *context, void *item)
{
    struct watch *w = context;
    struct job *job = item;
    if (atomic_fetch_add(&w->emitting, 1) != 0)
        atomic_fetch_add(&w->clashes, 1);
    w->out_of_order += job->number != w->next;
    w->unworked += !job->worked;
    w->next++;
    atomic_fetch_sub(&w->weight, job->weight);
    atomic_fetch_sub(&w->emitting, 1);
    free(job);
}

static const struct pool_ops ops = {worker_new, worker_free, work, emit};

static struct job *job_new(unsigned number, size_t weight)
{
    struct job *job = calloc(1, sizeof *job);
    assert_non_null(job);
    *job = (struct job){.number = number, .weight = weight};
    return job;
}

static void run_jobs(unsigned threads, unsigned n, unsigned delay, size_t weight, size_t max_weight)
{
    struct watch w = {.delay = delay};
    struct pool *p;
    assert_int_equal(pool_new(&ops, &w, threads, max_weight, &p), STATUS_OK);
    for (unsigned i = 0; i < n; i++) {
        size_t now = atomic_fetch_add(&w.weight, weight) + weight;
        assert_true(pool_push(p, job_new(i, weight), weight));
        if (now > atomic_load(&w.heaviest))
            atomic_store(&w.heaviest, now);
    }
    assert_true(pool_finish(&p));
    assert_null(p);
    assert_int_equal(w.next, n);
    assert_int_equal(w.out_of_order, 0);
    assert_int_equal(w.unworked, 0);
    assert_int_equal(atomic_load(&w.clashes), 0);
    /* One being pushed, and one emitted but not yet given back, beside what is allowed. */
    assert_true(atomic_load(&w.heaviest) <= max_weight + 2 * weight);
}

static void test_order(void **state)
{
    (void)state;
    run_jobs(1, 1000, 0, 1, 1000);
    run_jobs(2, 5000, 20000, 1, 1000);
    run_jobs(8, 5000, 20000, 1, 1000);
    run_jobs(POOL_THREADS_MAX, 2000, 1000, 1, 100000);
    run_jobs(4, 0, 0, 1, 10);
}

static void test_weight_holds_back(void **state)
{
    (void)state;
    run_jobs(4, 500, 100000, 10, 30);
    run_jobs(4, 100, 0, 1000, 30); /* each heavier than the ceiling: one at a time */
}

static void test_no_worker(void **state)
{
    (void)state;
    struct watch w = {.broken = true};
    struct pool *p;
    assert_int_equal(pool_new(&ops, &w, 3, 1000, &p), STATUS_OK);
    bool pushed = true;
    unsigned n = 0;
    while (pushed && n < 10000) {
        struct job *job = job_new(n, 1);
        pushed = pool_push(p, job, 1);
        n += pushed;
        if (!pushed)
            free(job);
    }
    assert_false(pushed);
    assert_true(pool_finish(&p) == (n == 0));
    assert_int_equal(w.next, n); /* what was taken is given back to be freed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_weight_holds_back),
        cmocka_unit_test(test_no_worker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
