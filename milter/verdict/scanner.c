#include <stdlib.h>

#include "verdict/verdict.h"

struct scanner {
    const struct ruleset *ruleset; /* foreign */
    struct limits limits;          /* borrows budget */
    struct budget budget;
    void (*stage_done)(void *context, enum scan_stage stage);
    void *stage_context;
    struct mail_reader *reader;    /* own */
    struct matcher *matcher;       /* own */
    struct indicator_words *words; /* own */
    struct arena arena;
    struct scan scan;
};

static enum status scanner_make(const struct ruleset *ruleset, const struct limits *limits,
                                const struct mail_reader *beside, struct scanner **out)
{
    *out = NULL;
    struct scanner *s = calloc(1, sizeof *s);
    if (s == NULL)
        return STATUS_NO_MEMORY;
    s->ruleset = ruleset;
    s->limits = *limits;
    s->limits.budget = &s->budget;
    arena_init(&s->arena, limits->arena_bytes);
    enum status status =
        beside != NULL ? mail_reader_new_beside(beside, &s->reader) : mail_reader_new(&s->reader);
    if (status == STATUS_OK)
        status = matcher_new(ruleset, &s->limits, true, &s->matcher);
    if (status == STATUS_OK && (s->words = indicator_words_new()) == NULL)
        status = STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        scanner_free(&s);
        return status;
    }
    *out = s;
    return STATUS_OK;
}

enum status scanner_new(const struct ruleset *ruleset, const struct limits *limits,
                        struct scanner **out)
{
    return scanner_make(ruleset, limits, NULL, out);
}

enum status scanner_new_beside(const struct scanner *other, struct scanner **out)
{
    return scanner_make(other->ruleset, &other->limits, other->reader, out);
}

void scanner_free(struct scanner **s)
{
    if (*s == NULL)
        return;
    indicator_words_free(&(*s)->words);
    matcher_free(&(*s)->matcher);
    mail_reader_free(&(*s)->reader);
    arena_fini(&(*s)->arena);
    free(*s);
    *s = NULL;
}

struct mail_reader *scanner_reader(struct scanner *s)
{
    return s->reader;
}

void scanner_budget(struct scanner *s, bool (*poll)(void *context), void *context)
{
    s->budget = (struct budget){.poll = poll, .context = context};
}

void scanner_watch(struct scanner *s, void (*done)(void *context, enum scan_stage stage),
                   void *context)
{
    s->stage_done = done;
    s->stage_context = context;
}

static void tell(const struct scanner *s, enum scan_stage stage)
{
    if (s->stage_done != NULL)
        s->stage_done(s->stage_context, stage);
}

enum status scanner_run(struct scanner *s, struct view raw, const struct envelope *envelope,
                        const struct scan **out)
{
    struct scan *r = &s->scan;
    *out = NULL;
    *r = (struct scan){0};
    arena_reset(&s->arena);
    s->budget.spent = false;
    enum status status = message_parse(s->reader, raw, &s->limits, &s->arena, &r->message);
    tell(s, SCAN_PARSE);
    if (status == STATUS_OK)
        status = text_read(s->reader, &r->message, &s->limits, &s->arena, &r->text);
    tell(s, SCAN_TEXT);
    if (status == STATUS_OK)
        status = indicators_find(s->words, &r->text, &s->limits, &s->arena, &r->indicators);
    tell(s, SCAN_INDICATOR);
    const struct facts facts = {.reader = s->reader,
                                .message = &r->message,
                                .text = &r->text,
                                .indicators = &r->indicators,
                                .envelope = envelope};
    if (status == STATUS_OK)
        status = matcher_run(s->matcher, &facts, &s->arena, &r->matches);
    tell(s, SCAN_RULE);
    if (status == STATUS_OK && !budget_spent(&s->budget))
        status = verdict_weigh(s->ruleset, &facts, &r->matches, &s->arena, &r->verdict);
    tell(s, SCAN_VERDICT);
    /* Whoever met the end stopped; what came after had nothing to work on. */
    if (s->budget.spent)
        status = STATUS_DEADLINE;
    if (status == STATUS_OK)
        *out = r;
    return status;
}
