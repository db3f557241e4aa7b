#include <math.h>

#include "../test.h"

struct string_row {
    const char *label;
    struct view in;
    struct view want;
};

static const struct string_row strings[] = {
    {"empty", VIEW_LITERAL(""), VIEW_LITERAL("\"\"")},
    {"plain", VIEW_LITERAL("pay 200"), VIEW_LITERAL("\"pay 200\"")},
    {"quote and backslash", VIEW_LITERAL("a\"b\\c"), VIEW_LITERAL("\"a\\\"b\\\\c\"")},
    {"line ends and tab", VIEW_LITERAL("a\r\n\tb"), VIEW_LITERAL("\"a\\r\\n\\tb\"")},
    {"NUL and escape", VIEW_LITERAL("a\0\x1b["), VIEW_LITERAL("\"a\\u0000\\u001b[\"")},
    {"DEL and C1", VIEW_LITERAL("\x7f\xC2\x9B"), VIEW_LITERAL("\"\\u007f\\u009b\"")},
    {"letters kept", VIEW_LITERAL("p\xC3\xA4iv\xC3\xA4 \xF0\x9F\x98\x80"),
     VIEW_LITERAL("\"p\xC3\xA4iv\xC3\xA4 \xF0\x9F\x98\x80\"")},
    {"lone Latin-1 byte", VIEW_LITERAL("a\xE4z"), VIEW_LITERAL("\"a\xEF\xBF\xBDz\"")},
    {"surrogate in UTF-8", VIEW_LITERAL("\xED\xA0\x80"),
     VIEW_LITERAL("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"")},
    {"overlong", VIEW_LITERAL("\xC0\xAF"), VIEW_LITERAL("\"\xEF\xBF\xBD\xEF\xBF\xBD\"")},
    {"cut at the end", VIEW_LITERAL("a\xE2\x82"), VIEW_LITERAL("\"a\xEF\xBF\xBD\"")},
    {"JavaScript line separator", VIEW_LITERAL("\xE2\x80\xA8"), VIEW_LITERAL("\"\\u2028\"")},
};

static void test_strings(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(strings); i++) {
        struct buf out;
        buf_init(&out, 4096);
        struct json j;
        json_init(&j, &out);
        json_string(&j, strings[i].in);
        failures += row_check(j.status == STATUS_OK, strings[i].label, "status");
        failures += row_view(buf_view(&out), strings[i].want, strings[i].label, "text");
        buf_fini(&out);
    }
    assert_int_equal(failures, 0);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        double in;
        const char *want;
    } rows[] = {
        {0, "0"},           {-0.0, "0"},         {-0.0001, "0"},
        {0.0625, "0.063"},  {-4.0625, "-4.063"}, {5, "5"},
        {5.25, "5.25"},     {-1.5, "-1.5"},      {12.3456, "12.346"},
        {100000, "100000"}, {NAN, "null"},       {INFINITY, "null"},
        {0.001, "0.001"},   {1e18, "1e+18"},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf out;
        buf_init(&out, 100);
        struct json j;
        json_init(&j, &out);
        json_number(&j, rows[i].in);
        failures += row_view(buf_view(&out), view_of(rows[i].want), rows[i].want, "number");
        buf_fini(&out);
    }
    assert_int_equal(failures, 0);
}

static void test_structure(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4096);
    struct json j;
    json_init(&j, &out);
    json_open(&j, '{');
    json_key(&j, "a");
    json_count(&j, UINT64_MAX);
    json_key(&j, "b");
    json_open(&j, '[');
    json_close(&j, ']');
    json_key(&j, "c");
    json_open(&j, '[');
    json_open(&j, '{');
    json_close(&j, '}');
    json_bool(&j, true);
    json_text(&j, NULL);
    json_close(&j, ']');
    json_close(&j, '}');
    assert_int_equal(j.status, STATUS_OK);
    assert_int_equal(row_view(buf_view(&out),
                              VIEW("{\"a\":18446744073709551615,\"b\":[],\"c\":[{},true,null]}"),
                              "structure", "text"),
                     0);
    buf_fini(&out);
}

static void test_ceiling_is_kept(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 8);
    struct json j;
    json_init(&j, &out);
    json_string(&j, VIEW("longer than eight"));
    json_bool(&j, true);
    assert_int_equal(j.status, STATUS_LIMIT);
    assert_true(out.n <= 8);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_ceiling_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
