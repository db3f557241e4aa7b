/*
 * Regular expressions, by PCRE2; no other file of the project names that library.
 *
 * Every limit of a match is set, and the JIT gets a stack of 1 MB: with the default of 32 kB PCRE2
 * answers -46 on honest text, which would be a silent miss. Whatever is neither a match nor "no
 * match" is REGEX_LIMIT or REGEX_FAILED. Without permission to write executable memory (systemd's
 * MemoryDenyWriteExecute=) the interpreter runs instead.
 */
#ifndef RULE_REGEX_H
#define RULE_REGEX_H

#include "base/base.h"

struct regex;        /* a compiled pattern; never changes, any thread */
struct regex_runner; /* scratch memory of one thread */

struct regex_error {
    size_t offset; /* in bytes of the pattern, where it went wrong */
    char message[160];
};

/*
 * Case does not matter. folded: the pattern is for folded text; letters beyond ASCII in it are
 * folded first ("\xC3\xA4" becomes "a"), and only when some remain beyond ASCII is it matched by
 * characters; else by bytes, which is twice as fast. Not folded: by characters, with \w and \b in
 * the sense of Unicode.
 * STATUS_OK, STATUS_INVALID with *error filled, STATUS_NO_MEMORY. The pattern's text is kept in
 * arena, the rest is freed by regex_free.
 */
enum status regex_compile(struct view pattern, bool folded, struct arena *arena, struct regex **out,
                          struct regex_error *error);
void regex_free(struct regex **r);
/* The pattern as it was compiled (folded). */
struct view regex_pattern(const struct regex *r);

enum status regex_runner_new(const struct limits *limits, struct regex_runner **out);
void regex_runner_free(struct regex_runner **r);

enum regex_result {
    REGEX_NO_MATCH,
    REGEX_MATCH,
    REGEX_LIMIT, /* a limit of limits.h, or the JIT's stack */
    REGEX_FAILED,
};
/*
 * The first match in subject that starts at from or later and is not empty. subject may be any
 * bytes, also invalid UTF-8.
 */
enum regex_result regex_find(struct regex_runner *runner, const struct regex *r,
                             struct view subject, size_t from, struct span *out);

#endif
