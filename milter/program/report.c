#include "program/report.h"

const char *outcome_name(uint8_t outcome)
{
    return outcome == OUTCOME_YES ? "yes" : outcome == OUTCOME_NO ? "no" : "unknown";
}

/* Points per facet over the whole message, as if its window had no end. */
static void whole_message(const struct report *r, uint32_t class_index, double *points, bool *any)
{
    const struct matches *m = &r->scan->matches;
    const uint64_t bit = UINT64_C(1) << class_index;
    double sum[FACET_COUNT] = {0};
    uint32_t last = UINT32_MAX;
    *any = false;
    for (uint32_t i = 0; i < m->n_hits; i++) {
        const struct rule_info *rule = ruleset_rule(r->ruleset, m->hits[i].rule);
        if (m->hits[i].rule == last || rule->shadow || rule->facet >= FACET_COUNT ||
            (rule->classes != 0 && (rule->classes & bit) == 0))
            continue;
        last = m->hits[i].rule;
        *any = *any || (rule->classes & bit) != 0;
        sum[rule->facet] += rule->weight;
    }
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        double cap = ruleset_cap(r->ruleset, (enum facet)f);
        points[f] = sum[f] < cap ? sum[f] : cap;
    }
}

static bool would_do(const struct report *r, uint32_t class_index, const double *points,
                     unsigned added)
{
    double with[FACET_COUNT];
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        double cap = ruleset_cap(r->ruleset, (enum facet)f);
        with[f] = (added >> f & 1) != 0 && points[f] < cap ? cap : points[f];
    }
    return class_requirement(r->ruleset, class_index, with);
}

struct standing_of standing_find(const struct report *r, uint32_t class_index)
{
    const struct verdict *v = &r->scan->verdict;
    struct standing_of s = {.score = v->class_scores[class_index],
                            .threshold = ruleset_class(r->ruleset, class_index)->threshold};
    double points[FACET_COUNT];
    whole_message(r, class_index, points, &s.any);
    if (s.score > 0) {
        s.standing = s.score >= s.threshold ? STANDING_FLAGGED : STANDING_BELOW;
        return s;
    }
    if (class_requirement(r->ruleset, class_index, points)) {
        s.standing = points[FACET_CONTEXT] > 0 ? STANDING_BELOW : STANDING_SCATTERED;
        return s;
    }
    s.standing = STANDING_MISSING;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        s.some |= (uint16_t)((points[f] > 0) << f);
    /* The facets number ten: all sets of one, of two, of three, until some would do. */
    for (int size = 1; size <= 3 && s.n_missing == 0; size++) {
        for (unsigned set = 1; set < 1u << FACET_COUNT && s.n_missing < MISSING_MAX; set++) {
            bool context = (set >> FACET_CONTEXT & 1) != 0;
            if (__builtin_popcount(set) == size && !context &&
                would_do(r, class_index, points, set))
                s.missing[s.n_missing++] = (uint16_t)set;
        }
    }
    return s;
}

enum status report_why_not(struct buf *out, const struct report *r, uint32_t rule)
{
    const struct limits limits = limits_default();
    const struct scan *scan = r->scan;
    const struct facts facts = {NULL, &scan->message, &scan->text, &scan->indicators, NULL};
    return rule_why_not(r->ruleset, &limits, &facts, rule, out);
}
