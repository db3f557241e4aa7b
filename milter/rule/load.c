/* ruleset_load: the steps of loading in order, and the ruleset's indexes. */
#include "rule/load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule/array.h"
#include "rule/hash.h"

enum { RULESET_BYTES_MAX = 1 << 30, LOADING_BYTES_MAX = 1 << 30, WINDOW_DEFAULT = 250 };

static const double caps[] = {
#define FACET(id, name, cap, text) cap,
#include "rule/facets.def"
#undef FACET
};

static bool kinds_index(struct load *l)
{
    struct ruleset *r = l->r;
    for (int kind = 0; kind <= RULE_WHEN; kind++) {
        size_t room = r->n_rules * sizeof(uint32_t);
        uint32_t *list = arena_alloc(&r->arena, room), n = 0;
        if (list == NULL)
            return false;
        for (uint32_t i = 0; kind != RULE_WHEN && i < r->n_rules; i++)
            if ((int)r->rule[i].kind == kind)
                list[n++] = i;
        /* conditions stand in the order that was found, without those that are off */
        for (uint32_t i = 0; kind == RULE_WHEN && i < l->n_when; i++)
            if (r->rule[l->when[i]].kind == RULE_WHEN)
                list[n++] = l->when[i];
        arena_shrink(&r->arena, list, room, n * sizeof *list);
        r->by_kind[kind] = list;
        r->n_by_kind[kind] = n;
    }
    return true;
}

static bool facets_index(struct ruleset *r)
{
    uint32_t *from = arena_calloc(&r->arena, FACET_COUNT + 1, sizeof *from);
    uint32_t *item = arena_alloc(&r->arena, r->n_rules * sizeof *item), n = 0;
    if (from == NULL || item == NULL)
        return false;
    for (uint32_t f = 0; f < FACET_COUNT; f++) {
        from[f] = n;
        for (uint32_t i = 0; i < r->n_rules; i++)
            if (r->rule[i].info.facet == (enum facet)f && !r->rule[i].info.shadow)
                item[n++] = i;
    }
    from[FACET_COUNT] = n;
    r->facet_rules = (struct index){from, item};
    return true;
}

/* Phrases of templates count only in a mail of their language. */
static bool phrases_index(struct ruleset *r)
{
    r->phrase_language = arena_calloc(&r->arena, r->n_phrases, sizeof *r->phrase_language);
    for (uint32_t p = r->n_compounds; r->phrase_language != NULL && p < r->n_phrases; p++) {
        const struct rule_info *info = &r->rule[r->phrase[p].rule].info;
        r->phrase_language[p] = info->template_id != NULL ? info->language : 0;
    }
    return r->phrase_language != NULL;
}

/* What tells a language that a mail may be written in: the lists of its templates. */
static bool languages_index(struct load *l)
{
    struct ruleset *r = l->r;
    uint32_t n_terms = r->lexicon.n_terms, n = 0, cap_key = 0, cap_item = 0;
    uint32_t *key = NULL, *item = NULL;
    uint32_t *seen = arena_calloc(&l->arena, (size_t)n_terms + 1, sizeof *seen);
    if (seen == NULL)
        return false;
    for (uint32_t language = 1; language <= r->n_languages; language++)
        for (uint32_t i = 0; i < r->n_rules; i++) {
            const struct rule *rule = &r->rule[i];
            if (rule->info.language != language || rule->info.template_id == NULL ||
                (rule->kind != RULE_ANY && rule->kind != RULE_NEAR))
                continue;
            for (uint32_t p = rule->u.phrases.phrase_from; p < rule->u.phrases.phrase_to; p++) {
                uint32_t term = r->phrase[p].node[0].term;
                if (r->phrase[p].n_nodes != 1 || seen[term] == language)
                    continue;
                seen[term] = language;
                uint32_t *k = arena_grow(&l->arena, key, &cap_key, n + 1, sizeof *k);
                uint32_t *t = arena_grow(&l->arena, item, &cap_item, n + 1, sizeof *t);
                if (k == NULL || t == NULL)
                    return false;
                key = k;
                item = t;
                key[n] = language;
                item[n++] = term;
            }
        }
    return index_build(key, item, n, r->n_languages + 1, &r->arena, &r->language_terms);
}

