#include "rule/trie.h"

#include <stdlib.h>
#include <string.h>

enum { CHILDREN_MAX = 256, UNITS_MAX = 1 << 27, TAIL_MAX = 255 };
#define ROOT 0u
#define FREE UINT32_MAX

/* A key; its bytes follow those of the key before it, for each level of the trie reads them all. */
struct sorted {
    const char *p;
    uint32_t value;
    uint32_t n : 31, stem : 1;
};

/* Keys lo..hi (exclusive) share depth bytes and hang below unit node. */
struct branch {
    uint32_t lo, hi, depth, node;
};

struct builder {
    struct arena *scratch;
    const struct sorted *key;
    struct trie_unit *unit;
    struct trie_value *value;
    uint32_t *next; /* of a unit in use: one further on, on the way to the next free one */
    uint32_t n, n_values, cap_unit, cap_value, cap_next;
    uint32_t wide_from; /* where units with several children look first */
    char *tail;
    uint32_t n_tail, cap_tail;
    struct branch *queue;
    uint32_t n_queue, cap_queue;
};

/* A key by its first bytes, the first of them highest. */
struct front {
    uint64_t bytes;
    uint32_t key;
};

static uint64_t front_of(struct view v)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes = bytes << 8 | (i < v.n ? (unsigned char)v.p[i] : 0u);
    return bytes;
}

/* By one byte of their fronts; order among equals is kept. */
static void fronts_sort(const struct front *from, struct front *to, uint32_t n, unsigned shift)
{
    uint32_t at[257] = {0};
    for (uint32_t i = 0; i < n; i++)
        at[(from[i].bytes >> shift & 0xFF) + 1]++;
    for (unsigned c = 1; c < 256; c++)
        at[c] += at[c - 1];
    for (uint32_t i = 0; i < n; i++)
        to[at[from[i].bytes >> shift & 0xFF]++] = from[i];
}

static int key_compare(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    int order = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);
    if (order != 0)
        return order;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    return (int)a->stem - (int)b->stem;
}

/* The keys in the order of fronts, their bytes one after another. */
static void keys_gather(const struct trie_key *keys, const struct front *order, uint32_t n,
                        struct sorted *out, char *pool)
{
    enum { KEY_AHEAD = 16, BYTES_AHEAD = 8 };
    for (uint32_t i = 0; i < n; i++) {
        if (i + KEY_AHEAD < n)
            __builtin_prefetch(&keys[order[i + KEY_AHEAD].key]);
        if (i + BYTES_AHEAD < n)
            __builtin_prefetch(keys[order[i + BYTES_AHEAD].key].bytes.p);
        const struct trie_key *key = &keys[order[i].key];
        out[i].p = memcpy(pool, key->bytes.p, key->bytes.n);
        out[i].value = key->value;
        out[i].n = (uint32_t)key->bytes.n & INT32_MAX; /* trie_build() counted them */
        out[i].stem = key->stem;
        pool += key->bytes.n;
    }
}

/*
 * There are a quarter of a million: sorted byte by byte, then those that agree in eight bytes by
 * comparing, which costs a fifth of comparing all. room: for 2 n; the keys take its second half.
 */
static const struct sorted *keys_sort(const struct trie_key *keys, uint32_t n, struct front *room,
                                      char *pool)
{
    struct front *a = room, *b = room + n;
    struct sorted *out = (struct sorted *)(void *)b;
    _Static_assert(sizeof *out <= sizeof *b, "the keys fit where fronts were");
    for (uint32_t i = 0; i < n; i++)
        a[i] = (struct front){front_of(keys[i].bytes), i};
    for (unsigned shift = 0; shift < 64; shift += 16) {
        fronts_sort(a, b, n, shift);
        fronts_sort(b, a, n, shift + 8);
    }
    keys_gather(keys, a, n, out, pool);
    for (uint32_t i = 0, same = 1; i < n; i += same, same = 1) {
        while (i + same < n && a[i + same].bytes == a[i].bytes)
            same++;
        if (same > 1)
            qsort(out + i, same, sizeof *out, key_compare);
    }
    return out;
}

