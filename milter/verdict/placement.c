#include "verdict/weigh.h"

static bool word_is_quoted(const struct text *t, uint32_t word)
{
    return (t->words[word].flags & (WORD_QUOTED | WORD_FORWARDED)) != 0;
}

static bool word_is_forwarded(const struct text *t, uint32_t word)
{
    return (t->words[word].flags & WORD_FORWARDED) != 0;
}

/* Words of the message that are neither quoted nor forwarded; stops counting when enough. */
static uint32_t own_words(const struct text *t)
{
    uint32_t own = 0;
    for (uint32_t s = 0; s < t->n_segments; s++) {
        const struct segment *segment = &t->segments[s];
        if (segment->kind != SEGMENT_BODY)
            continue;
        for (uint32_t w = 0; w < segment->n_words && own < OWN_WORDS_ENOUGH; w++)
            if (!word_is_quoted(t, segment->first_word + w))
                own++;
    }
    return own;
}

/* Does the sender, in words of his own, speak of somebody else's letter? */
static bool is_report(const struct ruleset *ruleset, const struct text *t,
                      const struct matches *matches, const struct citations *cited)
{
    const struct rule_info *rule = NULL;
    for (uint32_t i = 0; i < matches->n_hits; i++) {
        const struct hit *hit = &matches->hits[i];
        if (i == 0 || hit->rule != hit[-1].rule) /* they come by rule */
            rule = ruleset_rule(ruleset, hit->rule);
        if (rule->report && !rule->shadow && hit->first < t->n_words &&
            !word_is_quoted(t, hit->first) && !word_is_cited(cited, hit->first))
            return true;
    }
    return false;
}

/* By rising position, those placed nowhere first; else as they come. room: for as many. */
static struct placed *placed_sort(struct placed *v, struct placed *room, uint32_t n)
{
    enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };
    uint32_t most = 0;
    for (uint32_t i = 0; i < n; i++)
        most = v[i].position > most ? v[i].position : most;
    for (uint32_t shift = 0; shift < 32 && most >> shift > 0; shift += DIGIT_BITS) {
        uint32_t from[DIGITS + 1] = {0};
        for (uint32_t i = 0; i < n; i++)
            from[(v[i].position >> shift) % DIGITS + 1]++;
        for (uint32_t d = 0; d < DIGITS; d++)
            from[d + 1] += from[d];
        for (uint32_t i = 0; i < n; i++)
            room[from[(v[i].position >> shift) % DIGITS]++] = v[i];
        struct placed *sorted = room;
        room = v;
        v = sorted;
    }
    uint32_t nowhere = 0, placed = 0;
    for (uint32_t i = 0; i < n && v[i].position == 0; i++)
        nowhere += v[i].nowhere;
    for (uint32_t i = 0, k = 0; i < n; i++)
        room[v[i].nowhere ? k++ : nowhere + placed++] = v[i];
    return room;
}

/*
 * Context counts in every language: what several of them read by one template is one fact. The last
 * tally's; facts: those of the tallies before it that have a template, n of them.
 */
static uint32_t fact_of(const struct tally *tally, uint32_t last, uint32_t *facts, uint32_t *n)
{
    const char *id = tally[last].rule->template_id;
    if (tally[last].rule->facet != FACET_CONTEXT || id == NULL)
        return last;
    for (uint32_t i = 0; i < *n; i++)
        if (tally[facts[i]].rule->template_id == id)
            return facts[i];
    return facts[(*n)++] = last;
}

enum status placement_make(const struct ruleset *ruleset, const struct facts *facts,
                           const struct matches *matches, struct arena *arena,
                           struct placement *out)
{
    const struct text *t = facts->text;
    uint32_t max = matches->n_hits < PLACED_MAX ? matches->n_hits : PLACED_MAX;
    struct placed *v = arena_alloc(arena, max * sizeof *v);
    struct placed *room = arena_alloc(arena, max * sizeof *room);
    struct tally *tally = arena_alloc(arena, max * sizeof *tally);
    uint32_t *inside = arena_alloc(arena, max * sizeof *inside);
    uint32_t *context = arena_alloc(arena, max * sizeof *context);
    uint32_t *context_first = arena_alloc(arena, max * sizeof *context_first);
    uint32_t *facts_met = arena_alloc(arena, max * sizeof *facts_met);
    struct citations cited;
    if (v == NULL || room == NULL || tally == NULL || inside == NULL || context == NULL ||
        context_first == NULL || facts_met == NULL || !citations_find(t, arena, &cited))
        return STATUS_NO_MEMORY;
    bool report = is_report(ruleset, t, matches, &cited);
    uint32_t own = own_words(t);
    bool forwards = own >= OWN_WORDS_MIN;
    bool quotes = own >= OWN_WORDS_ENOUGH || (report && forwards);
    uint32_t n = 0, n_tallies = 0, n_context = 0, n_met = 0, last = UINT32_MAX;
    const struct rule_info *rule = NULL;
    for (uint32_t i = 0; i < matches->n_hits && n < max; i++) {
        const struct hit *hit = &matches->hits[i];
        bool next = rule == NULL || hit->rule != last; /* hits come by rule */
        if (next)
            rule = ruleset_rule(ruleset, hit->rule);
        last = hit->rule;
        if (rule->shadow || rule->facet == FACET_NONE)
            continue;
        if (next) {
            tally[n_tallies] = (struct tally){.rule = rule};
            tally[n_tallies].fact = fact_of(tally, n_tallies, facts_met, &n_met);
            n_tallies++;
        }
        bool nowhere = hit->first == WORD_NONE || hit->first >= t->n_words;
        v[n++] = (struct placed){
            .rule = rule,
            .hit = i,
            .tally = n_tallies - 1,
            .nowhere = nowhere,
            .position = nowhere ? 0 : t->position[hit->first],
            .quoted = !nowhere && ((forwards && word_is_forwarded(t, hit->first)) ||
                                   (quotes && word_is_quoted(t, hit->first)) ||
                                   (report && word_is_cited(&cited, hit->first))),
        };
    }
    v = placed_sort(v, room, n);
    uint32_t n_first = 0;
    for (uint32_t i = 0; i < n; i++)
        if (v[i].rule->facet == FACET_CONTEXT) {
            context[n_context++] = i;
            if (tally[v[i].tally].own++ == 0)
                context_first[n_first++] = i;
        }
    for (uint32_t i = 0; i < n_first; i++)
        tally[v[context_first[i]].tally].own = 0;
    *out = (struct placement){v,       n,     context,   n_context, context_first,
                              n_first, tally, n_tallies, inside};
    return STATUS_OK;
}
