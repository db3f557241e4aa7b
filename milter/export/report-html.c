/* The report as a page to print: no script, nothing from elsewhere. */
#include "export/report.h"

static const char style[] =
    "@page{size:A4;margin:18mm}body{font:11pt/1.45 \"Liberation Sans\",Arial,\"Noto Sans\","
    "sans-serif;color:#111;background:#fff;max-width:180mm;margin:1.5em auto;padding:0 1em}"
    "h1{font-size:17pt;margin:0 0 .6em}h2{font-size:12pt;margin:1.4em 0 .4em;border-bottom:1px "
    "solid #444;break-after:avoid}table{border-collapse:collapse;width:100%}th,td{text-align:start;"
    "vertical-align:top;padding:.15em 0;overflow-wrap:anywhere}th{width:34%;font-weight:600;"
    "padding-inline-end:1em}blockquote{margin:.3em 0;padding-inline-start:.8em;"
    "border-inline-start:3px solid #999}.blank{break-inside:avoid;margin:.8em 0}.blank "
    "span{display:"
    "block;height:2.2em;border-bottom:1px solid #444}";

static enum status put_escaped(struct buf *out, struct view v)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < v.n && status == STATUS_OK; i++) {
        const char c = v.p[i];
        status = c == '&'   ? buf_add(out, VIEW("&amp;"))
                 : c == '<' ? buf_add(out, VIEW("&lt;"))
                 : c == '>' ? buf_add(out, VIEW("&gt;"))
                 : c == '"' ? buf_add(out, VIEW("&quot;"))
                            : buf_add_byte(out, c);
    }
    return status;
}

static enum status put_between(struct buf *out, const char *before, struct view v,
                               const char *after)
{
    enum status status = buf_addf(out, "%s", before);
    if (status == STATUS_OK)
        status = put_escaped(out, v);
    return status == STATUS_OK ? buf_addf(out, "%s", after) : status;
}

static enum status put(struct buf *out, const struct row *row)
{
    enum status status = STATUS_OK;
    switch (row->kind) {
    case ROW_SECTION:
        return put_between(out, "<h2>", row->label, "</h2>\n");
    case ROW_FACT:
        status = put_between(out, "<tr><th scope=\"row\">", row->label, "</th>");
        /* bdi: words in another direction must not turn the line around. */
        return status == STATUS_OK ? put_between(out, "<td><bdi>", row->value, "</bdi></td></tr>\n")
                                   : status;
    case ROW_NOTE:
        return put_between(out, "<p>", row->label, "</p>\n");
    case ROW_QUOTE:
        return put_between(out, "<blockquote dir=\"auto\">", row->value, "</blockquote>\n");
    case ROW_BLANK:
        return put_between(out, "<div class=\"blank\">", row->label, "<span></span></div>\n");
    }
    return status;
}

enum status form_html(const struct export_case *c, const struct report_words *w, struct buf *out)
{
    struct report r;
    enum status status = report_make(c, w, &r);
    if (status == STATUS_OK)
        status = buf_addf(out,
                          "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head><meta "
                          "charset=\"utf-8\"><meta name=\"viewport\" "
                          "content=\"width=device-width\">",
                          report_words_language(w), report_words_right_to_left(w) ? "rtl" : "ltr");
    if (status == STATUS_OK)
        status = put_between(out, "<title>", r.title, "</title><style>");
    if (status == STATUS_OK)
        status = buf_addf(out, "%s</style></head>\n<body>\n", style);
    if (status == STATUS_OK)
        status = put_between(out, "<h1>", r.title, "</h1>\n");
    bool table = false;
    for (uint32_t i = 0; i < r.n && status == STATUS_OK; i++) {
        bool fact = r.rows[i].kind == ROW_FACT;
        if (fact != table)
            status = buf_addf(out, "%s", fact ? "<table>\n" : "</table>\n");
        table = fact;
        if (status == STATUS_OK)
            status = put(out, &r.rows[i]);
    }
    if (status == STATUS_OK)
        status = buf_addf(out, "%s</body>\n</html>\n", table ? "</table>\n" : "");
    report_fini(&r);
    return status;
}
