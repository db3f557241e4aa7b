#include "rule/phrase-match.h"

#include <stdlib.h>

#include "rule/phrase-reach.h"

/* A node's partial matches in search.state: [from, to). */
struct states {
    uint32_t from, to;
};

void search_init(struct search *x, struct seen *seen, bool gates)
{
    *x = (struct search){.seen = seen, .gates = gates};
}

void search_fini(struct search *x)
{
    free(x->state);
    free(x->place);
    free(x->found);
    *x = (struct search){0};
}

static void *grow(void *old, uint32_t *cap, size_t want, size_t size)
{
    if (old != NULL && want <= *cap)
        return old;
    size_t n = *cap < 64 ? 64 : *cap;
    while (n < want)
        n *= 2;
    void *p = n <= UINT32_MAX ? realloc(old, n * size) : NULL;
    if (p != NULL)
        *cap = (uint32_t)n;
    return p;
}

static bool state_add(struct search *x, uint32_t first, uint32_t last)
{
    struct place *state = grow(x->state, &x->cap_states, x->n_states + 1u, sizeof *state);
    if (state == NULL)
        return false;
    x->state = state;
    state[x->n_states++] = (struct place){first, last};
    return true;
}

/*
 * Places that follow one of the states within gap words go on with its start. The nearest end
 * decides: if it is too far, all are; and where one start is enough, it gives that too.
 */
static enum search_result follow(struct search *x, struct states before, uint32_t gap, uint32_t n)
{
    const struct seen *s = x->seen;
    uint32_t k = before.from;
    for (uint32_t i = 0; i < n; i++) {
        struct place place = x->place[i];
        while (k < before.to && x->state[k].last < place.first)
            k++;
        for (uint32_t at = k; at > before.from; at--) {
            struct place near = x->state[at - 1];
            if (s->line[place.first] - seen_after(s, near.last) > gap)
                break;
            if (++x->work > x->work_end)
                return SEARCH_UNDECIDED;
            if (!state_add(x, near.first, place.last))
                return SEARCH_NO_MEMORY;
            if (!x->all_starts)
                break;
        }
    }
    return SEARCH_DONE;
}

/*
 * Rising by end, then by falling start; equal ones once, and where one start is enough, of one end
 * only the latest. The list comes nearly sorted.
 */
static enum search_result states_sort(struct search *x, struct states *list)
{
    struct place *v = x->state + list->from;
    uint32_t n = list->to - list->from, kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct place one = v[i];
        uint32_t at = kept;
        while (at > 0 && (v[at - 1].last > one.last ||
                          (v[at - 1].last == one.last && v[at - 1].first < one.first)))
            at--;
        x->work += kept - at;
        if (x->work > x->work_end)
            return SEARCH_UNDECIDED;
        bool same_end = at > 0 && v[at - 1].last == one.last;
        if (same_end && (!x->all_starts || v[at - 1].first == one.first))
            continue;
        if (!x->all_starts && at < kept && v[at].last == one.last) {
            v[at] = one;
            continue;
        }
        for (uint32_t k = kept++; k > at; k--)
            v[k] = v[k - 1];
        v[at] = one;
    }
    list->to = list->from + kept;
    x->n_states = list->to;
    return SEARCH_DONE;
}

/* The places that a node may take. */
static enum search_result node_places(struct search *x, uint32_t term, const struct mask *reach,
                                      uint32_t *n)
{
    const struct seen *s = x->seen;
    const struct sight *sight = seen_term(x->seen, term, &x->work);
    if (sight == NULL)
        return SEARCH_NO_MEMORY;
    uint32_t from = 0, to = sight->n;
    if (reach != NULL)
        reach_range(s, reach, sight, &from, &to);
    x->work += 1 + (uint64_t)(to - from);
    if (x->work > x->work_end)
        return SEARCH_UNDECIDED;
    struct place *place = grow(x->place, &x->cap_places, to - from, sizeof *place);
    if (place == NULL)
        return SEARCH_NO_MEMORY;
    x->place = place;
    /* phrase_reach filled it for every node;
     * NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign) */
    uint64_t bits = reach != NULL ? reach->bits : UINT64_MAX;
    *n = 0;
    for (uint32_t i = from; i < to; i++)
        if (bits >> (s->line[sight->place[i].first] >> s->shift) & 1)
            place[(*n)++] = sight->place[i];
    return SEARCH_DONE;
}

