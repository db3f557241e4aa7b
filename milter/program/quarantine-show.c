/* What is held, for people and for programs: a line each, and one letter whole. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "program/quarantine.h"
#include "program/screen.h"

enum { LINE_MAX_BYTES = 1 << 20, ADDRESS_SHOWN = 320, RECIPIENTS_SHOWN = 3 };

static void time_text(int64_t at, char out[40])
{
    struct tm tm;
    time_t t = (time_t)at;
    out[0] = '\0';
    if (at > 0 && gmtime_r(&t, &tm) != NULL)
        (void)strftime(out, 40, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static enum status line_json(const struct quarantine_mta *mta, const struct held *h,
                             struct buf *out)
{
    struct json j;
    char when[40];
    time_text(h->arrived, when);
    json_init(&j, out);
    json_open(&j, '{');
    json_key(&j, "id");
    json_text(&j, h->id);
    json_key(&j, "mta");
    json_text(&j, mta->name);
    json_key(&j, "arrived");
    json_text(&j, when[0] != '\0' ? when : NULL);
    json_key(&j, "bytes");
    json_count(&j, h->bytes);
    json_key(&j, "score");
    json_text(&j, h->score[0] != '\0' ? h->score : NULL);
    json_key(&j, "class");
    json_text(&j, h->class_id[0] != '\0' ? h->class_id : NULL);
    json_key(&j, "failure");
    json_text(&j, h->failure[0] != '\0' ? h->failure : NULL);
    json_key(&j, "sender");
    json_string(&j, h->sender);
    json_key(&j, "recipients");
    json_open(&j, '[');
    for (uint32_t i = 0; i < h->n_recipients; i++)
        json_string(&j, h->recipients[i]);
    json_close(&j, ']');
    json_key(&j, "n_recipients");
    json_count(&j, h->n_all_recipients);
    json_close(&j, '}');
    return j.status == STATUS_OK ? buf_add_byte(out, '\n') : j.status;
}

static enum status line_text(const struct held *h, struct buf *out)
{
    char when[40];
    time_text(h->arrived, when);
    enum status status =
        buf_addf(out, "%-16s %-20s %5s %-18s %9llu  ", h->id, when[0] != '\0' ? when : "-",
                 h->score[0] != '\0' ? h->score : "-",
                 h->failure[0] != '\0'    ? "not-judged"
                 : h->class_id[0] != '\0' ? h->class_id
                                          : "-",
                 (unsigned long long)h->bytes);
    if (status == STATUS_OK)
        status = buf_add_byte(out, '<');
    if (status == STATUS_OK)
        status = screen_add_quote(out, h->sender, ADDRESS_SHOWN);
    if (status == STATUS_OK)
        status = buf_add(out, VIEW("> to"));
    for (uint32_t i = 0; i < h->n_recipients && i < RECIPIENTS_SHOWN && status == STATUS_OK; i++) {
        status = buf_add(out, VIEW(" <"));
        if (status == STATUS_OK)
            status = screen_add_quote(out, h->recipients[i], ADDRESS_SHOWN);
        if (status == STATUS_OK)
            status = buf_add_byte(out, '>');
    }
    if (status == STATUS_OK && h->n_all_recipients > RECIPIENTS_SHOWN)
        status = buf_addf(out, " and %llu more",
                          (unsigned long long)(h->n_all_recipients - RECIPIENTS_SHOWN));
    return status == STATUS_OK ? buf_add_byte(out, '\n') : status;
}

int quarantine_list(const struct quarantine_wishes *w, const struct quarantine_mta *mta,
                    const struct held_list *l)
{
    struct buf line;
    enum status status = STATUS_OK;
    buf_init(&line, LINE_MAX_BYTES);
    for (uint32_t i = 0; i < l->n && status == STATUS_OK; i++) {
        if (l->v[i].skipped)
            continue;
        buf_clear(&line);
        status = w->json ? line_json(mta, &l->v[i], &line) : line_text(&l->v[i], &line);
        if (status == STATUS_OK)
            (void)fwrite(line.p, 1, line.n, stdout);
    }
    buf_fini(&line);
    if (status != STATUS_OK)
        quarantine_complain(NULL, status_text(status));
    return status == STATUS_OK ? 0 : EX_OSERR;
}

/* A letter must not be able to write to a terminal: controls, and what is no UTF-8, become '?'. */
static void tame(struct buf *text)
{
    for (size_t i = 0, n; i < text->n; i += n) {
        uint32_t c;
        n = utf8_decode(text->p + i, text->n - i, &c);
        if ((c < ' ' && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == UTF8_REPLACEMENT)
            memset(text->p + i, '?', n);
    }
}

int quarantine_show(const struct quarantine_wishes *w, const struct quarantine_mta *mta,
                    const char *id)
{
    struct buf text;
    buf_init(&text, QUARANTINE_BYTES_MAX);
    int code = mta->show(w, id, &text);
    if (!w->raw)
        tame(&text);
    if (code == 0)
        (void)fwrite(text.p, 1, text.n, stdout);
    buf_fini(&text);
    return code;
}
