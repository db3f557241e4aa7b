#include <math.h>
#include <stdlib.h>

#include "../test.h"
#include "verdict/verdict.h"

static struct ruleset *ruleset;
static struct scanner *scanner;

static int setup(void **state)
{
    (void)state;
    static const char *const names[] = {"pack.conf", "pack-xx.conf", "pack-yy.conf"};
    char path[COUNT_OF(names)][4096];
    const char *paths[COUNT_OF(names)];
    const char *top = getenv("top_srcdir");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(path[i], sizeof path[i], "%s/tests/verdict/%s", top != NULL ? top : ".", names[i]);
        paths[i] = path[i];
    }
    const struct ruleset_source source = {
        .paths = paths, .n_paths = COUNT_OF(paths), .prove = true};
    struct limits limits = limits_default();
    struct diags diags;
    diags_init(&diags);
    enum status status = ruleset_load(&source, &limits, &diags, &ruleset);
    if (status != STATUS_OK) {
        struct buf b;
        buf_init(&b, 100000);
        diags_print(&diags, &b);
        fprintf(stderr, "%.*s", VIEW_ARG(buf_view(&b)));
        buf_fini(&b);
    }
    diags_fini(&diags);
    return status == STATUS_OK && scanner_new(ruleset, &limits, &scanner) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    scanner_free(&scanner);
    ruleset_free(&ruleset);
    return 0;
}

#define FILL20  "x1 x2 x3 x4 x5 x6 x7 x8 x9 y1 y2 y3 y4 y5 y6 y7 y8 y9 z1 z2 "
#define FILL100 FILL20 FILL20 FILL20 FILL20 FILL20
#define FILL200 FILL100 FILL100

