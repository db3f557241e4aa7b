#include "rule/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Keys of this size are put together without memory of the arena. */
enum { KEY_BYTES_MOST = 256, KEY_ATOMS_MOST = 64 };

void words_init(struct words *w, struct arena *arena)
{
    *w = (struct words){.arena = arena};
    names_init(&w->atom_names, arena);
    names_init(&w->term_names, arena);
}

bool words_reserve(struct words *w, uint32_t n)
{
    struct atom *atom = w->cap_atom == 0 ? arena_alloc(w->arena, n * sizeof *atom) : NULL;
    if (atom != NULL) {
        w->atom = atom;
        w->cap_atom = n;
    }
    return names_reserve(&w->atom_names, n) && atom != NULL;
}

static uint32_t letters_in(struct view v, bool *cjk)
{
    uint32_t n = (uint32_t)utf8_ascii_prefix(v), cp;
    for (size_t i = utf8_ascii_prefix(v); i < v.n; n++) {
        i += utf8_decode(v.p + i, v.n - i, &cp);
        *cjk = *cjk || text_cjk(cp);
    }
    return n;
}

void words_atom_soon(const struct words *w, enum atom_kind kind, struct view bytes)
{
    char key[KEY_BYTES_MOST];
    if (bytes.n == 0 || bytes.n >= sizeof key)
        return;
    key[0] = (char)kind;
    memcpy(key + 1, bytes.p, bytes.n);
    names_find_soon(&w->atom_names, (struct view){key, bytes.n + 1});
}

uint32_t words_atom(struct words *w, enum atom_kind kind, struct view bytes)
{
    char few[KEY_BYTES_MOST];
    char *key = bytes.n < sizeof few ? few : arena_alloc(w->arena, bytes.n + 1);
    if (key != NULL) {
        key[0] = (char)kind;
        if (bytes.n > 0)
            memcpy(key + 1, bytes.p, bytes.n);
    }
    uint32_t had = w->atom_names.n;
    uint32_t id =
        key != NULL ? names_add(&w->atom_names, (struct view){key, bytes.n + 1}) : NAME_NONE;
    struct atom *grown = id != NAME_NONE ? arena_grow(w->arena, w->atom, &w->cap_atom,
                                                      w->atom_names.n, sizeof *grown)
                                         : NULL;
    if (grown == NULL) {
        w->no_memory = true;
        return ATOM_NONE;
    }
    w->atom = grown;
    if (id == had) {
        struct view kept = view_sub(w->atom_names.name[id], 1, bytes.n + 1);
        w->atom[id] = (struct atom){.kind = (uint8_t)kind, .bytes = kept};
        w->atom[id].letters = letters_in(kept, &w->atom[id].cjk);
    }
    return id;
}

uint32_t words_compound(struct words *w)
{
    w->n_compounds++;
    return words_atom(w, ATOM_COMPOUND,
                      (struct view){(const char *)&w->n_compounds, sizeof w->n_compounds});
}

static int number_compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

uint32_t words_term(struct words *w, const uint32_t *atoms, uint32_t n)
{
    uint32_t few[KEY_ATOMS_MOST], kept = 0;
    uint32_t *set = n <= KEY_ATOMS_MOST ? few : arena_alloc(w->arena, n * sizeof *set);
    if (set != NULL && n > 0) {
        memcpy(set, atoms, n * sizeof *set);
        qsort(set, n, sizeof *set, number_compare);
        for (uint32_t i = 0; i < n; i++)
            if (kept == 0 || set[kept - 1] != set[i])
                set[kept++] = set[i];
        if (set[kept - 1] == ATOM_NONE)
            kept--;
    }
    uint32_t had = w->term_names.n;
    uint32_t id = set != NULL ? names_add(&w->term_names,
                                          (struct view){(const char *)set, kept * sizeof *set})
                              : NAME_NONE;
    struct term *grown = id != NAME_NONE ? arena_grow(w->arena, w->term, &w->cap_term,
                                                      w->term_names.n, sizeof *grown)
                                         : NULL;
    if (grown == NULL) {
        w->no_memory = true;
        return TERM_NONE;
    }
    w->term = grown;
    const void *name = w->term_names.name[id].p; /* aligned as all memory of an arena */
    if (id == had)
        w->term[id] = (struct term){.atoms = name, .n = kept, .id = TERM_NONE, .cost = -1};
    return id;
}

uint32_t words_id(struct words *w, uint32_t term)
{
    struct term *t = &w->term[term];
    if (t->id == TERM_NONE)
        t->id = w->n_used++;
    return t->id;
}

