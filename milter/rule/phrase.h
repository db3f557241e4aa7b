/*
 * Phrases: "(i|we) will ~2 {release} ~4 [the] {recording}" as a small graph without loops.
 *
 * Each word, list or number of the phrase is a node that accepts a term; an edge says which node
 * may follow which, with how many words between. Node numbers rise along every edge, so one pass
 * over the nodes decides the phrase: no backtracking, cost bounded by what was seen of its terms.
 */
#ifndef RULE_PHRASE_H
#define RULE_PHRASE_H

#include "rule/lexicon.h"

enum {
    PHRASE_NODES_MAX = 64, /* a set of nodes fits 64 bits */
    PHRASE_EDGES_MAX = 512,
    PHRASE_DEPTH_MAX = 8,
    GAP_MAX = 20,      /* of one ~N */
    GAP_SUM_MAX = 100, /* of several in a row; below the distance between segments, place.h */
};

struct phrase_edge {
    uint8_t from;
    uint8_t gap; /* at most so many words between */
};

struct phrase_node {
    uint32_t term;
    uint16_t edges_from, edges_to; /* edges that lead here */
    bool first, last;
    bool required; /* on every way through the phrase */
};

/*
 * What a phrase needs in any case, in order, and how far apart: the first look at a phrase reads
 * only this. The rarest of its required words and groups, at most SIEVE_MAX.
 */
enum { SIEVE_MAX = 4 };
struct sieve {
    uint32_t term[SIEVE_MAX];
    uint16_t reach[SIEVE_MAX]; /* most places of the line from the one before to this one... */
    uint8_t hops[SIEVE_MAX];   /* ...not counting the extent of so many nodes on the way */
    uint8_t n;
    uint32_t rare[2]; /* the two rarest of the terms, or TERM_NONE */
};

/* A search for a phrase begins; kept by the term that makes it begin. */
struct start {
    uint32_t phrase;
    uint32_t also; /* a term that must be there as well: the cheapest look at the phrase */
};

struct phrase {
    const struct phrase_node *node;
    const struct phrase_edge *edge;
    uint32_t n_nodes;
    uint32_t rule;     /* that it belongs to, or RULE_NONE */
    uint32_t compound; /* the atom whose occurrences it finds, or ATOM_NONE */
};

#define RULE_NONE UINT32_MAX

/* A phrase as its author wrote it; for explanations. Empty for compounds. */
struct phrase_note {
    const char *text;
    const struct span *at; /* by node: its text */
};

#endif
