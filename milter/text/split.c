#include "text/split.h"

#include "text/fold.h"

#define LONGEST UINT16_MAX

/* ASCII bytes by class; WORD_SEEN_WIDE for bytes that need decoding. */
static const uint8_t byte_class[256] = {
    ['0' ... '9'] = WORD_SEEN_DIGIT,
    ['A' ... 'Z'] = WORD_SEEN_LETTER,
    ['a' ... 'z'] = WORD_SEEN_LETTER,
    [0x80 ... 0xFF] = WORD_SEEN_WIDE,
};

/* A longer word is cut before the character that would exceed what a word can hold. */
static uint16_t length_cut(struct view folded, size_t from, size_t to)
{
    if (to - from > LONGEST) {
        to = from + LONGEST;
        while (((unsigned char)folded.p[to] & 0xC0) == 0x80)
            to--;
    }
    return (uint16_t)(to - from);
}

/* The end of the word that starts at i with seen; *seen gathers what it is made of. */
static size_t word_end(struct view folded, size_t i, unsigned *seen)
{
    const unsigned char *s = (const unsigned char *)folded.p;
    for (;;) {
        unsigned class = 0, any = 0;
        while (i < folded.n && (class = byte_class[s[i]]) != 0 && class != WORD_SEEN_WIDE) {
            any |= class;
            i++;
        }
        *seen |= any;
        if (i >= folded.n || class != WORD_SEEN_WIDE)
            return i;
        uint32_t cp;
        size_t took = fold_decode(folded.p + i, folded.n - i, &cp);
        enum fold_class is = fold_class(fold_find(cp));
        if (is == FOLD_OTHER || is == FOLD_CJK)
            return i;
        *seen |=
            is == FOLD_DIGIT ? WORD_SEEN_WIDE | WORD_SEEN_DIGIT : WORD_SEEN_WIDE | WORD_SEEN_LETTER;
        i += took;
    }
}

uint32_t split_some(struct view folded, size_t *at, struct word *out, uint32_t max)
{
    const unsigned char *s = (const unsigned char *)folded.p;
    size_t i = *at;
    uint32_t n = 0;
    while (n < max) {
        while (i < folded.n && byte_class[s[i]] == 0)
            i++;
        if (i >= folded.n)
            break;
        size_t from = i;
        unsigned seen = 0;
        if (s[i] >= 0x80) {
            uint32_t cp;
            size_t took = fold_decode(folded.p + i, folded.n - i, &cp);
            enum fold_class is = fold_class(fold_find(cp));
            i += took;
            if (is == FOLD_OTHER || is == FOLD_MARK)
                continue;
            if (is == FOLD_CJK) {
                out[n++] = (struct word){.from = (uint32_t)from,
                                         .length = (uint16_t)took,
                                         .flags = WORD_CJK | WORD_SEEN_WIDE | WORD_SEEN_LETTER};
                continue;
            }
            i = from;
        }
        i = word_end(folded, i, &seen);
        out[n++] = (struct word){
            .from = (uint32_t)from, .length = length_cut(folded, from, i), .flags = (uint8_t)seen};
    }
    *at = i;
    return n;
}

uint32_t text_split(struct view folded, struct word *out, uint32_t max)
{
    size_t at = 0;
    uint32_t n = split_some(folded, &at, out, max), more;
    for (uint32_t i = 0; i < n; i++)
        out[i].flags &= WORD_CJK;
    do {
        struct word rest[64]; /* counted only */
        more = split_some(folded, &at, rest, sizeof rest / sizeof rest[0]);
        n += more;
    } while (more > 0);
    return n;
}
