/* Inside rule_why_not. */
#ifndef RULE_WHY_H
#define RULE_WHY_H

#include "rule/matcher.h"

struct why {
    struct matcher *m; /* foreign; after its run over the message */
    struct buf *out;   /* foreign */
    enum status status;
};

/* Adds one line. */
void why_add(struct why *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The words of the message from first to last, cut when they are many. */
struct view why_quote(const struct why *w, struct place at);
/* any and near */
void why_phrases(struct why *w, const struct rule *rule);

#endif
