/*
 * Byte strings to dense numbers, in order of arrival: ids, list names, atoms, sets of atoms.
 * For loading only; lives in an arena.
 */
#ifndef RULE_NAMES_H
#define RULE_NAMES_H

#include "base/base.h"

#define NAME_NONE UINT32_MAX

/* number + 1, 0 when empty; the hash beside it, since a look at a name far away costs a cache miss
 */
struct name_slot {
    uint32_t number, hash;
};

struct names {
    struct arena *arena; /* foreign */
    struct arena *bytes; /* foreign; for the names themselves */
    struct view *name;   /* by number */
    uint32_t n, cap;
    struct name_slot *slot; /* open addressing */
    uint32_t n_slots;
};

void names_init(struct names *s, struct arena *arena);
/* Room for so many at once. False: no memory, which does no harm. */
bool names_reserve(struct names *s, uint32_t n);
/* The number of name, or NAME_NONE. */
uint32_t names_find(const struct names *s, struct view name);
/* Fetches what looking for name will touch first. */
void names_find_soon(const struct names *s, struct view name);
/* The number of name, added (the bytes copied) when new; NAME_NONE when memory is out. */
uint32_t names_add(struct names *s, struct view name);
/*
 * The one copy of equal bytes, aligned for any object: what many rules have in common is kept once.
 * NULL when memory is out. n may be 0.
 */
const void *names_share(struct names *s, const void *bytes, size_t n);
/* All names as C strings ended by NULL, for diags_nearest; NULL when memory is out. */
const char *const *names_list(const struct names *s, struct arena *arena);

#endif
