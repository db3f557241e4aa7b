/* UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/view.h"

#define UTF8_REPLACEMENT 0xFFFDu

/*
 * Decodes one code point at p (n > 0 bytes left). Returns the bytes it took, 1 to 4; an invalid
 * sequence yields U+FFFD and takes the longest invalid prefix, at least one byte.
 */
size_t utf8_decode(const char *p, size_t n, uint32_t *cp);
/* Writes 1 to 4 bytes; a value that is no scalar is written as U+FFFD. */
size_t utf8_encode(uint32_t cp, char out[4]);
bool utf8_valid(struct view v);
/* Bytes at the front that are ASCII. */
size_t utf8_ascii_prefix(struct view v);

#endif
