/* Reports as mail: ARF (RFC 5965) and X-ARF 0.2. Whoever sends them adds To. */
#include <stdio.h>
#include <string.h>

#include "export/case.h"

enum { BOUNDARY_BYTES = 48, LINE_ROOM = 900 };

static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* RFC 5322, in UTC; "" when the record has no time. */
static void date_text(const struct export_case *c, char out[40])
{
    int64_t seconds = export_case_time(c);
    struct view utc = json_member_text(json_member(c->root, "received"), "utc");
    uint64_t month = 0;
    out[0] = '\0';
    if (seconds == 0 || !view_to_u64(view_sub(utc, 5, 7), 12, &month) || month == 0)
        return;
    (void)snprintf(out, 40, "%s, %.2s %s %.4s %.8s +0000", days[seconds / 86400 % 7], utc.p + 8,
                   months[month - 1], utc.p, utc.p + 11);
}

/* One line of a header or of a field: no control characters, printable ASCII; cut. */
static enum status add_safe(struct buf *out, struct view v)
{
    enum status status = STATUS_OK;
    v = view_sub(v, 0, LINE_ROOM);
    for (size_t i = 0; i < v.n && status == STATUS_OK; i++) {
        unsigned char ch = (unsigned char)v.p[i];
        status = buf_add_byte(out, ch >= 0x20 && ch < 0x7F ? (char)ch : '?');
    }
    return status;
}

static enum status add_field(struct buf *out, const char *name, const char *before, struct view v,
                             const char *after)
{
    if (v.n == 0)
        return STATUS_OK;
    enum status status = buf_addf(out, "%s: %s", name, before);
    if (status == STATUS_OK)
        status = add_safe(out, v);
    return status == STATUS_OK ? buf_addf(out, "%s\r\n", after) : status;
}

static void boundary_of(const struct export_case *c, const char *what, char out[BOUNDARY_BYTES])
{
    char uuid[UUID_BYTES];
    uuid_own(c, what, VIEW_NONE, uuid);
    (void)snprintf(out, BOUNDARY_BYTES, "=_%s", uuid);
}

static enum status add_head(const struct export_case *c, const char *what, const char *type,
                            const char *boundary, struct buf *out)
{
    char date[40], uuid[UUID_BYTES];
    struct view gateway = json_member_text(c->gateway, "name");
    date_text(c, date);
    uuid_own(c, what, VIEW("message"), uuid);
    enum status status = add_field(out, "From", "postmaster@", gateway, "");
    if (status == STATUS_OK)
        status = add_field(out, "Date", "", view_of(date), "");
    if (status == STATUS_OK)
        status = buf_addf(out, "Message-ID: <%s@", uuid);
    if (status == STATUS_OK)
        status = add_safe(out, gateway);
    if (status == STATUS_OK)
        status = buf_addf(out, ">\r\nSubject: Abuse report: extortion mail from ");
    if (status == STATUS_OK)
        status = add_safe(out, json_member_text(c->client, "address"));
    if (status == STATUS_OK)
        status = buf_addf(out,
                          "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                          "Content-Type: %s;\r\n\tboundary=\"%s\"\r\n",
                          type, boundary);
    return status;
}

static enum status add_words(const struct export_case *c, const char *boundary, struct buf *out)
{
    enum status status = buf_addf(
        out,
        "\r\n--%s\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is a report of an "
        "extortion mail that\r\n",
        boundary);
    if (status == STATUS_OK)
        status = add_safe(out, json_member_text(c->client, "address"));
    if (status == STATUS_OK)
        status = buf_addf(out, " delivered to ");
    if (status == STATUS_OK)
        status = add_safe(out, json_member_text(c->gateway, "name"));
    if (status == STATUS_OK)
        status = buf_addf(out, " at ");
    if (status == STATUS_OK)
        status = add_safe(out, json_member_text(json_member(c->root, "received"), "utc"));
    if (status == STATUS_OK)
        status = buf_addf(out, ".\r\nThe message is attached as it was received. It was recognised "
                               "by a program, which can be wrong.\r\n");
    return status;
}

/* The message itself; lines that are too long or hold 8-bit are what the sender made them. */
static enum status add_message(const struct export_case *c, const char *boundary, struct buf *out)
{
    bool eight = false;
    for (size_t i = 0; i < c->message.n && !eight; i++)
        eight = (unsigned char)c->message.p[i] >= 0x80;
    enum status status = buf_addf(out, "\r\n--%s\r\nContent-Type: message/rfc822\r\n%s\r\n",
                                  boundary, eight ? "Content-Transfer-Encoding: 8bit\r\n" : "");
    if (status == STATUS_OK)
        status = buf_add(out, c->message);
    return status == STATUS_OK ? buf_addf(out, "\r\n--%s--\r\n", boundary) : status;
}

