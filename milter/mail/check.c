/* Oddities of the top header section. */
#include <string.h>

#include "mail/parse.h"

static bool digits(struct view v, uint64_t max, uint64_t *n)
{
    return view_to_u64(v, max, n);
}

/* The next word of a date; commas, comments and white space part them. */
static struct view token(struct view *rest)
{
    size_t i = 0;
    while (i < rest->n && (ascii_is_space((unsigned char)rest->p[i]) || rest->p[i] == ','))
        i++;
    size_t from = i;
    while (i < rest->n && !ascii_is_space((unsigned char)rest->p[i]) && rest->p[i] != ',')
        i++;
    struct view out = view_sub(*rest, from, i);
    *rest = view_sub(*rest, i, rest->n);
    return out;
}

/* "[Mon,] 2 Jan 2006 15:04[:05] [+0100]" (RFC 5322 3.3 and what is left of RFC 822). */
static bool date_reads(struct view v)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    uint64_t n;
    struct view t = token(&v);
    if (t.n > 0 && ascii_is_alpha((unsigned char)t.p[0]))
        t = token(&v);
    if (!digits(t, 31, &n) || n == 0)
        return false;
    t = token(&v);
    bool month = false;
    for (size_t i = 0; i < 12 && t.n >= 3; i++)
        month |= view_starts_nocase(t, (struct view){months + 3 * i, 3});
    t = token(&v);
    if (!month || !digits(t, 9999, &n))
        return false;
    t = token(&v);
    size_t colon = view_find_byte(t, ':');
    struct view minutes = view_sub(t, colon + 1, t.n);
    minutes.n = view_find_byte(minutes, ':');
    return digits(view_sub(t, 0, colon), 24, &n) && digits(minutes, 59, &n);
}

void message_check(struct parser *p, const struct part *top)
{
    unsigned from = 0, subject = 0;
    uint32_t authors = 0;
    bool date = false;
    for (uint32_t i = 0; i < top->n_headers; i++) {
        const struct header *h = &top->headers[i];
        if (view_eq_nocase(h->name, VIEW("from"))) {
            struct mailbox boxes[2];
            authors += header_mailboxes(p->reader, h, &p->reader->scratch, boxes, 2);
            from++;
        } else if (view_eq_nocase(h->name, VIEW("subject"))) {
            subject++;
        } else if (view_eq_nocase(h->name, VIEW("date"))) {
            date |= date_reads(h->raw);
        }
    }
    if (from == 0)
        anomaly_note(p->seen, ANOMALY_FROM_MISSING);
    if (from > 1 || authors > 1)
        anomaly_note(p->seen, ANOMALY_FROM_MULTIPLE);
    if (subject > 1)
        anomaly_note(p->seen, ANOMALY_SUBJECT_DUPLICATE);
    if (!date)
        anomaly_note(p->seen, ANOMALY_DATE_BROKEN);
    if (top->body.from >= top->body.to)
        anomaly_note(p->seen, ANOMALY_NO_BODY);
}
