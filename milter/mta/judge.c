#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mta/count.h"
#include "mta/report.h"
#include "mta/session.h"

/* What the log says of a verdict; copied, since the scanner is given back before the edits. */
struct summary {
    bool flagged, incomplete, life;
    double score, threshold;
    const char *class_id;
    unsigned actions;
    char policies[32];  /* the lines of two that differ */
    char differ[256];   /* in what they do, or empty */
    const char *notice; /* how the message was annotated, or why not; NULL: it was not asked for */
    bool annotated;
    const char *stays;    /* why it could not be redirected, or NULL */
    const char *evidence; /* id of its record, or NULL */
    char stopped[256];    /* rules that a PCRE2 limit stopped, or empty */
    struct buf rules;
};

/* What does not fit is left out. */
static void stopped_list(struct summary *sum, const struct matches *m)
{
    size_t n = 0;
    for (uint32_t i = 0; i < m->n_stopped; i++) {
        int put = snprintf(sum->stopped + n, sizeof sum->stopped - n, "%s%s", i > 0 ? "," : "",
                           m->stopped[i]);
        if (put < 0 || (size_t)put >= sizeof sum->stopped - n) {
            sum->stopped[n] = '\0';
            return;
        }
        n += (size_t)put;
    }
}

static void summary_init(struct summary *sum, const struct settings *settings,
                         const struct decision *d)
{
    const struct verdict *v = d->verdict;
    *sum = (struct summary){.life = d->life,
                            .stays = sum->stays,
                            .flagged = d->flagged,
                            .incomplete = v->incomplete,
                            .score = v->score,
                            .threshold = d->threshold,
                            .class_id = d->class_id != NULL ? d->class_id : "none",
                            .actions = d->actions};
    struct buf differ;
    buf_init(&differ, sizeof sum->differ - 1);
    /* What does not fit is left out. */
    if (d->flagged && d->whom->differ != 0) {
        (void)snprintf(sum->policies, sizeof sum->policies, "%u,%u", d->whom->line[0],
                       d->whom->line[1]);
        (void)policy_differ_text(d->whom, &differ);
    }
    (void)snprintf(sum->differ, sizeof sum->differ, "%.*s", VIEW_ARG(buf_view(&differ)));
    buf_fini(&differ);
    buf_init(&sum->rules, 512);
    if (settings->log_details)
        for (uint32_t i = 0; i < v->n_reasons; i++)
            if (buf_addf(&sum->rules, "%s%s", i > 0 ? "," : "", v->reasons[i].rule->id) !=
                STATUS_OK)
                break;
}

const char *action_text(unsigned actions, char out[64])
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{ACTION_TAG, "tag"},
                 {ACTION_SUBJECT, "subject"},
                 {ACTION_QUARANTINE, "quarantine"},
                 {ACTION_ANNOTATE, "annotate"},
                 {ACTION_REDIRECT, "redirect"},
                 {ACTION_COPY, "copy"}};
    size_t n = (size_t)snprintf(out, 64, "%s", actions == 0 ? "none" : "");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((actions & names[i].bit) != 0)
            n += (size_t)snprintf(out + n, 64 - n, "%s%s", n > 0 ? "+" : "", names[i].name);
    return out;
}

/*
 * Not part of session_judge's frame: each of the hundreds of threads that wait for a scanner has
 * one of those.
 */
__attribute__((noinline)) static void log_verdict(const struct session *s, const char *queue_id,
                                                  const struct summary *sum, double ms)
{
    const struct message_state *m = &s->m;
    const struct policy *policy = session_policy(s);
    char text[64];
    struct log_record r;
    record_begin(&r, LOG_LEVEL_INFO);
    record_text(&r, "qid", view_of(queue_id));
    record_truth(&r, "flagged", sum->flagged);
    record_number(&r, "score", sum->score);
    record_text(&r, "ruleset", view_of(ruleset_version(policy_ruleset(policy))));
    record_text(&r, "action", view_of(action_text(sum->actions, text)));
    if (sum->notice != NULL) {
        (void)snprintf(text, sizeof text, "%s%s", sum->annotated ? "" : "none:", sum->notice);
        record_text(&r, "notice", view_of(text));
    }
    if (sum->stays != NULL)
        record_text(&r, "not-redirected", view_of(sum->stays));
    if (sum->evidence != NULL)
        record_text(&r, "evidence", view_of(sum->evidence));
    if (sum->differ[0] != '\0') {
        record_text(&r, "policies", view_of(sum->policies));
        record_text(&r, "differ", view_of(sum->differ));
    }
    record_number(&r, "ms", ms);
    record_count(&r, "size", m->size);
    if (sum->incomplete)
        record_truth(&r, "incomplete", true);
    if (sum->stopped[0] != '\0')
        record_text(&r, "stopped", view_of(sum->stopped));
    if (policy_settings(policy)->log_details) {
        record_text(&r, "class", view_of(sum->class_id));
        record_text(&r, "rules", buf_view(&sum->rules));
        record_text(&r, "client", view_of(s->address));
        report_address(&r, "from", m->sender, policy_settings(policy)->log_addresses,
                       engine_key(s->engine));
        record_count(&r, "nrcpt", m->n_all_recipients);
    }
    record_end(&r);
}

