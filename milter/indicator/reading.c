#include "indicator/reading.h"

#include "indicator/lexicon.h"

#include <string.h>

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

/*
 * A word with look-alike letters is always read by them. Anything else (leet, spaced, hyphenated)
 * only when it makes a word we know: "48h" must not become "abh", nor "24-48" "2448".
 */
static bool is_better(const struct text *t, const struct alternate *a,
                      const struct lexicon *lexicon)
{
    if (a->first > a->last || a->last >= t->n_words || a->length == 0)
        return false;
    struct view bytes = alternate_bytes(t, a);
    if (a->reason == ANOMALY_TEXT_MIXED_SCRIPT && a->first == a->last)
        return !has_digit(text_word(t, a->first)) || has_digit(bytes);
    if (ascii_is_digit((unsigned char)text_word(t, a->first).p[0]))
        return false;
    return in_lexicon(lexicon, bytes);
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

static bool put_alternate(struct substitution *s, const struct alternate *a)
{
    const struct word *first = &s->t->words[a->first];
    const struct word *last = &s->t->words[a->last];
    struct view bytes = alternate_bytes(s->t, a);

    if (!copy_until(s, a->first, first->from))
        return false;
    uint32_t end = last->from + last->length;
    if (!spanmap_add(&s->r->to_folded, s->n_bytes, first->from, (uint32_t)bytes.n,
                     end - first->from))
        return false;
    s->words[s->r->n_words] =
        (struct word){s->n_bytes, (uint16_t)bytes.n, first->flags, first->segment};
    s->origin[s->r->n_words++] = a->first;
    memcpy(s->bytes + s->n_bytes, bytes.p, bytes.n);
    s->n_bytes += (uint32_t)bytes.n;
    s->done = end;
    s->next_word = a->last + 1;
    return true;
}

static enum status substitute(struct reading *r, const struct text *t,
                              const struct alternate *const *chosen, uint32_t n,
                              struct arena *arena)
{
    size_t room = t->folded.n;

    for (uint32_t i = 0; i < n; i++)
        room += chosen[i]->length;
    struct substitution s = {.r = r, .t = t};
    s.words = arena_calloc(arena, t->n_words, sizeof *s.words);
    s.origin = arena_calloc(arena, (size_t)t->n_words + 1, sizeof *s.origin);
    s.bytes = arena_alloc(arena, room);
    if (s.words == NULL || s.origin == NULL || s.bytes == NULL || room > UINT32_MAX)
        return STATUS_NO_MEMORY;
    r->n_words = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!put_alternate(&s, chosen[i]))
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
    const struct alternate **chosen = NULL;
    uint32_t n = 0;
    uint32_t free_from = 0;

    *r = (struct reading){.bytes = t->folded, .words = t->words, .n_words = t->n_words};
    spanmap_init(&r->to_folded, arena);
    for (uint32_t i = 0; i < t->n_alternates; i++) {
        const struct alternate *a = &t->alternates[i];
        if (a->first < free_from || !is_better(t, a, lexicon))
            continue;
        if (chosen == NULL)
            chosen = arena_calloc(arena, t->n_alternates - i, sizeof(const struct alternate *));
        if (chosen == NULL)
            return STATUS_NO_MEMORY;
        chosen[n++] = a;
        free_from = a->last + 1;
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
