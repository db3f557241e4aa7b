/* tune: fits with one part of the clusters left out after the other, and what to make of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "program/pool.h"
#include "program/tune.h"

#define CHANGE_LEAST 0.05 /* a smaller change of a weight is not worth a review */

/* A fit without one part of the clusters; the last is of all. */
struct turn {
    uint32_t fold;
    struct fit fit[FIT_STRENGTHS];
    double slope_before;
    double *factors; /* own; of fit */
    bool done;
};

struct parts {
    const struct tuning *t; /* foreign */
    struct turn v[FIT_FOLDS + 1];
};

static void *worker_new(void *context)
{
    return context; /* a fit needs no state of its thread */
}

static void worker_free(void *context, void *worker)
{
    (void)context;
    (void)worker;
}

static void work(void *context, void *worker, void *job)
{
    const struct parts *parts = context;
    struct turn *turn = job;
    (void)worker;
    turn->done = fit_run(&parts->t->problem, turn->fold, turn->fit, &turn->slope_before);
}

static void emit(void *context, void *job)
{
    (void)context;
    (void)job;
}

static enum status run_parts(struct parts *parts, unsigned jobs)
{
    static const struct pool_ops ops = {worker_new, worker_free, work, emit};
    const size_t n = (size_t)parts->t->problem.n_groups + 1;
    struct pool *pool;
    for (uint32_t i = 0; i <= FIT_FOLDS; i++) {
        struct turn *turn = &parts->v[i];
        turn->fold = i;
        turn->factors = calloc(FIT_STRENGTHS * n, sizeof *turn->factors);
        if (turn->factors == NULL)
            return STATUS_NO_MEMORY;
        for (size_t s = 0; s < FIT_STRENGTHS; s++)
            turn->fit[s].factor = turn->factors + s * n;
    }
    enum status status = pool_new(&ops, parts, jobs, SIZE_MAX, &pool);
    for (uint32_t i = 0; status == STATUS_OK && i <= FIT_FOLDS; i++)
        status = pool_push(pool, &parts->v[i], 0) ? STATUS_OK : STATUS_NO_MEMORY;
    if (!pool_finish(&pool) && status == STATUS_OK)
        status = STATUS_NO_MEMORY;
    for (uint32_t i = 0; i <= FIT_FOLDS; i++)
        status = status == STATUS_OK && !parts->v[i].done ? STATUS_NO_MEMORY : status;
    return status;
}

/* One message by some weights. */
static double tally_add(const struct tuning *t, const struct fit_example *x, const double *weights,
                        double slope, struct tune_tally *out)
{
    double points[FACET_COUNT];
    double score = fit_score(&t->problem, x, weights, points);
    double loss = x->importance * fit_loss(score, x, slope);
    bool flagged =
        score >= x->threshold && class_requirement(t->e->ruleset, x->class_index, points);
    out->loss += loss;
    out->found += flagged && x->extortion;
    out->alarmed += flagged && !x->extortion;
    return loss;
}

/* Sum and standard error of a sum of differences, one for each cluster. */
static void sum_of(const double *v, uint32_t n, double *sum, double *error)
{
    double mean = 0, spread = 0;
    *sum = 0;
    for (uint32_t i = 0; i < n; i++)
        *sum += v[i];
    mean = *sum / n;
    for (uint32_t i = 0; i < n; i++)
        spread += (v[i] - mean) * (v[i] - mean);
    *error = n > 1 ? sqrt(spread * n / (n - 1)) : 0;
}

/*
 * The strongest penalty that is no worse than the best by more than one standard error: what the
 * mail does not ask for stays as it is.
 */
static int choose(const struct tuning *t, double *const loss[FIT_STRENGTHS])
{
    const uint32_t n = t->problem.n_clusters;
    int best = 0;
    for (int s = 1; s < FIT_STRENGTHS; s++)
        best = t->with[s].loss < t->with[best].loss ? s : best;
    for (int s = 0; s < best; s++) {
        double sum, error, *difference = calloc(n, sizeof *difference);
        if (difference == NULL)
            return best;
        for (uint32_t i = 0; i < n; i++)
            difference[i] = loss[s][i] - loss[best][i];
        sum_of(difference, n, &sum, &error);
        free(difference);
        if (sum <= error)
            return s;
    }
    return best;
}

