/* Alerts: who is told, in which words, by which way; and that no message waits for it. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "mta/engine.h"
#include "mta/fake-scanner.h"
#include "mta/mta.h"
#include "policy/fake-rule.h"
#include "policy/load.h"
#include "test.h"

#define SOCKET  "test-alert.sock"
#define PROGRAM "test-alert.prog"
#define WRITTEN "test-alert.out"

static char here[2048];

/* A mail server that takes one connection after another. */
static struct server {
    int fd;
    pthread_t thread;
    const char *answers[6]; /* greeting, HELO, MAIL, RCPT, DATA, end; NULL: silence */
    char seen[1 << 18];     /* all that was said to it */
    size_t n;
    atomic_int mails;
} server;

static bool line_read(FILE *f)
{
    char *at = server.seen + server.n;
    if (fgets(at, (int)(sizeof server.seen - server.n), f) == NULL)
        return false;
    server.n += strlen(at);
    return true;
}

static void serve_one(int fd)
{
    FILE *f = fdopen(fd, "r+");
    assert_non_null(f);
    for (int step = 0; step < 6; step++) {
        bool more = true;
        if (server.answers[step] == NULL) {
            while (line_read(f))
                ;
            break;
        }
        if (step > 0 && step < 5)
            more = line_read(f);
        for (const char *at = ""; step == 5 && more && strcmp(at, ".\r\n") != 0;) {
            at = server.seen + server.n;
            more = line_read(f);
        }
        if (!more)
            break;
        (void)fseek(f, 0, SEEK_CUR);
        if (fprintf(f, "%s\r\n", server.answers[step]) < 0 || fflush(f) != 0)
            break;
        if (server.answers[step][0] > '3')
            break;
        if (step == 5)
            atomic_fetch_add(&server.mails, 1);
        while (step == 5 && line_read(f))
            ;
    }
    (void)fclose(f);
}

static void *serve(void *unused)
{
    int fd;
    while ((fd = accept(server.fd, NULL, NULL)) >= 0)
        serve_one(fd);
    return unused;
}

static void server_start(const char *const answers[6])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET};
    server.n = 0;
    server.seen[0] = '\0';
    atomic_store(&server.mails, 0);
    memcpy(server.answers, answers, sizeof server.answers);
    (void)unlink(SOCKET);
    server.fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(server.fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server.fd, 64), 0);
    assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
}

static void server_stop(void)
{
    (void)shutdown(server.fd, SHUT_RDWR);
    (void)pthread_join(server.thread, NULL);
    (void)close(server.fd);
    (void)unlink(SOCKET);
}

static const char *const good[6] = {"220-mx\r\n220 hello", "250 hello", "250 ok", "250 ok",
                                    "354 go on",           "250 taken"};

static bool op_insert(void *mta, int index, const char *name, const char *value)
{
    (void)mta;
    (void)index;
    (void)name;
    (void)value;
    return true;
}

static atomic_int deleted;

static bool op_change(void *mta, int index, const char *name, const char *value)
{
    (void)mta;
    (void)index;
    if (value == NULL && strcmp(name, HEADER_ALERT_NAME) == 0)
        atomic_fetch_add(&deleted, 1);
    return true;
}

static bool op_hold(void *mta, const char *reason)
{
    (void)mta;
    (void)reason;
    return true;
}

static const struct mta_ops ops = {
    .header_insert = op_insert, .header_change = op_change, .quarantine = op_hold};

static int setup(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    (void)unlink(PROGRAM);
    (void)unlink(WRITTEN);
    return fake.scanners == 0 && fake_rulesets == 0 ? 0 : -1;
}

/* more: of the group; others: outside of it. */
static struct engine *engine_with(const char *via, const char *more, const char *others)
{
    char conf[8192];
    struct policy *p = NULL;
    struct engine *e = NULL;
    int n = snprintf(conf, sizeof conf,
                     "alert = { address = \"duty@a.test\"; via = \"%s\"; timeout = 4; %s };\n%s",
                     via, more, others);
    char *said = load(conf, (size_t)n, &p);
    assert_string_equal(said, "");
    free(said);
    assert_int_equal(engine_new(p, 1, &e), STATUS_OK);
    policy_unref(&p);
    return e;
}

static const char *unix_via(void)
{
    static char text[2100];
    (void)snprintf(text, sizeof text, "unix:%s/" SOCKET, here);
    return text;
}

