/*
 * The notice for one message: for whom, in which words, and whether the body may be rewritten. Runs
 * before the first edit; afterwards nothing of it can fail but the MTA.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mta/session.h"

static struct notice_time time_now(void)
{
    time_t now = time(NULL);
    struct tm tm = {0};
    (void)localtime_r(&now, &tm);
    return (struct notice_time){.year = (unsigned)tm.tm_year + 1900u,
                                .month = (unsigned)tm.tm_mon + 1u,
                                .day = (unsigned)tm.tm_mday,
                                .hour = (unsigned)tm.tm_hour,
                                .minute = (unsigned)tm.tm_min,
                                .offset = (int)(tm.tm_gmtoff / 60)};
}

/* The two letters that a domain ends with, in capitals, when contacts of that country are known. */
static bool domain_country(const struct notices *n, struct view address, char out[3])
{
    if (address.n < 4 || address.p[address.n - 3] != '.')
        return false;
    for (size_t i = 0; i < 2; i++) {
        char c = address.p[address.n - 2 + i];
        if (!ascii_is_alpha((unsigned char)c))
            return false;
        out[i] = (char)(ascii_lower((unsigned char)c) - 'a' + 'A');
    }
    out[2] = '\0';
    return notices_knows_country(n, (struct view){out, 2});
}

/* A wrong number is worse than none: all recipients must agree. */
static struct view country_of(const struct notices *n, const struct notice_settings *s,
                              const struct message_state *m, char out[3])
{
    if (strcmp(s->country, "auto") != 0)
        return view_of(s->country);
    char other[3] = "";
    for (uint32_t i = 0; i < m->n_recipients; i++)
        if (!domain_country(n, m->recipients[i], i == 0 ? out : other) ||
            (i > 0 && strcmp(out, other) != 0))
            return VIEW_NONE;
    return m->n_recipients > 0 ? view_of(out) : VIEW_NONE;
}

static void language_add(struct notice_wish *w, size_t language)
{
    for (unsigned i = 0; i < w->n_languages; i++)
        if (w->languages[i] == language)
            return;
    if (language != SIZE_MAX && w->n_languages < NOTICE_LANGUAGES_MAX)
        w->languages[w->n_languages++] = language;
}

static void languages_choose(struct notice_wish *w, const struct notices *n,
                             const struct notice_settings *s, const struct verdict *v)
{
    for (size_t i = 0; i < s->languages.n; i++)
        language_add(w, notices_language_find(n, view_of(s->languages.v[i])));
    if (s->languages.n == 0 && v->language != NULL)
        language_add(w, notices_language_find(n, view_of(v->language)));
    if (s->languages.n == 0)
        language_add(w, notices_language_find(n, VIEW("en")));
}

static bool is_address(enum indicator_kind kind)
{
    static const bool addresses[INDICATOR_KINDS + 1] = {
#define ADDRESS(id, name, family) [INDICATOR_##id] = true,
#define SEARCH(id, name, find)    [INDICATOR_##id] = false,
#define NAMED(id, name)           [INDICATOR_##id] = false,
#include "indicator/families.def"
#undef ADDRESS
#undef SEARCH
#undef NAMED
    };
    return addresses[kind];
}

static struct notice_case case_of(const struct scan *scan, const struct decision *d)
{
    struct notice_case c = {.class_id = view_of(d->class_id),
                            .minors = d->whom->settings.notice.minors};
    const struct message *m = &scan->message;
    for (uint32_t i = 0; i < scan->indicators.n; i++)
        c.payment = c.payment || is_address(scan->indicators.v[i].kind);
    for (uint32_t i = 0; i < m->n_parts; i++) {
        struct view type = m->parts[i].type, real = m->parts[i].real_type;
        c.images = c.images || view_eq(type, VIEW("image")) || view_eq(type, VIEW("video")) ||
                   view_starts_nocase(real, VIEW("image/")) ||
                   view_starts_nocase(real, VIEW("video/"));
    }
    c.reply = m->n_parts > 0 && (part_header(&m->parts[0], VIEW("In-Reply-To")) != NULL ||
                                 part_header(&m->parts[0], VIEW("References")) != NULL);
    return c;
}

/* Only a header, which says why. */
static enum status declined_plan(const struct session *s, const char *why, struct edits *edits)
{
    edits->rewritten = true;
    edits->rewrite = (struct rewrite){.done = ANNOTATE_HEADER, .reason = why};
    return edits_plan_notice(edits, engine_key(s->engine), &s->m.input);
}

enum status annotate_plan(struct session *s, struct scanner *scanner, const struct scan *scan,
                          const struct decision *d, bool body_edits, struct edits *edits)
{
    const struct message_state *m = &s->m;
    const struct policy *policy = session_policy(s);
    const struct notices *notices = policy_notices(policy);
    const struct notice_settings *n = &d->whom->settings.notice;
    if (d->declined != NULL && (d->actions & ACTION_TAG) != 0)
        return declined_plan(s, d->declined, edits);
    if ((d->actions & ACTION_ANNOTATE) == 0)
        return STATUS_OK;
    char country[3];
    const struct notice_case c = case_of(scan, d);
    const char *gateway = n->gateway[0] != '\0' ? n->gateway : engine_host(s->engine);
    struct notice_wish words = {.group = notice_group_choose(&c),
                                .country = country_of(notices, n, m, country),
                                .gateway = view_of(gateway),
                                .operator= view_of(n->operator),
                                .reach = view_of(n->reach),
                                .now = time_now()};
    struct rewrite_wish wish = {.mode = body_edits ? n->mode : ANNOTATE_HEADER,
                                .strong = scan->verdict.score >= n->wrap_score,
                                .null_sender = m->sender.n == 0,
                                .lists = n->lists,
                                .limits = d->whom->settings.limits};
    wish.limits.budget = &s->m.budget;
    languages_choose(&words, notices, n, &scan->verdict);
    edits->rewritten = true;
    enum status status = rewrite_make(notices, &words, &wish, scanner_reader(scanner),
                                      session_judged(s), &edits->rewrite);
    if (status == STATUS_OK && !body_edits)
        edits->rewrite.reason = "mta";
    else if (status == STATUS_OK && (d->whom->differ & 1u << VALUE_MODE) != 0)
        edits->rewrite.reason = "recipients-differ";
    return status == STATUS_OK ? edits_plan_notice(edits, engine_key(s->engine), &m->input)
                               : status;
}
