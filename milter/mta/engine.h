/* The engine's inside, for session.c. Private to mta. */
#ifndef MTA_ENGINE_H
#define MTA_ENGINE_H

#include <stdatomic.h>

#include "mta/generation.h"
#include "mta/pace.h"

struct counters {
    atomic_ullong messages; /* judged */
    atomic_ullong flagged;
    atomic_ullong held;
    atomic_ullong incomplete;            /* judged by a part of it */
    atomic_ullong bypassed;              /* not judged: authenticated */
    atomic_ullong annotated;             /* given a notice */
    atomic_ullong recorded;              /* as evidence */
    atomic_ullong unrecorded;            /* should have been, and could not */
    atomic_ullong declined;              /* flagged, and not rewritten for its shape */
    atomic_ullong deferred;              /* messages and connections told to come again later */
    atomic_ullong failed[FAILURE_COUNT]; /* not judged, or not edited, for a reason of our own */
};

struct counters *engine_counters(struct engine *e);
/* While a message is judged, for engine_overdue(); p stays where it is until the end. */
void engine_work_begin(struct engine *e, struct pace *p);
void engine_work_end(struct engine *e, struct pace *p);
/* Of this process alone; seals notices. */
const unsigned char *engine_key(const struct engine *e);
/* This host's name. */
const char *engine_host(const struct engine *e);
/* What the message keeps until its end, whatever is reloaded meanwhile. */
struct generation *engine_message_begin(struct engine *e);
void engine_message_end(struct engine *e, struct generation **g);

#endif
