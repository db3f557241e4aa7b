/*
 * Coarse looks at a phrase before the exact one: which stretches of the text could hold it at all.
 * They cost a few instructions per word of the phrase whatever the text; most phrases end here.
 */
#ifndef RULE_PHRASE_REACH_H
#define RULE_PHRASE_REACH_H

#include "rule/phrase.h"
#include "rule/seen.h"

/*
 * The stretches in which the last word of the sieve may stand, all bits when the sieve is empty; 0:
 * the phrase does not occur.
 */
uint64_t sieve_reach(const struct seen *s, const struct sieve *sieve);

/*
 * Fills reach (one mask per node): where the node may stand in an occurrence of the phrase. around:
 * the only stretches that matter. False: the phrase does not occur there.
 */
bool phrase_reach(const struct seen *s, const struct phrase *p, uint64_t around,
                  struct mask *reach);

/* What lies within n places of the line of m, before or after. */
uint64_t mask_around(const struct seen *s, struct mask m, uint32_t n);

/* The places of *sight that reach allows: [*from, *to), perhaps with some that it does not. */
void reach_range(const struct seen *s, const struct mask *reach, const struct sight *sight,
                 uint32_t *from, uint32_t *to);

#endif
