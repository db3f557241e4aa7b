#include "mail/convert.h"

#include <errno.h>
#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

/* Bytes at the front that are ASCII and neither NUL nor CR (nor LF in a header). */
static size_t simple_prefix(struct view v, enum convert_mode mode)
{
    size_t i = 0;
    uint64_t cr = ONES * '\r', lf = ONES * '\n';
    for (; i + 8 <= v.n; i += 8) {
        uint64_t x;
        memcpy(&x, v.p + i, 8);
        uint64_t hit = (x - ONES) | ((x ^ cr) - ONES) | x;
        if (mode == CONVERT_HEADER)
            hit |= (x ^ lf) - ONES;
        if ((hit & HIGH) != 0)
            break;
    }
    for (; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c >= 0x80 || c == '\0' || c == '\r' || (c == '\n' && mode == CONVERT_HEADER))
            break;
    }
    return i;
}

/* Length of the valid UTF-8 character at i, 0 when it is none. */
static size_t utf8_length(struct view v, size_t i)
{
    uint32_t cp;
    size_t took = utf8_decode(v.p + i, v.n - i, &cp);
    bool genuine = cp != UTF8_REPLACEMENT ||
                   (took == 3 && v.n - i >= 3 && memcmp(v.p + i, "\xEF\xBF\xBD", 3) == 0);
    return genuine ? took : 0;
}

size_t convert_plain_prefix(struct view bytes)
{
    size_t i = 0;
    for (;;) {
        i += simple_prefix(view_sub(bytes, i, bytes.n), CONVERT_BODY);
        if (i >= bytes.n || (unsigned char)bytes.p[i] < 0x80)
            return i;
        size_t took = utf8_length(bytes, i);
        if (took == 0)
            return i;
        i += took;
    }
}

static void lie(const struct convert *c, unsigned *broken)
{
    if ((*broken)++ == 0 && c->declared)
        anomaly_note(c->seen, ANOMALY_CHARSET_LIE);
}

/* One character, with the rules for line ends and NUL. */
static void put(const struct convert *c, struct sink *out, uint32_t cp, size_t from, size_t to)
{
    bool after_cr = out->last_cr;
    out->last_cr = false;
    if (cp == '\0')
        return;
    if (c->mode == CONVERT_HEADER && (cp == '\r' || cp == '\n'))
        cp = ' ';
    if (cp == '\r') {
        out->last_cr = true;
        cp = '\n';
    } else if (cp == '\n' && after_cr) {
        return;
    }
    sink_put_cp(out, cp, from, to);
}

/*
 * The ASCII at i: ordinary runs copied, line ends and NULs by their rules, until another byte
 * comes. A NUL inside a word is dropped so that it cannot split the word.
 */
static size_t copy_ascii(const struct convert *c, struct sink *out, size_t i)
{
    struct view v = out->in.bytes;
    out->last_cr = false;
    while (i < v.n && (unsigned char)v.p[i] < 0x80 && !sink_stopped(out)) {
        size_t n = simple_prefix(view_sub(v, i, v.n), c->mode);
        if (n > 0)
            sink_copy(out, i, i + n);
        else if (v.p[i] == '\0')
            n = 1;
        else if (c->mode == CONVERT_HEADER)
            sink_put(out, " ", n = 1, i, i + 1);
        else if (i + 1 < v.n && v.p[i + 1] == '\n')
            n = 1; /* CRLF: the LF begins the next copied run, so a line costs one run */
        else
            sink_put(out, "\n", n = 1, i, i + 1);
        i += n;
    }
    return i;
}

static void convert_utf8(const struct convert *c, struct sink *out)
{
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0, start = 0;
    while (i < v.n && !sink_stopped(out)) {
        if ((unsigned char)v.p[i] < 0x80) {
            i += simple_prefix(view_sub(v, i, v.n), c->mode);
            if (i < v.n && (unsigned char)v.p[i] < 0x80) {
                sink_copy(out, start, i);
                start = i = copy_ascii(c, out, i);
            }
            continue;
        }
        size_t took = utf8_length(v, i);
        if (took == 0) {
            sink_copy(out, start, i);
            uint32_t cp = windows1252((unsigned char)v.p[i]);
            sink_put_cp(out, cp == CHARSET_NO_CODE ? UTF8_REPLACEMENT : cp, i, i + 1);
            lie(c, &broken);
            start = i + 1;
            took = 1;
        }
        i += took;
    }
    if (i > start)
        sink_copy(out, start, i);
}

