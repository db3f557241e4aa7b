/* Regular expressions: their literals, the search for these, limits, places of matches. */
#include "fixture.h"
#include "rule/literal.h"
#include "rule/regex.h"

static void test_literals(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool folded;
        const char *want; /* literals joined by |; empty: none */
    } rows[] = {
        {"bitcoin", true, "bitcoin"},
        {"BitCoin", true, "bitcoin"},
        {"\\bbit\\b", true, "bit"},
        {"ab", true, ""},
        {"foo|barn", true, "foo|barn"},
        {"foo|ba", true, ""},
        {"foo|[0-9]+", true, ""},
        {"(foo|barn)x?", true, "foo|barn"},
        {"(?:send|pay)\\s+money", true, "money"},
        {"(foo|barn)?quux", true, "quux"},
        {"(foo|barn){0,2}quux", true, "quux"},
        {"(longest)+ab", true, "longest"},
        {"(longest){2}ab", true, "longest"},
        {"abc?def", true, "def"},
        {"abcd*ef", true, "abc"},
        {"abc+def", true, "abc"},
        {"abc{2,3}de", true, "abc"},
        {"abc{0}def", true, "def"},
        {"abc{,3}def", true, "abc{,3}def"},
        {"ab{x}cd", true, "ab{x}cd"},
        {"a.c[xyz]defg\\d", true, "defg"},
        {"[]abc]defg", true, "defg"},
        {"[^]abc]defg", true, "defg"},
        {"[[:alpha:]]defg", true, "defg"},
        {"[a\\]b]defg", true, "defg"},
        {"\\.onion\\b", true, ".onion"},
        {"\\x41bcd", true, "bcd"},
        {"\\x{1F600}bcd", true, "bcd"},
        {"\\p{Lu}bcd\\pLxy", true, "bcd"},
        {"(?=foobar)xyz", true, "xyz"},
        {"(?!foobar)xyz", true, "xyz"},
        {"(?<=foobar)xyz", true, "xyz"},
        {"(?<!foobar)xyz", true, "xyz"},
        {"(?<name>foobar)xy", true, "foobar"},
        {"(?P<name>foobar)xy", true, "foobar"},
        {"(?'name'foobar)xy", true, "foobar"},
        {"(?#foobarbaz)xyz", true, "xyz"},
        {"(?i)xyz(?-i:abcd)", true, "abcd"},
        {"(?x) f o o", true, ""},
        {"(?>foobar)", true, "foobar"},
        {"(?|foo|bars)", true, "foo|bars"},
        {"(foo)(?1)", true, ""},
        {"(*UTF)foobar", true, ""},
        {"\\Qfoo.bar\\E", true, ""},
        {"(foo)\\1", true, ""},
        {"foo(", true, ""},
        {"foo)", true, ""},
        {"foo[", true, ""},
        {"foo\\", true, ""},
        {"\xD0\xBF\xD1\x80\xD0\xB8", true, "\xD0\xBF\xD1\x80\xD0\xB8"},
        {"\xD0\xBF\xD1\x80\xD0\xB8?abc", true, "\xD0\xBF\xD1\x80"},
        {"\xC3\xA4"
         "bcd\xC3\xA4",
         false, "bcd"},
        {"", true, ""},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena arena;
        struct literals got;
        struct buf text;
        arena_init(&arena, 1 << 20);
        buf_init(&text, 1000);
        bool found = literals_extract(view_of(rows[i].pattern), rows[i].folded, &arena, &got);
        for (uint32_t k = 0; k < got.n; k++)
            buf_addf(&text, "%s%.*s", k > 0 ? "|" : "", VIEW_ARG(got.v[k]));
        failures += row_view(buf_view(&text), view_of(rows[i].want), rows[i].pattern, "literals");
        failures += row_check(found == (got.n > 0), rows[i].pattern, "found");
        buf_fini(&text);
        arena_fini(&arena);
    }
    assert_int_equal(failures, 0);
}

