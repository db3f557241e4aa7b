/*
 * Cardano. Shelley (CIP-19): bech32 "addr1", "stake1", "addr_test1", "stake_test1" of a header byte
 * and one or two hashes. Byron: base58 of CBOR [tag 24 (bytes), CRC-32 of them].
 */
#include "indicator/address.h"
#include "indicator/base58.h"
#include "indicator/bech32.h"
#include "indicator/crc.h"

#include <string.h>

#define HASH          28
#define POINTER       15 /* three numbers of up to five bytes */
#define SHELLEY_BYTES (1 + 2 * HASH)

static const char *shelley_form(struct view address, bool *testnet)
{
    struct bech32 b;
    uint8_t bytes[SHELLEY_BYTES];

    if (!bech32_decode(address, ADDRESS_LONGEST, &b) || b.variant != BECH32_PLAIN)
        return NULL;
    int n = bech32_bytes(b.data, b.n, bytes, sizeof bytes);
    if (n < 1 + HASH || (bytes[0] & 15) > 1)
        return NULL;
    *testnet = (bytes[0] & 15) == 0;
    unsigned type = bytes[0] >> 4;
    if (strcmp(b.prefix, *testnet ? "stake_test" : "stake") == 0)
        return type >= 14 && n == 1 + HASH ? "stake" : NULL;
    if (strcmp(b.prefix, *testnet ? "addr_test" : "addr") != 0)
        return NULL;
    if (type < 4)
        return n == SHELLEY_BYTES ? "shelley" : NULL;
    if (type < 6)
        return n >= 1 + HASH + 3 && n <= 1 + HASH + POINTER ? "shelley" : NULL;
    return type < 8 && n == 1 + HASH ? "shelley" : NULL;
}

static const char *byron_form(struct view address)
{
    uint8_t bytes[BASE58_LONGEST];
    int n = base58_decode(address, bytes, sizeof bytes);
    size_t at = 3;

    /* An array of two: tag 24 with a byte string, and a number of four bytes. */
    if (n < 30 || bytes[0] != 0x82 || bytes[1] != 0xd8 || bytes[2] != 0x18)
        return NULL;
    size_t length = bytes[at] & 0x1f;
    if (bytes[at] >> 5 != 2 || length > 24)
        return NULL;
    if (length == 24)
        length = bytes[++at];
    at++;
    if (at + length + 5 != (size_t)n || bytes[at + length] != 0x1a)
        return NULL;
    const uint8_t *sum = bytes + at + length + 1;
    uint32_t want =
        (uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 | (uint32_t)sum[2] << 8 | sum[3];
    return crc32_iso(bytes + at, length) == want ? "byron" : NULL;
}

static const char *check(struct view address, bool *testnet)
{
    *testnet = false;
    if (address.p[0] == 'a' || address.p[0] == 's' || address.p[0] == 'S' ||
        view_starts_nocase(address, VIEW("addr")))
        return shelley_form(address, testnet);
    return byron_form(address);
}

/* "addr_test1...": the sign cuts the prefix off. */
static const char *wide(struct address_wide *w)
{
    static const char *const prefixes[] = {"addr_", "stake_"};
    struct view before = view_sub(w->text, 0, w->from);

    if (!view_starts_nocase(w->token, VIEW("test1")) || w->token.n > 128)
        return NULL;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        struct view prefix = view_of(prefixes[i]);
        if (!view_ends_nocase(before, prefix))
            continue;
        w->from -= (uint32_t)prefix.n;
        memcpy(w->value, w->text.p + w->from, prefix.n);
        memcpy(w->value + prefix.n, w->token.p, w->token.n);
        w->n = prefix.n + w->token.n;
        return shelley_form((struct view){w->value, w->n}, &w->testnet);
    }
    return NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BECH32, "addr1", 58, 128, true, {58, 103}},
    {ADDRESS_BECH32, "stake1", 59, 59, true, {59, 59}},
    {ADDRESS_BASE58, "AD234", 50, BASE58_LONGEST, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family cardano_family = {
    .shapes = shapes, .check = check, .wide = wide, .scheme = "web+cardano", .currency = "ADA"};
