/* A session's inside, for session.c (collects) and judge.c (decides). Private to mta. */
#ifndef MTA_SESSION_H
#define MTA_SESSION_H

#include "mta/edit.h"
#include "mta/engine.h"
#include "mta/pace.h"

enum {
    ADDRESS_MAX = 64,
    HELO_MAX = 255,
    LISTENER_MAX = 128,
    QUEUE_ID_MAX = 64,
    RECIPIENTS_MAX = 1000,  /* kept for rules; more are only counted */
    ENVELOPE_MAX = 1 << 20, /* bytes of addresses of one message */
    SUBJECT_MAX = 1 << 20,  /* no header is longer, see milter.c */
    MOVED_MAX = 8191,       /* ours is no longer */
    FACT_BYTES_MAX = 512,   /* of what the MTA tells of the delivery */
};

/* One message, from MAIL to end of message, abort, the next MAIL, or the end of the connection. */
struct message_state {
    bool active;
    struct generation *generation; /* own reference */
    bool authenticated;
    bool complete;      /* the recipients are */
    const char *bypass; /* why it is not judged, one word; or NULL */
    bool late;          /* begun after engine_close() */
    bool failed;        /* memory was out: it cannot be judged */
    bool full;          /* message_bytes is reached: the rest is only counted */
    bool in_body;
    size_t body_at; /* in raw */
    char seal[80];  /* value of the first notice header: a seal of ours is shorter */
    char alert[80]; /* value of the first HEADER_ALERT_NAME, likewise */
    uint64_t size;  /* bytes that came */
    struct buf raw;
    struct arena envelope;
    struct view sender;
    struct view *recipients; /* in envelope */
    uint32_t n_recipients, cap_recipients;
    uint64_t n_all_recipients;
    /* Own; NULL until complete, and without memory for it, when failed. Most connections are idle.
     */
    struct policy_for *whom;
    struct view facts[FACT_COUNT]; /* in envelope; only when there is a store */
    struct buf subject;
    struct buf moved; /* value of the first HEADER_MOVED_NAME, if it is no longer than MOVED_MAX */
    struct edit_input input;
    struct budget budget; /* while it is judged */
};

struct session {
    struct engine *engine; /* foreign */
    bool leading_space;
    char address[ADDRESS_MAX];
    char helo[HELO_MAX + 1];
    char listener_name[LISTENER_MAX], listener_port[LISTENER_MAX];
    struct message_state m;
};

/* Of the message that is being collected. */
const struct policy *session_policy(const struct session *s);
const struct settings *session_settings(const struct session *s);
/*
 * Plans a notice where the policy wants one. STATUS_NO_MEMORY, STATUS_DEADLINE: none, and
 * edits_plain() is due.
 * body_edits: the MTA lets us replace a body.
 */
enum status annotate_plan(struct session *s, struct scanner *scanner, const struct scan *scan,
                          const struct decision *d, bool body_edits, struct edits *edits);
/* A record on its way to the store. */
struct recording {
    bool wanted, written;
    enum status failed; /* to be described */
    int64_t seconds;
    char id[RECORD_ID_BYTES];
    struct buf json;
};
/*
 * Describes a flagged message that is to be recorded; else leaves *r empty. The scan must still be
 * valid. What it returns belongs into r->failed.
 */
enum status recording_plan(struct session *s, struct scanner *scanner, const struct scan *scan,
                           const struct envelope *envelope, const struct decision *d,
                           const char *queue_id, struct recording *r);
/*
 * Writes it, counts, and logs a failure. False: the settings want the sender to try again, and it
 * is no threat to life.
 */
bool recording_write(struct session *s, const char *queue_id, bool life, struct recording *r);
/* "tag+subject"; the text lives in out. */
const char *action_text(unsigned actions, char out[64]);
/* What of the message is judged and rewritten; a record may hold more. */
struct view session_judged(const struct session *s);
/* Judges the complete message, applies the edits, logs one line. */
enum session_reply session_judge(struct session *s, const char *queue_id, const struct mta_ops *ops,
                                 void *mta);

#endif
