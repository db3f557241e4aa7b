#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/verdict.h"

const char *const stage_names[STAGES] = {"parse", "text",    "indicators",
                                         "rules", "verdict", "notice"};

const char *const inside_names[INSIDES] = {"decode", "html", "fold"};

static bool failed(const char *what, const char *path)
{
    fprintf(stderr, "bench: %s %s\n", path, what);
    return false;
}

bool stages_init(struct stages *s, const char *rules, bool prove)
{
    *s = (struct stages){.limits = limits_default()};
    char contacts[4096], texts[4096];
    const char *const paths[] = {rules}, *const c[] = {contacts}, *const t[] = {texts};
    const struct ruleset_source packs = {.paths = paths, .n_paths = 1, .prove = prove};
    const struct notice_source words = {c, 1, t, 1};
    struct diags diags;
    (void)snprintf(contacts, sizeof contacts, "%s/../conf/contacts.conf", rules);
    (void)snprintf(texts, sizeof texts, "%s/../conf/notices", rules);
    arena_init(&s->arena, s->limits.arena_bytes);
    diags_init(&diags);
    double from = bench_now();
    bool good = ruleset_load(&packs, &s->limits, &diags, &s->ruleset) == STATUS_OK ||
                failed("does not load; try extortctl lint", rules);
    s->load_ms = (bench_now() - from) / 1000;
    good = good && (notices_load(&words, &diags, &s->notices) == STATUS_OK ||
                    failed("does not load", texts));
    good = good && (((s->words = indicator_words_new()) != NULL &&
                     mail_reader_new(&s->reader) == STATUS_OK &&
                     matcher_new(s->ruleset, &s->limits, true, &s->matcher) == STATUS_OK) ||
                    failed("cannot be used: no memory, or no data of libmagic", rules));
    diags_fini(&diags);
    return good;
}

void stages_fini(struct stages *s)
{
    matcher_free(&s->matcher);
    indicator_words_free(&s->words);
    mail_reader_free(&s->reader);
    notices_free(&s->notices);
    ruleset_free(&s->ruleset);
    arena_fini(&s->arena);
}

static bool notice_run(struct stages *s, struct view raw)
{
    const struct notice_wish words = {.group = NOTICE_BREACH,
                                      .languages = {notices_language_find(s->notices, VIEW("en"))},
                                      .n_languages = 1,
                                      .country = VIEW("FI"),
                                      .gateway = VIEW("mx.example.test"),
                                      .operator= VIEW("Example"),
                                      .now = {2026, 11, 29, 14, 5, 120}};
    const struct rewrite_wish wish = {.mode = ANNOTATE_AUTO, .lists = true, .limits = s->limits};
    struct rewrite r;
    bool good = rewrite_make(s->notices, &words, &wish, s->reader, raw, &r) == STATUS_OK;
    rewrite_fini(&r);
    return good;
}

bool stages_run(struct stages *s, struct view raw, bool notice, double us[STAGES], bool *flagged)
{
    struct message m;
    struct text t;
    struct indicators in;
    struct matches hits;
    struct verdict v = {.flagged = false};
    double at[STAGES + 1];
    arena_reset(&s->arena);
    at[0] = bench_now();
    bool good = message_parse(s->reader, raw, &s->limits, &s->arena, &m) == STATUS_OK;
    at[1] = bench_now();
    good = good && text_read(s->reader, &m, &s->limits, &s->arena, &t) == STATUS_OK;
    at[2] = bench_now();
    good = good && indicators_find(s->words, &t, &s->limits, &s->arena, &in) == STATUS_OK;
    at[3] = bench_now();
    const struct facts facts = {s->reader, &m, &t, &in, NULL};
    good = good && matcher_run(s->matcher, &facts, &s->arena, &hits) == STATUS_OK;
    at[4] = bench_now();
    good = good && verdict_weigh(s->ruleset, &facts, &hits, &s->arena, &v) == STATUS_OK;
    at[5] = bench_now();
    good = good && (!notice || notice_run(s, raw));
    at[6] = notice ? bench_now() : at[5];
    for (unsigned i = 0; i < STAGES; i++)
        us[i] = at[i + 1] - at[i];
    *flagged = v.flagged;
    s->seen = v.anomalies;
    return good;
}

bool stages_inside(struct stages *s, struct view raw, double us[INSIDES], size_t bytes[INSIDES])
{
    struct message m;
    struct text t;
    double at[INSIDES + 1];
    arena_reset(&s->arena);
    for (unsigned i = 0; i < INSIDES; i++)
        bytes[i] = 0;
    bool good = message_parse(s->reader, raw, &s->limits, &s->arena, &m) == STATUS_OK &&
                text_read(s->reader, &m, &s->limits, &s->arena, &t) == STATUS_OK;
    at[0] = bench_now();
    for (uint32_t i = 0; good && i < m.n_parts; i++)
        if (m.parts[i].kind == PART_TEXT && m.parts[i].encoding != TRANSFER_7BIT) {
            (void)part_decoded_prefix(&m, &m.parts[i], &s->arena, UINT32_MAX);
            bytes[INSIDE_DECODE] += m.parts[i].encoded.n;
        }
    at[1] = bench_now();
    for (uint32_t i = 0; good && i < m.n_parts; i++)
        if (m.parts[i].kind == PART_TEXT && m.parts[i].html) {
            struct html_text html;
            good = html_read(m.parts[i].content.text, &s->limits, &s->arena, &html) == STATUS_OK;
            bytes[INSIDE_HTML] += m.parts[i].content.text.n;
        }
    at[2] = bench_now();
    for (uint32_t i = 0; good && i < t.n_segments; i++) {
        (void)text_fold(t.segments[i].visible, &s->arena);
        bytes[INSIDE_FOLD] += t.segments[i].visible.n;
    }
    at[3] = bench_now();
    for (unsigned i = 0; i < INSIDES; i++)
        us[i] = at[i + 1] - at[i];
    return good;
}

double stages_best(struct stages *s, struct view raw, bool notice, unsigned runs, double us[STAGES],
                   bool *flagged)
{
    double least = -1, now[STAGES];
    for (unsigned i = 0; i < runs; i++) {
        double sum = 0;
        if (!stages_run(s, raw, notice, now, flagged))
            return -1;
        for (unsigned k = 0; k < STAGES; k++)
            sum += now[k];
        if (least < 0 || sum < least) {
            least = sum;
            memcpy(us, now, sizeof now);
        }
    }
    return least;
}
