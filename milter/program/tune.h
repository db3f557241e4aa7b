/* Inside extortctl tune: the mail as a problem to fit, the answer, and its forms. */
#ifndef PROGRAM_TUNE_H
#define PROGRAM_TUNE_H

#include "program/evaluate.h"
#include "program/fit.h"

enum { TUNE_MESSAGES_LEAST = 3 }; /* a rule that hit fewer says nothing about its weight */

struct tune_wishes {
    double cost; /* of a false positive, in misses */
    bool tie; /* rules of several languages that are the same but for the language share a weight */
};

/* Sums over held-out mail. */
struct tune_tally {
    double loss;             /* per cluster */
    uint64_t found, alarmed; /* extortion that is flagged, other mail that is */
};

struct tuning {
    const struct evaluation *e; /* foreign */
    struct fit_problem problem;
    /* own; of the problem */
    double *weight, *base;
    uint8_t *facet;
    uint32_t *group;
    struct fit_example *examples;
    uint32_t clusters_extortion, clusters_other;
    uint32_t n_tuned;         /* rules */
    struct tune_tally before; /* cross-validated: each message by a fit that had not seen it */
    struct tune_tally with[FIT_STRENGTHS];
    double change[FIT_STRENGTHS], change_error[FIT_STRENGTHS]; /* of loss, and standard error */
    int chosen;                                                /* of fit_strengths */
    double
        *after; /* own; per rule, from all mail, rounded; as before where the change is too small */
    double *error; /* own; per rule: standard error of its weight, by leaving parts out */
    struct tune_tally same_before, same_after; /* all mail by the weights proposed */
};

/* STATUS_INVALID: too few clusters of one kind. */
enum status tuning_make(struct tuning *t, const struct evaluation *e, const struct tune_wishes *w);
/* Fits all parts, with jobs threads, and chooses. Results do not depend on jobs. */
enum status tuning_run(struct tuning *t, unsigned jobs);
void tuning_fini(struct tuning *t);

bool tuning_changed(const struct tuning *t, uint32_t rule);
enum status tuning_text(const struct tuning *t, const struct screen *s, struct buf *out);
/* A pack of overrides. */
enum status tuning_overlay(const struct tuning *t, struct buf *out);

#endif
