/* An alert on its way: SMTP, no more of it than one mail needs, or sendmail(1). */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "mta/alert.h"

enum { REPLY_MAX = 4096, LINES_MAX = 1000, EX_TEMPORARY = 75 };

struct smtp {
    int fd;
    double end;
    char in[REPLY_MAX]; /* read and not yet used */
    size_t n;
    char *why;
};

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool wait_for(struct smtp *s, short events)
{
    struct pollfd p = {.fd = s->fd, .events = events};
    double left;
    while ((left = s->end - now()) > 0) {
        int n = poll(&p, 1, (int)(left * 1000) + 1);
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            break;
    }
    errno = left <= 0 ? ETIMEDOUT : errno;
    return false;
}

static bool put(struct smtp *s, struct view v)
{
    while (v.n > 0) {
        ssize_t n = send(s->fd, v.p, v.n, MSG_NOSIGNAL);
        if (n > 0)
            v = view_sub(v, (size_t)n, v.n);
        else if (errno != EAGAIN && errno != EINTR)
            return false;
        else if (!wait_for(s, POLLOUT))
            return false;
    }
    return true;
}

/* One line into line, without its end. */
static bool get_line(struct smtp *s, char line[REPLY_MAX])
{
    for (;;) {
        char *end = memchr(s->in, '\n', s->n);
        if (end != NULL) {
            size_t n = (size_t)(end - s->in);
            memcpy(line, s->in, n);
            line[n > 0 && line[n - 1] == '\r' ? n - 1 : n] = '\0';
            s->n -= n + 1;
            memmove(s->in, end + 1, s->n);
            return true;
        }
        if (s->n == sizeof s->in) {
            errno = EPROTO;
            return false;
        }
        ssize_t n = recv(s->fd, s->in + s->n, sizeof s->in - s->n, 0);
        if (n > 0) {
            s->n += (size_t)n;
        } else if (n == 0) {
            errno = ECONNRESET;
            return false;
        } else if ((errno != EAGAIN && errno != EINTR) || !wait_for(s, POLLIN)) {
            return false;
        }
    }
}

/* The class of the answer: 2, 3, 4, 5; 0: none came. */
static int answer(struct smtp *s, const char *step)
{
    char line[REPLY_MAX];
    for (int i = 0; i < LINES_MAX; i++) {
        if (!get_line(s, line)) {
            (void)snprintf(s->why, 256, "%s: %s", step, strerror(errno));
            return 0;
        }
        bool code = line[0] >= '2' && line[0] <= '5' && strlen(line) >= 3;
        if (code && line[3] == '-')
            continue;
        (void)snprintf(s->why, 256, "%s was answered %.200s", step, line);
        return code ? line[0] - '0' : 0;
    }
    (void)snprintf(s->why, 256, "%s: the answer has no end", step);
    return 0;
}

static int ask(struct smtp *s, const char *step, struct view text)
{
    if (put(s, text))
        return answer(s, step);
    (void)snprintf(s->why, 256, "%s: %s", step, strerror(errno));
    return 0;
}

static enum alert_outcome outcome(int class)
{
    return class == 5 ? ALERT_REFUSED : ALERT_LATER;
}

/* The mail has no line that begins with a dot, see alert-mail.c; an EHLO is not needed for ASCII.
 */
static enum alert_outcome talk(struct smtp *s, const struct alert *a, struct view mail)
{
    char text[600];
    int class = answer(s, "the greeting");
    if (class != 2)
        return outcome(class);
    const struct {
        const char *step, *before, *value, *after;
        int want;
    } steps[] = {{"HELO", "HELO ", a->host, "\r\n", 2},
                 {"MAIL", "MAIL FROM:<>", "", "\r\n", 2},
                 {"RCPT", "RCPT TO:<", a->address, ">\r\n", 2},
                 {"DATA", "DATA", "", "\r\n", 3}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        (void)snprintf(text, sizeof text, "%s%s%s", steps[i].before, steps[i].value,
                       steps[i].after);
        class = ask(s, steps[i].step, view_of(text));
        if (class != steps[i].want)
            return outcome(class);
    }
    if (!put(s, mail)) {
        (void)snprintf(s->why, 256, "the message: %s", strerror(errno));
        return ALERT_LATER;
    }
    class = ask(s, "the message", VIEW(".\r\n"));
    if (class != 2)
        return outcome(class);
    (void)put(s, VIEW("QUIT\r\n"));
    return ALERT_SENT;
}

