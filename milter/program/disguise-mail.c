#include "program/disguise-mail.h"

#include "text/text.h"

enum { TEXT_MAX = 8 << 20, LINE = 57 /* bytes that fill a base64 line of 76 */ };

static enum status base64_add(struct buf *out, struct view v, bool lines)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum status status = STATUS_OK;
    for (size_t i = 0; i < v.n && status == STATUS_OK; i += 3) {
        size_t have = v.n - i < 3 ? v.n - i : 3;
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < have ? (unsigned char)v.p[i + k] : 0u);
        char quad[5];
        for (unsigned k = 0; k < 4; k++)
            quad[k] = k <= have ? digits[bits >> (18 - 6 * k) & 63] : '=';
        quad[4] = '\n';
        bool ends = lines && ((i + 3) % LINE == 0 || i + 3 >= v.n);
        status = buf_add(out, (struct view){quad, ends ? 5 : 4});
    }
    return status;
}

/* Each encoded-word holds whole characters and stays below 75 characters (RFC 2047 section 2). */
static enum status subject_add(struct buf *out, struct view subject)
{
    enum status status = buf_add(out, VIEW("Subject:"));
    for (size_t i = 0; i < subject.n && status == STATUS_OK;) {
        size_t end = i;
        while (end < subject.n) {
            uint32_t cp;
            size_t took = utf8_decode(subject.p + end, subject.n - end, &cp);
            if (end + took - i > 42)
                break;
            end += took;
        }
        status = buf_add(out, i == 0 ? VIEW(" =?utf-8?B?") : VIEW("\n =?utf-8?B?"));
        if (status == STATUS_OK)
            status = base64_add(out, view_sub(subject, i, end), false);
        if (status == STATUS_OK)
            status = buf_add(out, VIEW("?="));
        i = end;
    }
    return status == STATUS_OK ? buf_add_byte(out, '\n') : status;
}

/* Fields that say how the body is packed or that we write anew. */
static bool field_is_ours(struct view name)
{
    return view_starts_nocase(name, VIEW("Content-")) || view_eq_nocase(name, VIEW("Subject")) ||
           view_eq_nocase(name, VIEW("MIME-Version"));
}

static enum status fields_add(struct buf *out, const struct part *top)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < top->n_headers && status == STATUS_OK; i++) {
        const struct header *h = &top->headers[i];
        if (field_is_ours(h->name))
            continue;
        status = buf_add(out, h->name);
        if (status == STATUS_OK)
            status = buf_add_byte(out, ':');
        if (status == STATUS_OK)
            status = buf_add(out, h->raw);
        if (status == STATUS_OK)
            status = buf_add_byte(out, '\n');
    }
    return status;
}

static enum status html_escape(struct buf *out, struct view text)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < text.n && status == STATUS_OK; i++) {
        char c = text.p[i];
        status = buf_add(out, c == '<'    ? VIEW("&lt;")
                              : c == '>'  ? VIEW("&gt;")
                              : c == '&'  ? VIEW("&amp;")
                              : c == '\n' ? VIEW("<br>\n")
                                          : (struct view){&c, 1});
    }
    return status;
}

/* Big-endian with a byte order mark, as RFC 2781 asks of "utf-16". */
static enum status utf16_encode(struct buf *out, struct view text)
{
    enum status status = buf_add(out, VIEW("\xFE\xFF"));
    for (size_t i = 0; i < text.n && status == STATUS_OK;) {
        uint32_t cp;
        i += utf8_decode(text.p + i, text.n - i, &cp);
        uint32_t units[2] = {cp, 0};
        unsigned n = 1;
        if (cp > 0xFFFF) {
            units[0] = 0xD800 + ((cp - 0x10000) >> 10);
            units[1] = 0xDC00 + ((cp - 0x10000) & 0x3FF);
            n = 2;
        }
        for (unsigned k = 0; k < n && status == STATUS_OK; k++) {
            const char pair[2] = {(char)(units[k] >> 8), (char)(units[k] & 0xFF)};
            status = buf_add(out, (struct view){pair, 2});
        }
    }
    return status;
}

/*
 * Applies the kinds of one form in turn. The two buffers take turns; *in is where the text is and
 * where the result will be.
 */
