/*
 * policy - settings and everything loaded by them, as one immutable object.
 *
 * Reads extortion-milter.conf (libconfig): one table row per key, unknown keys named with the
 * nearest known one, wrong types and ranges refused, all errors in one run. A policy holds its
 * ruleset; both are shared by all threads and reference-counted; a message keeps the policy it
 * began with.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "notice/notice.h"
#include "store/store.h"

#define HEADER_CLASS_NAME  "X-Extortion-Class"
#define HEADER_NOTICE_NAME "X-Extortion-Notice"
#define HEADER_HOLD_NAME   "X-Extortion-Hold"       /* extortctl quarantine knows our mail by it */
#define HEADER_MOVED_NAME  "X-Extortion-Redirected" /* says from whom */
#define HEADER_ALERT_NAME  "X-Extortion-Alert"      /* of our own alert mail, sealed */
#define HOLD_REASON        "extortion-milter: "     /* what our reasons begin with */
#define CLASS_NEVER_HELD   "violence" /* threats to life: every hour counts for who is threatened */

/* What kept a message from being judged or edited, and its key below `failure` in the settings. */
#define FAILURES(X)                                                                                \
    X(MEMORY, memory)     /* none left */                                                          \
    X(DEADLINE, deadline) /* the message took longer than `deadline` */                            \
    X(OVERLOAD, overload) /* hardly a descriptor left: a connection could not be served */         \
    X(EDIT, edit)         /* the MTA refused a change; those before it stand */                    \
    X(LIMITS, limits)     /* judged only up to a limit, and nothing was found up to there */       \
    X(INTERNAL, internal) /* anything else; a bug */

enum failure {
#define X(id, name) FAILED_##id,
    FAILURES(X)
#undef X
        FAILURE_COUNT
};
extern const char *const failure_names[FAILURE_COUNT];

enum failure_action { FAILURE_ACCEPT, FAILURE_TEMPFAIL, FAILURE_QUARANTINE, FAILURE_DEFAULT };
enum differ_mode { DIFFER_STRICT, DIFFER_SPLIT };
enum log_target { LOG_TARGET_SYSLOG, LOG_TARGET_STDERR };
enum log_form { LOG_FORM_TEXT, LOG_FORM_JSON };
enum log_addresses {
    LOG_ADDRESSES_NONE,
    LOG_ADDRESSES_HASH,
    LOG_ADDRESSES_DOMAIN,
    LOG_ADDRESSES_FULL
};
enum class_action {
    ACTION_NONE = 0,
    ACTION_TAG = 1,
    ACTION_SUBJECT = 2,
    ACTION_QUARANTINE = 4,
    ACTION_ANNOTATE = 8,
    ACTION_REDIRECT = 16, /* to a mailbox instead of the recipients */
    ACTION_COPY = 32,     /* to a mailbox as well */
};

struct string_list {
    char **v; /* own */
    size_t n;
};

enum { POLICY_ROWS_MAX = 10000 }; /* an ISP's customers */

/* What may be said for single recipients and listeners; the first ones for classes, too. */
enum policy_value {
#define CLASS_VALUE(id, ...) VALUE_##id,
#define VALUE(id, ...)       VALUE_##id,
#include "policy/values.def"
#undef CLASS_VALUE
#undef VALUE
    VALUE_COUNT,
    CLASS_VALUES = VALUE_ACTIONS + 1
};

/* The line of the file that said it; 0: nobody did. */
struct origin {
    unsigned value[VALUE_COUNT];
    unsigned class[CLASS_VALUES][CLASSES_MAX];
};
#define ORIGIN_PACKS UINT32_MAX /* the rule packs did */

/* How readers are helped. */
struct notice_settings {
    enum annotate_mode mode;
    char *operator; /* own; empty: no notices, since one must say who speaks */
    char *reach;    /* own; how to ask the operator, or empty */
    char *gateway;  /* own; empty: the host's name */
    char *country;  /* own; "auto": the recipients' country-code domain; or "FI", or empty */
    struct string_list languages; /* of the notice; none: the mail's, and English */
    bool minors;                  /* readers may be under age */
    bool lists;                   /* rewrite mail of mailing lists, too */
    double wrap_score;            /* from there on auto wraps */
    char *data; /* own; folder of contacts.conf and notices/, or empty: the installed one */
    struct string_list contacts, texts; /* the site's own files, before the installed ones */
};

/* Records of flagged mail; extortctl evidence reads them. */
struct evidence_settings {
    char *directory; /* own; empty: none are kept */
    char *key;       /* own; file of the public key */
    bool encrypt;
    double days;  /* 0: until somebody purges them */
    double quota; /* bytes; 0: no bound */
    double message_bytes;
    enum failure_action on_failure; /* never FAILURE_QUARANTINE */
};

