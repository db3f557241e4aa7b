/* A copy of an array in an arena. */
#ifndef RULE_ARRAY_H
#define RULE_ARRAY_H

#include <stddef.h>
#include <string.h>

#include "base/base.h"

/*
 * NULL when memory is out. n may be 0, which takes no memory; the sizes come from our own
 * structures and cannot wrap.
 */
static inline const void *array_copy(struct arena *arena, const void *array, size_t n, size_t size)
{
    static const max_align_t nothing;
    if (n == 0)
        return &nothing;
    void *p = arena_alloc(arena, n * size);
    if (p != NULL)
        memcpy(p, array, n * size);
    return p;
}

#endif
