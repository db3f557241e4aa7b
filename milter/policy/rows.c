/* Reading `policies`. */
#include "policy/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 256, KEY_MAX = NAME_MAX_BYTES + 16 };

static const char match_hint[] =
    "\"anna@example.com\", \"@example.com\", \"@.example.com\" for all "
    "domains below it, or \"listener:25\"";

static bool pattern_add(struct settings_reader *r, struct policy_rows *rows, uint32_t row,
                        const config_setting_t *s)
{
    char text[PATTERN_BYTES_MAX];
    const char *wanted = config_setting_get_string(s);
    struct view form =
        pattern_good(view_of(wanted)) ? pattern_form(view_of(wanted), text) : VIEW_NONE;
    if (form.n == 0) {
        setting_error(r, s, "policies.match", match_hint,
                      "\"%s\" is no address, domain or listener", wanted);
        return true;
    }
    if (rows->n_patterns == rows->cap_patterns) {
        uint32_t cap = rows->cap_patterns == 0 ? 16 : rows->cap_patterns * 2;
        struct pattern *v = realloc(rows->patterns, cap * sizeof *v);
        if (v == NULL)
            return false;
        rows->patterns = v;
        rows->cap_patterns = cap;
    }
    char *copy = strndup(form.p, form.n);
    if (copy != NULL)
        rows->patterns[rows->n_patterns++] =
            (struct pattern){copy, row, config_setting_source_line(s)};
    return copy != NULL;
}

static void match_read(struct settings_reader *r, struct policy_rows *rows, uint32_t row,
                       const config_setting_t *group)
{
    const config_setting_t *s = config_setting_get_member(group, "match");
    int n = s != NULL && (config_setting_is_array(s) || config_setting_is_list(s))
                ? config_setting_length(s)
                : 0;
    if (n == 0 || n > PATTERNS_MAX) {
        setting_error(r, s != NULL ? s : group, "policies.match", match_hint,
                      n == 0 ? "a list of those whom it is for is missing"
                             : "has too many entries");
        return;
    }
    for (unsigned i = 0; i < (unsigned)n; i++) {
        const config_setting_t *one = config_setting_get_elem(s, i);
        if (config_setting_type(one) != CONFIG_TYPE_STRING)
            setting_error(r, one, "policies.match", match_hint,
                          "each entry stands in double quotes");
        else if (!pattern_add(r, rows, row, one))
            r->no_memory = true;
    }
}

static void unknown_key(struct settings_reader *r, const config_setting_t *s, const char *name)
{
    const char *names[VALUE_COUNT + 4] = {"match", "classes", "headers"};
    char key[KEY_MAX];
    for (unsigned v = 0; v < VALUE_COUNT; v++)
        names[3 + v] = policy_value_name((enum policy_value)v);
    const char *nearest = diags_nearest(name, names);
    (void)snprintf(key, sizeof key, "policies.%s", name);
    if (setting_find(name) != NULL)
        setting_error(r, s, key, "write it outside of the policies",
                      "can be said for all recipients only");
    else if (nearest != NULL)
        setting_error(r, s, key, NULL, "unknown key, did you mean \"%s\"?", nearest);
    else
        setting_error(r, s, key, "extortion-milter.conf(5) lists what a policy may say",
                      "unknown key");
}

/* A value of the row itself, or, prefix "headers.", of the group in it. */
static void value_read(struct settings_reader *r, const config_setting_t *s, const char *prefix,
                       struct said_list *said)
{
    char name[NAME_MAX_BYTES], key[KEY_MAX];
    (void)snprintf(name, sizeof name, "%s%s", prefix, config_setting_name(s));
    (void)snprintf(key, sizeof key, "policies.%s", name);
    enum policy_value v = value_find(name);
    if (v < VALUE_COUNT)
        said_read(r, v, CLASS_NONE, key, s, said);
    else
        unknown_key(r, s, name);
}

