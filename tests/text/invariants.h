/* What must hold for every text that was read, whatever its bytes. Aborts when it does not. */
#ifndef TESTS_TEXT_INVARIANTS_H
#define TESTS_TEXT_INVARIANTS_H

#include <stdio.h>
#include <stdlib.h>

#include "text/text.h"

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: invariant broken: %s\n", __FILE__, __LINE__, #condition);      \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Every byte of a text of n bytes leads into a source of `source` bytes. */
static inline void invariants_map(const struct spanmap *map, uint32_t n, size_t source)
{
    for (uint32_t i = 0; i < map->n; i++)
        MUST(i == 0 || map->run[i].out >= map->run[i - 1].out);
    uint32_t step = n / 2000 + 1;
    for (uint32_t i = 0; i < n; i += step) {
        struct span s = spanmap_span(map, (struct span){i, i + 1});
        MUST(s.from <= s.to && s.to <= source);
    }
}

static inline void invariants_segment(const struct text *t, const struct segment *s)
{
    MUST(utf8_valid(s->visible));
    MUST(s->folded_from <= s->folded_to && s->folded_to < t->folded.n);
    MUST(t->folded.p[s->folded_to] == '\n');
    MUST(s->first_word + s->n_words <= t->n_words);
    invariants_map(&s->to_visible, s->folded_to - s->folded_from, s->visible.n);
    invariants_map(&s->to_decoded, (uint32_t)s->visible.n, s->decoded.text.n);
    for (uint32_t i = s->first_word; i < s->first_word + s->n_words; i++) {
        const struct word *w = &t->words[i];
        MUST(w->length > 0 && w->from >= s->folded_from && w->from + w->length <= s->folded_to);
        MUST(i == s->first_word || w->from >= w[-1].from + w[-1].length);
        MUST((w->flags &
              ~(WORD_QUOTED | WORD_BRACKETED | WORD_CJK | WORD_MIXED | WORD_FORWARDED)) == 0);
        MUST(text_segment_of(t, i) == s);
        struct span origin = text_origin(t, i, i);
        MUST(origin.from <= origin.to && origin.to <= t->message->raw.n);
        struct view quote = text_quote(t, i, i);
        MUST(quote.n > 0 && quote.p >= s->visible.p &&
             quote.p + quote.n <= s->visible.p + s->visible.n);
        uint32_t at = (uint32_t)(quote.p - s->visible.p);
        MUST(segment_word_at(t, s, at) <= i);
    }
}

static inline void invariants_text(const struct text *t, const struct limits *limits)
{
    size_t visible = 0;
    uint32_t words = 0, bracketed = 0;
    MUST(utf8_valid(t->folded) && utf8_valid(t->alternates_folded));
    MUST(t->n_words <= limits->words && t->n_links <= limits->links);
    for (uint32_t i = 0; i < t->n_segments; i++) {
        MUST(t->segments[i].first_word == words);
        invariants_segment(t, &t->segments[i]);
        visible += t->segments[i].visible.n;
        words += t->segments[i].n_words;
        MUST(i == 0 || t->segments[i].folded_from == t->segments[i - 1].folded_to + 1);
    }
    MUST(visible <= limits->text_bytes && words == t->n_words);
    for (uint32_t i = 0; i < t->n_words; i++) {
        MUST(t->steppable[i] == bracketed);
        MUST(i == 0 || t->position[i] >= t->position[i - 1]);
        bracketed += (t->words[i].flags & WORD_BRACKETED) != 0;
    }
    MUST(t->steppable == NULL || t->steppable[t->n_words] == bracketed);
    for (uint32_t i = 0; i < t->n_alternates; i++) {
        const struct alternate *a = &t->alternates[i];
        MUST(a->first <= a->last && a->last < t->n_words && a->length > 0);
        MUST(a->from + a->length <= t->alternates_folded.n);
        MUST(i == 0 || a->first >= a[-1].first);
        MUST(text_segment_of(t, a->first) == text_segment_of(t, a->last));
    }
    for (uint32_t i = 0; i < t->n_links; i++) {
        const struct link *l = &t->links[i];
        MUST(l->segment < t->n_segments);
        MUST(l->visible_at <= t->segments[l->segment].visible.n || l->shown.n == 0);
    }
}

#endif
