#include "rule/seen.h"

#include <stdlib.h>
#include <string.h>

struct event {
    uint32_t atom; /* then: its row */
    struct place place;
};

/* Entries that are half read at one word: more than all entries of all packs could be. */
enum { PENDING_MAX = 1 << 20 };

enum status seen_init(struct seen *s, const struct lexicon *lexicon, size_t scratch_bytes)
{
    *s = (struct seen){.lexicon = lexicon};
    arena_init(&s->scratch, scratch_bytes);
    size_t atoms = (size_t)lexicon->n_atoms + 1, terms = (size_t)lexicon->n_terms + 1;
    s->atom_row = calloc(atoms, sizeof *s->atom_row);
    s->term_row = calloc(terms, sizeof *s->term_row);
    s->atom = calloc(atoms, sizeof *s->atom);
    s->term = calloc(terms, sizeof *s->term);
    s->term_of = malloc(terms * sizeof *s->term_of);
    s->term_sight = malloc(terms * sizeof *s->term_sight);
    if (s->atom_row == NULL || s->term_row == NULL || s->atom == NULL || s->term == NULL ||
        s->term_of == NULL || s->term_sight == NULL || word_memo_init(&s->memo) != STATUS_OK) {
        seen_fini(s);
        return STATUS_NO_MEMORY;
    }
    s->term_sight[0] = (struct sight){0};
    return STATUS_OK;
}

void seen_fini(struct seen *s)
{
    arena_fini(&s->scratch);
    free(s->atom_row);
    free(s->term_row);
    free(s->atom);
    free(s->term);
    free(s->term_of);
    free(s->term_sight);
    free(s->seen_as);
    free(s->event);
    free(s->pending);
    word_memo_fini(&s->memo);
    *s = (struct seen){0};
}

/* Forgets the last message; costs what that message showed. */
static void forget(struct seen *s)
{
    for (uint32_t i = 1; i <= s->n_atoms; i++)
        s->atom_row[s->atom[i].atom] = 0;
    for (uint32_t i = 1; i <= s->n_terms; i++)
        s->term_row[s->term_of[i]] = 0;
    memset(s->atom, 0, (s->n_atoms + 1) * sizeof *s->atom);
    memset(s->term, 0, (s->n_terms + 1) * sizeof *s->term);
    s->n_atoms = s->n_terms = s->n_seen_as = 0;
    s->extent = s->n_events = 0;
    arena_reset(&s->scratch);
}

static bool line_lay(struct seen *s, const struct text *text)
{
    uint32_t *line = arena_alloc(&s->scratch, ((size_t)text->n_words + 1) * sizeof *line);
    if (line == NULL)
        return false;
    uint32_t at = 0;
    for (uint32_t i = 0; i < text->n_words; i++) {
        line[i] = at;
        uint32_t step = i + 1 < text->n_words ? text->position[i + 1] - text->position[i] : 1;
        at += step < TEXT_SEGMENT_GAP ? step : LINE_LEAP;
        at -= text->steppable[i + 1] - text->steppable[i];
    }
    s->line = line;
    s->shift = 1;
    while (at >> s->shift >= MASK_BITS)
        s->shift++;
    return true;
}

static inline void emit(struct seen *s, uint32_t atom, uint32_t first, uint32_t last)
{
    s->event[s->n_events++] = (struct event){atom, {first, last}};
}

/* Room for everything that n bytes can be: a stem at every byte, an ending at every byte. */
static inline bool events_reserve(struct seen *s, size_t n)
{
    size_t want = s->n_events + 2 * n + 4;
    if (want <= s->cap_events)
        return true;
    if (want > UINT32_MAX / 4)
        return false;
    size_t cap = s->cap_events < 1024 ? 1024 : s->cap_events;
    while (cap < want)
        cap *= 2;
    struct event *event = realloc(s->event, cap * sizeof *event);
    if (event == NULL)
        return false;
    s->event = event;
    s->cap_events = (uint32_t)cap;
    return true;
}

static bool all_digits(struct view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (!ascii_is_digit((unsigned char)v.p[i]))
            return false;
    return v.n > 0;
}

/* An entry of several words whose first ones were read; word `expect` must go on with it. */
struct pending {
    struct trie_cursor cursor;
    uint32_t first, expect;
};

