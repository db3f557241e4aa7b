/* Inside extortctl evaluate: what was measured, and the forms it is written in. */
#ifndef PROGRAM_EVALUATE_H
#define PROGRAM_EVALUATE_H

#include <stdio.h>

#include "program/figures.h"
#include "program/screen.h"
#include "program/task.h"

struct evaluation {
    const struct ruleset *ruleset; /* foreign */
    struct manifest manifest;
    struct arena arena; /* paths and explanations */
    struct measured *v; /* own; in the order of the samples */
    size_t n, cap;
    uint64_t (*rule_hits)[LABEL_COUNT]; /* own; per rule of the ruleset */
    uint64_t facet_hits[FACET_COUNT][LABEL_COUNT];
    uint64_t n_unreadable; /* samples, or messages, that gave no verdict */
    size_t n_wrong_lines;  /* of manifests */
    struct figures figures;
    double seconds;
    unsigned jobs;
    int interrupted; /* by this signal, before all was measured; or 0 */
    int trouble;     /* the gravest sysexits code of what could not be read, or 0 */
    bool keep_hits;  /* of every message, for tune */
};

/* evaluation_init: no samples yet, one thread a processor. */
void evaluation_init(struct evaluation *e);
void evaluation_fini(struct evaluation *e);
/* Adds a manifest; or, with a label, mail of that label. False: no memory. */
bool evaluation_add(struct evaluation *e, const char *path, enum label label, struct diags *diags);
/* What a status means, with errno where it was reading or writing. */
const char *evaluation_why(enum status status);
/* What the manifests lack, said before measuring: all of it. 0, or a code when nothing is left. */
int evaluation_check(struct evaluation *e, struct diags *diags);

/*
 * Judges all samples of e->manifest with e->jobs threads and makes the figures. SIGINT and SIGTERM
 * end it early, with what was measured so far. Names on stderr what cannot be read. 0 or a sysexits
 * code. explain: keep the explanations of misses and false positives.
 */
int evaluation_measure(struct evaluation *e, const struct limits *limits, bool explain,
                       bool wants_progress);

/* How a rule or facet tells extortion from the rest. */
struct worth {
    uint64_t hits, extortion, other;
    double share_extortion, share_other; /* of all extortion mail, of all other mail */
    double precision;                    /* of the messages it hit, those that are extortion */
};
struct worth worth_of(const struct figures *f, const uint64_t hits[LABEL_COUNT]);

/* Rules that hit something: most extortion first. NULL when memory is out; free() it. */
uint32_t *evaluation_rules_sorted(const struct evaluation *e, uint32_t *n);
/* The class that was given, or "not flagged". */
const char *evaluation_class(const struct evaluation *e, uint32_t class_index);

/* What changed since an earlier run, message by message. */
enum change {
    CHANGE_GAINED,  /* extortion that was missed is found */
    CHANGE_LOST,    /* extortion that was found is missed */
    CHANGE_CLEARED, /* a false positive is gone */
    CHANGE_ALARMED, /* a new false positive */
    CHANGE_RIGHTED, /* flagged before and now; the class was wrong and is right */
    CHANGE_WRONGED, /* the class was right and is wrong */
    CHANGE_COUNT
};

struct changed {
    enum change change;
    const struct measured *now; /* foreign */
    double score_before;
};

struct comparison {
    struct changed *v; /* own; by kind, then in the order of messages */
    size_t n, n_of[CHANGE_COUNT];
    size_t n_common, n_only_old, n_only_new;
    uint64_t extortion, found_before, found_now; /* among the common ones */
    uint64_t other, wrong_before, wrong_now;
};

/*
 * old: the --json of an earlier run. STATUS_INVALID: it is none, *why (static) says what is wrong
 * with it. Messages are known by their path in the manifest.
 */
enum status comparison_make(const struct evaluation *e, struct view old, struct comparison *out,
                            const char **why);
void comparison_fini(struct comparison *c);

/* c may be NULL. */
enum status evaluate_text(struct buf *out, const struct screen *s, const struct evaluation *e,
                          const struct comparison *c);
enum status evaluate_json(struct buf *out, const struct evaluation *e, const struct comparison *c);
enum status evaluate_html(struct buf *out, const struct evaluation *e);

enum { EVALUATE_BYTES_MAX = 1 << 30 }; /* of one report */

#endif
