/* The top of each file: its pack, word lists, facets, classes, settings; and overlays. */
#include <stdio.h>
#include <string.h>

#include "rule/load.h"

enum { NAME_BYTES_MAX = 100, WINDOW_MIN = 20, WINDOW_MAX = 100000, STRETCH_MAX = 4 };

static bool name_valid(const char *name)
{
    struct view v = view_of(name);
    for (size_t i = 0; i < v.n; i++)
        if (!ascii_is_alnum((unsigned char)v.p[i]) && v.p[i] != '-' && v.p[i] != '.' &&
            v.p[i] != '_')
            return false;
    return v.n > 0 && v.n <= NAME_BYTES_MAX;
}

static const char *joined(struct load *l, const char *a, const char *b)
{
    size_t bytes = strlen(a) + strlen(b) + 2;
    char *p = arena_alloc(&l->arena, bytes);
    if (p == NULL) {
        l->no_memory = true;
        return "";
    }
    (void)snprintf(p, bytes, "%s.%s", a, b);
    return p;
}

static bool entries_add(struct load *l, struct word_list *list, const struct pack *pack,
                        const config_setting_t *texts)
{
    uint32_t n = texts_n(texts);
    if (list->entry == NULL) {
        /* Only overlays add more. */
        list->entry = arena_alloc(&l->arena, n * sizeof *list->entry);
        list->cap_entries = n;
    }
    struct list_entry *entry = list->entry != NULL
                                   ? arena_grow(&l->arena, list->entry, &list->cap_entries,
                                                list->n_entries + n, sizeof *entry)
                                   : NULL;
    if (entry == NULL) {
        l->no_memory = true;
        return false;
    }
    list->entry = entry;
    size_t bytes = 0;
    for (uint32_t i = 0; i < n; i++)
        bytes += strlen(texts_at(texts, i)) + 1;
    char *copy = arena_alloc(&l->arena, bytes);
    if (copy == NULL) {
        l->no_memory = true;
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const char *text = texts_at(texts, i);
        size_t size = strlen(text) + 1;
        memcpy(copy, text, size);
        entry[list->n_entries++] =
            (struct list_entry){copy, pack, texts_origin(pack, texts, i, NULL).line};
        copy += size;
    }
    return true;
}

static void list_add(struct load *l, const struct pack *pack, const config_setting_t *setting)
{
    const char *name = joined(l, pack->name, config_setting_name(setting));
    struct origin at = origin_of(pack, setting, name);
    const config_setting_t *group = config_setting_parent(setting);
    const config_setting_t *texts = key_texts(group, config_setting_name(setting));
    if (texts == NULL) {
        complain(l, at, NULL, "a word list must be texts [ \"...\", \"...\" ]");
        return;
    }
    uint32_t had = l->list_names.n, id = names_add(&l->list_names, view_of(name));
    struct word_list *list = id != NAME_NONE ? arena_grow(&l->arena, l->list, &l->cap_lists,
                                                          l->list_names.n, sizeof *list)
                                             : NULL;
    if (list == NULL) {
        l->no_memory = true;
        return;
    }
    l->list = list;
    if (id < had) {
        complain(l, at, "give one of them another name, or put the entries together",
                 "the list was defined before, in %s:%u", list[id].origin.pack->path,
                 origin_line(list[id].origin));
        return;
    }
    list[id] = (struct word_list){.pack = pack->name, .origin = at, .term = TERM_NONE};
    if (texts_n(texts) == 0)
        complain(l, at, "write at least one word, or remove the list", "the list is empty");
    (void)entries_add(l, &list[id], pack, texts);
}

static void facets_read(struct load *l, const struct pack *pack, const config_setting_t *group)
{
    static const struct key keys[] = {{"cap", KEY_NUMBER}, {"halve", KEY_FLAG}, {NULL, 0}};
    const char *names[FACET_COUNT + 1] = {NULL};
    for (int f = 0; f < FACET_COUNT; f++)
        names[f] = facet_name((enum facet)f);
    int n = config_setting_length(group);
    for (int i = 0; i < n; i++) {
        const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        const char *name = config_setting_name(s);
        enum facet facet = facet_find(view_of(name));
        struct origin at = origin_of(pack, s, "facets");
        if (facet == FACET_COUNT) {
            complain(l, at, nearest_hint(l, name, names, "see docs/RULES.md for the facets"),
                     "unknown facet \"%s\"", name);
        } else if (config_setting_type(s) != CONFIG_TYPE_GROUP) {
            complain(l, at, "write { cap = 3.0; }", "%s must be a group", name);
        } else {
            keys_check(l, at, s, keys, "a facet");
            if (l->facet_set[facet])
                complain(l, at, NULL, "the facet \"%s\" was set before", name);
            l->facet_set[facet] = true;
            l->r->cap[facet] = key_number(l, at, s, "cap", 0, 1000, l->r->cap[facet]);
            l->r->whole[facet] = !key_flag(s, "halve", true);
        }
    }
}

