/*
 * Inline: the notice as bytes in front of the text of each part that is shown, in that part's own
 * encoding and charset. Nothing else of the message is written anew.
 */
#include <string.h>

#include "notice/rewrite.h"

enum { TARGETS_MAX = 8 }; /* a multipart/alternative has two or three */

struct target {
    uint32_t part;
    size_t from, to;      /* the bytes of raw that are replaced; from == to: inserted */
    struct view replaced; /* by these */
};

struct splice {
    struct rewriting *r;
    const struct notice *notice;
    struct target v[TARGETS_MAX];
    unsigned n;
};

static bool text_of(const struct part *p, const char *subtype)
{
    return view_eq(p->type, VIEW("text")) && view_eq(p->subtype, view_of(subtype));
}

/* A text that is shown, and about which everybody agrees what it is. */
static bool target_add(struct splice *s, uint32_t index)
{
    const struct part *p = &s->r->message.parts[index];
    bool known = (text_of(p, "plain") && !p->html) || (text_of(p, "html") && p->html);
    if (p->kind != PART_TEXT || p->attachment || p->truncated || !known || s->n == TARGETS_MAX ||
        p->first_child != PART_NONE)
        return false;
    s->v[s->n++].part = index;
    return true;
}

/* The first thing shown: text, each alternative, the root of a related. No recursion: two levels.
 */
static bool targets_find(struct splice *s)
{
    const struct part *parts = s->r->message.parts;
    uint32_t at = 0;
    while (parts[at].kind == PART_MULTIPART && !view_eq(parts[at].subtype, VIEW("alternative"))) {
        bool mixed = view_eq(parts[at].subtype, VIEW("mixed"));
        const struct header *h = part_header(&parts[at], VIEW("Content-Type"));
        /* A related may name another root than its first part. */
        bool start = h != NULL && view_find_nocase(h->raw, VIEW("start=")) < h->raw.n;
        if ((!mixed && (!view_eq(parts[at].subtype, VIEW("related")) || start)) ||
            parts[at].first_child == PART_NONE)
            return false;
        at = parts[at].first_child;
    }
    if (parts[at].kind != PART_MULTIPART)
        return target_add(s, at);
    for (uint32_t i = parts[at].first_child; i != PART_NONE; i = parts[i].next) {
        uint32_t leaf = i;
        if (parts[i].kind == PART_MULTIPART && view_eq(parts[i].subtype, VIEW("related")))
            leaf = parts[i].first_child;
        if (leaf == PART_NONE || !target_add(s, leaf))
            return false;
    }
    return s->n > 0;
}

static bool declares(const struct part *p, struct view encoding)
{
    const struct header *h = part_header(p, VIEW("Content-Transfer-Encoding"));
    return h != NULL && view_eq_nocase(view_trim(h->raw), encoding);
}

/* What is inserted, in the part's charset, LF lines. */
static enum status words_for(struct splice *s, const struct part *p, struct view *out)
{
    struct arena *arena = &s->r->out->arena;
    struct buf b;
    buf_init(&b, REWRITE_OVERHEAD);
    enum status status;
    if (p->html) {
        status = references_write(&b, s->notice->html);
        *out = arena_copy(arena, buf_view(&b));
    } else {
        status = buf_add(&b, s->notice->text);
        if (status == STATUS_OK)
            status = buf_add(&b, VIEW("\n"));
        *out = arena_copy(arena, buf_view(&b));
        if (status == STATUS_OK &&
            charset_encode(s->r->reader, *out, p->charset, arena, out) == STATUS_INVALID) {
            struct view utf8 = arena_copy(arena, buf_view(&b));
            buf_clear(&b);
            status = plain_signs_write(&b, utf8);
            if (status == STATUS_OK)
                status = charset_encode(s->r->reader, buf_view(&b), p->charset, arena, out);
        }
    }
    buf_fini(&b);
    if (status == STATUS_OK && out->p == NULL)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK && p->encoding == TRANSFER_7BIT && !declares(p, VIEW("8bit")) &&
        utf8_ascii_prefix(*out) < out->n)
        status = STATUS_INVALID;
    return status;
}

static bool begins_with_mark(struct view v)
{
    return v.n >= 3 && memcmp(v.p, "\xEF\xBB\xBF", 3) == 0;
}

/* Base64 is decoded, put together and encoded again, by the same rules. */
static enum status base64_splice(struct splice *s, struct target *t, const struct part *p,
                                 struct view words, struct buf *b)
{
    struct arena *arena = &s->r->out->arena;
    struct view old = part_decoded_prefix(&s->r->message, p, arena, UINT32_MAX);
    struct view encoded = p->encoded;
    struct buf joined;
    size_t at = 0;
    if (old.n == 0 || begins_with_mark(old) || (p->html && !html_page_start(old, &at)))
        return STATUS_INVALID;
    buf_init(&joined, old.n + REWRITE_OVERHEAD);
    enum status status = buf_add(&joined, view_sub(old, 0, at));
    if (status == STATUS_OK)
        status = crlf_write(&joined, words);
    if (status == STATUS_OK)
        status = buf_add(&joined, view_sub(old, at, old.n));
    if (status == STATUS_OK)
        status = base64_write(b, buf_view(&joined));
    buf_fini(&joined);
    while (encoded.n > 0 && ascii_is_space((unsigned char)encoded.p[encoded.n - 1]))
        encoded.n--;
    t->from = p->body.from;
    t->to = t->from + encoded.n;
    return status;
}

