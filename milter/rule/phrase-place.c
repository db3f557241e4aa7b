/* The last step of reading a phrase: where its search starts, its sieve, its graph. */
#include <math.h>

#include "rule/phrase-parse.h"

static double draft_cost(struct words *words, const struct phrase_draft *d, uint64_t nodes)
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
static uint64_t anchors_choose(struct words *words, const struct phrase_draft *d, double *least)
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

/* The longest way from one set of nodes to another: in places of the line, and in nodes passed. */
static void longest_way(const struct phrase_draft *d, uint64_t from, uint64_t to, uint32_t *line,
                        uint32_t *hops)
{
    uint32_t far[PHRASE_NODES_MAX] = {0}, nodes[PHRASE_NODES_MAX] = {0};
    *line = *hops = 0;
    for (uint32_t e = 0; e < d->n_edges; e++) { /* by the node they lead to, so in order */
        uint32_t u = d->edge[e].from, v = d->edge[e].to;
        if ((from >> u & 1) == 0 && nodes[u] == 0)
            continue;
        uint32_t step = far[u] + d->edge[e].gap + 1;
        far[v] = far[v] > step ? far[v] : step;
        nodes[v] = nodes[v] > nodes[u] + 1 ? nodes[v] : nodes[u] + 1;
        if (to >> v & 1) {
            *line = *line > far[v] ? *line : far[v];
            *hops = *hops > nodes[v] ? *hops : nodes[v];
        }
    }
}

/* What every way must pass: the required nodes, and one node of each cut. Rising; the number. */
static uint32_t passes_list(const struct phrase_draft *d, uint64_t *pass)
{
    uint32_t n = 0;
    for (uint32_t v = 0; v < d->n; v++) {
        if (d->required >> v & 1)
            pass[n++] = UINT64_C(1) << v;
        for (uint32_t c = 0; c < d->n_cuts; c++)
            if ((d->cut[c] & (~d->cut[c] + 1)) >> v & 1)
                pass[n++] = d->cut[c];
    }
    return n;
}

/* Which of them are the rarest, at most SIEVE_MAX: their indices, rarest first. */
static uint32_t rarest(struct words *words, const struct phrase_draft *d, const uint64_t *pass,
                       uint32_t n, uint32_t out[SIEVE_MAX])
{
    uint64_t chosen = 0;
    uint32_t n_out = 0;
    while (n_out < SIEVE_MAX) {
        uint32_t best = n;
        double least = INFINITY;
        for (uint32_t i = 0; i < n; i++) {
            double cost = chosen >> i & 1 ? INFINITY : draft_cost(words, d, pass[i]);
            if (cost < least) {
                least = cost;
                best = i;
            }
        }
        if (best == n)
            break;
        chosen |= UINT64_C(1) << best;
        out[n_out++] = best;
    }
    return n_out;
}

/* The term that any of these nodes accepts. */
static uint32_t union_term(struct words *words, const struct phrase_draft *d, uint64_t nodes)
{
    uint32_t term = TERM_NONE;
    for (uint32_t v = 0; v < d->n; v++)
        if (nodes >> v & 1)
            term = term == TERM_NONE ? d->term[v] : words_union(words, term, d->term[v]);
    return term != TERM_NONE ? words_id(words, term) : TERM_NONE;
}

static bool sieve_place(struct words *words, const struct phrase_draft *d, struct sieve *out)
{
    uint64_t pass[PHRASE_NODES_MAX], before = 0;
    uint32_t n = passes_list(d, pass), chosen[SIEVE_MAX];
    uint32_t n_chosen = rarest(words, d, pass, n, chosen);
    *out = (struct sieve){.rare = {TERM_NONE, TERM_NONE}};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t rank = 0;
        while (rank < n_chosen && chosen[rank] != i)
            rank++;
        if (rank == n_chosen)
            continue;
        uint32_t line = 0, hops = 0, term = union_term(words, d, pass[i]);
        if (words->no_memory)
            return false;
        if (out->n > 0)
            longest_way(d, before, pass[i], &line, &hops);
        if (rank < 2)
            out->rare[rank] = term;
        out->term[out->n] = term;
        out->reach[out->n] = (uint16_t)line;
        out->hops[out->n++] = (uint8_t)hops;
        before = pass[i];
    }
    return true;
}

double phrase_cost(struct words *words, const struct phrase_draft *draft)
{
    double cost;
    (void)anchors_choose(words, draft, &cost);
    return cost;
}

enum status phrase_place(struct words *words, const struct phrase_draft *draft, struct names *parts,
                         struct phrase *out, struct sieve *sieve, uint64_t *anchors, double *cost)
{
    *out = (struct phrase){.n_nodes = draft->n, .rule = RULE_NONE, .compound = ATOM_NONE};
    struct phrase_node node[PHRASE_NODES_MAX];
    struct phrase_edge edge[PHRASE_EDGES_MAX];
    if (!sieve_place(words, draft, sieve))
        return STATUS_NO_MEMORY;
    memset(node, 0, draft->n * sizeof *node); /* with what lies between members: it is compared */
    uint32_t e = 0;                           /* the parser lists edges by the node they lead to */
    for (uint32_t v = 0; v < draft->n; v++) {
        node[v].term = words->term[draft->term[v]].id;
        node[v].edges_from = (uint16_t)e;
        node[v].first = draft->first >> v & 1;
        node[v].last = draft->last >> v & 1;
        node[v].required = draft->required >> v & 1;
        for (; e < draft->n_edges && draft->edge[e].to == v; e++)
            edge[e] = (struct phrase_edge){draft->edge[e].from, draft->edge[e].gap};
        node[v].edges_to = (uint16_t)e;
    }
    out->node = names_share(parts, node, draft->n * sizeof *node);
    out->edge = names_share(parts, edge, draft->n_edges * sizeof *edge);
    if (out->node == NULL || out->edge == NULL)
        return STATUS_NO_MEMORY;
    *anchors = anchors_choose(words, draft, cost);
    return STATUS_OK;
}
