/* Rules made of phrases: any, unless; and the compounds that their terms need. */
#include <stdlib.h>
#include <string.h>

#include "rule/matcher.h"
#include "rule/phrase-reach.h"

static void candidate_set(struct matcher *m, uint32_t phrase)
{
    m->candidate[phrase / 64] |= UINT64_C(1) << phrase % 64;
}

/*
 * Marks the compounds that start at the terms which were met from *n_terms on. What they need may
 * itself be a compound that is still to be found, so it is too early to sieve.
 */
static void compounds_mark(struct matcher *m, uint32_t *n_terms)
{
    const struct index *starts = &m->ruleset->compound_starts;
    while (*n_terms < m->seen.n_terms) {
        uint32_t term = m->seen.term_of[++*n_terms];
        for (uint32_t i = starts->from[term]; i < starts->from[term + 1]; i++)
            candidate_set(m, starts->item[i]);
    }
}

/* What starts at the terms that were met, in one list. NULL when memory is out. */
static struct start *starts_list(struct matcher *m, uint32_t *n_out)
{
    const struct ruleset *r = m->ruleset;
    const struct seen *s = &m->seen;
    size_t n = INDEX_SPARE;
    for (uint32_t t = 1; t <= s->n_terms; t++)
        n += r->start_from[s->term_of[t] + 1] - r->start_from[s->term_of[t]];
    struct start *list = arena_alloc(&m->arena, n * sizeof *list), *to = list;
    for (uint32_t t = 1; list != NULL && t <= s->n_terms; t++) {
        uint32_t from = r->start_from[s->term_of[t]];
        uint32_t starts = r->start_from[s->term_of[t] + 1] - from;
        /* Few start more than two; what is written too much is written over. */
        for (uint32_t i = 0; i < INDEX_SPARE || i < starts; i++)
            to[i] = r->start[from + i];
        to += starts;
    }
    *n_out = (uint32_t)(to - list);
    return list;
}

/*
 * Whether language l can be that of the mail, since at least half as many of its lists occur as of
 * the language with most; [0]: rules of any language. Languages share words, and two dozen of them
 * would all find a little.
 */
static void languages_possible(const struct matcher *m, bool possible[LANGUAGES_MAX + 1])
{
    enum { LISTS_MIN = 12 }; /* with fewer a text is short, and all languages cost little */
    const struct ruleset *r = m->ruleset;
    uint32_t met[LANGUAGES_MAX + 1] = {0}, most = 0;
    for (uint32_t l = 1; l <= r->n_languages; l++) {
        for (uint32_t i = r->language_terms.from[l]; i < r->language_terms.from[l + 1]; i++)
            met[l] += seen_met(&m->seen, r->language_terms.item[i]);
        most = most > met[l] ? most : met[l];
    }
    possible[0] = true;
    for (uint32_t l = 1; l <= r->n_languages; l++)
        possible[l] = most < LISTS_MIN || met[l] * 2 >= most;
}

/* Marks the phrases of rules that start at a term that was met and get through their sieve. */
static void candidates_mark(struct matcher *m, const bool possible[LANGUAGES_MAX + 1])
{
    uint32_t n, kept = 0;
    struct start *list = starts_list(m, &n);
    if (list == NULL) {
        m->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        list[kept] = list[i];
        kept += possible[m->ruleset->phrase_language[list[i].phrase]] &&
                seen_met(&m->seen, list[i].also);
    }
    for (uint32_t i = 0; i < kept; i++)
        if (sieve_reach(&m->seen, &m->ruleset->sieve[list[i].phrase]) != 0)
            candidate_set(m, list[i].phrase);
}

