/* What leaves the house, in which form: nothing of the reader in what is shared, nothing of the
 * sender's that could act. */
#include <stdlib.h>

#include "export/case.h"
#include "test.h"

#define BEGIN                                                                                      \
    "{\"format\":\"extortion-evidence\",\"version\":1,\"id\":\"20261129T163632Z-Q1-0a0b0c0d\","    \
    "\"gateway\":{\"name\":\"mx.example.test\",\"operator\":\"Example Oy\",\"program\":"           \
    "\"extortion-milter 0.1.0\"},\"received\":{\"utc\":\"2026-11-29T16:36:32Z\",\"local\":"        \
    "\"2026-11-29T18:36:32+02:00\"},\"queue_id\":\"Q1\",\"envelope\":{\"sender\":\"a@sender."      \
    "test\","                                                                                      \
    "\"recipients\":[\"anna@example.test\"],\"n_recipients\":1,\"helo\":\"mail.sender.test\"},"    \
    "\"client\":{\"address\":\"203.0.113.7\",\"name\":\"mail.sender.test\"},"
#define MESSAGE(from, subject)                                                                     \
    "\"message\":{\"bytes\":5,\"complete\":true,\"sha256\":\"abc\",\"content_type\":\"text/"       \
    "plain\","                                                                                     \
    "\"from\":[{\"name\":\"Anna\",\"address\":\"" from "\"}],\"to\":[{\"name\":null,\"address\":"  \
    "\"other@example.test\"}],\"subject\":\"" subject "\",\"message_id\":\"<1@sender.test>\"},"
#define VERDICT(indicators)                                                                        \
    "\"links\":[{\"target\":\"https://pay.sender.test/x\"},{\"target\":\"https://pay.sender.test/" \
    "?"                                                                                            \
    "m=ANNA@example.test\"},{\"target\":\"javascript:alert(1)\"}],\"attachments\":[],"             \
    "\"ruleset\":\"r\",\"verdict\":{\"flagged\":true,\"score\":9,\"class\":\"sextortion\","        \
    "\"rules\":[{\"score\":1,\"text\":\"pay now\"},{\"score\":1,\"text\":\"pay\"}],"               \
    "\"indicators\":[" indicators "]}}"
#define BITCOIN "{\"kind\":\"bitcoin\",\"value\":\"bc1qxy\",\"where\":\"body\"}"
#define SECRET(kind, where)                                                                        \
    ",{\"kind\":\"" kind "\",\"value\":\"s3cret-word\",\"where\":\"" where "\"}"

static struct report_words *words;

static int setup(void **state)
{
    (void)state;
    char folder[4096];
    const char *top = getenv("top_srcdir");
    struct diags diags;
    diags_init(&diags);
    (void)snprintf(folder, sizeof folder, "%s/conf/reports", top != NULL ? top : ".");
    enum status status = report_words_load(folder, VIEW("en"), &diags, &words);
    diags_fini(&diags);
    return status == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    report_words_free(&words);
    return 0;
}

/* All forms of one record; NULL: it was refused. */
static bool written(const char *json, const char *message, const char *form, struct buf *out)
{
    struct export_case *c;
    if (export_case_new(view_of(json), view_of(message), &c) != STATUS_OK)
        return false;
    bool found = false;
    for (const struct export_form *f = export_forms; f->name != NULL; f++)
        if (strcmp(f->name, form) == 0) {
            found = f->write(c, words, out) == STATUS_OK;
            struct buf again;
            buf_init(&again, 1 << 20);
            assert_int_equal(f->write(c, words, &again), STATUS_OK);
            assert_true(view_eq(buf_view(out), buf_view(&again)));
            buf_fini(&again);
        }
    export_case_free(&c);
    return found;
}

static bool holds(const struct buf *b, const char *text)
{
    return view_find(buf_view(b), view_of(text)) < b->n;
}

