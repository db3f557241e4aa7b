/* evaluate --html: one page that needs nothing else; no script, light and dark, narrow and wide. */
#include <stdlib.h>
#include <string.h>

#include "program/evaluate.h"

enum { ERRORS_SHOWN = 500, RULES_OPEN = 30 };

struct page {
    struct buf *out;
    const struct evaluation *e;
    enum status status;
};

#define PUT(page, ...)                                                                             \
    do {                                                                                           \
        if ((page)->status == STATUS_OK)                                                           \
            (page)->status = buf_addf((page)->out, __VA_ARGS__);                                   \
    } while (0)

static void put(struct page *p, struct view v)
{
    if (p->status == STATUS_OK)
        p->status = buf_add(p->out, v);
}

/* Paths, class names and the words of mails: nothing of them may become markup. */
static void put_text(struct page *p, const char *text)
{
    struct view v = view_of(text);
    for (size_t i = 0; i < v.n && p->status == STATUS_OK;) {
        uint32_t cp;
        char bytes[4];
        i += utf8_decode(v.p + i, v.n - i, &cp);
        if (cp == '&')
            put(p, VIEW("&amp;"));
        else if (cp == '<')
            put(p, VIEW("&lt;"));
        else if (cp == '>')
            put(p, VIEW("&gt;"));
        else if (cp == '"')
            put(p, VIEW("&quot;"));
        else if ((cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7F && cp < 0xA0))
            put(p, VIEW("\xEF\xBF\xBD"));
        else
            put(p, (struct view){bytes, utf8_encode(cp, bytes)});
    }
}

static const char head[] =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>extortctl evaluate</title>\n<style>\n"
    ":root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1d2126;--soft:#5d6671;"
    "--line:#dfe2e6;--good:#1d6fb8;--bad:#b3391f;--other:#b97a12}\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1c2024;--ink:#e6e9ec;"
    "--soft:#9aa4af;--line:#31373e;--good:#6ab0f0;--bad:#f08a70;--other:#e0b050}}\n"
    "*{box-sizing:border-box}body{margin:0 "
    "auto;max-width:72rem;padding:1.2rem;background:var(--bg);"
    "color:var(--ink);font:16px/1.5 system-ui,sans-serif}\n"
    "h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.1rem;margin:2rem 0 .6rem}"
    "p,.soft{color:var(--soft)}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.7rem}"
    ".tile{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem "
    ".9rem}"
    ".tile b{display:block;font-size:1.6rem;font-weight:600;font-variant-numeric:tabular-nums}\n"
    ".wide{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}"
    "th,td{padding:.3rem .7rem;text-align:right;border-bottom:1px solid var(--line);"
    "white-space:nowrap}th{color:var(--soft);font-weight:500}"
    "th:first-child,td:first-child{text-align:left}tr:last-child td{border-bottom:0}\n"
    ".bar{position:relative;display:inline-block;width:7rem;height:.6rem;background:var(--line);"
    "border-radius:.3rem;overflow:hidden;vertical-align:middle}"
    ".bar i{display:block;height:100%;background:var(--good)}"
    ".bar s{position:absolute;top:.2rem;height:.2rem;background:var(--ink);opacity:.45}"
    ".bar.bad i{background:var(--bad)}\n"
    "svg{display:block;width:100%;max-width:46rem;margin:0 auto;height:auto}svg "
    "text{fill:var(--soft);font-size:12px}"
    ".grid{stroke:var(--line)}.recall{stroke:var(--good)}.precision{stroke:var(--other)}"
    ".set{stroke:var(--soft);stroke-dasharray:4 4}"
    ".curve{fill:none;stroke-width:2}text.r{fill:var(--good)}text.p{fill:var(--other)}\n"
    ".matrix th+th{writing-mode:sideways-lr;writing-mode:vertical-rl;transform:rotate(180deg);"
    "text-align:left;padding:.5rem .3rem}.matrix td+td{text-align:center;min-width:2.2rem}"
    ".matrix .hit{background:color-mix(in srgb,var(--good) calc(var(--p)*60%),transparent)}"
    ".matrix .off{background:color-mix(in srgb,var(--bad) calc(10% + var(--p)*60%),transparent)}\n"
    "@media(max-width:44rem){body{padding:.8rem}.opt{display:none}.bar{width:4rem}"
    "th,td{padding:.3rem .45rem}table{font-size:.85rem}td:first-child{white-space:normal;"
    "overflow-wrap:anywhere}.matrix td:first-child{white-space:nowrap}}\n"
    "@media print{details{display:none}}\n"
    "details{border-bottom:1px solid var(--line);padding:.35rem .7rem}summary{cursor:pointer;"
    "overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.82rem;"
    "line-height:1.4}.bad{color:var(--bad)}\n"
    "</style>\n</head>\n<body>\n<main>\n";