bool matcher_search(struct matcher *m, uint32_t phrase, uint64_t around, bool all_starts,
                    bool *decided)
{
    if (m->exhausted) {
        *decided = false;
        return false;
    }
    if (m->gates && sieve_reach(&m->seen, &m->ruleset->sieve[phrase]) == 0)
        return false;
    enum search_result result =
        search_phrase(&m->search, &m->ruleset->phrase[phrase], around, all_starts);
    if (result == SEARCH_NO_MEMORY)
        m->no_memory = true;
    if (matcher_spend(m, 0) && result == SEARCH_UNDECIDED)
        anomaly_note(&m->anomalies, ANOMALY_RULE_BUDGET); /* its share; the others go on */
    if (result != SEARCH_DONE || m->exhausted)
        *decided = false;
    return result == SEARCH_DONE && m->search.n_found > 0;
}

/* The next phrase from at on that is a candidate; end when there is none. */
static uint32_t candidate_next(const struct matcher *m, uint32_t at, uint32_t end)
{
    while (at < end) {
        uint64_t bits = m->candidate[at / 64] >> at % 64;
        if (bits != 0)
            at += (uint32_t)__builtin_ctzll(bits);
        else
            at = (at / 64 + 1) * 64;
        if (bits != 0)
            break;
    }
    return at < end ? at : end;
}

/*
 * Compounds come first among the phrases, each after those it is made of, so one rising pass
 * finds them all: what is found only adds candidates further on. False: not all were decided.
 */
static bool compounds_find(struct matcher *m)
{
    const struct ruleset *r = m->ruleset;
    bool decided = true;
    uint32_t n_terms = 0;
    if (m->gates)
        compounds_mark(m, &n_terms);
    for (uint32_t p = candidate_next(m, 0, r->n_compounds); p < r->n_compounds;
         p = candidate_next(m, p + 1, r->n_compounds)) {
        if (!matcher_search(m, p, SEARCH_EVERYWHERE, true, &decided))
            continue;
        size_t bytes = m->search.n_found * sizeof *m->search.found;
        struct place *kept = arena_alloc(&m->seen.scratch, bytes);
        if (kept != NULL)
            memcpy(kept, m->search.found, bytes);
        if (kept == NULL || !seen_add(&m->seen, r->phrase[p].compound, kept, m->search.n_found)) {
            m->no_memory = true;
            return false;
        }
        if (m->gates)
            compounds_mark(m, &n_terms);
    }
    return decided;
}

bool matcher_spots_reserve(struct matcher *m, size_t more)
{
    size_t want = m->n_spots + more, cap = m->cap_spots < 64 ? 64 : m->cap_spots;
    if (want <= m->cap_spots)
        return true;
    while (cap < want)
        cap *= 2;
    struct place *spot = cap <= UINT32_MAX ? realloc(m->spot, cap * sizeof *spot) : NULL;
    if (spot == NULL) {
        m->no_memory = true;
        return false;
    }
    m->spot = spot;
    m->cap_spots = (uint32_t)cap;
    return true;
}

/* Keeps what was found in the segments that the rule reads. */
static void spots_take(struct matcher *m, const struct rule *rule)
{
    if (!matcher_spots_reserve(m, m->search.n_found))
        return;
    for (uint32_t i = 0; i < m->search.n_found; i++)
        if (matcher_reads(m, rule, m->search.found[i].first))
            m->spot[m->n_spots++] = m->search.found[i];
}

static void any_match(struct matcher *m, const struct rule *rule, bool *decided)
{
    for (uint32_t p = rule->u.phrases.phrase_from; p < rule->u.phrases.phrase_to; p++) {
        bool candidate = !m->gates || (m->candidate[p / 64] >> p % 64 & 1) != 0;
        if (candidate && matcher_search(m, p, SEARCH_EVERYWHERE, false, decided))
            spots_take(m, rule);
    }
    places_sort(m->spot, m->n_spots, &m->search.work);
}

/* Does a place of found (rising by first, none longer than extent) stand within n words of at? */
static bool found_near(const struct seen *s, const struct place *found, uint32_t n_found,
                       uint32_t extent, struct place at, uint32_t n)
{
    uint64_t from = s->line[at.first], reach = (uint64_t)n + extent + 1;
    uint64_t least = from > reach ? from - reach : 0, most = (uint64_t)seen_after(s, at.last) + n;
    uint32_t lo = 0, hi = n_found;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->line[found[mid].first] < least)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < n_found && s->line[found[lo].first] <= most; lo++)
        if ((uint64_t)seen_after(s, found[lo].last) + n >= from)
            return true;
    return false;
}

