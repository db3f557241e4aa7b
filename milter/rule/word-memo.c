#include "rule/word-memo.h"

#include <stdlib.h>

enum {
    SETS = 2048,
    POOL_CELLS = 1 << 15,
    CURSOR_CELLS = sizeof(struct trie_cursor) / sizeof(uint32_t)
};

enum status word_memo_init(struct word_memo *memo)
{
    *memo = (struct word_memo){
        .set = aligned_alloc(_Alignof(struct word_memo_set), SETS * sizeof *memo->set),
        .pool = malloc(POOL_CELLS * sizeof *memo->pool)};
    if (memo->set == NULL || memo->pool == NULL) {
        word_memo_fini(memo);
        return STATUS_NO_MEMORY;
    }
    memset(memo->set, 0, SETS * sizeof *memo->set);
    return STATUS_OK;
}

void word_memo_fini(struct word_memo *memo)
{
    free(memo->set);
    free(memo->pool);
    *memo = (struct word_memo){0};
}

void word_memo_keep(struct word_memo *memo, struct word_memo_set *set,
                    const struct word_memo_row *key, const uint32_t *atom, uint32_t n_atoms,
                    const struct trie_cursor *cursor, uint32_t n_cursors)
{
    if (n_atoms > WORD_MEMO_ATOMS || n_cursors > WORD_MEMO_CURSORS)
        return;
    uint32_t need = n_atoms + n_cursors * CURSOR_CELLS;
    if (memo->n_pool + need > POOL_CELLS) {
        memset(memo->set, 0, SETS * sizeof *memo->set);
        memo->n_pool = 0;
    }
    struct word_memo_row *row = set->row;
    row[1] = row[0];
    *row = *key;
    row->from = memo->n_pool;
    row->n_atoms = (uint8_t)n_atoms;
    row->n_cursors = (uint8_t)n_cursors;
    uint32_t *to = memo->pool + memo->n_pool;
    if (n_atoms > 0)
        memcpy(to, atom, n_atoms * sizeof *atom);
    if (n_cursors > 0)
        memcpy(to + n_atoms, cursor, n_cursors * sizeof *cursor);
    memo->n_pool += need;
}