static void put_tile(struct page *p, const char *name, const struct rate *r, const char *note)
{
    PUT(p, "<div class=\"tile\">%s", name);
    if (r->n == 0)
        PUT(p, "<b>-</b>");
    else
        PUT(p, "<b>%.2f %%</b><span class=\"soft\">%.*f of %llu<br>95&nbsp;%%: %.1f to %.1f</span>",
            r->value * 100, rate_decimals(r), r->hits, (unsigned long long)r->n, r->low * 100,
            r->high * 100);
    PUT(p, "%s%s</div>\n", note[0] != '\0' ? "<br>" : "", note);
}

static void put_heading(struct page *p)
{
    const struct evaluation *e = p->e;
    const struct figures *f = &e->figures;
    PUT(p,
        "<h1>How good the rules are</h1>\n<p>%llu messages, %u rules, ruleset %s; %.1f s, "
        "%.0f messages/s%s</p>\n<div class=\"tiles\">\n",
        (unsigned long long)f->n, ruleset_n_rules(e->ruleset), ruleset_version(e->ruleset),
        e->seconds, e->seconds > 0 ? (double)f->n / e->seconds : 0,
        e->interrupted != 0 ? "; <b class=\"bad\">interrupted: these are not all</b>" : "");
    put_tile(p, "Recall", &f->recall, "");
    put_tile(p, "Recall per cluster", &f->cluster_recall, "");
    put_tile(p, "Precision", &f->precision, "");
    put_tile(p, "Right class, once flagged", &f->right_class, "");
    for (unsigned l = 0; l < LABEL_COUNT; l++) {
        if (l == LABEL_EXTORTION || f->of[l] == 0)
            continue;
        struct rate r = rate_of((double)f->flagged[l], f->of[l]);
        PUT(p,
            "<div class=\"tile\">False positives, %s<b>%llu</b><span class=\"soft\">of %llu<br>"
            "95&nbsp;%%: at most %.3f %%</span></div>\n",
            label_name((enum label)l), (unsigned long long)f->flagged[l],
            (unsigned long long)f->of[l], r.high * 100);
    }
    PUT(p, "</div>\n");
    if (e->n_unreadable + e->n_wrong_lines > 0)
        PUT(p,
            "<p class=\"bad\">Not measured: %llu not readable, %zu wrong lines in manifests.</p>\n",
            (unsigned long long)e->n_unreadable, e->n_wrong_lines);
}

/* The curve: x 0..20 points on 50..490, y 0..1 on 250..30. */
enum { AT_FIVE = 9 }; /* the step at 5.0 points */

static double sweep_value(const struct figures *f, const struct sweep *s, bool precision)
{
    uint64_t all = 0;
    for (unsigned l = 0; l < LABEL_COUNT; l++)
        all += s->flagged[l];
    double found = (double)s->flagged[LABEL_EXTORTION];
    return rate_of(found, precision ? all : f->of[LABEL_EXTORTION]).value;
}

