/* Redirect and copy: who gets the message instead of, or beside, its recipients. */
#include <stdlib.h>

#include "mta/fake-scanner.h"
#include "mta/mta.h"
#include "policy/fake-rule.h"
#include "policy/load.h"
#include "test.h"

struct recorder {
    char text[1 << 16];
    size_t n;
    char moved[8300]; /* value of HEADER_MOVED_NAME */
    int calls, refuse_at;
};

static bool record(struct recorder *r, const char *what, const char *value)
{
    int n =
        snprintf(r->text + r->n, sizeof r->text - r->n, "%s%s%s", r->n > 0 ? " " : "", what, value);
    assert_true(n > 0 && (size_t)n < sizeof r->text - r->n);
    r->n += (size_t)n;
    return ++r->calls != r->refuse_at;
}

static bool record_insert(void *mta, int index, const char *name, const char *value)
{
    struct recorder *r = mta;
    (void)index;
    if (strcmp(name, HEADER_MOVED_NAME) != 0)
        return strcmp(name, "X-Extortion-Flag") == 0 ? record(r, "flag", value) : true;
    (void)snprintf(r->moved, sizeof r->moved, "%s", value);
    return record(r, "moved", "");
}

static bool record_change(void *mta, int index, const char *name, const char *value)
{
    (void)index;
    (void)value;
    return strcmp(name, HEADER_MOVED_NAME) == 0 ? record(mta, "forged", "") : true;
}

static bool record_quarantine(void *mta, const char *reason)
{
    (void)reason;
    return record(mta, "hold", "");
}

static bool record_add(void *mta, const char *address)
{
    return record(mta, "+", address);
}

static bool record_delete(void *mta, const char *address)
{
    return record(mta, "-", address);
}

static const struct mta_ops ops = {.header_insert = record_insert,
                                   .header_change = record_change,
                                   .quarantine = record_quarantine,
                                   .rcpt_add = record_add,
                                   .rcpt_delete = record_delete};
/* An MTA that did not offer to change recipients. */
static const struct mta_ops ops_fixed = {.header_insert = record_insert,
                                         .header_change = record_change,
                                         .quarantine = record_quarantine};

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

static struct engine *engine_with(const char *conf)
{
    struct policy *p = NULL;
    struct engine *e = NULL;
    char *said = load(conf, strlen(conf), &p);
    assert_string_equal(said, "");
    free(said);
    assert_int_equal(engine_new(p, 1, &e), STATUS_OK);
    policy_unref(&p);
    return e;
}

static enum session_reply judge(struct session *s, const char *const *recipients, const char *moved,
                                double score, uint32_t class_index, const struct mta_ops *with,
                                struct recorder *r)
{
    fake.verdict = (struct verdict){.flagged = true, .score = score, .class_index = class_index};
    session_mail(s, "<s@sender.test>", false);
    for (size_t k = 0; recipients[k] != NULL; k++)
        assert_int_equal(session_rcpt(s, recipients[k], false), SESSION_CONTINUE);
    session_header(s, "Subject", " x");
    if (moved != NULL)
        session_header(s, HEADER_MOVED_NAME, moved);
    session_eoh(s);
    return session_eom(s, "Q", with, r);
}

#define VIOLENCE "classes = { violence = { actions = [ \"tag\" ]; }; };\n"
#define REDIRECT "actions = [ \"tag\", \"redirect\" ]; redirect_to = \"sec@r.test\";\n" VIOLENCE
#define COPY     "actions = [ \"tag\", \"copy\" ]; copy_to = \"soc@c.test\";\n"
#define BOTH                                                                                       \
    "actions = [ \"redirect\", \"copy\" ]; redirect_to = \"sec@r.test\";\n"                        \
    "copy_to = \"soc@c.test\"; " VIOLENCE

