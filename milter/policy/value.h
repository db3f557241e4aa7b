/* Values that rows of `policies` and groups of `classes` say. Private to policy. */
#ifndef POLICY_VALUE_H
#define POLICY_VALUE_H

#include "policy/settings.h"

struct said {
    enum policy_value value;
    uint32_t class_index; /* CLASS_NONE: not for a single class */
    unsigned line;
    union said_value {
        char *string; /* own, as are strings */
        struct string_list strings;
        bool flag;
        double number;
        unsigned bits;
    } u;
};

/* In the order in which they are applied. */
struct said_list {
    struct said *v; /* own */
    size_t n, cap;
};

const struct setting_row *value_setting(enum policy_value v);
/* VALUE_COUNT when no row can say that. */
enum policy_value value_find(const char *name);
/* Whether it is said, for class_index. */
const struct said *said_find(const struct said_list *l, enum policy_value v, uint32_t class_index);
/* Reads one value; key is its name in diagnostics. */
void said_read(struct settings_reader *r, enum policy_value v, uint32_t class_index,
               const char *key, const config_setting_t *s, struct said_list *out);
/* What is said for all classes goes over what was said for single ones. Texts are borrowed. */
void said_apply(struct settings *to, const struct said_list *l);
void said_list_fini(struct said_list *l);
/* The settings for all said it, in that line. */
void value_note(struct settings *s, const struct setting_row *row, unsigned line);
/* What the settings for all say of a class that says nothing itself. */
void class_values_spread(struct settings *s);
/* Combines what holds for one more recipient into what holds so far. */
void values_merge(struct policy_for *to, const struct settings *one);

#endif
