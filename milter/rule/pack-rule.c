/* Rules: what they look for, and their proof. */
#include <stdio.h>
#include <string.h>

#include "rule/load.h"

enum { ID_BYTES_MAX = 100, WITHIN_MAX = 100, WITHIN_DEFAULT = 12, UNLESS_DEFAULT = 6 };

static const struct key keys[] = {
    {"id", KEY_TEXT},
    {"facet", KEY_TEXT},
    {"class", KEY_TEXT | KEY_TEXTS},
    {"lean", KEY_GROUP},
    {"weight", KEY_NUMBER},
    {"describe", KEY_TEXT},
    {"where", KEY_TEXT | KEY_TEXTS},
    {"shadow", KEY_FLAG},
    {"report", KEY_FLAG},
    {"ordinary", KEY_FLAG},
    {"hit", KEY_TEXT | KEY_TEXTS},
    {"miss", KEY_TEXT | KEY_TEXTS},
    {"hit_message", KEY_TEXT | KEY_TEXTS},
    {"miss_message", KEY_TEXT | KEY_TEXTS},
    {"any", KEY_TEXT | KEY_TEXTS},
    {"near", KEY_TEXT | KEY_TEXTS},
    {"within", KEY_WHOLE},
    {"unless", KEY_TEXT | KEY_TEXTS},
    {"unless_within", KEY_WHOLE},
    {"regex", KEY_TEXT},
    {"on", KEY_TEXT},
    {"literal", KEY_TEXT | KEY_TEXTS},
    {"indicator", KEY_TEXT | KEY_GROUP},
    {"header", KEY_GROUP},
    {"attachment", KEY_GROUP},
    {"anomaly", KEY_TEXT | KEY_TEXTS},
    {"at_least", KEY_WHOLE},
    {"envelope", KEY_GROUP},
    {"disguise", KEY_GROUP},
    {"when", KEY_TEXT},
    {NULL, 0},
};

static const struct {
    const char *key;
    enum rule_kind kind;
} matchers[] = {
    {"any", RULE_ANY},           {"near", RULE_NEAR},
    {"regex", RULE_REGEX},       {"indicator", RULE_INDICATOR},
    {"header", RULE_HEADER},     {"attachment", RULE_ATTACHMENT},
    {"anomaly", RULE_ANOMALY},   {"envelope", RULE_ENVELOPE},
    {"disguise", RULE_DISGUISE}, {"when", RULE_WHEN},
};
enum { N_MATCHERS = sizeof matchers / sizeof matchers[0] };

/* Keys that mean something beside certain matchers only. */
static const struct {
    const char *key;
    unsigned kinds; /* bit per rule_kind */
} companions[] = {
    {"within", 1u << RULE_NEAR},
    {"unless", 1u << RULE_ANY | 1u << RULE_NEAR},
    {"unless_within", 1u << RULE_ANY | 1u << RULE_NEAR},
    {"on", 1u << RULE_REGEX},
    {"literal", 1u << RULE_REGEX},
    {"at_least", 1u << RULE_ANOMALY | 1u << RULE_ANY | 1u << RULE_NEAR},
    {"where", 1u << RULE_ANY | 1u << RULE_NEAR | 1u << RULE_REGEX | 1u << RULE_INDICATOR},
};

struct origin rule_key_origin(const struct rule_draft *d, const char *key)
{
    return origin_of(d->origin.pack, config_setting_get_member(d->setting, key), d->origin.where);
}

void proofs_add(struct load *l, struct rule_draft *d, const struct pack *pack,
                const config_setting_t *group, bool *any_hit, bool *any_miss)
{
    static const struct {
        const char *key;
        bool hit, message;
    } kinds[] = {{"hit", true, false},
                 {"miss", false, false},
                 {"hit_message", true, true},
                 {"miss_message", false, true}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const config_setting_t *texts = key_texts(group, kinds[k].key);
        uint32_t n = texts_n(texts);
        if (n == 0)
            continue;
        struct proof *proof =
            arena_grow(&l->arena, d->proof, &d->cap_proofs, d->n_proofs + n, sizeof *proof);
        if (proof == NULL) {
            l->no_memory = true;
            return;
        }
        d->proof = proof;
        for (uint32_t i = 0; i < n; i++)
            proof[d->n_proofs++] =
                (struct proof){texts_at(texts, i), kinds[k].hit, kinds[k].message,
                               texts_origin(pack, texts, i, d->origin.where)};
        *any_hit = *any_hit || (kinds[k].hit && n > 0);
        *any_miss = *any_miss || (!kinds[k].hit && n > 0);
    }
}

