/* A folder of one's own, keys, and records of any size. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "test.h"

enum { NOW = 1795970192 }; /* 2026-11-29 16:36:32 UTC */

static char folder[64], public_file[96], secret_file[96];
static struct store_key pair;

static inline void text_write(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static inline void key_write(const char *path, enum store_key_kind kind, mode_t mode)
{
    struct buf text;
    buf_init(&text, 4096);
    assert_int_equal(buf_addf(&text, "# of a test\n\n"), STATUS_OK);
    assert_int_equal(store_key_text(&pair, kind, &text), STATUS_OK);
    assert_int_equal(buf_add_byte(&text, '\0'), STATUS_OK);
    text_write(path, text.p, mode);
    buf_fini(&text);
}

static inline void folder_make(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/extortion-store-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(public_file, sizeof public_file, "%s.pub", folder);
    (void)snprintf(secret_file, sizeof secret_file, "%s.key", folder);
    assert_int_equal(store_key_make(&pair), STATUS_OK);
    key_write(public_file, STORE_KEY_PUBLIC, 0644);
    key_write(secret_file, STORE_KEY_SECRET, 0600);
}

static inline void folder_remove(void)
{
    char command[256];
    struct store_entries e;
    if (store_list(folder, &e) == STATUS_OK)
        for (size_t i = 0; i < e.n; i++)
            (void)store_remove(folder, e.v[i].id);
    store_entries_fini(&e);
    (void)unlink(public_file);
    (void)unlink(secret_file);
    (void)snprintf(command, sizeof command, "%s/other", folder);
    (void)unlink(command);
    (void)rmdir(folder);
}

static inline struct store *store_of(bool sealed, unsigned days, uint64_t quota)
{
    struct store *s = NULL;
    struct diags diags;
    diags_init(&diags);
    const struct store_wish wish = {folder, sealed ? public_file : "", days, quota};
    assert_int_equal(store_open(&wish, &diags, &s), STATUS_OK);
    diags_fini(&diags);
    return s;
}

/* A message of n bytes, and the least that a description must say. */
static inline void record_make(const char *id, size_t n, struct buf *json, struct buf *message)
{
    char digest[STORE_DIGEST_BYTES];
    buf_clear(json);
    buf_clear(message);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(buf_add_byte(message, (char)(i * 31 + i / 251)), STATUS_OK);
    store_digest(buf_view(message), digest);
    assert_int_equal(buf_addf(json, "{\"id\":\"%s\",\"message\":{\"sha256\":\"%s\"}}", id, digest),
                     STATUS_OK);
}

/* Writes one such record at that time; the id goes to out. */
static inline enum status record_put(struct store *s, int64_t at, size_t n,
                                     char out[RECORD_ID_BYTES], struct store_outcome *outcome)
{
    struct buf json, message;
    buf_init(&json, 4096);
    buf_init(&message, 4 << 20);
    assert_int_equal(record_id_make(at, VIEW("4F2Xq1"), out), STATUS_OK);
    record_make(out, n, &json, &message);
    enum status status = store_write(s, out, at, buf_view(&json), buf_view(&message), outcome);
    buf_fini(&json);
    buf_fini(&message);
    return status;
}

/* How a record of the folder reads with that key. */
static inline enum record_state record_state_of(const char *id, const struct store_key *key,
                                                size_t *message_bytes)
{
    struct buf file;
    struct record r;
    buf_init(&file, 16 << 20);
    assert_int_equal(store_read(folder, id, &file), STATUS_OK);
    enum record_state state = record_read(buf_view(&file), key, id, &r);
    if (message_bytes != NULL)
        *message_bytes = r.message.n;
    record_fini(&r);
    buf_fini(&file);
    return state;
}

#endif
