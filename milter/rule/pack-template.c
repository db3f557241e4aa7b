/* Templates: rules written once, over word lists that every language pack has under the same names.
 */
#include <stdio.h>
#include <string.h>

#include "rule/load.h"

/* A pack may be several files; one of them says structure = true. */
static const struct pack *structured_next(const struct load *l, uint32_t *i)
{
    for (; *i < l->n_packs; (*i)++) {
        const struct pack *pack = &l->pack[*i];
        if (pack->parsed && pack->name != NULL && pack->structure && pack->language != NULL)
            return &l->pack[(*i)++];
    }
    return NULL;
}

/* The template's file, read as if it belonged to the language's pack. */
static const struct pack *pack_as(struct load *l, const struct pack *file, const struct pack *as)
{
    struct pack *p = arena_alloc(&l->arena, sizeof *p);
    if (p == NULL) {
        l->no_memory = true;
        return NULL;
    }
    *p = *file;
    p->name = as->name;
    p->language = as->language;
    p->stretch = as->stretch;
    return p;
}

/* The languages' packs that make rules of a file's templates. */
struct makers {
    const struct pack **as;
    uint32_t n, cap;
};

static void makers_find(struct load *l, const struct pack *file, struct makers *out)
{
    uint32_t i = 0;
    for (const struct pack *as; (as = structured_next(l, &i)) != NULL && !l->no_memory;) {
        const struct pack **grown =
            arena_grow(&l->arena, out->as, &out->cap, out->n + 1, sizeof *grown);
        if (grown == NULL) {
            l->no_memory = true;
            return;
        }
        out->as = grown;
        grown[out->n++] = pack_as(l, file, as);
    }
}

static void template_register(struct load *l, const struct pack *file, const struct makers *makers,
                              config_setting_t *s)
{
    const char *id = key_text(s, "id");
    struct origin at = origin_of(file, s, id);
    keys_of_rule_check(l, at, s);
    if (id == NULL) {
        complain(l, at, "write id = \"...\" first", "a template without id");
        return;
    }
    const char *template_id = keep(l, id);
    for (uint32_t i = 0; i < makers->n && !l->no_memory; i++) {
        const struct pack *pack = makers->as[i];
        size_t bytes = strlen(pack->name) + strlen(id) + 2;
        char *full = arena_alloc(&l->arena, bytes);
        if (full == NULL) {
            l->no_memory = true;
            return;
        }
        (void)snprintf(full, bytes, "%s-%s", pack->name, id);
        rule_register(l, pack, s, full, template_id);
    }
}

void templates_register(struct load *l)
{
    for (uint32_t i = 0; i < l->n_packs && !l->no_memory; i++) {
        const struct pack *file = &l->pack[i];
        if (!file->parsed || file->name == NULL)
            continue;
        config_setting_t *s =
            config_setting_get_member(config_root_setting(&file->config), "templates");
        struct makers makers = {NULL, 0, 0};
        if (s != NULL)
            makers_find(l, file, &makers);
        for (int k = 0; s != NULL && config_setting_is_list(s) && k < config_setting_length(s); k++)
            if (config_setting_is_group(config_setting_get_elem(s, (unsigned)k)))
                template_register(l, file, &makers, config_setting_get_elem(s, (unsigned)k));
    }
}

static void template_proof_read(struct load *l, const struct pack *pack, const config_setting_t *s)
{
    static const struct key keys[] = {{"rule", KEY_TEXT},
                                      {"hit", KEY_TEXT | KEY_TEXTS},
                                      {"miss", KEY_TEXT | KEY_TEXTS},
                                      {"hit_message", KEY_TEXT | KEY_TEXTS},
                                      {"miss_message", KEY_TEXT | KEY_TEXTS},
                                      {NULL, 0}};
    const char *id = key_text(s, "rule");
    struct origin at = origin_of(pack, s, id);
    keys_check(l, at, s, keys, "a proof");
    if (id == NULL) {
        complain(l, at, "write rule = \"...\" first", "a proof without rule");
        return;
    }
    uint32_t rule = names_find(&l->rule_names, view_of(id));
    bool any_hit = false, any_miss = false;
    if (rule == NAME_NONE)
        complain(l, at, nearest_hint(l, id, names_list(&l->rule_names, &l->arena), NULL),
                 "there is no rule \"%s\"", id);
    else
        proofs_add(l, &l->draft[rule], pack, s, &any_hit, &any_miss);
}

void template_proofs_read(struct load *l)
{
    for (uint32_t i = 0; i < l->n_packs && !l->no_memory; i++) {
        const struct pack *file = &l->pack[i];
        if (!file->parsed || file->name == NULL)
            continue;
        const config_setting_t *s =
            config_setting_get_member(config_root_setting(&file->config), "proof");
        for (int k = 0; s != NULL && config_setting_is_list(s) && k < config_setting_length(s); k++)
            if (config_setting_is_group(config_setting_get_elem(s, (unsigned)k)))
                template_proof_read(l, file, config_setting_get_elem(s, (unsigned)k));
    }
}
