/* A text/plain message read the way the product reads it, and what was found in it. */
#ifndef TESTS_INDICATOR_FIXTURE_H
#define TESTS_INDICATOR_FIXTURE_H

#include "../test.h"
#include "indicator/indicator.h"

struct fixture {
    struct mail_reader *reader;
    struct indicator_words *words;
    struct limits limits;
    struct arena arena;
    struct message message;
    struct text text;
    struct indicators found;
    char raw[65536];
};

static inline void fixture_init(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    f->limits = limits_default();
    arena_init(&f->arena, f->limits.arena_bytes);
    assert_int_equal(mail_reader_new(&f->reader), STATUS_OK);
    f->words = indicator_words_new();
    assert_non_null(f->words);
}

static inline void fixture_fini(struct fixture *f)
{
    indicator_words_free(&f->words);
    mail_reader_free(&f->reader);
    arena_fini(&f->arena);
}

/* The whole message; found is filled. */
static inline void fixture_message(struct fixture *f, struct view raw)
{
    arena_reset(&f->arena);
    assert_int_equal(message_parse(f->reader, raw, &f->limits, &f->arena, &f->message), STATUS_OK);
    assert_int_equal(text_read(f->reader, &f->message, &f->limits, &f->arena, &f->text), STATUS_OK);
    assert_int_equal(indicators_find(f->words, &f->text, &f->limits, &f->arena, &f->found),
                     STATUS_OK);
}

/* subtype: "plain" or "html". */
static inline void fixture_body(struct fixture *f, const char *subtype, const char *body)
{
    int n = snprintf(f->raw, sizeof f->raw,
                     "From: a@example.org\nTo: b@example.org\nSubject: note\n"
                     "Date: Mon, 5 Jan 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
                     "Content-Type: text/%s; charset=utf-8\n\n%s\n",
                     subtype, body);
    assert_true(n > 0 && (size_t)n < sizeof f->raw);
    fixture_message(f, (struct view){f->raw, (size_t)n});
}

static inline uint32_t fixture_count(const struct fixture *f, enum indicator_kind kind)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->found.n; i++)
        n += f->found.v[i].kind == kind;
    return n;
}

/*
 * All indicators of one kind as "value/detail" (detail only when it has one), joined by "; ", in
 * the order of the text.
 */
static inline struct view fixture_list(struct fixture *f, enum indicator_kind kind)
{
    static char out[8192];
    size_t n = 0;

    for (uint32_t i = 0; i < f->found.n; i++) {
        const struct indicator *d = &f->found.v[i];
        if (d->kind != kind)
            continue;
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s%s%s", n > 0 ? "; " : "",
                              VIEW_ARG(d->value), d->detail != NULL ? "/" : "",
                              d->detail != NULL ? d->detail : "");
        assert_true(n < sizeof out);
    }
    return (struct view){out, n};
}

/* The visible text under an indicator. */
static inline struct view fixture_shown(const struct fixture *f, const struct indicator *d)
{
    return view_sub(f->text.segments[d->segment].visible, d->visible.from, d->visible.to);
}

#endif
