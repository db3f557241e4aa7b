/* Conditions of rules over other rules: what they name, and in which order they are answered. */
#include <stdio.h>
#include <string.h>

#include "rule/load.h"

/* Whose condition is read: in a template's rule, names mean rules of the same pack first. */
struct namer {
    struct load *load;
    const struct rule_draft *draft;
};

static uint32_t sibling_named(struct load *l, const struct rule_draft *d, struct view name)
{
    size_t n = strlen(d->origin.pack->name);
    char *full = d->rule.info.template_id != NULL ? arena_alloc(&l->arena, n + 1 + name.n) : NULL;
    if (full == NULL)
        return NAME_NONE;
    memcpy(full, d->origin.pack->name, n);
    full[n] = '-';
    memcpy(full + n + 1, name.p, name.n);
    return names_find(&l->rule_names, (struct view){full, n + 1 + name.n});
}

static uint32_t rule_named(void *context, struct view name, char *hint, size_t hint_size)
{
    const struct namer *namer = context;
    struct load *l = namer->load;
    const struct view prefix = VIEW_LITERAL("facet.");
    const char *names[FACET_COUNT + 1] = {NULL};
    const char *word, *near = NULL;
    if (name.n > prefix.n && memcmp(name.p, prefix.p, prefix.n) == 0) {
        struct view tail = view_sub(name, prefix.n, name.n);
        enum facet facet = facet_find(tail);
        if (facet != FACET_COUNT)
            return l->rule_names.n + (uint32_t)facet;
        for (int f = 0; f < FACET_COUNT; f++)
            names[f] = facet_name((enum facet)f);
        word = arena_string(&l->arena, tail);
        near = word != NULL ? diags_nearest(word, names) : NULL;
        if (near != NULL)
            (void)snprintf(hint, hint_size, "did you mean \"facet.%s\"?", near);
        return UINT32_MAX;
    }
    uint32_t rule = sibling_named(l, namer->draft, name);
    if (rule == NAME_NONE)
        rule = names_find(&l->rule_names, name);
    if (rule != NAME_NONE)
        return rule;
    const char *const *known = names_list(&l->rule_names, &l->arena);
    word = arena_string(&l->arena, name);
    near = known != NULL && word != NULL ? diags_nearest(word, known) : NULL;
    if (near != NULL)
        (void)snprintf(hint, hint_size, "did you mean \"%s\"?", near);
    return UINT32_MAX;
}

static void condition_read(struct load *l, struct rule_draft *d)
{
    struct namer namer = {l, d};
    const struct condition_names names = {
        .find = rule_named, .context = &namer, .what = "rule", .within = true};
    struct condition_error error;
    if (condition_parse(view_of(d->when), &names, &l->r->arena, &d->rule.u.when, &error))
        return;
    l->no_memory = l->no_memory || error.message[0] == '\0';
    d->rule.u.when.n = 0;
    complain(l, d->when_origin, error.hint, "when, column %u: %s", error.column, error.message);
}

/*
 * What must be answered before what. Node i < n_rules is a rule, node n_rules + f is facet f: a
 * rule that asks for a facet needs the facet, which needs its rules.
 */
struct needs {
    uint32_t *from, *to; /* node from needs node to */
    uint32_t n, cap_from, cap_to;
};

static bool need_add(struct load *l, struct needs *needs, uint32_t from, uint32_t to)
{
    uint32_t *a = arena_grow(&l->arena, needs->from, &needs->cap_from, needs->n + 1, sizeof *a);
    uint32_t *b = arena_grow(&l->arena, needs->to, &needs->cap_to, needs->n + 1, sizeof *b);
    if (a != NULL)
        needs->from = a;
    if (b != NULL)
        needs->to = b;
    if (a == NULL || b == NULL) {
        l->no_memory = true;
        return false;
    }
    a[needs->n] = from;
    b[needs->n++] = to;
    return true;
}

static bool counted(const struct rule_draft *d)
{
    return d->rule.info.facet < FACET_COUNT && !d->rule.info.shadow && !d->off;
}

static void needs_collect(struct load *l, struct needs *needs)
{
    uint32_t n_rules = l->rule_names.n;
    for (uint32_t i = 0; i < n_rules; i++) {
        const struct rule_draft *d = &l->draft[i];
        if (d->rule.kind != RULE_WHEN)
            continue;
        if (counted(d))
            (void)need_add(l, needs, n_rules + (uint32_t)d->rule.info.facet, i);
        for (uint32_t k = 0; k < d->rule.u.when.n; k++) {
            const struct condition_step *step = &d->rule.u.when.step[k];
            bool within = step->code == CONDITION_WITHIN;
            if (step->code == CONDITION_NAME || within)
                (void)need_add(l, needs, i, step->a);
            if (within)
                (void)need_add(l, needs, i, step->b);
        }
    }
}

static const char *node_name(const struct load *l, uint32_t node)
{
    return node < l->rule_names.n ? l->draft[node].origin.where
                                  : facet_name((enum facet)(node - l->rule_names.n));
}

