/* An MTA that says hello and leaves: does somebody serve this socket? */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "mta/mta.h"

enum { PROTOCOL = 6, LENGTH_BYTES = 4 };

static int milliseconds_left(const struct timespec *end)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    long long ms = (end->tv_sec - now.tv_sec) * 1000LL + (end->tv_nsec - now.tv_nsec) / 1000000;
    return ms > 0 ? (int)ms : 0;
}

static bool wait_for(int fd, short what, const struct timespec *end)
{
    struct pollfd p = {.fd = fd, .events = what};
    int n;
    do
        n = poll(&p, 1, milliseconds_left(end));
    while (n < 0 && errno == EINTR);
    return n > 0;
}

static int connect_in_time(int family, const struct sockaddr *to, socklen_t n,
                           const struct timespec *end)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;
    socklen_t size = sizeof error;
    if (fd < 0)
        return -1;
    int done = connect(fd, to, n);
    /* A unix socket whose backlog is full says EAGAIN, and poll() would not tell when it has room.
     */
    while (done != 0 && errno == EAGAIN && milliseconds_left(end) > 0) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        done = connect(fd, to, n);
    }
    if (done != 0 && errno == EINPROGRESS && wait_for(fd, POLLOUT, end) &&
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0) {
        errno = error;
        done = error == 0 ? 0 : -1;
    }
    if (done == 0)
        return fd;
    error = errno == EINPROGRESS ? ETIMEDOUT : errno;
    (void)close(fd);
    errno = error;
    return -1;
}

static int open_unix(const char *path, const struct timespec *end)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    return connect_in_time(AF_UNIX, (const struct sockaddr *)&to, sizeof to, end);
}

static int open_inet(const struct socket_address *address, const struct timespec *end)
{
    char port[8];
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = address->kind == SOCKET_INET ? AF_INET : AF_INET6,
                                   .ai_socktype = SOCK_STREAM};
    (void)snprintf(port, sizeof port, "%u", (unsigned)address->port);
    if (getaddrinfo(address->host, port, &hints, &found) != 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int fd = -1;
    for (const struct addrinfo *a = found; a != NULL && fd < 0; a = a->ai_next)
        fd = connect_in_time(a->ai_family, a->ai_addr, a->ai_addrlen, end);
    int error = errno;
    freeaddrinfo(found);
    errno = error;
    return fd;
}

/* Offers everything, as an MTA of today does. */
static const unsigned char offer[] = {0,    0,    0,   13,       'O', /* length, command */
                                      0,    0,    0,   PROTOCOL,      /* version */
                                      0,    0,    1,   0xFF,     0,
                                      0x1F, 0xFF, 0xFF}; /* actions, steps */
static const unsigned char quit[] = {0, 0, 0, 1, 'Q'};

static bool answered(int fd, const struct timespec *end)
{
    unsigned char head[LENGTH_BYTES + 1];
    size_t n = 0;
    if (send(fd, offer, sizeof offer, MSG_NOSIGNAL) != (ssize_t)sizeof offer)
        return false;
    while (n < sizeof head) {
        if (!wait_for(fd, POLLIN, end)) {
            errno = ETIMEDOUT;
            return false;
        }
        ssize_t got = recv(fd, head + n, sizeof head - n, 0);
        if (got == 0)
            errno = ECONNRESET;
        if (got <= 0)
            return false;
        n += (size_t)got;
    }
    (void)send(fd, quit, sizeof quit, MSG_NOSIGNAL);
    errno = EPROTO;
    return head[LENGTH_BYTES] == 'O';
}

bool milter_answers(const struct socket_address *address, unsigned seconds)
{
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += seconds;
    int fd =
        address->kind == SOCKET_UNIX ? open_unix(address->path, &end) : open_inet(address, &end);
    if (fd < 0)
        return false;
    bool good = answered(fd, &end);
    int error = errno;
    (void)close(fd);
    errno = error;
    return good;
}