static void judge(struct session *s, uint32_t class_index, const char *a, const char *b)
{
    fake.verdict = (struct verdict){
        .flagged = class_index != CLASS_NONE, .score = 8.25, .class_index = class_index};
    session_mail(s, "<killer@sender.test>", false);
    (void)session_rcpt(s, a, false);
    if (b != NULL)
        (void)session_rcpt(s, b, false);
    session_header(s, "Subject", " SECRETWORD");
    session_header(s, "From", " \"SECRETWORD\" <killer@sender.test>");
    session_eoh(s);
    (void)session_body(s, VIEW("SECRETWORD\r\n"));
    assert_int_equal(session_eom(s, "4F\r\nX-2Xq1<>", &ops, NULL), SESSION_CONTINUE);
}

static uint64_t counted(struct engine *e, enum metric which)
{
    return metrics_get(engine_metrics(e), which);
}

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Who is told of what. */
static void test_who(void **state)
{
    (void)state;
    static const char none[] = "policies = ( { match = [ \"@quiet.test\" ]; alert = false; } );";
    static const struct {
        const char *label, *a, *b;
        uint32_t class_index;
        double violence;
        int want;
    } rows[] = {
        {"a threat to life", "<a@x.test>", NULL, FAKE_VIOLENCE, 8, 1},
        {"two recipients, one alert", "<a@x.test>", "<b@x.test>", FAKE_VIOLENCE, 8, 1},
        {"another class", "<a@x.test>", NULL, 0, 3.9, 0},
        {"another class, and a threat to life, too", "<a@x.test>", NULL, 0, 4.0, 1},
        {"not flagged", "<a@x.test>", NULL, CLASS_NONE, 0, 0},
        {"for the duty address alone", "<DUTY@a.test>", NULL, FAKE_VIOLENCE, 8, 0},
        {"for it and somebody else", "<duty@a.test>", "<a@x.test>", FAKE_VIOLENCE, 8, 1},
        {"who wants none", "<a@quiet.test>", NULL, FAKE_VIOLENCE, 8, 0},
        {"one of two wants none", "<a@quiet.test>", "<a@x.test>", FAKE_VIOLENCE, 8, 1},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double scores[FAKE_CLASSES] = {8.25, 0, rows[i].violence};
        server_start(good);
        struct engine *e = engine_with(unix_via(), "", none);
        struct session *s = session_new(e, true);
        fake.scores = scores;
        judge(s, rows[i].class_index, rows[i].a, rows[i].b);
        engine_alerts_end(e, 20);
        failures += row_check(counted(e, METRIC_ALERTS_SENT) == (uint64_t)rows[i].want,
                              rows[i].label, "counted");
        session_free(&s);
        engine_free(&e);
        server_stop();
        failures += row_check(atomic_load(&server.mails) == rows[i].want, rows[i].label, "mails");
    }
    assert_int_equal(failures, 0);
}

/* What it says; and on its way through us it is known for ours, and a forged one is not. */
static void test_words(void **state)
{
    (void)state;
    static const char *const want[] = {
        "HELO ",
        "\r\nMAIL FROM:<>\r\nRCPT TO:<duty@a.test>\r\nDATA\r\n",
        "\r\nSubject: Threat to life in a message, queue id 4FX-2Xq1\r\n",
        "\r\nFrom: extortion-milter <gateway@a.test>\r\nTo: <duty@a.test>\r\nDate: ",
        "\r\nAuto-Submitted: auto-generated\r\n",
        "\r\n  queue id    4FX-2Xq1\r\n",
        "\r\n  class       violence\r\n",
        "\r\n  points      8.2, from 4.0 on it counts\r\n",
        "\r\n  recipients  2\r\n",
        "\r\n.\r\nQUIT\r\n",
    };
    int failures = 0;
    server_start(good);
    struct engine *e = engine_with(unix_via(), "from = \"gateway@a.test\";", "");
    struct session *s = session_new(e, true);
    judge(s, FAKE_VIOLENCE, "<victim@x.test>", "<b@x.test>");
    for (double end = seconds() + 20; counted(e, METRIC_ALERTS_SENT) == 0 && seconds() < end;)
        (void)usleep(1000);
    server_stop(); /* now nobody writes what was seen */
    for (size_t i = 0; i < COUNT_OF(want); i++)
        failures += row_check(strstr(server.seen, want[i]) != NULL, want[i], server.seen);
    for (const char *p = server.seen; *p != '\0'; p++)
        failures += row_check((unsigned char)*p < 0x80, "ASCII", p);
    static const char *const never[] = {"SECRETWORD", "killer", "victim", "sender.test"};
    for (size_t i = 0; i < COUNT_OF(never); i++)
        failures += row_check(strstr(server.seen, never[i]) == NULL, "never", never[i]);
    assert_int_equal(failures, 0);
    /* Again, through us. */
    char *seal = strstr(server.seen, HEADER_ALERT_NAME ": ");
    char *body = strstr(server.seen, "7bit\r\n\r\n");
    char *end = strstr(server.seen, "\r\n.\r\nQUIT");
    assert_true(seal != NULL && body != NULL && end != NULL);
    char header[100];
    (void)snprintf(header, sizeof header, " %.*s", (int)strcspn(seal + 19, "\r"), seal + 19);
    body += 8;
    int runs = atomic_load(&fake.runs);
    for (int round = 0; round < 2; round++) {
        body[0] = (char)(round == 0 ? body[0] : body[0] ^ 1);
        fake.verdict = (struct verdict){.class_index = CLASS_NONE};
        atomic_store(&deleted, 0);
        session_mail(s, "<>", false);
        (void)session_rcpt(s, "<duty@a.test>", false);
        session_header(s, HEADER_ALERT_NAME, header);
        session_eoh(s);
        (void)session_body(s, (struct view){body, (size_t)(end + 2 - body)});
        assert_int_equal(session_eom(s, "Q2", &ops, NULL), SESSION_CONTINUE);
        assert_int_equal(atomic_load(&fake.runs), runs + round);
        assert_int_equal(atomic_load(&deleted), round);
    }
    engine_alerts_end(e, 20);
    assert_int_equal(counted(e, METRIC_ALERTS_SENT), 1);
    session_free(&s);
    engine_free(&e);
}