static void put_curve_line(struct page *p, bool precision)
{
    const struct figures *f = &p->e->figures;
    PUT(p, "<polyline class=\"curve %s\" points=\"", precision ? "precision" : "recall");
    for (unsigned i = 0; i < SWEEP_STEPS; i++) {
        uint64_t all = 0;
        for (unsigned l = 0; l < LABEL_COUNT; l++)
            all += f->sweep[i].flagged[l];
        if (precision && all == 0)
            break;
        PUT(p, "%.1f,%.1f ", 50 + f->sweep[i].threshold * 22,
            250 - 220 * sweep_value(f, &f->sweep[i], precision));
    }
    PUT(p, "\"/>\n");
}

static void put_curve(struct page *p)
{
    const struct figures *f = &p->e->figures;
    PUT(p, "<h2>If the threshold were another</h2>\n<p>Recall: how much of the extortion mail is "
           "flagged. Precision: how much of what is flagged is extortion.</p>\n"
           "<div class=\"wide\"><svg viewBox=\"0 0 510 290\" role=\"img\" "
           "aria-label=\"recall and precision by threshold\">\n");
    for (int i = 0; i <= 4; i++)
        PUT(p,
            "<line class=\"grid\" x1=\"50\" x2=\"490\" y1=\"%d\" y2=\"%d\"/>"
            "<text x=\"44\" y=\"%d\" text-anchor=\"end\">%d %%</text>\n",
            250 - 55 * i, 250 - 55 * i, 254 - 55 * i, 25 * i);
    for (int t = 0; t <= 20; t += 5)
        PUT(p,
            "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"30\" y2=\"250\"/>"
            "<text x=\"%d\" y=\"266\" text-anchor=\"middle\">%d</text>\n",
            t == 5 ? "set" : "grid", 50 + 22 * t, 50 + 22 * t, 50 + 22 * t, t);
    put_curve_line(p, true);
    put_curve_line(p, false);
    PUT(p, "<text class=\"p\" x=\"490\" y=\"20\" text-anchor=\"end\">precision</text>"
           "<text class=\"r\" x=\"425\" y=\"20\" text-anchor=\"end\">recall</text>"
           "<text x=\"270\" y=\"284\" text-anchor=\"middle\">points</text>\n</svg></div>\n");
    PUT(p, "<p>At 5 points: recall %.1f %%, precision %.1f %%.</p>\n",
        sweep_value(f, &f->sweep[AT_FIVE], false) * 100,
        sweep_value(f, &f->sweep[AT_FIVE], true) * 100);
    PUT(p, "<details><summary>In numbers</summary><table>\n<tr><th>points</th><th>recall</th>"
           "<th>precision</th><th>ham</th><th>hardneg</th><th>spam</th></tr>\n");
    for (unsigned i = 0; i < SWEEP_STEPS; i++) {
        const struct sweep *w = &f->sweep[i];
        PUT(p,
            "<tr><td>%.1f</td><td>%.1f %%</td><td>%.1f %%</td><td>%llu</td><td>%llu</td>"
            "<td>%llu</td></tr>\n",
            w->threshold, sweep_value(f, w, false) * 100, sweep_value(f, w, true) * 100,
            (unsigned long long)w->flagged[LABEL_HAM],
            (unsigned long long)w->flagged[LABEL_HARDNEG],
            (unsigned long long)w->flagged[LABEL_SPAM]);
    }
    PUT(p, "</table></details>\n");
}

