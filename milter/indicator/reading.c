#include "indicator/reading.h"

#include "indicator/lexicon.h"

#include <string.h>

/* An alternate that is taken. */
struct choice {
    uint32_t first, last;
    struct view bytes;
};

static bool has_digit(struct view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (ascii_is_digit((unsigned char)v.p[i]))
            return true;
    return false;
}

static struct view alternate_bytes(const struct text *t, const struct alternate *a)
{
    return view_sub(t->alternates_folded, a->from, (size_t)a->from + a->length);
}

static bool in_lexicon(const struct lexicon *lexicon, struct view bytes)
{
    struct word word = {0, (uint16_t)bytes.n, 0, 0};
    struct reading one = {.bytes = bytes, .words = &word, .n_words = 1};
    struct lexicon_match match;

    return lexicon_find(lexicon, &one, 0, 0, UINT32_MAX, LANGUAGE_ANY, &match);
}

/* Does a row of the lexicon that starts at or before the word, as it stands, reach over last? */
static bool means_something(const struct reading *plain, const struct lexicon *lexicon,
                            uint32_t first, uint32_t last, uint32_t *kept)
{
    struct lexicon_match match;

    for (uint32_t back = 0; back < 3 && back <= first; back++) {
        uint32_t word = first - back;
        if (lexicon_find(lexicon, plain, plain->words[word].from, word, UINT32_MAX, LANGUAGE_ANY,
                         &match) &&
            match.word >= last) {
            *kept = match.word + 1;
            return true;
        }
    }
    return false;
}

/* Letters spaced behind a figure ("0.3 b i t c o i n"): the figure is none of them. */
static void drop_figures(const struct text *t, struct choice *c)
{
    while (c->first < c->last) {
        struct view word = text_word(t, c->first);
        if (word.n == 0 || !ascii_is_digit((unsigned char)word.p[0]) || word.n >= c->bytes.n ||
            !view_eq(word, view_sub(c->bytes, 0, word.n)))
            return;
        c->bytes = view_sub(c->bytes, word.n, c->bytes.n);
        c->first++;
    }
}

/*
 * A word with look-alike letters is read by them, unless it means something as it stands (a Russian
 * word in a bilingual mail). Anything else (leet, spaced, hyphenated) only when it makes a word we
 * know: "48h" must not become "abh", nor "24-48" "2448". *kept: words up to here stay as they are.
 */
static bool choose(const struct reading *plain, const struct text *t, const struct alternate *a,
                   const struct lexicon *lexicon, uint32_t *kept, struct choice *c)
{
    if (a->first > a->last || a->last >= t->n_words || a->length == 0)
        return false;
    *c = (struct choice){a->first, a->last, alternate_bytes(t, a)};
    drop_figures(t, c);
    struct view word = text_word(t, c->first);
    if (c->first < *kept || word.n == 0 || ascii_is_digit((unsigned char)word.p[0]))
        return false;
    bool lookalike = a->reason == ANOMALY_TEXT_MIXED_SCRIPT && c->first == c->last;
    if (!lookalike && (has_digit(c->bytes) || !in_lexicon(lexicon, c->bytes)))
        return false;
    return !means_something(plain, lexicon, c->first, c->last, kept);
}

struct substitution {
    struct reading *r;
    const struct text *t;
    struct word *words;
    uint32_t *origin;
    char *bytes;
    uint32_t n_bytes;
    uint32_t done;      /* folded bytes copied so far */
    uint32_t next_word; /* words of text done so far */
};

static bool copy_until(struct substitution *s, uint32_t word, uint32_t folded)
{
    uint32_t shift = s->n_bytes - s->done; /* wraps: bytes may also be fewer */

    for (; s->next_word < word; s->next_word++) {
        s->words[s->r->n_words] = s->t->words[s->next_word];
        s->words[s->r->n_words].from += shift;
        s->origin[s->r->n_words++] = s->next_word;
    }
    if (folded > s->done) {
        if (!spanmap_add(&s->r->to_folded, s->n_bytes, s->done, 1, 1))
            return false;
        memcpy(s->bytes + s->n_bytes, s->t->folded.p + s->done, folded - s->done);
        s->n_bytes += folded - s->done;
        s->done = folded;
    }
    return true;
}

