/* What the JSON reader takes, what it refuses, and that a writer's output comes back. */
#include "../test.h"

static const char letters[] = "{}[]ksnb0.!";

/* One letter a token; '!' ends what is wrong, '.' what is right. */
static struct view tokens(struct view json, char *out, size_t max)
{
    struct json_reader r;
    json_reader_init(&r, json);
    size_t n = 0;
    enum json_token t;
    do {
        t = json_reader_next(&r);
        out[n++] = letters[t];
    } while (t != JSON_END && t != JSON_ERROR && n < max);
    json_reader_fini(&r);
    return (struct view){out, n};
}

static const struct {
    struct view json;
    const char *want;
} rows[] = {
    {VIEW_LITERAL("{}"), "{}."},
    {VIEW_LITERAL(" [ ] "), "[]."},
    {VIEW_LITERAL("[1,-2.5e3,\"x\",true,false,null,{}]"), "[nnsbb0{}]."},
    {VIEW_LITERAL("{\"a\":1,\"b\":[{\"c\":{}}],\"d\":\"\"}"), "{knk[{k{}}]ks}."},
    {VIEW_LITERAL("\"\\u00e4\\n\\\"\\ud83d\\ude00\""), "s."},
    {VIEW_LITERAL("7"), "n."},
    {VIEW_LITERAL(""), "!"},
    {VIEW_LITERAL("{"), "{!"},
    {VIEW_LITERAL("[1,]"), "[n!"},
    {VIEW_LITERAL("[,1]"), "[!"},
    {VIEW_LITERAL("[1 2]"), "[n!"},
    {VIEW_LITERAL("{\"a\"}"), "{!"},
    {VIEW_LITERAL("{\"a\":}"), "{k!"},
    {VIEW_LITERAL("{\"a\":1,}"), "{kn!"},
    {VIEW_LITERAL("{1:2}"), "{!"},
    {VIEW_LITERAL("[}"), "[!"},
    {VIEW_LITERAL("{]"), "{!"},
    {VIEW_LITERAL("[1]]"), "[n]!"},
    {VIEW_LITERAL("1 2"), "n!"},
    {VIEW_LITERAL("\"a\nb\""), "!"},
    {VIEW_LITERAL("\"abc"), "!"},
    {VIEW_LITERAL("\"\\x\""), "!"},
    {VIEW_LITERAL("\"\\u12g4\""), "!"},
    {VIEW_LITERAL("nul"), "!"},
    {VIEW_LITERAL("+1"), "!"},
    {VIEW_LITERAL("1e"), "!"},
    {VIEW_LITERAL("-"), "!"},
    {VIEW_LITERAL("[\0]"), "[!"},
    {VIEW_LITERAL("\0"), "!"},
};

static void test_tokens(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[100];
        failures += row_view(tokens(rows[i].json, out, sizeof out), view_of(rows[i].want),
                             rows[i].json.p, "tokens");
    }
    assert_int_equal(failures, 0);
}

