/* The settings table and the walk over it. Private to policy. */
#ifndef POLICY_SETTINGS_H
#define POLICY_SETTINGS_H

#include <libconfig.h>

#include "policy/policy.h"

enum setting_type {
    SETTING_STRING,
    SETTING_BOOL,
    SETTING_NUMBER,
    SETTING_MODE,
    SETTING_CHOICE,
    SETTING_ACTIONS,
    SETTING_STRINGS,
};

struct setting_row {
    const char *key; /* "headers.flag" */
    enum setting_type type;
    size_t offset;        /* of the member in struct settings */
    const char *standard; /* the default, as written in the file */
    double min, max;      /* of a number; of a string's bytes; of a list's entries */
    const char *const *words;
    bool (*check)(const char *value, const char **hint); /* hint: what a good value looks like */
    const char *help;
};

/* The rows of settings.def, ended by a row whose key is NULL. */
extern const struct setting_row setting_rows[];

/* One configuration being read. */
struct settings_reader {
    struct settings *settings;
    struct diags *diags;
    const char *file;
    bool no_memory;
};

/* Every default. STATUS_NO_MEMORY leaves *s empty but finishable. */
enum status settings_init(struct settings *s);
void settings_fini(struct settings *s);
/*
 * The whole file over what is in r->settings, except `classes`. Everything wrong becomes a
 * diagnostic.
 */
void settings_read(struct settings_reader *r, const config_setting_t *root);
/* The groups `classes`, of all and of policies; the names are the ruleset's. */
void settings_read_classes(struct settings_reader *r, const config_setting_t *root,
                           const struct ruleset *ruleset);
/* One value into its member; false when a diagnostic was added. */
bool setting_apply(struct settings_reader *r, const struct setting_row *row,
                   const config_setting_t *value);
const struct setting_row *setting_find(const char *key);
void strings_fini(struct string_list *l);
/* False, with a diagnostic, when it is none. */
bool setting_is_group(struct settings_reader *r, const config_setting_t *s, const char *key);
/* A diagnostic about a setting, with its line. */
void setting_error(struct settings_reader *r, const config_setting_t *at, const char *key,
                   const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
