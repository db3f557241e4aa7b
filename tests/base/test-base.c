#include "../test.h"

static void test_view(void **state)
{
    (void)state;
    struct view rest = VIEW("a\r\nb\n\nc"), line;
    const char *want[] = {"a", "b", "", "c"};
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_true(view_next_line(&rest, &line));
        assert_true(view_eq(line, view_of(want[i])));
    }
    assert_false(view_next_line(&rest, &line));
    assert_true(view_eq(view_trim(VIEW(" \t x y \r\n")), VIEW("x y")));
    assert_true(view_eq_nocase(VIEW("Content-Type"), VIEW("content-TYPE")));
    assert_int_equal(view_find_nocase(VIEW("xxAbC"), VIEW("abc")), 2);
    assert_int_equal(view_find(VIEW("abc"), VIEW("d")), 3);
    uint64_t n;
    assert_true(view_to_u64(VIEW("18446744073709551615"), UINT64_MAX, &n));
    assert_false(view_to_u64(VIEW("18446744073709551616"), UINT64_MAX, &n));
    assert_false(view_to_u64(VIEW("11"), 10, &n));
    assert_false(view_to_u64(VIEW("-1"), 10, &n));
    assert_false(view_to_u64(VIEW_NONE, 10, &n));
}

static void test_buf_ceiling(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_int_equal(buf_add(&b, VIEW("123456789")), STATUS_OK);
    assert_int_equal(buf_add_byte(&b, '0'), STATUS_OK);
    assert_int_equal(buf_add_byte(&b, 'x'), STATUS_LIMIT);
    assert_int_equal(buf_addf(&b, "%d", 7), STATUS_LIMIT);
    assert_true(view_eq(buf_view(&b), VIEW("1234567890")));
    assert_int_equal(buf_reserve(&b, SIZE_MAX), STATUS_LIMIT);
    buf_fini(&b);
}

/* What is kept for the next message is used again, and given up where the ceiling asks for it. */
static void test_arena_reset(void **state)
{
    (void)state;
    enum { MIB = 1 << 20, PIECE = 60000 };
    struct arena a;
    arena_init(&a, 3 * MIB);
    char *first = arena_alloc(&a, PIECE);
    for (int i = 0; i < 40; i++)
        assert_non_null(arena_alloc(&a, PIECE));
    arena_reset(&a);
    size_t kept = a.held;
    assert_in_range(kept, MIB / 2, MIB);
    assert_ptr_equal(arena_alloc(&a, PIECE), first);
    for (int i = 0; i < 10; i++)
        assert_non_null(arena_alloc(&a, PIECE));
    assert_int_equal(a.held, kept);
    arena_reset(&a);
    assert_int_equal(a.held, kept);
    /* Larger than any kept block, and with them over the ceiling. */
    assert_non_null(arena_alloc(&a, 3 * MIB - 4096));
    assert_null(arena_alloc(&a, 8192));
    arena_reset(&a);
    assert_int_equal(a.held, 0);
    arena_fini(&a);
    arena_init_small(&a, MIB);
    assert_non_null(arena_alloc(&a, 100));
    assert_in_range(a.held, 100, 4096);
    arena_fini(&a);
}

static void test_arena_large(void **state)
{
    (void)state;
    enum { MIB = 1 << 20 };
    struct arena a;
    arena_init_large(&a, 40 * MIB);
    char *first = arena_alloc(&a, 1);
    assert_non_null(first);
    assert_true(a.held > 15 * MIB && a.held < 17 * MIB);
    /* all of it is ours, to the last byte */
    char *rest = arena_alloc(&a, 15 * MIB);
    assert_non_null(rest);
    memset(rest, 'x', 15 * MIB);
    assert_true(a.held < 17 * MIB);
    char *own = arena_alloc(&a, 20 * MIB);
    assert_non_null(own);
    memset(own, 'y', 20 * MIB);
    assert_true(rest[0] == 'x' && rest[15 * MIB - 1] == 'x');
    assert_null(arena_alloc(&a, 8 * MIB));
    assert_non_null(arena_alloc(&a, MIB / 2));
    arena_fini(&a);
    assert_int_equal(a.held, 0);
    assert_non_null(arena_alloc(&a, 1));
    assert_true(a.held > 15 * MIB);
    arena_fini(&a);
}