/* Mail to a duty address about threats to life. */
struct alert_settings {
    char *address; /* own; empty: none is sent */
    char *from;    /* own; empty: as address */
    char *via;     /* own; as socket, or the path of a program */
    double rate;   /* mails an hour */
    double timeout;
};

enum socket_kind { SOCKET_UNIX, SOCKET_INET, SOCKET_INET6 };

struct socket_address {
    enum socket_kind kind;
    const char *path; /* SOCKET_UNIX, else NULL; borrows the text */
    uint16_t port;    /* the others */
    const char *host;
};

/*
 * Understands "unix:/path" (also "local:", or a bare path), "inet:port@host", "inet6:port@host".
 * False when it is none; *hint then says what a good one looks like.
 */
bool socket_address_read(const char *text, struct socket_address *out, const char **hint);

/* Only this host reaches it: a unix socket, localhost, 127.0.0.0/8, ::1. */
bool socket_is_local(const struct socket_address *address);

/*
 * Where the metrics of a milter on socket are: listen itself, or what "auto" means then; empty for
 * nowhere.
 */
enum { METRICS_ADDRESS_MAX = 256 };
void metrics_address(const char *listen, const char *socket, char out[METRICS_ADDRESS_MAX]);

/* Defaults and ranges stand in policy/settings.def; every key is in extortion-milter.conf(5). */
struct settings {
    char *socket;         /* own; "unix:/run/..." or "inet:port@host" */
    unsigned socket_mode; /* 0660 */
    char *socket_group;   /* own or NULL */
    char *pid_file;       /* own or NULL */
    char *user;           /* own or NULL: change to this user after opening the socket */
    bool background;
    enum log_target log_target;
    bool log_details;     /* class, rules and sender in logs; off: queue id, flag, score, ruleset */
    char *header_flag;    /* own; "X-Extortion-Flag" */
    char *header_score;   /* own; "X-Extortion-Score" */
    char *header_rules;   /* own; "X-Extortion-Rules", or empty: not added */
    bool header_class;    /* add HEADER_CLASS_NAME; off, since the label is sensitive */
    bool header_clean;    /* add the flag header ("no") to unflagged mail too */
    char *subject_prefix; /* own; "[EXTORTION]" or empty */
    double threshold;     /* points to be flagged; 0: what each class says */
    double quarantine_score; /* points to be held, if the class's action says quarantine */
    double redirect_score, copy_score;
    char *redirect_to, *copy_to;    /* own; a mailbox, or empty */
    bool header_moved;              /* redirected mail names its recipients in HEADER_MOVED_NAME */
    enum failure_action on_failure; /* never FAILURE_DEFAULT */
    enum failure_action failures[FAILURE_COUNT]; /* see settings_failure() */
    bool auto_reload;
    double deadline;         /* seconds from the end of a message to its verdict */
    bool scan;               /* judge mail at all */
    bool scan_authenticated; /* judge mail of authenticated senders, too */
    bool scan_internal;      /* judge mail from internal networks, too */
    struct string_list internal_networks;
    struct network *networks; /* own; the same, as many */
    enum differ_mode policies_differ;
    bool annotate, exempt, record, warn; /* said by policies only */
    unsigned actions_default;            /* enum class_action bits */
    unsigned actions[CLASSES_MAX];       /* per class of the ruleset */
    double class_threshold[CLASSES_MAX]; /* 0: what the rule packs say */
    double class_quarantine_score[CLASSES_MAX];
    double class_redirect_score[CLASSES_MAX];
    double class_copy_score[CLASSES_MAX];
    struct origin origin;
    struct string_list rule_paths;
    struct notice_settings notice;
    struct evidence_settings evidence;
    struct alert_settings alert;
    double quarantine_days; /* 0: held mail does not expire */
    struct limits limits;
    struct policy_rows *rows; /* own, or NULL */

    enum log_form log_form;
    enum log_addresses log_addresses; /* with log_details */
    char *log_syslog;                 /* own; path of its socket */
    char *metrics_listen;             /* own; "auto", as socket, or empty: nowhere */
    unsigned metrics_socket_mode;
    bool metrics_remote;     /* other hosts may connect, too */
    char *metrics_file;      /* own, or empty: none */
    double metrics_interval; /* seconds */
    double metrics_step;     /* in which counters of classes and rules move */
    bool metrics_rules;      /* count hits of rules */
};

struct policy;
struct network; /* private, as is struct policy_rows */
struct policy_rows;

