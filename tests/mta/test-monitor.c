/* Whoever asks how the daemon is: HTTP as it is read, and the server among clients good and bad. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "mta/engine.h"
#include "mta/fake-scanner.h"
#include "mta/http.h"
#include "policy/fake-rule.h"
#include "test.h"

static const struct {
    const char *label;
    struct view in;
    enum http_read want;
    enum http_method method;
    const char *path;
    bool openmetrics;
} requests[] = {
    {"curl", VIEW_LITERAL("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"), HTTP_COMPLETE,
     HTTP_GET, "/metrics", false},
    {"Prometheus",
     VIEW_LITERAL(
         "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9797\r\nUser-Agent: Prometheus/2.42.0\r\n"
         "Accept: application/openmetrics-text;version=1.0.0,"
         "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;q=0.5\r\n"
         "Accept-Encoding: gzip\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n"),
     HTTP_COMPLETE, HTTP_GET, "/metrics", true},
    {"the field's case does not matter",
     VIEW_LITERAL("GET / HTTP/1.1\r\naCCept: Application/OpenMetrics-Text\r\n\r\n"), HTTP_COMPLETE,
     HTTP_GET, "/", true},
    {"another field does not count",
     VIEW_LITERAL("GET / HTTP/1.1\r\nX-Accept: application/openmetrics-text\r\n\r\n"),
     HTTP_COMPLETE, HTTP_GET, "/", false},
    {"HTTP/1.0, LF only, no fields", VIEW_LITERAL("GET /health HTTP/1.0\n\n"), HTTP_COMPLETE,
     HTTP_GET, "/health", false},
    {"HEAD", VIEW_LITERAL("HEAD /metrics HTTP/1.1\r\n\r\n"), HTTP_COMPLETE, HTTP_HEAD, "/metrics",
     false},
    {"POST", VIEW_LITERAL("POST /metrics HTTP/1.1\r\nContent-Length: 9\r\n\r\n"), HTTP_COMPLETE,
     HTTP_OTHER, "/metrics", false},
    {"methods have a case", VIEW_LITERAL("get / HTTP/1.1\r\n\r\n"), HTTP_COMPLETE, HTTP_OTHER, "/",
     false},
    {"a query is left out", VIEW_LITERAL("GET /metrics?name=a b HTTP/1.1\r\n\r\n"), HTTP_BAD, 0,
     NULL, false},
    {"a query without space", VIEW_LITERAL("GET /metrics?name[]=a HTTP/1.1\r\n\r\n"), HTTP_COMPLETE,
     HTTP_GET, "/metrics", false},
    {"what follows is not looked at", VIEW_LITERAL("GET / HTTP/1.1\r\n\r\n\0\1garbage"),
     HTTP_COMPLETE, HTTP_GET, "/", false},
    {"nothing yet", VIEW_LITERAL(""), HTTP_MORE, 0, NULL, false},
    {"a part of the first line", VIEW_LITERAL("GET /met"), HTTP_MORE, 0, NULL, false},
    {"all but the last byte", VIEW_LITERAL("GET / HTTP/1.1\r\nHost: x\r\n\r"), HTTP_MORE, 0, NULL,
     false},
    {"an empty first line", VIEW_LITERAL("\r\nGET / HTTP/1.1\r\n\r\n"), HTTP_BAD, 0, NULL, false},
    {"no version", VIEW_LITERAL("GET /\r\n\r\n"), HTTP_BAD, 0, NULL, false},
    {"HTTP/2", VIEW_LITERAL("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), HTTP_BAD, 0, NULL, false},
    {"an absolute target", VIEW_LITERAL("GET http://x/ HTTP/1.1\r\n\r\n"), HTTP_BAD, 0, NULL,
     false},
    {"a version too long", VIEW_LITERAL("GET / HTTP/1.11\r\n\r\n"), HTTP_BAD, 0, NULL, false},
    {"a NUL", VIEW_LITERAL("GET /\0 HTTP/1.1\r\n\r\n"), HTTP_BAD, 0, NULL, false},
    {"a NUL in the first bytes", VIEW_LITERAL("\0\0\0\15O\0\0\0\6"), HTTP_BAD, 0, NULL, false},
    {"TLS", VIEW_LITERAL("\x16\x03\x01\x02"), HTTP_BAD, 0, NULL, false},
    {"a CR inside a line", VIEW_LITERAL("GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n"), HTTP_BAD, 0, NULL,
     false},
    {"a field without colon", VIEW_LITERAL("GET / HTTP/1.1\r\nHost\r\n\r\n"), HTTP_BAD, 0, NULL,
     false},
    {"a space before the colon", VIEW_LITERAL("GET / HTTP/1.1\r\nHost : x\r\n\r\n"), HTTP_BAD, 0,
     NULL, false},
    {"a folded field", VIEW_LITERAL("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"), HTTP_BAD, 0, NULL,
     false},
    {"a field without name", VIEW_LITERAL("GET / HTTP/1.1\r\n: x\r\n\r\n"), HTTP_BAD, 0, NULL,
     false},
};

static void test_requests(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        const char *label = requests[i].label;
        struct http_request r;
        enum http_read got = http_request_read(requests[i].in, &r);
        failures += row_check(got == requests[i].want, label, "what it is");
        if (got != HTTP_COMPLETE || requests[i].path == NULL)
            continue;
        failures += row_check(r.method == requests[i].method, label, "method");
        failures += row_check(r.openmetrics == requests[i].openmetrics, label, "OpenMetrics");
        failures += row_view(r.path, view_of(requests[i].path), label, "path");
        /* Whatever comes in pieces is the same; no beginning of it is bad. */
        bool complete = false;
        for (size_t n = 0; n <= requests[i].in.n; n++) {
            got = http_request_read(view_sub(requests[i].in, 0, n), &r);
            complete = complete || got == HTTP_COMPLETE;
            failures += row_check(got == (complete ? HTTP_COMPLETE : HTTP_MORE), label, "a part");
        }
    }
    assert_int_equal(failures, 0);
}

