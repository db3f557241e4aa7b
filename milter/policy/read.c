#include "policy/network.h"
#include "policy/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void setting_error(struct settings_reader *r, const config_setting_t *at, const char *key,
                   const char *hint, const char *format, ...)
{
    char message[768];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    diags_add(r->diags, DIAG_ERROR, r->file, at != NULL ? config_setting_source_line(at) : 0, key,
              hint, "%s", message);
}

static const char *last_component(const char *key)
{
    const char *dot = strrchr(key, '.');
    return dot != NULL ? dot + 1 : key;
}

enum { NAMES_MAX = 64, KEY_MAX = 256 };

/*
 * What may stand in a group ("" is the top): the next component of each key, each once; ended by
 * NULL.
 */
static void group_names(const char *group, const char *names[NAMES_MAX])
{
    static const char *const groups[] = {"notice", "evidence", "failure", "headers",
                                         "log",    "metrics",  "alert",   "quarantine",
                                         "limits", "classes",  "policies"};
    size_t n = 0;
    for (const struct setting_row *row = setting_rows; row->key != NULL; row++) {
        size_t g = strlen(group);
        bool inside = g == 0 ? strchr(row->key, '.') == NULL
                             : strncmp(row->key, group, g) == 0 && row->key[g] == '.';
        if (inside && n < NAMES_MAX - 1)
            names[n++] = last_component(row->key);
    }
    if (strcmp(group, "limits") == 0)
        for (const struct limit_row *row = limit_rows; row->name != NULL && n < NAMES_MAX - 1;
             row++)
            names[n++] = row->name;
    if (group[0] == '\0')
        for (size_t i = 0; i < sizeof groups / sizeof groups[0] && n < NAMES_MAX - 1; i++)
            names[n++] = groups[i];
    names[n] = NULL;
}

static void unknown_key(struct settings_reader *r, const config_setting_t *child, const char *group,
                        const char *key)
{
    const char *names[NAMES_MAX], *name = config_setting_name(child);
    char hint[KEY_MAX];
    group_names(group, names);
    const char *nearest = diags_nearest(name, names);
    if (nearest != NULL) {
        setting_error(r, child, key, NULL, "unknown key, did you mean \"%s\"?", nearest);
        return;
    }
    for (const struct setting_row *row = setting_rows; row->key != NULL; row++) {
        if (strcmp(last_component(row->key), name) != 0)
            continue;
        (void)snprintf(hint, sizeof hint, "there is a key \"%s\"", row->key);
        setting_error(r, child, key, hint, "unknown key");
        return;
    }
    setting_error(r, child, key, "extortion-milter --print-config shows every key", "unknown key");
}

static void read_limit(struct settings_reader *r, const config_setting_t *child, const char *key,
                       const struct limit_row *row)
{
    int type = config_setting_type(child);
    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
        setting_error(r, child, key, NULL, "must be a whole number");
        return;
    }
    long long value = config_setting_get_int64(child);
    if (value != 0 && (value < (long long)row->min || value > (long long)row->max)) {
        setting_error(r, child, key, row->reason,
                      "%lld is out of range, %u to %u are allowed, or 0 for the default of %u",
                      value, row->min, row->max, row->def);
        return;
    }
    uint32_t *member = (uint32_t *)(void *)((char *)&r->settings->limits + row->offset);
    *member = value == 0 ? row->def : (uint32_t)value;
}

bool setting_is_group(struct settings_reader *r, const config_setting_t *s, const char *key)
{
    if (config_setting_is_group(s))
        return true;
    setting_error(r, s, key, "write it as NAME = { ... };", "must be a group");
    return false;
}

static void read_child(struct settings_reader *r, const config_setting_t *child, const char *group)
{
    const char *name = config_setting_name(child);
    char key[KEY_MAX];
    (void)snprintf(key, sizeof key, "%s%s%s", group, group[0] != '\0' ? "." : "", name);
    if (strcmp(group, "limits") == 0) {
        for (const struct limit_row *row = limit_rows; row->name != NULL; row++)
            if (strcmp(row->name, name) == 0) {
                read_limit(r, child, key, row);
                return;
            }
        unknown_key(r, child, group, key);
        return;
    }
    const struct setting_row *row = setting_find(key);
    if (row == NULL)
        unknown_key(r, child, group, key);
    else if (setting_apply(r, row, child))
        value_note(r->settings, row, config_setting_source_line(child));
}

