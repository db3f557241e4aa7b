/* Lines as they are written, and readers that do not read. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mta/report.h"
#include "test.h"

static char folder[64], path[96];

static int syslog_listen(void)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = 10};
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    (void)unlink(path);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void syslog_start(enum log_form form)
{
    log_start(&(struct log_options){
        .target = LOG_TARGET_SYSLOG, .form = form, .syslog = path, .name = "prog"});
}

/* The next line without what syslog puts in front; false when there is none. */
static bool hear(int fd, bool wait, char out[4096])
{
    ssize_t n = recv(fd, out, 4095, wait ? 0 : MSG_DONTWAIT);
    if (n < 0)
        return false;
    out[n] = '\0';
    char *body = strstr(out, "]: ");
    assert_non_null(body);
    assert_int_equal(out[0], '<');
    memmove(out, body + 3, strlen(body + 3) + 1);
    return true;
}

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void test_frame(void **state)
{
    (void)state;
    char line[4096], want[64];
    int fd = syslog_listen();
    syslog_start(LOG_FORM_TEXT);
    log_line(LOG_LEVEL_WARNING, "hello %d", 7);
    ssize_t n = recv(fd, line, sizeof line - 1, 0);
    assert_true(n > 0);
    line[n] = '\0';
    assert_memory_equal(line, "<20>", 4); /* mail.warning */
    (void)snprintf(want, sizeof want, " prog[%ld]: hello 7", (long)getpid());
    assert_non_null(strstr(line, want));
    assert_int_equal(line[4 + 15], ' '); /* "Nov 29 16:30:00" */
    log_close();
    (void)close(fd);
}

/* The same values in both forms. */
static void test_records(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct view value;
        const char *text, *json;
    } rows[] = {
        {"plain", VIEW_LITERAL("tag+subject"), "k=tag+subject", "\"k\":\"tag+subject\""},
        {"address", VIEW_LITERAL("<a@b.test>"), "k=<a@b.test>", "\"k\":\"<a@b.test>\""},
        {"spaces", VIEW_LITERAL("out of memory"), "k=\"out of memory\"", "\"k\":\"out of memory\""},
        {"empty", VIEW_LITERAL(""), "k=\"\"", "\"k\":\"\""},
        {"another pair", VIEW_LITERAL("x qid=FORGED"), "k=\"x qid=FORGED\"",
         "\"k\":\"x qid=FORGED\""},
        {"quote", VIEW_LITERAL("a\"b\\"), "k=\"a\\\"b\\\\\"", "\"k\":\"a\\\"b\\\\\""},
        {"line ends", VIEW_LITERAL("a\r\nb\x1b[m"), "k=\"a\\x0d\\x0ab\\x1b[m\"",
         "\"k\":\"a\\r\\nb\\u001b[m\""},
        {"UTF-8", VIEW_LITERAL("\xC3\xA4"), "k=\"\\xc3\\xa4\"", "\"k\":\"\xC3\xA4\""},
        {"NUL", VIEW_LITERAL("a\0b"), "k=\"a\\x00b\"", "\"k\":\"a\\u0000b\""},
    };
    int failures = 0, fd = syslog_listen();
    char line[4096], want[256];
    for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
        bool json = i >= COUNT_OF(rows);
        const char *label = rows[i % COUNT_OF(rows)].label;
        struct log_record r;
        syslog_start(json ? LOG_FORM_JSON : LOG_FORM_TEXT);
        record_begin(&r, LOG_LEVEL_INFO);
        record_text(&r, "k", rows[i % COUNT_OF(rows)].value);
        record_number(&r, "ms", 1.25);
        record_count(&r, "size", UINT64_MAX);
        record_truth(&r, "flagged", true);
        record_end(&r);
        assert_true(hear(fd, true, line));
        if (json)
            (void)snprintf(want, sizeof want,
                           "%s,\"ms\":1.2,\"size\":18446744073709551615,\"flagged\":true}",
                           rows[i % COUNT_OF(rows)].json);
        else
            (void)snprintf(want, sizeof want, "%s ms=1.2 size=18446744073709551615 flagged=yes",
                           rows[i].text);
        const char *found = strstr(line, want);
        failures += row_check(found != NULL && (json || found == line), label, line);
        failures += row_check(!json || strncmp(line, "{\"time\":\"2", 10) == 0, label, line);
        failures += row_check(!json || strstr(line, "Z\",\"level\":\"info\",\"program\":\"prog\","),
                              label, line);
    }
    log_close();
    (void)close(fd);
    assert_int_equal(failures, 0);
}