enum status form_arf(const struct export_case *c, const struct report_words *w, struct buf *out)
{
    (void)w;
    char boundary[BOUNDARY_BYTES], date[40];
    boundary_of(c, "arf", boundary);
    date_text(c, date);
    enum status status =
        add_head(c, "arf", "multipart/report; report-type=feedback-report", boundary, out);
    if (status == STATUS_OK)
        status = add_words(c, boundary, out);
    if (status == STATUS_OK)
        status = buf_addf(out,
                          "\r\n--%s\r\nContent-Type: message/feedback-report\r\n\r\n"
                          "Feedback-Type: fraud\r\n",
                          boundary);
    struct buf agent;
    buf_init(&agent, 1024);
    if (status == STATUS_OK)
        status = buf_add(&agent, json_member_text(c->gateway, "program"));
    for (size_t i = 0; i < agent.n; i++)
        if (agent.p[i] == ' ')
            agent.p[i] = '/';
    if (status == STATUS_OK)
        status = add_field(out, "User-Agent", "", buf_view(&agent), "");
    buf_fini(&agent);
    if (status == STATUS_OK)
        status = buf_addf(out, "Version: 1\r\n");
    if (status == STATUS_OK)
        status = buf_addf(out, "Original-Mail-From: <");
    if (status == STATUS_OK)
        status = add_safe(out, json_member_text(c->envelope, "sender"));
    if (status == STATUS_OK)
        status = buf_addf(out, ">\r\n");
    for (const struct json_node *n = json_first(json_member(c->envelope, "recipients"));
         n != NULL && status == STATUS_OK; n = n->next)
        status = add_field(out, "Original-Rcpt-To", "<", n->text, ">");
    if (status == STATUS_OK)
        status = add_field(out, "Arrival-Date", "", view_of(date), "");
    if (status == STATUS_OK)
        status = add_field(out, "Source-IP", "", json_member_text(c->client, "address"), "");
    if (status == STATUS_OK)
        status = add_field(out, "Reporting-MTA", "dns; ", json_member_text(c->gateway, "name"), "");
    for (const struct json_node *n = json_first(json_member(c->head, "authentication_results"));
         n != NULL && status == STATUS_OK; n = n->next)
        status = add_field(out, "Authentication-Results", "", n->text, "");
    for (uint32_t i = 0; i < c->n_shared && status == STATUS_OK; i++)
        if (c->shared[i].kind == SHARED_URL)
            status = add_field(out, "Reported-URI", "", c->shared[i].value, "");
    return status == STATUS_OK ? add_message(c, boundary, out) : status;
}

enum status form_xarf(const struct export_case *c, const struct report_words *w, struct buf *out)
{
    (void)w;
    char boundary[BOUNDARY_BYTES], uuid[UUID_BYTES];
    struct view address = json_member_text(c->client, "address"),
                gateway = json_member_text(c->gateway, "name");
    boundary_of(c, "x-arf", boundary);
    uuid_own(c, "x-arf", VIEW("report"), uuid);
    enum status status = buf_addf(out, "X-XARF: PLAIN\r\n");
    if (status == STATUS_OK)
        status = add_head(c, "x-arf", "multipart/mixed", boundary, out);
    if (status == STATUS_OK)
        status = add_words(c, boundary, out);
    if (status == STATUS_OK)
        status = buf_addf(out,
                          "\r\n--%s\r\nContent-Type: text/plain; charset=utf-8; "
                          "name=\"report.txt\"\r\n\r\n---\r\nVersion: 0.2\r\nCategory: fraud\r\n"
                          "Report-Type: extortion\r\nService: smtp\r\nAttachment: "
                          "message/rfc822\r\nReport-ID: %s@",
                          boundary, uuid);
    if (status == STATUS_OK)
        status = add_safe(out, gateway);
    if (status == STATUS_OK)
        status = buf_addf(out, "\r\n");
    if (status == STATUS_OK)
        status = add_field(out, "Reported-From", "postmaster@", gateway, "");
    if (status == STATUS_OK)
        status = add_field(out, "User-Agent", "", json_member_text(c->gateway, "program"), "");
    if (status == STATUS_OK)
        status = add_field(out, "Date", "'",
                           json_member_text(json_member(c->root, "received"), "utc"), "'");
    if (status == STATUS_OK)
        status = add_field(out, "Source", "'", address, "'");
    if (status == STATUS_OK && address.n > 0)
        status = buf_addf(out, "Source-Type: %s\r\n",
                          view_find_byte(address, ':') < address.n ? "ipv6" : "ipv4");
    return status == STATUS_OK ? add_message(c, boundary, out) : status;
}
