/* tune: from judged mail to a problem - which rules move, which share a weight, what is a cluster.
 */
#include <stdlib.h>
#include <string.h>

#include "program/tune.h"

/* What rules share their weight by; empty: nothing. Templates are one rule in several languages. */
static struct view template_of(const struct ruleset *r, const struct rule_info *rule, bool tie)
{
    if (rule->template_id != NULL || !tie)
        return view_of(rule->template_id);
    const char *language = ruleset_language(r, rule->language);
    struct view id = view_of(rule->id);
    size_t n = language != NULL ? strlen(language) : 0;
    bool prefixed = n > 0 && id.n > n + 1 && memcmp(id.p, language, n) == 0 && id.p[n] == '-';
    return prefixed ? view_sub(id, n + 1, id.n) : VIEW_NONE;
}

/* A rule and what it shares its weight by. */
struct mark {
    struct view template;
    uint32_t rule;
    uint8_t facet;
};

static int by_template(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    size_t n = x->template.n < y->template.n ? x->template.n : y->template.n;
    int order = n > 0 ? memcmp(x->template.p, y->template.p, n) : 0;
    if (order == 0 && x->template.n != y->template.n)
        order = x->template.n < y->template.n ? -1 : 1;
    if (order == 0 && x->facet != y->facet)
        order = x->facet < y->facet ? -1 : 1;
    return order != 0 ? order : x->rule < y->rule ? -1 : 1;
}

static bool same_template(const struct mark *x, const struct mark *y)
{
    return x->template.n > 0 && x->facet == y->facet && view_eq(x->template, y->template);
}

static uint64_t messages_hit(const struct tuning *t, uint32_t rule)
{
    uint64_t n = 0;
    for (unsigned l = 0; l < LABEL_COUNT; l++)
        n += t->e->rule_hits[rule][l];
    return n;
}

/* One group for each rule that moves, or for all rules of one template. */
static bool make_groups(struct tuning *t, bool tie)
{
    const struct ruleset *r = t->e->ruleset;
    struct mark *mark = calloc((size_t)t->problem.n_rules + 1, sizeof *mark);
    uint32_t n = 0;
    if (mark == NULL)
        return false;
    for (uint32_t i = 0; i < t->problem.n_rules; i++) {
        const struct rule_info *rule = ruleset_rule(r, i);
        t->weight[i] = rule->weight;
        t->facet[i] = (uint8_t)rule->facet;
        t->group[i] = FIT_FIXED;
        if (rule->facet < FACET_COUNT && !rule->shadow)
            mark[n++] = (struct mark){template_of(r, rule, tie), i, (uint8_t)rule->facet};
    }
    if (n > 0)
        qsort(mark, n, sizeof *mark, by_template);
    for (uint32_t from = 0, to; from < n; from = to) {
        uint64_t hits = 0;
        double sum = 0;
        for (to = from; to < n && (to == from || same_template(&mark[from], &mark[to])); to++) {
            hits += messages_hit(t, mark[to].rule);
            sum += t->weight[mark[to].rule];
        }
        if (hits < TUNE_MESSAGES_LEAST)
            continue;
        t->base[t->problem.n_groups] = sum / (to - from);
        for (uint32_t i = from; i < to; i++)
            t->group[mark[i].rule] = t->problem.n_groups;
        t->problem.n_groups++;
        t->n_tuned += to - from;
    }
    free(mark);
    return true;
}

static uint64_t hash_text(const char *s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001b3u;
    return h ^ h >> 29;
}

/* A message on the way to its cluster; mail without one is a cluster of its own. */
struct member {
    const char *name;
    uint64_t hash;
    uint32_t example;
};

static int by_cluster(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : x->example < y->example ? -1 : 1;
}

/*
 * Clusters, in the order of a hash of their name: so near-duplicates are never on both sides, each
 * part has its share of both kinds, and nothing depends on the order of the manifest's lines.
 */
