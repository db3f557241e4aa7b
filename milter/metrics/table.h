/* The rows of metrics.def and what is stored for them. Private to metrics. */
#ifndef METRICS_TABLE_H
#define METRICS_TABLE_H

#include <stdatomic.h>

#include "metrics/metrics.h"

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

/* A family's row stands above those of its series; a row may be both. */
struct metric_row {
    const char *family; /* its name, or NULL: a series of the family above */
    enum metric_kind kind;
    const char *unit, *label, *help; /* label NULL: none */
    double scale;
    const char *value; /* of the label, for a series */
    int metric;        /* enum metric, or -1: none */
    int names;         /* enum metric_names, or -1: none */
    unsigned most;     /* names */
    bool held_back;
};

extern const struct metric_row metric_rows[];
extern const size_t n_metric_rows;

enum { BOUNDS_MAX = 16 };

struct bound {
    uint64_t value;
    const char *text; /* in the unit, as OpenMetrics wants numbers */
};

/* By rising value; a smaller table ends with a text of NULL. */
const struct bound *metric_bounds(const char *unit);

/* Names that came up, in an open hash table that only grows. */
enum { NAME_SLOTS = 1024, NAME_BYTES_MAX = 100 };

struct name_slot {
    _Atomic(char *) name; /* own; never changes once it is set */
    atomic_ullong n;
};

struct names {
    struct name_slot slots[NAME_SLOTS];
    atomic_uint used;
    atomic_ullong other;
};

struct metrics {
    atomic_ullong value[METRIC_COUNT]; /* of a histogram: the sum */
    atomic_ullong bucket[METRIC_COUNT][BOUNDS_MAX + 1];
    struct names names[METRIC_NAMES_COUNT];
};

#endif
