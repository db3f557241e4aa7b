#include "mta/edit.h"

#include <stdio.h>
#include <string.h>

enum {
    VALUE_MAX = 8192,            /* of a trace header */
    SUBJECT_VALUE_MAX = 1 << 20, /* what libmilter takes from us, see milter.c */
    RULES_MAX = 100,
    ENVELOPE_EDITS_MAX = 2 << 20, /* the envelope is below 1 MiB, see session.h */
    FOLD_AT = 72,
};

/* A name that is not in use is removed from incoming mail all the same: nobody else may use it. */
const char *trace_name(const struct settings *s, enum trace trace)
{
    switch (trace) {
    case TRACE_FLAG:
        return s->header_flag;
    case TRACE_SCORE:
        return s->header_score;
    case TRACE_RULES:
        return s->header_rules[0] != '\0' ? s->header_rules : "X-Extortion-Rules";
    case TRACE_CLASS:
        return HEADER_CLASS_NAME;
    case TRACE_NOTICE:
        return HEADER_NOTICE_NAME;
    case TRACE_HOLD:
        return HEADER_HOLD_NAME;
    case TRACE_MOVED:
        return HEADER_MOVED_NAME;
    case TRACE_ALERT:
        return HEADER_ALERT_NAME;
    case TRACE_COUNT:
        break;
    }
    return "";
}

static bool trace_wanted(const struct settings *s, enum trace trace, bool flagged)
{
    if (trace == TRACE_RULES)
        return s->header_rules[0] != '\0';
    if (trace == TRACE_NOTICE || trace == TRACE_HOLD || trace == TRACE_MOVED ||
        trace == TRACE_ALERT)
        return false; /* have their own plans */
    return trace != TRACE_CLASS || (s->header_class && flagged);
}

void edits_init(struct edits *e, const struct settings *settings, const struct edit_input *input)
{
    *e = (struct edits){.settings = settings};
    for (int t = 0; t < TRACE_COUNT; t++) {
        e->forged[t] = input->forged[t];
        buf_init(&e->value[t], VALUE_MAX);
    }
    buf_init(&e->subject_value, SUBJECT_VALUE_MAX);
    arena_init(&e->move.arena, ENVELOPE_EDITS_MAX);
    /* Our own headers come on top; the MTA takes any index beyond the last as "at the end". */
    e->append_index = (int)(input->headers < 1000000 ? input->headers : 1000000) + TRACE_COUNT + 1;
}

void edits_fini(struct edits *e)
{
    for (int t = 0; t < TRACE_COUNT; t++)
        buf_fini(&e->value[t]);
    buf_fini(&e->subject_value);
    move_fini(&e->move);
    edits_plain(e);
}

void edits_plain(struct edits *e)
{
    if (e->rewritten)
        rewrite_fini(&e->rewrite);
    e->rewritten = false;
    e->insert[TRACE_NOTICE] = false;
}

/* Ids of the rules that counted, heaviest first, each once. */
static enum status rules_value(struct buf *out, const struct verdict *v)
{
    enum status status = STATUS_OK;
    const struct rule_info *seen[RULES_MAX];
    uint32_t n = 0;
    size_t line = 0;
    for (uint32_t i = 0; i < v->n_reasons && n < RULES_MAX && status == STATUS_OK; i++) {
        const struct reason *reason = &v->reasons[i];
        bool known = reason->points == 0;
        for (uint32_t k = 0; k < n && !known; k++)
            known = seen[k] == reason->rule;
        if (known)
            continue;
        size_t before = out->n;
        status = buf_addf(out, "%s%s",
                          n == 0           ? ""
                          : line > FOLD_AT ? ",\n "
                                           : ",",
                          reason->rule->id);
        line = line > FOLD_AT ? out->n - before : line + out->n - before;
        seen[n++] = reason->rule;
    }
    if (status == STATUS_OK && n == 0)
        status = buf_addf(out, "none");
    return status;
}

static enum status trace_value(struct edits *e, enum trace trace, const struct decision *d)
{
    struct buf *out = &e->value[trace];
    switch (trace) {
    case TRACE_FLAG:
        return buf_addf(out, "%s", d->flagged ? "yes" : "no");
    case TRACE_SCORE:
        return buf_addf(out, "%.1f threshold=%.1f ruleset=%s%s", d->verdict->score, d->threshold,
                        d->ruleset, d->verdict->incomplete ? " incomplete" : "");
    case TRACE_RULES:
        return rules_value(out, d->verdict);
    case TRACE_CLASS:
        return buf_addf(out, "%s", d->class_id != NULL ? d->class_id : "none");
    case TRACE_HOLD:
        return buf_addf(out, "held; score=%.1f%s%s", d->verdict->score,
                        d->whom->settings.header_class ? "; class=" : "",
                        d->whom->settings.header_class && d->class_id != NULL ? d->class_id : "");
    case TRACE_NOTICE:
    case TRACE_MOVED:
    case TRACE_ALERT:
    case TRACE_COUNT:
        break;
    }
    return STATUS_OK;
}