/* All nodes that are left need one another; follow the needs until one comes again. */
static void circle_complain(struct load *l, const struct needs *needs, const uint32_t *waits,
                            uint32_t n_nodes)
{
    uint32_t *next = arena_alloc(&l->arena, n_nodes * sizeof *next);
    bool *passed = arena_calloc(&l->arena, n_nodes, sizeof *passed);
    if (next == NULL || passed == NULL) {
        l->no_memory = true;
        return;
    }
    uint32_t node = UINT32_MAX;
    for (uint32_t e = 0; e < needs->n; e++)
        if (waits[needs->from[e]] > 0 && waits[needs->to[e]] > 0) {
            next[needs->from[e]] = needs->to[e];
            node = needs->from[e];
        }
    if (node == UINT32_MAX)
        return;
    for (; !passed[node]; node = next[node])
        passed[node] = true;
    char text[400];
    uint32_t first = node;
    while (first >= l->rule_names.n)
        first = next[first];
    size_t used = (size_t)snprintf(text, sizeof text, "%.100s", node_name(l, first));
    for (node = next[first]; used < sizeof text; node = next[node]) {
        int n = snprintf(text + used, sizeof text - used, " needs %s%.100s",
                         node >= l->rule_names.n ? "facet." : "", node_name(l, node));
        used += n > 0 ? (size_t)n : 0;
        if (node == first)
            break;
    }
    complain(l, l->draft[first].when_origin, "take one of them out of a condition",
             "the rule depends on itself: %s", text);
}

/* Answers first what waits for nothing (Kahn's order). */
static void order_find(struct load *l, const struct needs *needs)
{
    uint32_t n_rules = l->rule_names.n, n_nodes = n_rules + FACET_COUNT, n_done = 0, n_when = 0;
    uint32_t *waits = arena_calloc(&l->arena, n_nodes, sizeof *waits);
    uint32_t *done = arena_alloc(&l->arena, n_nodes * sizeof *done);
    uint32_t *first = arena_calloc(&l->arena, n_nodes, sizeof *first); /* edge + 1, by needed */
    uint32_t *next = arena_alloc(&l->arena, needs->n * sizeof *next);
    l->when = arena_alloc(&l->arena, n_nodes * sizeof *l->when);
    if (waits == NULL || done == NULL || first == NULL || next == NULL || l->when == NULL) {
        l->no_memory = true;
        return;
    }
    for (uint32_t e = 0; e < needs->n; e++) {
        waits[needs->from[e]]++;
        next[e] = first[needs->to[e]];
        first[needs->to[e]] = e + 1;
    }
    for (uint32_t i = 0; i < n_nodes; i++)
        if (waits[i] == 0)
            done[n_done++] = i;
    for (uint32_t i = 0; i < n_done; i++) {
        if (done[i] < n_rules && l->draft[done[i]].rule.kind == RULE_WHEN)
            l->when[n_when++] = done[i];
        for (uint32_t e = first[done[i]]; e != 0; e = next[e - 1])
            if (--waits[needs->from[e - 1]] == 0)
                done[n_done++] = needs->from[e - 1];
    }
    l->n_when = n_when;
    if (n_done < n_nodes)
        circle_complain(l, needs, waits, n_nodes);
}

void conditions_read(struct load *l)
{
    for (uint32_t i = 0; i < l->rule_names.n && !l->no_memory; i++)
        if (l->draft[i].rule.kind == RULE_WHEN && l->draft[i].when != NULL)
            condition_read(l, &l->draft[i]);
    struct needs needs = {.n = 0};
    needs_collect(l, &needs);
    if (!l->no_memory)
        order_find(l, &needs);
}

static void condition_needs(const struct ruleset *r, const struct condition *c, bool *needed)
{
    for (uint32_t k = 0; k < c->n; k++) {
        const struct condition_step *step = &c->step[k];
        if (step->code == CONDITION_WITHIN)
            needed[step->a] = needed[step->b] = true;
        else if (step->code == CONDITION_NAME && step->a < r->n_rules)
            needed[step->a] = true;
        else if (step->code == CONDITION_NAME) {
            uint32_t facet = step->a - r->n_rules;
            for (uint32_t i = r->facet_rules.from[facet]; i < r->facet_rules.from[facet + 1]; i++)
                needed[r->facet_rules.item[i]] = true;
        }
    }
}

void rule_needs(const struct ruleset *r, uint32_t rule, bool *needed)
{
    memset(needed, 0, r->n_rules * sizeof *needed);
    needed[rule] = true;
    /* Those that need come last in the order, so one pass from the end sees everything. */
    for (uint32_t i = r->n_by_kind[RULE_WHEN]; i-- > 0;) {
        uint32_t when = r->by_kind[RULE_WHEN][i];
        if (needed[when])
            condition_needs(r, &r->rule[when].u.when, needed);
    }
}
