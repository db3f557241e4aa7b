/* Conditions tried with every answer that the rules they name could give. */
#include "rule/lint.h"

enum { NAMES_MAX = 12 }; /* 4096 ways; a longer condition is not looked at */

struct trial {
    const struct load *l;
    uint32_t name[NAMES_MAX]; /* rules, or n_rules + facet */
    uint32_t n_names;
    uint32_t answers; /* bit per name */
    bool near;        /* do all `within` that could hold, hold? */
    bool too_many;
};

static uint32_t name_index(struct trial *t, uint32_t name)
{
    for (uint32_t i = 0; i < t->n_names; i++)
        if (t->name[i] == name)
            return i;
    if (t->n_names == NAMES_MAX) {
        t->too_many = true;
        return 0;
    }
    t->name[t->n_names] = name;
    return t->n_names++;
}

static bool answer_of(struct trial *t, uint32_t name)
{
    return t->answers >> name_index(t, name) & 1;
}

static enum outcome leaf(void *context, const struct condition_step *step)
{
    struct trial *t = context;
    bool yes = answer_of(t, step->a);
    if (step->code == CONDITION_WITHIN)
        yes = answer_of(t, step->b) && yes && t->near;
    return yes ? OUTCOME_YES : OUTCOME_NO;
}

/* Can this name ever be answered with yes? Off, or a facet without rules: no. */
static bool possible(const struct load *l, uint32_t name)
{
    if (name < l->rule_names.n)
        return !l->draft[name].off;
    const uint32_t *from = l->r->facet_rules.from + (name - l->rule_names.n);
    return from[0] < from[1];
}

static bool can_hold(struct trial *t, const struct condition *c, uint32_t allowed)
{
    for (uint32_t a = 0; a < UINT32_C(1) << t->n_names; a++)
        for (int near = 0; (a & ~allowed) == 0 && near < 2; near++) {
            t->answers = a;
            t->near = near != 0;
            if (condition_eval(c, leaf, t) == OUTCOME_YES)
                return true;
        }
    return false;
}

bool lint_bare(const struct load *l, const struct rule_draft *d)
{
    struct trial t = {.l = l};
    return d->rule.kind == RULE_WHEN && condition_eval(&d->rule.u.when, leaf, &t) == OUTCOME_YES &&
           !t.too_many;
}

static void lint_condition(struct load *l, const struct rule_draft *d)
{
    struct trial t = {.l = l};
    const struct condition *c = &d->rule.u.when;
    bool bare = condition_eval(c, leaf, &t) == OUTCOME_YES; /* also collects the names */
    if (t.too_many)
        return;
    uint32_t allowed = 0;
    for (uint32_t i = 0; i < t.n_names; i++)
        allowed |= (uint32_t)possible(l, t.name[i]) << i;
    if (!can_hold(&t, c, allowed))
        remark(l, d->when_origin,
               can_hold(&t, c, UINT32_MAX) ? "a rule that it needs is off, or a facet has no rules"
                                           : "it contradicts itself",
               "the condition can never hold, whatever the mail");
    else if (bare && draft_counts(d))
        remark(l, d->when_origin, "say what must be there: \"a and not b\"",
               "the condition holds for any mail in which nothing that it names was found");
}

void lint_conditions(struct load *l)
{
    for (uint32_t i = 0; i < l->rule_names.n; i++)
        if (l->draft[i].rule.kind == RULE_WHEN && !l->draft[i].off)
            lint_condition(l, &l->draft[i]);
}
