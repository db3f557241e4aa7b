#include "rule/names.h"

#include "rule/hash.h"

void names_init(struct names *s, struct arena *arena)
{
    *s = (struct names){.arena = arena};
}

/* The slot where name is, or the empty one where it belongs. n_slots > 0. */
static uint32_t slot_of(const struct names *s, struct view name)
{
    uint32_t mask = s->n_slots - 1, i = (uint32_t)hash_bytes(HASH_START, name) & mask;
    while (s->slot[i] != 0 && !view_eq(s->name[s->slot[i] - 1], name))
        i = (i + 1) & mask;
    return i;
}

uint32_t names_find(const struct names *s, struct view name)
{
    if (s->n_slots == 0)
        return NAME_NONE;
    return s->slot[slot_of(s, name)] - 1; /* an empty slot is 0: NAME_NONE */
}

static bool slots_double(struct names *s)
{
    uint32_t n = s->n_slots == 0 ? 64 : s->n_slots * 2;
    uint32_t *slot = arena_calloc(s->arena, n, sizeof *slot);
    if (slot == NULL)
        return false;
    s->slot = slot;
    s->n_slots = n;
    for (uint32_t i = 0; i < s->n; i++)
        slot[slot_of(s, s->name[i])] = i + 1;
    return true;
}

uint32_t names_add(struct names *s, struct view name)
{
    if (s->n >= s->n_slots / 2 && (s->n > UINT32_MAX / 4 || !slots_double(s)))
        return NAME_NONE;
    uint32_t slot = slot_of(s, name);
    if (s->slot[slot] != 0)
        return s->slot[slot] - 1;
    struct view *grown = arena_grow(s->arena, s->name, &s->cap, s->n + 1, sizeof *grown);
    if (grown == NULL)
        return NAME_NONE;
    s->name = grown;
    struct view copy = arena_copy(s->arena, name);
    if (copy.p == NULL)
        return NAME_NONE;
    s->name[s->n++] = copy;
    s->slot[slot] = s->n;
    return s->n - 1;
}

const char *const *names_list(const struct names *s, struct arena *arena)
{
    const char **list = arena_calloc(arena, (size_t)s->n + 1, sizeof *list);
    for (uint32_t i = 0; list != NULL && i < s->n; i++) {
        list[i] = arena_string(arena, s->name[i]);
        if (list[i] == NULL)
            return NULL;
    }
    return list;
}
