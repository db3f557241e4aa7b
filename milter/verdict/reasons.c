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

/* Shares each facet's points among its rules: heaviest whole, then halves unless all count whole,
 * scaled to the cap. */
static void reasons_share(const struct ruleset *ruleset, struct reason *v, uint32_t n,
                          const struct weighed *weighed)
{
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        bool whole = ruleset_counts_whole(ruleset, (enum facet)f);
        double share = 1, sum = 0;
        for (uint32_t i = 0; i < n; i++)
            if (v[i].rule->facet == (enum facet)f && v[i].in_window) {
                v[i].points *= share;
                share = whole ? 1 : share / 2;
                sum += v[i].points;
            }
        double want = weighed->points[f];
        double scale = sum > want && sum > 0 ? want / sum : 1;
        for (uint32_t i = 0; i < n; i++)
            if (v[i].rule->facet == (enum facet)f)
                v[i].points *= v[i].in_window ? scale : 0;
    }
}

/* Hits come by rule: is this the first one of its rule? */
static bool rule_begins(const struct matches *matches, uint32_t hit)
{
    return hit == 0 || matches->hits[hit].rule != matches->hits[hit - 1].rule;
}

enum status reasons_make(const struct ruleset *ruleset, const struct facts *facts,
                         const struct matches *matches, const struct placement *placement,
                         struct judge as, const struct weighed *weighed, struct arena *arena,
                         struct verdict *out)
{
    const struct text *t = facts->text;
    uint32_t most = placement->n_tallies, n = 0;
    for (uint32_t i = 0; i < matches->n_hits; i++)
        most += rule_begins(matches, i) && ruleset_rule(ruleset, matches->hits[i].rule)->shadow;
    struct reason *v = arena_alloc(arena, most * sizeof *v);
    uint32_t *best = arena_calloc(arena, placement->n_tallies, sizeof *best);
    if (v == NULL || best == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < placement->n; i++) {
        const struct placed *p = &placement->v[i];
        bool context = as.class_index != CLASS_NONE && context_counts(p->rule, as);
        if (!context && (as.class_index == CLASS_NONE || !rule_counts(p->rule, as)))
            continue;
        struct reason r = {
            .rule = p->rule,
            .hit = matches->hits[p->hit],
            .in_window = context || p->nowhere || (i >= weighed->from && i < weighed->to),
            .quoted = p->quoted,
            .points = p->rule->weight * (p->quoted && !context ? QUOTED_SHARE : 1),
        };
        uint32_t fact = placement->tally[p->tally].fact;
        struct reason *old = best[fact] > 0 ? &v[best[fact] - 1] : NULL;
        if (old == NULL) {
            v[n++] = r;
            best[fact] = n;
        } else if (r.in_window > old->in_window ||
                   (r.in_window == old->in_window && r.points > old->points)) {
            *old = r;
        }
    }
    for (uint32_t i = 0; i < matches->n_hits; i++) {
        if (!rule_begins(matches, i))
            continue;
        const struct rule_info *rule = ruleset_rule(ruleset, matches->hits[i].rule);
        if (rule->shadow)
            v[n++] = (struct reason){.rule = rule, .hit = matches->hits[i]};
    }
    for (uint32_t i = 0; i < n; i++)
        if (v[i].hit.first < t->n_words) {
            v[i].quote = text_quote(t, v[i].hit.first, v[i].hit.last);
            v[i].origin = text_origin(t, v[i].hit.first, v[i].hit.last);
        }
    if (n > 0)
        qsort(v, n, sizeof *v, compare_reasons);
    reasons_share(ruleset, v, n, weighed);
    for (uint32_t i = 0; i < n; i++)
        if (v[i].rule->facet == FACET_CONTEXT)
            v[i].points = -v[i].points;
    if (n > 0)
        qsort(v, n, sizeof *v, compare_reasons);
    out->reasons = v;
    out->n_reasons = n;
    return STATUS_OK;
}
