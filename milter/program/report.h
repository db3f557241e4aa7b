/* What a scan found, written for people and for programs. Every text of a mail is made harmless. */
#ifndef PROGRAM_REPORT_H
#define PROGRAM_REPORT_H

#include "program/screen.h"
#include "verdict/verdict.h"

struct report {
    const char *path;
    uint32_t number; /* of the message in an mbox, from 1; 0: the file's only one */
    const struct scan *scan;
    const struct ruleset *ruleset;
    double ms;
};

/* One line: verdict, points, class, path. */
enum status report_line(struct buf *out, const struct screen *s, const struct report *r);
/* The same, then why: window, every hit in its own words, what was missing for other classes. */
enum status report_why(struct buf *out, const struct screen *s, const struct report *r);
/* Did this rule hit, where, did it count; and if not, what is known of why. */
enum status report_rule(struct buf *out, const struct screen *s, const struct report *r,
                        uint32_t rule);
/*
 * One JSON object on one line. full: with places, descriptions and every class; rule: and with what
 * report_rule tells of that rule, unless UINT32_MAX.
 */
enum status report_json(struct buf *out, const struct report *r, bool full, uint32_t rule);

/* Inside report-*.c */

enum { WHY_BYTES_MAX = 1 << 20 };
/* Lines that say why the rule did not hit; as hostile as the mail. */
enum status report_why_not(struct buf *out, const struct report *r, uint32_t rule);

const char *outcome_name(uint8_t outcome);

enum standing {
    STANDING_FLAGGED,   /* reaches its threshold */
    STANDING_BELOW,     /* requirement met, too few points */
    STANDING_SCATTERED, /* all that it requires is there, but not in one window */
    STANDING_MISSING,   /* something that it requires is nowhere in the message */
};

enum { MISSING_MAX = 8 };

/* How near a message came to one class. */
struct standing_of {
    enum standing standing;
    double score, threshold;
    bool any;           /* any rule that names this class was hit */
    uint16_t some;      /* bit f: facet f has points, if too few */
    unsigned n_missing; /* ways in which the requirement could be met; each adds fewest facets */
    uint16_t missing[MISSING_MAX]; /* bit f: facet f is needed */
};
struct standing_of standing_find(const struct report *r, uint32_t class_index);

#endif
