/* Keccak-256 as Ethereum and Monero use it: the padding of the competition, not of SHA-3. */
#ifndef INDICATOR_KECCAK_H
#define INDICATOR_KECCAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KECCAK_BYTES 32

void keccak256(const uint8_t *p, size_t n, uint8_t digest[KECCAK_BYTES]);

#endif
