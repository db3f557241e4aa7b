#include "mta/count.h"

static uint64_t nanoseconds(const struct timespec *from, const struct timespec *to)
{
    return (uint64_t)((to->tv_sec - from->tv_sec) * 1000000000 + (to->tv_nsec - from->tv_nsec));
}

void stages_begin(struct stages *t, struct metrics *m)
{
    t->metrics = m;
    (void)clock_gettime(CLOCK_MONOTONIC, &t->began);
    t->last = t->began;
}

void stages_done(struct stages *t, enum metric which)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    metrics_observe(t->metrics, which, nanoseconds(&t->last, &now));
    t->last = now;
}

void stages_scanned(void *stages, enum scan_stage stage)
{
    static const enum metric metrics[] = {[SCAN_PARSE] = METRIC_STAGE_PARSE,
                                          [SCAN_TEXT] = METRIC_STAGE_TEXT,
                                          [SCAN_INDICATOR] = METRIC_STAGE_INDICATOR,
                                          [SCAN_RULE] = METRIC_STAGE_RULE,
                                          [SCAN_VERDICT] = METRIC_STAGE_VERDICT};
    stages_done(stages, metrics[stage]);
}

void stages_end(struct stages *t)
{
    metrics_observe(t->metrics, METRIC_DURATION, nanoseconds(&t->began, &t->last));
}

/* What all languages share is one label, or 32 languages would make thousands. */
static void count_rules(struct metrics *m, const struct verdict *v)
{
    for (uint32_t i = 0; i < v->n_reasons; i++) {
        const struct rule_info *rule = v->reasons[i].rule;
        bool again = false;
        for (uint32_t k = 0; k < i && !again; k++)
            again = v->reasons[k].rule == rule;
        if (!again)
            metrics_count_name(m, METRIC_NAMES_RULES,
                               view_of(rule->template_id != NULL ? rule->template_id : rule->id));
    }
}

void count_verdict(struct metrics *m, const struct settings *s, const struct decision *d)
{
    const struct verdict *v = d->verdict;
    metrics_count(m, d->flagged ? METRIC_VERDICTS_YES : METRIC_VERDICTS_NO);
    if (d->flagged)
        metrics_count_name(m, METRIC_NAMES_CLASSES,
                           view_of(d->class_id != NULL ? d->class_id : "none"));
    if (d->flagged && s->metrics_rules)
        count_rules(m, v);
    if (v->incomplete)
        metrics_count(m, METRIC_INCOMPLETE);
    for (unsigned i = 0; i < ANOMALY_COUNT; i++)
        if (v->anomalies.count[i] > 0)
            metrics_count(m, (enum metric)(METRIC_ANOMALIES_FIRST + i));
}

void count_notice(struct metrics *m, enum status status, const struct edits *edits)
{
    static const enum metric modes[] = {[ANNOTATE_HEADER] = METRIC_NOTICES_HEADER,
                                        [ANNOTATE_WRAP] = METRIC_NOTICES_WRAP,
                                        [ANNOTATE_INLINE] = METRIC_NOTICES_INLINE};
    const struct rewrite *r = &edits->rewrite;
    if (status != STATUS_OK)
        metrics_count_name(m, METRIC_NAMES_SKIPPED,
                           status == STATUS_DEADLINE ? VIEW("deadline") : VIEW("memory"));
    else if (edits->rewritten && r->reason != NULL && r->done == ANNOTATE_HEADER)
        metrics_count_name(m, METRIC_NAMES_SKIPPED, view_of(r->reason));
    else if (edits->rewritten && r->done <= ANNOTATE_INLINE)
        metrics_count(m, modes[r->done]);
}

void count_done(struct metrics *m, unsigned actions)
{
    static const struct {
        unsigned action;
        enum metric metric;
    } strongest[] = {{ACTION_QUARANTINE, METRIC_MESSAGES_QUARANTINE},
                     {ACTION_REDIRECT, METRIC_MESSAGES_REDIRECT},
                     {ACTION_ANNOTATE, METRIC_MESSAGES_ANNOTATE},
                     {ACTION_SUBJECT, METRIC_MESSAGES_SUBJECT},
                     {ACTION_COPY, METRIC_MESSAGES_COPY},
                     {ACTION_TAG, METRIC_MESSAGES_TAG}};
    for (size_t i = 0; i < sizeof strongest / sizeof strongest[0]; i++)
        if ((actions & strongest[i].action) != 0) {
            metrics_count(m, strongest[i].metric);
            return;
        }
    metrics_count(m, METRIC_MESSAGES_NONE);
}

void count_bypassed(struct metrics *m, const char *why)
{
    metrics_count_name(m, METRIC_NAMES_BYPASSED, view_of(why));
    count_done(m, ACTION_NONE);
}

void count_failed(struct metrics *m, enum failure failure, enum failure_action action)
{
    static const enum metric reasons[] = {
#define X(id, name) [FAILED_##id] = METRIC_UNFILTERED_##id,
        FAILURES(X)
#undef X
    };
    metrics_count(m, reasons[failure]);
    metrics_count(m, action == FAILURE_TEMPFAIL     ? METRIC_MESSAGES_TEMPFAIL
                     : action == FAILURE_QUARANTINE ? METRIC_MESSAGES_QUARANTINE
                                                    : METRIC_MESSAGES_NONE);
}
