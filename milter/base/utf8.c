#include "base/utf8.h"

#include <string.h>

size_t utf8_decode(const char *p, size_t n, uint32_t *cp)
{
    const unsigned char *s = (const unsigned char *)p;
    unsigned char lead = s[0];
    if (lead < 0x80) {
        *cp = lead;
        return 1;
    }
    size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    uint32_t value = lead & (0x7Fu >> want);
    *cp = UTF8_REPLACEMENT;
    if (lead < 0xC2 || lead > 0xF4)
        return 1;
    for (size_t i = 1; i < want; i++) {
        unsigned char low = 0x80, high = 0xBF;
        if (i == 1) { /* Unicode 15 table 3-7: overlong forms, surrogates, beyond U+10FFFF */
            low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        }
        if (i >= n || s[i] < low || s[i] > high)
            return i;
        value = value << 6 | (s[i] & 0x3Fu);
    }
    *cp = value;
    return want;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = UTF8_REPLACEMENT;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (cp & 0x3F));
        cp >>= 6;
    }
    out[0] = (char)((0xF00u >> n & 0xFFu) | cp);
    return n;
}

bool utf8_valid(struct view v)
{
    size_t i = 0;
    while (i < v.n) {
        i += utf8_ascii_prefix(view_sub(v, i, v.n));
        if (i >= v.n)
            break;
        uint32_t cp;
        size_t took = utf8_decode(v.p + i, v.n - i, &cp);
        if (cp == UTF8_REPLACEMENT && !(took == 3 && memcmp(v.p + i, "\xEF\xBF\xBD", 3) == 0))
            return false;
        i += took;
    }
    return true;
}

size_t utf8_ascii_prefix(struct view v)
{
    size_t i = 0;
    for (; i + 8 <= v.n; i += 8) {
        uint64_t chunk;
        memcpy(&chunk, v.p + i, 8);
        if ((chunk & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (i < v.n && (unsigned char)v.p[i] < 0x80)
        i++;
    return i;
}
