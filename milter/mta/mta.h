/*
 * mta - the milter session: collects one message at a time, has it judged, asks the MTA for edits.
 *
 * session.c is the state machine; it knows the MTA only through struct mta_ops, so that tests and
 * fuzzers can play one. milter.c is the one file that includes <libmilter/mfapi.h>. Everything that
 * can fail happens before the first edit; edits go out in one burst: header deletions from the
 * highest index down, header insertions, subject, quarantine.
 *
 * Threads: libmilter may run successive callbacks of one session on different threads, never two at
 * once. A session holds no lock between callbacks and no thread-local state; scanners come from a
 * pool shared by all sessions.
 */
#ifndef MTA_MTA_H
#define MTA_MTA_H

#include "policy/policy.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Where log lines go; set once, before any thread starts. */
void log_open(enum log_target target, const char *name, bool debug);
void log_close(void);
/* One line; control and non-ASCII bytes of the arguments are escaped. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a session may ask of the MTA at end of message. Each returns false when the MTA refused. */
struct mta_ops {
    bool (*header_insert)(void *mta, int index, const char *name, const char *value);
    bool (*header_change)(void *mta, int index, const char *name,
                          const char *value); /* NULL: delete */
    bool (*quarantine)(void *mta, const char *reason);
};

enum session_reply { SESSION_CONTINUE, SESSION_ACCEPT, SESSION_TEMPFAIL, SESSION_SKIP };

struct engine;  /* policy pointer, scanner pool, counters: one per process */
struct session; /* one per connection */

/* Takes its own reference to the policy. */
enum status engine_new(struct policy *policy, struct engine **out);
void engine_free(struct engine **e);
/* Messages between MAIL and end of message, for a clean stop. */
unsigned engine_in_flight(const struct engine *e);

/* leading_space: header values arrive with, and must be given with, their leading white space. */
struct session *session_new(struct engine *e, bool leading_space);
void session_free(struct session **s);
void session_connect(struct session *s, const char *host, const char *address);
void session_helo(struct session *s, const char *helo);
enum session_reply session_mail(struct session *s, const char *sender, bool authenticated);
enum session_reply session_rcpt(struct session *s, const char *recipient);
enum session_reply session_header(struct session *s, const char *name, const char *value);
enum session_reply session_eoh(struct session *s);
enum session_reply session_body(struct session *s, struct view chunk);
/* queue_id may be NULL. Judges and edits; forgets the message. */
enum session_reply session_eom(struct session *s, const char *queue_id, const struct mta_ops *ops,
                               void *mta);
/* Forgets the message; may come twice, or never. */
void session_abort(struct session *s);

/* Serves the milter protocol until SIGTERM or SIGINT. Returns a sysexits code. */
int milter_serve(struct engine *e, const struct settings *settings, bool foreground);

#endif
