/*
 * A double-array trie over bytes with tails: one 8-byte load per step while several keys share the
 * way, then one comparison with what is left of the only key. Most words of a text leave it after
 * three or four steps. Built once, read by any thread.
 *
 * Unit i holds the offset of its children (child of byte c lies at base + c), who its parent is,
 * and flags: a whole word ends here, a stem ends here, only a tail follows. Where keys end the
 * offset leads to their values, or, when others go on from there, to a child that does. A key may
 * be a row of words: "get in touch" is one key, with TRIE_WORD_END between; after a stem,
 * TRIE_WORD_REST.
 */
#ifndef RULE_TRIE_H
#define RULE_TRIE_H

#include <string.h>

#include "base/base.h"

enum {
    TRIE_WHOLE = 1,
    TRIE_STEM = 2,
    TRIE_TAIL = 4,
    TRIE_BREAK = 8, /* a key goes on in the next word */
    TRIE_FLAG_BITS = 4,
    TRIE_FLAGS = (1 << TRIE_FLAG_BITS) - 1
};

/* Inside a key, between two of its words: the first ends here; its rest may be anything. */
enum { TRIE_WORD_REST = 1, TRIE_WORD_END = ' ' };

/* No byte of a key: the child that leads to the values of its parent. */
enum { TRIE_VALUE = 0 };

struct trie_unit {
    uint32_t base; /* offset of the children, or of the tail; << TRIE_FLAG_BITS | flags */
    uint32_t check;
};

/* In front of a tail's bytes. */
struct trie_tail {
    uint32_t value;
    uint8_t length; /* at least 1 */
    uint8_t stem;
    uint8_t next; /* between two words: the byte that must follow */
};

/* Of the keys that end at a unit; those that its flags say. */
struct trie_value {
    uint32_t whole, stem;
};

struct trie {
    const struct trie_unit *unit;
    const struct trie_value *value; /* see trie_value */
    const char *tail;
    uint32_t n, n_tail;
};

struct trie_key {
    struct view bytes; /* not empty, without NUL */
    uint32_t value;
    bool stem;
};

/*
 * keys: in any order; bytes and stem together are distinct. The trie lives in arena; scratch is
 * for the building only. STATUS_OK, STATUS_LIMIT (more than 2^27 units) or STATUS_NO_MEMORY.
 */
enum status trie_build(const struct trie_key *keys, uint32_t n, struct arena *arena,
                       struct arena *scratch, struct trie *out);

/* The values of a unit with TRIE_WHOLE or TRIE_STEM among the flags of its base. */
static inline const struct trie_value *trie_value(const struct trie *t, uint32_t node,
                                                  uint32_t base)
{
    uint32_t at = base >> TRIE_FLAG_BITS;
    const struct trie_unit *child = &t->unit[at + TRIE_VALUE];
    return &t->value[child->check == node ? child->base >> TRIE_FLAG_BITS : at];
}

/* A place in the trie. Starts as {0}; walking may go on with more bytes. */
struct trie_cursor {
    uint32_t node;
    uint32_t tail; /* bytes of the tail that matched so far are before here; 0: not in a tail */
    union {
        struct trie_tail head;
        uint32_t children; /* between two words, not in a tail: where they lie */
    };
};

/* Calls hit(context, value) for each stem that ends in v, and for the word that ends with v. */
typedef void trie_hit(void *context, uint32_t value);
/* Keys of several words: the one at hand is over, the next word goes on from cursor. */
typedef void trie_next(void *context, const struct trie_cursor *cursor);

/* What is done with what is found. next may be NULL. */
struct trie_sink {
    trie_hit *hit;
    trie_next *next;
    void *context;
};

