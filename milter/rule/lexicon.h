/*
 * The lexicon: every word, stem and ending that any phrase uses, and what was seen of it.
 *
 * atom   one thing that can stand in a text: a word, a stem, an ending, a number, an indicator, or
 *        a list entry of several words (a compound, found by a phrase of its own)
 * term   a set of atoms: what one place of a phrase accepts; equal sets are one term
 *
 * struct lexicon never changes after loading. Building it: words.h.
 */
#ifndef RULE_LEXICON_H
#define RULE_LEXICON_H

#include "indicator/indicator.h"
#include "rule/trie.h"

#define ATOM_NONE UINT32_MAX
#define TERM_NONE UINT32_MAX

/*
 * Lists of numbers by key, all in one array: those of key k are item[from[k]] to item[from[k + 1]].
 * INDEX_SPARE items behind the last list may be read.
 */
enum { INDEX_SPARE = 2 };
struct index {
    const uint32_t *from, *item;
};

struct lexicon {
    struct trie words;   /* words and stems, forwards */
    struct trie endings; /* endings, backwards */
    bool has_endings;
    uint32_t n_atoms, n_terms;
    uint32_t number; /* the atom for #, or ATOM_NONE */
    uint32_t indicator[INDICATOR_KINDS];
    struct index atom_terms;
};

#endif
