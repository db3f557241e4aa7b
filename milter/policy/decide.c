/* What a verdict means for a message. */
#include <stdio.h>

#include "policy/loaded.h"

/* The score of class c. */
static double score_of(const struct verdict *v, uint32_t c)
{
    uint32_t top = v->class_index != CLASS_NONE ? v->class_index : v->nearest_class;
    return c == top || v->class_scores == NULL ? v->score : v->class_scores[c];
}

/*
 * The class that the verdict chose, if it reaches the lowest threshold of the recipients; else the
 * one with most points of those that do.
 */
static uint32_t class_choose(const struct policy *p, const struct policy_for *whom,
                             const struct verdict *v)
{
    uint32_t top = v->class_index != CLASS_NONE ? v->class_index : v->nearest_class;
    uint32_t n = ruleset_n_classes(p->ruleset), best = CLASS_NONE;
    if (top < n && v->score > 0 && v->score >= whom->flag_at[top])
        return top;
    for (uint32_t c = 0; v->class_scores != NULL && c < n; c++)
        if (v->class_scores[c] > 0 && v->class_scores[c] >= whom->flag_at[c] &&
            (best == CLASS_NONE || v->class_scores[c] > v->class_scores[best]))
            best = c;
    return best;
}

/* Whether the mail threatens life, even if another class has more points. */
static bool threatens_life(const struct policy *p, const struct policy_for *whom,
                           const struct verdict *v, uint32_t class_index)
{
    uint32_t c = p->never_held;
    if (c == CLASS_NONE || c == class_index)
        return c != CLASS_NONE;
    double least = ruleset_class(p->ruleset, c)->threshold;
    if (whom->flag_at[c] < least)
        least = whom->flag_at[c];
    return v->class_scores != NULL && v->class_scores[c] >= least;
}

static bool differ_in(const struct policy_for *whom, enum policy_value v)
{
    return (whom->differ & 1u << v) != 0;
}

void policy_decide(const struct policy *p, const struct policy_for *whom, const struct verdict *v,
                   struct decision *out)
{
    const struct settings *s = &whom->settings;
    uint32_t c = class_choose(p, whom, v);
    uint32_t nearest = v->nearest_class < ruleset_n_classes(p->ruleset) ? v->nearest_class : 0;
    *out = (struct decision){.verdict = v,
                             .whom = whom,
                             .ruleset = ruleset_version(p->ruleset),
                             .flagged = c != CLASS_NONE,
                             .threshold = whom->flag_at[c != CLASS_NONE ? c : nearest],
                             .class_index = c,
                             .score = c != CLASS_NONE ? score_of(v, c) : v->score};
    if (!out->flagged)
        return;
    out->class_id = ruleset_class(p->ruleset, c)->id;
    out->actions = s->actions[c];
    if (out->score < s->class_threshold[c])
        out->actions &= ACTION_TAG;
    if (out->score < s->class_quarantine_score[c] || threatens_life(p, whom, v, c))
        out->actions &= ~(unsigned)ACTION_QUARANTINE;
    if (s->subject_prefix[0] == '\0')
        out->actions &= ~(unsigned)ACTION_SUBJECT;
    if (s->notice.operator[0] == '\0')
        out->actions &= ~(unsigned)ACTION_ANNOTATE;
    if (p->notices != NULL && s->exempt && !differ_in(whom, VALUE_EXEMPT))
        out->declined = "exempt";
    else if ((whom->any[c] & ~out->actions & ACTION_ANNOTATE) != 0)
        out->declined = "recipients-differ";
}
