#include "program/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From strong to weak: each fit starts where the one before ended. */
const double fit_strengths[FIT_STRENGTHS] = {30, 10, 3, 1, 0.3};

enum {
    HEAVIEST = 8, /* as verdict/weigh.c */
    STEPS_FIRST = 80,
    STEPS_NEXT = 50,
    STEPS_SLOPE = 40,
};
#define RATE          0.08 /* of the first step, on the logarithmic scale */
#define SLOPE_PENALTY 0.1
/* A steeper slope would be content with a hair's breadth between mail that is told apart. */
#define SLOPE_MOST  0.7
#define SLOPE_LEAST (-1.4)

void fit_weights(const struct fit_problem *p, const struct fit *fit, double *weights)
{
    for (uint32_t i = 0; i < p->n_rules; i++) {
        uint32_t g = p->group[i];
        double w = g == FIT_FIXED ? p->weight[i] : p->base[g] * exp(fit->factor[g]);
        if (g != FIT_FIXED)
            w = fmin(fmax(w, FIT_WEIGHT_LEAST), FIT_WEIGHT_MOST);
        weights[i] = w;
    }
}

/* The heaviest hits of one facet, heaviest first. */
struct pile {
    const struct fit_hit *hit[HEAVIEST];
    double points[HEAVIEST];
    uint32_t n;
};

static void pile_add(struct pile *pile, const struct fit_hit *hit, double points)
{
    uint32_t at = pile->n < HEAVIEST ? pile->n++ : HEAVIEST;
    for (; at > 0 && pile->points[at - 1] < points; at--) {
        if (at < HEAVIEST) {
            pile->points[at] = pile->points[at - 1];
            pile->hit[at] = pile->hit[at - 1];
        }
    }
    if (at < HEAVIEST) {
        pile->points[at] = points;
        pile->hit[at] = hit;
    }
}

/* Adds scale times the derivative of the facet's points, by the logarithm of each weight. */
static void pile_slope(const struct fit_problem *p, const struct pile *pile, double scale,
                       double *gradient)
{
    double share = scale;
    for (uint32_t i = 0; i < pile->n; i++) {
        uint32_t g = p->group[pile->hit[i]->rule];
        if (g != FIT_FIXED)
            gradient[g] += share * pile->points[i];
        share /= 2;
    }
}

/*
 * One facet: hits [from, to) of an example. Once full it does not move. gradient may be NULL: then
 * only the points; else scale times the derivative is added to it.
 */
static double facet_points(const struct fit_problem *p, const struct fit_hit *from,
                           const struct fit_hit *to, const double *weights, double scale,
                           double *gradient)
{
    unsigned facet = p->facet[from->rule];
    bool context = facet == FACET_CONTEXT, unquoted = context;
    bool whole = context || p->whole[facet];
    struct pile pile;
    pile.n = 0;
    double sum = 0;
    for (const struct fit_hit *h = from; h < to; h++) {
        double points = weights[h->rule] * (double)h->share;
        unquoted = unquoted || h->share >= 1;
        if (whole)
            sum += points;
        else
            pile_add(&pile, h, points);
    }
    double share = 1;
    for (uint32_t i = 0; !whole && i < pile.n; i++) {
        sum += pile.points[i] * share;
        share /= 2;
    }
    double cap = p->cap[facet] * (unquoted ? 1 : FIT_QUOTED);
    if (sum >= cap)
        return cap;
    for (const struct fit_hit *h = from; whole && gradient != NULL && h < to; h++) {
        uint32_t g = p->group[h->rule];
        if (g != FIT_FIXED)
            gradient[g] += (context ? -scale : scale) * weights[h->rule] * (double)h->share;
    }
    if (!whole && gradient != NULL)
        pile_slope(p, &pile, scale, gradient);
    return sum;
}

static double score_of(const struct fit_problem *p, const struct fit_example *e,
                       const double *weights, double scale, double *gradient, double *points)
{
    double score = 0;
    for (uint32_t from = 0, to; from < e->n_hits; from = to) {
        unsigned facet = p->facet[e->hits[from].rule];
        for (to = from + 1; to < e->n_hits && p->facet[e->hits[to].rule] == facet;)
            to++;
        double got = facet_points(p, e->hits + from, e->hits + to, weights, scale, gradient);
        score += facet == FACET_CONTEXT ? -got : got;
        if (points != NULL)
            points[facet] = got;
    }
    return score;
}

double fit_score(const struct fit_problem *p, const struct fit_example *e, const double *weights,
                 double points[FACET_COUNT])
{
    for (unsigned f = 0; f < FACET_COUNT; f++)
        points[f] = 0;
    return score_of(p, e, weights, 0, NULL, points);
}

