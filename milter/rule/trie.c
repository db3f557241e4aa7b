#include "rule/trie.h"

#include <stdlib.h>
#include <string.h>

enum { CHILDREN_MAX = 256, UNITS_MAX = 1 << 27, TAIL_MAX = 255 };
#define ROOT 0u
#define FREE UINT32_MAX

/* Keys lo..hi (exclusive) share depth bytes and hang below unit node. */
struct branch {
    uint32_t lo, hi, depth, node;
};

struct builder {
    struct arena *scratch;
    struct trie_unit *unit;
    uint32_t *whole, *stem;
    uint32_t *next; /* of a unit in use: one further on, on the way to the next free one */
    uint32_t n, cap_unit, cap_whole, cap_stem, cap_next;
    uint32_t wide_from; /* where units with several children look first */
    char *tail;
    uint32_t n_tail, cap_tail;
};

static int key_compare(const void *left, const void *right)
{
    const struct trie_key *a = left, *b = right;
    size_t n = a->bytes.n < b->bytes.n ? a->bytes.n : b->bytes.n;
    int order = memcmp(a->bytes.p, b->bytes.p, n);
    if (order != 0)
        return order;
    if (a->bytes.n != b->bytes.n)
        return a->bytes.n < b->bytes.n ? -1 : 1;
    return (int)a->stem - (int)b->stem;
}

static enum status builder_reserve(struct builder *b, uint32_t want)
{
    if (want <= b->n)
        return STATUS_OK;
    if (want > UNITS_MAX)
        return STATUS_LIMIT;
    struct trie_unit *unit = arena_grow(b->scratch, b->unit, &b->cap_unit, want, sizeof *b->unit);
    uint32_t *whole = arena_grow(b->scratch, b->whole, &b->cap_whole, want, sizeof *b->whole);
    uint32_t *stem = arena_grow(b->scratch, b->stem, &b->cap_stem, want, sizeof *b->stem);
    uint32_t *next = arena_grow(b->scratch, b->next, &b->cap_next, want, sizeof *b->next);
    if (next != NULL)
        b->next = next;
    if (unit != NULL)
        b->unit = unit;
    if (whole != NULL)
        b->whole = whole;
    if (stem != NULL)
        b->stem = stem;
    if (unit == NULL || whole == NULL || stem == NULL || next == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = b->n; i < want; i++) {
        b->unit[i] = (struct trie_unit){0, FREE};
        b->whole[i] = b->stem[i] = UINT32_MAX;
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
static enum status tail_place(struct builder *b, const struct trie_key *key, struct branch at)
{
    struct view rest = view_sub(key->bytes, at.depth, key->bytes.n);
    struct trie_tail head = {key->value, (uint8_t)rest.n, key->stem};
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

/* Gives node its values and its children; the children's branches are appended to queue. */
static enum status branch_place(struct builder *b, const struct trie_key *keys, struct branch at,
                                struct branch *queue, uint32_t *n_queue)
{
    uint32_t flags = 0, i = at.lo;
    size_t left = at.hi == at.lo + 1 ? keys[i].bytes.n - at.depth : 0;
    if (left > 0 && left <= TAIL_MAX && at.node != ROOT)
        return tail_place(b, &keys[i], at);
    for (; i < at.hi && keys[i].bytes.n == at.depth; i++) {
        flags |= keys[i].stem ? TRIE_STEM : TRIE_WHOLE;
        (keys[i].stem ? b->stem : b->whole)[at.node] = keys[i].value;
    }
    unsigned char child[CHILDREN_MAX];
    uint32_t from[CHILDREN_MAX + 1], n = 0;
    for (; i < at.hi; i++) {
        unsigned char c = (unsigned char)keys[i].bytes.p[at.depth];
        if (c == TRIE_WORD_REST || c == TRIE_WORD_END)
            flags |= TRIE_BREAK;
        if (n == 0 || child[n - 1] != c) {
            child[n] = c;
            from[n++] = i;
        }
    }
    if (n == 0) {
        b->unit[at.node].base = flags;
        return STATUS_OK;
    }
    from[n] = at.hi;
    uint32_t base;
    enum status status = base_find(b, child, n, &base);
    if (status != STATUS_OK)
        return status;
    b->unit[at.node].base = base << TRIE_FLAG_BITS | flags;
    for (uint32_t k = 0; k < n; k++) {
        unit_take(b, base + child[k], at.node);
        queue[(*n_queue)++] = (struct branch){from[k], from[k + 1], at.depth + 1, base + child[k]};
    }
    return STATUS_OK;
}

static enum status builder_finish(const struct builder *b, struct arena *arena, struct trie *out)
{
    struct trie_unit *unit = arena_alloc(arena, b->n * sizeof *unit);
    uint32_t *whole = arena_alloc(arena, b->n * sizeof *whole);
    uint32_t *stem = arena_alloc(arena, b->n * sizeof *stem);
    char *tail = arena_alloc(arena, b->n_tail);
    if (unit == NULL || whole == NULL || stem == NULL || tail == NULL)
        return STATUS_NO_MEMORY;
    if (b->n_tail > 0)
        memcpy(tail, b->tail, b->n_tail);
    memcpy(unit, b->unit, b->n * sizeof *unit);
    memcpy(whole, b->whole, b->n * sizeof *whole);
    memcpy(stem, b->stem, b->n * sizeof *stem);
    *out = (struct trie){unit, whole, stem, tail, b->n, b->n_tail};
    return STATUS_OK;
}

enum status trie_build(struct trie_key *keys, uint32_t n, struct arena *arena,
                       struct arena *scratch, struct trie *out)
{
    if (n > 1)
        qsort(keys, n, sizeof *keys, key_compare);
    size_t nodes = 1;
    for (uint32_t i = 0; i < n; i++)
        nodes += keys[i].bytes.n;
    struct builder b = {.scratch = scratch, .wide_from = 1};
    enum status status = nodes < UNITS_MAX ? builder_reserve(&b, 2 * CHILDREN_MAX) : STATUS_LIMIT;
    if (status != STATUS_OK)
        return status;
    struct branch *queue = arena_alloc(scratch, nodes * sizeof *queue);
    if (queue == NULL)
        return STATUS_NO_MEMORY;
    unit_take(&b, ROOT, ROOT);
    uint32_t n_queue = 0;
    queue[n_queue++] = (struct branch){0, n, 0, ROOT};
    /* Breadth first: the units near the root, which every word touches, lie close together. */
    for (uint32_t i = 0; i < n_queue && status == STATUS_OK; i++)
        status = branch_place(&b, keys, queue[i], queue, &n_queue);
    return status == STATUS_OK ? builder_finish(&b, arena, out) : status;
}