static enum status trace_plan(struct edits *e, enum trace t, const struct decision *d,
                              bool leading_space)
{
    enum status status = leading_space ? buf_add_byte(&e->value[t], ' ') : STATUS_OK;
    if (status == STATUS_OK)
        status = trace_value(e, t, d);
    if (status == STATUS_OK)
        status = buf_add_byte(&e->value[t], '\0');
    e->insert[t] = true;
    return status;
}

static enum status plan_trace(struct edits *e, const struct decision *d, bool leading_space)
{
    const struct settings *s = &d->whom->settings;
    enum status status = STATUS_OK;
    if (d->flagged ? (d->actions & ACTION_TAG) == 0 : !s->header_clean)
        return STATUS_OK;
    for (enum trace t = 0; t < TRACE_COUNT && status == STATUS_OK; t++)
        if (trace_wanted(s, t, d->flagged))
            status = trace_plan(e, t, d, leading_space);
    return status;
}

/* An RFC 2047 word; the space after it is inside, since one between two words is not shown. */
static enum status encoded_word(struct buf *out, struct view text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char in[64];
    size_t n = text.n < sizeof in - 1 ? text.n : sizeof in - 1;
    memcpy(in, text.p, n);
    in[n++] = ' ';
    enum status status = buf_add(out, VIEW("=?UTF-8?B?"));
    for (size_t i = 0; i < n && status == STATUS_OK; i += 3) {
        uint32_t b = (uint32_t)in[i] << 16 | (i + 1 < n ? (uint32_t)in[i + 1] << 8 : 0) |
                     (i + 2 < n ? in[i + 2] : 0);
        char four[4] = {digits[b >> 18], digits[b >> 12 & 63],
                        i + 1 < n ? digits[b >> 6 & 63] : '=', i + 2 < n ? digits[b & 63] : '='};
        status = buf_add(out, (struct view){four, 4});
    }
    return status == STATUS_OK ? buf_add(out, VIEW("?=")) : status;
}

/* Prefix, space, and the original bytes: folds, encoded words and 8-bit as they were. */
static enum status plan_subject(struct edits *e, const char *tagged, const struct edit_input *input)
{
    struct buf prefix, *out = &e->subject_value;
    struct view text = view_of(tagged), old = input->subject;
    buf_init(&prefix, 256);
    enum status status =
        utf8_ascii_prefix(text) == text.n ? buf_add(&prefix, text) : encoded_word(&prefix, text);
    struct view tag = buf_view(&prefix), bare = view_trim(old);
    if (status == STATUS_OK && input->has_subject &&
        (view_starts_nocase(bare, tag) || view_starts_nocase(bare, text))) {
        buf_fini(&prefix);
        return STATUS_OK;
    }
    if (status == STATUS_OK && input->leading_space)
        status = buf_add_byte(out, ' ');
    if (status == STATUS_OK)
        status = buf_add(out, tag);
    bool spaced = old.n > 0 && ascii_is_space((unsigned char)old.p[0]);
    if (status == STATUS_OK && bare.n > 0 && !spaced)
        status = buf_add_byte(out, ' ');
    if (status == STATUS_OK && bare.n > 0)
        status = buf_add(out, old);
    if (status == STATUS_OK)
        status = buf_add_byte(out, '\0');
    buf_fini(&prefix);
    e->subject = input->has_subject ? SUBJECT_CHANGE : SUBJECT_INSERT;
    return status;
}

enum status edits_plan(struct edits *e, const struct decision *d, const struct edit_input *input)
{
    enum status status = plan_trace(e, d, input->leading_space);
    if (status == STATUS_OK && (d->actions & ACTION_SUBJECT) != 0)
        status = plan_subject(e, d->whom->settings.subject_prefix, input);
    e->quarantine = (d->actions & ACTION_QUARANTINE) != 0;
    if (status == STATUS_OK && e->quarantine)
        status = trace_plan(e, TRACE_HOLD, d, input->leading_space);
    if (status == STATUS_OK)
        status = move_plan(e, d, input);
    if (status != STATUS_OK) {
        edits_fini(e);
        edits_init(e, e->settings, input);
    }
    return status;
}