/* What a failure means for the mail: never FAILURE_DEFAULT. */
enum failure_action settings_failure(const struct settings *s, enum failure failure);

/* For whom a message is, and where it came in. */
struct audience {
    const struct view *recipients; /* without <> */
    uint32_t n;
    bool others;                              /* more than are given */
    struct view listener_name, listener_port; /* as the MTA calls it; may be empty */
};

/* What holds for one message, of all that its recipients want. Not to be copied. */
struct policy_for {
    /*
     * Resolved, per class: thresholds are what they are, actions without what is not wanted.
     * Borrows from the policy and from here.
     */
    struct settings settings;
    double flag_at[CLASSES_MAX]; /* the lowest threshold; that of settings is the highest */
    unsigned any[CLASSES_MAX];   /* actions that at least one of them wants */
    uint32_t differ;             /* bit per enum policy_value */
    unsigned line[2]; /* of the nearest row for the first, and for one that differs; 0: none */
    char *languages[NOTICE_LANGUAGES_MAX];
    char none[1];
};

/*
 * A value is said by the row for the address, else by that for its domain, for the nearest of the
 * domains around it, for the listener, else by the settings for all. One body goes to all
 * recipients: what becomes of values that differ is in values.def.
 */
void policy_for(const struct policy *p, const struct audience *a, struct policy_for *out);
/* "country,mode": the names of the values in which they differ. */
enum status policy_differ_text(const struct policy_for *f, struct buf *out);
/* A value's name in a row. */
const char *policy_value_name(enum policy_value v);
/*
 * The value as a file would say it, which is JSON as well: "FI", [ "tag" ], 5, true. class_index:
 * of that class, if v is below CLASS_VALUES.
 */
enum status policy_value_text(const struct settings *s, enum policy_value v, uint32_t class_index,
                              struct buf *out);
/* client: its address, or empty. */
bool policy_internal(const struct policy *p, const char *client);
/*
 * Why mail is not judged, one word: "opted-out", "authenticated", "internal"; NULL: it is.
 */
const char *policy_bypass(const struct policy *p, const struct policy_for *f, bool authenticated,
                          const char *client);

/*
 * Reads settings (path NULL: all defaults) and loads and proves the rule packs. rule_paths of the
 * caller, when not NULL, replace those of the file. Errors as for ruleset_load.
 */
enum status policy_load(const char *path, const char *const *rule_paths, size_t n_rule_paths,
                        struct diags *diags, struct policy **out);
/*
 * Only what stands in the file itself: no packs, classes, texts or contacts. For who needs a path
 * or a number out of it.
 */
enum status policy_load_settings(const char *path, struct diags *diags, struct policy **out);
struct policy *policy_ref(struct policy *p);
void policy_unref(struct policy **p);
const struct settings *policy_settings(const struct policy *p);
const struct ruleset *policy_ruleset(const struct policy *p);
/*
 * Opens the folder of evidence, for who is going to write there; without evidence.directory there
 * is nothing to open. Only before anybody shares p. STATUS_INVALID and STATUS_IO with diagnostics.
 */
enum status policy_store_open(struct policy *p, struct diags *diags);
/* NULL unless it was opened. */
struct store *policy_store(const struct policy *p);
/* Another mode than settings and policies say; only before anybody shares p. */
void policy_notice_mode(struct policy *p, enum annotate_mode mode);
/* Texts and contacts; NULL when there are no notices. */
const struct notices *policy_notices(const struct policy *p);
/* What a verdict means for one message. */
struct decision {
    const struct verdict *verdict; /* foreign, as is whom */
    const struct policy_for *whom;
    const char *ruleset; /* its version */
    bool flagged;
    double threshold;     /* the points from which it counts as flagged */
    uint32_t class_index; /* CLASS_NONE unless flagged */
    const char *class_id; /* lives as long as the policy; or NULL */
    unsigned actions;     /* enum class_action bits; 0 when nothing is to be done */
    bool life; /* flagged, and threatens life, whatever its class: nothing may delay it */
    const char
        *declined; /* why a flagged message is not annotated, one word; NULL: not asked for */
};
/*
 * Neither ACTION_QUARANTINE nor ACTION_REDIRECT for mail that reaches the threshold of
 * CLASS_NEVER_HELD; not both; neither ACTION_REDIRECT nor ACTION_COPY without a mailbox; no
 * ACTION_ANNOTATE when there are no notices.
 */
void policy_decide(const struct policy *p, const struct policy_for *whom, const struct verdict *v,
                   struct decision *out);
/* A commented default configuration with every key, for --print-config and the docs test. */
enum status policy_describe(struct buf *out);

#endif