/* What of a person's address is written. */
static void test_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        enum log_addresses how;
        const char *address, *want; /* NULL: not at all; "?": sixteen digits */
    } rows[] = {
        {"full", LOG_ADDRESSES_FULL, "Anna@Example.test", "f=<Anna@Example.test>"},
        {"null sender", LOG_ADDRESSES_FULL, "", "f=<>"},
        {"domain", LOG_ADDRESSES_DOMAIN, "anna@example.test", "f=<@example.test>"},
        {"domain of a quoted local part", LOG_ADDRESSES_DOMAIN, "\"a@b\"@c.test", "f=<@c.test>"},
        {"no domain", LOG_ADDRESSES_DOMAIN, "root", "f=<>"},
        {"domain of the null sender", LOG_ADDRESSES_DOMAIN, "", "f=<>"},
        {"hash", LOG_ADDRESSES_HASH, "anna@example.test", "?"},
        {"hash of the null sender", LOG_ADDRESSES_HASH, "", "f=<>"},
        {"none", LOG_ADDRESSES_NONE, "anna@example.test", NULL},
        {"more pairs in an address", LOG_ADDRESSES_FULL, "a b=c@x", "f=\"<a b=c@x>\""},
    };
    static const unsigned char key[SEAL_KEY_BYTES] = {1}, other[SEAL_KEY_BYTES] = {2};
    static const struct {
        const char *address;
        const unsigned char *key;
    } twins[] = {{"anna@example.test", key},
                 {"ANNA@example.TEST", key},
                 {"anna@example.tes", key},
                 {"anna@example.test", other}};
    int failures = 0, fd = syslog_listen();
    char line[4096], hash[COUNT_OF(twins)][64];
    syslog_start(LOG_FORM_TEXT);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct log_record r;
        record_begin(&r, LOG_LEVEL_INFO);
        report_address(&r, "f", view_of(rows[i].address), rows[i].how, key);
        record_count(&r, "n", 1);
        record_end(&r);
        assert_true(hear(fd, true, line));
        char want[128];
        (void)snprintf(want, sizeof want, "%s%sn=1", rows[i].want != NULL ? rows[i].want : "",
                       rows[i].want != NULL ? " " : "");
        bool same = rows[i].want != NULL && strcmp(rows[i].want, "?") == 0
                        ? strlen(line) == 3 + 16 + 5 && strstr(line, "anna") == NULL
                        : strcmp(line, want) == 0;
        failures += row_check(same, rows[i].label, line);
    }
    for (size_t i = 0; i < COUNT_OF(twins); i++) {
        struct log_record r;
        record_begin(&r, LOG_LEVEL_INFO);
        report_address(&r, "f", view_of(twins[i].address), LOG_ADDRESSES_HASH, twins[i].key);
        record_end(&r);
        assert_true(hear(fd, true, line));
        (void)snprintf(hash[i], sizeof hash[i], "%.60s", line);
    }
    assert_string_equal(hash[0], hash[1]);
    assert_string_not_equal(hash[0], hash[2]);
    assert_string_not_equal(hash[0], hash[3]);
    log_close();
    (void)close(fd);
    assert_int_equal(failures, 0);
}

