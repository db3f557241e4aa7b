/*
 * smtp-send [-rws] [-j N] [-u FILE] [-f SENDER] [-t RCPT]... PORT FILE...: sends message files to
 * 127.0.0.1:PORT, several on a connection, over N connections at once. RCPT may hold %d, the number
 * of the file from 0, or %s, its name up to a dot. -r: line ends are sent as they are. -w: what was
 * put off is brought again, on a new connection a tenth of a second later. -s: slowly, five bytes a
 * second. -u: over and over, until that file exists. Prints "NUMBER CODE" for each file and try:
 * the code that answered its end, or of what was refused; then "RCPT=CODE" for each recipient that
 * was refused while others were taken. Exit code 0 when all files were answered with 250, at last.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20, JOBS_MAX = 64, RECIPIENTS_MAX = 16, TRIES_MAX = 600 };

static const char *sender = "<alice@sender.test>",
                  *recipients[RECIPIENTS_MAX] = {"u%d@example.test"};
static int n_recipients;
static bool raw, again, slowly;
static const char *until;

static bool over(void)
{
    return until != NULL && access(until, F_OK) == 0;
}

static bool send_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        p += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool send_content(int fd, const char *p, size_t n)
{
    for (; slowly && n > 0 && !over(); p++, n--) {
        if (!send_all(fd, p, 1))
            return false;
        (void)usleep(200000);
    }
    return send_all(fd, p, n);
}

/* The code of one answer, all its lines read; 0 when the connection is gone. */
static int answer(FILE *in)
{
    char line[1024];
    while (fgets(line, sizeof line, in) != NULL)
        if (strlen(line) >= 4 && line[3] != '-')
            return (int)strtol(line, NULL, 10);
    return 0;
}

static int ask(int fd, FILE *in, const char *line)
{
    return send_all(fd, line, strlen(line)) && send_all(fd, "\r\n", 2) ? answer(in) : 0;
}

static char *read_file(const char *path, size_t *n)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (f == NULL || fstat(fileno(f), &st) != 0 || st.st_size > FILE_MAX) {
        perror(path);
        exit(66);
    }
    char *bytes = malloc((size_t)st.st_size + 1);
    *n = bytes != NULL ? fread(bytes, 1, (size_t)st.st_size, f) : 0;
    (void)fclose(f);
    return bytes;
}

/* Line ends to CR LF, dots doubled, the final dot. Each byte becomes at most two. */
static char *wire_form(const char *bytes, size_t n, size_t *out_n)
{
    char *out = malloc(2 * n + 8), *to = out;
    for (size_t i = 0; out != NULL && i < n; i++) {
        if (bytes[i] == '.' && (i == 0 || bytes[i - 1] == '\n'))
            *to++ = '.';
        if (bytes[i] == '\n' && !raw && (i == 0 || bytes[i - 1] != '\r'))
            *to++ = '\r';
        *to++ = bytes[i];
    }
    if (out != NULL && (n == 0 || bytes[n - 1] != '\n')) {
        *to++ = '\r';
        *to++ = '\n';
    }
    if (out != NULL) {
        memcpy(to, ".\r\n", 3);
        *out_n = (size_t)(to - out) + 3;
    }
    return out;
}

/* The recipient of this file. */
static void address_make(char *out, size_t room, const char *recipient, const char *path,
                         int number)
{
    const char *place = strchr(recipient, '%'), *name = strrchr(path, '/');
    if (place == NULL || (place[1] != 'd' && place[1] != 's')) {
        (void)snprintf(out, room, "%s", recipient);
        return;
    }
    int before = (int)(place - recipient);
    name = name != NULL ? name + 1 : path;
    if (place[1] == 'd')
        (void)snprintf(out, room, "%.*s%d%s", before, recipient, number, place + 2);
    else
        (void)snprintf(out, room, "%.*s%.*s%s", before, recipient, (int)strcspn(name, "."), name,
                       place + 2);
}

static int send_recipient(int fd, FILE *in, const char *recipient, const char *path, int number)
{
    char line[512], to[256];
    address_make(to, sizeof to, recipient, path, number);
    (void)snprintf(line, sizeof line, "RCPT TO:<%s>", to);
    return ask(fd, in, line);
}

