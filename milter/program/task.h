/* One message on its way through the pool, or something to be said at its place in the order. */
#ifndef PROGRAM_TASK_H
#define PROGRAM_TASK_H

#include "program/source.h"
#include "verdict/verdict.h"

struct task {
    char *path; /* own */
    struct letter letter;
    char *text; /* own; SOURCE_NOTE and errors: what happened */
    enum source_step step;
    double done; /* of the source, when it was read; for progress */
};

enum { TASK_QUEUE_BYTES = 64 << 20 }; /* of messages read ahead, beside one that is larger */

/* Takes over the event's letter. False when memory is out; nothing is left to free then. */
bool task_init(struct task *t, const struct source_event *event, enum source_step step,
               double done);
void task_fini(struct task *t);
struct view task_bytes(const struct task *t);

/* The sysexits code of a step that went wrong; 0 for messages and notes. */
int trouble_of(enum source_step step);
/* The graver of two: want of memory, our own failure, reading or writing, not there, data. */
int trouble_graver(int a, int b);

/* What each worker of the pool needs: ruleset and limits to make a scanner of. */
struct crew {
    const struct ruleset *ruleset; /* foreign */
    struct limits limits;
};
/* NULL when memory is out or libmagic's data cannot be read. */
struct scanner *crew_scanner(const struct crew *crew);
/* Said when crew_scanner gave NULL to every worker. */
#define CREW_FAILED "out of memory or threads, or libmagic's data cannot be read"

#endif