/* The server, on a unix socket and a file in a folder of its own */

static struct {
    struct engine *engine;
    struct monitor *monitor;
    char folder[64], socket[96], listen[112], file[96];
} server;

static void server_start(void)
{
    struct policy *p = NULL;
    struct diags diags;
    diags_init(&diags);
    assert_int_equal(policy_load(NULL, NULL, 0, &diags, &p), STATUS_OK);
    assert_int_equal(engine_new(p, 1, &server.engine), STATUS_OK);
    policy_unref(&p);
    diags_fini(&diags);
    (void)snprintf(server.folder, sizeof server.folder, "/tmp/test-monitor.XXXXXX");
    assert_non_null(mkdtemp(server.folder));
    (void)snprintf(server.socket, sizeof server.socket, "%s/socket", server.folder);
    (void)snprintf(server.listen, sizeof server.listen, "unix:%s", server.socket);
    (void)snprintf(server.file, sizeof server.file, "%s/em.prom", server.folder);
    const struct monitor_options options = {
        .listen = server.listen, .mode = 0600, .file = server.file, .interval = 1};
    assert_true(monitor_start(server.engine, &options, &server.monitor));
}

static int client_open(void)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = 60};
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", server.socket);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void client_say(int fd, struct view bytes)
{
    if (bytes.n > 0)
        (void)send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
}

/* All until the end. */
static size_t client_hear(int fd, struct buf *out)
{
    char bytes[4096];
    ssize_t n;
    buf_init(out, 8 << 20);
    while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
        assert_int_equal(buf_add(out, (struct view){bytes, (size_t)n}), STATUS_OK);
    (void)close(fd);
    return out->n;
}

static bool answers(struct view request, const char *first_line, const char *inside)
{
    struct buf out;
    int fd = client_open();
    client_say(fd, request);
    (void)client_hear(fd, &out);
    struct view v = buf_view(&out);
    bool good = view_starts_nocase(v, view_of(first_line)) && view_find(v, view_of(inside)) < v.n;
    if (!good)
        fprintf(stderr, "# got: %.*s\n", (int)(v.n < 300 ? v.n : 300), v.p != NULL ? v.p : "");
    buf_fini(&out);
    return good;
}

#define GET(path) VIEW("GET " path " HTTP/1.1\r\nHost: x\r\n\r\n")
#define GET_OM(path)                                                                               \
    VIEW("GET " path " HTTP/1.1\r\nAccept: application/openmetrics-text;version=1.0.0\r\n\r\n")

