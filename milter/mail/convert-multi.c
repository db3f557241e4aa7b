/* Charsets of several bytes a character: UTF-16 and -32 by hand, the others by tables. */
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

/* One character that no table has: of three or four bytes, or of several code points. */
static bool ask(const struct convert *c, const struct charset *set, struct sink *out,
                struct view bytes, size_t from, size_t to)
{
    char text[PAIR_TEXT_MAX];
    bool more = c->charsets->steps < CHARSET_STEPS_PER_MESSAGE;
    if (!more && c->charsets->steps++ == CHARSET_STEPS_PER_MESSAGE)
        anomaly_note(c->seen, ANOMALY_DECODED_LIMIT);
    c->charsets->steps += more;
    size_t n = more ? pairs_ask(set->pairs, bytes.p, bytes.n, text) : 0;
    if (n == 0)
        return false;
    out->last_cr = false;
    sink_put(out, text, n, from, to);
    return true;
}

/* The code at i; 0: none, PAIR_ASK: iconv must say. */
static uint32_t code_at(const struct charset *set, struct view v, size_t i, size_t length)
{
    if (length == 1)
        return set->pairs->single[(unsigned char)v.p[i]];
    return length == 2 ? pair_code(set->pairs, (unsigned char)v.p[i], (unsigned char)v.p[i + 1])
                       : PAIR_ASK;
}

/*
 * Characters from i on that take as many bytes as the first one, on both sides: one run of the map.
 * Returns where they end; i when the first one needs more care.
 */
static size_t run_put(const struct charset *set, struct sink *out, size_t i)
{
    enum { RUN = 128 };
    struct view v = out->in.bytes;
    char *to = sink_reserve(out, (size_t)RUN * 4);
    size_t from = i, n = 0, wide = 0, width = 0;
    while (to != NULL && i < v.n && n < RUN && (unsigned char)v.p[i] >= 0x80) {
        size_t length = double_length(set->family, v.p + i, v.n - i);
        if (i + length > v.n || (wide != 0 && length != wide))
            break;
        uint32_t cp = code_at(set, v, i, length);
        if (cp < 0x80 || cp == PAIR_ASK)
            break;
        size_t took = utf8_encode(cp, to + n);
        if (width != 0 && took != width)
            break;
        wide = length;
        width = took;
        n += took;
        i += length;
    }
    if (n > 0) {
        out->last_cr = false;
        sink_commit(out, n, from, (uint32_t)width, (uint32_t)wide);
    }
    return i;
}

void convert_double(const struct convert *c, const struct charset *set, struct sink *out)
{
    struct view v = out->in.bytes;
    unsigned broken = 0;
    size_t i = 0;
    while (i < v.n && !sink_stopped(out)) {
        if ((unsigned char)v.p[i] < 0x80) {
            i = convert_ascii(c, out, i);
            continue;
        }
        size_t next = run_put(set, out, i);
        if (next > i) {
            i = next;
            continue;
        }
        size_t length = double_length(set->family, v.p + i, v.n - i);
        uint32_t cp = i + length <= v.n ? code_at(set, v, i, length) : 0;
        if (cp > 0 && cp != PAIR_ASK) {
            convert_put(c, out, cp, i, i + length); /* little room is left */
        } else if (cp == 0 || !ask(c, set, out, view_sub(v, i, i + length), i, i + length)) {
            /* A lead byte before ASCII is wrong alone: the ASCII is kept. */
            length = i + 1 < v.n && (unsigned char)v.p[i + 1] >= 0x80 ? 2 : 1;
            convert_lie(c, &broken);
            sink_put_cp(out, UTF8_REPLACEMENT, i, i + length);
        }
        i += length;
    }
}

size_t convert_pair(const struct convert *c, const struct charset *set, struct sink *out, size_t i,
                    bool plane_2)
{
    struct view v = out->in.bytes;
    const char euc[] = {(char)0x8F, (char)(v.p[i] | 0x80), (char)(v.p[i + 1] | 0x80)};
    uint32_t cp =
        plane_2 ? PAIR_ASK : pair_code(set->pairs, (unsigned char)euc[1], (unsigned char)euc[2]);
    if (cp == PAIR_ASK)
        return ask(c, set, out, view_sub((struct view){euc, 3}, plane_2 ? 0 : 1, 3), i, i + 2) ? 2
                                                                                               : 0;
    if (cp == 0)
        return 0;
    out->last_cr = false;
    sink_put_cp(out, cp, i, i + 2);
    return 2;
}
