#include "fixture.h"

#include <stdlib.h>
#include <unistd.h>

struct ruleset *fixture_load(const char *pack, bool prove, struct diags *diags)
{
    char path[] = "/tmp/extortion-pack-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    size_t n = strlen(pack);
    assert_int_equal(write(fd, pack, n), (ssize_t)n);
    close(fd);
    const char *paths[] = {path};
    struct ruleset_source source = {.paths = paths, .n_paths = 1, .prove = prove};
    struct limits limits = limits_default();
    struct ruleset *r = NULL;
    enum status status = ruleset_load(&source, &limits, diags, &r);
    unlink(path);
    assert_true((status == STATUS_OK) == (r != NULL));
    return r;
}

struct ruleset *fixture_ruleset(const char *pack)
{
    struct diags diags;
    diags_init(&diags);
    struct ruleset *r = fixture_load(pack, false, &diags);
    struct buf text;
    buf_init(&text, 1 << 20);
    diags_print(&diags, &text);
    if (r == NULL)
        fprintf(stderr, "%.*s", VIEW_ARG(buf_view(&text)));
    buf_fini(&text);
    diags_fini(&diags);
    assert_non_null(r);
    return r;
}

void fixture_init(struct fixture *f)
{
    *f = (struct fixture){.limits = limits_default()};
    arena_init(&f->arena, 1u << 30);
    assert_int_equal(mail_reader_new(&f->reader), STATUS_OK);
    f->words = indicator_words_new();
    assert_non_null(f->words);
}

void fixture_fini(struct fixture *f)
{
    indicator_words_free(&f->words);
    mail_reader_free(&f->reader);
    arena_fini(&f->arena);
}

void fixture_message(struct fixture *f, struct view raw)
{
    assert_int_equal(message_parse(f->reader, raw, &f->limits, &f->arena, &f->message), STATUS_OK);
    assert_int_equal(text_read(f->reader, &f->message, &f->limits, &f->arena, &f->text), STATUS_OK);
    assert_int_equal(indicators_find(f->words, &f->text, &f->limits, &f->arena, &f->indicators),
                     STATUS_OK);
    f->facts = (struct facts){f->reader, &f->message, &f->text, &f->indicators, NULL};
}

void fixture_body(struct fixture *f, struct view text)
{
    struct buf mail;
    buf_init(&mail, 1u << 26);
    assert_int_equal(buf_add(&mail, VIEW("From: a@example.org\nMIME-Version: 1.0\n"
                                         "Content-Type: text/plain; charset=utf-8\n\n")),
                     STATUS_OK);
    assert_int_equal(buf_add(&mail, text), STATUS_OK);
    struct view kept = arena_copy(&f->arena, buf_view(&mail));
    assert_non_null(kept.p);
    buf_fini(&mail);
    fixture_message(f, kept);
}

void fixture_match(struct fixture *f, const struct ruleset *r, bool gates)
{
    struct matcher *m = NULL;
    assert_int_equal(matcher_new(r, &f->limits, gates, &m), STATUS_OK);
    assert_int_equal(matcher_run(m, &f->facts, &f->arena, &f->matches), STATUS_OK);
    matcher_free(&m);
}

static uint32_t rule_of(const struct ruleset *r, const char *id)
{
    uint32_t rule = 0;
    while (rule < ruleset_n_rules(r) && strcmp(ruleset_rule(r, rule)->id, id) != 0)
        rule++;
    assert_true(rule < ruleset_n_rules(r));
    return rule;
}

enum outcome fixture_outcome(const struct fixture *f, const struct ruleset *r, const char *id)
{
    return (enum outcome)f->matches.outcome[rule_of(r, id)];
}

const char *fixture_quotes(struct fixture *f, const struct ruleset *r, const char *id)
{
    struct buf out;
    uint32_t rule = rule_of(r, id);
    buf_init(&out, 1 << 20);
    for (uint32_t i = 0; i < f->matches.n_hits; i++) {
        const struct hit *hit = &f->matches.hits[i];
        if (hit->rule != rule)
            continue;
        if (out.n > 0)
            buf_add(&out, VIEW(" | "));
        struct view quote =
            hit->first != WORD_NONE ? text_quote(&f->text, hit->first, hit->last) : VIEW("-");
        buf_add(&out, quote);
    }
    const char *text = arena_string(&f->arena, buf_view(&out));
    buf_fini(&out);
    assert_non_null(text);
    return text;
}
