#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    ALIGN = alignof(max_align_t),
    BLOCK_SMALL = 2048,
    BLOCK_FIRST = 65536,
    BLOCK_MOST = 262144,
    BLOCK_LARGE = 16 * 1048576,
    KEEP = 1048576,
};

struct arena_block {
    struct arena_block *older; /* own */
    size_t size;               /* usable bytes */
    size_t used;
    alignas(max_align_t) char data[];
};

void arena_init(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max, .first = BLOCK_FIRST};
}

void arena_init_small(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max, .first = BLOCK_SMALL};
}

void arena_init_large(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max, .first = BLOCK_LARGE};
}

/* A page fault for each 4 KiB costs more than what is done with them. */
static void pages_large(const struct arena_block *b)
{
#ifdef MADV_HUGEPAGE
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = ((uintptr_t)b + page - 1) / page * page;
    uintptr_t to = (uintptr_t)(b->data + b->size) / page * page;
    if (to > from)
        (void)madvise((char *)b + (from - (uintptr_t)b), to - from, MADV_HUGEPAGE);
#else
    (void)b;
#endif
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
    blocks_free(a->spare);
    *a = (struct arena){.max = a->max, .first = a->first};
}

/* In two lists: what was handed out may not be seen again, what is spare waits for block_add(). */
void arena_reset(struct arena *a)
{
    struct arena_block *all[] = {a->head, a->spare};
    a->head = a->spare = NULL;
    a->used = a->held = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        for (struct arena_block *b = all[i], *older; b != NULL; b = older) {
            older = b->older;
            if (b->size > BLOCK_MOST || a->held + sizeof *b + b->size > KEEP) {
                free(b);
                continue;
            }
            b->used = 0;
            b->older = a->spare;
            a->spare = b;
            a->held += sizeof *b + b->size;
        }
}

static bool spare_use(struct arena *a, size_t need)
{
    for (struct arena_block **at = &a->spare; *at != NULL; at = &(*at)->older) {
        struct arena_block *b = *at;
        if (b->size < need)
            continue;
        *at = b->older;
        b->older = a->head;
        a->head = b;
        return true;
    }
    return false;
}

static void spares_free(struct arena *a)
{
    for (const struct arena_block *b = a->spare; b != NULL; b = b->older)
        a->held -= sizeof *b + b->size;
    blocks_free(a->spare);
    a->spare = NULL;
}

static size_t room_left(const struct arena *a)
{
    return a->max > a->held ? a->max - a->held : 0;
}

static bool block_add(struct arena *a, size_t need)
{
    if (spare_use(a, need))
        return true;
    size_t size = a->head != NULL ? a->head->size : a->first / 2;
    size = size > SIZE_MAX / 4 ? size : size * 2;
    if (size > BLOCK_MOST)
        size = a->first > BLOCK_MOST ? a->first : BLOCK_MOST;
    if (size < need)
        size = need;
    size_t room = room_left(a);
    /* What is kept must not count: a message would meet the ceiling for those before it. */
    if (a->spare != NULL && room < sizeof(struct arena_block) + size) {
        spares_free(a);
        room = room_left(a);
    }
    if (room < sizeof(struct arena_block) || need > room - sizeof(struct arena_block))
        return false;
    if (size > room - sizeof(struct arena_block))
        size = need;
    struct arena_block *b = malloc(sizeof *b + size);
    if (b == NULL)
        return false;
    *b = (struct arena_block){.older = a->head, .size = size};
    if (a->first == BLOCK_LARGE)
        pages_large(b);
    a->head = b;
    a->held += sizeof *b + size;
    return true;
}

/* What n bytes take. n <= SIZE_MAX - ALIGN. */
static size_t rounded(size_t n)
{
    return n > 0 ? (n + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > SIZE_MAX - ALIGN)
        return NULL;
    size_t need = rounded(n);
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

/*
 * An array with a block of its own grows in place: glibc moves the pages of large blocks instead of
 * copying them, and nothing of the smaller array stays behind.
 */
static void *block_grow(struct arena *a, const void *p, size_t had, size_t want)
{
    struct arena_block **at = &a->head;
    while (*at != NULL && (*at)->data != (const char *)p)
        at = &(*at)->older;
    struct arena_block *b = *at;
    if (b == NULL || b->size != had || b->used != had || want - had > room_left(a))
        return NULL;
    b = realloc(b, sizeof *b + want);
    if (b == NULL)
        return NULL;
    *at = b;
    b->size = b->used = want;
    a->held += want - had;
    a->used += want - had;
    return b->data;
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
    size_t had = old != NULL ? rounded((size_t)*cap * size) : 0;
    void *p = had > BLOCK_MOST && bytes <= SIZE_MAX - ALIGN
                  ? block_grow(a, old, had, rounded(bytes))
                  : NULL;
    if (p == NULL) {
        p = arena_alloc(a, bytes);
        if (p == NULL)
            return NULL;
        if (old != NULL && *cap > 0)
            memcpy(p, old, (size_t)*cap * size);
    }
    *cap = grown;
    return p;
}

void arena_shrink(struct arena *a, void *p, size_t n, size_t keep)
{
    size_t had = rounded(n), has = rounded(keep);
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