static const struct {
    const char *label;
    const char *mail;
    const char *class; /* NULL: not flagged */
    double score;
    bool quoted_reason;
} rows[] = {
    {"nothing", "Subject: hi\n\nhello\n", NULL, 0, false},
    {"one facet is no structure", "S: x\n\nclaimword\n", NULL, 0, false},
    {"requirement met, below threshold", "S: x\n\nclaimword demandword\n", NULL, 4.5, false},
    {"flagged", "S: x\n\nclaimword demandword channelword\n", "alpha", 6.0, false},
    {"second rule of a facet counts half", "S: x\n\nclaimword secondclaim demandword\n", "alpha",
     5.5, false},
    {"facet saturates at its cap", "S: x\n\nclaimword secondclaim thirdclaim demandword\n", "alpha",
     5.5, false},
    {"repetition adds nothing", "S: x\n\nclaimword claimword claimword demandword\n", NULL, 4.5,
     false},
    {"header counts in every window", "X-Test: yes\n\nclaimword demandword\n", "alpha", 5.5, false},
    {"subject and body in one window", "Subject: claimword\n\ndemandword channelword\n", "alpha",
     6.0, false},
    {"too far apart", "S: x\n\nclaimword " FILL100 "demandword channelword\n", NULL, 0, false},
    {"densest window wins", "S: x\n\nclaimword " FILL100 "claimword demandword channelword\n",
     "alpha", 6.0, false},
    {"context subtracts", "S: x\n\nclaimword demandword channelword reportword\n", NULL, 4.0,
     false},
    {"far context subtracts less",
     "S: x\n\nclaimword demandword channelword " FILL200 "reportword\n", "alpha", 5.4, false},
    {"a remark that two languages read so speaks against once",
     "S: x\n\nclaimword demandword channelword remarkboth\n", NULL, 4.0, false},
    {"and so it does in two languages",
     "S: x\n\nclaimword demandword channelword remarkxx remarkyy\n", NULL, 4.0, false},
    {"rules of one language add up", "S: x\n\nclaimxx demandxx channelword\n", "alpha", 5.0, false},
    {"rules of two languages do not", "S: x\n\nclaimxx demandyy channelword\n", NULL, 3.0, false},
    {"everyday mail in the letter's language takes off",
     "S: x\n\nclaimxx demandxx channelword billxx\n", NULL, 4.0, false},
    {"in another language it does not", "S: x\n\nclaimxx demandxx channelword billyy\n", "alpha",
     5.0, false},
    {"the same word in two languages counts once", "S: x\n\nclaimboth demandword\n", NULL, 4.0,
     false},
    {"another class", "S: x\n\nthreatword\n", "beta", 3.0, false},
    {"shadow rules never count", "S: x\n\nshadowword demandword\n", NULL, 0, false},
    {"quoted letter below a reader's own words",
     "S: x\n\n" FILL100 "\n> claimword demandword channelword\n", NULL, 1.5, true},
    {"a few own words that report what they quote",
     "S: x\n\nI got this reportword today, help\n> claimword demandword channelword twice\n"
     "> threatword\n",
     NULL, 0, true},
    {"'>' in front of the attacker's own lines",
     "S: x\n\nplease read all of this now\n> claimword demandword channelword\n", "alpha", 6.0,
     false},
    {"a letter cited in a report",
     "S: x\n\nreportword: \"one two three four five claimword demandword channelword\"\n", NULL, 0,
     true},
    {"French marks, with spaces inside",
     "S: x\n\nreportword : \xC2\xAB one two three four five claimword demandword channelword "
     "\xC2\xBB. reportword\n",
     NULL, 0, true},
    {"German marks, turned around",
     "S: x\n\nreportword: \xC2\xBBone two three four five claimword demandword "
     "channelword\xC2\xAB.\n",
     NULL, 0, true},
    {"a cited letter that opens each paragraph",
     "S: x\n\nreportword:\n\n\xE2\x80\x9C"
     "one two claimword\n\n\xE2\x80\x9C"
     "three four five six demandword channelword\xE2\x80\x9D\n",
     NULL, 0, true},
    {"context that is no report leaves quoted words as they are",
     "S: x\n\nplainword: \"one two three four five claimword demandword channelword\"\n", NULL, 4.0,
     false},
    {"two classes level: the first", "S: x\n\nbothword demandword\n", "alpha", 5.5, false},
    {"a rule leans to the other", "S: x\n\nbothword demandword gammaword\n", "gamma", 5.6, false},
    {"what more points speak for, and less leans to, is not named",
     "X-Test: yes\n\nbothword demandword moreword\n", "gamma", 5.6, false},
    {"said twice, it leans once", "S: x\n\nbothword demandword gammaword gammaword alphaword\n",
     "alpha", 5.65, false},
    {"the stronger leaning wins", "S: x\n\nbothword demandword gammaword alphaword\n", "alpha",
     5.65, false},
    {"leanings add up, also those against a class",
     "S: x\n\nbothword demandword gammaword alphaword notalphaword\n", "gamma", 5.675, false},
    {"outside the window nothing leans", "S: x\n\nbothword demandword " FILL100 "gammaword\n",
     "alpha", 5.5, false},
    {"a leaning flags nothing", "S: x\n\nbothword demandword betaword\n", "alpha", 5.6, false},
    {"a rule of the language that won leans", "S: x\n\nbothword demandxx leanxx\n", "gamma", 5.1,
     false},
    {"a rule of another language does not", "S: x\n\nbothword demandyy leanxx\n", "alpha", 5.0,
     false},
    {"quotation marks alone acquit nobody",
     "S: x\n\nhello \"one two three four five claimword demandword channelword\"\n", "alpha", 6.0,
     false},
    {"an opening mark that nobody closes",
     "S: x\n\nreportword \"one two three four five claimword demandword channelword\n", NULL, 4.0,
     false},
    {"a cited word or two is emphasis", "S: x\n\nreportword \"claimword demandword\" channelword\n",
     NULL, 4.0, false},
    {"the sender quotes himself", "S: x\n\nHello\n> claimword demandword channelword\n", "alpha",
     6.0, false},
    {"forwarded as attachment",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nplease have a look at this mail\n--b\n"
     "Content-Type: message/rfc822\n\nSubject: x\n\nclaimword demandword channelword\n--b--\n",
     NULL, 1.5, true},
};

static void test_weigh(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct scan *scan;
        assert_int_equal(scanner_run(scanner, view_of(rows[i].mail), NULL, &scan), STATUS_OK);
        const struct verdict *v = &scan->verdict;
        failures += row_check(v->flagged == (rows[i].class != NULL), rows[i].label, "flagged");
        failures += row_view(view_of(v->class_id), view_of(rows[i].class), rows[i].label, "class");
        bool near = fabs(v->score - rows[i].score) < 0.001;
        failures += row_check(near, rows[i].label, "score");
        if (!near)
            fprintf(stderr, "#   got %g, want %g\n", v->score, rows[i].score);
        double sum = 0;
        bool quoted = false;
        for (uint32_t r = 0; r < v->n_reasons; r++) {
            sum += v->reasons[r].points;
            quoted |= v->reasons[r].quoted;
        }
        if (v->score > 0)
            failures += row_check(fabs(sum - v->score) < 0.001, rows[i].label,
                                  "the reasons' points add up to the score");
        failures += row_check(quoted == rows[i].quoted_reason, rows[i].label, "quoted");
        failures +=
            row_check(v->confidence >= 0 && v->confidence <= 1, rows[i].label, "confidence");
    }
    assert_int_equal(failures, 0);
}

