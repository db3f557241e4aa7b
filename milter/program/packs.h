/*
 * Which rule packs a verb works with, and loading them with everything said that is wrong. Paths
 * come from --rules, else from $EXTORTION_RULES (split at ':'), else it is the installed folder.
 */
#ifndef PROGRAM_PACKS_H
#define PROGRAM_PACKS_H

#include "rule/rule.h"

struct packs {
    char **paths; /* own */
    size_t n;
    char **beside; /* own; paths of --with, until packs_default */
    size_t n_beside;
};

/* False when memory is out. */
bool packs_add(struct packs *p, const char *path);
/* A pack beside the others: it does not take the place of the installed ones. */
bool packs_add_beside(struct packs *p, const char *path);
void packs_fini(struct packs *p);
/*
 * Fills in the environment's or the installed packs when none were added, then those beside them.
 * False: no memory.
 */
bool packs_default(struct packs *p);
/*
 * Loads and proves the packs; prints every diagnostic on stderr. 0 with *out owned by the caller,
 * or a sysexits code. quiet: warnings are not printed when there is no error.
 */
int packs_load(const struct packs *p, const struct limits *limits, bool quiet,
               struct ruleset **out);

/*
 * The same, but leaves the diagnostics to the caller; nothing is printed unless a path is missing.
 * lint: also warnings about what is odd.
 */
int packs_load_diags(const struct packs *p, const struct limits *limits, bool lint,
                     struct diags *diags, struct ruleset **out);
/* How many distinct packs the ruleset was made of. */
size_t packs_count(const struct ruleset *r);
/* Diagnostics on stderr. */
void packs_print_diags(const struct diags *diags);

#endif
