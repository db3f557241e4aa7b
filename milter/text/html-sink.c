#include <string.h>

#include "text/html-entity.h"
#include "text/html.h"

#define NO_DELTA INT64_MIN

void html_sink_init(struct html_sink *s, struct arena *arena, uint32_t max)
{
    *s = (struct html_sink){.max = max, .delta = NO_DELTA};
    spanmap_init(&s->map, arena);
}

void html_sink_gap(struct html_sink *s, enum html_gap gap, size_t at)
{
    if (s->gap == GAP_NONE)
        s->gap_at = (uint32_t)at;
    if (s->gap < gap)
        s->gap = gap;
}

static bool html_sink_reserve(struct html_reader *r, struct html_sink *s, size_t more)
{
    if (s->cap - s->n >= more)
        return true;
    char *p = arena_grow(r->arena, s->p, &s->cap, s->n + (uint32_t)more, 1);
    if (p != NULL)
        s->p = p;
    else
        r->no_memory = true;
    return p != NULL;
}

/* As much of p as the limit leaves room for, in whole characters. */
static size_t room_for(struct html_reader *r, struct html_sink *s, const char *p, size_t n)
{
    size_t room = s->full ? 0 : s->max - s->n;
    if (n <= room)
        return n;
    if (!s->full)
        anomaly_note(&r->out->anomalies, ANOMALY_TEXT_LIMIT);
    s->full = true;
    while (room > 0 && ((unsigned char)p[room] & 0xC0) == 0x80)
        room--;
    return room;
}

static void html_sink_put(struct html_reader *r, struct html_sink *s, const char *p, size_t n,
                          size_t at, size_t src_n)
{
    size_t fits = room_for(r, s, p, n);
    if (fits == 0 || (fits < n && src_n != n) || !html_sink_reserve(r, s, fits))
        return;
    int64_t delta = (int64_t)at - s->n;
    if (src_n != n) {
        if (!spanmap_add(&s->map, s->n, (uint32_t)at, (uint32_t)n, (uint32_t)src_n))
            r->no_memory = true;
        s->delta = NO_DELTA;
    } else if (delta != s->delta) {
        if (!spanmap_add(&s->map, s->n, (uint32_t)at, 1, 1))
            r->no_memory = true;
        s->delta = delta;
    }
    memcpy(s->p + s->n, p, fits);
    s->n += (uint32_t)fits;
}

static bool inside_word(char c)
{
    return ascii_is_alnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

void html_sink_add(struct html_reader *r, struct html_sink *s, const char *p, size_t n, size_t at,
                   size_t src_n)
{
    static const char gaps[][3] = {"", " ", "\t", "\n", "\n\n"};
    if (s == &r->visible) {
        if (r->cut && s->gap == GAP_NONE && s->n > 0 && inside_word(s->p[s->n - 1]) &&
            inside_word(p[0]))
            anomaly_note(&r->out->anomalies, ANOMALY_TEXT_HIDDEN_WORDS);
        r->cut = false;
        r->line_break = false;
        html_sink_gap(&r->hidden, GAP_SPACE, at); /* what is hidden in two places is no word */
    } else if (s == &r->hidden) {
        r->cut = r->visible.gap == GAP_NONE;
    }
    if (s->gap != GAP_NONE && s->n > 0)
        html_sink_put(r, s, gaps[s->gap], s->gap == GAP_PARAGRAPH ? 2 : 1, s->gap_at,
                      s->gap == GAP_PARAGRAPH ? 2 : 1);
    s->gap = GAP_NONE;
    html_sink_put(r, s, p, n, at, src_n);
}

void html_sink_mark(struct html_reader *r, struct html_sink *s, const char *p, size_t n, size_t at)
{
    /* where the text ends there is no byte left to lead to */
    html_sink_put(r, s, p, n, at < r->html.n ? at : r->html.n - 1, 1);
}

void html_sink_note(struct html_reader *r, struct view value)
{
    struct view trimmed = view_trim(value);
    if (trimmed.n == 0)
        return;
    size_t at = (size_t)(trimmed.p - r->html.p);
    html_sink_gap(&r->attributes, GAP_LINE, at);
    for (size_t i = 0; i < trimmed.n;) {
        char out[ENTITY_BYTES];
        size_t made, took = 0, from = i;
        if (trimmed.p[i] == '&')
            took = entity_decode(trimmed.p + i, trimmed.n - i, true, out, &made);
        if (took > 0) {
            html_sink_add(r, &r->attributes, out, made, at + i, took);
            i += took;
            continue;
        }
        do
            i++;
        while (i < trimmed.n && trimmed.p[i] != '&');
        html_sink_add(r, &r->attributes, trimmed.p + from, i - from, at + from, i - from);
    }
}
