#include "indicator/keccak.h"

#include <nettle/sha3.h>
#include <string.h>

#define RATE 136

void keccak256(const uint8_t *p, size_t n, uint8_t digest[KECCAK_BYTES])
{
    struct sha3_state state = {{0}};
    uint8_t last[RATE] = {0};
    bool done = false;

    while (!done) {
        const uint8_t *block = p;
        if (n < RATE) {
            if (n > 0)
                memcpy(last, p, n);
            last[n] ^= 0x01; /* SHA-3 has 0x06 here, and that is why nettle's own hash won't do */
            last[RATE - 1] ^= 0x80;
            block = last;
            done = true;
        } else {
            p += RATE;
            n -= RATE;
        }
        for (size_t i = 0; i < RATE; i++)
            state.a[i / 8] ^= (uint64_t)block[i] << 8 * (i % 8);
        sha3_permute(&state);
    }
    for (size_t i = 0; i < KECCAK_BYTES; i++)
        digest[i] = (uint8_t)(state.a[i / 8] >> 8 * (i % 8));
}
