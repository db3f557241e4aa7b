#include <stdlib.h>

#include "policy/fake-rule.h"
#include "policy/load.h"
#include "policy/network.h"
#include "test.h"

/* In %s the source folder goes. */
#define ROWS                                                                                       \
    "notice = { data = \"%s/conf\"; country = \"SE\"; languages = [ \"sv\" ]; mode = \"wrap\"; "   \
    "};\n"                                                                                         \
    "policies = ( { match = [ \"@example.fi\", \"@.example.fi\" ]; country = \"FI\"; "             \
    "languages = [ \"fi\", \"sv\" ]; },\n"                                                         \
    "{ match = [ \"Anna@example.fi\" ]; mode = \"inline\"; },\n"                                   \
    "{ match = [ \"@school.example.fi\" ]; minors = true; },\n"                                    \
    "{ match = [ \"abuse@example.com\" ]; exempt = true; },\n"                                     \
    "{ match = [ \"@quiet.test\" ]; annotate = false; },\n"                                        \
    "{ match = [ \"listener:587\" ]; country = \"DE\"; reach = \"5\"; },\n"                        \
    "{ match = [ \"listener:Office\" ]; reach = \"o\"; minors = true; },\n"                        \
    "{ match = [ \"@same.test\" ]; country = \"SE\"; },\n"                                         \
    "{ match = [ \"@.fi\" ]; reach = \"fi\"; },\n"                                                 \
    "{ match = [ \"@xn--bcher-kva.test\" ]; reach = \"b\"; },\n"                                   \
    "{ match = [ \"@p\xC3\xA4iv\xC3\xA4.test\" ]; reach = \"p\"; },\n"                             \
    "{ match = [ "                                                                                 \
    "\"@"                                                                                          \
    "\xE4\xBB\x96\xE4\xBB\xAC\xE4\xB8\xBA\xE4\xBB\x80\xE4\xB9\x88\xE4\xB8\x8D\xE8\xAF\xB4\xE4\xB8" \
    "\xAD\xE6\x96\x87.test\" ]; reach = \"h\"; },\n"                                               \
    "{ match = [ \"@o\xC3\xBC.test\" ]; operator = \"Other\"; lists = true; wrap_score = 6; } );"

