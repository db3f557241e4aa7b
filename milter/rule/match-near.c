/*
 * Rules of kind near: all phrases within some words, or at least so many of them. Most are made of
 * single words and lists, whose places are known without a search.
 */
#include <stdlib.h>

#include "rule/matcher.h"
#include "rule/phrase-reach.h"

struct near_event {
    struct place place;
    uint32_t phrase;
};

static int near_compare(const void *left, const void *right)
{
    const struct near_event *a = left, *b = right;
    if (a->place.last != b->place.last)
        return a->place.last < b->place.last ? -1 : 1;
    if (a->place.first != b->place.first)
        return a->place.first < b->place.first ? -1 : 1;
    return a->phrase < b->phrase ? -1 : a->phrase > b->phrase;
}

static bool same_place(struct place a, struct place b)
{
    return a.first == b.first && a.last == b.last;
}

/*
 * For each place where some phrase ends: the latest start of every phrase so far; if the earliest
 * of these is near enough, all of them stand together. Of two phrases one that is the other at the
 * very same place, which comes just before it, does not count.
 */
static void near_join(struct matcher *m, const struct rule *rule, struct near_event *event,
                      uint32_t n, uint32_t n_phrases)
{
    uint32_t *start = arena_calloc(&m->arena, n_phrases, sizeof *start); /* + 1; 0: none yet */
    if (start == NULL || !matcher_spots_reserve(m, n)) {
        m->no_memory = true;
        return;
    }
    if (n > 0)
        qsort(event, n, sizeof *event, near_compare);
    for (uint32_t i = 0, before = 0; i < n; i++) {
        struct place at = event[i].place;
        bool twin = n_phrases == 2 && i > 0 && same_place(event[i - 1].place, at);
        uint32_t least = twin ? before : UINT32_MAX;
        before = start[event[i].phrase];
        if (start[event[i].phrase] < at.first + 1)
            start[event[i].phrase] = at.first + 1;
        for (uint32_t k = 0; k < n_phrases; k++)
            least = start[k] < least ? start[k] : least;
        if (least > 0 &&
            seen_after(&m->seen, at.last) - m->seen.line[least - 1] <= rule->u.phrases.within &&
            matcher_reads(m, rule, at.first))
            m->spot[m->n_spots++] = (struct place){least - 1, at.last};
    }
}

/* Where phrases of a near rule could stand together; a phrase without a sieve could be anywhere. */
static uint64_t near_reach(const struct matcher *m, const struct phrase_rule *rule)
{
    uint64_t around = SEARCH_EVERYWHERE;
    for (uint32_t p = rule->phrase_from; p < rule->phrase_to && around != 0; p++) {
        const struct sieve *sieve = &m->ruleset->sieve[p];
        uint64_t reach = sieve_reach(&m->seen, sieve);
        if (sieve->n > 0 || reach == 0)
            around &= mask_around(&m->seen, (struct mask){reach, m->seen.extent}, rule->within);
    }
    return around;
}

static void phrases_match(struct matcher *m, const struct rule *rule, bool *decided)
{
    const struct phrase_rule *r = &rule->u.phrases;
    struct near_event *event = NULL;
    uint32_t n = 0, cap = 0, n_phrases = r->phrase_to - r->phrase_from;
    uint64_t around = m->gates ? near_reach(m, r) : SEARCH_EVERYWHERE;
    if (around == 0)
        return;
    /* The rarest phrase comes first; the others matter only around it. */
    for (uint32_t k = 0; k < n_phrases; k++) {
        if (!matcher_search(m, r->phrase_from + k, around, false, decided))
            return;
        uint32_t found = m->search.n_found;
        struct near_event *grown = arena_grow(&m->arena, event, &cap, n + found, sizeof *event);
        if (grown == NULL) {
            m->no_memory = true;
            return;
        }
        event = grown;
        struct mask here = {0};
        for (uint32_t i = 0; i < found; i++) {
            struct place at = m->search.found[i];
            event[n++] = (struct near_event){at, k};
            mask_add(&here, &m->seen, at.first, at.last);
        }
        around &= mask_around(&m->seen, here, r->within);
    }
    /* Sorting costs most, then a look at every phrase for every place. */
    if (matcher_spend(m, (uint64_t)n * (4 + n_phrases)))
        near_join(m, rule, event, n, n_phrases);
    else
        *decided = false;
}

