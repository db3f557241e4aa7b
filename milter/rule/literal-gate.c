/*
 * Wu and Manber's search: a window as long as the shortest literal slides over the text; its last
 * two bytes say how far it may move. Cost hardly depends on the number of literals.
 */
#include <string.h>

#include "rule/literal.h"

enum { HASHES = 4096 };

static inline uint32_t hash_pair(unsigned char a, unsigned char b)
{
    return ((uint32_t)a << 4 ^ b) % HASHES;
}

enum status gate_build(const struct view *literal, uint32_t n, struct arena *arena,
                       struct gate *out)
{
    *out = (struct gate){.n = n, .window = LITERAL_BYTES_MAX};
    if (n == 0)
        return STATUS_OK;
    out->literal = arena_alloc(arena, n * sizeof *out->literal);
    out->next = arena_calloc(arena, n, sizeof *out->next);
    out->bucket = arena_calloc(arena, HASHES, sizeof *out->bucket);
    out->shift = arena_alloc(arena, HASHES);
    if (out->literal == NULL || out->next == NULL || out->bucket == NULL || out->shift == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < n; i++) {
        out->literal[i] = literal[i];
        if (literal[i].n < out->window)
            out->window = (uint32_t)literal[i].n;
    }
    memset(out->shift, (int)(out->window - 1), HASHES);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 1; k < out->window; k++) {
            uint32_t h =
                hash_pair((unsigned char)literal[i].p[k - 1], (unsigned char)literal[i].p[k]);
            if (out->shift[h] > out->window - 1 - k)
                out->shift[h] = (uint8_t)(out->window - 1 - k);
            if (k == out->window - 1) {
                out->next[i] = out->bucket[h];
                out->bucket[h] = i + 1;
            }
        }
    return STATUS_OK;
}

void gate_scan(const struct gate *g, struct view subject, bool *seen)
{
    if (g->n == 0)
        return;
    const unsigned char *p = (const unsigned char *)subject.p;
    for (size_t end = g->window - 1; end < subject.n;) {
        uint32_t h = hash_pair(ascii_lower(p[end - 1]), ascii_lower(p[end]));
        if (g->shift[h] != 0) {
            end += g->shift[h];
            continue;
        }
        size_t from = end - (g->window - 1);
        for (uint32_t i = g->bucket[h]; i != 0; i = g->next[i - 1])
            if (!seen[i - 1] &&
                view_starts_nocase(view_sub(subject, from, subject.n), g->literal[i - 1]))
                seen[i - 1] = true;
        end++;
    }
}
