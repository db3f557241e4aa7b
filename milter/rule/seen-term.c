/* Terms and compounds: lists of places that are put together from those of the atoms. */
#include <string.h>

#include "rule/seen.h"

void seen_terms_mark(struct seen *s, uint32_t atom)
{
    struct mask mask = s->atom[atom].mask;
    const struct index *terms = &s->lexicon->atom_terms;
    for (uint32_t i = terms->from[atom]; i < terms->from[atom + 1]; i++) {
        uint32_t term = terms->item[i];
        struct mask *to = &s->term_mask[term];
        if (to->bits == 0)
            s->met_term[s->n_met_terms++] = term;
        to->bits |= mask.bits;
        if (mask.extent > to->extent)
            to->extent = mask.extent;
    }
}

void seen_add(struct seen *s, uint32_t atom, struct place *place, uint32_t n)
{
    if (n == 0)
        return;
    s->atom[atom].sight = (struct sight){place, n};
    s->met[s->n_met++] = atom;
    for (uint32_t i = 0; i < n; i++)
        mask_add(&s->atom[atom].mask, s, place[i].first, place[i].last);
    seen_terms_mark(s, atom);
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
    struct sight *out = &s->term[term];
    if (s->term_age[term] == s->age)
        return out;
    const struct index *atoms = &s->lexicon->term_atoms;
    uint32_t from = atoms->from[term], to = atoms->from[term + 1], n = 0;
    struct sight *list = arena_alloc(&s->scratch, (to - from) * sizeof *list);
    if (list == NULL)
        return NULL;
    for (uint32_t i = from; i < to; i++) {
        const struct sight *sight = &s->atom[atoms->item[i]].sight;
        if (sight->n > 0)
            list[n++] = *sight;
    }
    if (!merge_all(s, list, n, work))
        return NULL;
    *out = n > 0 ? list[0] : (struct sight){0};
    s->term_age[term] = s->age;
    return out;
}
