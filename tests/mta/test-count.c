/* What one message leaves in the metrics, whatever becomes of it. */
#include <stdlib.h>
#include <unistd.h>

#include "mta/engine.h"
#include "mta/fake-scanner.h"
#include "policy/fake-rule.h"
#include "test.h"

#define CONF "test-count.tmp"

/* The played MTA refuses its n-th request, or none. */
struct played {
    int calls, refuse_at;
};

static bool answer(void *mta)
{
    struct played *p = mta;
    return ++p->calls != p->refuse_at;
}

static bool insert(void *mta, int index, const char *name, const char *value)
{
    (void)index;
    (void)name;
    (void)value;
    return answer(mta);
}

static bool quarantine(void *mta, const char *reason)
{
    (void)reason;
    return answer(mta);
}

static bool body(void *mta, struct view v)
{
    (void)v;
    return answer(mta);
}

static const struct mta_ops ops = {.header_insert = insert,
                                   .header_change = insert,
                                   .quarantine = quarantine,
                                   .body_replace = body};

static struct engine *engine_with(const char *conf)
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
    (void)unlink(CONF);
    assert_int_equal(engine_new(p, 1, &e), STATUS_OK);
    diags_fini(&diags);
    policy_unref(&p);
    return e;
}

static const struct rule_info rules[] = {{.id = "en-demand", .template_id = "demand"},
                                         {.id = "core-wallet"}};
static const struct reason reasons[] = {{.rule = &rules[1], .points = 3.0},
                                        {.rule = &rules[0], .points = 2.0},
                                        {.rule = &rules[1], .points = 0.5}};

#define NOTICE                                                                                     \
    "notice = { operator = \"Example\"; data = \"%s/conf\"; mode = \"wrap\"; };"                   \
    "actions = [ \"tag\", \"annotate\" ];"

struct row {
    const char *label, *conf;
    double score; /* flagged from 5.0 */
    bool authenticated, incomplete;
    enum status run;
    int refuse_at;
    const char *header; /* "name\0value" of one more header, or NULL */
    const char *want[6];
};

#define M(rest) "extortion_milter_" rest
static const struct row rows[] = {
    {"clean",
     "",
     1,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"none\"} 1"), M("verdicts_total{flagged=\"no\"} 1")}},
    {"clean, and left alone",
     "headers = { clean = false; };",
     1,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"none\"} 1"), M("verdicts_total{flagged=\"no\"} 1")}},
    {"flagged",
     "",
     7,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"tag\"} 1"), M("verdicts_total{flagged=\"yes\"} 1")}},
    {"flagged, all shown at once",
     "metrics = { step = 1; };",
     7,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("flagged_total{class=\"sextortion\"} 1")}},
    {"rules, each once, by template",
     "metrics = { step = 1; rules = true; };",
     7,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("rule_hits_total{rule=\"core-wallet\"} 1"), M("rule_hits_total{rule=\"demand\"} 1")}},
    {"rules of clean mail are not counted",
     "metrics = { step = 1; rules = true; };",
     1,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"none\"} 1")}},
    {"the strongest action",
     "actions = [ \"subject\", \"tag\", \"quarantine\" ];"
     "classes = { violence = { actions = [ \"tag\" ]; }; };",
     7,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"quarantine\"} 1")}},
    {"the subject",
     "actions = [ \"subject\", \"tag\" ];",
     7,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"subject\"} 1")}},
    {"a notice",
     NOTICE,
     7,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"annotate\"} 1"), M("notices_total{mode=\"wrap\"} 1"),
      M("stage_duration_seconds_count{stage=\"notice\"} 1")}},
    {"no notice for a list",
     NOTICE,
     7,
     false,
     false,
     STATUS_OK,
     0,
     "List-Id\0<a.b>",
     {M("annotate_skipped_total{reason=\"list\"} 1"), M("notices_total{mode=\"wrap\"} 0")}},
    {"judged by a part",
     "",
     1,
     false,
     true,
     STATUS_OK,
     0,
     NULL,
     {M("incomplete_total 1"), M("anomalies_total{anomaly=\"text-limit\"} 1"),
      M("anomalies_total{anomaly=\"line-long\"} 1"), M("anomalies_total{anomaly=\"bare-cr\"} 0"),
      M("messages_total{action=\"none\"} 1")}},
    {"judged by a part, held",
     "failure = { limits = \"quarantine\"; };",
     1,
     false,
     true,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"quarantine\"} 1"), M("unfiltered_total{reason=\"limits\"} 1")}},
    {"authenticated",
     "",
     7,
     true,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("messages_total{action=\"none\"} 1"), M("bypassed_total{reason=\"authenticated\"} 1"),
      M("scan_duration_seconds_count 0")}},
    {"no memory",
     "",
     7,
     false,
     false,
     STATUS_NO_MEMORY,
     0,
     NULL,
     {M("messages_total{action=\"none\"} 1"), M("unfiltered_total{reason=\"memory\"} 1"),
      M("verdicts_total{flagged=\"yes\"} 0"), M("verdicts_total{flagged=\"no\"} 0")}},
    {"no time",
     "on_failure = \"tempfail\";",
     7,
     false,
     false,
     STATUS_DEADLINE,
     0,
     NULL,
     {M("messages_total{action=\"tempfail\"} 1"), M("unfiltered_total{reason=\"deadline\"} 1")}},
    {"an edit is refused",
     "",
     7,
     false,
     false,
     STATUS_OK,
     1,
     NULL,
     {M("messages_total{action=\"none\"} 1"), M("unfiltered_total{reason=\"edit\"} 1"),
      M("verdicts_total{flagged=\"yes\"} 1")}},
    {"holding what failed is refused, too",
     "on_failure = \"quarantine\";",
     7,
     false,
     false,
     STATUS_NO_MEMORY,
     2,
     NULL,
     {M("errors_total{type=\"hold-refused\"} 1"), M("unfiltered_total{reason=\"memory\"} 1")}},
    {"each stage once",
     "",
     1,
     false,
     false,
     STATUS_OK,
     0,
     NULL,
     {M("stage_duration_seconds_count{stage=\"wait\"} 1"),
      M("stage_duration_seconds_count{stage=\"parse\"} 1"),
      M("stage_duration_seconds_count{stage=\"rule\"} 1"),
      M("stage_duration_seconds_count{stage=\"verdict\"} 1"),
      M("stage_duration_seconds_count{stage=\"edit\"} 1"), M("scan_duration_seconds_count 1")}},
};

