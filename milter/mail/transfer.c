#include "mail/transfer.h"

#include <string.h>

int hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void note(struct anomalies *seen, enum anomaly which)
{
    if (seen != NULL)
        anomaly_note(seen, which);
}

/* One line without its ending; true when it ended with "=" (a soft break). */
static bool qp_line(struct sink *out, size_t i, size_t end, bool *broken)
{
    const char *p = out->in.bytes.p;
    bool soft = end > i && p[end - 1] == '=';
    if (soft)
        end--;
    while (i < end && !sink_stopped(out)) {
        const char *sign = memchr(p + i, '=', end - i);
        size_t stop = sign != NULL ? (size_t)(sign - p) : end;
        sink_copy(out, i, stop);
        size_t n = 0, most = (end - stop) / 3, room = out->max - out->n;
        most = most < room ? most : room;
        char *to = most > 0 ? sink_reserve(out, most) : NULL;
        for (i = stop; n < most && to != NULL && i + 2 < end && p[i] == '='; i += 3) {
            int high = hex_value((unsigned char)p[i + 1]), low = hex_value((unsigned char)p[i + 2]);
            if (high < 0 || low < 0)
                break;
            to[n++] = (char)(high << 4 | low);
        }
        if (n > 0) {
            sink_commit(out, n, stop, 1, 3);
        } else if (i < end && room == 0) {
            out->full = true;
        } else if (i < end) {
            *broken = true;
            sink_copy(out, i, i + 1);
            i++;
        }
    }
    return soft;
}

static void qp_decode(struct sink *out, struct anomalies *seen)
{
    struct view v = out->in.bytes;
    bool broken = false;
    for (size_t i = 0; i < v.n && !sink_stopped(out);) {
        size_t next = i + view_find_byte(view_sub(v, i, v.n), '\n');
        size_t end = next;
        /* White space at the end of a line was added in transport (RFC 2045 6.7 (3)). */
        while (end > i && (v.p[end - 1] == ' ' || v.p[end - 1] == '\t' || v.p[end - 1] == '\r'))
            end--;
        bool soft = qp_line(out, i, end, &broken);
        if (!soft && next < v.n)
            sink_copy(out, next, next + 1);
        i = next + 1;
    }
    if (broken)
        note(seen, ANOMALY_QP_BROKEN);
}

bool uu_line(struct view line, bool strict, size_t *n)
{
    if (line.n == 0 || line.p[0] < 32 || line.p[0] > 96)
        return false;
    *n = (size_t)(line.p[0] - 32) & 63;
    size_t least = (*n * 8 + 5) / 6, most = (*n + 2) / 3 * 4 + 2; /* some add a checksum */
    if ((strict && line.n - 1 < least) || line.n - 1 > most)
        return false;
    for (size_t i = 1; i < line.n; i++)
        if (line.p[i] < 32 || line.p[i] > 96)
            return false;
    return true;
}

bool uu_begin(struct view line, struct view *name, bool *base64)
{
    struct view rest = line;
    *base64 = view_starts_nocase(line, VIEW("begin-base64 "));
    if (*base64)
        rest = view_sub(rest, 13, rest.n);
    else if (rest.n > 6 && memcmp(rest.p, "begin ", 6) == 0)
        rest = view_sub(rest, 6, rest.n);
    else
        return false;
    size_t digits = 0;
    while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '7')
        digits++;
    if (digits < 3 || digits > 4 || digits >= rest.n || rest.p[digits] != ' ')
        return false;
    *name = view_trim(view_sub(rest, digits, rest.n));
    return name->n > 0;
}

static void uu_decode_line(struct sink *out, size_t i, struct view line, size_t n)
{
    char bytes[66];
    for (size_t k = 0; k < n; k += 3) {
        uint32_t bits = 0;
        for (size_t j = 0; j < 4; j++) {
            size_t at = 1 + k / 3 * 4 + j;
            uint32_t six = at < line.n ? (uint32_t)(line.p[at] - 32) & 63 : 0;
            bits = bits << 6 | six;
        }
        for (size_t j = 0; j < 3; j++)
            bytes[k + j] = (char)(bits >> (16 - 8 * j) & 0xFF);
    }
    /* Spaces at the end, which stand for zeros, may be cut off: that group came from less. */
    size_t whole = (line.n - 1) / 4 * 3 < n ? (line.n - 1) / 4 * 3 : n;
    size_t room = sink_room(out, whole), from = whole / 3 * 4 + 1;
    char *to = room > 0 ? sink_reserve(out, room) : NULL;
    if (to != NULL) {
        memcpy(to, bytes, room);
        sink_commit(out, room, i + 1, 3, 4);
    }
    if (n > whole)
        sink_put(out, bytes + whole, n - whole, i + (from < line.n ? from : line.n - 1),
                 i + line.n);
}

