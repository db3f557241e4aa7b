/* Counting, and what is written of it. */
#include <pthread.h>
#include <stdlib.h>

#include "metrics/metrics.h"
#include "tests/test.h"

static struct view written(struct metrics *m, enum metrics_format format, unsigned step,
                           struct buf *out)
{
    static const struct metrics_info info[] = {
        {"build", "What runs.", {{"version", "1.2"}, {"odd", "a\"b\\c\nd\xFF"}, {"none", NULL}}},
    };
    const struct metrics_how how = {.format = format, .step = step, .info = info, .n_info = 1};
    buf_init(out, 1 << 20);
    assert_int_equal(metrics_write(m, &how, out), STATUS_OK);
    return buf_view(out);
}

static bool has_line(struct view text, const char *line)
{
    struct view one;
    while (view_next_line(&text, &one))
        if (view_eq(one, view_of(line)))
            return true;
    return false;
}

struct line_row {
    const char *label;
    const char *openmetrics; /* a whole line; NULL: none */
    const char *plain;
};

static const struct line_row lines[] = {
    {"a counter's family", "# TYPE extortion_milter_messages counter",
     "# TYPE extortion_milter_messages_total counter"},
    {"a counter's help", "# HELP extortion_milter_verdicts Messages that were judged.",
     "# HELP extortion_milter_verdicts_total Messages that were judged."},
    {"a counter", "extortion_milter_messages_total{action=\"tag\"} 2",
     "extortion_milter_messages_total{action=\"tag\"} 2"},
    {"a counter that never counted", "extortion_milter_messages_total{action=\"none\"} 0",
     "extortion_milter_messages_total{action=\"none\"} 0"},
    {"a gauge", "extortion_milter_sessions 3", "extortion_milter_sessions 3"},
    {"a set gauge", "extortion_milter_process_start_time_seconds 1700000000",
     "extortion_milter_process_start_time_seconds 1700000000"},
    {"its unit", "# UNIT extortion_milter_process_start_time_seconds seconds", NULL},
    {"a scaled counter", "extortion_milter_process_cpu_seconds_total 1.5",
     "extortion_milter_process_cpu_seconds_total 1.5"},
    {"a histogram's family", "# TYPE extortion_milter_stage_duration_seconds histogram",
     "# TYPE extortion_milter_stage_duration_seconds histogram"},
    {"a measurement on a bound",
     "extortion_milter_stage_duration_seconds_bucket{stage=\"rule\",le=\"0.001\"} 1",
     "extortion_milter_stage_duration_seconds_bucket{stage=\"rule\",le=\"0.001\"} 1"},
    {"and one below it",
     "extortion_milter_stage_duration_seconds_bucket{stage=\"rule\",le=\"0.0005\"} 0", NULL},
    {"buckets add up",
     "extortion_milter_stage_duration_seconds_bucket{stage=\"rule\",le=\"0.0025\"} 2", NULL},
    {"the last but one",
     "extortion_milter_stage_duration_seconds_bucket{stage=\"rule\",le=\"10.0\"} 2", NULL},
    {"beyond all bounds",
     "extortion_milter_stage_duration_seconds_bucket{stage=\"rule\",le=\"+Inf\"} 3",
     "extortion_milter_stage_duration_seconds_bucket{stage=\"rule\",le=\"+Inf\"} 3"},
    {"the count", "extortion_milter_stage_duration_seconds_count{stage=\"rule\"} 3",
     "extortion_milter_stage_duration_seconds_count{stage=\"rule\"} 3"},
    {"the sum", "extortion_milter_stage_duration_seconds_sum{stage=\"rule\"} 20.002000001",
     "extortion_milter_stage_duration_seconds_sum{stage=\"rule\"} 20.002000001"},
    {"a histogram of bytes", "extortion_milter_message_size_bytes_bucket{le=\"1024.0\"} 0",
     "extortion_milter_message_size_bytes_bucket{le=\"1024.0\"} 0"},
    {"its next bound", "extortion_milter_message_size_bytes_bucket{le=\"4096.0\"} 1", NULL},
    {"its last", "extortion_milter_message_size_bytes_bucket{le=\"67108864.0\"} 1", NULL},
    {"its infinity", "extortion_milter_message_size_bytes_bucket{le=\"+Inf\"} 2", NULL},
    {"names", "extortion_milter_annotate_skipped_total{reason=\"signed\"} 1", NULL},
    {"information", "# TYPE extortion_milter_build info",
     "# TYPE extortion_milter_build_info gauge"},
    {"whose values cannot end a line",
     "extortion_milter_build_info{version=\"1.2\",odd=\"a\\\"b\\\\c?d?\",none=\"\"} 1",
     "extortion_milter_build_info{version=\"1.2\",odd=\"a\\\"b\\\\c?d?\",none=\"\"} 1"},
    {"the end", "# EOF", NULL},
};

