/*
 * Whole messages against what was written down about them: tests/data/mail/x.eml gives x.want.
 * EXTORTION_GOLDEN=write writes the .want files anew, to be read in review.
 */
#include <dirent.h>
#include <stdlib.h>

#include "../test.h"
#include "dump.h"
#include "invariants.h"

enum { FILE_MAX = 1 << 20, FILES_MAX = 500 };

static const char *folder(void)
{
    static char path[3000];
    const char *top = getenv("top_srcdir");
    (void)snprintf(path, sizeof path, "%s/tests/data/mail", top != NULL ? top : ".");
    return path;
}

static bool file_read(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        (void)buf_add(out, (struct view){block, n});
    (void)fclose(f);
    return true;
}

/* The first line that differs, for people. */
static void difference(const char *name, struct view got, struct view want)
{
    struct view g, w;
    for (unsigned line = 1;; line++) {
        bool more = view_next_line(&got, &g), wanted = view_next_line(&want, &w);
        if (!more && !wanted)
            return;
        if (more && wanted && view_eq(g, w))
            continue;
        fprintf(stderr, "# %s line %u:\n#   got  %.*s\n#   want %.*s\n", name, line,
                VIEW_ARG(more ? g : VIEW("(end)")), VIEW_ARG(wanted ? w : VIEW("(end)")));
        return;
    }
}

static int golden(struct mail_reader *reader, const char *name)
{
    const char *mode = getenv("EXTORTION_GOLDEN");
    char path[4096];
    struct buf raw, got, want;
    buf_init(&raw, FILE_MAX);
    buf_init(&got, FILE_MAX);
    buf_init(&want, FILE_MAX);
    (void)snprintf(path, sizeof path, "%s/%s.eml", folder(), name);
    assert_true(file_read(path, &raw));
    struct limits limits = limits_default();
    struct arena arena;
    arena_init(&arena, limits.arena_bytes);
    struct message m;
    assert_int_equal(message_parse(reader, buf_view(&raw), &limits, &arena, &m), STATUS_OK);
    invariants_message(&m, &limits);
    invariants_headers(reader, &m, &arena);
    assert_true(dump_message(reader, &m, &got));
    (void)snprintf(path, sizeof path, "%s/%s.want", folder(), name);
    int failures = 0;
    if (mode != NULL && strcmp(mode, "write") == 0) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        (void)fwrite(got.p, 1, got.n, f);
        (void)fclose(f);
    } else {
        failures += row_check(file_read(path, &want), name, "no .want file");
        failures += row_check(view_eq(buf_view(&got), buf_view(&want)), name, "dump differs");
        difference(name, buf_view(&got), buf_view(&want));
    }
    arena_fini(&arena);
    buf_fini(&raw);
    buf_fini(&got);
    buf_fini(&want);
    return failures;
}

static void test_golden(void **state)
{
    DIR *dir = opendir(folder());
    assert_non_null(dir);
    int failures = 0, n = 0;
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        struct view name = view_of(e->d_name);
        char stem[256];
        if (!view_ends_nocase(name, VIEW(".eml")) || name.n >= sizeof stem)
            continue;
        memcpy(stem, name.p, name.n - 4);
        stem[name.n - 4] = '\0';
        failures += golden(*state, stem);
        n++;
    }
    (void)closedir(dir);
    assert_int_equal(failures, 0);
    assert_true(n >= 20);
}

static int setup(void **state)
{
    return mail_reader_new((struct mail_reader **)state) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
    mail_reader_free((struct mail_reader **)state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden)};
    return cmocka_run_group_tests_name("mail golden", tests, setup, teardown);
}
