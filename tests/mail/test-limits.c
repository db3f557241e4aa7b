/*
 * Every limit at limit - 1, limit, limit + 1; bombs in linear time; every lack of memory survived.
 */
#include <time.h>

#include "fixture.h"

#define FROM "From: a@example.org\nDate: 2 Nov 2026 10:00 GMT\n"

static void repeat(struct buf *b, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(buf_add(b, view_of(s)), STATUS_OK);
}

/* A message in which one quantity is n. */
typedef void make_fn(struct buf *b, uint32_t n);

static void make_bytes(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM "\n"));
    repeat(b, "x", n - b->n);
}

static void make_headers(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM));
    repeat(b, "X-A: b\n", n - 2);
    (void)buf_add(b, VIEW("\nx"));
}

/* All header fields together, without their line endings, have n bytes. */
static void make_header_bytes(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM));
    size_t left = n - (b->n - 2);
    while (left > 150) {
        (void)buf_addf(b, "X: %097d\n", 0);
        left -= 100;
    }
    (void)buf_addf(b, "X: %0*d\n\nx", (int)left - 3, 0);
}

static void make_value(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM "X:"));
    repeat(b, "v", n);
    (void)buf_add(b, VIEW("\n\nx"));
}

static void make_parts(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM "Content-Type: multipart/mixed; boundary=bb\n\n"));
    repeat(b, "--bb\n\nx\n", n - 1);
    (void)buf_add(b, VIEW("--bb--\n"));
}

static void make_nesting(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM));
    for (uint32_t i = 0; i < n; i++)
        (void)buf_addf(b, "Content-Type: multipart/mixed; boundary=b%ub\n\n--b%ub\n", i, i);
    (void)buf_add(b, VIEW("\nx\n"));
    for (uint32_t i = n; i > 0; i--)
        (void)buf_addf(b, "--b%ub--\n", i - 1);
}

static void make_messages(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM));
    repeat(b, "Content-Type: message/rfc822\n\n", n);
    (void)buf_add(b, VIEW("Subject: x\n\nx"));
}

static void make_decoded(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM "Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\n"));
    repeat(b, "x", n / 2);
    (void)buf_add(b, VIEW("\n--bb\nContent-Transfer-Encoding: quoted-printable\n\n"));
    repeat(b, "=41", n - n / 2);
    (void)buf_add(b, VIEW("\n--bb--\n"));
}

static void make_decoded_base64(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM "Content-Transfer-Encoding: base64\n\n"));
    for (uint32_t i = 0; i < n; i += 3)
        (void)buf_add(b, n - i == 1 ? VIEW("QQ==") : n - i == 2 ? VIEW("QUE=") : VIEW("QUFB"));
}

/* n bytes of UTF-8 out of half as many of Latin-1. */
static void make_decoded_latin1(struct buf *b, uint32_t n)
{
    (void)buf_add(b, VIEW(FROM "Content-Type: text/plain; charset=iso-8859-15\n\n"));
    repeat(b, "\xE4", n / 2);
    repeat(b, "x", n % 2);
}

static const struct {
    const char *label;
    make_fn *make;
    const char *limit;
    uint32_t value;
    enum anomaly anomaly;
} rows[] = {
    {"message_bytes", make_bytes, "message_bytes", 5000, ANOMALY_MESSAGE_TRUNCATED},
    {"headers", make_headers, "headers", 50, ANOMALY_HEADER_LIMIT},
    {"header_bytes", make_header_bytes, "header_bytes", 4096, ANOMALY_HEADER_LIMIT},
    {"header_value_bytes", make_value, "header_value_bytes", 300, ANOMALY_HEADER_LIMIT},
    {"parts", make_parts, "parts", 20, ANOMALY_PART_LIMIT},
    {"nesting of multiparts", make_nesting, "nesting", 8, ANOMALY_NESTING_LIMIT},
    {"nesting of messages", make_messages, "nesting", 8, ANOMALY_NESTING_LIMIT},
    {"decoded_bytes", make_decoded, "decoded_bytes", 2000, ANOMALY_DECODED_LIMIT},
    {"decoded_bytes, base64", make_decoded_base64, "decoded_bytes", 2000, ANOMALY_DECODED_LIMIT},
    {"decoded_bytes, base64 2", make_decoded_base64, "decoded_bytes", 2002, ANOMALY_DECODED_LIMIT},
    {"decoded_bytes, latin-1", make_decoded_latin1, "decoded_bytes", 2000, ANOMALY_DECODED_LIMIT},
};

