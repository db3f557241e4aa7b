/* Phrases of rules: read, and placed in the ruleset where a search for them starts. */
#include <stdlib.h>

#include "rule/load.h"

enum { PHRASES_MAX = 1000 }; /* of one rule */

void phrases_read(struct load *l, const struct rule_draft *d, const char *key, bool short_words,
                  struct phrase_slots *out)
{
    const config_setting_t *texts = key_texts(d->setting, key);
    const struct pack *pack = d->origin.pack;
    uint32_t n = texts_n(texts);
    if (n > PHRASES_MAX) {
        complain(l, d->origin, "use word lists, or several rules", "more than %d phrases",
                 PHRASES_MAX);
        return;
    }
    struct phrase_slot *v = n > 0 ? arena_calloc(&l->arena, n, sizeof *v) : NULL;
    l->no_memory = l->no_memory || (n > 0 && v == NULL);
    *out = (struct phrase_slots){.v = v, .cap = n};
    for (uint32_t i = 0; i < n && !l->no_memory; i++) {
        struct origin at = texts_origin(pack, texts, i, d->origin.where);
        v[out->n].text = texts_at(texts, i);
        if (phrase_read(l, v[out->n].text, at, pack->name, short_words, &v[out->n].draft))
            v[out->n++].compound = ATOM_NONE;
    }
}

struct placed {
    struct phrase phrase;
    struct phrase_note note;
    struct sieve sieve;
    uint64_t anchors; /* nodes at which its search starts */
    double cost;
};

/* All phrases of the ruleset while they are placed, with the terms that start their search. */
struct placing {
    struct load *l;
    struct placed *v;
    uint32_t n;
    uint32_t *anchor_term, *anchor_phrase; /* pairs */
    uint32_t n_anchors, cap_term, cap_phrase;
};

static bool anchors_add(struct placing *p, uint32_t phrase)
{
    const struct placed *placed = &p->v[phrase];
    struct arena *arena = &p->l->arena;
    for (uint32_t v = 0; v < placed->phrase.n_nodes; v++) {
        if ((placed->anchors >> v & 1) == 0)
            continue;
        uint32_t *term =
            arena_grow(arena, p->anchor_term, &p->cap_term, p->n_anchors + 1, sizeof *term);
        uint32_t *of =
            arena_grow(arena, p->anchor_phrase, &p->cap_phrase, p->n_anchors + 1, sizeof *of);
        if (term == NULL || of == NULL)
            return false;
        p->anchor_term = term;
        p->anchor_phrase = of;
        term[p->n_anchors] = placed->phrase.node[v].term;
        of[p->n_anchors++] = phrase;
    }
    return true;
}

/* What an explanation needs of the phrase. */
static bool note_take(struct placing *p, const struct phrase_slot *slot, struct phrase_note *out)
{
    const struct phrase_draft *draft = &slot->draft;
    *out = (struct phrase_note){0};
    if (slot->text == NULL)
        return true;
    out->text = keep(p->l, slot->text);
    out->at = names_share(&p->l->parts, draft->at, draft->n * sizeof *draft->at);
    return !p->l->no_memory && out->at != NULL;
}

static bool slots_place(struct placing *p, const struct phrase_slots *slots, uint32_t rule,
                        bool anchored)
{
    for (uint32_t i = 0; i < slots->n; i++) {
        struct placed *placed = &p->v[p->n++];
        if (phrase_place(&p->l->words, &slots->v[i].draft, &p->l->parts, &placed->phrase,
                         &placed->sieve, &placed->anchors, &placed->cost) != STATUS_OK)
            return false;
        if (!note_take(p, &slots->v[i], &placed->note))
            return false;
        placed->phrase.rule = rule;
        placed->phrase.compound = slots->v[i].compound;
        if (anchored && !anchors_add(p, p->n - 1))
            return false;
    }
    return true;
}

static int cost_compare(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    return a->cost < b->cost ? -1 : a->cost > b->cost;
}

/* near: the rarest phrase comes first, and only it starts a search, unless some are enough. */
static bool near_place(struct placing *p, const struct phrase_slots *slots, uint32_t rule)
{
    uint32_t from = p->n;
    bool some = p->l->draft[rule].rule.u.phrases.at_least > 0;
    if (slots->n == 0 || !slots_place(p, slots, rule, some) || some)
        return slots->n == 0 || some;
    qsort(p->v + from, slots->n, sizeof *p->v, cost_compare);
    return anchors_add(p, from);
}

static bool slots_compound(const struct words *words, const struct phrase_slots *slots)
{
    for (uint32_t i = 0; i < slots->n; i++)
        for (uint32_t v = 0; v < slots->v[i].draft.n; v++)
            if (term_compound(words, slots->v[i].draft.term[v]))
                return true;
    return false;
}

