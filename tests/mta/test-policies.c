/* Policies in a session: who is judged, what is done for whom, and who is asked to come again. */
#include <stdlib.h>

#include "mta/fake-scanner.h"
#include "mta/mta.h"
#include "policy/fake-rule.h"
#include "policy/load.h"
#include "test.h"

/* What the played MTA is asked for, one word or two each. */
struct recorder {
    char text[4096];
    size_t n;
};

static bool record(struct recorder *r, const char *what, const char *name, const char *value)
{
    int n = snprintf(r->text + r->n, sizeof r->text - r->n, "%s%s%s%s", r->n > 0 ? " | " : "", what,
                     name, value);
    assert_true(n > 0 && (size_t)n < sizeof r->text - r->n);
    r->n += (size_t)n;
    return true;
}

static bool record_insert(void *mta, int index, const char *name, const char *value)
{
    char text[512];
    (void)index;
    (void)snprintf(text, sizeof text, "%s", value);
    text[strcspn(text, "\n")] = '\0';
    /* What differs from run to run, or only between modes, is left out. */
    char *cut = strstr(text, " ruleset=");
    if (cut == NULL)
        cut = strstr(text, "; seal=");
    if (cut != NULL)
        *cut = '\0';
    return strncmp(name, "X-Extortion-", 12) != 0 || record(mta, name + 12, ":", text);
}

static bool record_change(void *mta, int index, const char *name, const char *value)
{
    (void)index;
    if (value == NULL && strncmp(name, "X-Extortion-", 12) != 0)
        return true;
    return strcmp(name, "Subject") == 0 ? record(mta, name, ":", value)
           : value == NULL              ? record(mta, "del ", name + 12, "")
                                        : true;
}

static bool record_quarantine(void *mta, const char *reason)
{
    (void)reason;
    return record(mta, "hold", "", "");
}

static bool record_body(void *mta, struct view body)
{
    (void)body;
    return record(mta, "body", "", "");
}

static bool record_add(void *mta, const char *address)
{
    return record(mta, "+", address, "");
}

static bool record_delete(void *mta, const char *address)
{
    return record(mta, "-", address, "");
}

static const struct mta_ops ops = {.header_insert = record_insert,
                                   .header_change = record_change,
                                   .quarantine = record_quarantine,
                                   .body_replace = record_body,
                                   .rcpt_add = record_add,
                                   .rcpt_delete = record_delete};

