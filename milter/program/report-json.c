#include "program/report.h"

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
    scan_json(&j, r->scan, full ? &lines : NULL);
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
