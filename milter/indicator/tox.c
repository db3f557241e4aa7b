/*
 * Tox: 76 hex digits for a key, a number against spam and a sum: all pairs of bytes together are
 * zero.
 */
#include "indicator/address.h"

#define DIGITS 76

static const char *check(struct view address, bool *testnet)
{
    unsigned sums[2] = {0, 0};

    *testnet = false;
    for (size_t i = 0; i < address.n; i++) {
        unsigned char c = ascii_lower((unsigned char)address.p[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return NULL;
        unsigned value = ascii_is_digit(c) ? c - (unsigned)'0' : c - (unsigned)'a' + 10;
        sums[i / 2 % 2] ^= i % 2 == 0 ? value << 4 : value;
    }
    return sums[0] == 0 && sums[1] == 0 && address_is_coded(address) ? "id" : NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE64, "0123456789abcdefABCDEF", DIGITS, DIGITS, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family tox_family = {
    .shapes = shapes, .check = check, .scheme = "tox", .anywhere = true};
