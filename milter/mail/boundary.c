#include "mail/boundary.h"

#include <string.h>

#define NONE      UINT32_MAX
#define HASH_SEED 2166136261u

static uint32_t hash_add(uint32_t hash, char c)
{
    return (hash ^ (unsigned char)c) * 16777619u; /* FNV-1a */
}

static uint32_t bucket(uint32_t hash)
{
    return (hash ^ hash >> 16) & 255;
}

void boundaries_init(struct boundaries *b, struct arena *arena)
{
    *b = (struct boundaries){.arena = arena};
    for (unsigned i = 0; i < 256; i++)
        b->heads[i] = NONE;
}

bool boundaries_push(struct boundaries *b, struct view text, uint32_t frame)
{
    struct boundary *v = arena_grow(b->arena, b->v, &b->cap, b->n + 1, sizeof *v);
    if (v == NULL)
        return false;
    b->v = v;
    uint32_t hash = HASH_SEED, longest = b->n > 0 ? v[b->n - 1].longest : 0;
    bool letters = false;
    for (size_t i = 0; i < text.n; i++) {
        hash = hash_add(hash, text.p[i]);
        letters |= ascii_is_alnum((unsigned char)text.p[i]);
    }
    v[b->n] = (struct boundary){
        .text = text,
        .hash = hash,
        .frame = frame,
        .same = b->heads[bucket(hash)],
        .longest = text.n > longest ? (uint32_t)text.n : longest,
        /* "--" and "---" begin rulers and signatures as well. */
        .prefix = letters && text.n >= 6,
    };
    b->heads[bucket(hash)] = b->n++;
    return true;
}

void boundaries_pop(struct boundaries *b, uint32_t frame)
{
    while (b->n > 0 && b->v[b->n - 1].frame >= frame) {
        const struct boundary *last = &b->v[--b->n];
        b->heads[bucket(last->hash)] = last->same;
    }
}

void boundaries_close(struct boundaries *b, uint32_t frame)
{
    for (uint32_t i = b->n; i > 0 && b->v[i - 1].frame >= frame; i--)
        b->v[i - 1].closed = true;
}

bool boundaries_clash(const struct boundaries *b, struct view text)
{
    for (uint32_t i = 0; i < b->n; i++) {
        size_t n = b->v[i].text.n < text.n ? b->v[i].text.n : text.n;
        if (n == 0 || memcmp(b->v[i].text.p, text.p, n) == 0)
            return true;
    }
    return false;
}

bool boundaries_match(const struct boundaries *b, struct view line, struct boundary_match *out)
{
    if (b->n == 0 || line.n < 2 || line.p[0] != '-' || line.p[1] != '-')
        return false;
    line = view_sub(line, 2, line.n);
    while (line.n > 0 && ascii_is_space((unsigned char)line.p[line.n - 1]))
        line.n--;
    uint32_t longest = b->v[b->n - 1].longest, hash = HASH_SEED;
    uint32_t exact = NONE, closed = NONE, prefix = NONE;
    for (size_t n = 1; n <= line.n && n <= longest; n++) {
        hash = hash_add(hash, line.p[n - 1]);
        for (uint32_t i = b->heads[bucket(hash)]; i != NONE; i = b->v[i].same) {
            const struct boundary *at = &b->v[i];
            if (at->hash != hash || at->text.n != n || memcmp(at->text.p, line.p, n) != 0)
                continue;
            bool whole =
                line.n == n || (line.n == n + 2 && line.p[n] == '-' && line.p[n + 1] == '-');
            if (whole && at->closed)
                closed = i;
            else if (whole && (exact == NONE || at->frame > b->v[exact].frame))
                exact = i;
            else if (!whole && at->prefix && !at->closed)
                prefix = i; /* a longer one comes later and wins */
            if (!at->closed)
                break; /* equal ones further down the bucket are further out */
        }
    }
    uint32_t hit = exact != NONE ? exact : closed != NONE ? closed : prefix;
    if (hit == NONE)
        return false;
    const struct boundary *at = &b->v[hit];
    out->frame = at->frame;
    out->closing = line.n >= at->text.n + 2 && memcmp(line.p + at->text.n, "--", 2) == 0;
    out->odd = exact == NONE;
    return true;
}