static int setup(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

/* Nothing may be left over by any test. */
static int teardown(void **state)
{
    (void)state;
    return fake.scanners == 0 && fake_rulesets == 0 ? 0 : -1;
}

/* %s: the source folder. */
#define NOTICE                                                                                     \
    "notice = { data = \"%s/conf\"; operator = \"Example\"; gateway = \"mx.example.test\"; "       \
    "mode = \"inline\"; };\n"

static struct engine *engine_with(const char *conf)
{
    char text[8192];
    const char *top = getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".";
    struct policy *p = NULL;
    struct engine *e = NULL;
    size_t n = (size_t)snprintf(text, sizeof text, NOTICE, top);
    int more = snprintf(text + n, sizeof text - n, "%s", conf);
    assert_true(more >= 0 && (size_t)more < sizeof text - n);
    char *said = load(text, n + (size_t)more, &p);
    assert_string_equal(said, "");
    free(said);
    assert_int_equal(engine_new(p, 1, &e), STATUS_OK);
    policy_unref(&p);
    return e;
}

#define DEFAULT "Notice: inline; lang=en | Score: 7.0 threshold=5.0 | Flag: yes | body"
#define TAGGED  "Score: 7.0 threshold=5.0 | Flag: yes"
#define CLEAN   "Score: 7.0 threshold=8.0 | Flag: no"

static const char tenants[] =
    "internal_networks = [ \"192.0.2.0/24\", \"2001:db8:1::/48\" ];\n"
    "policies = ( { match = [ \"@high.test\" ]; threshold = 8.0; },\n"
    "{ match = [ \"@subject.test\" ]; actions = [ \"tag\", \"subject\" ]; },\n"
    "{ match = [ \"@hold.test\" ]; classes = { sextortion = {\n"
    "    actions = [ \"tag\", \"annotate\", \"quarantine\" ]; quarantine_score = 7.0; }; }; },\n"
    "{ match = [ \"late@hold.test\" ]; classes = { sextortion = { quarantine_score = 7.5; }; }; "
    "},\n"
    "{ match = [ \"abuse@hold.test\" ]; exempt = true; },\n"
    "{ match = [ \"@quiet.test\" ]; annotate = false; },\n"
    "{ match = [ \"@wrap.test\" ]; mode = \"wrap\"; },\n"
    "{ match = [ \"@none.test\" ]; scan = false; },\n"
    "{ match = [ \"@mark.test\" ]; actions = [ \"subject\" ]; subject_prefix = \"[X]\"; },\n"
    "{ match = [ \"@class.test\" ]; headers = { class = true; }; },\n"
    "{ match = [ \"@other.test\" ]; operator = \"Other\"; },\n"
    "{ match = [ \"@bare.test\" ]; operator = \"\"; },\n"
    "{ match = [ \"@all.test\" ]; scan_authenticated = true; scan_internal = true; },\n"
    "{ match = [ \"@low.test\" ]; threshold = 2.0; headers = { clean = false; }; },\n"
    "{ match = [ \"listener:submission\" ]; threshold = 9.0; },\n"
    "{ match = [ \"listener:26\" ]; actions = [ \"tag\" ]; } );\n";

static const struct {
    const char *label, *recipients[3];
    double score;
    bool flagged; /* by the rule packs */
    const char *want;
    const char *client, *listener_name, *listener_port;
    bool authenticated;
    uint32_t class_index;
} messages[] = {
    {"settings for all", {"<a@x.test>"}, 7, true, .want = DEFAULT},
    {"nobody", {NULL}, 7, true, .want = DEFAULT},
    {"a higher threshold", {"a@high.test"}, 7, true, .want = CLEAN},
    {"at the higher threshold",
     {"a@high.test"},
     8,
     true,
     .want = "Notice: inline; lang=en | Score: 8.0 threshold=8.0 | Flag: yes | body"},
    {"a lower threshold than the packs'",
     {"a@low.test"},
     2,
     false,
     .want = "Notice: inline; lang=en | Score: 2.0 threshold=2.0 | Flag: yes | body"},
    {"below the lower threshold, and no header wanted", {"a@low.test"}, 1.9, false, .want = ""},
    {"subject, and no notice",
     {"a@subject.test"},
     7,
     true,
     .want = TAGGED " | Subject: [EXTORTION] x"},
    {"a prefix of its own, and no tag", {"a@mark.test"}, 7, true, .want = "Subject: [X] x"},
    {"held",
     {"a@hold.test"},
     7,
     true,
     .want = "Hold: held; score=7.0 | Notice: inline; lang=en | Score: 7.0 threshold=5.0 | "
             "Flag: yes | hold | body"},
    {"not held below the score",
     {"a@hold.test"},
     6.9,
     true,
     .want = "Notice: inline; lang=en | Score: 6.9 threshold=5.0 | Flag: yes | body"},
    {"the address takes the rest from its domain",
     {"late@hold.test"},
     7.5,
     true,
     .want = "Hold: held; score=7.5 | Notice: inline; lang=en | Score: 7.5 threshold=5.0 | "
             "Flag: yes | hold | body"},
    {"with its own score",
     {"late@hold.test"},
     7.4,
     true,
     .want = "Notice: inline; lang=en | Score: 7.4 threshold=5.0 | Flag: yes | body"},
    {"another class is not held", {"a@hold.test"}, 7, true, .want = DEFAULT, .class_index = 1},
    {"exempt: tagged only, and it says so",
     {"abuse@hold.test"},
     7,
     true,
     .want = "Notice: none; reason=exempt | " TAGGED},
    {"opted out of notices", {"a@quiet.test"}, 7, true, .want = TAGGED},
    {"without an operator", {"a@bare.test"}, 7, true, .want = TAGGED},
    {"class in the headers",
     {"a@class.test"},
     7,
     true,
     .want = "Notice: inline; lang=en | Class: sextortion | " TAGGED " | body"},
    {"not judged at all", {"a@none.test"}, 7, true, .want = "Score: none; bypass=opted-out"},

    {"two that want the same", {"a@x.test", "b@y.test"}, 7, true, .want = DEFAULT},
    {"two thresholds: flagged by the lower, changed by none",
     {"a@high.test", "b@x.test"},
     7,
     true,
     .want = "Notice: none; reason=recipients-differ | " TAGGED},
    {"above both",
     {"b@x.test", "a@high.test"},
     8,
     true,
     .want = "Notice: inline; lang=en | Score: 8.0 threshold=5.0 | Flag: yes | body"},
    {"below both",
     {"b@x.test", "a@high.test"},
     4,
     false,
     .want = "Score: 4.0 threshold=5.0 | Flag: no"},
    {"two modes",
     {"a@x.test", "b@wrap.test"},
     7,
     true,
     .want = "Notice: none; reason=recipients-differ | " TAGGED},
    {"one wants a subject",
     {"a@x.test", "b@subject.test"},
     7,
     true,
     .want = "Notice: none; reason=recipients-differ | " TAGGED},
    {"one wants no tag: tags harm nobody",
     {"b@mark.test", "a@subject.test"},
     7,
     true,
     .want = TAGGED},
    {"one is not to be held", {"a@hold.test", "b@x.test"}, 7, true, .want = DEFAULT},
    {"both are, the later score counts",
     {"a@hold.test", "late@hold.test"},
     7.4,
     true,
     .want = "Notice: inline; lang=en | Score: 7.4 threshold=5.0 | Flag: yes | body"},
    {"one is exempt",
     {"a@hold.test", "abuse@hold.test"},
     7,
     true,
     .want = "Notice: none; reason=recipients-differ | " TAGGED},
    {"one wants not to be judged",
     {"a@none.test", "b@x.test"},
     7,
     true,
     .want = "Notice: none; reason=recipients-differ | " TAGGED},
    {"all want not to be judged",
     {"a@none.test", "b@none.test"},
     7,
     true,
     .want = "Score: none; bypass=opted-out"},
    {"two operators",
     {"a@x.test", "b@other.test"},
     7,
     true,
     .want = "Notice: none; reason=recipients-differ | " TAGGED},
    {"one wants no class in the headers", {"a@class.test", "b@x.test"}, 7, true, .want = DEFAULT},
    {"three",
     {"a@x.test", "b@x.test", "c@quiet.test"},
     7,
     true,
     .want = "Notice: none; reason=recipients-differ | " TAGGED},

    {"listener by name",
     {"a@x.test"},
     7,
     true,
     .want = "Score: 7.0 threshold=9.0 | Flag: no",
     .listener_name = "submission",
     .listener_port = "25"},
    {"the domain over the listener",
     {"a@high.test"},
     8,
     true,
     .want = "Notice: inline; lang=en | Score: 8.0 threshold=8.0 | Flag: yes | body",
     .listener_name = "submission"},
    {"listener by port", {"a@x.test"}, 7, true, .want = TAGGED, .listener_port = "26"},
    {"both",
     {"a@x.test"},
     9,
     true,
     .want = "Score: 9.0 threshold=9.0 | Flag: yes",
     .listener_name = "submission",
     .listener_port = "26"},

    {"authenticated",
     {"a@x.test"},
     7,
     true,
     .want = "Score: none; bypass=authenticated",
     .authenticated = true},
    {"authenticated, and judged all the same",
     {"a@all.test"},
     7,
     true,
     .want = DEFAULT,
     .authenticated = true},
    {"internal",
     {"a@x.test"},
     7,
     true,
     .want = "Score: none; bypass=internal",
     .client = "192.0.2.200"},
    {"internal over IPv6",
     {"a@x.test"},
     7,
     true,
     .want = "Score: none; bypass=internal",
     .client = "2001:db8:1:2::3"},
    {"the next network", {"a@x.test"}, 7, true, .want = DEFAULT, .client = "192.0.3.0"},
    {"internal, and judged all the same",
     {"a@all.test"},
     7,
     true,
     .want = DEFAULT,
     .client = "192.0.2.1"},
    {"internal, judged since one wants it",
     {"a@x.test", "a@all.test"},
     7,
     true,
     .want = DEFAULT,
     .client = "192.0.2.1"},
    {"not internal without an address", {"a@x.test"}, 7, true, .want = DEFAULT, .client = ""},
};

static void envelope(struct session *s, size_t i)
{
    session_connect(s, messages[i].client);
    session_listener(s, messages[i].listener_name, messages[i].listener_port);
    session_mail(s, "<s@sender.test>", messages[i].authenticated);
    for (size_t k = 0; k < 3 && messages[i].recipients[k] != NULL; k++)
        assert_int_equal(session_rcpt(s, messages[i].recipients[k], true), SESSION_CONTINUE);
}

static void test_messages(void **state)
{
    (void)state;
    int failures = 0;
    struct engine *e = engine_with(tenants);
    struct session *s = session_new(e, true);
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        struct recorder r = {.n = 0};
        uint32_t c = messages[i].class_index;
        fake.verdict = (struct verdict){.flagged = messages[i].flagged,
                                        .score = messages[i].score,
                                        .class_index = messages[i].flagged ? c : CLASS_NONE,
                                        .nearest_class = c};
        envelope(s, i);
        session_header(s, "Subject", " x");
        session_eoh(s);
        (void)session_body(s, VIEW("The letter\r\n"));
        failures += row_check(session_eom(s, "Q", &ops, &r) == SESSION_CONTINUE, messages[i].label,
                              "reply");
        failures +=
            row_view(view_of(r.text), view_of(messages[i].want), messages[i].label, "edits");
    }
    session_free(&s);
    engine_free(&e);
    assert_int_equal(failures, 0);
}