/* answers: one for each recipient. */
static int send_message(int fd, FILE *in, const char *path, int number, int answers[RECIPIENTS_MAX])
{
    char line[512];
    size_t n = 0, wire_n = 0;
    bool taken = false;
    (void)snprintf(line, sizeof line, "MAIL FROM:%s", sender);
    int mail = ask(fd, in, line), code = mail;
    for (int i = 0; mail == 250 && (i == 0 || i < n_recipients); i++) {
        code = answers[i] = send_recipient(fd, in, recipients[i], path, number);
        taken = taken || code == 250;
    }
    if (taken)
        code = ask(fd, in, "DATA");
    if (code != 354)
        return code;
    char *bytes = read_file(path, &n), *wire = wire_form(bytes, n, &wire_n);
    code = wire != NULL && send_content(fd, wire, wire_n) ? answer(in) : 0;
    free(bytes);
    free(wire);
    return code;
}

/* Greeted and ready for a message; NULL when the server would not. */
static FILE *try_session(uint16_t port)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
        perror("connect");
        exit(69);
    }
    const struct timeval patience = {.tv_sec = 120};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    FILE *in = fdopen(fd, "r");
    if (in != NULL && answer(in) == 220 && ask(fd, in, "EHLO client.test") == 250)
        return in;
    if (in != NULL)
        (void)fclose(in);
    return NULL;
}

static FILE *open_session(uint16_t port)
{
    FILE *in = try_session(port);
    for (int tries = 0; in == NULL && again && tries < TRIES_MAX; tries++) {
        (void)usleep(100000);
        in = try_session(port);
    }
    if (in == NULL)
        exit(69);
    return in;
}

/* One file, on a new connection when that is needed; the last code. */
static int send_file(uint16_t port, FILE **in, const char *path, int number)
{
    for (int tries = 0;; tries++) {
        int answers[RECIPIENTS_MAX], code = send_message(fileno(*in), *in, path, number, answers);
        (void)printf("%d %d", number, code);
        for (int k = 0; k < n_recipients && code == 250; k++)
            if (answers[k] != 250)
                (void)printf(" %s=%d", recipients[k], answers[k]);
        (void)printf("\n");
        (void)fflush(stdout);
        bool put_off = again && (code == 0 || code / 100 == 4) && tries < TRIES_MAX;
        if (code != 250 && (put_off || ask(fileno(*in), *in, "RSET") != 250)) {
            (void)fclose(*in); /* after 421 the other side is gone */
            if (put_off)
                (void)usleep(100000);
            *in = open_session(port);
        }
        if (!put_off)
            return code;
    }
}

/* Every jobs-th file, beginning with first. */
static int send_share(uint16_t port, char **files, int n, int first, int jobs)
{
    int bad = 0;
    FILE *in = open_session(port);
    for (int i = first; until != NULL ? !over() : i < n; i += jobs)
        bad += send_file(port, &in, files[i % n], i) != 250;
    (void)ask(fileno(in), in, "QUIT");
    (void)fclose(in);
    return bad > 0;
}

int main(int argc, char **argv)
{
    int jobs = 1, bad = 0, status;
    for (int c; (c = getopt(argc, argv, "rwsj:u:f:t:")) != -1;) {
        if (c == 'j')
            jobs = (int)strtol(optarg, NULL, 10);
        else if (c == 'r')
            raw = true;
        else if (c == 'w')
            again = true;
        else if (c == 's')
            slowly = true;
        else if (c == 'u')
            until = optarg;
        else if (c == 'f')
            sender = optarg;
        else if (c == 't' && n_recipients < RECIPIENTS_MAX)
            recipients[n_recipients++] = optarg;
        else
            return 64;
    }
    if (argc - optind < 2 || jobs < 1 || jobs > JOBS_MAX) {
        (void)fprintf(stderr, "usage: smtp-send [-rws] [-j N] [-u FILE] [-f SENDER] [-t RCPT]... "
                              "PORT FILE...\n");
        return 64;
    }
    uint16_t port = (uint16_t)strtol(argv[optind], NULL, 10);
    char **files = argv + optind + 1;
    int n = argc - optind - 1;
    for (int i = 0; i < jobs; i++) {
        pid_t child = fork();
        if (child == 0)
            exit(send_share(port, files, n, i, jobs));
        bad += child < 0;
    }
    while (wait(&status) > 0)
        bad += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    return bad > 0;
}
