#include <stdlib.h>
#include <string.h>

#include "program/evaluate.h"

struct worth worth_of(const struct figures *f, const uint64_t hits[LABEL_COUNT])
{
    struct worth w = {.extortion = hits[LABEL_EXTORTION]};
    uint64_t others = 0;
    for (unsigned l = 0; l < LABEL_COUNT; l++) {
        w.hits += hits[l];
        others += l == LABEL_EXTORTION ? 0 : f->of[l];
    }
    w.other = w.hits - w.extortion;
    w.share_extortion =
        f->of[LABEL_EXTORTION] > 0 ? (double)w.extortion / (double)f->of[LABEL_EXTORTION] : 0;
    w.share_other = others > 0 ? (double)w.other / (double)others : 0;
    w.precision = w.hits > 0 ? (double)w.extortion / (double)w.hits : 0;
    return w;
}

const char *evaluation_class(const struct evaluation *e, uint32_t class_index)
{
    return class_index < ruleset_n_classes(e->ruleset) ? ruleset_class(e->ruleset, class_index)->id
                                                       : "not flagged";
}

struct ranked {
    uint32_t rule;
    uint64_t extortion, hits;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->extortion != y->extortion)
        return x->extortion > y->extortion ? -1 : 1;
    if (x->hits != y->hits)
        return x->hits < y->hits ? -1 : 1;
    return x->rule < y->rule ? -1 : x->rule > y->rule;
}

uint32_t *evaluation_rules_sorted(const struct evaluation *e, uint32_t *n)
{
    uint32_t n_rules = ruleset_n_rules(e->ruleset);
    struct ranked *ranked = calloc(n_rules + (size_t)1, sizeof *ranked);
    uint32_t *sorted = calloc(n_rules + (size_t)1, sizeof *sorted);
    *n = 0;
    if (ranked == NULL || sorted == NULL) {
        free(ranked);
        free(sorted);
        return NULL;
    }
    for (uint32_t i = 0; i < n_rules; i++) {
        uint64_t hits = worth_of(&e->figures, e->rule_hits[i]).hits;
        if (hits > 0)
            ranked[(*n)++] = (struct ranked){i, e->rule_hits[i][LABEL_EXTORTION], hits};
    }
    if (*n > 0)
        qsort(ranked, *n, sizeof *ranked, by_rank);
    for (uint32_t i = 0; i < *n; i++)
        sorted[i] = ranked[i].rule;
    free(ranked);
    return sorted;
}

static void add_count(struct json *j, const char *key, uint64_t v)
{
    json_key(j, key);
    json_count(j, v);
}

/* Shares need more than three decimals. */
static void add_share(struct json *j, const char *key, double v)
{
    json_key(j, key);
    json_share(j, v);
}

static void add_rate(struct json *j, const char *key, const struct rate *r)
{
    json_key(j, key);
    json_open(j, '{');
    add_share(j, "value", r->value);
    add_share(j, "low", r->low);
    add_share(j, "high", r->high);
    add_share(j, "hits", r->hits);
    add_count(j, "n", r->n);
    json_close(j, '}');
}

static void add_labels(struct json *j, const char *key, const uint64_t v[LABEL_COUNT])
{
    json_key(j, key);
    json_open(j, '{');
    for (unsigned l = 0; l < LABEL_COUNT; l++)
        add_count(j, label_name((enum label)l), v[l]);
    json_close(j, '}');
}

static void add_groups(struct json *j, const struct figures *f)
{
    json_key(j, "by");
    json_open(j, '{');
    for (unsigned by = 0; by < BY_COUNT; by++) {
        json_key(j, group_by_name((enum group_by)by));
        json_open(j, '[');
        for (size_t i = 0; i < f->groups[by].n; i++) {
            const struct group *g = &f->groups[by].v[i];
            struct rate recall = rate_of((double)g->found, g->extortion);
            json_open(j, '{');
            json_key(j, "name");
            json_text(j, g->name);
            add_count(j, "extortion", g->extortion);
            add_count(j, "found", g->found);
            add_count(j, "right_class", g->right);
            add_rate(j, "recall", &recall);
            add_count(j, "others", g->other);
            add_count(j, "false_positives", g->wrong);
            json_close(j, '}');
        }
        json_close(j, ']');
    }
    json_close(j, '}');
}