static void read_group(struct settings_reader *r, const config_setting_t *group)
{
    const char *name = config_setting_name(group);
    if (!setting_is_group(r, group, name))
        return;
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++)
        read_child(r, config_setting_get_elem(group, i), name);
}

/* Who listens to the world should have meant it. */
static void check_metrics_address(struct settings_reader *r, const config_setting_t *root)
{
    const struct settings *s = r->settings;
    struct socket_address address;
    const char *hint;
    const config_setting_t *group = config_setting_get_member(root, "metrics");
    if (s->metrics_remote || group == NULL ||
        !socket_address_read(s->metrics_listen, &address, &hint) || socket_is_local(&address))
        return;
    const config_setting_t *at = config_setting_get_member(group, "listen");
    setting_error(
        r, at != NULL ? at : group, "metrics.listen",
        "name 127.0.0.1 or ::1, or say metrics.remote = true if other hosts are to read it",
        "\"%s\" may be reached from other hosts", address.host);
}

/* Two trace headers of one name would overwrite each other. */
static void check_header_names(struct settings_reader *r, const config_setting_t *root)
{
    const struct settings *s = r->settings;
    const char *const names[] = {s->header_flag,    s->header_score,    s->header_rules,
                                 HEADER_CLASS_NAME, HEADER_NOTICE_NAME, HEADER_HOLD_NAME,
                                 HEADER_MOVED_NAME, HEADER_ALERT_NAME};
    enum { N = sizeof names / sizeof names[0] };
    for (size_t i = 0; i < N; i++)
        for (size_t j = i + 1; j < N; j++)
            if (strcasecmp(names[i], names[j]) == 0) {
                setting_error(r, config_setting_get_member(root, "headers"), "headers",
                              "each trace header needs its own name", "\"%s\" is used twice",
                              names[j]);
                return;
            }
}

static void read_networks(struct settings_reader *r)
{
    struct settings *s = r->settings;
    const char *hint;
    s->networks = calloc(s->internal_networks.n + 1, sizeof *s->networks);
    r->no_memory = r->no_memory || s->networks == NULL;
    for (size_t i = 0; s->networks != NULL && i < s->internal_networks.n; i++)
        (void)network_read(s->internal_networks.v[i], &s->networks[i], &hint);
}

void settings_read(struct settings_reader *r, const config_setting_t *root)
{
    for (unsigned i = 0; i < (unsigned)config_setting_length(root); i++) {
        const config_setting_t *child = config_setting_get_elem(root, i);
        const char *name = config_setting_name(child);
        if (strcmp(name, "headers") == 0 || strcmp(name, "log") == 0 ||
            strcmp(name, "limits") == 0 || strcmp(name, "notice") == 0 ||
            strcmp(name, "evidence") == 0 || strcmp(name, "failure") == 0 ||
            strcmp(name, "metrics") == 0 || strcmp(name, "alert") == 0 ||
            strcmp(name, "quarantine") == 0)
            read_group(r, child);
        else if (strcmp(name, "classes") != 0 && strcmp(name, "policies") != 0)
            read_child(r, child, "");
    }
    check_header_names(r, root);
    read_networks(r);
    check_metrics_address(r, root);
    rows_read(r, root);
}

static uint32_t find_class(const struct ruleset *ruleset, const char *id)
{
    uint32_t c = 0;
    while (c < ruleset_n_classes(ruleset) && strcmp(ruleset_class(ruleset, c)->id, id) != 0)
        c++;
    return c < ruleset_n_classes(ruleset) ? c : CLASS_NONE;
}

void never_held_check(struct settings_reader *r, const char *prefix, const struct ruleset *ruleset,
                      const struct said_list *l)
{
    uint32_t c = find_class(ruleset, CLASS_NEVER_HELD);
    const struct said *s = said_find(l, VALUE_ACTIONS, c);
    char key[KEY_MAX];
    (void)snprintf(key, sizeof key, "%s%s", prefix,
                   s != NULL ? "classes." CLASS_NEVER_HELD ".actions" : "actions");
    if (s == NULL)
        s = said_find(l, VALUE_ACTIONS, CLASS_NONE);
    if (c != CLASS_NONE && s != NULL && (s->u.bits & (ACTION_QUARANTINE | ACTION_REDIRECT)) != 0)
        diags_add(r->diags, DIAG_ERROR, r->file, s->line, key,
                  "say what else to do with it: "
                  "classes = { violence = { actions = [ \"tag\" ]; }; };",
                  "threats to life must not be %s: every hour counts for who is threatened",
                  (s->u.bits & ACTION_QUARANTINE) != 0 ? "held" : "redirected");
}

