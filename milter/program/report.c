#include "program/report.h"

#include <stdlib.h>
#include <string.h>

bool lines_init(struct lines *l, struct view raw)
{
    size_t n_blocks = raw.n / LINES_BLOCK + 1;
    *l = (struct lines){.raw = raw, .before = calloc(n_blocks, sizeof *l->before)};
    if (l->before == NULL)
        return false;
    for (size_t b = 1; b < n_blocks; b++) {
        const char *p = raw.p + (b - 1) * LINES_BLOCK, *end = p + LINES_BLOCK;
        uint32_t n = 0;
        while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
            n++;
            p++;
        }
        l->before[b] = l->before[b - 1] + n;
    }
    return true;
}

void lines_fini(struct lines *l)
{
    free(l->before);
    l->before = NULL;
}

uint32_t lines_at(const struct lines *l, uint32_t offset)
{
    size_t at = offset < l->raw.n ? offset : l->raw.n;
    uint32_t line = l->before[at / LINES_BLOCK] + 1;
    for (size_t i = at - at % LINES_BLOCK; i < at; i++)
        line += l->raw.p[i] == '\n';
    return line;
}

const char *segment_name(enum segment_kind kind)
{
    switch (kind) {
    case SEGMENT_SUBJECT:
        return "subject";
    case SEGMENT_SENDER:
        return "sender";
    case SEGMENT_BODY:
        return "body";
    case SEGMENT_HIDDEN:
        return "hidden";
    case SEGMENT_ALTERNATE_TEXT:
        return "alt";
    case SEGMENT_FILE:
        return "file";
    case SEGMENT_FILENAME:
        return "filename";
    }
    return "unknown";
}

static const struct indicator *reason_indicator(const struct scan *scan, const struct reason *r)
{
    return r->hit.indicator < scan->indicators.n ? &scan->indicators.v[r->hit.indicator] : NULL;
}

struct view reason_words(const struct scan *scan, const struct reason *r)
{
    const struct indicator *i = reason_indicator(scan, r);
    return r->quote.n == 0 && i != NULL ? i->value : r->quote;
}

const struct segment *reason_segment(const struct scan *scan, const struct reason *r)
{
    const struct indicator *i = reason_indicator(scan, r);
    if (r->hit.first < scan->text.n_words)
        return text_segment_of(&scan->text, r->hit.first);
    return i != NULL && i->segment < scan->text.n_segments ? &scan->text.segments[i->segment]
                                                           : NULL;
}

struct span reason_origin(const struct scan *scan, const struct reason *r)
{
    const struct indicator *i = reason_indicator(scan, r);
    if (r->hit.first < scan->text.n_words || i == NULL || i->segment >= scan->text.n_segments)
        return r->origin;
    return segment_origin(&scan->text.segments[i->segment], i->visible);
}

const char *outcome_name(uint8_t outcome)
{
    return outcome == OUTCOME_YES ? "yes" : outcome == OUTCOME_NO ? "no" : "unknown";
}

/* Points per facet over the whole message, as if its window had no end. */
static void whole_message(const struct report *r, uint32_t class_index, double *points, bool *any)
{
    const struct matches *m = &r->scan->matches;
    const uint64_t bit = UINT64_C(1) << class_index;
    double sum[FACET_COUNT] = {0};
    uint32_t last = UINT32_MAX;
    *any = false;
    for (uint32_t i = 0; i < m->n_hits; i++) {
        const struct rule_info *rule = ruleset_rule(r->ruleset, m->hits[i].rule);
        if (m->hits[i].rule == last || rule->shadow || rule->facet >= FACET_COUNT ||
            (rule->classes != 0 && (rule->classes & bit) == 0))
            continue;
        last = m->hits[i].rule;
        *any = *any || (rule->classes & bit) != 0;
        sum[rule->facet] += rule->weight;
    }
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        double cap = ruleset_cap(r->ruleset, (enum facet)f);
        points[f] = sum[f] < cap ? sum[f] : cap;
    }
}

static bool would_do(const struct report *r, uint32_t class_index, const double *points,
                     unsigned added)
{
    double with[FACET_COUNT];
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        double cap = ruleset_cap(r->ruleset, (enum facet)f);
        with[f] = (added >> f & 1) != 0 && points[f] < cap ? cap : points[f];
    }
    return class_requirement(r->ruleset, class_index, with);
}

struct standing_of standing_find(const struct report *r, uint32_t class_index)
{
    const struct verdict *v = &r->scan->verdict;
    struct standing_of s = {.score = v->class_scores[class_index],
                            .threshold = ruleset_class(r->ruleset, class_index)->threshold};
    double points[FACET_COUNT];
    whole_message(r, class_index, points, &s.any);
    if (s.score > 0) {
        s.standing = s.score >= s.threshold ? STANDING_FLAGGED : STANDING_BELOW;
        return s;
    }
    if (class_requirement(r->ruleset, class_index, points)) {
        s.standing = points[FACET_CONTEXT] > 0 ? STANDING_BELOW : STANDING_SCATTERED;
        return s;
    }
    s.standing = STANDING_MISSING;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        s.some |= (uint16_t)((points[f] > 0) << f);
    /* The facets number ten: all sets of one, of two, of three, until some would do. */
    for (int size = 1; size <= 3 && s.n_missing == 0; size++) {
        for (unsigned set = 1; set < 1u << FACET_COUNT && s.n_missing < MISSING_MAX; set++) {
            bool context = (set >> FACET_CONTEXT & 1) != 0;
            if (__builtin_popcount(set) == size && !context &&
                would_do(r, class_index, points, set))
                s.missing[s.n_missing++] = (uint16_t)set;
        }
    }
    return s;
}

enum status report_why_not(struct buf *out, const struct report *r, uint32_t rule)
{
    const struct limits limits = limits_default();
    const struct scan *scan = r->scan;
    const struct facts facts = {NULL, &scan->message, &scan->text, &scan->indicators, NULL};
    return rule_why_not(r->ruleset, &limits, &facts, rule, out);
}
