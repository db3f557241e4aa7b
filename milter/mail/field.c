/* Header sections: lines to fields, with whatever stands there that is no field. */
#include <string.h>

#include "mail/parse.h"

bool field_begins(struct view line, struct view *name, size_t *value)
{
    size_t n = 0;
    while (n < line.n && line.p[n] > 32 && line.p[n] < 127 && line.p[n] != ':')
        n++;
    size_t colon = n;
    while (colon < line.n && (line.p[colon] == ' ' || line.p[colon] == '\t'))
        colon++;
    if (n == 0 || colon >= line.n || line.p[colon] != ':')
        return false;
    *name = view_sub(line, 0, n);
    *value = colon + 1;
    return true;
}

static bool name_in(struct view name, const struct view *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (view_eq_nocase(name, rows[i]))
            return true;
    return false;
}

/* Fields that are read however many others stand above them: a limit must not blind the reader. */
static bool field_needed(struct view name)
{
    static const struct view rows[] = {
        VIEW_LITERAL("content-type"),
        VIEW_LITERAL("content-transfer-encoding"),
        VIEW_LITERAL("content-disposition"),
        VIEW_LITERAL("subject"),
        VIEW_LITERAL("from"),
        VIEW_LITERAL("to"),
        VIEW_LITERAL("cc"),
        VIEW_LITERAL("reply-to"),
        VIEW_LITERAL("sender"),
        VIEW_LITERAL("date"),
    };
    return name_in(name, rows, sizeof rows / sizeof rows[0]);
}

bool field_known(struct view name)
{
    static const struct view rows[] = {
        VIEW_LITERAL("received"),       VIEW_LITERAL("return-path"),
        VIEW_LITERAL("message-id"),     VIEW_LITERAL("mime-version"),
        VIEW_LITERAL("delivered-to"),   VIEW_LITERAL("dkim-signature"),
        VIEW_LITERAL("content-id"),     VIEW_LITERAL("resent-from"),
        VIEW_LITERAL("envelope-to"),    VIEW_LITERAL("list-id"),
        VIEW_LITERAL("content-length"),
    };
    return field_needed(name) || name_in(name, rows, sizeof rows / sizeof rows[0]) ||
           view_starts_nocase(name, VIEW("x-")) || view_starts_nocase(name, VIEW("content-"));
}

/* The end of the line at [at, end): position after it; *line without its ending. */
static size_t line_at(struct view bytes, size_t at, size_t end, struct view *line)
{
    size_t n = view_find_byte(view_sub(bytes, at, end), '\n');
    size_t next = at + n < end ? at + n + 1 : end;
    if (at + n < end && n > 0 && bytes.p[at + n - 1] == '\r')
        n--;
    *line = view_sub(bytes, at, at + n);
    return next;
}

static bool folded(struct view bytes, size_t at, size_t end)
{
    return at < end && (bytes.p[at] == ' ' || bytes.p[at] == '\t');
}

static void line_check(struct parser *p, struct view line)
{
    if (line.n > 998)
        anomaly_note(p->seen, ANOMALY_LINE_LONG);
    if (line.n > 0 && memchr(line.p, '\r', line.n) != NULL)
        anomaly_note(p->seen, ANOMALY_BARE_CR);
}

/* Eight bytes from the space up, without DEL; bytes beyond ASCII may be among them. */
static bool eight_shown(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t eight, del;
    memcpy(&eight, p, sizeof eight);
    del = eight ^ ones * 127;
    return ((((eight - ones * ' ') & ~eight) | ((del - ones) & ~del)) & tops) == 0;
}

static void value_check(struct parser *p, struct view raw)
{
    bool nul = false, control = false;
    for (size_t i = 0; i < raw.n;) {
        size_t end = raw.n - i < 8 ? raw.n : i + 8;
        if (end == i + 8 && eight_shown(raw.p + i))
            i = end;
        for (; i < end; i++) {
            unsigned char c = (unsigned char)raw.p[i];
            nul |= c == 0;
            control |= (c < 32 && c != '\t' && c != '\r' && c != '\n' && c != 0) || c == 127;
        }
    }
    if (nul)
        anomaly_note(p->seen, ANOMALY_HEADER_NUL);
    if (control)
        anomaly_note(p->seen, ANOMALY_HEADER_CONTROL);
    if (!utf8_valid(raw))
        anomaly_note(p->seen, ANOMALY_HEADER_8BIT);
}

