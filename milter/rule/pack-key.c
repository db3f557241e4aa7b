/* Settings of a pack: their origin, their types, and what to say when they are wrong. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rule/load.h"

void complain(struct load *l, struct origin at, const char *hint, const char *format, ...)
{
    char message[1000];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    diags_add(l->diags, DIAG_ERROR, at.pack != NULL ? at.pack->path : NULL, origin_line(at),
              at.where, hint != NULL && hint[0] != '\0' ? hint : NULL, "%s", message);
}

const char *keep(struct load *l, const char *text)
{
    const char *kept = names_share(&l->texts, text, strlen(text) + 1);
    if (kept == NULL)
        l->no_memory = true;
    return kept != NULL ? kept : "";
}

const char *nearest_hint(struct load *l, const char *word, const char *const *names,
                         const char *fallback)
{
    const char *near = names != NULL ? diags_nearest(word, names) : NULL;
    if (near == NULL)
        return fallback;
    size_t bytes = strlen(near) + 20;
    char *hint = arena_alloc(&l->arena, bytes);
    if (hint == NULL)
        return fallback;
    (void)snprintf(hint, bytes, "did you mean \"%s\"?", near);
    return hint;
}

/*
 * libconfig notes a string's line when it reads what follows it, which may be on a later line. The
 * string itself stands there or a little above.
 */
unsigned origin_line(struct origin o)
{
    enum { LINES_BACK_MAX = 20, START_MAX = 40 };
    const struct pack *pack = o.pack;
    const char *text = o.text;
    unsigned line = o.line;
    if (text == NULL || pack == NULL)
        return line;
    char start[START_MAX] = "\"";
    size_t n = 1;
    for (; n < START_MAX && text[n - 1] != '\0' && strchr("\\\"\n\t", text[n - 1]) == NULL; n++)
        start[n] = text[n - 1];
    for (unsigned at = line; at > 0 && at <= pack->n_lines && at + LINES_BACK_MAX > line; at--) {
        struct view here = view_sub(pack->text, pack->line[at - 1], pack->line[at]);
        if (view_find(here, (struct view){start, n}) < here.n)
            return at;
    }
    return line;
}

struct origin origin_of(const struct pack *pack, const config_setting_t *setting, const char *where)
{
    bool listed =
        config_setting_type(setting) == CONFIG_TYPE_STRING && config_setting_name(setting) == NULL;
    return (struct origin){pack, config_setting_source_line(setting), where,
                           listed ? config_setting_get_string(setting) : NULL};
}

static bool all_of_type(const config_setting_t *list, int type)
{
    int n = config_setting_length(list);
    for (int i = 0; i < n; i++)
        if (config_setting_type(config_setting_get_elem(list, (unsigned)i)) != type)
            return false;
    return true;
}

static unsigned types_of(const config_setting_t *s)
{
    switch (config_setting_type(s)) {
    case CONFIG_TYPE_STRING:
        return KEY_TEXT;
    case CONFIG_TYPE_BOOL:
        return KEY_FLAG;
    case CONFIG_TYPE_INT:
        return KEY_NUMBER | KEY_WHOLE;
    case CONFIG_TYPE_FLOAT:
        return KEY_NUMBER;
    case CONFIG_TYPE_GROUP:
        return KEY_GROUP;
    case CONFIG_TYPE_ARRAY:
    case CONFIG_TYPE_LIST:
        return (all_of_type(s, CONFIG_TYPE_STRING) ? KEY_TEXTS : 0u) |
               (config_setting_is_list(s) && all_of_type(s, CONFIG_TYPE_GROUP) ? KEY_GROUPS : 0u);
    default:
        return 0;
    }
}

static const char *types_text(unsigned types)
{
    if (types == (KEY_TEXT | KEY_TEXTS))
        return "a text \"...\", or texts [ \"...\", \"...\" ]";
    if (types == (KEY_TEXT | KEY_GROUP))
        return "a text \"...\" or a group { ... }";
    if (types & KEY_TEXTS)
        return "texts [ \"...\", \"...\" ]";
    if (types & KEY_TEXT)
        return "a text \"...\"";
    if (types & KEY_FLAG)
        return "true or false";
    if (types & KEY_WHOLE)
        return "a whole number";
    if (types & KEY_NUMBER)
        return "a number";
    return types & KEY_GROUP ? "a group { ... }" : "a list of groups ( { ... }, { ... } )";
}

