/*
 * LD_PRELOAD of fault tests: while the file $FAULT_ACCEPT exists, accept() does not return. What a
 * bug in a library would do to the daemon, its watchdog must see.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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
