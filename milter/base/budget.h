/*
 * A budget: how long one piece of work may take, as told by whoever has a clock. Rooms below mta/
 * have none; they ask here in their outer loops, every few milliseconds of work, and stop at once
 * when it is spent. What they return then is incomplete and of no use to anybody.
 */
#ifndef BASE_BUDGET_H
#define BASE_BUDGET_H

#include <stdbool.h>

struct budget {
    /* True: enough. Runs on the thread that works, between two steps; NULL: there is no end. */
    bool (*poll)(void *context);
    void *context;
    bool spent; /* once true it stays so */
};

/* Asks, and remembers; b may be NULL. */
bool budget_spent(struct budget *b);

#endif
