#include "mta/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mta/count.h"
#include "mta/report.h"

const struct policy *session_policy(const struct session *s)
{
    return generation_policy(s->m.generation);
}

const struct settings *session_settings(const struct session *s)
{
    return policy_settings(session_policy(s));
}

struct view session_judged(const struct session *s)
{
    /* One byte more than is judged, so that the parser sees that the rest is missing. */
    return view_sub(buf_view(&s->m.raw), 0, (size_t)session_settings(s)->limits.message_bytes + 1);
}

/* Frees what the message holds; may be called at any time, any number of times. */
static void message_end(struct session *s)
{
    struct message_state *m = &s->m;
    if (!m->active)
        return;
    buf_fini(&m->raw);
    buf_fini(&m->subject);
    buf_fini(&m->moved);
    arena_fini(&m->envelope);
    free(m->whom);
    engine_message_end(s->engine, &m->generation);
    *m = (struct message_state){0};
}

static void message_begin(struct session *s)
{
    struct message_state *m = &s->m;
    message_end(s);
    m->active = true;
    m->generation = engine_message_begin(s->engine);
    m->late = engine_closed(s->engine);
    m->input.leading_space = s->leading_space;
    const struct settings *settings = session_settings(s);
    size_t keep = (size_t)settings->limits.message_bytes + 1;
    size_t record = (size_t)settings->evidence.message_bytes;
    buf_init(&m->raw, policy_store(session_policy(s)) != NULL && record > keep ? record : keep);
    buf_init(&m->subject, SUBJECT_MAX);
    buf_init(&m->moved, MOVED_MAX);
    arena_init_small(&m->envelope, ENVELOPE_MAX);
}

/* An MTA may leave steps out; whatever comes first begins the message. */
static struct message_state *message_of(struct session *s)
{
    if (!s->m.active)
        message_begin(s);
    return &s->m;
}

struct session *session_new(struct engine *e, bool leading_space)
{
    struct session *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->engine = e;
    metrics_count(engine_metrics(e), METRIC_CONNECTIONS);
    metrics_add(engine_metrics(e), METRIC_SESSIONS, 1);
    s->leading_space = leading_space;
    return s;
}

void session_free(struct session **s)
{
    if (*s == NULL)
        return;
    message_end(*s);
    metrics_lower(engine_metrics((*s)->engine), METRIC_SESSIONS);
    free(*s);
    *s = NULL;
}

static void copy_text(char *to, size_t room, const char *from)
{
    size_t n = from != NULL ? strnlen(from, room - 1) : 0;
    if (n > 0)
        memcpy(to, from, n);
    to[n] = '\0';
}

void session_connect(struct session *s, const char *address)
{
    message_end(s);
    copy_text(s->address, sizeof s->address, address);
    s->helo[0] = s->listener_name[0] = s->listener_port[0] = '\0';
}

void session_listener(struct session *s, const char *name, const char *port)
{
    copy_text(s->listener_name, sizeof s->listener_name, name);
    copy_text(s->listener_port, sizeof s->listener_port, port);
}

void session_helo(struct session *s, const char *helo)
{
    copy_text(s->helo, sizeof s->helo, helo);
}

static struct view without_brackets(const char *address)
{
    struct view v = view_trim(view_of(address));
    if (v.n >= 2 && v.p[0] == '<' && v.p[v.n - 1] == '>')
        v = view_sub(v, 1, v.n - 1);
    return v;
}

void session_mail(struct session *s, const char *sender, bool authenticated)
{
    message_begin(s);
    struct message_state *m = &s->m;
    struct view v = without_brackets(sender);
    m->authenticated = authenticated;
    m->sender = arena_copy(&m->envelope, v);
    if (v.n > 0 && m->sender.p == NULL)
        m->failed = true;
}

static struct audience audience_of(const struct session *s)
{
    const struct message_state *m = &s->m;
    return (struct audience){.recipients = m->recipients,
                             .n = m->n_recipients,
                             .others = m->n_all_recipients > m->n_recipients,
                             .listener_name = view_of(s->listener_name),
                             .listener_port = view_of(s->listener_port)};
}

