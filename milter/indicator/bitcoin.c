/* Bitcoin addresses: base58check (P2PKH, P2SH), segwit (BIP-173, 350), silent payments (BIP-352).
 */
#include "indicator/address.h"
#include "indicator/base58.h"
#include "indicator/bech32.h"
#include "indicator/indicator.h"

#include <string.h>

/* Two compressed keys and a version; later versions may append. */
#define SILENT_BYTES 66

static const struct base58_version versions[] = {{0x00, "p2pkh", false},
                                                 {0x05, "p2sh", false},
                                                 {0x6f, "p2pkh", true},
                                                 {0xc4, "p2sh", true},
                                                 {0, NULL, false}};

static const char *segwit_form(const struct bech32 *b)
{
    uint8_t program[40];
    int n;

    if (b->n == 0 || b->data[0] > 16)
        return NULL;
    /* BIP-350: the constant must fit the version, or a one-letter insertion could pass. */
    if (b->variant != (b->data[0] == 0 ? BECH32_PLAIN : BECH32_M))
        return NULL;
    n = bech32_bytes(b->data + 1, (size_t)b->n - 1, program, sizeof program);
    if (n < 2)
        return NULL;
    if (b->data[0] == 0)
        return n == 20 ? "p2wpkh" : n == 32 ? "p2wsh" : NULL;
    return b->data[0] == 1 && n == 32 ? "p2tr" : "segwit";
}

static const char *silent_form(const struct bech32 *b)
{
    uint8_t keys[BECH32_LONGEST];

    /* Version 31 is reserved for a break in the format. */
    if (b->variant != BECH32_M || b->n == 0 || b->data[0] == 31)
        return NULL;
    int n = bech32_bytes(b->data + 1, (size_t)b->n - 1, keys, sizeof keys);
    if (b->data[0] == 0 ? n != SILENT_BYTES : n < SILENT_BYTES)
        return NULL;
    return "silent-payment";
}

static const char *bech32_form(struct view address, bool *testnet)
{
    static const struct {
        const char *prefix;
        size_t longest;
        bool testnet, silent;
    } rows[] = {
        {"bc", 90, false, false},
        {"tb", 90, true, false},
        {"bcrt", 90, true, false},
        {"sp", BECH32_LONGEST, false, true},
        {"tsp", BECH32_LONGEST, true, true},
    };
    struct bech32 b;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct view prefix = view_of(rows[i].prefix);
        if (!view_starts_nocase(address, prefix) || address.n <= prefix.n ||
            address.p[prefix.n] != '1')
            continue;
        if (!bech32_decode(address, rows[i].longest, &b) || strcmp(b.prefix, rows[i].prefix) != 0)
            return NULL;
        *testnet = rows[i].testnet;
        return rows[i].silent ? silent_form(&b) : segwit_form(&b);
    }
    return NULL;
}

const char *bitcoin_address_check(struct view address, bool *testnet)
{
    *testnet = false;
    if (address.n == 0)
        return NULL;
    if (strchr("13mn2", address.p[0]) != NULL && address.p[0] != '\0')
        return base58_version_form(address, versions, testnet);
    return bech32_form(address, testnet);
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "13", 26, 35, true, {0, 0}},
    {ADDRESS_BASE58, "mn2", 26, 35, false, {0, 0}},
    {ADDRESS_BECH32, "bc1", 14, 74, true, {42, 62}},
    {ADDRESS_BECH32, "tb1", 14, 74, false, {0, 0}},
    {ADDRESS_BECH32, "bcrt1", 16, 76, false, {0, 0}},
    {ADDRESS_BECH32, "sp1", 116, ADDRESS_LONGEST, true, {116, 116}},
    {ADDRESS_BECH32, "tsp1", 117, ADDRESS_LONGEST, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family bitcoin_family = {
    .shapes = shapes, .check = bitcoin_address_check, .scheme = "bitcoin", .currency = "BTC"};