/* Each step may be refused, put off, or never answered. */
static void test_refused(void **state)
{
    (void)state;
    int failures = 0;
    for (int step = 0; step < 6; step++)
        for (int how = 0; how < 3; how++) {
            static const char *const bad[] = {"554 no", "450 later", "nonsense"};
            const char *answers[6];
            char label[64];
            memcpy(answers, good, sizeof answers);
            answers[step] = bad[how];
            (void)snprintf(label, sizeof label, "step %d: %s", step, bad[how]);
            server_start(answers);
            struct engine *e = engine_with(unix_via(), "", "");
            struct session *s = session_new(e, true);
            judge(s, FAKE_VIOLENCE, "<a@x.test>", NULL);
            engine_alerts_end(e, 20);
            failures += row_check(counted(e, METRIC_ALERTS_FAILED) == 1 &&
                                      counted(e, METRIC_ALERTS_SENT) == 0,
                                  label, "counted");
            session_free(&s);
            engine_free(&e);
            server_stop();
        }
    assert_int_equal(failures, 0);
}

/* Whatever the mail server does, messages go on; what waits is bounded. */
static void test_never_waits(void **state)
{
    (void)state;
    static const char *const silent[6] = {NULL};
    static const struct {
        const char *label;
        bool listens;
    } rows[] = {{"silent", true}, {"not there", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].listens)
            server_start(silent);
        struct engine *e = engine_with(unix_via(), "rate = 1000;", "");
        struct session *s = session_new(e, true);
        double from = seconds();
        for (int k = 0; k < 200; k++)
            judge(s, FAKE_VIOLENCE, "<a@x.test>", NULL);
        double took = seconds() - from;
        /* One is on its way, 64 wait, the others are counted at once. */
        assert_true(counted(e, METRIC_ALERTS_FAILED) >= 200 - 64 - 1);
        assert_true(took < 1.0 || counted(e, METRIC_ALERTS_SENT) == 0);
        fprintf(stderr, "# %s: 200 messages in %.3f s\n", rows[i].label, took);
        from = seconds();
        engine_alerts_end(e, 1);
        assert_true(seconds() - from < 5);
        session_free(&s);
        if (rows[i].listens)
            server_stop();
        engine_alerts_end(e, 100); /* its thread must be gone before the engine is */
        engine_free(&e);
    }
}

/* Beyond the rate one mail stands for all that came meanwhile. */
static void test_rate(void **state)
{
    (void)state;
    server_start(good);
    struct engine *e = engine_with(unix_via(), "rate = 2;", "");
    struct session *s = session_new(e, true);
    for (int k = 0; k < 7; k++)
        judge(s, FAKE_VIOLENCE, "<a@x.test>", NULL);
    engine_alerts_end(e, 20);
    server_stop(); /* it counts a mail after it has answered */
    assert_int_equal(counted(e, METRIC_ALERTS_SENT), 3);
    assert_int_equal(counted(e, METRIC_ALERTS_SUPPRESSED), 5);
    assert_int_equal(atomic_load(&server.mails), 3);
    assert_non_null(strstr(server.seen, "\r\nBefore this one came 4 more such messages"));
    session_free(&s);
    engine_free(&e);
}