/* Drops the spots that an `unless` phrase stands beside. */
static void unless_apply(struct matcher *m, const struct phrase_rule *rule, bool *decided)
{
    for (uint32_t p = rule->unless_from; p < rule->unless_to && m->n_spots > 0; p++) {
        if (!matcher_search(m, p, SEARCH_EVERYWHERE, true, decided))
            continue;
        uint32_t kept = 0, extent = 0;
        for (uint32_t i = 0; i < m->search.n_found; i++) {
            struct place at = m->search.found[i];
            uint32_t covers = m->seen.line[at.last] - m->seen.line[at.first];
            extent = covers > extent ? covers : extent;
        }
        for (uint32_t i = 0; i < m->n_spots; i++)
            if (!found_near(&m->seen, m->search.found, m->search.n_found, extent, m->spot[i],
                            rule->unless_within))
                m->spot[kept++] = m->spot[i];
        m->n_spots = kept;
    }
}

/* Of spots that overlap the first stays: one place counts once, however many phrases see it. */
static void spots_settle(struct matcher *m, uint32_t rule)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < m->n_spots; i++) {
        if (m->spot[i].first < next)
            continue;
        next = m->spot[i].last + 1;
        if (!matcher_hit(m, rule, m->spot[i].first, m->spot[i].last, UINT32_MAX))
            return;
    }
}

static enum outcome phrase_rule_match(struct matcher *m, uint32_t rule)
{
    const struct rule *r = &m->ruleset->rule[rule];
    bool decided = true, clear = true;
    m->n_spots = 0;
    if (r->kind == RULE_ANY)
        any_match(m, r, &decided);
    else
        match_near(m, r, &decided);
    unless_apply(m, &r->u.phrases, &clear);
    m->range[rule].n = 0;
    if (clear)
        spots_settle(m, rule);
    if (r->kind == RULE_ANY && m->range[rule].n < r->u.phrases.at_least) {
        m->n_hits -= m->range[rule].n; /* they are the last ones */
        m->range[rule].n = 0;
    }
    if (m->range[rule].n > 0)
        return OUTCOME_YES;
    return decided && clear ? OUTCOME_NO : OUTCOME_UNKNOWN;
}

/* Compounds are missing, so "no" would be a guess for the rules that could use one. */
static void compounds_missing(struct matcher *m)
{
    for (uint32_t rule = 0; rule < m->ruleset->n_rules; rule++) {
        const struct rule *r = &m->ruleset->rule[rule];
        if ((r->kind == RULE_ANY || r->kind == RULE_NEAR) && r->u.phrases.compounds &&
            m->outcome[rule] == OUTCOME_NO && matcher_wants(m, rule))
            m->outcome[rule] = OUTCOME_UNKNOWN;
    }
}

void match_phrases(struct matcher *m)
{
    const struct ruleset *r = m->ruleset;
    memset(m->candidate, m->gates ? 0 : 0xFF, (r->n_phrases / 64 + 1u) * sizeof *m->candidate);
    bool complete = compounds_find(m), possible[LANGUAGES_MAX + 1] = {false};
    uint32_t tried = 0;
    languages_possible(m, possible);
    if (m->gates)
        candidates_mark(m, possible);
    for (uint32_t p = candidate_next(m, r->n_compounds, r->n_phrases); p < r->n_phrases;) {
        uint32_t rule = r->phrase[p].rule;
        /* One costs little, and asking costs as much. */
        if (++tried % 64 == 0 && budget_spent(m->limits.budget))
            return;
        if (matcher_wants(m, rule) && possible[r->phrase_language[p]])
            m->outcome[rule] = (uint8_t)phrase_rule_match(m, rule);
        p = candidate_next(m, r->rule[rule].u.phrases.unless_to, r->n_phrases);
    }
    if (!complete)
        compounds_missing(m);
}
