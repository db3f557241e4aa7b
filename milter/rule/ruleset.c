#include "rule/ruleset.h"

#include <stdlib.h>

void ruleset_free(struct ruleset **ruleset)
{
    struct ruleset *r = *ruleset;
    if (r != NULL) {
        for (uint32_t i = 0; i < r->n_regexes; i++)
            regex_free(&r->regex[i]);
        arena_fini(&r->arena);
    }
    free(r);
    *ruleset = NULL;
}

uint32_t ruleset_n_rules(const struct ruleset *r)
{
    return r->n_rules;
}

const struct rule_info *ruleset_rule(const struct ruleset *r, uint32_t rule)
{
    return rule < r->n_rules ? &r->rule[rule].info : NULL;
}

uint32_t ruleset_n_classes(const struct ruleset *r)
{
    return r->n_classes;
}

const struct class_info *ruleset_class(const struct ruleset *r, uint32_t class_index)
{
    return class_index < r->n_classes ? &r->class[class_index].info : NULL;
}

double ruleset_cap(const struct ruleset *r, enum facet facet)
{
    return facet < FACET_COUNT ? r->cap[facet] : 0;
}

bool ruleset_counts_whole(const struct ruleset *r, enum facet facet)
{
    return r->whole[facet];
}

uint32_t ruleset_window(const struct ruleset *r)
{
    return r->window;
}

const char *ruleset_version(const struct ruleset *r)
{
    return r->version;
}

/* A facet that is named without a number counts from here on; docs/RULES.md. */
static const double facet_is_there = 0.5;

static enum outcome facet_answer(void *context, const struct condition_step *step)
{
    const double *points = context;
    bool yes = step->compare == COMPARE_NONE
                   ? points[step->a] >= facet_is_there
                   : condition_compare(step->compare, points[step->a], step->number);
    return yes ? OUTCOME_YES : OUTCOME_NO;
}

bool class_requirement(const struct ruleset *r, uint32_t class_index, const double *points)
{
    double copy[FACET_COUNT];
    for (int f = 0; f < FACET_COUNT; f++)
        copy[f] = points[f];
    return class_index < r->n_classes &&
           condition_eval(&r->class[class_index].require, facet_answer, copy) == OUTCOME_YES;
}

uint32_t ruleset_n_languages(const struct ruleset *r)
{
    return r->n_languages;
}

const char *ruleset_language(const struct ruleset *r, uint32_t language)
{
    return language >= 1 && language <= r->n_languages ? r->language[language - 1] : NULL;
}

double rule_lean(const struct rule_info *rule, uint32_t class_index)
{
    for (uint32_t i = 0; i < rule->n_lean; i++)
        if (rule->lean[i].class_index == class_index)
            return rule->lean[i].points;
    if (rule->n_lean > 0 || (rule->classes >> class_index & 1) == 0)
        return 0;
    return rule->weight / __builtin_popcountll(rule->classes);
}
