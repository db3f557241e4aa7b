/* The compiled ruleset: what loading writes and matching reads. Never changes after loading. */
#ifndef RULE_RULESET_H
#define RULE_RULESET_H

#include "rule/condition.h"
#include "rule/literal.h"
#include "rule/phrase.h"
#include "rule/regex.h"
#include "rule/rule.h"

enum rule_kind {
    RULE_OFF, /* switched off by an overlay: its answer is always no */
    RULE_ANY,
    RULE_NEAR,
    RULE_REGEX,
    RULE_INDICATOR,
    RULE_HEADER,
    RULE_ATTACHMENT,
    RULE_ANOMALY,
    RULE_ENVELOPE,
    RULE_DISGUISE,
    RULE_WHEN,
};

/* A yes-or-no question that an author may leave out. */
enum asked { ASKED_NOT, ASKED_FALSE, ASKED_TRUE };

struct phrase_rule {
    uint32_t phrase_from, phrase_to; /* in ruleset.phrase */
    uint32_t unless_from, unless_to;
    uint32_t within;   /* near */
    uint32_t at_least; /* any: places that must be found */
    uint32_t unless_within;
    bool compounds; /* some phrase of it accepts a compound */
};

enum regex_subject {
    SUBJECT_FOLDED,
    SUBJECT_VISIBLE,
    SUBJECT_LINK,
    SUBJECT_FILENAME,
    SUBJECT_HEADER,
    SUBJECT_COUNT
};

struct regex_rule {
    enum regex_subject on;
    struct view header;                /* SUBJECT_HEADER: the field's name */
    const struct regex *regex;         /* owned by ruleset.regex */
    uint32_t literal_from, literal_to; /* in the gate of its subject; one of them must be seen */
};

struct indicator_rule {
    enum indicator_kind kind;
    bool has_min, has_max;
    double min, max;
    const struct view *currency;
    uint32_t n_currency;
    struct view detail;
    enum asked repaired, link;
};

struct header_rule {
    struct view name, same, differs;
    const struct regex *regex;
    enum asked exists;
};

struct attachment_rule {
    struct view type;
    const struct regex *name;
    enum asked mismatch;
};

struct anomaly_rule {
    const enum anomaly *v;
    uint32_t n;
    uint32_t at_least;
};

struct envelope_rule {
    enum asked null_sender, authenticated;
    const struct regex *sender, *helo;
};

struct disguise_rule {
    double mapped, hidden; /* negative: not asked */
};

struct rule {
    struct rule_info info;
    enum rule_kind kind;
    uint32_t where; /* bit per enum segment_kind */
    union {
        struct phrase_rule phrases;
        struct regex_rule regex;
        struct indicator_rule indicator;
        struct header_rule header;
        struct attachment_rule attachment;
        struct anomaly_rule anomaly;
        struct envelope_rule envelope;
        struct disguise_rule disguise;
        struct condition when; /* names are rules; n_rules + f is facet f */
    } u;
};

struct class
{
    struct class_info info;
    struct condition require; /* names are facets */
};

struct ruleset {
    const char *language[LANGUAGES_MAX];
    uint32_t n_languages;
    struct arena arena;   /* everything below but the regexes */
    struct regex **regex; /* own each */
    uint32_t n_regexes, cap_regexes;
    struct rule *rule;
    uint32_t n_rules;
    struct class class[CLASSES_MAX];
    uint32_t n_classes;
    double cap[FACET_COUNT];
    uint32_t window;
    bool whole[FACET_COUNT]; /* the facet halves nothing */
    struct lexicon lexicon;
    /* Compounds first, each after those it needs; then by rule: what it looks for, then unless. */
    struct phrase *phrase;
    struct sieve *sieve;          /* by phrase */
    uint8_t *phrase_language;     /* by phrase: it counts only in this one; 0: in any */
    struct phrase_note *note;     /* by phrase */
    struct index compound_starts; /* by term: compounds whose search starts there */
    /*
     * The same for phrases of rules: start[start_from[term]] to start[start_from[term + 1]];
     * INDEX_SPARE behind the last may be read.
     */
    const uint32_t *start_from;
    const struct start *start;
    uint32_t n_phrases, n_compounds;
    struct gate gate[SUBJECT_COUNT];
    /* Rules by kind, rising; `when` rules after those that they need. */
    const uint32_t *by_kind[RULE_WHEN + 1];
    uint32_t n_by_kind[RULE_WHEN + 1];
    struct index facet_rules;    /* by facet: counted rules */
    struct index language_terms; /* by language: the terms of its templates, each once */
    char version[17];
};

#endif
