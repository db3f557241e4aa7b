/* Which messages lie below a path, in which order, and what is said of the rest. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/source.h"
#include "tests/test.h"

static int make_tree(void **state)
{
    char *top = strdup("/tmp/test-source-XXXXXX");
    if (top == NULL || mkdtemp(top) == NULL || chdir(top) != 0)
        return -1;
    *state = top;
    return 0;
}

static int remove_tree(void **state)
{
    char command[] = "/bin/rm";
    pid_t child = fork();
    if (child == 0)
        _exit(execl(command, command, "-rf", (char *)*state, (char *)NULL));
    free(*state);
    return chdir("/");
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* One line an event: "letter PATH#N text", "note PATH", ... */
static void list(const char *const *paths, size_t n, struct buf *out)
{
    static const char *const names[] = {"letter", "note", "missing", "io", "memory", "end"};
    struct source *s = source_new(paths, n, 1000);
    assert_non_null(s);
    struct source_event e;
    enum source_step step;
    buf_clear(out);
    while ((step = source_next(s, &e)) != SOURCE_END) {
        assert_int_equal(buf_addf(out, "%s %s", names[step], e.path), STATUS_OK);
        if (step == SOURCE_LETTER && e.letter.number > 0)
            assert_int_equal(buf_addf(out, "#%u", e.letter.number), STATUS_OK);
        if (step == SOURCE_LETTER)
            assert_int_equal(buf_addf(out, " %zu", e.letter.n), STATUS_OK);
        else
            assert_non_null(e.text);
        assert_int_equal(buf_add_byte(out, '\n'), STATUS_OK);
        free(e.letter.bytes);
    }
    source_free(&s);
}

static int same(const struct buf *got, const char *want, const char *label)
{
    return row_view(buf_view(got), view_of(want), label, "events");
}

static void test_everything(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1u << 16);
    int failures = 0;

    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d/sub", 0700), 0);
    put("d/b", "b");
    put("d/a", "aa");
    put("d/sub/z", "zzz");
    put("d/.hidden", "hhhh");
    assert_int_equal(symlink("../../d", "d/sub/loop"), 0);
    assert_int_equal(symlink("a", "d/link"), 0);
    assert_int_equal(symlink("nowhere", "d/broken"), 0);
    assert_int_equal(mkfifo("d/fifo", 0600), 0);
    static const char *const tree[] = {"d/"};
    list(tree, 1, &out);
    failures += same(&out,
                     "letter d/.hidden 4\nletter d/a 2\nletter d/b 1\nmissing d/broken\n"
                     "note d/fifo\nletter d/link 2\nnote d/sub/loop\nletter d/sub/z 3\n",
                     "directory");
    failures += row_check(source_count(tree, 1) == 5, "directory", "count");

    assert_int_equal(mkdir("m", 0700), 0);
    assert_int_equal(mkdir("m/cur", 0700), 0);
    assert_int_equal(mkdir("m/new", 0700), 0);
    assert_int_equal(mkdir("m/tmp", 0700), 0);
    assert_int_equal(mkdir("m/.Sent", 0700), 0);
    assert_int_equal(mkdir("m/.Sent/cur", 0700), 0);
    assert_int_equal(mkdir("m/.Sent/new", 0700), 0);
    assert_int_equal(mkdir("m/.Sent/tmp", 0700), 0);
    put("m/cur/1:2,S", "1");
    put("m/new/2", "2");
    put("m/tmp/half", "3");
    put("m/dovecot-uidlist", "4");
    put("m/.Sent/cur/5:2,", "5");
    put("m/.Sent/tmp/half", "6");
    static const char *const maildir[] = {"m"};
    list(maildir, 1, &out);
    failures += same(&out, "letter m/.Sent/cur/5:2, 1\nletter m/cur/1:2,S 1\nletter m/new/2 1\n",
                     "Maildir");

    put("box", "From a Mon Jan  1 12:00:00 2024\nA: b\n\nc\n\nFrom b Mon Jan  1 12:00:00 2024\n\n");
    put("empty", "");
    assert_int_equal(mkdir("void", 0700), 0);
    static const char *const several[] = {"box", "void", "void", "absent", "empty", "d/b"};
    list(several, 6, &out);
    failures += same(&out,
                     "letter box#1 8\nletter box#2 0\nmissing absent\nletter empty 0\n"
                     "letter d/b 1\n",
                     "several paths");
    assert_int_equal(failures, 0);
    buf_fini(&out);
}

static void test_deep_tree(void **state)
{
    (void)state;
    int at = open(".", O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 400; i++) {
        assert_int_equal(mkdirat(at, "n", 0700), 0);
        int next = openat(at, "n", O_RDONLY | O_DIRECTORY);
        assert_true(next >= 0);
        (void)close(at);
        at = next;
    }
    (void)close(at);
    static const char *const path[] = {"n"};
    struct source *s = source_new(path, 1, 100);
    struct source_event e;
    assert_int_equal(source_next(s, &e), SOURCE_NOTE);
    assert_non_null(strstr(e.text, "too deep"));
    assert_int_equal(source_next(s, &e), SOURCE_END);
    source_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_everything, make_tree, remove_tree),
        cmocka_unit_test_setup_teardown(test_deep_tree, make_tree, remove_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
