/*
 * Solana: base58 of 32 bytes and nothing else, no checksum. Counts only beside a word that names
 * the coin or a token on it.
 */
#include "indicator/address.h"
#include "indicator/base58.h"

static const char *check(struct view address, bool *testnet)
{
    uint8_t bytes[32];

    *testnet = false;
    /* One letter over and over is a line, not a key. */
    return address_is_coded(address) &&
                   base58_decode(address, bytes, sizeof bytes) == (int)sizeof bytes
               ? "unchecked"
               : NULL;
}

static const char *const words[] = {"solana", "sol", "usdt",    "usdc",
                                    "tether", "spl", "phantom", NULL};

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58,
     "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
     32,
     44,
     false,
     {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family solana_family = {
    .shapes = shapes, .check = check, .scheme = "solana", .currency = "SOL", .words = words};