/* What a row of words must go on with; see next_byte. */
enum { NEXT_ANY = -1, NEXT_NONE = -2 };

/* Which words are being walked over. */
struct walking {
    struct seen *seen;
    uint32_t first, last;
    int next; /* the first byte of the word behind, or NEXT_ */
};

static void walk_hit(void *context, uint32_t atom)
{
    const struct walking *w = context;
    emit(w->seen, atom, w->first, w->last);
}

/* Does word i + 1 directly follow word i in the same segment? */
static inline bool word_follows(const struct text *text, uint32_t i)
{
    return i + 1 < text->n_words && text->position[i + 1] - text->position[i] == 1;
}

static bool pending_grow(struct seen *s)
{
    uint32_t cap = s->cap_pending < 32 ? 32 : s->cap_pending * 2;
    struct pending *grown = cap <= PENDING_MAX ? realloc(s->pending, cap * sizeof *grown) : NULL;
    if (grown == NULL) {
        s->pending_lost = true;
        return false;
    }
    s->pending = grown;
    s->cap_pending = cap;
    return true;
}

/* Most half-read entries end at the next word's first byte, so they are not even noted. */
static inline void pending_add(const struct walking *w, const struct trie_cursor *cursor)
{
    struct seen *s = w->seen;
    if (w->next == NEXT_NONE ||
        (w->next != NEXT_ANY && !trie_goes_on(&s->lexicon->words, cursor, (char)w->next)))
        return;
    if (s->n_pending == s->cap_pending && !pending_grow(s))
        return;
    s->pending[s->n_pending++] = (struct pending){*cursor, w->first, w->last + 1};
}

static void walk_next(void *context, const struct trie_cursor *cursor)
{
    pending_add(context, cursor);
}

/* Word i was read. Words in brackets may be stepped over. */
static void pending_settle(struct seen *s, uint32_t i)
{
    uint32_t kept = 0;
    bool steppable = s->text->steppable[i + 1] > s->text->steppable[i] && word_follows(s->text, i);
    for (uint32_t k = 0; k < s->n_pending; k++) {
        struct pending p = s->pending[k];
        if (p.expect == i && steppable)
            p.expect++;
        if (p.expect > i)
            s->pending[kept++] = p;
    }
    s->n_pending = kept;
}

/* The trie holds endings backwards. */
static inline void endings_walk(struct seen *s, struct view v, struct walking *w)
{
    struct trie_cursor cursor = {0};
    const struct trie_sink sink = {walk_hit, NULL, w};
    (void)trie_walk(&s->lexicon->endings, &cursor, v.p + v.n - 1, -1, v.n, &sink);
}

/* The word by itself: what it is, what begins with it. */
static void word_look_up(struct seen *s, struct view v, struct walking *w)
{
    struct trie_cursor cursor = {0};
    const struct trie_sink sink = {walk_hit, walk_next, w};
    (void)trie_walk(&s->lexicon->words, &cursor, v.p, 1, v.n, &sink);
    if (s->lexicon->has_endings)
        endings_walk(s, v, w);
    if (s->lexicon->number != ATOM_NONE && ascii_is_digit((unsigned char)v.p[0]) && all_digits(v))
        emit(s, s->lexicon->number, w->first, w->last);
}

static inline bool memo_take(struct seen *s, const struct word_memo_row *row,
                             const struct walking *w)
{
    const uint32_t *atom = word_memo_atoms(&s->memo, row);
    if (row->n_atoms > 0 && !events_reserve(s, WORD_MEMO_ATOMS))
        return false;
    for (uint32_t i = 0; i < row->n_atoms; i++)
        emit(s, atom[i], w->first, w->last);
    for (uint32_t i = 0; i < row->n_cursors; i++) {
        struct trie_cursor cursor = word_memo_cursor(&s->memo, row, i);
        pending_add(w, &cursor);
    }
    return true;
}

