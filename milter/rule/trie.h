/*
 * A double-array trie over bytes with tails: one 8-byte load per step while several keys share the
 * way, then one comparison with what is left of the only key. Most words of a text leave it after
 * three or four steps. Built once, read by any thread.
 *
 * Unit i holds the offset of its children (child of byte c lies at base + c), who its parent is,
 * and flags: a whole word ends here, a stem ends here, only a tail follows.
 */
#ifndef RULE_TRIE_H
#define RULE_TRIE_H

#include <string.h>

#include "base/base.h"

enum { TRIE_WHOLE = 1, TRIE_STEM = 2, TRIE_TAIL = 4 };

struct trie_unit {
    uint32_t base; /* offset of the children, or of the tail; << 3 | flags */
    uint32_t check;
};

/* In front of a tail's bytes. */
struct trie_tail {
    uint32_t value;
    uint8_t length; /* at least 1 */
    uint8_t stem;
};

struct trie {
    const struct trie_unit *unit;
    const uint32_t *whole, *stem; /* per unit: the value of the key that ends here */
    const char *tail;
    uint32_t n, n_tail;
};

struct trie_key {
    struct view bytes; /* not empty, without NUL */
    uint32_t value;
    bool stem;
};

/*
 * keys: sorted in place; bytes and stem together are distinct. The trie lives in arena; scratch is
 * for the building only. STATUS_OK, STATUS_LIMIT (more than 2^28 units) or STATUS_NO_MEMORY.
 */
enum status trie_build(struct trie_key *keys, uint32_t n, struct arena *arena,
                       struct arena *scratch, struct trie *out);

/* A place in the trie. Starts as {0}; walking may go on with more bytes. */
struct trie_cursor {
    uint32_t node;
    uint32_t tail; /* bytes of the tail that matched so far are before here; 0: not in a tail */
    struct trie_tail head;
};

/* Calls hit(context, value) for each stem that ends in v, and for the word that ends with v. */
typedef void trie_hit(void *context, uint32_t value);

/* The rest of trie_walk, inside a tail. */
static inline bool trie_walk_tail(const struct trie *t, struct trie_cursor *c, const char *p,
                                  int step, size_t n, trie_hit *hit, void *context)
{
    const char *tail = t->tail + c->tail;
    size_t left = c->head.length, m = n < left ? n : left;
    for (size_t i = 0; i < m; i++)
        if (tail[i] != p[step * (ptrdiff_t)i])
            return false;
    c->tail += (uint32_t)m;
    c->head.length = (uint8_t)(left - m);
    if (c->head.length > 0)
        return true;
    if (c->head.stem || m == n)
        hit(context, c->head.value);
    return false;
}

/*
 * Walks on over n bytes: p[0], p[step] and so on; step is 1, or -1 for a word read backwards. False
 * when no key begins with all that was walked over.
 */
static inline bool trie_walk(const struct trie *t, struct trie_cursor *c, const char *p, int step,
                             size_t n, trie_hit *hit, void *context)
{
    if (c->tail != 0)
        return trie_walk_tail(t, c, p, step, n, hit, context);
    uint32_t node = c->node, base = t->unit[node].base;
    for (size_t left = n; left > 0;) {
        uint32_t next = (base >> 3) + (unsigned char)*p;
        if (t->unit[next].check != node)
            return false;
        left--;
        p += left > 0 ? step : 0;
        node = next;
        base = t->unit[node].base;
        if ((base & 7u) == 0)
            continue;
        if (base & TRIE_TAIL) {
            memcpy(&c->head, t->tail + (base >> 3), sizeof c->head);
            c->tail = (uint32_t)((base >> 3) + sizeof c->head);
            return trie_walk_tail(t, c, p, step, left, hit, context);
        }
        if (base & TRIE_STEM)
            hit(context, t->stem[node]);
        if ((base & TRIE_WHOLE) && left == 0)
            hit(context, t->whole[node]);
    }
    c->node = node;
    return true;
}

#endif
