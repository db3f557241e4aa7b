/* What a part is: its type, encoding, name and kind, from fields that may lie or be broken. */
#include <string.h>

#include "mail/convert.h"
#include "mail/parameter.h"
#include "mail/parse.h"
#include "mail/transfer.h"

/* A copy in lower case; the literal itself when it is a well-known one. */
static struct view lower(struct parser *p, struct view v)
{
    static const struct view known[] = {
        VIEW_LITERAL("text"),  VIEW_LITERAL("plain"),       VIEW_LITERAL("html"),
        VIEW_LITERAL("utf-8"), VIEW_LITERAL("alternative"), VIEW_LITERAL("multipart"),
        VIEW_LITERAL("mixed"), VIEW_LITERAL("application"), VIEW_LITERAL("image"),
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (view_eq_nocase(v, known[i]))
            return known[i];
    struct view out = arena_copy(p->arena, v);
    char *at = (char *)(uintptr_t)out.p;
    for (size_t i = 0; i < out.n; i++)
        at[i] = (char)ascii_lower((unsigned char)at[i]);
    p->failed |= out.p == NULL;
    return out;
}

static bool type_token(struct view v)
{
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (!ascii_is_alnum(c) && memchr("!#$&-^_.+%'*`{|}~", c, 17) == NULL)
            return false;
    }
    return v.n > 0 && v.n <= 127;
}

/* "type/subtype"; a lone "text" or "multipart" is understood as well. */
static bool type_read(struct parser *p, struct part *part, struct view main)
{
    size_t slash = view_find_byte(main, '/');
    struct view type = view_sub(main, 0, slash), subtype = view_sub(main, slash + 1, main.n);
    if (!type_token(type))
        return false;
    if (!type_token(subtype)) {
        if (view_eq_nocase(type, VIEW("text")))
            subtype = VIEW("plain");
        else if (view_eq_nocase(type, VIEW("multipart")))
            subtype = VIEW("mixed");
        else
            return false;
        anomaly_note(p->seen, ANOMALY_CONTENT_TYPE_BROKEN);
    }
    part->type = lower(p, type);
    part->subtype = lower(p, subtype);
    return true;
}

static void boundary_add(struct boundary_list *list, struct view v)
{
    while (v.n > 0 && ascii_is_space((unsigned char)v.p[v.n - 1]))
        v.n--;
    for (uint32_t i = 0; i < list->n; i++)
        if (view_eq(list->v[i], v))
            return;
    if (v.n > 0 && list->n < sizeof list->v / sizeof list->v[0])
        list->v[list->n++] = v;
}

struct view part_name(struct parser *p, struct view v)
{
    for (size_t i = v.n; i > 0; i--) {
        if (v.p[i - 1] == '/' || v.p[i - 1] == '\\') {
            v = view_sub(v, i, v.n);
            break;
        }
    }
    struct view out = arena_copy(p->arena, view_trim(v));
    char *at = (char *)(uintptr_t)out.p;
    size_t n = 0;
    for (size_t i = 0; i < out.n; i++)
        if ((unsigned char)at[i] >= 32 && at[i] != 127)
            at[n++] = at[i];
    return (struct view){at, n};
}

static struct view name_read(struct parser *p, const struct field_value *v, enum parameter which)
{
    struct arena *scratch = &p->reader->scratch;
    struct parameter_value form;
    if (parameter_values(v, which, scratch, &form, 1) == 0)
        return VIEW_NONE;
    if (!form.extended || form.charset.n == 0)
        return part_name(p, value_decode(p->reader, form.bytes, scratch, p->seen));
    struct convert convert = {
        .charsets = &p->reader->charsets,
        .seen = p->seen,
        .mode = CONVERT_HEADER,
        .declared = true,
    };
    struct sink sink;
    struct spanmap map;
    struct view text;
    sink_init(&sink, scratch, p->limits->header_value_bytes);
    sink_read(&sink, input_of_map(form.bytes, NULL));
    convert_text(&convert, convert_choose(&convert, form.bytes, form.charset), &sink);
    sink_finish(&sink, true, &text, &map);
    return part_name(p, text);
}

struct description {
    unsigned content_types;
    bool readable; /* a Content-Type was understood */
    bool encoding_seen;
    bool smime_signed;
};

static void content_type_read(struct parser *p, struct entity *e, const struct header *h,
                              struct boundary_list *found, struct description *d)
{
    struct field_value v;
    struct arena *scratch = &p->reader->scratch;
    struct parameter_value form[4];
    if (!field_value_read(h->raw, scratch, &v)) {
        p->failed = true;
        return;
    }
    d->content_types++;
    if (v.duplicate)
        anomaly_note(p->seen, ANOMALY_PARAMETER_DUPLICATE);
    if (v.overflow)
        anomaly_note(p->seen, ANOMALY_HEADER_LIMIT);
    /* The boundaries of every Content-Type count: whichever the reader's program uses is found. */
    uint32_t n = parameter_values(&v, PARAMETER_BOUNDARY, scratch, form, 4);
    for (uint32_t i = 0; i < n; i++)
        boundary_add(found, form[i].bytes);
    if (n > 1 && form[0].extended)
        anomaly_note(p->seen, ANOMALY_PARAMETER_DUPLICATE);
    /* RFC 2231 allows pieces, few put them together: others see other parts (CVE-2024-28054). */
    if (n == 1 && form[0].extended)
        anomaly_note(p->seen, ANOMALY_BOUNDARY_ODD);
    if (d->readable)
        return;
    if (!type_read(p, &e->part, v.main)) {
        anomaly_note(p->seen, ANOMALY_CONTENT_TYPE_BROKEN);
        return;
    }
    d->readable = e->typed = true;
    if (parameter_values(&v, PARAMETER_CHARSET, scratch, form, 1) > 0)
        e->part.charset = lower(p, view_trim(form[0].bytes));
    if (parameter_values(&v, PARAMETER_FORMAT, scratch, form, 1) > 0)
        e->part.flowed = view_eq_nocase(view_trim(form[0].bytes), VIEW("flowed"));
    if (parameter_values(&v, PARAMETER_DELSP, scratch, form, 1) > 0)
        e->delsp = view_eq_nocase(view_trim(form[0].bytes), VIEW("yes"));
    if (parameter_values(&v, PARAMETER_SMIME_TYPE, scratch, form, 1) > 0)
        d->smime_signed = !view_eq_nocase(view_trim(form[0].bytes), VIEW("enveloped-data"));
    if (e->part.name.n == 0)
        e->part.name = name_read(p, &v, PARAMETER_NAME);
}

