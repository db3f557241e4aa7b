/* The folder: what it must be, what does not fit, what is too old, and writers that die. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <utime.h>

#include "fixture.h"

static int setup(void **state)
{
    (void)state;
    folder_make();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    folder_remove();
    return 0;
}

/* What store_open says; "" when it opens. */
static void opened(const struct store_wish *wish, char *out, size_t room)
{
    struct store *s;
    struct diags diags;
    diags_init(&diags);
    enum status status = store_open(wish, &diags, &s);
    (void)snprintf(out, room, "%s", status != STATUS_OK ? "silent" : "");
    for (size_t i = 0; i < diags.n; i++)
        (void)snprintf(out + (i > 0 ? strlen(out) : 0), room - (i > 0 ? strlen(out) : 0), "%s;",
                       diags.v[i].message);
    diags_fini(&diags);
    store_free(&s);
}

static void test_the_folder_is_private(void **state)
{
    static const struct {
        const char *label;
        mode_t mode;
        const char *want;
    } rows[] = {{"private", 0700, ""},
                {"group may enter", 0710, "others than its owner can enter, read or write it;"},
                {"others may read", 0704, "others than its owner can enter, read or write it;"},
                {"others may write", 0702, "others than its owner can enter, read or write it;"}};
    const struct store_wish wish = {folder, "", 0, 0};
    char said[1024];
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(chmod(folder, rows[i].mode), 0);
        opened(&wish, said, sizeof said);
        failures += row_view(view_of(said), view_of(rows[i].want), rows[i].label, "said");
    }
    assert_int_equal(chmod(folder, 0700), 0);
    opened(&(struct store_wish){"/nonexistent/evidence", "/nonexistent/key", 0, 0}, said,
           sizeof said);
    failures += row_check(strstr(said, "cannot read the key: No such file") != NULL &&
                              strstr(said, "cannot open it: No such file") != NULL,
                          "nothing there", said);
    opened(&(struct store_wish){public_file, "", 0, 0}, said, sizeof said);
    failures += row_check(strstr(said, "Not a directory") != NULL, "a file", said);
    opened(&(struct store_wish){folder, secret_file, 0, 0}, said, sizeof said);
    failures += row_check(strstr(said, "is a secret key") != NULL, "a secret key", said);
    assert_int_equal(failures, 0);
}

