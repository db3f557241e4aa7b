/* The settings that the daemon would use, for the verbs that ask what it would do. */
#ifndef PROGRAM_POLICIES_H
#define PROGRAM_POLICIES_H

#include "policy/policy.h"
#include "program/packs.h"

/*
 * *config: the file; NULL: that of the daemon, which then stands there, or defaults if there is
 * none. Prints every diagnostic on stderr. 0 with *out owned by the caller, or a sysexits code.
 */
int policies_load(const char **config, const struct packs *packs, struct policy **out);
/* What --listener says: a number is a port, anything else a name. */
void policies_listener(const char *text, const char **name, const char **port);

#endif