static const struct {
    const char *label, *recipients[3], *want;
    bool others;
    const char *name, *port;
} policies[] = {
    {"nobody's policy", {"x@y.test"}, "wrap SE sv reach= line 0", false, NULL, NULL},
    {"the domain, and that around it",
     {"x@EXAMPLE.fi"},
     "wrap FI fi sv reach=fi line 2",
     false,
     NULL,
     NULL},
    {"a final dot", {"x@EXAMPLE.fi."}, "wrap FI fi sv reach=fi line 2", false, NULL, NULL},
    {"a domain below it", {"x@a.b.example.fi"}, "wrap FI fi sv reach=fi line 2", false, NULL, NULL},
    {"the address, over its domain",
     {"anna@Example.FI"},
     "inline FI fi sv reach=fi line 3",
     false,
     NULL,
     NULL},
    {"the nearer domain",
     {"x@school.example.fi"},
     "wrap FI fi sv minors reach=fi line 4",
     false,
     NULL,
     NULL},
    {"a domain of two levels only",
     {"x@notexample.fi"},
     "wrap SE sv reach=fi line 10",
     false,
     NULL,
     NULL},
    {"not a part of a label", {"x@my-example.com"}, "wrap SE sv reach= line 0", false, NULL, NULL},
    {"no address", {"postmaster"}, "wrap SE sv reach= line 0", false, NULL, NULL},
    {"empty", {""}, "wrap SE sv reach= line 0", false, NULL, NULL},
    {"two @", {"\"x@y.test\"@example.fi"}, "wrap FI fi sv reach=fi line 2", false, NULL, NULL},
    {"listener by port", {"x@y.test"}, "wrap DE sv reach=5 line 7", false, "x", "587"},
    {"listener by name", {"x@y.test"}, "wrap SE sv minors reach=o line 8", false, "OFFICE", "25"},
    {"the port over the name",
     {"x@y.test"},
     "wrap DE sv minors reach=5 line 7",
     false,
     "office",
     "587"},
    {"the domain over the listener",
     {"x@example.fi"},
     "wrap FI fi sv reach=fi line 2",
     false,
     "",
     "587"},
    {"listener, nobody", {NULL}, "wrap DE sv reach=5 line 7", false, "", "587"},
    {"domain as A-label in the file",
     {"x@b\xC3\xBC"
      "cher.test"},
     "wrap SE sv reach=b line 11",
     false,
     NULL,
     NULL},
    {"domain as A-label in both",
     {"x@XN--Bcher-KVA.test"},
     "wrap SE sv reach=b line 11",
     false,
     NULL,
     NULL},
    {"domain as A-label in the mail",
     {"x@xn--piv-qlac.test"},
     "wrap SE sv reach=p line 12",
     false,
     NULL,
     NULL},
    {"domain as A-label, another script",
     {"x@xn--ihqwcrb4cv8a8dqg056pqjye.test"},
     "wrap SE sv reach=h line 13",
     false,
     NULL,
     NULL},
    {"broken A-labels",
     {"x@xn--99999999999.test", "x@xn--.test"},
     "wrap SE sv reach= line 0",
     false,
     NULL,
     NULL},
    {"opted out", {"x@quiet.test"}, "wrap SE sv reach= no-notice line 6", false, NULL, NULL},
    {"exempt", {"abuse@example.com"}, "wrap SE sv reach= exempt line 5", false, NULL, NULL},
    {"two of one policy",
     {"a@example.fi", "b@example.fi"},
     "wrap FI fi sv reach=fi line 2",
     false,
     NULL,
     NULL},
    {"two policies that say the same",
     {"a@y.test", "b@same.test"},
     "wrap SE sv reach= line 0",
     false,
     NULL,
     NULL},
    {"two countries",
     {"a@example.fi", "b@y.test"},
     "wrap - fi sv reach= line 2 differ reach,languages,country with 0",
     false,
     NULL,
     NULL},
    {"two modes",
     {"anna@example.fi", "b@example.fi"},
     "header FI fi sv reach=fi line 3 differ mode with 2",
     false,
     NULL,
     NULL},
    {"languages are joined",
     {"b@y.test", "a@example.fi"},
     "wrap - sv fi reach= line 0 differ reach,languages,country with 2",
     false,
     NULL,
     NULL},
    {"minors among others",
     {"x@school.example.fi", "b@example.fi"},
     "wrap FI fi sv reach=fi line 4 differ minors with 2",
     false,
     NULL,
     NULL},
    {"one is exempt",
     {"b@y.test", "abuse@example.com"},
     "wrap SE sv reach= exempt line 0 differ exempt with 5",
     false,
     NULL,
     NULL},
    {"one has opted out",
     {"x@quiet.test", "b@y.test", "c@y.test"},
     "wrap SE sv reach= no-notice line 6 differ annotate with 0",
     false,
     NULL,
     NULL},
    {"two operators",
     {"x@o\xC3\xBC.test", "b@y.test"},
     "wrap SE sv reach= line 14 differ actions,operator,wrap_score,lists with 0",
     false,
     NULL,
     NULL},
    {"more than were kept",
     {"anna@example.fi"},
     "header - fi sv reach= line 3 differ reach,mode,languages,country with 0",
     true,
     NULL,
     NULL},
    {"the first that differs is named",
     {"a@example.fi", "b@example.fi", "x@quiet.test"},
     "wrap - fi sv reach= no-notice line 2 differ annotate,reach,languages,country with 6",
     false,
     NULL,
     NULL},
    {"nobody at all", {NULL}, "wrap SE sv reach= line 0", false, NULL, NULL},
};

static char *load_rows(struct policy **p)
{
    char conf[4096];
    const char *top = getenv("top_srcdir");
    int n = snprintf(conf, sizeof conf, ROWS, top != NULL ? top : ".");
    assert_true(n > 0 && (size_t)n < sizeof conf);
    return load(conf, (size_t)n, p);
}

