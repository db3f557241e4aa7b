/*
 * Messages out of one open file: a single message, or an mbox (RFC 4155) when the first line is an
 * mbox From line. Reads by blocks, so that pipes work, a mailbox of any size needs the memory of
 * one message, and a file that shrinks while being read is no crash (as it would be with mmap).
 *
 * mbox: a message starts at each line "From sender weekday month day time year" (the test of mutt
 * and Dovecot, so that "From now on" in a body splits nothing); Content-Length is ignored; one '>'
 * is taken off lines that begin with one or more '>' and "From ".
 */
#ifndef PROGRAM_MAILBOX_H
#define PROGRAM_MAILBOX_H

#include "base/base.h"

struct letter {
    char *bytes;     /* own: free() it */
    size_t n;        /* at most the mailbox's max + 1: the one more shows that it was cut */
    uint32_t number; /* from 1, among several in one mbox, whose From lines are taken off; 0: the
                        file's only message, as it lies there */
};

struct mailbox;

enum mailbox_step { MAILBOX_LETTER, MAILBOX_END, MAILBOX_NO_MEMORY, MAILBOX_IO };

/* Takes over fd (closed by mailbox_free, or at once on failure). max: bytes kept of a message. */
enum status mailbox_new(int fd, size_t max, struct mailbox **out);
void mailbox_free(struct mailbox **m);
/*
 * The next message. An empty file gives one letter of 0 bytes. MAILBOX_IO: reading failed, errno
 * tells; MAILBOX_NO_MEMORY: this message is lost. Nothing more comes after either.
 */
enum mailbox_step mailbox_next(struct mailbox *m, struct letter *out);
/* Bytes of the file used up so far, for progress. */
uint64_t mailbox_position(const struct mailbox *m);

/* Is this line (without its ending) an mbox From line? */
bool mailbox_from_line(struct view line);

#endif
