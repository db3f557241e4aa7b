/*
 * Phrases that say what another says. A phrase without alternatives is a row of terms with gaps;
 * one row covers another when it stands inside it and each of its words accepts all that the
 * other's does: then whatever the longer one finds, the shorter one has found already.
 */
#include <stdlib.h>
#include <string.h>

#include "rule/lint.h"

struct row {
    uint32_t term[PHRASE_NODES_MAX];
    uint8_t gap[PHRASE_NODES_MAX]; /* before each but the first */
    uint32_t n;
};

/* False: the phrase has alternatives or optional words. */
static bool row_of(const struct phrase_draft *d, struct row *out)
{
    out->n = d->n;
    if (d->n == 0 || d->n_edges != d->n - 1 || d->first != 1 ||
        d->last != UINT64_C(1) << (d->n - 1))
        return false;
    out->gap[0] = 0;
    for (uint32_t i = 0; i < d->n; i++)
        out->term[i] = d->term[i];
    for (uint32_t i = 0; i < d->n_edges; i++) {
        if (d->edge[i].from != i || d->edge[i].to != i + 1)
            return false;
        out->gap[i + 1] = d->edge[i].gap;
    }
    return true;
}

static bool atom_covers(const struct atom *wide, const struct atom *narrow)
{
    if (wide->kind != ATOM_STEM || (narrow->kind != ATOM_WORD && narrow->kind != ATOM_STEM))
        return false;
    return narrow->bytes.n >= wide->bytes.n && !narrow->cjk &&
           memcmp(narrow->bytes.p, wide->bytes.p, wide->bytes.n) == 0;
}

static bool term_covers(const struct words *w, uint32_t wide, uint32_t narrow)
{
    if (wide == narrow)
        return true;
    const struct term *a = &w->term[wide], *b = &w->term[narrow];
    for (uint32_t i = 0; i < b->n; i++) {
        bool covered = false;
        for (uint32_t k = 0; k < a->n && !covered; k++)
            covered = a->atoms[k] == b->atoms[i] ||
                      atom_covers(&w->atom[a->atoms[k]], &w->atom[b->atoms[i]]);
        if (!covered)
            return false;
    }
    return b->n > 0;
}

static bool row_covers(const struct words *w, const struct row *wide, const struct row *narrow)
{
    for (uint32_t at = 0; at + wide->n <= narrow->n; at++) {
        bool covered = true;
        for (uint32_t i = 0; i < wide->n && covered; i++)
            covered = (i == 0 || wide->gap[i] >= narrow->gap[at + i]) &&
                      term_covers(w, wide->term[i], narrow->term[at + i]);
        if (covered)
            return true;
    }
    return false;
}

static bool drafts_equal(const struct phrase_draft *a, const struct phrase_draft *b)
{
    return a->n == b->n && a->n_edges == b->n_edges && a->first == b->first && a->last == b->last &&
           memcmp(a->term, b->term, a->n * sizeof *a->term) == 0 &&
           memcmp(a->edge, b->edge, a->n_edges * sizeof *a->edge) == 0;
}

static const char *phrases_key(const struct rule_draft *d)
{
    return d->rule.kind == RULE_NEAR ? "near" : "any";
}

static const char *phrase_text(const struct rule_draft *d, uint32_t i)
{
    return texts_at(key_texts(d->setting, phrases_key(d)), i);
}

static void lint_rule(struct load *l, const struct rule_draft *d)
{
    const struct phrase_slots *p = &d->phrases;
    struct row narrow, wide;
    for (uint32_t i = 0; i < p->n; i++) {
        bool row = row_of(&p->v[i].draft, &narrow);
        for (uint32_t k = 0; k < p->n; k++) {
            bool equal = drafts_equal(&p->v[i].draft, &p->v[k].draft);
            if (k == i || (equal && k > i) ||
                (!equal &&
                 !(row && row_of(&p->v[k].draft, &wide) && row_covers(&l->words, &wide, &narrow))))
                continue;
            remark(l, draft_text_origin(d, "any", i), "remove it",
                   "\"%.200s\" finds nothing that \"%.200s\" does not find: line %u",
                   phrase_text(d, i), phrase_text(d, k),
                   origin_line(draft_text_origin(d, "any", k)));
            break;
        }
    }
}