static void test_policies(void **state)
{
    (void)state;
    struct policy *p = NULL;
    int failures = 0;
    char *said = load_rows(&p);
    assert_string_equal(said, "");
    free(said);
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct view v[3];
        struct audience a = {.recipients = v,
                             .others = policies[i].others,
                             .listener_name = view_of(policies[i].name),
                             .listener_port = view_of(policies[i].port)};
        for (; a.n < 3 && policies[i].recipients[a.n] != NULL; a.n++)
            v[a.n] = view_of(policies[i].recipients[a.n]);
        struct policy_for f;
        struct buf got;
        policy_for(p, &a, &f);
        buf_init(&got, 256);
        const struct settings *s = &f.settings;
        assert_int_equal(buf_addf(&got, "%s %s", annotate_mode_names[s->notice.mode],
                                  s->notice.country[0] != '\0' ? s->notice.country : "-"),
                         STATUS_OK);
        for (size_t k = 0; k < s->notice.languages.n; k++)
            assert_int_equal(buf_addf(&got, " %s", s->notice.languages.v[k]), STATUS_OK);
        assert_int_equal(buf_addf(&got, "%s reach=%s%s%s line %u%s",
                                  s->notice.minors ? " minors" : "", s->notice.reach,
                                  s->exempt ? " exempt" : "", s->annotate ? "" : " no-notice",
                                  f.line[0], f.differ != 0 ? " differ " : ""),
                         STATUS_OK);
        assert_int_equal(policy_differ_text(&f, &got), STATUS_OK);
        if (f.differ != 0)
            assert_int_equal(buf_addf(&got, " with %u", f.line[1]), STATUS_OK);
        failures += row_view(buf_view(&got), view_of(policies[i].want), policies[i].label, "for");
        buf_fini(&got);
    }
    policy_unref(&p);
    assert_int_equal(failures, 0);
}

/* Neither a long address nor one of many labels finds anything that it should not. */
static void test_long_addresses(void **state)
{
    (void)state;
    struct policy *p = NULL;
    char address[1000];
    free(load_rows(&p));
    for (size_t n = 300; n < sizeof address; n += n < 340 ? 1 : 100) {
        for (int dots = 0; dots < 2; dots++) {
            for (size_t i = 0; i < n; i++)
                address[i] = dots && i % 2 == 0 ? '.' : 'a';
            address[1] = '@';
            memcpy(address + n - 11, ".example.fi", 11);
            struct view v = {address, n};
            const struct audience a = {.recipients = &v, .n = 1};
            struct policy_for f;
            policy_for(p, &a, &f);
            assert_int_equal(f.line[0], n > 320 ? 0 : 2);
        }
    }
    policy_unref(&p);
}

