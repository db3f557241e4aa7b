/* The table and its values as text for Prometheus, as JSON, and as Markdown. */
#include <stdio.h>
#include <string.h>

#include "metrics/table.h"

struct writer {
    const struct metrics *m;
    const struct metrics_how *how;
    struct buf *out;
    enum status status;
    const struct metric_row *family;
};

static void put(struct writer *w, struct view v)
{
    if (w->status == STATUS_OK)
        w->status = buf_add(w->out, v);
}

static void put_text(struct writer *w, const char *s)
{
    put(w, view_of(s));
}

/* Names come from rule packs, versions from libraries: nothing of them may end a line. */
static void put_quoted(struct writer *w, const char *s)
{
    put_text(w, "\"");
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            put_text(w, "\\");
        put(w, c >= 0x20 && c < 0x7F ? (struct view){s, 1} : VIEW("?"));
    }
    put_text(w, "\"");
}

static void put_help(struct writer *w, const char *name, const char *suffix, const char *help)
{
    if (w->status == STATUS_OK)
        w->status = buf_addf(w->out, "# HELP %s%s %s\n", name, suffix, help);
}

static bool plain(const struct writer *w)
{
    return w->how->format == METRICS_PLAIN;
}

static void put_head(struct writer *w, const struct metric_row *row)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    const char *suffix = row->kind == METRIC_COUNTER && plain(w) ? "_total" : "";
    if (w->status == STATUS_OK)
        w->status = buf_addf(w->out, "# TYPE %s%s %s\n", row->family, suffix, kinds[row->kind]);
    if (w->status == STATUS_OK && row->unit[0] != '\0' && !plain(w))
        w->status = buf_addf(w->out, "# UNIT %s %s\n", row->family, row->unit);
    put_help(w, row->family, suffix, row->help);
}

/* The value of one series, and the end of its line. */
static void put_value(struct writer *w, uint64_t value)
{
    double scale = w->family->scale;
    if (w->status != STATUS_OK)
        return;
    w->status = scale > 1 ? buf_addf(w->out, " %.12g\n", (double)value / scale)
                          : buf_addf(w->out, " %llu\n", (unsigned long long)value);
}

/* Name and labels; le may be NULL. */
static void put_name(struct writer *w, const char *suffix, const char *value, const char *le)
{
    put_text(w, w->family->family);
    put_text(w, suffix);
    if (value == NULL && le == NULL)
        return;
    put_text(w, "{");
    if (value != NULL) {
        put_text(w, w->family->label);
        put_text(w, "=");
        put_quoted(w, value);
    }
    if (le != NULL) {
        put_text(w, value != NULL ? ",le=" : "le=");
        put_quoted(w, le);
    }
    put_text(w, "}");
}

static uint64_t load(const atomic_ullong *n)
{
    return atomic_load_explicit(n, memory_order_relaxed);
}

static void put_histogram(struct writer *w, const struct metric_row *row)
{
    const struct bound *bounds = metric_bounds(w->family->unit);
    const atomic_ullong *buckets = w->m->bucket[row->metric];
    uint64_t n = 0;
    /* Summed here and not counted apart, so that the parts always make the whole. */
    for (size_t i = 0; i <= BOUNDS_MAX; i++) {
        n += load(&buckets[i]);
        if (i < BOUNDS_MAX && bounds[i].text == NULL)
            continue;
        put_name(w, "_bucket", row->value, i < BOUNDS_MAX ? bounds[i].text : "+Inf");
        if (w->status == STATUS_OK)
            w->status = buf_addf(w->out, " %llu\n", (unsigned long long)n);
    }
    put_name(w, "_sum", row->value, NULL);
    put_value(w, load(&w->m->value[row->metric]));
    put_name(w, "_count", row->value, NULL);
    if (w->status == STATUS_OK)
        w->status = buf_addf(w->out, " %llu\n", (unsigned long long)n);
}

static uint64_t shown(const struct metric_row *family, unsigned step, uint64_t n)
{
    return family->held_back && step > 1 ? n - n % step : n;
}

