/* Chooses how a message is rewritten, if at all. */
#include "notice/rewrite.h"

#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

const char *const annotate_mode_names[] = {"header", "wrap", "inline", "auto", NULL};

enum { REWRITE_ARENA_MAX = 64 << 20 };

static unsigned header_count(const struct part *top, struct view name)
{
    unsigned n = 0;
    for (const struct header *h = part_header(top, name); h != NULL; h = part_header_next(top, h))
        n++;
    return n;
}

enum status header_plan(struct rewriting *r, struct view name, const char *value)
{
    struct rewrite *out = r->out;
    unsigned have = header_count(&r->message.parts[0], name);
    if (have == 0 && value == NULL)
        return STATUS_OK;
    if (out->n_edits == HEADER_EDITS_MAX)
        return STATUS_INVALID;
    struct header_edit *e = &out->edits[out->n_edits];
    *e = (struct header_edit){.name = arena_string(&out->arena, name), .have = have};
    if (value != NULL)
        e->value = arena_string(&out->arena, view_of(value));
    if (e->name == NULL || (value != NULL && e->value == NULL))
        return STATUS_NO_MEMORY;
    out->n_edits++;
    return STATUS_OK;
}

static enum status try_one(struct rewriting *r, const struct notices *n, struct notice_wish notice,
                           enum annotate_mode mode)
{
    struct notice text;
    struct rewrite *out = r->out;
    notice.place = mode == ANNOTATE_WRAP ? NOTICE_ATTACHED : NOTICE_ABOVE;
    enum status status = notice_render(n, &notice, &out->arena, &text);
    if (status == STATUS_OK)
        status = mode == ANNOTATE_WRAP ? wrap_make(r, &text) : inline_make(r, &text);
    if (status == STATUS_OK) {
        out->done = mode;
        out->reason = NULL;
        out->language = notices_language(n, notice.languages[0]);
        return status;
    }
    buf_clear(&out->body);
    out->n_edits = 0;
    return status == STATUS_LIMIT ? STATUS_INVALID : status;
}

static enum status choose(struct rewriting *r, const struct notices *n,
                          const struct notice_wish *notice)
{
    enum annotate_mode mode = r->wish->mode;
    const struct part *top = &r->message.parts[0];
    enum status status = STATUS_INVALID;
    /* Who signed the message wants it whole: only a wrapped original can still be verified. */
    bool wrap_first = mode == ANNOTATE_AUTO &&
                      (r->wish->strong || part_header(top, VIEW("DKIM-Signature")) != NULL);
    /* A notice that is not seen helps nobody. */
    bool covered = mode != ANNOTATE_WRAP && cover_possible(&r->message, mode == ANNOTATE_AUTO);
    if (mode != ANNOTATE_WRAP && !wrap_first && !covered)
        status = try_one(r, n, *notice, ANNOTATE_INLINE);
    if (status == STATUS_INVALID && (mode != ANNOTATE_INLINE || covered))
        status = try_one(r, n, *notice, ANNOTATE_WRAP);
    if (status == STATUS_INVALID)
        r->out->reason = "shape";
    return status == STATUS_INVALID ? STATUS_OK : status;
}

enum status rewrite_make(const struct notices *n, const struct notice_wish *notice,
                         const struct rewrite_wish *wish, struct mail_reader *reader,
                         struct view raw, struct rewrite *out)
{
    *out = (struct rewrite){.done = ANNOTATE_HEADER};
    arena_init(&out->arena, REWRITE_ARENA_MAX > wish->limits.arena_bytes
                                ? REWRITE_ARENA_MAX
                                : wish->limits.arena_bytes);
    buf_init(&out->body, raw.n * 2 + REWRITE_OVERHEAD);
    if (wish->mode == ANNOTATE_HEADER)
        return STATUS_OK;
    struct rewriting r = {.wish = wish, .reader = reader, .limits = wish->limits, .raw = raw};
    r.out = out;
    enum status status = message_parse(reader, raw, &r.limits, &out->arena, &r.message);
    if (status != STATUS_OK)
        return status;
    out->reason = shape_refuses(&r);
    if (out->reason != NULL)
        return STATUS_OK;
    /* What we add must not be what is cut off when the result is read again. */
    r.limits.message_bytes = UINT32_MAX;
    r.limits.decoded_bytes += REWRITE_OVERHEAD;
    r.limits.parts += 8;
    r.limits.nesting += 2;
    status = choose(&r, n, notice);
    return wish->limits.budget != NULL && wish->limits.budget->spent ? STATUS_DEADLINE : status;
}

void rewrite_fini(struct rewrite *r)
{
    buf_fini(&r->body);
    arena_fini(&r->arena);
}

void notice_seal(const unsigned char key[SEAL_KEY_BYTES], struct view body, char out[SEAL_BYTES])
{
    struct hmac_sha256_ctx hmac;
    uint8_t digest[(SEAL_BYTES - 1) / 2];
    /* MTAs add or take empty lines at the end. */
    while (body.n > 0 && (body.p[body.n - 1] == '\n' || body.p[body.n - 1] == '\r'))
        body.n--;
    hmac_sha256_set_key(&hmac, SEAL_KEY_BYTES, key);
    hmac_sha256_update(&hmac, body.n, (const uint8_t *)body.p);
    hmac_sha256_digest(&hmac, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

bool notice_sealed(const unsigned char key[SEAL_KEY_BYTES], struct view body, struct view seal)
{
    char want[SEAL_BYTES];
    unsigned differs = 0;
    if (seal.n != SEAL_BYTES - 1)
        return false;
    notice_seal(key, body, want);
    for (size_t i = 0; i < seal.n; i++)
        differs |= (unsigned)(unsigned char)want[i] ^ (unsigned)(unsigned char)seal.p[i];
    return differs == 0;
}
