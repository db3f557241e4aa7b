#include "mail/convert.h"

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
        if ((hit & HIGH) == 0)
            continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        /* Borrows run upwards only: the lowest mark is true. */
        return i + (size_t)__builtin_ctzll(hit & HIGH) / 8;
#else
        break;
#endif
    }
    for (; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c >= 0x80 || c == '\0' || c == '\r' || (c == '\n' && mode == CONVERT_HEADER))
            break;
    }
    return i;
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Length of the valid UTF-8 character at i, 0 when it is none. */
static inline size_t utf8_length(struct view v, size_t i)
{
    unsigned char lead = (unsigned char)v.p[i];
    if (lead >= 0xC2 && lead <= 0xDF && i + 1 < v.n)
        return continues(v.p[i + 1]) ? 2 : 0;
    if (lead > 0xE0 && lead < 0xED && i + 2 < v.n)
        return continues(v.p[i + 1]) && continues(v.p[i + 2]) ? 3 : 0;
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
        while (i < bytes.n && (unsigned char)bytes.p[i] >= 0x80) {
            size_t took = utf8_length(bytes, i);
            if (took == 0)
                return i;
            i += took;
        }
    }
}

void convert_lie(const struct convert *c, unsigned *broken)
{
    if ((*broken)++ == 0 && c->declared)
        anomaly_note(c->seen, ANOMALY_CHARSET_LIE);
}

void convert_put(const struct convert *c, struct sink *out, uint32_t cp, size_t from, size_t to)
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

size_t convert_ascii(const struct convert *c, struct sink *out, size_t i)
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

/*
 * Bytes from i on that are no UTF-8, as windows-1252: those that take as many bytes in UTF-8 make
 * one run. Returns where they end.
 */
static size_t foreign_put(struct sink *out, size_t i)
{
    enum { RUN = 64 };
    struct view v = out->in.bytes;
    char *to = sink_reserve(out, (size_t)RUN * 4);
    size_t from = i, n = 0, width = 0;
    while (to != NULL && i < v.n && i - from < RUN && (unsigned char)v.p[i] >= 0x80 &&
           (i == from || utf8_length(v, i) == 0)) {
        uint32_t cp = windows1252((unsigned char)v.p[i]);
        size_t took = utf8_encode(cp == CHARSET_NO_CODE ? UTF8_REPLACEMENT : cp, to + n);
        if (width != 0 && took != width)
            break;
        width = took;
        n += took;
        i++;
    }
    if (n > 0) {
        sink_commit(out, n, from, (uint32_t)width, 1);
        return i;
    }
    uint32_t cp = windows1252((unsigned char)v.p[i]); /* little room is left */
    sink_put_cp(out, cp == CHARSET_NO_CODE ? UTF8_REPLACEMENT : cp, i, i + 1);
    return i + 1;
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
                start = i = convert_ascii(c, out, i);
            }
            continue;
        }
        size_t took = utf8_length(v, i);
        if (took == 0) {
            sink_copy(out, start, i);
            convert_lie(c, &broken);
            start = i = foreign_put(out, i);
            continue;
        }
        i += took;
    }
    if (i > start)
        sink_copy(out, start, i);
}

static uint32_t table_code(const struct charset *set, char c)
{
    unsigned char byte = (unsigned char)c;
    return set->kind == CHARSET_TABLE ? set->table[byte] : windows1252(byte);
}

/* A word of letters that take as many bytes in UTF-8 each: one run of the map. */
static size_t table_word(const struct charset *set, struct sink *out, size_t i)
{
    enum { WORD = 64 };
    struct view v = out->in.bytes;
    char *to = sink_reserve(out, (size_t)WORD * 4);
    size_t from = i, n = 0, width = 0;
    while (to != NULL && i < v.n && i - from < WORD) {
        uint32_t cp = table_code(set, v.p[i]);
        if (cp < 0x80 || cp == CHARSET_NO_CODE)
            break;
        size_t took = utf8_encode(cp, to + n);
        if (width != 0 && took != width)
            break;
        width = took;
        n += took;
        i++;
    }
    if (n > 0)
        sink_commit(out, n, from, (uint32_t)width, 1);
    return i;
}

static void convert_table(const struct convert *c, const struct charset *set, struct sink *out)
{
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0;
    while (i < v.n && !sink_stopped(out)) {
        if ((unsigned char)v.p[i] < 0x80 && set->ascii) {
            i = convert_ascii(c, out, i);
            continue;
        }
        size_t next = table_word(set, out, i);
        if (next > i) {
            i = next;
            out->last_cr = false;
            continue;
        }
        uint32_t cp = table_code(set, v.p[i]);
        if (cp == CHARSET_NO_CODE) {
            cp = UTF8_REPLACEMENT;
            convert_lie(c, &broken);
        }
        convert_put(c, out, cp, i, i + 1);
        i++;
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
    case CHARSET_JP:
        convert_jp(c, charset, out);
        break;
    case CHARSET_UTF7:
        convert_utf7(c, out);
        break;
    }
}
