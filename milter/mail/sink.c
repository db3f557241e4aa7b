#include "mail/sink.h"

#include <string.h>

static const struct spanmap_run identity = {0, 0, 1, 1};

struct input input_of_source(const struct source *s, size_t from, size_t to)
{
    struct input in = input_of_map(view_sub(s->bytes, from, to), &s->map);
    in.base = (uint32_t)(from < s->bytes.n ? from : s->bytes.n);
    return in;
}

struct input input_of_map(struct view bytes, const struct spanmap *map)
{
    struct input in = {.bytes = bytes, .run = &identity, .n_runs = 1};
    if (map != NULL && map->n > 0) {
        in.run = map->run;
        in.n_runs = map->n;
    }
    return in;
}

void sink_init(struct sink *s, struct arena *arena, size_t max)
{
    *s = (struct sink){.arena = arena, .max = max < UINT32_MAX ? (uint32_t)max : UINT32_MAX};
    s->in = input_of_map(VIEW_NONE, NULL);
    spanmap_init(&s->map, arena);
}

static void add(struct sink *s, uint32_t out, uint32_t src, uint32_t out_unit, uint32_t src_unit)
{
    if (!spanmap_add(&s->map, out, src, out_unit, src_unit))
        s->failed = true;
}

static void unit_flush(struct sink *s)
{
    if (s->unit_n > 0)
        add(s, s->unit_at, s->unit_from, s->unit_n, s->unit_to - s->unit_from);
    s->unit_n = 0;
}

void sink_read(struct sink *s, struct input in)
{
    unit_flush(s);
    s->in = in;
    s->at = 0;
    s->last_cr = false;
}

/* The run that holds input position pos (base already added). Positions mostly rise by little. */
static const struct spanmap_run *run_at(struct sink *s, uint32_t pos)
{
    const struct spanmap_run *run = s->in.run;
    uint32_t low = s->at, high = s->in.n_runs;
    if (run[low].out > pos)
        low = 0;
    for (unsigned near = 0; near < 4; near++) {
        if (low + 1 >= high || run[low + 1].out > pos) {
            s->at = low;
            return &run[low];
        }
        low++;
    }
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (run[mid].out <= pos)
            low = mid;
        else
            high = mid;
    }
    s->at = low;
    return &run[low];
}

/* Where the run after the one in use begins. */
static uint32_t run_end(const struct sink *s)
{
    return s->at + 1 < s->in.n_runs ? s->in.run[s->at + 1].out : UINT32_MAX;
}

static struct span source_span(struct sink *s, size_t from, size_t to)
{
    uint32_t first = (uint32_t)from + s->in.base;
    uint32_t last = (uint32_t)(to > from ? to - 1 : from) + s->in.base;
    const struct spanmap_run *r = run_at(s, first);
    uint32_t begin =
        first < r->out ? r->src : r->src + (first - r->out) / r->out_unit * r->src_unit;
    if (last >= run_end(s))
        r = run_at(s, last);
    uint32_t end = last < r->out ? r->src : r->src + (last - r->out) / r->out_unit * r->src_unit;
    end += r->src_unit;
    return begin < end ? (struct span){begin, end} : (struct span){begin, begin + 1};
}

/* The runs that begin in [from, to), of which the first begins at from, as they are. */
static uint32_t runs_copy(struct sink *s, uint32_t out, uint32_t from, uint32_t to)
{
    const struct spanmap_run *run = s->in.run + s->at + 1;
    uint32_t n = 1;
    while (s->at + 1 + n < s->in.n_runs && run[n].out < to)
        n++;
    if (!spanmap_append(&s->map, run, n, out - from))
        s->failed = true;
    s->at += n;
    return to;
}

static void map_copy(struct sink *s, uint32_t out, uint32_t from, uint32_t to)
{
    const struct spanmap_run *only = s->in.run;
    if (s->in.n_runs == 1 && only->out_unit == 1 && from >= only->out) {
        add(s, out, only->src + (from - only->out) * only->src_unit, 1, only->src_unit);
        return;
    }
    while (from < to && !s->failed) {
        const struct spanmap_run *r = run_at(s, from);
        uint32_t end = run_end(s) < to ? run_end(s) : to;
        uint32_t gone = from > r->out ? from - r->out : 0;
        uint32_t unit = r->out_unit;
        /* A copy that begins inside a unit of several bytes: the rest of that unit by itself. */
        if (gone % unit != 0 && end - from > unit - gone % unit)
            end = from + (unit - gone % unit);
        add(s, out, r->src + gone / unit * r->src_unit, unit, r->src_unit);
        out += end - from;
        from = end;
        if (from < to && from == run_end(s))
            from = runs_copy(s, out, from, to);
    }
}

