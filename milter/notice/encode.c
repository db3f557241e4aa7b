#include "notice/encode.h"

enum { LINE_MAX_COLUMNS = 76, LINE_MAX_BYTES = 57 /* of which base64 makes a line */ };

enum status crlf_write(struct buf *out, struct view text)
{
    enum status status = STATUS_OK;
    struct view line;
    while (status == STATUS_OK && view_next_line(&text, &line)) {
        status = buf_add(out, line);
        if (status == STATUS_OK)
            status = buf_add(out, VIEW("\r\n"));
    }
    return status;
}

static enum status quoted_line(struct buf *out, struct view line)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned column = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < line.n && status == STATUS_OK; i++) {
        unsigned char c = (unsigned char)line.p[i];
        bool last = i + 1 == line.n, blank = c == ' ' || c == '\t';
        /* A dot alone and "From " at the beginning are changed by some MTAs. */
        bool risky = column == 0 && (c == '.' || c == 'F');
        bool plain = c >= 0x20 && c < 0x7F && c != '=' && !(blank && last) && !risky;
        unsigned need = plain ? 1 : 3;
        if (column + need > LINE_MAX_COLUMNS - 1) {
            status = buf_add(out, VIEW("=\r\n"));
            column = 0;
        }
        const char code[3] = {'=', digits[c >> 4], digits[c & 15]};
        if (status == STATUS_OK)
            status = plain ? buf_add_byte(out, (char)c) : buf_add(out, (struct view){code, 3});
        column += need;
    }
    return status;
}

enum status quoted_write(struct buf *out, struct view text)
{
    enum status status = STATUS_OK;
    struct view line;
    while (status == STATUS_OK && view_next_line(&text, &line)) {
        status = quoted_line(out, line);
        if (status == STATUS_OK)
            status = buf_add(out, VIEW("\r\n"));
    }
    return status;
}

enum status base64_write(struct buf *out, struct view bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum status status = STATUS_OK;
    for (size_t i = 0; i < bytes.n && status == STATUS_OK; i += 3) {
        const unsigned char *p = (const unsigned char *)bytes.p + i;
        size_t left = bytes.n - i;
        uint32_t b =
            (uint32_t)p[0] << 16 | (left > 1 ? (uint32_t)p[1] << 8 : 0) | (left > 2 ? p[2] : 0);
        const char four[4] = {digits[b >> 18], digits[b >> 12 & 63],
                              left > 1 ? digits[b >> 6 & 63] : '=',
                              left > 2 ? digits[b & 63] : '='};
        if (i > 0 && i % LINE_MAX_BYTES == 0)
            status = buf_add(out, VIEW("\r\n"));
        if (status == STATUS_OK)
            status = buf_add(out, (struct view){four, 4});
    }
    return status;
}

static struct view plain_sign(uint32_t cp)
{
    switch (cp) {
    case 0xA0:
    case 0x202F:
        return VIEW(" ");
    case 0xAB:
    case 0xBB:
    case 0x201C:
    case 0x201D:
    case 0x201E:
        return VIEW("\"");
    case 0x2018:
    case 0x2019:
        return VIEW("'");
    case 0x2013:
    case 0x2014:
        return VIEW("-");
    case 0x2026:
        return VIEW("...");
    default:
        return VIEW_NONE;
    }
}

enum status plain_signs_write(struct buf *out, struct view utf8)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < utf8.n && status == STATUS_OK;) {
        uint32_t cp;
        size_t n = utf8_decode(utf8.p + i, utf8.n - i, &cp);
        struct view plain = plain_sign(cp);
        status = buf_add(out, plain.n > 0 ? plain : view_sub(utf8, i, i + n));
        i += n;
    }
    return status;
}

enum status references_write(struct buf *out, struct view utf8)
{
    enum status status = STATUS_OK;
    while (utf8.n > 0 && status == STATUS_OK) {
        size_t n = utf8_ascii_prefix(utf8);
        uint32_t cp;
        status = buf_add(out, view_sub(utf8, 0, n));
        utf8 = view_sub(utf8, n, utf8.n);
        if (utf8.n == 0 || status != STATUS_OK)
            break;
        n = utf8_decode(utf8.p, utf8.n, &cp);
        status = buf_addf(out, "&#%u;", (unsigned)cp);
        utf8 = view_sub(utf8, n, utf8.n);
    }
    return status;
}
