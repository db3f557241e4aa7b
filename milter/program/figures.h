/*
 * From what was measured of each message to figures: rates with their uncertainty, groups, class
 * confusion, threshold sweep. Pure: the same messages give the same figures whatever the order of
 * threads was.
 */
#ifndef PROGRAM_FIGURES_H
#define PROGRAM_FIGURES_H

#include "program/manifest.h"
#include "rule/rule.h"

struct fit_hit; /* of fit.h */

/* One message, as it was judged. */
struct measured {
    const struct sample *sample; /* foreign */
    const char *path;            /* foreign; of this message, as samples are named */
    const char *file;            /* foreign; to be opened */
    uint32_t number;             /* in an mbox, or 0 */
    uint32_t class_index;        /* or UINT32_MAX when not flagged */
    double score;                /* to three decimals, as scan --json says it */
    double ms;
    uint32_t bytes;
    uint16_t facets; /* bit f: facet f had points */
    bool flagged, incomplete;
    const char *why;            /* foreign; explanation of a miss or false positive, or NULL */
    const struct fit_hit *hits; /* foreign; what was weighed for the nearest class, when asked */
    uint32_t n_hits, nearest;
};

/* A share with the bounds of Wilson's 95 % interval. n == 0: value 0, bounds 0 and 1. */
struct rate {
    double hits;
    uint64_t n;
    double value, low, high;
};
struct rate rate_of(double hits, uint64_t n);
/* Decimals that hits is worth showing with: clusters have halves and thirds. */
int rate_decimals(const struct rate *r);

enum group_by { BY_CLASS, BY_LANGUAGE, BY_COMPLETE, BY_TAG, BY_COUNT };
const char *group_by_name(enum group_by by);

struct group {
    char *name;                /* own */
    uint64_t extortion, found; /* extortion mail of the group, and what was flagged of it */
    uint64_t right;            /* flagged as the class it has */
    uint64_t other, wrong;     /* other mail, and what was flagged of it */
};

struct groups {
    struct group *v; /* own; by name */
    size_t n;
};

/* How many messages of class want were given class got. */
struct confused {
    const char *want;
    uint32_t got; /* class index, or UINT32_MAX: not flagged */
    uint64_t n;
};

enum { SWEEP_STEPS = 40 }; /* thresholds 0.5, 1.0, ... 20.0 */

struct sweep {
    double threshold;
    uint64_t flagged[LABEL_COUNT];
};

struct figures {
    uint64_t n, n_flagged, n_incomplete, bytes;
    uint64_t of[LABEL_COUNT], flagged[LABEL_COUNT];
    struct rate recall;         /* of extortion mail */
    struct rate cluster_recall; /* mean over clusters; mail without a cluster is its own */
    struct rate full_recall;    /* of extortion mail that is not marked partial or fragment */
    struct rate precision;      /* of what was flagged */
    struct rate right_class;    /* of flagged extortion mail whose class is known */
    struct groups groups[BY_COUNT];
    struct confused *confused; /* own */
    size_t n_confused;
    struct sweep sweep[SWEEP_STEPS];
};

/* STATUS_OK or STATUS_NO_MEMORY. v stays the caller's and must outlive *out. */
enum status figures_make(const struct measured *v, size_t n, const struct ruleset *ruleset,
                         struct figures *out);
void figures_fini(struct figures *f);

/* Is this message a miss or a false positive? */
bool measured_is_error(const struct measured *m);

#endif