static void proofs_read(struct load *l, struct rule_draft *d)
{
    bool any_hit = false, any_miss = false;
    proofs_add(l, d, d->origin.pack, d->setting, &any_hit, &any_miss);
    enum rule_kind kind = d->rule.kind;
    if (!l->prove || d->rule.info.template_id != NULL ||
        (kind != RULE_ANY && kind != RULE_NEAR && kind != RULE_REGEX))
        return;
    if (!any_hit)
        complain(l, d->origin, "add hit = [ \"a text in which it must hit\" ]",
                 "the rule has no proof that it hits");
    if (!any_miss)
        complain(l, d->origin, "add miss = [ \"an innocent text that comes close\" ]",
                 "the rule has no proof that it spares innocent text");
}

static void regex_rule_read(struct load *l, struct rule_draft *d)
{
    static const struct {
        const char *name;
        enum regex_subject on;
    } subjects[] = {{"folded", SUBJECT_FOLDED},
                    {"visible", SUBJECT_VISIBLE},
                    {"link", SUBJECT_LINK},
                    {"filename", SUBJECT_FILENAME}};
    static const char *const names[] = {"folded",   "visible",     "link",
                                        "filename", "header:Name", NULL};
    struct regex_rule *r = &d->rule.u.regex;
    const char *on = key_text(d->setting, "on"), *pattern = key_text(d->setting, "regex");
    bool known = on == NULL;
    for (size_t i = 0; on != NULL && i < sizeof subjects / sizeof subjects[0]; i++)
        if (strcmp(on, subjects[i].name) == 0) {
            r->on = subjects[i].on;
            known = true;
        }
    if (on != NULL && strncmp(on, "header:", 7) == 0 && on[7] != '\0') {
        r->on = SUBJECT_HEADER;
        r->header = view_of(keep(l, on + 7));
        known = true;
    }
    if (!known)
        complain(l, rule_key_origin(d, "on"),
                 nearest_hint(l, on, names, "use folded, visible, link, filename or header:Name"),
                 "a regex cannot read \"%s\"", on);
    if (pattern == NULL)
        return;
    struct origin at = rule_key_origin(d, "regex");
    r->regex = regex_read(l, at, pattern, r->on == SUBJECT_FOLDED);
    const config_setting_t *texts = key_texts(d->setting, "literal");
    struct literals *literals = arena_calloc(&l->arena, 1, sizeof *literals);
    l->no_memory = l->no_memory || literals == NULL;
    d->literals = literals;
    if (texts_n(texts) > LITERALS_MAX)
        complain(l, rule_key_origin(d, "literal"), NULL, "more than %d literals", LITERALS_MAX);
    if (r->regex == NULL || literals == NULL)
        return;
    bool folded = r->on == SUBJECT_FOLDED;
    for (uint32_t i = 0; i < texts_n(texts) && i < LITERALS_MAX; i++) {
        struct view literal = view_of(texts_at(texts, i));
        if (folded)
            literal = text_fold(literal, &l->arena);
        char *lower = arena_string(&l->r->arena, literal);
        for (size_t k = 0; lower != NULL && k < literal.n; k++)
            lower[k] = (char)ascii_lower((unsigned char)lower[k]);
        l->no_memory = l->no_memory || lower == NULL;
        if (literal.n < LITERAL_BYTES_MIN || literal.n > LITERAL_BYTES_MAX ||
            (!folded && utf8_ascii_prefix(literal) < literal.n))
            complain(l, texts_origin(at.pack, texts, i, at.where), NULL,
                     "a literal needs %d to %d bytes%s", LITERAL_BYTES_MIN, LITERAL_BYTES_MAX,
                     folded ? "" : ", all of them ASCII");
        literals->v[literals->n++] = (struct view){lower, literal.n};
    }
    if (literals->n == 0 &&
        !literals_extract(regex_pattern(r->regex), folded, &l->r->arena, literals))
        complain(l, at,
                 "give what every match contains: literal = \"...\"; or several, one of which "
                 "every match contains: literal = [ \"...\", \"...\" ]",
                 "the pattern has no literal of %d letters that every match must contain",
                 LITERAL_BYTES_MIN);
}

