/* A record of evidence from a gateway that may be in other hands: read as a file, and as JSON in
 * every form of export. */
#include "export/export.h"
#include "fuzz.h"

static struct report_words *words;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char folder[PATH_MAX];
    struct diags diags;
    (void)argc;
    (void)argv;
    fuzz_path(folder, "conf" NOTICE_REPORTS);
    diags_init(&diags);
    REQUIRE(report_words_load(folder, VIEW("en"), &diags, &words) == STATUS_OK);
    diags_fini(&diags);
    return 0;
}

/* With a digest that holds, or nothing behind it would be reached. */
static void as_file(struct view payload)
{
    struct buf file;
    struct record r;
    char digest[STORE_DIGEST_BYTES];
    buf_init(&file, 8u << 20);
    REQUIRE(buf_add(&file, VIEW("extortion-evidence 1 plain\n")) == STATUS_OK);
    REQUIRE(buf_add(&file, payload) == STATUS_OK);
    store_digest(buf_view(&file), digest);
    REQUIRE(buf_addf(&file, "\nsha256 %s\n", digest) == STATUS_OK);
    enum record_state state =
        record_read(buf_view(&file), NULL, "20261129T163632Z-Q1-0a0b0c0d", &r);
    REQUIRE(state == RECORD_CHANGED || (state == RECORD_GOOD && r.json.n + r.message.n < file.n));
    record_fini(&r);
    state = record_read(payload, NULL, "20261129T163632Z-Q1-0a0b0c0d", &r);
    REQUIRE(state != RECORD_GOOD);
    record_fini(&r);
    buf_fini(&file);
}

static bool is_json(struct view v)
{
    struct arena arena;
    const struct json_node *root;
    arena_init(&arena, 256u << 20);
    bool good = json_tree_read(v, &arena, &root) == STATUS_OK;
    arena_fini(&arena);
    return good;
}

static void as_case(struct view json)
{
    struct export_case *c;
    if (export_case_new(json, VIEW("Subject: x\r\n\r\nbody\r\n"), &c) != STATUS_OK)
        return;
    for (const struct export_form *f = export_forms; f->name != NULL; f++) {
        struct buf out;
        buf_init(&out, 64u << 20);
        enum status status = f->write(c, words, &out);
        REQUIRE(status == STATUS_OK || status == STATUS_LIMIT || status == STATUS_NO_MEMORY);
        if (status == STATUS_OK && strstr(f->name, ".json") != NULL)
            REQUIRE(is_json(buf_view(&out)));
        if (status == STATUS_OK && strcmp(f->name, "report.html") == 0)
            REQUIRE(view_find_nocase(buf_view(&out), VIEW("<script")) == out.n &&
                    view_find_nocase(buf_view(&out), VIEW("<img")) == out.n);
        buf_fini(&out);
    }
    export_case_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view v = {(const char *)data, size};
    size_t line = view_find_byte(v, '\n');
    as_file(v);
    as_case(v);
    /* The corpus holds payloads: sizes, JSON, message. */
    if (line < size)
        as_case(view_sub(v, line + 1, size));
    return 0;
}
