/* Folded text to words. Private to room text; text_split in the door is the plain form. */
#ifndef TEXT_SPLIT_H
#define TEXT_SPLIT_H

#include "text/text.h"

/* Besides enum word_flag, while a text is being read; cleared before it is given out. */
enum word_seen {
    WORD_SEEN_LETTER = 0x20,
    WORD_SEEN_DIGIT = 0x40,
    WORD_SEEN_WIDE = 0x80, /* has characters beyond ASCII */
    WORD_SEEN = 0xE0
};

/*
 * Splits folded from byte *at on, until max words are made or the text ends; *at moves past what
 * was read. Returns how many were made, with their WORD_SEEN flags and WORD_CJK.
 */
uint32_t split_some(struct view folded, size_t *at, struct word *out, uint32_t max);

/* Where word w ends. */
static inline uint32_t word_to(const struct word *w)
{
    return w->from + w->length;
}

#endif
