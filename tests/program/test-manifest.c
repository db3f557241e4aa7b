/* Manifests: columns by name, what is wrong named with its line, the rest taken. */
#include <stdlib.h>
#include <unistd.h>

#include "program/manifest.h"
#include "tests/test.h"

static const struct {
    const char *label;
    struct view text;
    unsigned n;           /* samples */
    const char *wrong[4]; /* "LINE what", in order */
} rows[] = {
    {"plain", VIEW_LITERAL("path\tlabel\na\tham\nb\textortion\n"), 2, {NULL}},
    {"columns in any order and case, unknown ones passed over",
     VIEW_LITERAL("note\tLabel\tsha\tPath\nx\tspam\ty\ta\n"),
     1,
     {NULL}},
    {"byte order mark, CRLF, empty lines, no last line end",
     VIEW_LITERAL("\xEF\xBB\xBFpath\tlabel\r\n\r\na\tham\r\n\r\nb\thardneg"),
     2,
     {NULL}},
    {"empty", VIEW_LITERAL(""), 0, {"0 the manifest is empty"}},
    {"header only", VIEW_LITERAL("path\tlabel\n"), 0, {NULL}},
    {"no columns", VIEW_LITERAL("a\tham\n"), 0, {"1 no column \"path\"", "1 no column \"label\""}},
    {"too few and too many columns",
     VIEW_LITERAL("path\tlabel\na\nb\tham\tx\nc\tham\n"),
     1,
     {"2 a broken line: 1 columns, the first line names 2",
      "3 a broken line: 3 columns, the first line names 2"}},
    {"unknown label", VIEW_LITERAL("path\tlabel\na\tHAM\n"), 0, {"2 unknown label \"HAM\""}},
    {"no path", VIEW_LITERAL("path\tlabel\n \tham\n"), 0, {"2 a broken line: no path"}},
    {"NUL",
     VIEW_LITERAL("path\tlabel\na\0b\tham\n"),
     0,
     {"2 a broken line: a NUL byte (2 columns of 2)"}},
    {"duplicates",
     VIEW_LITERAL("path\tlabel\na\tham\nb\tham\na\textortion\na\tham\n"),
     2,
     {"4 a duplicate path, measured once: a (first in line 2)",
      "5 a duplicate path, measured once: a (first in line 2)"}},
};

static int read_text(struct manifest *m, struct view text, struct diags *d)
{
    char path[] = "/tmp/test-manifest-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.p, text.n), (int)text.n);
    (void)close(fd);
    enum status status = manifest_read(m, path, d);
    (void)unlink(path);
    return (int)status;
}

static void test_rows(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct manifest m;
        struct diags d;
        manifest_init(&m);
        diags_init(&d);
        failures +=
            row_check(read_text(&m, rows[i].text, &d) == STATUS_OK, rows[i].label, "status");
        failures += row_check(manifest_unique(&m, &d), rows[i].label, "memory");
        failures += row_check(m.n == rows[i].n, rows[i].label, "number of samples");
        size_t n = 0;
        while (n < COUNT_OF(rows[i].wrong) && rows[i].wrong[n] != NULL)
            n++;
        failures += row_check(d.n == n, rows[i].label, "number of diagnostics");
        for (size_t k = 0; k < n && k < d.n; k++) {
            char got[300];
            (void)snprintf(got, sizeof got, "%u %s", d.v[k].line, d.v[k].message);
            failures += row_view(view_of(got), view_of(rows[i].wrong[k]), rows[i].label, "text");
        }
        diags_fini(&d);
        manifest_fini(&m);
    }
    assert_int_equal(failures, 0);
}

static void test_members(void **state)
{
    (void)state;
    struct manifest m;
    struct diags d;
    manifest_init(&m);
    diags_init(&d);
    assert_int_equal(read_text(&m,
                               VIEW("path\tlabel\tclass\tlanguage\tcluster\tcomplete\tdisguise\n"
                                    "sub/a\textortion\tddos\tfi\tC1\tfull\tspaced\n"
                                    "/abs\tham\tnone\t\t\t\t\n"),
                               &d),
                     STATUS_OK);
    assert_int_equal(m.n, 2);
    const struct sample *s = &m.v[0];
    assert_string_equal(s->path, "sub/a");
    assert_string_equal(s->file, "/tmp/sub/a");
    assert_int_equal(s->label, LABEL_EXTORTION);
    assert_string_equal(s->class_id, "ddos");
    assert_string_equal(s->language, "fi");
    assert_string_equal(s->cluster, "C1");
    assert_string_equal(s->complete, "full");
    assert_string_equal(s->tags, "spaced");
    assert_int_equal(s->line, 2);
    assert_string_equal(m.v[1].file, "/abs");
    assert_string_equal(m.v[1].class_id, "");
    diags_fini(&d);
    manifest_fini(&m);
}

static void test_many(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1u << 24);
    assert_int_equal(buf_add(&text, VIEW("path\tlabel\n")), STATUS_OK);
    for (unsigned i = 0; i < 50000; i++)
        assert_int_equal(buf_addf(&text, "dir/message-%u\tham\n", i), STATUS_OK);
    struct manifest m;
    struct diags d;
    manifest_init(&m);
    diags_init(&d);
    assert_int_equal(read_text(&m, buf_view(&text), &d), STATUS_OK);
    assert_true(manifest_unique(&m, &d));
    assert_int_equal(m.n, 50000);
    assert_int_equal(d.n, 0);
    assert_string_equal(m.v[49999].path, "dir/message-49999");
    diags_fini(&d);
    manifest_fini(&m);
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
