/* Charsets of several bytes a character: UTF-16 and -32 by hand, the others by iconv. */
#include <errno.h>
#include <string.h>

#include "mail/convert.h"

static uint32_t unit_at(struct view v, size_t i, size_t size, bool little)
{
    uint32_t value = 0;
    for (size_t k = 0; k < size; k++) {
        uint32_t byte = (unsigned char)v.p[i + k];
        value |= byte << 8 * (little ? k : size - 1 - k);
    }
    return value;
}

/* The byte order: the mark's, the name's, else where the NULs of the Latin letters stand. */
static bool little_endian(struct view v, size_t size, char stated, size_t *mark)
{
    *mark = 0;
    if (v.n >= size) {
        uint32_t big = unit_at(v, 0, size, false), little = unit_at(v, 0, size, true);
        *mark = big == 0xFEFF || little == 0xFEFF ? size : 0;
        if (*mark != 0)
            return little == 0xFEFF;
    }
    if (stated != 0)
        return stated == 'L';
    size_t first = 0, last = 0;
    for (size_t i = 0; i + size <= v.n && i < 512; i += size) {
        first += v.p[i] == '\0';
        last += v.p[i + size - 1] == '\0';
    }
    return last > first;
}

void convert_wide(const struct convert *c, const struct charset *set, struct sink *out)
{
    struct view v = out->in.bytes;
    size_t size = set->kind == CHARSET_UTF16 ? 2 : 4, i;
    bool little = little_endian(v, size, set->endian, &i);
    unsigned broken = 0;
    while (i + size <= v.n && !sink_stopped(out)) {
        uint32_t cp = unit_at(v, i, size, little);
        size_t took = size;
        if (size == 2 && cp >= 0xD800 && cp <= 0xDBFF && i + 4 <= v.n) {
            uint32_t low = unit_at(v, i + 2, 2, little);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
                took = 4;
            }
        }
        if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) {
            cp = UTF8_REPLACEMENT;
            convert_lie(c, &broken);
        }
        convert_put(c, out, cp, i, i + took);
        i += took;
    }
    if (i < v.n && !sink_stopped(out)) {
        convert_lie(c, &broken);
        sink_put_cp(out, UTF8_REPLACEMENT, i, v.n);
    }
}

/* Bytes of the character at i by its lead byte. */
static size_t double_length(char family, const char *p, size_t n)
{
    unsigned char lead = (unsigned char)p[0], next = n > 1 ? (unsigned char)p[1] : 0;
    if (lead < 0x80 || (family == 'S' && lead >= 0xA0 && lead <= 0xDF))
        return 1;
    if (lead == 0x80 || lead == 0xFF)
        return 1;
    if (family == 'G' && next >= '0' && next <= '9')
        return 4;
    if (family == 'J' && lead == 0x8F)
        return 3;
    return 2;
}

/*
 * Output of one block against its source, character by character, for the map. Neighbours that
 * take as many bytes on both sides make one run.
 */
static bool block_put(const struct convert *c, char family, struct sink *out, size_t from,
                      size_t to, const char *text, size_t n)
{
    struct view v = out->in.bytes;
    size_t i = from, k = 0;
    out->last_cr = false;
    while (k < n && !sink_stopped(out)) {
        size_t start = k, first = i, wide = 0, width = 0;
        while (k < n && i < to) {
            uint32_t cp;
            size_t took = double_length(family, v.p + i, to - i);
            size_t bytes = utf8_decode(text + k, n - k, &cp);
            if (took > to - i || (wide != 0 && (took != wide || bytes != width)))
                break;
            wide = took;
            width = bytes;
            i += took;
            k += bytes;
        }
        char *at = k > start ? sink_reserve(out, k - start) : NULL;
        if (at != NULL) {
            memcpy(at, text + start, k - start);
            sink_commit(out, k - start, first, (uint32_t)width, (uint32_t)wide);
            continue;
        }
        /* At the sink's limit, or more characters than codes (HKSCS has a few such). */
        uint32_t cp;
        k = start + utf8_decode(text + start, n - start, &cp);
        i = first + (wide != 0 ? wide : 0);
        convert_put(c, out, cp, first < to ? first : to - 1, i > first ? i : to);
    }
    return !sink_stopped(out);
}

void convert_double(const struct convert *c, const struct charset *set, struct sink *out)
{
    enum { BLOCK = 128 };
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0;
    (void)iconv(set->handle, NULL, NULL, NULL, NULL);
    while (i < v.n && !sink_stopped(out)) {
        if ((unsigned char)v.p[i] < 0x80) {
            i = convert_ascii(c, out, i);
            continue;
        }
        size_t end = i; /* up to the next ASCII text, in whole characters */
        while (end < v.n && end - i < BLOCK && (unsigned char)v.p[end] >= 0x80)
            end += double_length(set->family, v.p + end, v.n - end);
        end = end < v.n ? end : v.n;
        char text[(BLOCK + 4) * 4], *to = text;
        char *from = (char *)(uintptr_t)(v.p + i);
        size_t left = end - i, room = sizeof text;
        bool bad = iconv(set->handle, &from, &left, &to, &room) == (size_t)-1;
        size_t done = (size_t)(from - v.p);
        if (done > i && !block_put(c, set->family, out, i, done, text, (size_t)(to - text)))
            return;
        i = done;
        if (bad && i < v.n) {
            /* A lead byte before ASCII is wrong alone: the ASCII is kept. */
            size_t skip = i + 1 < end && (unsigned char)v.p[i + 1] >= 0x80 ? 2 : 1;
            convert_lie(c, &broken);
            sink_put_cp(out, UTF8_REPLACEMENT, i, i + skip);
            i += skip;
        }
    }
}

/*
 * Charsets with a state. The input is given byte by byte, since only then is it known which bytes
 * made which character (and glibc converts again and again when the output is what is short).
 */
void convert_step(const struct convert *c, const struct charset *set, struct sink *out)
{
    enum { LONGEST = 16 };
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0, begin = 0, want = 1;
    (void)iconv(set->handle, NULL, NULL, NULL, NULL);
    while (i <= v.n && !sink_stopped(out)) {
        char text[64], *to = text;
        char *from = (char *)(uintptr_t)(v.p + i);
        size_t left = want < v.n - i ? want : v.n - i, room = sizeof text;
        bool last = i == v.n; /* some converters hold a character back until told */
        size_t got = last ? iconv(set->handle, NULL, NULL, &to, &room)
                          : iconv(set->handle, &from, &left, &to, &room);
        bool bad = got == (size_t)-1 && errno != EINVAL && errno != E2BIG;
        size_t done = last ? i : (size_t)(from - v.p);
        for (const char *p = text; p < to;) {
            uint32_t cp;
            p += utf8_decode(p, (size_t)(to - p), &cp);
            convert_put(c, out, cp, begin, done > begin ? done : begin + 1);
        }
        if (to > text)
            begin = done;
        if (last)
            break;
        if (done > i) {
            i = done;
            want = 1;
        } else if (!bad && want < LONGEST && i + want < v.n) {
            want++;
        } else {
            convert_lie(c, &broken);
            unsigned char byte = (unsigned char)v.p[i];
            convert_put(c, out, byte < 0x80 ? byte : UTF8_REPLACEMENT, i, i + 1);
            begin = ++i;
            want = 1;
        }
    }
}