static void test_answers(void **state)
{
    (void)state;
    const struct {
        const char *label;
        struct view request;
        const char *first, *inside;
    } rows[] = {
        {"plain metrics", GET("/metrics"), "HTTP/1.1 200 OK\r\n",
         "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"},
        {"with samples", GET("/metrics"), "HTTP/1.1 200 OK\r\n",
         "\nextortion_milter_config_generation 1\n"},
        {"OpenMetrics", GET_OM("/metrics"), "HTTP/1.1 200 OK\r\n",
         "\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"},
        {"with its end", GET_OM("/metrics"), "HTTP/1.1 200 OK\r\n", "\n# EOF\n"},
        {"health", GET("/health"), "HTTP/1.1 200 OK\r\n", "\r\n\r\nok\n"},
        {"status", GET("/status"), "HTTP/1.1 200 OK\r\n", "\"reload\":{\"last\":\"none\""},
        {"HEAD has no body", VIEW("HEAD /health HTTP/1.1\r\n\r\n"), "HTTP/1.1 200 OK\r\n",
         "\r\nContent-Length: 3\r\n"},
        {"not found", GET("/"), "HTTP/1.1 404 Not Found\r\n", "/metrics"},
        {"a path with dots", GET("/../etc/passwd"), "HTTP/1.1 404 Not Found\r\n", "/metrics"},
        {"another method", VIEW("DELETE /metrics HTTP/1.1\r\n\r\n"),
         "HTTP/1.1 405 Method Not Allowed\r\n", "\r\nAllow: GET, HEAD\r\n"},
        {"no HTTP", VIEW("EHLO x\r\n"), "HTTP/1.1 400 Bad Request\r\n", "HTTP/1"},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failures += row_check(answers(rows[i].request, rows[i].first, rows[i].inside),
                              rows[i].label, "answer");
    assert_int_equal(failures, 0);
}

static void test_long_request(void **state)
{
    (void)state;
    struct buf out;
    char field[1000];
    int fd = client_open();
    memset(field, 'x', sizeof field);
    client_say(fd, VIEW("GET /metrics HTTP/1.1\r\nX: "));
    for (int i = 0; i < 9; i++)
        client_say(fd, (struct view){field, sizeof field});
    (void)client_hear(fd, &out);
    assert_true(view_starts_nocase(buf_view(&out), VIEW("HTTP/1.1 431 ")));
    buf_fini(&out);
}

/* Nobody who is slow, silent, deaf or mad keeps the others waiting. */
static void test_bad_clients(void **state)
{
    (void)state;
    enum { SLOW = 40 };
    int slow[SLOW];
    for (int i = 0; i < SLOW; i++) {
        slow[i] = client_open();
        client_say(slow[i], i % 2 == 0 ? VIEW("GET /metr") : VIEW(""));
        assert_true(answers(GET("/health"), "HTTP/1.1 200 OK\r\n", "ok"));
    }
    for (int i = 0; i < SLOW; i++)
        (void)close(slow[i]);
    for (int i = 0; i < 200; i++) { /* gone before the answer */
        int fd = client_open();
        client_say(fd, GET("/metrics"));
        (void)close(fd);
    }
    /* A client that does not read what it asked for, and one that never stops talking. */
    int deaf = client_open(), mad = client_open();
    for (int i = 0; i < 20; i++)
        client_say(deaf, GET("/metrics"));
    client_say(mad, GET("/metrics"));
    struct timespec began, now;
    (void)clock_gettime(CLOCK_MONOTONIC, &began);
    char junk[4096] = {0};
    for (int i = 0; i < 100; i++)
        if (send(mad, junk, sizeof junk, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN)
            break;
    assert_true(answers(GET("/metrics"), "HTTP/1.1 200 OK\r\n", "extortion_milter_sessions"));
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    assert_true(now.tv_sec - began.tv_sec < 30);
    (void)close(deaf);
    (void)close(mad);
}

/* Whoever says nothing is sent away. */
static void test_silence_ends(void **state)
{
    (void)state;
    struct buf out;
    assert_int_equal(client_hear(client_open(), &out), 0);
    buf_fini(&out);
}

/* Byte by byte, the answer is the same. */
static void test_crumbs(void **state)
{
    (void)state;
    struct buf out;
    struct view request = GET("/health");
    int fd = client_open();
    for (size_t i = 0; i < request.n; i++)
        client_say(fd, view_sub(request, i, i + 1));
    (void)client_hear(fd, &out);
    assert_true(view_ends_nocase(buf_view(&out), VIEW("\r\n\r\nok\n")));
    buf_fini(&out);
}

static bool file_holds(const char *want)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    FILE *f = fopen(server.file, "r");
    for (int c; f != NULL && (c = getc(f)) != EOF;)
        assert_int_equal(buf_add_byte(&text, (char)c), STATUS_OK);
    if (f != NULL)
        (void)fclose(f);
    bool holds = view_find(buf_view(&text), view_of(want)) < text.n;
    buf_fini(&text);
    return holds;
}

static bool file_comes_to_hold(const char *want)
{
    for (int i = 0; i < 600 && !file_holds(want); i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    return file_holds(want);
}

static void test_file(void **state)
{
    (void)state;
    assert_true(file_comes_to_hold("\nextortion_milter_config_generation 1\n"));
    assert_false(file_holds("EOF"));
    /* A folder where the new file should be: the old one stays, is counted, and comes back. */
    char new[128];
    (void)snprintf(new, sizeof new, "%s.new", server.file);
    assert_int_equal(mkdir(new, 0700), 0);
    struct metrics *m = engine_metrics(server.engine);
    uint64_t failed = metrics_get(m, METRIC_ERRORS_METRICS_FILE);
    for (int i = 0; i < 600 && metrics_get(m, METRIC_ERRORS_METRICS_FILE) == failed; i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_true(metrics_get(m, METRIC_ERRORS_METRICS_FILE) > failed);
    assert_true(file_holds("\nextortion_milter_config_generation 1\n"));
    assert_int_equal(rmdir(new), 0);
    assert_true(file_comes_to_hold("\nextortion_milter_errors_total{type=\"metrics-file\"} "));
}

/* What the log says of a reload, status says, too. */
static void test_reload(void **state)
{
    (void)state;
    char errors[RELOAD_ERRORS_MAX + 200];
    engine_reload_note(server.engine, false, VIEW("a.conf:3: error: \"x\"\nb.conf: error: y\n"));
    assert_true(answers(GET("/status"), "HTTP/1.1 200 OK\r\n", "{\"last\":\"failed\",\"at\":\"2"));
    assert_true(answers(GET("/status"), "HTTP/1.1 200 OK\r\n",
                        "\"errors\":[\"a.conf:3: error: \\\"x\\\"\",\"b.conf: error: y\"]"));
    assert_true(answers(GET("/metrics"), "HTTP/1.1 200 OK\r\n",
                        "\nextortion_milter_config_last_reload_successful 0\n"));
    memset(errors, 'e', sizeof errors);
    engine_reload_note(server.engine, false, (struct view){errors, sizeof errors});
    assert_true(answers(GET("/status"), "HTTP/1.1 200 OK\r\n", "eeee\"]},\"metrics\""));
    engine_reload_note(server.engine, true, VIEW_NONE);
    assert_true(answers(GET("/status"), "HTTP/1.1 200 OK\r\n", "\"errors\":[]"));
    assert_true(answers(GET("/metrics"), "HTTP/1.1 200 OK\r\n",
                        "\nextortion_milter_config_generation 2\n"));
    assert_true(answers(GET("/metrics"), "HTTP/1.1 200 OK\r\n",
                        "\nextortion_milter_config_reloads_total{result=\"failure\"} 2\n"));
}

/* Where it does not listen: on what is no socket, or what somebody else serves. */
static void test_taken(void **state)
{
    (void)state;
    char listen[128], path[112];
    struct stat st;
    struct monitor *m = NULL;
    struct monitor_options options = {
        .listen = server.listen, .mode = 0600, .file = "", .interval = 1};
    assert_true(monitor_start(server.engine, &options, &m));
    assert_null(m);
    assert_true(answers(GET("/health"), "HTTP/1.1 200 OK\r\n", "ok"));
    assert_int_equal(lstat(server.socket, &st), 0);
    (void)snprintf(path, sizeof path, "%s/file", server.folder);
    (void)snprintf(listen, sizeof listen, "unix:%s", path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fputs("precious", f) >= 0 && fclose(f) == 0, true);
    options.listen = listen;
    assert_true(monitor_start(server.engine, &options, &m));
    assert_null(m);
    assert_int_equal(lstat(path, &st), 0);
    assert_true(S_ISREG(st.st_mode) && st.st_size == 8);
    (void)unlink(path);
}

/* Last: nothing is left in the folder. */
static void test_remove(void **state)
{
    (void)state;
    struct stat st;
    assert_int_equal(lstat(server.socket, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    monitor_stop(&server.monitor);
    assert_int_not_equal(lstat(server.socket, &st), 0);
    assert_int_not_equal(lstat(server.file, &st), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),     cmocka_unit_test(test_answers),
        cmocka_unit_test(test_long_request), cmocka_unit_test(test_bad_clients),
        cmocka_unit_test(test_silence_ends), cmocka_unit_test(test_crumbs),
        cmocka_unit_test(test_file),         cmocka_unit_test(test_reload),
        cmocka_unit_test(test_taken),        cmocka_unit_test(test_remove),
    };
    log_open(LOG_TARGET_SYSLOG, "test-monitor", false);
    fake_reset();
    server_start();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    engine_free(&server.engine);
    (void)rmdir(server.folder);
    return failed;
}