static void test_nesting(void **state)
{
    (void)state;
    char deep[2 * JSON_DEPTH_MAX + 2], out[2 * JSON_DEPTH_MAX + 4];
    memset(deep, '[', JSON_DEPTH_MAX);
    memset(deep + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    struct view got = tokens((struct view){deep, 2 * JSON_DEPTH_MAX}, out, sizeof out);
    assert_int_equal(got.p[got.n - 1], '.');
    memset(deep, '[', JSON_DEPTH_MAX + 1);
    memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    got = tokens((struct view){deep, 2 * JSON_DEPTH_MAX + 2}, out, sizeof out);
    assert_int_equal(got.n, JSON_DEPTH_MAX + 1);
    assert_int_equal(got.p[got.n - 1], '!');
}

static void test_skip(void **state)
{
    (void)state;
    struct json_reader r;
    json_reader_init(&r, VIEW("{\"a\":{\"b\":[1,{\"c\":2}]},\"d\":3,\"e\":[]}"));
    assert_int_equal(json_reader_next(&r), JSON_OPEN_OBJECT);
    assert_int_equal(json_reader_next(&r), JSON_KEY);
    assert_true(json_reader_skip(&r));
    assert_int_equal(json_reader_next(&r), JSON_KEY);
    assert_true(view_eq(r.text, VIEW("d")));
    assert_true(json_reader_skip(&r));
    assert_int_equal(json_reader_next(&r), JSON_KEY);
    assert_true(json_reader_skip(&r));
    assert_int_equal(json_reader_next(&r), JSON_CLOSE_OBJECT);
    assert_int_equal(json_reader_next(&r), JSON_END);
    json_reader_fini(&r);
    json_reader_init(&r, VIEW("{\"a\":[1"));
    assert_int_equal(json_reader_next(&r), JSON_OPEN_OBJECT);
    assert_int_equal(json_reader_next(&r), JSON_KEY);
    assert_false(json_reader_skip(&r));
    json_reader_fini(&r);
}

/* Every byte, alone and in a row, written and read again: the same up to U+FFFD for invalid ones.
 */
static void test_round_trip(void **state)
{
    (void)state;
    int failures = 0;
    for (unsigned cp = 0; cp < 0x30000; cp += cp < 0x3000 ? 1 : 97) {
        char bytes[4];
        struct view in = {bytes, utf8_encode(cp, bytes)};
        struct buf out;
        buf_init(&out, 100);
        struct json j;
        json_init(&j, &out);
        json_string(&j, in);
        struct json_reader r;
        json_reader_init(&r, buf_view(&out));
        char label[32];
        (void)snprintf(label, sizeof label, "U+%04X", cp);
        failures += row_check(json_reader_next(&r) == JSON_STRING, label, "not read");
        failures += row_view(r.text, in, label, "text");
        json_reader_fini(&r);
        buf_fini(&out);
    }
    assert_int_equal(failures, 0);
}

/* What stands at "a.b" of the tree; lists by "0", "1"... */
static struct view tree_at(const struct json_node *n, const char *path)
{
    struct view rest = view_of(path);
    while (n != NULL && rest.n > 0) {
        size_t dot = view_find_byte(rest, '.');
        char word[32];
        uint64_t index;
        (void)snprintf(word, sizeof word, "%.*s", (int)dot, rest.p);
        if (view_to_u64(view_of(word), 1000, &index)) {
            n = json_first(n);
            for (; n != NULL && index > 0; index--)
                n = n->next;
        } else {
            n = json_member(n, word);
        }
        rest = view_sub(rest, dot + 1, rest.n);
    }
    return n == NULL                           ? VIEW("nothing")
           : n->kind == JSON_STRING            ? n->text
           : n->kind == JSON_OPEN_OBJECT       ? VIEW("{")
           : n->kind == JSON_OPEN_ARRAY        ? VIEW("[")
           : n->kind == JSON_NUMBER            ? (n->number == 2.5 ? VIEW("2.5") : VIEW("number"))
           : n->kind == JSON_BOOL && n->truth  ? VIEW("true")
           : n->kind == JSON_BOOL && !n->truth ? VIEW("false")
                                               : VIEW("null");
}

static void test_tree(void **state)
{
    static const char json[] = "{\"a\":{\"b\":[\"x\",2.5,{\"c\":true}],\"n\":null},\"e\":[],"
                               "\"a\":\"second\",\"f\":false,\"s\":\"\\u00e9\"}";
    static const struct {
        const char *path, *want;
    } places[] = {
        {"", "{"},
        {"a", "{"},
        {"a.b", "["},
        {"a.b.0", "x"},
        {"a.b.1", "2.5"},
        {"a.b.2.c", "true"},
        {"a.b.3", "nothing"},
        {"a.n", "null"},
        {"e", "["},
        {"e.0", "nothing"},
        {"f", "false"},
        {"s", "\xc3\xa9"},
        {"b", "nothing"},
        {"a.b.0.x", "nothing"},
    };
    (void)state;
    int failures = 0;
    struct arena arena;
    const struct json_node *root;
    arena_init(&arena, 1 << 20);
    assert_int_equal(json_tree_read(view_of(json), &arena, &root), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(places); i++)
        failures +=
            row_view(tree_at(root, places[i].path), view_of(places[i].want), places[i].path, "");
    assert_true(json_member_number(json_member(root, "a"), "b") == 0);
    assert_true(!json_member_truth(NULL, "x") && json_member_text(root, "f").n == 0);
    static const char *const bad[] = {"", "{", "[1", "{\"a\"}", "[1] 2", "nul"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        failures += row_check(json_tree_read(view_of(bad[i]), &arena, &root) == STATUS_INVALID,
                              bad[i], "was taken");
    arena_fini(&arena);
    arena_init(&arena, 64);
    assert_int_equal(json_tree_read(view_of(json), &arena, &root), STATUS_NO_MEMORY);
    arena_fini(&arena);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens), cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_skip),   cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
