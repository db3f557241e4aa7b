#include <math.h>
#include <stdlib.h>

#include "verdict/weigh.h"

/* What a class that does not meet its requirement is ordered by. */
static double rank(const struct weighed *w)
{
    return w->total - w->context;
}

/*
 * Not a calibrated probability: a logistic curve over the points above the threshold, times how far
 * the class stands ahead of the next one (half when they are level).
 */
static double confidence(double score, double threshold, double first, double second)
{
    double points = 1 / (1 + exp(-(score - threshold + 1)));
    double lead = first > 0 ? (first - second) / first * 2 : 0;
    return points * (0.5 + 0.5 * (lead < 0 ? 0 : lead > 1 ? 1 : lead));
}

static void anomalies_merge(struct anomalies *into, const struct anomalies *from)
{
    for (unsigned i = 0; i < ANOMALY_COUNT; i++)
        if (__builtin_add_overflow(into->count[i], from->count[i], &into->count[i]))
            into->count[i] = UINT32_MAX;
}

static bool anomalies_incomplete(const struct anomalies *a)
{
    static const enum anomaly limits[] = {
        ANOMALY_MESSAGE_TRUNCATED, ANOMALY_HEADER_LIMIT,  ANOMALY_PART_LIMIT,
        ANOMALY_NESTING_LIMIT,     ANOMALY_DECODED_LIMIT, ANOMALY_TEXT_LIMIT,
        ANOMALY_INDICATOR_LIMIT,   ANOMALY_RULE_BUDGET,   ANOMALY_REGEX_LIMIT,
        ANOMALY_MEMORY_LIMIT,      ANOMALY_RULE_ERROR,
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (a->count[limits[i]] > 0)
            return true;
    return false;
}

/* Points after context; 0 when the requirement is not met. */
static double score_of(const struct weighed *w)
{
    return w->satisfied && w->total > w->context ? w->total - w->context : 0;
}

/* Whether a class stands better in the language of w than in that of old. */
static bool weighs_more(const struct weighed *w, const struct weighed *old)
{
    double score = score_of(w), old_score = score_of(old);
    if (score != old_score)
        return score > old_score;
    if (w->satisfied != old->satisfied)
        return w->satisfied;
    return rank(w) > rank(old);
}

/* A language whose rules hit, and what any class could get in it at most. */
struct tongue {
    uint32_t language; /* 0: rules of no language only */
    double most, own;  /* own: from rules of that language */
};

/* A language with less than this share of what the first one has only shares words with it. */
#define TONGUE_SHARE 0.4

static int tongue_compare(const void *left, const void *right)
{
    const struct tongue *a = left, *b = right;
    if (a->most != b->most)
        return a->most > b->most ? -1 : 1;
    return a->language < b->language ? -1 : a->language > b->language;
}

/*
 * Languages in the order of what they could give: mostly the mail's own comes first, and the others
 * need not be weighed.
 */
static uint32_t tongues_list(const struct ruleset *ruleset, const struct placement *placement,
                             struct tongue *out)
{
    double sum[LANGUAGES_MAX + 1][FACET_COUNT] = {{0}};
    uint32_t n = 0;
    for (uint32_t i = 0; i < placement->n; i++) {
        const struct rule_info *info = placement->v[i].rule;
        if (placement->tally[placement->v[i].tally].own++ == 0 && info->facet < FACET_COUNT &&
            info->facet != FACET_CONTEXT)
            sum[info->language][info->facet] += info->weight;
    }
    for (uint32_t i = 0; i < placement->n_tallies; i++)
        placement->tally[i].own = 0;
    for (uint32_t l = 0; l <= ruleset_n_languages(ruleset); l++) {
        double most = 0, own = 0;
        for (unsigned f = 0; f < FACET_COUNT; f++) {
            double points = sum[0][f] + (l > 0 ? sum[l][f] : 0);
            double cap = ruleset_cap(ruleset, (enum facet)f);
            most += points < cap ? points : cap;
            own += sum[l][f];
        }
        if (l == 0 || own > 0)
            out[n++] = (struct tongue){l, most, own};
    }
    qsort(out, n, sizeof *out, tongue_compare);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (out[i].language == 0 || out[i].own >= TONGUE_SHARE * out[0].own)
            out[kept++] = out[i];
    return kept;
}

/* Each class in the language in which it stands best. */
static void classes_weigh(const struct ruleset *ruleset, const struct placement *placement,
                          struct weighed *weighed, struct judge *judges)
{
    uint32_t n_classes = ruleset_n_classes(ruleset);
    uint64_t open = n_classes < CLASSES_MAX ? (UINT64_C(1) << n_classes) - 1 : UINT64_MAX;
    struct tongue tongue[LANGUAGES_MAX + 1] = {{0}};
    struct weighed in[CLASSES_MAX];
    uint32_t n_tongues = tongues_list(ruleset, placement, tongue);
    for (uint32_t t = 0; t < n_tongues && open != 0; t++) {
        /* what cannot be more than there is, or come near the threshold, is not looked at */
        for (uint32_t c = 0; t > 0 && c < n_classes; c++)
            if (tongue[t].most < ruleset_class(ruleset, c)->threshold / 2 ||
                (weighed[c].satisfied && tongue[t].most <= weighed[c].total))
                open &= ~(UINT64_C(1) << c);
        struct judge as = {.language = tongue[t].language, .main = tongue[0].language};
        weigh_classes(ruleset, placement, as, open, in);
        for (uint64_t left = open; left != 0; left &= left - 1) {
            uint32_t c = (uint32_t)__builtin_ctzll(left);
            if (t > 0 && !weighs_more(&in[c], &weighed[c]))
                continue;
            weighed[c] = in[c];
            judges[c] = as;
            judges[c].class_index = c;
        }
    }
}

struct choice {
    uint32_t class_index; /* or CLASS_NONE */
    bool flagged;
    double first, second; /* what the class and the next one were compared by */
};

static bool is_flagged(const struct ruleset *ruleset, uint32_t c, double score)
{
    return score > 0 && score >= ruleset_class(ruleset, c)->threshold;
}

/* The class with most points, flagged ones first, then those whose requirement is met. */
static struct choice class_choose(const struct ruleset *ruleset, const struct weighed *weighed,
                                  const double *scores)
{
    struct choice best = {.class_index = CLASS_NONE};
    bool satisfied = false;
    for (uint32_t c = 0; c < ruleset_n_classes(ruleset); c++) {
        bool over = is_flagged(ruleset, c, scores[c]), meets = weighed[c].satisfied;
        double r = rank(&weighed[c]);
        if (best.class_index == CLASS_NONE || over > best.flagged ||
            (over == best.flagged &&
             (meets > satisfied || (meets == satisfied && r > best.first)))) {
            best = (struct choice){c, over, r, over == best.flagged ? best.first : 0};
            satisfied = meets;
        } else if (over == best.flagged && r > best.second) {
            best.second = r;
        }
    }
    return best;
}

/*
 * Among flagged classes: what the rules in the best window lean to, then the score. The score says
 * how much there is of extortion, mostly by rules of all classes; which kind it is, is learned.
 */
static void class_lean(const struct ruleset *ruleset, const struct placement *placement,
                       const struct weighed *weighed, const struct judge *judges,
                       const double *scores, struct choice *choice)
{
    uint32_t n_classes = ruleset_n_classes(ruleset), top = choice->class_index, best = top;
    double lean[CLASSES_MAX] = {0}, second = 0;
    for (uint32_t c = 0; c < n_classes; c++) {
        struct judge as = {.class_index = c, .language = judges[top].language};
        if (is_flagged(ruleset, c, scores[c]))
            lean[c] = weigh_lean(placement, &weighed[top], as);
    }
    for (uint32_t c = 0; c < n_classes; c++)
        if (is_flagged(ruleset, c, scores[c]) &&
            (lean[c] > lean[best] || (lean[c] == lean[best] && scores[c] > scores[best])))
            best = c;
    for (uint32_t c = 0; c < n_classes; c++)
        if (c != best && is_flagged(ruleset, c, scores[c]) && scores[c] + lean[c] > second)
            second = scores[c] + lean[c];
    *choice = (struct choice){
        .class_index = best, .flagged = true, .first = scores[best] + lean[best], .second = second};
}

enum status verdict_weigh(const struct ruleset *ruleset, const struct facts *facts,
                          const struct matches *matches, struct arena *arena, struct verdict *out)
{
    uint32_t n_classes = ruleset_n_classes(ruleset);
    *out = (struct verdict){.class_index = CLASS_NONE,
                            .nearest_class = CLASS_NONE,
                            .window_first = WORD_NONE,
                            .window_last = WORD_NONE};
    struct placement placement;
    double *scores = arena_calloc(arena, n_classes, sizeof *scores);
    if (scores == NULL || placement_make(ruleset, facts, matches, arena, &placement) != STATUS_OK)
        return STATUS_NO_MEMORY;

    struct weighed *weighed = arena_calloc(arena, n_classes, sizeof *weighed);
    struct judge *judges = arena_calloc(arena, n_classes, sizeof *judges);
    if (weighed == NULL || judges == NULL)
        return STATUS_NO_MEMORY;
    classes_weigh(ruleset, &placement, weighed, judges);
    for (uint32_t c = 0; c < n_classes; c++)
        scores[c] = score_of(&weighed[c]);
    struct choice choice = class_choose(ruleset, weighed, scores);
    if (choice.flagged)
        class_lean(ruleset, &placement, weighed, judges, scores, &choice);
    bool flagged = choice.flagged;
    struct weighed best = {0};
    struct judge judge = {.class_index = CLASS_NONE};
    if (choice.class_index != CLASS_NONE) {
        best = weighed[choice.class_index];
        judge = judges[choice.class_index];
    }
    out->nearest_class = choice.class_index;
    out->class_scores = scores;
    out->flagged = flagged;
    if (out->nearest_class != CLASS_NONE) {
        const struct class_info *class = ruleset_class(ruleset, out->nearest_class);
        out->language = ruleset_language(ruleset, judge.language);
        out->score = scores[out->nearest_class];
        out->confidence = confidence(out->score, class->threshold, choice.first, choice.second);
        if (flagged) {
            out->class_index = out->nearest_class;
            out->class_id = class->id;
        }
    }
    for (unsigned f = 0; f < FACET_COUNT; f++)
        out->facets[f] = best.points[f];
    if (best.from < best.to) {
        out->window_first = matches->hits[placement.v[best.from].hit].first;
        out->window_last = matches->hits[placement.v[best.to - 1].hit].last;
    }
    anomalies_merge(&out->anomalies, &facts->message->anomalies);
    anomalies_merge(&out->anomalies, &facts->text->anomalies);
    anomalies_merge(&out->anomalies, &facts->indicators->anomalies);
    anomalies_merge(&out->anomalies, &matches->anomalies);
    out->incomplete = anomalies_incomplete(&out->anomalies);
    return reasons_make(ruleset, facts, matches, &placement, judge, &best, arena, out);
}
