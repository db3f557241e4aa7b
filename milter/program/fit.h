/*
 * Weights of rules from labelled mail: a logistic fit of what a message scores in the class that
 * came nearest, exactly as it is weighed (heaviest whole, next a half, ...; caps), against its
 * class's threshold. Weights move on a logarithmic scale around those of the packs, so that none
 * changes its sign, and are held there by a ridge penalty whose strength is chosen by
 * cross-validation over clusters.
 *
 * Pure and deterministic: fits of several folds may run on several threads.
 */
#ifndef PROGRAM_FIT_H
#define PROGRAM_FIT_H

#include "rule/rule.h"

#define FIT_WEIGHT_LEAST 0.05
#define FIT_WEIGHT_MOST  10.0
enum { FIT_FOLDS = 10, FIT_STRENGTHS = 5 };
#define FIT_FIXED UINT32_MAX
#define FIT_QUOTED                                                                                 \
    0.25 /* what a hit in quoted text counts, and the cap of a facet that has no other */

/* One rule's part in a message: what it gives is its weight times share, then as it is weighed. */
struct fit_hit {
    uint32_t rule;
    float share; /* 1, or less in quoted text; of context: all that weighing makes of it */
};

struct fit_example {
    const struct fit_hit *hits; /* foreign; by facet */
    uint32_t n_hits;
    uint32_t class_index; /* that came nearest */
    double threshold;
    double importance; /* clusters are alike: a copy among fifty weighs a fiftieth */
    uint32_t fold;
    uint32_t cluster;
    bool extortion;
};

struct fit_problem {
    uint32_t n_rules, n_groups, n_examples, n_clusters;
    const double *weight;  /* per rule, before */
    const uint8_t *facet;  /* per rule: enum facet */
    const uint32_t *group; /* per rule: whose weight it shares, or FIT_FIXED */
    const double *base;    /* per group: the weight around which it moves */
    double cap[FACET_COUNT];
    bool whole[FACET_COUNT]; /* the facet halves nothing; context never does here */
    const struct fit_example *examples;
};

/* A fit: logarithms of each group's factor, and the slope from points to log odds. */
struct fit {
    double *factor; /* foreign; n_groups */
    double slope;   /* logarithm */
};

extern const double fit_strengths[FIT_STRENGTHS]; /* of the penalty, falling */

/* Weights of all rules under a fit: within the bounds, fixed rules as before. */
void fit_weights(const struct fit_problem *p, const struct fit *fit, double *weights);
/* Points per facet of an example (context too), and its score. */
double fit_score(const struct fit_problem *p, const struct fit_example *e, const double *weights,
                 double points[FACET_COUNT]);
/* Minus the logarithm of what the fit gives the truth. */
double fit_loss(double score, const struct fit_example *e, double slope);

/*
 * Fits all examples but those of fold (FIT_FOLDS: none is left out) with each strength in turn.
 * out[0..FIT_STRENGTHS): factor set by the caller to n_groups numbers each. before: the slope alone
 * was fitted, the weights are those of before. False: no memory.
 */
bool fit_run(const struct fit_problem *p, uint32_t fold, struct fit out[FIT_STRENGTHS],
             double *slope_before);

#endif