static void unknown_class(struct settings_reader *r, const config_setting_t *group, const char *key,
                          const struct ruleset *ruleset)
{
    const char *names[CLASSES_MAX + 1] = {NULL};
    for (uint32_t i = 0; i < ruleset_n_classes(ruleset) && i < CLASSES_MAX; i++)
        names[i] = ruleset_class(ruleset, i)->id;
    const char *nearest = diags_nearest(config_setting_name(group), names);
    char hint[1024] = "they have";
    for (size_t i = 0, n = strlen(hint); names[i] != NULL && n < sizeof hint; i++)
        n += (size_t)snprintf(hint + n, sizeof hint - n, "%s %s", i > 0 ? "," : "", names[i]);
    if (nearest != NULL)
        setting_error(r, group, key, NULL,
                      "the rule packs have no such class, did you mean \"%s\"?", nearest);
    else
        setting_error(r, group, key, hint, "the rule packs have no such class");
}

/* prefix: of its key, "classes." or "policies.classes.". */
static void read_class(struct settings_reader *r, const config_setting_t *group, const char *prefix,
                       const struct ruleset *ruleset, struct said_list *out)
{
    const char *keys[CLASS_VALUES + 1] = {NULL};
    char key[KEY_MAX], child_key[KEY_MAX + 32];
    uint32_t class_index = find_class(ruleset, config_setting_name(group));
    for (unsigned v = 0; v < CLASS_VALUES; v++)
        keys[v] = policy_value_name((enum policy_value)v);
    (void)snprintf(key, sizeof key, "%sclasses.%s", prefix, config_setting_name(group));
    if (class_index == CLASS_NONE) {
        unknown_class(r, group, key, ruleset);
        return;
    }
    if (!setting_is_group(r, group, key))
        return;
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *child = config_setting_get_elem(group, i);
        enum policy_value v = value_find(config_setting_name(child));
        (void)snprintf(child_key, sizeof child_key, "%s.%s", key, config_setting_name(child));
        if (v < CLASS_VALUES) {
            said_read(r, v, class_index, child_key, child, out);
            continue;
        }
        const char *nearest = diags_nearest(config_setting_name(child), keys);
        setting_error(r, child, child_key,
                      "a class has threshold, quarantine_score, redirect_score, copy_score and "
                      "actions",
                      "unknown key%s%s%s", nearest != NULL ? ", did you mean \"" : "",
                      nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    }
}

void classes_read(struct settings_reader *r, const config_setting_t *group, const char *prefix,
                  const struct ruleset *ruleset, struct said_list *out)
{
    char key[KEY_MAX];
    (void)snprintf(key, sizeof key, "%sclasses", prefix);
    for (unsigned i = 0;
         setting_is_group(r, group, key) && i < (unsigned)config_setting_length(group); i++)
        read_class(r, config_setting_get_elem(group, i), prefix, ruleset, out);
}

void settings_read_classes(struct settings_reader *r, const config_setting_t *root,
                           const struct ruleset *ruleset)
{
    struct said_list said = {.n = 0};
    const config_setting_t *group =
        root != NULL ? config_setting_get_member(root, "classes") : NULL;
    const config_setting_t *actions =
        root != NULL ? config_setting_get_member(root, "actions") : NULL;
    class_values_spread(r->settings);
    if (actions != NULL && r->settings->origin.value[VALUE_ACTIONS] != 0)
        said_read(r, VALUE_ACTIONS, CLASS_NONE, "actions", actions, &said);
    if (group != NULL)
        classes_read(r, group, "", ruleset, &said);
    never_held_check(r, "", ruleset, &said);
    said_apply(r->settings, &said);
    said_list_fini(&said);
    rows_read_classes(r, root, ruleset);
}