void keys_check(struct load *l, struct origin at, const config_setting_t *group,
                const struct key *keys, const char *what)
{
    enum { KEYS_MAX = 40 };
    const char *names[KEYS_MAX + 1] = {NULL};
    for (size_t k = 0; k < KEYS_MAX && keys[k].name != NULL; k++)
        names[k] = keys[k].name;
    int n = config_setting_length(group);
    for (int i = 0; i < n; i++) {
        const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        const char *name = config_setting_name(s);
        const struct key *key = keys;
        while (key->name != NULL && strcmp(key->name, name) != 0)
            key++;
        struct origin here = origin_of(at.pack, s, at.where);
        if (key->name == NULL)
            complain(l, here, nearest_hint(l, name, names, "see docs/RULES.md for the keys"),
                     "unknown key \"%s\" in %s", name, what);
        else if ((types_of(s) & key->types) == 0)
            complain(l, here, NULL, "%s must be %s", name, types_text(key->types));
    }
}

const char *key_text(const config_setting_t *group, const char *name)
{
    const config_setting_t *s = config_setting_get_member(group, name);
    return s != NULL && config_setting_type(s) == CONFIG_TYPE_STRING ? config_setting_get_string(s)
                                                                     : NULL;
}

bool key_flag(const config_setting_t *group, const char *name, bool fallback)
{
    enum asked asked = key_asked(group, name);
    return asked == ASKED_NOT ? fallback : asked == ASKED_TRUE;
}

enum asked key_asked(const config_setting_t *group, const char *name)
{
    const config_setting_t *s = config_setting_get_member(group, name);
    if (s == NULL || config_setting_type(s) != CONFIG_TYPE_BOOL)
        return ASKED_NOT;
    return config_setting_get_bool(s) ? ASKED_TRUE : ASKED_FALSE;
}

double key_number(struct load *l, struct origin at, const config_setting_t *group, const char *name,
                  double above, double most, double fallback)
{
    const config_setting_t *s = config_setting_get_member(group, name);
    if (s == NULL || (types_of(s) & KEY_NUMBER) == 0)
        return fallback;
    double value = config_setting_type(s) == CONFIG_TYPE_INT ? config_setting_get_int(s)
                                                             : config_setting_get_float(s);
    if (isfinite(value) && value > above && value <= most)
        return value;
    complain(l, origin_of(at.pack, s, at.where), NULL, "%s must be above %g and at most %g", name,
             above, most);
    return fallback;
}

uint32_t key_whole(struct load *l, struct origin at, const config_setting_t *group,
                   const char *name, uint32_t least, uint32_t most, uint32_t fallback)
{
    const config_setting_t *s = config_setting_get_member(group, name);
    if (s == NULL || config_setting_type(s) != CONFIG_TYPE_INT)
        return fallback;
    int value = config_setting_get_int(s);
    if (value >= 0 && (uint32_t)value >= least && (uint32_t)value <= most)
        return (uint32_t)value;
    complain(l, origin_of(at.pack, s, at.where), NULL, "%s must be from %u to %u", name,
             (unsigned)least, (unsigned)most);
    return fallback;
}

const config_setting_t *key_texts(const config_setting_t *group, const char *name)
{
    const config_setting_t *s = config_setting_get_member(group, name);
    return s != NULL && (types_of(s) & (KEY_TEXT | KEY_TEXTS)) != 0 ? s : NULL;
}

uint32_t texts_n(const config_setting_t *texts)
{
    if (texts == NULL)
        return 0;
    return config_setting_is_aggregate(texts) ? (uint32_t)config_setting_length(texts) : 1;
}

static const config_setting_t *texts_setting(const config_setting_t *texts, uint32_t i)
{
    return config_setting_is_aggregate(texts) ? config_setting_get_elem(texts, i) : texts;
}

const char *texts_at(const config_setting_t *texts, uint32_t i)
{
    return config_setting_get_string(texts_setting(texts, i));
}

struct origin texts_origin(const struct pack *pack, const config_setting_t *texts, uint32_t i,
                           const char *where)
{
    return origin_of(pack, texts_setting(texts, i), where);
}
