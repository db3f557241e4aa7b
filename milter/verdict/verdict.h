/*
 * verdict - hits to a judgement: facets, class, score, confidence, and the reasons; and the one
 * call from bytes to verdict that daemon, extortctl, tests, fuzzers and benchmarks share.
 *
 * Hits are weighed in the densest window of the message; each facet saturates; context subtracts;
 * quoted and forwarded words count less when somebody else's own words stand around them. See
 * docs/RULES.md, "How a verdict comes about".
 *
 * Pure: no I/O, no clock, no environment. A struct scanner serves one thread at a time; its ruleset
 * may be shared.
 */
#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H

#include "rule/rule.h"

#define CLASS_NONE UINT32_MAX

/* One hit's part in the score. */
struct reason {
    const struct rule_info *rule;
    struct hit hit;
    double points; /* what it gave after saturation; negative for context */
    bool in_window;
    bool quoted;        /* weighed less: stands in quoted or forwarded text */
    struct view quote;  /* the original words, as the reader sees them; may be empty */
    struct span origin; /* bytes of the message; empty when it stands nowhere */
};

struct verdict {
    bool flagged;
    double score;           /* points; 5.0 = flagged, as mail administrators know it */
    uint32_t class_index;   /* into the ruleset's classes; CLASS_NONE unless flagged */
    const char *class_id;   /* or NULL */
    const char *language;   /* whose rules made the verdict; NULL: rules of no language */
    uint32_t nearest_class; /* the class that came closest, flagged or not; for explanations */
    double confidence; /* 0..1 that it is this class; grows with points and lead, see weigh.c */
    double facets[FACET_COUNT];         /* points per facet, in the window, for nearest_class */
    uint32_t window_first, window_last; /* words; WORD_NONE when there is none */
    const struct reason *reasons;       /* by falling points, context last */
    uint32_t n_reasons;
    const double *class_scores; /* per class of the ruleset; 0 when its requirement is not met */
    struct anomalies anomalies; /* of the message, its text, indicators and matching together */
    bool incomplete; /* a limit kept part of the message or some rule from being judged */
};

enum status verdict_weigh(const struct ruleset *ruleset, const struct facts *facts,
                          const struct matches *matches, struct arena *arena, struct verdict *out);

/* Everything about one scanned message; valid until the scanner's next run. */
struct scan {
    struct message message;
    struct text text;
    struct indicators indicators;
    struct matches matches;
    struct verdict verdict;
};

struct scanner;

/* STATUS_IO when libmagic's data cannot be loaded. The ruleset must outlive the scanner. */
enum status scanner_new(const struct ruleset *ruleset, const struct limits *limits,
                        struct scanner **out);
/*
 * One more of the same kind with the other's libmagic data. That one may be at work meanwhile, and
 * must be freed later.
 */
enum status scanner_new_beside(const struct scanner *other, struct scanner **out);
void scanner_free(struct scanner **s);
/* The scanner's own reader, for more work on the same message by the same thread. */
struct mail_reader *scanner_reader(struct scanner *s);
/*
 * Asked now and then while a message is judged; true: stop, the run ends with STATUS_DEADLINE. For
 * the runs from now on; NULL: they take as long as they take.
 */
void scanner_budget(struct scanner *s, bool (*poll)(void *context), void *context);
/*
 * done is called after each stage of a run, on its thread, for who has a clock; NULL: nobody is.
 */
enum scan_stage { SCAN_PARSE, SCAN_TEXT, SCAN_INDICATOR, SCAN_RULE, SCAN_VERDICT };
void scanner_watch(struct scanner *s, void (*done)(void *context, enum scan_stage stage),
                   void *context);
/*
 * Judges the bytes of one message. envelope may be NULL. raw must stay until the result is no
 * longer used. STATUS_NO_MEMORY, STATUS_DEADLINE: no verdict (the caller decides what that means
 * for delivery).
 */
enum status scanner_run(struct scanner *s, struct view raw, const struct envelope *envelope,
                        const struct scan **out);

/* ---- What a scan found, for reports ---- */

/* Line numbers of a message, from 1. */
struct lines {
    struct view raw;  /* foreign */
    uint32_t *before; /* own; line ends before each block of LINES_BLOCK bytes */
};
enum { LINES_BLOCK = 4096 };
bool lines_init(struct lines *l, struct view raw);
void lines_fini(struct lines *l);
uint32_t lines_at(const struct lines *l, uint32_t offset);

const char *segment_name(enum segment_kind kind);
/* The words that a reason stands on: its quote, else its indicator's value; may be empty. */
struct view reason_words(const struct scan *scan, const struct reason *r);
/* The segment a reason stands in, or NULL when it stands nowhere. */
const struct segment *reason_segment(const struct scan *scan, const struct reason *r);
struct span reason_origin(const struct scan *scan, const struct reason *r);
/*
 * Members of an open JSON object: flagged, score, class, confidence, facets, rules, indicators,
 * anomalies; spans are bytes of the message. lines: with line numbers, and what rules say of
 * themselves; or NULL.
 */
void scan_json(struct json *j, const struct scan *scan, const struct lines *lines);

#endif
