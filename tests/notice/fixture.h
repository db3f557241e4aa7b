/* The shipped texts and contacts, and a reader of them. */
#ifndef TESTS_NOTICE_FIXTURE_H
#define TESTS_NOTICE_FIXTURE_H

#include <stdlib.h>

#include "notice/notice.h"
#include "test.h"

static inline struct notices *shipped(void)
{
    static char contacts[512], templates[512];
    const char *top = getenv("top_srcdir");
    const char *const c[] = {contacts}, *const t[] = {templates};
    const struct notice_source source = {c, 1, t, 1};
    struct notices *n = NULL;
    struct diags diags;
    struct buf said;
    (void)snprintf(contacts, sizeof contacts, "%s/conf/contacts.conf", top != NULL ? top : ".");
    (void)snprintf(templates, sizeof templates, "%s/conf/notices", top != NULL ? top : ".");
    diags_init(&diags);
    enum status status = notices_load(&source, &diags, &n);
    buf_init(&said, 1 << 20);
    (void)diags_print(&diags, &said);
    if (said.n > 0)
        fprintf(stderr, "%.*s", VIEW_ARG(buf_view(&said)));
    buf_fini(&said);
    diags_fini(&diags);
    assert_int_equal(status, STATUS_OK);
    return n;
}

static inline struct notice_wish reader(const struct notices *n, const char *language,
                                        const char *country, enum notice_group group)
{
    struct notice_wish w = {.group = group,
                            .languages = {notices_language_find(n, view_of(language))},
                            .n_languages = 1,
                            .country = view_of(country),
                            .gateway = VIEW("mx.example.test"),
                            .operator= VIEW("Example"),
                            .now = {2026, 11, 29, 14, 5, 120}};
    return w;
}

#endif
