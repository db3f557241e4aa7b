#include <string.h>

#include "text/html-entity.h"
#include "text/reading.h"

/*
 * Bad converters leave "&#252;" and "&#8217;" in honest mail. Nobody needs a reference for an ASCII
 * letter or digit, nor for a letter of another script beside Latin ones.
 */
static bool reference_odd(struct view text, size_t at, size_t took, uint32_t cp)
{
    if (cp < 0x80)
        return ascii_is_alnum((unsigned char)cp);
    enum fold_script script = fold_script(fold_find(cp));
    bool beside = (at > 0 && ascii_is_alpha((unsigned char)text.p[at - 1])) ||
                  (at + took < text.n && ascii_is_alpha((unsigned char)text.p[at + took]));
    return beside && script != FOLD_SCRIPT_NONE && script != FOLD_LATIN;
}

static size_t reference_find(struct view text, size_t from)
{
    while (from + 1 < text.n) {
        const char *sign = memchr(text.p + from, '&', text.n - from - 1);
        if (sign == NULL)
            break;
        from = (size_t)(sign - text.p);
        if (sign[1] == '#')
            return from;
        from++;
    }
    return text.n;
}

bool plain_references(struct view text, size_t max, struct arena *arena, struct anomalies *seen,
                      struct view *visible, struct spanmap *map)
{
    *visible = text;
    spanmap_init(map, arena);
    if (reference_find(text, 0) == text.n)
        return true;
    char *p = arena_alloc(arena, text.n); /* "&#0;" gives three bytes for four */
    if (p == NULL)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < text.n && n <= max;) {
        size_t next = reference_find(text, i);
        if (next > i && !spanmap_add(map, (uint32_t)n, (uint32_t)i, 1, 1))
            return false;
        memcpy(p + n, text.p + i, next - i);
        n += next - i;
        i = next;
        if (i >= text.n)
            break;
        uint32_t cp;
        size_t took = entity_numeric(text.p + i, text.n - i, true, &cp);
        if (took == 0) {
            if (!spanmap_add(map, (uint32_t)n, (uint32_t)i, 1, 1))
                return false;
            p[n++] = text.p[i++];
            continue;
        }
        if (reference_odd(text, i, took, cp))
            anomaly_note(seen, ANOMALY_TEXT_REFERENCES);
        char out[4];
        size_t made = utf8_encode(cp, out);
        memcpy(p + n, out, made);
        if (!spanmap_add(map, (uint32_t)n, (uint32_t)i, (uint32_t)made, (uint32_t)took))
            return false;
        n += made;
        i += took;
    }
    *visible = (struct view){p, n};
    return true;
}
