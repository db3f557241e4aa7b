/* Records as files: what is written comes back, and whatever is changed is found. */
#include <sodium.h>

#include "fixture.h"
#include "store/record.h"

static int setup(void **state)
{
    (void)state;
    folder_make();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    folder_remove();
    return 0;
}

static void test_times(void **state)
{
    static const struct {
        const char *label;
        int64_t seconds;
        int offset;
        const char *utc, *local;
    } rows[] = {
        {"epoch", 0, 0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"},
        {"winter", NOW, 120, "2026-11-29T16:36:32Z", "2026-11-29T18:36:32+02:00"},
        {"another day there", NOW, -1050, "2026-11-29T16:36:32Z", "2026-11-28T23:06:32-17:30"},
        {"half an hour", NOW, 330, "2026-11-29T16:36:32Z", "2026-11-29T22:06:32+05:30"},
        {"leap day", 951782400, 0, "2000-02-29T00:00:00Z", "2000-02-29T00:00:00+00:00"},
        {"no leap year", 4107542399, 0, "2100-02-28T23:59:59Z", "2100-02-28T23:59:59+00:00"},
        {"the day after", 4107542400, 0, "2100-03-01T00:00:00Z", "2100-03-01T00:00:00+00:00"},
        {"end of a year", 1798761599, 60, "2026-12-31T23:59:59Z", "2027-01-01T00:59:59+01:00"},
    };
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[STORE_TIME_BYTES];
        const struct store_time t = {rows[i].seconds, rows[i].offset};
        store_time_text(t, true, text);
        failures += row_view(view_of(text), view_of(rows[i].utc), rows[i].label, "utc");
        store_time_text(t, false, text);
        failures += row_view(view_of(text), view_of(rows[i].local), rows[i].label, "local");
    }
    assert_int_equal(failures, 0);
}

static void test_ids(void **state)
{
    static const struct {
        const char *label, *id;
        bool good;
    } rows[] = {
        {"as made", "20261129T163632Z-4F2Xq1-1a2b3c4d", true},
        {"without queue id", "20261129T163632Z-none-1a2b3c4d", true},
        {"empty", "", false},
        {"only a time", "20261129T163632Z", false},
        {"a path", "20261129T163632Z-../../x-1a2b3c4d", false},
        {"a slash", "20261129T163632Z-a/b-1a2b3c4d", false},
        {"a letter in the time", "2026112xT163632Z-a-1a2b3c4d", false},
        {"a third dash", "20261129T163632Z-a-b-1a2b3c4d", false},
        {"a dot", "20261129T163632Z-.-1a2b3c4d", false},
    };
    int failures = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failures += row_check(record_id_good(rows[i].id) == rows[i].good, rows[i].label, "good");
    static const struct {
        const char *label, *queue_id, *want;
    } made[] = {
        {"plain", "4F2Xq1", "20261129T163632Z-4F2Xq1-"},
        {"hostile", "../a b/\x01\xff", "20261129T163632Z-ab-"},
        {"nothing left", "///", "20261129T163632Z-none-"},
        {"empty", "", "20261129T163632Z-none-"},
    };
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        char id[RECORD_ID_BYTES], other[RECORD_ID_BYTES];
        assert_int_equal(record_id_make(NOW, view_of(made[i].queue_id), id), STATUS_OK);
        assert_int_equal(record_id_make(NOW, view_of(made[i].queue_id), other), STATUS_OK);
        failures += row_check(strncmp(id, made[i].want, strlen(made[i].want)) == 0, made[i].label,
                              "begins otherwise");
        failures += row_check(record_id_good(id), made[i].label, "is not good");
        failures += row_check(strcmp(id, other) != 0, made[i].label, "is not random");
    }
    char longest[2000], id[RECORD_ID_BYTES];
    memset(longest, 'Q', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(record_id_make(NOW, view_of(longest), id), STATUS_OK);
    failures += row_check(record_id_good(id), "a long queue id", "is not good");
    assert_int_equal(failures, 0);
}

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_keys(void **state)
{
    static const struct {
        const char *label, *text;
        enum store_key_kind kind;
        mode_t mode;
        const char *want; /* of the diagnostic; NULL: taken */
    } rows[] = {
        {"public", "extortion-evidence-public 1 " HEX64 "\n", STORE_KEY_PUBLIC, 0644, NULL},
        {"comments and white space", "# ours\n\n  extortion-evidence-public 1 " HEX64 " \r\n",
         STORE_KEY_PUBLIC, 0644, NULL},
        {"secret", "extortion-evidence-secret 1 " HEX64 "\n", STORE_KEY_SECRET, 0600, NULL},
        {"secret, read by others", "extortion-evidence-secret 1 " HEX64 "\n", STORE_KEY_SECRET,
         0640, "others can read"},
        {"secret for public", "extortion-evidence-secret 1 " HEX64 "\n", STORE_KEY_PUBLIC, 0600,
         "is a secret key"},
        {"public for secret", "extortion-evidence-public 1 " HEX64 "\n", STORE_KEY_SECRET, 0600,
         "is a public key"},
        {"short", "extortion-evidence-public 1 0123\n", STORE_KEY_PUBLIC, 0644, "64 hex digits"},
        {"long", "extortion-evidence-public 1 " HEX64 "00\n", STORE_KEY_PUBLIC, 0644,
         "64 hex digits"},
        {"not hex",
         "extortion-evidence-public 1 x123456789abcdef0123456789abcdef0123456789abcdef"
         "0123456789abcdef\n",
         STORE_KEY_PUBLIC, 0644, "64 hex digits"},
        {"another version", "extortion-evidence-public 2 " HEX64 "\n", STORE_KEY_PUBLIC, 0644,
         "another version"},
        {"a key that seals nothing",
         "extortion-evidence-public 1 "
         "0000000000000000000000000000000000000000000000000000000000000000\n",
         STORE_KEY_PUBLIC, 0644, "not usable"},
        {"something else", "-----BEGIN PUBLIC KEY-----\n", STORE_KEY_PUBLIC, 0644, "no key file"},
        {"empty", "", STORE_KEY_PUBLIC, 0644, "no key file"},
    };
    int failures = 0;
    char path[96];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/other", folder);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_key key;
        struct diags diags;
        diags_init(&diags);
        text_write(path, rows[i].text, rows[i].mode);
        enum status status = store_key_read(path, rows[i].kind, &diags, &key);
        failures += row_check((status == STATUS_OK) == (rows[i].want == NULL), rows[i].label,
                              "taken or not");
        if (rows[i].want != NULL)
            failures += row_check(diags.n == 1 && strstr(diags.v[0].message, rows[i].want) != NULL,
                                  rows[i].label, diags.n > 0 ? diags.v[0].message : "no message");
        diags_fini(&diags);
    }
    struct store_key public_key, secret_key;
    struct diags diags;
    diags_init(&diags);
    assert_int_equal(store_key_read(public_file, STORE_KEY_PUBLIC, &diags, &public_key), STATUS_OK);
    assert_int_equal(store_key_read(secret_file, STORE_KEY_SECRET, &diags, &secret_key), STATUS_OK);
    assert_string_equal(public_key.id, secret_key.id);
    assert_memory_equal(public_key.public_bytes, secret_key.public_bytes, STORE_KEY_BYTES);
    assert_int_equal(store_key_read(folder, STORE_KEY_PUBLIC, &diags, &public_key), STATUS_IO);
    diags_fini(&diags);
    assert_int_equal(failures, 0);
}