static bool rule_place(struct placing *p, uint32_t rule)
{
    const struct rule_draft *d = &p->l->draft[rule];
    struct phrase_rule *r = &p->l->r->rule[rule].u.phrases;
    if (d->off || (d->rule.kind != RULE_ANY && d->rule.kind != RULE_NEAR))
        return true;
    r->compounds = slots_compound(&p->l->words, &d->phrases);
    r->phrase_from = p->n;
    if (!(d->rule.kind == RULE_NEAR ? near_place(p, &d->phrases, rule)
                                    : slots_place(p, &d->phrases, rule, true)))
        return false;
    r->phrase_to = r->unless_from = p->n;
    bool ok = slots_place(p, &d->unless, rule, false);
    r->unless_to = p->n;
    return ok;
}

static void slots_use(struct load *l, const struct phrase_slots *slots, uint32_t *n)
{
    *n += slots->n;
    for (uint32_t i = 0; i < slots->n; i++)
        for (uint32_t v = 0; v < slots->v[i].draft.n; v++)
            words_use(&l->words, slots->v[i].draft.term[v]);
}

/* A term of the phrase, or of those that must stand near it, that is not this one; or this one. */
static uint32_t term_besides(const struct ruleset *r, uint32_t phrase, uint32_t term)
{
    const struct rule *rule = &r->rule[r->phrase[phrase].rule];
    bool near = rule->kind == RULE_NEAR && rule->u.phrases.at_least == 0;
    uint32_t end = near ? rule->u.phrases.phrase_to : phrase + 1;
    for (uint32_t p = phrase; p < end; p++)
        for (uint32_t i = 0; i < 2; i++)
            if (r->sieve[p].rare[i] != TERM_NONE && r->sieve[p].rare[i] != term)
                return r->sieve[p].rare[i];
    return term;
}

/* What starts at each term. Compounds were placed first, so their anchors come first. */
static bool starts_place(const struct placing *p)
{
    struct ruleset *r = p->l->r;
    struct index rules;
    uint32_t n = 0, all = p->n_anchors;
    while (n < all && p->anchor_phrase[n] < r->n_compounds)
        n++;
    struct start *start = arena_calloc(&r->arena, all - n + INDEX_SPARE, sizeof *start);
    if (start == NULL ||
        !index_build(p->anchor_term, p->anchor_phrase, n, r->lexicon.n_terms, &r->arena,
                     &r->compound_starts) ||
        !index_build(p->anchor_term + n, p->anchor_phrase + n, all - n, r->lexicon.n_terms,
                     &r->arena, &rules))
        return false;
    for (uint32_t t = 0; t < r->lexicon.n_terms; t++)
        for (uint32_t i = rules.from[t]; i < rules.from[t + 1]; i++)
            start[i] = (struct start){rules.item[i], term_besides(r, rules.item[i], t)};
    r->start_from = rules.from;
    r->start = start;
    return true;
}

static bool place_all(struct load *l)
{
    struct placing p = {.l = l};
    uint32_t n = 0;
    slots_use(l, &l->compounds, &n);
    for (uint32_t i = 0; i < l->rule_names.n; i++) {
        slots_use(l, &l->draft[i].phrases, &n);
        slots_use(l, &l->draft[i].unless, &n);
    }
    words_used(&l->words);
    p.v = arena_calloc(&l->arena, n, sizeof *p.v);
    l->r->phrase = arena_calloc(&l->r->arena, n, sizeof *l->r->phrase);
    l->r->sieve = arena_calloc(&l->r->arena, n, sizeof *l->r->sieve);
    l->r->note = arena_calloc(&l->r->arena, n, sizeof *l->r->note);
    p.anchor_term = arena_grow(&l->arena, NULL, &p.cap_term, 1, sizeof *p.anchor_term);
    p.anchor_phrase = arena_grow(&l->arena, NULL, &p.cap_phrase, 1, sizeof *p.anchor_phrase);
    if (p.v == NULL || p.anchor_term == NULL || p.anchor_phrase == NULL || l->r->phrase == NULL ||
        l->r->sieve == NULL || l->r->note == NULL ||
        !slots_place(&p, &l->compounds, RULE_NONE, true))
        return false;
    l->r->n_compounds = p.n;
    for (uint32_t i = 0; i < l->rule_names.n; i++)
        if (!rule_place(&p, i))
            return false;
    for (uint32_t i = 0; i < p.n; i++) {
        l->r->phrase[i] = p.v[i].phrase;
        l->r->sieve[i] = p.v[i].sieve;
        l->r->note[i] = p.v[i].note;
    }
    l->r->n_phrases = p.n;
    if (words_finish(&l->words, &l->r->arena, &l->r->lexicon) != STATUS_OK)
        return false;
    for (uint32_t i = 0; i < l->r->n_compounds; i++)
        l->r->phrase[i].compound = l->words.atom[l->r->phrase[i].compound].id;
    return starts_place(&p);
}

void phrases_place(struct load *l)
{
    if (!place_all(l))
        l->no_memory = true;
}
