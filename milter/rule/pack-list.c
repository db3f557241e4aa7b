/* Word lists to terms. A list is read when a phrase first asks for it; lists may use lists. */
#include <stdio.h>
#include <string.h>

#include "rule/load.h"

struct asker {
    struct load *load;
    const char *pack;
};

static uint32_t list_term(struct load *l, uint32_t list, struct phrase_error *error);

/* The names of the lists being resolved, from list on: "en.a, en.b, en.a". */
static void circle_text(const struct load *l, uint32_t list, char *out, size_t size)
{
    size_t used = 0;
    bool inside = false;
    out[0] = '\0';
    for (uint32_t i = 0; i <= l->n_open && used < size; i++) {
        uint32_t id = i < l->n_open ? l->open[i] : list;
        inside = inside || id == list;
        int n = inside ? snprintf(out + used, size - used, "%s%.*s", used > 0 ? ", " : "",
                                  VIEW_ARG(l->list_names.name[id]))
                       : 0;
        used += n > 0 ? (size_t)n : 0;
    }
}

static uint32_t list_unknown(struct load *l, const char *pack, struct view name,
                             struct phrase_error *error)
{
    const char *const *known = names_list(&l->list_names, &l->arena);
    const char *word = arena_string(&l->arena, name);
    bool qualified = view_find_byte(name, '.') < name.n;
    (void)snprintf(error->message, sizeof error->message, "there is no list {%.*s}",
                   VIEW_ARG(name));
    (void)snprintf(error->hint, sizeof error->hint, "define it under words in pack \"%s\"", pack);
    if (known == NULL || word == NULL)
        return TERM_NONE;
    size_t n = strlen(pack) + name.n + 2;
    char *full = arena_alloc(&l->arena, n);
    if (full == NULL)
        return TERM_NONE;
    (void)snprintf(full, n, "%s%s%s", qualified ? "" : pack, qualified ? "" : ".", word);
    const char *near = diags_nearest(full, known);
    size_t own = strlen(pack);
    if (near != NULL && !qualified && strncmp(near, pack, own) == 0 && near[own] == '.')
        near += own + 1;
    if (near != NULL)
        (void)snprintf(error->hint, sizeof error->hint, "did you mean {%s}?", near);
    return TERM_NONE;
}

/* What {name} means in a phrase of the asker's pack. */
static uint32_t list_asked(void *context, struct view name, struct phrase_error *error)
{
    const struct asker *asker = context;
    struct load *l = asker->load;
    struct view full = name;
    if (view_find_byte(name, '.') == name.n) {
        size_t n = strlen(asker->pack);
        char *p = arena_alloc(&l->arena, n + 1 + name.n);
        if (p == NULL) {
            l->no_memory = true;
            return TERM_NONE;
        }
        memcpy(p, asker->pack, n);
        p[n] = '.';
        memcpy(p + n + 1, name.p, name.n);
        full = (struct view){p, n + 1 + name.n};
    }
    uint32_t list = names_find(&l->list_names, full);
    return list != NAME_NONE ? list_term(l, list, error)
                             : list_unknown(l, asker->pack, name, error);
}

bool phrase_read(struct load *l, const char *text, struct origin at, const char *pack,
                 bool short_words, struct phrase_draft *out)
{
    struct asker asker = {l, pack};
    struct phrase_reader reader = {.words = &l->words,
                                   .arena = &l->arena,
                                   .list = list_asked,
                                   .context = &asker,
                                   .short_words = short_words};
    struct phrase_error error;
    if (phrase_parse(&reader, view_of(text), out, &error))
        return true;
    l->no_memory = l->no_memory || l->words.no_memory;
    if (!l->no_memory && error.message[0] != '\0')
        complain(l, at, error.hint, "\"%.200s\", column %u: %s", text, error.column, error.message);
    return false;
}

/* One after the other, nothing between, nothing left out. */
static bool draft_is_row(const struct phrase_draft *draft)
{
    if (draft->n_edges != draft->n - 1 || draft->first != 1)
        return false;
    for (uint32_t e = 0; e < draft->n_edges; e++)
        if (draft->edge[e].from != e || draft->edge[e].to != e + 1 || draft->edge[e].gap != 0)
            return false;
    return true;
}

