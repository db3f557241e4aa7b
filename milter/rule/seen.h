/*
 * What one message shows of the lexicon: for every atom and term, where it occurs.
 *
 * The text is walked once. Then it is known for each term roughly where it occurs; exact lists are
 * put together only when a phrase asks for one. Scratch memory of one thread; nothing here survives
 * the next seen_read.
 */
#ifndef RULE_SEEN_H
#define RULE_SEEN_H

#include "rule/lexicon.h"

/* Words first..last, inclusive. Lists of places rise by first, then last. */
struct place {
    uint32_t first, last;
};

/*
 * Where something occurs, coarsely: bit i stands for 2^shift places of the line, see seen.line.
 * Two lists of places need to be looked at only when their masks meet. One machine word is measured
 * to be best: wider masks sift better, but most phrases are dropped by the first look anyway, and
 * that look should be short.
 */
enum { MASK_BITS = 64 };
struct mask {
    uint64_t bits;   /* by first word */
    uint32_t extent; /* how far the longest of the places reaches beyond its first word */
};

struct sight {
    struct place *place;
    uint32_t n;
};

struct atom_seen {
    struct sight sight;
    struct mask mask;
};

struct event;
struct pending;
struct idle_word;

struct seen {
    const struct lexicon *lexicon; /* foreign */
    struct arena scratch;          /* places of this message */
    /*
     * Per word, its place on the line: like its index, but words in brackets take no room, and
     * segments lie LINE_LEAP apart, further than any phrase reaches.
     */
    const uint32_t *line;
    const struct text *text; /* foreign */
    uint32_t shift;
    struct atom_seen *atom; /* own; all zero for what was not seen */
    uint32_t *met;          /* own; the atoms that were seen */
    uint32_t n_met;
    struct mask *term_mask; /* own; 0 for what was not seen */
    uint32_t *met_term;     /* own; the terms that were seen */
    uint32_t n_met_terms;
    uint32_t extent;    /* the largest of all masks */
    struct sight *term; /* own; valid when term_age is this message's */
    uint32_t *term_age; /* own */
    uint32_t age;
    struct event *event; /* own */
    uint32_t n_events, cap_events;
    struct pending *pending; /* own; entries of several words, half read */
    uint32_t n_pending, cap_pending;
    bool pending_lost;      /* memory was out */
    bool going_on;          /* an entry goes on behind the word in hand */
    struct idle_word *idle; /* own; words that are known to be in no list */
};

#define LINE_LEAP 128u

/* STATUS_OK or STATUS_NO_MEMORY. scratch_bytes: ceiling for one message. */
enum status seen_init(struct seen *s, const struct lexicon *lexicon, size_t scratch_bytes);
void seen_fini(struct seen *s);
/* Walks the text. Linear in it. STATUS_OK or STATUS_NO_MEMORY. */
enum status seen_read(struct seen *s, const struct text *text, const struct indicators *indicators);
/* Adds the occurrences of a compound, rising; they must live in s->scratch. */
void seen_add(struct seen *s, uint32_t atom, struct place *place, uint32_t n);
/* Tells the terms of an atom where it was seen. */
void seen_terms_mark(struct seen *s, uint32_t atom);
/* The places of a term; NULL when memory is out. *work grows by what it cost. */
const struct sight *seen_term(struct seen *s, uint32_t term, uint64_t *work);

/* Notes words first..last in m. */
static inline void mask_add(struct mask *m, struct seen *s, uint32_t first, uint32_t last)
{
    uint32_t from = s->line[first], extent = s->line[last] - from;
    m->bits |= UINT64_C(1) << (from >> s->shift);
    if (extent > m->extent) {
        m->extent = extent;
        s->extent = s->extent > extent ? s->extent : extent;
    }
}

/* The place of the line right after word e. */
static inline uint32_t seen_after(const struct seen *s, uint32_t e)
{
    return s->line[e] + 1 - (s->text->steppable[e + 1] - s->text->steppable[e]);
}

#endif
