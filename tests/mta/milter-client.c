/*
 * milter-client SOCKET-PATH [SCENARIO]: plays the MTA side of the milter protocol (version 6)
 * against a running daemon, well-behaved and hostile. After each scenario the daemon must still
 * serve an ordinary message. "ok LABEL" or "not ok LABEL" on stdout for each. SCENARIO "ordinary"
 * sends one message only, "slow" one in whose middle it says so and waits for a line on stdin,
 * "stream" one after another, ten a connection, until stdin ends; "letter" sends the message on
 * stdin as an MTA does that knows TLS, and prints the answer and the edits.
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

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

enum { ACTIONS = 0x1FF, STEPS = 0x1FFFFF, REPLY_MAX = 1 << 16, EDITS_MAX = 1 << 20 };
/* Steps the filter may ask for, of mfdef.h. */
enum {
    NR_HDR = 0x80,
    NR_CONN = 0x1000,
    NR_HELO = 0x2000,
    NR_MAIL = 0x4000,
    NR_RCPT = 0x8000,
    NR_DATA = 0x10000,
    NR_EOH = 0x40000,
    NR_BODY = 0x80000,
    NO_DATA = 0x200,
    LEADING_SPACE = 0x100000,
};

static const char *socket_path;
static long patience_seconds = 300;

struct mta {
    int fd;
    uint32_t version, actions, steps; /* as the filter answered */
    char *edits;                      /* "h\tname\tvalue\n" for each edit of the last message */
    size_t n_edits;
};

