/* Key files and record names: whatever needs random numbers. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/record.h"

enum { KEY_FILE_MAX = 4096, ID_RANDOM_BYTES = 4, QUEUE_ID_KEPT = 64 };

static const char *const kind_words[] = {"extortion-evidence-public", "extortion-evidence-secret"};

static void key_name(struct store_key *k)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(digest, k->public_bytes, STORE_KEY_BYTES);
    (void)sodium_bin2hex(k->id, sizeof k->id, digest, (sizeof k->id - 1) / 2);
}

enum status store_key_make(struct store_key *out)
{
    if (sodium_init() < 0)
        return STATUS_IO;
    (void)crypto_box_keypair(out->public_bytes, out->secret_bytes);
    key_name(out);
    return STATUS_OK;
}

void store_key_forget(struct store_key *key)
{
    sodium_memzero(key, sizeof *key);
}

enum status store_key_text(const struct store_key *key, enum store_key_kind kind, struct buf *out)
{
    char hex[2 * STORE_KEY_BYTES + 1];
    (void)sodium_bin2hex(hex, sizeof hex,
                         kind == STORE_KEY_SECRET ? key->secret_bytes : key->public_bytes,
                         STORE_KEY_BYTES);
    enum status status = buf_addf(out, "%s 1 %s\n", kind_words[kind], hex);
    sodium_memzero(hex, sizeof hex);
    return status;
}

static enum status bad(struct diags *diags, const char *path, unsigned line, const char *hint,
                       const char *text)
{
    diags_add(diags, DIAG_ERROR, path, line, NULL, hint, "%s", text);
    return STATUS_INVALID;
}

/* The bytes of a small regular file; -1 with errno. */
static ssize_t slurp(const char *path, char *to, size_t room, struct stat *st)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return -1;
    ssize_t n = fstat(fd, st);
    if (n == 0 && S_ISDIR(st->st_mode)) {
        errno = EISDIR;
        n = -1;
    }
    size_t have = 0;
    while (n == 0 && have < room) {
        ssize_t got = read(fd, to + have, room - have);
        if (got == 0)
            break;
        if (got > 0)
            have += (size_t)got;
        else if (errno != EINTR)
            n = -1;
    }
    int error = errno;
    (void)close(fd);
    errno = error;
    return n == 0 ? (ssize_t)have : -1;
}

/* The line that is neither empty nor a comment. */
static struct view key_line(struct view text, unsigned *number)
{
    struct view line;
    for (*number = 1; view_next_line(&text, &line); ++*number) {
        line = view_trim(line);
        if (line.n > 0 && line.p[0] != '#')
            return line;
    }
    *number = 0;
    return VIEW_NONE;
}

static enum status key_parse(struct view text, const char *path, enum store_key_kind kind,
                             struct diags *diags, struct store_key *out)
{
    static const char hint[] = "`extortctl evidence keygen` makes a pair";
    unsigned number;
    struct view line = key_line(text, &number);
    size_t blank = view_find_byte(line, ' ');
    struct view word = view_sub(line, 0, blank), rest = view_sub(line, blank + 1, line.n);
    if (view_eq(word, view_of(kind_words[1 - kind])))
        return bad(diags, path, number,
                   kind == STORE_KEY_PUBLIC
                       ? "name the public key, and keep the secret one away from the gateway"
                       : "records are opened with the secret key",
                   kind == STORE_KEY_PUBLIC ? "is a secret key" : "is a public key");
    if (!view_eq(word, view_of(kind_words[kind])))
        return bad(diags, path, number, hint, "is no key file");
    if (rest.n < 2 || rest.p[0] != '1' || rest.p[1] != ' ')
        return bad(diags, path, number, "this program knows version 1",
                   "the key has another version");
    rest = view_trim(view_sub(rest, 2, rest.n));
    unsigned char *to = kind == STORE_KEY_SECRET ? out->secret_bytes : out->public_bytes;
    size_t n = 0;
    if (sodium_hex2bin(to, STORE_KEY_BYTES, rest.p, rest.n, NULL, &n, NULL) != 0 ||
        n != STORE_KEY_BYTES || rest.n != (size_t)2 * STORE_KEY_BYTES)
        return bad(diags, path, number, hint, "the key must be 64 hex digits");
    if (kind == STORE_KEY_SECRET && crypto_scalarmult_base(out->public_bytes, to) != 0)
        return bad(diags, path, number, hint, "is not usable as a key");
    /* A public key of a small order would make seals that anybody can open. */
    unsigned char probe[STREAM_KEY_BYTES] = {0}, sealed[SEALED_KEY_BYTES];
    if (crypto_box_seal(sealed, probe, sizeof probe, out->public_bytes) != 0)
        return bad(diags, path, number, hint, "is not usable as a key");
    key_name(out);
    return STATUS_OK;
}

