#include "rule/phrase-match.h"

#include <stdlib.h>

#include "rule/phrase-reach.h"

/* A node's partial matches in search.state: [from, to). */
struct states {
    uint32_t from, to;
};

#define START_NONE UINT32_MAX

void search_init(struct search *x, struct seen *seen, bool gates)
{
    *x = (struct search){.seen = seen, .gates = gates};
}

void search_fini(struct search *x)
{
    free(x->state);
    free(x->start);
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

static bool buffers_reserve(struct search *x, size_t more)
{
    struct place *state = grow(x->state, &x->cap_states, x->n_states + more, sizeof *x->state);
    if (state != NULL)
        x->state = state;
    uint32_t *start = grow(x->start, &x->cap_start, more, sizeof *x->start);
    if (start != NULL)
        x->start = start;
    struct place *place = grow(x->place, &x->cap_places, more, sizeof *x->place);
    if (place != NULL)
        x->place = place;
    return state != NULL && start != NULL && place != NULL;
}

/* Places that follow one of the states within gap words get that state's start. */
static void follow(struct search *x, struct states before, uint32_t gap, const struct place *place,
                   uint32_t n)
{
    const struct seen *s = x->seen;
    uint32_t k = before.from;
    for (uint32_t i = 0; i < n; i++) {
        while (k < before.to && x->state[k].last < place[i].first)
            k++;
        if (k == before.from)
            continue;
        /* The nearest end decides: if it is too far, all are. */
        const struct place *nearest = &x->state[k - 1];
        if (s->line[place[i].first] - seen_after(s, nearest->last) > gap)
            continue;
        if (x->start[i] == START_NONE || x->start[i] < nearest->first)
            x->start[i] = nearest->first;
    }
}

/* Rising by end; of those with one end the latest start stays. */
static void states_sort(struct search *x, struct states *list)
{
    struct place *v = x->state + list->from;
    uint32_t n = list->to - list->from, kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct place one = v[i];
        uint32_t at = kept;
        for (; at > 0 && v[at - 1].last > one.last; at--)
            x->work++;
        if (at > 0 && v[at - 1].last == one.last) {
            if (v[at - 1].first < one.first)
                v[at - 1].first = one.first;
            continue;
        }
        for (uint32_t k = kept++; k > at; k--)
            v[k] = v[k - 1];
        v[at] = one;
    }
    list->to = list->from + kept;
    x->n_states = list->to;
}

/* The places that a node may take, and for a first node their starts. */
static enum search_result node_places(struct search *x, const struct phrase_node *node,
                                      const struct mask *reach, uint32_t *n)
{
    const struct seen *s = x->seen;
    const struct sight *sight = seen_term(x->seen, node->term, &x->work);
    if (sight == NULL)
        return SEARCH_NO_MEMORY;
    uint32_t from = 0, to = sight->n;
    if (reach != NULL)
        reach_range(s, reach, sight, &from, &to);
    x->work += 1 + (uint64_t)(to - from) * (1u + node->edges_to - node->edges_from);
    if (x->work > x->work_max)
        return SEARCH_UNDECIDED;
    if (!buffers_reserve(x, to - from))
        return SEARCH_NO_MEMORY;
    uint64_t bits = reach != NULL ? reach->bits : UINT64_MAX;
    *n = 0;
    for (uint32_t i = from; i < to; i++) {
        struct place place = sight->place[i];
        if ((bits >> (s->line[place.first] >> s->shift) & 1) == 0)
            continue;
        x->place[*n] = place;
        x->start[(*n)++] = node->first ? place.first : START_NONE;
    }
    return SEARCH_DONE;
}

static enum search_result node_match(struct search *x, const struct phrase *p, uint32_t v,
                                     const struct mask *reach, struct states *states)
{
    const struct phrase_node *node = &p->node[v];
    uint32_t n;
    enum search_result result = node_places(x, node, reach != NULL ? &reach[v] : NULL, &n);
    if (result != SEARCH_DONE)
        return result;
    for (uint32_t e = node->edges_from; e < node->edges_to; e++)
        follow(x, states[p->edge[e].from], p->edge[e].gap, x->place, n);
    states[v].from = x->n_states;
    for (uint32_t i = 0; i < n; i++)
        if (x->start[i] != START_NONE)
            x->state[x->n_states++] = (struct place){x->start[i], x->place[i].last};
    states[v].to = x->n_states;
    if (states[v].to > states[v].from + 1)
        states_sort(x, &states[v]);
    return SEARCH_DONE;
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
    if (n > 1)
        qsort(found, n, sizeof *found, place_compare);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || place_compare(&found[kept - 1], &found[i]) != 0)
            found[kept++] = found[i];
    x->n_found = kept;
    return SEARCH_DONE;
}

enum search_result search_phrase(struct search *x, const struct phrase *p, uint64_t around)
{
    x->n_found = 0;
    struct mask reach[PHRASE_NODES_MAX];
    x->work += p->n_nodes;
    if (x->gates && !phrase_reach(x->seen, p, around, reach))
        return SEARCH_DONE;
    struct states states[PHRASE_NODES_MAX];
    x->n_states = 0;
    for (uint32_t v = 0; v < p->n_nodes; v++) {
        enum search_result result = node_match(x, p, v, x->gates ? reach : NULL, states);
        if (result != SEARCH_DONE)
            return result;
        if (p->node[v].required && states[v].from == states[v].to)
            return SEARCH_DONE;
    }
    return found_take(x, p, states);
}
