#include "mta/descriptors.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "mta/mta.h"

enum {
    LEAST = 64,    /* our own are a dozen; fewer than 50 connections are no service */
    WANTED = 4096, /* twice as many as a busy Postfix has smtpd processes */
    FEW_MIN = 16,
    FEW_MAX = 256,
};

static atomic_ulong limit; /* one per process, like the limit itself */

int descriptors_raise(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return EX_OSERR;
    rlim_t before = files.rlim_cur;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        files.rlim_cur = before;
    unsigned long long now = (unsigned long long)files.rlim_cur;
    atomic_store(&limit, now < (1UL << 30) ? (unsigned long)now : 1UL << 30);
    if (now < LEAST) {
        log_line(LOG_LEVEL_ERROR,
                 "only %llu open files are allowed, at least %d are needed: raise LimitNOFILE of "
                 "the service, or ulimit -n",
                 now, LEAST);
        return EX_OSERR;
    }
    if (now < WANTED)
        log_line(LOG_LEVEL_WARNING,
                 "only %llu open files are allowed: each connection of the MTA needs one", now);
    return EX_OK;
}

enum descriptors descriptors_left(void)
{
    unsigned long most = atomic_load(&limit), few = most / 8;
    if (most == 0)
        return DESCRIPTORS_ENOUGH;
    few = few < FEW_MIN ? FEW_MIN : few > FEW_MAX ? FEW_MAX : few;
    /* The lowest free number: all below it are in use. */
    int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (lowest < 0)
        return DESCRIPTORS_LAST;
    (void)close(lowest);
    unsigned long left = (unsigned long)lowest < most ? most - (unsigned long)lowest : 0;
    return left > few ? DESCRIPTORS_ENOUGH : left > few / 4 ? DESCRIPTORS_FEW : DESCRIPTORS_LAST;
}