static bool builder_room(struct builder *b, uint32_t want)
{
    struct trie_unit *unit = arena_grow(b->scratch, b->unit, &b->cap_unit, want, sizeof *b->unit);
    uint32_t *next = arena_grow(b->scratch, b->next, &b->cap_next, want, sizeof *b->next);
    if (next != NULL)
        b->next = next;
    if (unit != NULL)
        b->unit = unit;
    return unit != NULL && next != NULL;
}

static enum status builder_reserve(struct builder *b, uint32_t want)
{
    if (want <= b->n)
        return STATUS_OK;
    if (want > UNITS_MAX)
        return STATUS_LIMIT;
    if (!builder_room(b, want))
        return STATUS_NO_MEMORY;
    for (uint32_t i = b->n; i < want; i++) {
        b->unit[i] = (struct trie_unit){0, FREE};
        b->next[i] = i;
    }
    b->n = want;
    return STATUS_OK;
}

/* The first free unit from slot on; always there, some are kept in reserve. */
static uint32_t free_from(struct builder *b, uint32_t slot)
{
    while (b->next[slot] != slot) {
        b->next[slot] = b->next[b->next[slot]];
        slot = b->next[slot];
    }
    return slot;
}

static void unit_take(struct builder *b, uint32_t slot, uint32_t parent)
{
    b->unit[slot].check = parent;
    b->next[slot] = slot + 1;
}

/* A base at which all children fit, low if possible. */
static enum status base_find(struct builder *b, const unsigned char *child, uint32_t n,
                             uint32_t *out)
{
    enum { TRIES_MAX = 256 }; /* beyond this, space is wasted rather than time */
    uint32_t slot = child[0] + 1u;
    if (n > 1 && slot < b->wide_from)
        slot = b->wide_from;
    for (uint32_t tries = 0;; slot++) {
        slot = free_from(b, slot);
        enum status status = builder_reserve(b, slot + 2 * CHILDREN_MAX);
        if (status != STATUS_OK)
            return status;
        uint32_t base = slot - child[0], i = 1;
        while (i < n && b->unit[base + child[i]].check == FREE)
            i++;
        if (i == n) {
            *out = base;
            return STATUS_OK;
        }
        if (++tries == TRIES_MAX)
            b->wide_from = slot;
    }
}

/* What is left of the only key below node. */
static enum status tail_place(struct builder *b, const struct sorted *key, struct branch at)
{
    struct view rest = {key->p + at.depth, key->n - at.depth};
    struct trie_tail head = {key->value, (uint8_t)rest.n, key->stem, (uint8_t)rest.p[0]};
    uint32_t need = (uint32_t)(b->n_tail + sizeof head + rest.n);
    if (need > UNITS_MAX)
        return STATUS_LIMIT;
    char *tail = arena_grow(b->scratch, b->tail, &b->cap_tail, need, 1);
    if (tail == NULL)
        return STATUS_NO_MEMORY;
    b->tail = tail;
    memcpy(tail + b->n_tail, &head, sizeof head);
    memcpy(tail + b->n_tail + sizeof head, rest.p, rest.n);
    b->unit[at.node].base = b->n_tail << TRIE_FLAG_BITS | TRIE_TAIL;
    b->n_tail = need;
    return STATUS_OK;
}