/* A character says much more where three bytes or more write it: Hangul, Thai, Devanagari. */
static bool atom_is_syllables(const struct atom *a)
{
    return a->letters > 0 && (unsigned char)a->bytes.p[0] >= 0xE0;
}

/* A word or stem of one or two letters, or of one syllable, or any number. */
static bool atom_is_short(const struct atom *a)
{
    bool letters = a->kind == ATOM_WORD || a->kind == ATOM_STEM;
    return a->kind == ATOM_NUMBER ||
           (letters && a->letters <= (atom_is_syllables(a) ? 1 : 2) && !a->cjk);
}

/* One that is all that a way through the phrase asks for: it would hit in any mail. */
static const struct atom *short_match(const struct words *w, const struct phrase_draft *d)
{
    for (uint32_t v = 0; v < d->n; v++) {
        const struct term *term = &w->term[d->term[v]];
        for (uint32_t i = 0; (d->first & d->last) >> v & 1 && i < term->n; i++)
            if (atom_is_short(&w->atom[term->atoms[i]]))
                return &w->atom[term->atoms[i]];
    }
    return NULL;
}

/* Where the word stands in a list of the pack, if the phrase names lists. */
static bool entry_of(struct load *l, const struct rule_draft *d, const char *phrase,
                     const struct atom *a, struct origin *out)
{
    if (a->kind == ATOM_NUMBER || strchr(phrase, '{') == NULL)
        return false;
    for (uint32_t i = 0; i < l->list_names.n; i++)
        for (uint32_t k = 0;
             strcmp(l->list[i].pack, d->origin.pack->name) == 0 && k < l->list[i].n_entries; k++) {
            struct view text = view_of(l->list[i].entry[k].text);
            if (a->kind == ATOM_STEM && text.n > 0)
                text = view_sub(text, 0, text.n - 1);
            if (view_eq(text_fold(text, &l->arena), a->bytes)) {
                *out = entry_origin(&l->list[i], &l->list[i].entry[k]);
                return true;
            }
        }
    return false;
}

static void lint_short(struct load *l, const struct rule_draft *d)
{
    if (d->rule.u.phrases.at_least >= 2 || d->rule.info.facet == FACET_WORDING)
        return; /* then nothing is a match alone, or is meant to be */
    for (uint32_t i = 0; i < d->phrases.n; i++) {
        const struct atom *a = short_match(&l->words, &d->phrases.v[i].draft);
        if (a == NULL)
            continue;
        bool number = a->kind == ATOM_NUMBER;
        struct origin at = draft_text_origin(d, "any", i);
        (void)entry_of(l, d, phrase_text(d, i), a, &at);
        at.where = d->origin.where;
        remark(l, at, "put another word beside it, or leave it out",
               "in \"%.100s\" \"%.*s%s\" alone is a match: %s", phrase_text(d, i),
               number ? 1 : (int)a->bytes.n, number ? "#" : a->bytes.p,
               a->kind == ATOM_STEM ? "*" : "",
               number ? "any number would hit" : "a word so short stands in any mail");
    }
}

/* near searches from its rarest phrase. */
static void lint_start(struct load *l, const struct rule_draft *d)
{
    double least = 0;
    for (uint32_t i = 0; i < d->phrases.n; i++) {
        double cost = phrase_cost(&l->words, &d->phrases.v[i].draft);
        least = i == 0 || cost < least ? cost : least;
    }
    if (d->phrases.n > 0 && least >= TERM_COST_SHORT)
        remark(l, draft_text_origin(d, "near", 0), "add a longer word that must be there",
               "none of its phrases has a word of three letters that must be there, so its search "
               "starts at nearly every line of any mail");
}

