/* Deadlines, and what each kind of failure means for the mail. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "mta/fake-scanner.h"
#include "mta/generation.h"
#include "mta/mta.h"
#include "mta/pace.h"
#include "policy/fake-rule.h"
#include "test.h"

#define CONF "test-pace.tmp"
#define BUSY 10 /* seconds that a busy machine may take longer */

/* The played MTA counts. */
struct played {
    int edits, holds, progress;
    bool progress_late; /* after an edit */
    int refuse_at;      /* the edit that is refused, from 1 */
};

static bool edit(struct played *p)
{
    return ++p->edits != p->refuse_at;
}

static bool insert(void *mta, int index, const char *name, const char *value)
{
    (void)index;
    (void)name;
    (void)value;
    return edit(mta);
}

static bool change(void *mta, int index, const char *name, const char *value)
{
    return insert(mta, index, name, value);
}

static bool quarantine(void *mta, const char *reason)
{
    (void)reason;
    ((struct played *)mta)->holds++;
    return true;
}

static bool progress(void *mta)
{
    struct played *p = mta;
    p->progress++;
    p->progress_late = p->progress_late || p->edits > 0;
    return true;
}

static const struct mta_ops ops = {.header_insert = insert,
                                   .header_change = change,
                                   .quarantine = quarantine,
                                   .progress = progress};

static struct engine *engine_with(const char *conf, unsigned scanners)
{
    struct policy *p = NULL;
    struct engine *e = NULL;
    struct diags diags;
    FILE *f = fopen(CONF, "w");
    assert_non_null(f);
    assert_true(fputs(conf, f) >= 0);
    assert_int_equal(fclose(f), 0);
    diags_init(&diags);
    assert_int_equal(policy_load(CONF, NULL, 0, &diags, &p), STATUS_OK);
    diags_fini(&diags);
    (void)unlink(CONF);
    assert_int_equal(engine_new(p, scanners, &e), STATUS_OK);
    policy_unref(&p);
    return e;
}

static int setup(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    return fake.scanners == 0 && fake_rulesets == 0 ? 0 : -1;
}

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum session_reply one_message(struct engine *e, struct played *mta)
{
    struct session *s = session_new(e, true);
    session_mail(s, "<a@sender.test>", false);
    session_header(s, "Subject", " x");
    session_eoh(s);
    (void)session_body(s, VIEW("hello\r\n"));
    enum session_reply reply = session_eom(s, "Q", &ops, mta);
    session_free(&s);
    return reply;
}

/* on_failure is the answer to all kinds that have none of their own; to no other kind. */
static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *label, *conf;
        enum status status;
        int refuse_at;
        bool incomplete, flagged;
        enum session_reply reply;
        int holds;
    } rows[] = {
        {"memory, its own", "failure = { memory = \"tempfail\"; };", STATUS_NO_MEMORY, 0, false,
         false, SESSION_TEMPFAIL, 0},
        {"memory, default", "on_failure = \"tempfail\"; failure = { edit = \"accept\"; };",
         STATUS_NO_MEMORY, 0, false, false, SESSION_TEMPFAIL, 0},
        {"memory is no edit", "failure = { edit = \"tempfail\"; };", STATUS_NO_MEMORY, 0, false,
         false, SESSION_CONTINUE, 0},
        {"accept against the default",
         "on_failure = \"quarantine\"; failure = { memory = \"accept\"; };", STATUS_NO_MEMORY, 0,
         false, false, SESSION_CONTINUE, 0},
        {"memory, held", "failure = { memory = \"quarantine\"; };", STATUS_NO_MEMORY, 0, false,
         false, SESSION_CONTINUE, 1},
        {"deadline", "failure = { deadline = \"tempfail\"; };", STATUS_DEADLINE, 0, false, false,
         SESSION_TEMPFAIL, 0},
        {"internal", "failure = { internal = \"tempfail\"; };", STATUS_IO, 0, false, false,
         SESSION_TEMPFAIL, 0},
        {"edit", "failure = { edit = \"tempfail\"; };", STATUS_OK, 1, false, false,
         SESSION_TEMPFAIL, 0},
        {"limits do not follow on_failure", "on_failure = \"tempfail\";", STATUS_OK, 0, true, false,
         SESSION_CONTINUE, 0},
        {"limits", "failure = { limits = \"tempfail\"; };", STATUS_OK, 0, true, false,
         SESSION_TEMPFAIL, 0},
        {"limits, held", "failure = { limits = \"quarantine\"; };", STATUS_OK, 0, true, false,
         SESSION_CONTINUE, 1},
        {"limits follow it when asked",
         "on_failure = \"tempfail\"; failure = { limits = \"default\"; };", STATUS_OK, 0, true,
         false, SESSION_TEMPFAIL, 0},
        {"a limit, but flagged", "failure = { limits = \"tempfail\"; };", STATUS_OK, 0, true, true,
         SESSION_CONTINUE, 0},
        {"no limit", "failure = { limits = \"tempfail\"; };", STATUS_OK, 0, false, false,
         SESSION_CONTINUE, 0},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct played mta = {.refuse_at = rows[i].refuse_at};
        struct engine *e = engine_with(rows[i].conf, 1);
        fake.run_status = rows[i].status;
        fake.verdict = (struct verdict){.class_index = rows[i].flagged ? 0 : CLASS_NONE,
                                        .flagged = rows[i].flagged,
                                        .score = rows[i].flagged ? 9 : 0,
                                        .incomplete = rows[i].incomplete};
        failures += row_check(one_message(e, &mta) == rows[i].reply, rows[i].label, "reply");
        failures += row_check(mta.holds == rows[i].holds, rows[i].label, "held");
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
}

