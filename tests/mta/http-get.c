/* http-get SOCKET-PATH PATH [ACCEPT]: the body of an HTTP answer on stdout; exit code 1 unless 200.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MAX = 8 << 20 };

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = 60};
    char request[1024], *answer = calloc(1, ANSWER_MAX);
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", argv[1]);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n%s%s%s\r\n", argv[2],
                     argc > 3 ? "Accept: " : "", argc > 3 ? argv[3] : "", argc > 3 ? "\r\n" : "");
    if (answer == NULL || fd < 0 || n >= (int)sizeof request ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
        connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || send(fd, request, (size_t)n, 0) != n)
        return 69;
    size_t got = 0;
    for (ssize_t k;
         got < ANSWER_MAX - 1 && (k = recv(fd, answer + got, ANSWER_MAX - 1 - got, 0)) > 0;)
        got += (size_t)k;
    (void)close(fd);
    const char *body = strstr(answer, "\r\n\r\n");
    if (body == NULL)
        return 76;
    (void)fputs(body + 4, stdout);
    int code = strncmp(answer, "HTTP/1.1 200 ", 13) == 0 ? 0 : 1;
    free(answer);
    return code;
}
