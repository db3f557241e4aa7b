/* Litecoin: "L" and "M" in base58check, "ltc1" in bech32. "3..." is Bitcoin's as well, and its. */
#include "indicator/address.h"
#include "indicator/base58.h"
#include "indicator/bech32.h"

#include <string.h>

static const char *check(struct view address, bool *testnet)
{
    static const struct base58_version versions[] = {
        {0x30, "p2pkh", false}, {0x32, "p2sh", false}, {0x3a, "p2sh", true}, {0, NULL, false}};
    struct bech32 b;
    uint8_t program[BECH32_LONGEST];

    *testnet = false;
    if (strchr("LMQ", address.p[0]) != NULL)
        return base58_version_form(address, versions, testnet);
    if (!bech32_decode(address, 128, &b) || b.n == 0)
        return NULL;
    int n = bech32_bytes(b.data + 1, b.n - 1u, program, sizeof program);
    if (strcmp(b.prefix, "ltcmweb") == 0)
        return n == 66 ? "mweb" : NULL;
    *testnet = strcmp(b.prefix, "tltc") == 0;
    if ((!*testnet && strcmp(b.prefix, "ltc") != 0) || b.data[0] > 16 || n < 2 || n > 40 ||
        b.variant != (b.data[0] == 0 ? BECH32_PLAIN : BECH32_M))
        return NULL;
    if (b.data[0] == 0)
        return n == 20 ? "p2wpkh" : n == 32 ? "p2wsh" : NULL;
    return b.data[0] == 1 && n == 32 ? "p2tr" : "segwit";
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "LM", 33, 34, true, {0, 0}},
    {ADDRESS_BASE58, "Q", 33, 34, false, {0, 0}},
    {ADDRESS_BECH32, "ltc1", 15, 75, true, {43, 63}},
    {ADDRESS_BECH32, "tltc1", 16, 76, false, {0, 0}},
    {ADDRESS_BECH32, "ltcmweb1", 117, 128, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family litecoin_family = {
    .shapes = shapes, .check = check, .scheme = "litecoin", .currency = "LTC"};
