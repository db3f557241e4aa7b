#include "text/fold.h"
#include "text/split.h"
#include "text/text.h"

const struct segment *text_segment_of(const struct text *t, uint32_t word)
{
    uint32_t low = 0, high = t->n_segments;
    if (high == 0)
        return NULL;
    /* segments without words share their first_word with the next: take the last that starts here
     */
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (t->segments[mid].first_word <= word)
            low = mid;
        else
            high = mid;
    }
    while (low > 0 && t->segments[low].n_words == 0)
        low--;
    return &t->segments[low];
}

struct view text_word(const struct text *t, uint32_t word)
{
    const struct word *w = &t->words[word];
    return view_sub(t->folded, w->from, word_to(w));
}

/* In the visible text, with the marks after it that folding took out. */
static struct span visible_span(const struct text *t, const struct segment *s, uint32_t first,
                                uint32_t last)
{
    uint32_t from = t->words[first].from - s->folded_from;
    uint32_t to = word_to(&t->words[last]) - s->folded_from;
    struct span span = spanmap_span(&s->to_visible, (struct span){from, to});
    uint32_t next = spanmap_source(&s->to_visible, to);
    while (span.to < next) {
        uint32_t cp;
        size_t took = fold_decode(s->visible.p + span.to, next - span.to, &cp);
        if ((fold_find(cp) & FOLD_STRIPPED) == 0)
            break;
        span.to += (uint32_t)took;
    }
    return span;
}

struct view text_quote(const struct text *t, uint32_t first, uint32_t last)
{
    const struct segment *s = text_segment_of(t, first);
    struct span span = visible_span(t, s, first, last);
    return view_sub(s->visible, span.from, span.to);
}

struct span segment_origin(const struct segment *s, struct span visible)
{
    return spanmap_span(&s->decoded.map, spanmap_span(&s->to_decoded, visible));
}

struct span text_origin(const struct text *t, uint32_t first, uint32_t last)
{
    const struct segment *s = text_segment_of(t, first);
    return segment_origin(s, visible_span(t, s, first, last));
}

uint32_t segment_word_at(const struct text *t, const struct segment *s, uint32_t at)
{
    uint32_t low = s->first_word, high = s->first_word + s->n_words;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (visible_span(t, s, mid, mid).to <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}