static const struct {
    const char *label, *conf;
    double score;
    uint32_t class_index;
    const char *recipients[4];
    const char *want;
    const char *forged;
} moves[] = {
    {"one recipient",
     REDIRECT,
     7,
     0,
     {"<a@x.test>"},
     "moved flag yes +<sec@r.test> -<a@x.test>",
     NULL},
    {"new ones first, then all others",
     REDIRECT,
     7,
     0,
     {"<a@x.test>", "<b@y.test>", "<\"c d\"@z.test>"},
     "moved flag yes +<sec@r.test> -<a@x.test> -<b@y.test> -<\"c d\"@z.test>",
     NULL},
    {"the mailbox is a recipient already",
     REDIRECT,
     7,
     0,
     {"<a@x.test>", "<SEC@r.test>"},
     "moved flag yes -<a@x.test>",
     NULL},
    {"the mailbox alone: nothing to do", REDIRECT, 7, 0, {"<sec@r.test>"}, "flag yes", NULL},
    {"a forged list of recipients goes",
     REDIRECT,
     7,
     0,
     {"<sec@r.test>"},
     "forged flag yes",
     " seal=00112233445566778899aabbccddeeff; from=\n <boss@x.test>"},
    {"below the score", REDIRECT "redirect_score = 8.0;", 7.9, 0, {"<a@x.test>"}, "flag yes", NULL},
    {"at the score",
     REDIRECT "redirect_score = 8.0;",
     8,
     0,
     {"<a@x.test>"},
     "moved flag yes +<sec@r.test> -<a@x.test>",
     NULL},
    {"a class has a score of its own",
     "actions = [ \"redirect\" ]; redirect_to = \"sec@r.test\";\n"
     "classes = { violence = { actions = [ ]; }; breach-company = { redirect_score = 9.0; }; };",
     8,
     1,
     {"<a@x.test>"},
     "",
     NULL},
    {"another class is not", REDIRECT, 7, FAKE_VIOLENCE, {"<a@x.test>"}, "flag yes", NULL},
    {"what is held is not redirected",
     "actions = [ \"redirect\", \"quarantine\" ]; redirect_to = \"sec@r.test\";\n"
     "quarantine_score = 8.0; " VIOLENCE,
     8,
     0,
     {"<a@x.test>"},
     "hold",
     NULL},
    {"redirected below that",
     "actions = [ \"redirect\", \"quarantine\" ]; redirect_to = \"sec@r.test\";\n"
     "quarantine_score = 8.0; " VIOLENCE,
     7,
     0,
     {"<a@x.test>"},
     "moved +<sec@r.test> -<a@x.test>",
     NULL},
    {"no list of recipients when not wanted",
     REDIRECT "headers = { recipients = false; };",
     7,
     0,
     {"<a@x.test>"},
     "flag yes +<sec@r.test> -<a@x.test>",
     NULL},
    {"copy", COPY, 7, 0, {"<a@x.test>", "<b@x.test>"}, "flag yes +<soc@c.test>", NULL},
    {"copy of a threat to life delays nothing",
     COPY,
     7,
     FAKE_VIOLENCE,
     {"<a@x.test>"},
     "flag yes +<soc@c.test>",
     NULL},
    {"copy below the score", COPY "copy_score = 7.1;", 7, 0, {"<a@x.test>"}, "flag yes", NULL},
    {"the second pass makes no second copy",
     COPY,
     7,
     0,
     {"<a@x.test>", "<soc@c.test>"},
     "flag yes",
     NULL},
    {"both", BOTH, 7, 0, {"<a@x.test>"}, "moved +<sec@r.test> +<soc@c.test> -<a@x.test>", NULL},
    {"both, and the one for copies was a recipient: it stays",
     BOTH,
     7,
     0,
     {"<a@x.test>", "<soc@c.test>"},
     "moved +<sec@r.test> -<a@x.test>",
     NULL},
    {"both to one mailbox",
     "actions = [ \"redirect\", \"copy\" ]; redirect_to = \"sec@r.test\";\n"
     "copy_to = \"sec@r.test\"; " VIOLENCE,
     7,
     0,
     {"<a@x.test>"},
     "moved +<sec@r.test> -<a@x.test>",
     NULL},
    {"not flagged", REDIRECT, 0, CLASS_NONE, {"<a@x.test>"}, "flag no", NULL},
};

static void test_moves(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        struct recorder r = {.n = 0};
        struct engine *e = engine_with(moves[i].conf);
        struct session *s = session_new(e, true);
        failures += row_check(judge(s, moves[i].recipients, moves[i].forged, moves[i].score,
                                    moves[i].class_index, &ops, &r) == SESSION_CONTINUE,
                              moves[i].label, "reply");
        failures += row_view(view_of(r.text), view_of(moves[i].want), moves[i].label, "edits");
        session_free(&s);
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
}