void words_use(struct words *w, uint32_t term)
{
    const struct term *t = &w->term[term];
    (void)words_id(w, term);
    for (uint32_t i = 0; i < t->n; i++)
        w->atom[t->atoms[i]].uses++;
}

uint32_t words_union(struct words *w, uint32_t left, uint32_t right)
{
    if (left == TERM_NONE || right == TERM_NONE)
        return TERM_NONE;
    const struct term *a = &w->term[left], *b = &w->term[right];
    uint32_t *set = arena_alloc(w->arena, ((size_t)a->n + b->n) * sizeof *set);
    if (set == NULL) {
        w->no_memory = true;
        return TERM_NONE;
    }
    memcpy(set, a->atoms, a->n * sizeof *set);
    memcpy(set + a->n, b->atoms, b->n * sizeof *set);
    return words_term(w, set, a->n + b->n);
}

static bool atom_starts(const struct atom *a)
{
    switch ((enum atom_kind)a->kind) {
    case ATOM_WORD:
    case ATOM_STEM:
    case ATOM_ENDING:
        return a->letters >= 3 || a->cjk;
    case ATOM_INDICATOR:
    case ATOM_COMPOUND:
        return true;
    case ATOM_NUMBER:
        break;
    }
    return false;
}

/*
 * Short words are common in every language, long ones rare; and a word that stands in many lists
 * is common where the rules look. No word counts are needed for that.
 */
static double atom_frequency(const struct atom *a)
{
    static const double by_letters[] = {1, 1, 0.7, 0.3, 0.15, 0.1, 0.07, 0.05, 0.04, 0.03, 0.02};
    double base = 0.01;
    switch ((enum atom_kind)a->kind) {
    case ATOM_NUMBER:
        base = 0.7;
        break;
    case ATOM_INDICATOR:
    case ATOM_COMPOUND:
        base = 0.05;
        break;
    case ATOM_WORD:
    case ATOM_STEM:
    case ATOM_ENDING:
        if (a->cjk)
            base = a->letters == 1 ? 0.3 : 0.03;
        else if (a->letters < sizeof by_letters / sizeof by_letters[0])
            base = by_letters[a->letters];
        if (a->kind != ATOM_WORD)
            base *= 2;
        break;
    }
    return base * (1 + (31 - __builtin_clz(1 + a->uses)) / 4.0);
}

bool term_compound(const struct words *w, uint32_t term)
{
    for (uint32_t i = 0; i < w->term[term].n; i++)
        if (w->atom[w->term[term].atoms[i]].kind == ATOM_COMPOUND)
            return true;
    return false;
}

void words_used(struct words *w)
{
    for (uint32_t i = 0; i < w->term_names.n; i++)
        w->term[i].cost = -1;
}

double term_cost(struct words *w, uint32_t term)
{
    struct term *t = &w->term[term];
    double sum = 0;
    bool starts = false;
    if (t->cost >= 0)
        return t->cost;
    for (uint32_t i = 0; i < t->n; i++) {
        const struct atom *atom = &w->atom[t->atoms[i]];
        sum += atom_frequency(atom);
        starts = starts || atom_starts(atom);
    }
    t->cost = starts ? sum : TERM_COST_SHORT + sum;
    return t->cost;
}

bool index_build(const uint32_t *key, const uint32_t *item, uint32_t n, uint32_t n_keys,
                 struct arena *arena, struct index *out)
{
    uint32_t *from = arena_calloc(arena, (size_t)n_keys + 2, sizeof *from);
    uint32_t *sorted = arena_calloc(arena, (size_t)n + INDEX_SPARE, sizeof *sorted);
    if (from == NULL || sorted == NULL)
        return false;
    for (uint32_t i = 0; i < n; i++)
        from[key[i] + 2]++;
    for (uint32_t k = 0; k < n_keys; k++)
        from[k + 2] += from[k + 1];
    for (uint32_t i = 0; i < n; i++)
        sorted[from[key[i] + 1]++] = item[i];
    *out = (struct index){from, sorted};
    return true;
}

/* One id for all words and stems of the same terms, one for each other atom. The number of ids. */
static uint32_t atoms_number(struct words *w, const struct index *terms, struct names *sets)
{
    uint32_t n_atoms = w->atom_names.n, n_ids;
    for (uint32_t i = 0; i < n_atoms; i++) {
        struct atom *a = &w->atom[i];
        const uint32_t *from = terms->item + terms->from[i], *to = terms->item + terms->from[i + 1];
        if (a->kind == ATOM_WORD || a->kind == ATOM_STEM)
            a->id = names_add(
                sets, (struct view){(const char *)from, (size_t)(to - from) * sizeof *from});
        w->no_memory = w->no_memory || a->id == NAME_NONE;
    }
    n_ids = sets->n;
    for (uint32_t i = 0; i < n_atoms; i++)
        if (w->atom[i].kind != ATOM_WORD && w->atom[i].kind != ATOM_STEM)
            w->atom[i].id = n_ids++;
    return n_ids;
}

