/* A copy of an array in an arena. */
#ifndef RULE_ARRAY_H
#define RULE_ARRAY_H

#include <string.h>

#include "base/base.h"

/* NULL when memory is out. n may be 0; the sizes come from our own structures and cannot wrap. */
static inline void *array_copy(struct arena *arena, const void *array, size_t n, size_t size)
{
    void *p = arena_alloc(arena, n * size);
    if (p != NULL && n > 0)
        memcpy(p, array, n * size);
    return p;
}

#endif