/* One gate for all literals of one subject. */
static bool gate_fill(struct load *l, enum regex_subject on)
{
    struct ruleset *r = l->r;
    struct view *literal =
        arena_alloc(&l->arena, (size_t)r->n_by_kind[RULE_REGEX] * LITERALS_MAX * sizeof *literal);
    uint32_t n = 0;
    if (literal == NULL)
        return false;
    for (uint32_t i = 0; i < r->n_by_kind[RULE_REGEX]; i++) {
        uint32_t rule = r->by_kind[RULE_REGEX][i];
        struct regex_rule *regex = &r->rule[rule].u.regex;
        const struct literals *literals = l->draft[rule].literals;
        if (regex->on != on || literals == NULL)
            continue;
        regex->literal_from = n;
        for (uint32_t k = 0; k < literals->n; k++)
            literal[n++] = literals->v[k];
        regex->literal_to = n;
    }
    return gate_build(literal, n, &r->arena, &r->gate[on]) == STATUS_OK;
}

static void finish(struct load *l)
{
    struct ruleset *r = l->r;
    r->n_rules = l->rule_names.n;
    r->rule = arena_alloc(&r->arena, r->n_rules * sizeof *r->rule);
    if (r->rule == NULL) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < r->n_rules; i++) {
        r->rule[i] = l->draft[i].rule;
        if (l->draft[i].off)
            r->rule[i].kind = RULE_OFF;
    }
    phrases_place(l);
    bool ok = kinds_index(l) && facets_index(r) && phrases_index(r) && languages_index(l);
    for (int on = 0; on < SUBJECT_COUNT && ok; on++)
        ok = gate_fill(l, (enum regex_subject)on);
    l->no_memory = l->no_memory || !ok;
    (void)snprintf(r->version, sizeof r->version, "%016" PRIx64, l->hash);
}

static int diag_compare(const struct diag *a, const struct diag *b)
{
    int order = strcmp(a->file != NULL ? a->file : "", b->file != NULL ? b->file : "");
    if (order != 0)
        return order;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* The steps find mistakes in their own order; people read a file from top to bottom. */
static void diags_sort(struct diags *d, size_t from)
{
    for (size_t i = from + 1; i < d->n; i++) {
        struct diag one = d->v[i];
        size_t at = i;
        for (; at > from && diag_compare(&d->v[at - 1], &one) > 0; at--)
            d->v[at] = d->v[at - 1];
        d->v[at] = one;
    }
}

static void load_run(struct load *l, const struct ruleset_source *source)
{
    size_t had = l->diags->n_errors;
    packs_read(l, source);
    rules_register(l);
    extensions_read(l);
    lists_resolve(l);
    rules_read(l);
    overrides_read(l);
    conditions_read(l);
    if (l->diags->n_errors == had && !l->no_memory)
        finish(l);
    if (l->diags->n_errors == had && !l->no_memory && l->prove)
        proofs_run(l);
    if (l->diags->n_errors == had && !l->no_memory && l->lint)
        lints_run(l);
}

enum status ruleset_load(const struct ruleset_source *source, const struct limits *limits,
                         struct diags *diags, struct ruleset **out)
{
    struct load *l = calloc(1, sizeof *l);
    struct ruleset *r = calloc(1, sizeof *r);
    size_t n_before = diags->n, errors_before = diags->n_errors;
    *out = NULL;
    if (l == NULL || r == NULL) {
        free(l);
        free(r);
        diags_add(diags, DIAG_ERROR, NULL, 0, NULL, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    arena_init(&r->arena, RULESET_BYTES_MAX);
    r->window = WINDOW_DEFAULT;
    for (int f = 0; f < FACET_COUNT; f++)
        r->cap[f] = caps[f];
    l->r = r;
    l->limits = limits;
    l->diags = diags;
    l->prove = source->prove;
    l->lint = source->lint;
    l->hash = HASH_START;
    arena_init_large(&l->arena, LOADING_BYTES_MAX);
    arena_init(&l->scratch, LOADING_BYTES_MAX);
    words_init(&l->words, &l->arena);
    names_init(&l->list_names, &l->arena);
    names_init(&l->rule_names, &l->arena);
    names_init(&l->class_names, &l->arena);
    struct names *const shared[] = {&l->texts, &l->leans, &l->parts};
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        names_init(shared[i], &l->arena);
        shared[i]->bytes = &r->arena;
    }
    load_run(l, source);
    enum status status = STATUS_OK;
    if (l->no_memory) {
        status = STATUS_NO_MEMORY;
        diags_add(diags, DIAG_ERROR, NULL, 0, NULL, NULL, "out of memory while loading rule packs");
    } else if (diags->n_errors > errors_before) {
        status = l->io_failed ? STATUS_IO : STATUS_INVALID;
    }
    diags_sort(diags, n_before);
    packs_free(l);
    arena_fini(&l->scratch);
    arena_fini(&l->arena);
    free(l);
    if (status == STATUS_OK)
        *out = r;
    else
        ruleset_free(&r);
    return status;
}