static void test_what_is_shared(void **state)
{
    static const struct {
        const char *label, *json, *want, *not ;
    } rows[] = {
        {"a payment address", BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN), "bc1qxy",
         NULL},
        {"the sender", BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN), "x@sender.test",
         NULL},
        {"the client", BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN), "203.0.113.7",
         NULL},
        {"no recipient", BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN), "bc1qxy",
         "anna@example.test"},
        {"nobody of To", BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN), "bc1qxy",
         "other@example.test"},
        {"a subject", BEGIN MESSAGE("x@sender.test", "Hello you") VERDICT(BITCOIN), "Hello you",
         NULL},
        {"no subject with a recipient in it",
         BEGIN MESSAGE("x@sender.test", "Hello Anna@Example.test") VERDICT(BITCOIN), "bc1qxy",
         "Hello"},
        {"no subject with a password in it",
         BEGIN MESSAGE("x@sender.test", "s3cret-word")
             VERDICT(BITCOIN SECRET("password", "subject")),
         "bc1qxy", "s3cret-word"},
        {"no password",
         BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN SECRET("password", "body")),
         "Hello", "s3cret-word"},
        {"no personal number",
         BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN SECRET("national-id", "body")),
         "Hello", "s3cret-word"},
        {"no name of the reader",
         BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN SECRET("own-name", "body")),
         "Hello", "s3cret-word"},
        {"no forged sender of the reader's domain",
         BEGIN MESSAGE("boss@EXAMPLE.test", "Hello") VERDICT(BITCOIN), "bc1qxy", "boss@"},
        {"nor its name", BEGIN MESSAGE("boss@EXAMPLE.test", "Hello") VERDICT(BITCOIN), "bc1qxy",
         "Anna"},
        {"a link", BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN),
         "https://pay.sender.test/x", NULL},
        {"no link with the reader in it", BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN),
         "https://pay.sender.test/x", "ANNA"},
        {"no script", BEGIN MESSAGE("x@sender.test", "Hello") VERDICT(BITCOIN), "bc1qxy",
         "javascript"},
    };
    static const char *const forms[] = {"misp.json", "stix.json"};
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t f = 0; f < COUNT_OF(forms); f++) {
            struct buf out;
            char label[128];
            buf_init(&out, 1 << 20);
            (void)snprintf(label, sizeof label, "%s, %s", rows[i].label, forms[f]);
            failures +=
                row_check(written(rows[i].json, "A: b\r\n\r\n", forms[f], &out), label, "written");
            failures += row_check(holds(&out, rows[i].want), label, rows[i].want);
            failures +=
                row_check(rows[i].not == NULL || !holds(&out, rows[i].not ), label, "is in it");
            buf_fini(&out);
        }
    assert_int_equal(failures, 0);
}

/* Names and addresses of the sender are shown, and nothing else happens. */
static void test_hostile_values(void **state)
{
    static const char json[] =
        BEGIN MESSAGE("x@sender.test", "<script>alert(1)</script>\\u202eevil\\r\\nBcc: all & "
                                       "'x' ]") VERDICT(BITCOIN);
    static const struct {
        const char *form, *want, *not ;
    } rows[] = {
        {"report.html", "&lt;script&gt;alert(1)&lt;/script&gt;evil Bcc: all &amp; 'x' ]",
         "<script"},
        {"report.html", "<html lang=\"en\" dir=\"ltr\">", "\xe2\x80\xae"},
        {"report.txt", "<script>alert(1)</script>evil Bcc: all & 'x' ]\n", "\xe2\x80\xae"},
        {"report.txt", "2026-11-29 18:36:32 (UTC+02:00) = 2026-11-29 16:36:32 UTC", "\r"},
        {"report.txt", "  > pay now\n", "  > pay\n"},
        {"report.txt", "anna@example.test", "{"},
        {"arf.eml",
         "\r\nFeedback-Type: fraud\r\nUser-Agent: extortion-milter/0.1.0\r\nVersion: 1\r\n",
         "\nBcc:"},
        {"arf.eml",
         "\r\nArrival-Date: Sun, 29 Nov 2026 16:36:32 +0000\r\nSource-IP: 203.0.113.7\r\n",
         "\nBcc:"},
        {"arf.eml", "\r\nOriginal-Rcpt-To: <anna@example.test>\r\n", NULL},
        {"arf.eml", "\r\n\r\nA: b\r\n\r\nbody\r\n\r\n--", NULL},
        {"x-arf.eml", "X-XARF: PLAIN\r\n", NULL},
        {"x-arf.eml", "\r\nSource: '203.0.113.7'\r\nSource-Type: ipv4\r\n", NULL},
    };
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf out;
        buf_init(&out, 1 << 20);
        assert_true(written(json, "A: b\r\n\r\nbody\r\n", rows[i].form, &out));
        failures += row_check(holds(&out, rows[i].want), rows[i].form, rows[i].want);
        failures +=
            row_check(rows[i].not == NULL || !holds(&out, rows[i].not ), rows[i].form, "forbidden");
        buf_fini(&out);
    }
    assert_int_equal(failures, 0);
}

