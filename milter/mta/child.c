/*
 * Running another program: posix_spawn(3) with an argument vector, so that no shell ever sees what
 * came from outside; an environment of two variables; no descriptors but three; an end by a clock.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mta/mta.h"

enum { CHUNK = 16384, WAIT_MS = 5 };

struct pipes {
    int in[2], out[2], err[2]; /* in: [1] is ours; the others: [0] */
};

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void shut(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void pipes_close(struct pipes *p)
{
    for (int i = 0; i < 2; i++) {
        shut(&p->in[i]);
        shut(&p->out[i]);
        shut(&p->err[i]);
    }
}

static bool pipes_open(struct pipes *p)
{
    *p = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}};
    if (pipe2(p->in, O_CLOEXEC) == 0 && pipe2(p->out, O_CLOEXEC) == 0 &&
        pipe2(p->err, O_CLOEXEC) == 0 && fcntl(p->in[1], F_SETFL, O_NONBLOCK) == 0 &&
        fcntl(p->out[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(p->err[0], F_SETFL, O_NONBLOCK) == 0)
        return true;
    int error = errno;
    pipes_close(p);
    errno = error;
    return false;
}

static int spawn_in(const char *const *argv, const struct pipes *p,
                    posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes, pid_t *pid)
{
    static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", locale[] = "LC_ALL=C";
    char *const environment[] = {path, locale, NULL};
    union {
        const char *const *in;
        char *const *out;
    } arguments = {argv};
    sigset_t none, standard;
    (void)sigemptyset(&none);
    (void)sigemptyset(&standard);
    (void)sigaddset(&standard, SIGPIPE);
    int error = posix_spawn_file_actions_adddup2(files, p->in[0], STDIN_FILENO);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(files, p->out[1], STDOUT_FILENO);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(files, p->err[1], STDERR_FILENO);
#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
    /* libmilter's connections are not closed on exec. */
    if (error == 0)
        error = posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
#endif
    if (error == 0)
        error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setsigdefault(attributes, &standard);
    if (error == 0)
        error =
            posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return error != 0 ? error
                      : posix_spawn(pid, argv[0], files, attributes, arguments.out, environment);
}

static int spawn(const char *const *argv, const struct pipes *p, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&files);
    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = spawn_in(argv, p, &files, &attributes, pid);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return error;
}

static void feed(int *fd, struct view *input)
{
    ssize_t n = input->n > 0 ? write(*fd, input->p, input->n) : 0;
    if (n > 0)
        *input = view_sub(*input, (size_t)n, input->n);
    else if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    /* Whoever reads no more has had enough: its exit code tells. */
    if (n < 0 || input->n == 0)
        shut(fd);
}

/* False: there is no room for what it says. */
static bool drain(int *fd, struct buf *to)
{
    char chunk[CHUNK];
    ssize_t n = read(*fd, chunk, sizeof chunk);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (n <= 0)
        shut(fd);
    return n <= 0 || to == NULL || buf_add(to, (struct view){chunk, (size_t)n}) == STATUS_OK;
}

/* Until it has said all. */
static enum child_end talk(const struct child_wish *w, struct pipes *p, double end)
{
    struct view input = w->input;
    if (input.n == 0)
        shut(&p->in[1]);
    while (p->out[0] >= 0 || p->err[0] >= 0) {
        struct pollfd fds[] = {{.fd = p->in[1], .events = POLLOUT},
                               {.fd = p->out[0], .events = POLLIN},
                               {.fd = p->err[0], .events = POLLIN}};
        double left = end - now();
        if (left <= 0)
            return CHILD_LATE;
        if (poll(fds, 3, (int)(left * 1000) + 1) < 0 && errno != EINTR)
            return CHILD_FAILED;
        if (fds[0].fd >= 0 && fds[0].revents != 0)
            feed(&p->in[1], &input);
        if (fds[1].fd >= 0 && fds[1].revents != 0 && !drain(&p->out[0], w->output))
            return CHILD_LIMIT;
        /* Of complaints the first ones are enough. */
        if (fds[2].fd >= 0 && fds[2].revents != 0)
            (void)drain(&p->err[0], w->errors);
    }
    return CHILD_EXITED;
}

static struct child_outcome wait_for(pid_t pid, enum child_end said, double end)
{
    const struct timespec moment = {.tv_nsec = WAIT_MS * 1000000L};
    int status = 0;
    pid_t ended = 0;
    if (said != CHILD_EXITED)
        (void)kill(pid, SIGKILL);
    while ((ended = waitpid(pid, &status, said == CHILD_EXITED ? WNOHANG : 0)) == 0 ||
           (ended < 0 && errno == EINTR)) {
        if (said == CHILD_EXITED && now() >= end) {
            said = CHILD_LATE;
            (void)kill(pid, SIGKILL);
        }
        (void)nanosleep(&moment, NULL);
    }
    if (said != CHILD_EXITED)
        return (struct child_outcome){.end = said};
    if (ended < 0)
        return (struct child_outcome){.end = CHILD_FAILED, .code = errno};
    return WIFEXITED(status)
               ? (struct child_outcome){.end = CHILD_EXITED, .code = WEXITSTATUS(status)}
               : (struct child_outcome){.end = CHILD_KILLED, .code = WTERMSIG(status)};
}

struct child_outcome child_run(const struct child_wish *w)
{
    struct pipes p;
    pid_t pid;
    if (!pipes_open(&p))
        return (struct child_outcome){.end = CHILD_FAILED, .code = errno};
    double end = now() + w->seconds;
    int error = spawn(w->argv, &p, &pid);
    shut(&p.in[0]);
    shut(&p.out[1]);
    shut(&p.err[1]);
    struct child_outcome o = {.end = CHILD_FAILED, .code = error};
    if (error == 0)
        o = wait_for(pid, talk(w, &p, end), end);
    pipes_close(&p);
    return o;
}
