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

struct phrase {
    const struct phrase_node *node;
    const struct phrase_edge *edge;
    const uint32_t *required; /* terms without which it cannot occur, rarest first */
    uint32_t n_nodes, n_required;
    uint32_t rule;     /* that it belongs to, or RULE_NONE */
    uint32_t compound; /* the atom whose occurrences it finds, or ATOM_NONE */
};

#define RULE_NONE UINT32_MAX

#endif
