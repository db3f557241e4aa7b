#include "rule/phrase-reach.h"

/* m, and everything up to n bits above it. */
static uint64_t smear_up(uint64_t m, uint32_t n)
{
    if (n >= MASK_BITS - 1)
        return m != 0 ? ~UINT64_C(0) << __builtin_ctzll(m) : 0;
    m |= m << (n > 0);
    for (uint32_t done = 1; done < n;) {
        uint32_t step = done + 1 < n - done ? done + 1 : n - done;
        m |= m << step;
        done += step;
    }
    return m;
}

/* m, and everything up to n bits below it. */
static uint64_t smear_down(uint64_t m, uint32_t n)
{
    if (n >= MASK_BITS - 1)
        return m != 0 ? ~UINT64_C(0) >> __builtin_clzll(m) : 0;
    m |= m >> (n > 0);
    for (uint32_t done = 1; done < n;) {
        uint32_t step = done + 1 < n - done ? done + 1 : n - done;
        m |= m >> step;
        done += step;
    }
    return m;
}

/* How many bits beyond its own a node's follower may lie. */
static uint32_t edge_bits(const struct seen *s, uint32_t extent, uint32_t gap)
{
    return ((extent + gap) >> s->shift) + 1;
}

uint64_t mask_around(const struct seen *s, struct mask m, uint32_t n)
{
    uint32_t bits = edge_bits(s, m.extent, n);
    return smear_up(m.bits, bits) | smear_down(m.bits, bits);
}

uint64_t sieve_reach(const struct seen *s, const struct sieve *sieve)
{
    if (sieve->n == 0)
        return ~UINT64_C(0);
    uint64_t can = seen_mask(s, sieve->term[0]).bits;
    for (uint32_t i = 1; i < sieve->n && can != 0; i++) {
        uint32_t bits = edge_bits(s, s->extent * sieve->hops[i], sieve->reach[i]);
        can = smear_up(can, bits) & seen_mask(s, sieve->term[i]).bits;
    }
    return can;
}

static bool reach_forward(const struct seen *s, const struct phrase *p, uint64_t around,
                          struct mask *reach)
{
    uint64_t last = 0;
    for (uint32_t v = 0; v < p->n_nodes; v++) {
        const struct phrase_node *node = &p->node[v];
        const struct mask seen = seen_mask(s, node->term);
        uint64_t can = 0;
        if (seen.bits != 0 && node->first)
            can = ~UINT64_C(0);
        for (uint32_t e = node->edges_from; seen.bits != 0 && !node->first && e < node->edges_to;
             e++) {
            const struct mask *from = &reach[p->edge[e].from];
            if (from->bits != 0)
                can |= smear_up(from->bits, edge_bits(s, from->extent, p->edge[e].gap));
        }
        can &= seen.bits & around;
        reach[v] = (struct mask){can, seen.extent};
        if (node->required && can == 0)
            return false;
        last |= node->last ? can : 0;
    }
    return last != 0;
}

/* Takes away what leads nowhere. */
static void reach_backward(const struct seen *s, const struct phrase *p, struct mask *reach)
{
    uint64_t leads[PHRASE_NODES_MAX];
    for (uint32_t v = 0; v < p->n_nodes; v++)
        leads[v] = p->node[v].last ? ~UINT64_C(0) : 0;
    for (uint32_t v = p->n_nodes; v-- > 0;) {
        const struct phrase_node *node = &p->node[v];
        reach[v].bits &= leads[v];
        for (uint32_t e = node->edges_from; reach[v].bits != 0 && e < node->edges_to; e++) {
            uint32_t u = p->edge[e].from;
            leads[u] |= smear_down(reach[v].bits, edge_bits(s, reach[u].extent, p->edge[e].gap));
        }
    }
}

bool phrase_reach(const struct seen *s, const struct phrase *p, uint64_t around, struct mask *reach)
{
    if (!reach_forward(s, p, around, reach))
        return false;
    reach_backward(s, p, reach);
    return true;
}

/* The first place of the list that lies at or after line. */
static uint32_t place_at(const struct seen *s, const struct sight *sight, uint64_t line)
{
    uint32_t lo = 0, hi = sight->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->line[sight->place[mid].first] < line)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

void reach_range(const struct seen *s, const struct mask *reach, const struct sight *sight,
                 uint32_t *from, uint32_t *to)
{
    *from = *to = 0;
    if (reach->bits == 0)
        return;
    uint64_t low = (uint64_t)__builtin_ctzll(reach->bits);
    uint64_t end = MASK_BITS - (uint64_t)__builtin_clzll(reach->bits);
    *from = place_at(s, sight, low << s->shift);
    *to = place_at(s, sight, end << s->shift);
}
