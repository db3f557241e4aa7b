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
                                   .scratch = &l->scratch,
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

enum { ROW_BYTES_MAX = 200, ROW_WORDS_MAX = 16 }; /* a tail of the trie holds 255 bytes */

/* The bytes of a row of words as the trie has them. */
struct row {
    char bytes[ROW_BYTES_MAX];
    size_t n;
    enum atom_kind kind; /* of the last word */
};

static bool row_add(struct row *row, struct view word, enum atom_kind kind)
{
    if (word.n == 0 || word.n >= sizeof row->bytes - row->n) /* a byte between two words */
        return false;
    if (row->n > 0)
        row->bytes[row->n++] = row->kind == ATOM_STEM ? TRIE_WORD_REST : TRIE_WORD_END;
    memcpy(row->bytes + row->n, word.p, word.n);
    row->n += word.n;
    row->kind = kind;
    return true;
}

/* A token of an entry, "word" or "stem*"; false: it is more than that, the phrase parser reads it.
 */
static bool row_token(struct load *l, struct row *row, struct view token)
{
    bool stem = token.n > 1 && token.p[token.n - 1] == '*', plain = true;
    struct view word = view_sub(token, 0, token.n - stem);
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.p[i];
        bool simple = (c >= 'a' && c <= 'z') || ascii_is_digit(c);
        if (!simple && c < 0x80 && (c == '\0' || strchr("()[]{}<>|~#*", c) != NULL))
            return false;
        plain = plain && simple;
    }
    if (plain)
        return word.n > 1 && row_add(row, word, stem ? ATOM_STEM : ATOM_WORD);
    struct word part[ROW_WORDS_MAX];
    struct view folded = text_fold(word, &l->scratch);
    uint32_t n = text_split(folded, part, ROW_WORDS_MAX), cp = 0;
    for (uint32_t i = 0; i < n && n <= ROW_WORDS_MAX; i++) {
        struct view one = view_sub(folded, part[i].from, (size_t)part[i].from + part[i].length);
        (void)utf8_decode(one.p, one.n, &cp);
        if (text_cjk(cp) || (stem && one.n < 3) ||
            !row_add(row, one, stem && i + 1 == n ? ATOM_STEM : ATOM_WORD))
            return false;
    }
    return n > 0 && n <= ROW_WORDS_MAX;
}

/* Most entries are words and stems in a row: read without the phrase parser, which is slower. */
static bool row_read(struct load *l, const char *text, struct row *row)
{
    struct view rest = view_trim(view_of(text));
    row->n = 0;
    arena_reset(&l->scratch);
    while (rest.n > 0) {
        size_t n = view_find_byte(rest, ' ');
        if (!row_token(l, row, view_sub(rest, 0, n)))
            return false;
        rest = view_trim(view_sub(rest, n, rest.n));
    }
    return row->n > 0;
}

static uint32_t row_atom(struct load *l, const struct row *row)
{
    return words_atom(&l->words, row->kind, (struct view){row->bytes, row->n});
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
static uint32_t draft_atom(struct load *l, const struct phrase_draft *draft)
{
    struct row row = {.n = 0};
    if (!draft_is_row(draft))
        return ATOM_NONE;
    for (uint32_t v = 0; v < draft->n; v++) {
        const struct term *term = &l->words.term[draft->term[v]];
        const struct atom *atom = &l->words.atom[term->atoms[0]];
        if (term->n != 1 || atom->cjk || (atom->kind != ATOM_WORD && atom->kind != ATOM_STEM) ||
            !row_add(&row, atom->bytes, atom->kind))
            return ATOM_NONE;
    }
    return row_atom(l, &row);
}

/* Other entries of several words are found by a phrase of their own; each is one atom of the list.
 */
static uint32_t entry_atom(struct load *l, const struct phrase_draft *draft)
{
    uint32_t row = draft_atom(l, draft);
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

struct origin entry_origin(const struct word_list *list, const struct list_entry *entry)
{
    return (struct origin){entry->pack, entry->line, list->origin.where, entry->text};
}

struct atoms {
    uint32_t *v;
    uint32_t n, cap;
};

static bool atoms_add(struct load *l, struct atoms *a, const uint32_t *add, uint32_t n)
{
    uint32_t *grown = arena_grow(&l->arena, a->v, &a->cap, a->n + n, sizeof *grown);
    if (grown == NULL) {
        l->no_memory = true;
        return false;
    }
    a->v = grown;
    memcpy(grown + a->n, add, n * sizeof *add);
    a->n += n;
    return true;
}

/* An entry that is more than a row of words. False: it is wrong, or memory is out. */
static bool entry_read(struct load *l, const struct word_list *list, const struct list_entry *entry,
                       struct atoms *out)
{
    struct phrase_draft draft;
    if (!phrase_read(l, entry->text, entry_origin(list, entry), list->pack, true, &draft))
        return false;
    if (draft.n > 1) {
        uint32_t one = entry_atom(l, &draft);
        return atoms_add(l, out, &one, 1);
    }
    const struct term *term = &l->words.term[draft.term[0]];
    return atoms_add(l, out, term->atoms, term->n);
}

enum { ROWS_AHEAD = 16 };

/* The list itself may move while an entry names other lists; its entries do not. */
static uint32_t entries_term(struct load *l, uint32_t list)
{
    struct row row[ROWS_AHEAD];
    struct atoms atoms = {NULL, 0, 0};
    const struct word_list w = l->list[list];
    bool broken = false;
    for (uint32_t from = 0; from < w.n_entries && !l->no_memory; from += ROWS_AHEAD) {
        uint32_t n = w.n_entries - from < ROWS_AHEAD ? w.n_entries - from : ROWS_AHEAD;
        for (uint32_t i = 0; i < n; i++) {
            if (row_read(l, w.entry[from + i].text, &row[i]))
                words_atom_soon(&l->words, row[i].kind, (struct view){row[i].bytes, row[i].n});
            else
                row[i].n = 0;
        }
        for (uint32_t i = 0; i < n && !l->no_memory; i++) {
            uint32_t one = row[i].n > 0 ? row_atom(l, &row[i]) : ATOM_NONE;
            bool good = row[i].n > 0 ? atoms_add(l, &atoms, &one, 1)
                                     : entry_read(l, &w, &w.entry[from + i], &atoms);
            broken = broken || !good;
        }
    }
    if (broken || l->no_memory)
        return TERM_NONE;
    uint32_t term = words_term(&l->words, atoms.v, atoms.n);
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
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->list_names.n; i++)
        n += l->list[i].n_entries;
    (void)words_reserve(&l->words, n);
    for (uint32_t i = 0; i < l->list_names.n && !l->no_memory; i++)
        (void)list_term(l, i, &error);
}
