/*
 * Labelled mail to measure on. A manifest is tab-separated with a header line; columns are found by
 * name: path (relative to the manifest) and label are needed; class, language, cluster, complete
 * and tags (or obfuscation, disguise) are used when there; others are passed over.
 */
#ifndef PROGRAM_MANIFEST_H
#define PROGRAM_MANIFEST_H

#include "base/base.h"

enum label {
    LABEL_EXTORTION,
    LABEL_HAM,
    LABEL_HARDNEG, /* innocent, but looks alike */
    LABEL_SPAM,    /* unwanted, but no extortion */
    LABEL_COUNT
};

const char *label_name(enum label label);
/* LABEL_COUNT when there is none of that name. */
enum label label_find(struct view name);

/* One line: a file, or a folder or mailbox whose messages are all alike. Strings are never NULL. */
struct sample {
    const char *path; /* as written; what messages are known by from run to run */
    const char *file; /* to be opened */
    enum label label;
    const char *class_id; /* "" when unknown or none */
    const char *language;
    const char *cluster;
    const char *complete;
    const char *tags; /* separated by commas or spaces */
    const char *manifest;
    unsigned line; /* 0: not from a manifest */
};

struct manifest {
    struct arena arena;
    struct sample *v; /* in the arena */
    uint32_t n, cap;
};

void manifest_init(struct manifest *m);
void manifest_fini(struct manifest *m);
/*
 * Adds the samples of a manifest; what is wrong (unknown labels, broken lines) becomes diagnostics,
 * and the rest is still taken. STATUS_IO: could not be read, errno tells. STATUS_LIMIT: too large.
 */
enum status manifest_read(struct manifest *m, const char *path, struct diags *diags);
/* Adds a file, folder or mailbox whose messages all have one label. False: no memory. */
bool manifest_add(struct manifest *m, const char *path, enum label label);
/* Drops samples whose file occurred before, each with a diagnostic. False: no memory. */
bool manifest_unique(struct manifest *m, struct diags *diags);

#endif
