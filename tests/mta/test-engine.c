/* Many sessions at once on few scanners, as libmilter's threads do it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "mta/mta.h"
#include "policy/fake-rule.h"
#include "test.h"

enum { THREADS = 8, MESSAGES = 40, SCANNERS = 3, RELOADS = 30 };

/* The played scanner tells who would share one, and how many run at once. */
struct scanner {
    struct scan scan;
    atomic_bool busy;
};

static atomic_int running, most, shared, made, refuse;

enum status scanner_new(const struct ruleset *ruleset, const struct limits *limits,
                        struct scanner **out)
{
    (void)ruleset;
    (void)limits;
    *out = NULL;
    if (atomic_load(&refuse) != 0)
        return STATUS_NO_MEMORY;
    *out = calloc(1, sizeof **out);
    (void)atomic_fetch_add(&made, 1);
    return *out != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status scanner_new_beside(const struct scanner *other, struct scanner **out)
{
    (void)other;
    return scanner_new(NULL, NULL, out);
}

void scanner_free(struct scanner **s)
{
    if (*s != NULL)
        (void)atomic_fetch_sub(&made, 1);
    free(*s);
    *s = NULL;
}

struct mail_reader *scanner_reader(struct scanner *s)
{
    (void)s;
    return NULL; /* nothing is flagged here */
}

void scanner_budget(struct scanner *s, bool (*poll)(void *context), void *context)
{
    (void)s;
    (void)poll;
    (void)context;
}

void scanner_watch(struct scanner *s, void (*done)(void *context, enum scan_stage stage),
                   void *context)
{
    (void)s;
    (void)done;
    (void)context;
}

enum status scanner_run(struct scanner *s, struct view raw, const struct envelope *envelope,
                        const struct scan **out)
{
    (void)raw;
    (void)envelope;
    if (atomic_exchange(&s->busy, true))
        (void)atomic_fetch_add(&shared, 1);
    int now = atomic_fetch_add(&running, 1) + 1, before = atomic_load(&most);
    while (now > before && !atomic_compare_exchange_weak(&most, &before, now))
        ;
    (void)nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    (void)atomic_fetch_sub(&running, 1);
    s->scan = (struct scan){.verdict = {.class_index = CLASS_NONE}};
    atomic_store(&s->busy, false);
    *out = &s->scan;
    return STATUS_OK;
}

static bool insert(void *mta, int index, const char *name, const char *value)
{
    (void)index;
    (void)name;
    (void)value;
    ++*(int *)mta;
    return true;
}

static bool change(void *mta, int index, const char *name, const char *value)
{
    return insert(mta, index, name, value);
}

static bool quarantine(void *mta, const char *reason)
{
    return insert(mta, 0, reason, NULL);
}

static void *messages(void *engine)
{
    static const struct mta_ops ops = {insert, change, quarantine, NULL, NULL, NULL, NULL};
    struct session *s = session_new(engine, true);
    size_t judged = 0;
    for (int i = 0; i < MESSAGES; i++) {
        int edits = 0;
        session_mail(s, "<a@b.test>", false);
        session_header(s, "Subject", " x");
        (void)session_eom(s, "Q", &ops, &edits);
        judged += edits == 2;
    }
    session_free(&s);
    return (void *)judged;
}

static struct policy *policy_make(void)
{
    struct policy *p = NULL;
    struct diags diags;
    diags_init(&diags);
    assert_int_equal(policy_load(NULL, NULL, 0, &diags, &p), STATUS_OK);
    diags_fini(&diags);
    return p;
}

static struct engine *engine_make(unsigned scanners)
{
    struct policy *p = policy_make();
    struct engine *e = NULL;
    assert_int_equal(engine_new(p, scanners, &e), STATUS_OK);
    policy_unref(&p);
    return e;
}

static size_t run_threads(struct engine *e)
{
    pthread_t threads[THREADS];
    size_t judged = 0;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, messages, e), 0);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        judged += (size_t)result;
    }
    return judged;
}

static void test_pool(void **state)
{
    (void)state;
    struct engine *e = engine_make(SCANNERS);
    assert_int_equal(run_threads(e), THREADS * MESSAGES);
    assert_int_equal(atomic_load(&shared), 0);
    assert_true(atomic_load(&most) <= SCANNERS);
    assert_true(atomic_load(&made) <= SCANNERS);
    assert_int_equal(engine_in_flight(e), 0);
    engine_free(&e);
    assert_int_equal(atomic_load(&made), 0);
}

/* Where no second scanner can be made, those who want one fail; those who wait are not forgotten.
 */
static void test_pool_without_memory(void **state)
{
    (void)state;
    struct engine *e = engine_make(SCANNERS);
    atomic_store(&refuse, 1);
    assert_int_equal(run_threads(e), THREADS * MESSAGES);
    assert_int_equal(atomic_load(&shared), 0);
    assert_int_equal(atomic_load(&made), 1);
    atomic_store(&refuse, 0);
    assert_int_equal(run_threads(e), THREADS * MESSAGES);
    engine_free(&e);
}

/* Reloads while all threads judge: no message is lost, and only the last generation remains. */
static void test_replace_under_load(void **state)
{
    (void)state;
    struct engine *e = engine_make(SCANNERS);
    pthread_t threads[THREADS];
    size_t judged = 0;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, messages, e), 0);
    for (int i = 0; i < RELOADS; i++) {
        struct policy *p = policy_make();
        assert_int_equal(engine_policy_replace(e, p), STATUS_OK);
        policy_unref(&p);
        (void)nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        judged += (size_t)result;
    }
    assert_int_equal(judged, THREADS * MESSAGES);
    assert_int_equal(atomic_load(&shared), 0);
    assert_int_equal(engine_in_flight(e), 0);
    assert_true(atomic_load(&made) <= SCANNERS);
    engine_free(&e);
    assert_int_equal(atomic_load(&made), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pool),
        cmocka_unit_test(test_pool_without_memory),
        cmocka_unit_test(test_replace_under_load),
    };
    /* Hundreds of equal log lines help nobody. */
    log_open(LOG_TARGET_SYSLOG, "test-engine", false);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