/* Nothing is taken that a match need not contain: every match of the pattern has one of them. */
static void test_literals_hold(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *match;
    } rows[] = {
        {"abc?def", "abdef"},
        {"abcd*ef", "abcef"},
        {"(longest){2}ab", "longestlongestab"},
        {"(?:foo|barn)(?:x|y)", "FOOx"},
        {"ab{x}cd", "ab{x}cd"},
        {"a(b(c(defg)?)+)h|hijkl", "abch"},
        {"wal{1,2}et", "walet"},
        {"bit[- ]?coin", "bit-coin"},
        {"x(?:(?:abc|def)ghi)*y{3}zzz", "xyyyzzz"},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena arena;
        struct regex *regex = NULL;
        struct regex_runner *runner = NULL;
        struct regex_error error;
        struct literals literals;
        struct limits limits = limits_default();
        struct span span;
        arena_init(&arena, 1 << 20);
        assert_int_equal(regex_runner_new(&limits, &runner), STATUS_OK);
        assert_int_equal(regex_compile(view_of(rows[i].pattern), true, &arena, &regex, &error),
                         STATUS_OK);
        failures +=
            row_check(regex_find(runner, regex, view_of(rows[i].match), 0, &span) == REGEX_MATCH,
                      rows[i].pattern, "match");
        if (literals_extract(regex_pattern(regex), true, &arena, &literals)) {
            bool seen = false;
            for (uint32_t k = 0; k < literals.n; k++)
                seen = seen || view_find_nocase(view_of(rows[i].match), literals.v[k]) <
                                   strlen(rows[i].match);
            failures += row_check(seen, rows[i].pattern, "the match lacks the literal");
        }
        regex_free(&regex);
        regex_runner_free(&runner);
        arena_fini(&arena);
    }
    assert_int_equal(failures, 0);
}

static void test_gate(void **state)
{
    (void)state;
    static const struct view literal[] = {VIEW_LITERAL("abc"),
                                          VIEW_LITERAL("bcdef"),
                                          VIEW_LITERAL("xyz"),
                                          VIEW_LITERAL("abc"),
                                          VIEW_LITERAL("zzzzzzzz"),
                                          VIEW_LITERAL("\xC3\xA4"
                                                       "bc")};
    static const struct {
        const char *text;
        unsigned want; /* bit per literal */
    } rows[] = {
        {"", 0},
        {"ab", 0},
        {"abc", 1 | 8},
        {"ABC", 1 | 8},
        {"xxabcdef", 11},
        {"bcdef", 2},
        {"the xyz", 4},
        {"zzzzzzz", 0},
        {"zzzzzzzz", 16},
        {"zxyzab", 4},
        {"a\xC3\xA4"
         "bcd",
         32},
        {"abcxyzabcdefzzzzzzzzz", 31},
    };
    struct arena arena;
    struct gate gate;
    int failures = 0;
    arena_init(&arena, 1 << 20);
    assert_int_equal(gate_build(literal, COUNT_OF(literal), &arena, &gate), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool seen[COUNT_OF(literal)] = {false};
        unsigned got = 0;
        gate_scan(&gate, view_of(rows[i].text), seen);
        for (size_t k = 0; k < COUNT_OF(literal); k++)
            got |= (unsigned)seen[k] << k;
        failures += row_check(got == rows[i].want, rows[i].text, "literals");
    }
    arena_fini(&arena);
    assert_int_equal(failures, 0);
}