static struct metrics *filled(void)
{
    struct metrics *m = metrics_new();
    assert_non_null(m);
    metrics_count(m, METRIC_MESSAGES_TAG);
    metrics_add(m, METRIC_MESSAGES_TAG, 1);
    metrics_add(m, METRIC_SESSIONS, 4);
    metrics_lower(m, METRIC_SESSIONS);
    metrics_set(m, METRIC_START_TIME, 1700000000);
    metrics_set(m, METRIC_CPU, 1500000);
    metrics_observe(m, METRIC_STAGE_RULE, 1000000);
    metrics_observe(m, METRIC_STAGE_RULE, 1000001);
    metrics_observe(m, METRIC_STAGE_RULE, 20000000000);
    metrics_observe(m, METRIC_SIZE, 1025);
    metrics_observe(m, METRIC_SIZE, 1 << 30);
    metrics_count_name(m, METRIC_NAMES_SKIPPED, VIEW("signed"));
    return m;
}

static void test_lines(void **state)
{
    (void)state;
    struct metrics *m = filled();
    struct buf om, plain;
    struct view text[2] = {written(m, METRICS_OPENMETRICS, 1, &om),
                           written(m, METRICS_PLAIN, 1, &plain)};
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        failures += row_check(has_line(text[0], lines[i].openmetrics), lines[i].label, "missing");
        if (lines[i].plain != NULL)
            failures += row_check(has_line(text[1], lines[i].plain), lines[i].label,
                                  "missing in the plain form");
    }
    assert_true(view_ends_nocase(text[0], VIEW("\n# EOF\n")));
    assert_true(view_find(text[1], VIEW("EOF")) == text[1].n);
    assert_true(view_find(text[1], VIEW("# UNIT")) == text[1].n);
    assert_int_equal(metrics_get(m, METRIC_STAGE_RULE), 3);
    assert_int_equal(metrics_get(m, METRIC_MESSAGES_TAG), 2);
    assert_int_equal(metrics_get(m, METRIC_MESSAGES_NONE), 0);
    assert_int_equal(failures, 0);
    buf_fini(&om);
    buf_fini(&plain);
    metrics_free(&m);
}

/* What an observer sees of a class, mail by mail. */
static void test_held_back(void **state)
{
    (void)state;
    static const struct {
        unsigned step, came;
        const char *line; /* NULL: nothing of the class */
    } rows[] = {
        {10, 1, NULL},
        {10, 9, NULL},
        {10, 10, "extortion_milter_flagged_total{class=\"violence\"} 10"},
        {10, 11, "extortion_milter_flagged_total{class=\"violence\"} 10"},
        {10, 19, "extortion_milter_flagged_total{class=\"violence\"} 10"},
        {10, 20, "extortion_milter_flagged_total{class=\"violence\"} 20"},
        {1, 1, "extortion_milter_flagged_total{class=\"violence\"} 1"},
        {0, 7, "extortion_milter_flagged_total{class=\"violence\"} 7"},
        {1000, 999, NULL},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct metrics *m = metrics_new();
        struct buf out, text;
        struct json j;
        char label[40];
        (void)snprintf(label, sizeof label, "%u by %u", rows[i].came, rows[i].step);
        for (unsigned k = 0; k < rows[i].came; k++)
            metrics_count_name(m, METRIC_NAMES_CLASSES, VIEW("violence"));
        /* A reason is no class: it shows at once. */
        metrics_count_name(m, METRIC_NAMES_SKIPPED, VIEW("list"));
        struct view v = written(m, METRICS_OPENMETRICS, rows[i].step, &out);
        buf_init(&text, 1 << 20);
        json_init(&j, &text);
        json_open(&j, '{');
        metrics_write_json(m, rows[i].step, &j);
        json_close(&j, '}');
        struct view json = buf_view(&text);
        failures += row_check(rows[i].line != NULL ? has_line(v, rows[i].line)
                                                   : view_find(v, VIEW("violence")) == v.n,
                              label, "text");
        failures += row_check(
            (view_find(json, VIEW("violence")) < json.n) == (rows[i].line != NULL), label, "JSON");
        failures +=
            row_check(has_line(v, "extortion_milter_annotate_skipped_total{reason=\"list\"} 1"),
                      label, "reasons are not held back");
        buf_fini(&out);
        buf_fini(&text);
        metrics_free(&m);
    }
    assert_int_equal(failures, 0);
}

