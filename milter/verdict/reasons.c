#include <math.h>
#include <stdlib.h>

#include "verdict/weigh.h"

static int compare_reasons(const void *a, const void *b)
{
    const struct reason *x = a, *y = b;
    bool cx = x->rule->facet == FACET_CONTEXT, cy = y->rule->facet == FACET_CONTEXT;
    if (cx != cy)
        return cx ? 1 : -1;
    double px = fabs(x->points), py = fabs(y->points);
    if (px != py)
        return px > py ? -1 : 1;
    if (x->rule->weight != y->rule->weight)
        return x->rule->weight > y->rule->weight ? -1 : 1;
    return x->hit.rule < y->hit.rule ? -1 : x->hit.rule > y->hit.rule;
}

/* Shares each facet's points among its rules: heaviest whole, then halves, scaled to the cap. */
static void reasons_share(struct reason *v, uint32_t n, const struct weighed *weighed)
{
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        double share = 1, sum = 0;
        for (uint32_t i = 0; i < n; i++)
            if (v[i].rule->facet == (enum facet)f && v[i].in_window) {
                v[i].points *= share;
                share /= 2;
                sum += v[i].points;
            }
        double want = weighed->points[f];
        double scale = sum > want && sum > 0 ? want / sum : 1;
        for (uint32_t i = 0; i < n; i++)
            if (v[i].rule->facet == (enum facet)f)
                v[i].points *= v[i].in_window ? scale : 0;
    }
}

enum status reasons_make(const struct ruleset *ruleset, const struct facts *facts,
                         const struct matches *matches, const struct placement *placement,
                         struct judge as, const struct weighed *weighed, struct arena *arena,
                         struct verdict *out)
{
    const struct text *t = facts->text;
    struct reason *v = arena_calloc(arena, matches->n_hits, sizeof *v);
    uint32_t *best = arena_calloc(arena, ruleset_n_rules(ruleset), sizeof *best);
    if (v == NULL || best == NULL)
        return STATUS_NO_MEMORY;
    uint32_t n = 0;
    for (uint32_t i = 0; i < placement->n; i++) {
        const struct placed *p = &placement->v[i];
        const struct hit *hit = &matches->hits[p->hit];
        const struct rule_info *rule = ruleset_rule(ruleset, hit->rule);
        bool context = as.class_index != CLASS_NONE && context_counts(rule, as);
        if (!context && (as.class_index == CLASS_NONE || !rule_counts(rule, as)))
            continue;
        struct reason r = {
            .rule = rule,
            .hit = *hit,
            .in_window = context || p->nowhere || (i >= weighed->from && i < weighed->to),
            .quoted = p->quoted,
            .points = rule->weight * (p->quoted && !context ? QUOTED_SHARE : 1),
        };
        struct reason *old = best[hit->rule] > 0 ? &v[best[hit->rule] - 1] : NULL;
        if (old == NULL) {
            v[n++] = r;
            best[hit->rule] = n;
        } else if (r.in_window > old->in_window ||
                   (r.in_window == old->in_window && r.points > old->points)) {
            *old = r;
        }
    }
    for (uint32_t i = 0; i < matches->n_hits; i++) {
        const struct hit *hit = &matches->hits[i];
        const struct rule_info *rule = ruleset_rule(ruleset, hit->rule);
        if (rule->shadow && best[hit->rule] == 0) {
            v[n++] = (struct reason){.rule = rule, .hit = *hit};
            best[hit->rule] = n;
        }
    }
    for (uint32_t i = 0; i < n; i++)
        if (v[i].hit.first < t->n_words) {
            v[i].quote = text_quote(t, v[i].hit.first, v[i].hit.last);
            v[i].origin = text_origin(t, v[i].hit.first, v[i].hit.last);
        }
    if (n > 0)
        qsort(v, n, sizeof *v, compare_reasons);
    reasons_share(v, n, weighed);
    for (uint32_t i = 0; i < n; i++)
        if (v[i].rule->facet == FACET_CONTEXT)
            v[i].points = -v[i].points;
    if (n > 0)
        qsort(v, n, sizeof *v, compare_reasons);
    out->reasons = v;
    out->n_reasons = n;
    return STATUS_OK;
}
