/*
 * base58 and base58check, as Bitcoin and its relatives write addresses: big-endian base 58, each
 * leading zero byte a '1', the last four bytes the start of SHA-256(SHA-256(the rest)).
 */
#ifndef INDICATOR_BASE58_H
#define INDICATOR_BASE58_H

#include "base/base.h"

#define BASE58_LONGEST 128 /* characters; longer text is refused, so the cost stays bounded */

/* A letter of the alphabet: no 0, O, I and l. */
bool base58_is_letter(unsigned char c);
/* 0 to 57, or -1. */
int base58_letter_value(unsigned char c);
/* Bytes written to out, or -1: a foreign letter, too long, or more than max bytes. */
int base58_decode(struct view text, uint8_t *out, size_t max);
/* The same with the checksum verified and dropped; -1 also when it is wrong. */
int base58check_decode(struct view text, uint8_t *out, size_t max);

/* What the first byte of a 21-byte payload (version and hash) says. */
struct base58_version {
    uint8_t version;
    const char *form;
    bool testnet;
};
/* The form of an address by its version; rows end with form NULL. NULL when it is none of them. */
const char *base58_version_form(struct view address, const struct base58_version *rows,
                                bool *testnet);

#endif
