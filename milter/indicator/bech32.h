/*
 * bech32 (BIP-173) and bech32m (BIP-350): a lower- or upper-case prefix, '1', and five-bit letters
 * of which the last six are a checksum over both.
 */
#ifndef INDICATOR_BECH32_H
#define INDICATOR_BECH32_H

#include "base/base.h"

#define BECH32_LONGEST 1023 /* the code still detects errors up to here (BIP-352) */
#define BECH32_PREFIX  83

enum bech32_variant { BECH32_PLAIN = 1, BECH32_M = 0x2bc830a3 };

struct bech32 {
    enum bech32_variant variant;
    char prefix[BECH32_PREFIX + 1]; /* lower case, NUL-terminated */
    uint16_t n;
    uint8_t data[BECH32_LONGEST]; /* five bits each, without the checksum */
};

/* 0 to 31, or -1; lower case. */
int bech32_letter_value(unsigned char c);
/* A letter of the data part, lower case. */
bool bech32_is_letter(unsigned char c);
/* longest: 90 by BIP-173. False when it is not bech32 or the checksum is neither of the two. */
bool bech32_decode(struct view text, size_t longest, struct bech32 *out);
/* Five-bit groups to bytes; -1 when more than max, or when the padding is not 0 to 4 zero bits. */
int bech32_bytes(const uint8_t *five, size_t n, uint8_t *out, size_t max);

#endif