static void test_find(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool folded;
        const char *subject;
        enum regex_result want;
    } rows[] = {
        {"foo\\d+", true, "a FOO12", REGEX_MATCH},
        {"p\xC3\xA4iv\xC3\xA4", true, "paiva", REGEX_MATCH},
        {"p\xC3\xA4iv\xC3\xA4", false, "P\xC3\x84IV\xC3\x84", REGEX_MATCH},
        {"\xD0\x9F\xD1\x80\\w+", true, "\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2", REGEX_MATCH},
        {"x[\xD0\xB0-\xD1\x8F]", true, "x\xD0\xB6", REGEX_MATCH},
        {"x[\xD0\xB0-\xD1\x8F]y", true, "x\xD0y", REGEX_NO_MATCH},
        {"\\W+foo", true, " foo", REGEX_MATCH},
        {"a*", true, "bbb", REGEX_NO_MATCH}, /* an empty match is none */
        {"foo", false, "\xFF\xFE foo \x80", REGEX_MATCH},
        {"^(?:\\w+\\s?)+[0-9]{3}$", true,
         "aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa!", REGEX_LIMIT},
    };
    struct limits limits = limits_default();
    struct regex_runner *runner = NULL;
    struct arena arena;
    int failures = 0;
    arena_init(&arena, 1 << 20);
    assert_int_equal(regex_runner_new(&limits, &runner), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct regex *regex = NULL;
        struct regex_error error;
        struct span span;
        assert_int_equal(
            regex_compile(view_of(rows[i].pattern), rows[i].folded, &arena, &regex, &error),
            STATUS_OK);
        failures +=
            row_check(regex_find(runner, regex, view_of(rows[i].subject), 0, &span) == rows[i].want,
                      rows[i].pattern, "result");
        regex_free(&regex);
    }
    regex_runner_free(&runner);
    arena_fini(&arena);
    assert_int_equal(failures, 0);
}

/*
 * The interpreter's limits, which serve where the system forbids JIT memory; (*NO_JIT) asks for it.
 * The least value that is enough is looked for: below it the answer is "limit", never "no match".
 */
static void test_interpreter_limits(void **state)
{
    (void)state;
    static const struct {
        const char *name, *pattern;
        uint32_t offset, most;
    } rows[] = {
        {"pcre_match", "(*NO_JIT)^(?:a|b)*c", offsetof(struct limits, pcre_match), 100000},
        {"pcre_depth", "(*NO_JIT)^(?:(a)|b)*c", offsetof(struct limits, pcre_depth), 20000},
        {"pcre_heap_kib", "(*NO_JIT)^(?:(a)|b)*c", offsetof(struct limits, pcre_heap_kib), 20000},
    };
    char subject[400];
    struct arena arena;
    int failures = 0;
    arena_init(&arena, 1 << 20);
    memset(subject, 'a', sizeof subject);
    subject[sizeof subject - 1] = 'c';
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct limits limits = limits_default();
        limits.pcre_match = limits.pcre_depth = 1000000;
        limits.pcre_heap_kib = 100000;
        uint32_t *limit = (uint32_t *)(void *)((char *)&limits + rows[i].offset);
        uint32_t enough = 0;
        enum regex_result below = REGEX_LIMIT, at = REGEX_LIMIT;
        struct regex *regex = NULL;
        struct regex_error error;
        assert_int_equal(regex_compile(view_of(rows[i].pattern), true, &arena, &regex, &error),
                         STATUS_OK);
        for (*limit = 0; *limit <= rows[i].most && at == REGEX_LIMIT; ++*limit) {
            struct regex_runner *runner = NULL;
            struct span span;
            assert_int_equal(regex_runner_new(&limits, &runner), STATUS_OK);
            below = at;
            at = regex_find(runner, regex, (struct view){subject, sizeof subject}, 0, &span);
            enough = *limit;
            regex_runner_free(&runner);
        }
        failures += row_check(at == REGEX_MATCH && below == REGEX_LIMIT, rows[i].name, "limit");
        failures += row_check(enough > 1, rows[i].name, "is asked at all");
        regex_free(&regex);
    }
    arena_fini(&arena);
    assert_int_equal(failures, 0);
}

/* What would overflow the JIT's default stack is matched, and does not become a silent miss. */
static void test_stack(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct regex_runner *runner = NULL;
    struct regex *regex = NULL;
    struct regex_error error;
    struct arena arena;
    struct buf text;
    struct span span;
    arena_init(&arena, 1 << 20);
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 9000; i++)
        buf_add(&text, VIEW("ab "));
    buf_add(&text, VIEW("end"));
    limits.pcre_match = 10000000;
    assert_int_equal(regex_runner_new(&limits, &runner), STATUS_OK);
    assert_int_equal(regex_compile(VIEW("^(?:(a)b |x)*end"), true, &arena, &regex, &error),
                     STATUS_OK);
    assert_int_equal(regex_find(runner, regex, buf_view(&text), 0, &span), REGEX_MATCH);
    assert_int_equal(span.to, text.n);
    regex_free(&regex);
    regex_runner_free(&runner);
    buf_fini(&text);
    arena_fini(&arena);
}