static uint32_t *limit_of(struct limits *limits, const char *name)
{
    for (const struct limit_row *r = limit_rows; r->name != NULL; r++)
        if (strcmp(r->name, name) == 0)
            return (uint32_t *)(void *)((char *)limits + r->offset);
    return NULL;
}

static void test_limits(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint32_t at = 0; at < 3; at++) {
            f->limits = limits_default();
            *limit_of(&f->limits, rows[i].limit) = rows[i].value;
            buf_clear(&f->buf);
            rows[i].make(&f->buf, rows[i].value - 1 + at);
            failures +=
                row_check(fixture_parse(f, buf_view(&f->buf)) == STATUS_OK, rows[i].label, "parse");
            bool noted = fixture_count(f, rows[i].anomaly) > 0;
            const char *what[] = {"limit - 1", "limit", "limit + 1"};
            failures += row_check(noted == (at == 2), rows[i].label, what[at]);
        }
    }
    f->limits = limits_default();
    assert_int_equal(failures, 0);
}

/* What a limit leaves: never nothing. */
static void test_left_over(void **state)
{
    struct fixture *f = *state;
    f->limits.parts = 3;
    (void)fixture_parse(f, VIEW(FROM "Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\na\n"
                                     "--bb\n\nb\n--bb\n\nthe threat\n--bb--\n"));
    assert_int_equal(f->m.n_parts, 3);
    assert_true(view_find(f->m.parts[2].content.text, VIEW("the threat")) <
                f->m.parts[2].content.text.n);
    f->limits = limits_default();
    f->limits.headers = 10;
    buf_clear(&f->buf);
    repeat(&f->buf, "X-Junk: x\n", 50);
    (void)buf_add(&f->buf, VIEW("Subject: pay\nContent-Type: text/html\n\nx"));
    (void)fixture_parse(f, buf_view(&f->buf));
    assert_true(f->m.parts[0].html);
    assert_non_null(part_header(&f->m.parts[0], VIEW("subject")));
    f->limits = limits_default();
    f->limits.nesting = 1;
    buf_clear(&f->buf);
    make_nesting(&f->buf, 5);
    (void)fixture_parse(f, buf_view(&f->buf));
    assert_int_equal(f->m.parts[1].kind, PART_TEXT);
    assert_true(f->m.parts[1].truncated);
    f->limits = limits_default();
    f->limits.decoded_bytes = 1024;
    buf_clear(&f->buf);
    (void)buf_add(&f->buf, VIEW(FROM "\n"));
    repeat(&f->buf, "\xC3\xA4", 513);
    (void)fixture_parse(f, buf_view(&f->buf));
    assert_int_equal(f->m.parts[0].content.text.n, 1024);
    f->limits.decoded_bytes = 1025;
    (void)fixture_parse(f, buf_view(&f->buf));
    assert_int_equal(f->m.parts[0].content.text.n, 1024); /* no half character */
    f->limits = limits_default();
}

