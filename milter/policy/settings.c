#include "policy/settings.h"

#include <stdlib.h>
#include <string.h>

#include "policy/check.h"
#include "policy/network.h"
#include "policy/rows.h"

static const char *const failure_words[] = {"accept", "tempfail", "quarantine", NULL};
static const char *const differ_words[] = {"strict", "split", NULL};
/* The first of failure_words: a message is not held for want of a record. */
static const char *const refusal_words[] = {"accept", "tempfail", NULL};
static const char *const class_words[] = {"accept", "tempfail", "quarantine", "default", NULL};
static const char *const target_words[] = {"syslog", "stderr", NULL};
static const char *const form_words[] = {"text", "json", NULL};
static const char *const address_words[] = {"none", "hash", "domain", "full", NULL};
static const char *const action_words[] = {"tag",      "subject", "quarantine", "annotate",
                                           "redirect", "copy",    NULL};
static const char *const mode_words[] = {"header", "wrap", "inline", "auto", NULL};

_Static_assert(FAILURE_ACCEPT == 0 && FAILURE_TEMPFAIL == 1 && FAILURE_QUARANTINE == 2 &&
                   FAILURE_DEFAULT == 3,
               "failure_words and class_words stand in the order of enum failure_action");
_Static_assert(DIFFER_STRICT == 0 && DIFFER_SPLIT == 1,
               "differ_words stand in the order of enum differ_mode");
_Static_assert(LOG_TARGET_SYSLOG == 0 && LOG_TARGET_STDERR == 1,
               "target_words stand in the order of enum log_target");
_Static_assert(LOG_ADDRESSES_NONE == 0 && LOG_ADDRESSES_HASH == 1 && LOG_ADDRESSES_DOMAIN == 2 &&
                   LOG_ADDRESSES_FULL == 3,
               "address_words stand in the order of enum log_addresses");
_Static_assert(LOG_FORM_TEXT == 0 && LOG_FORM_JSON == 1,
               "form_words stand in the order of enum log_form");
_Static_assert(ANNOTATE_HEADER == 0 && ANNOTATE_WRAP == 1 && ANNOTATE_INLINE == 2 &&
                   ANNOTATE_AUTO == 3,
               "mode_words stand in the order of enum annotate_mode");
_Static_assert(ACTION_TAG == 1 && ACTION_SUBJECT == 2 && ACTION_QUARANTINE == 4 &&
                   ACTION_ANNOTATE == 8 && ACTION_REDIRECT == 16 && ACTION_COPY == 32,
               "bit i of the actions is action_words[i]");

const char *const failure_names[FAILURE_COUNT] = {
#define X(id, name) #name,
    FAILURES(X)
#undef X
};

enum failure_action settings_failure(const struct settings *s, enum failure failure)
{
    enum failure_action own = s->failures[failure];
    return own == FAILURE_DEFAULT ? s->on_failure : own;
}

const struct setting_row setting_rows[] = {
#define CHECK(f) .check = (f)
#define WORDS(w) .words = (w)
#define NONE     .words = NULL
#define SETTING(k, t, member, d, least, most, extra, text)                                         \
    {.key = (k),                                                                                   \
     .type = SETTING_##t,                                                                          \
     .offset = offsetof(struct settings, member),                                                  \
     .standard = (d),                                                                              \
     .min = (least),                                                                               \
     .max = (most),                                                                                \
     .help = (text),                                                                               \
     extra},
#include "policy/settings.def"
#undef SETTING
#undef CHECK
#undef WORDS
#undef NONE
    {.key = NULL},
};

const struct setting_row *setting_find(const char *key)
{
    const struct setting_row *row = setting_rows;
    while (row->key != NULL && strcmp(row->key, key) != 0)
        row++;
    return row->key != NULL ? row : NULL;
}

static const char *type_name(const config_setting_t *value)
{
    switch (config_setting_type(value)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return "a whole number";
    case CONFIG_TYPE_FLOAT:
        return "a number";
    case CONFIG_TYPE_STRING:
        return "a string";
    case CONFIG_TYPE_BOOL:
        return "true or false";
    case CONFIG_TYPE_GROUP:
        return "a group";
    case CONFIG_TYPE_ARRAY:
    case CONFIG_TYPE_LIST:
        return "a list";
    default:
        return "nothing";
    }
}

static bool wrong_type(struct settings_reader *r, const struct setting_row *row,
                       const config_setting_t *value, const char *wanted, const char *hint)
{
    setting_error(r, value, row->key, hint, "is %s, must be %s", type_name(value), wanted);
    return false;
}

static bool replace_string(struct settings_reader *r, char **member, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL) {
        r->no_memory = true;
        return false;
    }
    free(*member);
    *member = copy;
    return true;
}