/* However much a record holds, it is one line of bounded length, and whole. */
static void test_long_records(void **state)
{
    (void)state;
    static char much[20000];
    char line[4096];
    int fd = syslog_listen(), failures = 0;
    for (int i = 0; i < 6; i++) {
        bool json = i % 2 == 1;
        struct log_record r;
        memset(much, i < 2 ? 'a' : i < 4 ? '\n' : '"', sizeof much - 1);
        syslog_start(json ? LOG_FORM_JSON : LOG_FORM_TEXT);
        record_begin(&r, LOG_LEVEL_INFO);
        record_text(&r, "qid", VIEW("Q"));
        record_text(&r, "long", (struct view){much, sizeof much});
        for (int k = 0; k < 400; k++)
            record_count(&r, "n", 12345678);
        record_end(&r);
        assert_true(hear(fd, true, line));
        size_t n = strlen(line);
        failures += row_check(n > 2000 && n <= LOG_LINE_MAX, "length", line);
        failures +=
            row_check(strstr(line, json ? "\"qid\":\"Q\",\"long\":\"" : "qid=Q long=") != NULL,
                      "the first ones", line);
        failures +=
            row_check(strcmp(line + n - (json ? 12 : 8), json ? ",\"cut\":true}" : " cut=yes") == 0,
                      "says that it is cut", line);
        log_line(LOG_LEVEL_INFO, "%s", much);
        assert_true(hear(fd, true, line));
        n = strlen(line);
        failures +=
            row_check(n <= LOG_LINE_MAX && (!json || line[n - 1] == '}'), "a long line", line);
    }
    log_close();
    (void)close(fd);
    assert_int_equal(failures, 0);
}

static void test_repetitions(void **state)
{
    (void)state;
    char line[4096];
    int fd = syslog_listen();
    uint64_t before, repeated, refused;
    log_dropped(&before, &refused);
    syslog_start(LOG_FORM_TEXT);
    for (int i = 0; i < 100; i++) {
        log_limited(LOG_LEVEL_WARNING, "cannot do %d", i);
        log_line(LOG_LEVEL_INFO, "ordinary %d", i);
        char want[64];
        if (i < 5) {
            (void)snprintf(want, sizeof want, "cannot do %d", i);
            assert_true(hear(fd, true, line));
            assert_string_equal(line, want);
        }
        (void)snprintf(want, sizeof want, "ordinary %d", i);
        assert_true(hear(fd, true, line));
        assert_string_equal(line, want);
    }
    /* Another kind is not held back for it. */
    log_limited(LOG_LEVEL_ERROR, "something else");
    assert_true(hear(fd, true, line));
    assert_string_equal(line, "something else");
    log_dropped(&repeated, &refused);
    assert_int_equal(repeated - before, 95);
    log_close();
    assert_true(hear(fd, true, line));
    assert_string_equal(line, "suppressed 95 more like: cannot do 99");
    assert_false(hear(fd, false, line));
    (void)close(fd);
}

static void *close_log(void *unused)
{
    log_close();
    return unused;
}

/* More kinds than there is room for: nothing is lost without being said. */
static void test_many_kinds(void **state)
{
    (void)state;
    static const char *const formats[] = {
        "a%d", "b%d", "c%d", "d%d", "e%d", "f%d", "g%d", "h%d", "i%d", "j%d",
        "k%d", "l%d", "m%d", "n%d", "o%d", "p%d", "q%d", "r%d", "s%d", "t%d",
    };
    char line[4096];
    int fd = syslog_listen();
    unsigned said = 0, suppressed = 0;
    syslog_start(LOG_FORM_TEXT);
    for (size_t f = 0; f < COUNT_OF(formats); f++)
        for (int i = 0; i < 9; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            log_limited(LOG_LEVEL_WARNING, formats[f], i);
#pragma GCC diagnostic pop
            while (hear(fd, false, line)) {
                unsigned n = 0;
                if (sscanf(line, "suppressed %u more", &n) == 1)
                    suppressed += n;
                else
                    said++;
            }
        }
    /* The kernel queues ten lines only: somebody must read. */
    pthread_t closer;
    assert_int_equal(pthread_create(&closer, NULL, close_log, NULL), 0);
    while (suppressed < COUNT_OF(formats) * 4 && hear(fd, true, line)) {
        unsigned n = 0;
        assert_int_equal(sscanf(line, "suppressed %u more", &n), 1);
        suppressed += n;
    }
    assert_int_equal(pthread_join(closer, NULL), 0);
    assert_int_equal(said, COUNT_OF(formats) * 5);
    assert_int_equal(suppressed, COUNT_OF(formats) * 4);
    (void)close(fd);
}

