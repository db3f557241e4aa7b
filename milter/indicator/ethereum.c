/*
 * Ethereum and its like (BNB chain, Polygon, ERC-20 tokens): "0x" and 40 hex digits. The case of
 * the letters may carry a checksum (EIP-55); in one case only there is none ("unchecked").
 */
#include "indicator/address.h"
#include "indicator/keccak.h"

#define DIGITS 40

static const char *check(struct view address, bool *testnet)
{
    uint8_t lower[DIGITS];
    uint8_t digest[KECCAK_BYTES];
    bool small = false, capital = false, matches = true;

    *testnet = false;
    if (address.n != 2 + DIGITS || address.p[0] != '0' || address.p[1] != 'x')
        return NULL;
    for (size_t i = 0; i < DIGITS; i++) {
        unsigned char c = (unsigned char)address.p[2 + i];
        lower[i] = ascii_lower(c);
        if (!ascii_is_digit(c) && (lower[i] < 'a' || lower[i] > 'f'))
            return NULL;
        small |= c >= 'a';
        capital |= c >= 'A' && c <= 'F';
    }
    keccak256(lower, DIGITS, digest);
    for (size_t i = 0; i < DIGITS; i++) {
        bool high = (digest[i / 2] >> (i % 2 == 0 ? 7 : 3) & 1) != 0;
        unsigned char c = (unsigned char)address.p[2 + i];
        if (ascii_is_alpha(c) && high != (c < 'a'))
            matches = false;
    }
    if (small && capital)
        return matches ? "eip55" : NULL;
    return "unchecked";
}

/* The checksum is worth one bit a letter: too little to put pieces together by it. */
static const struct address_shape shapes[] = {
    {ADDRESS_HEX, "0x", 42, 42, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family ethereum_family = {
    .shapes = shapes, .check = check, .scheme = "ethereum", .currency = "ETH"};
