/*
 * Onion services, version 3 (rend-spec-v3): 56 letters of base32 for a key, two bytes of SHA3-256
 * and the version. Version 2 is dead since 2021 and had no checksum.
 */
#include "indicator/address.h"
#include "indicator/base32.h"

#include <nettle/sha3.h>

#define KEY           32
#define BYTES         35
#define LETTERS       56
#define ONION_VERSION 3

static const char *check(struct view address, bool *testnet)
{
    static const uint8_t salt[] = ".onion checksum";
    uint8_t bytes[BYTES];
    uint8_t digest[SHA3_256_DIGEST_SIZE];
    struct sha3_256_ctx sha;

    *testnet = false;
    if (base32_decode(address, bytes, sizeof bytes) != BYTES || bytes[BYTES - 1] != ONION_VERSION)
        return NULL;
    sha3_256_init(&sha);
    sha3_256_update(&sha, sizeof salt - 1, salt);
    sha3_256_update(&sha, KEY, bytes);
    sha3_256_update(&sha, 1, bytes + BYTES - 1);
    sha3_256_digest(&sha, sizeof digest, digest);
    return digest[0] == bytes[KEY] && digest[1] == bytes[KEY + 1] ? "v3" : NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE32,
     "abcdefghijklmnopqrstuvwxyz234567ABCDEFGHIJKLMNOPQRSTUVWXYZ",
     LETTERS,
     LETTERS,
     false,
     {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family onion_family = {
    .shapes = shapes, .check = check, .suffix = ".onion", .anywhere = true};