static void disposition_read(struct parser *p, struct entity *e, const struct header *h)
{
    struct field_value v;
    if (!field_value_read(h->raw, &p->reader->scratch, &v)) {
        p->failed = true;
        return;
    }
    e->part.attachment |= view_eq_nocase(v.main, VIEW("attachment"));
    if (v.duplicate)
        anomaly_note(p->seen, ANOMALY_PARAMETER_DUPLICATE);
    struct view name = name_read(p, &v, PARAMETER_FILENAME);
    if (name.n == 0)
        name = name_read(p, &v, PARAMETER_NAME);
    if (name.n > 0)
        e->part.name = name;
}

static void encoding_read(struct parser *p, struct entity *e, const struct header *h,
                          struct description *d)
{
    struct field_value v;
    bool known;
    if (!field_value_read(h->raw, &p->reader->scratch, &v)) {
        p->failed = true;
        return;
    }
    enum transfer_encoding encoding = transfer_find(v.main, &known);
    if (!known && v.main.n > 0)
        anomaly_note(p->seen, ANOMALY_ENCODING_UNKNOWN);
    if (known && !d->encoding_seen) {
        d->encoding_seen = true;
        e->part.encoding = encoding;
    }
}

static bool is(const struct part *part, const char *type, const char *subtype)
{
    return view_eq(part->type, view_of(type)) &&
           (subtype == NULL || view_eq(part->subtype, view_of(subtype)));
}

static void encrypted_check(struct parser *p, const struct part *part, bool smime_signed)
{
    bool smime = is(part, "application", "pkcs7-mime") || is(part, "application", "x-pkcs7-mime");
    if (is(part, "multipart", "encrypted") || (smime && !smime_signed))
        anomaly_note(p->seen, ANOMALY_ENCRYPTED);
}

static enum part_kind kind_of(const struct part *part)
{
    static const struct view texts[] = {
        VIEW_LITERAL("delivery-status"),          VIEW_LITERAL("global-delivery-status"),
        VIEW_LITERAL("disposition-notification"), VIEW_LITERAL("feedback-report"),
        VIEW_LITERAL("global-headers"),           VIEW_LITERAL("global-disposition-notification"),
    };
    if (is(part, "text", NULL) || is(part, "application", "xhtml+xml"))
        return PART_TEXT;
    if (is(part, "multipart", NULL))
        return PART_MULTIPART;
    if (!is(part, "message", NULL))
        return PART_OTHER;
    if (is(part, "message", "rfc822") || is(part, "message", "global") ||
        is(part, "message", "news"))
        return PART_MESSAGE;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (view_eq(part->subtype, texts[i]))
            return PART_TEXT;
    return PART_OTHER;
}

void part_describe(struct parser *p, uint32_t index, bool in_digest, struct boundary_list *found)
{
    struct entity *e = &p->v[index];
    struct description d = {0};
    found->n = 0;
    e->part.type = in_digest ? VIEW("message") : VIEW("text");
    e->part.subtype = in_digest ? VIEW("rfc822") : VIEW("plain");
    for (uint32_t i = 0; i < e->part.n_headers && !p->failed; i++) {
        const struct header *h = &p->headers[e->first_header + i];
        if (!view_starts_nocase(h->name, VIEW("content-")))
            continue;
        if (view_eq_nocase(h->name, VIEW("content-type")))
            content_type_read(p, e, h, found, &d);
        else if (view_eq_nocase(h->name, VIEW("content-disposition")))
            disposition_read(p, e, h);
        else if (view_eq_nocase(h->name, VIEW("content-transfer-encoding")))
            encoding_read(p, e, h, &d);
    }
    for (uint32_t i = 0; i < found->n; i++) {
        found->v[i] = arena_copy(p->arena, found->v[i]);
        p->failed |= found->v[i].p == NULL;
    }
    arena_reset(&p->reader->scratch);
    if (d.content_types > 1)
        anomaly_note(p->seen, ANOMALY_CONTENT_TYPE_DUPLICATE);
    if (d.content_types > 0 && !d.readable && found->n > 0) {
        e->part.type = VIEW("multipart");
        e->part.subtype = VIEW("mixed");
    }
    e->part.kind = kind_of(&e->part);
    e->part.html = is(&e->part, "text", "html") || is(&e->part, "application", "xhtml+xml");
    e->part.flowed &= is(&e->part, "text", "plain");
    e->part.attachment |= e->part.kind == PART_OTHER && e->part.name.n > 0;
    encrypted_check(p, &e->part, d.smime_signed);
}
