/* Nothing in a mail or a path may steer the terminal. */
#include "program/screen.h"
#include "tests/test.h"

static const struct {
    const char *label;
    struct view in;
    size_t max;
    const char *want;
} quotes[] = {
    {"plain", VIEW_LITERAL("pay now"), 100, "pay now"},
    {"white space", VIEW_LITERAL("  a \r\n\t b\xC2\xA0  c "), 100, "a b c"},
    {"escape sequence", VIEW_LITERAL("\x1b]0;x\x07"), 100, "\\x1b]0;x\\x07"},
    {"C1 control",
     VIEW_LITERAL("\xC2\x9B"
                  "31m"),
     100, "\\u{009b}31m"},
    {"right-to-left override", VIEW_LITERAL("a\xE2\x80\xAEz"), 100, "a\\u{202e}z"},
    {"zero-width space", VIEW_LITERAL("a\xE2\x80\x8Bz"), 100, "a\\u{200b}z"},
    {"invalid bytes", VIEW_LITERAL("a\xFF\xE4z"), 100, "a\\xff\\xe4z"},
    {"cut between characters", VIEW_LITERAL("\xC3\xA4\xC3\xA4\xC3\xA4"), 3, "\xC3\xA4\xC3\xA4..."},
    {"not cut", VIEW_LITERAL("abc"), 3, "abc"},
};

static void test_quotes(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(quotes); i++) {
        struct buf out;
        buf_init(&out, 1000);
        assert_int_equal(screen_add_quote(&out, quotes[i].in, quotes[i].max), STATUS_OK);
        failures += row_view(buf_view(&out), view_of(quotes[i].want), quotes[i].label, "quote");
        buf_fini(&out);
    }
    assert_int_equal(failures, 0);
}

static void test_paths(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    assert_int_equal(screen_add_path(&out, "a  b\n\x1b[2J\xE4"), STATUS_OK);
    assert_int_equal(row_view(buf_view(&out), VIEW("a  b\\n\\x1b[2J\\xe4"), "path", "text"), 0);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
