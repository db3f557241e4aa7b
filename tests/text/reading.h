/* Whole messages through mail and text, for the tests of room text. */
#ifndef TESTS_TEXT_READING_H
#define TESTS_TEXT_READING_H

#include "../test.h"

#include "text/text.h"

struct read {
    struct mail_reader *mail;
    struct limits limits;
    struct arena arena;
    struct message message;
    struct text text;
};

static inline void read_start(struct read *r)
{
    *r = (struct read){.limits = limits_default()};
    arena_init(&r->arena, 1 << 28);
    assert_int_equal(mail_reader_new(&r->mail), STATUS_OK);
}

static inline void read_end(struct read *r)
{
    mail_reader_free(&r->mail);
    arena_fini(&r->arena);
}

static inline const struct text *read_message(struct read *r, struct view raw)
{
    arena_reset(&r->arena);
    assert_int_equal(message_parse(r->mail, raw, &r->limits, &r->arena, &r->message), STATUS_OK);
    assert_int_equal(text_read(r->mail, &r->message, &r->limits, &r->arena, &r->text), STATUS_OK);
    return &r->text;
}

/* A body of that type with the few headers a mail has. */
static inline const struct text *read_body(struct read *r, const char *type, struct view body)
{
    static char raw[1 << 21];
    int n = snprintf(raw, sizeof raw,
                     "From: a@example.org\nMIME-Version: 1.0\nContent-Type: %s; charset=utf-8\n"
                     "Content-Transfer-Encoding: 8bit\n\n",
                     type);
    assert_true(n > 0 && (size_t)n + body.n < sizeof raw);
    memcpy(raw + n, body.p, body.n);
    return read_message(r, (struct view){raw, (size_t)n + body.n});
}

/* Is there the word, as folded or as another reading of at most so many words? */
static inline bool reads(const struct text *t, const char *word)
{
    struct view want = view_of(word);
    for (uint32_t i = 0; i < t->n_words; i++)
        if (view_eq(text_word(t, i), want))
            return true;
    for (uint32_t i = 0; i < t->n_alternates; i++) {
        const struct alternate *a = &t->alternates[i];
        if (view_eq(view_sub(t->alternates_folded, a->from, a->from + a->length), want))
            return true;
    }
    return false;
}

static inline uint32_t word_find(const struct text *t, const char *word)
{
    for (uint32_t i = 0; i < t->n_words; i++)
        if (view_eq(text_word(t, i), view_of(word)))
            return i;
    return UINT32_MAX;
}

#endif