static void program_write(const char *text)
{
    FILE *f = fopen(PROGRAM, "w");
    assert_non_null(f);
    assert_true(fprintf(f, "#!/bin/sh\n%s\n", text) > 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(PROGRAM, 0700), 0);
}

static void test_program(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text;
        enum metric metric;
    } rows[] = {
        {"taken", "{ echo \"$@\"; cat; } > " WRITTEN, METRIC_ALERTS_SENT},
        {"refused", "echo 'no such user' >&2; exit 67", METRIC_ALERTS_FAILED},
        {"later", "exit 75", METRIC_ALERTS_FAILED},
        {"never ends", "exec sleep 60", METRIC_ALERTS_FAILED},
        {"killed", "kill -KILL $$", METRIC_ALERTS_FAILED},
    };
    char via[2100];
    int failures = 0;
    (void)snprintf(via, sizeof via, "%s/" PROGRAM, here);
    for (size_t i = 0; i <= COUNT_OF(rows); i++) {
        (void)unlink(PROGRAM);
        if (i < COUNT_OF(rows))
            program_write(rows[i].text);
        struct engine *e = engine_with(via, "", "");
        struct session *s = session_new(e, true);
        judge(s, FAKE_VIOLENCE, "<a@x.test>", NULL);
        engine_alerts_end(e, 20);
        failures +=
            row_check(counted(e, i < COUNT_OF(rows) ? rows[i].metric : METRIC_ALERTS_FAILED) == 1,
                      i < COUNT_OF(rows) ? rows[i].label : "not there", "counted");
        session_free(&s);
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
    char text[4096] = "";
    FILE *f = fopen(WRITTEN, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    static const char arguments[] =
        "-i -f <> -- duty@a.test\nFrom: extortion-milter <duty@a.test>\n";
    assert_memory_equal(text, arguments, sizeof arguments - 1);
    assert_null(strchr(text, '\r'));
}

static void test_child(void **state)
{
    (void)state;
    static char big[300000];
    memset(big, 'x', sizeof big);
    static const struct {
        const char *label, *script;
        size_t input;
        enum child_end end;
        int code;
        size_t output;
    } rows[] = {
        {"says and ends", "echo hello; echo bad >&2; exit 3", 0, CHILD_EXITED, 3, 6},
        {"much in, much out", "cat", sizeof big, CHILD_EXITED, 0, sizeof big},
        {"reads nothing", "exec <&-; exit 4", sizeof big, CHILD_EXITED, 4, 0},
        {"too much", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", 0, CHILD_LIMIT, 0, 0},
        {"too long", "sleep 60", 0, CHILD_LATE, 0, 0},
        {"says nothing more, and does not end", "exec >&- 2>&-; exec sleep 60", 0, CHILD_LATE, 0,
         0},
        {"a signal", "kill -TERM $$", 0, CHILD_KILLED, SIGTERM, 0},
        {"an empty environment", "test \"$LC_ALL$HOME\" = C && test $$ -gt 1", 0, CHILD_EXITED, 0,
         0},
#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
        {"no descriptors of ours", "ls /proc/self/fd | grep -qx '1[0-9]' && exit 9; exit 0", 0,
         CHILD_EXITED, 0, 0},
#endif
    };
    int failures = 0, spare[8];
    for (int i = 0; i < 8; i++)
        spare[i] = dup(STDERR_FILENO);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *const argv[] = {"/bin/sh", "-c", rows[i].script, NULL};
        struct buf output;
        buf_init(&output, 500000);
        struct child_outcome o = child_run(&(struct child_wish){
            .argv = argv, .input = {big, rows[i].input}, .output = &output, .seconds = 2});
        failures += row_check(o.end == rows[i].end && o.code == rows[i].code, rows[i].label, "end");
        if (rows[i].end == CHILD_EXITED)
            failures += row_check(output.n == rows[i].output, rows[i].label, "output");
        buf_fini(&output);
    }
    for (int i = 0; i < 8; i++)
        (void)close(spare[i]);
    const char *const nothing[] = {"/nonexistent/program", NULL};
    struct child_outcome o = child_run(&(struct child_wish){.argv = nothing, .seconds = 2});
    assert_true(o.end == CHILD_FAILED && o.code == ENOENT);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_never_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rate, setup, teardown),
        cmocka_unit_test_setup_teardown(test_program, setup, teardown),
        cmocka_unit_test_setup_teardown(test_child, setup, teardown),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    if (getcwd(here, sizeof here) == NULL)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