static void put_groups(struct page *p, enum group_by by)
{
    const struct groups *g = &p->e->figures.groups[by];
    if (g->n == 0)
        return;
    PUT(p,
        "<h2>By %s</h2>\n<div class=\"wide\"><table>\n<tr><th>%s</th><th>extortion</th>"
        "<th class=\"opt\">found</th><th>recall</th><th></th><th class=\"opt\">95 %%</th>"
        "<th class=\"opt\">right class</th><th class=\"opt\">others</th><th>false "
        "positives</th></tr>\n",
        by == BY_TAG        ? "disguise"
        : by == BY_COMPLETE ? "completeness"
                            : group_by_name(by),
        group_by_name(by));
    for (size_t i = 0; i < g->n; i++) {
        const struct group *v = &g->v[i];
        struct rate r = rate_of((double)v->found, v->extortion);
        PUT(p, "<tr><td>");
        put_text(p, v->name);
        if (v->extortion > 0)
            PUT(p,
                "</td><td>%llu</td><td class=\"opt\">%llu</td><td>%.1f %%</td><td><span "
                "class=\"bar\"><i style=\"width:%.1f%%\"></i><s "
                "style=\"left:%.1f%%;width:%.1f%%\"></s></span></td><td class=\"opt\">%.1f to "
                "%.1f</td><td class=\"opt\">%llu</td>",
                (unsigned long long)v->extortion, (unsigned long long)v->found, r.value * 100,
                r.value * 100, r.low * 100, (r.high - r.low) * 100, r.low * 100, r.high * 100,
                (unsigned long long)v->right);
        else
            PUT(p, "</td><td>-</td><td class=\"opt\"></td><td></td><td></td><td class=\"opt\"></td>"
                   "<td class=\"opt\"></td>");
        PUT(p, "<td class=\"opt\">%llu</td><td>%llu</td></tr>\n", (unsigned long long)v->other,
            (unsigned long long)v->wrong);
    }
    PUT(p, "</table></div>\n");
}

static uint64_t confused_n(const struct figures *f, const char *want, uint32_t got)
{
    for (size_t i = 0; i < f->n_confused; i++) {
        if (f->confused[i].got == got && strcmp(f->confused[i].want, want) == 0)
            return f->confused[i].n;
    }
    return 0;
}

static void put_confused(struct page *p, const char *want, uint32_t got, uint64_t all)
{
    uint64_t n = confused_n(&p->e->figures, want, got);
    if (n == 0)
        PUT(p, "<td></td>");
    else
        PUT(p, "<td class=\"%s\" style=\"--p:%.2f\">%llu</td>",
            strcmp(evaluation_class(p->e, got), want) == 0 ? "hit" : "off", (double)n / (double)all,
            (unsigned long long)n);
}

/* A row for each class that mail has, a column for each that it was given. */
static void put_confusion(struct page *p)
{
    const struct figures *f = &p->e->figures;
    uint32_t n = ruleset_n_classes(p->e->ruleset);
    if (f->n_confused == 0)
        return;
    PUT(p, "<h2>Classes</h2>\n<p>Rows: what the mail is. Columns: what it was judged.</p>\n"
           "<div class=\"wide\"><table class=\"matrix\">\n<tr><th></th>");
    for (uint32_t c = 0; c < n; c++) {
        PUT(p, "<th>");
        put_text(p, evaluation_class(p->e, c));
        PUT(p, "</th>");
    }
    PUT(p, "<th>not flagged</th></tr>\n");
    for (size_t i = 0; i < f->n_confused; i++) {
        const char *want = f->confused[i].want;
        uint64_t all = 0;
        if (i > 0 && strcmp(want, f->confused[i - 1].want) == 0)
            continue;
        for (size_t k = i; k < f->n_confused && strcmp(f->confused[k].want, want) == 0; k++)
            all += f->confused[k].n;
        PUT(p, "<tr><td>");
        put_text(p, want);
        PUT(p, "</td>");
        for (uint32_t c = 0; c < n; c++)
            put_confused(p, want, c, all);
        put_confused(p, want, UINT32_MAX, all);
        PUT(p, "</tr>\n");
    }
    PUT(p, "</table></div>\n");
}

static void put_worth(struct page *p, const struct worth *w)
{
    PUT(p,
        "<td class=\"opt\">%llu</td><td>%.1f %%</td><td><span class=\"bar\"><i "
        "style=\"width:%.1f%%\"></i></span></td><td>%.3f %%</td><td class=\"opt\"><span "
        "class=\"bar bad\"><i style=\"width:%.1f%%\"></i></span></td>"
        "<td class=\"opt\">%.3f</td></tr>\n",
        (unsigned long long)w->hits, w->share_extortion * 100, w->share_extortion * 100,
        w->share_other * 100, w->share_other * 100, w->precision);
}

