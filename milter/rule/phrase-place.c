/* The last step of reading a phrase: where its search starts, and its graph in the ruleset. */
#include <string.h>

#include "rule/phrase-parse.h"

static double draft_cost(const struct words *words, const struct phrase_draft *d, uint64_t nodes)
{
    double sum = 0;
    for (uint32_t v = 0; v < d->n; v++)
        if (nodes >> v & 1)
            sum += term_cost(words, d->term[v]);
    return sum;
}

/*
 * The parser chose anchors before it knew how many rules use a word. One required word that is
 * rarer than its choice is better.
 */
static uint64_t anchors_choose(const struct words *words, const struct phrase_draft *d,
                               double *least)
{
    uint64_t best = d->anchors;
    *least = draft_cost(words, d, best);
    for (uint32_t v = 0; v < d->n; v++) {
        uint64_t only = UINT64_C(1) << v;
        if ((d->required & only) == 0)
            continue;
        double cost = draft_cost(words, d, only);
        if (cost < *least) {
            *least = cost;
            best = only;
        }
    }
    return best;
}

/* Rarest first, so that a phrase that cannot occur is dropped at the first look. */
static bool required_place(const struct words *words, const struct phrase_draft *d,
                           struct arena *arena, struct phrase *out)
{
    uint32_t *term = arena_alloc(arena, d->n * sizeof *term), n = 0;
    if (term == NULL)
        return false;
    for (uint32_t v = 0; v < d->n; v++) {
        if ((d->required >> v & 1) == 0)
            continue;
        double cost = term_cost(words, d->term[v]);
        uint32_t at = n++;
        for (; at > 0 && term_cost(words, term[at - 1]) > cost; at--)
            term[at] = term[at - 1];
        term[at] = d->term[v];
    }
    for (uint32_t i = 0; i < n; i++)
        term[i] = words->term[term[i]].id;
    out->required = term;
    out->n_required = n;
    return true;
}

enum status phrase_place(const struct words *words, const struct phrase_draft *draft,
                         struct arena *arena, struct phrase *out, uint64_t *anchors, double *cost)
{
    *out = (struct phrase){.n_nodes = draft->n, .rule = RULE_NONE, .compound = ATOM_NONE};
    struct phrase_node *node = arena_calloc(arena, draft->n, sizeof *node);
    struct phrase_edge *edge = arena_calloc(arena, draft->n_edges, sizeof *edge);
    if (node == NULL || edge == NULL || !required_place(words, draft, arena, out))
        return STATUS_NO_MEMORY;
    uint32_t e = 0; /* the parser lists edges by the node they lead to */
    for (uint32_t v = 0; v < draft->n; v++) {
        node[v] = (struct phrase_node){.term = words->term[draft->term[v]].id,
                                       .edges_from = (uint16_t)e,
                                       .first = draft->first >> v & 1,
                                       .last = draft->last >> v & 1,
                                       .required = draft->required >> v & 1};
        for (; e < draft->n_edges && draft->edge[e].to == v; e++)
            edge[e] = (struct phrase_edge){draft->edge[e].from, draft->edge[e].gap};
        node[v].edges_to = (uint16_t)e;
    }
    out->node = node;
    out->edge = edge;
    *anchors = anchors_choose(words, draft, cost);
    return STATUS_OK;
}
