/*
 * base32 - RFC 4648 without padding, as Stellar, Algorand and onion services write it. Private to
 * the room.
 */
#ifndef INDICATOR_BASE32_H
#define INDICATOR_BASE32_H

#include "base/base.h"

/* 0 to 31, or -1; either case. */
int base32_letter_value(unsigned char c);
/*
 * Bytes written to out, or -1: a foreign letter, more than max bytes, a length that no bytes have,
 * or spare bits that are not zero.
 */
int base32_decode(struct view text, uint8_t *out, size_t max);

#endif
