/*
 * A double-array trie over bytes: one 8-byte load per step, built once, read by any thread.
 *
 * Unit i holds the offset of its children (child of byte c lies at base + c), who its parent is,
 * and two flags: a whole word ends here, a stem ends here.
 */
#ifndef RULE_TRIE_H
#define RULE_TRIE_H

#include "base/base.h"

#define TRIE_ROOT 0u

enum { TRIE_WHOLE = 1, TRIE_STEM = 2 };

struct trie_unit {
    uint32_t base; /* offset of children << 2 | flags */
    uint32_t check;
};

struct trie {
    const struct trie_unit *unit;
    const uint32_t *whole, *stem; /* per unit: the value of the key that ends here */
    uint32_t n;
};

struct trie_key {
    struct view bytes; /* not empty, without NUL */
    uint32_t value;
    bool stem;
};

/*
 * keys: sorted in place; bytes and stem together are distinct. The trie lives in arena; scratch is
 * for the building only. STATUS_OK, STATUS_LIMIT (more than 2^29 units) or STATUS_NO_MEMORY.
 */
enum status trie_build(struct trie_key *keys, uint32_t n, struct arena *arena,
                       struct arena *scratch, struct trie *out);

/* Moves *node to its child of byte c. False, with *node as it was, when there is none. */
static inline bool trie_step(const struct trie *t, uint32_t *node, unsigned char c)
{
    uint32_t next = (t->unit[*node].base >> 2) + c;
    if (t->unit[next].check != *node)
        return false;
    *node = next;
    return true;
}

static inline unsigned trie_flags(const struct trie *t, uint32_t node)
{
    return t->unit[node].base & 3u;
}

#endif
