/*
 * mta - the milter session: collects one message at a time, has it judged, asks the MTA for edits.
 *
 * session.c is the state machine; it knows the MTA only through struct mta_ops, so that tests and
 * fuzzers can play one. milter.c is the one file that includes <libmilter/mfapi.h>. Everything that
 * can fail happens before the first edit, and within a time that the settings give; edits go out in
 * one burst: header deletions from the
 * highest index down, header insertions, subject, headers of the body, recipients, quarantine, and
 * one new body.
 *
 * Threads: libmilter may run successive callbacks of one session on different threads, never two at
 * once. A session holds no lock between callbacks and no thread-local state; scanners come from a
 * pool shared by all sessions.
 */
#ifndef MTA_MTA_H
#define MTA_MTA_H

#include "policy/policy.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log_options {
    enum log_target target;
    enum log_form form;
    const char *syslog; /* path of its socket; NULL: the usual one */
    const char *name;   /* of the program */
    bool debug;
};

/*
 * Where log lines go; set before any thread starts. The texts must outlive the process's logging,
 * which never waits for a reader for longer than a moment.
 */
void log_start(const struct log_options *options);
/* The same with less to say. */
void log_open(enum log_target target, const char *name, bool debug);
void log_close(void);
/* One line; control and non-ASCII bytes are escaped. Thread-safe. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/*
 * The same for what may go wrong over and over: of one format five lines in a minute, and then how
 * many were left out. Not for what became of a message.
 */