/* Phrases of rules that could count for the same words. */
struct known {
    const struct rule_draft *rule;
    uint32_t phrase;
    uint64_t hash;
};

static uint64_t draft_hash(const struct phrase_draft *d)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (uint32_t i = 0; i < d->n; i++)
        h = (h ^ d->term[i]) * 0x100000001b3u;
    for (uint32_t i = 0; i < d->n_edges; i++)
        h = (h ^
             ((uint32_t)d->edge[i].from << 16 | (uint32_t)d->edge[i].to << 8 | d->edge[i].gap)) *
            0x100000001b3u;
    return h;
}

static int by_hash(const void *a, const void *b)
{
    const struct known *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    return x->phrase < y->phrase ? -1 : x->phrase > y->phrase;
}

static uint32_t places_asked(const struct rule_draft *d)
{
    return d->rule.u.phrases.at_least > 1 ? d->rule.u.phrases.at_least : 1;
}

/*
 * Would both be weighed for some class, in one facet, over some common text? Rules that ask for
 * different numbers of places are steps of one scale: they mean to add up.
 */
static bool compete(const struct rule_draft *a, const struct rule_draft *b)
{
    const struct rule_info *x = &a->rule.info, *y = &b->rule.info;
    return x->facet == y->facet && places_asked(a) == places_asked(b) &&
           (x->language == y->language || x->language == 0 || y->language == 0) &&
           (x->classes == 0 || y->classes == 0 || (x->classes & y->classes) != 0) &&
           (a->rule.where & b->rule.where) != 0;
}

static void lint_overlap(struct load *l)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->rule_names.n; i++)
        n += l->draft[i].rule.kind == RULE_ANY ? l->draft[i].phrases.n : 0;
    struct known *v = arena_calloc(&l->arena, (size_t)n + 1, sizeof *v);
    if (v == NULL) {
        l->no_memory = true;
        return;
    }
    n = 0;
    for (uint32_t i = 0; i < l->rule_names.n; i++) {
        const struct rule_draft *d = &l->draft[i];
        for (uint32_t k = 0; d->rule.kind == RULE_ANY && draft_counts(d) && k < d->phrases.n; k++)
            v[n++] = (struct known){d, k, draft_hash(&d->phrases.v[k].draft)};
    }
    if (n > 0)
        qsort(v, n, sizeof *v, by_hash);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = i; k-- > 0 && v[k].hash == v[i].hash;) {
            const struct rule_draft *d = v[i].rule, *other = v[k].rule;
            if (d == other || !compete(d, other) ||
                !drafts_equal(&d->phrases.v[v[i].phrase].draft,
                              &other->phrases.v[v[k].phrase].draft))
                continue;
            remark(l, draft_text_origin(d, "any", v[i].phrase),
                   "take it out of one of them: the same words count twice",
                   "\"%.200s\" is also a phrase of %s (%s:%u), of the same facet",
                   phrase_text(d, v[i].phrase), other->origin.where, other->origin.pack->path,
                   origin_line(draft_text_origin(other, "any", v[k].phrase)));
            break;
        }
}

void lint_phrases(struct load *l)
{
    for (uint32_t i = 0; i < l->rule_names.n; i++) {
        const struct rule_draft *d = &l->draft[i];
        bool any = d->rule.kind == RULE_ANY, near = d->rule.kind == RULE_NEAR;
        /* A wrong phrase was left out; then nothing loads, and nobody gets here. */
        if (d->off || (!any && !near))
            continue;
        if (any)
            lint_rule(l, d);
        if (any && d->rule.info.facet != FACET_NONE)
            lint_short(l, d);
        if (near)
            lint_start(l, d);
    }
    lint_overlap(l);
}