/* Words and stems in a row are one key of the trie; ATOM_NONE when the entry is more than that. */
static uint32_t row_atom(struct load *l, const struct phrase_draft *draft)
{
    enum { ROW_BYTES_MAX = 200 }; /* a tail of the trie holds 255 */
    char bytes[ROW_BYTES_MAX];
    size_t n = 0;
    enum atom_kind kind = ATOM_WORD;
    if (!draft_is_row(draft))
        return ATOM_NONE;
    for (uint32_t v = 0; v < draft->n; v++) {
        const struct term *term = &l->words.term[draft->term[v]];
        const struct atom *atom = &l->words.atom[term->atoms[0]];
        if (term->n != 1 || atom->cjk || (atom->kind != ATOM_WORD && atom->kind != ATOM_STEM) ||
            atom->bytes.n > sizeof bytes - n - 1)
            return ATOM_NONE;
        if (v > 0)
            bytes[n++] = kind == ATOM_STEM ? TRIE_WORD_REST : TRIE_WORD_END;
        memcpy(bytes + n, atom->bytes.p, atom->bytes.n);
        n += atom->bytes.n;
        kind = atom->kind;
    }
    return words_atom(&l->words, kind, (struct view){bytes, n});
}

/* Other entries of several words are found by a phrase of their own; each is one atom of the list.
 */
static uint32_t entry_atom(struct load *l, const struct phrase_draft *draft)
{
    uint32_t row = row_atom(l, draft);
    if (row != ATOM_NONE)
        return row;
    struct phrase_slot *v =
        arena_grow(&l->arena, l->compounds.v, &l->compounds.cap, l->compounds.n + 1, sizeof *v);
    uint32_t atom = v != NULL ? words_compound(&l->words) : ATOM_NONE;
    if (atom == ATOM_NONE) {
        l->no_memory = true;
        return ATOM_NONE;
    }
    l->compounds.v = v;
    v[l->compounds.n++] = (struct phrase_slot){.draft = *draft, .compound = atom};
    return atom;
}

static uint32_t entries_term(struct load *l, uint32_t list)
{
    uint32_t *atom = NULL, n = 0, cap = 0;
    bool broken = false;
    for (uint32_t i = 0; i < l->list[list].n_entries && !l->no_memory; i++) {
        const struct list_entry *entry = &l->list[list].entry[i];
        struct phrase_draft draft;
        if (!phrase_read(l, entry->text, entry->origin, l->list[list].pack, true, &draft)) {
            broken = true;
            continue;
        }
        uint32_t one = draft.n > 1 ? entry_atom(l, &draft) : ATOM_NONE;
        const struct term *term = &l->words.term[draft.term[0]];
        const uint32_t *add = draft.n > 1 ? &one : term->atoms;
        uint32_t n_add = draft.n > 1 ? 1 : term->n;
        uint32_t *grown = arena_grow(&l->arena, atom, &cap, n + n_add, sizeof *grown);
        if (grown == NULL) {
            l->no_memory = true;
            return TERM_NONE;
        }
        atom = grown;
        memcpy(atom + n, add, n_add * sizeof *atom);
        n += n_add;
    }
    if (broken || l->no_memory)
        return TERM_NONE;
    uint32_t term = words_term(&l->words, atom, n);
    l->no_memory = l->words.no_memory;
    return term;
}

static uint32_t list_term(struct load *l, uint32_t list, struct phrase_error *error)
{
    enum { OPEN_MAX = sizeof l->open / sizeof l->open[0] };
    struct word_list *w = &l->list[list];
    if (w->state == LIST_DONE)
        return w->term; /* TERM_NONE: its own entries were complained of */
    if (w->state == LIST_OPEN) {
        char circle[150];
        circle_text(l, list, circle, sizeof circle);
        (void)snprintf(error->message, sizeof error->message, "the list contains itself: %s",
                       circle);
        return TERM_NONE;
    }
    if (l->n_open == OPEN_MAX) {
        (void)snprintf(error->message, sizeof error->message, "lists inside lists deeper than %d",
                       OPEN_MAX);
        return TERM_NONE;
    }
    w->state = LIST_OPEN;
    l->open[l->n_open++] = list;
    w->term = entries_term(l, list);
    l->n_open--;
    w->state = LIST_DONE;
    return w->term;
}

void lists_resolve(struct load *l)
{
    struct phrase_error error;
    for (uint32_t i = 0; i < l->list_names.n && !l->no_memory; i++)
        (void)list_term(l, i, &error);
}