/* Templates count in words of English; a rule of one pack counts in its own. */
static uint32_t stretched(const struct rule_draft *d, uint32_t words)
{
    if (d->rule.info.template_id == NULL)
        return words;
    double n = words * d->origin.pack->stretch + 0.5;
    return n < 1 ? 1 : n < WITHIN_MAX ? (uint32_t)n : (uint32_t)WITHIN_MAX;
}

static void phrase_rule_read(struct load *l, struct rule_draft *d)
{
    struct phrase_rule *r = &d->rule.u.phrases;
    bool near = d->rule.kind == RULE_NEAR;
    const char *key = near ? "near" : "any";
    r->within =
        stretched(d, key_whole(l, d->origin, d->setting, "within", 1, WITHIN_MAX, WITHIN_DEFAULT));
    r->unless_within = stretched(
        d, key_whole(l, d->origin, d->setting, "unless_within", 0, WITHIN_MAX, UNLESS_DEFAULT));
    r->at_least =
        key_whole(l, d->origin, d->setting, "at_least", near ? 2 : 1, l->limits->hits_per_rule, 0);
    const config_setting_t *texts = key_texts(d->setting, key);
    if (texts != NULL && texts_n(texts) == 0)
        complain(l, rule_key_origin(d, key), "write at least one phrase", "%s is empty", key);
    else if (near && texts != NULL && texts_n(texts) < 2)
        complain(l, rule_key_origin(d, key), "use any for one phrase",
                 "near needs two phrases or more");
    phrases_read(l, d, key, near, &d->phrases);
    phrases_read(l, d, "unless", true, &d->unless);
    if (near && r->at_least > 0)
        for (uint32_t i = 0; i < d->phrases.n; i++)
            if (d->phrases.v[i].draft.n != 1)
                complain(l, texts_origin(d->origin.pack, texts, i, d->origin.where),
                         "put it into a word list", "beside at_least only single words and lists");
    if (near && r->at_least > texts_n(texts))
        complain(l, rule_key_origin(d, "at_least"), NULL, "at_least asks for more than there are");
}

/* The key that says what the rule looks for; NULL after a complaint. */
static const char *kind_read(struct load *l, struct rule_draft *d)
{
    const char *first = NULL;
    for (size_t i = 0; i < N_MATCHERS; i++) {
        if (config_setting_get_member(d->setting, matchers[i].key) == NULL)
            continue;
        if (first != NULL) {
            complain(l, rule_key_origin(d, matchers[i].key),
                     "make two rules, and a third with when", "a rule with both %s and %s", first,
                     matchers[i].key);
            continue;
        }
        first = matchers[i].key;
        d->rule.kind = matchers[i].kind;
    }
    if (first == NULL) {
        complain(l, d->origin, "add any = [ \"phrase\" ], or another of docs/RULES.md, \"A rule\"",
                 "the rule looks for nothing");
        return NULL;
    }
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++)
        if ((companions[i].kinds >> d->rule.kind & 1) == 0 &&
            config_setting_get_member(d->setting, companions[i].key) != NULL)
            complain(l, rule_key_origin(d, companions[i].key), "leave it out",
                     "%s has no meaning beside %s", companions[i].key, first);
    return first;
}

static const char *kind_key(enum rule_kind kind)
{
    for (size_t i = 0; i < N_MATCHERS; i++)
        if (matchers[i].kind == kind)
            return matchers[i].key;
    return NULL;
}

