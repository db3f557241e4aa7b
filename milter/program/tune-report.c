#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "program/tune.h"

#define Z95 1.959963984540054

/* Writes until something fails; looked at once, at the end. */
struct page {
    struct buf *out;
    const struct screen *screen;
    const struct tuning *t;
    enum status status;
};

#define PUT(page, ...)                                                                             \
    do {                                                                                           \
        if ((page)->status == STATUS_OK)                                                           \
            (page)->status = buf_addf((page)->out, __VA_ARGS__);                                   \
    } while (0)

static void put_rates(struct page *p, const struct tune_tally *before,
                      const struct tune_tally *after)
{
    const uint64_t *of = p->t->e->figures.of;
    uint64_t others = of[LABEL_HAM] + of[LABEL_HARDNEG] + of[LABEL_SPAM];
    struct rate r = rate_of((double)before->found, of[LABEL_EXTORTION]);
    struct rate s = rate_of((double)after->found, of[LABEL_EXTORTION]);
    PUT(p, "  recall            %.4f (%.4f to %.4f) -> %.4f (%.4f to %.4f)\n", r.value, r.low,
        r.high, s.value, s.low, s.high);
    r = rate_of((double)before->alarmed, others);
    s = rate_of((double)after->alarmed, others);
    PUT(p, "  false positives   %llu (%.5f to %.5f) -> %llu (%.5f to %.5f) of %llu\n",
        (unsigned long long)before->alarmed, r.low, r.high, (unsigned long long)after->alarmed,
        s.low, s.high, (unsigned long long)others);
}

static void put_heading(struct page *p)
{
    const struct tuning *t = p->t;
    PUT(p,
        "%zu messages, ruleset %s: %u clusters of extortion, %u of other mail\n"
        "%u of %u rules are tuned; the others are helpers or shadows, or hit fewer than %d "
        "messages\n",
        t->e->n, ruleset_version(t->e->ruleset), t->clusters_extortion, t->clusters_other,
        t->n_tuned, t->problem.n_rules, TUNE_MESSAGES_LEAST);
    if (t->problem.n_groups < t->n_tuned)
        PUT(p,
            "rules of one template, or alike but for their language, share a weight: %u weights\n",
            t->problem.n_groups);
    PUT(p,
        "\n%sBy mail that the fit had not seen (clusters in %d parts, each left out once)%s\n"
        "  weights stay    loss %.6f per cluster\n",
        screen_ink(p->screen, INK_BOLD), FIT_FOLDS, screen_ink(p->screen, INK_PLAIN),
        t->before.loss);
    for (int s = 0; s < FIT_STRENGTHS; s++)
        PUT(p, "  penalty %-6g  loss %.6f  change %+.6f (95 %%: %+.6f to %+.6f)%s\n",
            fit_strengths[s], t->with[s].loss, t->change[s],
            t->change[s] - Z95 * t->change_error[s], t->change[s] + Z95 * t->change_error[s],
            s == t->chosen ? "  <- chosen" : "");
    put_rates(p, &t->before, &t->with[t->chosen]);
}

struct changed_weight {
    uint32_t rule;
    double by;
};

static int by_change(const void *a, const void *b)
{
    const struct changed_weight *x = a, *y = b;
    if (x->by != y->by)
        return x->by > y->by ? -1 : 1;
    return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static void put_weights(struct page *p)
{
    const struct tuning *t = p->t;
    struct changed_weight *v = calloc((size_t)t->problem.n_rules + 1, sizeof *v);
    uint32_t n = 0;
    if (v == NULL) {
        p->status = STATUS_NO_MEMORY;
        return;
    }
    for (uint32_t i = 0; i < t->problem.n_rules; i++) {
        if (tuning_changed(t, i))
            v[n++] = (struct changed_weight){i, fabs(log(t->after[i] / t->weight[i]))};
    }
    if (n > 0)
        qsort(v, n, sizeof *v, by_change);
    PUT(p, "\n%sProposed weights: %u change%s\n", screen_ink(p->screen, INK_BOLD), n,
        screen_ink(p->screen, INK_PLAIN));
    if (n > 0)
        PUT(p, "  %7s %7s %9s %10s %8s\n", "before", "after", "+- 95 %", "extortion", "others");
    for (uint32_t i = 0; i < n; i++) {
        const struct rule_info *rule = ruleset_rule(t->e->ruleset, v[i].rule);
        struct worth w = worth_of(&t->e->figures, t->e->rule_hits[v[i].rule]);
        PUT(p, "  %7.2f %7.2f %9.2f %10llu %8llu  %-8s %s\n", t->weight[v[i].rule],
            t->after[v[i].rule], Z95 * t->error[v[i].rule], (unsigned long long)w.extortion,
            (unsigned long long)w.other, facet_name(rule->facet), rule->id);
    }
    free(v);
}

enum status tuning_text(const struct tuning *t, const struct screen *s, struct buf *out)
{
    struct page p = {.out = out, .screen = s, .t = t};
    put_heading(&p);
    put_weights(&p);
    PUT(&p, "\n%sThe same mail by these weights (it is what they were made from: too good)%s\n",
        screen_ink(s, INK_BOLD), screen_ink(s, INK_PLAIN));
    put_rates(&p, &t->same_before, &t->same_after);
    if (t->change[t->chosen] >= 0)
        PUT(&p, "\nNo penalty made the loss smaller: leave the weights as they are.\n");
    return p.status;
}

/* An override names the template, for all languages at once. */
static const char *name_of(const struct rule_info *rule)
{
    return rule->template_id != NULL ? rule->template_id : rule->id;
}

static bool told_by_template(const struct tuning *t, uint32_t rule)
{
    const char *id = ruleset_rule(t->e->ruleset, rule)->template_id;
    for (uint32_t i = 0; id != NULL && i < rule; i++) {
        const char *other = ruleset_rule(t->e->ruleset, i)->template_id;
        if (other != NULL && strcmp(other, id) == 0 && tuning_changed(t, i))
            return true;
    }
    return false;
}

enum status tuning_overlay(const struct tuning *t, struct buf *out)
{
    struct page p = {.out = out, .t = t};
    PUT(&p,
        "# Weights proposed by extortctl tune for ruleset %s. Review each one: this mail is not\n"
        "# yours, or not all of yours. To see what changes, message by message:\n"
        "#   extortctl evaluate --with THIS-FILE --compare BEFORE.json MANIFEST\n"
        "# Loss by mail not seen: %.6f -> %.6f. After each weight: what it was, 95 %%, and the\n"
        "# messages that the rule hit (extortion, others).\n\n"
        "pack = \"tuned\";\n\noverride = (",
        ruleset_version(t->e->ruleset), t->before.loss, t->with[t->chosen].loss);
    const char *between = "\n";
    char note[128] = "";
    for (uint32_t i = 0; i < t->problem.n_rules; i++) {
        if (!tuning_changed(t, i) || told_by_template(t, i))
            continue;
        struct worth w = worth_of(&t->e->figures, t->e->rule_hits[i]);
        PUT(&p, "%s%s%s  { id = \"%s\"; weight = %.2f; }", between, note,
            note[0] != '\0' ? "\n" : "", name_of(ruleset_rule(t->e->ruleset, i)), t->after[i]);
        between = ",";
        (void)snprintf(note, sizeof note, "  # %.2f, +- %.2f; %llu, %llu", t->weight[i],
                       Z95 * t->error[i], (unsigned long long)w.extortion,
                       (unsigned long long)w.other);
    }
    PUT(&p, "%s\n);\n", note);
    return p.status;
}
