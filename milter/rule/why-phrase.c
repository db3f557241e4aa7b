/* Why phrases did not hit: what was found but did not count, and what the nearest phrase lacked. */
#include <stdio.h>
#include <string.h>

#include "rule/why.h"

enum { LISTED_MAX = 5 };

static const char *kind_name(enum segment_kind kind)
{
    static const char *const names[] = {
        [SEGMENT_SUBJECT] = "the subject",     [SEGMENT_SENDER] = "the sender's names",
        [SEGMENT_BODY] = "the body",           [SEGMENT_HIDDEN] = "hidden text",
        [SEGMENT_ALTERNATE_TEXT] = "alt text", [SEGMENT_FILE] = "an attached text",
        [SEGMENT_FILENAME] = "a file name"};
    return (size_t)kind < sizeof names / sizeof names[0] ? names[kind] : "somewhere";
}

static bool find(struct why *w, uint32_t phrase)
{
    w->m->search.work = 0;
    enum search_result result =
        search_phrase(&w->m->search, &w->m->ruleset->phrase[phrase], SEARCH_EVERYWHERE, true);
    if (result == SEARCH_NO_MEMORY)
        w->status = STATUS_NO_MEMORY;
    return result == SEARCH_DONE && w->m->search.n_found > 0;
}

static bool node_seen(const struct why *w, const struct phrase *p, uint32_t node)
{
    return seen_met(&w->m->seen, p->node[node].term);
}

/*
 * The way through the phrase that lacks fewest words: node by node, since they rise along every
 * edge. Returns what is missing on it, as a set of nodes.
 */
static uint64_t missing_on_best_way(const struct why *w, const struct phrase *p)
{
    uint64_t missing[PHRASE_NODES_MAX] = {0}, best = UINT64_MAX;
    bool reached[PHRASE_NODES_MAX] = {false};
    for (uint32_t v = 0; v < p->n_nodes; v++) {
        reached[v] = p->node[v].first;
        for (uint32_t e = p->node[v].edges_from; e < p->node[v].edges_to; e++) {
            uint32_t u = p->edge[e].from;
            if (reached[u] &&
                (!reached[v] || (!p->node[v].first && __builtin_popcountll(missing[u]) <
                                                          __builtin_popcountll(missing[v])))) {
                missing[v] = missing[u];
                reached[v] = true;
            }
        }
        if (reached[v] && !node_seen(w, p, v))
            missing[v] |= UINT64_C(1) << v;
        if (reached[v] && p->node[v].last &&
            __builtin_popcountll(missing[v]) < __builtin_popcountll(best))
            best = missing[v];
    }
    return best;
}

static void add_text(struct why *w, struct view text)
{
    if (w->status == STATUS_OK)
        w->status = buf_add(w->out, text);
}

/* What a phrase that was not found lacks. */
static void lacks_add(struct why *w, uint32_t phrase)
{
    const struct phrase *p = &w->m->ruleset->phrase[phrase];
    const struct phrase_note *note = &w->m->ruleset->note[phrase];
    uint64_t missing = missing_on_best_way(w, p);
    struct view text = view_of(note->text);
    const char *between = "not in the mail: ";
    if (missing == 0)
        add_text(w, VIEW("all of its words are there, but not so near and in this order"));
    for (uint32_t v = 0; v < p->n_nodes; v++) {
        if ((missing >> v & 1) == 0)
            continue;
        add_text(w, view_of(between));
        add_text(w, view_sub(text, note->at[v].from, note->at[v].to));
        between = ", ";
    }
    add_text(w, VIEW("\n"));
}

/* A phrase stands in the mail: where the rule does not look, or beside an `unless`. */
static void found_add(struct why *w, const struct rule *rule, uint32_t phrase)
{
    const struct text *t = w->m->facts->text;
    struct place at = w->m->search.found[0];
    uint32_t n = w->m->search.n_found;
    bool reads = false;
    for (uint32_t i = 0; i < n && !reads; i++) {
        enum segment_kind kind = text_segment_of(t, w->m->search.found[i].first)->kind;
        reads = rule->where >> kind & 1;
        at = reads ? w->m->search.found[i] : at;
    }
    struct view words = why_quote(w, at);
    if (!reads)
        why_add(w, "\"%s\" is there, but in %s, which the rule does not read: \"%.*s\"",
                w->m->ruleset->note[phrase].text, kind_name(text_segment_of(t, at.first)->kind),
                VIEW_ARG(words));
    else
        why_add(w, "\"%s\" is there: \"%.*s\"", w->m->ruleset->note[phrase].text, VIEW_ARG(words));
}

static void unless_add(struct why *w, const struct rule *rule)
{
    const struct phrase_rule *r = &rule->u.phrases;
    for (uint32_t p = r->unless_from; p < r->unless_to; p++) {
        if (!find(w, p))
            continue;
        struct view words = why_quote(w, w->m->search.found[0]);
        why_add(w, "unless \"%s\" is there, too: \"%.*s\"; within %u words it takes the hit back",
                w->m->ruleset->note[p].text, VIEW_ARG(words), r->unless_within);
    }
}

/* Of the phrases that are not there, those that lack fewest words. */
static void nearest_add(struct why *w, const struct phrase_rule *r)
{
    int least = PHRASE_NODES_MAX + 1;
    uint32_t n = 0;
    for (uint32_t p = r->phrase_from; p < r->phrase_to; p++) {
        int lacks = __builtin_popcountll(missing_on_best_way(w, &w->m->ruleset->phrase[p]));
        n = lacks < least ? 1 : n + (lacks == least);
        least = lacks < least ? lacks : least;
    }
    uint32_t said = 0;
    for (uint32_t p = r->phrase_from; p < r->phrase_to && said < LISTED_MAX; p++) {
        if (__builtin_popcountll(missing_on_best_way(w, &w->m->ruleset->phrase[p])) != least)
            continue;
        said++;
        if (w->status == STATUS_OK)
            w->status = buf_addf(w->out, "nearest phrase \"%s\": ", w->m->ruleset->note[p].text);
        lacks_add(w, p);
    }
    if (n > said)
        why_add(w, "and %u more phrases that lack as much", n - said);
}

void why_phrases(struct why *w, const struct rule *rule)
{
    const struct phrase_rule *r = &rule->u.phrases;
    uint32_t n_found = 0;
    for (uint32_t p = r->phrase_from; p < r->phrase_to; p++) {
        if (find(w, p)) {
            n_found++;
            found_add(w, rule, p);
        } else if (rule->kind == RULE_NEAR) {
            if (w->status == STATUS_OK)
                w->status = buf_addf(w->out, "\"%s\" is missing: ", w->m->ruleset->note[p].text);
            lacks_add(w, p);
        }
    }
    if (rule->kind == RULE_NEAR && n_found == r->phrase_to - r->phrase_from)
        why_add(w, "all of them are there, but never in a stretch of %u words", r->within);
    if (n_found > 0)
        unless_add(w, rule);
    else if (rule->kind == RULE_ANY)
        nearest_add(w, r);
}