/* Root may write anywhere, so somebody else has to try. */
static void test_somebody_elses_folder(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t child = fork();
    if (child == 0) {
        char said[1024];
        const struct store_wish wish = {folder, "", 0, 0};
        if (setuid(65534) != 0)
            _exit(2);
        opened(&wish, said, sizeof said);
        _exit(strstr(said, "Permission denied") != NULL ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(chown(folder, 65534, 65534), 0);
    assert_int_equal(chmod(folder, 0500), 0);
    child = fork();
    if (child == 0) {
        char said[1024];
        const struct store_wish wish = {folder, "", 0, 0};
        if (setuid(65534) != 0)
            _exit(2);
        opened(&wish, said, sizeof said);
        _exit(strcmp(said, "cannot be written;") == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(chown(folder, 0, 0), 0);
    assert_int_equal(chmod(folder, 0700), 0);
}

static void mode_of(const char *id, mode_t *mode)
{
    char path[256];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s/%s.evidence", folder, id);
    assert_int_equal(stat(path, &st), 0);
    *mode = st.st_mode & 07777;
}

static void test_quota(void **state)
{
    struct store *s = store_of(true, 0, 5000);
    char first[RECORD_ID_BYTES], id[RECORD_ID_BYTES];
    struct store_outcome outcome;
    struct store_entries e;
    mode_t mode;
    (void)state;
    assert_int_equal(record_put(s, NOW, 2000, first, &outcome), STATUS_OK);
    mode_of(first, &mode);
    assert_int_equal(mode, 0600);
    assert_int_equal(record_put(s, NOW + 1, 1500, id, &outcome), STATUS_OK);
    assert_int_equal(record_put(s, NOW + 2, 2000, id, &outcome), STATUS_LIMIT);
    assert_int_equal(store_list(folder, &e), STATUS_OK);
    assert_int_equal(e.n, 2);
    assert_true(e.bytes < 5000 && strcmp(e.v[0].id, first) == 0);
    store_entries_fini(&e);
    /* Room that somebody makes is seen, if not at once. */
    assert_int_equal(store_remove(folder, first), STATUS_OK);
    assert_int_equal(record_put(s, NOW + 3, 2000, id, &outcome), STATUS_LIMIT);
    assert_int_equal(record_put(s, NOW + 70, 2000, id, &outcome), STATUS_OK);
    store_free(&s);
}

static void test_what_is_too_old_goes(void **state)
{
    struct store *s = store_of(false, 30, 0);
    char old[RECORD_ID_BYTES], kept[RECORD_ID_BYTES], id[RECORD_ID_BYTES], orphan[128], fresh[128],
        foreign[128];
    struct store_outcome outcome;
    struct store_entries e;
    (void)state;
    assert_int_equal(record_put(s, NOW, 10, old, &outcome), STATUS_OK);
    assert_int_equal(record_put(s, NOW + 600, 10, kept, &outcome), STATUS_OK);
    (void)snprintf(orphan, sizeof orphan, "%s/.new-0123456789abcdef", folder);
    (void)snprintf(fresh, sizeof fresh, "%s/.new-fedcba9876543210", folder);
    (void)snprintf(foreign, sizeof foreign, "%s/other", folder);
    text_write(orphan, "half a record", 0600);
    text_write(fresh, "half a record", 0600);
    text_write(foreign, "none of ours", 0600);
    assert_int_equal(utime(orphan, &(struct utimbuf){NOW, NOW}), 0);
    const int64_t later = NOW + 30 * 86400 + 300;
    assert_int_equal(utime(fresh, &(struct utimbuf){later - 60, later - 60}), 0);
    assert_int_equal(record_put(s, later, 10, id, &outcome), STATUS_OK);
    assert_int_equal(outcome.expired, 1);
    assert_int_equal(store_list(folder, &e), STATUS_OK);
    assert_int_equal(e.n, 2);
    assert_string_equal(e.v[0].id, kept);
    assert_string_equal(e.v[1].id, id);
    store_entries_fini(&e);
    assert_int_not_equal(access(orphan, F_OK), 0);
    assert_int_equal(access(fresh, F_OK), 0);
    assert_int_equal(access(foreign, F_OK), 0);
    assert_int_equal(unlink(fresh), 0);
    store_free(&s);
}

static void test_purge_is_planned(void **state)
{
    static const struct {
        const char *label;
        size_t days;
        uint64_t quota;
        size_t want;
        bool last; /* what is left is the newest */
    } rows[] = {
        {"nothing", SIZE_MAX, UINT64_MAX, 0, true},
        {"all", 0, UINT64_MAX, 3, false},
        {"older than two days", 2, UINT64_MAX, 1, true},
        {"to 200 bytes", SIZE_MAX, 200, 1, true},
        {"to 199 bytes", SIZE_MAX, 199, 2, true},
        {"to nothing", SIZE_MAX, 0, 3, false},
        {"both", 2, 100, 2, true},
    };
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_entry v[] = {{"20261126T120000Z-a-00000000", 100, false},
                                  {"20261127T170000Z-b-00000000", 100, false},
                                  {"20261129T120000Z-c-00000000", 100, false}};
        struct store_entries e = {v, 3, 300};
        size_t n = store_plan_purge(&e, NOW, rows[i].days, rows[i].quota);
        failures += row_check(n == rows[i].want, rows[i].label, "how many");
        failures += row_check(v[2].purge != rows[i].last, rows[i].label, "the newest");
    }
    assert_int_equal(failures, 0);
}

/* Files that are no record's, finished or not. */
static size_t count_temporary(void)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *d; (d = readdir(dir)) != NULL;)
        n += strncmp(d->d_name, ".new-", 5) == 0;
    (void)closedir(dir);
    return n;
}

static void remove_temporary(void)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *d; (d = readdir(dir)) != NULL;)
        if (strncmp(d->d_name, ".new-", 5) == 0)
            assert_int_equal(unlinkat(dirfd(dir), d->d_name, 0), 0);
    (void)closedir(dir);
}

