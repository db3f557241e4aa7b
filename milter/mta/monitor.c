/*
 * One thread that answers whoever asks how the daemon is, and writes the same to a file now and
 * then. It has no part in mail's path: the worst that a client can do is to keep other clients
 * waiting, for a moment, since each has a deadline and the oldest makes room for the newest.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "mta/engine.h"
#include "mta/monitor.h"
#include "mta/socket.h"

enum {
    CLIENTS_MAX = 16,
    CLIENT_MS = 5000, /* from accept to close, whatever happens */
    THROWN_MAX = 65536,
    STOP_SECONDS = 2, /* for the thread to end; a disk may keep it */
    REST_MS = 1000,   /* when no connection can be accepted */
    ANSWER_MAX = PAGE_MAX + 4096,
};

struct client {
    int fd;
    uint64_t until; /* ms */
    struct buf in, out;
    size_t sent, thrown;
    bool answered; /* out is what is to be sent */
};

struct monitor {
    struct page page;
    char *listen, *file, *file_new; /* own; or NULL */
    struct socket_address address;  /* borrows listen */
    struct stat socket;             /* a unix socket, as we made it */
    int fd;                         /* that listens, or -1 */
    int wake[2];                    /* a pipe, closed at [1] to stop the thread */
    pthread_t thread;
    bool started;
    unsigned interval; /* seconds between two files */
    bool file_failed;  /* and it was said */
    struct client clients[CLIENTS_MAX];
    size_t n_clients; /* by age */
};

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The socket */

static int listen_inet(const struct socket_address *a)
{
    const struct addrinfo hints = {.ai_family = a->kind == SOCKET_INET ? AF_INET : AF_INET6,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char port[8];
    const int on = 1;
    (void)snprintf(port, sizeof port, "%u", (unsigned)a->port);
    if (getaddrinfo(a->host, port, &hints, &found) != 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd >= 0 && (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 16) != 0)) {
        int error = errno;
        (void)close(fd);
        errno = error;
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static int listen_unix(struct monitor *m, unsigned mode)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const char *path = m->address.path;
    struct stat st;
    if (lstat(path, &st) == 0) {
        errno = EADDRINUSE;
        if (!S_ISSOCK(st.st_mode) || socket_answers(&m->address) || unlink(path) != 0)
            return -1;
    }
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    /* Nobody may connect before the mode is set; there are no other threads yet. */
    mode_t mask = umask(0177);
    bool bound = bind(fd, (struct sockaddr *)&to, sizeof to) == 0;
    (void)umask(mask);
    if (bound && listen(fd, 16) == 0 && chmod(path, (mode_t)mode) == 0 &&
        lstat(path, &m->socket) == 0)
        return fd;
    int error = errno;
    if (bound)
        (void)unlink(path);
    (void)close(fd);
    errno = error;
    return -1;
}

static void listen_begin(struct monitor *m, unsigned mode)
{
    const char *hint;
    if (m->listen == NULL || m->listen[0] == '\0')
        return;
    if (!socket_address_read(m->listen, &m->address, &hint)) {
        log_line(LOG_LEVEL_WARNING, "metrics: \"%s\" is not usable: %s", m->listen, hint);
        return;
    }
    m->fd = m->address.kind == SOCKET_UNIX ? listen_unix(m, mode) : listen_inet(&m->address);
    if (m->fd < 0) {
        m->address.path = NULL;
        log_line(LOG_LEVEL_WARNING,
                 "metrics: cannot listen on %s: %s; mail is filtered all the "
                 "same",
                 m->listen, strerror(errno));
    }
}

/* Clients */

static void client_end(struct monitor *m, size_t at)
{
    struct client *c = &m->clients[at];
    (void)close(c->fd);
    buf_fini(&c->in);
    buf_fini(&c->out);
    m->n_clients--;
    memmove(c, c + 1, (m->n_clients - at) * sizeof *c);
}

/* False when no connection can be accepted for now. */
static bool client_accept(struct monitor *m)
{
    int fd = accept4(m->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
    if (m->n_clients == CLIENTS_MAX)
        client_end(m, 0);
    struct client *c = &m->clients[m->n_clients++];
    *c = (struct client){.fd = fd, .until = now_ms() + CLIENT_MS};
    buf_init(&c->in, HTTP_REQUEST_MAX);
    buf_init(&c->out, ANSWER_MAX);
    return true;
}

/* False: the connection is over. */
static bool client_read(struct client *c)
{
    char bytes[2048];
    ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    /* What comes after the answer is thrown away: closing on unread bytes would cut the answer. */
    c->thrown += c->answered ? (size_t)n : 0;
    if (n == 0 || c->answered)
        return n > 0 && c->thrown < THROWN_MAX;
    size_t room = c->in.max - c->in.n;
    return buf_add(&c->in, (struct view){bytes, (size_t)n < room ? (size_t)n : room}) == STATUS_OK;
}

/* False when memory is out. */
static bool client_answer(struct client *c, const struct page *page)
{
    struct http_request request;
    enum http_read read = http_request_read(buf_view(&c->in), &request);
    enum status status = STATUS_OK;
    if (read == HTTP_COMPLETE)
        status = page_answer(page, &request, &c->out);
    else if (read == HTTP_BAD || c->in.n == c->in.max)
        status = page_refusal(read == HTTP_BAD ? 400 : 431, HTTP_GET, &c->out);
    c->answered = c->out.n > 0;
    return status == STATUS_OK;
}

static bool client_write(struct client *c)
{
    ssize_t n = send(c->fd, c->out.p + c->sent, c->out.n - c->sent, MSG_NOSIGNAL);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    c->sent += (size_t)n;
    if (c->sent == c->out.n)
        (void)shutdown(c->fd, SHUT_WR);
    return true;
}

static bool client_wants_to_write(const struct client *c)
{
    return c->answered && c->sent < c->out.n;
}

static bool client_step(struct client *c, const struct page *page, short events)
{
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !client_read(c))
        return false;
    if (!c->answered && !client_answer(c, page))
        return false;
    return !client_wants_to_write(c) || client_write(c);
}

/* The file */

static bool file_put(const char *path, struct view text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    bool good = true;
    while (good && text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);
        good = n > 0 || (n < 0 && errno == EINTR);
        text = view_sub(text, n > 0 ? (size_t)n : 0, text.n);
    }
    return close(fd) == 0 && good;
}

