/* The words of an alert. In English and ASCII: it is for whoever runs the gateway. */
#include <stdio.h>
#include <time.h>

#include "mta/alert.h"

/* Names that MTAs and packs give; anything odd in them is left out. */
static void add_name(struct buf *out, const char *text, enum status *status)
{
    for (; *text != '\0' && *status == STATUS_OK; text++)
        if (ascii_is_alnum((unsigned char)*text) || *text == '-' || *text == '.' || *text == '_')
            *status = buf_add_byte(out, *text);
}

static void add_row(struct buf *out, const char *name, const char *value, enum status *status)
{
    if (*status == STATUS_OK)
        *status = buf_addf(out, "  %-12s", name);
    add_name(out, value, status);
    if (*status == STATUS_OK)
        *status = buf_add(out, VIEW("\r\n"));
}

/* Not strftime(): the names of days and months must not be those of a locale. */
static void date_text(int64_t at, bool header, char out[64])
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm = {0};
    time_t t = (time_t)at;
    (void)localtime_r(&t, &tm);
    long offset = tm.tm_gmtoff / 60, size = offset < 0 ? -offset : offset;
    char zone[16];
    (void)snprintf(zone, sizeof zone, "%c%02ld%02ld", offset < 0 ? '-' : '+', size / 60 % 100,
                   size % 60);
    if (header)
        (void)snprintf(out, 64, "%s, %d %s %d %02d:%02d:%02d %s", days[tm.tm_wday % 7], tm.tm_mday,
                       months[tm.tm_mon % 12], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec,
                       zone);
    else
        (void)snprintf(out, 64, "%04d-%02d-%02d %02d:%02d:%02d %s", tm.tm_year + 1900,
                       tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, zone);
}

static enum status body_write(const struct alert *a, struct buf *out)
{
    char date[64];
    date_text(a->received, false, date);
    enum status status = buf_addf(
        out,
        "The mail filter found a threat to life in a message. It was not held:\r\n"
        "its recipients have it, or will have it in a moment. The filter can be wrong.\r\n\r\n"
        "  %-12s%s\r\n",
        "received", date);
    add_row(out, "gateway", a->host, &status);
    add_row(out, "queue id", a->queue_id, &status);
    add_row(out, "class", a->class_id, &status);
    if (status == STATUS_OK)
        status =
            buf_addf(out, "  %-12s%.1f, from %.1f on it counts\r\n  %-12s%llu\r\n", "points",
                     a->score, a->threshold, "recipients", (unsigned long long)a->n_recipients);
    add_row(out, "ruleset", a->ruleset, &status);
    if (a->record[0] != '\0')
        add_row(out, "evidence", a->record, &status);
    if (status == STATUS_OK && a->more > 0)
        status = buf_addf(out,
                          "\r\nBefore this one came %llu more such messages that no mail was "
                          "sent about\r\n(setting alert.rate). The log has their queue ids.\r\n",
                          (unsigned long long)a->more);
    if (status == STATUS_OK)
        status = buf_addf(
            out, "%s",
            "\r\nWhat to do: look up the queue id in the log of the mail server to see whom\r\n"
            "the message was for. Call them; do not wait for them to call. Call the police\r\n"
            "where somebody may be in danger. Keep the message, and do not answer it.\r\n\r\n"
            "This mail was written by a program (extortion-milter) and holds no words of\r\n"
            "the message.\r\n");
    return status;
}

enum status alert_write(const struct alert *a, const unsigned char *key, struct buf *out)
{
    char date[64], seal[SEAL_BYTES];
    struct buf body;
    buf_init(&body, ALERT_MAIL_MAX / 2);
    enum status status = body_write(a, &body);
    if (status == STATUS_OK) {
        notice_seal(key, buf_view(&body), seal);
        date_text(a->received, true, date);
        status = buf_addf(out,
                          "From: extortion-milter <%s>\r\nTo: <%s>\r\nDate: %s\r\n"
                          "Subject: Threat to life in a message, queue id ",
                          a->from, a->address, date);
    }
    add_name(out, a->queue_id, &status);
    if (status == STATUS_OK)
        status = buf_addf(out, "\r\nMessage-ID: <%.16s.%lld@", seal, (long long)a->received);
    add_name(out, a->host, &status);
    if (status == STATUS_OK)
        status = buf_addf(out,
                          ">\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
                          "Importance: high\r\n%s: seal=%s\r\nMIME-Version: 1.0\r\n"
                          "Content-Type: text/plain; charset=us-ascii\r\n"
                          "Content-Transfer-Encoding: 7bit\r\n\r\n",
                          HEADER_ALERT_NAME, seal);
    if (status == STATUS_OK)
        status = buf_add(out, buf_view(&body));
    buf_fini(&body);
    return status;
}
