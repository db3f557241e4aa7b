#include <stdlib.h>
#include <string.h>

#include "program/evaluate.h"

/* Writes until something fails; looked at once, at the end. */
struct page {
    struct buf *out;
    const struct screen *screen;
    const struct evaluation *e;
    enum status status;
};

#define PUT(page, ...)                                                                             \
    do {                                                                                           \
        if ((page)->status == STATUS_OK)                                                           \
            (page)->status = buf_addf((page)->out, __VA_ARGS__);                                   \
    } while (0)

static void put_title(struct page *p, const char *title)
{
    PUT(p, "\n%s%s%s\n", screen_ink(p->screen, INK_BOLD), title, screen_ink(p->screen, INK_PLAIN));
}

static void put_safe(struct page *p, const char *text)
{
    if (p->status == STATUS_OK)
        p->status = screen_add_path(p->out, text);
}

static void put_rate(struct page *p, const char *name, const struct rate *r, const char *note)
{
    if (r->n == 0)
        PUT(p, "  %-22s -\n", name);
    else
        PUT(p, "  %-22s %.4f  (95 %%: %.4f to %.4f; %.*f of %llu)%s%s\n", name, r->value, r->low,
            r->high, rate_decimals(r), r->hits, (unsigned long long)r->n,
            note[0] != '\0' ? "  " : "", note);
}

static void put_heading(struct page *p)
{
    const struct evaluation *e = p->e;
    const struct figures *f = &e->figures;
    PUT(p, "%llu messages, ruleset %s, %u rules\n", (unsigned long long)f->n,
        ruleset_version(e->ruleset), ruleset_n_rules(e->ruleset));
    if (e->interrupted != 0)
        PUT(p, "interrupted: these are not all\n");
    put_rate(p, "recall", &f->recall, "");
    put_rate(p, "recall per cluster", &f->cluster_recall, "mean over clusters");
    if (f->full_recall.n != f->recall.n)
        put_rate(p, "recall, whole texts", &f->full_recall, "without partial and fragment");
    put_rate(p, "precision", &f->precision, "");
    put_rate(p, "right class", &f->right_class, "of extortion that was flagged");
    for (unsigned l = 0; l < LABEL_COUNT; l++) {
        if (l == LABEL_EXTORTION || f->of[l] == 0)
            continue;
        struct rate r = rate_of((double)f->flagged[l], f->of[l]);
        PUT(p, "  false positives: %-8s %llu of %llu  (95 %%: at most %.5f)\n",
            label_name((enum label)l), (unsigned long long)f->flagged[l],
            (unsigned long long)f->of[l], r.high);
    }
    if (f->n_incomplete > 0)
        PUT(p, "  judged in part (a limit was reached): %llu\n",
            (unsigned long long)f->n_incomplete);
    if (e->n_unreadable + e->n_wrong_lines > 0)
        PUT(p, "  not measured: %llu not readable, %zu wrong lines in manifests\n",
            (unsigned long long)e->n_unreadable, e->n_wrong_lines);
    PUT(p, "  speed: %.2f s, %.0f messages/s, %.1f MB/s, %u thread%s\n", e->seconds,
        e->seconds > 0 ? (double)f->n / e->seconds : 0,
        e->seconds > 0 ? (double)f->bytes / e->seconds / 1e6 : 0, e->jobs, e->jobs == 1 ? "" : "s");
}

static void put_groups(struct page *p, enum group_by by)
{
    const struct groups *g = &p->e->figures.groups[by];
    if (g->n == 0)
        return;
    put_title(p, by == BY_CLASS      ? "By class"
                 : by == BY_LANGUAGE ? "By language"
                 : by == BY_COMPLETE ? "By completeness"
                                     : "By disguise (tags)");
    PUT(p, "  %-20s %9s %6s %7s %16s %6s %8s %6s\n", "", "extortion", "found", "recall",
        "95 % between", "class", "others", "wrong");
    for (size_t i = 0; i < g->n; i++) {
        const struct group *v = &g->v[i];
        struct rate r = rate_of((double)v->found, v->extortion);
        PUT(p, "  ");
        size_t before = p->out->n;
        put_safe(p, v->name);
        size_t width = p->out->n - before;
        PUT(p, "%*s", width < 20 ? (int)(20 - width) : 0, "");
        if (v->extortion > 0)
            PUT(p, " %9llu %6llu %7.3f %7.3f to %5.3f %6llu", (unsigned long long)v->extortion,
                (unsigned long long)v->found, r.value, r.low, r.high, (unsigned long long)v->right);
        else
            PUT(p, " %9s %6s %7s %16s %6s", "-", "-", "-", "-", "-");
        PUT(p, " %8llu %6llu\n", (unsigned long long)v->other, (unsigned long long)v->wrong);
    }
}

static void put_confusion(struct page *p)
{
    const struct figures *f = &p->e->figures;
    bool any = false;
    for (size_t i = 0; i < f->n_confused; i++) {
        const struct confused *c = &f->confused[i];
        const char *got = evaluation_class(p->e, c->got);
        if (c->got == UINT32_MAX || strcmp(got, c->want) == 0)
            continue;
        if (!any)
            put_title(p, "Flagged as another class");
        any = true;
        PUT(p, "  %6llu  ", (unsigned long long)c->n);
        put_safe(p, c->want);
        PUT(p, " as %s\n", got);
    }
}

static void put_worth(struct page *p, const struct worth *w)
{
    PUT(p, "  %8llu %8.3f %8.3f %9.3f", (unsigned long long)w->hits, w->share_extortion * 100,
        w->share_other * 100, w->precision);
}