static void test_what_is_written_comes_back(void **state)
{
    /* Around the size of a chunk, with the 100 or so bytes before the message. */
    static const size_t sizes[] = {0,     1,      65535,  65536,  65537,   65300,  65350,
                                   65400, 131072, 196608, 262144, 1048576, 3000000};
    int failures = 0;
    (void)state;
    struct store_key other;
    assert_int_equal(store_key_make(&other), STATUS_OK);
    for (int sealed = 0; sealed < 2; sealed++) {
        struct store *s = store_of(sealed, 0, 0);
        assert_true((store_key_id(s) != NULL) == sealed);
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            char id[RECORD_ID_BYTES], label[64];
            struct store_outcome outcome;
            size_t n = 0;
            (void)snprintf(label, sizeof label, "%s, %zu bytes", sealed ? "sealed" : "plain",
                           sizes[i]);
            failures += row_check(record_put(s, NOW, sizes[i], id, &outcome) == STATUS_OK, label,
                                  "not written");
            failures += row_check(record_state_of(id, &pair, &n) == RECORD_GOOD && n == sizes[i],
                                  label, "not read");
            failures +=
                row_check(record_state_of(id, NULL, NULL) == (sealed ? RECORD_SEALED : RECORD_GOOD),
                          label, "without the key");
            failures += row_check(record_state_of(id, &other, NULL) ==
                                      (sealed ? RECORD_OTHER_KEY : RECORD_GOOD),
                                  label, "with another key");
        }
        store_free(&s);
    }
    assert_int_equal(failures, 0);
}

/* Puts the right digest at the end of what was changed: who does that must not get through. */
static void mend(struct buf *file)
{
    char digest[STORE_DIGEST_BYTES];
    store_digest(view_sub(buf_view(file), 0, file->n - TRAILER_BYTES), digest);
    memcpy(file->p + file->n - 65, digest, 64);
}