static bool make_clusters(struct tuning *t)
{
    const struct evaluation *e = t->e;
    struct member *m = calloc(e->n + 1, sizeof *m);
    if (m == NULL)
        return false;
    for (size_t i = 0; i < e->n; i++) {
        const char *cluster = e->v[i].sample->cluster;
        bool own = cluster[0] == '\0';
        const char *name = own ? e->v[i].path : cluster;
        m[i] = (struct member){name, hash_text(name) + (own ? e->v[i].number : 0), (uint32_t)i};
    }
    if (e->n > 0)
        qsort(m, e->n, sizeof *m, by_cluster);
    for (size_t from = 0, to; from < e->n; from = to) {
        const struct fit_example *first = &t->examples[m[from].example];
        uint32_t *count = first->extortion ? &t->clusters_extortion : &t->clusters_other;
        for (to = from + 1;
             to < e->n && m[to].hash == m[from].hash && strcmp(m[to].name, m[from].name) == 0;)
            to++;
        for (size_t i = from; i < to; i++) {
            struct fit_example *x = &t->examples[m[i].example];
            x->cluster = t->problem.n_clusters;
            x->fold = *count % FIT_FOLDS;
            x->importance /= (double)(to - from);
        }
        ++*count;
        t->problem.n_clusters++;
    }
    free(m);
    return true;
}

static void make_examples(struct tuning *t, const struct tune_wishes *w)
{
    for (size_t i = 0; i < t->e->n; i++) {
        const struct measured *m = &t->e->v[i];
        bool extortion = m->sample->label == LABEL_EXTORTION;
        const struct class_info *class = ruleset_class(t->e->ruleset, m->nearest);
        t->examples[i] = (struct fit_example){.hits = m->hits,
                                              .n_hits = m->n_hits,
                                              .class_index = m->nearest,
                                              .threshold = class != NULL ? class->threshold : 5,
                                              .importance = extortion ? 1 : w->cost,
                                              .extortion = extortion};
    }
}

enum status tuning_make(struct tuning *t, const struct evaluation *e, const struct tune_wishes *w)
{
    uint32_t n_rules = ruleset_n_rules(e->ruleset);
    size_t n = (size_t)n_rules + 1;
    *t = (struct tuning){.e = e, .problem.n_rules = n_rules, .problem.n_examples = (uint32_t)e->n};
    t->weight = calloc(n, sizeof *t->weight);
    t->base = calloc(n, sizeof *t->base);
    t->after = calloc(n, sizeof *t->after);
    t->error = calloc(n, sizeof *t->error);
    t->facet = calloc(n, sizeof *t->facet);
    t->group = calloc(n, sizeof *t->group);
    t->examples = calloc(e->n + 1, sizeof *t->examples);
    if (t->weight == NULL || t->base == NULL || t->after == NULL || t->error == NULL ||
        t->facet == NULL || t->group == NULL || t->examples == NULL || !make_groups(t, w->tie))
        return STATUS_NO_MEMORY;
    make_examples(t, w);
    if (!make_clusters(t))
        return STATUS_NO_MEMORY;
    t->problem.weight = t->weight;
    t->problem.base = t->base;
    t->problem.facet = t->facet;
    t->problem.group = t->group;
    t->problem.examples = t->examples;
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        t->problem.cap[f] = ruleset_cap(e->ruleset, (enum facet)f);
        t->problem.whole[f] = ruleset_counts_whole(e->ruleset, (enum facet)f);
    }
    bool enough = t->clusters_extortion >= FIT_FOLDS && t->clusters_other >= FIT_FOLDS;
    return enough ? STATUS_OK : STATUS_INVALID;
}

void tuning_fini(struct tuning *t)
{
    free(t->weight);
    free(t->base);
    free(t->after);
    free(t->error);
    free(t->facet);
    free(t->group);
    free(t->examples);
    *t = (struct tuning){0};
}
