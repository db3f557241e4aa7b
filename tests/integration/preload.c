/*
 * LD_PRELOAD of the fault suites: what goes wrong in the daemon while a file of that name lies in
 * the folder $FAULTS.
 *
 *   die      holds "N" or "N half": the process is killed instead of writing the N-th edit of a
 *            message to the MTA, or in the middle of writing it; the answer that follows the edits
 *            counts as one
 *   refuse   the MTA takes no header
 *   memory   blocks of 16 kB and more cannot be had
 *   slow     every look at the clock takes five seconds
 *   jump     the wall clock is a day ahead
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { BIG = 16 << 10, DAY = 86400 };

/* Allocates nothing: malloc() asks, too. */
static bool wrong(const char *name, char path[512])
{
    const char *folder = getenv("FAULTS");
    return folder != NULL && snprintf(path, 512, "%s/%s", folder, name) < 512 &&
           access(path, F_OK) == 0;
}

static bool goes_wrong(const char *name)
{
    char path[512];
    int saved = errno;
    bool is = wrong(name, path);
    errno = saved;
    return is;
}

static union {
    void *object;
    ssize_t (*writev)(int, const struct iovec *, int);
    int (*insheader)(void *, int, char *, char *);
    int (*clock)(clockid_t, struct timespec *);
    time_t (*time)(time_t *);
} next_writev, next_insheader, next_clock, next_time;

__attribute__((constructor)) static void find_next(void)
{
    next_writev.object = dlsym(RTLD_NEXT, "writev");
    next_insheader.object = dlsym(RTLD_NEXT, "smfi_insheader");
    next_clock.object = dlsym(RTLD_NEXT, "clock_gettime");
    next_time.object = dlsym(RTLD_NEXT, "time");
}

static bool death_read(long *at, bool *half)
{
    char path[512], line[32] = "";
    FILE *f = wrong("die", path) ? fopen(path, "r") : NULL;
    if (f == NULL)
        return false;
    char *end = line;
    *at = fgets(line, sizeof line, f) != NULL ? strtol(line, &end, 10) : 0;
    *half = strstr(end, "half") != NULL;
    (void)fclose(f);
    return *at > 0;
}

/* libmilter writes four bytes of length and the command, then the data. */
ssize_t writev(int fd, const struct iovec *v, int n)
{
    static atomic_long edits;
    long at;
    bool half;
    if (n > 0 && v[0].iov_len == 5) {
        char command = ((const char *)v[0].iov_base)[4];
        bool edit = strchr("himbq+-", command) != NULL, counts = edit || edits > 0;
        if (counts && death_read(&at, &half) && ++edits == at) {
            if (half && n > 1) {
                struct iovec part[2] = {v[0], v[1]};
                part[1].iov_len /= 2;
                (void)next_writev.writev(fd, part, 2);
            }
            (void)kill(getpid(), SIGKILL);
        }
        if (!edit)
            edits = 0;
    }
    return next_writev.writev(fd, v, n);
}

int smfi_insheader(void *ctx, int index, char *name, char *value)
{
    return goes_wrong("refuse") ? -1 : next_insheader.insheader(ctx, index, name, value);
}

void *__libc_malloc(size_t n);
void *__libc_realloc(void *old, size_t n);
void *__libc_calloc(size_t n, size_t size);

static bool cannot_be_had(size_t n)
{
    if (n < BIG || !goes_wrong("memory"))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n)
{
    return cannot_be_had(n) ? NULL : __libc_malloc(n);
}

void *realloc(void *old, size_t n)
{
    return cannot_be_had(n) ? NULL : __libc_realloc(old, n);
}

void *calloc(size_t n, size_t size)
{
    return size > 0 && n <= (size_t)-1 / size && cannot_be_had(n * size) ? NULL
                                                                         : __libc_calloc(n, size);
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    static atomic_long extra;
    int done = next_clock.clock(clock, out);
    if (done != 0)
        return done;
    if (clock == CLOCK_MONOTONIC) {
        if (goes_wrong("slow"))
            extra += 5;
        out->tv_sec += extra;
    } else if (clock == CLOCK_REALTIME && goes_wrong("jump")) {
        out->tv_sec += DAY;
    }
    return 0;
}

time_t time(time_t *out)
{
    time_t now = next_time.time(NULL) + (goes_wrong("jump") ? DAY : 0);
    if (out != NULL)
        *out = now;
    return now;
}
