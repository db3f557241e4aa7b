#include "program/dial.h"

#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* False when the time is up. */
static bool await(const struct dial *d, short events)
{
    for (;;) {
        uint64_t now = now_ms();
        struct pollfd polled = {.fd = d->fd, .events = events};
        int n = now >= d->until ? 0 : poll(&polled, 1, (int)(d->until - now));
        if (n > 0)
            return true;
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ETIMEDOUT;
        return false;
    }
}

static bool connected(struct dial *d, const struct sockaddr *to, socklen_t n)
{
    int error = 0;
    socklen_t size = sizeof error;
    d->fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (d->fd < 0)
        return false;
    if (connect(d->fd, to, n) == 0)
        return true;
    /* EAGAIN of a unix socket: its backlog is full, and there is nothing to wait on. */
    if (errno != EINPROGRESS || !await(d, POLLOUT) ||
        getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return false;
    errno = error;
    return error == 0;
}

static bool open_unix(struct dial *d, const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    for (;;) {
        if (connected(d, (const struct sockaddr *)&to, sizeof to))
            return true;
        if (errno != EAGAIN)
            return false;
        if (now_ms() >= d->until) {
            errno = ETIMEDOUT;
            return false;
        }
        dial_close(d);
        (void)nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
}

static bool open_inet(struct dial *d, const struct socket_address *to)
{
    const struct addrinfo hints = {.ai_family = to->kind == SOCKET_INET ? AF_INET : AF_INET6,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char port[8];
    (void)snprintf(port, sizeof port, "%u", (unsigned)to->port);
    if (getaddrinfo(to->host, port, &hints, &found) != 0) {
        errno = EADDRNOTAVAIL;
        return false;
    }
    bool good = false;
    int error = EADDRNOTAVAIL;
    for (const struct addrinfo *a = found; a != NULL && !good; a = a->ai_next) {
        dial_close(d);
        good = connected(d, a->ai_addr, a->ai_addrlen);
        error = errno;
    }
    freeaddrinfo(found);
    errno = error;
    return good;
}

bool dial_open(struct dial *d, const struct socket_address *to, double seconds)
{
    *d = (struct dial){.fd = -1, .until = now_ms() + (uint64_t)(seconds * 1000)};
    bool good = to->kind == SOCKET_UNIX ? open_unix(d, to->path) : open_inet(d, to);
    int error = errno;
    if (!good)
        dial_close(d);
    errno = error;
    return good;
}

bool dial_send(struct dial *d, struct view bytes)
{
    while (bytes.n > 0) {
        ssize_t n = send(d->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (n < 0 && !await(d, POLLOUT))
            return false;
        bytes = view_sub(bytes, n > 0 ? (size_t)n : 0, bytes.n);
    }
    return true;
}

ssize_t dial_receive(struct dial *d, char *to, size_t n)
{
    for (;;) {
        ssize_t got = recv(d->fd, to, n, 0);
        if (got >= 0 || (errno != EAGAIN && errno != EINTR))
            return got;
        if (!await(d, POLLIN))
            return -1;
    }
}

void dial_close(struct dial *d)
{
    if (d->fd >= 0)
        (void)close(d->fd);
    d->fd = -1;
}

bool dial_seconds_read(const char *text, double *out)
{
    char *end = NULL;
    double n = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(n) || n < 0.1 || n > 600)
        return false;
    *out = n;
    return true;
}

int dial_exit_code(int error)
{
    return error == EACCES || error == EPERM       ? EX_NOPERM
           : error == ETIMEDOUT                    ? EX_TEMPFAIL
           : error == ECONNRESET || error == EPIPE ? EX_PROTOCOL
                                                   : EX_UNAVAILABLE;
}
