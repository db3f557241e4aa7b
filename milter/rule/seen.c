#include "rule/seen.h"

#include <stdlib.h>
#include <string.h>

struct event {
    uint32_t atom;
    struct place place;
};

/*
 * Most words of a text are in no list, and are the same few: a walk through the trie, far in
 * memory, to learn that is what costs most. Kept from message to message; the bytes themselves are
 * compared, since who writes the text could find words of one hash.
 */
enum { IDLE_WORDS = 2048, IDLE_BYTES = 16 };
struct idle_word {
    uint64_t head, tail; /* the word's bytes, see word_key */
    uint8_t length;      /* 0: none yet */
};

/* Entries that are half read at one word: more than all entries of all packs could be. */
enum { PENDING_MAX = 1 << 20 };

enum status seen_init(struct seen *s, const struct lexicon *lexicon, size_t scratch_bytes)
{
    *s = (struct seen){.lexicon = lexicon};
    arena_init(&s->scratch, scratch_bytes);
    size_t atoms = (size_t)lexicon->n_atoms + 1, terms = (size_t)lexicon->n_terms + 1;
    s->atom = calloc(atoms, sizeof *s->atom);
    s->met = calloc(atoms, sizeof *s->met);
    s->term = calloc(terms, sizeof *s->term);
    s->term_mask = calloc(terms, sizeof *s->term_mask);
    s->term_age = calloc(terms, sizeof *s->term_age);
    s->met_term = calloc(terms, sizeof *s->met_term);
    s->idle = calloc(IDLE_WORDS, sizeof *s->idle);
    if (s->atom != NULL && s->met != NULL && s->term != NULL && s->term_mask != NULL &&
        s->term_age != NULL && s->met_term != NULL && s->idle != NULL)
        return STATUS_OK;
    seen_fini(s);
    return STATUS_NO_MEMORY;
}

void seen_fini(struct seen *s)
{
    arena_fini(&s->scratch);
    free(s->atom);
    free(s->met);
    free(s->term);
    free(s->term_mask);
    free(s->term_age);
    free(s->met_term);
    free(s->event);
    free(s->pending);
    free(s->idle);
    *s = (struct seen){0};
}

