/* Rules that are not phrases: predicates over whole messages, conditions; and the limits. */
#include <stdlib.h>

#include "fixture.h"

#define HEAD "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"

/* One rule, one message. */
static const struct {
    const char *label, *rule, *mail;
    enum outcome want;
    const char *quotes;
} rows[] = {
    {"indicator", "indicator = \"amount\"", HEAD "pay 500 EUR now\n", OUTCOME_YES, "500 EUR"},
    {"indicator missing", "indicator = \"bitcoin\"", HEAD "pay 500 EUR now\n", OUTCOME_NO, ""},
    {"amount range", "indicator = { kind = \"amount\"; min = 50; max = 499.5; }",
     HEAD "pay 500 EUR or 60 EUR\n", OUTCOME_YES, "60 EUR"},
    {"currency", "indicator = { kind = \"amount\"; currency = [ \"USD\", \"gbp\" ]; }",
     HEAD "pay 500 EUR or 60 GBP\n", OUTCOME_YES, "60 GBP"},
    {"address", "indicator = { kind = \"bitcoin\"; detail = \"p2pkh\"; repaired = false; }",
     HEAD "to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n", OUTCOME_YES,
     "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
    {"not of that form", "indicator = { kind = \"bitcoin\"; detail = \"p2tr\"; }",
     HEAD "to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n", OUTCOME_NO, ""},
    {"in the subject, which is read", "indicator = \"amount\"", "Subject: 500 EUR\n" HEAD "x\n",
     OUTCOME_YES, "500 EUR"},
    {"in the subject, which is not read", "indicator = \"amount\"; where = [ \"body\" ]",
     "Subject: 500 EUR\n" HEAD "x\n", OUTCOME_NO, ""},
    {"header matches", "header = { name = \"X-Mailer\"; regex = \"^bad\"; }",
     "x-mailer: good\nX-MAILER: =?utf-8?q?B=61d?= one\n" HEAD "x\n", OUTCOME_YES, "-"},
    {"header does not match", "header = { name = \"X-Mailer\"; regex = \"^bad\"; }",
     "X-Mailer: not bad\n" HEAD "x\n", OUTCOME_NO, ""},
    {"header is there", "header = { name = \"X-Mailer\"; exists = true; }",
     "X-Mailer:\n" HEAD "x\n", OUTCOME_YES, "-"},
    {"header is missing", "header = { name = \"X-Mailer\"; exists = false; }", HEAD "x\n",
     OUTCOME_YES, "-"},
    {"header is not missing", "header = { name = \"X-Mailer\"; exists = false; }",
     "X-Mailer: y\n" HEAD "x\n", OUTCOME_NO, ""},
    {"same address", "header = { name = \"From\"; same = \"To\"; }",
     "From: Me <a@Example.org>\nTo: b@example.org, You <A@example.ORG>\n" HEAD "x\n", OUTCOME_YES,
     "-"},
    {"other address", "header = { name = \"From\"; same = \"To\"; }",
     "From: Me <a@example.org>\nTo: a@example.com\n" HEAD "x\n", OUTCOME_NO, ""},
    {"no address", "header = { name = \"From\"; same = \"To\"; }",
     "From: Me <>\nTo: <>\n" HEAD "x\n", OUTCOME_NO, ""},
    {"other domain", "header = { name = \"Reply-To\"; differs = \"From\"; }",
     "From: a@example.org\nReply-To: a@example.com\n" HEAD "x\n", OUTCOME_YES, "-"},
    {"same domain", "header = { name = \"Reply-To\"; differs = \"From\"; }",
     "From: a@example.org\nReply-To: b@EXAMPLE.org\n" HEAD "x\n", OUTCOME_NO, ""},
    {"no reply-to", "header = { name = \"Reply-To\"; differs = \"From\"; }",
     "From: a@example.org\n" HEAD "x\n", OUTCOME_NO, ""},
    {"attachment by type", "attachment = { type = \"application/pdf\"; }",
     "MIME-Version: 1.0\nContent-Type: application/octet-stream\n\n%PDF-1.4\n1 0 obj\n",
     OUTCOME_YES, "-"},
    {"attachment by kind of type", "attachment = { type = \"image/\"; }",
     "MIME-Version: 1.0\nContent-Type: application/octet-stream\n\n%PDF-1.4\n1 0 obj\n", OUTCOME_NO,
     ""},
    {"attachment by name", "attachment = { name = \"\\\\.pdf$\"; type = \"application/\"; }",
     "MIME-Version: 1.0\nContent-Type: application/octet-stream; name=\"a.PDF\"\n\n%PDF-1.4\n",
     OUTCOME_YES, "-"},
    {"attachment with a lie", "attachment = { name = \"\\\\.jpg$\"; mismatch = true; }",
     "MIME-Version: 1.0\nContent-Type: image/jpeg; name=\"a.jpg\"\n\n%PDF-1.4\n1 0 obj\n",
     OUTCOME_YES, "-"},
    {"attachment without a lie", "attachment = { mismatch = true; }",
     "MIME-Version: 1.0\nContent-Type: application/pdf; name=\"a.pdf\"\n\n%PDF-1.4\n1 0 obj\n",
     OUTCOME_NO, ""},
    {"the body is no attachment", "attachment = { type = \"text/\"; }", HEAD "x\n", OUTCOME_NO, ""},
    {"anomaly", "anomaly = \"date-broken\"", HEAD "x\n", OUTCOME_YES, "-"},
    {"anomalies", "anomaly = [ \"hidden-text\", \"from-missing\", \"date-broken\" ]; at_least = 2",
     HEAD "x\n", OUTCOME_YES, "-"},
    {"too few anomalies", "anomaly = [ \"hidden-text\", \"date-broken\" ]; at_least = 2",
     HEAD "x\n", OUTCOME_NO, ""},
    {"no transaction", "envelope = { null_sender = true; }", HEAD "x\n", OUTCOME_UNKNOWN, ""},
    {"disguise", "disguise = { mapped = 0.2; }",
     HEAD "v\xD1\x96"
          "d\xD0\xB5o\n",
     OUTCOME_YES, "-"},
    {"no disguise", "disguise = { mapped = 0.01; }", HEAD "video\n", OUTCOME_NO, ""},
    {"hidden text", "disguise = { hidden = 0.5; }",
     "MIME-Version: 1.0\nContent-Type: text/html\n\n"
     "<p>ten letters</p><p style=\"display:none\">and so many more of them</p>\n",
     OUTCOME_YES, "-"},
    {"little hidden text", "disguise = { hidden = 0.5; }",
     "MIME-Version: 1.0\nContent-Type: text/html\n\n"
     "<p>ten letters and more</p><p style=\"display:none\">few</p>\n",
     OUTCOME_NO, ""},
    {"phrase in hidden text", "any = [ \"so many\" ]; where = [ \"hidden\" ]",
     "MIME-Version: 1.0\nContent-Type: text/html\n\n"
     "<p>so many</p><p style=\"display:none\">so many more</p>\n",
     OUTCOME_YES, "so many"},
    {"phrase in hidden text, not read", "any = [ \"so many\" ]",
     "MIME-Version: 1.0\nContent-Type: text/html\n\n"
     "<p>so few</p><p style=\"display:none\">so many more</p>\n",
     OUTCOME_NO, ""},
    {"not from the subject into the body", "any = [ \"so ~20 many\" ]",
     "Subject: so\n" HEAD "many\n", OUTCOME_NO, ""},
    {"near, not from the subject into the body", "near = [ \"so\", \"many\" ]; within = 100",
     "Subject: so\n" HEAD "many\n", OUTCOME_NO, ""},
};

static void test_predicates(void **state)
{
    (void)state;
    int failures = 0;
    struct fixture f;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf pack;
        buf_init(&pack, 1 << 16);
        buf_addf(&pack, "pack = \"t\"; rules = ( { id = \"t-r\"; %s; } );\n", rows[i].rule);
        buf_add_byte(&pack, '\0');
        struct ruleset *r = fixture_ruleset(pack.p);
        fixture_message(&f, view_of(rows[i].mail));
        for (int gates = 0; gates < 2; gates++) {
            fixture_match(&f, r, gates);
            failures +=
                row_check(fixture_outcome(&f, r, "t-r") == rows[i].want, rows[i].label, "outcome");
            failures += row_view(view_of(fixture_quotes(&f, r, "t-r")), view_of(rows[i].quotes),
                                 rows[i].label, "quotes");
        }
        ruleset_free(&r);
        buf_fini(&pack);
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

static void test_envelope(void **state)
{
    (void)state;
    struct ruleset *r = fixture_ruleset(
        "pack = \"t\"; rules = ( { id = \"t-null\"; envelope = { null_sender = true; }; },\n"
        "{ id = \"t-sender\"; envelope = { sender = \"@example\\\\.org$\"; authenticated = false; "
        "}; },\n"
        "{ id = \"t-helo\"; envelope = { helo = \"^dsl\"; }; } );\n");
    struct fixture f;
    fixture_init(&f);
    fixture_message(&f, VIEW(HEAD "x\n"));
    struct envelope e = {.known = true, .sender = VIEW("a@Example.org"), .helo = VIEW("mx")};
    f.facts.envelope = &e;
    fixture_match(&f, r, true);
    assert_int_equal(fixture_outcome(&f, r, "t-null"), OUTCOME_NO);
    assert_int_equal(fixture_outcome(&f, r, "t-sender"), OUTCOME_YES);
    assert_int_equal(fixture_outcome(&f, r, "t-helo"), OUTCOME_NO);
    e = (struct envelope){.known = true, .helo = VIEW("DSL-1"), .authenticated = true};
    fixture_match(&f, r, true);
    assert_int_equal(fixture_outcome(&f, r, "t-null"), OUTCOME_YES);
    assert_int_equal(fixture_outcome(&f, r, "t-sender"), OUTCOME_NO);
    assert_int_equal(fixture_outcome(&f, r, "t-helo"), OUTCOME_YES);
    fixture_fini(&f);
    ruleset_free(&r);
}

static void test_when(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        enum outcome want;
        const char *quotes;
    } cases[] = {
        {"t-video and t-friends", OUTCOME_YES, "video | friends | video"},
        {"t-video and not t-none", OUTCOME_YES, "video | video"},
        {"t-none or t-anomaly", OUTCOME_YES, "-"},
        {"t-none", OUTCOME_NO, ""},
        {"t-unknown", OUTCOME_UNKNOWN, ""},
        {"t-video and t-unknown", OUTCOME_UNKNOWN, ""},
        {"t-none and t-unknown", OUTCOME_NO, ""},
        {"t-video or t-unknown", OUTCOME_YES, "video | video"},
        {"count(t-video, t-friends, t-none) >= 2", OUTCOME_YES, "video | friends | video"},
        {"count(t-video, t-unknown, t-none) >= 2", OUTCOME_UNKNOWN, ""},
        {"t-video within 2 of t-friends", OUTCOME_YES, "video with my friends"},
        {"t-friends within 2 of t-video", OUTCOME_YES, "video with my friends"},
        {"t-video within 1 of t-friends", OUTCOME_NO, ""},
        {"t-video within 100 of t-anomaly", OUTCOME_NO, ""},
        {"t-video within 9 of t-unknown", OUTCOME_UNKNOWN, ""},
        {"t-none within 9 of t-unknown", OUTCOME_NO, ""},
        {"facet.claim", OUTCOME_YES, "video | video"},
        {"facet.threat", OUTCOME_NO, ""},
        {"facet.hush", OUTCOME_UNKNOWN, ""},
        {"facet.promise", OUTCOME_NO, ""},
        {"t-later and t-video", OUTCOME_YES, "video | friends | video"},
    };
    int failures = 0;
    struct fixture f;
    fixture_init(&f);
    fixture_message(&f,
                    VIEW(HEAD "a video with my friends, far away from all that one more video\n"));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf pack;
        buf_init(&pack, 1 << 16);
        buf_addf(
            &pack,
            "pack = \"t\"; rules = ( { id = \"t-r\"; when = \"%s\"; },\n"
            "{ id = \"t-video\"; facet = \"claim\"; describe = \"d\"; any = \"video\"; },\n"
            "{ id = \"t-friends\"; any = \"friends\"; }, { id = \"t-none\"; any = \"nothing\"; },\n"
            "{ id = \"t-anomaly\"; anomaly = \"date-broken\"; },\n"
            "{ id = \"t-unknown\"; facet = \"hush\"; describe = \"d\"; envelope = { authenticated "
            "= true; }; },\n"
            "{ id = \"t-shadow\"; facet = \"promise\"; describe = \"d\"; shadow = true; any = "
            "\"video\"; },\n"
            "{ id = \"t-later\"; when = \"t-last\"; }, { id = \"t-last\"; when = \"t-friends\"; } "
            ");\n",
            cases[i].when);
        buf_add_byte(&pack, '\0');
        struct ruleset *r = fixture_ruleset(pack.p);
        fixture_match(&f, r, true);
        failures +=
            row_check(fixture_outcome(&f, r, "t-r") == cases[i].want, cases[i].when, "outcome");
        failures += row_view(view_of(fixture_quotes(&f, r, "t-r")), view_of(cases[i].quotes),
                             cases[i].when, "quotes");
        ruleset_free(&r);
        buf_fini(&pack);
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

/* Hits come by rule, then place, at most so many a rule; reaching that is seen. */
static void test_hits_limit(void **state)
{
    (void)state;
    struct ruleset *r =
        fixture_ruleset("pack = \"t\"; rules = ( { id = \"t-b\"; any = \"video\"; },\n"
                        "{ id = \"t-a\"; any = [ \"clip\", \"film\" ]; } );\n");
    struct fixture f;
    fixture_init(&f);
    fixture_body(&f, VIEW("film video video clip video film\n"));
    for (uint32_t limit = 2; limit <= 4; limit++) {
        f.limits.hits_per_rule = limit;
        fixture_match(&f, r, true);
        assert_int_equal(f.matches.n_hits, limit == 2 ? 4 : 6);
        assert_int_equal(f.matches.anomalies.count[ANOMALY_HIT_LIMIT], limit == 2 ? 2 : 0);
        for (uint32_t i = 1; i < f.matches.n_hits; i++)
            assert_true(f.matches.hits[i - 1].rule < f.matches.hits[i].rule ||
                        f.matches.hits[i - 1].first < f.matches.hits[i].first);
    }
    assert_string_equal(fixture_quotes(&f, r, "t-a"), "film | clip | film");
    fixture_fini(&f);
    ruleset_free(&r);
}

/* A used-up budget is "unknown" for what was not decided, never "no"; what was found stays. */
static void test_work_limit(void **state)
{
    (void)state;
    struct ruleset *r =
        fixture_ruleset("pack = \"t\"; words = { pair = [ \"video clip\", \"film\" ]; };\n"
                        "rules = ( { id = \"t-a\"; any = \"my {pair}\"; }, { id = \"t-b\"; any = "
                        "\"your ~5 clip\"; },\n"
                        "{ id = \"t-none\"; any = \"absent\"; }, { id = \"t-when\"; when = \"t-a "
                        "and t-none\"; } );\n");
    struct fixture f;
    struct buf text;
    fixture_init(&f);
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 400; i++)
        buf_add(&text, VIEW("my video clip is your own clip\n"));
    fixture_body(&f, buf_view(&text));
    f.limits.hits_per_rule = 10000;
    fixture_match(&f, r, true);
    uint32_t all = f.matches.n_hits;
    assert_int_equal(all, 800);
    assert_int_equal(f.matches.n_unknown, 0);
    uint32_t unknown_before = UINT32_MAX;
    for (uint32_t work = 1; work < 200000; work = work * 3 / 2 + 1) {
        f.limits.rule_work = work;
        fixture_match(&f, r, true);
        bool cut = f.matches.anomalies.count[ANOMALY_RULE_BUDGET] > 0;
        assert_true(cut == (f.matches.n_unknown > 0));
        assert_true(f.matches.n_unknown <= unknown_before);
        assert_true(cut || f.matches.n_hits == all);
        assert_true(fixture_outcome(&f, r, "t-a") != OUTCOME_NO);
        assert_true(fixture_outcome(&f, r, "t-b") != OUTCOME_NO);
        unknown_before = f.matches.n_unknown;
    }
    assert_int_equal(unknown_before, 0);
    buf_fini(&text);
    fixture_fini(&f);
    ruleset_free(&r);
}

/* Texts that would explode a matcher that tries one way after the other. */
static void test_no_explosion(void **state)
{
    (void)state;
    struct ruleset *r = fixture_ruleset(
        "pack = \"t\"; words = { many = [ \"word ~20 word ~20 word\", \"word [word] [word] word\" "
        "]; };\n"
        "rules = ( { id = \"t-a\"; any = \"word ~20 word ~20 word ~20 word ~20 word ~20 none\"; "
        "},\n"
        "{ id = \"t-b\"; any = \"[word] [word] [word] [word] [word] [word] word nothing\"; },\n"
        "{ id = \"t-c\"; near = [ \"word\", \"word word\", \"{many}\" ]; within = 100; },\n"
        "{ id = \"t-d\"; any = \"word\"; unless = [ \"none\", \"word ~5 nothing\" ]; unless_within "
        "= 100; } );\n");
    struct fixture f;
    struct buf text;
    fixture_init(&f);
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 60000; i++)
        buf_add(&text, VIEW("word "));
    fixture_body(&f, buf_view(&text));
    fixture_match(&f, r, true);
    assert_int_equal(fixture_outcome(&f, r, "t-a"), OUTCOME_NO);
    assert_int_equal(fixture_outcome(&f, r, "t-b"), OUTCOME_NO);
    assert_int_equal(fixture_outcome(&f, r, "t-c"), OUTCOME_UNKNOWN); /* a list entry exploded */
    assert_int_equal(fixture_outcome(&f, r, "t-d"), OUTCOME_YES);     /* the others go on */
    assert_true(f.matches.anomalies.count[ANOMALY_RULE_BUDGET] > 0);
    for (int i = 0; i < 1000; i++)
        buf_add(&text, VIEW("nothing none (x) (y) (z) "));
    fixture_body(&f, buf_view(&text));
    fixture_match(&f, r, true);
    assert_int_equal(fixture_outcome(&f, r, "t-b"), OUTCOME_YES);
    buf_fini(&text);
    fixture_fini(&f);
    ruleset_free(&r);
}