static void convert_table(const struct convert *c, const struct charset *set, struct sink *out)
{
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0;
    while (i < v.n && !sink_stopped(out)) {
        unsigned char byte = (unsigned char)v.p[i];
        if (byte < 0x80 && set->ascii) {
            i = copy_ascii(c, out, i);
            continue;
        }
        uint32_t cp = set->kind == CHARSET_TABLE ? set->table[byte] : windows1252(byte);
        if (cp == CHARSET_NO_CODE) {
            cp = UTF8_REPLACEMENT;
            lie(c, &broken);
        }
        put(c, out, cp, i, i + 1);
        i++;
    }
}

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

static void convert_wide(const struct convert *c, const struct charset *set, struct sink *out)
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
            lie(c, &broken);
        }
        put(c, out, cp, i, i + took);
        i += took;
    }
    if (i < v.n && !sink_stopped(out)) {
        lie(c, &broken);
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

/* Output of one block against its source, character by character, for the map. */
static bool block_put(const struct convert *c, char family, struct sink *out, size_t from,
                      size_t to, const char *text, size_t n)
{
    struct view v = out->in.bytes;
    size_t i = from, k = 0;
    while (i < to && k < n) {
        uint32_t cp;
        size_t took = double_length(family, v.p + i, to - i);
        k += utf8_decode(text + k, n - k, &cp);
        /* More characters than codes (HKSCS has a few such): the last takes the rest. */
        put(c, out, cp, i, i + took < to ? i + took : to);
        i += took;
    }
    for (; k < n && !sink_stopped(out);) {
        uint32_t cp;
        k += utf8_decode(text + k, n - k, &cp);
        put(c, out, cp, to - 1, to);
    }
    return !sink_stopped(out);
}

static void convert_double(const struct convert *c, const struct charset *set, struct sink *out)
{
    enum { BLOCK = 128 };
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0;
    while (i < v.n && !sink_stopped(out)) {
        if ((unsigned char)v.p[i] < 0x80) {
            i = copy_ascii(c, out, i);
            continue;
        }
        size_t end = i; /* up to the next ASCII text, in whole characters */
        while (end < v.n && end - i < BLOCK && (unsigned char)v.p[end] >= 0x80)
            end += double_length(set->family, v.p + end, v.n - end);
        end = end < v.n ? end : v.n;
        char text[(BLOCK + 4) * 4], *to = text;
        char *from = (char *)(uintptr_t)(v.p + i);
        size_t left = end - i, room = sizeof text;
        (void)iconv(set->handle, NULL, NULL, NULL, NULL);
        bool bad = iconv(set->handle, &from, &left, &to, &room) == (size_t)-1;
        size_t done = (size_t)(from - v.p);
        if (done > i && !block_put(c, set->family, out, i, done, text, (size_t)(to - text)))
            return;
        i = done;
        if (bad && i < v.n) {
            /* A lead byte before ASCII is wrong alone: the ASCII is kept. */
            size_t skip = i + 1 < end && (unsigned char)v.p[i + 1] >= 0x80 ? 2 : 1;
            lie(c, &broken);
            sink_put_cp(out, UTF8_REPLACEMENT, i, i + skip);
            i += skip;
        }
    }
}

/*
 * Charsets with a state. The input is given byte by byte, since only then is it known which bytes
 * made which character (and glibc converts again and again when the output is what is short).
 */
static void convert_step(const struct convert *c, const struct charset *set, struct sink *out)
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
            put(c, out, cp, begin, done > begin ? done : begin + 1);
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
            lie(c, &broken);
            unsigned char byte = (unsigned char)v.p[i];
            put(c, out, byte < 0x80 ? byte : UTF8_REPLACEMENT, i, i + 1);
            begin = ++i;
            want = 1;
        }
    }
}

void convert_text(const struct convert *c, const struct charset *charset, struct sink *out)
{
    if (out->in.bytes.n == 0)
        return;
    switch (charset->kind) {
    case CHARSET_UNKNOWN:
    case CHARSET_UTF8:
    case CHARSET_ASCII:
        convert_utf8(c, out);
        break;
    case CHARSET_LATIN1:
    case CHARSET_TABLE:
        convert_table(c, charset, out);
        break;
    case CHARSET_UTF16:
    case CHARSET_UTF32:
        convert_wide(c, charset, out);
        break;
    case CHARSET_DOUBLE:
        convert_double(c, charset, out);
        break;
    case CHARSET_STEP:
        convert_step(c, charset, out);
        break;
    }
}
