/* What one file is taken apart into: mbox tables, limits, and lines that only look like From lines.
 */
#include <stdlib.h>
#include <unistd.h>

#include "program/mailbox.h"
#include "tests/test.h"

#define FROM1 "From anna@example.org Mon Jan  1 12:00:00 2024\n"
#define FROM2 "From - Tue Jan 02 03:04:05 2024\n"

/* A file that holds text, at its beginning. */
static int file_of(struct view text)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fflush(f), 0);
    int fd = dup(fileno(f));
    assert_true(fd >= 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    (void)fclose(f);
    return fd;
}

static const struct {
    const char *line;
    bool want;
} from_lines[] = {
    {"From anna@example.org Mon Jan  1 12:00:00 2024", true},
    {"From anna Mon Jan 1 2:00 2024", true},
    {"From - Tue Jan 02 03:04:05 2024", true},
    {"From ???@??? Thu Aug 22 12:36:23 2002", true},
    {"From a@b.c Thu Aug 22 12:36:23 CEST 2002", true},
    {"From a@b.c Thu Aug 22 12:36:23 2002 remote from uucp", true},
    {"From 17@xxx Sat Apr 06 11:22:33 +0000 2019", true},
    {"From a@b.c Mon, 1 Jan 2024 12:00:00 +0200", true},
    {"From MAILER-DAEMON Fri Jul  8 12:08:34 2011", true},
    {"From now on you must pay", false},
    {"From", false},
    {"From ", false},
    {"from anna Mon Jan  1 12:00:00 2024", false},
    {">From anna Mon Jan  1 12:00:00 2024", false},
    {"From Monday to Friday we are open since 1999", false},
    {"From Mon on, in Jan, the shop is closed", false},
    {"From: anna Mon Jan  1 12:00:00 2024", false},
    {"From a Mon Jan  1 12:00:00 24", false},
};

static void test_from_lines(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(from_lines); i++)
        failures += row_check(mailbox_from_line(view_of(from_lines[i].line)) == from_lines[i].want,
                              from_lines[i].line, "taken for what it is not");
    assert_int_equal(failures, 0);
}

enum { WANT_MAX = 4, KEEP = 200 };

struct row {
    const char *label;
    struct view file;
    unsigned n;
    const char *want[WANT_MAX];
    bool numbered;
};

static const struct row rows[] = {
    {"empty file", VIEW_LITERAL(""), 1, {""}, false},
    {"one message", VIEW_LITERAL("A: b\n\nc\n"), 1, {"A: b\n\nc\n"}, false},
    {"a single message keeps its own From lines",
     VIEW_LITERAL("A: b\n\n" FROM1 "\n>From x\n"),
     1,
     {"A: b\n\n" FROM1 "\n>From x\n"},
     false},
    {"mbox of one", VIEW_LITERAL(FROM1 "A: b\n\nc\n\n"), 1, {FROM1 "A: b\n\nc\n"}, false},
    {"mbox of two",
     VIEW_LITERAL(FROM1 "A: b\n\nc\n\n" FROM2 "A: d\n\ne\n\n"),
     2,
     {"A: b\n\nc\n", "A: d\n\ne\n"},
     true},
    {"no empty line before the next",
     VIEW_LITERAL(FROM1 "A: b\n\nc\n" FROM2 "A: d\n\ne"),
     2,
     {"A: b\n\nc\n", "A: d\n\ne"},
     true},
    {"CRLF",
     VIEW_LITERAL("From a Mon Jan  1 12:00:00 2024\r\nA: b\r\n\r\nc\r\n\r\n" FROM2 "A: d\r\n\r\n"),
     2,
     {"A: b\r\n\r\nc\r\n", "A: d\r\n"},
     true},
    {"quoted From lines lose one sign",
     VIEW_LITERAL(FROM1 "A: b\n\n>From here\n>>From there\n> From far\n>Fromage\n"),
     1,
     {FROM1 "A: b\n\nFrom here\n>From there\n> From far\n>Fromage\n"},
     false},
    {"a sentence that begins with From splits nothing",
     VIEW_LITERAL(FROM1 "A: b\n\nx\n\nFrom now on, pay\n"),
     1,
     {FROM1 "A: b\n\nx\n\nFrom now on, pay\n"},
     false},
    {"Content-Length is not believed",
     VIEW_LITERAL(FROM1 "Content-Length: 100000\n\nc\n\n" FROM2 "A: d\n\ne\n"),
     2,
     {"Content-Length: 100000\n\nc\n", "A: d\n\ne\n"},
     true},
    {"From lines only", VIEW_LITERAL(FROM1 FROM2 FROM1), 3, {"", "", ""}, true},
    {"no line end at the end", VIEW_LITERAL("x"), 1, {"x"}, false},
    {"one empty line", VIEW_LITERAL("\n"), 1, {"\n"}, false},
};

