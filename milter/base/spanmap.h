/*
 * Span maps: from every byte of a derived text (decoded, stripped of HTML, folded) back to the
 * bytes it came from, so that explanations quote the original. A map is a list of runs; inside a
 * run every out_unit bytes of output came from src_unit bytes of source (1:1 for copied text, 3:4
 * for a base64 line, 1:3 for "=41", 2:1 for a Latin-1 letter). Maps compose by looking up one after
 * the other.
 */
#ifndef BASE_SPANMAP_H
#define BASE_SPANMAP_H

#include "base/arena.h"
#include "base/view.h"

struct spanmap_run {
    uint32_t out; /* first byte of the run in the derived text */
    uint32_t src; /* first byte of the run in the source */
    uint8_t out_unit, src_unit;
};

struct spanmap {
    struct spanmap_run *run; /* in the arena */
    uint32_t n;
    uint32_t cap;
    struct arena *arena; /* foreign */
};

/* An empty map is the identity. */
void spanmap_init(struct spanmap *m, struct arena *arena);
/*
 * From output position out on, until the next run: every out_unit bytes came from src_unit bytes
 * starting at src. Runs come with rising out; a run that continues the one before is merged into
 * it. src may go down (fields moved); units are 1..255, larger is clipped. False when memory is
 * out.
 */
bool spanmap_add(struct spanmap *m, uint32_t out, uint32_t src, uint32_t out_unit,
                 uint32_t src_unit);
/*
 * Adds n > 0 runs of another map, `by` further on (modulo 2^32): a copy of what that map describes.
 * The first of them must lie behind all runs of m. False when memory is out.
 */
bool spanmap_append(struct spanmap *m, const struct spanmap_run *run, uint32_t n, uint32_t by);
/* Source position of output byte out; clipped to the run. O(log runs). */
uint32_t spanmap_source(const struct spanmap *m, uint32_t out);
/*
 * The source bytes that span came from, in whole units: from the lowest to the highest, where text
 * was turned round, too. O(log runs + runs in span).
 */
struct span spanmap_span(const struct spanmap *m, struct span span);

#endif
