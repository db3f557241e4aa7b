/* Predicates of rules that are not made of words: their settings. */
#include <stdio.h>
#include <string.h>

#include "rule/array.h"
#include "rule/load.h"

const struct regex *regex_read(struct load *l, struct origin at, const char *pattern, bool folded)
{
    struct regex *regex = NULL;
    struct regex_error error = {0, ""};
    struct regex **list = arena_grow(&l->r->arena, l->r->regex, &l->r->cap_regexes,
                                     l->r->n_regexes + 1, sizeof *list);
    if (list == NULL) {
        l->no_memory = true;
        return NULL;
    }
    l->r->regex = list;
    enum status status = regex_compile(view_of(pattern), folded, &l->r->arena, &regex, &error);
    if (status == STATUS_OK)
        list[l->r->n_regexes++] = regex;
    else if (status == STATUS_INVALID)
        complain(l, at, "in a pack, write \\\\ for each \\ of the pattern",
                 "the regex is wrong at offset %zu: %s", error.offset, error.message);
    else
        l->no_memory = true;
    return regex;
}

static const struct regex *regex_member(struct load *l, struct origin at,
                                        const config_setting_t *group, const char *name)
{
    const char *pattern = key_text(group, name);
    if (pattern == NULL)
        return NULL;
    return regex_read(l, origin_of(at.pack, config_setting_get_member(group, name), at.where),
                      pattern, false);
}

static struct view kept_view(struct load *l, const char *text)
{
    return text != NULL ? view_of(keep(l, text)) : VIEW_NONE;
}

static void indicator_kind_read(struct load *l, struct origin at, const char *name,
                                struct indicator_rule *r)
{
    const char *names[INDICATOR_KINDS + 1] = {NULL};
    r->kind = indicator_kind_find(view_of(name));
    if (r->kind != INDICATOR_KINDS)
        return;
    for (int k = 0; k < INDICATOR_KINDS; k++)
        names[k] = indicator_kind_name((enum indicator_kind)k);
    complain(l, at, nearest_hint(l, name, names, "see docs/RULES.md for the kinds"),
             "there is no indicator \"%s\"", name);
}

static void currencies_read(struct load *l, const config_setting_t *s, struct indicator_rule *r)
{
    const config_setting_t *texts = key_texts(s, "currency");
    struct view *currency = arena_calloc(&l->r->arena, texts_n(texts), sizeof *currency);
    if (currency == NULL) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < texts_n(texts); i++)
        currency[r->n_currency++] = kept_view(l, texts_at(texts, i));
    r->currency = currency;
}

static void indicator_read(struct load *l, struct rule_draft *d, struct origin at,
                           const config_setting_t *s)
{
    static const struct key keys[] = {{"kind", KEY_TEXT},     {"min", KEY_NUMBER},
                                      {"max", KEY_NUMBER},    {"currency", KEY_TEXT | KEY_TEXTS},
                                      {"repaired", KEY_FLAG}, {"link", KEY_FLAG},
                                      {"detail", KEY_TEXT},   {NULL, 0}};
    struct indicator_rule *r = &d->rule.u.indicator;
    if (config_setting_type(s) == CONFIG_TYPE_STRING) {
        indicator_kind_read(l, at, config_setting_get_string(s), r);
        return;
    }
    keys_check(l, at, s, keys, "indicator");
    const char *kind = key_text(s, "kind");
    if (kind == NULL)
        complain(l, at, "write kind = \"amount\"", "indicator needs a kind");
    else
        indicator_kind_read(l, at, kind, r);
    r->has_min = config_setting_get_member(s, "min") != NULL;
    r->has_max = config_setting_get_member(s, "max") != NULL;
    r->min = key_number(l, at, s, "min", -1, 1e15, 0);
    r->max = key_number(l, at, s, "max", -1, 1e15, 1e15);
    if (r->has_min && r->has_max && r->min > r->max)
        complain(l, at, NULL, "min is above max, so it can never match");
    r->repaired = key_asked(s, "repaired");
    r->link = key_asked(s, "link");
    r->detail = kept_view(l, key_text(s, "detail"));
    currencies_read(l, s, r);
}

static void header_read(struct load *l, struct rule_draft *d, struct origin at,
                        const config_setting_t *s)
{
    static const struct key keys[] = {{"name", KEY_TEXT},    {"regex", KEY_TEXT},
                                      {"exists", KEY_FLAG},  {"same", KEY_TEXT},
                                      {"differs", KEY_TEXT}, {NULL, 0}};
    struct header_rule *r = &d->rule.u.header;
    keys_check(l, at, s, keys, "header");
    r->name = kept_view(l, key_text(s, "name"));
    r->same = kept_view(l, key_text(s, "same"));
    r->differs = kept_view(l, key_text(s, "differs"));
    r->exists = key_asked(s, "exists");
    r->regex = regex_member(l, at, s, "regex");
    if (r->name.n == 0)
        complain(l, at, "write name = \"X-Mailer\"", "header needs a name");
    bool asks = key_text(s, "regex") != NULL || r->same.n > 0 || r->differs.n > 0;
    if (!asks && r->exists == ASKED_NOT)
        complain(l, at, "add regex, exists, same or differs", "header asks nothing");
    if (asks && r->exists == ASKED_FALSE)
        complain(l, at, NULL, "a missing field matches nothing, so it can never match");
}