static bool put_choice(struct substitution *s, const struct choice *c)
{
    const struct word *first = &s->t->words[c->first];
    const struct word *last = &s->t->words[c->last];
    struct view bytes = c->bytes;

    if (!copy_until(s, c->first, first->from))
        return false;
    uint32_t end = last->from + last->length;
    if (!spanmap_add(&s->r->to_folded, s->n_bytes, first->from, (uint32_t)bytes.n,
                     end - first->from))
        return false;
    s->words[s->r->n_words] =
        (struct word){s->n_bytes, (uint16_t)bytes.n, first->flags, first->segment};
    s->origin[s->r->n_words++] = c->first;
    memcpy(s->bytes + s->n_bytes, bytes.p, bytes.n);
    s->n_bytes += (uint32_t)bytes.n;
    s->done = end;
    s->next_word = c->last + 1;
    return true;
}

static enum status substitute(struct reading *r, const struct text *t, const struct choice *chosen,
                              uint32_t n, struct arena *arena)
{
    size_t room = t->folded.n;

    for (uint32_t i = 0; i < n; i++)
        room += chosen[i].bytes.n;
    struct substitution s = {.r = r, .t = t};
    s.words = arena_calloc(arena, t->n_words, sizeof *s.words);
    s.origin = arena_calloc(arena, (size_t)t->n_words + 1, sizeof *s.origin);
    s.bytes = arena_alloc(arena, room);
    if (s.words == NULL || s.origin == NULL || s.bytes == NULL || room > UINT32_MAX)
        return STATUS_NO_MEMORY;
    r->n_words = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!put_choice(&s, &chosen[i]))
            return STATUS_NO_MEMORY;
    if (!copy_until(&s, t->n_words, (uint32_t)t->folded.n))
        return STATUS_NO_MEMORY;
    s.origin[r->n_words] = t->n_words;
    r->bytes = (struct view){s.bytes, s.n_bytes};
    r->words = s.words;
    r->origin = s.origin;
    return STATUS_OK;
}

enum status reading_init(struct reading *r, const struct text *t, const struct lexicon *lexicon,
                         struct arena *arena)
{
    struct choice *chosen = NULL;
    uint32_t n = 0;
    uint32_t cap = 0;
    uint32_t kept = 0;

    *r = (struct reading){.bytes = t->folded, .words = t->words, .n_words = t->n_words};
    spanmap_init(&r->to_folded, arena);
    for (uint32_t i = 0; i < t->n_alternates; i++) {
        struct choice choice;
        if (!choose(r, t, &t->alternates[i], lexicon, &kept, &choice))
            continue;
        struct choice *grown = arena_grow(arena, chosen, &cap, n + 1, sizeof *grown);
        if (grown == NULL)
            return STATUS_NO_MEMORY;
        chosen = grown;
        chosen[n++] = choice;
        kept = choice.last + 1;
    }
    return n == 0 ? STATUS_OK : substitute(r, t, chosen, n, arena);
}

uint32_t reading_first(const struct reading *r, uint32_t first)
{
    return r->origin != NULL ? r->origin[first] : first;
}

uint32_t reading_last(const struct reading *r, uint32_t last)
{
    return r->origin != NULL ? r->origin[last + 1] - 1 : last;
}

struct span reading_visible(const struct reading *r, const struct segment *s, uint32_t from,
                            uint32_t to)
{
    struct span folded = spanmap_span(&r->to_folded, (struct span){from, to});

    /* An empty map is the identity. */
    folded.from = folded.from > s->folded_from ? folded.from - s->folded_from : 0;
    folded.to = folded.to > s->folded_from ? folded.to - s->folded_from : 0;
    return spanmap_span(&s->to_visible, folded);
}