static void scoring_read(struct load *l, const struct pack *pack, const config_setting_t *group)
{
    static const struct key keys[] = {{"window", KEY_WHOLE}, {NULL, 0}};
    struct origin at = origin_of(pack, group, "scoring");
    keys_check(l, at, group, keys, "scoring");
    if (l->window_set)
        complain(l, at, NULL, "scoring was set before");
    l->window_set = true;
    l->r->window = key_whole(l, at, group, "window", WINDOW_MIN, WINDOW_MAX, l->r->window);
}

static uint32_t facet_named(void *context, struct view name, char *hint, size_t hint_size)
{
    (void)context;
    enum facet facet = facet_find(name);
    if (facet != FACET_COUNT)
        return facet;
    char word[NAME_BYTES_MAX + 1];
    const char *names[FACET_COUNT + 1] = {NULL};
    for (int f = 0; f < FACET_COUNT; f++)
        names[f] = facet_name((enum facet)f);
    (void)snprintf(word, sizeof word, "%.*s", VIEW_ARG(name));
    const char *near = diags_nearest(word, names);
    if (near != NULL)
        (void)snprintf(hint, hint_size, "did you mean \"%s\"?", near);
    return UINT32_MAX;
}

static void class_read(struct load *l, const struct pack *pack, const config_setting_t *s)
{
    static const struct key keys[] = {{"id", KEY_TEXT},
                                      {"threshold", KEY_NUMBER},
                                      {"describe", KEY_TEXT},
                                      {"require", KEY_TEXT},
                                      {NULL, 0}};
    const char *id = key_text(s, "id"), *describe = key_text(s, "describe");
    struct origin at = origin_of(pack, s, id);
    keys_check(l, at, s, keys, "a class");
    if (id == NULL || !name_valid(id)) {
        complain(l, at, "write id = \"sextortion\"; letters, digits, '-' and '.'",
                 id == NULL ? "a class without id" : "the id is no name");
        return;
    }
    uint32_t had = l->class_names.n;
    uint32_t c = had < CLASSES_MAX ? names_add(&l->class_names, view_of(id)) : NAME_NONE;
    if (c < had || had >= CLASSES_MAX) {
        if (c < had)
            complain(l, at, NULL, "the class was defined before, in %s:%u",
                     l->class_origin[c].pack->path, l->class_origin[c].line);
        else
            complain(l, at, NULL, "more than %d classes", CLASSES_MAX);
        return;
    }
    if (c == NAME_NONE) {
        l->no_memory = true;
        return;
    }
    l->class_origin[c] = at;
    struct class *class = &l->r->class[l->r->n_classes++];
    class->info.id = keep(l, id);
    class->info.describe = keep(l, describe != NULL ? describe : "");
    class->info.threshold = key_number(l, at, s, "threshold", 0, 1000, 5.0);
    if (describe == NULL)
        complain(l, at, "say in a line what the sender does", "describe is missing");
    const char *require = key_text(s, "require");
    if (require == NULL) {
        complain(l, at, "write require = \"(claim or threat) and (demand or channel)\"",
                 "require is missing");
        return;
    }
    const struct condition_names names = {
        .find = facet_named, .what = "facet", .comparisons = true};
    struct condition_error error;
    if (!condition_parse(view_of(require), &names, &l->r->arena, &class->require, &error)) {
        l->no_memory = l->no_memory || error.message[0] == '\0';
        complain(l, origin_of(pack, config_setting_get_member(s, "require"), id), error.hint,
                 "require, column %u: %s", error.column, error.message);
    }
}

