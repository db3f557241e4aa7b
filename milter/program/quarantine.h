/* Inside extortctl quarantine: what was asked for, and the two MTAs. */
#ifndef PROGRAM_QUARANTINE_H
#define PROGRAM_QUARANTINE_H

#include "mta/mta.h"
#include "program/held.h"
#include "program/verb.h"

struct quarantine_wishes {
    const struct verb *verb;
    const char *config_dir; /* of the MTA; NULL: its own */
    const char *programs;   /* where its tools are; NULL: the usual places */
    const char *sendmail;   /* the program; NULL: found there */
    const char *class_id;   /* or NULL */
    int64_t older_than;     /* seconds; below 0: not given */
    bool json, raw, dry_run, all, failures;
    const char *const *ids;
    size_t n_ids;
};

/* Each returns a sysexits code, and says what went wrong. */
struct quarantine_mta {
    const char *name;
    const char *config; /* the file that shows that it is there */
    const char *config_dir;
    /* Adds what is held, ours or not. only: that one, or NULL. */
    int (*list)(const struct quarantine_wishes *w, const char *only, struct held_list *out);
    int (*show)(const struct quarantine_wishes *w, const char *id, struct buf *out);
    int (*release)(const struct quarantine_wishes *w, const char *id);
    int (*delete)(const struct quarantine_wishes *w, const char *id);
};
extern const struct quarantine_mta quarantine_postfix, quarantine_sendmail;

/* quarantine-show.c: to stdout. Each returns a sysexits code, and says what went wrong. */
int quarantine_list(const struct quarantine_wishes *w, const struct quarantine_mta *mta,
                    const struct held_list *l);
int quarantine_show(const struct quarantine_wishes *w, const struct quarantine_mta *mta,
                    const char *id);

/* What quarantine-run.c gives to both. */
enum { QUARANTINE_BYTES_MAX = 512 << 20, QUARANTINE_ARGUMENTS = 12, QUARANTINE_PATH_MAX = 4096 };
/* Where a tool is; false, said, when it is nowhere. */
bool quarantine_program(const struct quarantine_wishes *w, const char *name,
                        char out[QUARANTINE_PATH_MAX]);
/*
 * Runs argv[0], a name of a tool or a path. output may be NULL; errors gets what it complains of,
 * and may be NULL. 0 when it ended with 0, else said.
 */
int quarantine_run(const struct quarantine_wishes *w, const char *const *argv, struct buf *output,
                   struct buf *errors);
/* "extortctl: quarantine: ID: text". */
void quarantine_complain(const char *id, const char *text);

#endif