static void test_patterns_are_quoted(void **state)
{
    static const char json[] = BEGIN MESSAGE("it's\\\\x@sender.test", "Hello") VERDICT(BITCOIN);
    struct buf out;
    (void)state;
    buf_init(&out, 1 << 20);
    assert_true(written(json, "", "stix.json", &out));
    assert_true(holds(&out, "[email-message:from_ref.value = 'it\\\\'s\\\\\\\\x@sender.test']"));
    buf_fini(&out);
}

/* RFC 4122's own name in its own space, as other programs have it. */
static void test_uuid(void **state)
{
    char out[UUID_BYTES];
    (void)state;
    uuid_of("6ba7b8109dad11d180b400c04fd430c8", VIEW("www.example.com"), out);
    assert_string_equal(out, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

static void test_times_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t want;
    } rows[] = {{"1970-01-01T00:00:00Z", 0},
                {"2026-11-29T16:36:32Z", 1795970192},
                {"2000-02-29T00:00:00Z", 951782400},
                {"2100-03-01T00:00:00Z", 4107542400},
                {"2026-13-01T00:00:00Z", 0},
                {"", 0},
                {"2026-11-29", 0},
                {"yesterday, a little late", 0}};
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failures += row_check(seconds_of(view_of(rows[i].text)) == rows[i].want, rows[i].text, "");
    assert_int_equal(failures, 0);
}

/* A record of another program, or one that lacks everything. */
static void test_odd_records(void **state)
{
    static const struct {
        const char *label, *json;
        bool good;
    } rows[] = {
        {"no JSON", "{", false},
        {"another format", "{\"format\":\"x\"}", false},
        {"a list", "[]", false},
        {"nothing in it", "{\"format\":\"extortion-evidence\"}", true},
        {"wrong kinds",
         "{\"format\":\"extortion-evidence\",\"message\":[],\"envelope\":7,\"client\":null,"
         "\"verdict\":\"x\",\"links\":{},\"received\":{\"utc\":7,\"local\":\"x\"},\"gateway\":"
         "true}",
         true},
    };
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (const struct export_form *f = export_forms; f->name != NULL; f++) {
            struct buf out;
            buf_init(&out, 1 << 20);
            failures += row_check(written(rows[i].json, "", f->name, &out) == rows[i].good,
                                  rows[i].label, f->name);
            buf_fini(&out);
        }
    assert_int_equal(failures, 0);
}

static void test_every_language_is_whole(void **state)
{
    static const char *const languages[] = {"cs", "da", "de", "en", "es", "et", "fi", "fr",
                                            "it", "ja", "nl", "no", "pl", "pt", "ru", "sv"};
    char folder[4096];
    const char *top = getenv("top_srcdir");
    int failures = 0;
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s/conf/reports", top != NULL ? top : ".");
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        struct report_words *w = NULL;
        struct diags diags;
        diags_init(&diags);
        enum status status = report_words_load(folder, view_of(languages[i]), &diags, &w);
        failures += row_check(status == STATUS_OK, languages[i],
                              diags.n > 0 ? diags.v[0].message : "not loaded");
        failures += row_check(w != NULL && strcmp(report_words_language(w), languages[i]) == 0,
                              languages[i], "is another");
        report_words_free(&w);
        diags_fini(&diags);
    }
    struct report_words *w = NULL;
    struct diags diags;
    diags_init(&diags);
    assert_int_equal(report_words_load(folder, VIEW("PT-BR"), &diags, &w), STATUS_OK);
    assert_string_equal(report_words_language(w), "pt");
    report_words_free(&w);
    assert_int_equal(report_words_load(folder, VIEW("../en"), &diags, &w), STATUS_OK);
    assert_string_equal(report_words_language(w), "en");
    report_words_free(&w);
    assert_int_equal(report_words_load("/nonexistent", VIEW("en"), &diags, &w), STATUS_IO);
    diags_fini(&diags);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_shared),          cmocka_unit_test(test_hostile_values),
        cmocka_unit_test(test_patterns_are_quoted),     cmocka_unit_test(test_uuid),
        cmocka_unit_test(test_times_are_read),          cmocka_unit_test(test_odd_records),
        cmocka_unit_test(test_every_language_is_whole),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
