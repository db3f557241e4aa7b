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

struct found {
    uint32_t v[8];
    uint32_t n;
};

static void found_add(void *context, uint32_t value)
{
    struct found *f = context;
    if (f->n < COUNT_OF(f->v))
        f->v[f->n++] = value;
}

/* Walks in two parts, cut at every place; the result must not depend on it. */
static bool walk(const struct trie *t, struct view v, struct found *out)
{
    bool first = true, goes_on = false;
    for (size_t cut = 0; cut <= v.n; cut++) {
        struct found head = {.n = 0}, all = {.n = 0};
        struct trie_cursor c = {0};
        bool on = trie_walk(t, &c, v.p, 1, cut, &(struct trie_sink){found_add, NULL, &head});
        /* a whole word that ends at the cut is no hit of the whole */
        struct trie_cursor stems = {0};
        bool on_whole =
            trie_walk(t, &stems, v.p, 1, v.n, &(struct trie_sink){found_add, NULL, &all});
        struct found tail = {.n = 0};
        bool on_tail = on && trie_walk(t, &c, v.p + cut, 1, v.n - cut,
                                       &(struct trie_sink){found_add, NULL, &tail});
        if (first) {
            goes_on = on_whole;
            *out = all;
        }
        first = false;
        if (cut > 0 && cut < v.n) {
            assert_true(on_tail == on_whole || !on);
            for (uint32_t i = 0; i < tail.n; i++)
                assert_true(all.n >= tail.n && all.v[all.n - tail.n + i] == tail.v[i]);
        }
    }
    return goes_on;
}

static bool found_is(const struct found *f, uint32_t n, uint32_t a, uint32_t b)
{
    return f->n == n && (n < 1 || f->v[0] == a) && (n < 2 || f->v[1] == b);
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
        {VIEW_LITERAL("longtailed"), 6, true},
    };
    struct trie t;
    assert_int_equal(trie_build(keys, COUNT_OF(keys), &arena, &arena, &t), STATUS_OK);
    static const struct {
        struct view word;
        uint32_t n, a, b;
    } rows[] = {
        {VIEW_LITERAL("record"), 2, 1, 3},
        {VIEW_LITERAL("recording"), 2, 1, 2},
        {VIEW_LITERAL("recordin"), 1, 1, 0},
        {VIEW_LITERAL("recordings"), 1, 1, 0},
        {VIEW_LITERAL("recor"), 0, 0, 0},
        {VIEW_LITERAL("x"), 0, 0, 0},
        {VIEW_LITERAL("r\0d"), 0, 0, 0},
        {VIEW_LITERAL("\0"), 0, 0, 0},
        {VIEW_LITERAL("r\xC3\xA4"), 1, 4, 0},
        {VIEW_LITERAL("r\xC3"), 0, 0, 0},
        {VIEW_LITERAL("\xE5\x8B\x95\xE7\x94\xBB"), 1, 5, 0},
        {VIEW_LITERAL("\xE5\x8B\x95"), 0, 0, 0},
        {VIEW_LITERAL("long"), 0, 0, 0},
        {VIEW_LITERAL("longtailed"), 1, 6, 0},
        {VIEW_LITERAL("longtailedness"), 1, 6, 0},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct found found;
        (void)walk(&t, rows[i].word, &found);
        failures +=
            row_check(found_is(&found, rows[i].n, rows[i].a, rows[i].b), rows[i].word.p, "values");
    }
    assert_int_equal(failures, 0);
    arena_fini(&arena);
}

static void test_empty(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct trie t;
    assert_int_equal(trie_build(NULL, 0, &arena, &arena, &t), STATUS_OK);
    for (int c = 0; c < 256; c++) {
        struct found found = {.n = 0};
        struct trie_cursor cursor = {0};
        char byte[2] = {(char)c, (char)c};
        (void)trie_walk(&t, &cursor, byte, 1, 2, &(struct trie_sink){found_add, NULL, &found});
        assert_int_equal(found.n, 0);
    }
    arena_fini(&arena);
}

