/* Confidence intervals against published values; groups and clusters by hand. */
#include <math.h>
#include <stdlib.h>

#include "program/figures.h"
#include "tests/test.h"

/* Two classes; figures ask a ruleset for nothing else. */
static const struct class_info classes[] = {{.id = "alpha"}, {.id = "beta"}};

uint32_t ruleset_n_classes(const struct ruleset *r)
{
    (void)r;
    return COUNT_OF(classes);
}

const struct class_info *ruleset_class(const struct ruleset *r, uint32_t class_index)
{
    (void)r;
    return &classes[class_index];
}

/* Wilson (1927); values as in Newcombe 1998, table I, method 3 (without continuity correction). */
static const struct {
    double hits;
    uint64_t n;
    double low, high;
} intervals[] = {
    {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611},
    {1, 29, 0.0061, 0.1718},   {20, 20, 0.8389, 1},       {0, 0, 0, 1},
};

static void test_wilson(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(intervals); i++) {
        struct rate r = rate_of(intervals[i].hits, intervals[i].n);
        char label[64];
        (void)snprintf(label, sizeof label, "%.0f of %llu", intervals[i].hits,
                       (unsigned long long)intervals[i].n);
        failures += row_check(fabs(r.low - intervals[i].low) < 0.00006, label, "lower bound");
        failures += row_check(fabs(r.high - intervals[i].high) < 0.00006, label, "upper bound");
    }
    assert_int_equal(failures, 0);
}

#define SAMPLE(l, class, lang, cl, part, tag)                                                      \
    {                                                                                              \
        .path = "p", .file = "p", .label = (l), .class_id = (class), .language = (lang),           \
        .cluster = (cl), .complete = (part), .tags = (tag), .manifest = ""                         \
    }

static const struct sample samples[] = {
    SAMPLE(LABEL_EXTORTION, "alpha", "en", "A", "full", "x,y"),
    SAMPLE(LABEL_EXTORTION, "alpha", "en", "A", "full", "y"),
    SAMPLE(LABEL_EXTORTION, "beta", "fi", "B", "partial", ""),
    SAMPLE(LABEL_EXTORTION, "", "fi", "", "", " y ;; z"),
    SAMPLE(LABEL_EXTORTION, "alpha", "fi", "", "fragment", ""),
    SAMPLE(LABEL_HAM, "", "en", "A", "", ""),
    SAMPLE(LABEL_SPAM, "", "", "", "", "y"),
};

static const struct measured messages[] = {
    {.sample = &samples[0], .flagged = true, .class_index = 0, .score = 7.5},
    {.sample = &samples[1], .flagged = false, .class_index = UINT32_MAX, .score = 4.5},
    {.sample = &samples[2], .flagged = true, .class_index = 0, .score = 5},
    {.sample = &samples[3], .flagged = true, .class_index = 1, .score = 30},
    {.sample = &samples[4], .flagged = false, .class_index = UINT32_MAX, .score = 0},
    {.sample = &samples[5], .flagged = false, .class_index = UINT32_MAX, .score = 1},
    {.sample = &samples[6], .flagged = true, .class_index = 1, .score = 5.5},
};

static const struct group *group_named(const struct groups *g, const char *name)
{
    for (size_t i = 0; i < g->n; i++) {
        if (strcmp(g->v[i].name, name) == 0)
            return &g->v[i];
    }
    return NULL;
}

static void test_figures(void **state)
{
    (void)state;
    struct figures f;
    assert_int_equal(figures_make(messages, COUNT_OF(messages), NULL, &f), STATUS_OK);
    assert_int_equal(f.n, 7);
    assert_int_equal(f.n_flagged, 4);
    assert_true(f.recall.n == 5 && f.recall.hits == 3);
    /* A: one half; B: one; two letters without a cluster: one and none. */
    assert_true(f.cluster_recall.n == 4 && fabs(f.cluster_recall.hits - 2.5) < 1e-9);
    assert_true(f.full_recall.n == 3 && f.full_recall.hits == 2);
    assert_true(f.precision.n == 4 && f.precision.hits == 3);
    assert_true(f.right_class.n == 2 && f.right_class.hits == 1);

    const struct group *g = group_named(&f.groups[BY_LANGUAGE], "en");
    assert_non_null(g);
    assert_true(g->extortion == 2 && g->found == 1 && g->other == 1 && g->wrong == 0);
    assert_int_equal(f.groups[BY_LANGUAGE].n, 2);
    g = group_named(&f.groups[BY_TAG], "y");
    assert_non_null(g);
    assert_true(g->extortion == 3 && g->found == 2 && g->other == 1 && g->wrong == 1);
    assert_int_equal(f.groups[BY_TAG].n, 3);
    g = group_named(&f.groups[BY_CLASS], "alpha");
    assert_non_null(g);
    assert_true(g->extortion == 3 && g->found == 1 && g->right == 1 && g->other == 0);

    assert_int_equal(f.n_confused, 3);
    assert_string_equal(f.confused[1].want, "alpha");
    assert_int_equal(f.confused[1].got, UINT32_MAX);
    assert_int_equal(f.confused[1].n, 2);

    assert_true(f.sweep[8].threshold == 4.5 && f.sweep[8].flagged[LABEL_EXTORTION] == 4);
    assert_true(f.sweep[9].threshold == 5 && f.sweep[9].flagged[LABEL_EXTORTION] == 3);
    assert_true(f.sweep[10].flagged[LABEL_SPAM] == 1 && f.sweep[11].flagged[LABEL_SPAM] == 0);
    figures_fini(&f);
}

static void test_nothing(void **state)
{
    (void)state;
    struct figures f;
    assert_int_equal(figures_make(NULL, 0, NULL, &f), STATUS_OK);
    assert_true(f.recall.n == 0 && f.recall.high == 1 && f.n_confused == 0);
    figures_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wilson),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