static const char pack[] =
    "pack = \"t\"; rules = (\n"
    "{ id = \"t-folded\"; regex = \"pay\\\\W+now\"; },\n"
    "{ id = \"t-visible\"; regex = \"k\xC3\xA9y h\"; on = \"visible\"; },\n"
    "{ id = \"t-link\"; regex = \"^https?://pay\\\\.\"; on = \"link\"; },\n"
    "{ id = \"t-file\"; regex = \"\\\\.p[d]f\\\\.exe\"; on = \"filename\"; },\n"
    "{ id = \"t-field\"; regex = \"bad mailer\"; on = \"header:X-Mailer\"; },\n"
    "{ id = \"t-subject\"; regex = \"urgent\"; where = [ \"subject\" ]; },\n"
    "{ id = \"t-slow\"; regex = \"(?:\\\\w+\\\\s?)+[0-9]{3}$\"; literal = \"slow\"; } );\n";

static const char mail[] =
    "From: a@example.org\nX-Mailer: =?utf-8?q?Bad=20Mailer?= 1\nSubject: urgent: Pay -- NOW\n"
    "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    "Content-Type: text/html; charset=utf-8\n\n"
    "<p>urgent! one two <a href=\"https://pay.example/x\">pay now</a> \xE2\x84\xAA\xC3\x89Y "
    "here</p>\n"
    "<p>slow slow slow slow slow slow slow slow slow slow slow slow slow slow slow!</p>\n"
    "--b\nContent-Type: application/pdf; name=\"invoice.PDF.exe\"\n"
    "Content-Disposition: attachment\n\nMZ\n--b--\n";

static void test_rules(void **state)
{
    (void)state;
    struct ruleset *r = fixture_ruleset(pack);
    struct fixture f;
    fixture_init(&f);
    fixture_message(&f, VIEW(mail));
    for (int gates = 0; gates < 2; gates++) {
        fixture_match(&f, r, gates);
        assert_string_equal(fixture_quotes(&f, r, "t-folded"), "Pay -- NOW | pay now");
        assert_string_equal(fixture_quotes(&f, r, "t-visible"), "\xE2\x84\xAA\xC3\x89Y here");
        assert_string_equal(fixture_quotes(&f, r, "t-link"), "pay");
        assert_int_equal(fixture_outcome(&f, r, "t-file"), OUTCOME_YES);
        assert_string_equal(fixture_quotes(&f, r, "t-field"), "-");
        assert_string_equal(fixture_quotes(&f, r, "t-subject"), "urgent");
        /* a limit is no answer */
        assert_int_equal(fixture_outcome(&f, r, "t-slow"), OUTCOME_UNKNOWN);
        assert_int_equal(f.matches.n_unknown, 1);
        assert_int_equal(f.matches.n_stopped, 1);
        assert_string_equal(f.matches.stopped[0], "t-slow");
        assert_true(f.matches.anomalies.count[ANOMALY_REGEX_LIMIT] > 0);
    }
    fixture_fini(&f);
    ruleset_free(&r);
}

static void test_literal_given(void **state)
{
    (void)state;
    struct diags diags;
    diags_init(&diags);
    assert_null(fixture_load("pack = \"t\"; rules = ( { id = \"t-a\"; regex = \"k[\xC3\xA9]y\";"
                             " on = \"visible\"; literal = \"k\xC3\xA9y\"; },\n"
                             "{ id = \"t-b\"; regex = \"[a-c]+\"; literal = \"ab\"; } );",
                             false, &diags));
    assert_int_equal(diags.n, 2);
    assert_string_equal(diags.v[0].message, "a literal needs 3 to 64 bytes, all of them ASCII");
    assert_string_equal(diags.v[1].message, "a literal needs 3 to 64 bytes");
    diags_fini(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_literals_hold),
        cmocka_unit_test(test_gate),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_interpreter_limits),
        cmocka_unit_test(test_stack),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_literal_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