static void add_class(struct json *j, const struct evaluation *e, const char *key, uint32_t class)
{
    json_key(j, key);
    json_text(j, class < ruleset_n_classes(e->ruleset) ? evaluation_class(e, class) : NULL);
}

static void add_confusion(struct json *j, const struct evaluation *e)
{
    json_key(j, "confusion");
    json_open(j, '[');
    for (size_t i = 0; i < e->figures.n_confused; i++) {
        const struct confused *c = &e->figures.confused[i];
        json_open(j, '{');
        json_key(j, "class");
        json_text(j, c->want);
        add_class(j, e, "got", c->got);
        add_count(j, "n", c->n);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void add_worth(struct json *j, const struct evaluation *e, const uint64_t hits[LABEL_COUNT])
{
    struct worth w = worth_of(&e->figures, hits);
    add_labels(j, "hits", hits);
    add_share(j, "share_extortion", w.share_extortion);
    add_share(j, "share_other", w.share_other);
    add_share(j, "precision", w.precision);
}

static void add_rules(struct json *j, const struct evaluation *e)
{
    json_key(j, "facets");
    json_open(j, '[');
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        json_open(j, '{');
        json_key(j, "facet");
        json_text(j, facet_name((enum facet)f));
        add_worth(j, e, e->facet_hits[f]);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_key(j, "rules");
    json_open(j, '[');
    for (uint32_t i = 0; i < ruleset_n_rules(e->ruleset); i++) {
        const struct rule_info *rule = ruleset_rule(e->ruleset, i);
        json_open(j, '{');
        json_key(j, "id");
        json_text(j, rule->id);
        json_key(j, "pack");
        json_text(j, rule->pack);
        json_key(j, "facet");
        json_text(j, rule->facet < FACET_COUNT ? facet_name(rule->facet) : NULL);
        json_key(j, "weight");
        json_number(j, rule->weight);
        json_key(j, "shadow");
        json_bool(j, rule->shadow);
        add_worth(j, e, e->rule_hits[i]);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void add_sweep(struct json *j, const struct figures *f)
{
    json_key(j, "sweep");
    json_open(j, '[');
    for (unsigned i = 0; i < SWEEP_STEPS; i++) {
        const struct sweep *s = &f->sweep[i];
        uint64_t all = 0;
        for (unsigned l = 0; l < LABEL_COUNT; l++)
            all += s->flagged[l];
        json_open(j, '{');
        json_key(j, "threshold");
        json_number(j, s->threshold);
        add_labels(j, "flagged", s->flagged);
        add_share(j, "recall",
                  rate_of((double)s->flagged[LABEL_EXTORTION], f->of[LABEL_EXTORTION]).value);
        add_share(j, "precision", rate_of((double)s->flagged[LABEL_EXTORTION], all).value);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void add_speed(struct json *j, const struct evaluation *e)
{
    double sum = 0, most = 0;
    for (size_t i = 0; i < e->n; i++) {
        sum += e->v[i].ms;
        most = e->v[i].ms > most ? e->v[i].ms : most;
    }
    json_key(j, "speed");
    json_open(j, '{');
    json_key(j, "seconds");
    json_number(j, e->seconds);
    json_key(j, "messages_per_second");
    json_number(j, e->seconds > 0 ? (double)e->n / e->seconds : 0);
    json_key(j, "mean_ms");
    json_number(j, e->n > 0 ? sum / (double)e->n : 0);
    json_key(j, "max_ms");
    json_number(j, most);
    add_count(j, "bytes", e->figures.bytes);
    add_count(j, "threads", e->jobs);
    json_close(j, '}');
}

static void add_name(struct json *j, const struct measured *m)
{
    json_key(j, "path");
    json_text(j, m->path);
    if (m->number > 0)
        add_count(j, "message", m->number);
}

static void add_messages(struct json *j, const struct evaluation *e)
{
    json_key(j, "messages");
    json_open(j, '[');
    for (size_t i = 0; i < e->n && j->status == STATUS_OK; i++) {
        const struct measured *m = &e->v[i];
        json_open(j, '{');
        add_name(j, m);
        json_key(j, "file");
        json_text(j, m->file);
        json_key(j, "label");
        json_text(j, label_name(m->sample->label));
        json_key(j, "class");
        json_text(j, m->sample->class_id[0] != '\0' ? m->sample->class_id : NULL);
        json_key(j, "flagged");
        json_bool(j, m->flagged);
        add_class(j, e, "got", m->class_index);
        json_key(j, "score");
        json_number(j, m->score);
        json_key(j, "incomplete");
        json_bool(j, m->incomplete);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void add_comparison(struct json *j, const struct comparison *c)
{
    static const char *const names[CHANGE_COUNT] = {"gained",  "lost",    "cleared",
                                                    "alarmed", "righted", "wronged"};
    json_key(j, "comparison");
    json_open(j, '{');
    add_count(j, "common", c->n_common);
    add_count(j, "only_before", c->n_only_old);
    add_count(j, "only_now", c->n_only_new);
    struct rate before = rate_of((double)c->found_before, c->extortion);
    struct rate now = rate_of((double)c->found_now, c->extortion);
    add_rate(j, "recall_before", &before);
    add_rate(j, "recall_now", &now);
    add_count(j, "false_positives_before", c->wrong_before);
    add_count(j, "false_positives_now", c->wrong_now);
    for (unsigned change = 0; change < CHANGE_COUNT; change++) {
        json_key(j, names[change]);
        json_open(j, '[');
        for (size_t i = 0; i < c->n; i++) {
            if (c->v[i].change != (enum change)change)
                continue;
            json_open(j, '{');
            add_name(j, c->v[i].now);
            json_key(j, "score_before");
            json_number(j, c->v[i].score_before);
            json_key(j, "score");
            json_number(j, c->v[i].now->score);
            json_close(j, '}');
        }
        json_close(j, ']');
    }
    json_close(j, '}');
}

enum status evaluate_json(struct buf *out, const struct evaluation *e, const struct comparison *c)
{
    const struct figures *f = &e->figures;
    struct json j;
    json_init(&j, out);
    json_open(&j, '{');
    json_key(&j, "extortctl");
    json_text(&j, PACKAGE_VERSION);
    json_key(&j, "ruleset");
    json_text(&j, ruleset_version(e->ruleset));
    add_count(&j, "measured", f->n);
    add_count(&j, "unreadable", e->n_unreadable);
    add_count(&j, "wrong_lines", e->n_wrong_lines);
    add_count(&j, "incomplete", f->n_incomplete);
    json_key(&j, "interrupted");
    json_bool(&j, e->interrupted != 0);
    add_labels(&j, "of_label", f->of);
    add_labels(&j, "flagged", f->flagged);
    add_rate(&j, "recall", &f->recall);
    add_rate(&j, "recall_per_cluster", &f->cluster_recall);
    add_rate(&j, "recall_whole_texts", &f->full_recall);
    add_rate(&j, "precision", &f->precision);
    add_rate(&j, "right_class", &f->right_class);
    add_groups(&j, f);
    add_confusion(&j, e);
    add_rules(&j, e);
    add_sweep(&j, f);
    if (c != NULL)
        add_comparison(&j, c);
    add_messages(&j, e);
    add_speed(&j, e);
    json_close(&j, '}');
    if (j.status == STATUS_OK)
        j.status = buf_add_byte(out, '\n');
    return j.status;
}