/* One word of a list that stands in the text; its phrase, counted from the rule's first. */
struct list_place {
    struct place place;
    uint32_t phrase;
    uint32_t line; /* of the first word */
    uint32_t kind; /* see matcher_kind */
};

/* All places of all lists in order of their first word: a counting sort over the words. */
static struct list_place *places_gather(struct matcher *m, const struct sight *const *sight,
                                        uint32_t n_lists, uint32_t *n_out)
{
    uint32_t n_words = m->facts->text->n_words;
    size_t n = 0;
    for (uint32_t k = 0; k < n_lists; k++)
        n += sight[k]->n;
    uint32_t *from = arena_calloc(&m->arena, (size_t)n_words + 1, sizeof *from);
    struct list_place *out = arena_alloc(&m->arena, n * sizeof *out);
    if (from == NULL || out == NULL) {
        m->no_memory = true;
        return NULL;
    }
    for (uint32_t k = 0; k < n_lists; k++)
        for (uint32_t i = 0; i < sight[k]->n; i++)
            from[sight[k]->place[i].first + 1]++;
    for (uint32_t w = 0; w < n_words; w++)
        from[w + 1] += from[w];
    for (uint32_t k = 0; k < n_lists; k++)
        for (uint32_t i = 0; i < sight[k]->n; i++)
            out[from[sight[k]->place[i].first]++] =
                (struct list_place){.place = sight[k]->place[i], .phrase = k};
    for (size_t i = 0; i < n; i++) {
        out[i].line = m->seen.line[out[i].place.first];
        out[i].kind = matcher_kind(m, out[i].place.first);
    }
    *n_out = (uint32_t)n;
    return out;
}

/*
 * Wherever at_least different lists stand within the rule's reach, from the first word of the one
 * to the first word of the other: a window that slides over the places.
 */
static void window_slide(struct matcher *m, const struct rule *rule, const struct list_place *v,
                         uint32_t n, uint32_t n_lists)
{
    const struct phrase_rule *r = &rule->u.phrases;
    uint32_t *inside = arena_calloc(&m->arena, n_lists, sizeof *inside), different = 0, from = 0;
    if (inside == NULL || !matcher_spots_reserve(m, n)) {
        m->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        if ((v[i].kind & rule->where) == 0)
            continue;
        different += inside[v[i].phrase]++ == 0;
        for (; v[i].line - v[from].line >= r->within; from++)
            if ((v[from].kind & rule->where) != 0)
                different -= --inside[v[from].phrase] == 0;
        if (different >= r->at_least)
            m->spot[m->n_spots++] = (struct place){v[from].place.first, v[i].place.last};
    }
}

static uint32_t list_term(const struct matcher *m, const struct rule *rule, uint32_t k)
{
    return m->ruleset->phrase[rule->u.phrases.phrase_from + k].node[0].term;
}

static bool same_lists(const struct matcher *m, const struct rule *a, const struct rule *b)
{
    if (a == NULL || a->u.phrases.phrase_to - a->u.phrases.phrase_from !=
                         b->u.phrases.phrase_to - b->u.phrases.phrase_from)
        return false;
    for (uint32_t k = 0; k < b->u.phrases.phrase_to - b->u.phrases.phrase_from; k++)
        if (list_term(m, a, k) != list_term(m, b, k))
            return false;
    return true;
}

static bool gather(struct matcher *m, const struct rule *rule)
{
    uint32_t n_lists = rule->u.phrases.phrase_to - rule->u.phrases.phrase_from, n = 0;
    const struct sight **sight = arena_alloc(&m->arena, n_lists * sizeof *sight);
    m->gathered.rule = NULL;
    for (uint32_t k = 0; sight != NULL && k < n_lists; k++) {
        sight[k] = seen_term(&m->seen, list_term(m, rule, k), &m->search.work);
        if (sight[k] == NULL)
            sight = NULL;
    }
    const struct list_place *v = sight != NULL ? places_gather(m, sight, n_lists, &n) : NULL;
    if (v == NULL) {
        m->no_memory = true;
        return false;
    }
    m->gathered = (struct gathered){rule, v, n};
    return true;
}

/*
 * How many of the rule's lists occur. With gates each of them is a candidate when its term was met,
 * and the bits lie together; the terms are spread over a table that no cache holds.
 */
