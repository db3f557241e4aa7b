/*
 * Talking to a daemon of this host, with an end to all patience: whatever it does, every call
 * returns when the time is up.
 */
#ifndef PROGRAM_DIAL_H
#define PROGRAM_DIAL_H

#include <sys/types.h>

#include "policy/policy.h"

struct dial {
    int fd;         /* or -1 */
    uint64_t until; /* ms of the monotonic clock */
};

/* The functions set errno; ETIMEDOUT when the time is up. */
bool dial_open(struct dial *d, const struct socket_address *to, double seconds);
bool dial_send(struct dial *d, struct view bytes);
/* At least one byte, at most n; 0: the other side has closed; -1: an error. */
ssize_t dial_receive(struct dial *d, char *to, size_t n);
void dial_close(struct dial *d);

/* "0.5" to "600". */
bool dial_seconds_read(const char *text, double *out);
/* errno as an exit code: nobody there, not permitted, or too late. */
int dial_exit_code(int error);

#endif
