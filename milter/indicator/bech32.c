#include "indicator/bech32.h"

#define CHECKSUM 6

/* clang-format off */
static const int8_t letter_value[128] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    15, -1, 10, 17, 21, 20, 26, 30,  7,  5, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, 29, -1, 24, 13, 25,  9,  8, 23, -1, 18, 22, 31, 27, 19, -1,
     1,  0,  3, 16, 11, 28, 12, 14,  6,  4,  2, -1, -1, -1, -1, -1,
};
/* clang-format on */

int bech32_letter_value(unsigned char c)
{
    return c < 128 ? letter_value[c] : -1;
}

bool bech32_is_letter(unsigned char c)
{
    return c < 128 && letter_value[c] >= 0;
}

static uint32_t polymod_step(uint32_t check, uint8_t value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
    uint32_t top = check >> 25;

    check = (check & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < 5; i++)
        check ^= (top >> i & 1) != 0 ? generator[i] : 0;
    return check;
}

/* One case throughout, printable, room for prefix, '1' and checksum; *separator: the last '1'. */
static bool has_shape(struct view text, size_t longest, size_t *separator)
{
    bool lower = false;
    bool upper = false;
    size_t at = text.n;

    if (text.n < 1 + 1 + CHECKSUM || text.n > longest || text.n > BECH32_LONGEST)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c < 33 || c > 126)
            return false;
        lower |= c >= 'a' && c <= 'z';
        upper |= c >= 'A' && c <= 'Z';
        if (c == '1')
            at = i;
    }
    *separator = at;
    return !(lower && upper) && at >= 1 && at <= BECH32_PREFIX && at + 1 + CHECKSUM <= text.n;
}

bool bech32_decode(struct view text, size_t longest, struct bech32 *out)
{
    size_t separator = 0;
    uint32_t check = 1;

    if (!has_shape(text, longest, &separator))
        return false;
    for (size_t i = 0; i < separator; i++) {
        unsigned char c = ascii_lower((unsigned char)text.p[i]);
        out->prefix[i] = (char)c;
        check = polymod_step(check, c >> 5);
    }
    out->prefix[separator] = '\0';
    check = polymod_step(check, 0);
    for (size_t i = 0; i < separator; i++)
        check = polymod_step(check, (uint8_t)out->prefix[i] & 31);

    size_t n = 0;
    for (size_t i = separator + 1; i < text.n; i++) {
        int value = bech32_letter_value(ascii_lower((unsigned char)text.p[i]));
        if (value < 0)
            return false;
        check = polymod_step(check, (uint8_t)value);
        out->data[n++] = (uint8_t)value;
    }
    if (check != BECH32_PLAIN && check != BECH32_M)
        return false;
    out->variant = check == BECH32_M ? BECH32_M : BECH32_PLAIN;
    out->n = (uint16_t)(n - CHECKSUM);
    return true;
}

int bech32_bytes(const uint8_t *five, size_t n, uint8_t *out, size_t max)
{
    uint32_t bits = 0;
    uint32_t held = 0;
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++) {
        held = (held << 5 | five[i]) & 0xfff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            if (bytes == max)
                return -1;
            out[bytes++] = (uint8_t)(held >> bits);
        }
    }
    if (bits >= 5 || (held & ((1u << bits) - 1)) != 0)
        return -1;
    return (int)bytes;
}
