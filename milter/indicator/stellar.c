/*
 * Stellar (SEP-23): base32 of a version byte, a payload and its CRC-16, low byte first. Seeds
 * ("S...") are secrets and never reported.
 */
#include "indicator/address.h"
#include "indicator/base32.h"
#include "indicator/crc.h"

#define BYTES_LONGEST 103 /* a key, a length, 64 bytes of payload, version and sum */

/* A key, then a length and as many bytes, filled up with zeros to a multiple of four. */
static bool payload_fits(const uint8_t *p, size_t n)
{
    size_t length;

    if (n < 32 + 4 + 4)
        return false;
    length = (size_t)p[32] << 24 | (size_t)p[33] << 16 | (size_t)p[34] << 8 | p[35];
    if (length == 0 || length > 64 || n != 36 + (length + 3) / 4 * 4)
        return false;
    for (size_t i = 36 + length; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static const char *check(struct view address, bool *testnet)
{
    static const struct {
        uint8_t letter; /* the version's upper five bits */
        uint8_t bytes;  /* of the payload; 0: see payload_fits */
        const char *form;
    } rows[] = {
        {'G', 32, "account"},           {'M', 40, "muxed"},
        {'C', 32, "contract"},          {'L', 32, "liquidity-pool"},
        {'B', 33, "claimable-balance"}, {'P', 0, "signed-payload"},
    };
    uint8_t bytes[BYTES_LONGEST];

    *testnet = false;
    for (size_t i = 0; i < address.n; i++)
        if (address.p[i] >= 'a' && address.p[i] <= 'z')
            return NULL;
    int n = base32_decode(address, bytes, sizeof bytes);
    if (n < 3 + 32 || (bytes[0] & 7) != 0)
        return NULL;
    size_t payload = (size_t)n - 3;
    if (crc16_xmodem(bytes, payload + 1) != (bytes[n - 2] | bytes[n - 1] << 8))
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].letter != (unsigned char)address.p[0])
            continue;
        if (rows[i].bytes != 0 ? payload != rows[i].bytes : !payload_fits(bytes + 1, payload))
            return NULL;
        /* The only kind of claimable balance there is. */
        return rows[i].letter == 'B' && bytes[1] != 0 ? NULL : rows[i].form;
    }
    return NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE32, "G", 56, 56, true, {56, 56}},
    {ADDRESS_BASE32, "M", 69, 69, true, {69, 69}},
    {ADDRESS_BASE32, "BCLP", 56, 165, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family stellar_family = {
    .shapes = shapes, .check = check, .scheme = "web+stellar", .currency = "XLM"};
