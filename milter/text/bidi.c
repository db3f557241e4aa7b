#include <string.h>

#include "text/reading.h"

#define OVERRIDE "\xE2\x80\xAE" /* U+202E RIGHT-TO-LEFT OVERRIDE */
#define LTR      "\xE2\x80\xAD" /* U+202D */
#define POP      "\xE2\x80\xAC" /* U+202C */

static size_t override_find(struct view v, size_t from)
{
    while (from + 2 < v.n) {
        const char *lead = memchr(v.p + from, (unsigned char)OVERRIDE[0], v.n - from - 2);
        if (lead == NULL)
            break;
        from = (size_t)(lead - v.p);
        if (memcmp(lead, OVERRIDE, 3) == 0)
            return from;
        from++;
    }
    return v.n;
}

bool bidi_has_override(struct view visible)
{
    return override_find(visible, 0) < visible.n;
}

/* Where an override that starts before from ends: its pop, another override, or the line. */
static size_t override_end(struct view v, size_t from)
{
    for (size_t i = from; i < v.n; i++) {
        if (v.p[i] == '\n')
            return i;
        struct view rest = view_sub(v, i, i + 3);
        if (view_eq(rest, VIEW(POP)) || view_eq(rest, VIEW(OVERRIDE)) || view_eq(rest, VIEW(LTR)))
            return i;
    }
    return v.n;
}

/* The runs of old that cover [from, to), as they are. */
static bool map_copy(struct spanmap *map, const struct spanmap *old, uint32_t *run, uint32_t from,
                     uint32_t to)
{
    if (from >= to)
        return true;
    if (old->n == 0)
        return spanmap_add(map, from, from, 1, 1);
    while (*run + 1 < old->n && old->run[*run + 1].out <= from)
        (*run)++;
    const struct spanmap_run *r = &old->run[*run];
    if (!spanmap_add(map, from, spanmap_source(old, from), r->out_unit, r->src_unit))
        return false;
    for (uint32_t i = *run + 1; i < old->n && old->run[i].out < to; i++) {
        r = &old->run[i];
        if (!spanmap_add(map, r->out, r->src, r->out_unit, r->src_unit))
            return false;
    }
    return true;
}

bool bidi_undo(struct view *visible, struct spanmap *map, struct arena *arena)
{
    struct view v = *visible;
    struct spanmap turned;
    spanmap_init(&turned, arena);
    char *p = arena_alloc(arena, v.n);
    if (p == NULL)
        return false;
    memcpy(p, v.p, v.n);
    uint32_t run = 0;
    for (size_t i = 0; i < v.n;) {
        size_t from = override_find(v, i);
        from = from + 3 < v.n ? from + 3 : v.n;
        if (!map_copy(&turned, map, &run, (uint32_t)i, (uint32_t)from))
            return false;
        size_t to = override_end(v, from), out = from;
        for (size_t at = to; at > from;) {
            size_t n = 1;
            while (n < 4 && at - n > from && ((unsigned char)v.p[at - n] & 0xC0) == 0x80)
                n++;
            at -= n;
            memcpy(p + out, v.p + at, n);
            if (!spanmap_add(&turned, (uint32_t)out, spanmap_source(map, (uint32_t)at), (uint32_t)n,
                             (uint32_t)n))
                return false;
            out += n;
        }
        i = to;
    }
    visible->p = p;
    *map = turned;
    return true;
}
