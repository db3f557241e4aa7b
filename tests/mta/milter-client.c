/*
 * milter-client SOCKET-PATH [SCENARIO]: plays the MTA side of the milter protocol (version 6)
 * against a running daemon, well-behaved and hostile. After each scenario the daemon must still
 * serve an ordinary message. "ok LABEL" or "not ok LABEL" on stdout for each. SCENARIO "ordinary"
 * sends one message only, "slow" one in whose middle it says so and waits for a line on stdin,
 * "stream" one after another, ten a connection, until stdin ends; "letter" sends the message on
 * stdin as an MTA does that knows TLS, and prints the answer and the edits; "two" waits for a line
 * between two messages on one connection and says how the second was answered; "hold N" opens that
 * many connections, says how many were let in, and keeps them until stdin ends.
 *
 * PATIENCE=SECONDS is how long it waits for an answer (300): what it must never decide is whether a
 * busy machine's daemon is well.
 *
 * The daemon is expected to run with headers.clean on; the verdicts themselves do not matter here.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "mta/wire.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* Scenarios: true when it went as it should. The connection is closed by the caller. */

static bool connect_and_close(struct mta *m)
{
    return mta_open(m);
}

static bool negotiate_and_close(struct mta *m)
{
    return mta_open(m) && negotiate_with(m, 6, ACTIONS, STEPS);
}

static bool negotiates_quiet_steps(struct mta *m)
{
    return begin(m) && (m->steps & (NR_HDR | NR_MAIL | NR_RCPT | NR_EOH)) ==
                           (NR_HDR | NR_MAIL | NR_RCPT | NR_EOH);
}

static bool takes_only_what_is_offered(struct mta *m)
{
    return begin_with(m, 0x01, 0) && m->actions == 0x01 && m->steps == 0 && ordinary(m, "Q1");
}

static bool edits_with_leading_space(struct mta *m)
{
    return begin(m) && (m->steps & LEADING_SPACE) != 0 && ordinary(m, "Q1") &&
           strstr(m->edits, "X-Extortion-Flag\t no") != NULL;
}

static bool edits_without_leading_space(struct mta *m)
{
    return begin_with(m, ACTIONS, STEPS & ~(uint32_t)LEADING_SPACE) && ordinary(m, "Q1") &&
           strstr(m->edits, "X-Extortion-Flag\tno") != NULL;
}

static bool answers_every_step_when_asked(struct mta *m)
{
    return begin_with(m, ACTIONS, 0) && ordinary(m, "Q1") && ordinary(m, "Q2");
}

static bool version_2(struct mta *m)
{
    return mta_open(m) && negotiate_with(m, 2, 0x3F, 0x7F) && envelope(m) && ordinary(m, "Q1");
}

static bool version_99(struct mta *m)
{
    return mta_open(m) && negotiate_with(m, 99, ACTIONS, STEPS) && envelope(m) && ordinary(m, "Q1");
}

static bool version_1_is_refused(struct mta *m)
{
    return mta_open(m) && !negotiate_with(m, 1, ACTIONS, STEPS);
}

static bool short_negotiation_is_refused(struct mta *m)
{
    char data[REPLY_MAX];
    size_t n;
    return mta_open(m) && command(m, 'O', "\0\0\0\6", 4) && packet(m, data, &n) == 0;
}

static bool mail_without_negotiation(struct mta *m)
{
    return mta_open(m) && command(m, 'M', "<x>\0", 4) && command(m, 'E', "", 0);
}

static bool length_zero(struct mta *m)
{
    return mta_open(m) && negotiate_with(m, 6, ACTIONS, STEPS) && raw(m, "\0\0\0\0X", 5);
}

static bool length_huge(struct mta *m)
{
    return begin(m) && raw(m, "\xff\xff\xff\xffX", 5) && reply(m) == 0;
}

static bool header_of_60_kb(struct mta *m)
{
    static char value[60000];
    memset(value, 'a', sizeof value - 1);
    return begin(m) && mail(m, "Q1") && header(m, "X-Big", value) && end(m, "y") == 'c';
}