static void test_refusal_at_connect(void **state)
{
    (void)state;
    static const struct {
        const char *conf;
        enum session_reply reply;
    } rows[] = {
        {"", SESSION_CONTINUE},
        {"on_failure = \"tempfail\";", SESSION_TEMPFAIL},
        {"failure = { overload = \"tempfail\"; };", SESSION_TEMPFAIL},
        {"failure = { overload = \"quarantine\"; };", SESSION_TEMPFAIL},
        {"on_failure = \"tempfail\"; failure = { overload = \"accept\"; };", SESSION_CONTINUE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine *e = engine_with(rows[i].conf, 1);
        assert_int_equal(engine_refuse(e, FAILED_OVERLOAD, "test"), rows[i].reply);
        engine_free(&e);
    }
}

/* The scanner would work for far longer. */
static void test_deadline(void **state)
{
    (void)state;
    struct played mta = {0};
    struct engine *e = engine_with("deadline = 0.3; failure = { deadline = \"tempfail\"; };", 1);
    fake.usleep = 60000000;
    double began = seconds();
    assert_int_equal(one_message(e, &mta), SESSION_TEMPFAIL);
    double took = seconds() - began;
    assert_true(took >= 0.3);
    assert_true(took < 0.3 + BUSY);
    fake.usleep = 0;
    assert_int_equal(one_message(e, &mta), SESSION_CONTINUE);
    engine_free(&e);
}

/* Whoever waits for a scanner that somebody has fails in time. */
static void test_waiting_counts(void **state)
{
    (void)state;
    struct played mta = {0};
    struct engine *e = engine_with("deadline = 1.5; failure = { deadline = \"tempfail\"; };", 1);
    struct policy *p = engine_policy(e);
    struct generation *g = NULL;
    assert_int_equal(generation_new(p, 1, &g), STATUS_OK);
    struct scanner *s = generation_scanner_take(g, NULL);
    assert_non_null(s);
    /* Nobody gives it back before time is up. */
    struct pace pace;
    pace_begin(&pace, 0.25, &ops, &mta);
    struct budget budget = {.poll = pace_over, .context = &pace};
    double began = seconds();
    assert_null(generation_scanner_take(g, &budget));
    assert_true(seconds() - began >= 0.25);
    assert_true(seconds() - began < 0.25 + BUSY);
    /* Whoever left the queue is not served any more. */
    generation_scanner_return(g, s);
    assert_ptr_equal(generation_scanner_take(g, NULL), s);
    generation_scanner_return(g, s);
    generation_unref(&g);
    policy_unref(&p);
    engine_free(&e);
}

/* The MTA hears of us while we work and while we wait; never after the first edit. */
static void test_progress(void **state)
{
    (void)state;
    struct played mta = {0};
    struct engine *e = engine_with("deadline = 20;", 1);
    fake.usleep = 5500000;
    assert_int_equal(one_message(e, &mta), SESSION_CONTINUE);
    assert_true(mta.progress >= 2);
    assert_false(mta.progress_late);
    assert_int_equal(mta.edits, 2);
    engine_free(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refusal_at_connect, setup, teardown),
        cmocka_unit_test_setup_teardown(test_deadline, setup, teardown),
        cmocka_unit_test_setup_teardown(test_waiting_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_progress, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