static void test_arena(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    char *first = arena_alloc(&a, 100);
    assert_non_null(first);
    arena_shrink(&a, first, 100, 10);
    char *second = arena_alloc(&a, 1);
    assert_ptr_equal(second, first + 16);
    assert_null(arena_alloc(&a, 2 << 20));
    assert_null(arena_calloc(&a, SIZE_MAX / 2, 3));
    uint32_t cap = 0, *v = NULL;
    for (uint32_t i = 0; i < 10000; i++) {
        v = arena_grow(&a, v, &cap, i + 1, sizeof *v);
        assert_non_null(v);
        v[i] = i;
    }
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(v[i], i);
    size_t held = a.held;
    arena_reset(&a);
    assert_true(a.held <= held && a.used == 0);
    /* A large array grows in place: the smaller ones before it are not held. */
    arena_fini(&a);
    arena_init(&a, 5 << 20);
    cap = 0;
    v = NULL;
    for (uint32_t i = 0; i < 1 << 20; i++) {
        v = arena_grow(&a, v, &cap, i + 1, sizeof *v);
        assert_non_null(v);
        v[i] = i;
        if (i == 100000)
            assert_non_null(arena_alloc(&a, 1));
    }
    for (uint32_t i = 0; i < 1 << 20; i++)
        assert_int_equal(v[i], i);
    assert_null(arena_grow(&a, v, &cap, cap + 1, sizeof *v));
    assert_int_equal(v[0] + cap, 1 << 20);
    arena_reset(&a);
    assert_int_equal(a.used, 0);
    assert_string_equal(arena_string(&a, VIEW("abc")), "abc");
    arena_fini(&a);
}

static void test_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct view in;
        uint32_t cp;
        size_t took;
        bool valid;
    } rows[] = {
        {"ascii", VIEW_LITERAL("a"), 'a', 1, true},
        {"two", VIEW_LITERAL("\xC3\xA4"), 0xE4, 2, true},
        {"three", VIEW_LITERAL("\xE2\x82\xAC"), 0x20AC, 3, true},
        {"four", VIEW_LITERAL("\xF0\x9F\x98\x80"), 0x1F600, 4, true},
        {"last", VIEW_LITERAL("\xF4\x8F\xBF\xBF"), 0x10FFFF, 4, true},
        {"replacement itself", VIEW_LITERAL("\xEF\xBF\xBD"), 0xFFFD, 3, true},
        {"continuation alone", VIEW_LITERAL("\x80"), 0xFFFD, 1, false},
        {"overlong", VIEW_LITERAL("\xC0\xAF"), 0xFFFD, 1, false},
        {"overlong three", VIEW_LITERAL("\xE0\x80\xAF"), 0xFFFD, 1, false},
        {"surrogate", VIEW_LITERAL("\xED\xA0\x80"), 0xFFFD, 1, false},
        {"too high", VIEW_LITERAL("\xF4\x90\x80\x80"), 0xFFFD, 1, false},
        {"cut", VIEW_LITERAL("\xE2\x82"), 0xFFFD, 2, false},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t cp;
        size_t took = utf8_decode(rows[i].in.p, rows[i].in.n, &cp);
        failures += row_check(cp == rows[i].cp && took == rows[i].took, rows[i].label, "decode");
        failures += row_check(utf8_valid(rows[i].in) == rows[i].valid, rows[i].label, "valid");
        char out[4];
        if (rows[i].valid)
            failures += row_view((struct view){out, utf8_encode(cp, out)}, rows[i].in,
                                 rows[i].label, "encode");
    }
    assert_int_equal(failures, 0);
    assert_int_equal(utf8_ascii_prefix(VIEW("0123456789\xC3\xA4")), 10);
}