static void matcher_read(struct load *l, struct rule_draft *d, const struct rule_draft *like)
{
    const char *first = like != NULL ? kind_key(like->rule.kind) : kind_read(l, d);
    if (first == NULL)
        return;
    const config_setting_t *s = config_setting_get_member(d->setting, first);
    if (d->rule.kind == RULE_ANY || d->rule.kind == RULE_NEAR) {
        phrase_rule_read(l, d);
    } else if (d->rule.kind == RULE_REGEX) {
        regex_rule_read(l, d);
    } else if (d->rule.kind == RULE_WHEN) {
        d->when = key_text(d->setting, "when");
        d->when_origin = rule_key_origin(d, "when");
    } else {
        rule_predicate_read(l, d, rule_key_origin(d, first), s, d->rule.kind);
    }
}

static bool id_valid(struct load *l, struct origin at, const char *id, const char *pack)
{
    struct view v = view_of(id);
    bool ok = v.n > 0 && v.n <= ID_BYTES_MAX;
    for (size_t i = 0; i < v.n; i++)
        ok = ok && (ascii_is_alnum((unsigned char)v.p[i]) || v.p[i] == '-' || v.p[i] == '.');
    if (!ok)
        complain(l, at, "use letters, digits, '-' and '.'", "the id is no name");
    size_t n = strlen(pack);
    bool prefixed = v.n > n + 1 && strncmp(id, pack, n) == 0 && id[n] == '-';
    if (ok && !prefixed)
        complain(l, at, NULL, "the id must begin with \"%s-\", the pack's name", pack);
    return ok;
}

/* Gives the rule its number; conditions may name it even if the rest of it is wrong. */
void rule_register(struct load *l, const struct pack *pack, config_setting_t *s, const char *id,
                   const char *template_id)
{
    struct origin at = origin_of(pack, s, id);
    if (id == NULL) {
        complain(l, at, "write id = \"...\" first", "a rule without id");
        return;
    }
    if (!id_valid(l, at, id, pack->name))
        return;
    uint32_t had = l->rule_names.n, rule = names_add(&l->rule_names, view_of(id));
    struct rule_draft *draft = rule != NAME_NONE ? arena_grow(&l->arena, l->draft, &l->cap_drafts,
                                                              l->rule_names.n, sizeof *draft)
                                                 : NULL;
    if (draft == NULL) {
        l->no_memory = true;
        return;
    }
    l->draft = draft;
    if (rule < had) {
        complain(l, at, "give one of them another id", "the rule was defined before, in %s:%u",
                 draft[rule].origin.pack->path, draft[rule].origin.line);
        return;
    }
    draft[rule] = (struct rule_draft){.setting = s, .origin = at};
    draft[rule].rule.info.template_id = template_id;
}

void keys_of_rule_check(struct load *l, struct origin at, const config_setting_t *s)
{
    keys_check(l, at, s, keys, "a rule");
}

void rules_register(struct load *l)
{
    for (uint32_t i = 0; i < l->n_packs && !l->no_memory; i++) {
        struct pack *pack = &l->pack[i];
        if (!pack->parsed || pack->name == NULL)
            continue;
        config_setting_t *s =
            config_setting_get_member(config_root_setting(&pack->config), "rules");
        for (int k = 0; s != NULL && config_setting_is_list(s) && k < config_setting_length(s); k++)
            if (config_setting_is_group(config_setting_get_elem(s, (unsigned)k))) {
                config_setting_t *rule = config_setting_get_elem(s, (unsigned)k);
                const char *id = key_text(rule, "id");
                keys_of_rule_check(l, origin_of(pack, rule, id), rule);
                rule_register(l, pack, rule, id, NULL);
            }
    }
    templates_register(l);
}

void rules_read(struct load *l)
{
    for (uint32_t i = 0; i < l->rule_names.n && !l->no_memory; i++) {
        struct rule_draft *d = &l->draft[i];
        const struct rule_draft *like = i > 0 && d[-1].setting == d->setting ? d - 1 : NULL;
        rule_info_read(l, d, like);
        matcher_read(l, d, like);
        proofs_read(l, d);
    }
    template_proofs_read(l);
}
