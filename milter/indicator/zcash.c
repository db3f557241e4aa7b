/*
 * Zcash: "t1" and "t3" in base58check (two version bytes), Sapling "zs1" in bech32, "tex1"
 * (ZIP-320) and unified "u1" (ZIP-316) in bech32m. The inner F4Jumble of "u1" is not undone: the
 * bech32m checksum over its 60 letters and more is proof enough.
 */
#include "indicator/address.h"
#include "indicator/base58.h"
#include "indicator/bech32.h"

#include <string.h>

static const char *transparent_form(struct view address, bool *testnet)
{
    uint8_t bytes[22];

    if (base58check_decode(address, bytes, sizeof bytes) != (int)sizeof bytes)
        return NULL;
    unsigned version = (unsigned)bytes[0] << 8 | bytes[1];
    *testnet = version == 0x1cba || version == 0x1d25;
    if (version == 0x1cb8 || version == 0x1d25)
        return "p2pkh";
    return version == 0x1cbd || version == 0x1cba ? "p2sh" : NULL;
}

static const char *check(struct view address, bool *testnet)
{
    struct bech32 b;
    uint8_t bytes[BECH32_LONGEST];

    *testnet = false;
    if (address.n == 35 && address.p[0] == 't')
        return transparent_form(address, testnet);
    if (!bech32_decode(address, ADDRESS_LONGEST, &b))
        return NULL;
    int n = bech32_bytes(b.data, b.n, bytes, sizeof bytes);
    if (strcmp(b.prefix, "zs") == 0)
        return b.variant == BECH32_PLAIN && n == 43 ? "sapling" : NULL;
    if (strcmp(b.prefix, "tex") == 0)
        return b.variant == BECH32_M && n == 20 ? "tex" : NULL;
    return strcmp(b.prefix, "u") == 0 && b.variant == BECH32_M && n >= 40 ? "unified" : NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "t", 35, 35, true, {0, 0}},
    {ADDRESS_BECH32, "zs1", 78, 78, true, {78, 78}},
    {ADDRESS_BECH32, "tex1", 42, 42, true, {42, 42}},
    {ADDRESS_BECH32, "u1", 70, ADDRESS_LONGEST, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family zcash_family = {
    .shapes = shapes, .check = check, .scheme = "zcash", .currency = "ZEC"};
