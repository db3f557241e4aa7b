/*
 * Selectors: "td.x > a[href]", as far as they can be decided from an element and those around it
 * (Selectors 4: type, universal, class, id, attribute; descendant and child combinators). Private
 * to room text.
 */
#ifndef TEXT_CSS_SELECT_H
#define TEXT_CSS_SELECT_H

#include "base/base.h"

/* What a selector may ask of an element. */
struct css_element {
    uint8_t element; /* enum element */
    struct view class_names, id;
    struct view tag; /* as written, from '<' to '>' */
};

enum condition_kind {
    CONDITION_CLASS,    /* .value */
    CONDITION_ID,       /* #value */
    CONDITION_PRESENT,  /* [name] */
    CONDITION_EQUAL,    /* [name=value] */
    CONDITION_WORD,     /* [name~=value] */
    CONDITION_DASH,     /* [name|=value] */
    CONDITION_PREFIX,   /* [name^=value] */
    CONDITION_SUFFIX,   /* [name$=value] */
    CONDITION_CONTAINS, /* [name*=value] */
};

struct css_condition {
    enum condition_kind kind;
    struct view name, value;
};

#define ELEMENT_ANY UINT8_MAX

struct css_compound {
    uint8_t element;  /* or ELEMENT_ANY */
    bool child;       /* stands directly inside the compound before it */
    uint8_t first, n; /* conditions */
};

/* More than these make a selector doubtful; mail hardly uses half of them. */
#define SELECTOR_COMPOUNDS  6
#define SELECTOR_CONDITIONS 8

struct css_selector {
    struct css_compound compound[SELECTOR_COMPOUNDS]; /* from outside in */
    struct css_condition condition[SELECTOR_CONDITIONS];
    uint8_t n, n_conditions;
    /*
     * It asks for more than can be decided (":hover", "+", ":not()"): only the innermost compound
     * is kept, and it is not certain that the rule applies.
     */
    bool doubtful;
    uint32_t weight; /* specificity */
};

/* False when it selects no element at all ("::before"), or cannot be read. */
bool selector_parse(struct view text, struct css_selector *out);
/*
 * Does it select path[depth - 1], which stands inside those before it? *steps is what the looking
 * may still cost; when it is used up, the answer is no.
 */
bool selector_match(const struct css_selector *s, const struct css_element *path, uint32_t depth,
                    uint32_t *steps);

#endif