/* However many names come up, and whatever they are, there are so many labels and no more. */
static void test_names_are_bounded(void **state)
{
    (void)state;
    enum { CAME = 20000 };
    struct metrics *m = metrics_new();
    struct buf out;
    char name[300];
    uint64_t seed = 1;
    for (unsigned i = 0; i < CAME; i++) {
        size_t n = 0;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        for (size_t most = 1 + (size_t)(seed >> 33) % 200; n < most; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            name[n] = (char)(1 + (seed >> 33) % 255);
        }
        metrics_count_name(m, METRIC_NAMES_RULES, (struct view){name, n});
    }
    metrics_count_name(m, METRIC_NAMES_RULES, VIEW(""));
    struct view rest = written(m, METRICS_OPENMETRICS, 1, &out), line;
    uint64_t labels = 0, all = 0;
    while (view_next_line(&rest, &line)) {
        if (!view_starts_nocase(line, VIEW("extortion_milter_rule_hits_total{rule=\"")))
            continue;
        size_t at = line.n;
        uint64_t n = 0;
        while (at > 0 && line.p[at - 1] != ' ')
            at--;
        assert_true(view_to_u64(view_sub(line, at, line.n), UINT32_MAX, &n));
        assert_true(view_ends_nocase(view_sub(line, 0, at), VIEW("\"} ")));
        for (size_t i = 0; i < line.n; i++)
            assert_true(line.p[i] >= 0x20 && line.p[i] < 0x7F);
        labels++;
        all += n;
    }
    assert_int_equal(labels, 501);
    assert_int_equal(all, CAME + 1);
    buf_fini(&out);
    metrics_free(&m);
}

enum { THREADS = 4, TIMES = 20000 };

static void *count_all(void *arg)
{
    struct metrics *m = arg;
    char name[16];
    for (unsigned i = 0; i < TIMES; i++) {
        metrics_count(m, METRIC_MESSAGES_NONE);
        metrics_add(m, METRIC_SESSIONS, 1);
        metrics_observe(m, METRIC_DURATION, i);
        (void)snprintf(name, sizeof name, "class-%u", i % 100);
        metrics_count_name(m, METRIC_NAMES_CLASSES, view_of(name));
        metrics_lower(m, METRIC_SESSIONS);
    }
    return NULL;
}

static void *write_all(void *arg)
{
    for (unsigned i = 0; i < 50; i++) {
        struct buf out;
        (void)written(arg, METRICS_OPENMETRICS, 1, &out);
        buf_fini(&out);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    struct metrics *m = metrics_new();
    pthread_t threads[THREADS + 1];
    for (size_t i = 0; i <= THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, i < THREADS ? count_all : write_all, m),
                         0);
    for (size_t i = 0; i <= THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(metrics_get(m, METRIC_MESSAGES_NONE), THREADS * TIMES);
    assert_int_equal(metrics_get(m, METRIC_SESSIONS), 0);
    assert_int_equal(metrics_get(m, METRIC_DURATION), THREADS * TIMES);
    struct buf out;
    struct view rest = written(m, METRICS_PLAIN, 1, &out), line;
    uint64_t all = 0;
    while (view_next_line(&rest, &line)) {
        uint64_t n = 0;
        if (!view_starts_nocase(line, VIEW("extortion_milter_flagged_total{")))
            continue;
        size_t at = view_find_byte(line, ' ');
        assert_true(view_to_u64(view_sub(line, at + 1, line.n), UINT32_MAX, &n));
        all += n;
    }
    assert_int_equal(all, THREADS * TIMES);
    buf_fini(&out);
    metrics_free(&m);
}

static void test_small_buffer(void **state)
{
    (void)state;
    struct metrics *m = filled();
    const struct metrics_how how = {.format = METRICS_OPENMETRICS};
    struct buf out;
    for (size_t max = 0; max < 2000; max += 97) {
        buf_init(&out, max);
        assert_int_equal(metrics_write(m, &how, &out), STATUS_LIMIT);
        buf_fini(&out);
    }
    metrics_free(&m);
}

/* docs/METRICS.md holds the table as it is. */
static void test_docs(void **state)
{
    (void)state;
    const char *top = getenv("top_srcdir");
    char path[4096];
    struct buf table, docs;
    (void)snprintf(path, sizeof path, "%s/docs/METRICS.md", top != NULL ? top : ".");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    buf_init(&docs, 1 << 20);
    buf_init(&table, 1 << 20);
    for (int c; (c = getc(f)) != EOF;)
        assert_int_equal(buf_add_byte(&docs, (char)c), STATUS_OK);
    (void)fclose(f);
    assert_int_equal(metrics_describe(&table), STATUS_OK);
    bool same = view_find(buf_view(&docs), buf_view(&table)) < docs.n;
    if (!same)
        fprintf(stderr, "# docs/METRICS.md should hold this table:\n%.*s",
                VIEW_ARG(buf_view(&table)));
    assert_true(same);
    buf_fini(&docs);
    buf_fini(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_held_back),
        cmocka_unit_test(test_names_are_bounded),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_small_buffer),
        cmocka_unit_test(test_docs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
