#include "program/report.h"

enum { QUOTE_MAX = 160, INDICATORS_SHOWN = 20, WHY_LINE_MAX = 1000 };
/* Points: rules below it are counted, not listed; there are dozens in a letter. */
#define TINY 0.1

/* Writes until something fails; looked at once, at the end. */
struct page {
    struct buf *out;
    const struct screen *screen;
    const struct report *r;
    struct lines lines;
    enum status status;
};

#define PUT(page, ...)                                                                             \
    do {                                                                                           \
        if ((page)->status == STATUS_OK)                                                           \
            (page)->status = buf_addf((page)->out, __VA_ARGS__);                                   \
    } while (0)

static void put_quote_of(struct page *p, struct view v, size_t max)
{
    if (p->status == STATUS_OK)
        p->status = screen_add_quote(p->out, v, max);
}

static void put_quote(struct page *p, struct view v)
{
    put_quote_of(p, v, QUOTE_MAX);
}

static const char *ink(const struct page *p, enum ink ink)
{
    return screen_ink(p->screen, ink);
}

static enum status add_name(struct buf *out, const struct report *r)
{
    enum status status = screen_add_path(out, r->path);
    if (status == STATUS_OK && r->number > 0)
        status = buf_addf(out, "#%u", r->number);
    return status;
}

enum status report_line(struct buf *out, const struct screen *s, const struct report *r)
{
    const struct verdict *v = &r->scan->verdict;
    enum status status =
        buf_addf(out, "%s%-7s%s %5.1f  %-22s ", screen_ink(s, v->flagged ? INK_RED : INK_GREEN),
                 v->flagged ? "FLAGGED" : "clean", screen_ink(s, INK_PLAIN), v->score,
                 v->class_id != NULL ? v->class_id : "-");
    if (status == STATUS_OK)
        status = add_name(out, r);
    if (status == STATUS_OK && v->incomplete)
        status = buf_addf(out, "  %s(judged in part: a limit was reached)%s",
                          screen_ink(s, INK_YELLOW), screen_ink(s, INK_PLAIN));
    return status == STATUS_OK ? buf_add_byte(out, '\n') : status;
}

static void put_place(struct page *p, const struct segment *segment, struct span origin)
{
    const struct message *m = &p->r->scan->message;
    if (segment == NULL)
        return;
    PUT(p, "%s, line %u", segment_name(segment->kind), lines_at(&p->lines, origin.from));
    if (segment->part > 0 && segment->part < m->n_parts) {
        const struct part *part = &m->parts[segment->part];
        PUT(p, ", part %u ", segment->part);
        put_quote(p, part->type);
        PUT(p, "/");
        put_quote(p, part->subtype);
    }
}

static void put_reason(struct page *p, const struct reason *r)
{
    const struct scan *scan = p->r->scan;
    bool context = r->rule->facet == FACET_CONTEXT, counted = r->in_window && !r->rule->shadow;
    PUT(p, "  %s%+6.2f%s  %-8s %s%s%s",
        ink(p, !counted  ? INK_DIM
               : context ? INK_CYAN
                         : INK_YELLOW),
        r->points, ink(p, INK_PLAIN),
        r->rule->facet < FACET_COUNT ? facet_name(r->rule->facet) : "-", ink(p, INK_BOLD),
        r->rule->id, ink(p, INK_PLAIN));
    if (r->rule->shadow)
        PUT(p, " (shadow: never counted)");
    else if (!r->in_window)
        PUT(p, " (outside the window: not counted)");
    else if (r->quoted)
        PUT(p, " (in quoted text: counts a quarter)");
    PUT(p, "\n");
    if (r->rule->describe != NULL && r->rule->describe[0] != '\0') {
        PUT(p, "          %s", ink(p, INK_DIM));
        put_quote(p, view_of(r->rule->describe));
        PUT(p, "%s\n", ink(p, INK_PLAIN));
    }
    struct view words = reason_words(scan, r);
    if (words.n > 0) {
        PUT(p, "          \"");
        put_quote(p, words);
        PUT(p, "\"");
    }
    const struct segment *segment = reason_segment(scan, r);
    if (segment != NULL) {
        PUT(p, "%s", words.n > 0 ? "  " : "          ");
        put_place(p, segment, reason_origin(scan, r));
    }
    if (words.n > 0 || segment != NULL)
        PUT(p, "\n");
}

static void put_facets(struct page *p)
{
    const struct verdict *v = &p->r->scan->verdict;
    const char *between = "facets: ";
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        if (v->facets[f] <= 0)
            continue;
        PUT(p, "%s%s %.2f", between, facet_name((enum facet)f),
            f == FACET_CONTEXT ? -v->facets[f] : v->facets[f]);
        if (v->facets[f] >= ruleset_cap(p->r->ruleset, (enum facet)f))
            PUT(p, " (full)");
        between = ", ";
    }
    if (between[0] == ',')
        PUT(p, "\n");
}

