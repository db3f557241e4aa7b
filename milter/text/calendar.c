#include <string.h>

#include "text/reading.h"

/*
 * RFC 5545 3.1 and 3.3.11 (RFC 6350 for vCard has the same): long lines go on behind a line end and
 * a blank, and "\n", "\,", "\;" stand for characters. Invitations carry letters, too.
 */
static size_t escape_read(struct view text, size_t i, char *out)
{
    char c = text.p[i], next = i + 1 < text.n ? text.p[i + 1] : '\0';
    *out = c;
    if (c == '\n' && (next == ' ' || next == '\t')) {
        *out = '\0';
        return 2;
    }
    if (c != '\\' || next == '\0' || strchr("nN,;\\", next) == NULL)
        return 1;
    *out = next == 'n' || next == 'N' ? '\n' : next;
    return 2;
}

bool calendar_unfold(struct view text, struct arena *arena, struct view *visible,
                     struct spanmap *map)
{
    *visible = text;
    spanmap_init(map, arena);
    char *p = arena_alloc(arena, text.n);
    if (p == NULL)
        return false;
    size_t n = 0, taken = 1;
    for (size_t i = 0; i < text.n; i += taken) {
        bool straight = taken == 1 && i > 0;
        taken = escape_read(text, i, &p[n]);
        if (p[n] == '\0' && taken == 2)
            continue;
        if ((!straight || taken == 2) &&
            !spanmap_add(map, (uint32_t)n, (uint32_t)i, 1, (uint32_t)taken))
            return false;
        n++;
    }
    *visible = (struct view){p, n};
    return true;
}
