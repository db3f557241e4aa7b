/* The verbs of extortctl: one file and one row each. */
#ifndef PROGRAM_VERB_H
#define PROGRAM_VERB_H

#include <getopt.h>

#include "base/base.h"

struct verb {
    const char *name;
    const char *summary;  /* one line of extortctl --help */
    const char *synopsis; /* what follows "extortctl NAME" */
    const char *help;     /* options and examples */
    /* argv[0] is the verb's name. Returns the exit code. */
    int (*run)(const struct verb *verb, int argc, char **argv);
};

extern const struct verb verb_contacts;
extern const struct verb verb_disguise;
extern const struct verb verb_evidence;
extern const struct verb verb_ping;
extern const struct verb verb_policy;
extern const struct verb verb_preview;
extern const struct verb verb_quarantine;
extern const struct verb verb_reload;
extern const struct verb verb_scan;
extern const struct verb verb_status;
extern const struct verb verb_explain;
extern const struct verb verb_evaluate;
extern const struct verb verb_lint;
extern const struct verb verb_new_incident;
extern const struct verb verb_test;
extern const struct verb verb_tune;

/* What several verbs share: long options' values beyond the characters of short ones. */
enum option_value {
    OPTION_RULES = 256,
    OPTION_WITH,
    OPTION_JSON,
    OPTION_EXPLAIN,
    OPTION_NO_PROGRESS,
    OPTION_HELP,
    OPTION_LABEL,
    OPTION_COMPARE,
    OPTION_HTML,
    OPTION_RULE,
};

/* Prints the verb's help on stdout; returns 0. */
int verb_help(const struct verb *verb);
/* "extortctl scan: ...", and where to read more; returns EX_USAGE. */
int verb_misused(const struct verb *verb, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Threads wanted: 1 to POOL_THREADS_MAX, or "auto". False when it is neither. */
bool verb_jobs(const char *text, unsigned *jobs);
/* For verbs whose arguments are packs: reads the command line, then calls work. */
struct packs;
int verb_on_packs(const struct verb *verb, int argc, char **argv,
                  int (*work)(const struct packs *packs));
/* For getopt's '?' and ':'. Names the nearest long option. Returns EX_USAGE. */
int verb_bad_option(const struct verb *verb, int argc, char **argv, int answer,
                    const struct option *options);

#endif
