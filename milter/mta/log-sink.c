#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "mta/log.h"

enum {
    WAIT_MS = 100,   /* for a reader that is behind; while it is, nobody waits again */
    REST_MS = 1000,  /* until the next try, or the next wait */
    FRAME_MAX = 300, /* what stands around a line */
};

/*
 * The process has one log, like it has one stderr. Not syslog(3): that waits for a daemon that does
 * not read, for good, and all other threads with it.
 */
static struct {
    pthread_mutex_t lock;
    enum log_target target;
    const char *name; /* foreign */
    char path[sizeof((struct sockaddr_un *)NULL)->sun_path];
    int fd;                       /* of syslog, or -1 */
    uint64_t connect_at, wait_at; /* ms: not before */
    uint64_t refused, unsaid;
} sink = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .target = LOG_TARGET_STDERR,
          .name = "extortion-milter",
          .fd = -1};

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void syslog_disconnect(void)
{
    if (sink.fd >= 0)
        (void)close(sink.fd);
    sink.fd = -1;
}

static bool syslog_connect(void)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    uint64_t now = now_ms();
    if (sink.fd >= 0)
        return true;
    if (now < sink.connect_at)
        return false;
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", sink.path);
    sink.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sink.fd >= 0 && connect(sink.fd, (struct sockaddr *)&to, sizeof to) == 0)
        return true;
    syslog_disconnect();
    sink.connect_at = now + REST_MS;
    return false;
}

/* False when whoever reads there is too far behind. */
static bool reader_ready(int fd)
{
    struct pollfd polled = {.fd = fd, .events = POLLOUT};
    uint64_t now = now_ms();
    if (poll(&polled, 1, now >= sink.wait_at ? WAIT_MS : 0) > 0 && (polled.revents & POLLOUT) != 0)
        return true;
    if (now >= sink.wait_at)
        sink.wait_at = now_ms() + REST_MS;
    return false;
}

static bool syslog_send(struct view frame)
{
    for (int tries = 0; tries < 3; tries++) {
        if (!syslog_connect())
            return false;
        if (send(sink.fd, frame.p, frame.n, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
            return true;
        if (errno == EAGAIN || errno == ENOBUFS) {
            if (!reader_ready(sink.fd))
                return false;
        } else if (errno == EMSGSIZE) {
            return false;
        } else {
            syslog_disconnect(); /* its daemon was started anew, or is gone */
        }
    }
    return false;
}

static bool stderr_write(struct view frame)
{
    /* One write, so that lines of several processes do not mix. */
    return reader_ready(STDERR_FILENO) && write(STDERR_FILENO, frame.p, frame.n) >= 0;
}

/* With the lock held. */
static bool put(int priority, struct view line)
{
    char frame[LOG_LINE_MAX + FRAME_MAX], when[32];
    struct tm tm = {0};
    time_t now = time(NULL);
    int n;
    if (sink.target == LOG_TARGET_STDERR) {
        n = snprintf(frame, sizeof frame, "%.*s\n", VIEW_ARG(line));
    } else {
        (void)localtime_r(&now, &tm);
        if (strftime(when, sizeof when, "%b %e %T", &tm) == 0)
            when[0] = '\0';
        n = snprintf(frame, sizeof frame, "<%d>%s %.64s[%ld]: %.*s", LOG_MAIL | priority, when,
                     sink.name, (long)getpid(), VIEW_ARG(line));
    }
    struct view v = {frame, n < (int)sizeof frame ? (size_t)n : sizeof frame - 1};
    return sink.target == LOG_TARGET_STDERR ? stderr_write(v) : syslog_send(v);
}

void log_sink_put(int priority, struct view line)
{
    char text[128];
    (void)pthread_mutex_lock(&sink.lock);
    if (!put(priority, line)) {
        sink.refused++;
        sink.unsaid++;
    } else if (sink.unsaid > 0) {
        int n = snprintf(text, sizeof text, "%llu log lines were lost: nobody took them",
                         (unsigned long long)sink.unsaid);
        if (put(LOG_WARNING, (struct view){text, (size_t)n}))
            sink.unsaid = 0;
    }
    (void)pthread_mutex_unlock(&sink.lock);
}

uint64_t log_sink_refused(void)
{
    (void)pthread_mutex_lock(&sink.lock);
    uint64_t n = sink.refused;
    (void)pthread_mutex_unlock(&sink.lock);
    return n;
}

void log_sink_open(enum log_target target, const char *name, const char *path)
{
    (void)pthread_mutex_lock(&sink.lock);
    syslog_disconnect();
    sink.target = target;
    sink.name = name;
    sink.connect_at = sink.wait_at = 0;
    (void)snprintf(sink.path, sizeof sink.path, "%s", path);
    if (target == LOG_TARGET_SYSLOG)
        (void)syslog_connect();
    (void)pthread_mutex_unlock(&sink.lock);
}

void log_sink_close(void)
{
    (void)pthread_mutex_lock(&sink.lock);
    syslog_disconnect();
    sink.target = LOG_TARGET_STDERR;
    (void)pthread_mutex_unlock(&sink.lock);
}