static void test_spanmap(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct spanmap m;
    spanmap_init(&m, &a);
    assert_int_equal(spanmap_source(&m, 7), 7);
    assert_true(spanmap_add(&m, 0, 10, 1, 1)); /* abc copied from 10 */
    assert_true(spanmap_add(&m, 3, 13, 1, 3)); /* one byte from "=41" */
    assert_true(spanmap_add(&m, 4, 16, 1, 3)); /* continues: merged */
    assert_true(spanmap_add(&m, 5, 19, 1, 1));
    assert_true(spanmap_add(&m, 9, 40, 2, 1)); /* Latin-1 letters */
    assert_int_equal(m.n, 4);
    assert_int_equal(spanmap_source(&m, 2), 12);
    assert_int_equal(spanmap_source(&m, 4), 16);
    assert_int_equal(spanmap_source(&m, 6), 20);
    assert_int_equal(spanmap_source(&m, 12), 41);
    struct span s = spanmap_span(&m, (struct span){2, 5});
    assert_int_equal(s.from, 12);
    assert_int_equal(s.to, 19);
    s = spanmap_span(&m, (struct span){9, 13});
    assert_int_equal(s.from, 40);
    assert_int_equal(s.to, 42);
    for (uint32_t i = 0; i < 3; i++) /* three letters turned round */
        assert_true(spanmap_add(&m, 20 + i, 62 - i, 1, 1));
    s = spanmap_span(&m, (struct span){20, 23});
    assert_int_equal(s.from, 60);
    assert_int_equal(s.to, 63);
    struct spanmap copy; /* what bytes 4.. say, copied to byte 1 */
    spanmap_init(&copy, &a);
    assert_true(spanmap_add(&copy, 0, 5, 1, 1));
    assert_true(spanmap_append(&copy, m.run + 2, m.n - 2, UINT32_C(0) - 4));
    assert_int_equal(copy.n, m.n - 1);
    assert_int_equal(spanmap_source(&copy, 0), 5);
    assert_int_equal(spanmap_source(&copy, 2), spanmap_source(&m, 6));
    assert_int_equal(spanmap_source(&copy, 8), 41);
    spanmap_init(&copy, &a);
    a.max = a.held;
    assert_false(spanmap_append(&copy, m.run, UINT32_MAX / 16, 0)); /* no memory */
    assert_int_equal(copy.n, 0);
    arena_fini(&a);
}

static void test_diag(void **state)
{
    (void)state;
    struct diags d;
    diags_init(&d);
    diags_add(&d, DIAG_ERROR, "en.conf", 12, "en-x", "did you mean \"facet\"?",
              "unknown key \"%s\"", "faset");
    diags_add(&d, DIAG_WARNING, NULL, 0, NULL, NULL, "nothing to do");
    struct buf b;
    buf_init(&b, 4096);
    assert_int_equal(diags_print(&d, &b), STATUS_OK);
    assert_true(view_eq(buf_view(&b), VIEW("en.conf:12: error: en-x: unknown key \"faset\"\n"
                                           "    hint: did you mean \"facet\"?\n"
                                           "warning: nothing to do\n")));
    assert_int_equal(d.n_errors, 1);
    buf_fini(&b);
    diags_fini(&d);
    const char *const names[] = {"socket", "threshold", "user", NULL};
    assert_string_equal(diags_nearest("treshold", names), "threshold");
    assert_null(diags_nearest("banana", names));
}

static void test_limits(void **state)
{
    (void)state;
    struct limits l = limits_default();
    assert_int_equal(l.nesting, 32);
    for (const struct limit_row *r = limit_rows; r->name != NULL; r++) {
        assert_true(r->min <= r->def && r->def <= r->max);
        assert_int_not_equal(anomaly_find(view_of(r->anomaly)), ANOMALY_COUNT);
    }
    assert_int_equal(anomaly_find(VIEW("hidden-text")), ANOMALY_TEXT_HIDDEN);
    assert_int_equal(anomaly_find(VIEW("nonsense")), ANOMALY_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view),        cmocka_unit_test(test_buf_ceiling),
        cmocka_unit_test(test_arena),       cmocka_unit_test(test_arena_large),
        cmocka_unit_test(test_arena_reset), cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_spanmap),     cmocka_unit_test(test_diag),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
