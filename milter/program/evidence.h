/* Inside extortctl evidence. */
#ifndef PROGRAM_EVIDENCE_H
#define PROGRAM_EVIDENCE_H

#include "policy/policy.h"
#include "program/verb.h"

struct evidence_wishes {
    const struct verb *verb;
    const char *directory;
    const char *key_file, *output, *language, *data; /* or NULL */
    bool json, message, dry_run, all;
    size_t days;    /* SIZE_MAX: not given */
    uint64_t quota; /* UINT64_MAX: not given */
    const char *const *ids;
    size_t n_ids;
    bool has_key;
    struct store_key key;  /* a secret one */
    struct policy *policy; /* settings only; NULL: there is no file of them */
};

/* Says what went wrong, with errno for STATUS_IO; a sysexits code. path may be NULL. */
int evidence_trouble(const char *path, enum status status);
/* The records that the command line names, or all of them when it names none. A sysexits code. */
int evidence_select(const struct evidence_wishes *w, struct store_entries *out);
/* The key to read with, or NULL. */
const struct store_key *evidence_key(const struct evidence_wishes *w);
/* Reads and opens one; a sysexits code, 0 whatever its state. Both to be finished. */
int evidence_open(const struct evidence_wishes *w, const char *id, struct buf *file,
                  struct record *record, enum record_state *state);
/* Says why it could not be opened; returns 1. */
int evidence_unopened(const char *id, const struct record *r, enum record_state state);

int evidence_list(const struct evidence_wishes *w);
int evidence_show(const struct evidence_wishes *w);
int evidence_verify(const struct evidence_wishes *w);
int evidence_export(const struct evidence_wishes *w);
int evidence_purge(const struct evidence_wishes *w);

#endif