static bool uu_begins(struct view rest)
{
    struct view line, name;
    bool base64;
    while (view_next_line(&rest, &line))
        if (uu_begin(line, &name, &base64))
            return true;
    return false;
}

static void uu_decode(struct sink *out, struct anomalies *seen)
{
    struct view rest = out->in.bytes, line, name;
    bool begun = false, ended = false, base64, broken = false;
    if (!uu_begins(rest)) {
        /* Plain text under a wrong name would be lost. */
        sink_copy(out, 0, rest.n);
        note(seen, ANOMALY_UUENCODE_BROKEN);
        return;
    }
    while (!ended && view_next_line(&rest, &line) && !sink_stopped(out)) {
        size_t n;
        if (!begun && uu_begin(line, &name, &base64)) {
            begun = true;
        } else if (view_eq(view_trim(line), VIEW("end"))) {
            ended = true;
        } else if (uu_line(line, false, &n)) {
            uu_decode_line(out, (size_t)(line.p - out->in.bytes.p), line, n);
        } else if (begun && line.n > 0) {
            broken = true;
        }
    }
    if (broken || !ended)
        note(seen, ANOMALY_UUENCODE_BROKEN);
}

void transfer_decode(enum transfer_encoding encoding, struct sink *out, struct anomalies *seen)
{
    struct view v = out->in.bytes;
    switch (encoding) {
    case TRANSFER_7BIT:
        sink_copy(out, 0, v.n);
        break;
    case TRANSFER_QUOTED_PRINTABLE:
        qp_decode(out, seen);
        break;
    case TRANSFER_UUENCODE:
        uu_decode(out, seen);
        break;
    case TRANSFER_BASE64: {
        struct base64 b = {0};
        base64_add(&b, out, 0, v.n);
        bool odd = b.n != 0;
        base64_end(&b, out, v.n);
        if ((odd || b.foreign) && !out->full)
            note(seen, ANOMALY_BASE64_BROKEN);
        break;
    }
    }
}

uint32_t transfer_size(enum transfer_encoding encoding, struct view encoded)
{
    size_t n = encoded.n, line = view_find_byte(encoded, '\n');
    size_t ending = line > 0 && line < n && encoded.p[line - 1] == '\r' ? 2 : 1;
    size_t letters = line + 1 > ending ? line + 1 - ending : 1;
    if (line < n && (encoding == TRANSFER_BASE64 || encoding == TRANSFER_UUENCODE))
        n -= n / (letters + ending) * ending;
    if (encoding == TRANSFER_BASE64) {
        n = n / 4 * 3;
        for (size_t i = encoded.n; i > 0 && encoded.n - i < 4 && n > 0; i--)
            n -= encoded.p[i - 1] == '=';
    } else if (encoding == TRANSFER_UUENCODE) {
        n = n / (letters > 1 ? letters : 1) * (letters - 1) / 4 * 3;
    }
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

enum transfer_encoding transfer_find(struct view value, bool *known)
{
    static const struct {
        struct view name;
        enum transfer_encoding encoding;
    } rows[] = {
        {VIEW_LITERAL("7bit"), TRANSFER_7BIT},
        {VIEW_LITERAL("8bit"), TRANSFER_7BIT},
        {VIEW_LITERAL("base64"), TRANSFER_BASE64},
        {VIEW_LITERAL("quoted-printable"), TRANSFER_QUOTED_PRINTABLE},
        {VIEW_LITERAL("binary"), TRANSFER_7BIT},
        {VIEW_LITERAL("7-bit"), TRANSFER_7BIT},
        {VIEW_LITERAL("8-bit"), TRANSFER_7BIT},
        {VIEW_LITERAL("7bits"), TRANSFER_7BIT},
        {VIEW_LITERAL("8bits"), TRANSFER_7BIT},
        {VIEW_LITERAL("base-64"), TRANSFER_BASE64},
        {VIEW_LITERAL("quoted"), TRANSFER_QUOTED_PRINTABLE},
        {VIEW_LITERAL("quotedprintable"), TRANSFER_QUOTED_PRINTABLE},
        {VIEW_LITERAL("quoted_printable"), TRANSFER_QUOTED_PRINTABLE},
        {VIEW_LITERAL("x-uuencode"), TRANSFER_UUENCODE},
        {VIEW_LITERAL("x-uuencoded"), TRANSFER_UUENCODE},
        {VIEW_LITERAL("x-uue"), TRANSFER_UUENCODE},
        {VIEW_LITERAL("uuencode"), TRANSFER_UUENCODE},
        {VIEW_LITERAL("uuencoded"), TRANSFER_UUENCODE},
        {VIEW_LITERAL("none"), TRANSFER_7BIT},
    };
    *known = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (view_eq_nocase(value, rows[i].name))
            return rows[i].encoding;
    *known = false;
    return TRANSFER_7BIT;
}
