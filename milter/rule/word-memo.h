/*
 * What the trie said of a word, kept from message to message. The same few words make up most of a
 * text, and a walk through the trie is a chain of loads far in memory.
 *
 * The bytes themselves are compared, since who writes the text could find words of one hash.
 * Scratch of one thread.
 */
#ifndef RULE_WORD_MEMO_H
#define RULE_WORD_MEMO_H

#include "rule/trie.h"

/* Longer words are rare; with more findings a word is walked over again. */
enum { WORD_MEMO_BYTES = 16, WORD_MEMO_ATOMS = 32, WORD_MEMO_CURSORS = 16 };

struct word_memo_row {
    uint64_t head, tail; /* the word's bytes, see word_memo_key */
    uint32_t from;       /* its atoms, then its cursors, in the pool */
    uint8_t length;      /* 0: none yet */
    uint8_t n_atoms, n_cursors;
};

/* Two words may share a place; the one that was kept last comes first. One cache line. */
struct word_memo_set {
    _Alignas(64) struct word_memo_row row[2];
};

struct word_memo {
    struct word_memo_set *set; /* own */
    uint32_t *pool;            /* own */
    uint32_t n_pool;
};

/* STATUS_OK or STATUS_NO_MEMORY. */
enum status word_memo_init(struct word_memo *memo);
void word_memo_fini(struct word_memo *memo);
/* Keeps what key's word is; nothing when it is too much. set: of word_memo_set_of(). */
void word_memo_keep(struct word_memo *memo, struct word_memo_set *set,
                    const struct word_memo_row *key, const uint32_t *atom, uint32_t n_atoms,
                    const struct trie_cursor *cursor, uint32_t n_cursors);

/*
 * v: at most WORD_MEMO_BYTES bytes; so many can be read from v.p on. With the length the two
 * numbers are exact. Lengths come in no order, so they are masked out, not branched on.
 */
static inline void word_memo_key(struct view v, size_t readable, struct word_memo_row *out)
{
    static const unsigned char ones[2 * WORD_MEMO_BYTES] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                            0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                            0xFF, 0xFF, 0xFF, 0xFF};
    char near_end[WORD_MEMO_BYTES] = {0};
    const char *p = v.p;
    uint64_t head_mask, tail_mask;
    if (readable < WORD_MEMO_BYTES) {
        memcpy(near_end, v.p, v.n);
        p = near_end;
    }
    *out = (struct word_memo_row){.length = (uint8_t)v.n};
    memcpy(&out->head, p, 8);
    memcpy(&out->tail, p + 8, 8);
    memcpy(&head_mask, ones + WORD_MEMO_BYTES - v.n, 8);
    memcpy(&tail_mask, ones + WORD_MEMO_BYTES - v.n + 8, 8);
    out->head &= head_mask;
    out->tail &= tail_mask;
}

/* Where that word is kept, if it is. */
static inline struct word_memo_set *word_memo_set_of(const struct word_memo *memo,
                                                     const struct word_memo_row *key)
{
    enum { SET_BITS = 11 };
    uint64_t mixed = (key->head ^ key->tail * 31 ^ key->length) * UINT64_C(0x9E3779B97F4A7C15);
    return &memo->set[mixed >> (64 - SET_BITS)];
}

/* NULL: not kept. Which row it is cannot be guessed, so both are looked at. */
static inline const struct word_memo_row *word_memo_find(const struct word_memo_set *set,
                                                         const struct word_memo_row *key)
{
    const struct word_memo_row *a = &set->row[0], *b = &set->row[1];
    uint64_t not_a = (a->head ^ key->head) | (a->tail ^ key->tail) | (a->length ^ key->length);
    uint64_t not_b = (b->head ^ key->head) | (b->tail ^ key->tail) | (b->length ^ key->length);
    const struct word_memo_row *row = not_a == 0 ? a : b;
    return not_a == 0 || not_b == 0 ? row : NULL;
}

static inline const uint32_t *word_memo_atoms(const struct word_memo *memo,
                                              const struct word_memo_row *row)
{
    return memo->pool + row->from;
}

static inline struct trie_cursor word_memo_cursor(const struct word_memo *memo,
                                                  const struct word_memo_row *row, uint32_t i)
{
    enum { CELLS = sizeof(struct trie_cursor) / sizeof(uint32_t) };
    struct trie_cursor c;
    memcpy(&c, memo->pool + row->from + row->n_atoms + (size_t)i * CELLS, sizeof c);
    return c;
}

#endif
