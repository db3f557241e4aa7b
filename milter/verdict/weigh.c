#include "verdict/weigh.h"

/* Rules of one facet beyond this many add less than a hundredth of a point. */
enum { HEAVIEST = 8 };

/* The rules that are in the window, per facet, heaviest first. */
struct pile {
    double heaviest[HEAVIEST];
    uint32_t n;
};

struct window {
    const struct ruleset *ruleset;
    const struct matches *matches;
    const struct placement *placement;
    struct judge as;
    uint32_t *own;    /* per rule: unquoted hits in the window */
    uint32_t *quoted; /* per rule: quoted hits in the window */
    uint32_t *rules;  /* the distinct rules in the window */
    uint32_t n_rules;
    bool dirty[FACET_COUNT];
    double points[FACET_COUNT];
};

static bool rule_names(const struct rule_info *rule, uint32_t class_index)
{
    return !rule->shadow && (rule->classes == 0 || (rule->classes >> class_index & 1) != 0);
}

bool rule_counts(const struct rule_info *rule, struct judge as)
{
    return rule->facet < FACET_COUNT && rule->facet != FACET_CONTEXT &&
           (rule->language == 0 || rule->language == as.language) &&
           rule_names(rule, as.class_index);
}

/* In any language: a letter may be cited in one and commented in another. */
bool context_counts(const struct rule_info *rule, struct judge as)
{
    return rule->facet == FACET_CONTEXT && rule_names(rule, as.class_index);
}

static void pile_add(struct pile *pile, double weight)
{
    uint32_t at = pile->n < HEAVIEST ? pile->n : HEAVIEST;
    while (at > 0 && pile->heaviest[at - 1] < weight) {
        if (at < HEAVIEST)
            pile->heaviest[at] = pile->heaviest[at - 1];
        at--;
    }
    if (at < HEAVIEST)
        pile->heaviest[at] = weight;
    if (pile->n < HEAVIEST)
        pile->n++;
}

static double pile_points(const struct pile *pile, double cap)
{
    double sum = 0, share = 1;
    for (uint32_t i = 0; i < pile->n; i++) {
        sum += pile->heaviest[i] * share;
        share /= 2;
    }
    return sum < cap ? sum : cap;
}

static void window_rule_in(struct window *w, const struct placed *p, uint32_t rule)
{
    if (w->own[rule] + w->quoted[rule] == 0)
        w->rules[w->n_rules++] = rule;
    uint32_t *count = p->quoted ? &w->quoted[rule] : &w->own[rule];
    if ((*count)++ == 0)
        w->dirty[ruleset_rule(w->ruleset, rule)->facet] = true;
}

static void window_rule_out(struct window *w, const struct placed *p, uint32_t rule)
{
    uint32_t *count = p->quoted ? &w->quoted[rule] : &w->own[rule];
    if (--*count == 0)
        w->dirty[ruleset_rule(w->ruleset, rule)->facet] = true;
    if (w->own[rule] + w->quoted[rule] > 0)
        return;
    for (uint32_t i = 0; i < w->n_rules; i++)
        if (w->rules[i] == rule) {
            w->rules[i] = w->rules[--w->n_rules];
            return;
        }
}

static double window_weight(const struct window *w, uint32_t rule)
{
    double weight = ruleset_rule(w->ruleset, rule)->weight;
    return w->own[rule] > 0 ? weight : weight * QUOTED_SHARE;
}

static double window_total(struct window *w)
{
    struct pile piles[FACET_COUNT] = {0};
    bool unquoted[FACET_COUNT] = {0};
    bool any = false;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        any |= w->dirty[f];
    for (uint32_t i = 0; any && i < w->n_rules; i++) {
        enum facet facet = ruleset_rule(w->ruleset, w->rules[i])->facet;
        if (!w->dirty[facet])
            continue;
        pile_add(&piles[facet], window_weight(w, w->rules[i]));
        unquoted[facet] |= w->own[w->rules[i]] > 0;
    }
    double total = 0;
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        if (w->dirty[f]) {
            /* else a whole quoted letter, with many hits a facet, could still be flagged */
            double cap = ruleset_cap(w->ruleset, (enum facet)f) * (unquoted[f] ? 1 : QUOTED_SHARE);
            w->points[f] = pile_points(&piles[f], cap);
        }
        w->dirty[f] = false;
        total += w->points[f];
    }
    return total;
}

static void window_keep_best(struct window *w, uint32_t from, uint32_t to, struct weighed *best)
{
    double total = window_total(w);
    /* far below the threshold only the window with most points is of interest */
    double least = ruleset_class(w->ruleset, w->as.class_index)->threshold / 2;
    if (total <= best->total && (best->satisfied || total < least))
        return;
    bool satisfied = class_requirement(w->ruleset, w->as.class_index, w->points);
    if (satisfied == best->satisfied && total <= best->total)
        return;
    if (!satisfied && best->satisfied)
        return;
    *best = (struct weighed){.total = total, .from = from, .to = to, .satisfied = satisfied};
    for (unsigned f = 0; f < FACET_COUNT; f++)
        best->points[f] = w->points[f];
}

