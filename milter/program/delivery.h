/*
 * A message as an MTA would hold it while a milter edits it: the headers in their order, and the
 * body. What the milter session asks for is done here and can be printed.
 */
#ifndef PROGRAM_DELIVERY_H
#define PROGRAM_DELIVERY_H

#include "mta/mta.h"

struct delivery {
    struct arena arena;
    struct delivered_header {
        const char *name, *value; /* in the arena; value with its leading space, folds are LF */
    } * headers;                  /* in the arena */
    uint32_t n, cap;
    struct view body;     /* foreign, or in the arena */
    const char *later;    /* a recipient whom the message was not for, since policies are split */
    const char *added[2]; /* recipients, in the arena */
    uint32_t n_added, n_deleted;
    bool held;
    const char *why_held; /* in the arena */
};

extern const struct mta_ops delivery_ops;

/* bytes: a message with LF or CRLF lines; an mbox "From " line is skipped. It must outlive *d. */
enum status delivery_read(struct delivery *d, struct view bytes);
void delivery_fini(struct delivery *d);
/* How the message comes in; nothing may be NULL. */
struct delivery_envelope {
    const char *sender, *client, *listener_name, *listener_port;
    bool authenticated;
    const char *const *recipients;
    size_t n_recipients;
};
/* Plays the message to a session, up to end of message. */
enum session_reply delivery_run(struct delivery *d, struct session *s,
                                const struct delivery_envelope *e);
/* As a mailbox would have it: LF lines. */
enum status delivery_write(const struct delivery *d, struct buf *out);

#endif
