#include "rule/why.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rule/load.h"

enum { QUOTE_BYTES_MAX = 120, LINE_BYTES_MAX = 2000, LISTED_MAX = 10 };

void why_add(struct why *w, const char *format, ...)
{
    char line[LINE_BYTES_MAX];
    va_list args;
    va_start(args, format);
    /* clang-tidy 14 loses track of a va_list when it reads several files in one run. */
    (void)vsnprintf(line, sizeof line, format, args); // NOLINT(clang-analyzer-valist.Uninitialized)
    va_end(args);
    for (char *p = line; *p != '\0'; p++)
        if (*p == '\n' || *p == '\r')
            *p = ' ';
    if (w->status == STATUS_OK)
        w->status = buf_addf(w->out, "%s\n", line);
}

struct view why_quote(const struct why *w, struct place at)
{
    struct view words = text_quote(w->m->facts->text, at.first, at.last);
    size_t n = words.n;
    if (n > QUOTE_BYTES_MAX) {
        n = QUOTE_BYTES_MAX;
        while (n > 0 && ((unsigned char)words.p[n] & 0xC0u) == 0x80u)
            n--;
    }
    return view_sub(words, 0, n);
}

static void why_regex(struct why *w, const struct rule *rule)
{
    const struct regex_rule *r = &rule->u.regex;
    const struct gate *gate = &w->m->ruleset->gate[r->on];
    static const char *const names[SUBJECT_COUNT] = {[SUBJECT_FOLDED] = "the folded text",
                                                     [SUBJECT_VISIBLE] = "the visible text",
                                                     [SUBJECT_LINK] = "the links",
                                                     [SUBJECT_FILENAME] = "the file names",
                                                     [SUBJECT_HEADER] = "the header fields"};
    why_add(w, "the pattern matches nowhere in %s that the rule reads", names[r->on]);
    if (r->on != SUBJECT_FOLDED)
        return;
    struct view text = w->m->facts->text->folded;
    bool any = false;
    for (uint32_t i = r->literal_from; i < r->literal_to; i++) {
        bool *seen = arena_calloc(&w->m->arena, gate->n, sizeof *seen);
        if (seen == NULL) {
            w->status = STATUS_NO_MEMORY;
            return;
        }
        gate_scan(gate, text, seen);
        any = any || seen[i];
    }
    for (uint32_t i = r->literal_from; i < r->literal_to && !any; i++)
        why_add(w, "every match contains \"%.*s\"%s, which is not in the mail",
                VIEW_ARG(gate->literal[i]),
                r->literal_to - r->literal_from > 1 ? " or another" : "");
}

static void why_indicator(struct why *w, const struct rule *rule)
{
    const struct indicator_rule *r = &rule->u.indicator;
    const struct indicators *found = w->m->facts->indicators;
    uint32_t n = 0;
    for (uint32_t i = 0; i < found->n; i++) {
        const struct indicator *x = &found->v[i];
        if (x->kind != r->kind)
            continue;
        if (n++ >= LISTED_MAX)
            continue;
        const struct segment *s = &w->m->facts->text->segments[x->segment];
        bool reads = rule->where >> s->kind & 1;
        why_add(w, "%s \"%.*s\" is there (%g%s%s%s%s), but %s", indicator_kind_name(x->kind),
                VIEW_ARG(x->value), x->number, x->currency != NULL ? " " : "",
                x->currency != NULL ? x->currency : "", x->detail != NULL ? ", " : "",
                x->detail != NULL ? x->detail : "",
                reads ? "not as the rule asks" : "where the rule does not read");
    }
    if (n == 0)
        why_add(w, "no %s is in the mail", indicator_kind_name(r->kind));
    if (n > 0 && (r->has_min || r->has_max))
        why_add(w, "the rule asks for at least %g and at most %g", r->has_min ? r->min : 0, r->max);
}

static void why_header(struct why *w, const struct rule *rule)
{
    const struct header_rule *r = &rule->u.header;
    const struct message *message = w->m->facts->message;
    const struct part *top = message->n_parts > 0 ? message->parts : NULL;
    const struct header *h = top != NULL ? part_header(top, r->name) : NULL;
    if (h == NULL) {
        why_add(w, "there is no field %.*s", VIEW_ARG(r->name));
        return;
    }
    if (r->exists == ASKED_FALSE) {
        why_add(w, "the field %.*s is there", VIEW_ARG(r->name));
        return;
    }
    for (uint32_t n = 0; h != NULL && n < LISTED_MAX; h = part_header_next(top, h), n++) {
        struct view value = view_sub(matcher_header(w->m, h), 0, QUOTE_BYTES_MAX);
        why_add(w, "%.*s: \"%.*s\" is not as the rule asks", VIEW_ARG(r->name), VIEW_ARG(value));
    }
}

static void why_attachment(struct why *w, const struct rule *rule)
{
    const struct message *message = w->m->facts->message;
    uint32_t n = 0;
    (void)rule;
    for (uint32_t i = 0; i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        if (part->kind != PART_OTHER && !(part->kind == PART_TEXT && part->attachment))
            continue;
        if (n++ < LISTED_MAX)
            why_add(w, "attachment \"%.*s\" is %.*s/%.*s, in truth \"%.*s\": not as the rule asks",
                    VIEW_ARG(part->name), VIEW_ARG(part->type), VIEW_ARG(part->subtype),
                    VIEW_ARG(part->real_type));
    }
    if (n == 0)
        why_add(w, "nothing is attached");
}