/* Beside the old one and then in its place: nobody reads half of it. */
static void file_write(struct monitor *m)
{
    struct buf text;
    buf_init(&text, PAGE_MAX);
    errno = ENOMEM;
    bool good = page_metrics(&m->page, METRICS_PLAIN, &text) == STATUS_OK &&
                file_put(m->file_new, buf_view(&text)) && rename(m->file_new, m->file) == 0;
    int error = errno;
    buf_fini(&text);
    if (!good) {
        (void)unlink(m->file_new);
        metrics_count(engine_metrics(m->page.engine), METRIC_ERRORS_METRICS_FILE);
    }
    if (!good && !m->file_failed)
        log_line(LOG_LEVEL_WARNING, "metrics: cannot write %s: %s; it will be tried again", m->file,
                 strerror(error));
    else if (good && m->file_failed)
        log_line(LOG_LEVEL_INFO, "metrics: %s is written again", m->file);
    m->file_failed = !good;
}

/* The thread */

static int milliseconds_until(uint64_t then, uint64_t now)
{
    return then <= now ? 0 : then - now < 60000 ? (int)(then - now) : 60000;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void *run(void *monitor)
{
    struct monitor *m = monitor;
    uint64_t file_at = m->file != NULL ? now_ms() : UINT64_MAX, listen_at = 0;
    for (;;) {
        struct pollfd polled[CLIENTS_MAX + 2];
        uint64_t now = now_ms(), until = file_at;
        size_t n = m->n_clients;
        for (size_t i = 0; i < n; i++) {
            short events = client_wants_to_write(&m->clients[i]) ? POLLIN | POLLOUT : POLLIN;
            polled[i] = (struct pollfd){.fd = m->clients[i].fd, .events = events};
            until = sooner(until, m->clients[i].until);
        }
        bool resting = listen_at > now;
        polled[n] = (struct pollfd){.fd = resting ? -1 : m->fd, .events = POLLIN};
        if (resting)
            until = sooner(until, listen_at);
        polled[n + 1] = (struct pollfd){.fd = m->wake[0], .events = POLLIN};
        if ((poll(polled, n + 2, milliseconds_until(until, now)) < 0 && errno != EINTR) ||
            polled[n + 1].revents != 0)
            return NULL;
        now = now_ms();
        /* From the last, so that those who end move nobody who is still to come. */
        for (size_t i = n; i-- > 0;)
            if (now >= m->clients[i].until ||
                (polled[i].revents != 0 &&
                 !client_step(&m->clients[i], &m->page, polled[i].revents)))
                client_end(m, i);
        if (polled[n].revents != 0 && !client_accept(m))
            listen_at = now + REST_MS;
        if (now >= file_at) {
            file_write(m);
            file_at = now_ms() + (uint64_t)m->interval * 1000;
        }
    }
}

static bool monitor_init(struct monitor *m, struct engine *e, const struct monitor_options *options)
{
    *m = (struct monitor){.fd = -1, .wake = {-1, -1}, .interval = options->interval};
    page_init(&m->page, e);
    m->listen = strdup(options->listen);
    if (m->listen == NULL || options->file[0] == '\0')
        return m->listen != NULL;
    m->file = strdup(options->file);
    if (asprintf(&m->file_new, "%s.new", options->file) < 0)
        m->file_new = NULL;
    return m->file != NULL && m->file_new != NULL;
}

static void monitor_free(struct monitor **m)
{
    while ((*m)->n_clients > 0)
        client_end(*m, 0);
    if ((*m)->fd >= 0)
        (void)close((*m)->fd);
    for (int i = 0; i < 2; i++)
        if ((*m)->wake[i] >= 0)
            (void)close((*m)->wake[i]);
    free((*m)->listen);
    free((*m)->file);
    free((*m)->file_new);
    free(*m);
    *m = NULL;
}

bool monitor_start(struct engine *e, const struct monitor_options *options, struct monitor **out)
{
    struct monitor *m = *out = calloc(1, sizeof *m);
    bool good = m != NULL && monitor_init(m, e, options);
    if (good)
        listen_begin(m, options->mode);
    if (good && (m->fd >= 0 || m->file != NULL))
        good = m->started =
            pipe2(m->wake, O_CLOEXEC) == 0 && pthread_create(&m->thread, NULL, run, m) == 0;
    if (m != NULL && !m->started)
        monitor_free(out);
    return good;
}

void monitor_stop(struct monitor **m)
{
    struct stat st;
    struct timespec until;
    if (*m == NULL)
        return;
    struct monitor *old = *m;
    (void)close(old->wake[1]);
    old->wake[1] = -1;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += STOP_SECONDS;
    bool ended = pthread_timedjoin_np(old->thread, NULL, &until) == 0;
    if (old->fd >= 0 && old->address.kind == SOCKET_UNIX && lstat(old->address.path, &st) == 0 &&
        st.st_dev == old->socket.st_dev && st.st_ino == old->socket.st_ino)
        (void)unlink(old->address.path);
    if (old->file != NULL)
        (void)unlink(old->file);
    if (ended)
        monitor_free(m);
    *m = NULL;
}
