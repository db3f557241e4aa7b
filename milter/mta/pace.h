/*
 * The clock of one message: how long it may take, and when the MTA hears that we are alive. Private
 * to mta.
 */
#ifndef MTA_PACE_H
#define MTA_PACE_H

#include <time.h>

#include "mta/mta.h"

struct pace {
    struct timespec began; /* monotonic */
    double seconds;        /* allowed from then on */
    double told;           /* when the MTA was last told, in seconds from the beginning */
    const struct mta_ops *ops;
    void *mta;
    struct pace *next, *before; /* engine.c's list of those at work */
};

/* The end of the message has come. ops and mta are used until the first edit. */
void pace_begin(struct pace *p, double seconds, const struct mta_ops *ops, void *mta);
/* For a struct budget, with a struct pace: true when time is up. Else it tells the MTA, if due. */
bool pace_over(void *pace);
double pace_milliseconds(const struct pace *p);
/* Seconds over what is allowed; below 0: there is time left. */
double pace_overdue(const struct pace *p);

#endif
