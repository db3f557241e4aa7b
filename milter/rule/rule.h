/*
 * rule - rule packs (libconfig files) to an immutable ruleset; a ruleset and facts to hits.
 *
 * The language is described in docs/RULES.md. All words and stems of all packs stand in one trie
 * that is walked once per word of the text; phrases are matched over the sparse list of what was
 * seen; a PCRE2 regex runs only when its required literal was seen. Cost follows the text, not the
 * number of rules.
 *
 * A ruleset never changes after loading and may be shared by any number of threads; a matcher holds
 * the scratch memory of one thread. Loading reads files; matching does no I/O.
 */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include "indicator/indicator.h"

enum facet {
#define FACET(id, name, cap, text) FACET_##id,
#include "rule/facets.def"
#undef FACET
    FACET_COUNT,
    FACET_NONE = FACET_COUNT /* a helper rule: seen by `when`, counts for nothing itself */
};
const char *facet_name(enum facet facet);
enum facet facet_find(struct view name); /* FACET_COUNT when there is none of that name */

#define CLASSES_MAX   64
#define LANGUAGES_MAX 64

/* How strongly a rule speaks for a class when classes are compared; negative: against it. */
struct lean {
    uint32_t class_index;
    double points;
};

/* What a rule is, for verdicts and explanations. Strings live as long as the ruleset. */
struct rule_info {
    const char *id;
    const char *pack;
    const char
        *template_id; /* of the template it was made from, shared by all languages; or NULL */
    const char *describe;
    const char *file;
    unsigned line;
    enum facet facet;
    double weight;           /* points, > 0 (context subtracts them) */
    uint64_t classes;        /* bit i: speaks for class i; 0: for any class */
    const struct lean *lean; /* none: its weight, shared by the classes that it names */
    uint32_t n_lean;
    uint8_t language; /* of its pack; 0: any. See ruleset_language */
    bool shadow;      /* evaluated and shown, never counted */
    bool ordinary;    /* context: knows everyday mail only, which anybody can put around a letter */
    bool report;      /* context: the sender speaks of somebody else's letter */
};

struct class_info {
    const char *id;
    const char *describe;
    double threshold; /* points to be flagged as this class */
};

struct ruleset;

/* "10.42 2022-12-11": the library that is linked. */
void rule_pcre2_version(char out[32]);

/* What a ruleset is made from. */
struct ruleset_source {
    const char *const
        *paths; /* pack files, or directories whose *.conf are read, sorted, at any depth */
    size_t n_paths;
    bool prove; /* run each rule's hit and miss; a failure is an error */
    bool lint;  /* warn of what is odd in packs that load */
};

/*
 * STATUS_OK with *out owned by the caller; STATUS_INVALID when diags got at least one error (all
 * errors of all packs are reported in one run); STATUS_IO and STATUS_NO_MEMORY likewise with a
 * diagnostic. Warnings do not stop it.
 */
enum status ruleset_load(const struct ruleset_source *source, const struct limits *limits,
                         struct diags *diags, struct ruleset **out);
void ruleset_free(struct ruleset **ruleset);

uint32_t ruleset_n_rules(const struct ruleset *r);
const struct rule_info *ruleset_rule(const struct ruleset *r, uint32_t rule);
double rule_lean(const struct rule_info *rule, uint32_t class_index);
uint32_t ruleset_n_classes(const struct ruleset *r);
const struct class_info *ruleset_class(const struct ruleset *r, uint32_t class_index);
/* Languages of the packs are numbered from 1 to ruleset_n_languages; "fi" for language 1, say. */
uint32_t ruleset_n_languages(const struct ruleset *r);
const char *ruleset_language(const struct ruleset *r, uint32_t language);
/* Points at which facet saturates, as the packs say. */
double ruleset_cap(const struct ruleset *r, enum facet facet);
/* Whether each rule of the facet counts whole; else the second half, the third a quarter... */
bool ruleset_counts_whole(const struct ruleset *r, enum facet facet);
/* Words in the densest window, as the packs say. */
uint32_t ruleset_window(const struct ruleset *r);
/* 16 hex digits: a hash of all pack files' bytes, in order; names this ruleset in logs. */
const char *ruleset_version(const struct ruleset *r);
/* Is the class's requirement met by these facet points (FACET_COUNT of them)? */
bool class_requirement(const struct ruleset *r, uint32_t class_index, const double *points);

/* What is known about the transaction, beside the message; every member may be empty or unknown. */
struct envelope {
    bool known;         /* false: a file, no transaction; envelope predicates are unknown */
    struct view sender; /* without <>; empty: the null sender */
    const struct view *recipients;
    uint32_t n_recipients;
    struct view client_address; /* "203.0.113.7" */
    struct view helo;
    bool authenticated;
};

struct facts {
    struct mail_reader *reader;
    const struct message *message;
    const struct text *text;
    const struct indicators *indicators;
    const struct envelope *envelope; /* may be NULL */
};

enum outcome { OUTCOME_NO = 0, OUTCOME_YES, OUTCOME_UNKNOWN };

#define WORD_NONE UINT32_MAX

struct hit {
    uint32_t rule;
    uint32_t first, last; /* words, inclusive; WORD_NONE when it stands nowhere (header, anomaly) */
    uint32_t indicator;   /* index into indicators when the hit is one; else UINT32_MAX */
};

struct matches {
    const struct hit *hits; /* by rule, then place; at most limits.hits_per_rule a rule */
    uint32_t n_hits;
    const uint8_t *outcome; /* enum outcome per rule */
    uint32_t n_unknown;
    const char *const *stopped; /* ids of rules that a PCRE2 limit stopped; the first eight */
    uint32_t n_stopped;
    struct anomalies anomalies; /* of matching only */
};

/*
 * Why a rule did not hit a message: adds lines, each ended by "\n", for people. They quote the
 * mail, so they are as hostile as it is. facts.reader may be NULL. STATUS_OK, STATUS_NO_MEMORY, or
 * STATUS_IO when libmagic's data cannot be loaded.
 */
enum status rule_why_not(const struct ruleset *r, const struct limits *limits,
                         const struct facts *facts, uint32_t rule, struct buf *out);

struct matcher;

/* gates: true; false runs every regex and phrase ungated, for the test that compares both. */
enum status matcher_new(const struct ruleset *r, const struct limits *limits, bool gates,
                        struct matcher **out);
void matcher_free(struct matcher **m);
/* Everything in *out lives in the arena. STATUS_OK or STATUS_NO_MEMORY. */
enum status matcher_run(struct matcher *m, const struct facts *facts, struct arena *arena,
                        struct matches *out);

#endif
