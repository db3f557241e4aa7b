/*
 * Runs of bytes in HTML text, sixteen at a time where the processor can: half of a newsletter is
 * indentation. Private to room text.
 */
#ifndef TEXT_HTML_SCAN_H
#define TEXT_HTML_SCAN_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/base.h"

/* What the reader does with each byte of text. */
enum text_byte { TEXT_PLAIN, TEXT_BLANK, TEXT_MARKUP, TEXT_REFERENCE, TEXT_NUL };

static const uint8_t text_bytes[256] = {
    ['\t'] = TEXT_BLANK, ['\n'] = TEXT_BLANK, ['\f'] = TEXT_BLANK,    ['\r'] = TEXT_BLANK,
    [' '] = TEXT_BLANK,  ['<'] = TEXT_MARKUP, ['&'] = TEXT_REFERENCE, ['\0'] = TEXT_NUL,
};

static inline enum text_byte text_byte(char c)
{
    return (enum text_byte)text_bytes[(unsigned char)c];
}

/* Where white space from i on ends. */
static inline size_t blanks_end(struct view html, size_t i, size_t end)
{
#ifdef __SSE2__
    while (end - i >= 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(html.p + i));
        __m128i blank =
            _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(' ')),
                         _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('\n')),
                                      _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('\t')),
                                                   _mm_cmpeq_epi8(x, _mm_set1_epi8('\r')))));
        unsigned other = (unsigned)_mm_movemask_epi8(blank) ^ 0xFFFF;
        if (other != 0) {
            i += (unsigned)__builtin_ctz(other);
            break;
        }
        i += 16;
    }
#endif
    while (i < end && text_byte(html.p[i]) == TEXT_BLANK)
        i++;
    return i;
}

/* Where text from i on needs attention: single blanks between plain bytes need none. */
static inline size_t plain_end(struct view html, size_t i, size_t end)
{
    size_t from = i;
    for (;;) {
#ifdef __SSE2__
        while (end - i >= 16) {
            __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(html.p + i));
            __m128i low = _mm_cmpeq_epi8(_mm_max_epu8(x, _mm_set1_epi8(' ')), _mm_set1_epi8(' '));
            __m128i sign = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('<')),
                                        _mm_cmpeq_epi8(x, _mm_set1_epi8('&')));
            unsigned special = (unsigned)_mm_movemask_epi8(_mm_or_si128(low, sign));
            unsigned blank = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8(' ')));
            unsigned single = blank & ~(special >> 1) & 0x7FFF;
            single &= i > from || (blank & 1) == 0 ? 0xFFFFu : 0xFFFEu;
            special &= ~single;
            if (special != 0) {
                i += (unsigned)__builtin_ctz(special);
                break;
            }
            i += 16;
        }
#endif
        while (i < end && text_byte(html.p[i]) == TEXT_PLAIN)
            i++;
        if (i + 1 >= end || html.p[i] != ' ' || i == from || text_byte(html.p[i + 1]) != TEXT_PLAIN)
            return i;
        i += 2;
    }
}

#endif
