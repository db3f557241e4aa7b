/* Any bytes as a message to be annotated: what comes out is whole, or nothing is changed. */
#include <stdio.h>
#include <stdlib.h>

#include "notice/notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* The texts of the source tree; the fuzzer's own process loads them once. */
static const struct notices *texts(void)
{
    static struct notices *n;
    if (n != NULL)
        return n;
    char contacts[512], folder[512];
    const char *top = getenv("top_srcdir");
    const char *const c[] = {contacts}, *const t[] = {folder};
    const struct notice_source source = {c, 1, t, 1};
    struct diags diags;
    diags_init(&diags);
    (void)snprintf(contacts, sizeof contacts, "%s/conf/contacts.conf", top != NULL ? top : ".");
    (void)snprintf(folder, sizeof folder, "%s/conf/notices", top != NULL ? top : ".");
    require(notices_load(&source, &diags, &n) == STATUS_OK);
    diags_fini(&diags);
    return n;
}

static void wrapped(struct view body, struct view raw)
{
    struct view line, rest = body;
    require(view_next_line(&rest, &line));
    /* "CRLF --boundary-- CRLF" stands behind the original. */
    size_t tail = line.n + 6;
    require(body.n > tail + raw.n);
    require(view_eq(view_sub(body, body.n - tail - raw.n, body.n - tail), raw));
    require(view_find(raw, line) == raw.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mail_reader *reader;
    if (reader == NULL)
        require(mail_reader_new(&reader) == STATUS_OK);
    const struct notices *n = texts();
    struct view raw = {(const char *)data, size};
    const struct notice_wish words = {.group = NOTICE_BREACH,
                                      .languages = {notices_language_find(n, VIEW("fi"))},
                                      .n_languages = 1,
                                      .country = VIEW("FI"),
                                      .gateway = VIEW("mx.example.test"),
                                      .operator= VIEW("Example"),
                                      .now = {2026, 11, 29, 14, 5, 120}};
    for (int mode = ANNOTATE_HEADER; mode <= ANNOTATE_AUTO; mode++) {
        const struct rewrite_wish wish = {
            .mode = (enum annotate_mode)mode, .lists = true, .limits = limits_default()};
        struct rewrite r;
        require(rewrite_make(n, &words, &wish, reader, raw, &r) == STATUS_OK);
        require(r.n_edits <= HEADER_EDITS_MAX && (r.done == ANNOTATE_HEADER) == (r.body.n == 0));
        if (r.done == ANNOTATE_WRAP)
            wrapped(buf_view(&r.body), raw);
        rewrite_fini(&r);
    }
    return 0;
}