double fit_loss(double score, const struct fit_example *e, double slope)
{
    double odds = exp(slope) * (score - e->threshold) * (e->extortion ? 1 : -1);
    return odds > 0 ? log1p(exp(-odds)) : log1p(exp(odds)) - odds;
}

/* Adam's memory of one parameter vector: the groups, and the slope last. */
struct walk {
    const struct fit_problem *p;
    uint32_t fold;
    double *weights, *at, *gradient, *mean, *square, *best;
    double best_value;
};

static bool walk_init(struct walk *w, const struct fit_problem *p, uint32_t fold)
{
    size_t n = (size_t)p->n_groups + 1;
    double *all = calloc(p->n_rules + 5 * n, sizeof *all);
    *w = (struct walk){.p = p, .fold = fold, .weights = all};
    if (all == NULL)
        return false;
    w->at = all + p->n_rules;
    w->gradient = w->at + n;
    w->mean = w->gradient + n;
    w->square = w->mean + n;
    w->best = w->square + n;
    return true;
}

static struct fit fit_at(const struct walk *w, double *at)
{
    return (struct fit){at, at[w->p->n_groups]};
}

/* The penalised loss at w->at, and its gradient. */
static double objective(struct walk *w, double strength)
{
    const struct fit_problem *p = w->p;
    const struct fit fit = fit_at(w, w->at);
    double k = exp(fit.slope), sum = SLOPE_PENALTY / 2 * fit.slope * fit.slope;
    fit_weights(p, &fit, w->weights);
    for (uint32_t g = 0; g < p->n_groups; g++) {
        sum += strength / 2 * w->at[g] * w->at[g];
        w->gradient[g] = strength * w->at[g];
    }
    double slope = SLOPE_PENALTY * fit.slope;
    for (uint32_t i = 0; i < p->n_examples; i++) {
        const struct fit_example *e = &p->examples[i];
        if (e->fold == w->fold)
            continue;
        double score = score_of(p, e, w->weights, 0, NULL, NULL);
        double sign = e->extortion ? 1 : -1, odds = k * (score - e->threshold) * sign;
        sum += e->importance * fit_loss(score, e, fit.slope);
        /* The derivative by the score; where it is tiny the message has nothing to say. */
        double wrong = odds > 0 ? exp(-odds) / (1 + exp(-odds)) : 1 / (1 + exp(odds));
        double by_score = -sign * k * wrong * e->importance;
        slope += by_score * (score - e->threshold);
        if (fabs(by_score) > 1e-9 && e->n_hits > 0)
            (void)score_of(p, e, w->weights, by_score, w->gradient, NULL);
    }
    w->gradient[p->n_groups] = slope;
    return sum;
}

/* Steps that grow smaller; the best place seen is kept. slope_only: the weights stand still. */
static void descend(struct walk *w, double strength, int steps, bool slope_only)
{
    const uint32_t n = w->p->n_groups + 1;
    w->best_value = INFINITY;
    memset(w->mean, 0, n * sizeof *w->mean);
    memset(w->square, 0, n * sizeof *w->square);
    double fade_mean = 1, fade_square = 1;
    for (int step = 0; step < steps; step++) {
        double value = objective(w, strength);
        if (value < w->best_value) {
            w->best_value = value;
            memcpy(w->best, w->at, n * sizeof *w->best);
        }
        double left = 1 - (double)step / steps, rate = RATE * left;
        fade_mean *= 0.9;
        fade_square *= 0.99;
        for (uint32_t i = slope_only ? n - 1 : 0; i < n; i++) {
            double g = w->gradient[i];
            w->mean[i] = 0.9 * w->mean[i] + 0.1 * g;
            w->square[i] = 0.99 * w->square[i] + 0.01 * g * g;
            double spread = sqrt(w->square[i] / (1 - fade_square));
            w->at[i] -= rate * w->mean[i] / (1 - fade_mean) / (spread + 1e-8);
        }
        w->at[n - 1] = fmin(fmax(w->at[n - 1], SLOPE_LEAST), SLOPE_MOST);
    }
    double value = objective(w, strength);
    if (value >= w->best_value)
        memcpy(w->at, w->best, n * sizeof *w->at);
}

bool fit_run(const struct fit_problem *p, uint32_t fold, struct fit out[FIT_STRENGTHS],
             double *slope_before)
{
    struct walk w;
    if (!walk_init(&w, p, fold))
        return false;
    descend(&w, 0, STEPS_SLOPE, true);
    *slope_before = w.at[p->n_groups];
    for (int s = 0; s < FIT_STRENGTHS; s++) {
        descend(&w, fit_strengths[s], s == 0 ? STEPS_FIRST : STEPS_NEXT, false);
        memcpy(out[s].factor, w.at, p->n_groups * sizeof *w.at);
        out[s].slope = w.at[p->n_groups];
    }
    free(w.weights);
    return true;
}