static bool apply_string(struct settings_reader *r, const struct setting_row *row,
                         const config_setting_t *value, char **member)
{
    if (config_setting_type(value) != CONFIG_TYPE_STRING)
        return wrong_type(r, row, value, "a string", "strings stand in double quotes");
    const char *text = config_setting_get_string(value), *hint = NULL;
    size_t n = strlen(text);
    if (n < (size_t)row->min) {
        setting_error(r, value, row->key, "leave the key out to get the default", "is empty");
        return false;
    }
    if (n > (size_t)row->max) {
        setting_error(r, value, row->key, NULL, "has %zu bytes, at most %.0f are allowed", n,
                      row->max);
        return false;
    }
    if (n > 0 && row->check != NULL && !row->check(text, &hint)) {
        setting_error(r, value, row->key, hint, "\"%s\" is not usable here", text);
        return false;
    }
    return replace_string(r, member, text);
}

static bool apply_bool(struct settings_reader *r, const struct setting_row *row,
                       const config_setting_t *value, bool *member)
{
    if (config_setting_type(value) != CONFIG_TYPE_BOOL)
        return wrong_type(r, row, value, "true or false", "without quotes");
    *member = config_setting_get_bool(value) != 0;
    return true;
}

static bool apply_number(struct settings_reader *r, const struct setting_row *row,
                         const config_setting_t *value, double *member)
{
    double number;
    int type = config_setting_type(value);
    if (type == CONFIG_TYPE_FLOAT)
        number = config_setting_get_float(value);
    else if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64)
        number = (double)config_setting_get_int64(value);
    else
        return wrong_type(r, row, value, "a number", "such as 7.5, without quotes");
    /* Written so that not-a-number fails, too. */
    if (!(number >= row->min && number <= row->max)) {
        setting_error(r, value, row->key, NULL, "%g is out of range, %g to %g are allowed", number,
                      row->min, row->max);
        return false;
    }
    *member = number;
    return true;
}

static bool apply_mode(struct settings_reader *r, const struct setting_row *row,
                       const config_setting_t *value, unsigned *member)
{
    static const char hint[] = "three octal digits in quotes, such as \"0660\"";
    if (config_setting_type(value) != CONFIG_TYPE_STRING)
        return wrong_type(r, row, value, "a string", hint);
    const char *text = config_setting_get_string(value);
    size_t n = strlen(text);
    unsigned mode = 0;
    for (size_t i = 0; i < n && i < 4; i++)
        mode = mode * 8 + (unsigned)(text[i] - '0');
    if (n < 3 || n > 4 || strspn(text, "01234567") != n || mode > (unsigned)row->max) {
        setting_error(r, value, row->key, hint, "\"%s\" is not a file mode", text);
        return false;
    }
    *member = mode;
    return true;
}

/* The index of text in words, or -1 with a diagnostic. */
static int find_word(struct settings_reader *r, const struct setting_row *row,
                     const config_setting_t *value, const char *text)
{
    for (int i = 0; row->words[i] != NULL; i++)
        if (strcmp(row->words[i], text) == 0)
            return i;
    char hint[256] = "one of";
    for (size_t i = 0, n = strlen(hint); row->words[i] != NULL && n < sizeof hint; i++)
        n += (size_t)snprintf(hint + n, sizeof hint - n, "%s \"%s\"", i > 0 ? "," : "",
                              row->words[i]);
    const char *nearest = diags_nearest(text, row->words);
    if (nearest != NULL)
        setting_error(r, value, row->key, hint, "\"%s\" is unknown, did you mean \"%s\"?", text,
                      nearest);
    else
        setting_error(r, value, row->key, hint, "\"%s\" is unknown", text);
    return -1;
}

static bool apply_choice(struct settings_reader *r, const struct setting_row *row,
                         const config_setting_t *value, void *member)
{
    if (config_setting_type(value) != CONFIG_TYPE_STRING)
        return wrong_type(r, row, value, "a string", "words stand in double quotes");
    int found = find_word(r, row, value, config_setting_get_string(value));
    if (found < 0)
        return false;
    if (row->words == failure_words || row->words == refusal_words || row->words == class_words)
        *(enum failure_action *)member = (enum failure_action)found;
    else if (row->words == mode_words)
        *(enum annotate_mode *)member = (enum annotate_mode)found;
    else if (row->words == differ_words)
        *(enum differ_mode *)member = (enum differ_mode)found;
    else if (row->words == form_words)
        *(enum log_form *)member = (enum log_form)found;
    else if (row->words == address_words)
        *(enum log_addresses *)member = (enum log_addresses)found;
    else
        *(enum log_target *)member = (enum log_target)found;
    return true;
}

static bool is_list(const config_setting_t *value)
{
    int type = config_setting_type(value);
    return type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST;
}