static bool mta_open(struct mta *m)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = patience_seconds};
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", socket_path);
    *m = (struct mta){.fd = socket(AF_UNIX, SOCK_STREAM, 0)};
    m->edits = calloc(1, EDITS_MAX);
    if (m->fd < 0 || m->edits == NULL)
        return false;
    (void)setsockopt(m->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(m->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return connect(m->fd, (struct sockaddr *)&to, sizeof to) == 0;
}

static void mta_close(struct mta *m)
{
    if (m->fd >= 0)
        (void)close(m->fd);
    free(m->edits);
    *m = (struct mta){.fd = -1};
}

static bool raw(struct mta *m, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n > 0) {
        ssize_t sent = send(m->fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        p += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool command(struct mta *m, char code, const void *data, size_t n)
{
    char head[5];
    uint32_t length = htonl((uint32_t)n + 1);
    memcpy(head, &length, 4);
    head[4] = code;
    return raw(m, head, 5) && raw(m, data, n);
}

static bool receive(struct mta *m, void *to, size_t n)
{
    char *p = to;
    while (n > 0) {
        ssize_t got = recv(m->fd, p, n, 0);
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

/* One packet; its code, or 0 when the connection is closed, or silent for too long. */
static char packet(struct mta *m, char *data, size_t *n)
{
    uint32_t length;
    char code;
    if (!receive(m, &length, 4))
        return 0;
    length = ntohl(length);
    if (length < 1 || length > REPLY_MAX || !receive(m, &code, 1) || !receive(m, data, length - 1))
        return 0;
    *n = length - 1;
    return code;
}

/* The final answer; edits before it are collected. */
static char reply(struct mta *m)
{
    static char data[REPLY_MAX];
    size_t n;
    for (;;) {
        char code = packet(m, data, &n);
        if (code == 0 || strchr("cartdys4f", code) != NULL)
            return code;
        size_t room = EDITS_MAX - m->n_edits;
        if (room < n + 8)
            return 0;
        char *to = m->edits + m->n_edits;
        *to++ = code;
        *to++ = '\t';
        for (size_t i = 0; i < n; i++)
            to[i] = data[i] == '\0' ? '\t' : data[i];
        to[n] = '\n';
        m->n_edits += n + 3;
    }
}

static bool negotiate_with(struct mta *m, uint32_t version, uint32_t actions, uint32_t steps)
{
    uint32_t offer[3] = {htonl(version), htonl(actions), htonl(steps)}, answer[3];
    char data[REPLY_MAX];
    size_t n = 0;
    if (!command(m, 'O', offer, sizeof offer) || packet(m, data, &n) != 'O' || n < sizeof answer)
        return false;
    memcpy(answer, data, sizeof answer);
    m->version = ntohl(answer[0]);
    m->actions = ntohl(answer[1]);
    m->steps = ntohl(answer[2]);
    return true;
}

/* A step that the filter may have asked to leave unanswered. */
static bool step(struct mta *m, char code, const void *data, size_t n, uint32_t no_reply)
{
    if (!command(m, code, data, n))
        return false;
    return (m->steps & no_reply) != 0 || reply(m) == 'c';
}

#define STEP(m, code, text, no_reply) step(m, code, text, sizeof(text) - 1, no_reply)

static bool connection(struct mta *m)
{
    return STEP(m, 'C',
                "client.test\0"
                "4\x09\xdd"
                "203.0.113.7\0",
                NR_CONN);
}

static bool hello(struct mta *m)
{
    return STEP(m, 'H', "client.test\0", NR_HELO);
}

static bool envelope(struct mta *m)
{
    return connection(m) && hello(m);
}

static bool mail(struct mta *m, const char *queue_id)
{
    char macro[64] = "Mi";
    size_t n = 3 + (size_t)snprintf(macro + 3, sizeof macro - 4, "%s", queue_id) + 1;
    return command(m, 'D', macro, n) && STEP(m, 'M', "<a@sender.test>\0", NR_MAIL) &&
           STEP(m, 'R', "<b@example.test>\0", NR_RCPT) &&
           ((m->steps & NO_DATA) != 0 || STEP(m, 'T', "", NR_DATA));
}

static bool header(struct mta *m, const char *name, const char *value)
{
    char data[REPLY_MAX];
    int n = snprintf(data, sizeof data - 1, "%s%c%s", name, 0, value);
    return n > 0 && (size_t)n < sizeof data - 1 && step(m, 'L', data, (size_t)n + 1, NR_HDR);
}

static char end(struct mta *m, const char *body)
{
    m->n_edits = 0;
    m->edits[0] = '\0';
    if (!STEP(m, 'N', "", NR_EOH))
        return 0;
    if (body[0] != '\0' && !step(m, 'B', body, strlen(body), NR_BODY))
        return 0;
    if (!command(m, 'E', "", 0))
        return 0;
    char code = reply(m);
    m->edits[m->n_edits] = '\0';
    return code;
}

static bool ordinary(struct mta *m, const char *queue_id)
{
    return mail(m, queue_id) && header(m, "Subject", " hello") && end(m, "hi\r\n") == 'c' &&
           strstr(m->edits, "X-Extortion-Flag") != NULL;
}

static bool begin_with(struct mta *m, uint32_t actions, uint32_t steps)
{
    return mta_open(m) && negotiate_with(m, 6, actions, steps) && envelope(m);
}

static bool begin(struct mta *m)
{
    return begin_with(m, ACTIONS, STEPS);
}

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
    if (argc != 2 && argc != 3) {
        (void)fprintf(stderr, "usage: milter-client SOCKET-PATH [ordinary|slow|stream|letter]\n");
        return 64;
    }
    socket_path = argv[1];
    const char *patience = getenv("PATIENCE");
    if (patience != NULL) {
        char *rest;
        patience_seconds = strtol(patience, &rest, 10);
        if (*rest != '\0' || patience_seconds < 1 || patience_seconds > 86400) {
            (void)fprintf(stderr, "milter-client: PATIENCE is \"%s\": write 1 to 86400 seconds\n",
                          patience);
            return 64;
        }
    }
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 3 && strcmp(argv[2], "stream") == 0)
        return !stream();
    if (argc == 3 && strcmp(argv[2], "letter") == 0)
        return letter();
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
