/*
 * A progress line on stderr: only on a terminal, only after a second of work, with rate and time
 * left. May be called from any thread, one at a time (an emit of the pool, or under its order).
 */
#ifndef PROGRAM_PROGRESS_H
#define PROGRAM_PROGRESS_H

#include "base/base.h"

struct progress {
    bool on, visible;
    bool shares_screen;    /* stdout is the same terminal: clear the line before writing there */
    double total;          /* 0: unknown */
    uint64_t n;            /* messages so far */
    uint64_t began, drawn; /* nanoseconds */
};

/* Nanoseconds of a clock that never goes back. */
uint64_t progress_clock(void);
/* wanted: the user did not switch it off. */
void progress_begin(struct progress *p, bool wanted, double total);
/* One message more; done counts in the unit of total. */
void progress_step(struct progress *p, double done);
/* Clears the line, before something else is written to the screen. */
void progress_hide(struct progress *p);
double progress_seconds(const struct progress *p);

#endif
