/*
 * Every limit, with its reason. 0 in a settings file means "the default". Reaching a limit is never
 * silent: it becomes the anomaly named beside it, and what was read up to there is still judged.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

#include "base/budget.h"

/*      name, default, smallest, largest, anomaly, reason */
#define LIMITS(X)                                                                                  \
    X(message_bytes, 4194304, 1024, 268435456, "message-truncated",                                \
      "extortion letters are small; beyond 4 MiB only attachments remain")                         \
    X(header_bytes, 1048576, 1024, 16777216, "header-limit",                                       \
      "Postfix allows 6000 headers of 60 kB; no honest mail has more than 256 kB of them")         \
    X(headers, 2000, 10, 100000, "header-limit", "bounds the work per message")                    \
    X(header_value_bytes, 65536, 256, 1048576, "header-limit",                                     \
      "Postfix cuts each header at 60000 bytes when milters are set")                              \
    X(parts, 1000, 1, 100000, "part-limit", "a mail of 100,000 parts is an attack")                \
    X(nesting, 32, 1, 1000, "nesting-limit", "mail programs give up well before this")             \
    X(decoded_bytes, 16777216, 1024, 1073741824, "decoded-limit",                                  \
      "all decoded text of one message together")                                                  \
    X(text_bytes, 524288, 1024, 67108864, "text-limit",                                            \
      "visible text that is folded and matched; the longest real letter seen has 12 kB")           \
    X(words, 131072, 64, 16777216, "text-limit", "words that are matched, all parts together")     \
    X(links, 1000, 1, 100000, "link-limit", "link targets kept for indicators and rules")          \
    X(indicators, 1000, 1, 100000, "indicator-limit", "a price list has many amounts")             \
    X(indicator_candidates, 20000, 100, 10000000, "indicator-limit",                               \
      "address-shaped strings whose checksum is computed")                                         \
    X(indicator_lookups, 150000, 100, 100000000, "indicator-limit",                                \
      "words looked up by each kind of indicator, about 5 ms; large honest mail needs a tenth")    \
    X(hits_per_rule, 32, 1, 10000, "hit-limit", "one rule proves nothing more by repetition")      \
    X(rule_work, 4000000, 1000, 4000000000, "rule-budget",                                         \
      "steps of phrase matching per message, about 20 ms")                                         \
    X(pcre_match, 100000, 100, 100000000, "regex-limit",                                           \
      "a catastrophic pattern burns 0.2 ms instead of 12 ms at the library's default")             \
    X(pcre_depth, 1000, 10, 1000000, "regex-limit", "same, for the interpreter's depth")           \
    X(pcre_heap_kib, 1024, 16, 1048576, "regex-limit", "heap of one regex match")                  \
    X(arena_bytes, 134217728, 1048576, 2147483647, "memory-limit",                                 \
      "all memory of one message; a 4 MiB mail needs about 40 MiB at worst")

struct limits {
#define X(name, def, min, max, anomaly, reason) uint32_t name;
    LIMITS(X)
#undef X
    /* What is not a number of a settings file: time. Foreign; NULL: as much as it takes. */
    struct budget *budget;
};

struct limit_row {
    const char *name;
    uint32_t def, min, max;
    const char *anomaly;
    const char *reason;
    uint32_t offset; /* of the member in struct limits */
};

/* The rows above, ended by a row whose name is NULL. */
extern const struct limit_row limit_rows[];

struct limits limits_default(void);

#endif
