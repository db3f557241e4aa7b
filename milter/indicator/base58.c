#include "indicator/base58.h"

#include <nettle/sha2.h>
#include <string.h>

#define CHECKSUM 4
#define PAYLOAD  21 /* version and hash */

/* clang-format off */
static const int8_t letter_value[128] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1,  0,  1,  2,  3,  4,  5,  6,  7,  8, -1, -1, -1, -1, -1, -1,
    -1,  9, 10, 11, 12, 13, 14, 15, 16, -1, 17, 18, 19, 20, 21, -1,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, -1, -1, -1, -1, -1,
    -1, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, -1, 44, 45, 46,
    47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, -1, -1, -1, -1, -1,
};
/* clang-format on */

int base58_letter_value(unsigned char c)
{
    return c < 128 ? letter_value[c] : -1;
}

bool base58_is_letter(unsigned char c)
{
    return base58_letter_value(c) >= 0;
}

/* limbs = limbs * factor + carry; least significant limb first. */
static size_t limbs_multiply_add(uint32_t *limbs, size_t n, uint32_t factor, uint32_t carry)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t wide = (uint64_t)limbs[i] * factor + carry;
        limbs[i] = (uint32_t)wide;
        carry = (uint32_t)(wide >> 32);
    }
    if (carry != 0)
        limbs[n++] = carry;
    return n;
}

int base58_decode(struct view text, uint8_t *out, size_t max)
{
    uint32_t limbs[BASE58_LONGEST * 6 / 32 + 2];
    size_t n_limbs = 0;
    size_t zeros = 0;

    if (text.n == 0 || text.n > BASE58_LONGEST)
        return -1;
    while (zeros < text.n && text.p[zeros] == '1')
        zeros++;
    for (size_t i = zeros; i < text.n;) {
        uint32_t chunk = 0;
        uint32_t factor = 1;
        /* 58^5 still fits 32 bits: a fifth of the big multiplications. */
        for (int k = 0; k < 5 && i < text.n; k++, i++) {
            int value = base58_letter_value((unsigned char)text.p[i]);
            if (value < 0)
                return -1;
            chunk = chunk * 58 + (uint32_t)value;
            factor *= 58;
        }
        n_limbs = limbs_multiply_add(limbs, n_limbs, factor, chunk);
    }

    size_t bytes = n_limbs * 4;
    while (bytes > 0 && (uint8_t)(limbs[(bytes - 1) / 4] >> ((bytes - 1) % 4 * 8)) == 0)
        bytes--;
    if (zeros + bytes > max)
        return -1;
    memset(out, 0, zeros);
    for (size_t i = 0; i < bytes; i++) {
        size_t from = bytes - 1 - i;
        out[zeros + i] = (uint8_t)(limbs[from / 4] >> (from % 4 * 8));
    }
    return (int)(zeros + bytes);
}

static bool checksum_fits(const uint8_t *bytes, size_t n)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx sha;

    sha256_init(&sha);
    sha256_update(&sha, n, bytes);
    sha256_digest(&sha, sizeof digest, digest);
    sha256_update(&sha, sizeof digest, digest);
    sha256_digest(&sha, sizeof digest, digest);
    return memcmp(digest, bytes + n, CHECKSUM) == 0;
}

int base58check_decode(struct view text, uint8_t *out, size_t max)
{
    uint8_t bytes[BASE58_LONGEST];
    int decoded = base58_decode(text, bytes, sizeof bytes);

    if (decoded <= CHECKSUM || (size_t)decoded - CHECKSUM > max)
        return -1;
    size_t n = (size_t)decoded - CHECKSUM;
    if (!checksum_fits(bytes, n))
        return -1;
    memcpy(out, bytes, n);
    return (int)n;
}

const char *base58_version_form(struct view address, const struct base58_version *rows,
                                bool *testnet)
{
    uint8_t bytes[BASE58_LONGEST];

    if (base58_decode(address, bytes, sizeof bytes) != PAYLOAD + CHECKSUM)
        return NULL;
    /* The hash costs most of all, so it comes last. */
    while (rows->form != NULL && rows->version != bytes[0])
        rows++;
    if (rows->form == NULL || !checksum_fits(bytes, PAYLOAD))
        return NULL;
    *testnet = rows->testnet;
    return rows->form;
}
