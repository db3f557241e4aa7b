/*
 * notify-listen PATH: the service manager's end of sd_notify(3). One line for each datagram, with
 * the time in milliseconds since the start, until stdin ends.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static long milliseconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (argc != 2 || fd < 0)
        return 64;
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s", argv[1]);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || chmod(argv[1], 0666) != 0) {
        perror(argv[1]);
        return 73;
    }
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    (void)printf("listens\n");
    long began = milliseconds();
    struct pollfd wait[2] = {{.fd = fd, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    while (poll(wait, 2, -1) > 0) {
        char text[2048];
        ssize_t n = (wait[0].revents & POLLIN) != 0 ? recv(fd, text, sizeof text - 1, 0) : 0;
        if (n > 0) {
            text[n] = '\0';
            for (char *p = strchr(text, '\n'); p != NULL; p = strchr(p, '\n'))
                *p = ' ';
            (void)printf("%ld %s\n", milliseconds() - began, text);
        } else if (wait[1].revents != 0) {
            return 0;
        }
    }
    return 71;
}
