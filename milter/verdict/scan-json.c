#include "verdict/verdict.h"

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

static void add_rules(struct json *j, const struct scan *scan, const struct lines *lines)
{
    const struct verdict *v = &scan->verdict;
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
        add_quote(j, reason_words(scan, reason));
        add_place(j, scan, reason_segment(scan, reason), reason_origin(scan, reason), lines);
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

static void add_indicators(struct json *j, const struct scan *scan, const struct lines *lines)
{
    const struct text *t = &scan->text;
    json_key(j, "indicators");
    json_open(j, '[');
    for (uint32_t i = 0; i < scan->indicators.n; i++) {
        const struct indicator *x = &scan->indicators.v[i];
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
        add_place(j, scan, segment,
                  segment != NULL ? segment_origin(segment, x->visible) : (struct span){0}, lines);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void scan_json(struct json *j, const struct scan *scan, const struct lines *lines)
{
    const struct verdict *v = &scan->verdict;
    json_key(j, "flagged");
    json_bool(j, v->flagged);
    json_key(j, "score");
    json_number(j, v->score);
    json_key(j, "class");
    json_text(j, v->class_id);
    json_key(j, "confidence");
    json_number(j, v->flagged ? v->confidence : 0);
    json_key(j, "facets");
    json_open(j, '{');
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        json_key(j, facet_name((enum facet)f));
        /* As it enters the score: the facets add up to it. */
        json_number(j, f == FACET_CONTEXT ? -v->facets[f] : v->facets[f]);
    }
    json_close(j, '}');
    add_rules(j, scan, lines);
    add_indicators(j, scan, lines);
    json_key(j, "anomalies");
    json_open(j, '[');
    for (unsigned i = 0; i < ANOMALY_COUNT; i++) {
        if (v->anomalies.count[i] > 0)
            json_text(j, anomaly_name((enum anomaly)i));
    }
    json_close(j, ']');
    if (scan->matches.n_stopped == 0)
        return;
    json_key(j, "stopped");
    json_open(j, '[');
    for (uint32_t i = 0; i < scan->matches.n_stopped; i++)
        json_text(j, scan->matches.stopped[i]);
    json_close(j, ']');
}
