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
#include "rule/word-memo.h"

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
    uint32_t atom;
};

/* 16 bytes: thousands of them are written and looked at. */
struct term_seen {
    uint64_t bits; /* mask, see struct mask */
    uint32_t extent;
    uint32_t seen_as; /* in seen.seen_as; 0: the end */
};

/* An atom that was seen, in the chain of a term. */
struct seen_as {
    uint32_t atom, next; /* in seen.atom; in seen.seen_as */
};

struct event;
struct pending;

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
    /*
     * Few of the atoms and terms occur in a message: what was seen of them lies close together, in
     * the order in which they were met, and a small table says where. Row 0, which stays empty, is
     * what was not seen.
     */
    uint32_t *atom_row, *term_row; /* own */
    struct atom_seen *atom;        /* own; rows 1 to n_atoms */
    struct term_seen *term;        /* own; rows 1 to n_terms */
    uint32_t *term_of;             /* own; by row */
    struct sight *term_sight;      /* own; by row; place is NULL when it is not settled */
    uint32_t n_atoms, n_terms;
    struct seen_as *seen_as; /* own */
    uint32_t n_seen_as, cap_seen_as;
    uint32_t extent;     /* the largest of all masks */
    struct event *event; /* own */
    uint32_t n_events, cap_events;
    struct pending *pending; /* own; entries of several words, half read */
    uint32_t n_pending, cap_pending;
    bool pending_lost; /* memory was out */
    struct word_memo memo;
};

#define LINE_LEAP 128u

/* STATUS_OK or STATUS_NO_MEMORY. scratch_bytes: ceiling for one message. */
enum status seen_init(struct seen *s, const struct lexicon *lexicon, size_t scratch_bytes);
void seen_fini(struct seen *s);
/* Walks the text. Linear in it. STATUS_OK or STATUS_NO_MEMORY. */
enum status seen_read(struct seen *s, const struct text *text, const struct indicators *indicators);
/* Adds the occurrences of a compound, rising; they must live in s->scratch. False: no memory. */
bool seen_add(struct seen *s, uint32_t atom, struct place *place, uint32_t n);
/* Tells the terms of the atoms from this row on where they were seen. False: no memory. */
bool seen_terms_mark(struct seen *s, uint32_t from);
/*
 * The row of an atom or term, which may be new. There are thousands, in no order that a processor
 * could guess: no branch. What an unused row holds is zero.
 */
static inline uint32_t seen_row(uint32_t *row_of, uint32_t key, uint32_t *n)
{
    uint32_t row = row_of[key], is_new = row == 0;
    *n += is_new;
    row += is_new * *n;
    row_of[key] = row;
    return row;
}
/* The places of a term; NULL when memory is out. *work grows by what it cost. */
const struct sight *seen_term(struct seen *s, uint32_t term, uint64_t *work);

/*
 * Rising by first, then last. Lists that rise already, as most do, cost a look; *work grows by
 * what it cost.
 */
void places_sort(struct place *v, uint32_t n, uint64_t *work);

/* Where a term was seen, coarsely. */
static inline struct mask seen_mask(const struct seen *s, uint32_t term)
{
    const struct term_seen *t = &s->term[s->term_row[term]];
    return (struct mask){t->bits, t->extent};
}

static inline bool seen_met(const struct seen *s, uint32_t term)
{
    return s->term_row[term] != 0;
}

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
