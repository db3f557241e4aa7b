#include "program/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SWEEP_STEP 0.5
#define Z95        1.959963984540054

struct rate rate_of(double hits, uint64_t n)
{
    if (n == 0)
        return (struct rate){.high = 1};
    double total = (double)n, p = hits / total, zz = Z95 * Z95;
    double middle = (p + zz / (2 * total)) / (1 + zz / total);
    double half = Z95 / (1 + zz / total) * sqrt(p * (1 - p) / total + zz / (4 * total * total));
    double low = middle - half, high = middle + half;
    /* Rounding must not push the bounds past what was seen. */
    return (struct rate){hits, n, p, low < 0 || hits <= 0 ? 0 : low,
                         high > 1 || hits >= total ? 1 : high};
}

int rate_decimals(const struct rate *r)
{
    return r->hits == floor(r->hits) ? 0 : 1;
}

const char *group_by_name(enum group_by by)
{
    static const char *const names[BY_COUNT] = {"class", "language", "complete", "tag"};
    return by < BY_COUNT ? names[by] : "unknown";
}

bool measured_is_error(const struct measured *m)
{
    return m->flagged != (m->sample->label == LABEL_EXTORTION);
}

static bool right_class(const struct measured *m, const struct ruleset *ruleset)
{
    return m->flagged && m->class_index < ruleset_n_classes(ruleset) &&
           strcmp(ruleset_class(ruleset, m->class_index)->id, m->sample->class_id) == 0;
}

/* Groups */

/* One message in one group; a message with three tags is in three. */
struct member {
    struct view name;
    const struct measured *m;
};

static int by_name(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
    int order = n > 0 ? memcmp(x->name.p, y->name.p, n) : 0;
    if (order == 0)
        order = x->name.n < y->name.n ? -1 : x->name.n > y->name.n;
    return order;
}

static bool separates(char c)
{
    return c == ',' || c == ';' || c == ' ' || c == '+';
}

/* Writes members (NULL: only counts). */
static size_t members_of(const struct measured *m, enum group_by by, struct member *out)
{
    const struct sample *s = m->sample;
    if (by != BY_TAG) {
        const char *name = by == BY_CLASS      ? s->class_id
                           : by == BY_LANGUAGE ? s->language
                                               : s->complete;
        if (by == BY_CLASS && s->label != LABEL_EXTORTION)
            return 0;
        if (out != NULL)
            *out = (struct member){view_of(name), m};
        return name[0] != '\0';
    }
    size_t n = 0;
    for (const char *p = s->tags; *p != '\0';) {
        size_t length = 0;
        while (p[length] != '\0' && !separates(p[length]))
            length++;
        if (length > 0 && out != NULL)
            out[n] = (struct member){{p, length}, m};
        n += length > 0;
        p += length + (p[length] != '\0');
    }
    return n;
}

static void count_member(struct group *g, const struct measured *m, const struct ruleset *ruleset)
{
    if (m->sample->label == LABEL_EXTORTION) {
        g->extortion++;
        g->found += m->flagged;
        g->right += right_class(m, ruleset);
    } else {
        g->other++;
        g->wrong += m->flagged;
    }
}

static enum status groups_make(const struct measured *v, size_t n, enum group_by by,
                               const struct ruleset *ruleset, struct groups *out)
{
    size_t n_members = 0;
    for (size_t i = 0; i < n; i++)
        n_members += members_of(&v[i], by, NULL);
    if (n_members == 0)
        return STATUS_OK;
    struct member *member = calloc(n_members, sizeof *member);
    out->v = calloc(n_members, sizeof *out->v);
    if (member == NULL || out->v == NULL) {
        free(member);
        return STATUS_NO_MEMORY;
    }
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        struct member *next = at < n_members ? &member[at] : NULL;
        at += next != NULL ? members_of(&v[i], by, next) : 0;
    }
    qsort(member, n_members, sizeof *member, by_name);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < n_members && status == STATUS_OK; i++) {
        if (i == 0 || !view_eq(member[i].name, member[i - 1].name)) {
            char *name = strndup(member[i].name.p, member[i].name.n);
            status = name != NULL ? STATUS_OK : STATUS_NO_MEMORY;
            if (name != NULL)
                out->v[out->n++] = (struct group){.name = name};
        }
        if (status == STATUS_OK)
            count_member(&out->v[out->n - 1], member[i].m, ruleset);
    }
    free(member);
    return status;
}

/* Clusters */