/* Tenants with mailboxes of their own. */
static const char tenants[] =
    "policies = ( { match = [ \"@one.test\" ]; redirect_to = \"sec@one.test\";\n"
    "    classes = { sextortion = { actions = [ \"tag\", \"redirect\" ]; }; }; },\n"
    "{ match = [ \"low@one.test\" ]; redirect_score = 3.0; },\n"
    "{ match = [ \"high@one.test\" ]; redirect_score = 9.0; },\n"
    "{ match = [ \"abuse@one.test\" ]; exempt = true; },\n"
    "{ match = [ \"@two.test\" ]; redirect_to = \"sec@two.test\";\n"
    "    classes = { sextortion = { actions = [ \"tag\", \"redirect\" ]; }; }; },\n"
    "{ match = [ \"@copy.test\" ]; copy_to = \"soc@copy.test\";\n"
    "    actions = [ \"tag\", \"copy\" ]; },\n"
    "{ match = [ \"@.copy.test\" ]; copy_to = \"SOC@copy.test\";\n"
    "    actions = [ \"tag\", \"copy\" ]; } );\n";

static const struct {
    const char *label, *recipients[3], *want;
} differ[] = {
    {"a tenant's mailbox", {"a@one.test"}, "moved flag yes +<sec@one.test> -<a@one.test>"},
    {"another's", {"a@two.test"}, "moved flag yes +<sec@two.test> -<a@two.test>"},
    {"who has none stays, and so do all", {"a@one.test", "b@x.test"}, "flag yes"},
    {"two mailboxes: neither", {"a@one.test", "a@two.test"}, "flag yes"},
    {"two of one tenant",
     {"a@one.test", "low@one.test"},
     "moved flag yes +<sec@one.test> -<a@one.test> -<low@one.test>"},
    {"the higher score counts", {"a@one.test", "high@one.test"}, "flag yes"},
    {"exempt is not redirected", {"abuse@one.test"}, "flag yes"},
    {"nor who is with it", {"a@one.test", "abuse@one.test"}, "flag yes"},
    {"a copy for one is none", {"a@copy.test", "b@x.test"}, "flag yes"},
    {"for both it is one", {"a@copy.test", "b@copy.test"}, "flag yes +<soc@copy.test>"},
    {"mailboxes are compared to the letter", {"a@copy.test", "b@b.copy.test"}, "flag yes"},
};

static void test_differ(void **state)
{
    (void)state;
    int failures = 0;
    struct engine *e = engine_with(tenants);
    struct session *s = session_new(e, true);
    for (size_t i = 0; i < COUNT_OF(differ); i++) {
        struct recorder r = {.n = 0};
        (void)judge(s, differ[i].recipients, NULL, 7, 0, &ops, &r);
        failures += row_view(view_of(r.text), view_of(differ[i].want), differ[i].label, "edits");
    }
    session_free(&s);
    engine_free(&e);
    assert_int_equal(failures, 0);
}

/* Our own header survives a second pass; its least change, or another process's, does not. */
static void test_second_pass(void **state)
{
    (void)state;
    static const char *const people[] = {"<a@x.test>", "<b,\xC3\xA4>;\\\n@y.test>", NULL};
    static const char *const mailbox[] = {"<sec@r.test>", NULL};
    struct engine *e = engine_with(REDIRECT);
    struct session *s = session_new(e, true);
    struct recorder first = {.n = 0}, again = {.n = 0}, changed = {.n = 0}, folded = {.n = 0};
    (void)judge(s, people, NULL, 7, 0, &ops, &first);
    assert_true(strncmp(first.moved, " seal=", 6) == 0);
    assert_non_null(strstr(
        first.moved, "; from=\n <a@x.test>,\n <b\\x2C\\xC3\\xA4\\x3E\\x3B\\x5C\\x0A@y.test>"));
    (void)judge(s, mailbox, first.moved, 7, 0, &ops, &again);
    assert_string_equal(again.text, "flag yes");
    /* An MTA may fold anew. */
    for (char *p = first.moved; (p = strchr(p, '\n')) != NULL;)
        *p = ' ';
    (void)judge(s, mailbox, first.moved, 7, 0, &ops, &folded);
    assert_string_equal(folded.text, "flag yes");
    *strchr(first.moved, '@') = '%';
    (void)judge(s, mailbox, first.moved, 7, 0, &ops, &changed);
    assert_string_equal(changed.text, "forged flag yes");
    session_free(&s);
    engine_free(&e);
}