/*
 * Whether to split off this recipient. Mail programs of users, who authenticate or sit in the
 * house, would show the answer as an error.
 */
static bool splits(const struct session *s, struct view recipient)
{
    const struct message_state *m = &s->m;
    const struct policy *policy = session_policy(s);
    if (session_settings(s)->policies_differ != DIFFER_SPLIT || m->n_recipients == 0 ||
        m->authenticated || policy_internal(policy, s->address))
        return false;
    const struct view two[] = {m->recipients[0], recipient};
    struct audience a = audience_of(s);
    struct policy_for whom;
    a.recipients = two;
    a.n = 2;
    a.others = false;
    policy_for(policy, &a, &whom);
    return whom.differ != 0;
}

enum session_reply session_rcpt(struct session *s, const char *recipient, bool can_refuse)
{
    struct message_state *m = message_of(s);
    if (can_refuse && splits(s, without_brackets(recipient)))
        return SESSION_LATER;
    m->n_all_recipients++;
    if (m->n_recipients >= RECIPIENTS_MAX)
        return SESSION_CONTINUE;
    /* Recipients are context for rules; without memory for them the message is judged as well. */
    struct view *v =
        arena_grow(&m->envelope, m->recipients, &m->cap_recipients, m->n_recipients + 1, sizeof *v);
    if (v == NULL)
        return SESSION_CONTINUE;
    m->recipients = v;
    struct view address = arena_copy(&m->envelope, without_brackets(recipient));
    if (address.p != NULL)
        v[m->n_recipients++] = address;
    return SESSION_CONTINUE;
}

/* All recipients are known once the message itself begins. */
static void recipients_end(struct session *s)
{
    struct message_state *m = &s->m;
    if (m->complete)
        return;
    const struct audience a = audience_of(s);
    m->complete = true;
    m->whom = malloc(sizeof *m->whom);
    if (m->whom == NULL) {
        m->failed = true;
        return;
    }
    policy_for(session_policy(s), &a, m->whom);
    m->bypass = policy_bypass(session_policy(s), m->whom, m->authenticated, s->address);
}

/* As much as fits; the rest is known to be missing. */
static void raw_add(struct message_state *m, struct view v)
{
    m->size += v.n;
    if (m->full || m->failed || m->late || m->bypass != NULL)
        return;
    size_t room = m->raw.max - m->raw.n;
    if (v.n >= room) {
        v.n = room;
        m->full = true;
    }
    if (buf_add(&m->raw, v) != STATUS_OK) {
        m->failed = true;
        buf_fini(&m->raw);
    }
}

/* Folds arrive as LF, as a file may have them or not; on the wire they were CRLF. */
static void raw_add_folded(struct message_state *m, struct view v)
{
    while (v.n > 0) {
        size_t n = view_find_byte(v, '\n');
        bool crlf = n > 0 && n < v.n && v.p[n - 1] == '\r';
        raw_add(m, view_sub(v, 0, n));
        if (n < v.n)
            raw_add(m, crlf ? VIEW("\n") : VIEW("\r\n"));
        v = view_sub(v, n + 1, v.n);
    }
}

static void note_header(struct session *s, struct view name, struct view value)
{
    struct message_state *m = &s->m;
    const struct settings *settings = session_settings(s);
    m->input.headers++;
    for (enum trace t = 0; t < TRACE_COUNT; t++)
        m->input.forged[t] += view_eq_nocase(name, view_of(trace_name(settings, t)));
    if (m->input.forged[TRACE_NOTICE] == 1 && m->seal[0] == '\0' &&
        view_eq_nocase(name, VIEW(HEADER_NOTICE_NAME)) && value.n < sizeof m->seal)
        (void)snprintf(m->seal, sizeof m->seal, "%.*s", VIEW_ARG(value));
    if (m->input.forged[TRACE_ALERT] == 1 && m->alert[0] == '\0' &&
        view_eq_nocase(name, VIEW(HEADER_ALERT_NAME)) && value.n < sizeof m->alert)
        (void)snprintf(m->alert, sizeof m->alert, "%.*s", VIEW_ARG(value));
    if (m->input.forged[TRACE_MOVED] == 1 && m->moved.n == 0 &&
        view_eq_nocase(name, VIEW(HEADER_MOVED_NAME)) &&
        buf_add(&m->moved, value) == STATUS_NO_MEMORY)
        m->failed = true;
    if (m->input.has_subject || !view_eq_nocase(name, VIEW("Subject")))
        return;
    m->input.has_subject = true;
    if (buf_add(&m->subject, value) != STATUS_OK)
        m->failed = true;
}

