#include "indicator/base32.h"

int base32_letter_value(unsigned char c)
{
    c = ascii_lower(c);
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

int base32_decode(struct view text, uint8_t *out, size_t max)
{
    uint32_t held = 0;
    uint32_t bits = 0;
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        int value = base32_letter_value((unsigned char)text.p[i]);
        if (value < 0)
            return -1;
        held = (held << 5 | (uint32_t)value) & 0xfff;
        bits += 5;
        if (bits < 8)
            continue;
        bits -= 8;
        if (n == max)
            return -1;
        out[n++] = (uint8_t)(held >> bits);
    }
    /* Five bits and more would be a letter too many. */
    if (bits >= 5 || (held & ((1u << bits) - 1)) != 0)
        return -1;
    return (int)n;
}
