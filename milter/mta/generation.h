/*
 * A policy and the scanners made for it. The engine holds one, each message the one it began with;
 * whoever lets go last frees it. Private to mta.
 */
#ifndef MTA_GENERATION_H
#define MTA_GENERATION_H

#include "mta/mta.h"

struct generation;

/* As engine_new() says of policy, scanners and failures. */
enum status generation_new(struct policy *policy, unsigned max_scanners, struct generation **out);
struct generation *generation_ref(struct generation *g);
void generation_unref(struct generation **g);
/* Lives as long as g. */
struct policy *generation_policy(const struct generation *g);
/*
 * A scanner of one's own until it is given back; waits when all are taken. NULL when the budget was
 * spent with waiting.
 */
struct scanner *generation_scanner_take(struct generation *g, struct budget *budget);
void generation_scanner_return(struct generation *g, struct scanner *s);

#endif
