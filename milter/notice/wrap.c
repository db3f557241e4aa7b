/*
 * Wrap: a new message with the notice first and the original, byte for byte, as message/rfc822. The
 * headers that make threads, filters and replies work stay where they are; only those that describe
 * the body are replaced.
 */
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#include "notice/rewrite.h"

enum { BOUNDARY_BYTES = 64, BOUNDARY_TRIES = 8 };

/*
 * Made of the message itself: no sender can write into a letter the hash that this letter has. Kept
 * apart from what stands in it all the same.
 */
static bool boundary_make(struct view raw, char out[BOUNDARY_BYTES])
{
    for (unsigned i = 0; i < BOUNDARY_TRIES; i++) {
        struct sha256_ctx hash;
        uint8_t digest[12], salt = (uint8_t)i;
        sha256_init(&hash);
        sha256_update(&hash, raw.n, (const uint8_t *)raw.p);
        sha256_update(&hash, 1, &salt);
        sha256_digest(&hash, sizeof digest, digest);
        size_t n = (size_t)snprintf(out, BOUNDARY_BYTES, "=_notice_");
        for (size_t k = 0; k < sizeof digest; k++)
            n += (size_t)snprintf(out + n, BOUNDARY_BYTES - n, "%02x", digest[k]);
        if (view_find(raw, view_of(out)) == raw.n)
            return true;
    }
    return false;
}

static bool eight_bit(struct view v)
{
    return utf8_ascii_prefix(v) < v.n;
}

/* The fields that say how a body is to be read, in the message as it came: each once. */
static enum status body_headers(struct rewriting *r, const char *boundary)
{
    static const struct view ours[] = {VIEW_LITERAL("MIME-Version"), VIEW_LITERAL("Content-Type"),
                                       VIEW_LITERAL("Content-Transfer-Encoding")};
    char type[128];
    (void)snprintf(type, sizeof type, "multipart/mixed; boundary=\"%s\"", boundary);
    const char *const values[] = {"1.0", type, eight_bit(r->raw) ? "8bit" : "7bit"};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < 3 && status == STATUS_OK; i++)
        status = header_plan(r, ours[i], values[i]);
    const struct part *top = &r->message.parts[0];
    for (uint32_t i = 0; i < top->n_headers && status == STATUS_OK; i++) {
        struct view name = top->headers[i].name;
        bool known =
            !view_starts_nocase(name, VIEW("Content-")) && !view_eq_nocase(name, VIEW("Lines"));
        for (unsigned k = 0; k < r->out->n_edits; k++)
            known = known || view_eq_nocase(name, view_of(r->out->edits[k].name));
        if (!known)
            status = header_plan(r, name, NULL);
    }
    return status;
}

static enum status part_add_text(struct buf *b, const char *boundary, const char *type,
                                 struct view text)
{
    enum status status = buf_addf(b,
                                  "--%s-alt\r\nContent-Type: text/%s; charset=utf-8\r\n"
                                  "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                                  boundary, type);
    if (status == STATUS_OK)
        status = quoted_write(b, text);
    return status == STATUS_OK ? buf_add(b, VIEW("\r\n")) : status;
}

static enum status body_make(struct rewriting *r, const struct notice *notice, const char *boundary)
{
    struct buf *b = &r->out->body;
    enum status status =
        buf_addf(b, "--%s\r\nContent-Type: multipart/alternative; boundary=\"%s-alt\"\r\n\r\n",
                 boundary, boundary);
    if (status == STATUS_OK)
        status = part_add_text(b, boundary, "plain", notice->text);
    if (status == STATUS_OK)
        status = part_add_text(b, boundary, "html", notice->document);
    if (status == STATUS_OK)
        status = buf_addf(b,
                          "--%s-alt--\r\n\r\n--%s\r\nContent-Type: message/rfc822\r\n"
                          "Content-Transfer-Encoding: %s\r\nContent-Disposition: attachment; "
                          "filename=\"original-message.eml\"\r\n\r\n",
                          boundary, boundary, eight_bit(r->raw) ? "8bit" : "7bit");
    if (status == STATUS_OK)
        status = buf_add(b, r->raw);
    return status == STATUS_OK ? buf_addf(b, "\r\n--%s--\r\n", boundary) : status;
}

/* Reads the result as any program would. */
static enum status prove(struct rewriting *r, const char *boundary)
{
    struct message m;
    struct buf whole;
    buf_init(&whole, r->out->body.n + 256);
    enum status status = buf_addf(
        &whole, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n",
        boundary);
    if (status == STATUS_OK)
        status = buf_add(&whole, buf_view(&r->out->body));
    if (status == STATUS_OK)
        status = message_parse(r->reader, buf_view(&whole), &r->limits, &r->out->arena, &m);
    if (status == STATUS_OK) {
        const struct part *p = m.parts;
        bool good = m.n_parts >= 6 && view_eq(p[1].subtype, VIEW("alternative")) &&
                    view_eq(p[2].subtype, VIEW("plain")) && view_eq(p[3].subtype, VIEW("html")) &&
                    p[4].kind == PART_MESSAGE && view_eq(p[4].encoded, r->raw) &&
                    p[4].next == PART_NONE;
        status = good ? STATUS_OK : STATUS_INVALID;
    }
    buf_fini(&whole);
    return status;
}

enum status wrap_make(struct rewriting *r, const struct notice *notice)
{
    char boundary[BOUNDARY_BYTES];
    if (!boundary_make(r->raw, boundary))
        return STATUS_INVALID;
    enum status status = body_headers(r, boundary);
    if (status == STATUS_OK)
        status = body_make(r, notice, boundary);
    return status == STATUS_OK ? prove(r, boundary) : status;
}
