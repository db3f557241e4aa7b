/*
 * reading - the folded text as a reader takes it: words that are disguised (look-alike letters,
 * leet, spaced letters) stand in the alternate that text offers for them, when that makes a word
 * of the lexicon. Private to the room.
 */
#ifndef INDICATOR_READING_H
#define INDICATOR_READING_H

#include "text/text.h"

struct lexicon;

struct reading {
    struct view bytes;
    const struct word *words; /* offsets are into bytes */
    uint32_t n_words;
    const uint32_t *origin;   /* word -> first word of text; n_words + 1 entries; NULL: the same */
    struct spanmap to_folded; /* bytes -> text.folded; empty when they are the same */
};

/* STATUS_OK or STATUS_NO_MEMORY. */
enum status reading_init(struct reading *r, const struct text *t, const struct lexicon *lexicon,
                         struct arena *arena);

/* The words of text that words first..last of the reading stand for. */
uint32_t reading_first(const struct reading *r, uint32_t first);
uint32_t reading_last(const struct reading *r, uint32_t last);
/* The span of a segment's visible text that bytes [from, to) of the reading came from. */
struct span reading_visible(const struct reading *r, const struct segment *s, uint32_t from,
                            uint32_t to);

static inline uint32_t reading_word_end(const struct reading *r, uint32_t word)
{
    return r->words[word].from + r->words[word].length;
}
/* Words next to each other in one segment? (The low bytes of neighbouring segments differ.) */
static inline bool reading_adjacent(const struct reading *r, uint32_t a, uint32_t b)
{
    return r->words[a].segment == r->words[b].segment;
}
/* The byte at at, or 0 outside. */
static inline unsigned char reading_byte(const struct reading *r, size_t at)
{
    return at < r->bytes.n ? (unsigned char)r->bytes.p[at] : 0;
}

#endif
