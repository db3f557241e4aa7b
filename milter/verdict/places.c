#include "verdict/verdict.h"

#include <stdlib.h>
#include <string.h>

bool lines_init(struct lines *l, struct view raw)
{
    size_t n_blocks = raw.n / LINES_BLOCK + 1;
    *l = (struct lines){.raw = raw, .before = calloc(n_blocks, sizeof *l->before)};
    if (l->before == NULL)
        return false;
    for (size_t b = 1; b < n_blocks; b++) {
        const char *p = raw.p + (b - 1) * LINES_BLOCK, *end = p + LINES_BLOCK;
        uint32_t n = 0;
        while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
            n++;
            p++;
        }
        l->before[b] = l->before[b - 1] + n;
    }
    return true;
}

void lines_fini(struct lines *l)
{
    free(l->before);
    l->before = NULL;
}

uint32_t lines_at(const struct lines *l, uint32_t offset)
{
    size_t at = offset < l->raw.n ? offset : l->raw.n;
    uint32_t line = l->before[at / LINES_BLOCK] + 1;
    for (size_t i = at - at % LINES_BLOCK; i < at; i++)
        line += l->raw.p[i] == '\n';
    return line;
}

const char *segment_name(enum segment_kind kind)
{
    switch (kind) {
    case SEGMENT_SUBJECT:
        return "subject";
    case SEGMENT_SENDER:
        return "sender";
    case SEGMENT_BODY:
        return "body";
    case SEGMENT_HIDDEN:
        return "hidden";
    case SEGMENT_ALTERNATE_TEXT:
        return "alt";
    case SEGMENT_FILE:
        return "file";
    case SEGMENT_FILENAME:
        return "filename";
    }
    return "unknown";
}

static const struct indicator *reason_indicator(const struct scan *scan, const struct reason *r)
{
    return r->hit.indicator < scan->indicators.n ? &scan->indicators.v[r->hit.indicator] : NULL;
}

struct view reason_words(const struct scan *scan, const struct reason *r)
{
    const struct indicator *i = reason_indicator(scan, r);
    return r->quote.n == 0 && i != NULL ? i->value : r->quote;
}

const struct segment *reason_segment(const struct scan *scan, const struct reason *r)
{
    const struct indicator *i = reason_indicator(scan, r);
    if (r->hit.first < scan->text.n_words)
        return text_segment_of(&scan->text, r->hit.first);
    return i != NULL && i->segment < scan->text.n_segments ? &scan->text.segments[i->segment]
                                                           : NULL;
}

struct span reason_origin(const struct scan *scan, const struct reason *r)
{
    const struct indicator *i = reason_indicator(scan, r);
    if (r->hit.first < scan->text.n_words || i == NULL || i->segment >= scan->text.n_segments)
        return r->origin;
    return segment_origin(&scan->text.segments[i->segment], i->visible);
}
