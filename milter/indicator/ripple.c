/*
 * XRP: base58check over its own order of the letters; classic "r..." and X-addresses (with the
 * destination tag inside).
 */
#include "indicator/address.h"
#include "indicator/base58.h"

#include <string.h>

#define CLASSIC_BYTES 21
#define X_BYTES       31
#define LONGEST       47

/* The letters by value, theirs and Bitcoin's. */
static const char ripple_letters[] = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
static const char bitcoin_letters[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

static const char *x_form(const uint8_t *bytes, bool *testnet)
{
    bool main = bytes[0] == 0x05 && bytes[1] == 0x44;
    bool test = bytes[0] == 0x04 && bytes[1] == 0x93;
    uint8_t tag = 0;

    for (size_t i = 23; i < X_BYTES; i++)
        tag |= bytes[i];
    uint8_t high = (uint8_t)(bytes[27] | bytes[28] | bytes[29] | bytes[30]);
    /* Flag 0: no tag, so none may be given; 1: one of 32 bits; 2: reserved for 64 bits. */
    if ((!main && !test) || bytes[22] > 2 || (bytes[22] == 0 && tag != 0) ||
        (bytes[22] == 1 && high != 0))
        return NULL;
    *testnet = test;
    return "x-address";
}

static const char *check(struct view address, bool *testnet)
{
    char translated[LONGEST];
    uint8_t bytes[X_BYTES];

    *testnet = false;
    if (address.n == 0 || address.n > LONGEST)
        return NULL;
    for (size_t i = 0; i < address.n; i++) {
        const char *p = memchr(ripple_letters, address.p[i], sizeof ripple_letters - 1);
        if (p == NULL)
            return NULL;
        translated[i] = bitcoin_letters[p - ripple_letters];
    }
    int n = base58check_decode((struct view){translated, address.n}, bytes, sizeof bytes);
    if (n == X_BYTES && address.n == LONGEST)
        return x_form(bytes, testnet);
    return n == CLASSIC_BYTES && bytes[0] == 0 && address.p[0] == 'r' ? "classic" : NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "r", 25, 35, true, {0, 0}},
    {ADDRESS_BASE58, "XT", LONGEST, LONGEST, true, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family ripple_family = {
    .shapes = shapes, .check = check, .scheme = "ripple", .currency = "XRP"};