/* Memory that runs out anywhere is a status, not a crash, and leaks nothing. */
static void test_no_memory(void **state)
{
    (void)state;
    struct ruleset *r = fixture_ruleset(
        "pack = \"t\"; words = { pair = [ \"video clip\", \"film*\" ]; };\n"
        "rules = ( { id = \"t-a\"; any = \"my {pair}\"; }, { id = \"t-b\"; regex = \"clip\"; },\n"
        "{ id = \"t-c\"; near = [ \"my\", \"{pair}\" ]; }, { id = \"t-d\"; when = \"t-a within 5 "
        "of t-c\"; } );\n");
    struct fixture f;
    struct buf text;
    fixture_init(&f);
    buf_init(&text, 1 << 22);
    for (int i = 0; i < 60000; i++)
        buf_add(&text, VIEW("my video clip "));
    fixture_body(&f, buf_view(&text));
    enum status status = STATUS_OK;
    int refused = 0, done = 0;
    for (uint32_t bytes = 1 << 16; bytes <= 1u << 26; bytes *= 2) {
        struct matcher *m = NULL;
        struct matches matches;
        f.limits.arena_bytes = bytes;
        assert_int_equal(matcher_new(r, &f.limits, true, &m), STATUS_OK);
        status = matcher_run(m, &f.facts, &f.arena, &matches);
        assert_true(status == STATUS_OK || status == STATUS_NO_MEMORY);
        refused += status == STATUS_NO_MEMORY;
        done += status == STATUS_OK;
        matcher_free(&m);
    }
    assert_true(refused > 0 && done > 0);
    struct arena small;
    struct matcher *m = NULL;
    struct matches matches;
    arena_init(&small, 100);
    f.limits = limits_default();
    assert_int_equal(matcher_new(r, &f.limits, true, &m), STATUS_OK);
    assert_int_equal(matcher_run(m, &f.facts, &small, &matches), STATUS_NO_MEMORY);
    matcher_free(&m);
    arena_fini(&small);
    buf_fini(&text);
    fixture_fini(&f);
    ruleset_free(&r);
}

