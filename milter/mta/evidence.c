/*
 * The record of a flagged message: described while the scan lasts, on the disk before the first
 * edit.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mta/report.h"
#include "mta/session.h"

static struct store_time time_now(void)
{
    time_t now = time(NULL);
    struct tm tm = {0};
    (void)localtime_r(&now, &tm);
    return (struct store_time){.seconds = now, .offset = (int)(tm.tm_gmtoff / 60)};
}

void session_note(struct session *s, enum evidence_fact fact, const char *value)
{
    struct message_state *m = &s->m;
    /* Nobody reads them when nothing is recorded. */
    if (!m->active || value == NULL || policy_store(session_policy(s)) == NULL)
        return;
    m->facts[fact] = arena_copy(&m->envelope, view_sub(view_of(value), 0, FACT_BYTES_MAX));
}

enum status recording_plan(struct session *s, struct scanner *scanner, const struct scan *scan,
                           const struct envelope *envelope, const struct decision *d,
                           const char *queue_id, struct recording *r)
{
    const struct message_state *m = &s->m;
    const struct policy *policy = session_policy(s);
    if (!d->flagged || !d->whom->settings.record || policy_store(policy) == NULL)
        return STATUS_OK;
    const struct notice_settings *n = &d->whom->settings.notice;
    const char *gateway = n->gateway[0] != '\0' ? n->gateway : engine_host(s->engine);
    char actions[64];
    struct evidence e = {.received = time_now(),
                         .gateway = view_of(gateway),
                         .operator= view_of(n->operator),
                         .program = VIEW("extortion-milter " PACKAGE_VERSION),
                         .queue_id = view_of(queue_id),
                         .envelope = envelope,
                         .n_recipients = m->n_all_recipients,
                         .message = buf_view(&m->raw),
                         .complete = !m->full,
                         .scan = scan,
                         .ruleset = d->ruleset,
                         .threshold = d->threshold,
                         .actions = action_text(d->actions, actions)};
    memcpy(e.facts, m->facts, sizeof e.facts);
    buf_init(&r->json, EVIDENCE_JSON_MAX);
    r->wanted = true;
    r->seconds = e.received.seconds;
    enum status status = record_id_make(e.received.seconds, e.queue_id, r->id);
    return status == STATUS_OK ? evidence_describe(&e, r->id, scanner_reader(scanner), &r->json)
                               : status;
}

static const char *write_failure(enum status status, int error)
{
    return status == STATUS_LIMIT ? "evidence.quota is used up"
           : status == STATUS_IO  ? strerror(error)
                                  : status_text(status);
}

bool recording_write(struct session *s, const char *queue_id, bool life, struct recording *r)
{
    struct metrics *metrics = engine_metrics(s->engine);
    if (!r->wanted)
        return true;
    const char *why = r->failed != STATUS_OK ? status_text(r->failed) : NULL;
    if (why == NULL) {
        struct store_outcome outcome;
        enum status status = store_write(policy_store(session_policy(s)), r->id, r->seconds,
                                         buf_view(&r->json), buf_view(&s->m.raw), &outcome);
        if (outcome.expired > 0)
            log_line(LOG_LEVEL_INFO, "%u records of evidence removed: older than evidence.days",
                     outcome.expired);
        why = status != STATUS_OK ? write_failure(status, outcome.error) : NULL;
    }
    buf_fini(&r->json);
    r->written = why == NULL;
    metrics_count(metrics, r->written ? METRIC_EVIDENCE_RECORDED : METRIC_EVIDENCE_FAILED);
    if (r->written)
        return true;
    bool tempfail = !life && session_settings(s)->evidence.on_failure == FAILURE_TEMPFAIL;
    report_unrecorded(queue_id, why, tempfail ? "tempfail" : "accept");
    if (tempfail) {
        metrics_count(metrics, METRIC_UNFILTERED_EVIDENCE);
        metrics_count(metrics, METRIC_MESSAGES_TEMPFAIL);
    }
    return !tempfail;
}
