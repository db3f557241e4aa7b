/*
 * The MTA side of the milter protocol (version 6) over a unix socket, for test programs that play
 * one. One struct mta per connection and thread.
 */
#ifndef TESTS_MTA_WIRE_H
#define TESTS_MTA_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ACTIONS = 0x1FF, STEPS = 0x1FFFFF, REPLY_MAX = 1 << 16, EDITS_MAX = 1 << 20 };
/* Steps the filter may ask for, of mfdef.h. */
enum {
    NR_HDR = 0x80,
    NR_CONN = 0x1000,
    NR_HELO = 0x2000,
    NR_MAIL = 0x4000,
    NR_RCPT = 0x8000,
    NR_DATA = 0x10000,
    NR_EOH = 0x40000,
    NR_BODY = 0x80000,
    NO_DATA = 0x200,
    LEADING_SPACE = 0x100000,
};

extern const char *socket_path;
/* How long an answer may take. */
extern long patience_seconds;

/* PATIENCE of the environment; false, said on stderr, when it is no number. */
bool patience_read(void);

struct mta {
    int fd;
    uint32_t version, actions, steps; /* as the filter answered */
    char *edits;                      /* "h\tname\tvalue\n" for each edit of the last message */
    size_t n_edits;
    char text[256]; /* of the last answer in words, "421 4.3.2 ..."; else empty */
};

bool mta_open(struct mta *m);
void mta_close(struct mta *m);
bool raw(struct mta *m, const void *bytes, size_t n);
bool command(struct mta *m, char code, const void *data, size_t n);
/* One packet; its code, or 0 when the connection is closed, or silent for too long. */
char packet(struct mta *m, char *data, size_t *n);
/* The final answer; edits before it are collected. */
char reply(struct mta *m);
bool negotiate_with(struct mta *m, uint32_t version, uint32_t actions, uint32_t steps);
/* A step that the filter may have asked to leave unanswered. */
bool step(struct mta *m, char code, const void *data, size_t n, uint32_t no_reply);
#define STEP(m, code, text, no_reply) step(m, code, text, sizeof(text) - 1, no_reply)
bool connection(struct mta *m);
bool hello(struct mta *m);
bool envelope(struct mta *m); /* both */
bool mail(struct mta *m, const char *queue_id);
bool header(struct mta *m, const char *name, const char *value);
/* The rest of a message; what it was answered with, or 0. */
char end(struct mta *m, const char *body);
/* One whole message, with an answer as it should be. */
bool ordinary(struct mta *m, const char *queue_id);
/* Connection, negotiation and envelope. */
bool begin_with(struct mta *m, uint32_t actions, uint32_t steps);
bool begin(struct mta *m);

#endif
