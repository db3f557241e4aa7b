#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = alignof(max_align_t), BLOCK_FIRST = 65536, BLOCK_KEEP = 262144 };

struct arena_block {
    struct arena_block *older; /* own */
    size_t size;               /* usable bytes */
    size_t used;
    alignas(max_align_t) char data[];
};

void arena_init(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max};
}

static void blocks_free(struct arena_block *b)
{
    while (b != NULL) {
        struct arena_block *older = b->older;
        free(b);
        b = older;
    }
}

void arena_fini(struct arena *a)
{
    blocks_free(a->head);
    arena_init(a, a->max);
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = a->head;
    if (keep == NULL)
        return;
    if (keep->size > BLOCK_KEEP) {
        arena_fini(a);
        return;
    }
    blocks_free(keep->older);
    keep->older = NULL;
    keep->used = 0;
    a->used = 0;
    a->held = keep->size + sizeof *keep;
}

static bool block_add(struct arena *a, size_t need)
{
    size_t size = a->head != NULL ? a->head->size : BLOCK_FIRST / 2;
    size = size > SIZE_MAX / 4 ? size : size * 2;
    if (size > BLOCK_KEEP)
        size = BLOCK_KEEP;
    if (size < need)
        size = need;
    size_t room = a->max > a->held ? a->max - a->held : 0;
    if (room < sizeof(struct arena_block) || need > room - sizeof(struct arena_block))
        return false;
    if (size > room - sizeof(struct arena_block))
        size = need;
    struct arena_block *b = malloc(sizeof *b + size);
    if (b == NULL)
        return false;
    *b = (struct arena_block){.older = a->head, .size = size};
    a->head = b;
    a->held += sizeof *b + size;
    return true;
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > SIZE_MAX - ALIGN)
        return NULL;
    size_t need = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (need == 0)
        need = ALIGN;
    if ((a->head == NULL || a->head->size - a->head->used < need) && !block_add(a, need))
        return NULL;
    void *p = a->head->data + a->head->used;
    a->head->used += need;
    a->used += need;
    return p;
}

void *arena_calloc(struct arena *a, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        return NULL;
    void *p = arena_alloc(a, bytes);
    if (p != NULL)
        memset(p, 0, bytes);
    return p;
}

void *arena_grow(struct arena *a, void *old, uint32_t *cap, uint32_t want, size_t size)
{
    if (old != NULL && want <= *cap)
        return old;
    uint32_t grown = *cap < 16 ? 16 : *cap;
    while (grown < want)
        grown = grown <= UINT32_MAX / 2 ? grown * 2 : UINT32_MAX;
    size_t bytes;
    if (__builtin_mul_overflow((size_t)grown, size, &bytes))
        return NULL;
    void *p = arena_alloc(a, bytes);
    if (p == NULL)
        return NULL;
    if (old != NULL && *cap > 0)
        memcpy(p, old, (size_t)*cap * size);
    *cap = grown;
    return p;
}

void arena_shrink(struct arena *a, void *p, size_t n, size_t keep)
{
    size_t had = (n + ALIGN - 1) / ALIGN * ALIGN;
    size_t has = (keep + ALIGN - 1) / ALIGN * ALIGN;
    if (had == 0)
        had = ALIGN;
    if (has == 0)
        has = ALIGN;
    struct arena_block *b = a->head;
    if (b == NULL || has >= had || b->used < had || (char *)p != b->data + b->used - had)
        return;
    b->used -= had - has;
    a->used -= had - has;
}

struct view arena_copy(struct arena *a, struct view v)
{
    char *p = arena_alloc(a, v.n);
    if (p == NULL)
        return VIEW_NONE;
    if (v.n > 0)
        memcpy(p, v.p, v.n);
    return (struct view){p, v.n};
}

char *arena_string(struct arena *a, struct view v)
{
    char *p = v.n < SIZE_MAX ? arena_alloc(a, v.n + 1) : NULL;
    if (p == NULL)
        return NULL;
    if (v.n > 0)
        memcpy(p, v.p, v.n);
    p[v.n] = '\0';
    return p;
}
