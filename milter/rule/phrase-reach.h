/*
 * A coarse look at a phrase before the exact one: which stretches of the text could hold it at
 * all. Costs a few machine words per node whatever the text; most phrases end here.
 */
#ifndef RULE_PHRASE_REACH_H
#define RULE_PHRASE_REACH_H

#include "rule/phrase.h"
#include "rule/seen.h"

/*
 * Fills reach (one mask per node): where the node may stand in an occurrence of the phrase. around:
 * when not NULL, the only stretches that matter. False: the phrase does not occur there.
 */
bool phrase_reach(struct seen *s, const struct phrase *p, const struct mask *around,
                  struct mask *reach);

/* What lies within n places of the line of m, before or after. */
struct mask mask_around(const struct seen *s, const struct mask *m, uint32_t n);

/* The places of *sight that reach allows: [*from, *to), perhaps with some that it does not. */
void reach_range(const struct seen *s, const struct mask *reach, const struct sight *sight,
                 uint32_t *from, uint32_t *to);

#endif
