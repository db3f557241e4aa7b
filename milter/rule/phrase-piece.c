#include "rule/phrase-piece.h"

#include <math.h>
#include <string.h>

uint32_t graph_add(struct graph *g)
{
    uint32_t node = g->n++;
    memset(g->gap[node], -1, sizeof g->gap[node]);
    for (uint32_t u = 0; u < node; u++)
        g->gap[u][node] = -1;
    return node;
}

static void piece_clear(struct piece *out)
{
    *out = (struct piece){.pass = -1, .cost = INFINITY};
    memset(out->before, -1, sizeof out->before);
    memset(out->after, -1, sizeof out->after);
}

void piece_nothing(struct piece *out, int8_t gap)
{
    piece_clear(out);
    out->pass = gap;
}

void piece_node(struct piece *out, uint32_t node, double cost)
{
    piece_clear(out);
    out->before[node] = out->after[node] = 0;
    out->required = UINT64_C(1) << node;
    out->anchors = cost < INFINITY ? out->required : 0;
    out->cost = cost;
}

static bool gap_raise(int8_t *to, int gap)
{
    if (gap > GAP_SUM_MAX)
        return false;
    if (*to < gap)
        *to = (int8_t)gap;
    return true;
}

static bool edges_add(struct graph *g, const struct piece *left, const struct piece *right)
{
    bool ok = true;
    for (uint32_t u = 0; u < g->n; u++)
        for (uint32_t v = 0; left->after[u] >= 0 && v < g->n; v++)
            if (right->before[v] >= 0)
                ok = gap_raise(&g->gap[u][v], left->after[u] + right->before[v]) && ok;
    return ok;
}

bool piece_append(struct graph *g, struct piece *left, const struct piece *right)
{
    bool ok = edges_add(g, left, right);
    for (uint32_t v = 0; v < g->n; v++) {
        if (left->pass >= 0 && right->before[v] >= 0)
            ok = gap_raise(&left->before[v], left->pass + right->before[v]) && ok;
        int8_t after = left->after[v];
        left->after[v] = right->after[v];
        if (right->pass >= 0 && after >= 0)
            ok = gap_raise(&left->after[v], after + right->pass) && ok;
    }
    int8_t pass = -1;
    if (left->pass >= 0 && right->pass >= 0)
        ok = gap_raise(&pass, left->pass + right->pass) && ok;
    left->pass = pass;
    left->required |= right->required;
    if (right->cost < left->cost) {
        left->cost = right->cost;
        left->anchors = right->anchors;
    }
    return ok;
}

void piece_or(struct piece *left, const struct piece *right)
{
    for (uint32_t v = 0; v < PHRASE_NODES_MAX; v++) {
        if (left->before[v] < right->before[v])
            left->before[v] = right->before[v];
        if (left->after[v] < right->after[v])
            left->after[v] = right->after[v];
    }
    if (left->pass < right->pass)
        left->pass = right->pass;
    left->required &= right->required;
    left->cost += right->cost;
    left->anchors |= right->anchors;
}

void piece_optional(struct piece *piece)
{
    if (piece->pass < 0)
        piece->pass = 0;
    piece->required = piece->anchors = 0;
    piece->cost = INFINITY;
}
