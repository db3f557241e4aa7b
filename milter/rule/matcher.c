#include "rule/matcher.h"

#include <stdlib.h>
#include <string.h>

enum status matcher_new(const struct ruleset *r, const struct limits *limits, bool gates,
                        struct matcher **out)
{
    struct matcher *m = calloc(1, sizeof *m);
    if (m == NULL)
        return STATUS_NO_MEMORY;
    m->ruleset = r;
    m->limits = *limits;
    m->gates = gates;
    arena_init(&m->arena, limits->arena_bytes);
    m->candidate = calloc(r->n_phrases / 64 + 1, sizeof *m->candidate);
    m->range = calloc((size_t)r->n_rules + 1, sizeof *m->range);
    enum status status = seen_init(&m->seen, &r->lexicon, limits->arena_bytes);
    if (status == STATUS_OK)
        status = regex_runner_new(limits, &m->runner);
    if (m->candidate == NULL || m->range == NULL)
        status = STATUS_NO_MEMORY;
    search_init(&m->search, &m->seen, gates);
    m->search.work_max = limits->rule_work;
    if (status != STATUS_OK)
        matcher_free(&m);
    *out = m;
    return status;
}

void matcher_free(struct matcher **matcher)
{
    struct matcher *m = *matcher;
    if (m != NULL) {
        arena_fini(&m->arena);
        seen_fini(&m->seen);
        search_fini(&m->search);
        regex_runner_free(&m->runner);
        free(m->candidate);
        free(m->spot);
        free(m->hit);
        free(m->range);
    }
    free(m);
    *matcher = NULL;
}

void matcher_want(struct matcher *m, const bool *wanted)
{
    m->wanted = wanted;
}

bool matcher_spend(struct matcher *m, uint64_t work)
{
    m->search.work += work;
    if (m->search.work <= m->search.work_max)
        return true;
    if (!m->exhausted)
        anomaly_note(&m->anomalies, ANOMALY_RULE_BUDGET);
    m->exhausted = true;
    return false;
}

bool matcher_hit(struct matcher *m, uint32_t rule, uint32_t first, uint32_t last,
                 uint32_t indicator)
{
    struct hit_range *range = &m->range[rule];
    if (range->n >= m->limits.hits_per_rule) {
        anomaly_note(&m->anomalies, ANOMALY_HIT_LIMIT);
        return false;
    }
    if (m->n_hits == m->cap_hits) {
        uint32_t cap = m->cap_hits < 64 ? 64 : m->cap_hits * 2;
        struct hit *hit = m->cap_hits <= UINT32_MAX / 2 ? realloc(m->hit, cap * sizeof *hit) : NULL;
        if (hit == NULL) {
            m->no_memory = true;
            return false;
        }
        m->hit = hit;
        m->cap_hits = cap;
    }
    if (range->n++ == 0)
        range->from = m->n_hits;
    m->hit[m->n_hits++] = (struct hit){rule, first, last, indicator};
    return true;
}

struct view matcher_header(struct matcher *m, const struct header *h)
{
    for (uint32_t i = 0; i < m->n_decoded; i++)
        if (m->decoded[i].header == h)
            return m->decoded[i].text;
    struct decoded decoded;
    struct decoded_header *list =
        arena_grow(&m->arena, m->decoded, &m->cap_decoded, m->n_decoded + 1, sizeof *list);
    if (list == NULL ||
        header_decode(m->facts->reader, h, &m->arena, NULL, &decoded) != STATUS_OK) {
        m->no_memory = true;
        return VIEW_NONE;
    }
    m->decoded = list;
    m->decoded[m->n_decoded++] = (struct decoded_header){h, decoded.text};
    return decoded.text;
}

void matcher_regex_failed(struct matcher *m, enum regex_result result)
{
    anomaly_note(&m->anomalies, result == REGEX_LIMIT ? ANOMALY_REGEX_LIMIT : ANOMALY_RULE_ERROR);
}

void matcher_rule_done(struct matcher *m, uint32_t rule, uint32_t limits_before)
{
    if (matcher_limits_met(m) != limits_before && m->n_stopped < STOPPED_MAX)
        m->stopped[m->n_stopped++] = m->ruleset->rule[rule].info.id;
}

