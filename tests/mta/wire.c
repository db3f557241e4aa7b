#include "mta/wire.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

const char *socket_path;
long patience_seconds = 300;

bool patience_read(void)
{
    const char *text = getenv("PATIENCE");
    char *rest = NULL;
    if (text == NULL)
        return true;
    patience_seconds = strtol(text, &rest, 10);
    if (*rest == '\0' && patience_seconds >= 1 && patience_seconds <= 86400)
        return true;
    (void)fprintf(stderr, "PATIENCE is \"%s\": write 1 to 86400 seconds\n", text);
    return false;
}

bool mta_open(struct mta *m)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = patience_seconds};
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", socket_path);
    *m = (struct mta){.fd = socket(AF_UNIX, SOCK_STREAM, 0)};
    m->edits = calloc(1, EDITS_MAX);
    if (m->fd < 0 || m->edits == NULL)
        return false;
    (void)setsockopt(m->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(m->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return connect(m->fd, (struct sockaddr *)&to, sizeof to) == 0;
}

void mta_close(struct mta *m)
{
    if (m->fd >= 0)
        (void)close(m->fd);
    free(m->edits);
    *m = (struct mta){.fd = -1};
}

bool raw(struct mta *m, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n > 0) {
        ssize_t sent = send(m->fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        p += sent;
        n -= (size_t)sent;
    }
    return true;
}

bool command(struct mta *m, char code, const void *data, size_t n)
{
    char head[5];
    uint32_t length = htonl((uint32_t)n + 1);
    memcpy(head, &length, 4);
    head[4] = code;
    return raw(m, head, 5) && raw(m, data, n);
}

static bool receive(struct mta *m, void *to, size_t n)
{
    char *p = to;
    while (n > 0) {
        ssize_t got = recv(m->fd, p, n, 0);
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

char packet(struct mta *m, char *data, size_t *n)
{
    uint32_t length;
    char code;
    if (!receive(m, &length, 4))
        return 0;
    length = ntohl(length);
    if (length < 1 || length > REPLY_MAX || !receive(m, &code, 1) || !receive(m, data, length - 1))
        return 0;
    *n = length - 1;
    return code;
}

char reply(struct mta *m)
{
    static _Thread_local char data[REPLY_MAX];
    size_t n;
    for (;;) {
        char code = packet(m, data, &n);
        m->text[0] = '\0';
        if (code == 'y')
            (void)snprintf(m->text, sizeof m->text, "%.*s", (int)n, data);
        if (code == 0 || strchr("cartdys4f", code) != NULL)
            return code;
        if (code == 'p') /* still working */
            continue;
        size_t room = EDITS_MAX - m->n_edits;
        if (room < n + 8)
            return 0;
        char *to = m->edits + m->n_edits;
        *to++ = code;
        *to++ = '\t';
        for (size_t i = 0; i < n; i++)
            to[i] = data[i] == '\0' ? '\t' : data[i];
        to[n] = '\n';
        m->n_edits += n + 3;
    }
}

bool negotiate_with(struct mta *m, uint32_t version, uint32_t actions, uint32_t steps)
{
    uint32_t offer[3] = {htonl(version), htonl(actions), htonl(steps)}, answer[3];
    char data[REPLY_MAX];
    size_t n = 0;
    if (!command(m, 'O', offer, sizeof offer) || packet(m, data, &n) != 'O' || n < sizeof answer)
        return false;
    memcpy(answer, data, sizeof answer);
    m->version = ntohl(answer[0]);
    m->actions = ntohl(answer[1]);
    m->steps = ntohl(answer[2]);
    return true;
}

bool step(struct mta *m, char code, const void *data, size_t n, uint32_t no_reply)
{
    if (!command(m, code, data, n))
        return false;
    return (m->steps & no_reply) != 0 || reply(m) == 'c';
}

bool connection(struct mta *m)
{
    return STEP(m, 'C',
                "client.test\0"
                "4\x09\xdd"
                "203.0.113.7\0",
                NR_CONN);
}

bool hello(struct mta *m)
{
    return STEP(m, 'H', "client.test\0", NR_HELO);
}

bool envelope(struct mta *m)
{
    return connection(m) && hello(m);
}

bool mail(struct mta *m, const char *queue_id)
{
    char macro[64] = "Mi";
    size_t n = 3 + (size_t)snprintf(macro + 3, sizeof macro - 4, "%s", queue_id) + 1;
    return command(m, 'D', macro, n) && STEP(m, 'M', "<a@sender.test>\0", NR_MAIL) &&
           STEP(m, 'R', "<b@example.test>\0", NR_RCPT) &&
           ((m->steps & NO_DATA) != 0 || STEP(m, 'T', "", NR_DATA));
}

bool header(struct mta *m, const char *name, const char *value)
{
    char data[REPLY_MAX];
    int n = snprintf(data, sizeof data - 1, "%s%c%s", name, 0, value);
    return n > 0 && (size_t)n < sizeof data - 1 && step(m, 'L', data, (size_t)n + 1, NR_HDR);
}

char end(struct mta *m, const char *body)
{
    m->n_edits = 0;
    m->edits[0] = '\0';
    if (!STEP(m, 'N', "", NR_EOH))
        return 0;
    if (body[0] != '\0') {
        if (!command(m, 'B', body, strlen(body)))
            return 0;
        char code = (m->steps & NR_BODY) != 0 ? 'c' : reply(m);
        if (code != 'c' && code != 's')
            return code;
    }
    if (!command(m, 'E', "", 0))
        return 0;
    char code = reply(m);
    m->edits[m->n_edits] = '\0';
    return code;
}

bool ordinary(struct mta *m, const char *queue_id)
{
    return mail(m, queue_id) && header(m, "Subject", " hello") && end(m, "hi\r\n") == 'c' &&
           strstr(m->edits, "X-Extortion-Flag") != NULL;
}

bool begin_with(struct mta *m, uint32_t actions, uint32_t steps)
{
    return mta_open(m) && negotiate_with(m, 6, actions, steps) && envelope(m);
}

bool begin(struct mta *m)
{
    return begin_with(m, ACTIONS, STEPS);
}