size_t sink_room(struct sink *s, size_t want)
{
    size_t room = s->max - s->n;
    if (sink_stopped(s))
        return 0;
    if (want <= room)
        return want;
    s->full = true;
    return room;
}

char *sink_reserve(struct sink *s, size_t n)
{
    if (s->failed || n > (size_t)s->max - s->n)
        return NULL;
    if (n <= s->cap - s->n)
        return s->p + s->n;
    /* Most stages give about what they take: begin with that much, so that growing is rare. */
    uint32_t want = s->n + (uint32_t)n;
    if (s->p == NULL && want < s->in.bytes.n && s->in.bytes.n <= s->max)
        want = (uint32_t)s->in.bytes.n;
    if (s->p == NULL)
        s->cap = want;
    char *p = arena_grow(s->arena, s->p, &s->cap, want, 1);
    if (p == NULL) {
        s->failed = true;
        return NULL;
    }
    s->p = p;
    return p + s->n;
}

void sink_copy(struct sink *s, size_t from, size_t to)
{
    size_t n = sink_room(s, to - from);
    char *p = n > 0 ? sink_reserve(s, n) : NULL;
    if (p == NULL)
        return;
    unit_flush(s);
    if (n == 1)
        *p = s->in.bytes.p[from];
    else
        memcpy(p, s->in.bytes.p + from, n);
    map_copy(s, s->n, (uint32_t)from + s->in.base, (uint32_t)(from + n) + s->in.base);
    s->n += (uint32_t)n;
}

/* Several characters out of one unit (three out of four base64 letters) make one unit again. */
static void unit_add(struct sink *s, uint32_t at, size_t n, struct span source)
{
    if (s->unit_n > 0 && source.from == s->unit_from && s->unit_n < 64) {
        s->unit_n += (uint32_t)n;
        if (source.to > s->unit_to)
            s->unit_to = source.to;
        return;
    }
    unit_flush(s);
    s->unit_at = at;
    s->unit_n = (uint32_t)n;
    s->unit_from = source.from;
    s->unit_to = source.to;
}

void sink_put(struct sink *s, const char *bytes, size_t n, size_t from, size_t to)
{
    if (n == 0 || sink_stopped(s))
        return;
    char *p = sink_reserve(s, n);
    if (p == NULL) {
        s->full = true;
        return;
    }
    memcpy(p, bytes, n);
    unit_add(s, s->n, n, source_span(s, from, to));
    s->n += (uint32_t)n;
}

void sink_put_cp(struct sink *s, uint32_t cp, size_t from, size_t to)
{
    char bytes[4];
    sink_put(s, bytes, utf8_encode(cp, bytes), from, to);
}

void sink_commit(struct sink *s, size_t n, size_t from, uint32_t out_unit, uint32_t src_unit)
{
    uint32_t pos = (uint32_t)from + s->in.base;
    size_t units = (n + out_unit - 1) / out_unit;
    const struct spanmap_run *r = run_at(s, pos);
    if (r->out_unit == 1 && pos >= r->out && pos + units * src_unit <= run_end(s)) {
        unit_flush(s);
        add(s, s->n, r->src + (pos - r->out) * r->src_unit, out_unit, src_unit * r->src_unit);
        s->n += (uint32_t)n;
        return;
    }
    for (size_t i = 0; i < units; i++) {
        size_t size = n - i * out_unit < out_unit ? n - i * out_unit : out_unit;
        unit_add(s, s->n, size, source_span(s, from + i * src_unit, from + (i + 1) * src_unit));
        s->n += (uint32_t)size;
    }
}

/* Without the character that was cut at the end. */
static uint32_t whole_characters(const char *p, uint32_t n)
{
    uint32_t lead = n;
    while (lead > 0 && n - lead < 3 && ((unsigned char)p[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0 || (unsigned char)p[lead - 1] < 0xC0)
        return n;
    uint32_t cp;
    size_t took = utf8_decode(p + lead - 1, n - lead + 1, &cp);
    return took != n - lead + 1 || cp == UTF8_REPLACEMENT ? lead - 1 : n;
}

void sink_finish(struct sink *s, bool text, struct view *bytes, struct spanmap *map)
{
    unit_flush(s);
    if (text && s->full)
        s->n = whole_characters(s->p, s->n);
    while (s->map.n > 0 && s->map.run[s->map.n - 1].out >= s->n)
        s->map.n--;
    *bytes = (struct view){s->p, s->n};
    *map = s->map;
}
