#include "base/spanmap.h"

void spanmap_init(struct spanmap *m, struct arena *arena)
{
    *m = (struct spanmap){.arena = arena};
}

bool spanmap_add(struct spanmap *m, uint32_t out, uint32_t src, uint32_t out_unit,
                 uint32_t src_unit)
{
    uint8_t ou = (uint8_t)(out_unit > 255 ? 255 : out_unit == 0 ? 1 : out_unit);
    uint8_t su = (uint8_t)(src_unit > 255 ? 255 : src_unit == 0 ? 1 : src_unit);
    if (m->n > 0) {
        const struct spanmap_run *last = &m->run[m->n - 1];
        uint32_t gone = out - last->out, units = gone;
        bool alike = last->out_unit == ou && last->src_unit == su;
        if (alike && ou > 1) { /* dividing is slow */
            units = gone / ou;
            alike = gone % ou == 0;
        }
        if (alike && (uint64_t)last->src + (uint64_t)units * su == src)
            return true;
    }
    if (m->n == m->cap) {
        struct spanmap_run *run = arena_grow(m->arena, m->run, &m->cap, m->n + 1, sizeof *run);
        if (run == NULL)
            return false;
        m->run = run;
    }
    m->run[m->n++] = (struct spanmap_run){out, src, ou, su};
    return true;
}

bool spanmap_append(struct spanmap *m, const struct spanmap_run *run, uint32_t n, uint32_t by)
{
    struct spanmap_run *to = m->run;
    if (n > UINT32_MAX - m->n)
        return false;
    if (m->n + n > m->cap)
        to = arena_grow(m->arena, m->run, &m->cap, m->n + n, sizeof *to);
    if (to == NULL)
        return false;
    m->run = to;
    for (uint32_t i = 0; i < n; i++) {
        to[m->n] = run[i];
        to[m->n++].out += by;
    }
    return true;
}

/* The run that holds out; m->n > 0. */
static const struct spanmap_run *run_find(const struct spanmap *m, uint32_t out)
{
    uint32_t low = 0, high = m->n;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (m->run[mid].out <= out)
            low = mid;
        else
            high = mid;
    }
    return &m->run[low];
}

static uint32_t run_source(const struct spanmap_run *r, uint32_t out)
{
    return out <= r->out ? r->src : r->src + (out - r->out) / r->out_unit * r->src_unit;
}

uint32_t spanmap_source(const struct spanmap *m, uint32_t out)
{
    return m->n == 0 ? out : run_source(run_find(m, out), out);
}

struct span spanmap_span(const struct spanmap *m, struct span span)
{
    if (span.to <= span.from) {
        uint32_t at = spanmap_source(m, span.from);
        return (struct span){at, at};
    }
    if (m->n == 0)
        return span;
    /* text that was turned round ends before it begins: every run counts */
    const struct spanmap_run *r = run_find(m, span.from), *end = m->run + m->n;
    struct span all = {UINT32_MAX, 0};
    for (uint32_t from = span.from; r < end && from < span.to; r++, from = r < end ? r->out : 0) {
        uint32_t to = r + 1 < end && r[1].out < span.to ? r[1].out : span.to;
        if (to <= from)
            continue;
        uint32_t first = run_source(r, from), last = run_source(r, to - 1) + r->src_unit;
        all.from = first < all.from ? first : all.from;
        all.to = last > all.to ? last : all.to;
    }
    return all;
}
