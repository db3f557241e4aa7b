#include "rule/phrase-reach.h"

static void shift_up(const struct mask *in, uint32_t n, struct mask *out)
{
    for (int k = MASK_WORDS - 1; k > 0; k--)
        out->w[k] = in->w[k] << n | in->w[k - 1] >> (64 - n);
    out->w[0] = in->w[0] << n;
}

static void shift_down(const struct mask *in, uint32_t n, struct mask *out)
{
    for (int k = 0; k < MASK_WORDS - 1; k++)
        out->w[k] = in->w[k] >> n | in->w[k + 1] << (64 - n);
    out->w[MASK_WORDS - 1] = in->w[MASK_WORDS - 1] >> n;
}

/* m, and everything up to n bits after it (or before it). */
static struct mask smear(const struct mask *m, uint32_t n, bool up)
{
    struct mask all = *m, moved;
    if (n > MASK_BITS)
        n = MASK_BITS;
    for (uint32_t done = 0; done < n;) {
        uint32_t step = done + 1 < n - done ? done + 1 : n - done;
        step = step < 63 ? step : 63;
        if (up)
            shift_up(&all, step, &moved);
        else
            shift_down(&all, step, &moved);
        for (int k = 0; k < MASK_WORDS; k++)
            all.w[k] |= moved.w[k];
        done += step;
    }
    return all;
}

/* How many bits beyond its own a node's follower may lie. */
static uint32_t edge_bits(const struct seen *s, const struct mask *from, uint32_t gap)
{
    return ((from->extent + gap) >> s->shift) + 1;
}

static bool reach_forward(struct seen *s, const struct phrase *p, const struct mask *around,
                          struct mask *reach)
{
    bool any = false;
    for (uint32_t v = 0; v < p->n_nodes; v++) {
        const struct phrase_node *node = &p->node[v];
        const struct mask *seen = seen_mask(s, node->term);
        struct mask can = {.extent = seen->extent};
        for (uint32_t e = node->edges_from; e < node->edges_to && !node->first; e++) {
            const struct mask *from = &reach[p->edge[e].from];
            struct mask next = smear(from, edge_bits(s, from, p->edge[e].gap), true);
            for (int k = 0; k < MASK_WORDS; k++)
                can.w[k] |= next.w[k];
        }
        for (int k = 0; k < MASK_WORDS; k++)
            can.w[k] = node->first ? seen->w[k] : can.w[k] & seen->w[k];
        if (around != NULL)
            mask_meet(&can, around);
        reach[v] = can;
        bool empty = mask_empty(&can);
        if (node->required && empty)
            return false;
        any = any || (node->last && !empty);
    }
    return any;
}

/* Takes away what leads nowhere. */
static void reach_backward(const struct seen *s, const struct phrase *p, struct mask *reach)
{
    struct mask leads[PHRASE_NODES_MAX] = {{{0}, 0}};
    for (uint32_t v = p->n_nodes; v-- > 0;) {
        const struct phrase_node *node = &p->node[v];
        if (!node->last)
            mask_meet(&reach[v], &leads[v]);
        for (uint32_t e = node->edges_from; e < node->edges_to; e++) {
            uint32_t u = p->edge[e].from;
            struct mask before = smear(&reach[v], edge_bits(s, &reach[u], p->edge[e].gap), false);
            for (int k = 0; k < MASK_WORDS; k++)
                leads[u].w[k] |= before.w[k];
        }
    }
}

struct mask mask_around(const struct seen *s, const struct mask *m, uint32_t n)
{
    uint32_t bits = ((m->extent + n) >> s->shift) + 1;
    struct mask after = smear(m, bits, true);
    return smear(&after, bits, false);
}

bool phrase_reach(struct seen *s, const struct phrase *p, const struct mask *around,
                  struct mask *reach)
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
    uint64_t low = MASK_BITS, high = 0;
    for (unsigned k = 0; k < MASK_WORDS; k++)
        if (reach->w[k] != 0) {
            if (low == MASK_BITS)
                low = k * 64 + (unsigned)__builtin_ctzll(reach->w[k]);
            high = k * 64 + 64 - (unsigned)__builtin_clzll(reach->w[k]);
        }
    *from = *to = 0;
    if (low < high) {
        *from = place_at(s, sight, low << s->shift);
        *to = place_at(s, sight, high << s->shift);
    }
}
