#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store/record.h"

enum { TREE_BYTES_MAX = 128 << 20 };

static enum record_state changed(struct record *r, const char *what)
{
    r->changed = what;
    return RECORD_CHANGED;
}

/* The digest at the end holds for all that is before it, sealed or not. */
static bool trailer_take(struct view *file)
{
    if (file->n < TRAILER_BYTES)
        return false;
    struct view body = view_sub(*file, 0, file->n - TRAILER_BYTES);
    struct view trailer = view_sub(*file, body.n, file->n);
    char want[STORE_DIGEST_BYTES];
    store_digest(body, want);
    *file = body;
    return view_eq(view_sub(trailer, 0, 8), VIEW(RECORD_TRAILER)) &&
           view_eq(view_sub(trailer, 8, 8 + 64), view_of(want)) &&
           trailer.p[TRAILER_BYTES - 1] == '\n';
}

static bool is_key_id(struct view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (!ascii_is_digit((unsigned char)v.p[i]) && (v.p[i] < 'a' || v.p[i] > 'f'))
            return false;
    return v.n == STORE_KEY_ID_BYTES - 1;
}

/* Opens all chunks into r->payload. */
static enum record_state unseal(struct record *r, struct view head, struct view body,
                                const struct store_key *key)
{
    unsigned char stream_key[STREAM_KEY_BYTES];
    crypto_secretstream_xchacha20poly1305_state stream;
    const unsigned char *p = (const unsigned char *)body.p;
    if (body.n < SEALED_KEY_BYTES + STREAM_HEADER_BYTES + CHUNK_EXTRA)
        return changed(r, "it is cut off");
    if (crypto_box_seal_open(stream_key, p, SEALED_KEY_BYTES, key->public_bytes,
                             key->secret_bytes) != 0)
        return changed(r, "its key does not open");
    bool good = crypto_secretstream_xchacha20poly1305_init_pull(&stream, p + SEALED_KEY_BYTES,
                                                                stream_key) == 0;
    sodium_memzero(stream_key, sizeof stream_key);
    unsigned char tag = 0;
    body = view_sub(body, SEALED_KEY_BYTES + STREAM_HEADER_BYTES, body.n);
    if (buf_reserve(&r->payload, body.n) != STATUS_OK)
        return RECORD_NO_MEMORY;
    while (good && body.n > 0 && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
        struct view chunk = view_sub(body, 0, CHUNK_BYTES + CHUNK_EXTRA);
        unsigned long long n = 0;
        good = chunk.n >= CHUNK_EXTRA && crypto_secretstream_xchacha20poly1305_pull(
                                             &stream, (unsigned char *)r->payload.p + r->payload.n,
                                             &n, &tag, (const unsigned char *)chunk.p, chunk.n,
                                             (const unsigned char *)head.p, head.n) == 0;
        r->payload.n += good ? (size_t)n : 0;
        body = view_sub(body, chunk.n, body.n);
    }
    sodium_memzero(&stream, sizeof stream);
    if (!good || tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL || body.n > 0)
        return changed(r, "its content is not what was sealed");
    return RECORD_GOOD;
}

/* "<bytes of JSON> <bytes of message>\n", then just these. */
static bool payload_split(struct record *r)
{
    struct view v = buf_view(&r->payload);
    size_t end = view_find_byte(view_sub(v, 0, RECORD_SIZES_MAX), '\n');
    struct view line = view_sub(v, 0, end), rest = view_sub(v, end + 1, v.n);
    size_t blank = view_find_byte(line, ' ');
    uint64_t json, message;
    if (end >= v.n || !view_to_u64(view_sub(line, 0, blank), rest.n, &json) ||
        !view_to_u64(view_sub(line, blank + 1, line.n), rest.n, &message) ||
        json + message != rest.n)
        return false;
    r->json = view_sub(rest, 0, (size_t)json);
    r->message = view_sub(rest, (size_t)json, rest.n);
    return true;
}

static enum record_state content_check(struct record *r, const char *id)
{
    if (!payload_split(r))
        return changed(r, "its sizes do not add up");
    struct arena arena;
    const struct json_node *root;
    char digest[STORE_DIGEST_BYTES];
    arena_init(&arena, TREE_BYTES_MAX);
    enum status status = json_tree_read(r->json, &arena, &root);
    enum record_state state = RECORD_GOOD;
    store_digest(r->message, digest);
    if (status == STATUS_NO_MEMORY)
        state = RECORD_NO_MEMORY;
    else if (status != STATUS_OK)
        state = changed(r, "its description is not JSON");
    else if (!view_eq(json_member_text(root, "id"), view_of(id)))
        state = changed(r, "it is the record of another name");
    else if (!view_eq(json_member_text(json_member(root, "message"), "sha256"), view_of(digest)))
        state = changed(r, "the message has another SHA-256 than was recorded");
    arena_fini(&arena);
    return state;
}

enum record_state record_read(struct view file, const struct store_key *key, const char *id,
                              struct record *out)
{
    *out = (struct record){.sealed = false};
    buf_init(&out->payload, file.n);
    if (sodium_init() < 0)
        return RECORD_NO_MEMORY;
    if (!trailer_take(&file))
        return changed(out, "the digest at its end does not hold");
    const struct view sealed = VIEW(RECORD_SEALED_HEAD), plain = VIEW(RECORD_PLAIN_HEAD);
    struct view start = view_sub(file, 0, sealed.n);
    enum record_state state = RECORD_GOOD;
    if (view_eq(start, sealed)) {
        struct view head = view_sub(file, 0, sealed.n + STORE_KEY_ID_BYTES);
        struct view name = view_sub(head, sealed.n, head.n - 1);
        out->sealed = true;
        if (!is_key_id(name) || head.p[head.n - 1] != '\n')
            return changed(out, "its first line names no key");
        memcpy(out->key_id, name.p, name.n);
        if (key == NULL)
            return RECORD_SEALED;
        if (strcmp(key->id, out->key_id) != 0)
            return RECORD_OTHER_KEY;
        state = unseal(out, head, view_sub(file, head.n, file.n), key);
    } else if (view_eq(view_sub(file, 0, plain.n), plain)) {
        state = buf_add(&out->payload, view_sub(file, plain.n, file.n)) == STATUS_OK
                    ? RECORD_GOOD
                    : RECORD_NO_MEMORY;
    } else {
        return changed(out, "its first line is that of no record, or of a newer program's");
    }
    if (state == RECORD_GOOD)
        state = content_check(out, id);
    if (state != RECORD_GOOD)
        out->json = out->message = VIEW_NONE;
    return state;
}

void record_fini(struct record *r)
{
    if (r->payload.p != NULL)
        sodium_memzero(r->payload.p, r->payload.n);
    buf_fini(&r->payload);
    r->json = r->message = VIEW_NONE;
}
