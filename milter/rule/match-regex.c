/* Regex rules: each runs only where one of its literals was seen. */
#include <string.h>

#include "rule/matcher.h"

/* Where a subject came from, to give its matches a place among the words. */
struct subject {
    struct view text;
    const struct segment *segment; /* NULL: it stands nowhere */
    bool folded;
    uint32_t link_at; /* of a link: where in the segment's visible text it stands */
    bool is_link;
};

/* The words of the segment that bytes from..to of text.folded touch. */
static void folded_words(const struct text *t, const struct segment *s, uint32_t from, uint32_t to,
                         struct place *out)
{
    uint32_t lo = s->first_word, hi = s->first_word + s->n_words, end = hi;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->words[mid].from + t->words[mid].length <= from)
            lo = mid + 1;
        else
            hi = mid;
    }
    *out = (struct place){lo, lo};
    while (out->last + 1 < end && t->words[out->last + 1].from < to)
        out->last++;
}

static struct place subject_words(const struct text *t, const struct subject *subject,
                                  struct span span)
{
    struct place nowhere = {WORD_NONE, WORD_NONE}, at;
    const struct segment *s = subject->segment;
    if (s == NULL || s->n_words == 0)
        return nowhere;
    if (subject->folded) {
        folded_words(t, s, s->folded_from + span.from, s->folded_from + span.to, &at);
    } else {
        uint32_t from = subject->is_link ? subject->link_at : span.from;
        uint32_t to = subject->is_link ? subject->link_at : span.to;
        at.first = segment_word_at(t, s, from);
        at.last = at.first;
        uint32_t last = segment_word_at(t, s, to > from ? to - 1 : to);
        if (last > at.first)
            at.last = last;
    }
    uint32_t end = s->first_word + s->n_words;
    if (at.first >= end)
        at.first = end - 1;
    if (at.last >= end)
        at.last = end - 1;
    return at;
}

static enum outcome subject_match(struct matcher *m, uint32_t rule, const struct subject *subject)
{
    const struct regex *regex = m->ruleset->rule[rule].u.regex.regex;
    struct span span;
    for (size_t from = 0;
         from<subject->text.n; from = span.to> span.from ? span.to : span.from + 1u) {
        if (!matcher_spend(m, 1 + (subject->text.n - from) / 16))
            return OUTCOME_UNKNOWN;
        enum regex_result result = regex_find(m->runner, regex, subject->text, from, &span);
        if (result == REGEX_NO_MATCH)
            break;
        if (result != REGEX_MATCH) {
            matcher_regex_failed(m, result);
            return OUTCOME_UNKNOWN;
        }
        struct place at = subject_words(m->facts->text, subject, span);
        if (!matcher_hit(m, rule, at.first, at.last, UINT32_MAX))
            break;
    }
    return OUTCOME_NO;
}

/*
 * Calls visit for everything that regexes of this kind read. rule: only what that rule reads, or
 * NULL for what any rule reads.
 */
static enum outcome subjects_visit(struct matcher *m, enum regex_subject on,
                                   const struct rule *rule,
                                   enum outcome (*visit)(struct matcher *m, void *context,
                                                         const struct subject *subject),
                                   void *context)
{
    const struct text *t = m->facts->text;
    enum outcome all = OUTCOME_NO;
    if (on == SUBJECT_HEADER) {
        const struct part *top = m->facts->message->n_parts > 0 ? m->facts->message->parts : NULL;
        const struct header *h = top != NULL ? part_header(top, rule->u.regex.header) : NULL;
        for (; h != NULL; h = part_header_next(top, h)) {
            struct subject subject = {.text = matcher_header(m, h)};
            if (visit(m, context, &subject) != OUTCOME_NO)
                all = OUTCOME_UNKNOWN;
        }
        return all;
    }
    for (uint32_t i = 0; on == SUBJECT_LINK && i < t->n_links; i++) {
        struct subject subject = {.text = t->links[i].target,
                                  .segment = &t->segments[t->links[i].segment],
                                  .link_at = t->links[i].visible_at,
                                  .is_link = true};
        if (visit(m, context, &subject) != OUTCOME_NO)
            all = OUTCOME_UNKNOWN;
    }
    for (uint32_t i = 0; on != SUBJECT_LINK && i < t->n_segments; i++) {
        const struct segment *s = &t->segments[i];
        bool reads = on == SUBJECT_FILENAME ? s->kind == SEGMENT_FILENAME
                                            : rule == NULL || (rule->where >> s->kind & 1) != 0;
        if (!reads)
            continue;
        struct subject subject = {.segment = s, .folded = on == SUBJECT_FOLDED};
        subject.text =
            subject.folded ? view_sub(t->folded, s->folded_from, s->folded_to) : s->visible;
        if (visit(m, context, &subject) != OUTCOME_NO)
            all = OUTCOME_UNKNOWN;
    }
    return all;
}