static bool header_without_nul(struct mta *m)
{
    return begin(m) && mail(m, "Q1") && command(m, 'L', "Subject", 7);
}

static bool header_without_value(struct mta *m)
{
    return begin(m) && mail(m, "Q1") && command(m, 'L', "Subject\0", 8);
}

static bool header_without_name(struct mta *m)
{
    return begin(m) && mail(m, "Q1") && command(m, 'L', "\0value\0", 7);
}

static bool macro_with_half_a_pair(struct mta *m)
{
    return begin(m) && command(m, 'D', "Mi\0", 3) && ordinary(m, "Q1");
}

static bool macro_empty(struct mta *m)
{
    return begin(m) && command(m, 'D', "M", 1) && ordinary(m, "Q1");
}

static bool body_before_mail(struct mta *m)
{
    return mta_open(m) && negotiate_with(m, 6, ACTIONS, STEPS) && command(m, 'B', "x", 1);
}

static bool end_without_mail(struct mta *m)
{
    return mta_open(m) && negotiate_with(m, 6, ACTIONS, STEPS) && command(m, 'E', "", 0);
}

static bool mail_twice(struct mta *m)
{
    return begin(m) && mail(m, "Q1") && ordinary(m, "Q2");
}

static bool helo_in_a_message(struct mta *m)
{
    return begin(m) && mail(m, "Q1") && STEP(m, 'H', "again.test\0", NR_HELO) && ordinary(m, "Q2");
}

static bool unknown_command(struct mta *m)
{
    return begin(m) && command(m, 'z', "x", 1);
}

static bool client_address(struct mta *m, const char *data, size_t n)
{
    return mta_open(m) && negotiate_with(m, 6, ACTIONS, STEPS) && command(m, 'C', data, n);
}

static bool client_on_a_unix_socket(struct mta *m)
{
    static const char data[] = "localhost\0L\0\0/tmp/x";
    return client_address(m, data, sizeof data) && STEP(m, 'H', "x\0", NR_HELO) &&
           ordinary(m, "Q1");
}

static bool client_unknown(struct mta *m)
{
    return client_address(m, "localhost\0U", 11) && ordinary(m, "Q1");
}

static bool client_with_a_bad_address(struct mta *m)
{
    static const char data[] = "x\0004\0\000999.1.1.1";
    return client_address(m, data, sizeof data);
}

static bool client_over_ipv6(struct mta *m)
{
    static const char data[] = "x\0006\0\0012001:db8::1";
    return client_address(m, data, sizeof data) && ordinary(m, "Q1");
}

static bool abort_and_reuse(struct mta *m)
{
    return begin(m) && mail(m, "Q1") && header(m, "X-Extortion-Flag", " no") &&
           command(m, 'A', "", 0) && command(m, 'A', "", 0) && ordinary(m, "Q2") &&
           strncmp(m->edits, "m", 1) != 0;
}

static bool quit_and_new_connection(struct mta *m)
{
    return begin(m) && ordinary(m, "Q1") && command(m, 'K', "", 0) && envelope(m) &&
           ordinary(m, "Q2");
}

static bool drop_in_a_packet(struct mta *m)
{
    return begin(m) && mail(m, "Q1") && raw(m, "\0\0\0\x10Lab", 7);
}

static bool drop_before_the_edits(struct mta *m)
{
    return begin(m) && mail(m, "Q1") && STEP(m, 'N', "", NR_EOH) && command(m, 'E', "", 0);
}

