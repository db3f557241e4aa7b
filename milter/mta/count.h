/* What of a message goes into the metrics. Private to mta. */
#ifndef MTA_COUNT_H
#define MTA_COUNT_H

#include <time.h>

#include "metrics/metrics.h"
#include "mta/edit.h"

/* Measures stages that follow each other. */
struct stages {
    struct metrics *metrics; /* foreign */
    struct timespec began, last;
};

void stages_begin(struct stages *t, struct metrics *m);
/* The stage that began when the last one ended is done. */
void stages_done(struct stages *t, enum metric which);
/* For scanner_watch(), with a struct stages. */
void stages_scanned(void *stages, enum scan_stage stage);
/* All of them together. */
void stages_end(struct stages *t);

/* A verdict: before the edits, while the scanner still holds it. */
void count_verdict(struct metrics *m, const struct settings *s, const struct decision *d);
/* How the notice went: status of annotate_plan(), and what it made. */
void count_notice(struct metrics *m, enum status status, const struct edits *edits);
/* The message's end: what was done, of enum class_action. */
void count_done(struct metrics *m, unsigned actions);
/* Its end, when it was not to be judged; why: one of few words. */
void count_bypassed(struct metrics *m, const char *why);
/* Its end, when it was not judged or not edited. */
void count_failed(struct metrics *m, enum failure failure, enum failure_action action);

#endif
