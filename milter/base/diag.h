/*
 * Diagnostics: what is wrong with a text that a user wrote (settings, rule packs). All mistakes of
 * one run are collected; nothing is printed here.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/buf.h"
#include "base/status.h"

enum diag_severity { DIAG_WARNING, DIAG_ERROR };

struct diag {
    enum diag_severity severity;
    char *file;    /* own */
    unsigned line; /* 0: the whole file */
    char *where;   /* own; rule id or key path, or NULL */
    char *message; /* own; what is wrong */
    char *hint;    /* own; what to do, or NULL */
};

struct diags {
    struct diag *v; /* own */
    size_t n;
    size_t cap;
    size_t n_errors;
    size_t dropped; /* beyond DIAGS_MAX, or lost for want of memory; counted, not kept */
};

#define DIAGS_MAX 1000 /* more than a person reads; keeps a binary file from filling memory */

void diags_init(struct diags *d);
void diags_fini(struct diags *d);
/* where and hint may be NULL. The format's text is "what is wrong", without file or line. */
void diags_add(struct diags *d, enum diag_severity severity, const char *file, unsigned line,
               const char *where, const char *hint, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
/* "file:line: error: where: message\n    hint: ...\n" for each, in order. */
enum status diags_print(const struct diags *d, struct buf *out);
/*
 * The candidate nearest to word by edit distance, for "did you mean"; NULL when none is near (more
 * than a third of the letters differ). names ends with NULL.
 */
const char *diags_nearest(const char *word, const char *const *names);

#endif