void top_read(struct load *l, struct pack *pack)
{
    static const struct key keys[] = {{"pack", KEY_TEXT},      {"language", KEY_TEXT},
                                      {"words", KEY_GROUP},    {"rules", KEY_GROUPS},
                                      {"facets", KEY_GROUP},   {"scoring", KEY_GROUP},
                                      {"classes", KEY_GROUPS}, {"override", KEY_GROUPS},
                                      {"extend", KEY_GROUPS},  {"templates", KEY_GROUPS},
                                      {"structure", KEY_FLAG}, {"stretch", KEY_NUMBER},
                                      {"proof", KEY_GROUPS},   {NULL, 0}};
    config_setting_t *root = config_root_setting(&pack->config);
    struct origin top = {pack, 1, NULL, NULL};
    keys_check(l, top, root, keys, "a rule pack");
    pack->name = key_text(root, "pack");
    if (pack->name == NULL) {
        if (config_setting_get_member(root, "pack") == NULL)
            complain(l, top, "begin the file with pack = \"name\";", "the file names no pack");
        return;
    }
    if (!name_valid(pack->name) || strchr(pack->name, '.') != NULL) {
        complain(l, origin_of(pack, config_setting_get_member(root, "pack"), NULL),
                 "use letters, digits and '-'", "\"%s\" is no name for a pack", pack->name);
        pack->name = NULL;
        return;
    }
    pack->language = key_text(root, "language");
    pack->structure = key_flag(root, "structure", false);
    pack->stretch = key_number(l, top, root, "stretch", 0.1, STRETCH_MAX, 1.0);
    if (pack->structure && pack->language == NULL)
        complain(l, origin_of(pack, config_setting_get_member(root, "structure"), NULL),
                 "add language = \"...\";", "templates need a language");
    const config_setting_t *s = config_setting_get_member(root, "words");
    for (int i = 0; s != NULL && config_setting_is_group(s) && i < config_setting_length(s); i++)
        list_add(l, pack, config_setting_get_elem(s, (unsigned)i));
    /* The lists are nine tenths of all settings; the next file takes their memory. */
    if (s != NULL && config_setting_is_group(s))
        (void)config_setting_remove(root, "words");
    s = config_setting_get_member(root, "facets");
    if (s != NULL && config_setting_is_group(s))
        facets_read(l, pack, s);
    s = config_setting_get_member(root, "scoring");
    if (s != NULL && config_setting_is_group(s))
        scoring_read(l, pack, s);
    s = config_setting_get_member(root, "classes");
    for (int i = 0; s != NULL && config_setting_is_list(s) && i < config_setting_length(s); i++)
        if (config_setting_is_group(config_setting_get_elem(s, (unsigned)i)))
            class_read(l, pack, config_setting_get_elem(s, (unsigned)i));
}

static void override_read(struct load *l, const struct pack *pack, const config_setting_t *s)
{
    static const struct key keys[] = {{"id", KEY_TEXT},
                                      {"weight", KEY_NUMBER},
                                      {"off", KEY_FLAG},
                                      {"shadow", KEY_FLAG},
                                      {NULL, 0}};
    const char *id = key_text(s, "id");
    struct origin at = origin_of(pack, s, id);
    keys_check(l, at, s, keys, "override");
    if (id == NULL) {
        complain(l, at, "write { id = \"rule-id\"; weight = 1.0; }", "override without id");
        return;
    }
    bool any = false;
    for (uint32_t i = 0; i < l->rule_names.n; i++) {
        struct rule_draft *d = &l->draft[i];
        const char *template_id = d->rule.info.template_id;
        if (strcmp(d->origin.where, id) != 0 &&
            (template_id == NULL || strcmp(template_id, id) != 0))
            continue;
        any = true;
        struct rule_info *info = &d->rule.info;
        info->weight = key_number(l, at, s, "weight", 0, 10, info->weight);
        info->shadow = key_flag(s, "shadow", info->shadow);
        d->off = key_flag(s, "off", d->off);
    }
    if (!any)
        complain(l, at, nearest_hint(l, id, names_list(&l->rule_names, &l->arena), NULL),
                 "there is no rule or template \"%s\"", id);
}

static void extend_read(struct load *l, const struct pack *pack, const config_setting_t *s)
{
    static const struct key keys[] = {{"list", KEY_TEXT}, {"words", KEY_TEXTS}, {NULL, 0}};
    const char *name = key_text(s, "list");
    struct origin at = origin_of(pack, s, name);
    keys_check(l, at, s, keys, "extend");
    const config_setting_t *texts = key_texts(s, "words");
    if (name == NULL || texts_n(texts) == 0) {
        complain(l, at, NULL,
                 "extend must be ( { list = \"en.audience\"; words = [ \"parish*\" ]; } )");
        return;
    }
    uint32_t list = names_find(&l->list_names, view_of(name));
    if (list == NAME_NONE)
        complain(l, at, nearest_hint(l, name, names_list(&l->list_names, &l->arena), NULL),
                 "there is no list \"%s\"", name);
    else
        (void)entries_add(l, &l->list[list], pack, texts);
}

static void overlay_read(struct load *l, const struct pack *pack, const char *key,
                         void (*read)(struct load *l, const struct pack *pack,
                                      const config_setting_t *s))
{
    const config_setting_t *s = config_setting_get_member(config_root_setting(&pack->config), key);
    for (int i = 0; s != NULL && config_setting_is_list(s) && i < config_setting_length(s); i++)
        if (config_setting_is_group(config_setting_get_elem(s, (unsigned)i)))
            read(l, pack, config_setting_get_elem(s, (unsigned)i));
}

void extensions_read(struct load *l)
{
    for (uint32_t i = 0; i < l->n_packs && !l->no_memory; i++)
        if (l->pack[i].parsed)
            overlay_read(l, &l->pack[i], "extend", extend_read);
}

void overrides_read(struct load *l)
{
    for (uint32_t i = 0; i < l->n_packs && !l->no_memory; i++)
        if (l->pack[i].parsed)
            overlay_read(l, &l->pack[i], "override", override_read);
}
