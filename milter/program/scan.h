/* What scan and explain share: judging the messages below some paths and printing them in order. */
#ifndef PROGRAM_SCAN_H
#define PROGRAM_SCAN_H

#include "program/packs.h"

struct scan_wishes {
    bool json;
    bool explain;
    bool progress;
    const char *rule; /* foreign; explain this rule too, or NULL */
    unsigned jobs;
};

/* The exit code of extortctl scan. */
int scan_paths(const struct scan_wishes *wishes, const struct packs *packs,
               const char *const *paths, size_t n_paths);

#endif
