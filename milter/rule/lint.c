#include "rule/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void remark(struct load *l, struct origin at, const char *hint, const char *format, ...)
{
    char message[1000];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    diags_add(l->diags, DIAG_WARNING, at.pack != NULL ? at.pack->path : NULL, origin_line(at),
              at.where, hint, "%s", message);
}

bool draft_counts(const struct rule_draft *d)
{
    return d->rule.info.facet < FACET_COUNT && !d->rule.info.shadow && !d->off;
}

struct origin draft_text_origin(const struct rule_draft *d, const char *key, uint32_t i)
{
    return texts_origin(d->origin.pack, key_texts(d->setting, key), i, d->origin.where);
}

void lint_helpers(struct load *l)
{
    bool *asked = arena_calloc(&l->arena, (size_t)l->rule_names.n + 1, sizeof *asked);
    if (asked == NULL) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < l->rule_names.n; i++) {
        const struct rule_draft *d = &l->draft[i];
        const struct condition *c = &d->rule.u.when;
        for (uint32_t k = 0; d->rule.kind == RULE_WHEN && k < c->n; k++) {
            bool within = c->step[k].code == CONDITION_WITHIN;
            if ((within || c->step[k].code == CONDITION_NAME) && c->step[k].a < l->rule_names.n)
                asked[c->step[k].a] = true;
            if (within)
                asked[c->step[k].b] = true;
        }
    }
    for (uint32_t i = 0; i < l->rule_names.n; i++) {
        const struct rule_draft *d = &l->draft[i];
        if (d->rule.info.facet == FACET_NONE && !asked[i] && !d->off)
            remark(l, d->origin, "give it a facet, name it in a condition, or remove it",
                   "a helper that no condition asks for: it can never matter");
    }
}

struct folded_entry {
    struct view folded, text;
    uint32_t at;
};

static int text_order(struct view a, struct view b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return order != 0 || a.n == b.n ? order : a.n < b.n ? -1 : 1;
}

static int by_text(const void *a, const void *b)
{
    const struct folded_entry *x = a, *y = b;
    int order = text_order(x->folded, y->folded);
    order = order != 0 ? order : text_order(x->text, y->text);
    return order != 0 ? order : x->at < y->at ? -1 : 1;
}

void lint_lists(struct load *l)
{
    for (uint32_t i = 0; i < l->list_names.n && !l->no_memory; i++) {
        const struct word_list *list = &l->list[i];
        struct folded_entry *v = arena_calloc(&l->arena, list->n_entries + (size_t)1, sizeof *v);
        if (v == NULL) {
            l->no_memory = true;
            return;
        }
        for (uint32_t k = 0; k < list->n_entries; k++)
            v[k] = (struct folded_entry){text_fold(view_of(list->entry[k].text), &l->arena),
                                         view_of(list->entry[k].text), k};
        if (list->n_entries > 0)
            qsort(v, list->n_entries, sizeof *v, by_text);
        for (uint32_t k = 1; k < list->n_entries; k++) {
            bool swapped = v[k - 1].at > v[k].at;
            const struct list_entry *first = &list->entry[v[swapped ? k : k - 1].at],
                                    *next = &list->entry[v[swapped ? k - 1 : k].at];
            /* Those that differ in their accents only are how people write: no mistake. */
            if (view_eq_nocase(v[k - 1].text, v[k].text))
                remark(l, entry_origin(list, next), "remove one of them",
                       "\"%.200s\" stands in the list twice: also in %s:%u", next->text,
                       first->pack->path, first->line);
        }
    }
}

void lints_run(struct load *l)
{
    lint_conditions(l);
    lint_helpers(l);
    lint_phrases(l);
    lint_lists(l);
    if (!l->no_memory)
        lint_probes(l);
}