/* Not judged: nothing of the body is kept, and forged headers go all the same. */
static void test_bypass(void **state)
{
    (void)state;
    struct engine *e = engine_with("internal_networks = [ \"192.0.2.7\" ];");
    struct session *s = session_new(e, true);
    for (int round = 0; round < 2; round++) {
        struct recorder r = {.n = 0};
        session_connect(s, round == 0 ? "192.0.2.7" : "192.0.2.8");
        session_mail(s, "<>", false);
        (void)session_rcpt(s, "<a@x.test>", false);
        session_header(s, "X-Extortion-Flag", " no");
        session_eoh(s);
        assert_int_equal(session_body(s, VIEW("y")), round == 0 ? SESSION_SKIP : SESSION_CONTINUE);
        assert_int_equal(session_eom(s, "Q", &ops, &r), SESSION_CONTINUE);
        assert_int_equal(fake.runs, round);
        assert_string_equal(r.text, round == 0 ? "del Flag | Score: none; bypass=internal"
                                               : "del Flag | Score: 0.0 threshold=5.0 | Flag: no");
    }
    session_free(&s);
    engine_free(&e);
}

/* A threat to life is delivered, whatever any policy says of its class. */
static void test_life(void **state)
{
    (void)state;
    struct engine *e = engine_with(
        "policies = ( { match = [ \"@x.test\" ]; actions = [ \"tag\", \"quarantine\" ];\n"
        "classes = { violence = { actions = [ \"tag\" ]; threshold = 50.0; }; }; } );");
    double scores[FAKE_CLASSES] = {8.0, 0.0, 6.0};
    struct session *s = session_new(e, true);
    for (int round = 0; round < 2; round++) {
        struct recorder r = {.n = 0};
        scores[FAKE_VIOLENCE] = round == 0 ? 6.0 : 3.9;
        fake.scores = scores;
        fake.verdict = (struct verdict){.flagged = true, .score = 8.0, .class_index = 0};
        session_mail(s, "<s@sender.test>", false);
        (void)session_rcpt(s, "<a@x.test>", false);
        session_header(s, "Subject", " x");
        assert_int_equal(session_eom(s, "Q", &ops, &r), SESSION_CONTINUE);
        assert_string_equal(r.text, round == 0
                                        ? "Score: 8.0 threshold=5.0 | Flag: yes"
                                        : "Hold: held; score=8.0 | Score: 8.0 threshold=5.0 | "
                                          "Flag: yes | hold");
    }
    session_free(&s);
    engine_free(&e);
}