static void test_broken_policies(void **state)
{
    (void)state;
    static const struct {
        const char *label, *conf, *want;
    } rows[] = {
        {"no match", "policies = (\n{ country = \"FI\"; } );",
         ":2: error: policies.match: a list of those whom it is for is missing"},
        {"match is no list", "policies = ( { match = \"@a.b\"; } );", "policies.match: a list of"},
        {"match is empty", "policies = ( { match = [ ]; } );", "policies.match: a list of"},
        {"a number", "policies = ( { match = ( 5 ); } );", "each entry stands in double quotes"},
        {"a word", "policies = ( { match = [ \"example.fi\" ]; } );",
         "\"example.fi\" is no address, domain or listener"},
        {"two dots", "policies = ( { match = [ \"@a..b\" ]; } );", "is no address"},
        {"a dot at the end", "policies = ( { match = [ \"a@b.\" ]; } );", "is no address"},
        {"a space", "policies = ( { match = [ \"a b@c.test\" ]; } );", "is no address"},
        {"only @", "policies = ( { match = [ \"@\" ]; } );", "is no address"},
        {"only @.", "policies = ( { match = [ \"@.\" ]; } );", "is no address"},
        {"a dot below an address", "policies = ( { match = [ \"a@.b\" ]; } );", "is no address"},
        {"not UTF-8", "policies = ( { match = [ \"@\xFF.test\" ]; } );", "is no address"},
        {"listener without a name", "policies = ( { match = [ \"listener:\" ]; } );",
         "\"listener:25\""},
        {"the same twice",
         "policies = ( { match = [ \"@a.b\" ]; },\n\n{ match = [ \"@A.B\" ]; } );",
         ":3: error: policies.match: \"@a.b\" has a policy already, in line 1"},
        {"the same twice in one", "policies = ( { match = [ \"x@a.b\", \"X@a.b\" ]; } );",
         "has a policy already, in line 1"},
        {"the same domain in two forms",
         "policies = ( { match = [ \"@b\xC3\xBC"
         "cher.test\", \"@xn--bcher-kva.test\" ]; } );",
         "has a policy already, in line 1"},
        {"a key", "policies = ( { match = [ \"@a.b\" ]; langauges = [ ]; } );",
         "policies.langauges: unknown key, did you mean \"languages\"?"},
        {"a key of all", "policies = ( { match = [ \"@a.b\" ]; socket_group = \"x\"; } );",
         "policies.socket_group: can be said for all recipients only"},
        {"a header's name",
         "policies = ( { match = [ \"@a.b\" ]; headers = { flag = \"X\"; }; } );",
         "policies.headers.flag: can be said for all recipients only"},
        {"headers is no group", "policies = ( { match = [ \"@a.b\" ]; headers = 1; } );",
         "policies.headers: must be a group"},
        {"a mode", "policies = ( { match = [ \"@a.b\" ]; mode = \"wrapp\"; } );",
         "policies.mode: \"wrapp\" is unknown, did you mean \"wrap\"?"},
        {"a flag", "policies = ( { match = [ \"@a.b\" ]; exempt = 1; } );",
         "policies.exempt: is a whole number, must be true or false"},
        {"a threshold", "policies = ( { match = [ \"@a.b\" ]; threshold = 101; } );",
         "policies.threshold: 101 is out of range"},
        {"an action", "policies = ( { match = [ \"@a.b\" ];\n actions = [ \"tagg\" ]; } );",
         ":2: error: policies.actions: \"tagg\" is unknown, did you mean \"tag\"?"},
        {"a class", "policies = ( { match = [ \"@a.b\" ];\n classes = { violense = { }; }; } );",
         ":2: error: policies.classes.violense: the rule packs have no such class, did you mean "
         "\"violence\"?"},
        {"a key of a class",
         "policies = ( { match = [ \"@a.b\" ]; classes = { ddos = { }; sextortion = { mode = 1; }; "
         "}; } );",
         "policies.classes.sextortion.mode: unknown key"},
        {"classes is no group", "policies = ( { match = [ \"@a.b\" ]; classes = 1; } );",
         "policies.classes: must be a group"},
        {"threats to life held",
         "policies = ( { match = [ \"@a.b\" ]; classes = { violence = {\n actions = [ "
         "\"quarantine\" "
         "]; }; }; } );",
         ":2: error: policies.classes.violence.actions: threats to life must not be held"},
        {"threats to life held by the policy's actions",
         "classes = { violence = { actions = [ \"tag\" ]; }; };\n"
         "policies = ( { match = [ \"@a.b\" ]; actions = [ \"quarantine\" ]; } );",
         ":2: error: policies.actions: threats to life must not be held"},
        {"a country", "policies = ( { match = [ \"@a.b\" ]; country = \"Finland\"; } );",
         "policies.country: \"Finland\" is not usable here"},
        {"a language", "policies = ( { match = [ \"@a.b\" ]; languages = [ \"f i\" ]; } );",
         "policies.languages: \"f i\" is not usable here"},
        {"a subject", "policies = ( { match = [ \"@a.b\" ]; subject_prefix = \"a\\nb\"; } );",
         "one line of UTF-8 text"},
        {"no list", "policies = { };", "must be a list in ( )"},
        {"no group", "policies = ( 1 );", "each policy is a group"},
        {"a network", "internal_networks = [ \"10.0.0.0/8\",\n\"10.0.0.0/33\" ];",
         ":2: error: internal_networks: \"10.0.0.0/33\" is not usable here"},
        {"all in one run",
         "internal_networks = [ \"x\" ];\npolicies = ( { match = [ \"a\" ]; },\n{ match = [ "
         "\"@b.c\" "
         "]; mod = 1; },\n{ match = [ \"@b.c\" ]; } );",
         ":3: error: policies.mod"},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy *p = NULL;
        char *got = load(rows[i].conf, strlen(rows[i].conf), &p);
        failures += row_check(p == NULL && strstr(got, rows[i].want) != NULL, rows[i].label, got);
        if (i + 1 == COUNT_OF(rows))
            failures += row_check(strstr(got, ":1: error: internal_networks") != NULL &&
                                      strstr(got, ":2: error: policies.match") != NULL &&
                                      strstr(got, ":4: error: policies.match") != NULL,
                                  rows[i].label, got);
        free(got);
        policy_unref(&p);
    }
    assert_int_equal(failures, 0);
}

