#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/record.h"

_Static_assert(SEALED_KEY_BYTES == STREAM_KEY_BYTES + crypto_box_SEALBYTES &&
                   STREAM_KEY_BYTES == crypto_secretstream_xchacha20poly1305_KEYBYTES &&
                   STREAM_HEADER_BYTES == crypto_secretstream_xchacha20poly1305_HEADERBYTES &&
                   CHUNK_EXTRA == crypto_secretstream_xchacha20poly1305_ABYTES,
               "the sizes of record.h are libsodium's");

static size_t sizes_line(uint64_t json, uint64_t message, char out[RECORD_SIZES_MAX])
{
    int n = snprintf(out, RECORD_SIZES_MAX, "%llu %llu\n", (unsigned long long)json,
                     (unsigned long long)message);
    return n > 0 ? (size_t)n : 0;
}

uint64_t record_size(bool sealed, uint64_t json, uint64_t message)
{
    char sizes[RECORD_SIZES_MAX];
    uint64_t payload = sizes_line(json, message, sizes) + json + message;
    if (!sealed)
        return sizeof RECORD_PLAIN_HEAD - 1 + payload + TRAILER_BYTES;
    uint64_t chunks = (payload + CHUNK_BYTES - 1) / CHUNK_BYTES;
    return sizeof RECORD_SEALED_HEAD - 1 + STORE_KEY_ID_BYTES + SEALED_KEY_BYTES +
           STREAM_HEADER_BYTES + payload + chunks * CHUNK_EXTRA + TRAILER_BYTES;
}

/* The file that is being written, and the digest of what went in. */
struct output {
    int fd;
    crypto_hash_sha256_state digest;
};

static enum status put(struct output *o, const void *bytes, size_t n)
{
    struct view v = {bytes, n};
    (void)crypto_hash_sha256_update(&o->digest, bytes, n);
    while (v.n > 0) {
        ssize_t wrote = write(o->fd, v.p, v.n);
        if (wrote > 0)
            v = view_sub(v, (size_t)wrote, v.n);
        else if (wrote == 0 || errno != EINTR)
            return STATUS_IO;
    }
    return STATUS_OK;
}

enum { PIECES = 3 };

/* Takes up to room bytes off the front of the pieces. */
static size_t take(struct view pieces[PIECES], unsigned char *to, size_t room)
{
    size_t have = 0;
    for (unsigned i = 0; i < PIECES && have < room; i++) {
        struct view part = view_sub(pieces[i], 0, room - have);
        if (part.n > 0)
            memcpy(to + have, part.p, part.n);
        have += part.n;
        pieces[i] = view_sub(pieces[i], part.n, pieces[i].n);
    }
    return have;
}

static bool left(const struct view pieces[PIECES])
{
    return pieces[0].n + pieces[1].n + pieces[2].n > 0;
}

/* Everything that was secret is gone afterwards. */
struct sealing {
    unsigned char key[STREAM_KEY_BYTES];
    crypto_secretstream_xchacha20poly1305_state stream;
    unsigned char plain[CHUNK_BYTES], secret[CHUNK_BYTES + CHUNK_EXTRA];
};

static enum status put_sealed(struct output *o, const struct store_key *key,
                              struct view pieces[PIECES])
{
    struct sealing *s = malloc(sizeof *s);
    if (s == NULL)
        return STATUS_NO_MEMORY;
    char head[RECORD_HEAD_MAX];
    unsigned char sealed[SEALED_KEY_BYTES], header[STREAM_HEADER_BYTES];
    int n = snprintf(head, sizeof head, "%s%s\n", RECORD_SEALED_HEAD, key->id);
    size_t head_n = n > 0 ? (size_t)n : 0;
    crypto_secretstream_xchacha20poly1305_keygen(s->key);
    bool good = crypto_box_seal(sealed, s->key, sizeof s->key, key->public_bytes) == 0 &&
                crypto_secretstream_xchacha20poly1305_init_push(&s->stream, header, s->key) == 0;
    errno = EINVAL;
    enum status status = good ? put(o, head, head_n) : STATUS_IO;
    if (status == STATUS_OK)
        status = put(o, sealed, sizeof sealed);
    if (status == STATUS_OK)
        status = put(o, header, sizeof header);
    while (status == STATUS_OK && left(pieces)) {
        size_t plain = take(pieces, s->plain, CHUNK_BYTES);
        unsigned char tag = left(pieces) ? crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
                                         : crypto_secretstream_xchacha20poly1305_TAG_FINAL;
        /* The head line goes into every chunk's authentication, too. */
        (void)crypto_secretstream_xchacha20poly1305_push(&s->stream, s->secret, NULL, s->plain,
                                                         plain, (unsigned char *)head, head_n, tag);
        status = put(o, s->secret, plain + CHUNK_EXTRA);
    }
    int error = errno;
    sodium_memzero(s, sizeof *s);
    free(s);
    errno = error;
    return status;
}

static enum status put_trailer(struct output *o)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char text[TRAILER_BYTES + 1], hex[2 * crypto_hash_sha256_BYTES + 1];
    (void)crypto_hash_sha256_final(&o->digest, digest);
    (void)sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    (void)snprintf(text, sizeof text, "%s%s\n", RECORD_TRAILER, hex);
    /* What comes after the digest is not part of it. */
    (void)crypto_hash_sha256_init(&o->digest);
    return put(o, text, TRAILER_BYTES);
}

enum status record_write(int fd, const struct store_key *key, struct view json, struct view message)
{
    struct output o = {.fd = fd};
    char sizes[RECORD_SIZES_MAX];
    struct view pieces[PIECES] = {{sizes, sizes_line(json.n, message.n, sizes)}, json, message};
    (void)crypto_hash_sha256_init(&o.digest);
    enum status status;
    if (key != NULL) {
        status = put_sealed(&o, key, pieces);
    } else {
        status = put(&o, RECORD_PLAIN_HEAD, sizeof RECORD_PLAIN_HEAD - 1);
        for (unsigned i = 0; i < PIECES && status == STATUS_OK; i++)
            status = put(&o, pieces[i].p, pieces[i].n);
    }
    return status == STATUS_OK ? put_trailer(&o) : status;
}