/* A disk that takes so many bytes of a file and no more. */
static void test_the_disk_is_full(void **state)
{
    int failures = 0;
    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    for (rlim_t room = 0; room < 2300; room += 61) {
        pid_t child = fork();
        if (child == 0) {
            struct store *s = store_of(true, 0, 0);
            char id[RECORD_ID_BYTES];
            struct store_outcome outcome;
            const struct rlimit limit = {room, room};
            if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
                _exit(2);
            enum status status = record_put(s, NOW, 2000, id, &outcome);
            _exit(status == STATUS_IO && outcome.error == EFBIG ? 0 : 1);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        failures += row_check(status == 0, "full", "was not told of");
    }
    struct store_entries e;
    assert_int_equal(store_list(folder, &e), STATUS_OK);
    assert_int_equal(e.n, 0);
    assert_int_equal(count_temporary(), 0);
    store_entries_fini(&e);
    assert_int_equal(failures, 0);
}

static void test_the_folder_goes_away(void **state)
{
    struct store *s = store_of(true, 0, 0);
    char id[RECORD_ID_BYTES];
    struct store_outcome outcome;
    (void)state;
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(record_put(s, NOW, 10, id, &outcome), STATUS_IO);
    assert_int_equal(outcome.error, ENOENT);
    store_free(&s);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void write_for_ever(unsigned seed)
{
    struct store *s = store_of(true, 0, 0);
    for (unsigned i = 0;; i++) {
        char id[RECORD_ID_BYTES];
        struct store_outcome outcome;
        seed = seed * 1103515245u + 12345u;
        if (record_put(s, NOW + i, seed >> 12 & 0x3ffff, id, &outcome) != STATUS_OK)
            _exit(1);
    }
}

/* kill -9 at any point: complete records, or none. */
static void test_writers_are_killed(void **state)
{
    enum { ROUNDS = 60, ROUNDS_MAX = 600, PATIENCE_MAX = 2000000 };
    unsigned patience = 60000; /* microseconds; more where the machine is slow */
    size_t records = 0, unfinished = 0;
    unsigned random = (unsigned)getpid();
    int failures = 0;
    (void)state;
    for (unsigned round = 0;
         round < ROUNDS || ((records == 0 || unfinished == 0) && round < ROUNDS_MAX); round++) {
        random = random * 1103515245u + 12345u;
        pid_t child = fork();
        if (child == 0)
            write_for_ever(random);
        /* From before the first file to after several. */
        (void)usleep(1000 + (random >> 8) % patience);
        assert_int_equal(kill(child, SIGKILL), 0);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        struct store_entries e;
        assert_int_equal(store_list(folder, &e), STATUS_OK);
        for (size_t i = 0; i < e.n; i++) {
            failures += row_check(record_state_of(e.v[i].id, &pair, NULL) == RECORD_GOOD, e.v[i].id,
                                  "is not whole");
            assert_int_equal(store_remove(folder, e.v[i].id), STATUS_OK);
        }
        records += e.n;
        if (e.n == 0 && patience < PATIENCE_MAX)
            patience += patience / 8;
        store_entries_fini(&e);
        unfinished += count_temporary();
        remove_temporary();
    }
    printf("# %zu records by killed writers, %zu unfinished files\n", records, unfinished);
    assert_int_equal(failures, 0);
    /* Else nobody was killed at work. */
    assert_true(records > 0 && unfinished > 0);
}

struct worker {
    pthread_t thread;
    struct store *store;
    unsigned written;
};

static void *work(void *context)
{
    struct worker *w = context;
    for (unsigned i = 0; i < 8; i++) {
        char id[RECORD_ID_BYTES];
        struct store_outcome outcome;
        w->written += record_put(w->store, NOW + i, 1000, id, &outcome) == STATUS_OK;
    }
    return NULL;
}

static void test_threads_share_a_store(void **state)
{
    struct worker workers[4] = {{.written = 0}};
    /* Room for 20 of the 32. */
    struct store *s = store_of(true, 30, 20 * 1450);
    unsigned written = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(workers); i++) {
        workers[i].store = s;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(workers); i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        written += workers[i].written;
    }
    store_free(&s);
    struct store_entries e;
    assert_int_equal(store_list(folder, &e), STATUS_OK);
    assert_int_equal(e.n, written);
    assert_true(written >= 18 && written < 32 && e.bytes <= 20 * 1450);
    store_entries_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_folder_is_private, setup, teardown),
        cmocka_unit_test_setup_teardown(test_somebody_elses_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(test_quota, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_too_old_goes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_purge_is_planned, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_disk_is_full, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_folder_goes_away, setup, teardown),
        cmocka_unit_test_setup_teardown(test_writers_are_killed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_threads_share_a_store, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