/* Every key is found with its value, and no other string of the same alphabet is. */
static void test_many(void **state)
{
    (void)state;
    enum { N = 20000, BYTES_MAX = 16 };
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
        /* the first eight bytes are sorted by themselves */
        if (i % 4 == 0)
            memcpy(bytes[i], "abcdef\x80\xFF", length < 8 ? length : 8);
        keys[n++] = (struct trie_key){{bytes[i], length}, i, false};
    }
    /* keys must be distinct: the value of the last one with equal bytes wins here */
    struct trie t;
    assert_int_equal(trie_build(keys, n, &arena, &arena, &t), STATUS_OK);
    for (uint32_t i = 0; i < n; i++) {
        struct found hit;
        (void)walk(&t, keys[i].bytes, &hit);
        assert_int_equal(hit.n, 1);
        assert_int_equal(strncmp(bytes[hit.v[0]], keys[i].bytes.p, keys[i].bytes.n), 0);
    }
    uint32_t found = 0;
    for (uint32_t i = 0; i < N; i++) {
        char probe[6];
        for (size_t k = 0; k < sizeof probe; k++)
            probe[k] = (char)("abcdefg\x81"[random_next(&seed) % 8]);
        struct found hit;
        struct view v = {probe, sizeof probe};
        (void)walk(&t, v, &hit);
        bool in = hit.n > 0, want = false;
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

/* What goes on after each word of a row. */
struct row {
    const struct trie *t;
    struct trie_cursor next[8];
    uint32_t n;
    struct found found;
};

static void row_hit(void *context, uint32_t value)
{
    found_add(&((struct row *)context)->found, value);
}

static void row_next(void *context, const struct trie_cursor *cursor)
{
    struct row *r = context;
    if (r->n < COUNT_OF(r->next))
        r->next[r->n++] = *cursor;
}

/* Words apart by spaces: which keys end with the last of them? *refused: ways left unwalked. */
static struct found row_read(const struct trie *t, const char *text, uint32_t *refused)
{
    struct row before = {.t = t, .next = {{0}}, .n = 1}, now = {.t = t};
    for (const char *word = text; *word != '\0';) {
        size_t n = strcspn(word, " ");
        now = (struct row){.t = t};
        for (uint32_t i = 0; i < before.n; i++) {
            struct trie_cursor c = before.next[i];
            bool may = word == text || trie_goes_on(t, &c, word[0]);
            uint32_t had = now.n + now.found.n;
            bool on = trie_walk(t, &c, word, 1, n, &(struct trie_sink){row_hit, row_next, &now});
            assert_true(may || (!on && now.n + now.found.n == had));
            *refused += !may;
        }
        before = now;
        word += n + (word[n] == ' ');
    }
    return now.found;
}

static void test_rows_of_words(void **state)
{
    (void)state;
    struct arena arena;
    struct trie t;
    arena_init(&arena, 1 << 24);
    struct trie_key keys[] = {
        {VIEW("get in touch"), 1, false},
        {VIEW("get"), 2, false},
        {VIEW("bank\x01"
              "account"),
         3, true},
        {VIEW("bank card"), 4, false},
        {VIEW("get in"), 5, false},
        {VIEW("pay\x01you\x01now"), 6, false},
    };
    assert_int_equal(trie_build(keys, COUNT_OF(keys), &arena, &arena, &t), STATUS_OK);
    static const struct {
        const char *text;
        uint32_t n, a, refused;
    } rows[] = {
        {"get", 1, 2, 0},
        {"get in", 1, 5, 0},
        {"get in touch", 1, 1, 0},
        {"getin", 0, 0, 0},
        {"get in touching", 0, 0, 0},
        {"get on", 0, 0, 1},
        {"bank accounts", 1, 3, 1},
        {"banker account", 1, 3, 0},
        {"bank card", 1, 4, 1},
        {"banks card", 0, 0, 1},
        {"ban account", 0, 0, 0},
        {"paying yours now", 1, 6, 0},
        {"paying yours often", 0, 0, 1},
        {"pay you now", 1, 6, 0},
        {"pay me now", 0, 0, 1},
        {"in touch", 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t refused = 0;
        struct found f = row_read(&t, rows[i].text, &refused);
        if (!found_is(&f, rows[i].n, rows[i].a, 0) || refused != rows[i].refused)
            fail_msg("\"%s\": %u found, first %u; %u ways refused", rows[i].text, f.n, f.v[0],
                     refused);
    }
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_and_stems), cmocka_unit_test(test_rows_of_words),
        cmocka_unit_test(test_empty),           cmocka_unit_test(test_many),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
