#include "policy/fake-rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ruleset {
    int n_rules;
};

atomic_int fake_rulesets;

static const struct class_info classes[FAKE_CLASSES] = {
    {.id = "sextortion", .threshold = 5.0},
    {.id = "breach-company", .threshold = 5.0},
    {.id = "violence", .threshold = 4.0},
};

static const struct rule_info rules[] = {
    {.id = "en-demand", .pack = "en"},
    {.id = "en-threat", .pack = "en"},
    {.id = "core-wallet", .pack = "core"},
};

enum status ruleset_load(const struct ruleset_source *source, const struct limits *limits,
                         struct diags *diags, struct ruleset **out)
{
    (void)limits;
    *out = NULL;
    for (size_t i = 0; i < source->n_paths; i++)
        if (strstr(source->paths[i], "bad-pack") != NULL) {
            diags_add(diags, DIAG_ERROR, source->paths[i], 7, "en-demand", NULL, "is broken");
            return STATUS_INVALID;
        }
    *out = calloc(1, sizeof **out);
    fake_rulesets += *out != NULL;
    return *out != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

void rule_pcre2_version(char out[32])
{
    (void)snprintf(out, 32, "none");
}

void ruleset_free(struct ruleset **ruleset)
{
    fake_rulesets -= *ruleset != NULL;
    free(*ruleset);
    *ruleset = NULL;
}

uint32_t ruleset_n_rules(const struct ruleset *r)
{
    (void)r;
    return sizeof rules / sizeof rules[0];
}

const struct rule_info *ruleset_rule(const struct ruleset *r, uint32_t rule)
{
    (void)r;
    return &rules[rule];
}

uint32_t ruleset_n_classes(const struct ruleset *r)
{
    (void)r;
    return FAKE_CLASSES;
}

const struct class_info *ruleset_class(const struct ruleset *r, uint32_t class_index)
{
    (void)r;
    return &classes[class_index];
}

const char *ruleset_version(const struct ruleset *r)
{
    (void)r;
    return "0123456789abcdef";
}
