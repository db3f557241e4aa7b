/*
 * Inside the room: the arithmetic of docs/RULES.md, "How a verdict comes about". weigh_class finds
 * the densest window of one class; reasons.c explains the winner.
 */
#ifndef VERDICT_WEIGH_H
#define VERDICT_WEIGH_H

#include "verdict/verdict.h"

/* A hit with what weighing needs of it. */
struct placed {
    uint32_t hit;      /* index into matches.hits */
    uint32_t position; /* of its first word; 0 when placed nowhere */
    bool nowhere;      /* header, anomaly, attachment: in every window */
    bool quoted;       /* counts QUOTED_SHARE */
};

/* All counted hits of a message, by rising position, those placed nowhere first. */
struct placement {
    const struct placed *v;
    uint32_t n;
};

struct weighed {
    double points[FACET_COUNT]; /* in the window, saturated; context: before it is subtracted */
    double total;               /* all facets but context */
    double context;             /* what is subtracted, capped */
    uint32_t from, to; /* half-open range of placed hits in the window (placed ones only) */
    bool satisfied;    /* the class's requirement is met */
};

/* Quoted or forwarded words prove little when somebody else's own words stand around them. */
#define QUOTED_SHARE 0.25
/* Fewer own words than this are a greeting, no comment on what is forwarded. */
#define OWN_WORDS_MIN 5
/* '>' is cheap: below it counts as quoted only under so many own words, or a few that report. */
#define OWN_WORDS_ENOUGH 40
#define CONTEXT_REACH    150 /* words around the window in which context counts whole */
#define CONTEXT_FAR_SHARE                                                                          \
    0.3 /* an attacker may append innocent text: far context counts little                         \
         */
/* Beyond this many hits a message says nothing new; keeps weighing linear. */
#define PLACED_MAX 4096

/* Words between quotation marks, a sentence or more: first and last word, by rising first. */
struct citation {
    uint32_t first, last;
};

struct citations {
    struct citation *v;
    uint32_t n;
};

/* False when memory is out. O(text). */
bool citations_find(const struct text *t, struct arena *arena, struct citations *out);
bool word_is_cited(const struct citations *c, uint32_t word);

enum status placement_make(const struct ruleset *ruleset, const struct facts *facts,
                           const struct matches *matches, struct arena *arena,
                           struct placement *out);

/*
 * A letter is written in one language: rules of two languages that read the same words must not add
 * up. A class is judged once per language, by that language's rules and those of none.
 */
struct judge {
    uint32_t class_index;
    uint32_t language; /* as in struct rule_info; 0: only rules of no language */
};

/* Is the rule weighed for the class? Context and helpers are not. */
bool rule_counts(const struct rule_info *rule, struct judge as);
bool context_counts(const struct rule_info *rule, struct judge as);

/*
 * The best window for a class: the one with most points among those that meet the requirement, else
 * the one with most points. scratch: three numbers per rule, zero before and after.
 */
void weigh_class(const struct ruleset *ruleset, const struct matches *matches,
                 const struct placement *placement, struct judge as, uint32_t *scratch,
                 struct weighed *out);

/* How strongly the rules in a window speak for a class. scratch: as above. */
double weigh_lean(const struct ruleset *ruleset, const struct matches *matches,
                  const struct placement *placement, const struct weighed *window, struct judge as,
                  uint32_t *scratch);

enum status reasons_make(const struct ruleset *ruleset, const struct facts *facts,
                         const struct matches *matches, const struct placement *placement,
                         struct judge as, const struct weighed *weighed, struct arena *arena,
                         struct verdict *out);

#endif
