#include "policy/settings.h"

#include <stdarg.h>
#include <stdio.h>
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
    static const char *const groups[] = {"notice", "headers", "log",
                                         "limits", "classes", "recipients"};
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

static bool is_group(struct settings_reader *r, const config_setting_t *s, const char *key)
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
    if (row != NULL)
        (void)setting_apply(r, row, child);
    else
        unknown_key(r, child, group, key);
}

static void read_group(struct settings_reader *r, const config_setting_t *group)
{
    const char *name = config_setting_name(group);
    if (!is_group(r, group, name))
        return;
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++)
        read_child(r, config_setting_get_elem(group, i), name);
}

/* Two trace headers of one name would overwrite each other. */
static void check_header_names(struct settings_reader *r, const config_setting_t *root)
{
    const struct settings *s = r->settings;
    const char *const names[] = {s->header_flag, s->header_score, s->header_rules,
                                 HEADER_CLASS_NAME, HEADER_NOTICE_NAME};
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

void settings_read(struct settings_reader *r, const config_setting_t *root)
{
    for (unsigned i = 0; i < (unsigned)config_setting_length(root); i++) {
        const config_setting_t *child = config_setting_get_elem(root, i);
        const char *name = config_setting_name(child);
        if (strcmp(name, "headers") == 0 || strcmp(name, "log") == 0 ||
            strcmp(name, "limits") == 0 || strcmp(name, "notice") == 0)
            read_group(r, child);
        else if (strcmp(name, "classes") != 0 && strcmp(name, "recipients") != 0)
            read_child(r, child, "");
    }
    check_header_names(r, root);
    settings_read_recipients(r, root);
}

static void check_never_held(struct settings_reader *r, const config_setting_t *at, const char *key,
                             const char *class_id, unsigned actions)
{
    if (strcmp(class_id, CLASS_NEVER_HELD) == 0 && (actions & ACTION_QUARANTINE) != 0)
        setting_error(r, at, key,
                      "say what else to do with it: "
                      "classes = { violence = { actions = [ \"tag\" ]; }; };",
                      "threats to life must not be held: every hour counts for who is threatened");
}

static void read_class(struct settings_reader *r, const config_setting_t *group,
                       const struct ruleset *ruleset)
{
    static const char *const keys[] = {"actions", "quarantine_score", NULL};
    const char *names[CLASSES_MAX + 1], *name = config_setting_name(group);
    char key[KEY_MAX], child_key[KEY_MAX + 32];
    uint32_t n = ruleset_n_classes(ruleset), found = n;
    for (uint32_t i = 0; i < n && i < CLASSES_MAX; i++) {
        names[i] = ruleset_class(ruleset, i)->id;
        if (strcmp(names[i], name) == 0)
            found = i;
    }
    names[n < CLASSES_MAX ? n : CLASSES_MAX] = NULL;
    (void)snprintf(key, sizeof key, "classes.%s", name);
    if (found == n) {
        const char *nearest = diags_nearest(name, names);
        if (nearest != NULL)
            setting_error(r, group, key, NULL,
                          "the rule packs have no such class, did you mean \"%s\"?", nearest);
        else
            setting_error(r, group, key, "extortctl rules list shows the classes",
                          "the rule packs have no such class");
        return;
    }
    if (!is_group(r, group, key))
        return;
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *child = config_setting_get_elem(group, i);
        (void)snprintf(child_key, sizeof child_key, "%s.%s", key, config_setting_name(child));
        bool actions = strcmp(config_setting_name(child), keys[0]) == 0;
        if (!actions && strcmp(config_setting_name(child), keys[1]) != 0) {
            const char *nearest = diags_nearest(config_setting_name(child), keys);
            setting_error(r, child, child_key, "a class has actions and quarantine_score",
                          "unknown key%s%s%s", nearest != NULL ? ", did you mean \"" : "",
                          nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
            continue;
        }
        /* The row of the key that holds for all classes, aimed at this class's member. */
        struct setting_row row = *setting_find(actions ? keys[0] : keys[1]);
        row.key = child_key;
        row.offset =
            actions ? offsetof(struct settings, actions) + found * sizeof(unsigned)
                    : offsetof(struct settings, class_quarantine_score) + found * sizeof(double);
        if (setting_apply(r, &row, child) && actions)
            check_never_held(r, child, child_key, name, r->settings->actions[found]);
    }
}

void settings_read_classes(struct settings_reader *r, const config_setting_t *root,
                           const struct ruleset *ruleset)
{
    struct settings *s = r->settings;
    for (size_t i = 0; i < CLASSES_MAX; i++) {
        s->actions[i] = s->actions_default;
        s->class_quarantine_score[i] = s->quarantine_score;
    }
    const config_setting_t *group =
        root != NULL ? config_setting_get_member(root, "classes") : NULL;
    if (group != NULL && is_group(r, group, "classes"))
        for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++)
            read_class(r, config_setting_get_elem(group, i), ruleset);
    /* What `actions` says for all would hold them, too, unless the class says otherwise. */
    const config_setting_t *own = group != NULL && config_setting_is_group(group)
                                      ? config_setting_get_member(group, CLASS_NEVER_HELD)
                                      : NULL;
    bool said = own != NULL && config_setting_is_group(own) &&
                config_setting_get_member(own, "actions") != NULL;
    for (uint32_t i = 0; !said && i < ruleset_n_classes(ruleset) && i < CLASSES_MAX; i++)
        check_never_held(r, root != NULL ? config_setting_get_member(root, "actions") : NULL,
                         "actions", ruleset_class(ruleset, i)->id, s->actions[i]);
}