static const struct {
    const char *label, *recipients[4];
    const char *want; /* what each RCPT is answered, then who the message is for */
    bool authenticated, cannot, strict;
    const char *client;
} splits[] = {
    {"all the same",
     {"a@x.test", "b@y.test", "c@z.test"},
     .want = "250 250 250 a@x.test,b@y.test,c@z.test"},
    {"two policies", {"a@x.test", "a@high.test"}, .want = "250 452 a@x.test"},
    {"the other way round",
     {"a@high.test", "a@x.test", "b@high.test"},
     .want = "250 452 250 a@high.test,b@high.test"},
    {"three policies",
     {"a@x.test", "a@high.test", "a@quiet.test", "b@x.test"},
     .want = "250 452 452 250 a@x.test,b@x.test"},
    {"exempt", {"a@hold.test", "abuse@hold.test"}, .want = "250 452 a@hold.test"},
    {"strict", {"a@x.test", "a@high.test"}, .want = "250 250 a@x.test,a@high.test", .strict = true},
    {"the MTA waits for no answer",
     {"a@x.test", "a@high.test"},
     .want = "250 250 a@x.test,a@high.test",
     .cannot = true},
    {"an authenticated sender",
     {"a@all.test", "a@high.test"},
     .want = "250 250 a@all.test,a@high.test",
     .authenticated = true},
    {"an internal sender",
     {"a@all.test", "a@high.test"},
     .want = "250 250 a@all.test,a@high.test",
     .client = "192.0.2.9"},
};

