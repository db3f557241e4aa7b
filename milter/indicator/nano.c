/*
 * Nano: "nano_" (formerly "xrb_"), then 52 letters for a key and 8 for its BLAKE2b-40 backwards,
 * both in an alphabet of its own.
 */
#include "indicator/address.h"
#include "indicator/blake2b.h"

#include <string.h>

#define KEY         32
#define CHECKSUM    5
#define KEY_LETTERS 52
#define LETTERS     60

/* Exactly n bytes; zero bits in front fill up the first letter. */
static bool decode(struct view text, uint8_t *out, size_t n)
{
    static const char letters[] = "13456789abcdefghijkmnopqrstuwxyz";
    uint32_t held = 0;
    size_t spare = text.n * 5 - n * 8;
    size_t bits = 0;
    size_t written = 0;

    for (size_t i = 0; i < text.n; i++) {
        const char *p = memchr(letters, text.p[i], sizeof letters - 1);
        if (p == NULL)
            return false;
        uint32_t value = (uint32_t)(p - letters);
        if (i == 0 && value >> (5 - spare) != 0)
            return false;
        held = (held << 5 | value) & 0xfff;
        bits += i == 0 ? 5 - spare : 5;
        if (bits < 8)
            continue;
        bits -= 8;
        out[written++] = (uint8_t)(held >> bits);
    }
    return written == n;
}

static const char *wide(struct address_wide *w)
{
    static const char *const prefixes[] = {"nano_", "xrb_"};
    struct view before = view_sub(w->text, 0, w->from);
    uint8_t key[KEY];
    uint8_t sum[CHECKSUM];
    uint8_t digest[CHECKSUM];

    if (w->token.n != LETTERS)
        return NULL;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        struct view prefix = view_of(prefixes[i]);
        if (!view_ends_nocase(before, prefix))
            continue;
        if (!decode(view_sub(w->token, 0, KEY_LETTERS), key, sizeof key) ||
            !decode(view_sub(w->token, KEY_LETTERS, LETTERS), sum, sizeof sum))
            return NULL;
        blake2b(key, sizeof key, digest, sizeof digest);
        for (size_t k = 0; k < CHECKSUM; k++)
            if (digest[k] != sum[CHECKSUM - 1 - k])
                return NULL;
        w->from -= (uint32_t)prefix.n;
        memcpy(w->value, prefix.p, prefix.n);
        memcpy(w->value + prefix.n, w->token.p, w->token.n);
        w->n = prefix.n + w->token.n;
        return "account";
    }
    return NULL;
}

static const struct address_shape shapes[] = {{ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}}};

const struct address_family nano_family = {
    .shapes = shapes, .wide = wide, .scheme = "nano", .currency = "XNO"};
