/*
 * LD_PRELOAD of fault tests: while the file $FAULT_ACCEPT exists, accept() does not return. What a
 * bug in a library would do to the daemon, its watchdog must see. And allocations fail, below.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fault.h"

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict n)
{
    union {
        void *object;
        int (*call)(int, struct sockaddr *, socklen_t *);
    } next = {dlsym(RTLD_NEXT, "accept")};
    const char *path = getenv("FAULT_ACCEPT");
    while (path != NULL && access(path, F_OK) == 0)
        (void)usleep(50000);
    return next.call(fd, address, n);
}

/* With $FAULT_MALLOC, the name of a file with a struct fault: the allocation that it says fails. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static struct fault *fault;

__attribute__((constructor)) static void fault_open(void)
{
    const char *path = getenv("FAULT_MALLOC");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *p = mmap(NULL, sizeof *fault, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    fault = p != MAP_FAILED ? p : NULL;
}

/*
 * libconfig 1.5 does not look at what calloc() gave: inside it a failed allocation ends any program
 * (docs/ADMIN.md). What is tested here is our own code.
 */
static _Thread_local int spared;

static int fails(void)
{
    if (fault == NULL || spared != 0 || __atomic_load_n(&fault->left, __ATOMIC_SEQ_CST) <= 0 ||
        __atomic_sub_fetch(&fault->left, 1, __ATOMIC_SEQ_CST) != 0)
        return 0;
    (void)__atomic_add_fetch(&fault->failed, 1, __ATOMIC_SEQ_CST);
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n)
{
    return fails() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return fails() ? NULL : __libc_realloc(p, n);
}

struct config_t;

void config_init(struct config_t *config)
{
    union {
        void *object;
        void (*call)(struct config_t *);
    } next = {dlsym(RTLD_NEXT, "config_init")};
    spared++;
    next.call(config);
    spared--;
}

int config_read_string(struct config_t *config, const char *text)
{
    union {
        void *object;
        int (*call)(struct config_t *, const char *);
    } next = {dlsym(RTLD_NEXT, "config_read_string")};
    spared++;
    int read = next.call(config, text);
    spared--;
    return read;
}