static bool slow_bytes(struct mta *m)
{
    static const char packet_bytes[] = "\0\0\0\x0cLSubject\0 x";
    if (!begin(m) || !mail(m, "Q1"))
        return false;
    for (size_t i = 0; i < sizeof packet_bytes; i++) {
        if (!raw(m, packet_bytes + i, 1))
            return false;
        (void)nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    return end(m, "y") == 'c';
}

static bool hundred_messages(struct mta *m)
{
    bool good = begin(m);
    for (int i = 0; good && i < 100; i++)
        good = ordinary(m, "Q1");
    return good;
}

static bool forged_headers(struct mta *m)
{
    if (!begin(m) || !mail(m, "Q1"))
        return false;
    for (int i = 0; i < 3; i++)
        if (!header(m, i == 1 ? "x-extortion-FLAG" : "X-Extortion-Flag", " no"))
            return false;
    if (end(m, "y") != 'c')
        return false;
    /* Code m: change header; four bytes of index, name, empty value. Highest index first. */
    static const char want[] = "m\t\t\t\t\x03X-Extortion-Flag\t\t\n"
                               "m\t\t\t\t\x02X-Extortion-Flag\t\t\n"
                               "m\t\t\t\t\x01X-Extortion-Flag\t\t\n"
                               "i\t";
    return strncmp(m->edits, want, sizeof want - 1) == 0;
}

static bool body_of_10_mb(struct mta *m)
{
    static char chunk[65535];
    bool skipped = false;
    memset(chunk, 'x', sizeof chunk);
    if (!begin(m) || !mail(m, "Q1") || !STEP(m, 'N', "", NR_EOH))
        return false;
    for (int i = 0; i < 160 && !skipped; i++) {
        if (!command(m, 'B', chunk, sizeof chunk))
            return false;
        char code = reply(m);
        skipped = code == 's';
        if (code != 'c' && code != 's')
            return false;
    }
    m->n_edits = 0;
    return skipped && command(m, 'E', "", 0) && reply(m) == 'c' &&
           strstr(m->edits, "incomplete") != NULL;
}

static bool many_headers(struct mta *m)
{
    bool good = begin(m) && mail(m, "Q1");
    for (int i = 0; good && i < 6000; i++)
        good = header(m, "X-Filler", " value");
    return good && end(m, "y") == 'c';
}

static bool many_recipients(struct mta *m)
{
    bool good = begin(m) && mail(m, "Q1");
    for (int i = 0; good && i < 5000; i++)
        good = STEP(m, 'R', "<someone-with-a-rather-long-name@example.test>\0", NR_RCPT);
    return good && end(m, "y") == 'c';
}

static bool many_connections(struct mta *m)
{
    static struct mta all[200];
    static char body[50001];
    bool good = true;
    for (size_t i = 0; i < sizeof body - 1; i++)
        body[i] = i % 70 == 69 ? '\n' : i % 7 == 6 ? ' ' : (char)('a' + i % 26);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        good = begin(&all[i]) && mail(&all[i], "Q1") && header(&all[i], "Subject", " x") && good;
    for (size_t i = 0; i < COUNT_OF(all); i++)
        good = good && STEP(&all[i], 'N', "", NR_EOH) &&
               step(&all[i], 'B', body, sizeof body - 1, NR_BODY);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        good = good && command(&all[i], 'E', "", 0) && reply(&all[i]) == 'c';
    for (size_t i = 0; i < COUNT_OF(all); i++)
        mta_close(&all[i]);
    return good && begin(m) && ordinary(m, "Q2");
}

static bool slow_message(struct mta *m)
{
    /* With an answer to MAIL, so that the daemon has it before we say so. */
    bool good = begin_with(m, ACTIONS, STEPS & ~(uint32_t)NR_MAIL) && mail(m, "Q1") &&
                header(m, "Subject", " x");
    (void)printf("in the message\n");
    char line[16];
    good = fgets(line, sizeof line, stdin) != NULL && good;
    return good && end(m, "y\r\n") == 'c' && strstr(m->edits, "X-Extortion-Flag") != NULL;
}

static bool stdin_ended(void)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&in, 1, 0) != 0;
}