static void put_rules(struct page *p)
{
    const struct evaluation *e = p->e;
    put_title(p, "Facets and rules: how often they hit");
    PUT(p, "  %8s %8s %8s %9s\n", "hits", "% ext.", "% other", "precision");
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        struct worth w = worth_of(&e->figures, e->facet_hits[f]);
        put_worth(p, &w);
        PUT(p, "         %s\n", facet_name((enum facet)f));
    }
    uint32_t n;
    uint32_t *sorted = evaluation_rules_sorted(e, &n);
    if (sorted == NULL) {
        p->status = STATUS_NO_MEMORY;
        return;
    }
    PUT(p, "\n");
    for (uint32_t i = 0; i < n; i++) {
        const struct rule_info *rule = ruleset_rule(e->ruleset, sorted[i]);
        struct worth w = worth_of(&e->figures, e->rule_hits[sorted[i]]);
        put_worth(p, &w);
        PUT(p, "  %5.2f  %-8s %s%s\n", rule->weight,
            rule->facet < FACET_COUNT ? facet_name(rule->facet) : "-", rule->id,
            rule->shadow ? " (shadow)" : "");
    }
    free(sorted);
    PUT(p, "  %u rules hit nothing\n", ruleset_n_rules(e->ruleset) - n);
}

static void put_sweep(struct page *p)
{
    const struct figures *f = &p->e->figures;
    put_title(p, "If the threshold were...");
    PUT(p, "  %9s %7s %9s %6s %8s %6s\n", "points", "recall", "precision", "ham", "hardneg",
        "spam");
    for (unsigned i = 0; i < SWEEP_STEPS; i++) {
        const struct sweep *s = &f->sweep[i];
        uint64_t all = 0;
        for (unsigned l = 0; l < LABEL_COUNT; l++)
            all += s->flagged[l];
        struct rate recall = rate_of((double)s->flagged[LABEL_EXTORTION], f->of[LABEL_EXTORTION]);
        struct rate precision = rate_of((double)s->flagged[LABEL_EXTORTION], all);
        PUT(p, "  %9.1f %7.4f %9.4f %6llu %8llu %6llu\n", s->threshold, recall.value,
            precision.value, (unsigned long long)s->flagged[LABEL_HAM],
            (unsigned long long)s->flagged[LABEL_HARDNEG],
            (unsigned long long)s->flagged[LABEL_SPAM]);
        if (all == 0)
            break;
    }
}

static void put_message(struct page *p, const struct measured *m)
{
    put_safe(p, m->file);
    if (m->number > 0)
        PUT(p, "#%u", m->number);
    PUT(p, "\n");
}

static void put_errors(struct page *p, bool misses)
{
    const struct evaluation *e = p->e;
    bool any = false;
    for (size_t i = 0; i < e->n; i++) {
        const struct measured *m = &e->v[i];
        if (!measured_is_error(m) || (m->sample->label == LABEL_EXTORTION) != misses)
            continue;
        if (!any)
            put_title(p, misses ? "Missed" : "False positives");
        any = true;
        PUT(p, "  %6.2f  ", m->score);
        if (misses)
            put_safe(p, m->sample->class_id[0] != '\0' ? m->sample->class_id : "-");
        else
            PUT(p, "%s as %s", label_name(m->sample->label), evaluation_class(e, m->class_index));
        PUT(p, "  ");
        put_message(p, m);
    }
}

static void put_comparison(struct page *p, const struct comparison *c)
{
    static const char *const names[CHANGE_COUNT] = {
        "found now",       "no longer found", "no longer a false positive", "a false positive now",
        "class now right", "class now wrong"};
    static const enum ink inks[CHANGE_COUNT] = {INK_GREEN, INK_RED,   INK_GREEN,
                                                INK_RED,   INK_GREEN, INK_RED};
    put_title(p, "Compared with the earlier run");
    PUT(p, "  %zu messages in both, %zu only then, %zu only now\n", c->n_common, c->n_only_old,
        c->n_only_new);
    struct rate before = rate_of((double)c->found_before, c->extortion);
    struct rate now = rate_of((double)c->found_now, c->extortion);
    PUT(p, "  recall %.4f -> %.4f, false positives %llu -> %llu\n", before.value, now.value,
        (unsigned long long)c->wrong_before, (unsigned long long)c->wrong_now);
    for (size_t i = 0; i < c->n; i++) {
        const struct changed *x = &c->v[i];
        if (i == 0 || x->change != c->v[i - 1].change)
            PUT(p, "  %s%s: %zu%s\n", screen_ink(p->screen, inks[x->change]), names[x->change],
                c->n_of[x->change], screen_ink(p->screen, INK_PLAIN));
        PUT(p, "    %6.2f -> %6.2f  ", x->score_before, x->now->score);
        put_message(p, x->now);
    }
    if (c->n == 0)
        PUT(p, "  no verdict changed\n");
}

enum status evaluate_text(struct buf *out, const struct screen *s, const struct evaluation *e,
                          const struct comparison *c)
{
    struct page p = {.out = out, .screen = s, .e = e};
    put_heading(&p);
    for (unsigned by = 0; by < BY_COUNT; by++)
        put_groups(&p, (enum group_by)by);
    put_confusion(&p);
    put_rules(&p);
    put_sweep(&p);
    put_errors(&p, true);
    put_errors(&p, false);
    if (c != NULL)
        put_comparison(&p, c);
    return p.status;
}