enum status edits_plan_bypass(struct edits *e, const struct policy_for *whom, const char *why,
                              const struct edit_input *input)
{
    struct buf *out = &e->value[TRACE_SCORE];
    if (!whom->settings.header_clean)
        return STATUS_OK;
    enum status status = buf_addf(out, "%snone; bypass=%s", input->leading_space ? " " : "", why);
    if (status == STATUS_OK)
        status = buf_add_byte(out, '\0');
    e->insert[TRACE_SCORE] = status == STATUS_OK;
    return status;
}

/* "wrap; lang=fi; seal=...", or "none; reason=signed". No class: others may read the mailbox. */
static enum status notice_value(struct edits *e, const unsigned char key[SEAL_KEY_BYTES],
                                bool leading_space)
{
    struct buf *out = &e->value[TRACE_NOTICE];
    const struct rewrite *r = &e->rewrite;
    char seal[SEAL_BYTES];
    enum status status = leading_space ? buf_add_byte(out, ' ') : STATUS_OK;
    if (status != STATUS_OK)
        return status;
    if (r->done == ANNOTATE_HEADER) {
        status = buf_addf(out, "none%s%s", r->reason != NULL ? "; reason=" : "",
                          r->reason != NULL ? r->reason : "");
    } else {
        notice_seal(key, buf_view(&r->body), seal);
        status =
            buf_addf(out, "%s; lang=%s; seal=%s", annotate_mode_names[r->done], r->language, seal);
    }
    return status == STATUS_OK ? buf_add_byte(out, '\0') : status;
}

enum status edits_plan_notice(struct edits *e, const unsigned char key[SEAL_KEY_BYTES],
                              const struct edit_input *input)
{
    struct rewrite *r = &e->rewrite;
    enum status status = notice_value(e, key, input->leading_space);
    for (unsigned i = 0; i < r->n_edits && status == STATUS_OK; i++) {
        struct view value = view_of(r->edits[i].value);
        size_t space = input->leading_space ? 1 : 0;
        if (value.n == 0)
            continue;
        e->spaced[i] = arena_alloc(&r->arena, value.n + space + 1);
        if (e->spaced[i] == NULL)
            status = STATUS_NO_MEMORY;
        else
            (void)snprintf(e->spaced[i], value.n + space + 1, "%s%s", space > 0 ? " " : "",
                           r->edits[i].value);
    }
    e->insert[TRACE_NOTICE] = status == STATUS_OK;
    return status;
}

/* The fields that describe the body: exactly one of each that remains. */
static const char *apply_body_headers(struct edits *e, const struct mta_ops *ops, void *mta)
{
    for (unsigned i = 0; i < e->rewrite.n_edits; i++) {
        const struct header_edit *h = &e->rewrite.edits[i];
        for (unsigned k = h->have; k > (h->value != NULL ? 1u : 0u); k--) {
            if (!ops->header_change(mta, (int)k, h->name, NULL))
                return "header deletion";
            e->torn = true;
        }
        if (h->value == NULL)
            continue;
        if (h->have > 0 ? !ops->header_change(mta, 1, h->name, e->spaced[i])
                        : !ops->header_insert(mta, e->append_index + (int)i, h->name, e->spaced[i]))
            return "header of the body";
        e->torn = true;
    }
    return NULL;
}

const char *edits_apply(struct edits *e, const struct mta_ops *ops, void *mta)
{
    /* From the highest index down: deleting shifts those above it (CVE-2022-48521). */
    for (enum trace t = 0; t < TRACE_COUNT; t++)
        for (unsigned i = e->forged[t]; i > 0; i--)
            if (!ops->header_change(mta, (int)i, trace_name(e->settings, t), NULL))
                return "header deletion";
    /* Each at the top, so the last one inserted is the first one read. */
    for (unsigned n = TRACE_COUNT; n > 0; n--) {
        enum trace t = (enum trace)(n - 1);
        if (e->insert[t] && !ops->header_insert(mta, 0, trace_name(e->settings, t), e->value[t].p))
            return "header insertion";
    }
    if (e->subject == SUBJECT_CHANGE && !ops->header_change(mta, 1, "Subject", e->subject_value.p))
        return "subject change";
    if (e->subject == SUBJECT_INSERT &&
        !ops->header_insert(mta, e->append_index, "Subject", e->subject_value.p))
        return "subject insertion";
    bool body = e->rewritten && e->rewrite.done != ANNOTATE_HEADER;
    const char *refused = body ? apply_body_headers(e, ops, mta) : NULL;
    if (refused == NULL)
        refused = move_apply(&e->move, ops, mta);
    if (refused != NULL)
        return refused;
    if (e->quarantine && !ops->quarantine(mta, HOLD_REASON "held by the site's policy"))
        return "quarantine";
    /* Postfix takes nothing after a body has begun. */
    if (body && !ops->body_replace(mta, buf_view(&e->rewrite.body)))
        return "new body";
    e->torn = false;
    return NULL;
}