static void put_window(struct page *p)
{
    const struct verdict *v = &p->r->scan->verdict;
    const struct text *t = &p->r->scan->text;
    if (v->window_first >= t->n_words || v->window_last >= t->n_words)
        return;
    PUT(p, "window: lines %u to %u, words %u to %u of %u\n",
        lines_at(&p->lines, text_origin(t, v->window_first, v->window_first).from),
        lines_at(&p->lines, text_origin(t, v->window_last, v->window_last).from),
        v->window_first + 1, v->window_last + 1, t->n_words);
}

static void put_indicators(struct page *p)
{
    const struct indicators *found = &p->r->scan->indicators;
    const struct text *t = &p->r->scan->text;
    for (uint32_t i = 0; i < found->n && i < INDICATORS_SHOWN; i++) {
        const struct indicator *x = &found->v[i];
        PUT(p, "%s  %-9s ", i == 0 ? "indicators:\n" : "", indicator_kind_name(x->kind));
        put_quote(p, x->value);
        PUT(p, "%s%s%s%s  ", x->detail != NULL ? " " : "", x->detail != NULL ? x->detail : "",
            (x->flags & INDICATOR_REPAIRED) != 0 ? " (was disguised)" : "",
            (x->flags & INDICATOR_LINK) != 0 ? " (link)" : "");
        if (x->segment < t->n_segments)
            put_place(p, &t->segments[x->segment],
                      segment_origin(&t->segments[x->segment], x->visible));
        PUT(p, "\n");
    }
    if (found->n > INDICATORS_SHOWN)
        PUT(p, "  and %u more\n", found->n - INDICATORS_SHOWN);
}

static void put_anomalies(struct page *p)
{
    const struct anomalies *a = &p->r->scan->verdict.anomalies;
    const char *title = "oddities:\n";
    for (unsigned i = 0; i < ANOMALY_COUNT; i++) {
        if (a->count[i] == 0)
            continue;
        PUT(p, "%s  %s: %s", title, anomaly_name((enum anomaly)i), anomaly_text((enum anomaly)i));
        if (a->count[i] > 1)
            PUT(p, " (%u times)", a->count[i]);
        const struct matches *m = &p->r->scan->matches;
        for (uint32_t k = 0; i == ANOMALY_REGEX_LIMIT && k < m->n_stopped; k++)
            PUT(p, "%s %s", k == 0 ? ":" : ",", m->stopped[k]);
        PUT(p, "\n");
        title = "";
    }
}

/* "claim or threat", or "demand with channel, or demand with clock". */
static void put_missing(struct page *p, const struct standing_of *s)
{
    for (unsigned i = 0; i < s->n_missing; i++) {
        const char *between = i == 0 ? "" : " or ";
        for (unsigned f = 0; f < FACET_COUNT; f++) {
            if ((s->missing[i] >> f & 1) == 0)
                continue;
            PUT(p, "%s%s%s", between, (s->some >> f & 1) != 0 ? "more " : "",
                facet_name((enum facet)f));
            between = " with ";
        }
    }
}

static void put_standing(struct page *p, uint32_t class_index)
{
    const struct class_info *class = ruleset_class(p->r->ruleset, class_index);
    struct standing_of s = standing_find(p->r, class_index);
    PUT(p, "  %-22s ", class->id);
    switch (s.standing) {
    case STANDING_FLAGGED:
        PUT(p, "%.2f points, flagged at %.2f\n", s.score, s.threshold);
        break;
    case STANDING_BELOW:
        PUT(p, "%.2f points, flagged at %.2f: %.2f missing%s\n", s.score, s.threshold,
            s.threshold - s.score, s.score > 0 ? "" : " (context took what there was)");
        break;
    case STANDING_SCATTERED:
        PUT(p, "all it requires is there, but never within %u words\n",
            ruleset_window(p->r->ruleset));
        break;
    case STANDING_MISSING:
        PUT(p, "missing: ");
        put_missing(p, &s);
        PUT(p, "%s\n", s.n_missing == 0 ? "more than three facets" : "");
        break;
    }
}

static void put_classes(struct page *p)
{
    const struct verdict *v = &p->r->scan->verdict;
    uint32_t n = ruleset_n_classes(p->r->ruleset);
    PUT(p, "classes:\n");
    if (v->nearest_class < n)
        put_standing(p, v->nearest_class);
    for (uint32_t c = 0; c < n; c++) {
        if (c != v->nearest_class)
            put_standing(p, c);
    }
}

