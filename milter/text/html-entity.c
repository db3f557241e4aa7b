#include "text/html-entity.h"

#include <string.h>

enum { LONGEST_NAME = 31, LONGEST_OPTIONAL = 6 };

/* HTML 13.2.5.80: what old pages mean by the C1 controls. 0: no quirk. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static unsigned digit_value(unsigned char c, bool hex)
{
    if (ascii_is_digit(c))
        return c - '0';
    unsigned char low = ascii_lower(c);
    return hex && low >= 'a' && low <= 'f' ? low - 'a' + 10u : 16;
}

size_t entity_numeric(const char *p, size_t n, bool strict, uint32_t *cp)
{
    size_t i = 2;
    if (n < 3 || p[0] != '&' || p[1] != '#')
        return 0;
    bool hex = p[2] == 'x' || p[2] == 'X';
    size_t from = i += hex;
    uint32_t value = 0, base = hex ? 16 : 10;
    for (unsigned d; i < n && (d = digit_value((unsigned char)p[i], hex)) < 16; i++)
        value = value > 0x10FFFF ? value : value * base + d;
    bool closed = i < n && p[i] == ';';
    if (i == from || (strict && !closed))
        return 0;
    if (value >= 0x80 && value <= 0x9F && windows_1252[value - 0x80] != 0)
        value = windows_1252[value - 0x80];
    if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        value = UTF8_REPLACEMENT;
    *cp = value;
    return i + closed;
}

static const struct entity *entity_find(const char *name, size_t n)
{
    unsigned char first = (unsigned char)name[0];
    if (n == 0 || first < 'A' || first > 'z')
        return NULL;
    size_t low = entity_letters[first - 'A'], high = entity_letters[first - 'A' + 1];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct entity *e = &entities[mid];
        int order = memcmp(name, entity_names + e->name, n < e->length ? n : e->length);
        if (order == 0)
            order = n < e->length ? -1 : n > e->length;
        if (order == 0)
            return e;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

static size_t entity_write(const struct entity *e, char out[ENTITY_BYTES])
{
    if (e->value <= 0x10FFFF)
        return utf8_encode(e->value, out);
    const uint32_t *pair = entity_pairs[e->value - 0x110000];
    size_t n = utf8_encode(pair[0], out);
    return n + utf8_encode(pair[1], out + n);
}

size_t entity_decode(const char *p, size_t n, bool in_attribute, char out[ENTITY_BYTES],
                     size_t *made)
{
    if (n < 3)
        return 0;
    if (p[1] == '#') {
        uint32_t cp;
        size_t took = entity_numeric(p, n, false, &cp);
        *made = took > 0 ? utf8_encode(cp, out) : 0;
        return took;
    }
    if (n >= 6 && memcmp(p, "&nbsp;", 6) == 0) { /* nine of ten references in newsletters */
        memcpy(out, "\xC2\xA0", *made = 2);
        return 6;
    }
    const char *name = p + 1;
    size_t run = 0;
    while (run < n - 1 && run <= LONGEST_NAME && ascii_is_alnum((unsigned char)name[run]))
        run++;
    const struct entity *e = NULL;
    if (run < n - 1 && name[run] == ';' && (e = entity_find(name, run)) != NULL) {
        *made = entity_write(e, out);
        return run + 2;
    }
    size_t length = run < LONGEST_OPTIONAL ? run : LONGEST_OPTIONAL;
    for (; length >= 2; length--) {
        e = entity_find(name, length);
        if (e == NULL || !e->optional)
            continue;
        /* "?a=1&copy=2" in a link is no copyright sign */
        bool goes_on =
            length < n - 1 && (name[length] == '=' || ascii_is_alnum((unsigned char)name[length]));
        if (in_attribute && goes_on)
            return 0;
        *made = entity_write(e, out);
        return length + 1;
    }
    return 0;
}

struct view entity_decode_all(struct view value, struct arena *arena)
{
    size_t size = value.n * 2 + ENTITY_BYTES, n = 0; /* "&nGt;" grows from 5 to 6 bytes */
    char *p = arena_alloc(arena, size);
    if (p == NULL)
        return VIEW_NONE;
    for (size_t i = 0; i < value.n;) {
        size_t next = i + view_find_byte(view_sub(value, i, value.n), '&'), made;
        memcpy(p + n, value.p + i, next - i);
        n += next - i;
        i = next;
        if (i == value.n)
            break;
        size_t took = entity_decode(value.p + i, value.n - i, true, p + n, &made);
        if (took == 0)
            p[n++] = value.p[i++];
        else
            n += made;
        i += took;
    }
    arena_shrink(arena, p, size, n);
    return (struct view){p, n};
}