static bool stream(void)
{
    size_t sent = 0, failed = 0;
    while (!stdin_ended()) {
        struct mta m;
        bool good = begin(&m);
        for (int i = 0; i < 10; i++) {
            good = good && ordinary(&m, "STREAM");
            sent++;
            failed += !good;
        }
        mta_close(&m);
    }
    (void)printf("%zu messages, %zu not answered as they should be\n", sent, failed);
    return sent > 0 && failed == 0;
}

static void line_wait(void)
{
    char line[16];
    (void)fgets(line, sizeof line, stdin);
}

static bool two_messages(void)
{
    struct mta m;
    char code = 0;
    if (begin(&m) && ordinary(&m, "FIRST")) {
        (void)printf("one was answered\n");
        line_wait();
        if (mail(&m, "SECOND") && header(&m, "Subject", " hello"))
            code = end(&m, "hi\r\n");
        (void)printf("the second: %c %s\n", code != 0 ? code : '-', m.text);
    }
    mta_close(&m);
    return code != 0;
}

enum { HOLD_MAX = 10000 };

static bool hold(const char *text)
{
    static struct mta held[HOLD_MAX];
    long most = strtol(text, NULL, 10), n = 0, in = 0, later = 0, closed = 0;
    char why[256] = "";
    for (; n < most && n < HOLD_MAX; n++) {
        struct mta *m = &held[n];
        if (begin(m)) {
            in++;
        } else if (m->text[0] != '\0') {
            later++;
            (void)snprintf(why, sizeof why, "%s", m->text);
        } else {
            closed++;
        }
        free(m->edits); /* a megabyte each */
        m->edits = NULL;
    }
    (void)printf("in %ld, later %ld, closed %ld: %s\n", in, later, closed, why);
    line_wait();
    for (long i = 0; i < n; i++)
        mta_close(&held[i]);
    return true;
}

static const struct {
    const char *label;
    bool (*run)(struct mta *m);
} scenarios[] = {
    {"connect and close", connect_and_close},
    {"negotiate and close", negotiate_and_close},
    {"asks for no-reply steps", negotiates_quiet_steps},
    {"asks only for what is offered", takes_only_what_is_offered},
    {"values with leading space", edits_with_leading_space},
    {"values without leading space", edits_without_leading_space},
    {"answers every step of an MTA that wants it", answers_every_step_when_asked},
    {"protocol version 2", version_2},
    {"protocol version 99", version_99},
    {"protocol version 1 is refused", version_1_is_refused},
    {"a short negotiation is refused", short_negotiation_is_refused},
    {"MAIL without negotiation", mail_without_negotiation},
    {"packet of length 0", length_zero},
    {"packet of length 4 GB", length_huge},
    {"header of 60 kB", header_of_60_kb},
    {"header without NUL", header_without_nul},
    {"header without value", header_without_value},
    {"header without name", header_without_name},
    {"macro with half a pair", macro_with_half_a_pair},
    {"empty macro", macro_empty},
    {"body before MAIL", body_before_mail},
    {"end of message without MAIL", end_without_mail},
    {"MAIL twice", mail_twice},
    {"HELO in a message", helo_in_a_message},
    {"unknown command", unknown_command},
    {"client on a unix socket", client_on_a_unix_socket},
    {"client of unknown family", client_unknown},
    {"client with a bad address", client_with_a_bad_address},
    {"client over IPv6", client_over_ipv6},
    {"abort twice, then the next message", abort_and_reuse},
    {"quit with a new connection", quit_and_new_connection},
    {"MTA vanishes in a packet", drop_in_a_packet},
    {"MTA vanishes before the edits", drop_before_the_edits},
    {"one byte at a time", slow_bytes},
    {"100 messages on one connection", hundred_messages},
    {"three forged headers, highest index first", forged_headers},
    {"10 MB body is skipped and said to be incomplete", body_of_10_mb},
    {"6000 headers", many_headers},
    {"5000 recipients", many_recipients},
    {"200 connections at once, 50 kB each", many_connections},
};

enum { LETTER_MAX = 64 << 20, BODY_CHUNK = 65535 };

