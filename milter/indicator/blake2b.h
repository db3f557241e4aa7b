/*
 * blake2b (RFC 7693) without a key, which nettle does not have; Polkadot and Nano check their
 * addresses with it. Private to the room.
 */
#ifndef INDICATOR_BLAKE2B_H
#define INDICATOR_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#define BLAKE2B_LONGEST 64

/* digest: 1 to BLAKE2B_LONGEST bytes. */
void blake2b(const uint8_t *p, size_t n, uint8_t *digest, size_t digest_bytes);

#endif