static void test_too_many_policies(void **state)
{
    (void)state;
    static const struct {
        unsigned n;
        bool good;
    } rows[] = {{POLICY_ROWS_MAX - 1, true}, {POLICY_ROWS_MAX, true}, {POLICY_ROWS_MAX + 1, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy *p = NULL;
        struct buf conf;
        buf_init(&conf, 8 << 20);
        assert_int_equal(buf_addf(&conf, "policies = ("), STATUS_OK);
        for (unsigned k = 0; k < rows[i].n; k++)
            assert_int_equal(buf_addf(&conf, "%s\n{ match = [ \"@c%u.test\" ]; country = \"FI\"; }",
                                      k > 0 ? "," : "", k),
                             STATUS_OK);
        assert_int_equal(buf_addf(&conf, ");"), STATUS_OK);
        char *got = load(conf.p, conf.n, &p);
        assert_int_equal(p != NULL, rows[i].good);
        if (!rows[i].good)
            assert_non_null(strstr(got, "has more than 10000 rows"));
        if (rows[i].good) {
            struct view v = VIEW("x@c7777.test");
            const struct audience a = {.recipients = &v, .n = 1};
            struct policy_for f;
            policy_for(p, &a, &f);
            assert_int_equal(f.line[0], 7779);
            assert_string_equal(f.settings.notice.country, "FI");
        }
        free(got);
        buf_fini(&conf);
        policy_unref(&p);
    }
}

static struct decision decide(const struct policy *p, const struct verdict *v)
{
    struct policy_for whom;
    struct decision d;
    const struct audience a = {.n = 0};
    policy_for(p, &a, &whom);
    policy_decide(p, &whom, v, &d);
    d.whom = NULL;
    return d;
}

static void test_actions(void **state)
{
    (void)state;
    static const char conf[] = "actions = [ \"tag\", \"quarantine\" ]; quarantine_score = 7.0;\n"
                               "classes = { sextortion = { actions = [ \"subject\" ]; };\n"
                               "  violence = { actions = [ \"tag\", \"subject\" ]; };\n"
                               "  breach-company = { quarantine_score = 9; }; };\n";
    double calm[FAKE_CLASSES] = {0}, deadly[FAKE_CLASSES] = {[FAKE_VIOLENCE] = 4.0};
    const struct {
        const char *label;
        struct verdict verdict;
        unsigned want;
    } rows[] = {
        {"not flagged",
         {.flagged = false, .class_index = 0, .score = 4.9, .class_scores = calm},
         0},
        {"own actions", {true, 9.0, FAKE_SEXTORTION, .class_scores = calm}, ACTION_SUBJECT},
        {"default actions, below the score",
         {true, 8.9, FAKE_BREACH_COMPANY, .class_scores = calm},
         ACTION_TAG},
        {"default actions, at the class's score",
         {true, 9.0, FAKE_BREACH_COMPANY, .class_scores = calm},
         ACTION_TAG | ACTION_QUARANTINE},
        {"a threat to life beside another class",
         {true, 20.0, FAKE_BREACH_COMPANY, .class_scores = deadly},
         ACTION_TAG},
        {"a threat to life",
         {true, 20.0, FAKE_VIOLENCE, .class_scores = deadly},
         ACTION_TAG | ACTION_SUBJECT},
        {"no class", {true, 7.0, CLASS_NONE, .nearest_class = CLASS_NONE, .class_scores = calm}, 0},
    };
    struct policy *p = NULL;
    char *got = load(conf, strlen(conf), &p);
    assert_string_equal(got, "");
    free(got);
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failures += row_check(decide(p, &rows[i].verdict).actions == rows[i].want, rows[i].label,
                              "actions differ");
    assert_int_equal(failures, 0);
    policy_unref(&p);
}

static void test_threshold(void **state)
{
    (void)state;
    struct policy *p = NULL;
    struct verdict v = {.flagged = true, .score = 6.0, .class_index = FAKE_VIOLENCE};
    free(load("", 0, &p));
    assert_true(decide(p, &v).flagged);
    assert_true(decide(p, &v).threshold == 4.0);
    policy_unref(&p);
    free(load("threshold = 6.5;", 16, &p));
    assert_true(decide(p, &v).threshold == 6.5);
    assert_false(decide(p, &v).flagged);
    v.score = 6.5;
    assert_true(decide(p, &v).flagged);
    v.class_index = v.nearest_class = CLASS_NONE;
    assert_false(decide(p, &v).flagged);
    policy_unref(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies),        cmocka_unit_test(test_long_addresses),
        cmocka_unit_test(test_broken_policies), cmocka_unit_test(test_too_many_policies),
        cmocka_unit_test(test_actions),         cmocka_unit_test(test_threshold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
