/*
 * Polkadot and its relatives (SS58): base58 of a network number, a key and two bytes of
 * BLAKE2b-512("SS58PRE" and all before). Two bytes are few: nothing is put together from pieces.
 */
#include "indicator/address.h"
#include "indicator/base58.h"
#include "indicator/blake2b.h"

#include <string.h>

#define KEY      32
#define CHECKSUM 2

static const char *check(struct view address, bool *testnet)
{
    static const char salt[] = "SS58PRE";
    uint8_t bytes[sizeof salt - 1 + 2 + KEY + CHECKSUM];
    uint8_t *p = bytes + sizeof salt - 1;
    uint8_t digest[BLAKE2B_LONGEST];

    *testnet = false;
    int n = base58_decode(address, p, 2 + KEY + CHECKSUM);
    /* Numbers from 64 on take two bytes. */
    if (n < 1 + KEY + CHECKSUM || n != (p[0] < 64 ? 1 : 2) + KEY + CHECKSUM || p[0] > 127)
        return NULL;
    memcpy(bytes, salt, sizeof salt - 1);
    blake2b(bytes, sizeof salt - 1 + (size_t)n - CHECKSUM, digest, sizeof digest);
    if (memcmp(digest, p + n - CHECKSUM, CHECKSUM) != 0)
        return NULL;
    return p[0] == 0 ? "polkadot" : p[0] == 2 ? "kusama" : "substrate";
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58,
     "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
     46,
     50,
     false,
     {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family polkadot_family = {
    .shapes = shapes, .check = check, .scheme = "polkadot", .currency = "DOT"};
