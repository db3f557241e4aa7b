/*
 * What the service manager hears of us: sd_notify(3)'s datagrams, which are a few words to the
 * socket that $NOTIFY_SOCKET names. Written here, since libsystemd brings half a dozen libraries
 * into a process that reads strangers' mail.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mta/mta.h"

enum { TEXT_MAX = 1024 };

void service_notify(const char *format, ...)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const char *path = getenv("NOTIFY_SOCKET");
    size_t n = path != NULL ? strlen(path) : 0;
    if (n < 2 || n >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(to.sun_path, path, n);
    if (path[0] == '@')
        to.sun_path[0] = '\0';
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    if (length > 0)
        (void)sendto(fd, text, strnlen(text, sizeof text), MSG_NOSIGNAL,
                     (const struct sockaddr *)&to,
                     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
    (void)close(fd);
}

double service_watchdog_seconds(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    uint64_t n, of;
    if (usec == NULL || !view_to_u64(view_of(usec), UINT64_MAX / 2, &n))
        return 0;
    if (pid != NULL && (!view_to_u64(view_of(pid), INT32_MAX, &of) || of != (uint64_t)getpid()))
        return 0;
    return (double)n / 1e6;
}
