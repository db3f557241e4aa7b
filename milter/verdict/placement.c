#include <stdlib.h>

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
    for (uint32_t i = 0; i < matches->n_hits; i++) {
        const struct hit *hit = &matches->hits[i];
        const struct rule_info *rule = ruleset_rule(ruleset, hit->rule);
        if (rule->report && !rule->shadow && hit->first < t->n_words &&
            !word_is_quoted(t, hit->first) && !word_is_cited(cited, hit->first))
            return true;
    }
    return false;
}

static int compare_placed(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->nowhere != y->nowhere)
        return x->nowhere ? -1 : 1;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return x->hit < y->hit ? -1 : x->hit > y->hit;
}

enum status placement_make(const struct ruleset *ruleset, const struct facts *facts,
                           const struct matches *matches, struct arena *arena,
                           struct placement *out)
{
    const struct text *t = facts->text;
    uint32_t max = matches->n_hits < PLACED_MAX ? matches->n_hits : PLACED_MAX;
    struct placed *v = arena_calloc(arena, max, sizeof *v);
    if (v == NULL)
        return STATUS_NO_MEMORY;
    struct citations cited;
    if (!citations_find(t, arena, &cited))
        return STATUS_NO_MEMORY;
    bool report = is_report(ruleset, t, matches, &cited);
    uint32_t own = own_words(t);
    bool forwards = own >= OWN_WORDS_MIN;
    bool quotes = own >= OWN_WORDS_ENOUGH || (report && forwards);
    uint32_t n = 0;
    for (uint32_t i = 0; i < matches->n_hits && n < max; i++) {
        const struct hit *hit = &matches->hits[i];
        const struct rule_info *rule = ruleset_rule(ruleset, hit->rule);
        if (rule->shadow || rule->facet == FACET_NONE)
            continue;
        bool nowhere = hit->first == WORD_NONE || hit->first >= t->n_words;
        v[n++] = (struct placed){
            .hit = i,
            .nowhere = nowhere,
            .position = nowhere ? 0 : t->position[hit->first],
            .quoted = !nowhere && ((forwards && word_is_forwarded(t, hit->first)) ||
                                   (quotes && word_is_quoted(t, hit->first)) ||
                                   (report && word_is_cited(&cited, hit->first))),
        };
    }
    if (n > 0)
        qsort(v, n, sizeof *v, compare_placed);
    *out = (struct placement){v, n};
    return STATUS_OK;
}
