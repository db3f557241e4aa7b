/*
 * Literals that every match of a regular expression must contain, and a search for all literals of
 * all patterns at once: a regex runs only where its literal was seen.
 */
#ifndef RULE_LITERAL_H
#define RULE_LITERAL_H

#include "base/base.h"

enum { LITERAL_BYTES_MIN = 3, LITERAL_BYTES_MAX = 64, LITERALS_MAX = 16 };

/* One of these stands in every match. */
struct literals {
    struct view v[LITERALS_MAX];
    uint32_t n;
};

/*
 * The best literals of a PCRE2 pattern: of (foo|barn)x? it is foo or barn. False when there are
 * none of LITERAL_BYTES_MIN or more, or the pattern uses something this small reader does not know,
 * or memory is out; then its author must name one. In the arena, ASCII letters in lower case.
 * folded: the pattern is for folded text; else only ASCII counts, because the search for literals
 * knows the case of ASCII letters only.
 */
bool literals_extract(struct view pattern, bool folded, struct arena *arena, struct literals *out);

/* A set of literals to look for. Never changes after building; any thread. */
struct gate {
    struct view *literal; /* lower case */
    uint32_t n;
    uint8_t *shift;   /* by hash of two bytes: how far the window may move */
    uint32_t *bucket; /* by hash: first literal of a chain, + 1 */
    uint32_t *next;   /* by literal: next of the chain, + 1 */
    uint32_t window;  /* length of the shortest literal */
};

/* literal: n of them, each of LITERAL_BYTES_MIN or more. STATUS_OK or STATUS_NO_MEMORY. */
enum status gate_build(const struct view *literal, uint32_t n, struct arena *arena,
                       struct gate *out);
/* Sets seen[i] for each literal i that stands in subject, whatever the case of ASCII letters. */
void gate_scan(const struct gate *g, struct view subject, bool *seen);

#endif