/* An address is deleted as it came, so all of them must be known: else the mail stays as it is. */
static void test_many(void **state)
{
    (void)state;
    struct engine *e = engine_with(REDIRECT);
    struct session *s = session_new(e, true);
    for (int n = 999; n <= 1001; n++) {
        static struct recorder r;
        r = (struct recorder){.n = 0};
        fake.verdict = (struct verdict){.flagged = true, .score = 7, .class_index = 0};
        session_mail(s, "<s@sender.test>", false);
        for (int i = 0; i < n; i++) {
            char address[64];
            (void)snprintf(address, sizeof address, "<somebody-%d@x.test>", i);
            (void)session_rcpt(s, address, false);
        }
        assert_int_equal(session_eom(s, "Q", &ops, &r), SESSION_CONTINUE);
        if (n > 1000) {
            assert_string_equal(r.text, "flag yes");
            continue;
        }
        assert_non_null(strstr(r.text, "-<somebody-998@x.test>"));
        assert_int_equal(r.calls, 2 + 1 + n);
        /* The header has a bound, and says how many it leaves out. */
        char *more = strstr(r.moved, ",\n and-");
        assert_non_null(more);
        size_t named = 0;
        for (const char *p = r.moved; (p = strchr(p, '<')) != NULL; p++)
            named++;
        assert_int_equal(strtoul(more + 7, NULL, 10), (unsigned long)n - named);
        assert_true(strlen(r.moved) < 8192);
    }
    session_free(&s);
    engine_free(&e);
}

/* What the MTA refuses, or never offered, is a failure that on_failure decides about. */
static void test_refused(void **state)
{
    (void)state;
    static const char *const people[] = {"<a@x.test>", NULL};
    static const struct {
        const char *label;
        const struct mta_ops *with;
        int refuse_at;
        const char *want;
    } rows[] = {
        {"not offered", &ops_fixed, 0, "moved flag yes"},
        {"new recipient refused", &ops, 3, "moved flag yes +<sec@r.test>"},
        {"deletion refused", &ops, 4, "moved flag yes +<sec@r.test> -<a@x.test>"},
    };
    int failures = 0;
    struct engine *e = engine_with(REDIRECT "on_failure = \"tempfail\";");
    struct session *s = session_new(e, true);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct recorder r = {.refuse_at = rows[i].refuse_at};
        failures += row_check(judge(s, people, NULL, 7, 0, rows[i].with, &r) == SESSION_TEMPFAIL,
                              rows[i].label, "reply");
        failures += row_view(view_of(r.text), view_of(rows[i].want), rows[i].label, "edits");
    }
    session_free(&s);
    engine_free(&e);
    assert_int_equal(failures, 0);
}

/* Whatever fails, a threat to life goes through. */
static void test_life(void **state)
{
    (void)state;
    static const char *const people[] = {"<a@x.test>", NULL};
    static const char *const failures_are[] = {"tempfail", "quarantine"};
    double scores[FAKE_CLASSES] = {8.0, 0.0, 6.0};
    for (size_t i = 0; i < COUNT_OF(failures_are); i++)
        for (int life = 0; life < 2; life++) {
            char conf[256];
            struct recorder r = {.refuse_at = 1};
            (void)snprintf(conf, sizeof conf, "on_failure = \"%s\";", failures_are[i]);
            struct engine *e = engine_with(conf);
            struct session *s = session_new(e, true);
            scores[FAKE_VIOLENCE] = life ? 6.0 : 0.0;
            fake.scores = scores;
            enum session_reply reply = judge(s, people, NULL, 8, 0, &ops, &r);
            assert_int_equal(reply, !life && i == 0 ? SESSION_TEMPFAIL : SESSION_CONTINUE);
            assert_string_equal(r.text, !life && i == 1 ? "flag yes hold" : "flag yes");
            session_free(&s);
            engine_free(&e);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_moves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_differ, setup, teardown),
        cmocka_unit_test_setup_teardown(test_second_pass, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_life, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
