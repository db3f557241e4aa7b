/* Inside linting: what is odd in packs that load. Each finding is a warning that says what to do.
 */
#ifndef RULE_LINT_H
#define RULE_LINT_H

#include "rule/load.h"
#include "rule/matcher.h"

/* A warning at origin. hint may be NULL. */
void remark(struct load *l, struct origin at, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Does the rule give or take points? */
bool draft_counts(const struct rule_draft *d);
/* Where text i of a rule's key stands. */
struct origin draft_text_origin(const struct rule_draft *d, const char *key, uint32_t i);

/* Conditions that can never hold, or hold for mail in which nothing was found. */
void lint_conditions(struct load *l);
/* Does its condition hold when nothing that it names does? */
bool lint_bare(const struct load *l, const struct rule_draft *d);
/* Helpers that no condition asks for. */
void lint_helpers(struct load *l);
/* Phrases that another makes useless, in one rule and between rules; searches from short words. */
void lint_phrases(struct load *l);
/* Entries that a word list has twice, letter by letter. */
void lint_lists(struct load *l);
/* Rules that hit ordinary mail whatever it says, and regexes that give up. */
void lint_probes(struct load *l);

#endif