/* A syslog that hangs: it is alive, and reads nothing. */
static void test_hanging_syslog(void **state)
{
    (void)state;
    enum { LINES = 5000 };
    char line[4096];
    int fd = syslog_listen();
    uint64_t repeated, before, refused, lost = 0;
    unsigned heard = 0;
    log_dropped(&repeated, &before);
    syslog_start(LOG_FORM_TEXT);
    double began = seconds();
    for (int i = 0; i < LINES; i++)
        log_line(LOG_LEVEL_INFO, "line %d", i);
    double took = seconds() - began;
    log_dropped(&repeated, &refused);
    assert_true(refused - before > 0);
    assert_true(took < 20); /* syslog(3) would never come here */
    while (hear(fd, false, line))
        heard++;
    assert_int_equal(heard + (refused - before), LINES);
    /* Awake again: the next line, and how many are missing. */
    log_line(LOG_LEVEL_INFO, "again");
    assert_true(hear(fd, true, line));
    assert_string_equal(line, "again");
    assert_true(hear(fd, true, line));
    assert_int_equal(sscanf(line, "%lu log lines were lost", &lost), 1);
    assert_int_equal(lost, refused - before);
    log_close();
    (void)close(fd);
}

/* No syslog at all, then one, then a new one in its place. */
static void test_coming_and_going(void **state)
{
    (void)state;
    char line[4096];
    (void)unlink(path);
    syslog_start(LOG_FORM_TEXT);
    double began = seconds();
    for (int i = 0; i < 1000; i++)
        log_line(LOG_LEVEL_INFO, "to nobody");
    assert_true(seconds() - began < 20);
    int fd = syslog_listen();
    bool heard = false;
    for (int i = 0; i < 100 && !heard; i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
        log_line(LOG_LEVEL_INFO, "found");
        heard = hear(fd, false, line);
    }
    assert_true(heard);
    assert_string_equal(line, "found");
    while (hear(fd, false, line))
        ;
    (void)close(fd);
    fd = syslog_listen();
    log_line(LOG_LEVEL_INFO, "to the new one");
    assert_true(hear(fd, true, line));
    assert_string_equal(line, "to the new one");
    log_close();
    (void)close(fd);
}

static void *log_some(void *arg)
{
    for (int i = 0; i < 500; i++) {
        log_line(LOG_LEVEL_INFO, "%s %d", (const char *)arg, i);
        log_limited(LOG_LEVEL_INFO, "limited %d", i);
    }
    return NULL;
}

/* Threads, and a stderr that is a full pipe: nobody waits for good. */
static void test_full_pipe(void **state)
{
    (void)state;
    int fds[2], status = -1;
    uint64_t before, repeated, refused;
    log_dropped(&before, &refused);
    assert_int_equal(pipe(fds), 0);
    double began = seconds();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        pthread_t threads[4];
        (void)dup2(fds[1], STDERR_FILENO);
        log_open(LOG_TARGET_STDERR, "prog", false);
        for (int i = 0; i < 4; i++)
            if (pthread_create(&threads[i], NULL, log_some, folder) != 0)
                _exit(2);
        for (int i = 0; i < 4; i++)
            (void)pthread_join(threads[i], NULL);
        log_dropped(&repeated, &refused);
        _exit(refused > 0 && repeated - before == 4 * 500 - 5 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(seconds() - began < 60);
    /* What is in the pipe are whole lines. */
    char bytes[4097];
    ssize_t n = read(fds[0], bytes, sizeof bytes - 1);
    assert_true(n > 0);
    bytes[n] = '\0';
    for (char *line = bytes, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
        assert_memory_equal(line, "prog: ", 6);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame),          cmocka_unit_test(test_records),
        cmocka_unit_test(test_addresses),      cmocka_unit_test(test_long_records),
        cmocka_unit_test(test_repetitions),    cmocka_unit_test(test_many_kinds),
        cmocka_unit_test(test_hanging_syslog), cmocka_unit_test(test_coming_and_going),
        cmocka_unit_test(test_full_pipe),
    };
    (void)snprintf(folder, sizeof folder, "/tmp/test-log.XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 99;
    (void)snprintf(path, sizeof path, "%s/log", folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(path);
    (void)rmdir(folder);
    return failed;
}