static const char worth_columns[] = "<th class=\"opt\">hits</th><th>of extortion</th><th></th>"
                                    "<th>of others</th><th class=\"opt\"></th>"
                                    "<th class=\"opt\">precision</th></tr>\n";

static void put_rules(struct page *p)
{
    const struct evaluation *e = p->e;
    PUT(p, "<h2>Facets</h2>\n<div class=\"wide\"><table>\n<tr><th>facet</th>%s", worth_columns);
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        struct worth w = worth_of(&e->figures, e->facet_hits[f]);
        PUT(p, "<tr><td>%s</td>", facet_name((enum facet)f));
        put_worth(p, &w);
    }
    PUT(p,
        "</table></div>\n<h2>Rules</h2>\n<div class=\"wide\"><table>\n<tr><th>rule</th>"
        "<th class=\"opt\">facet</th><th class=\"opt\">weight</th>%s",
        worth_columns);
    uint32_t n;
    uint32_t *sorted = evaluation_rules_sorted(e, &n);
    if (sorted == NULL) {
        p->status = STATUS_NO_MEMORY;
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct rule_info *rule = ruleset_rule(e->ruleset, sorted[i]);
        struct worth w = worth_of(&e->figures, e->rule_hits[sorted[i]]);
        if (i == RULES_OPEN)
            PUT(p,
                "</table></div>\n<details><summary>and %u more</summary><div class=\"wide\">"
                "<table>\n",
                n - i);
        PUT(p, "<tr><td title=\"");
        put_text(p, rule->describe != NULL ? rule->describe : "");
        PUT(p, "\">");
        put_text(p, rule->id);
        PUT(p, "%s</td><td class=\"opt\">%s</td><td class=\"opt\">%.2f</td>",
            rule->shadow ? " (shadow)" : "",
            rule->facet < FACET_COUNT ? facet_name(rule->facet) : "-", rule->weight);
        put_worth(p, &w);
    }
    free(sorted);
    PUT(p, "</table></div>%s\n<p>%u rules hit nothing.</p>\n", n > RULES_OPEN ? "</details>" : "",
        ruleset_n_rules(e->ruleset) - n);
}

static void put_errors(struct page *p, bool misses)
{
    const struct evaluation *e = p->e;
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct measured *m = &e->v[i];
        if (!measured_is_error(m) || (m->sample->label == LABEL_EXTORTION) != misses)
            continue;
        if (n++ == 0)
            PUT(p, "<h2>%s</h2>\n<div class=\"wide\">\n", misses ? "Missed" : "False positives");
        if (n > ERRORS_SHOWN)
            continue;
        PUT(p, "<details><summary>%.2f ", m->score);
        put_text(p, misses ? m->sample->class_id : evaluation_class(e, m->class_index));
        PUT(p, "%s%s - ", misses ? "" : ", is ", misses ? "" : label_name(m->sample->label));
        put_text(p, m->file);
        if (m->number > 0)
            PUT(p, "#%u", m->number);
        PUT(p, "</summary><pre>");
        put_text(p, m->why != NULL ? m->why : "no explanation: memory was short");
        PUT(p, "</pre></details>\n");
    }
    if (n > ERRORS_SHOWN)
        PUT(p, "<details><summary>and %zu more</summary></details>\n", n - ERRORS_SHOWN);
    if (n > 0)
        PUT(p, "</div>\n");
}

enum status evaluate_html(struct buf *out, const struct evaluation *e)
{
    struct page p = {.out = out, .e = e};
    put(&p, VIEW(head));
    put_heading(&p);
    put_curve(&p);
    for (unsigned by = 0; by < BY_COUNT; by++)
        put_groups(&p, (enum group_by)by);
    put_confusion(&p);
    put_rules(&p);
    put_errors(&p, true);
    put_errors(&p, false);
    PUT(&p, "</main>\n</body>\n</html>\n");
    return p.status;
}
