/* Terms and compounds: lists of places that are put together from those of the atoms. */
#include <string.h>

#include "rule/seen.h"

#include <stdlib.h>

static bool seen_as_reserve(struct seen *s, size_t more)
{
    size_t want = s->n_seen_as + more + 1, cap = s->cap_seen_as < 256 ? 256 : s->cap_seen_as;
    if (want <= s->cap_seen_as)
        return true;
    while (cap < want)
        cap *= 2;
    struct seen_as *grown = cap <= UINT32_MAX ? realloc(s->seen_as, cap * sizeof *grown) : NULL;
    if (grown == NULL)
        return false;
    s->seen_as = grown;
    s->cap_seen_as = (uint32_t)cap;
    return true;
}

/* All pairs of a seen atom and one of its terms; the term stands in next for now. */
static bool pairs_list(struct seen *s, uint32_t from)
{
    const struct index *terms = &s->lexicon->atom_terms;
    for (uint32_t row = from; row <= s->n_atoms; row++) {
        uint32_t atom = s->atom[row].atom;
        uint32_t i = terms->from[atom], n = terms->from[atom + 1] - i;
        if (!seen_as_reserve(s, (size_t)n + INDEX_SPARE))
            return false;
        /* Most have one or two; what is written too much is written over. */
        struct seen_as *pair = s->seen_as + s->n_seen_as + 1;
        for (uint32_t k = 0; k < INDEX_SPARE || k < n; k++)
            pair[k] = (struct seen_as){row, terms->item[i + k]};
        s->n_seen_as += n;
    }
    return true;
}

bool seen_terms_mark(struct seen *s, uint32_t from)
{
    uint32_t first = s->n_seen_as + 1;
    if (!pairs_list(s, from))
        return false;
    for (uint32_t i = first; i <= s->n_seen_as; i++) {
        struct seen_as *pair = &s->seen_as[i];
        const struct mask *mask = &s->atom[pair->atom].mask;
        uint32_t row = seen_row(s->term_row, pair->next, &s->n_terms);
        struct term_seen *term = &s->term[row];
        s->term_of[row] = pair->next;
        s->term_sight[row].place = NULL;
        pair->next = term->seen_as;
        term->seen_as = i;
        term->bits |= mask->bits;
        term->extent = mask->extent > term->extent ? mask->extent : term->extent;
    }
    return true;
}

bool seen_add(struct seen *s, uint32_t atom, struct place *place, uint32_t n)
{
    if (n == 0)
        return true;
    uint32_t row = seen_row(s->atom_row, atom, &s->n_atoms);
    s->atom[row].atom = atom;
    s->atom[row].sight = (struct sight){place, n};
    for (uint32_t i = 0; i < n; i++)
        mask_add(&s->atom[row].mask, s, place[i].first, place[i].last);
    return seen_terms_mark(s, row);
}

static bool place_before(const struct place *a, const struct place *b)
{
    return a->first < b->first || (a->first == b->first && a->last < b->last);
}

/* Merges two rising lists; what stands in both is kept once. Returns the length. */
static uint32_t merge(const struct place *a, uint32_t n_a, const struct place *b, uint32_t n_b,
                      struct place *out)
{
    uint32_t n = 0;
    while (n_a > 0 || n_b > 0) {
        bool from_a = n_b == 0 || (n_a > 0 && !place_before(b, a));
        const struct place *next = from_a ? a++ : b++;
        n_a -= from_a;
        n_b -= !from_a;
        if (n == 0 || place_before(&out[n - 1], next))
            out[n++] = *next;
    }
    return n;
}

/* Merges pairs of lists until one is left. Both list arrays have room for n. */
static bool merge_all(struct seen *s, struct sight *list, uint32_t n, uint64_t *work)
{
    for (; n > 1; n = (n + 1) / 2) {
        for (uint32_t i = 0; i + 1 < n; i += 2) {
            size_t room = (size_t)list[i].n + list[i + 1].n;
            struct place *out = arena_alloc(&s->scratch, room * sizeof *out);
            if (out == NULL)
                return false;
            uint32_t kept = merge(list[i].place, list[i].n, list[i + 1].place, list[i + 1].n, out);
            arena_shrink(&s->scratch, out, room * sizeof *out, kept * sizeof *out);
            list[i / 2] = (struct sight){.place = out, .n = kept};
            *work += room;
        }
        if (n % 2 != 0)
            list[n / 2] = list[n - 1];
    }
    return true;
}

const struct sight *seen_term(struct seen *s, uint32_t term, uint64_t *work)
{
    uint32_t row = s->term_row[term], n = 0;
    struct sight *out = &s->term_sight[row];
    if (row == 0 || out->place != NULL)
        return out;
    for (uint32_t i = s->term[row].seen_as; i != 0; i = s->seen_as[i].next)
        n++;
    struct sight *list = arena_alloc(&s->scratch, n * sizeof *list);
    if (list == NULL)
        return NULL;
    n = 0;
    for (uint32_t i = s->term[row].seen_as; i != 0; i = s->seen_as[i].next)
        list[n++] = s->atom[s->seen_as[i].atom].sight;
    if (!merge_all(s, list, n, work))
        return NULL;
    *out = list[0];
    return out;
}

static int by_place(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    return place_before(a, b) ? -1 : place_before(b, a);
}

void places_sort(struct place *v, uint32_t n, uint64_t *work)
{
    uint32_t i = 1, steps = 1;
    while (i < n && !place_before(&v[i], &v[i - 1]))
        i++;
    if (i >= n)
        return;
    while (n >> steps > 1)
        steps++;
    *work += (uint64_t)n * steps;
    qsort(v, n, sizeof *v, by_place);
}