static void message_send(struct engine *e, const struct row *row)
{
    struct played mta = {.refuse_at = row->refuse_at};
    struct session *s = session_new(e, true);
    session_mail(s, "<a@sender.test>", row->authenticated);
    (void)session_rcpt(s, "<b@example.test>", false);
    session_header(s, "Subject", " x");
    session_header(s, "From", " a@sender.test");
    if (row->header != NULL)
        session_header(s, row->header, row->header + strlen(row->header) + 1);
    (void)session_body(s, VIEW("hello\r\n"));
    (void)session_eom(s, "Q", &ops, &mta);
    session_free(&s);
}

/* The sum of all series whose line begins so. */
static uint64_t sum(struct view text, const char *family)
{
    uint64_t all = 0, n;
    struct view line;
    while (view_next_line(&text, &line)) {
        size_t at = view_find(line, VIEW("} "));
        if (view_starts_nocase(line, view_of(family)) &&
            view_to_u64(view_sub(line, at + 2, line.n), UINT32_MAX, &n))
            all += n;
    }
    return all;
}

static bool has_line(struct view text, const char *want)
{
    struct view line;
    while (view_next_line(&text, &line))
        if (view_eq(line, view_of(want)))
            return true;
    return false;
}

static void test_messages(void **state)
{
    (void)state;
    const char *top = getenv("top_srcdir");
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        char conf[4096];
        struct buf out;
        const bool notice = strcmp(row->conf, NOTICE) == 0;
        (void)snprintf(conf, sizeof conf, notice ? NOTICE : "%s",
                       notice ? top != NULL ? top : "." : row->conf);
        struct engine *e = engine_with(conf);
        fake_reset();
        fake.run_status = row->run;
        fake.verdict.score = row->score;
        fake.verdict.flagged = row->score >= 5;
        fake.verdict.class_index = row->score >= 5 ? FAKE_SEXTORTION : CLASS_NONE;
        fake.verdict.reasons = reasons;
        fake.verdict.n_reasons = COUNT_OF(reasons);
        fake.verdict.incomplete = row->incomplete;
        fake.verdict.anomalies.count[ANOMALY_TEXT_LIMIT] = row->incomplete;
        fake.verdict.anomalies.count[ANOMALY_LINE_LONG] = row->incomplete ? 7 : 0;
        message_send(e, row);
        const struct metrics_how how = {
            .format = METRICS_OPENMETRICS,
            .step = strstr(row->conf, "step") != NULL ? 1 : 10,
        };
        buf_init(&out, 1 << 20);
        assert_int_equal(metrics_write(engine_metrics(e), &how, &out), STATUS_OK);
        struct view text = buf_view(&out);
        for (size_t k = 0; k < COUNT_OF(row->want) && row->want[k] != NULL; k++)
            if (!has_line(text, row->want[k]))
                failures += row_check(false, row->label, row->want[k]);
        /* Whatever it is, it is one message. */
        failures += row_check(sum(text, M("messages_total{")) == 1, row->label, "one message");
        failures += row_check(metrics_get(engine_metrics(e), METRIC_SIZE) == 1, row->label, "size");
        failures += row_check(sum(text, M("unfiltered_total{")) <= 1, row->label, "unfiltered");
        failures += row_check(sum(text, M("flagged_total{")) == (how.step == 1 && row->score >= 5),
                              row->label, "class");
        failures +=
            row_check(has_line(text, M("sessions 0")) && has_line(text, M("connections_total "
                                                                          "1")),
                      row->label, "connections");
        buf_fini(&out);
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_messages)};
    log_open(LOG_TARGET_SYSLOG, "test-count", false);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
