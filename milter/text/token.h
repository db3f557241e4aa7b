/*
 * Tokens: a few words put together and spelled in another way, as candidates for alternates.
 * Private to room text.
 */
#ifndef TEXT_TOKEN_H
#define TEXT_TOKEN_H

#include "text/reading.h"

#define TOKEN_MAX 120 /* bytes; nobody reads longer words */

struct token {
    size_t n;
    bool full; /* something did not fit: of no use */
    char p[TOKEN_MAX];
};

enum spelling {
    SPELL_FOLDED,   /* as folded */
    SPELL_SKELETON, /* look-alikes of other scripts as ASCII */
    SPELL_CYRILLIC, /* ASCII look-alikes as the script's own letters */
    SPELL_GREEK,
};

static inline void token_start(struct token *t)
{
    t->n = 0;
    t->full = false;
}
void token_add(struct token *t, const char *p, size_t n);
/* Adds a word of segment s in that spelling. */
void token_add_word(struct token *t, const struct reading *r, const struct segment *s,
                    const struct word *w, enum spelling how);
/* Nothing but letters of one other script that all look like ASCII letters? */
bool token_all_alike(const struct token *folded);

/* The letter that an ASCII digit or sign stands for in leet, or 0; '1', '!' and '|' give 'i'. */
char leet_letter(char c);
/*
 * When what stands between two words is nothing but signs that are written for letters (beyond
 * ASCII, too): writes those signs or letters and returns how many, at most LEET_SIGNS; else 0.
 */
#define LEET_SIGNS 3
size_t leet_signs(struct view gap, char out[LEET_SIGNS]);
/* Do the digits and signs of t stand for letters? sure: inside a word, not only at its edges. */
bool leet_shape(const struct token *t, bool *sure);
/* Could they, when nearly every word is written so? */
bool leet_possible(const struct token *t);
/*
 * Up to LEET_READINGS spellings of t in letters ('1', '!' and '|' may be i or l). Returns how many.
 */
#define LEET_READINGS 4
unsigned leet_readings(const struct token *t, struct token out[LEET_READINGS]);

#endif
