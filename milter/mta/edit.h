/*
 * Edits: what a verdict changes in the message. First planned, which may fail; then applied in one
 * burst, which is not taken back. Private to mta.
 */
#ifndef MTA_EDIT_H
#define MTA_EDIT_H

#include "mta/mta.h"

/* The headers that are ours: inserted by us, removed when they come from outside. */
enum trace {
    TRACE_FLAG,
    TRACE_SCORE,
    TRACE_RULES,
    TRACE_CLASS,
    TRACE_NOTICE,
    TRACE_HOLD,
    TRACE_MOVED,
    TRACE_ALERT,
    TRACE_COUNT
};

const char *trace_name(const struct settings *s, enum trace trace);

/* What the session saw of the message's own headers. */
struct edit_input {
    bool leading_space;
    unsigned headers;             /* how many fields there are */
    unsigned forged[TRACE_COUNT]; /* how many of these are ours by name */
    bool has_subject;
    struct view subject;           /* value of the first one, as received */
    const struct view *recipients; /* without <> */
    uint32_t n_recipients;
    bool more_recipients;     /* than are given */
    struct view moved;        /* value of the first HEADER_MOVED_NAME, or empty */
    const unsigned char *key; /* SEAL_KEY_BYTES */
};

/* Recipients to add and to delete; "<a@b.example>" each. */
struct move {
    struct arena arena;
    const char *add[2]; /* in the arena */
    const char **drop;  /* in the arena, as are its texts */
    uint32_t n_add, n_drop;
};

struct edits {
    const struct settings *settings; /* foreign */
    unsigned forged[TRACE_COUNT];
    bool insert[TRACE_COUNT];
    struct buf value[TRACE_COUNT]; /* own; NUL-terminated */
    enum { SUBJECT_KEEP, SUBJECT_CHANGE, SUBJECT_INSERT } subject;
    struct buf subject_value; /* own; NUL-terminated */
    int append_index;         /* beyond the last header */
    bool quarantine;
    struct move move;
    bool rewritten; /* rewrite below is set */
    bool torn;      /* fields that describe the body were changed, the body was not */
    struct rewrite rewrite;
    char *spaced[HEADER_EDITS_MAX]; /* in its arena; values as the MTA wants them */
};

/* Only the removal of forged headers. */
void edits_init(struct edits *e, const struct settings *settings, const struct edit_input *input);
/* Adds what was decided. STATUS_NO_MEMORY: *e is still what edits_init made it. */
enum status edits_plan(struct edits *e, const struct decision *d, const struct edit_input *input);
/*
 * Why a message that should be redirected cannot be, one word; NULL: it can.
 */
const char *move_hindered(const struct edit_input *input);
/*
 * Plans what ACTION_REDIRECT and ACTION_COPY say, and what the header says of it; with neither, no
 * more than whether such a header of ours may stay. Whoever is a recipient already is not added,
 * so a second pass changes nothing. STATUS_NO_MEMORY: to be given up with edits_fini().
 */
enum status move_plan(struct edits *e, const struct decision *d, const struct edit_input *input);
void move_fini(struct move *m);
/* As edits_apply(). */
const char *move_apply(const struct move *m, const struct mta_ops *ops, void *mta);

/* Adds that the message was not judged, and why: one word. */
enum status edits_plan_bypass(struct edits *e, const struct policy_for *whom, const char *why,
                              const struct edit_input *input);
/* Adds what e->rewrite says; seals the body. STATUS_NO_MEMORY: to be given up with edits_plain().
 */
enum status edits_plan_notice(struct edits *e, const unsigned char key[SEAL_KEY_BYTES],
                              const struct edit_input *input);
/* Takes a rewriting back that could not be finished; what else was planned stays. */
void edits_plain(struct edits *e);
void edits_fini(struct edits *e);
/* Stops at the first refusal and returns its name for the log; NULL when all was taken. */
const char *edits_apply(struct edits *e, const struct mta_ops *ops, void *mta);

#endif