/* So that extortctl quarantine knows it. Without the mark it is held as well. */
static void hold_mark(const struct session *s, enum failure failure, const struct mta_ops *ops,
                      void *mta)
{
    char value[64];
    (void)snprintf(value, sizeof value, "%sheld; failure=%s", s->leading_space ? " " : "",
                   failure_names[failure]);
    (void)ops->header_insert(mta, 0, HEADER_HOLD_NAME, value);
}

/*
 * The one place where a failure of our own becomes a fate for the mail. The edits may or may not
 * have begun; what was asked of the MTA stands. A torn message nobody could read, so that one is
 * never let through.
 */
__attribute__((noinline)) static enum session_reply fail(struct session *s, const char *queue_id,
                                                         enum failure failure, const char *why,
                                                         bool life, bool torn,
                                                         const struct mta_ops *ops, void *mta)
{
    static const char *const names[] = {"accept", "tempfail", "quarantine"};
    enum failure_action action = torn   ? FAILURE_TEMPFAIL
                                 : life ? FAILURE_ACCEPT
                                        : settings_failure(session_settings(s), failure);
    count_failed(engine_metrics(s->engine), failure, action);
    report_failed(queue_id, why, failure_names[failure], names[action], s->m.size);
    if (action == FAILURE_TEMPFAIL)
        return SESSION_TEMPFAIL;
    if (action == FAILURE_QUARANTINE)
        hold_mark(s, failure, ops, mta);
    if (action == FAILURE_QUARANTINE && !ops->quarantine(mta, HOLD_REASON "not judged")) {
        metrics_count(engine_metrics(s->engine), METRIC_ERRORS_HOLD_REFUSED);
        report_failed(queue_id, "quarantine was refused", NULL, names[FAILURE_ACCEPT], UINT64_MAX);
    }
    return SESSION_CONTINUE;
}

/* The duty desk knows of what came to itself alone; so no alert can ever cause another one. */
static bool for_duty_alone(const struct message_state *m, const char *address)
{
    for (uint32_t i = 0; i < m->n_recipients; i++)
        if (!view_eq_nocase(m->recipients[i], view_of(address)))
            return false;
    return m->n_recipients > 0 && m->n_recipients == m->n_all_recipients;
}

__attribute__((noinline)) static void warn(struct session *s, const char *queue_id,
                                           const struct summary *sum)
{
    const struct message_state *m = &s->m;
    const struct alert_settings *w = &session_settings(s)->alert;
    if (!sum->life || !m->whom->settings.warn || w->address[0] == '\0' ||
        for_duty_alone(m, w->address))
        return;
    struct alert a = {.rate = w->rate,
                      .timeout = (unsigned)w->timeout,
                      .score = sum->score,
                      .threshold = sum->threshold,
                      .n_recipients = m->n_all_recipients,
                      .received = time(NULL)};
    (void)snprintf(a.address, sizeof a.address, "%s", w->address);
    (void)snprintf(a.from, sizeof a.from, "%s", w->from[0] != '\0' ? w->from : w->address);
    (void)snprintf(a.via, sizeof a.via, "%s", w->via);
    (void)snprintf(a.queue_id, sizeof a.queue_id, "%s", queue_id);
    (void)snprintf(a.class_id, sizeof a.class_id, "%s%s", sum->class_id,
                   strcmp(sum->class_id, CLASS_NEVER_HELD) != 0 ? "-and-" CLASS_NEVER_HELD : "");
    (void)snprintf(a.ruleset, sizeof a.ruleset, "%s",
                   ruleset_version(policy_ruleset(session_policy(s))));
    (void)snprintf(a.host, sizeof a.host, "%s", engine_host(s->engine));
    (void)snprintf(a.record, sizeof a.record, "%s", sum->evidence != NULL ? sum->evidence : "");
    alerts_post(engine_alerts(s->engine), &a);
}