/* Context near the window counts whole, elsewhere less; each rule once, at its best place. */
static void weigh_context(const struct window *w, struct weighed *best)
{
    const struct placement *pl = w->placement;
    uint32_t low = 0, high = UINT32_MAX;
    if (best->from < best->to) {
        uint32_t first = pl->v[best->from].position, last = pl->v[best->to - 1].position;
        low = first > CONTEXT_REACH ? first - CONTEXT_REACH : 0;
        high = last < UINT32_MAX - CONTEXT_REACH ? last + CONTEXT_REACH : UINT32_MAX;
    }
    struct pile near = {0}, far = {0};
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < pl->n; i++) {
            const struct placed *p = &pl->v[i];
            uint32_t rule = w->matches->hits[p->hit].rule;
            const struct rule_info *info = ruleset_rule(w->ruleset, rule);
            bool is_near = p->nowhere || (p->position >= low && p->position <= high);
            if (!context_counts(info, w->as) || is_near != (pass == 0))
                continue;
            if (w->own[rule]++ == 0)
                pile_add(pass == 0 ? &near : &far, info->weight);
        }
    for (uint32_t i = 0; i < pl->n; i++) {
        uint32_t rule = w->matches->hits[pl->v[i].hit].rule;
        if (ruleset_rule(w->ruleset, rule)->facet == FACET_CONTEXT)
            w->own[rule] = 0;
    }
    double cap = ruleset_cap(w->ruleset, FACET_CONTEXT);
    double points = pile_points(&near, cap) + pile_points(&far, cap) * CONTEXT_FAR_SHARE;
    best->context = points < cap ? points : cap;
    best->points[FACET_CONTEXT] = best->context;
}

void weigh_class(const struct ruleset *ruleset, const struct matches *matches,
                 const struct placement *placement, struct judge as, uint32_t *scratch,
                 struct weighed *out)
{
    uint32_t n_rules = ruleset_n_rules(ruleset), reach = ruleset_window(ruleset);
    struct window w = {.ruleset = ruleset,
                       .matches = matches,
                       .placement = placement,
                       .as = as,
                       .own = scratch,
                       .quoted = scratch + n_rules,
                       .rules = scratch + 2 * (size_t)n_rules};
    *out = (struct weighed){0};
    uint32_t from = 0, i = 0;
    for (; i < placement->n && placement->v[i].nowhere; i++) {
        uint32_t rule = matches->hits[placement->v[i].hit].rule;
        if (rule_counts(ruleset_rule(ruleset, rule), as))
            window_rule_in(&w, &placement->v[i], rule);
    }
    from = i;
    window_keep_best(&w, from, from, out);
    for (; i < placement->n; i++) {
        const struct placed *p = &placement->v[i];
        uint32_t rule = matches->hits[p->hit].rule;
        if (!rule_counts(ruleset_rule(ruleset, rule), as))
            continue;
        for (; p->position - placement->v[from].position >= reach; from++) {
            uint32_t old = matches->hits[placement->v[from].hit].rule;
            if (rule_counts(ruleset_rule(ruleset, old), as))
                window_rule_out(&w, &placement->v[from], old);
        }
        window_rule_in(&w, p, rule);
        window_keep_best(&w, from, i + 1, out);
    }
    while (w.n_rules > 0) {
        uint32_t rule = w.rules[--w.n_rules];
        w.own[rule] = w.quoted[rule] = 0;
    }
    weigh_context(&w, out);
}

double weigh_lean(const struct ruleset *ruleset, const struct matches *matches,
                  const struct placement *placement, const struct weighed *window, struct judge as,
                  uint32_t *scratch)
{
    double sum = 0;
    for (uint32_t i = 0; i < placement->n; i++) {
        const struct placed *p = &placement->v[i];
        uint32_t rule = matches->hits[p->hit].rule;
        const struct rule_info *info = ruleset_rule(ruleset, rule);
        bool inside = p->nowhere || (i >= window->from && i < window->to);
        if (!inside || info->facet == FACET_CONTEXT || scratch[rule]++ > 0 ||
            (info->language != 0 && info->language != as.language))
            continue;
        sum += rule_lean(info, as.class_index) * (p->quoted ? QUOTED_SHARE : 1);
    }
    for (uint32_t i = 0; i < placement->n; i++)
        scratch[matches->hits[placement->v[i].hit].rule] = 0;
    return sum;
}
