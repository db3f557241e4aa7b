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

#define HEADER_CLASS_NAME  "X-Extortion-Class"
#define HEADER_NOTICE_NAME "X-Extortion-Notice"
#define CLASS_NEVER_HELD   "violence" /* threats to life: every hour counts for who is threatened */

enum failure_action { FAILURE_ACCEPT, FAILURE_TEMPFAIL, FAILURE_QUARANTINE };
enum log_target { LOG_TARGET_SYSLOG, LOG_TARGET_STDERR };
enum class_action {
    ACTION_NONE = 0,
    ACTION_TAG = 1,
    ACTION_SUBJECT = 2,
    ACTION_QUARANTINE = 4,
    ACTION_ANNOTATE = 8,
};

struct string_list {
    char **v; /* own */
    size_t n;
};

enum { RECIPIENT_ROWS_MAX = 10000 }; /* an ISP's customers; found by a walk over all rows */

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
    enum failure_action on_failure;
    bool scan_authenticated;       /* judge mail of authenticated senders, too */
    unsigned actions_default;      /* enum class_action bits */
    unsigned actions[CLASSES_MAX]; /* per class of the ruleset */
    double class_quarantine_score[CLASSES_MAX];
    struct string_list rule_paths;
    struct notice_settings notice;
    struct limits limits;
    struct recipient_row *recipients; /* own */
    size_t n_recipients;
};

struct policy;
struct recipient_row; /* private */

/* What holds for one message, of all that its recipients want. */
struct policy_for {
    unsigned forbidden; /* enum class_action bits that at least one of them does not want */
    struct notice_settings notice; /* borrows from the policy */
    char *
        languages[NOTICE_LANGUAGES_MAX]; /* what notice.languages points to when they were joined */
    char none[1];                        /* an empty text for the notice */
    const char *conflict;                /* in what they differ, or NULL */
    unsigned line; /* of the row, when all have the same; 0: none, or several */
};

/*
 * One body goes to all recipients, so the weakest change that all allow is made: differing modes
 * give "header", differing countries general words; differing languages are joined as far as there
 * is room; minors are spoken to when all may be. others: more recipients than are given.
 */
void policy_for(const struct policy *p, const struct view *recipients, uint32_t n, bool others,
                struct policy_for *out);

/*
 * Reads settings (path NULL: all defaults) and loads and proves the rule packs. rule_paths of the
 * caller, when not NULL, replace those of the file. Errors as for ruleset_load.
 */
enum status policy_load(const char *path, const char *const *rule_paths, size_t n_rule_paths,
                        struct diags *diags, struct policy **out);
struct policy *policy_ref(struct policy *p);
void policy_unref(struct policy **p);
const struct settings *policy_settings(const struct policy *p);
const struct ruleset *policy_ruleset(const struct policy *p);
/* Another mode than the settings say; only before anybody shares p. */
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
};
/*
 * Never ACTION_QUARANTINE for mail that reaches the threshold of CLASS_NEVER_HELD, nor
 * ACTION_ANNOTATE when there are no notices.
 */
void policy_decide(const struct policy *p, const struct policy_for *whom, const struct verdict *v,
                   struct decision *out);
/* A commented default configuration with every key, for --print-config and the docs test. */
enum status policy_describe(struct buf *out);

#endif