/*
 * Most of two hundred thousand words stand in one list, or in the same few: all that is known of
 * them is of which terms they are. So a lexicon has some thousand atoms.
 */
static bool index_terms(struct words *w, struct arena *arena, struct lexicon *out)
{
    uint32_t n = 0, n_terms = w->term_names.n, all = 0;
    for (uint32_t t = 0; t < n_terms; t++)
        n += w->term[t].id != TERM_NONE ? w->term[t].n : 0;
    uint32_t *term = arena_alloc(w->arena, n * sizeof *term);
    uint32_t *atom = arena_alloc(w->arena, n * sizeof *atom);
    if (term == NULL || atom == NULL)
        return false;
    for (uint32_t t = 0; t < n_terms; t++)
        for (uint32_t i = 0; w->term[t].id != TERM_NONE && i < w->term[t].n; i++, all++) {
            term[all] = w->term[t].id;
            atom[all] = w->term[t].atoms[i];
        }
    struct index terms;
    struct names sets;
    names_init(&sets, w->arena);
    if (!index_build(atom, term, all, w->atom_names.n, w->arena, &terms))
        return false;
    out->n_atoms = atoms_number(w, &terms, &sets);
    if (w->no_memory)
        return false;
    all = 0;
    for (uint32_t i = 0, known = 0; i < w->atom_names.n; i++) {
        uint32_t id = w->atom[i].id;
        if (id < known)
            continue;
        known += id == known;
        for (uint32_t k = terms.from[i]; k < terms.from[i + 1]; k++) {
            atom[all] = id;
            term[all++] = terms.item[k];
        }
    }
    return index_build(atom, term, all, out->n_atoms, arena, &out->atom_terms);
}

static struct view backwards(struct view v, struct arena *arena)
{
    char *p = arena_alloc(arena, v.n);
    if (p == NULL)
        return VIEW_NONE;
    for (size_t i = 0; i < v.n; i++)
        p[i] = v.p[v.n - 1 - i];
    return (struct view){p, v.n};
}

static enum status build_tries(const struct words *w, struct arena *arena, struct lexicon *out)
{
    uint32_t n_words = 0, n_endings = 0, n = w->atom_names.n;
    for (uint32_t i = 0; i < n; i++)
        n_endings += w->atom[i].kind == ATOM_ENDING;
    struct trie_key *word = arena_alloc(w->arena, n * sizeof *word);
    struct trie_key *ending = arena_alloc(w->arena, n_endings * sizeof *ending);
    n_endings = 0;
    if (word == NULL || ending == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < n; i++) {
        const struct atom *a = &w->atom[i];
        if (a->uses == 0)
            continue;
        if (a->kind == ATOM_WORD || a->kind == ATOM_STEM)
            word[n_words++] = (struct trie_key){a->bytes, a->id, a->kind == ATOM_STEM};
        else if (a->kind == ATOM_ENDING)
            ending[n_endings++] = (struct trie_key){backwards(a->bytes, w->arena), a->id, true};
        else if (a->kind == ATOM_NUMBER)
            out->number = a->id;
        else if (a->kind == ATOM_INDICATOR)
            out->indicator[indicator_kind_find(a->bytes)] = a->id;
    }
    for (uint32_t i = 0; i < n_endings; i++)
        if (ending[i].bytes.p == NULL)
            return STATUS_NO_MEMORY;
    out->has_endings = n_endings > 0;
    enum status status = trie_build(word, n_words, arena, w->arena, &out->words);
    return status == STATUS_OK ? trie_build(ending, n_endings, arena, w->arena, &out->endings)
                               : status;
}

enum status words_finish(struct words *w, struct arena *arena, struct lexicon *out)
{
    if (w->no_memory)
        return STATUS_NO_MEMORY;
    *out = (struct lexicon){.n_terms = w->n_used, .number = ATOM_NONE};
    for (int k = 0; k < INDICATOR_KINDS; k++)
        out->indicator[k] = ATOM_NONE;
    if (!index_terms(w, arena, out))
        return STATUS_NO_MEMORY;
    return build_tries(w, arena, out);
}