static void test_split(void **state)
{
    (void)state;
    char conf[4096];
    int failures = 0;
    (void)snprintf(conf, sizeof conf, "policies_differ = \"split\";\n%s", tenants);
    struct engine *split = engine_with(conf), *strict = engine_with(tenants);
    for (size_t i = 0; i < COUNT_OF(splits); i++) {
        struct recorder r = {.n = 0};
        struct session *s = session_new(splits[i].strict ? strict : split, true);
        char got[512];
        size_t n = 0;
        session_connect(s, splits[i].client);
        session_mail(s, "<s@sender.test>", splits[i].authenticated);
        for (size_t k = 0; k < 4 && splits[i].recipients[k] != NULL; k++) {
            enum session_reply reply = session_rcpt(s, splits[i].recipients[k], !splits[i].cannot);
            n += (size_t)snprintf(got + n, sizeof got - n, "%s ",
                                  reply == SESSION_LATER ? "452" : "250");
        }
        session_header(s, "Subject", " x");
        (void)session_eom(s, "Q", &ops, &r);
        /* "sender|recipients|client|helo|auth" */
        const char *for_whom = strchr(fake.envelope, '|') + 1;
        (void)snprintf(got + n, sizeof got - n, "%.*s", (int)strcspn(for_whom, "|"), for_whom);
        failures += row_view(view_of(got), view_of(splits[i].want), splits[i].label, "replies");
        session_free(&s);
    }
    engine_free(&split);
    engine_free(&strict);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bypass, setup, teardown),
        cmocka_unit_test_setup_teardown(test_life, setup, teardown),
        cmocka_unit_test_setup_teardown(test_split, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
