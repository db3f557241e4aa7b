/*
 * A pack and a message in one input, apart at the first line of three dashes: matching with gates
 * and without must agree, and hits must lie inside the text.
 */
#include "fuzz.h"
#include "rule/rule.h"

FUZZ_LIBCONFIG_LEAKS

static struct ruleset *load(struct view pack)
{
    struct limits limits = limits_default();
    const char *paths[] = {fuzz_file(0, pack.p, pack.n)};
    struct ruleset_source source = {.paths = paths, .n_paths = 1};
    struct ruleset *r = NULL;
    struct diags diags;
    diags_init(&diags);
    (void)ruleset_load(&source, &limits, &diags, &r);
    diags_fini(&diags);
    return r;
}

static enum status match(const struct ruleset *r, const struct facts *facts, bool gates,
                         const struct limits *limits, struct arena *arena, struct matches *out)
{
    struct matcher *m = NULL;
    enum status status = matcher_new(r, limits, gates, &m);
    if (status == STATUS_OK)
        status = matcher_run(m, facts, arena, out);
    matcher_free(&m);
    return status;
}

/* Why the others did not, for every rule; nothing of it may fail. */
static void explain(const struct ruleset *r, const struct facts *facts, const struct matches *all,
                    const struct limits *limits)
{
    struct buf out;
    buf_init(&out, 1 << 22);
    for (uint32_t i = 0; i < ruleset_n_rules(r) && i < 50; i++)
        if (all->outcome[i] != OUTCOME_YES) {
            REQUIRE(rule_why_not(r, limits, facts, i, &out) == STATUS_OK);
            buf_clear(&out);
        }
    buf_fini(&out);
}

static void compare(const struct ruleset *r, const struct text *text, const struct matches *a,
                    const struct matches *b)
{
    for (uint32_t i = 0; i < a->n_hits; i++) {
        const struct hit *hit = &a->hits[i];
        REQUIRE(hit->rule < ruleset_n_rules(r) && a->outcome[hit->rule] == OUTCOME_YES);
        REQUIRE(hit->first == WORD_NONE || (hit->first <= hit->last && hit->last < text->n_words));
        if (hit->first != WORD_NONE)
            (void)text_quote(text, hit->first, hit->last);
    }
    /* The budget is spent on other things without gates. */
    if (a->n_unknown > 0 || b->n_unknown > 0)
        return;
    REQUIRE(memcmp(a->outcome, b->outcome, ruleset_n_rules(r)) == 0);
    REQUIRE(a->n_hits == b->n_hits &&
            (a->n_hits == 0 || memcmp(a->hits, b->hits, a->n_hits * sizeof *a->hits) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mail_reader *reader;
    static struct indicator_words *words;
    if (reader == NULL && mail_reader_new(&reader) != STATUS_OK)
        return 0;
    if (words == NULL && (words = indicator_words_new()) == NULL)
        return 0;
    struct view all = {(const char *)data, size};
    size_t cut = view_find(all, VIEW("\n---\n"));
    if (cut == size)
        return 0;
    struct ruleset *r = load(view_sub(all, 0, cut + 1));
    if (r == NULL)
        return 0;
    struct limits limits = limits_default();
    struct arena arena;
    struct message message;
    struct text text;
    struct indicators indicators;
    struct matches gated, ungated;
    struct view raw = view_sub(all, cut + 5, size);
    arena_init(&arena, limits.arena_bytes);
    struct facts facts = {reader, &message, &text, &indicators, NULL};
    if (message_parse(reader, raw, &limits, &arena, &message) == STATUS_OK &&
        text_read(reader, &message, &limits, &arena, &text) == STATUS_OK &&
        indicators_find(words, &text, &limits, &arena, &indicators) == STATUS_OK &&
        match(r, &facts, true, &limits, &arena, &gated) == STATUS_OK &&
        match(r, &facts, false, &limits, &arena, &ungated) == STATUS_OK) {
        compare(r, &text, &gated, &ungated);
        explain(r, &facts, &gated, &limits);
    }
    arena_fini(&arena);
    ruleset_free(&r);
    return 0;
}
