/* Rules over other rules. They are evaluated after those they name, see ruleset.by_kind. */
#include <stdlib.h>

#include "rule/matcher.h"

static enum outcome facet_answer(const struct matcher *m, uint32_t facet)
{
    const struct index *rules = &m->ruleset->facet_rules;
    enum outcome all = OUTCOME_NO;
    for (uint32_t i = rules->from[facet]; i < rules->from[facet + 1]; i++) {
        enum outcome one = (enum outcome)m->outcome[rules->item[i]];
        if (one == OUTCOME_YES)
            return one;
        all = one != OUTCOME_NO ? one : all;
    }
    return all;
}

static struct place hit_place(const struct hit *hit)
{
    return (struct place){hit->first, hit->last};
}

/* At most n words between two places; the stretch from one to the other goes to *out. */
static bool places_within(const struct seen *s, struct place a, struct place b, double n,
                          struct place *out)
{
    if (a.first == WORD_NONE || b.first == WORD_NONE)
        return false;
    if (b.first < a.first) {
        struct place swap = a;
        a = b;
        b = swap;
    }
    out->first = a.first;
    out->last = a.last > b.last ? a.last : b.last;
    return b.first <= a.last || s->line[b.first] - seen_after(s, a.last) <= n;
}

/* Calls visit with each pair that stands near enough; the lists are short (limits.hits_per_rule).
 */
static bool pairs_visit(struct matcher *m, const struct condition_step *step,
                        bool (*visit)(struct matcher *m, struct place place))
{
    struct hit_range a = m->range[step->a], b = m->range[step->b];
    bool any = false;
    if (m->outcome[step->a] != OUTCOME_YES || m->outcome[step->b] != OUTCOME_YES)
        return false;
    for (uint32_t i = 0; i < a.n; i++)
        for (uint32_t k = 0; k < b.n; k++) {
            struct place place;
            if (!places_within(&m->seen, hit_place(&m->hit[a.from + i]),
                               hit_place(&m->hit[b.from + k]), step->number, &place))
                continue;
            any = true;
            if (visit == NULL || !visit(m, place))
                return any;
        }
    return any;
}

static enum outcome rule_answer(void *context, const struct condition_step *step)
{
    struct matcher *m = context;
    if (step->code == CONDITION_NAME)
        return step->a < m->ruleset->n_rules ? (enum outcome)m->outcome[step->a]
                                             : facet_answer(m, step->a - m->ruleset->n_rules);
    uint8_t a = m->outcome[step->a], b = m->outcome[step->b];
    if (a == OUTCOME_YES && b == OUTCOME_YES)
        return pairs_visit(m, step, NULL) ? OUTCOME_YES : OUTCOME_NO;
    return a == OUTCOME_NO || b == OUTCOME_NO ? OUTCOME_NO : OUTCOME_UNKNOWN;
}

enum { SPOTS_MAX = 4096 };

static bool spot_add(struct matcher *m, struct place place)
{
    if (m->n_spots == m->cap_spots) {
        uint32_t cap = m->cap_spots < 64 ? 64 : m->cap_spots * 2;
        struct place *spot = realloc(m->spot, cap * sizeof *spot);
        if (spot == NULL) {
            m->no_memory = true;
            return false;
        }
        m->spot = spot;
        m->cap_spots = cap;
    }
    m->spot[m->n_spots++] = place;
    return m->n_spots < SPOTS_MAX;
}

static void rule_spots(struct matcher *m, uint32_t rule)
{
    struct hit_range range = m->range[rule];
    for (uint32_t i = 0; m->outcome[rule] == OUTCOME_YES && i < range.n; i++)
        if (m->hit[range.from + i].first != WORD_NONE &&
            !spot_add(m, hit_place(&m->hit[range.from + i])))
            return;
}

static int place_compare(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return a->last < b->last ? -1 : a->last > b->last;
}

/* The rule stands where the rules that made it true stand; nowhere when these stand nowhere. */
static void when_place(struct matcher *m, uint32_t rule)
{
    const struct condition *c = &m->ruleset->rule[rule].u.when;
    const struct index *facets = &m->ruleset->facet_rules;
    m->n_spots = 0;
    for (uint32_t i = 0; i < c->n && m->n_spots < SPOTS_MAX; i++) {
        const struct condition_step *step = &c->step[i];
        uint32_t facet = step->a - m->ruleset->n_rules;
        if (step->code == CONDITION_WITHIN)
            (void)pairs_visit(m, step, spot_add);
        else if (step->code == CONDITION_NAME && step->a < m->ruleset->n_rules)
            rule_spots(m, step->a);
        else if (step->code == CONDITION_NAME)
            for (uint32_t k = facets->from[facet]; k < facets->from[facet + 1]; k++)
                rule_spots(m, facets->item[k]);
    }
    if (m->n_spots == 0)
        (void)matcher_hit(m, rule, WORD_NONE, WORD_NONE, UINT32_MAX);
    else
        qsort(m->spot, m->n_spots, sizeof *m->spot, place_compare);
    for (uint32_t i = 0; i < m->n_spots; i++) {
        bool again = i > 0 && place_compare(&m->spot[i - 1], &m->spot[i]) == 0;
        if (!again && !matcher_hit(m, rule, m->spot[i].first, m->spot[i].last, UINT32_MAX))
            return;
    }
}

enum outcome match_when(struct matcher *m, uint32_t rule)
{
    enum outcome outcome = condition_eval(&m->ruleset->rule[rule].u.when, rule_answer, m);
    if (outcome == OUTCOME_YES)
        when_place(m, rule);
    return outcome;
}