/* The same thing again and again, up to a size. */
static const struct {
    const char *label, *front, *again;
} bombs[] = {
    {"nested multiparts", FROM, "Content-Type: multipart/mixed; boundary=bbbbbb\n\n--bbbbbb\n"},
    {"nested messages", FROM, "Content-Type: message/rfc822\n\n"},
    {"parts", FROM "Content-Type: multipart/mixed; boundary=bb\n\n", "--bb\n\n"},
    {"dashes", FROM "Content-Type: multipart/mixed; boundary=------\n\n", "-----\n"},
    {"long dashes", FROM "Content-Type: multipart/mixed; boundary=bb\n\n--", "-"},
    {"header lines", FROM, "X-A: b\n"},
    {"broken header lines", FROM, "no field\nX-A: b\n"},
    {"folds", FROM "X-A: b\n", " \n"},
    {"one long header", FROM "X-A: ", "a"},
    {"continuations", FROM "Content-Type: text/plain", "; name*0*=x"},
    {"comments", FROM "Content-Type: text/plain ", "( "},
    {"comments closed", FROM "Content-Type: text/plain ", "()"},
    {"quotes", FROM "Content-Type: text/plain; name=", "\"\\"},
    {"groups", "From: ", "a:"},
    {"address comments", "From: ", "(("},
    {"angle brackets", "From: ", "<a@b"},
    {"commas", "From: ", ","},
    {"words not closed", FROM "Subject: ", "=?utf-8?q?"},
    {"words not closed, spaced", FROM "Subject: ", "=?utf-8?q?a "},
    {"words", FROM "Subject: ", "=?utf-8?b?eA==?= "},
    {"word ends", FROM "Subject: =?utf-8?q?", "?=?="},
    {"base64 padding", FROM "Content-Transfer-Encoding: base64\n\n", "A="},
    {"base64 padding lines", FROM "Content-Transfer-Encoding: base64\n\n", "QQ==\n"},
    {"base64 junk", FROM "Content-Transfer-Encoding: base64\n\n", "A*"},
    {"qp", FROM "Content-Transfer-Encoding: quoted-printable\n\n", "a=41"},
    {"qp broken", FROM "Content-Transfer-Encoding: quoted-printable\n\n", "=G"},
    {"qp soft breaks", FROM "Content-Transfer-Encoding: quoted-printable\n\n", "=\n"},
    {"begin", FROM "\n", "begin 644 x\n"},
    {"uuencoded files", FROM "\n", "begin 644 x\n#0V%T\n"},
    {"flowed", FROM "Content-Type: text/plain; format=flowed\n\n", "> \n"},
    {"CR", FROM "\n", "\r"},
    {"CRLF", FROM "\n", "a\r\n"},
    {"broken utf-8", FROM "Content-Type: text/plain; charset=utf-8\n\n", "\xE4"},
    {"koi8-r in base64",
     FROM "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n",
     "0NLJ0CDS"},
    {"gb18030 broken", FROM "Content-Type: text/plain; charset=gb18030\n\n", "\xFF\xD6 "},
    {"iso-2022-jp", FROM "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\x1B$B\x1B(B"},
    {"utf-7", FROM "Content-Type: text/plain; charset=utf-7\n\n", "+-+A"},
    {"encoded multiparts", FROM,
     "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n"},
    {"attachments", FROM "Content-Type: multipart/mixed; boundary=b\n\n",
     "--b\nContent-Type: application/x\n\n\1\2\3\4\n"},
};

static double bomb(struct fixture *f, size_t index, size_t size)
{
    buf_clear(&f->buf);
    (void)buf_add(&f->buf, view_of(bombs[index].front));
    struct view again = view_of(bombs[index].again);
    while (f->buf.n < size)
        (void)buf_add(&f->buf, again);
    clock_t start = clock();
    if (fixture_parse(f, buf_view(&f->buf)) != STATUS_OK)
        return -1;
    for (uint32_t k = 0; k < f->m.n_parts && k < 10; k++) {
        for (uint32_t i = 0; i < f->m.parts[k].n_headers && i < 10; i++) {
            struct mailbox boxes[64];
            struct decoded d;
            (void)header_mailboxes(f->reader, &f->m.parts[k].headers[i], &f->arena, boxes, 64);
            (void)header_decode(f->reader, &f->m.parts[k].headers[i], &f->arena, NULL, &d);
        }
    }
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* With the limits as shipped: 4 MiB of it take well under a second even with sanitizers on. */
static void test_bombs(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(bombs); i++) {
        double t = bomb(f, i, 4 << 20);
        char text[100];
        (void)snprintf(text, sizeof text, "took %.2f s", t);
        failures += row_check(t >= 0 && t < 8, bombs[i].label, text);
        failures += row_check(fixture_count(f, ANOMALY_MEMORY_LIMIT) == 0, bombs[i].label,
                              "memory ran out");
    }
    assert_int_equal(failures, 0);
}