static void test_reason_quotes_the_original(void **state)
{
    (void)state;
    const char *mail =
        "Content-Transfer-Encoding: quoted-printable\n\nso Claim=57ord now demandword "
        "channelword\n";
    const struct scan *scan;
    assert_int_equal(scanner_run(scanner, view_of(mail), NULL, &scan), STATUS_OK);
    bool seen = false;
    for (uint32_t r = 0; r < scan->verdict.n_reasons; r++) {
        const struct reason *reason = &scan->verdict.reasons[r];
        if (strcmp(reason->rule->id, "t-claim") != 0)
            continue;
        seen = true;
        assert_true(view_eq(reason->quote, VIEW("ClaimWord")));
        assert_true(view_eq(view_sub(view_of(mail), reason->origin.from, reason->origin.to),
                            VIEW("Claim=57ord")));
    }
    assert_true(seen);
}

static void test_language_is_told(void **state)
{
    (void)state;
    const struct scan *scan;
    assert_int_equal(
        scanner_run(scanner, VIEW("S: x\n\nclaimyy demandyy channelword\n"), NULL, &scan),
        STATUS_OK);
    assert_string_equal(scan->verdict.language, "yy");
    assert_int_equal(scanner_run(scanner, VIEW("S: x\n\nclaimword demandword\n"), NULL, &scan),
                     STATUS_OK);
    assert_null(scan->verdict.language);
}

static void test_many_hits_stay_linear(void **state)
{
    (void)state;
    size_t n = 400000;
    char *mail = malloc(n + 64);
    assert_non_null(mail);
    size_t used = (size_t)snprintf(mail, 64, "S: x\n\n");
    while (used + 12 < n) {
        memcpy(mail + used, used % 2 == 0 ? "claimword \n" : "demandword\n", 11);
        used += 11;
    }
    const struct scan *scan;
    assert_int_equal(scanner_run(scanner, (struct view){mail, used}, NULL, &scan), STATUS_OK);
    assert_true(scan->verdict.anomalies.count[ANOMALY_HIT_LIMIT] > 0);
    free(mail);
}

/* Stops at the n-th question, and counts them. */
struct patience {
    int left, asked;
};

static bool patience_over(void *context)
{
    struct patience *p = context;
    p->asked++;
    return p->left-- <= 0;
}

/* Wherever a run is stopped: it says so, and the next one is as good as ever. */
static void test_budget(void **state)
{
    (void)state;
    static const struct view mail =
        VIEW_LITERAL("Subject: x\nContent-Type: multipart/mixed; boundary=B\n\n"
                     "--B\nContent-Type: text/html\n\n<p>claimword demandword</p>\n"
                     "--B\nContent-Type: text/plain\n\nchannelword\n--B--\n");
    const struct scan *scan;
    struct patience whole = {.left = 1000000};
    scanner_budget(scanner, patience_over, &whole);
    assert_int_equal(scanner_run(scanner, mail, NULL, &scan), STATUS_OK);
    assert_true(whole.asked > 10);
    double score = scan->verdict.score;
    assert_true(scan->verdict.flagged);
    for (int stop = 0; stop < whole.asked; stop++) {
        struct patience p = {.left = stop};
        scanner_budget(scanner, patience_over, &p);
        assert_int_equal(scanner_run(scanner, mail, NULL, &scan), STATUS_DEADLINE);
        assert_null(scan);
        assert_int_equal(p.asked, stop + 1);
        scanner_budget(scanner, NULL, NULL);
        assert_int_equal(scanner_run(scanner, mail, NULL, &scan), STATUS_OK);
        assert_true(fabs(scan->verdict.score - score) < 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weigh),
        cmocka_unit_test(test_reason_quotes_the_original),
        cmocka_unit_test(test_language_is_told),
        cmocka_unit_test(test_many_hits_stay_linear),
        cmocka_unit_test(test_budget),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
