#include <string.h>

#include "mail/transfer.h"

#define NO 0xFF
#define WS 0xFE

/* RFC 4648 4. */
static const unsigned char values[256] = {
    NO, NO, NO, NO, NO, NO, NO, NO, NO, WS, WS, WS, WS, WS, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, WS, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 62, NO, NO, NO, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NO, NO, NO, NO, NO, NO, NO, 0,  1,  2,  3,  4,  5,  6,
    7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO, NO,
    NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48,
    49, 50, 51, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
};

bool base64_letter(unsigned char c)
{
    return values[c] < 64;
}

/*
 * After padding there should be nothing. Another base64 text may have been appended (then the next
 * line is base64 again), or a mailing list's footer in plain text, which would decode to noise.
 */
static bool goes_on(struct view rest)
{
    struct view line;
    rest = view_sub(rest, 0, 1000); /* asked at every '=': a bound keeps it linear */
    do {
        if (!view_next_line(&rest, &line))
            return false;
        line = view_trim(line);
    } while (line.n == 0);
    size_t n = 0;
    while (n < line.n && values[(unsigned char)line.p[n]] < 64)
        n++;
    while (n < line.n && line.p[n] == '=')
        n++;
    return n == line.n && n % 4 == 0;
}

/* Whole groups of four letters in [i, end). Returns the position after them. */
static size_t groups(struct sink *out, size_t i, size_t end)
{
    const unsigned char *p = (const unsigned char *)out->in.bytes.p;
    size_t left = out->max - out->n, room = (end - i) / 4 * 3;
    room = room < left ? room : left / 3 * 3; /* the caller finds out what is over the limit */
    char *at = room > 0 ? sink_reserve(out, room) : NULL;
    size_t n = 0, from = i;
    while (at != NULL && n < room) {
        unsigned a = values[p[i]], b = values[p[i + 1]], c = values[p[i + 2]], d = values[p[i + 3]];
        if ((a | b | c | d) >= 64)
            break;
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        at[n] = (char)(bits >> 16);
        at[n + 1] = (char)(bits >> 8 & 0xFF);
        at[n + 2] = (char)(bits & 0xFF);
        n += 3;
        i += 4;
    }
    if (n > 0)
        sink_commit(out, n, from, 3, 4);
    return i;
}

void base64_end(struct base64 *b, struct sink *out, size_t end)
{
    if (b->n >= 2) {
        char bytes[2] = {(char)(b->bits >> (b->n == 2 ? 4 : 10) & 0xFF),
                         (char)(b->bits >> 2 & 0xFF)};
        sink_put(out, bytes, b->n - 1, b->from, end);
    }
    b->n = 0;
    b->bits = 0;
}

void base64_add(struct base64 *b, struct sink *out, size_t from, size_t to)
{
    struct view v = out->in.bytes;
    size_t line = from; /* where the line ends */
    for (size_t i = from; i < to && !sink_stopped(out);) {
        if (i >= line)
            line = i + 1 + view_find_byte(view_sub(v, i + 1, to), '\n');
        if (b->n == 0 && line - i >= 4 && base64_letter((unsigned char)v.p[i])) {
            size_t after = groups(out, i, line);
            if (after > i) {
                i = after;
                continue;
            }
        }
        unsigned value = values[(unsigned char)v.p[i]];
        if (value < 64) {
            b->from = b->n == 0 ? i : b->from;
            b->bits = b->bits << 6 | value;
            if (++b->n == 4) {
                char bytes[3] = {(char)(b->bits >> 16 & 0xFF), (char)(b->bits >> 8 & 0xFF),
                                 (char)(b->bits & 0xFF)};
                size_t left = out->max - out->n;
                sink_put(out, bytes, left < 3 ? left : 3, b->from, i + 1);
                out->full |= left < 3;
                b->n = 0;
                b->bits = 0;
            }
        } else if (v.p[i] == '=') {
            b->padded = true;
            while (i + 1 < to && v.p[i + 1] == '=')
                i++;
            base64_end(b, out, i + 1);
            while (i + 1 < to && (v.p[i + 1] == '=' || ascii_is_space((unsigned char)v.p[i + 1])))
                i++;
            if (i + 1 < to && !goes_on(view_sub(v, i + 1, to))) {
                b->foreign = true;
                return;
            }
        } else if (value == NO) {
            b->foreign = true;
        }
        i++;
    }
}