/* The cursor at a node that is reached by a byte between two words. */
static inline void trie_between(const struct trie *t, uint32_t node, const struct trie_sink *sink)
{
    uint32_t base = t->unit[node].base;
    struct trie_cursor c = {.node = node};
    if (base & TRIE_TAIL) {
        memcpy(&c.head, t->tail + (base >> TRIE_FLAG_BITS), sizeof c.head);
        c.tail = (uint32_t)((base >> TRIE_FLAG_BITS) + sizeof c.head);
    } else {
        c.children = base >> TRIE_FLAG_BITS;
    }
    sink->next(sink->context, &c);
}

/*
 * For a cursor between two words: can a word that begins with this byte go on from there? Nearly
 * all cannot, and a walk costs ten times as much.
 */
static inline bool trie_goes_on(const struct trie *t, const struct trie_cursor *c, char byte)
{
    unsigned char first = (unsigned char)byte;
    return c->tail != 0 ? c->head.next == first || c->head.next == TRIE_WORD_REST
                        : t->unit[c->children + first].check == c->node;
}

static inline void trie_break(const struct trie *t, uint32_t node, bool word_ends,
                              const struct trie_sink *sink)
{
    uint32_t children = t->unit[node].base >> TRIE_FLAG_BITS;
    if (t->unit[children + TRIE_WORD_REST].check == node)
        trie_between(t, children + TRIE_WORD_REST, sink);
    if (word_ends && t->unit[children + TRIE_WORD_END].check == node)
        trie_between(t, children + TRIE_WORD_END, sink);
}

/* The rest of trie_walk, inside a tail. */
static inline bool trie_walk_tail(const struct trie *t, struct trie_cursor *c, const char *p,
                                  int step, size_t n, const struct trie_sink *sink)
{
    const char *tail = t->tail + c->tail;
    size_t left = c->head.length, m = n < left ? n : left, i = 0;
    while (i < m && tail[i] == p[step * (ptrdiff_t)i])
        i++;
    bool over = i < left && (tail[i] == TRIE_WORD_REST || (i == n && tail[i] == TRIE_WORD_END));
    if (i < m && !over)
        return false;
    c->tail += (uint32_t)(i + over);
    c->head.length = (uint8_t)(left - i - over);
    if (over) {
        c->head.next = c->head.length > 0 ? (uint8_t)tail[i + 1] : TRIE_WORD_REST;
        if (sink->next != NULL)
            sink->next(sink->context, c);
        return false;
    }
    if (c->head.length > 0)
        return true;
    if (c->head.stem || i == n)
        sink->hit(sink->context, c->head.value);
    return false;
}

/*
 * Walks on over n bytes: p[0], p[step] and so on; step is 1, or -1 for a word read backwards. False
 * when no key begins with all that was walked over and goes on in this word.
 */
static inline bool trie_walk(const struct trie *t, struct trie_cursor *c, const char *p, int step,
                             size_t n, const struct trie_sink *sink)
{
    if (c->tail != 0)
        return trie_walk_tail(t, c, p, step, n, sink);
    uint32_t node = c->node, base = t->unit[node].base;
    for (size_t left = n; left > 0;) {
        uint32_t next = (base >> TRIE_FLAG_BITS) + (unsigned char)*p;
        if (t->unit[next].check != node)
            return false;
        left--;
        p += left > 0 ? step : 0;
        node = next;
        base = t->unit[node].base;
        if ((base & TRIE_FLAGS) == 0)
            continue;
        if (base & TRIE_TAIL) {
            memcpy(&c->head, t->tail + (base >> TRIE_FLAG_BITS), sizeof c->head);
            c->tail = (uint32_t)((base >> TRIE_FLAG_BITS) + sizeof c->head);
            return trie_walk_tail(t, c, p, step, left, sink);
        }
        if (base & TRIE_STEM)
            sink->hit(sink->context, trie_value(t, node, base)->stem);
        if ((base & TRIE_WHOLE) && left == 0)
            sink->hit(sink->context, trie_value(t, node, base)->whole);
        if ((base & TRIE_BREAK) && sink->next != NULL)
            trie_break(t, node, left == 0, sink);
    }
    c->node = node;
    return true;
}

#endif