static void why_anomaly(struct why *w, const struct rule *rule)
{
    const struct anomaly_rule *r = &rule->u.anomaly;
    const struct facts *f = w->m->facts;
    for (uint32_t i = 0; i < r->n; i++)
        why_add(w, "%s was counted %u times", anomaly_name(r->v[i]),
                f->message->anomalies.count[r->v[i]] + f->text->anomalies.count[r->v[i]] +
                    f->indicators->anomalies.count[r->v[i]]);
    why_add(w, "the rule asks for %u", r->at_least);
}

static void why_disguise(struct why *w, const struct rule *rule)
{
    const struct disguise_rule *r = &rule->u.disguise;
    const struct disguise *d = &w->m->facts->text->disguise;
    double letters = d->letters > 0 ? d->letters : 1;
    if (r->mapped >= 0)
        why_add(w, "%u of %u letters were mapped: %.4f; the rule asks for %.4f", d->mapped,
                d->letters, d->mapped / letters, r->mapped);
    if (r->hidden >= 0)
        why_add(w, "%u hidden letters beside %u visible ones: %.4f; the rule asks for %.4f",
                d->hidden, d->letters, d->hidden / letters, r->hidden);
}

static const char *answer(uint8_t outcome)
{
    return outcome == OUTCOME_YES ? "yes" : outcome == OUTCOME_NO ? "no" : "unknown";
}

static void why_when(struct why *w, const struct rule *rule)
{
    const struct ruleset *r = w->m->ruleset;
    const struct condition *c = &rule->u.when;
    for (uint32_t i = 0; i < c->n; i++) {
        const struct condition_step *step = &c->step[i];
        bool said = false;
        for (uint32_t k = 0; k < i; k++)
            said = said || (c->step[k].code == CONDITION_NAME && c->step[k].a == step->a);
        if (step->code == CONDITION_NAME && said)
            continue;
        if (step->code == CONDITION_NAME && step->a < r->n_rules) {
            why_add(w, "%s: %s", r->rule[step->a].info.id, answer(w->m->outcome[step->a]));
        } else if (step->code == CONDITION_NAME) {
            uint32_t f = step->a - r->n_rules;
            bool any = false;
            for (uint32_t k = r->facet_rules.from[f]; k < r->facet_rules.from[f + 1]; k++)
                any = any || w->m->outcome[r->facet_rules.item[k]] == OUTCOME_YES;
            why_add(w, "facet.%s: %s", facet_name((enum facet)f), any ? "yes" : "no");
        } else if (step->code == CONDITION_WITHIN) {
            uint8_t a = w->m->outcome[step->a], b = w->m->outcome[step->b];
            bool both = a == OUTCOME_YES && b == OUTCOME_YES;
            why_add(w, "%s: %s; %s: %s%s", r->rule[step->a].info.id, answer(a),
                    r->rule[step->b].info.id, answer(b),
                    both ? "; both are there, and must stand near enough" : "");
        }
    }
}

static void why_kind(struct why *w, const struct rule *rule)
{
    switch (rule->kind) {
    case RULE_OFF:
        why_add(w, "an overlay switches the rule off");
        break;
    case RULE_ANY:
    case RULE_NEAR:
        why_phrases(w, rule);
        break;
    case RULE_REGEX:
        why_regex(w, rule);
        break;
    case RULE_INDICATOR:
        why_indicator(w, rule);
        break;
    case RULE_HEADER:
        why_header(w, rule);
        break;
    case RULE_ATTACHMENT:
        why_attachment(w, rule);
        break;
    case RULE_ANOMALY:
        why_anomaly(w, rule);
        break;
    case RULE_ENVELOPE:
        why_add(w, "it asks about the transaction");
        break;
    case RULE_DISGUISE:
        why_disguise(w, rule);
        break;
    case RULE_WHEN:
        why_when(w, rule);
        break;
    }
}

enum status rule_why_not(const struct ruleset *r, const struct limits *limits,
                         const struct facts *facts, uint32_t rule, struct buf *out)
{
    struct facts own = *facts;
    struct mail_reader *reader = NULL;
    struct matcher *matcher = NULL;
    struct arena arena;
    struct matches matches;
    if (rule >= r->n_rules)
        return STATUS_INVALID;
    arena_init(&arena, limits->arena_bytes);
    enum status status = own.reader == NULL ? mail_reader_new(&reader) : STATUS_OK;
    own.reader = own.reader == NULL ? reader : own.reader;
    if (status == STATUS_OK)
        status = matcher_new(r, limits, true, &matcher);
    bool *needed = arena_calloc(&arena, (size_t)r->n_rules + 1, sizeof *needed);
    if (status == STATUS_OK && needed == NULL)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        rule_needs(r, rule, needed);
        matcher_want(matcher, needed);
        status = matcher_run(matcher, &own, &arena, &matches);
    }
    if (status == STATUS_OK) {
        struct why w = {.m = matcher, .out = out};
        why_kind(&w, &r->rule[rule]);
        status = w.status;
    }
    matcher_free(&matcher);
    mail_reader_free(&reader);
    arena_fini(&arena);
    return status;
}
