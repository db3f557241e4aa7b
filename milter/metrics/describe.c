#include "metrics/table.h"

/* The values that a label can have: those of the table, or how many names. */
static enum status describe_label(struct buf *out, size_t at)
{
    const struct metric_row *family = &metric_rows[at];
    if (family->label == NULL)
        return buf_addf(out, " ");
    if (family->names >= 0)
        return buf_addf(out, " `%s`: at most %u and `other` ", family->label, family->most);
    size_t n = 0;
    while (at + 1 + n < n_metric_rows && metric_rows[at + 1 + n].value != NULL)
        n++;
    enum status status = buf_addf(out, " `%s`:", family->label);
    if (n > 20)
        return status == STATUS_OK ? buf_addf(out, " %zu, see below ", n) : status;
    for (size_t i = 0; i < n && status == STATUS_OK; i++)
        status = buf_addf(out, " %s%s", metric_rows[at + 1 + i].value, i + 1 < n ? "," : " ");
    return status;
}

enum status metrics_describe(struct buf *out)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    enum status status =
        buf_addf(out, "| name | kind | label | what |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < n_metric_rows && status == STATUS_OK; i++) {
        const struct metric_row *row = &metric_rows[i];
        if (row->family == NULL)
            continue;
        status = buf_addf(out, "| `%s%s` | %s |", row->family,
                          row->kind == METRIC_COUNTER ? "_total" : "", kinds[row->kind]);
        if (status == STATUS_OK)
            status = describe_label(out, i);
        if (status == STATUS_OK)
            status = buf_addf(out, "| %s |\n", row->help);
    }
    return status;
}