/* Single words, and what a full facet leaves, are next to nothing: they are only counted. */
static void put_reasons(struct page *p)
{
    const struct verdict *v = &p->r->scan->verdict;
    uint32_t left_out = 0;
    for (uint32_t i = 0; i < v->n_reasons; i++) {
        const struct reason *r = &v->reasons[i];
        bool tiny = r->in_window && !r->rule->shadow && r->points < TINY && r->points > -TINY;
        left_out += tiny;
        if (!tiny)
            put_reason(p, r);
    }
    if (left_out > 0)
        PUT(p, "  and %u rule%s more that add%s less than 0.1 points\n", left_out,
            left_out == 1 ? "" : "s", left_out == 1 ? "s" : " each");
}

static void put_heading(struct page *p)
{
    const struct verdict *v = &p->r->scan->verdict;
    const struct ruleset *rules = p->r->ruleset;
    bool named = v->nearest_class < ruleset_n_classes(rules);
    const struct class_info *class = named ? ruleset_class(rules, v->nearest_class) : NULL;
    if (v->flagged && named)
        PUT(p, "%s: %.2f points, flagged at %.2f, confidence %.2f\n",
            class->describe != NULL ? class->describe : class->id, v->score, class->threshold,
            v->confidence);
    else if (named && v->n_reasons > 0)
        PUT(p, "not flagged; nearest class: %s\n", class->id);
    else
        PUT(p, "not flagged; no rule hit\n");
}

enum status report_why(struct buf *out, const struct screen *s, const struct report *r)
{
    struct page p = {.out = out, .screen = s, .r = r};
    if (!lines_init(&p.lines, r->scan->message.raw))
        return STATUS_NO_MEMORY;
    p.status = report_line(out, s, r);
    put_heading(&p);
    put_window(&p);
    put_facets(&p);
    put_reasons(&p);
    put_indicators(&p);
    put_anomalies(&p);
    if (r->scan->verdict.n_reasons > 0)
        put_classes(&p);
    PUT(&p, "\n");
    lines_fini(&p.lines);
    return p.status;
}

static void put_rule_hits(struct page *p, uint32_t index, const struct rule_info *rule)
{
    const struct scan *scan = p->r->scan;
    const struct matches *m = &scan->matches;
    for (uint32_t i = 0; i < m->n_hits; i++) {
        if (m->hits[i].rule != index)
            continue;
        struct reason r = {.rule = rule, .hit = m->hits[i]};
        if (r.hit.first < scan->text.n_words) {
            r.quote = text_quote(&scan->text, r.hit.first, r.hit.last);
            r.origin = text_origin(&scan->text, r.hit.first, r.hit.last);
        }
        PUT(p, "  \"");
        put_quote(p, reason_words(scan, &r));
        PUT(p, "\"  ");
        put_place(p, reason_segment(scan, &r), reason_origin(scan, &r));
        PUT(p, "\n");
    }
}

static void put_rule_standing(struct page *p, const struct rule_info *rule)
{
    const struct verdict *v = &p->r->scan->verdict;
    for (uint32_t i = 0; i < v->n_reasons; i++) {
        if (v->reasons[i].rule == rule) {
            PUT(p, "  %s: %+.2f points\n",
                rule->shadow              ? "a shadow rule, never counted"
                : v->reasons[i].in_window ? "counted"
                                          : "outside the window, not counted",
                v->reasons[i].points);
            return;
        }
    }
    PUT(p, "  not weighed: it speaks for other classes than the nearest, or for no facet\n");
}

static void put_why_not(struct page *p, uint32_t rule)
{
    struct buf why;
    buf_init(&why, WHY_BYTES_MAX);
    if (p->status == STATUS_OK)
        p->status = report_why_not(&why, p->r, rule);
    for (struct view rest = buf_view(&why); rest.n > 0;) {
        size_t end = view_find_byte(rest, '\n');
        PUT(p, "  ");
        put_quote_of(p, view_sub(rest, 0, end), WHY_LINE_MAX);
        PUT(p, "\n");
        rest = view_sub(rest, end + 1, rest.n);
    }
    buf_fini(&why);
}

enum status report_rule(struct buf *out, const struct screen *s, const struct report *r,
                        uint32_t rule)
{
    struct page p = {.out = out, .screen = s, .r = r};
    if (!lines_init(&p.lines, r->scan->message.raw))
        return STATUS_NO_MEMORY;
    const struct rule_info *info = ruleset_rule(r->ruleset, rule);
    uint8_t outcome = r->scan->matches.outcome[rule];
    PUT(&p, "rule %s (%s:%u, weight %.2f): ", info->id, info->file, info->line, info->weight);
    if (outcome == OUTCOME_YES) {
        PUT(&p, "hit\n");
        put_rule_hits(&p, rule, info);
        put_rule_standing(&p, info);
    } else if (outcome == OUTCOME_NO) {
        PUT(&p, "did not hit\n");
        put_why_not(&p, rule);
    } else {
        PUT(&p, "unknown: a limit was reached, or it asks about a transaction, which a file has "
                "not\n");
    }
    PUT(&p, "\n");
    lines_fini(&p.lines);
    return p.status;
}