/* Calls use for each name that shows; one that is held back wholly does not. */
static void names_walk(const struct metrics *m, const struct metric_row *family, unsigned step,
                       void (*use)(void *to, const char *name, uint64_t n), void *to)
{
    const struct names *t = &m->names[family->names];
    for (size_t i = 0; i < NAME_SLOTS; i++) {
        const char *name = atomic_load(&t->slots[i].name);
        uint64_t n = shown(family, step, load(&t->slots[i].n));
        if (name != NULL && n > 0)
            use(to, name, n);
    }
    if (shown(family, step, load(&t->other)) > 0)
        use(to, "other", shown(family, step, load(&t->other)));
}

static void put_named(void *to, const char *name, uint64_t n)
{
    struct writer *w = to;
    put_name(w, "_total", name, NULL);
    put_value(w, n);
}

static void put_info(struct writer *w, const struct metrics_info *info)
{
    const char *suffix = plain(w) ? "_info" : "";
    if (w->status == STATUS_OK)
        w->status = buf_addf(w->out, "# TYPE extortion_milter_%s%s %s\n", info->name, suffix,
                             plain(w) ? "gauge" : "info");
    if (w->status == STATUS_OK)
        w->status = buf_addf(w->out, "# HELP extortion_milter_%s%s %s\nextortion_milter_%s_info{",
                             info->name, suffix, info->help, info->name);
    for (size_t i = 0; i < sizeof info->labels / sizeof info->labels[0]; i++) {
        if (info->labels[i].name == NULL)
            break;
        put_text(w, i > 0 ? "," : "");
        put_text(w, info->labels[i].name);
        put_text(w, "=");
        put_quoted(w, info->labels[i].value != NULL ? info->labels[i].value : "");
    }
    put_text(w, "} 1\n");
}

enum status metrics_write(const struct metrics *m, const struct metrics_how *how, struct buf *out)
{
    /* The table begins with a family. */
    struct writer w = {.m = m, .how = how, .out = out, .status = STATUS_OK, .family = metric_rows};
    for (size_t i = 0; i < how->n_info; i++)
        put_info(&w, &how->info[i]);
    for (size_t i = 0; i < n_metric_rows && w.status == STATUS_OK; i++) {
        const struct metric_row *row = &metric_rows[i];
        if (row->family != NULL) {
            w.family = row;
            put_head(&w, row);
        }
        if (row->names >= 0) {
            names_walk(m, row, how->step, put_named, &w);
        } else if (row->metric >= 0 && w.family->kind == METRIC_HISTOGRAM) {
            put_histogram(&w, row);
        } else if (row->metric >= 0) {
            put_name(&w, w.family->kind == METRIC_COUNTER ? "_total" : "", row->value, NULL);
            put_value(&w, load(&m->value[row->metric]));
        }
    }
    if (!plain(&w))
        put_text(&w, "# EOF\n");
    return w.status;
}

static void json_named(void *to, const char *name, uint64_t n)
{
    json_key(to, name);
    json_count(to, n);
}

static void json_value(struct json *j, const struct metrics *m, const struct metric_row *family,
                       const struct metric_row *row)
{
    double value = (double)load(&m->value[row->metric]) / family->scale;
    if (family->kind == METRIC_HISTOGRAM) {
        json_open(j, '{');
        json_key(j, "count");
        json_count(j, metrics_get(m, (enum metric)row->metric));
        json_key(j, "sum");
        json_share(j, value);
        json_close(j, '}');
    } else if (family->scale > 1) {
        json_number(j, value);
    } else {
        json_count(j, load(&m->value[row->metric]));
    }
}

void metrics_write_json(const struct metrics *m, unsigned step, struct json *j)
{
    const struct metric_row *family = NULL;
    for (size_t i = 0; i < n_metric_rows; i++) {
        const struct metric_row *row = &metric_rows[i];
        if (row->family != NULL) {
            if (family != NULL && family->label != NULL)
                json_close(j, '}');
            family = row;
            json_key(j, row->family);
            if (row->label != NULL)
                json_open(j, '{');
        }
        if (row->names >= 0)
            names_walk(m, row, step, json_named, j);
        if (row->value != NULL)
            json_key(j, row->value);
        if (row->metric >= 0 && family != NULL)
            json_value(j, m, family, row);
    }
    if (family != NULL && family->label != NULL)
        json_close(j, '}');
}