enum status store_key_read(const char *path, enum store_key_kind kind, struct diags *diags,
                           struct store_key *out)
{
    *out = (struct store_key){.id = ""};
    char text[KEY_FILE_MAX];
    struct stat st;
    if (sodium_init() < 0)
        return STATUS_IO;
    ssize_t n = slurp(path, text, sizeof text, &st);
    if (n < 0) {
        diags_add(diags, DIAG_ERROR, path, 0, NULL,
                  errno == ENOENT ? "`extortctl evidence keygen` makes a pair" : NULL,
                  "cannot read the key: %s", strerror(errno));
        return STATUS_IO;
    }
    enum status status;
    if ((size_t)n == sizeof text)
        status = bad(diags, path, 0, NULL, "is too large for a key file");
    else
        status = key_parse((struct view){text, (size_t)n}, path, kind, diags, out);
    if (status == STATUS_OK && kind == STORE_KEY_SECRET && (st.st_mode & 077) != 0)
        status = bad(diags, path, 0, "chmod 600, and ask who may have read it",
                     "others can read this secret key");
    sodium_memzero(text, sizeof text);
    if (status != STATUS_OK)
        store_key_forget(out);
    return status;
}

enum status record_id_make(int64_t seconds, struct view queue_id, char out[RECORD_ID_BYTES])
{
    if (sodium_init() < 0)
        return STATUS_IO;
    char stamp[STAMP_BYTES], queue[QUEUE_ID_KEPT + 1], hex[2 * ID_RANDOM_BYTES + 1];
    unsigned char random[ID_RANDOM_BYTES];
    size_t n = 0;
    /* The MTA's word, but it becomes a file name. */
    for (size_t i = 0; i < queue_id.n && n < QUEUE_ID_KEPT; i++)
        if (ascii_is_alnum((unsigned char)queue_id.p[i]))
            queue[n++] = queue_id.p[i];
    queue[n] = '\0';
    stamp_of(seconds, stamp);
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2hex(hex, sizeof hex, random, sizeof random);
    (void)snprintf(out, RECORD_ID_BYTES, "%s-%s-%s", stamp, n > 0 ? queue : "none", hex);
    return STATUS_OK;
}

bool record_id_good(const char *id)
{
    size_t n = strnlen(id, RECORD_ID_BYTES), dashes = 0;
    if (n < STAMP_BYTES + 4 || n >= RECORD_ID_BYTES || id[8] != 'T' || id[15] != 'Z' ||
        id[16] != '-')
        return false;
    for (size_t i = 0; i < n; i++) {
        bool stamp = i < 16 && i != 8 && i != 15;
        dashes += id[i] == '-';
        if (stamp ? !ascii_is_digit((unsigned char)id[i])
                  : !ascii_is_alnum((unsigned char)id[i]) && id[i] != '-')
            return false;
    }
    return dashes == 2;
}

void store_digest(struct view bytes, char out[STORE_DIGEST_BYTES])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(digest, (const unsigned char *)bytes.p, bytes.n);
    (void)sodium_bin2hex(out, STORE_DIGEST_BYTES, digest, sizeof digest);
}
