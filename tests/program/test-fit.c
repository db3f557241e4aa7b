/* Scores by hand, and fits whose answer is known. */
#include <math.h>
#include <stdlib.h>

#include "program/fit.h"
#include "tests/test.h"

enum { GOOD, BAD, SHARED_A, SHARED_B, CONTEXT, FIXED, N_RULES };

static const double weight[N_RULES] = {2.0, 2.0, 1.0, 0.5, 1.0, 1.5};
static const uint8_t facet[N_RULES] = {FACET_CLAIM,  FACET_THREAT,  FACET_DEMAND,
                                       FACET_DEMAND, FACET_CONTEXT, FACET_CLAIM};
static const uint32_t group[N_RULES] = {0, 1, 2, 2, 3, FIT_FIXED};
static const double base[] = {2.0, 2.0, 0.75, 1.0};

static struct fit_problem problem(const struct fit_example *examples, uint32_t n)
{
    struct fit_problem p = {.n_rules = N_RULES,
                            .n_groups = COUNT_OF(base),
                            .n_examples = n,
                            .weight = weight,
                            .facet = facet,
                            .group = group,
                            .base = base,
                            .examples = examples};
    for (unsigned f = 0; f < FACET_COUNT; f++)
        p.cap[f] = f == FACET_DEMAND ? 1.1 : 3;
    return p;
}

static const struct {
    const char *label;
    struct fit_hit hits[3];
    uint32_t n;
    double score;
} scores[] = {
    {"nothing", {{0}}, 0, 0},
    {"the second of a facet is a half", {{GOOD, 1}, {FIXED, 1}}, 2, 2.75},
    {"the heaviest is the whole one, whatever the order", {{FIXED, 1}, {GOOD, 1}}, 2, 2.75},
    {"a full facet", {{SHARED_A, 1}, {SHARED_B, 1}}, 2, 1.1},
    {"quoted", {{GOOD, 0.25f}}, 1, 0.5},
    {"a facet of quoted text has a smaller cap", {{SHARED_A, 0.25f}, {SHARED_B, 0.25f}}, 2, 0.275},
    {"context is subtracted", {{GOOD, 1}, {CONTEXT, 0.6f}}, 2, 1.4},
};

static void test_score(void **state)
{
    (void)state;
    int failures = 0;
    struct fit_problem p = problem(NULL, 0);
    for (size_t i = 0; i < COUNT_OF(scores); i++) {
        const struct fit_example e = {.hits = scores[i].hits, .n_hits = scores[i].n};
        double points[FACET_COUNT], score = fit_score(&p, &e, weight, points);
        failures += row_check(fabs(score - scores[i].score) < 1e-6, scores[i].label, "score");
    }
    assert_int_equal(failures, 0);
}

enum { N_EXAMPLES = 400 };

/* Half of it extortion that hits GOOD and SHARED_A; the rest hits BAD, or cites extortion. */
static void make(struct fit_example *e)
{
    static const struct fit_hit extortion[] = {{GOOD, 1}, {SHARED_A, 1}};
    static const struct fit_hit citing[] = {{GOOD, 1}, {SHARED_A, 1}, {CONTEXT, 1}};
    static const struct fit_hit other[] = {{BAD, 1}};
    for (uint32_t i = 0; i < N_EXAMPLES; i++) {
        bool yes = i % 2 == 0, cites = i % 4 == 1;
        e[i] = (struct fit_example){.hits = yes     ? extortion
                                            : cites ? citing
                                                    : other,
                                    .n_hits = yes     ? 2
                                              : cites ? 3
                                                      : 1,
                                    .threshold = 2.5,
                                    .importance = 1,
                                    .fold = i / 2 % FIT_FOLDS,
                                    .cluster = i,
                                    .extortion = yes};
    }
}

static void test_fit(void **state)
{
    (void)state;
    struct fit_example e[N_EXAMPLES];
    double factor[FIT_STRENGTHS][COUNT_OF(base)], again[FIT_STRENGTHS][COUNT_OF(base)];
    struct fit fit[FIT_STRENGTHS], second[FIT_STRENGTHS];
    double slope, w[N_RULES];
    make(e);
    const struct fit_problem p = problem(e, N_EXAMPLES);
    for (int s = 0; s < FIT_STRENGTHS; s++) {
        fit[s].factor = factor[s];
        second[s].factor = again[s];
    }
    assert_true(fit_run(&p, FIT_FOLDS, fit, &slope));
    assert_true(fit_run(&p, FIT_FOLDS, second, &slope));
    assert_memory_equal(factor, again, sizeof factor);
    double last = INFINITY;
    for (int s = 0; s < FIT_STRENGTHS; s++) {
        fit_weights(&p, &fit[s], w);
        double points[FACET_COUNT], loss = 0, before = 0;
        for (uint32_t i = 0; i < N_EXAMPLES; i++) {
            loss += fit_loss(fit_score(&p, &e[i], w, points), &e[i], fit[s].slope);
            before += fit_loss(fit_score(&p, &e[i], weight, points), &e[i], slope);
        }
        assert_true(w[GOOD] > weight[GOOD] && w[GOOD] <= FIT_WEIGHT_MOST);
        assert_true(w[BAD] < weight[BAD] && w[BAD] >= FIT_WEIGHT_LEAST);
        assert_true(w[CONTEXT] > weight[CONTEXT]);
        assert_true(w[SHARED_A] == w[SHARED_B]);
        assert_true(w[FIXED] == weight[FIXED]);
        assert_true(loss < before && loss < last);
        last = loss;
    }
}

/* Mail that is left out has no say: with all that hits BAD in one part, BAD stays. */
static void test_left_out(void **state)
{
    (void)state;
    struct fit_example e[N_EXAMPLES];
    double factor[FIT_STRENGTHS][COUNT_OF(base)], slope, w[N_RULES];
    struct fit fit[FIT_STRENGTHS];
    make(e);
    for (uint32_t i = 0; i < N_EXAMPLES; i++)
        e[i].fold = e[i].extortion ? 1 : 0;
    const struct fit_problem p = problem(e, N_EXAMPLES);
    for (int s = 0; s < FIT_STRENGTHS; s++)
        fit[s].factor = factor[s];
    assert_true(fit_run(&p, 0, fit, &slope));
    fit_weights(&p, &fit[FIT_STRENGTHS - 1], w);
    assert_true(fabs(w[BAD] - weight[BAD]) < 1e-9 && fabs(w[CONTEXT] - weight[CONTEXT]) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_score),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