void session_header(struct session *s, const char *name, const char *value)
{
    struct message_state *m = message_of(s);
    struct view n = view_of(name), v = view_of(value);
    recipients_end(s);
    note_header(s, view_trim(n), v);
    raw_add(m, n);
    raw_add(m, s->leading_space ? VIEW(":") : VIEW(": "));
    raw_add_folded(m, v);
    raw_add(m, VIEW("\r\n"));
}

void session_eoh(struct session *s)
{
    struct message_state *m = message_of(s);
    if (m->in_body)
        return;
    recipients_end(s);
    m->in_body = true;
    raw_add(m, VIEW("\r\n"));
    m->body_at = m->raw.n;
}

enum session_reply session_body(struct session *s, struct view chunk)
{
    struct message_state *m = message_of(s);
    session_eoh(s);
    raw_add(m, chunk);
    return m->full || m->bypass != NULL || m->failed || m->late ? SESSION_SKIP : SESSION_CONTINUE;
}

/* The one header of that name holds a seal of ours over the body as it is. */
static bool sealed(const struct session *s, enum trace trace, const char *value)
{
    const struct message_state *m = &s->m;
    struct view v = view_of(value);
    size_t at = view_find(v, VIEW("seal="));
    return m->input.forged[trace] == 1 && at < v.n && !m->full && !m->failed &&
           notice_sealed(engine_key(s->engine), view_sub(buf_view(&m->raw), m->body_at, m->raw.n),
                         view_trim(view_sub(v, at + 5, v.n)));
}

enum session_reply session_eom(struct session *s, const char *queue_id, const struct mta_ops *ops,
                               void *mta)
{
    struct message_state *m = message_of(s);
    enum session_reply reply = SESSION_CONTINUE;
    struct metrics *metrics = engine_metrics(s->engine);
    char id[QUEUE_ID_MAX];
    copy_text(id, sizeof id, queue_id != NULL && queue_id[0] != '\0' ? queue_id : "none");
    session_eoh(s);
    metrics_observe(metrics, METRIC_SIZE, m->size);
    if (m->late) {
        metrics_count(metrics, METRIC_DEFERRED);
        metrics_count(metrics, METRIC_MESSAGES_TEMPFAIL);
        report_passed(id, "deferred", "stopping", m->size, NULL);
        reply = SESSION_CLOSE;
    } else if (m->bypass != NULL) {
        struct edits edits;
        count_bypassed(metrics, m->bypass);
        edits_init(&edits, session_settings(s), &m->input);
        (void)edits_plan_bypass(&edits, m->whom, m->bypass, &m->input);
        const char *refused = edits_apply(&edits, ops, mta);
        edits_fini(&edits);
        report_passed(id, "bypass", m->bypass, m->size, refused);
    } else if (sealed(s, TRACE_NOTICE, m->seal)) {
        /* Our own work, untouched, on its way through us again: it was judged and helped already.
         */
        count_bypassed(metrics, "own-notice");
        report_passed(id, "bypass", "own-notice", m->size, NULL);
    } else if (sealed(s, TRACE_ALERT, m->alert)) {
        count_bypassed(metrics, "own-alert");
        report_passed(id, "bypass", "own-alert", m->size, NULL);
    } else {
        reply = session_judge(s, id, ops, mta);
    }
    message_end(s);
    return reply;
}

void session_abort(struct session *s)
{
    message_end(s);
}
