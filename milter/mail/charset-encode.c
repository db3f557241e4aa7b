/* The way back: UTF-8 into the charset of a part. */
#include <string.h>

#include "mail/charset.h"
#include "mail/parse.h"

/* The byte for a code point above ASCII, or -1. */
static int byte_find(const struct charset *set, uint32_t cp)
{
    if (set->kind == CHARSET_LATIN1)
        return cp >= 0xA0 && cp <= 0xFF ? (int)cp : -1;
    for (int i = 0x80; set->kind == CHARSET_TABLE && i < 256; i++)
        if (set->table[i] == cp)
            return i;
    return -1;
}

enum status charset_encode(struct mail_reader *reader, struct view utf8, struct view charset,
                           struct arena *arena, struct view *out)
{
    *out = VIEW_NONE;
    if (utf8_ascii_prefix(utf8) < utf8.n && charset.n == 0)
        return STATUS_INVALID;
    const struct charset *set =
        charset_find(&reader->charsets, charset.n > 0 ? charset : VIEW("us-ascii"));
    bool ascii = set->kind == CHARSET_UTF8 || set->kind == CHARSET_ASCII ||
                 set->kind == CHARSET_LATIN1 || (set->kind == CHARSET_TABLE && set->ascii);
    if (!ascii)
        return STATUS_INVALID;
    char *p = arena_alloc(arena, utf8.n + 1);
    size_t n = 0;
    if (p == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < utf8.n;) {
        uint32_t cp;
        size_t took = utf8_decode(utf8.p + i, utf8.n - i, &cp);
        if (cp < 0x80) {
            p[n++] = (char)cp;
        } else if (set->kind == CHARSET_UTF8) {
            memcpy(p + n, utf8.p + i, took);
            n += took;
        } else {
            int byte = byte_find(set, cp);
            if (byte < 0)
                return STATUS_INVALID;
            p[n++] = (char)byte;
        }
        i += took;
    }
    *out = (struct view){p, n};
    return STATUS_OK;
}