/* A matcher carries nothing from one message to the next. */
static void test_again(void **state)
{
    (void)state;
    struct ruleset *r = fixture_ruleset(
        "pack = \"t\"; words = { pair = [ \"video clip\", \"film\" ]; };\n"
        "rules = ( { id = \"t-a\"; any = \"my {pair}\"; }, { id = \"t-b\"; any = \"film\"; } );\n");
    static const char *const texts[] = {"my video clip\n", "video my clip\n", "my film\n", "x\n",
                                        "my clip\n",       "my video clip\n"};
    static const unsigned want[] = {1, 0, 3, 0, 0, 1};
    struct fixture f;
    fixture_init(&f);
    struct matcher *m = NULL;
    assert_int_equal(matcher_new(r, &f.limits, true, &m), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        fixture_body(&f, view_of(texts[i]));
        assert_int_equal(matcher_run(m, &f.facts, &f.arena, &f.matches), STATUS_OK);
        unsigned got =
            (f.matches.outcome[0] == OUTCOME_YES) + 2u * (f.matches.outcome[1] == OUTCOME_YES);
        assert_int_equal(got, want[i]);
    }
    matcher_free(&m);
    fixture_fini(&f);
    ruleset_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_predicates), cmocka_unit_test(test_envelope),
        cmocka_unit_test(test_when),       cmocka_unit_test(test_hits_limit),
        cmocka_unit_test(test_work_limit), cmocka_unit_test(test_no_explosion),
        cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
