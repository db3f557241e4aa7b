/* A made-up language, texts in it and rule packs about it, from fixed seeds: the same everywhere.
 */
#ifndef TESTS_BENCH_VOCABULARY_H
#define TESTS_BENCH_VOCABULARY_H

#include "base/base.h"

enum { VOCABULARY_WORDS = 20000, VOCABULARY_WORD_MAX = 16 };

/* The words that English is mostly made of, by falling frequency, then word-like ones. */
struct vocabulary {
    char v[VOCABULARY_WORDS][VOCABULARY_WORD_MAX];
};

void vocabulary_make(struct vocabulary *w);
/* A word as often as texts have it: the k-th comes 1/k as often as the first. */
const char *vocabulary_word(const struct vocabulary *w, uint32_t *seed);
uint32_t vocabulary_random(uint32_t *state);
/* A plain mail of about so many bytes of text. */
void vocabulary_mail(const struct vocabulary *w, uint32_t seed, size_t bytes, struct buf *out);
/* A pack of so many phrase rules, and a third as many lists. */
void vocabulary_pack(const struct vocabulary *w, uint32_t n_rules, struct buf *out);

#endif
