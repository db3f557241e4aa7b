/*
 * Bitcoin Cash and eCash: cashaddr, "q" or "p" and more letters of bech32 with a 40-bit checksum
 * that covers the network's name, whether that is written or not. The legacy form is Bitcoin's own.
 */
#include "indicator/address.h"
#include "indicator/bech32.h"

#include <string.h>

#define CHECKSUM 8
#define LONGEST  112

static uint64_t polymod_step(uint64_t check, uint8_t value)
{
    static const uint64_t generator[5] = {0x98f2bc8e61, 0x79b76d99e2, 0xf33e5fb3c4, 0xae2eabe2a8,
                                          0x1e4f43e470};
    uint64_t top = check >> 35;

    check = (check & 0x07ffffffff) << 5 ^ value;
    for (int i = 0; i < 5; i++)
        check ^= (top >> i & 1) != 0 ? generator[i] : 0;
    return check;
}

static bool checksum_fits(const char *prefix, const uint8_t *five, size_t n)
{
    uint64_t check = 1;

    for (const char *p = prefix; *p != '\0'; p++)
        check = polymod_step(check, (uint8_t)*p & 31);
    check = polymod_step(check, 0);
    for (size_t i = 0; i < n; i++)
        check = polymod_step(check, five[i]);
    return check == 1;
}

static const char *check(struct view address, bool *testnet)
{
    static const struct {
        const char *prefix;
        bool testnet;
    } rows[] = {{"bitcoincash", false}, {"ecash", false}, {"bchtest", true}, {"bchreg", true}};
    static const uint8_t hash_bytes[8] = {20, 24, 28, 32, 40, 48, 56, 64};
    uint8_t five[LONGEST];
    uint8_t bytes[LONGEST];
    bool small = false, capital = false;

    *testnet = false;
    if (address.n <= CHECKSUM || address.n > LONGEST)
        return NULL;
    for (size_t i = 0; i < address.n; i++) {
        unsigned char c = (unsigned char)address.p[i];
        int value = bech32_letter_value(ascii_lower(c));
        if (value < 0)
            return NULL;
        small |= c >= 'a';
        capital |= c >= 'A' && c <= 'Z';
        five[i] = (uint8_t)value;
    }
    if (small && capital)
        return NULL;
    int n = bech32_bytes(five, address.n - CHECKSUM, bytes, sizeof bytes);
    /* The version byte: a zero bit, the type, the size of the hash. */
    if (n < 2 || bytes[0] >> 3 > 1 || n != 1 + hash_bytes[bytes[0] & 7])
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!checksum_fits(rows[i].prefix, five, address.n))
            continue;
        *testnet = rows[i].testnet;
        return bytes[0] >> 3 == 0 ? "p2pkh" : "p2sh";
    }
    return NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BECH32, "q", 42, LONGEST, true, {42, 42}},
    {ADDRESS_BECH32, "p", 42, LONGEST, true, {42, 42}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family bitcoin_cash_family = {
    .shapes = shapes, .check = check, .scheme = "bitcoincash", .currency = "BCH"};