static enum status judge(struct session *s, const char *queue_id, bool body_edits,
                         struct edits *edits, struct recording *record, struct summary *sum,
                         struct stages *stages)
{
    struct message_state *m = &s->m;
    const struct policy *policy = session_policy(s);
    struct decision d;
    const struct envelope envelope = {.known = true,
                                      .sender = m->sender,
                                      .recipients = m->recipients,
                                      .n_recipients = m->n_recipients,
                                      .client_address = view_of(s->address),
                                      .helo = view_of(s->helo),
                                      .authenticated = m->authenticated};
    struct scanner *scanner = generation_scanner_take(m->generation, &m->budget);
    const struct scan *scan;
    if (scanner == NULL)
        return STATUS_DEADLINE;
    stages_done(stages, METRIC_STAGE_WAIT);
    scanner_budget(scanner, m->budget.poll, m->budget.context);
    scanner_watch(scanner, stages_scanned, stages);
    enum status status = scanner_run(scanner, session_judged(s), &envelope, &scan);
    if (status == STATUS_OK) {
        policy_decide(policy, m->whom, &scan->verdict, &d);
        sum->life = d.life;
        if ((d.actions & ACTION_REDIRECT) != 0)
            sum->stays = move_hindered(&m->input);
        if (sum->stays != NULL)
            d.actions &= ~(unsigned)ACTION_REDIRECT;
        status = edits_plan(edits, &d, &m->input);
    }
    if (status == STATUS_OK) {
        summary_init(sum, session_settings(s), &d);
        stopped_list(sum, &scan->matches);
        count_verdict(engine_metrics(s->engine), session_settings(s), &d);
        /* A notice that cannot be made must not keep the mail from being tagged. */
        enum status noticed = annotate_plan(s, scanner, scan, &d, body_edits, edits);
        const struct rewrite *r = &edits->rewrite;
        sum->annotated = noticed == STATUS_OK && edits->rewritten && r->done != ANNOTATE_HEADER;
        if (noticed != STATUS_OK)
            sum->notice = noticed == STATUS_DEADLINE ? "deadline" : "memory";
        else if (edits->rewritten)
            sum->notice = sum->annotated      ? annotate_mode_names[r->done]
                          : r->reason != NULL ? r->reason
                                              : "header";
        count_notice(engine_metrics(s->engine), noticed, edits);
        if (noticed != STATUS_OK)
            edits_plain(edits);
        stages_done(stages, METRIC_STAGE_NOTICE);
        record->failed = recording_plan(s, scanner, scan, &envelope, &d, queue_id, record);
    }
    scanner_budget(scanner, NULL, NULL);
    scanner_watch(scanner, NULL, NULL);
    generation_scanner_return(m->generation, scanner);
    return status;
}

static enum failure failure_of(enum status status)
{
    return status == STATUS_NO_MEMORY  ? FAILED_MEMORY
           : status == STATUS_DEADLINE ? FAILED_DEADLINE
                                       : FAILED_INTERNAL;
}

enum session_reply session_judge(struct session *s, const char *queue_id, const struct mta_ops *ops,
                                 void *mta)
{
    struct message_state *m = &s->m;
    struct pace pace;
    struct edits edits;
    struct summary sum = {0};
    struct recording record = {.wanted = false};
    struct stages stages;
    stages_begin(&stages, engine_metrics(s->engine));
    pace_begin(&pace, session_settings(s)->deadline, ops, mta);
    engine_work_begin(s->engine, &pace);
    m->budget = (struct budget){.poll = pace_over, .context = &pace};
    m->input.subject = buf_view(&m->subject);
    m->input.moved = buf_view(&m->moved);
    m->input.key = engine_key(s->engine);
    m->input.recipients = m->recipients;
    m->input.n_recipients = m->n_recipients;
    m->input.more_recipients = m->n_all_recipients > m->n_recipients;
    edits_init(&edits, session_settings(s), &m->input);
    enum status status = m->failed ? STATUS_NO_MEMORY : STATUS_OK;
    if (status == STATUS_OK)
        status = judge(s, queue_id, ops->body_replace != NULL, &edits, &record, &sum, &stages);
    /* Before the first edit: what is on the disk is what the sender wrote. */
    bool go_on = recording_write(s, queue_id, sum.life, &record);
    sum.evidence = record.written ? record.id : NULL;
    stages_done(&stages, METRIC_STAGE_EVIDENCE);
    engine_work_end(s->engine, &pace);
    m->budget = (struct budget){0}; /* from here on nothing is asked but the edits */
    const char *refused = go_on ? edits_apply(&edits, ops, mta) : NULL;
    stages_done(&stages, METRIC_STAGE_EDIT);
    stages_end(&stages);
    enum session_reply reply = go_on ? SESSION_CONTINUE : SESSION_TEMPFAIL;
    if (status == STATUS_OK)
        warn(s, queue_id, &sum);
    if (status == STATUS_OK && go_on)
        log_verdict(s, queue_id, &sum, pace_milliseconds(&pace));
    if (status != STATUS_OK) {
        reply =
            fail(s, queue_id, failure_of(status), status_text(status), sum.life, false, ops, mta);
    } else if (refused != NULL) {
        char text[64];
        (void)snprintf(text, sizeof text, "%s was refused by the MTA", refused);
        reply = fail(s, queue_id, FAILED_EDIT, text, sum.life, edits.torn, ops, mta);
    } else if (go_on && sum.incomplete && !sum.flagged &&
               settings_failure(session_settings(s), FAILED_LIMITS) != FAILURE_ACCEPT) {
        reply = fail(s, queue_id, FAILED_LIMITS, status_text(STATUS_LIMIT), false, false, ops, mta);
    } else if (go_on) {
        count_done(engine_metrics(s->engine), sum.actions);
    }
    edits_fini(&edits);
    buf_fini(&sum.rules);
    return reply;
}
