/*
 * BNB Beacon Chain (bech32, 20 bytes). The chain was closed in 2024; its addresses still stand in
 * letters. Addresses of the BNB Smart Chain are Ethereum's.
 */
#include "indicator/address.h"
#include "indicator/bech32.h"

#include <string.h>

static const char *check(struct view address, bool *testnet)
{
    struct bech32 b;
    uint8_t bytes[20];

    if (!bech32_decode(address, 90, &b) || b.variant != BECH32_PLAIN)
        return NULL;
    *testnet = strcmp(b.prefix, "tbnb") == 0;
    if (!*testnet && strcmp(b.prefix, "bnb") != 0)
        return NULL;
    return bech32_bytes(b.data, b.n, bytes, sizeof bytes) == (int)sizeof bytes ? "bep2" : NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BECH32, "bnb1", 42, 42, true, {42, 42}},
    {ADDRESS_BECH32, "tbnb1", 43, 43, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family binance_family = {
    .shapes = shapes, .check = check, .scheme = "bnb", .currency = "BNB"};
