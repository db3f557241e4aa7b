/*
 * What one message shows of the lexicon: for every atom and term, where it occurs.
 *
 * The text is walked once. Terms are put together only when a phrase asks for one. Scratch memory
 * of one thread; nothing here survives the next seen_read.
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
 * Two lists of places need to be looked at only when their masks meet.
 */
enum { MASK_WORDS = 4, MASK_BITS = 64 * MASK_WORDS };
struct mask {
    uint64_t w[MASK_WORDS]; /* by first word */
    uint32_t extent;        /* how far the longest of the places reaches beyond its first word */
};

struct sight {
    struct place *place;
    uint32_t n;
};

struct event;

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
    struct sight *atom; /* own; n == 0 for what was not seen */
    struct mask *atom_mask;
    uint32_t *met; /* own; the atoms that were seen */
    uint32_t n_met;
    struct sight *term; /* own; valid when term_age is this message's */
    struct mask *term_mask;
    uint32_t *term_age, *mask_age; /* own */
    uint32_t age;
    struct event *event; /* own */
    uint32_t n_events, cap_events;
};

#define LINE_LEAP 128u

/* STATUS_OK or STATUS_NO_MEMORY. scratch_bytes: ceiling for one message. */
enum status seen_init(struct seen *s, const struct lexicon *lexicon, size_t scratch_bytes);
void seen_fini(struct seen *s);
/* Walks the text. Linear in it. STATUS_OK or STATUS_NO_MEMORY. */
enum status seen_read(struct seen *s, const struct text *text, const struct indicators *indicators);
/* Adds the occurrences of a compound, rising; they must live in s->scratch. */
void seen_add(struct seen *s, uint32_t atom, struct place *place, uint32_t n);
/* The coarse places of a term; all zero when nothing of it was seen. */
const struct mask *seen_mask(struct seen *s, uint32_t term);
/* The places of a term; NULL when memory is out. *work grows by what it cost. */
const struct sight *seen_term(struct seen *s, uint32_t term, uint64_t *work);

/* Notes words first..last in m. */
static inline void mask_add(struct mask *m, const struct seen *s, uint32_t first, uint32_t last)
{
    uint32_t from = s->line[first], extent = s->line[last] - from, bit = from >> s->shift;
    m->w[bit / 64] |= UINT64_C(1) << bit % 64;
    if (extent > m->extent)
        m->extent = extent;
}

static inline void mask_join(struct mask *m, const struct mask *other)
{
    for (int k = 0; k < MASK_WORDS; k++)
        m->w[k] |= other->w[k];
    if (other->extent > m->extent)
        m->extent = other->extent;
}

static inline void mask_meet(struct mask *m, const struct mask *other)
{
    for (int k = 0; k < MASK_WORDS; k++)
        m->w[k] &= other->w[k];
}

static inline bool mask_empty(const struct mask *m)
{
    uint64_t any = 0;
    for (int k = 0; k < MASK_WORDS; k++)
        any |= m->w[k];
    return any == 0;
}

/* The place of the line right after word e. */
static inline uint32_t seen_after(const struct seen *s, uint32_t e)
{
    return s->line[e] + 1 - (s->text->steppable[e + 1] - s->text->steppable[e]);
}

#endif
