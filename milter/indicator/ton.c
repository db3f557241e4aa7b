/*
 * TON (TEP-2): 48 letters of base64, plain or for URLs, with a tag, a workchain and a CRC-16; or
 * raw, "0:" and 64 hex digits, which has no checksum and counts only beside a word that names the
 * coin.
 */
#include "indicator/address.h"
#include "indicator/crc.h"

#include <string.h>

#define LETTERS    48
#define BYTES      36
#define HEX_DIGITS 64

/* '+' and '/' are told apart from '-' and '_' by the caller. */
static int letter_value(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (ascii_is_digit(c))
        return c - '0' + 52;
    return c == '-' || c == '+' ? 62 : c == '_' || c == '/' ? 63 : -1;
}

static bool is_url_letter(unsigned char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_';
}

static const char *friendly_form(struct view address, bool *testnet)
{
    uint8_t bytes[BYTES];
    bool url = false, plain = false;

    *testnet = false;
    if (address.n != LETTERS)
        return NULL;
    for (size_t i = 0; i < LETTERS; i += 4) {
        uint32_t quad = 0;
        for (size_t k = i; k < i + 4; k++) {
            int value = letter_value((unsigned char)address.p[k]);
            if (value < 0)
                return NULL;
            url |= address.p[k] == '-' || address.p[k] == '_';
            plain |= address.p[k] == '+' || address.p[k] == '/';
            quad = quad << 6 | (uint32_t)value;
        }
        bytes[i / 4 * 3] = (uint8_t)(quad >> 16);
        bytes[i / 4 * 3 + 1] = (uint8_t)(quad >> 8);
        bytes[i / 4 * 3 + 2] = (uint8_t)quad;
    }
    uint8_t tag = bytes[0] & 0x7f;
    if ((url && plain) || (tag != 0x11 && tag != 0x51) || (bytes[1] != 0 && bytes[1] != 0xff) ||
        crc16_xmodem(bytes, BYTES - 2) != (bytes[BYTES - 2] << 8 | bytes[BYTES - 1]))
        return NULL;
    *testnet = (bytes[0] & 0x80) != 0;
    return tag == 0x11 ? "bounceable" : "non-bounceable";
}

static const char *raw_form(struct address_wide *w)
{
    static const char *const chains[] = {"-1:", "0:"};
    struct view before = view_sub(w->text, 0, w->from);

    for (size_t i = 0; i < HEX_DIGITS; i++) {
        unsigned char c = ascii_lower((unsigned char)w->token.p[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return NULL;
    }
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        struct view chain = view_of(chains[i]);
        if (!view_ends_nocase(before, chain))
            continue;
        size_t start = before.n - chain.n;
        /* "10:" is another number. */
        if (start > 0 && (ascii_is_alnum((unsigned char)before.p[start - 1]) ||
                          before.p[start - 1] == '-' || before.p[start - 1] == ':'))
            return NULL;
        w->from -= (uint32_t)chain.n;
        memcpy(w->value, chain.p, chain.n);
        memcpy(w->value + chain.n, w->token.p, HEX_DIGITS);
        w->n = chain.n + HEX_DIGITS;
        return "raw";
    }
    return NULL;
}

/* Signs of base64 cut an address into tokens: back to where it starts, forth to 48 letters. */
static const char *wide(struct address_wide *w)
{
    if (w->token.n == HEX_DIGITS)
        return raw_form(w);
    if (w->token.n > LETTERS)
        return NULL;
    for (uint32_t at = w->from; w->from - at < LETTERS;) {
        if (at + LETTERS <= w->text.n && memchr("EUk0", w->text.p[at], 4) != NULL &&
            (w->text.p[at + 1] == 'Q' || w->text.p[at + 1] == 'f') &&
            (at == 0 || !is_url_letter((unsigned char)w->text.p[at - 1]))) {
            const char *form = friendly_form(view_sub(w->text, at, at + LETTERS), &w->testnet);
            uint32_t end = at + LETTERS;
            if (form != NULL && end >= w->to &&
                (end == w->text.n || !is_url_letter((unsigned char)w->text.p[end]))) {
                memcpy(w->value, w->text.p + at, LETTERS);
                w->n = LETTERS;
                w->from = at;
                w->to = end;
                return form;
            }
        }
        if (at == 0 || letter_value((unsigned char)w->text.p[at - 1]) < 0)
            return NULL;
        at--;
    }
    return NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE64, "EUk0", LETTERS, LETTERS, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};
static const char *const words[] = {"ton", "toncoin", "tonkeeper", "usdt", "tether", "gram", NULL};

const struct address_family ton_family = {.shapes = shapes,
                                          .check = friendly_form,
                                          .wide = wide,
                                          .scheme = "ton",
                                          .currency = "TON",
                                          .words = words,
                                          .gated = "raw"};
