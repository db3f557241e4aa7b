/*
 * Inside the room: the arithmetic of docs/RULES.md, "How a verdict comes about". weigh_class finds
 * the densest window of one class; reasons.c explains the winner.
 */
#ifndef VERDICT_WEIGH_H
#define VERDICT_WEIGH_H

#include "verdict/verdict.h"

/* A hit with what weighing needs of it. */
struct placed {
    const struct rule_info *rule;
    uint32_t hit;      /* index into matches.hits */
    uint32_t position; /* of its first word; 0 when placed nowhere */
    uint32_t tally;    /* its rule's, in placement.tally */
    bool nowhere;      /* header, anomaly, attachment: in every window */
    bool quoted;       /* counts QUOTED_SHARE */
};

/* Scratch of weighing, one for each rule that is placed; own and quoted are 0 between two uses. */
struct tally {
    const struct rule_info *rule;
    uint32_t fact;   /* the tally that counts for it: itself, or what another language read so */
    uint32_t own;    /* unquoted hits in the window */
    uint32_t quoted; /* quoted hits in the window */
    bool counts;     /* for the judge at hand */
};

/* All counted hits of a message, by rising position, those placed nowhere first. */
struct placement {
    const struct placed *v;
    uint32_t n;
    const uint32_t *context; /* those whose rule is context, in that order */
    uint32_t n_context;
    const uint32_t *context_first; /* of them, the first of each rule */
    uint32_t n_context_first;
    struct tally *tally;
    uint32_t n_tallies;
    uint32_t *inside; /* scratch: what stands in the window */
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
/*
 * What everyday mail (bills, newsletters, offices) takes off at most: else a bill around a letter
 * would hide it. Reports and warnings may take more.
 */
#define ORDINARY_MAX 2.0
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
    uint32_t main;     /* the language with most to say in the mail; may be another */
};

/* Is the rule weighed for the class? Context and helpers are not. */
bool rule_counts(const struct rule_info *rule, struct judge as);
bool context_counts(const struct rule_info *rule, struct judge as);

/*
 * The best window for each of these classes (a bit each): the one with most points among those that
 * meet the requirement, else the one with most points. out: by class. Mostly the same rules count
 * for all of them, so the windows are the same, and only what is required differs. as: of no class.
 */
void weigh_classes(const struct ruleset *ruleset, const struct placement *placement,
                   struct judge as, uint64_t classes, struct weighed *out);

/* How strongly the rules in a window speak for a class. */
double weigh_lean(const struct placement *placement, const struct weighed *window, struct judge as);

enum status reasons_make(const struct ruleset *ruleset, const struct facts *facts,
                         const struct matches *matches, const struct placement *placement,
                         struct judge as, const struct weighed *weighed, struct arena *arena,
                         struct verdict *out);

#endif