static void test_a_changed_byte_is_found(void **state)
{
    int failures = 0;
    (void)state;
    for (int sealed = 0; sealed < 2; sealed++) {
        struct store *s = store_of(sealed, 0, 0);
        char id[RECORD_ID_BYTES];
        struct store_outcome outcome;
        struct buf file;
        struct record r;
        assert_int_equal(record_put(s, NOW, 300, id, &outcome), STATUS_OK);
        buf_init(&file, 1 << 20);
        assert_int_equal(store_read(folder, id, &file), STATUS_OK);
        const struct view whole = buf_view(&file);
        for (size_t i = 0; i < file.n; i++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                file.p[i] = (char)(file.p[i] ^ (1 << bit));
                bool found = record_read(whole, &pair, id, &r) == RECORD_CHANGED;
                record_fini(&r);
                found = found && record_read(whole, NULL, id, &r) == RECORD_CHANGED;
                record_fini(&r);
                failures += row_check(found, sealed ? "sealed" : "plain", "a bit was not missed");
                file.p[i] = (char)(file.p[i] ^ (1 << bit));
            }
        }
        for (size_t n = 0; n < file.n; n++) {
            bool found = record_read(view_sub(whole, 0, n), &pair, id, &r) == RECORD_CHANGED;
            record_fini(&r);
            failures += row_check(found, sealed ? "sealed" : "plain", "a cut end");
        }
        /* With a digest that holds again: what was sealed is found all the same. */
        for (size_t i = 0; sealed && i < file.n - TRAILER_BYTES; i++) {
            file.p[i] = (char)(file.p[i] ^ 1);
            mend(&file);
            enum record_state state_now = record_read(buf_view(&file), &pair, id, &r);
            record_fini(&r);
            failures += row_check(state_now == RECORD_CHANGED || state_now == RECORD_OTHER_KEY,
                                  "sealed and mended", "a byte");
            file.p[i] = (char)(file.p[i] ^ 1);
        }
        mend(&file);
        assert_int_equal(record_read(whole, &pair, id, &r), RECORD_GOOD);
        record_fini(&r);
        assert_int_equal(record_read(whole, &pair, "20261129T163632Z-4F2Xq1-ffffffff", &r),
                         RECORD_CHANGED);
        assert_string_equal(r.changed, "it is the record of another name");
        record_fini(&r);
        buf_fini(&file);
        store_free(&s);
    }
    assert_int_equal(failures, 0);
}

/* Chunks may not change places, nor may one be left out at the end. */
static void test_chunks_stay_in_their_order(void **state)
{
    enum {
        FIRST = sizeof RECORD_SEALED_HEAD - 1 + STORE_KEY_ID_BYTES + SEALED_KEY_BYTES +
                STREAM_HEADER_BYTES,
        CHUNK = CHUNK_BYTES + CHUNK_EXTRA
    };
    struct store *s = store_of(true, 0, 0);
    char id[RECORD_ID_BYTES];
    struct store_outcome outcome;
    struct buf file;
    struct record r;
    (void)state;
    assert_int_equal(record_put(s, NOW, 300000, id, &outcome), STATUS_OK);
    buf_init(&file, 1 << 20);
    assert_int_equal(store_read(folder, id, &file), STATUS_OK);
    char *spare = malloc(CHUNK);
    assert_non_null(spare);
    memcpy(spare, file.p + FIRST, CHUNK);
    memcpy(file.p + FIRST, file.p + FIRST + CHUNK, CHUNK);
    memcpy(file.p + FIRST + CHUNK, spare, CHUNK);
    mend(&file);
    assert_int_equal(record_read(buf_view(&file), &pair, id, &r), RECORD_CHANGED);
    record_fini(&r);
    memcpy(file.p + FIRST + CHUNK, file.p + FIRST, CHUNK);
    memcpy(file.p + FIRST, spare, CHUNK);
    mend(&file);
    assert_int_equal(record_read(buf_view(&file), &pair, id, &r), RECORD_GOOD);
    record_fini(&r);
    /* Four whole chunks, then the trailer. */
    memmove(file.p + FIRST + 4 * CHUNK, file.p + file.n - TRAILER_BYTES, TRAILER_BYTES);
    file.n = FIRST + 4 * CHUNK + TRAILER_BYTES;
    mend(&file);
    assert_int_equal(record_read(buf_view(&file), &pair, id, &r), RECORD_CHANGED);
    assert_string_equal(r.changed, "its content is not what was sealed");
    record_fini(&r);
    free(spare);
    buf_fini(&file);
    store_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_what_is_written_comes_back),
        cmocka_unit_test(test_a_changed_byte_is_found),
        cmocka_unit_test(test_chunks_stay_in_their_order),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
