/* The inside of a policy. Private to policy. */
#ifndef POLICY_LOADED_H
#define POLICY_LOADED_H

#include <stdatomic.h>

#include "policy/policy.h"

struct policy {
    atomic_uint references;
    struct settings settings;
    struct ruleset *ruleset; /* own */
    struct store *store;     /* own; or NULL */
    struct notices *notices; /* own; or NULL */
    uint32_t never_held;     /* class of threats to life, or CLASS_NONE */
    bool has_mode;           /* mode goes over what settings and policies say */
    enum annotate_mode mode;
};

#endif