static bool apply_actions(struct settings_reader *r, const struct setting_row *row,
                          const config_setting_t *value, unsigned *member)
{
    if (!is_list(value))
        return wrong_type(r, row, value, "a list", "such as [ \"tag\", \"subject\" ]");
    unsigned actions = 0;
    bool good = true;
    for (unsigned i = 0; i < (unsigned)config_setting_length(value); i++) {
        const config_setting_t *word = config_setting_get_elem(value, i);
        int found = -1;
        if (config_setting_type(word) == CONFIG_TYPE_STRING)
            found = find_word(r, row, word, config_setting_get_string(word));
        else
            (void)wrong_type(r, row, word, "a string", "actions stand in double quotes");
        if (found >= 0)
            actions |= 1u << found;
        good = good && found >= 0;
    }
    if (good)
        *member = actions;
    return good;
}

void strings_fini(struct string_list *l)
{
    for (size_t i = 0; l->v != NULL && i < l->n; i++)
        free(l->v[i]);
    free(l->v);
    *l = (struct string_list){NULL, 0};
}

static bool apply_strings(struct settings_reader *r, const struct setting_row *row,
                          const config_setting_t *value, struct string_list *member)
{
    if (!is_list(value))
        return wrong_type(r, row, value, "a list", "such as [ \"one\", \"two\" ]");
    size_t n = (size_t)config_setting_length(value);
    if (n > (size_t)row->max) {
        setting_error(r, value, row->key, NULL, "has %zu entries, at most %.0f are allowed", n,
                      row->max);
        return false;
    }
    struct string_list list = {.v = calloc(n + 1, sizeof *list.v), .n = n};
    bool good = list.v != NULL;
    r->no_memory = r->no_memory || list.v == NULL;
    for (size_t i = 0; list.v != NULL && i < n; i++) {
        const config_setting_t *entry = config_setting_get_elem(value, (unsigned)i);
        const char *hint = NULL;
        if (config_setting_type(entry) != CONFIG_TYPE_STRING) {
            good = wrong_type(r, row, entry, "a string", "each stands in double quotes");
        } else if (config_setting_get_string(entry)[0] == '\0') {
            setting_error(r, entry, row->key, NULL, "holds an empty entry");
            good = false;
        } else if (row->check != NULL && !row->check(config_setting_get_string(entry), &hint)) {
            setting_error(r, entry, row->key, hint, "\"%s\" is not usable here",
                          config_setting_get_string(entry));
            good = false;
        } else {
            good = replace_string(r, &list.v[i], config_setting_get_string(entry)) && good;
        }
    }
    strings_fini(good ? member : &list);
    if (good)
        *member = list;
    return good;
}

bool setting_apply(struct settings_reader *r, const struct setting_row *row,
                   const config_setting_t *value)
{
    void *member = (char *)r->settings + row->offset;
    switch (row->type) {
    case SETTING_STRING:
        return apply_string(r, row, value, member);
    case SETTING_BOOL:
        return apply_bool(r, row, value, member);
    case SETTING_NUMBER:
        return apply_number(r, row, value, member);
    case SETTING_MODE:
        return apply_mode(r, row, value, member);
    case SETTING_CHOICE:
        return apply_choice(r, row, value, member);
    case SETTING_ACTIONS:
        return apply_actions(r, row, value, member);
    case SETTING_STRINGS:
        return apply_strings(r, row, value, member);
    }
    return false;
}

enum status settings_init(struct settings *s)
{
    *s = (struct settings){.limits = limits_default()};
    struct diags diags;
    diags_init(&diags);
    struct settings_reader r = {.settings = s, .diags = &diags, .file = "(defaults)"};
    /* The defaults are written as a user would write them and go through the same checks. */
    for (const struct setting_row *row = setting_rows; row->key != NULL && !r.no_memory; row++) {
        char text[512];
        config_t config;
        config_init(&config);
        (void)snprintf(text, sizeof text, "v = %s;", row->standard);
        if (config_read_string(&config, text) != CONFIG_TRUE ||
            !setting_apply(&r, row, config_lookup(&config, "v")))
            r.no_memory = true;
        config_destroy(&config);
    }
    diags_fini(&diags);
    s->annotate = true;
    s->record = true;
    s->warn = true;
    return r.no_memory ? STATUS_NO_MEMORY : STATUS_OK;
}

void settings_fini(struct settings *s)
{
    for (const struct setting_row *row = setting_rows; row->key != NULL; row++)
        if (row->type == SETTING_STRING)
            free(*(char **)(void *)((char *)s + row->offset));
        else if (row->type == SETTING_STRINGS)
            strings_fini((struct string_list *)(void *)((char *)s + row->offset));
    rows_free(&s->rows);
    free(s->networks);
    *s = (struct settings){0};
}
