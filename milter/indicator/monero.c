/*
 * Monero: base58 in blocks of eleven letters for eight bytes, the last four bytes Keccak-256 of the
 * rest. 95 letters, or 106 with a payment id inside.
 */
#include "indicator/address.h"
#include "indicator/base58.h"
#include "indicator/keccak.h"

#include <string.h>

#define BLOCK_LETTERS 11
#define BLOCK_BYTES   8
#define CHECKSUM      4
#define BYTES_LONGEST 80

/* One block, big-endian in exactly n bytes; false when it does not fit. */
static bool decode_block(struct view letters, uint8_t *out, size_t n)
{
    uint64_t value = 0;

    for (size_t i = 0; i < letters.n; i++) {
        int letter = base58_letter_value((unsigned char)letters.p[i]);
        if (letter < 0 || value > (UINT64_MAX - (uint64_t)letter) / 58)
            return false;
        value = value * 58 + (uint64_t)letter;
    }
    if (n < 8 && value >> 8 * n != 0)
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(value >> 8 * (n - 1 - i));
    return true;
}

static int decode(struct view text, uint8_t *out)
{
    /* Both lengths end in a block of seven letters for five bytes. */
    size_t n = 0;

    for (size_t at = 0; at < text.n; at += BLOCK_LETTERS) {
        struct view block = view_sub(text, at, at + BLOCK_LETTERS);
        size_t bytes = block.n == BLOCK_LETTERS ? BLOCK_BYTES : 5;
        if (n + bytes > BYTES_LONGEST || !decode_block(block, out + n, bytes))
            return -1;
        n += bytes;
    }
    return (int)n;
}

static const char *check(struct view address, bool *testnet)
{
    static const struct {
        uint8_t version;
        uint8_t letters;
        bool testnet;
        const char *form;
    } rows[] = {
        {18, 95, false, "standard"}, {42, 95, false, "subaddress"}, {19, 106, false, "integrated"},
        {24, 95, true, "standard"},  {36, 95, true, "subaddress"},  {25, 106, true, "integrated"},
        {53, 95, true, "standard"},  {63, 95, true, "subaddress"},  {54, 106, true, "integrated"},
    };
    uint8_t bytes[BYTES_LONGEST];
    uint8_t digest[KECCAK_BYTES];

    *testnet = false;
    if (address.n != 95 && address.n != 106)
        return NULL;
    int n = decode(address, bytes);
    if (n <= CHECKSUM)
        return NULL;
    keccak256(bytes, (size_t)n - CHECKSUM, digest);
    if (memcmp(digest, bytes + n - CHECKSUM, CHECKSUM) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].version != bytes[0] || rows[i].letters != address.n)
            continue;
        *testnet = rows[i].testnet;
        return rows[i].form;
    }
    return NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "48", 95, 106, true, {95, 106}},
    {ADDRESS_BASE58, "579AB", 95, 106, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family monero_family = {
    .shapes = shapes, .check = check, .scheme = "monero", .currency = "XMR"};
