/* What a rule says of itself: facet, classes, leanings, language, where it reads. */
#include <string.h>

#include "rule/load.h"

static const char *const segment_names[] = {
    [SEGMENT_SUBJECT] = "subject",    [SEGMENT_SENDER] = "sender",
    [SEGMENT_BODY] = "body",          [SEGMENT_HIDDEN] = "hidden",
    [SEGMENT_ALTERNATE_TEXT] = "alt", [SEGMENT_FILE] = "file",
    [SEGMENT_FILENAME] = "filename",  NULL};

static void where_read(struct load *l, struct rule_draft *d)
{
    const config_setting_t *texts = key_texts(d->setting, "where");
    d->rule.where = 1u << SEGMENT_SUBJECT | 1u << SEGMENT_BODY | 1u << SEGMENT_ALTERNATE_TEXT |
                    1u << SEGMENT_FILE;
    if (texts == NULL)
        return;
    d->rule.where = 0;
    if (texts_n(texts) == 0)
        complain(l, rule_key_origin(d, "where"), NULL, "where is empty");
    for (uint32_t i = 0; i < texts_n(texts); i++) {
        const char *name = texts_at(texts, i);
        uint32_t kind = 0;
        while (segment_names[kind] != NULL && strcmp(segment_names[kind], name) != 0)
            kind++;
        if (segment_names[kind] != NULL)
            d->rule.where |= 1u << kind;
        else
            complain(l, texts_origin(d->origin.pack, texts, i, d->origin.where),
                     nearest_hint(l, name, segment_names,
                                  "use subject, body, sender, hidden, alt, file, filename"),
                     "there is no \"%s\" to read", name);
    }
}

static double number_of(const config_setting_t *s)
{
    return config_setting_type(s) == CONFIG_TYPE_FLOAT ? config_setting_get_float(s)
                                                       : (double)config_setting_get_int64(s);
}

static void classes_read(struct load *l, struct rule_draft *d)
{
    const config_setting_t *texts = key_texts(d->setting, "class");
    if (texts != NULL && texts_n(texts) == 0)
        complain(l, rule_key_origin(d, "class"), "leave class out to speak for all classes",
                 "class is empty");
    for (uint32_t i = 0; i < texts_n(texts); i++) {
        const char *name = texts_at(texts, i);
        uint32_t c = names_find(&l->class_names, view_of(name));
        if (c != NAME_NONE)
            d->rule.info.classes |= UINT64_C(1) << c;
        else
            complain(l, texts_origin(d->origin.pack, texts, i, d->origin.where),
                     nearest_hint(l, name, names_list(&l->class_names, &l->arena),
                                  "classes are defined in rules/core/"),
                     "there is no class \"%s\"", name);
    }
}

static void lean_read(struct load *l, struct rule_draft *d)
{
    const config_setting_t *group = config_setting_get_member(d->setting, "lean");
    uint32_t n = group != NULL && config_setting_is_group(group)
                     ? (uint32_t)config_setting_length(group)
                     : 0;
    struct lean lean[CLASSES_MAX] = {0}; /* with what lies between members: it is compared */
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        const config_setting_t *s = config_setting_get_elem(group, i);
        const char *name = config_setting_name(s);
        struct origin at = origin_of(d->origin.pack, s, d->origin.where);
        uint32_t c = names_find(&l->class_names, view_of(name));
        if (c == NAME_NONE)
            complain(l, at,
                     nearest_hint(l, name, names_list(&l->class_names, &l->arena),
                                  "classes are defined in rules/core/"),
                     "there is no class \"%s\"", name);
        else if (config_setting_is_number(s) == CONFIG_FALSE)
            complain(l, at, "write lean = { ddos = 1.5; other = -0.5; }", "%s must be a number",
                     name);
        else if (kept < CLASSES_MAX) {
            lean[kept].class_index = c;
            lean[kept++].points = number_of(s);
        }
    }
    d->rule.info.n_lean = kept;
    d->rule.info.lean = names_share(&l->leans, lean, kept * sizeof lean[0]);
    l->no_memory = l->no_memory || d->rule.info.lean == NULL;
}

static void facet_read(struct load *l, struct rule_draft *d)
{
    const char *name = key_text(d->setting, "facet");
    struct rule_info *info = &d->rule.info;
    info->facet = FACET_NONE;
    if (name == NULL)
        return;
    info->facet = facet_find(view_of(name));
    if (info->facet != FACET_COUNT)
        return;
    const char *names[FACET_COUNT + 1] = {NULL};
    for (int f = 0; f < FACET_COUNT; f++)
        names[f] = facet_name((enum facet)f);
    complain(l, rule_key_origin(d, "facet"),
             nearest_hint(l, name, names, "see docs/RULES.md for the facets"),
             "there is no facet \"%s\"", name);
}

/* 0 for rules of no language, else 1 + its place among the ruleset's languages. */
static uint8_t language_of(struct load *l, const struct rule_draft *d)
{
    const char *language = d->origin.pack->language;
    if (language == NULL)
        return 0;
    struct ruleset *r = l->r;
    uint32_t i = 0;
    while (i < r->n_languages && strcmp(r->language[i], language) != 0)
        i++;
    if (i == LANGUAGES_MAX) {
        complain(l, d->origin, NULL, "more than %d languages", LANGUAGES_MAX);
        return 0;
    }
    if (i == r->n_languages) {
        const char *kept = keep(l, language);
        if (kept == NULL)
            return 0;
        r->language[r->n_languages++] = kept;
    }
    return (uint8_t)(i + 1);
}

/* What is the same for all rules that a template makes. */
static void info_read(struct load *l, struct rule_draft *d)
{
    struct rule_info *info = &d->rule.info;
    const char *describe = key_text(d->setting, "describe");
    info->describe = keep(l, describe != NULL ? describe : "");
    info->weight = key_number(l, d->origin, d->setting, "weight", 0, 10, 1.0);
    info->shadow = key_flag(d->setting, "shadow", false);
    info->report = key_flag(d->setting, "report", false);
    info->ordinary = key_flag(d->setting, "ordinary", false);
    facet_read(l, d);
    if (info->report && info->facet != FACET_CONTEXT)
        complain(l, rule_key_origin(d, "report"), "leave it out", "only context can be a report");
    if (info->ordinary && (info->facet != FACET_CONTEXT || info->report))
        complain(l, rule_key_origin(d, "ordinary"), "leave it out",
                 "only context that is no report can be ordinary");
    classes_read(l, d);
    lean_read(l, d);
    where_read(l, d);
    if (describe == NULL && info->facet != FACET_NONE)
        complain(l, d->origin, "say in a line what the sender does", "describe is missing");
}

void rule_info_read(struct load *l, struct rule_draft *d, const struct rule_draft *like)
{
    const char *template_id = d->rule.info.template_id;
    if (like != NULL) {
        d->rule.info = like->rule.info;
        d->rule.where = like->rule.where;
        d->rule.kind = like->rule.kind;
    } else {
        info_read(l, d);
    }
    struct rule_info *info = &d->rule.info;
    info->template_id = template_id;
    info->id = keep(l, d->origin.where);
    info->pack = keep(l, d->origin.pack->name);
    info->file = d->origin.pack->path;
    info->line = d->origin.line;
    info->language = language_of(l, d);
}