/* Where in the message the shown part of an HTML text begins; SIZE_MAX: nowhere that is sure. */
static size_t html_place(struct view raw, const struct part *p)
{
    size_t at;
    if (!html_page_start(p->content.text, &at))
        return SIZE_MAX;
    if (at >= p->content.text.n)
        return p->body.to;
    at = spanmap_source(&p->content.map, (uint32_t)at);
    /* Not between the two halves of a line end. */
    bool halves = at > 0 && at < raw.n && raw.p[at] == '\n' && raw.p[at - 1] == '\r';
    return halves ? at - 1 : at;
}

static enum status plain_splice(struct splice *s, struct target *t, const struct part *p,
                                struct view words, struct buf *b)
{
    bool quoted = p->encoding == TRANSFER_QUOTED_PRINTABLE;
    size_t place = p->html ? html_place(s->r->raw, p) : p->body.from;
    if (place == SIZE_MAX || place < p->body.from || place > p->body.to ||
        begins_with_mark(view_sub(s->r->raw, p->body.from, p->body.to)))
        return STATUS_INVALID;
    t->from = t->to = place;
    bool inside = place > p->body.from && s->r->raw.p[place - 1] != '\n';
    enum status status = STATUS_OK;
    if (inside)
        status = buf_add(b, quoted ? VIEW("=\r\n") : VIEW("\r\n"));
    if (status == STATUS_OK)
        status = quoted ? quoted_write(b, words) : crlf_write(b, words);
    return status;
}

static enum status target_make(struct splice *s, struct target *t)
{
    const struct part *p = &s->r->message.parts[t->part];
    struct view words;
    struct buf b;
    if (p->encoding == TRANSFER_UUENCODE)
        return STATUS_INVALID;
    enum status status = words_for(s, p, &words);
    if (status != STATUS_OK)
        return status;
    buf_init(&b, s->r->raw.n * 2 + REWRITE_OVERHEAD);
    status = p->encoding == TRANSFER_BASE64 ? base64_splice(s, t, p, words, &b)
                                            : plain_splice(s, t, p, words, &b);
    if (status == STATUS_OK) {
        t->replaced = arena_copy(&s->r->out->arena, buf_view(&b));
        if (t->replaced.p == NULL)
            status = STATUS_NO_MEMORY;
    }
    buf_fini(&b);
    return status;
}

enum status inline_make(struct rewriting *r, const struct notice *notice)
{
    struct splice s = {.r = r, .notice = notice};
    struct anomalies *seen = &r->message.anomalies;
    bool *changed = arena_calloc(&r->out->arena, r->message.n_parts, sizeof *changed);
    if (changed == NULL)
        return STATUS_NO_MEMORY;
    /* Bytes that are not what they claim to be are better left alone. */
    if (!targets_find(&s) || seen->count[ANOMALY_BASE64_BROKEN] > 0 ||
        seen->count[ANOMALY_QP_BROKEN] > 0 || seen->count[ANOMALY_CHARSET_LIE] > 0 ||
        seen->count[ANOMALY_CHARSET_MISSING_8BIT] > 0 || seen->count[ANOMALY_BODY_NUL] > 0)
        return STATUS_INVALID;
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < s.n && status == STATUS_OK; i++) {
        status = target_make(&s, &s.v[i]);
        changed[s.v[i].part] = true;
    }
    /* Parts come in the order in which they stand, so the places rise. */
    size_t at = r->message.parts[0].body.from;
    for (unsigned i = 0; i < s.n && status == STATUS_OK; i++) {
        if (s.v[i].from < at)
            return STATUS_INVALID;
        status = buf_add(&r->out->body, view_sub(r->raw, at, s.v[i].from));
        if (status == STATUS_OK)
            status = buf_add(&r->out->body, s.v[i].replaced);
        at = s.v[i].to;
    }
    if (status == STATUS_OK)
        status = buf_add(&r->out->body, view_sub(r->raw, at, r->raw.n));
    static const struct view sums[] = {VIEW_LITERAL("Content-Length"), VIEW_LITERAL("Content-MD5"),
                                       VIEW_LITERAL("Lines")};
    for (size_t i = 0; i < 3 && status == STATUS_OK; i++)
        status = header_plan(r, sums[i], NULL);
    if (status == STATUS_OK && !inline_proved(r, changed))
        status = STATUS_INVALID;
    return status;
}
