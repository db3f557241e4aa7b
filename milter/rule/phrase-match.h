/*
 * Finds where a phrase occurs among what was seen. Left to right over the phrase's graph with one
 * sorted set of (start, end) per node. For rules only the latest start of each end is kept: a set
 * is never larger than the list of what was seen, and no input makes it explode. Compounds need all
 * starts, because a phrase may go on before any of them; they are short, and the budget bounds
 * them.
 */
#ifndef RULE_PHRASE_MATCH_H
#define RULE_PHRASE_MATCH_H

#include "rule/phrase.h"
#include "rule/seen.h"

enum search_result {
    SEARCH_DONE,
    SEARCH_UNDECIDED, /* the phrase used up its share of the work budget */
    SEARCH_NO_MEMORY,
};

/* Scratch memory of one thread. */
struct search {
    struct seen *seen;   /* foreign */
    bool gates;          /* false: everything is looked at, for the test that compares */
    uint64_t work;       /* steps done in this message */
    uint64_t work_max;   /* for one message */
    uint64_t work_end;   /* of the phrase in hand */
    struct place *state; /* own; ends of a node's partial matches, node after node */
    uint32_t n_states, cap_states;
    struct place *place; /* own; where the node in hand may stand */
    uint32_t cap_places;
    bool all_starts;
    struct place *found; /* own; the result, rising, without repetitions */
    uint32_t n_found, cap_found;
};

void search_init(struct search *x, struct seen *seen, bool gates);
void search_fini(struct search *x);
/* One phrase gets at most this part of a message's budget, so that it cannot blind the others. */
enum { SEARCH_SHARE = 16 };

#define SEARCH_EVERYWHERE UINT64_MAX
/*
 * Fills found. around: occurrences that do not touch these stretches may be left out. all_starts:
 * every (start, end), else the latest start of each end.
 */
enum search_result search_phrase(struct search *x, const struct phrase *p, uint64_t around,
                                 bool all_starts);

#endif
