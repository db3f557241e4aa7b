/* The report as plain text. */
#include "export/report.h"

static enum status put(struct buf *out, const struct row *row)
{
    switch (row->kind) {
    case ROW_SECTION:
        return buf_addf(out, "\n\n%.*s\n\n", VIEW_ARG(row->label));
    case ROW_FACT:
        return buf_addf(out, "  %.*s: %.*s\n", VIEW_ARG(row->label), VIEW_ARG(row->value));
    case ROW_NOTE:
        return buf_addf(out, "\n%.*s\n", VIEW_ARG(row->label));
    case ROW_QUOTE:
        return buf_addf(out, "  > %.*s\n", VIEW_ARG(row->value));
    case ROW_BLANK:
        return buf_addf(out, "  %.*s\n\n  ____________________________________________________\n\n",
                        VIEW_ARG(row->label));
    }
    return STATUS_OK;
}

enum status form_text(const struct export_case *c, const struct report_words *w, struct buf *out)
{
    struct report r;
    enum status status = report_make(c, w, &r);
    if (status == STATUS_OK)
        status = buf_addf(out, "%.*s\n", VIEW_ARG(r.title));
    for (uint32_t i = 0; i < r.n && status == STATUS_OK; i++)
        status = put(out, &r.rows[i]);
    report_fini(&r);
    return status;
}