static bool connect_to(struct smtp *s, int family, const struct sockaddr *address, socklen_t n)
{
    int error = 0;
    socklen_t size = sizeof error;
    s->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->fd < 0)
        return false;
    if (connect(s->fd, address, n) == 0)
        return true;
    if (errno == EINPROGRESS && wait_for(s, POLLOUT) &&
        getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0) {
        if (error == 0)
            return true;
        errno = error;
    }
    error = errno;
    (void)close(s->fd);
    s->fd = -1;
    errno = error;
    return false;
}

static bool reach(struct smtp *s, const struct socket_address *to)
{
    if (to->kind == SOCKET_UNIX) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", to->path);
        return connect_to(s, AF_UNIX, (const struct sockaddr *)&address, sizeof address);
    }
    char port[8];
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = to->kind == SOCKET_INET ? AF_INET : AF_INET6,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICSERV};
    (void)snprintf(port, sizeof port, "%u", (unsigned)to->port);
    if (getaddrinfo(to->host, port, &hints, &found) != 0) {
        errno = EHOSTUNREACH;
        return false;
    }
    bool good = false;
    for (const struct addrinfo *i = found; i != NULL && !good; i = i->ai_next)
        good = connect_to(s, i->ai_family, i->ai_addr, i->ai_addrlen);
    int error = errno;
    freeaddrinfo(found);
    errno = error;
    return good;
}

/* Lines of a program end with LF. */
static enum alert_outcome run(const struct alert *a, struct view mail, char why[256])
{
    char recipient[260];
    (void)snprintf(recipient, sizeof recipient, "%s", a->address);
    const char *const argv[] = {a->via, "-i", "-f", "<>", "--", recipient, NULL};
    struct buf text, errors;
    enum status status = STATUS_OK;
    buf_init(&text, ALERT_MAIL_MAX);
    buf_init(&errors, 4096);
    for (size_t i = 0; i < mail.n && status == STATUS_OK; i++)
        if (mail.p[i] != '\r')
            status = buf_add_byte(&text, mail.p[i]);
    struct child_outcome o = {.end = CHILD_FAILED, .code = ENOMEM};
    if (status == STATUS_OK)
        o = child_run(&(struct child_wish){
            .argv = argv, .input = buf_view(&text), .errors = &errors, .seconds = a->timeout});
    struct view said = view_trim(buf_view(&errors));
    if (o.end == CHILD_FAILED)
        (void)snprintf(why, 256, "%.100s: %s", a->via, strerror(o.code));
    else
        (void)snprintf(why, 256, "%.100s %s %d: %.*s", a->via,
                       o.end == CHILD_LATE     ? "took too long,"
                       : o.end == CHILD_KILLED ? "ended by signal"
                                               : "ended with",
                       o.code, (int)(said.n < 100 ? said.n : 100), said.n > 0 ? said.p : "");
    buf_fini(&text);
    buf_fini(&errors);
    return o.end != CHILD_EXITED    ? ALERT_LATER
           : o.code == 0            ? ALERT_SENT
           : o.code == EX_TEMPORARY ? ALERT_LATER
                                    : ALERT_REFUSED;
}

enum alert_outcome alert_send(const struct alert *a, struct view mail, char why[256])
{
    struct socket_address to;
    const char *hint;
    struct smtp s = {.fd = -1, .end = now() + a->timeout, .why = why};
    if (a->via[0] == '/')
        return run(a, mail, why);
    if (!socket_address_read(a->via, &to, &hint)) {
        (void)snprintf(why, 256, "alert.via: %s", hint);
        return ALERT_REFUSED;
    }
    if (!reach(&s, &to)) {
        (void)snprintf(why, 256, "%.200s: %s", a->via, strerror(errno));
        return ALERT_LATER;
    }
    enum alert_outcome done = talk(&s, a, mail);
    (void)close(s.fd);
    return done;
}