static bool value_add(struct builder *b, struct trie_value value)
{
    struct trie_value *grown =
        arena_grow(b->scratch, b->value, &b->cap_value, b->n_values + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    b->value = grown;
    grown[b->n_values++] = value;
    return true;
}

static bool branch_add(struct builder *b, struct branch branch)
{
    struct branch *grown =
        arena_grow(b->scratch, b->queue, &b->cap_queue, b->n_queue + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    b->queue = grown;
    grown[b->n_queue++] = branch;
    return true;
}

/* Gives node its values and its children; the children's branches are appended to the queue. */
static enum status branch_place(struct builder *b, struct branch at)
{
    const struct sorted *keys = b->key;
    uint32_t flags = 0, i = at.lo;
    const uint32_t hi = at.hi;
    size_t left = hi == at.lo + 1 ? keys[i].n - at.depth : 0;
    if (left > 0 && left <= TAIL_MAX && at.node != ROOT)
        return tail_place(b, &keys[i], at);
    struct trie_value value = {UINT32_MAX, UINT32_MAX};
    for (; i < hi && keys[i].n == at.depth; i++) {
        flags |= keys[i].stem ? TRIE_STEM : TRIE_WHOLE;
        *(keys[i].stem ? &value.stem : &value.whole) = keys[i].value;
    }
    uint32_t held = b->n_values << TRIE_FLAG_BITS;
    if (flags != 0 && !value_add(b, value))
        return STATUS_NO_MEMORY;
    if (i >= hi) {
        /* A number of values, fewer than units: whose child it looks like lies in the reserve. */
        b->unit[at.node].base = held | flags;
        return STATUS_OK;
    }
    unsigned char child[CHILDREN_MAX];
    uint32_t from[CHILDREN_MAX + 1], n = 0;
    if (flags != 0) {
        child[n] = TRIE_VALUE;
        from[n++] = i;
    }
    for (; i < hi; i++) {
        unsigned char c = (unsigned char)keys[i].p[at.depth];
        if (c == TRIE_WORD_REST || c == TRIE_WORD_END)
            flags |= TRIE_BREAK;
        if (n == 0 || child[n - 1] != c) {
            child[n] = c;
            from[n++] = i;
        }
    }
    from[n] = hi;
    uint32_t base;
    enum status status = base_find(b, child, n, &base);
    if (status != STATUS_OK)
        return status;
    b->unit[at.node].base = base << TRIE_FLAG_BITS | flags;
    for (uint32_t k = 0; k < n; k++) {
        unit_take(b, base + child[k], at.node);
        if (child[k] == TRIE_VALUE) {
            b->unit[base].base = held;
            continue;
        }
        if (!branch_add(b, (struct branch){from[k], from[k + 1], at.depth + 1, base + child[k]}))
            return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

static enum status builder_finish(const struct builder *b, struct arena *arena, struct trie *out)
{
    struct trie_unit *unit = arena_alloc(arena, b->n * sizeof *unit);
    struct trie_value *value = arena_alloc(arena, b->n_values * sizeof *value);
    char *tail = arena_alloc(arena, b->n_tail);
    if (unit == NULL || value == NULL || tail == NULL)
        return STATUS_NO_MEMORY;
    if (b->n_tail > 0)
        memcpy(tail, b->tail, b->n_tail);
    memcpy(unit, b->unit, b->n * sizeof *unit);
    if (b->n_values > 0)
        memcpy(value, b->value, b->n_values * sizeof *value);
    *out = (struct trie){unit, value, tail, b->n, b->n_tail};
    return STATUS_OK;
}

enum status trie_build(const struct trie_key *keys, uint32_t n, struct arena *arena,
                       struct arena *scratch, struct trie *out)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < n; i++)
        bytes += keys[i].bytes.n;
    struct builder b = {.scratch = scratch, .wide_from = 1};
    if (bytes >= UNITS_MAX)
        return STATUS_LIMIT;
    /* Words need two units each: rather too many at once than copies of what is too small. */
    (void)builder_room(&b, 2 * n);
    enum status status = builder_reserve(&b, 2 * CHILDREN_MAX);
    if (status != STATUS_OK)
        return status;
    struct front *room = arena_alloc(scratch, 2 * (size_t)n * sizeof *room);
    char *pool = arena_alloc(scratch, bytes);
    if (room == NULL || pool == NULL)
        return STATUS_NO_MEMORY;
    b.key = keys_sort(keys, n, room, pool);
    unit_take(&b, ROOT, ROOT);
    if (!branch_add(&b, (struct branch){0, n, 0, ROOT}))
        return STATUS_NO_MEMORY;
    /* Breadth first: the units near the root, which every word touches, lie close together. */
    for (uint32_t i = 0; i < b.n_queue && status == STATUS_OK; i++)
        status = branch_place(&b, b.queue[i]);
    return status == STATUS_OK ? builder_finish(&b, arena, out) : status;
}
