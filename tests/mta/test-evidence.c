/* Evidence: what is recorded, when, and what happens to the mail when it cannot be. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mta/fake-scanner.h"
#include "mta/mta.h"
#include "policy/fake-rule.h"
#include "test.h"

static char folder[64], conf_file[96];

static int setup(void **state)
{
    (void)state;
    fake_reset();
    (void)snprintf(folder, sizeof folder, "/tmp/extortion-evidence-XXXXXX");
    (void)snprintf(conf_file, sizeof conf_file, "%s.conf", mkdtemp(folder));
    log_open(LOG_TARGET_STDERR, "test", false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    struct store_entries e;
    if (store_list(folder, &e) == STATUS_OK)
        for (size_t i = 0; i < e.n; i++)
            (void)store_remove(folder, e.v[i].id);
    store_entries_fini(&e);
    (void)rmdir(folder);
    (void)unlink(conf_file);
    return fake.scanners == 0 && fake_rulesets == 0 ? 0 : -1;
}

static struct engine *engine_with(const char *evidence, const char *more, bool open)
{
    struct policy *p = NULL;
    struct engine *e = NULL;
    struct diags diags;
    FILE *f = fopen(conf_file, "w");
    assert_non_null(f);
    assert_true(fprintf(f, "evidence = { directory = \"%s\"; encrypt = false; %s }; %s", folder,
                        evidence, more) > 0);
    assert_int_equal(fclose(f), 0);
    diags_init(&diags);
    assert_int_equal(policy_load(conf_file, NULL, 0, &diags, &p), STATUS_OK);
    if (open)
        assert_int_equal(policy_store_open(p, &diags), STATUS_OK);
    diags_fini(&diags);
    assert_int_equal(engine_new(p, 2, &e), STATUS_OK);
    policy_unref(&p);
    return e;
}

static size_t records(void)
{
    struct store_entries e;
    assert_int_equal(store_list(folder, &e), STATUS_OK);
    size_t n = e.n;
    store_entries_fini(&e);
    return n;
}

/* The MTA that looks into the folder while it is asked for edits. */
struct observer {
    unsigned edits;
    bool look, recorded_first;
};

static bool observe(struct observer *o)
{
    if (o->edits++ == 0 && o->look)
        o->recorded_first = records() == 1;
    return true;
}

static bool observe_insert(void *mta, int index, const char *name, const char *value)
{
    (void)index;
    (void)name;
    (void)value;
    return observe(mta);
}

static bool observe_hold(void *mta, const char *reason)
{
    (void)reason;
    return observe(mta);
}

static const struct mta_ops ops = {observe_insert, observe_insert, observe_hold, NULL,
                                   NULL,           NULL,           NULL};

#define BODY "We have your data.\r\nPay.\r\n"

static enum session_reply letter(struct engine *e, const char *const *recipients, size_t body,
                                 bool authenticated, struct observer *o)
{
    struct session *s = session_new(e, true);
    session_connect(s, "203.0.113.7");
    session_helo(s, "mail.sender.test");
    session_mail(s, "<a@sender.test>", authenticated);
    session_note(s, FACT_CLIENT_NAME, "host.sender.test");
    session_note(s, FACT_TLS_VERSION, "TLSv1.3");
    for (size_t i = 0; recipients[i] != NULL; i++)
        (void)session_rcpt(s, recipients[i], false);
    session_header(s, "Subject", " x");
    session_eoh(s);
    for (size_t n = 0; n < body; n += sizeof BODY - 1)
        (void)session_body(s, VIEW(BODY));
    enum session_reply reply = session_eom(s, "Q1/x", &ops, o);
    session_free(&s);
    return reply;
}

static const char *const one[] = {"<b@example.test>", NULL};
static const char *const quiet[] = {"<b@quiet.test>", NULL};
static const char *const desk[] = {"<abuse@example.test>", NULL};
static const char *const both[] = {"<b@quiet.test>", "<b@example.test>", NULL};
static const char *const silent[] = {"<b@quiet.test>", "<abuse@example.test>", NULL};

#define ROWS                                                                                       \
    "policies = ( { match = [ \"@quiet.test\" ]; evidence = false; },"                             \
    "{ match = [ \"abuse@example.test\" ]; exempt = true; } );"

static void test_what_is_recorded(void **state)
{
    static const struct {
        const char *label;
        const char *const *recipients;
        bool clean, authenticated, closed;
        size_t want;
    } rows[] = {
        {"flagged mail", one, false, false, false, 1},
        {"clean mail is not", one, true, false, false, 0},
        {"bypassed mail is not", one, false, true, false, 0},
        {"nor is anything by who did not open the store", one, false, false, true, 0},
        {"a recipient's wish", quiet, false, false, false, 0},
        {"an abuse desk", desk, false, false, false, 0},
        {"another recipient of the same message", both, false, false, false, 1},
        {"nobody wants it", silent, false, false, false, 0},
    };
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t before = records();
        struct observer o = {.look = before == 0 && rows[i].want == 1};
        struct engine *e = engine_with("", ROWS, !rows[i].closed);
        fake.verdict = (struct verdict){
            .flagged = !rows[i].clean, .score = rows[i].clean ? 1.0 : 7.0, .class_index = 0};
        failures += row_check(letter(e, rows[i].recipients, 10, rows[i].authenticated, &o) ==
                                  SESSION_CONTINUE,
                              rows[i].label, "reply");
        failures += row_check(records() - before == rows[i].want, rows[i].label, "records");
        failures += row_check(!o.look || (o.edits > 0 && o.recorded_first), rows[i].label,
                              "edited before it was recorded");
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
}

