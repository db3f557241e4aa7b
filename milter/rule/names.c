#include "rule/names.h"

#include <string.h>

#include "rule/hash.h"

void names_init(struct names *s, struct arena *arena)
{
    *s = (struct names){.arena = arena, .bytes = arena};
}

static uint32_t hash_of(struct view name)
{
    return (uint32_t)hash_bytes(HASH_START, name);
}

/* The slot where name is, or the empty one where it belongs. n_slots > 0. */
static uint32_t slot_of(const struct names *s, struct view name, uint32_t hash)
{
    uint32_t mask = s->n_slots - 1, i = hash & mask;
    while (s->slot[i].number != 0 &&
           (s->slot[i].hash != hash || !view_eq(s->name[s->slot[i].number - 1], name)))
        i = (i + 1) & mask;
    return i;
}

uint32_t names_find(const struct names *s, struct view name)
{
    if (s->n_slots == 0)
        return NAME_NONE;
    /* an empty slot is 0: NAME_NONE */
    return s->slot[slot_of(s, name, hash_of(name))].number - 1;
}

void names_find_soon(const struct names *s, struct view name)
{
    if (s->n_slots > 0)
        __builtin_prefetch(&s->slot[hash_of(name) & (s->n_slots - 1)]);
}

static bool slots_grow(struct names *s, uint32_t n)
{
    struct name_slot *slot = arena_calloc(s->arena, n, sizeof *slot);
    if (slot == NULL)
        return false;
    for (uint32_t old = 0; old < s->n_slots; old++) {
        uint32_t i = s->slot[old].hash & (n - 1);
        if (s->slot[old].number == 0)
            continue;
        while (slot[i].number != 0)
            i = (i + 1) & (n - 1);
        slot[i] = s->slot[old];
    }
    s->slot = slot;
    s->n_slots = n;
    return true;
}

static bool slots_reserve(struct names *s, uint32_t n)
{
    uint32_t slots = s->n_slots == 0 ? 64 : s->n_slots;
    while (slots / 2 <= n && slots <= UINT32_MAX / 2)
        slots *= 2;
    return slots == s->n_slots || slots_grow(s, slots);
}

bool names_reserve(struct names *s, uint32_t n)
{
    struct view *name = n > s->cap ? arena_alloc(s->arena, n * sizeof *name) : NULL;
    if (name != NULL) {
        if (s->n > 0)
            memcpy(name, s->name, s->n * sizeof *name);
        s->name = name;
        s->cap = n;
    }
    return slots_reserve(s, n) && n <= s->cap;
}

uint32_t names_add(struct names *s, struct view name)
{
    if (s->n >= s->n_slots / 2 && (s->n > UINT32_MAX / 4 || !slots_reserve(s, s->n)))
        return NAME_NONE;
    uint32_t hash = hash_of(name), slot = slot_of(s, name, hash);
    if (s->slot[slot].number != 0)
        return s->slot[slot].number - 1;
    struct view *grown = arena_grow(s->arena, s->name, &s->cap, s->n + 1, sizeof *grown);
    if (grown == NULL)
        return NAME_NONE;
    s->name = grown;
    struct view copy = arena_copy(s->bytes, name);
    if (copy.p == NULL)
        return NAME_NONE;
    s->name[s->n++] = copy;
    s->slot[slot] = (struct name_slot){s->n, hash};
    return s->n - 1;
}

const void *names_share(struct names *s, const void *bytes, size_t n)
{
    uint32_t id = names_add(s, (struct view){bytes, n});
    return id != NAME_NONE ? s->name[id].p : NULL;
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
