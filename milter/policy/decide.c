/* What a verdict means for a message. */
#include <stdio.h>

#include "policy/loaded.h"

/*
 * The class that the verdict chose, if it reaches the lowest threshold of the recipients. No other
 * one steps in for it: classes share most of their points.
 */
static uint32_t class_flagged(const struct policy *p, const struct policy_for *whom,
                              const struct verdict *v)
{
    uint32_t c = v->class_index != CLASS_NONE ? v->class_index : v->nearest_class;
    bool known = c < ruleset_n_classes(p->ruleset);
    return known && v->score > 0 && v->score >= whom->flag_at[c] ? c : CLASS_NONE;
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
    uint32_t c = class_flagged(p, whom, v);
    uint32_t nearest = v->nearest_class < ruleset_n_classes(p->ruleset) ? v->nearest_class : 0;
    *out = (struct decision){.verdict = v,
                             .whom = whom,
                             .ruleset = ruleset_version(p->ruleset),
                             .flagged = c != CLASS_NONE,
                             .threshold = whom->flag_at[c != CLASS_NONE ? c : nearest],
                             .class_index = c};
    if (!out->flagged)
        return;
    out->class_id = ruleset_class(p->ruleset, c)->id;
    out->actions = s->actions[c];
    if (v->score < s->class_threshold[c])
        out->actions &= ACTION_TAG;
    out->life = threatens_life(p, whom, v, c);
    if (v->score < s->class_quarantine_score[c] || out->life)
        out->actions &= ~(unsigned)ACTION_QUARANTINE;
    /* What is held is released to whom it was for. */
    if (v->score < s->class_redirect_score[c] || out->life || s->redirect_to[0] == '\0' ||
        (out->actions & ACTION_QUARANTINE) != 0)
        out->actions &= ~(unsigned)ACTION_REDIRECT;
    if (v->score < s->class_copy_score[c] || s->copy_to[0] == '\0')
        out->actions &= ~(unsigned)ACTION_COPY;
    if (s->subject_prefix[0] == '\0')
        out->actions &= ~(unsigned)ACTION_SUBJECT;
    if (s->notice.operator[0] == '\0')
        out->actions &= ~(unsigned)ACTION_ANNOTATE;
    if (p->notices != NULL && s->exempt && !differ_in(whom, VALUE_EXEMPT))
        out->declined = "exempt";
    else if ((whom->any[c] & ~out->actions & ACTION_ANNOTATE) != 0)
        out->declined = "recipients-differ";
}