static uint32_t lists_met(const struct matcher *m, const struct phrase_rule *r)
{
    uint32_t met = 0;
    for (uint32_t p = r->phrase_from; !m->gates && p < r->phrase_to; p++)
        met += seen_met(&m->seen, m->ruleset->phrase[p].node[0].term);
    for (uint32_t p = r->phrase_from, n; m->gates && p < r->phrase_to; p += n) {
        n = 64 - p % 64 < r->phrase_to - p ? 64 - p % 64 : r->phrase_to - p;
        uint64_t bits = m->candidate[p / 64] >> p % 64;
        met += (uint32_t)__builtin_popcountll(n < 64 ? bits & ((UINT64_C(1) << n) - 1) : bits);
    }
    return met;
}

static void some_match(struct matcher *m, const struct rule *rule, bool *decided)
{
    const struct phrase_rule *r = &rule->u.phrases;
    uint32_t n_lists = r->phrase_to - r->phrase_from;
    if (lists_met(m, r) < r->at_least)
        return;
    if (!same_lists(m, m->gathered.rule, rule) && !gather(m, rule))
        return;
    if (matcher_spend(m, m->gathered.n))
        window_slide(m, rule, m->gathered.place, m->gathered.n, n_lists);
    else
        *decided = false;
}

/* The last of the first n places, in order of their first word, that is not just the same words. */
static const struct place *place_beside(const struct place *v, uint32_t n, struct place here)
{
    while (n > 0 && same_place(v[n - 1], here))
        n--;
    return n > 0 ? &v[n - 1] : NULL;
}

/*
 * Two lists: for each place, the nearest one of the other list that begins before it. A word that
 * is an entry of both is not near itself; "bring you down" may lie around "you".
 */
static void pair_join(struct matcher *m, const struct rule *rule, const struct sight *a,
                      const struct sight *b, uint64_t around)
{
    const struct sight *sight[2] = {a, b};
    const uint32_t *line = m->seen.line;
    uint32_t at[2] = {0, 0}, within = rule->u.phrases.within;
    if (!matcher_spots_reserve(m, (size_t)a->n + b->n)) {
        m->no_memory = true;
        return;
    }
    while (at[0] < a->n || at[1] < b->n) {
        unsigned k =
            at[1] >= b->n || (at[0] < a->n && a->place[at[0]].first <= b->place[at[1]].first) ? 0
                                                                                              : 1;
        const struct place *here = &sight[k]->place[at[k]++];
        if ((around >> (line[here->first] >> m->seen.shift) & 1) == 0)
            continue;
        const struct place *other = place_beside(sight[1 - k]->place, at[1 - k], *here);
        if (other == NULL)
            continue;
        uint32_t last = other->last > here->last ? other->last : here->last;
        if (seen_after(&m->seen, last) - line[other->first] <= within &&
            matcher_reads(m, rule, here->first))
            m->spot[m->n_spots++] = (struct place){other->first, last};
    }
}

static void pair_match(struct matcher *m, const struct rule *rule, bool *decided)
{
    const struct phrase_rule *r = &rule->u.phrases;
    const struct phrase *p = &m->ruleset->phrase[r->phrase_from];
    uint64_t around = m->gates ? near_reach(m, r) : SEARCH_EVERYWHERE;
    if (around == 0)
        return;
    const struct sight *a = seen_term(&m->seen, p[0].node[0].term, &m->search.work);
    const struct sight *b = seen_term(&m->seen, p[1].node[0].term, &m->search.work);
    if (a == NULL || b == NULL)
        m->no_memory = true;
    else if (a->n == 0 || b->n == 0)
        return;
    else if (matcher_spend(m, (uint64_t)a->n + b->n))
        pair_join(m, rule, a, b, around);
    else
        *decided = false;
}

/* Are all phrases of the rule single words or lists? */
static bool all_single(const struct matcher *m, const struct phrase_rule *r)
{
    for (uint32_t p = r->phrase_from; p < r->phrase_to; p++)
        if (m->ruleset->phrase[p].n_nodes != 1)
            return false;
    return true;
}

void match_near(struct matcher *m, const struct rule *rule, bool *decided)
{
    const struct phrase_rule *r = &rule->u.phrases;
    if (m->exhausted)
        *decided = false;
    else if (r->at_least > 0)
        some_match(m, rule, decided);
    else if (r->phrase_to - r->phrase_from == 2 && all_single(m, r))
        pair_match(m, rule, decided);
    else
        phrases_match(m, rule, decided);
}
