/* The rows of `policies`: who they are for, and what they say. Private to policy. */
#ifndef POLICY_ROWS_H
#define POLICY_ROWS_H

#include "policy/value.h"

enum {
    PATTERNS_MAX = 1000,     /* of one row */
    PATTERN_BYTES_MAX = 320, /* an address has 254 (RFC 5321) */
};

struct policy_row {
    struct said_list said;
    unsigned line;
};

/* An entry of `match`. */
struct pattern {
    char *text; /* own; as pattern_form makes it */
    uint32_t row;
    unsigned line;
};

struct policy_rows {
    struct policy_row *v; /* own */
    uint32_t n;
    struct pattern *patterns; /* own; sorted by text */
    uint32_t n_patterns, cap_patterns;
};

/*
 * Lower case, domains in UTF-8 whichever form they came in, no final dot. The view lives in out;
 * VIEW_NONE when there is no room, so that nothing can match.
 */
struct view pattern_form(struct view text, char out[PATTERN_BYTES_MAX]);
/* "anna@example.com", "@example.com", "@.example.com", "listener:25". */
bool pattern_good(struct view text);
/* Sorts them; one that stands there twice is a mistake. */
void patterns_index(struct settings_reader *r, struct policy_rows *rows);
/* NULL when there is none. text: in pattern_form. */
const struct policy_row *pattern_find(const struct policy_rows *rows, struct view text);

/* The list `policies`, but for the groups `classes` in it. */
void rows_read(struct settings_reader *r, const config_setting_t *root);
/* Those; all classes are the ruleset's. */
void rows_read_classes(struct settings_reader *r, const config_setting_t *root,
                       const struct ruleset *ruleset);
/* A language or country that no file knows is a mistake to be told of. */
void rows_check_notices(struct settings_reader *r, const struct notices *n);
/* Whether a policy names an operator, though the settings for all do not. */
bool rows_have_operator(const struct policy_rows *rows);
void rows_free(struct policy_rows **rows);

/* The group `classes` of a policy (prefix "policies.") or of the file (""). */
void classes_read(struct settings_reader *r, const config_setting_t *group, const char *prefix,
                  const struct ruleset *ruleset, struct said_list *out);
/* Threats to life must not be held: neither by what is said of them, nor by what is said of all. */
void never_held_check(struct settings_reader *r, const char *prefix, const struct ruleset *ruleset,
                      const struct said_list *l);
/* Whoever wants mail redirected or copied must have a mailbox for it. The ruleset is loaded. */
void mailboxes_check(struct settings_reader *r, const struct policy *p);
/* A language or country that no file knows is a mistake to be told of, not a silent fallback. */
void notice_languages_check(struct settings_reader *r, const char *key, unsigned line,
                            const struct string_list *languages, const struct notices *n);
void notice_country_check(struct settings_reader *r, const char *key, unsigned line,
                          const char *country, const struct notices *n);

#endif