static void row_read(struct settings_reader *r, const config_setting_t *group,
                     struct said_list *said)
{
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *s = config_setting_get_elem(group, i);
        const char *name = config_setting_name(s);
        bool headers = strcmp(name, "headers") == 0;
        for (unsigned k = 0; headers && setting_is_group(r, s, "policies.headers") &&
                             k < (unsigned)config_setting_length(s);
             k++)
            value_read(r, config_setting_get_elem(s, k), "headers.", said);
        if (!headers && strcmp(name, "match") != 0 && strcmp(name, "classes") != 0)
            value_read(r, s, "", said);
    }
}

void rows_read(struct settings_reader *r, const config_setting_t *root)
{
    const config_setting_t *list = config_setting_get_member(root, "policies");
    if (list == NULL)
        return;
    unsigned n = (unsigned)config_setting_length(list);
    if (!config_setting_is_list(list) || n > POLICY_ROWS_MAX) {
        setting_error(r, list, "policies",
                      "policies = ( { match = [ \"@example.fi\" ]; country = \"FI\"; } );",
                      n > POLICY_ROWS_MAX ? "has more than %d rows" : "must be a list in ( )",
                      POLICY_ROWS_MAX);
        return;
    }
    struct policy_rows *rows = calloc(1, sizeof *rows);
    r->settings->rows = rows;
    if (rows != NULL)
        rows->v = calloc(n + 1u, sizeof *rows->v);
    if (rows == NULL || rows->v == NULL) {
        r->no_memory = true;
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        const config_setting_t *group = config_setting_get_elem(list, i);
        struct policy_row *row = &rows->v[rows->n++];
        row->line = config_setting_source_line(group);
        if (!config_setting_is_group(group)) {
            setting_error(r, group, "policies", "{ match = [ \"@example.fi\" ]; ... }",
                          "each policy is a group");
            continue;
        }
        match_read(r, rows, i, group);
        row_read(r, group, &row->said);
    }
    patterns_index(r, rows);
}

void rows_read_classes(struct settings_reader *r, const config_setting_t *root,
                       const struct ruleset *ruleset)
{
    const config_setting_t *list =
        root != NULL ? config_setting_get_member(root, "policies") : NULL;
    struct policy_rows *rows = r->settings->rows;
    for (uint32_t i = 0; list != NULL && rows != NULL && i < rows->n; i++) {
        const config_setting_t *row = config_setting_get_elem(list, i);
        const config_setting_t *group =
            config_setting_is_group(row) ? config_setting_get_member(row, "classes") : NULL;
        if (group != NULL)
            classes_read(r, group, "policies.", ruleset, &rows->v[i].said);
        never_held_check(r, "policies.", ruleset, &rows->v[i].said);
    }
}

void rows_check_notices(struct settings_reader *r, const struct notices *n)
{
    const struct policy_rows *rows = r->settings->rows;
    for (uint32_t i = 0; rows != NULL && i < rows->n; i++) {
        const struct said *s = said_find(&rows->v[i].said, VALUE_LANGUAGES, CLASS_NONE);
        if (s != NULL)
            notice_languages_check(r, "policies.languages", s->line, &s->u.strings, n);
        s = said_find(&rows->v[i].said, VALUE_COUNTRY, CLASS_NONE);
        if (s != NULL)
            notice_country_check(r, "policies.country", s->line, s->u.string, n);
    }
}

bool rows_have_operator(const struct policy_rows *rows)
{
    for (uint32_t i = 0; rows != NULL && i < rows->n; i++) {
        const struct said *s = said_find(&rows->v[i].said, VALUE_OPERATOR, CLASS_NONE);
        if (s != NULL && s->u.string[0] != '\0')
            return true;
    }
    return false;
}

void rows_free(struct policy_rows **rows)
{
    struct policy_rows *p = *rows;
    *rows = NULL;
    if (p == NULL)
        return;
    for (uint32_t i = 0; i < p->n; i++)
        said_list_fini(&p->v[i].said);
    for (uint32_t i = 0; i < p->n_patterns; i++)
        free(p->patterns[i].text);
    free(p->patterns);
    free(p->v);
    free(p);
}
