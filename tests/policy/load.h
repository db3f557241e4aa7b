/* Settings from a text, for tests. */
#ifndef TESTS_POLICY_LOAD_H
#define TESTS_POLICY_LOAD_H

#include "policy/policy.h"

/* The diagnostics as people see them; the caller frees. */
char *printed(const struct diags *diags);
/* *p is NULL when it was refused. What printed() gives. */
char *load(const char *text, size_t n, struct policy **p);

#endif
