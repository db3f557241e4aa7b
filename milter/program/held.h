/*
 * What is held: messages of an MTA's hold queue as its tools and files tell of them. Parsers only;
 * all of it is hostile text, since senders choose addresses and headers.
 */
#ifndef PROGRAM_HELD_H
#define PROGRAM_HELD_H

#include "base/base.h"

enum {
    HELD_ID_MAX = 64,
    HELD_WORD_MAX = 64,
    HELD_RECIPIENTS_MAX = 1000, /* of one message that are kept; more are only counted */
    HELD_MAX = 1000000,         /* messages of one queue */
};

struct held {
    char id[HELD_ID_MAX + 1];
    bool ours;                    /* a header or reason of ours says so */
    bool skipped;                 /* for whoever selects */
    char class_id[HELD_WORD_MAX]; /* empty: it does not say */
    char score[16];
    char failure[HELD_WORD_MAX]; /* held because it could not be judged; else empty */
    int64_t arrived;             /* time(2); 0: unknown */
    uint64_t bytes;
    struct view sender;
    struct view *recipients;
    uint32_t n_recipients, cap;
    uint64_t n_all_recipients;
};

/* Texts live in the arena. */
struct held_list {
    struct arena arena;
    struct held *v;
    uint32_t n, cap;
    uint32_t odd; /* entries that could not be understood, left out */
};

void held_list_init(struct held_list *l);
void held_list_fini(struct held_list *l);
/* NULL when memory is out. */
struct held *held_add(struct held_list *l, struct view id);

/*
 * Letters and digits, at most HELD_ID_MAX of them, and not "ALL", which Postfix's tools take for
 * every message there is. Anything else must never reach a command line.
 */
bool held_id_good(struct view id);
/* Lines of `postqueue -j`: adds those of the hold queue. STATUS_NO_MEMORY. */
enum status held_read_postqueue(struct view lines, struct held_list *l);
/* From a message's header, LF lines: our mark, if it is there. */
void held_read_header(struct view header, struct held *h);
/* A whole hf file of Sendmail: envelope, reason and headers. STATUS_INVALID when it is none. */
enum status held_read_hf(struct view file, struct held *h, struct arena *arena);
/* The header fields of an hf file as a message has them, LF lines and an empty one. */
enum status held_hf_header(struct view file, struct buf *out);
/* "30", "30d", "12h", "90m", "2w" in seconds; a bare number is days. */
bool held_age_read(const char *text, int64_t *seconds);

#endif
