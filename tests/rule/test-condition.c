#include "../test.h"
#include "rule/condition.h"

/* Names are single letters: y yes, n no, u unknown; digits after them do not matter. */
static uint32_t letter_find(void *context, struct view name, char *hint, size_t hint_size)
{
    (void)context;
    if (name.n == 0 || strchr("ynu", name.p[0]) == NULL || name.n > 2) {
        snprintf(hint, hint_size, "did you mean \"y\"?");
        return UINT32_MAX;
    }
    return (uint32_t)(unsigned char)name.p[0];
}

static enum outcome letter_answer(uint32_t letter)
{
    return letter == 'y' ? OUTCOME_YES : letter == 'n' ? OUTCOME_NO : OUTCOME_UNKNOWN;
}

/* "a within N of b" is what "a and b" is; "a > N" compares 2.5. */
static enum outcome leaf(void *context, const struct condition_step *step)
{
    (void)context;
    enum outcome a = letter_answer(step->a), b = letter_answer(step->b);
    if (step->code == CONDITION_WITHIN)
        return a == OUTCOME_NO || b == OUTCOME_NO     ? OUTCOME_NO
               : a == OUTCOME_YES && b == OUTCOME_YES ? OUTCOME_YES
                                                      : OUTCOME_UNKNOWN;
    if (step->compare != COMPARE_NONE)
        return condition_compare(step->compare, 2.5, step->number) ? OUTCOME_YES : OUTCOME_NO;
    return a;
}

static const struct condition_names names = {
    .find = letter_find, .what = "rule", .within = true, .comparisons = true};

static void test_answers(void **state)
{
    (void)state;
    enum { N = OUTCOME_NO, Y = OUTCOME_YES, U = OUTCOME_UNKNOWN };
    static const struct {
        const char *text;
        int want;
    } rows[] = {
        {"y", Y},
        {"n", N},
        {"u", U},
        {"not y", N},
        {"not u", U},
        {"not not y", Y},
        {"not not not y", N},
        {"y and n", N},
        {"y and u", U},
        {"n and u", N},
        {"u and n", N},
        {"y or u", Y},
        {"u or n", U},
        {"n or n", N},
        {"y or n and n", Y},
        {"(y or n) and n", N},
        {"not (y and n)", Y},
        {"not n and y", Y},
        {"n or (n or (y and not n))", Y},
        {"count(y, y, n) >= 2", Y},
        {"count(y, n, n) >= 2", N},
        {"count(y, u, n) >= 2", U},
        {"count(y, u, y) >= 2", Y},
        {"count(n, u, n) >= 2", N},
        {"count(y, y) > 1", Y},
        {"count(y, y) < 2", N},
        {"count(u, u) <= 2", Y},
        {"count(u, u) = 1", U},
        {"count(y, n) == 1", Y},
        {"count(y and n, not n, (y)) >= 2", Y},
        {"not count(y) >= 1", N},
        {"y within 5 of y2", Y},
        {"y within 0 of n", N},
        {"u within 100 of y", U},
        {"y within 5 of y or n", Y},
        {"y >= 2.5", Y},
        {"y > 2.5", N},
        {"y < 2.6", Y},
        {"y <= 2.4999", N},
        {"y\tand\n y", Y},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena arena;
        arena_init(&arena, 1 << 20);
        struct condition c;
        struct condition_error error;
        bool ok = condition_parse(view_of(rows[i].text), &names, &arena, &c, &error);
        failures += row_check(ok, rows[i].text, error.message);
        if (ok)
            failures += row_check((int)condition_eval(&c, leaf, NULL) == rows[i].want, rows[i].text,
                                  "wrong answer");
        arena_fini(&arena);
    }
    assert_int_equal(failures, 0);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned column;
        const char *message, *hint;
    } rows[] = {
        {"", 1, "the condition ends where a rule is expected", ""},
        {"y and", 6, "the condition ends where a rule is expected", ""},
        {"y y", 3, "\"y\" is not expected here", ""},
        {"y and x", 7, "there is no rule \"x\"", "did you mean \"y\"?"},
        {"(y or n", 8, "')' is expected", ""},
        {"y)", 2, "\")\" is not expected here", ""},
        {"and y", 1, "\"and\" stands where a rule is expected", ""},
        {"y or & n", 6, "\"&\" stands where a rule is expected", ""},
        {"count y", 7, "'(' is expected after count", "write count(a, b, c) >= 2"},
        {"count(y", 8, "',' or ')' is expected", "write count(a, b, c) >= 2"},
        {"count(y)", 9, "count needs a comparison", "write count(a, b, c) >= 2"},
        {"count(y) >= y", 13, "a number must follow >=", ""},
        {"count(y) >= 1.x", 13, "a number must follow >=", ""},
        {"y within of y", 10, "a number of words from 0 to 100 is expected",
         "write: a within 30 of b"},
        {"y within 101 of y", 10, "a number of words from 0 to 100 is expected",
         "write: a within 30 of b"},
        {"y within 3 y", 12, "\"of\" is expected", "write: a within 30 of b"},
        {"((((((((((((((((((y))))))))))))))))))", 17, "parentheses nested deeper than 16",
         "split it into several rules"},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena arena;
        arena_init(&arena, 1 << 20);
        struct condition c;
        struct condition_error error;
        bool ok = condition_parse(view_of(rows[i].text), &names, &arena, &c, &error);
        failures += row_check(!ok, rows[i].text, "was taken");
        failures += row_check(error.column == rows[i].column, rows[i].text, "column");
        failures +=
            row_view(view_of(error.message), view_of(rows[i].message), rows[i].text, "message");
        failures += row_view(view_of(error.hint), view_of(rows[i].hint), rows[i].text, "hint");
        arena_fini(&arena);
    }
    assert_int_equal(failures, 0);
}

static void test_bounds(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add(&text, VIEW("count(y"));
    for (int i = 1; i < CONDITION_STACK_MAX; i++)
        buf_add(&text, VIEW(",n"));
    size_t n = text.n;
    buf_add(&text, VIEW(") = 1"));
    struct condition c;
    struct condition_error error;
    assert_true(condition_parse(buf_view(&text), &names, &arena, &c, &error));
    assert_int_equal(condition_eval(&c, leaf, NULL), OUTCOME_YES);
    text.n = n;
    buf_add(&text, VIEW(",n) = 1"));
    assert_false(condition_parse(buf_view(&text), &names, &arena, &c, &error));
    assert_string_equal(error.message, "the condition has too many names");
    buf_clear(&text);
    for (int i = 0; i < CONDITION_STEPS_MAX; i++)
        buf_add(&text, VIEW("y and "));
    buf_add(&text, VIEW("y"));
    assert_false(condition_parse(buf_view(&text), &names, &arena, &c, &error));
    assert_string_equal(error.message, "the condition is too long");
    buf_fini(&text);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