/* The mean of the clusters' recalls: a template with fifty copies weighs as much as one letter. */
static enum status cluster_recall(const struct measured *v, size_t n, uint64_t n_extortion,
                                  struct rate *out)
{
    *out = rate_of(0, 0);
    struct member *sorted = calloc(n_extortion + 1, sizeof *sorted);
    if (sorted == NULL)
        return STATUS_NO_MEMORY;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i].sample->label == LABEL_EXTORTION)
            sorted[count++] = (struct member){view_of(v[i].sample->cluster), &v[i]};
    }
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, by_name);
    uint64_t clusters = 0;
    double sum = 0;
    for (size_t from = 0, to; from < count; from = to) {
        uint64_t found = sorted[from].m->flagged;
        bool alone = sorted[from].name.n == 0;
        for (to = from + 1; to < count && !alone && by_name(&sorted[to], &sorted[from]) == 0; to++)
            found += sorted[to].m->flagged;
        sum += (double)found / (double)(to - from);
        clusters++;
    }
    free(sorted);
    *out = rate_of(sum, clusters);
    return STATUS_OK;
}

/* Class confusion */

static int by_want(const void *a, const void *b)
{
    const struct confused *x = a, *y = b;
    int order = strcmp(x->want, y->want);
    return order != 0 ? order : x->got < y->got ? -1 : x->got > y->got;
}

static enum status confusion(const struct measured *v, size_t n, struct figures *out)
{
    out->confused = calloc(n + 1, sizeof *out->confused);
    if (out->confused == NULL)
        return STATUS_NO_MEMORY;
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i].sample->label == LABEL_EXTORTION && v[i].sample->class_id[0] != '\0')
            out->confused[count++] = (struct confused){v[i].sample->class_id, v[i].class_index, 1};
    }
    if (count > 0)
        qsort(out->confused, count, sizeof *out->confused, by_want);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && by_want(&out->confused[i], &out->confused[kept - 1]) == 0)
            out->confused[kept - 1].n++;
        else
            out->confused[kept++] = out->confused[i];
    }
    out->n_confused = kept;
    return STATUS_OK;
}

static void sweep(const struct measured *m, struct sweep *steps)
{
    for (unsigned i = 0; i < SWEEP_STEPS; i++) {
        steps[i].threshold = SWEEP_STEP * (i + 1);
        steps[i].flagged[m->sample->label] += m->score >= steps[i].threshold;
    }
}

static bool is_part(const struct sample *s)
{
    return strcmp(s->complete, "partial") == 0 || strcmp(s->complete, "fragment") == 0;
}

enum status figures_make(const struct measured *v, size_t n, const struct ruleset *ruleset,
                         struct figures *out)
{
    *out = (struct figures){.n = n};
    uint64_t full = 0, full_found = 0, known = 0, right = 0;
    for (unsigned i = 0; i < SWEEP_STEPS; i++)
        out->sweep[i].threshold = SWEEP_STEP * (i + 1);
    for (size_t i = 0; i < n; i++) {
        const struct measured *m = &v[i];
        bool extortion = m->sample->label == LABEL_EXTORTION;
        out->of[m->sample->label]++;
        out->flagged[m->sample->label] += m->flagged;
        out->n_flagged += m->flagged;
        out->n_incomplete += m->incomplete;
        out->bytes += m->bytes;
        full += extortion && !is_part(m->sample);
        full_found += extortion && !is_part(m->sample) && m->flagged;
        known += extortion && m->flagged && m->sample->class_id[0] != '\0';
        right += extortion && right_class(m, ruleset);
        sweep(m, out->sweep);
    }
    double found = (double)out->flagged[LABEL_EXTORTION];
    out->recall = rate_of(found, out->of[LABEL_EXTORTION]);
    out->precision = rate_of(found, out->n_flagged);
    out->full_recall = rate_of((double)full_found, full);
    out->right_class = rate_of((double)right, known);
    enum status status = cluster_recall(v, n, out->of[LABEL_EXTORTION], &out->cluster_recall);
    for (unsigned by = 0; by < BY_COUNT && status == STATUS_OK; by++)
        status = groups_make(v, n, (enum group_by)by, ruleset, &out->groups[by]);
    if (status == STATUS_OK)
        status = confusion(v, n, out);
    if (status != STATUS_OK)
        figures_fini(out);
    return status;
}

void figures_fini(struct figures *f)
{
    for (unsigned by = 0; by < BY_COUNT; by++) {
        for (size_t i = 0; i < f->groups[by].n; i++)
            free(f->groups[by].v[i].name);
        free(f->groups[by].v);
    }
    free(f->confused);
    *f = (struct figures){0};
}