static void test_messages(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        struct mailbox *m;
        assert_int_equal(mailbox_new(file_of(row->file), KEEP, &m), STATUS_OK);
        unsigned n = 0;
        struct letter letter;
        while (mailbox_next(m, &letter) == MAILBOX_LETTER) {
            if (n < row->n) {
                failures += row_view((struct view){letter.bytes, letter.n}, view_of(row->want[n]),
                                     row->label, "message");
                failures +=
                    row_check(letter.number == (row->numbered ? n + 1 : 0), row->label, "number");
            }
            free(letter.bytes);
            n++;
        }
        failures += row_check(n == row->n, row->label, "number of messages");
        failures += row_check(mailbox_position(m) == row->file.n, row->label, "position");
        mailbox_free(&m);
    }
    assert_int_equal(failures, 0);
}

/* Fills b with n bytes of lines of width letters. */
static void fill_lines(struct buf *b, size_t n, size_t width)
{
    while (b->n < n)
        assert_int_equal(buf_add_byte(b, b->n % (width + 1) == width ? '\n' : 'x'), STATUS_OK);
}

/* Messages and lines around the ceiling and around the size of a block. */
static void test_limits(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,     1,     199,   200,   201,    202,   5000,
                                   65535, 65536, 65537, 70000, 131072, 200000};
    static const size_t widths[] = {10, 997, 70000, 1000000};
    int failures = 0;
    for (size_t w = 0; w < COUNT_OF(widths); w++) {
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            struct buf file;
            buf_init(&file, 1u << 20);
            assert_int_equal(buf_add(&file, VIEW(FROM1 "A: b\n\n")), STATUS_OK);
            size_t head = file.n;
            fill_lines(&file, head + sizes[i], widths[w]);
            assert_int_equal(buf_add(&file, VIEW("\n\n" FROM2 "Subject: next\n\nlast\n")),
                             STATUS_OK);
            struct mailbox *m;
            assert_int_equal(mailbox_new(file_of(buf_view(&file)), KEEP, &m), STATUS_OK);
            struct letter letter;
            char label[64];
            (void)snprintf(label, sizeof label, "%zu bytes in lines of %zu", sizes[i], widths[w]);
            assert_int_equal(mailbox_next(m, &letter), MAILBOX_LETTER);
            size_t whole = head + sizes[i] + 1 - (sizeof FROM1 - 1);
            size_t want = whole < KEEP + 1 ? whole : KEEP + 1;
            /* An empty last line is the mailbox's. */
            failures += row_check(letter.n == want || (letter.n == want - 1 && want == whole),
                                  label, "bytes kept");
            free(letter.bytes);
            failures += row_check(mailbox_next(m, &letter) == MAILBOX_LETTER, label, "second");
            failures += row_view((struct view){letter.bytes, letter.n},
                                 VIEW("Subject: next\n\nlast\n"), label, "second");
            free(letter.bytes);
            failures += row_check(mailbox_next(m, &letter) == MAILBOX_END, label, "end");
            mailbox_free(&m);
            buf_fini(&file);
        }
    }
    assert_int_equal(failures, 0);
}

static void test_large_single_file_is_read_in_part(void **state)
{
    (void)state;
    struct buf file;
    buf_init(&file, 4u << 20);
    fill_lines(&file, 3u << 20, 70);
    struct mailbox *m;
    assert_int_equal(mailbox_new(file_of(buf_view(&file)), 100000, &m), STATUS_OK);
    struct letter letter;
    assert_int_equal(mailbox_next(m, &letter), MAILBOX_LETTER);
    assert_int_equal(letter.n, 100001);
    assert_memory_equal(letter.bytes, file.p, letter.n);
    assert_true(mailbox_position(m) < 200000);
    free(letter.bytes);
    assert_int_equal(mailbox_next(m, &letter), MAILBOX_END);
    mailbox_free(&m);
    buf_fini(&file);
}

static void test_pipe_in_small_pieces(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    static const char text[] = FROM1 "A: b\n\nc\n\n" FROM2 "A: d\n\ne\n";
    assert_int_equal(write(ends[1], text, sizeof text - 1), sizeof text - 1);
    (void)close(ends[1]);
    struct mailbox *m;
    assert_int_equal(mailbox_new(ends[0], KEEP, &m), STATUS_OK);
    struct letter letter;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(mailbox_next(m, &letter), MAILBOX_LETTER);
        free(letter.bytes);
    }
    assert_int_equal(mailbox_next(m, &letter), MAILBOX_END);
    mailbox_free(&m);
}

static void test_unreadable(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    struct mailbox *m;
    /* The writing end of a pipe cannot be read. */
    assert_int_equal(mailbox_new(ends[1], KEEP, &m), STATUS_OK);
    struct letter letter;
    assert_int_equal(mailbox_next(m, &letter), MAILBOX_IO);
    assert_int_equal(mailbox_next(m, &letter), MAILBOX_END);
    mailbox_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_lines),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_large_single_file_is_read_in_part),
        cmocka_unit_test(test_pipe_in_small_pieces),
        cmocka_unit_test(test_unreadable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