/* What was found since then is all there is about the word. */
static void memo_give(struct seen *s, struct word_memo_set *set, const struct word_memo_row *key,
                      uint32_t had_events, uint32_t had_pending)
{
    uint32_t atom[WORD_MEMO_ATOMS], n_atoms = s->n_events - had_events;
    struct trie_cursor cursor[WORD_MEMO_CURSORS];
    uint32_t n_cursors = s->n_pending - had_pending;
    for (uint32_t i = 0; i < n_atoms && i < WORD_MEMO_ATOMS; i++)
        atom[i] = s->event[had_events + i].atom;
    for (uint32_t i = 0; i < n_cursors && i < WORD_MEMO_CURSORS; i++)
        cursor[i] = s->pending[had_pending + i].cursor;
    if (!s->pending_lost)
        word_memo_keep(&s->memo, set, key, atom, n_atoms, cursor, n_cursors);
}

/* A word that is not in the memo; set: where it will be, NULL for a long one. */
static bool word_read(struct seen *s, struct view v, struct word_memo_set *set,
                      const struct word_memo_row *key, const struct walking *w)
{
    struct walking all = {s, w->first, w->last, NEXT_ANY};
    uint32_t had_events = s->n_events, had_pending = s->n_pending;
    if (!events_reserve(s, v.n))
        return false;
    word_look_up(s, v, &all);
    if (set != NULL)
        memo_give(s, set, key, had_events, had_pending);
    uint32_t n = s->n_pending;
    s->n_pending = had_pending;
    for (uint32_t i = had_pending; i < n; i++) {
        struct trie_cursor cursor = s->pending[i].cursor;
        pending_add(w, &cursor);
    }
    return true;
}

/* readable: bytes from v.p on. */
static inline bool word_walk(struct seen *s, struct view v, size_t readable,
                             const struct walking *w)
{
    struct word_memo_row key;
    if (v.n > WORD_MEMO_BYTES)
        return word_read(s, v, NULL, NULL, w);
    word_memo_key(v, readable, &key);
    struct word_memo_set *set = word_memo_set_of(&s->memo, &key);
    const struct word_memo_row *row = word_memo_find(set, &key);
    return row != NULL ? memo_take(s, row, w) : word_read(s, v, set, &key, w);
}

/* The first n half-read entries, as far as they expect the word that begins here. */
static bool pending_walk(struct seen *s, struct view v, uint32_t n, const struct walking *word)
{
    struct walking w = *word;
    const struct trie_sink sink = {walk_hit, walk_next, &w};
    for (uint32_t k = 0; k < n; k++) {
        struct trie_cursor cursor = s->pending[k].cursor;
        if (s->pending[k].expect != word->first ||
            !trie_goes_on(&s->lexicon->words, &cursor, v.p[0]))
            continue;
        w.first = s->pending[k].first;
        if (!events_reserve(s, v.n))
            return false;
        (void)trie_walk(&s->lexicon->words, &cursor, v.p, 1, v.n, &sink);
    }
    return true;
}

/* One word, or another reading of words. next: see struct walking. */
static inline bool reading_walk(struct seen *s, struct view v, size_t readable, uint32_t first,
                                uint32_t last, int next)
{
    const struct walking w = {s, first, last, next};
    uint32_t had = s->n_pending;
    return word_walk(s, v, readable, &w) && (had == 0 || pending_walk(s, v, had, &w));
}

/* Characters written without spaces: an entry may run over several, and begin at any. */
static bool cjk_walk(struct seen *s, const struct text *text, uint32_t first)
{
    struct walking w = {s, first, first, NEXT_NONE};
    struct trie_cursor cursor = {0};
    const struct trie_sink sink = {walk_hit, NULL, &w};
    for (;; w.last++) {
        struct view v = text_word(text, w.last);
        uint32_t next = w.last + 1;
        if (!events_reserve(s, v.n))
            return false;
        if (!trie_walk(&s->lexicon->words, &cursor, v.p, 1, v.n, &sink) || next >= text->n_words ||
            (text->words[next].flags & WORD_CJK) == 0 ||
            text->position[next] - text->position[w.last] != 1)
            return true;
    }
}

/*
 * What is known of how the text goes on behind word i. A word in brackets may be stepped over, and
 * other readings (from here on: left of them) begin with other bytes.
 */
