#include "text/split.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

enum { BLOCK = 64 };

/* A bit per byte of a block. */
struct block {
    uint64_t letters, digits;
};

#ifdef __SSE2__
/* False when a byte is not ASCII. */
static bool block_read(const char *p, struct block *b)
{
    *b = (struct block){0};
    for (unsigned part = 0; part < BLOCK; part += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + part));
        __m128i lower = _mm_or_si128(x, _mm_set1_epi8(0x20));
        __m128i letter = _mm_cmplt_epi8(_mm_add_epi8(lower, _mm_set1_epi8((char)(0x80 - 'a'))),
                                        _mm_set1_epi8((char)(0x80 + 26)));
        __m128i digit = _mm_cmplt_epi8(_mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - '0'))),
                                       _mm_set1_epi8((char)(0x80 + 10)));
        if (_mm_movemask_epi8(x) != 0)
            return false;
        b->letters |= (uint64_t)(unsigned)_mm_movemask_epi8(letter) << part;
        b->digits |= (uint64_t)(unsigned)_mm_movemask_epi8(digit) << part;
    }
    return true;
}
#else
static bool block_read(const char *p, struct block *b)
{
    (void)p, (void)b; /* byte by byte is quick enough elsewhere */
    return false;
}
#endif

/* What bytes [from, to) of a block are made of; from < to. */
static unsigned block_seen(const struct block *b, unsigned from, unsigned to)
{
    uint64_t own = (UINT64_MAX << from) & (UINT64_MAX >> (BLOCK - to));
    return ((b->letters & own) != 0 ? (unsigned)WORD_SEEN_LETTER : 0u) |
           ((b->digits & own) != 0 ? (unsigned)WORD_SEEN_DIGIT : 0u);
}

static unsigned edge_next(uint64_t *edges)
{
    unsigned at = (unsigned)__builtin_ctzll(*edges);
    *edges &= *edges - 1;
    return at;
}

/*
 * Blocks of ASCII from *at on, which stands between words: the edges of words are found 64 bytes at
 * once, because loops over bytes mispredict the end of every word. Stops before a block that is not
 * ASCII, or a word that does not end in what was read.
 */
static uint32_t split_blocks(struct view folded, size_t *at, struct word *out, uint32_t max)
{
    size_t i = *at, open = SIZE_MAX;
    uint32_t n = 0;
    unsigned seen = 0; /* in the open word */
    struct block b;
    for (; folded.n - i >= BLOCK && max - n > BLOCK / 2 && block_read(folded.p + i, &b);
         i += BLOCK) {
        uint64_t words = b.letters | b.digits;
        uint64_t edges = words ^ (words << 1 | (open != SIZE_MAX));
        if (open != SIZE_MAX) {
            unsigned to = edges != 0 ? edge_next(&edges) : BLOCK;
            seen |= to > 0 ? block_seen(&b, 0, to) : 0;
            if (to == BLOCK)
                continue;
            out[n++] = (struct word){.from = (uint32_t)open,
                                     .length = length_cut(folded, open, i + to),
                                     .flags = (uint8_t)seen};
            open = SIZE_MAX;
        }
        while (edges != 0) {
            unsigned from = edge_next(&edges);
            if (edges == 0) {
                open = i + from;
                seen = block_seen(&b, from, BLOCK);
                break;
            }
            unsigned to = edge_next(&edges);
            out[n++] = (struct word){
                .from = (uint32_t)(i + from),
                .length = (uint16_t)(to - from),
                .flags = (uint8_t)(b.digits == 0 ? WORD_SEEN_LETTER : block_seen(&b, from, to))};
        }
    }
    *at = open != SIZE_MAX ? open : i;
    return n;
}

uint32_t split_some(struct view folded, size_t *at, struct word *out, uint32_t max)
{
    const unsigned char *s = (const unsigned char *)folded.p;
    size_t i = *at;
    uint32_t n = 0;
    while (n < max) {
        n += split_blocks(folded, &i, out + n, max - n);
        if (n == max)
            break;
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
