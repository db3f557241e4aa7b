#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void diags_init(struct diags *d)
{
    *d = (struct diags){0};
}

void diags_fini(struct diags *d)
{
    for (size_t i = 0; i < d->n; i++) {
        free(d->v[i].file);
        free(d->v[i].where);
        free(d->v[i].message);
        free(d->v[i].hint);
    }
    free(d->v);
    diags_init(d);
}

static char *copy(const char *s)
{
    return s != NULL ? strdup(s) : NULL;
}

void diags_add(struct diags *d, enum diag_severity severity, const char *file, unsigned line,
               const char *where, const char *hint, const char *format, ...)
{
    if (severity == DIAG_ERROR)
        d->n_errors++;
    if (d->n == d->cap && d->n < DIAGS_MAX) {
        size_t cap = d->cap == 0 ? 8 : d->cap * 2;
        struct diag *v = realloc(d->v, cap * sizeof *v);
        if (v != NULL) {
            d->v = v;
            d->cap = cap;
        }
    }
    if (d->n >= d->cap || d->n >= DIAGS_MAX) {
        d->dropped++;
        return;
    }
    char message[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    d->v[d->n++] =
        (struct diag){severity, copy(file), line, copy(where), copy(message), copy(hint)};
}

enum status diags_print(const struct diags *d, struct buf *out)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < d->n && status == STATUS_OK; i++) {
        const struct diag *g = &d->v[i];
        if (g->file != NULL)
            status = buf_addf(out, "%s:", g->file);
        if (status == STATUS_OK && g->line > 0)
            status = buf_addf(out, "%u:", g->line);
        if (status == STATUS_OK)
            status = buf_addf(out, "%s%s: %s%s%s\n", g->file != NULL ? " " : "",
                              g->severity == DIAG_ERROR ? "error" : "warning",
                              g->where != NULL ? g->where : "", g->where != NULL ? ": " : "",
                              g->message != NULL ? g->message : "out of memory");
        if (status == STATUS_OK && g->hint != NULL)
            status = buf_addf(out, "    hint: %s\n", g->hint);
    }
    if (status == STATUS_OK && d->dropped > 0)
        status = buf_addf(out, "... and %zu more\n", d->dropped);
    return status;
}

enum { WORD_MAX = 63 };

/* Levenshtein distance over two short words. */
static size_t edit_distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            size_t best = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
            row[j] = best < change ? best : change;
        }
    }
    return row[m];
}

const char *diags_nearest(const char *word, const char *const *names)
{
    const char *best = NULL;
    size_t n = strlen(word), least = SIZE_MAX;
    if (n == 0 || n > WORD_MAX)
        return NULL;
    for (; *names != NULL; names++) {
        size_t m = strlen(*names);
        if (m > WORD_MAX)
            continue;
        size_t distance = edit_distance(word, n, *names, m);
        if (distance < least && distance * 3 <= (n > m ? n : m)) {
            least = distance;
            best = *names;
        }
    }
    return best;
}
