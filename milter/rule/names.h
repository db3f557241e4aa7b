/*
 * Byte strings to dense numbers, in order of arrival: ids, list names, atoms, sets of atoms.
 * For loading only; lives in an arena.
 */
#ifndef RULE_NAMES_H
#define RULE_NAMES_H

#include "base/base.h"

#define NAME_NONE UINT32_MAX

struct names {
    struct arena *arena; /* foreign */
    struct view *name;   /* by number */
    uint32_t n, cap;
    uint32_t *slot; /* open addressing: number + 1, 0 for empty */
    uint32_t n_slots;
};

void names_init(struct names *s, struct arena *arena);
/* The number of name, or NAME_NONE. */
uint32_t names_find(const struct names *s, struct view name);
/* The number of name, added (the bytes copied) when new; NAME_NONE when memory is out. */
uint32_t names_add(struct names *s, struct view name);
/* All names as C strings ended by NULL, for diags_nearest; NULL when memory is out. */
const char *const *names_list(const struct names *s, struct arena *arena);

#endif
