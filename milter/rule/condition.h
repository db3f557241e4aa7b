/*
 * Conditions: "a and not (b or count(c, d, e) >= 2)", three-valued. They know nothing of rules or
 * facets; what a name means is asked when parsing, what it is worth when evaluating.
 */
#ifndef RULE_CONDITION_H
#define RULE_CONDITION_H

#include "rule/rule.h"

enum condition_code {
    CONDITION_NAME,   /* push the value of name a; compared with number when compare is set */
    CONDITION_WITHIN, /* push: a within number words of b */
    CONDITION_NOT,
    CONDITION_AND,
    CONDITION_OR,
    CONDITION_COUNT, /* pop a values, push whether so many are true */
};

enum condition_compare {
    COMPARE_NONE,
    COMPARE_AT_LEAST,
    COMPARE_ABOVE,
    COMPARE_AT_MOST,
    COMPARE_BELOW,
    COMPARE_EQUAL,
};

struct condition_step {
    uint8_t code, compare;
    uint32_t a, b;
    double number;
};

/* In postfix order. */
struct condition {
    const struct condition_step *step;
    uint32_t n;
};

enum {
    CONDITION_STEPS_MAX = 1000,
    CONDITION_DEPTH_MAX = 16,  /* of parentheses */
    CONDITION_STACK_MAX = 256, /* values at once */
    CONDITION_WITHIN_MAX = 100,
};

struct condition_error {
    unsigned column; /* in bytes, from 1; conditions are ASCII */
    char message[200];
    char hint[200]; /* may be empty */
};

struct condition_names {
    /* The number of a name, or UINT32_MAX; then hint may be written. */
    uint32_t (*find)(void *context, struct view name, char *hint, size_t hint_size);
    void *context;
    const char *what; /* "rule", "facet" */
    bool within;      /* is "a within N of b" allowed? */
    bool comparisons; /* is "a >= 2.0" allowed? */
};

/* False with *error filled; message empty when memory is out. */
bool condition_parse(struct view text, const struct condition_names *names, struct arena *arena,
                     struct condition *out, struct condition_error *error);

/* leaf answers CONDITION_NAME and CONDITION_WITHIN steps. */
enum outcome condition_eval(const struct condition *c,
                            enum outcome (*leaf)(void *context, const struct condition_step *step),
                            void *context);

bool condition_compare(enum condition_compare compare, double left, double right);

#endif