/* The states that the node's places make, n of them in search.place. */
static enum search_result node_match(struct search *x, const struct phrase *p, uint32_t v,
                                     uint32_t n, struct states *states)
{
    const struct phrase_node *node = &p->node[v];
    enum search_result result = SEARCH_DONE;
    states[v].from = x->n_states;
    for (uint32_t i = 0; result == SEARCH_DONE && node->first && i < n; i++)
        if (!state_add(x, x->place[i].first, x->place[i].last))
            result = SEARCH_NO_MEMORY;
    bool enough = node->first && !x->all_starts; /* no start is later than the place itself */
    for (uint32_t e = node->edges_from; result == SEARCH_DONE && !enough && e < node->edges_to; e++)
        result = follow(x, states[p->edge[e].from], p->edge[e].gap, n);
    states[v].to = x->n_states;
    if (result == SEARCH_DONE && states[v].to > states[v].from + 1)
        result = states_sort(x, &states[v]);
    return result;
}

static int place_compare(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return a->last < b->last ? -1 : a->last > b->last;
}

/* The states of the last nodes are the result. */
static enum search_result found_take(struct search *x, const struct phrase *p,
                                     const struct states *states)
{
    uint32_t n = 0, kept = 0;
    for (uint32_t v = 0; v < p->n_nodes; v++)
        if (p->node[v].last)
            n += states[v].to - states[v].from;
    if (n == 0)
        return SEARCH_DONE;
    struct place *found = grow(x->found, &x->cap_found, n, sizeof *found);
    if (found == NULL)
        return SEARCH_NO_MEMORY;
    x->found = found;
    n = 0;
    for (uint32_t v = 0; v < p->n_nodes; v++)
        for (uint32_t i = states[v].from; p->node[v].last && i < states[v].to; i++)
            found[n++] = x->state[i];
    x->work += n;
    places_sort(found, n, &x->work);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || place_compare(&found[kept - 1], &found[i]) != 0)
            found[kept++] = found[i];
    x->n_found = kept;
    return SEARCH_DONE;
}

/*
 * A phrase of one node, as most are, is found where its places are: without states, when no two
 * places end at one word. Costs what the long way would.
 */
static bool places_take(struct search *x, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        if (x->place[i].last <= x->place[i - 1].last)
            return false;
    struct place *found = x->place;
    uint32_t cap = x->cap_places;
    x->place = x->found;
    x->cap_places = x->cap_found;
    x->found = found;
    x->cap_found = cap;
    x->n_found = n;
    x->work += n;
    return true;
}

enum search_result search_phrase(struct search *x, const struct phrase *p, uint64_t around,
                                 bool all_starts)
{
    x->n_found = 0;
    x->all_starts = all_starts;
    x->work_end = x->work + x->work_max / SEARCH_SHARE + 1;
    if (x->work_end > x->work_max)
        x->work_end = x->work_max;
    struct mask reach[PHRASE_NODES_MAX];
    x->work += p->n_nodes;
    if (x->gates && !phrase_reach(x->seen, p, around, reach))
        return SEARCH_DONE;
    struct states states[PHRASE_NODES_MAX];
    x->n_states = 0;
    for (uint32_t v = 0; v < p->n_nodes; v++) {
        uint32_t n = 0;
        enum search_result result =
            node_places(x, p->node[v].term, x->gates ? &reach[v] : NULL, &n);
        if (result == SEARCH_DONE && p->n_nodes == 1 && places_take(x, n))
            return result;
        if (result == SEARCH_DONE)
            result = node_match(x, p, v, n, states);
        if (result != SEARCH_DONE)
            return result;
        if (p->node[v].required && states[v].from == states[v].to)
            return SEARCH_DONE;
    }
    return found_take(x, p, states);
}