static inline int next_byte(const struct text *text, uint32_t i, const struct alternate *alternate,
                            uint32_t left)
{
    if (!word_follows(text, i))
        return NEXT_NONE;
    const struct word *word = &text->words[i + 1];
    bool known = word->length > 0 && (left == 0 || alternate->first > i + 1) &&
                 text->steppable[i + 2] == text->steppable[i + 1];
    return known ? (unsigned char)text->folded.p[word->from] : NEXT_ANY;
}

static bool words_walk(struct seen *s, const struct text *text)
{
    const struct alternate *alternate = text->alternates;
    uint32_t left = text->n_alternates;
    s->n_pending = 0;
    for (uint32_t i = 0; i < text->n_words; i++) {
        const struct word *word = &text->words[i];
        if (word->length > 0) {
            struct view v = {text->folded.p + word->from, word->length};
            if (!((word->flags & WORD_CJK) != 0
                      ? cjk_walk(s, text, i)
                      : reading_walk(s, v, text->folded.n - word->from, i, i,
                                     next_byte(text, i, alternate, left))))
                return false;
        }
        for (; left > 0 && alternate->first <= i; alternate++, left--) {
            struct view v = view_sub(text->alternates_folded, alternate->from,
                                     (size_t)alternate->from + alternate->length);
            bool usable = v.n > 0 && alternate->first == i && alternate->last >= i &&
                          alternate->last < text->n_words;
            if (usable && !reading_walk(s, v, text->alternates_folded.n - alternate->from,
                                        alternate->first, alternate->last,
                                        word_follows(text, alternate->last) ? NEXT_ANY : NEXT_NONE))
                return false;
        }
        if (s->n_pending > 0)
            pending_settle(s, i);
    }
    return !s->pending_lost;
}

static bool indicators_walk(struct seen *s, const struct text *text,
                            const struct indicators *indicators)
{
    for (uint32_t i = 0; i < indicators->n; i++) {
        const struct indicator *at = &indicators->v[i];
        uint32_t atom = s->lexicon->indicator[at->kind];
        if (atom == ATOM_NONE || at->first > at->last || at->last >= text->n_words)
            continue;
        if (!events_reserve(s, 1))
            return false;
        emit(s, atom, at->first, at->last);
    }
    return true;
}

static int place_compare(const struct place *a, const struct place *b)
{
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return a->last < b->last ? -1 : a->last > b->last;
}

/*
 * Alternates of one first word come in any order of last, and rows of words behind words inside
 * them; the runs are a handful of places. Several words of one atom may stand at one place.
 */
static uint32_t place_add(struct place *list, uint32_t n, struct place place)
{
    uint32_t at = n;
    int order = 1;
    while (at > 0 && (order = place_compare(&list[at - 1], &place)) > 0)
        at--;
    if (order == 0)
        return n;
    memmove(list + at + 1, list + at, (n - at) * sizeof *list);
    list[at] = place;
    return n + 1;
}

/* Events in order of the text become one list of places per atom, and masks of terms. */
static bool events_sort(struct seen *s)
{
    struct place *all = arena_alloc(&s->scratch, s->n_events * sizeof *all);
    if (all == NULL)
        return false;
    for (uint32_t i = 0; i < s->n_events; i++) {
        struct event *event = &s->event[i];
        uint32_t row = seen_row(s->atom_row, event->atom, &s->n_atoms);
        struct atom_seen *seen = &s->atom[row];
        seen->atom = event->atom;
        seen->sight.n++;
        mask_add(&seen->mask, s, event->place.first, event->place.last);
        event->atom = row;
    }
    for (uint32_t i = 1; i <= s->n_atoms; i++) {
        struct sight *sight = &s->atom[i].sight;
        sight->place = all;
        all += sight->n;
        sight->n = 0;
    }
    for (uint32_t i = 0; i < s->n_events; i++) {
        struct sight *sight = &s->atom[s->event[i].atom].sight;
        sight->n = place_add(sight->place, sight->n, s->event[i].place);
    }
    return seen_terms_mark(s, 1);
}

enum status seen_read(struct seen *s, const struct text *text, const struct indicators *indicators)
{
    forget(s);
    s->text = text;
    s->pending_lost = false;
    return line_lay(s, text) && words_walk(s, text) && indicators_walk(s, text, indicators) &&
                   events_sort(s)
               ? STATUS_OK
               : STATUS_NO_MEMORY;
}