/* Keeps one field, unless limits say otherwise. */
static void field_keep(struct parser *p, const struct source *s, struct view name, size_t from,
                       size_t to)
{
    const struct limits *limits = p->limits;
    struct view raw = view_sub(s->bytes, from, to);
    if (raw.n > limits->header_value_bytes) {
        anomaly_note(p->seen, ANOMALY_HEADER_LIMIT);
        raw.n = limits->header_value_bytes;
    }
    size_t size = (size_t)(s->bytes.p + to - name.p);
    if (p->n_headers - p->n_kept >= limits->headers ||
        size > limits->header_bytes - p->header_bytes) {
        anomaly_note(p->seen, ANOMALY_HEADER_LIMIT);
        if (!field_needed(name) || p->n_kept >= limits->headers)
            return;
        p->n_kept++;
    } else {
        p->header_bytes += (uint32_t)size;
    }
    struct header *v =
        arena_grow(p->arena, p->headers, &p->headers_cap, p->n_headers + 1, sizeof *v);
    if (v == NULL) {
        p->failed = true;
        return;
    }
    value_check(p, raw);
    p->headers = v;
    v[p->n_headers++] = (struct header){
        .name = name,
        .raw = raw,
        .offset = spanmap_source(&s->map, (uint32_t)from),
        .source = s->map.n > 0 ? s : NULL,
    };
}

/* Lines above the first field that are none: mbox separators, and empty lines. */
static size_t preface_skip(struct parser *p, const struct source *s, size_t at, size_t end)
{
    struct view line, name;
    /* A file that an editor saved may begin with a byte order mark. */
    if (view_starts_nocase(view_sub(s->bytes, at, end), VIEW("\xEF\xBB\xBF")))
        at += 3;
    size_t value, next = line_at(s->bytes, at, end, &line);
    if (view_starts_nocase(line, VIEW("From ")) || view_starts_nocase(line, VIEW(">From "))) {
        if (!field_begins(line, &name, &value)) {
            anomaly_note(p->seen, ANOMALY_FROM_LINE);
            return next;
        }
    }
    /* Empty lines are skipped only in front of what is a header section beyond doubt. */
    size_t after = at;
    while (after < end && line.n == 0)
        after = next, next = line_at(s->bytes, after, end, &line);
    bool known = after > at && field_begins(line, &name, &value) && field_known(name);
    return known ? after : at;
}

/*
 * A line that is no field. Mail programs skip it when the header section goes on below, so it is
 * skipped when the next line is a field or ends the section; otherwise text begins here.
 */
static bool text_begins(struct parser *p, const struct source *s, size_t at, size_t end, bool first,
                        struct section *out)
{
    struct view line, name;
    size_t value, next = line_at(s->bytes, at, end, &line);
    while (folded(s->bytes, next, end))
        next = line_at(s->bytes, next, end, &line);
    bool none = next >= end;
    (void)line_at(s->bytes, next, end, &line);
    bool field = field_begins(line, &name, &value);
    if (none || (first && !(field && field_known(name))) || (!field && line.n > 0))
        return true;
    anomaly_note(p->seen, ANOMALY_HEADER_BROKEN);
    if (!field && out->broken_from == 0)
        out->broken_from = at;
    return false;
}

size_t fields_read(struct parser *p, const struct source *s, size_t at, size_t end, bool message,
                   struct section *out)
{
    struct boundary_match match;
    *out = (struct section){.first = p->n_headers};
    bool any = false;
    if (message)
        at = preface_skip(p, s, at, end);
    while (at < end && !p->failed) {
        struct view line, name;
        size_t value, next = line_at(s->bytes, at, end, &line);
        line_check(p, line);
        if (line.n == 0) {
            at = next;
            goto done;
        }
        if (boundaries_match(&p->open, line, &match))
            break;
        bool field = field_begins(line, &name, &value);
        if (!field && text_begins(p, s, at, end, !any, out))
            break;
        size_t stop = at + line.n;
        while (folded(s->bytes, next, end)) {
            size_t from = next;
            next = line_at(s->bytes, next, end, &line);
            line_check(p, line);
            stop = from + line.n;
        }
        if (field) {
            if (name.p[name.n] != ':')
                anomaly_note(p->seen, ANOMALY_HEADER_SPACE_COLON);
            field_keep(p, s, name, at + value, stop);
            out->broken_from = 0;
            any = true;
        }
        at = next;
    }
    if (at < end && (any || !message))
        anomaly_note(p->seen, ANOMALY_HEADER_NO_SEPARATOR);
done:
    if (!any && message)
        anomaly_note(p->seen, ANOMALY_NO_HEADERS);
    out->n = p->n_headers - out->first;
    return at;
}
