/*
 * Arenas: memory that lives and dies together (one message, one compiled ruleset). Single-threaded
 * while being filled; may be read by any thread afterwards.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/view.h"

struct arena_block;

struct arena {
    struct arena_block *head;  /* own; the block in use */
    struct arena_block *spare; /* own; kept from before the last reset */
    size_t used;               /* bytes handed out */
    size_t held;               /* bytes taken from the system */
    size_t max;                /* ceiling for held */
    size_t first;              /* bytes of the first block */
};

/* max: ceiling in bytes. Allocates nothing. */
void arena_init(struct arena *a, size_t max);
/* The same for a few hundred bytes, of which very many live at once: begins with 2 KiB, not 64. */
void arena_init_small(struct arena *a, size_t max);
/* The same for tens of megabytes that are filled at once: blocks of 16 MiB, in large pages where
 * the system has them. */
void arena_init_large(struct arena *a, size_t max);
void arena_fini(struct arena *a);
/* Forgets everything handed out; keeps at most a MiB of blocks for the next message. */
void arena_reset(struct arena *a);

/* Aligned for any object, not zeroed. NULL when the ceiling or the system says no. n may be 0. */
void *arena_alloc(struct arena *a, size_t n);
/* n objects of size bytes, zeroed, multiplication checked. */
void *arena_calloc(struct arena *a, size_t n, size_t size);
/*
 * Grows an array to at least want elements (doubling). Returns the array, moved if need be, and
 * updates *cap; NULL on failure, with the old array still valid.
 */
void *arena_grow(struct arena *a, void *old, uint32_t *cap, uint32_t want, size_t size);
/* Gives back the tail of the newest allocation p (of n bytes), keeping its first keep bytes. */
void arena_shrink(struct arena *a, void *p, size_t n, size_t keep);
/* A copy of v in the arena; VIEW_NONE with n == 0 and p == NULL on failure. */
struct view arena_copy(struct arena *a, struct view v);
/* A NUL-terminated copy; NULL on failure. */
char *arena_string(struct arena *a, struct view v);

#endif