enum outcome matcher_regex(struct matcher *m, const struct regex *regex, struct view subject)
{
    struct span span;
    if (!matcher_spend(m, 1 + subject.n / 16))
        return OUTCOME_UNKNOWN;
    enum regex_result result = regex_find(m->runner, regex, subject, 0, &span);
    if (result == REGEX_NO_MATCH || result == REGEX_MATCH)
        return result == REGEX_MATCH ? OUTCOME_YES : OUTCOME_NO;
    matcher_regex_failed(m, result);
    return OUTCOME_UNKNOWN;
}

/* In this order every rule finds the answers that it needs. */
static void match_predicates(struct matcher *m)
{
    static const struct {
        enum rule_kind kind;
        enum outcome (*match)(struct matcher *m, uint32_t rule);
    } kinds[] = {
        {RULE_INDICATOR, match_indicator},
        {RULE_HEADER, match_header},
        {RULE_ATTACHMENT, match_attachment},
        {RULE_ANOMALY, match_anomaly},
        {RULE_ENVELOPE, match_envelope},
        {RULE_DISGUISE, match_disguise},
        {RULE_WHEN, match_when},
    };
    const struct ruleset *r = m->ruleset;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (uint32_t i = 0; i < r->n_by_kind[kinds[k].kind]; i++) {
            uint32_t rule = r->by_kind[kinds[k].kind][i];
            if (!matcher_wants(m, rule))
                continue;
            m->range[rule].n = 0;
            uint32_t before = matcher_limits_met(m);
            m->outcome[rule] = (uint8_t)kinds[k].match(m, rule);
            matcher_rule_done(m, rule, before);
        }
}

/* The first rule from here on whose outcome is not no; most are no. */
static uint32_t outcome_next(const uint8_t *outcome, uint32_t rule, uint32_t end)
{
    uint64_t eight = 0;
    for (; rule + sizeof eight <= end; rule += (uint32_t)sizeof eight) {
        memcpy(&eight, outcome + rule, sizeof eight);
        if (eight != 0)
            break;
    }
    while (rule < end && outcome[rule] == OUTCOME_NO)
        rule++;
    return rule;
}

/* Hits by rule, then place. */
static bool hits_gather(struct matcher *m, struct arena *arena, struct matches *out)
{
    const struct ruleset *r = m->ruleset;
    struct hit *hit = arena_alloc(arena, m->n_hits * sizeof *hit);
    if (hit == NULL)
        return false;
    for (uint32_t rule = 0; (rule = outcome_next(m->outcome, rule, r->n_rules)) < r->n_rules;
         rule++) {
        out->n_unknown += m->outcome[rule] == OUTCOME_UNKNOWN;
        if (m->outcome[rule] == OUTCOME_UNKNOWN || m->range[rule].n == 0)
            continue;
        memcpy(hit + out->n_hits, m->hit + m->range[rule].from, m->range[rule].n * sizeof *hit);
        out->n_hits += m->range[rule].n;
    }
    out->hits = hit;
    return true;
}

enum status matcher_run(struct matcher *m, const struct facts *facts, struct arena *arena,
                        struct matches *out)
{
    *out = (struct matches){0};
    m->facts = facts;
    m->segment = NULL;
    m->gathered = (struct gathered){0};
    m->outcome = arena_calloc(arena, (size_t)m->ruleset->n_rules + 1, sizeof *m->outcome);
    m->anomalies = (struct anomalies){{0}};
    m->decoded = NULL;
    m->n_stopped = 0;
    m->n_hits = m->n_spots = m->n_decoded = m->cap_decoded = 0;
    m->search.work = 0;
    m->no_memory = m->exhausted = false;
    arena_reset(&m->arena);
    if (m->outcome == NULL || seen_read(&m->seen, facts->text, facts->indicators) != STATUS_OK)
        return STATUS_NO_MEMORY;
    match_phrases(m);
    match_regexes(m);
    match_predicates(m);
    const char **stopped = arena_alloc(arena, m->n_stopped * sizeof *stopped);
    if (m->no_memory || stopped == NULL || !hits_gather(m, arena, out))
        return STATUS_NO_MEMORY;
    memcpy(stopped, m->stopped, m->n_stopped * sizeof *stopped);
    out->stopped = stopped;
    out->n_stopped = m->n_stopped;
    out->outcome = m->outcome;
    out->anomalies = m->anomalies;
    return STATUS_OK;
}
