#include "program/report.h"

/* A quotation longer than this says no more; the span tells where the rest is. */
enum { QUOTE_MAX = 600, RULES_MAX = 1000 };

static void add_quote(struct json *j, struct view words)
{
    size_t n = words.n;
    if (n > QUOTE_MAX) {
        n = QUOTE_MAX;
        while (n > 0 && ((unsigned char)words.p[n] & 0xC0) == 0x80)
            n--;
    }
    json_string(j, view_sub(words, 0, n));
}

static void add_place(struct json *j, const struct scan *scan, const struct segment *segment,
                      struct span origin, const struct lines *lines)
{
    bool placed = segment != NULL;
    json_key(j, "where");
    json_text(j, placed ? segment_name(segment->kind) : NULL);
    json_key(j, "part");
    if (placed && segment->part < scan->message.n_parts)
        json_count(j, segment->part);
    else
        json_null(j);
    json_key(j, "from");
    if (placed)
        json_count(j, origin.from);
    else
        json_null(j);
    json_key(j, "to");
    if (placed)
        json_count(j, origin.to);
    else
        json_null(j);
    if (lines == NULL)
        return;
    json_key(j, "line");
    if (placed)
        json_count(j, lines_at(lines, origin.from));
    else
        json_null(j);
}

static void add_rules(struct json *j, const struct report *r, const struct lines *lines)
{
    const struct verdict *v = &r->scan->verdict;
    json_key(j, "rules");
    json_open(j, '[');
    for (uint32_t i = 0; i < v->n_reasons && i < RULES_MAX; i++) {
        const struct reason *reason = &v->reasons[i];
        json_open(j, '{');
        json_key(j, "id");
        json_text(j, reason->rule->id);
        json_key(j, "facet");
        json_text(j, reason->rule->facet < FACET_COUNT ? facet_name(reason->rule->facet) : NULL);
        json_key(j, "score");
        json_number(j, reason->points);
        json_key(j, "text");
        add_quote(j, reason_words(r->scan, reason));
        add_place(j, r->scan, reason_segment(r->scan, reason), reason_origin(r->scan, reason),
                  lines);
        json_key(j, "in_window");
        json_bool(j, reason->in_window);
        json_key(j, "quoted");
        json_bool(j, reason->quoted);
        json_key(j, "shadow");
        json_bool(j, reason->rule->shadow);
        if (lines != NULL) {
            json_key(j, "weight");
            json_number(j, reason->rule->weight);
            json_key(j, "describe");
            json_text(j, reason->rule->describe);
            json_key(j, "pack");
            json_text(j, reason->rule->pack);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void add_indicators(struct json *j, const struct report *r, const struct lines *lines)
{
    const struct text *t = &r->scan->text;
    json_key(j, "indicators");
    json_open(j, '[');
    for (uint32_t i = 0; i < r->scan->indicators.n; i++) {
        const struct indicator *x = &r->scan->indicators.v[i];
        const struct segment *segment =
            x->segment < t->n_segments ? &t->segments[x->segment] : NULL;
        json_open(j, '{');
        json_key(j, "kind");
        json_text(j, indicator_kind_name(x->kind));
        json_key(j, "value");
        json_string(j, x->value);
        if (x->detail != NULL) {
            json_key(j, "detail");
            json_text(j, x->detail);
        }
        if (x->kind == INDICATOR_AMOUNT || x->kind == INDICATOR_DEADLINE) {
            json_key(j, x->kind == INDICATOR_AMOUNT ? "amount" : "hours");
            json_number(j, x->number);
        }
        if (x->currency != NULL) {
            json_key(j, "currency");
            json_text(j, x->currency);
        }
        json_key(j, "repaired");
        json_bool(j, (x->flags & INDICATOR_REPAIRED) != 0);
        json_key(j, "quoted");
        json_bool(j, (x->flags & INDICATOR_QUOTED) != 0);
        add_place(j, r->scan, segment,
                  segment != NULL ? segment_origin(segment, x->visible) : (struct span){0}, lines);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static const char *standing_name(enum standing s)
{
    switch (s) {
    case STANDING_FLAGGED:
        return "flagged";
    case STANDING_BELOW:
        return "below";
    case STANDING_SCATTERED:
        return "scattered";
    case STANDING_MISSING:
        return "missing";
    }
    return NULL;
}

static void add_classes(struct json *j, const struct report *r)
{
    json_key(j, "classes");
    json_open(j, '[');
    for (uint32_t c = 0; c < ruleset_n_classes(r->ruleset); c++) {
        struct standing_of s = standing_find(r, c);
        json_open(j, '{');
        json_key(j, "id");
        json_text(j, ruleset_class(r->ruleset, c)->id);
        json_key(j, "score");
        json_number(j, s.score);
        json_key(j, "threshold");
        json_number(j, s.threshold);
        json_key(j, "standing");
        json_text(j, standing_name(s.standing));
        json_key(j, "missing");
        json_open(j, '[');
        for (unsigned i = 0; i < s.n_missing; i++) {
            json_open(j, '[');
            for (unsigned f = 0; f < FACET_COUNT; f++) {
                if ((s.missing[i] >> f & 1) != 0)
                    json_text(j, facet_name((enum facet)f));
            }
            json_close(j, ']');
        }
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void add_window(struct json *j, const struct report *r, const struct lines *lines)
{
    const struct verdict *v = &r->scan->verdict;
    const struct text *t = &r->scan->text;
    json_key(j, "window");
    if (v->window_first >= t->n_words || v->window_last >= t->n_words) {
        json_null(j);
        return;
    }
    json_open(j, '{');
    json_key(j, "first_word");
    json_count(j, v->window_first);
    json_key(j, "last_word");
    json_count(j, v->window_last);
    json_key(j, "first_line");
    json_count(j, lines_at(lines, text_origin(t, v->window_first, v->window_first).from));
    json_key(j, "last_line");
    json_count(j, lines_at(lines, text_origin(t, v->window_last, v->window_last).from));
    json_close(j, '}');
}

static void add_why_not(struct json *j, const struct report *r, uint32_t index)
{
    struct buf why;
    buf_init(&why, WHY_BYTES_MAX);
    if (j->status == STATUS_OK)
        j->status = report_why_not(&why, r, index);
    json_key(j, "why_not");
    json_open(j, '[');
    for (struct view rest = buf_view(&why); rest.n > 0;) {
        size_t end = view_find_byte(rest, '\n');
        json_string(j, view_sub(rest, 0, end));
        rest = view_sub(rest, end + 1, rest.n);
    }
    json_close(j, ']');
    buf_fini(&why);
}

static void add_rule(struct json *j, const struct report *r, uint32_t index)
{
    const struct rule_info *rule = ruleset_rule(r->ruleset, index);
    const struct matches *m = &r->scan->matches;
    uint32_t hits = 0;
    for (uint32_t i = 0; i < m->n_hits; i++)
        hits += m->hits[i].rule == index;
    json_key(j, "rule");
    json_open(j, '{');
    json_key(j, "id");
    json_text(j, rule->id);
    json_key(j, "outcome");
    json_text(j, outcome_name(m->outcome[index]));
    json_key(j, "hits");
    json_count(j, hits);
    json_key(j, "file");
    json_text(j, rule->file);
    json_key(j, "line");
    json_count(j, rule->line);
    if (m->outcome[index] == OUTCOME_NO)
        add_why_not(j, r, index);
    json_close(j, '}');
}

enum status report_json(struct buf *out, const struct report *r, bool full, uint32_t rule)
{
    const struct verdict *v = &r->scan->verdict;
    struct lines lines = {0};
    if (full && !lines_init(&lines, r->scan->message.raw))
        return STATUS_NO_MEMORY;
    struct json j;
    json_init(&j, out);
    json_open(&j, '{');
    json_key(&j, "path");
    json_text(&j, r->path);
    if (r->number > 0) {
        json_key(&j, "message");
        json_count(&j, r->number);
    }
    json_key(&j, "flagged");
    json_bool(&j, v->flagged);
    json_key(&j, "score");
    json_number(&j, v->score);
    json_key(&j, "class");
    json_text(&j, v->class_id);
    json_key(&j, "confidence");
    json_number(&j, v->flagged ? v->confidence : 0);
    json_key(&j, "facets");
    json_open(&j, '{');
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        json_key(&j, facet_name((enum facet)f));
        /* As it enters the score: the facets add up to it. */
        json_number(&j, f == FACET_CONTEXT ? -v->facets[f] : v->facets[f]);
    }
    json_close(&j, '}');
    add_rules(&j, r, full ? &lines : NULL);
    add_indicators(&j, r, full ? &lines : NULL);
    json_key(&j, "anomalies");
    json_open(&j, '[');
    for (unsigned i = 0; i < ANOMALY_COUNT; i++) {
        if (v->anomalies.count[i] > 0)
            json_text(&j, anomaly_name((enum anomaly)i));
    }
    json_close(&j, ']');
    if (full) {
        json_key(&j, "nearest");
        json_text(&j, v->nearest_class < ruleset_n_classes(r->ruleset)
                          ? ruleset_class(r->ruleset, v->nearest_class)->id
                          : NULL);
        add_window(&j, r, &lines);
        add_classes(&j, r);
    }
    if (rule < ruleset_n_rules(r->ruleset))
        add_rule(&j, r, rule);
    json_key(&j, "incomplete");
    json_bool(&j, v->incomplete);
    json_key(&j, "ruleset");
    json_text(&j, ruleset_version(r->ruleset));
    json_key(&j, "ms");
    json_number(&j, r->ms);
    json_close(&j, '}');
    if (j.status == STATUS_OK)
        j.status = buf_add_byte(out, '\n');
    lines_fini(&lines);
    return j.status;
}
