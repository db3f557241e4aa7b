/* Collects the atoms and terms of all packs while they are loaded; then makes the lexicon. */
#ifndef RULE_WORDS_H
#define RULE_WORDS_H

#include "rule/lexicon.h"
#include "rule/names.h"

enum atom_kind {
    ATOM_WORD = 1, /* folded; several CJK characters in a row are one word */
    ATOM_STEM,
    ATOM_ENDING,
    ATOM_NUMBER,
    ATOM_INDICATOR, /* bytes: the kind's name */
    ATOM_COMPOUND,  /* bytes: its running number; found by a phrase */
};

/* There are a quarter of a million. */
struct atom {
    struct view bytes; /* in the arena */
    uint32_t letters;
    uint32_t uses; /* places of phrases that accept it: what many rules need is common */
    uint32_t id;   /* in the lexicon, of words_finish */
    uint8_t kind;  /* enum atom_kind */
    bool cjk;
};

struct term {
    const uint32_t *atoms; /* rising */
    uint32_t n;
    uint32_t id; /* in the lexicon; TERM_NONE while no phrase uses it */
    double cost; /* see term_cost; negative: not known yet */
};

struct words {
    struct arena *arena; /* foreign */
    struct names atom_names, term_names;
    struct atom *atom;
    struct term *term;
    uint32_t cap_atom, cap_term;
    uint32_t n_compounds, n_used;
    bool no_memory; /* sticky: results since then are NONE */
};

void words_init(struct words *w, struct arena *arena);
/* Room for so many atoms at once. False: no memory, which does no harm. */
bool words_reserve(struct words *w, uint32_t n);
/* The same will be asked for soon: a look far away takes longer than all else. */
void words_atom_soon(const struct words *w, enum atom_kind kind, struct view bytes);
uint32_t words_atom(struct words *w, enum atom_kind kind, struct view bytes);
/* A new atom that only a phrase can find. */
uint32_t words_compound(struct words *w);
/* The term of these atoms (any order, repetitions allowed; n may be 0). */
uint32_t words_term(struct words *w, const uint32_t *atoms, uint32_t n);
uint32_t words_union(struct words *w, uint32_t left, uint32_t right);
/*
 * Notes that a place of a phrase accepts term. Terms that nobody uses (parts of lists, steps on the
 * way to a group) do not get into the lexicon.
 */
void words_use(struct words *w, uint32_t term);
/* What terms cost depends on their uses, which are known now. */
void words_used(struct words *w);
/* The term's number in the lexicon, given now if it has none. */
uint32_t words_id(struct words *w, uint32_t term);

/* Does the term accept a compound? */
bool term_compound(const struct words *w, uint32_t term);
/*
 * How often the term is to be expected in a text; only the order matters. TERM_COST_SHORT or more:
 * it has no atom of three letters, CJK character, indicator or compound; a search starts there only
 * when the phrase has nothing better.
 */
#define TERM_COST_SHORT 1e6
double term_cost(struct words *w, uint32_t term);

/* Sorts n pairs (key[i], item[i]) by key into an index; order within a key is kept. */
bool index_build(const uint32_t *key, const uint32_t *item, uint32_t n, uint32_t n_keys,
                 struct arena *arena, struct index *out);

/* Numbers the atoms anew: words and stems that the same terms accept are one atom of the lexicon.
 */
enum status words_finish(struct words *w, struct arena *arena, struct lexicon *out);

#endif
