/* Algorand: base32 of a public key and the last four bytes of its SHA-512/256. */
#include "indicator/address.h"
#include "indicator/base32.h"

#include <nettle/sha2.h>
#include <string.h>

#define KEY      32
#define CHECKSUM 4

static const char *check(struct view address, bool *testnet)
{
    uint8_t bytes[KEY + CHECKSUM];
    uint8_t digest[SHA512_256_DIGEST_SIZE];
    struct sha512_ctx sha;

    *testnet = false;
    for (size_t i = 0; i < address.n; i++)
        if (address.p[i] >= 'a' && address.p[i] <= 'z')
            return NULL;
    if (base32_decode(address, bytes, sizeof bytes) != (int)sizeof bytes)
        return NULL;
    sha512_256_init(&sha);
    sha512_256_update(&sha, KEY, bytes);
    sha512_256_digest(&sha, sizeof digest, digest);
    return memcmp(digest + sizeof digest - CHECKSUM, bytes + KEY, CHECKSUM) == 0 ? "account" : NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 58, 58, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family algorand_family = {
    .shapes = shapes, .check = check, .scheme = "algorand", .currency = "ALGO"};
