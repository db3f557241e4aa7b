/*
 * metrics - what the daemon counts of itself, and the text of it for Prometheus.
 *
 * The table is metrics.def. Counting is lock-free, from any thread, and cannot fail. Labels are
 * bounded: their values stand in the table or, for names that come up, are limited in number.
 * Nothing here knows of a mail's words or of people. No I/O, no clock.
 */
#ifndef METRICS_METRICS_H
#define METRICS_METRICS_H

#include "base/base.h"

enum metric {
#define SERIES(id, value)                         METRIC_##id,
#define SINGLE(id, kind, name, unit, scale, help) METRIC_##id,
#include "metrics/metrics.def"
    METRIC_COUNT,
    /* The anomalies stand in the order of enum anomaly. */
    METRIC_ANOMALIES_FIRST = METRIC_ANOMALIES_MESSAGE_TRUNCATED
};

enum metric_names {
#define NAMED(id, name, label, most, held_back, help) METRIC_NAMES_##id,
#include "metrics/metrics.def"
    METRIC_NAMES_COUNT
};

struct metrics;

/* NULL when memory is out. */
struct metrics *metrics_new(void);
void metrics_free(struct metrics **m);

/* A counter goes up by one. */
void metrics_count(struct metrics *m, enum metric which);
/* A counter goes up by n; a gauge, too. */
void metrics_add(struct metrics *m, enum metric which, uint64_t n);
/* A gauge goes down by one. */
void metrics_lower(struct metrics *m, enum metric which);
/* A gauge, or a counter that somebody else counts. In whole numbers, see metrics.def. */
void metrics_set(struct metrics *m, enum metric which, uint64_t value);
/* One measurement of a histogram: nanoseconds, bytes. */
void metrics_observe(struct metrics *m, enum metric which, uint64_t value);
/* name is copied at its first time; counts as "other" when there are too many, or no memory. */
void metrics_count_name(struct metrics *m, enum metric_names which, struct view name);
/* Of a histogram: how many measurements. */
uint64_t metrics_get(const struct metrics *m, enum metric which);

/* Of all its names together. */
uint64_t metrics_get_names(const struct metrics *m, enum metric_names which);

/*
 * OPENMETRICS: OpenMetrics text 1.0. PLAIN: Prometheus text 0.0.4, which node_exporter reads from
 * files; it names counters' families with _total and has no units and no end mark.
 */
enum metrics_format { METRICS_OPENMETRICS, METRICS_PLAIN };

/* One series of value 1 whose labels are what is to be said: extortion_milter_<name>_info. */
struct metrics_info {
    const char *name, *help;
    struct {
        const char *name, *value; /* NULL: none, or no more */
    } labels[4];
};

struct metrics_how {
    enum metrics_format format;
    /*
     * Counters that are held back show whole multiples of this, so that nobody who knows when a
     * mail came sees what it was: each move stands for so many. 0 and 1: all as it is.
     */
    unsigned step;
    const struct metrics_info *info;
    size_t n_info;
};

/* Adds to out. STATUS_NO_MEMORY, or STATUS_LIMIT when it is too small. */
enum status metrics_write(const struct metrics *m, const struct metrics_how *how, struct buf *out);
/* As members of an open object: {"extortion_milter_messages": {"tag": 1}, ...}. */
void metrics_write_json(const struct metrics *m, unsigned step, struct json *j);
/* The table as Markdown, for docs/METRICS.md. */
enum status metrics_describe(struct buf *out);

#endif