static enum outcome match_visit(struct matcher *m, void *context, const struct subject *subject)
{
    return subject_match(m, *(uint32_t *)context, subject);
}

struct scan {
    const struct gate *gate;
    bool *seen;
};

/*
 * By Unicode's rules the Kelvin sign is a k and the long s an s, whatever their case; the gate
 * knows ASCII only, so it is shown the plain letters.
 */
static struct view plain_letters(struct matcher *m, struct view v)
{
    static const struct view kelvin = VIEW_LITERAL("\xE2\x84\xAA"),
                             long_s = VIEW_LITERAL("\xC5\xBF");
    if (view_find(v, kelvin) == v.n && view_find(v, long_s) == v.n)
        return v;
    char *p = arena_alloc(&m->arena, v.n);
    if (p == NULL) {
        m->no_memory = true;
        return v;
    }
    size_t n = 0;
    for (size_t i = 0; i < v.n; n++) {
        struct view rest = view_sub(v, i, v.n);
        if (view_starts_nocase(rest, kelvin)) {
            p[n] = 'k';
            i += kelvin.n;
        } else if (view_starts_nocase(rest, long_s)) {
            p[n] = 's';
            i += long_s.n;
        } else {
            p[n] = v.p[i++];
        }
    }
    return (struct view){p, n};
}

static enum outcome scan_visit(struct matcher *m, void *context, const struct subject *subject)
{
    struct scan *scan = context;
    struct view text = subject->folded ? subject->text : plain_letters(m, subject->text);
    gate_scan(scan->gate, text, scan->seen);
    return OUTCOME_NO;
}

/* What stands in fields is short: each rule looks for its own literals there. */
static bool literal_seen(struct matcher *m, const struct rule *rule, bool *const *seen)
{
    const struct regex_rule *r = &rule->u.regex;
    if (!m->gates)
        return true;
    for (uint32_t i = r->literal_from; i < r->literal_to; i++)
        if (seen[r->on][i])
            return true;
    return false;
}

/* Which literals of each gate stand in the message. */
static bool literals_scan(struct matcher *m, bool **seen)
{
    const struct ruleset *r = m->ruleset;
    for (int on = 0; on < SUBJECT_COUNT; on++) {
        const struct gate *gate = &r->gate[on];
        seen[on] = NULL;
        if (gate->n == 0)
            continue;
        seen[on] = arena_calloc(&m->arena, gate->n, sizeof **seen);
        if (seen[on] == NULL)
            return false;
        struct scan scan = {gate, seen[on]};
        if (on != SUBJECT_HEADER) {
            (void)subjects_visit(m, (enum regex_subject)on, NULL, scan_visit, &scan);
            continue;
        }
        for (uint32_t i = 0; i < r->n_by_kind[RULE_REGEX]; i++) {
            const struct rule *rule = &r->rule[r->by_kind[RULE_REGEX][i]];
            if (rule->u.regex.on == SUBJECT_HEADER)
                (void)subjects_visit(m, SUBJECT_HEADER, rule, scan_visit, &scan);
        }
    }
    return true;
}

void match_regexes(struct matcher *m)
{
    const struct ruleset *r = m->ruleset;
    bool *seen[SUBJECT_COUNT];
    if (r->n_by_kind[RULE_REGEX] == 0)
        return;
    if (!literals_scan(m, seen)) {
        m->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < r->n_by_kind[RULE_REGEX]; i++) {
        uint32_t rule = r->by_kind[RULE_REGEX][i];
        m->range[rule].n = 0;
        if (!matcher_wants(m, rule) || !literal_seen(m, &r->rule[rule], seen))
            continue;
        if (budget_spent(m->limits.budget))
            return;
        uint32_t before = matcher_limits_met(m);
        enum outcome outcome =
            subjects_visit(m, r->rule[rule].u.regex.on, &r->rule[rule], match_visit, &rule);
        matcher_rule_done(m, rule, before);
        m->outcome[rule] = (uint8_t)(m->range[rule].n > 0 ? OUTCOME_YES : outcome);
    }
}