static void attachment_read(struct load *l, struct rule_draft *d, struct origin at,
                            const config_setting_t *s)
{
    static const struct key keys[] = {
        {"type", KEY_TEXT}, {"name", KEY_TEXT}, {"mismatch", KEY_FLAG}, {NULL, 0}};
    struct attachment_rule *r = &d->rule.u.attachment;
    keys_check(l, at, s, keys, "attachment");
    r->type = kept_view(l, key_text(s, "type"));
    r->name = regex_member(l, at, s, "name");
    r->mismatch = key_asked(s, "mismatch");
    if (r->type.n == 0 && key_text(s, "name") == NULL && r->mismatch == ASKED_NOT)
        complain(l, at, "add type, name or mismatch", "attachment asks nothing");
    if (r->type.n > 0 && view_find_byte(r->type, '/') == r->type.n)
        complain(l, at, "write \"application/pdf\", or \"image/\" for all images",
                 "\"%.*s\" is no type", VIEW_ARG(r->type));
}

static void anomaly_read(struct load *l, struct rule_draft *d)
{
    const char *names[ANOMALY_COUNT + 1] = {NULL};
    for (int a = 0; a < ANOMALY_COUNT; a++)
        names[a] = anomaly_name((enum anomaly)a);
    struct anomaly_rule *r = &d->rule.u.anomaly;
    const config_setting_t *texts = key_texts(d->setting, "anomaly");
    enum anomaly *list = arena_calloc(&l->r->arena, texts_n(texts), sizeof *list);
    if (list == NULL) {
        l->no_memory = true;
        return;
    }
    if (texts != NULL && texts_n(texts) == 0)
        complain(l, d->origin, NULL, "anomaly is empty");
    for (uint32_t i = 0; i < texts_n(texts); i++) {
        const char *name = texts_at(texts, i);
        enum anomaly anomaly = anomaly_find(view_of(name));
        if (anomaly == ANOMALY_COUNT)
            complain(l, texts_origin(d->origin.pack, texts, i, d->origin.where),
                     nearest_hint(l, name, names, "see milter/base/anomaly.def"),
                     "there is no anomaly \"%s\"", name);
        else
            list[r->n++] = anomaly;
    }
    r->v = list;
    r->at_least = key_whole(l, d->origin, d->setting, "at_least", 1, 1000000, 1);
}

static void envelope_read(struct load *l, struct rule_draft *d, struct origin at,
                          const config_setting_t *s)
{
    static const struct key keys[] = {{"null_sender", KEY_FLAG},
                                      {"authenticated", KEY_FLAG},
                                      {"sender", KEY_TEXT},
                                      {"helo", KEY_TEXT},
                                      {NULL, 0}};
    struct envelope_rule *r = &d->rule.u.envelope;
    keys_check(l, at, s, keys, "envelope");
    r->null_sender = key_asked(s, "null_sender");
    r->authenticated = key_asked(s, "authenticated");
    r->sender = regex_member(l, at, s, "sender");
    r->helo = regex_member(l, at, s, "helo");
    if (config_setting_length(s) == 0)
        complain(l, at, "add null_sender, authenticated, sender or helo", "envelope asks nothing");
}

static void disguise_read(struct load *l, struct rule_draft *d, struct origin at,
                          const config_setting_t *s)
{
    static const struct key keys[] = {{"mapped", KEY_NUMBER}, {"hidden", KEY_NUMBER}, {NULL, 0}};
    struct disguise_rule *r = &d->rule.u.disguise;
    keys_check(l, at, s, keys, "disguise");
    r->mapped = key_number(l, at, s, "mapped", 0, 1, -1);
    r->hidden = key_number(l, at, s, "hidden", 0, 1e6, -1);
    if (config_setting_length(s) == 0)
        complain(l, at, "add mapped or hidden", "disguise asks nothing");
}

void rule_predicate_read(struct load *l, struct rule_draft *d, struct origin at,
                         const config_setting_t *setting, enum rule_kind kind)
{
    if (kind == RULE_ANOMALY) {
        anomaly_read(l, d);
        return;
    }
    bool group = config_setting_is_group(setting);
    if (!group && !(kind == RULE_INDICATOR && config_setting_type(setting) == CONFIG_TYPE_STRING))
        return; /* a wrong type, reported with the keys */
    if (kind == RULE_INDICATOR)
        indicator_read(l, d, at, setting);
    else if (kind == RULE_HEADER)
        header_read(l, d, at, setting);
    else if (kind == RULE_ATTACHMENT)
        attachment_read(l, d, at, setting);
    else if (kind == RULE_ENVELOPE)
        envelope_read(l, d, at, setting);
    else if (kind == RULE_DISGUISE)
        disguise_read(l, d, at, setting);
}