static enum status apply(const struct disguises *d, enum disguise_form form, struct buf **in,
                         struct buf **spare)
{
    for (unsigned i = 0; i < d->n; i++) {
        if (d->kind[i]->form != form)
            continue;
        unsigned strength = d->strength > 0 ? d->strength : d->kind[i]->usual;
        buf_clear(*spare);
        enum status status =
            disguise_text(d->kind[i], buf_view(*in), strength, d->seed + i, *spare);
        if (status != STATUS_OK)
            return status;
        struct buf *swap = *in;
        *in = *spare;
        *spare = swap;
    }
    return STATUS_OK;
}

struct work {
    struct mail_reader *reader;
    struct arena arena;
    struct buf a, b;
};

static bool has_form(const struct disguises *d, enum disguise_form form)
{
    for (unsigned i = 0; i < d->n; i++)
        if (d->kind[i]->form == form)
            return true;
    return false;
}

static enum status body_make(const struct disguises *d, struct buf **in, struct buf **spare,
                             struct buf *out)
{
    bool html = has_form(d, DISGUISE_MARKUP), utf16 = has_form(d, DISGUISE_CONTAINER);
    enum status status = apply(d, DISGUISE_LETTERS, in, spare);
    if (status == STATUS_OK)
        status = apply(d, DISGUISE_LINES, in, spare);
    if (status == STATUS_OK && html) {
        buf_clear(*spare);
        status = html_escape(*spare, buf_view(*in));
        struct buf *swap = *in;
        *in = *spare;
        *spare = swap;
        if (status == STATUS_OK)
            status = apply(d, DISGUISE_MARKUP, in, spare);
    }
    if (status == STATUS_OK && utf16) {
        buf_clear(*spare);
        status = utf16_encode(*spare, buf_view(*in));
        struct buf *swap = *in;
        *in = *spare;
        *spare = swap;
    }
    if (status == STATUS_OK)
        status = buf_addf(out,
                          "MIME-Version: 1.0\nContent-Type: text/%s; charset=%s\n"
                          "Content-Transfer-Encoding: base64\n\n",
                          html ? "html" : "plain", utf16 ? "utf-16" : "utf-8");
    return status == STATUS_OK ? base64_add(out, buf_view(*in), true) : status;
}

static enum status mail_make(const struct disguises *d, struct work *w, const struct message *m,
                             const struct text *t, struct buf *out)
{
    struct buf *in = &w->a, *spare = &w->b;
    enum status status = fields_add(out, &m->parts[0]);
    for (uint32_t s = 0; s < t->n_segments && status == STATUS_OK; s++) {
        if (t->segments[s].kind != SEGMENT_SUBJECT)
            continue;
        buf_clear(in);
        status = buf_add(in, t->segments[s].visible);
        if (status == STATUS_OK)
            status = apply(d, DISGUISE_LETTERS, &in, &spare);
        if (status == STATUS_OK)
            status = subject_add(out, buf_view(in));
        break;
    }
    /* Of alternatives that say the same, the longest is what most readers see. */
    struct view longest = VIEW_NONE;
    for (uint32_t s = 0; s < t->n_segments; s++)
        if (t->segments[s].kind == SEGMENT_BODY && t->segments[s].visible.n > longest.n)
            longest = t->segments[s].visible;
    buf_clear(in);
    if (status == STATUS_OK)
        status = buf_add(in, longest);
    return status == STATUS_OK ? body_make(d, &in, &spare, out) : status;
}

enum status disguise_mail(const struct disguises *d, struct view raw, struct buf *out)
{
    struct limits limits = limits_default();
    struct work w = {0};
    struct message m;
    struct text t;
    arena_init(&w.arena, limits.arena_bytes);
    buf_init(&w.a, TEXT_MAX);
    buf_init(&w.b, TEXT_MAX);
    enum status status = mail_reader_new(&w.reader);
    if (status == STATUS_OK)
        status = message_parse(w.reader, raw, &limits, &w.arena, &m);
    if (status == STATUS_OK)
        status = text_read(w.reader, &m, &limits, &w.arena, &t);
    if (status == STATUS_OK)
        status = mail_make(d, &w, &m, &t, out);
    mail_reader_free(&w.reader);
    buf_fini(&w.a);
    buf_fini(&w.b);
    arena_fini(&w.arena);
    return status;
}
