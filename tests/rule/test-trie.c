#include "../test.h"
#include "rule/trie.h"

/* xorshift: the same keys in every run */
static uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static bool walk(const struct trie *t, struct view v, uint32_t *node)
{
    *node = TRIE_ROOT;
    for (size_t i = 0; i < v.n; i++)
        if (!trie_step(t, node, (unsigned char)v.p[i]))
            return false;
    return true;
}

static void test_words_and_stems(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    struct trie_key keys[] = {
        {VIEW_LITERAL("record"), 1, true},
        {VIEW_LITERAL("recording"), 2, false},
        {VIEW_LITERAL("record"), 3, false},
        {VIEW_LITERAL("r\xC3\xA4"), 4, false},
        {VIEW_LITERAL("\xE5\x8B\x95\xE7\x94\xBB"), 5, false},
    };
    struct trie t;
    assert_int_equal(trie_build(keys, COUNT_OF(keys), &arena, &arena, &t), STATUS_OK);
    uint32_t node;
    assert_true(walk(&t, VIEW("record"), &node));
    assert_int_equal(trie_flags(&t, node), TRIE_WHOLE | TRIE_STEM);
    assert_int_equal(t.whole[node], 3);
    assert_int_equal(t.stem[node], 1);
    assert_true(walk(&t, VIEW("recording"), &node));
    assert_int_equal(trie_flags(&t, node), TRIE_WHOLE);
    assert_int_equal(t.whole[node], 2);
    assert_true(walk(&t, VIEW("recordin"), &node));
    assert_int_equal(trie_flags(&t, node), 0);
    assert_false(walk(&t, VIEW("records"), &node));
    assert_false(walk(&t, VIEW("x"), &node));
    assert_false(walk(&t, (struct view){"r\0", 2}, &node));
    assert_true(walk(&t, VIEW("\xE5\x8B\x95\xE7\x94\xBB"), &node));
    assert_int_equal(t.whole[node], 5);
    arena_fini(&arena);
}

static void test_empty(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct trie t;
    uint32_t node = TRIE_ROOT;
    assert_int_equal(trie_build(NULL, 0, &arena, &arena, &t), STATUS_OK);
    for (int c = 1; c < 256; c++)
        assert_false(trie_step(&t, &node, (unsigned char)c));
    assert_int_equal(trie_flags(&t, node), 0);
    arena_fini(&arena);
}

/* Every key is found with its value, and no other string of the same alphabet is. */
static void test_many(void **state)
{
    (void)state;
    enum { N = 20000, BYTES_MAX = 9 };
    struct arena arena;
    arena_init(&arena, 1 << 28);
    struct trie_key *keys = arena_calloc(&arena, N, sizeof *keys);
    char(*bytes)[BYTES_MAX] = arena_calloc(&arena, N, sizeof *bytes);
    assert_true(keys != NULL && bytes != NULL);
    uint32_t seed = 12345;
    uint32_t n = 0;
    for (uint32_t i = 0; i < N; i++) {
        size_t length = 1 + random_next(&seed) % (BYTES_MAX - 1);
        for (size_t k = 0; k < length; k++)
            bytes[i][k] = (char)("abcdef\x80\xFF"[random_next(&seed) % 8]);
        keys[n++] = (struct trie_key){{bytes[i], length}, i, false};
    }
    /* keys must be distinct: the value of the last one with equal bytes wins here */
    struct trie t;
    assert_int_equal(trie_build(keys, n, &arena, &arena, &t), STATUS_OK);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t node;
        assert_true(walk(&t, keys[i].bytes, &node));
        assert_true(trie_flags(&t, node) & TRIE_WHOLE);
        assert_int_equal(strncmp(bytes[t.whole[node]], keys[i].bytes.p, keys[i].bytes.n), 0);
    }
    uint32_t found = 0;
    for (uint32_t i = 0; i < N; i++) {
        char probe[6];
        for (size_t k = 0; k < sizeof probe; k++)
            probe[k] = (char)("abcdefg\x81"[random_next(&seed) % 8]);
        uint32_t node;
        struct view v = {probe, sizeof probe};
        bool in = walk(&t, v, &node) && (trie_flags(&t, node) & TRIE_WHOLE) != 0;
        bool want = false;
        for (uint32_t k = 0; in && k < n && !want; k++)
            want = view_eq(keys[k].bytes, v);
        assert_true(in == want);
        found += in;
    }
    assert_true(found > 0);
    arena_fini(&arena);
}

static void test_no_memory(void **state)
{
    (void)state;
    struct arena small, scratch;
    struct trie_key keys[] = {{VIEW_LITERAL("word"), 1, false}};
    struct trie t;
    arena_init(&small, 1000);
    arena_init(&scratch, 1 << 20);
    assert_int_equal(trie_build(keys, 1, &small, &scratch, &t), STATUS_NO_MEMORY);
    assert_int_equal(trie_build(keys, 1, &scratch, &small, &t), STATUS_NO_MEMORY);
    arena_fini(&scratch);
    arena_fini(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_and_stems),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