static enum status cross_validate(struct tuning *t, const struct parts *parts)
{
    const uint32_t n = t->problem.n_clusters;
    const size_t n_rules = t->problem.n_rules;
    double *all =
        calloc((size_t)n * (FIT_STRENGTHS + 1) + n_rules * FIT_STRENGTHS + 1, sizeof *all);
    if (all == NULL)
        return STATUS_NO_MEMORY;
    double *loss[FIT_STRENGTHS], *before = all + (size_t)n * FIT_STRENGTHS;
    double *weights = before + n, total = 0;
    for (size_t s = 0; s < FIT_STRENGTHS; s++)
        loss[s] = all + s * n;
    for (uint32_t fold = 0; fold < FIT_FOLDS; fold++) {
        const struct turn *turn = &parts->v[fold];
        for (size_t s = 0; s < FIT_STRENGTHS; s++)
            fit_weights(&t->problem, &turn->fit[s], weights + s * n_rules);
        for (uint32_t i = 0; i < t->problem.n_examples; i++) {
            const struct fit_example *x = &t->examples[i];
            if (x->fold != fold)
                continue;
            total += x->importance;
            before[x->cluster] += tally_add(t, x, t->weight, turn->slope_before, &t->before);
            for (size_t s = 0; s < FIT_STRENGTHS; s++)
                loss[s][x->cluster] +=
                    tally_add(t, x, weights + s * n_rules, turn->fit[s].slope, &t->with[s]);
        }
    }
    t->chosen = choose(t, loss);
    t->before.loss /= total;
    for (size_t s = 0; s < FIT_STRENGTHS; s++) {
        for (uint32_t i = 0; i < n; i++)
            loss[s][i] -= before[i];
        sum_of(loss[s], n, &t->change[s], &t->change_error[s]);
        t->with[s].loss /= total;
        t->change[s] /= total;
        t->change_error[s] /= total;
    }
    free(all);
    return STATUS_OK;
}

/* Jackknife: how far the weight moves when a part of the clusters is missing. */
static void weigh_errors(struct tuning *t, const struct parts *parts)
{
    for (uint32_t i = 0; i < t->problem.n_rules; i++) {
        uint32_t g = t->group[i];
        double mean = 0, spread = 0;
        if (g == FIT_FIXED)
            continue;
        for (uint32_t k = 0; k < FIT_FOLDS; k++)
            mean += parts->v[k].fit[t->chosen].factor[g] / FIT_FOLDS;
        for (uint32_t k = 0; k < FIT_FOLDS; k++) {
            double off = parts->v[k].fit[t->chosen].factor[g] - mean;
            spread += off * off;
        }
        t->error[i] = t->after[i] * sqrt(spread * (FIT_FOLDS - 1) / FIT_FOLDS);
    }
}

bool tuning_changed(const struct tuning *t, uint32_t rule)
{
    return t->after[rule] != t->weight[rule];
}

enum status tuning_run(struct tuning *t, unsigned jobs)
{
    struct parts *parts = calloc(1, sizeof *parts);
    if (parts == NULL)
        return STATUS_NO_MEMORY;
    parts->t = t;
    enum status status = run_parts(parts, jobs);
    if (status == STATUS_OK)
        status = cross_validate(t, parts);
    if (status == STATUS_OK) {
        const struct fit *all = &parts->v[FIT_FOLDS].fit[t->chosen];
        fit_weights(&t->problem, all, t->after);
        for (uint32_t i = 0; i < t->problem.n_rules; i++) {
            double rounded = round(t->after[i] * 100) / 100;
            t->after[i] = fabs(rounded - t->weight[i]) >= CHANGE_LEAST ? rounded : t->weight[i];
        }
        weigh_errors(t, parts);
        for (uint32_t i = 0; i < t->problem.n_examples; i++) {
            (void)tally_add(t, &t->examples[i], t->weight, 0, &t->same_before);
            (void)tally_add(t, &t->examples[i], t->after, 0, &t->same_after);
        }
    }
    for (uint32_t i = 0; i <= FIT_FOLDS; i++)
        free(parts->v[i].factors);
    free(parts);
    return status;
}