void log_limited(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * A program that is run and waited for: no shell, an environment of PATH and LC_ALL, no descriptors
 * but the three. Whoever calls must ignore or block SIGPIPE.
 */
struct child_wish {
    const char *const *argv;     /* the first one is an absolute path; ended by NULL */
    struct view input;           /* for its standard input */
    struct buf *output, *errors; /* what it says; NULL: thrown away */
    unsigned seconds;            /* then it is killed */
};
/* CHILD_LATE: time was up. CHILD_LIMIT: it said more than output takes, and was killed. */
enum child_end { CHILD_EXITED, CHILD_KILLED, CHILD_LATE, CHILD_LIMIT, CHILD_FAILED };
struct child_outcome {
    enum child_end end;
    int code; /* exit code, signal, or errno of CHILD_FAILED */
};
struct child_outcome child_run(const struct child_wish *w);

/* What a session may ask of the MTA at end of message. Each returns false when the MTA refused. */
struct mta_ops {
    /* index counts all headers from 0, the top; larger than there are: at the end. */
    bool (*header_insert)(void *mta, int index, const char *name, const char *value);
    /* index counts headers of that name from 1; value NULL: delete. */
    bool (*header_change)(void *mta, int index, const char *name, const char *value);
    bool (*quarantine)(void *mta, const char *reason);
    /* Once, and last of all. NULL when the MTA does not allow it. */
    bool (*body_replace)(void *mta, struct view body);
    /* Still working: the MTA's clock starts anew. Never after the first edit. NULL: unknown. */
    bool (*progress)(void *mta);
    /* address: "<security@example.com>", deleted as it was received. NULL: not allowed. */
    bool (*rcpt_add)(void *mta, const char *address);
    bool (*rcpt_delete)(void *mta, const char *address);
};

/* SESSION_CLOSE: temporarily refused because we stop; the connection is best closed (421). */
enum session_reply {
    SESSION_CONTINUE,
    SESSION_TEMPFAIL,
    SESSION_SKIP,
    SESSION_LATER,
    SESSION_CLOSE
};

struct engine;  /* policy and its scanners, counters: one per process */
struct session; /* one per connection */

/*
 * Takes its own reference to the policy and makes the first scanner, so that what cannot work
 * (STATUS_IO: libmagic's data is missing) fails now. At most max_scanners (0: one per processor)
 * messages are judged at once; more wait.
 */
enum status engine_new(struct policy *policy, unsigned max_scanners, struct engine **out);
/*
 * From now on messages begin with this policy; each in flight keeps the one it began with, which
 * goes with the last of them. Takes its own reference; makes a first scanner, and changes nothing
 * when that fails. While old messages last, the old scanners work beside the new ones.
 */
enum status engine_policy_replace(struct engine *e, struct policy *policy);
/* That policy; the reference is the caller's. */
struct policy *engine_policy(struct engine *e);
/*
 * How a reload went: counts it, and keeps for those who ask what was wrong, a line each. Of more
 * bytes than that the rest is in the log only.
 */
enum { RELOAD_ERRORS_MAX = 65536 };
void engine_reload_note(struct engine *e, bool good, struct view errors);
/*
 * At the stop: sends alerts that are waiting, for at most so long. Sessions may still be served,
 * and their alerts are lost and logged.
 */
void engine_alerts_end(struct engine *e, unsigned seconds);
/* No session may be left. */
void engine_free(struct engine **e);
/* Messages between MAIL and end of message, for a clean stop. */
unsigned engine_in_flight(const struct engine *e);
/* From now on messages that begin are answered with SESSION_CLOSE; those in flight are judged. */
void engine_close(struct engine *e);
bool engine_closed(const struct engine *e);
/* How many seconds a message is over its deadline that is being judged; below 0: none is. */
double engine_overdue(struct engine *e);
/*
 * For mail of which nothing could be kept: logs, counts, and says what the settings want
 * (SESSION_CONTINUE or SESSION_TEMPFAIL; there is no message to hold).
 */
enum session_reply engine_refuse(struct engine *e, enum failure failure, const char *why);
/* For a connection that is turned away, with why: counts, and logs now and then. */
void engine_defer(struct engine *e, const char *why);
/* One log line with the counters. */
void engine_log_counters(const struct engine *e);

/*
 * leading_space: header values arrive with, and must be given with, their leading white space.
 * NULL when memory is out.
 */
struct session *session_new(struct engine *e, bool leading_space);
void session_free(struct session **s);
/* address: "203.0.113.7"; may be NULL. */
void session_connect(struct session *s, const char *address);
/* The listener that took the connection, as the MTA calls it; each may be NULL. After connect. */
void session_listener(struct session *s, const char *name, const char *port);
void session_helo(struct session *s, const char *helo);
/* sender with or without <>, "<>", "" or NULL: the null sender. */
void session_mail(struct session *s, const char *sender, bool authenticated);
/*
 * After session_mail: what the MTA tells of the delivery, for evidence. value may be NULL;
 * forgotten unless there is a store.
 */
void session_note(struct session *s, enum evidence_fact fact, const char *value);
/*
 * SESSION_LATER: policies are split, and this one's differs from that of the recipients so far. It
 * is to be refused for now and is forgotten. can_refuse: false outside of SMTP, and when the MTA
 * waits for no answer; then the policies are combined.
 */
enum session_reply session_rcpt(struct session *s, const char *recipient, bool can_refuse);
/* value: folds are LF, as the milter protocol has them. */
void session_header(struct session *s, const char *name, const char *value);
void session_eoh(struct session *s);
/* SESSION_SKIP: no more of the body is wanted. Chunks that come all the same are only counted. */
enum session_reply session_body(struct session *s, struct view chunk);
/* queue_id may be NULL. Judges, edits, logs; forgets the message. */
enum session_reply session_eom(struct session *s, const char *queue_id, const struct mta_ops *ops,
                               void *mta);
/* Forgets the message; may come twice, or never. */
void session_abort(struct session *s);

/*
 * What tells others how the daemon is: HTTP with GET /metrics, /status and /health on a socket, and
 * the metrics in a file. Each may be "" for none.
 */
struct monitor_options {
    const char *listen; /* "unix:/path" or "inet:port@host" */
    unsigned mode;      /* of a unix socket */
    const char *file;
    unsigned interval; /* seconds from one file to the next */
};

struct monitor;

/*
 * Starts its thread, when there is something to do; to be called before other threads are. What
 * cannot be opened is logged and left out, since mail comes first. *out is NULL when nothing is
 * left to do. False when memory or threads are out.
 */
bool monitor_start(struct engine *e, const struct monitor_options *options, struct monitor **out);
/* Ends the thread, removes socket and file; *m may be NULL. */
void monitor_stop(struct monitor **m);

/*
 * The milter of this process: libmilter has room for one. Functions that return int give a sysexits
 * code, 0 for success; what failed has been logged.
 */
struct milter_options {
    const char *socket; /* as in struct settings */
    unsigned socket_mode;
    const char *socket_group; /* or empty */
    const char *owner;        /* "user[:group]" that owns the socket and will serve it, or empty */
};

/*
 * Opens the socket; from now on MTAs can connect and wait. Refuses to take over a socket that is
 * served, or a path that is no socket; clears one that a dead process left. Starts no thread.
 */
int milter_open(const struct milter_options *options);
/* Undoes milter_open(), for a start that fails later. */
void milter_close(void);
/*
 * What SIGUSR1 is to do: load, and engine_policy_replace(). Runs on a thread of its own, one at a
 * time; signals that come meanwhile cause one more. May still run when milter_serve() has returned,
 * so context must live as long as the process.
 */
struct milter_reload {
    void (*run)(struct engine *e, void *context);
    /* Asked every two seconds on the same thread; true: run. NULL: only a signal does that. */
    bool (*due)(struct engine *e, void *context);
    /* Called every two seconds and after a run, on the same thread. NULL: nothing to tidy. */
    void (*tidy)(void);
    void *context;
};

/*
 * Serves until SIGTERM, SIGINT or SIGHUP: waits a while for messages in flight, a second signal
 * cuts that short, then removes the socket and returns. SIGUSR1 reloads, SIGUSR2 logs the counters.
 * To be called by the first thread, which handles all signals. Threads of libmilter still serve
 * afterwards, so the engine must not be freed and the process must end.
 */
int milter_serve(struct engine *e, const struct milter_reload *reload);
/*
 * Whether somebody answers there in the milter protocol. False: errno tells why; EPROTO: it is no
 * milter, ECONNRESET: it closed the connection without a word.
 */
bool milter_answers(const struct socket_address *address, unsigned seconds);
/* sd_notify(3): "READY=1". Does nothing when no service manager asked for it. */
void service_notify(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* How often it wants to hear WATCHDOG=1 at least; 0: never. */
double service_watchdog_seconds(void);
/* "1.0.1": the API version of the library that is linked. */
void milter_version(char out[32]);

#endif