static void test_the_record_is_the_message(void **state)
{
    static const struct {
        const char *label, *evidence;
        size_t body, want; /* bytes */
        bool complete;
    } rows[] = {
        {"short", "", 100, 0, true},
        {"longer than what is judged", "", 9000, 0, true},
        {"longer than what is kept", "message_bytes = 5000;", 9000, 5000, false},
        {"no more than what is judged is kept", "message_bytes = 1024;", 9000, 1025, false},
    };
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct observer o = {.look = false};
        struct engine *e =
            engine_with(rows[i].evidence, "limits = { message_bytes = 1024; };", true);
        struct store_entries entries;
        struct buf file, sent;
        struct record r;
        fake.verdict = (struct verdict){.flagged = true, .score = 7.0, .class_index = 0};
        (void)letter(e, one, rows[i].body, false, &o);
        engine_free(&e);
        buf_init(&sent, 1 << 20);
        assert_int_equal(buf_add(&sent, VIEW("Subject: x\r\n\r\n")), STATUS_OK);
        for (size_t n = 0; n < rows[i].body; n += sizeof BODY - 1)
            assert_int_equal(buf_add(&sent, VIEW(BODY)), STATUS_OK);
        assert_int_equal(store_list(folder, &entries), STATUS_OK);
        assert_int_equal(entries.n, 1);
        buf_init(&file, 1 << 20);
        assert_int_equal(store_read(folder, entries.v[0].id, &file), STATUS_OK);
        assert_int_equal(record_read(buf_view(&file), NULL, entries.v[0].id, &r), RECORD_GOOD);
        struct view want = view_sub(buf_view(&sent), 0, rows[i].want > 0 ? rows[i].want : sent.n);
        failures += row_check(view_eq(r.message, want), rows[i].label, "message");
        failures += row_check(fake.raw_n <= 1025, rows[i].label, "more was judged");
        static const char *const members[] = {
            "\"queue_id\":\"Q1/x\"",
            ("\"sender\":\"a@sender.test\",\"recipients\":[\"b@example.test\"],\"n_recipients\":1,"
             "\"helo\":\"mail.sender.test\""),
            "\"client\":{\"address\":\"203.0.113.7\",\"name\":\"host.sender.test\",\"ptr\":null}",
            "\"tls\":{\"version\":\"TLSv1.3\",",
            "\"authentication\":null",
            "\"ruleset\":\"0123456789abcdef\",\"threshold\":5,\"actions\":\"tag\"",
            "\"verdict\":{\"flagged\":true,\"score\":7,\"class\":\"sextortion\"",
        };
        for (size_t k = 0; k < COUNT_OF(members); k++)
            failures += row_check(view_find(r.json, view_of(members[k])) < r.json.n, rows[i].label,
                                  members[k]);
        const char *complete = rows[i].complete ? "\"complete\":true" : "\"complete\":false";
        failures +=
            row_check(view_find(r.json, view_of(complete)) < r.json.n, rows[i].label, complete);
        record_fini(&r);
        assert_int_equal(store_remove(folder, entries.v[0].id), STATUS_OK);
        store_entries_fini(&entries);
        buf_fini(&file);
        buf_fini(&sent);
    }
    assert_int_equal(failures, 0);
}

/* The mail is not lost, nor half changed, and the settings say which of the two it is. */
static void test_no_room(void **state)
{
    static const struct {
        const char *label, *evidence;
        bool gone;
        enum session_reply want;
        bool edited;
    } rows[] = {
        {"full: goes on", "quota = 100;", false, SESSION_CONTINUE, true},
        {"full: later", "quota = 100; on_failure = \"tempfail\";", false, SESSION_TEMPFAIL, false},
        {"gone: goes on", "", true, SESSION_CONTINUE, true},
        {"gone: later", "on_failure = \"tempfail\";", true, SESSION_TEMPFAIL, false},
    };
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct observer o = {.look = false};
        struct engine *e = engine_with(rows[i].evidence, "on_failure = \"quarantine\";", true);
        fake.verdict = (struct verdict){.flagged = true, .score = 7.0, .class_index = 0};
        if (rows[i].gone)
            assert_int_equal(rmdir(folder), 0);
        failures +=
            row_check(letter(e, one, 10, false, &o) == rows[i].want, rows[i].label, "reply");
        failures += row_check((o.edits > 0) == rows[i].edited, rows[i].label, "edits");
        if (rows[i].gone)
            assert_int_equal(mkdir(folder, 0700), 0);
        failures += row_check(records() == 0, rows[i].label, "records");
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_recorded, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_record_is_the_message, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_room, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
