/* The text of a phrase to its graph. The grammar: docs/RULES.md, "Phrases". */
#ifndef RULE_PHRASE_PARSE_H
#define RULE_PHRASE_PARSE_H

#include "rule/phrase.h"
#include "rule/words.h"

struct phrase_error {
    unsigned column;   /* in characters, from 1 */
    char message[200]; /* empty: the cause was reported elsewhere (a broken list) */
    char hint[200];    /* may be empty */
};

struct phrase_reader {
    struct words *words;
    struct arena *arena;   /* foreign; loading memory */
    struct arena *scratch; /* foreign; of one word */
    /* The term of list {name}; TERM_NONE with message and hint set (or empty) when it is unusable.
     */
    uint32_t (*list)(void *context, struct view name, struct phrase_error *error);
    void *context;
    bool short_words; /* the phrase may be a single word of one or two letters */
};

struct draft_edge {
    uint8_t from, to, gap;
};

/* A phrase that was read but not placed yet; in the reader's arena. Sets of nodes are bit masks. */
struct phrase_draft {
    const uint32_t *term;
    const struct span *at;         /* by node: where its text stands in the phrase's */
    const struct draft_edge *edge; /* by node they lead to */
    uint32_t n, n_edges;
    uint64_t first, last;
    uint64_t required;   /* on every way through the phrase */
    uint64_t anchors;    /* every way passes one of these, the cheapest such choice */
    const uint64_t *cut; /* groups of alternatives: every way passes one node of each, in order */
    uint32_t n_cuts;
};

/* False with *error filled when the phrase is wrong or memory is out (words->no_memory). */
bool phrase_parse(const struct phrase_reader *reader, struct view text, struct phrase_draft *out,
                  struct phrase_error *error);

/* What the search for it costs, as phrase_place says; any time after all phrases are read. */
double phrase_cost(struct words *words, const struct phrase_draft *draft);
/*
 * Puts the graph among parts and chooses the nodes at which searches start, with what they cost; to
 * be called once all phrases are read and words_use was called for all their terms.
 */
enum status phrase_place(struct words *words, const struct phrase_draft *draft, struct names *parts,
                         struct phrase *out, struct sieve *sieve, uint64_t *anchors, double *cost);

#endif
