/*
 * Pieces of a phrase and how they join: the algebra behind the parser. A phrase becomes a graph
 * the way a regular expression becomes a Glushkov automaton, with gaps on the edges.
 */
#ifndef RULE_PHRASE_PIECE_H
#define RULE_PHRASE_PIECE_H

#include "rule/phrase.h"

/* The graph that grows while a phrase is read. */
struct graph {
    uint32_t n;
    int8_t gap[PHRASE_NODES_MAX][PHRASE_NODES_MAX]; /* from, to: the edge's gap, or -1 */
};

/* Gaps are words that may stand before its first or after its last node. */
struct piece {
    int8_t before[PHRASE_NODES_MAX]; /* -1: not a first node */
    int8_t after[PHRASE_NODES_MAX];  /* -1: not a last node */
    int8_t pass;                     /* >= 0: may be absent, leaving a gap so wide */
    uint64_t required;               /* on every way through */
    uint64_t anchors;                /* every way passes one of these */
    double cost; /* how often the anchors are to be expected; INFINITY: there are none */
};

/* A new node without edges; its number. g->n < PHRASE_NODES_MAX. */
uint32_t graph_add(struct graph *g);

/* What is always there and takes no word: where sequences begin. gap: words it may skip. */
void piece_nothing(struct piece *out, int8_t gap);
/* One node. cost: see above. */
void piece_node(struct piece *out, uint32_t node, double cost);
/* left, then right, becomes left. False: more than GAP_SUM_MAX words could be skipped. */
bool piece_append(struct graph *g, struct piece *left, const struct piece *right);
/* left or right becomes left. */
void piece_or(struct piece *left, const struct piece *right);
void piece_optional(struct piece *piece);

#endif
