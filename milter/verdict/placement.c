#include <stdlib.h>

#include "verdict/weigh.h"

static bool word_is_quoted(const struct text *t, uint32_t word)
{
    return (t->words[word].flags & (WORD_QUOTED | WORD_FORWARDED)) != 0;
}

/* Whether the message has words of its own around what it quotes; a few are no comment on it. */
static bool text_has_own_words(const struct text *t)
{
    uint32_t own = 0;
    for (uint32_t s = 0; s < t->n_segments; s++) {
        const struct segment *segment = &t->segments[s];
        if (segment->kind != SEGMENT_BODY)
            continue;
        for (uint32_t w = 0; w < segment->n_words && own < OWN_WORDS_MIN; w++)
            if (!word_is_quoted(t, segment->first_word + w))
                own++;
    }
    return own >= OWN_WORDS_MIN;
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
    bool own_words = text_has_own_words(t);
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
            .quoted = !nowhere && own_words && word_is_quoted(t, hit->first),
        };
    }
    if (n > 0)
        qsort(v, n, sizeof *v, compare_placed);
    *out = (struct placement){v, n};
    return STATUS_OK;
}