/* With limits out of the way a tenfold size may not cost a hundredfold. */
static void test_linear(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    f->limits.headers = 100000;
    f->limits.header_bytes = 16777216;
    f->limits.header_value_bytes = 1048576;
    f->limits.parts = 100000;
    f->limits.nesting = 1000;
    for (size_t i = 0; i < COUNT_OF(bombs); i++) {
        double small = bomb(f, i, 50000), large = bomb(f, i, 500000);
        char text[100];
        (void)snprintf(text, sizeof text, "50 kB %.4f s, 500 kB %.4f s", small, large);
        failures += row_check(large < 0.5 + 40 * small, bombs[i].label, text);
    }
    f->limits = limits_default();
    assert_int_equal(failures, 0);
}

static void test_huge(void **state)
{
    struct fixture *f = *state;
    buf_clear(&f->buf);
    (void)buf_add(&f->buf, VIEW(FROM "Content-Type: text/plain; charset=utf-8\n\n"));
    while (f->buf.n < 100000000)
        (void)buf_add(&f->buf, VIEW("one hundred megabytes of plain text, line by line by line\n"));
    assert_int_equal(fixture_parse(f, buf_view(&f->buf)), STATUS_OK);
    assert_int_equal(fixture_count(f, ANOMALY_MESSAGE_TRUNCATED), 1);
    assert_int_equal(f->m.raw.n, f->limits.message_bytes);
    assert_true(f->m.parts[0].content.text.n > 4000000);
    assert_true(f->arena.held < 1000000); /* it was borrowed */
    buf_fini(&f->buf);
}

/* Every ceiling of memory from nothing up: an answer, or a clean refusal. */
static void test_memory(void **state)
{
    struct fixture *f = *state;
    struct view raw = VIEW(
        FROM "Subject: =?utf-8?q?a?=\nContent-Type: multipart/mixed; boundary=bbbbbb\n\n"
             "--bbbbbb\nContent-Type: text/plain; charset=koi8-r; name*=utf-8''x%20y\n"
             "Content-Transfer-Encoding: base64\n\n0NLJ0CDS\n--bbbbbb\n"
             "Content-Type: text/plain; format=flowed\n\na \r\nb\r\nbegin 644 x\n#0V%T\n`\nend\n"
             "--bbbbbb\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
             "U3ViamVjdDogaW4KCmhp\n--bbbbbb--\n");
    unsigned answers = 0, refusals = 0;
    for (unsigned k = 0; k < 2; k++) {
        for (uint32_t max = 0; max < 300000; max += max < 20000 ? 64 : 1024) {
            struct limits limits = limits_default();
            struct arena arena;
            struct message m;
            arena_init(&arena, k == 0 ? max : limits.arena_bytes);
            limits.arena_bytes = k == 0 ? limits.arena_bytes : max;
            /* A reader of its own, whose scratch memory holds nothing yet. */
            struct mail_reader *reader = f->reader;
            enum status status = message_parse(reader, raw, &limits, &arena, &m);
            assert_true(status == STATUS_OK || status == STATUS_NO_MEMORY);
            if (status == STATUS_OK) {
                invariants_message(&m, &limits);
                invariants_headers(reader, &m, &arena);
                answers++;
            } else {
                refusals++;
            }
            arena_fini(&arena);
        }
    }
    assert_true(answers > 100 && refusals > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits), cmocka_unit_test(test_left_over),
        cmocka_unit_test(test_bombs),  cmocka_unit_test(test_linear),
        cmocka_unit_test(test_huge),   cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests_name("mail limits", tests, fixture_setup, fixture_teardown);
}