/* The lines of a file end with LF, those of the wire with CRLF, folds with LF. */
static bool letter_headers(struct mta *m, const char **at)
{
    static char name[REPLY_MAX];
    const char *p = *at;
    while (*p != '\0' && *p != '\n') {
        size_t n = 0;
        for (; *p != '\0' && (*p != '\n' || p[1] == ' ' || p[1] == '\t'); p++)
            if (n + 2 < sizeof name)
                name[n++] = *p;
        name[n] = '\0';
        p += *p == '\n';
        char *colon = strchr(name, ':');
        if (colon == NULL)
            return false;
        *colon = '\0';
        if (!header(m, name, colon + 1))
            return false;
    }
    *at = p + (*p == '\n');
    return STEP(m, 'N', "", NR_EOH);
}

static bool letter_body(struct mta *m, const char *p)
{
    static char chunk[BODY_CHUNK];
    bool wanted = true;
    while (wanted && *p != '\0') {
        size_t n = 0;
        for (; *p != '\0' && n + 2 < sizeof chunk; p++) {
            if (*p == '\n')
                chunk[n++] = '\r';
            chunk[n++] = *p;
        }
        if (!command(m, 'B', chunk, n))
            return false;
        char code = reply(m);
        wanted = code == 'c';
        if (!wanted && code != 's')
            return false;
    }
    return true;
}

static int letter(void)
{
    struct mta m = {.fd = -1};
    char *text = calloc(1, LETTER_MAX + 1);
    size_t n = text != NULL ? fread(text, 1, LETTER_MAX, stdin) : 0;
    const char *at = text;
    static const char connected[] = "Cj\0mx.example.test\0{client_ptr}\0ptr.sender.test";
    static const char greeted[] = "H{tls_version}\0TLSv1.3\0{cipher}\0AES";
    char code = 0;
    m.n_edits = 0;
    if (n > 0 && mta_open(&m) && negotiate_with(&m, 6, ACTIONS, STEPS) &&
        command(&m, 'D', connected, sizeof connected) && connection(&m) &&
        command(&m, 'D', greeted, sizeof greeted) && hello(&m) && mail(&m, "4F2Xq1") &&
        letter_headers(&m, &at) && letter_body(&m, at)) {
        m.n_edits = 0;
        code = command(&m, 'E', "", 0) ? reply(&m) : 0;
    }
    (void)printf("%c\n%.*s", code != 0 ? code : '0', (int)m.n_edits,
                 m.edits != NULL ? m.edits : "");
    mta_close(&m);
    free(text);
    return code == 0;
}

int main(int argc, char **argv)
{
    int failures = 0;
    if (argc < 2 || argc > 4 || (argc == 4) != (argc > 2 && strcmp(argv[2], "hold") == 0)) {
        (void)fprintf(
            stderr, "usage: milter-client SOCKET-PATH [ordinary|slow|stream|letter|two|hold N]\n");
        return 64;
    }
    socket_path = argv[1];
    if (!patience_read())
        return 64;
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 3 && strcmp(argv[2], "stream") == 0)
        return !stream();
    if (argc == 3 && strcmp(argv[2], "letter") == 0)
        return letter();
    if (argc == 3 && strcmp(argv[2], "two") == 0)
        return !two_messages();
    if (argc == 4)
        return !hold(argv[3]);
    if (argc == 3) {
        struct mta m;
        bool good =
            strcmp(argv[2], "slow") == 0 ? slow_message(&m) : begin(&m) && ordinary(&m, "Q");
        mta_close(&m);
        return !good;
    }
    for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
        struct mta m, after;
        bool good = scenarios[i].run(&m);
        mta_close(&m);
        bool alive = begin(&after) && ordinary(&after, "ALIVE");
        mta_close(&after);
        failures += !(good && alive);
        (void)printf("%s %s%s\n", good && alive ? "ok" : "not ok", scenarios[i].label,
                     alive ? "" : " (the daemon does not serve any more)");
    }
    return failures > 0;
}
