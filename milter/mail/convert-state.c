/* Charsets with a state: ISO-2022-JP and UTF-7 by hand, the others by iconv, which is slow. */
#include <errno.h>
#include <string.h>

#include "mail/convert.h"

/* As far as the next escape sequence, which stands at `escape`. */
static size_t ascii_run(const struct convert *c, struct sink *out, size_t i, size_t escape)
{
    struct view whole = out->in.bytes;
    out->in.bytes = view_sub(whole, 0, escape);
    i = convert_ascii(c, out, i);
    out->in.bytes = whole;
    return i;
}

static size_t escape_next(struct view v, size_t i)
{
    return i + view_find_byte(view_sub(v, i, v.n), '\x1B');
}

/* ---- ISO-2022-JP (RFC 1468, 2237; the sets of JIS X 0213) ---- */

enum jp_set { JP_ASCII, JP_KATAKANA, JP_PAIRS, JP_PLANE_2 };

static const struct {
    const char *escape;
    enum jp_set set;
} jp_escapes[] = {
    {"(B", JP_ASCII},    {"(J", JP_ASCII},  {"(I", JP_KATAKANA}, {"$@", JP_PAIRS},
    {"$B", JP_PAIRS},    {"$(@", JP_PAIRS}, {"$(B", JP_PAIRS},   {"$(O", JP_PAIRS},
    {"$(P", JP_PLANE_2}, {"$(Q", JP_PAIRS},
};

/* Behind the escape sequence at i; i itself when it is none of these. */
static size_t jp_escape(struct view v, size_t i, enum jp_set *set)
{
    for (size_t k = 0; k < sizeof jp_escapes / sizeof jp_escapes[0]; k++) {
        struct view escape = view_of(jp_escapes[k].escape);
        if (view_eq(view_sub(v, i + 1, i + 1 + escape.n), escape)) {
            *set = jp_escapes[k].set;
            return i + 1 + escape.n;
        }
    }
    return i;
}

static bool jp_pair(struct view v, size_t i)
{
    return i + 1 < v.n && v.p[i] > 0x20 && v.p[i] < 0x7F && v.p[i + 1] > 0x20 && v.p[i + 1] < 0x7F;
}

void convert_jp(const struct convert *c, const struct charset *set, struct sink *out)
{
    struct view v = out->in.bytes;
    enum jp_set state = JP_ASCII;
    unsigned broken = 0;
    size_t i = 0, escape = escape_next(v, 0);
    while (i < v.n && !sink_stopped(out)) {
        unsigned char byte = (unsigned char)v.p[i];
        if (i > escape)
            escape = escape_next(v, i);
        if (i == escape) {
            size_t next = jp_escape(v, i, &state);
            if (next == i)
                convert_put(c, out, byte, i, i + 1);
            i = next > i ? next : i + 1;
        } else if (byte >= 0x80) {
            convert_lie(c, &broken);
            sink_put_cp(out, UTF8_REPLACEMENT, i, i + 1);
            i++;
        } else if (state == JP_ASCII || byte <= 0x20 || byte == 0x7F) {
            if (byte == '\n' || byte == '\r') /* a line begins in ASCII */
                state = JP_ASCII;
            if (state == JP_ASCII)
                i = ascii_run(c, out, i, escape);
            else
                convert_put(c, out, byte, i, i + 1), i++;
        } else if (state == JP_KATAKANA) {
            uint32_t cp = byte < 0x60 ? 0xFF61u + byte - 0x21u : UTF8_REPLACEMENT;
            convert_put(c, out, cp, i, i + 1);
            i++;
        } else {
            size_t took = jp_pair(v, i) ? convert_pair(c, set, out, i, state == JP_PLANE_2) : 0;
            if (took == 0) {
                took = jp_pair(v, i) ? 2 : 1;
                convert_lie(c, &broken);
                sink_put_cp(out, UTF8_REPLACEMENT, i, i + took);
            }
            i += took;
        }
    }
}

/* ---- UTF-7 (RFC 2152) ---- */

static int utf7_digit(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The digits from i on, behind a '+'. Returns where they end, the '-' included. */
static size_t utf7_shifted(const struct convert *c, struct sink *out, size_t i, unsigned *broken)
{
    struct view v = out->in.bytes;
    uint32_t bits = 0, n = 0, high = 0;
    size_t begin = i - 1;
    int digit;
    for (; i < v.n && (digit = utf7_digit((unsigned char)v.p[i])) >= 0 && !sink_stopped(out); i++) {
        bits = bits << 6 | (uint32_t)digit;
        n += 6;
        if (n < 16)
            continue;
        n -= 16;
        uint32_t unit = bits >> n & 0xFFFF;
        if (unit >= 0xD800 && unit <= 0xDBFF && high == 0) {
            high = unit;
            continue;
        }
        bool pair = high != 0 && unit >= 0xDC00 && unit <= 0xDFFF;
        if (pair)
            unit = 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
        else if (high != 0 || (unit >= 0xD800 && unit <= 0xDFFF)) {
            convert_lie(c, broken);
            unit = UTF8_REPLACEMENT;
        }
        high = 0;
        convert_put(c, out, unit, begin, i + 1);
        begin = i + 1;
    }
    return i < v.n && v.p[i] == '-' ? i + 1 : i;
}

void convert_utf7(const struct convert *c, struct sink *out)
{
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0, plus = view_find_byte(v, '+');
    while (i < v.n && !sink_stopped(out)) {
        unsigned char byte = (unsigned char)v.p[i];
        if (i > plus)
            plus = i + view_find_byte(view_sub(v, i, v.n), '+');
        if (byte >= 0x80) {
            convert_lie(c, &broken);
            sink_put_cp(out, UTF8_REPLACEMENT, i, i + 1);
            i++;
        } else if (i < plus) {
            i = ascii_run(c, out, i, plus);
        } else if (i + 1 < v.n && v.p[i + 1] == '-') {
            convert_put(c, out, '+', i, i + 2);
            i += 2;
        } else if (i + 1 < v.n && utf7_digit((unsigned char)v.p[i + 1]) >= 0) {
            i = utf7_shifted(c, out, i + 1, &broken);
        } else {
            convert_put(c, out, '+', i, i + 1);
            i++;
        }
    }
}

/* ---- the others ---- */

/* Too many steps: what is ASCII is kept. */
static void step_rest(const struct convert *c, struct sink *out, size_t i)
{
    struct view v = out->in.bytes;
    anomaly_note(c->seen, ANOMALY_DECODED_LIMIT);
    while (i < v.n && !sink_stopped(out)) {
        i = convert_ascii(c, out, i);
        if (i < v.n)
            sink_put_cp(out, UTF8_REPLACEMENT, i, i + 1);
        i++;
    }
}

/*
 * The input is given byte by byte, since only then is it known which bytes made which character
 * (and glibc converts again and again when the output is what is short).
 */
void convert_step(const struct convert *c, const struct charset *set, struct sink *out)
{
    enum { LONGEST = 16 };
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0, begin = 0, want = 1;
    (void)iconv(set->handle, NULL, NULL, NULL, NULL);
    while (i <= v.n && !sink_stopped(out)) {
        if (c->charsets->steps++ >= CHARSET_STEPS_PER_MESSAGE) {
            step_rest(c, out, i);
            return;
        }
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