/* Forgets the last message; costs what that message showed. */
static void forget(struct seen *s)
{
    for (uint32_t i = 0; i < s->n_met; i++)
        s->atom[s->met[i]] = (struct atom_seen){0};
    for (uint32_t i = 0; i < s->n_met_terms; i++)
        s->term_mask[s->met_term[i]] = (struct mask){0};
    s->n_met = s->n_met_terms = s->extent = 0;
    s->n_events = 0;
    if (++s->age == 0) {
        memset(s->term_age, 0, (s->lexicon->n_terms + 1u) * sizeof *s->term_age);
        s->age = 1;
    }
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
    struct atom_seen *seen = &s->atom[atom];
    if (seen->sight.n++ == 0)
        s->met[s->n_met++] = atom;
    mask_add(&seen->mask, s, first, last);
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

/* Which words are being walked over. */
struct walking {
    struct seen *seen;
    uint32_t first, last;
};

static void walk_hit(void *context, uint32_t atom)
{
    const struct walking *w = context;
    emit(w->seen, atom, w->first, w->last);
}

/* Does word i + 1 directly follow word i in the same segment? */
static bool word_follows(const struct text *text, uint32_t i)
{
    return i + 1 < text->n_words && text->position[i + 1] - text->position[i] == 1;
}

static void walk_next(void *context, const struct trie_cursor *cursor)
{
    const struct walking *w = context;
    struct seen *s = w->seen;
    s->going_on = true;
    if (!word_follows(s->text, w->last))
        return;
    if (s->n_pending == s->cap_pending) {
        uint32_t cap = s->cap_pending < 32 ? 32 : s->cap_pending * 2;
        struct pending *grown =
            cap <= PENDING_MAX ? realloc(s->pending, cap * sizeof *grown) : NULL;
        if (grown == NULL) {
            s->pending_lost = true;
            return;
        }
        s->pending = grown;
        s->cap_pending = cap;
    }
    s->pending[s->n_pending++] = (struct pending){*cursor, w->first, w->last + 1};
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

/* All bytes of a word of 1 to IDLE_BYTES, read in overlapping pieces: with the length, exact. */
static inline void word_key(struct view v, struct idle_word *out)
{
    const unsigned char *p = (const unsigned char *)v.p;
    uint32_t low, high;
    *out = (struct idle_word){.length = (uint8_t)v.n};
    if (v.n >= 8) {
        memcpy(&out->head, p, 8);
        memcpy(&out->tail, p + v.n - 8, 8);
    } else if (v.n >= 4) {
        memcpy(&low, p, 4);
        memcpy(&high, p + v.n - 4, 4);
        out->head = low | (uint64_t)high << 32;
    } else {
        out->head = (uint64_t)p[0] | (uint64_t)p[v.n / 2] << 8 | (uint64_t)p[v.n - 1] << 16;
    }
}

static inline struct idle_word *idle_slot(struct seen *s, const struct idle_word *key)
{
    uint64_t mixed = (key->head ^ key->tail * 31 ^ key->length) * UINT64_C(0x9E3779B97F4A7C15);
    return &s->idle[mixed >> 53];
}

/* The word by itself: what it is, what begins with it. */
static bool word_walk(struct seen *s, struct view v, struct walking *w)
{
    struct idle_word key, *idle = NULL;
    if (v.n <= IDLE_BYTES) {
        word_key(v, &key);
        idle = idle_slot(s, &key);
        if (idle->length == key.length && idle->head == key.head && idle->tail == key.tail)
            return true;
    }
    struct trie_cursor cursor = {0};
    const struct trie_sink sink = {walk_hit, walk_next, w};
    uint32_t had = s->n_events;
    if (!events_reserve(s, v.n))
        return false;
    s->going_on = false;
    (void)trie_walk(&s->lexicon->words, &cursor, v.p, 1, v.n, &sink);
    if (s->lexicon->has_endings)
        endings_walk(s, v, w);
    if (s->lexicon->number != ATOM_NONE && ascii_is_digit((unsigned char)v.p[0]) && all_digits(v))
        emit(s, s->lexicon->number, w->first, w->last);
    if (idle != NULL && s->n_events == had && !s->going_on)
        *idle = key;
    return true;
}

/* One word, or another reading of words. */
static inline bool reading_walk(struct seen *s, struct view v, uint32_t first, uint32_t last)
{
    struct walking w = {s, first, last};
    struct trie_cursor cursor;
    const struct trie_sink sink = {walk_hit, walk_next, &w};
    if (!word_walk(s, v, &w))
        return false;
    for (uint32_t k = 0; k < s->n_pending; k++) {
        if (s->pending[k].expect != first)
            continue;
        cursor = s->pending[k].cursor;
        w.first = s->pending[k].first;
        if (!events_reserve(s, v.n))
            return false;
        (void)trie_walk(&s->lexicon->words, &cursor, v.p, 1, v.n, &sink);
    }
    return true;
}

/* Characters written without spaces: an entry may run over several, and begin at any. */
static bool cjk_walk(struct seen *s, const struct text *text, uint32_t first)
{
    struct walking w = {s, first, first};
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

static bool words_walk(struct seen *s, const struct text *text)
{
    const struct alternate *alternate = text->alternates;
    uint32_t left = text->n_alternates;
    s->n_pending = 0;
    for (uint32_t i = 0; i < text->n_words; i++) {
        const struct word *word = &text->words[i];
        if (word->length > 0) {
            struct view v = {text->folded.p + word->from, word->length};
            if (!((word->flags & WORD_CJK) != 0 ? cjk_walk(s, text, i) : reading_walk(s, v, i, i)))
                return false;
        }
        for (; left > 0 && alternate->first <= i; alternate++, left--) {
            struct view v = view_sub(text->alternates_folded, alternate->from,
                                     (size_t)alternate->from + alternate->length);
            bool usable = v.n > 0 && alternate->first == i && alternate->last >= i &&
                          alternate->last < text->n_words;
            if (usable && !reading_walk(s, v, alternate->first, alternate->last))
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

/* Alternates of one first word come in any order of last; the runs are a handful of places. */
static void place_settle(struct place *list, uint32_t n)
{
    for (uint32_t i = n - 1; i > 0 && place_compare(&list[i - 1], &list[i]) > 0; i--) {
        struct place swap = list[i - 1];
        list[i - 1] = list[i];
        list[i] = swap;
    }
}

/* Events in order of the text become one list of places per atom, and masks of terms. */
static bool events_sort(struct seen *s)
{
    struct place *all = arena_alloc(&s->scratch, s->n_events * sizeof *all);
    if (all == NULL)
        return false;
    for (uint32_t i = 0; i < s->n_met; i++) {
        struct sight *sight = &s->atom[s->met[i]].sight;
        sight->place = all;
        all += sight->n;
        sight->n = 0;
    }
    for (uint32_t i = 0; i < s->n_events; i++) {
        struct sight *sight = &s->atom[s->event[i].atom].sight;
        sight->place[sight->n++] = s->event[i].place;
        place_settle(sight->place, sight->n);
    }
    for (uint32_t i = 0; i < s->n_met; i++)
        seen_terms_mark(s, s->met[i]);
    return true;
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
