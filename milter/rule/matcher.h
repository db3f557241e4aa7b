/* The inside of a matcher, shared by the files that match one kind of rule each. */
#ifndef RULE_MATCHER_H
#define RULE_MATCHER_H

#include "rule/phrase-match.h"
#include "rule/ruleset.h"

/* Where a rule's hits lie in matcher.hit. */
struct hit_range {
    uint32_t from, n;
};

struct decoded_header {
    const struct header *header;
    struct view text;
};

/* Where the lists of a near rule stand; the next rule may ask for the same lists. */
struct gathered {
    const struct rule *rule; /* that asked last; NULL: none yet */
    const struct list_place *place;
    uint32_t n;
};

enum { STOPPED_MAX = 8 };

struct matcher {
    const struct ruleset *ruleset; /* foreign */
    struct limits limits;
    bool gates;
    const bool *wanted; /* foreign; NULL: all rules, else only these are looked at */
    struct seen seen;
    struct search search;
    struct regex_runner *runner; /* own */
    struct arena arena;          /* scratch of one message */
    uint64_t *candidate;         /* own; bit per phrase: its search starts */
    struct place *spot;          /* own; where the rule in hand hit */
    uint32_t n_spots, cap_spots;
    struct hit *hit; /* own; of all rules, rule after rule */
    uint32_t n_hits, cap_hits;
    struct hit_range *range; /* own; per rule, valid when its outcome is yes */

    /* the message in hand */
    const struct facts *facts;
    const struct segment *segment; /* that was asked for last */
    struct gathered gathered;
    uint8_t *outcome;
    struct anomalies anomalies;
    struct decoded_header *decoded;
    uint32_t n_decoded, cap_decoded;
    const char *stopped[STOPPED_MAX]; /* foreign; ids of rules that a PCRE2 limit stopped */
    uint32_t n_stopped;
    bool no_memory;
    bool exhausted; /* the work budget is used up */
};

/* Only rules with wanted[rule] are looked at; for proofs. */
void matcher_want(struct matcher *m, const bool *wanted);

static inline bool matcher_wants(const struct matcher *m, uint32_t rule)
{
    return m->wanted == NULL || m->wanted[rule];
}

/* Adds a hit of the rule in hand. False when the rule has no room for more hits. */
bool matcher_hit(struct matcher *m, uint32_t rule, uint32_t first, uint32_t last,
                 uint32_t indicator);
/* Is the work budget used up? Notes the anomaly. work: steps to add. */
bool matcher_spend(struct matcher *m, uint64_t work);

/* Room for so many more spots. */
bool matcher_spots_reserve(struct matcher *m, size_t more);
/*
 * Looks for a phrase around the places of a mask: m->search.found. False when there is none;
 * *decided becomes false when a limit kept it from being known.
 */
bool matcher_search(struct matcher *m, uint32_t phrase, uint64_t around, bool all_starts,
                    bool *decided);
/* Of which kind the segment of this word is: a bit of rule.where. */
static inline uint32_t matcher_kind(struct matcher *m, uint32_t word)
{
    const struct segment *s = m->segment; /* places are asked for in order */
    if (s == NULL || word < s->first_word || word - s->first_word >= s->n_words)
        m->segment = s = text_segment_of(m->facts->text, word);
    return UINT32_C(1) << s->kind;
}
/* Does the rule read the segment of this word? */
static inline bool matcher_reads(struct matcher *m, const struct rule *rule, uint32_t word)
{
    return (rule->where & matcher_kind(m, word)) != 0;
}
/* Adds the spots of a near rule. */
void match_near(struct matcher *m, const struct rule *rule, bool *decided);

/* Each settles m->outcome and the hits of its rules. */
void match_phrases(struct matcher *m);
void match_regexes(struct matcher *m);
enum outcome match_indicator(struct matcher *m, uint32_t rule);
enum outcome match_header(struct matcher *m, uint32_t rule);
enum outcome match_attachment(struct matcher *m, uint32_t rule);
enum outcome match_anomaly(struct matcher *m, uint32_t rule);
enum outcome match_envelope(struct matcher *m, uint32_t rule);
enum outcome match_disguise(struct matcher *m, uint32_t rule);
enum outcome match_when(struct matcher *m, uint32_t rule);

/* The decoded text of a field, decoded once per message; empty when memory is out. */
struct view matcher_header(struct matcher *m, const struct header *h);
/* The rule was matched; names it when a PCRE2 limit was reached since there were so many. */
void matcher_rule_done(struct matcher *m, uint32_t rule, uint32_t limits_before);
static inline uint32_t matcher_limits_met(const struct matcher *m)
{
    return m->anomalies.count[ANOMALY_REGEX_LIMIT];
}
/* Does the regex match anywhere in subject? */
enum outcome matcher_regex(struct matcher *m, const struct regex *regex, struct view subject);
/* Notes the anomaly of a match that failed. */
void matcher_regex_failed(struct matcher *m, enum regex_result result);

#endif
