#include "program/screen.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct screen screen_of(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool wanted = no_color == NULL || no_color[0] == '\0';
    bool able = term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
    return (struct screen){.colour = wanted && able && isatty(fileno(stream)) == 1};
}

const char *screen_ink(const struct screen *s, enum ink ink)
{
    if (!s->colour)
        return "";
    switch (ink) {
    case INK_PLAIN:
        return "\x1b[0m";
    case INK_BOLD:
        return "\x1b[1m";
    case INK_DIM:
        return "\x1b[2m";
    case INK_RED:
        return "\x1b[1;31m";
    case INK_GREEN:
        return "\x1b[32m";
    case INK_YELLOW:
        return "\x1b[33m";
    case INK_CYAN:
        return "\x1b[36m";
    }
    return "";
}

/* Controls, and the characters that reorder or hide what stands around them. */
static bool unsafe(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0xAD || cp == 0x61C ||
           (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF || (cp >= 0xFFF9 && cp <= 0xFFFB) ||
           (cp >= 0xE0000 && cp <= 0xE0FFF);
}

static bool is_space(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xA0 || cp == 0x3000 ||
           (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029;
}

static enum status add(struct buf *out, struct view v, size_t max, bool quote)
{
    enum status status = STATUS_OK;
    bool space = true;
    for (size_t i = 0; i < v.n && status == STATUS_OK;) {
        if (i >= max)
            return buf_add(out, VIEW("..."));
        uint32_t cp;
        size_t n = utf8_decode(v.p + i, v.n - i, &cp);
        struct view bytes = view_sub(v, i, i + n);
        bool invalid = cp == UTF8_REPLACEMENT && !view_eq(bytes, VIEW("\xEF\xBF\xBD"));
        i += n;
        if (quote && is_space(cp)) {
            if (!space)
                status = buf_add_byte(out, ' ');
            space = true;
            continue;
        }
        space = false;
        if (invalid) {
            for (size_t k = 0; k < n && status == STATUS_OK; k++)
                status = buf_addf(out, "\\x%02x", (unsigned)(unsigned char)bytes.p[k]);
        } else if (cp == '\n') {
            status = buf_add(out, VIEW("\\n"));
        } else if (cp < 0x80 && unsafe(cp)) {
            status = buf_addf(out, "\\x%02x", (unsigned)cp);
        } else if (unsafe(cp)) {
            status = buf_addf(out, "\\u{%04x}", (unsigned)cp);
        } else {
            status = buf_add(out, bytes);
        }
    }
    return status;
}

enum status screen_add_path(struct buf *out, const char *path)
{
    return add(out, view_of(path), SIZE_MAX, false);
}

enum status screen_add_quote(struct buf *out, struct view v, size_t max)
{
    return add(out, view_trim(v), max, true);
}

void screen_complain(const char *path, const char *text)
{
    struct buf line;
    buf_init(&line, 1u << 20);
    enum status status = buf_add(&line, VIEW("extortctl: "));
    if (status == STATUS_OK && path != NULL) {
        status = screen_add_path(&line, strcmp(path, "-") == 0 ? "standard input" : path);
        if (status == STATUS_OK)
            status = buf_add(&line, VIEW(": "));
    }
    if (status == STATUS_OK)
        status = buf_addf(&line, "%s\n", text);
    if (status == STATUS_OK)
        (void)fwrite(line.p, 1, line.n, stderr);
    else
        (void)fputs("extortctl: out of memory\n", stderr);
    buf_fini(&line);
}
