#include "text/reading.h"

/* What the letters of one word are. */
struct letters {
    uint32_t script[FOLD_SCRIPTS]; /* how many of each */
    uint32_t n;
    uint32_t changes;    /* of script along the word */
    uint32_t shortest;   /* run of one script */
    bool beyond_vietnam; /* f, j, w, z: not in the Vietnamese alphabet */
};

static void letters_count(struct view word, struct letters *l)
{
    enum fold_script before = FOLD_SCRIPT_NONE;
    uint32_t run = 0;
    *l = (struct letters){.shortest = UINT32_MAX};
    for (size_t i = 0; i < word.n;) {
        uint32_t cp;
        i += fold_decode(word.p + i, word.n - i, &cp);
        enum fold_script script = fold_script(fold_find(cp));
        if (script == FOLD_SCRIPT_NONE)
            continue;
        l->n++;
        l->script[script]++;
        l->beyond_vietnam = l->beyond_vietnam || cp == 'f' || cp == 'j' || cp == 'w' || cp == 'z';
        if (script != before && before != FOLD_SCRIPT_NONE) {
            l->changes++;
            l->shortest = run < l->shortest ? run : l->shortest;
            run = 0;
        }
        before = script;
        run++;
    }
    l->shortest = run < l->shortest ? run : l->shortest;
}

/* Letters of other scripts that look like ASCII ones. */
static uint32_t letters_alike(struct view word)
{
    uint32_t n = 0;
    for (size_t i = 0; i < word.n;) {
        uint32_t cp;
        i += fold_decode(word.p + i, word.n - i, &cp);
        enum fold_script script = fold_script(fold_find(cp));
        n += script != FOLD_LATIN && script != FOLD_SCRIPT_NONE &&
             ascii_is_alpha(text_lookalike(cp));
    }
    return n;
}

/* Scripts that are mixed to deceive; Hangul, Thai and others stand beside Latin letters honestly.
 */
static uint32_t scripts_mixed(const struct letters *l)
{
    static const enum fold_script deceive[] = {
        FOLD_LATIN,    FOLD_GREEK,    FOLD_CYRILLIC, FOLD_ARMENIAN, FOLD_HEBREW, FOLD_ARABIC,
        FOLD_CHEROKEE, FOLD_CANADIAN, FOLD_COPTIC,   FOLD_GEORGIAN, FOLD_LISU};
    uint32_t n = 0;
    for (size_t i = 0; i < sizeof deceive / sizeof deceive[0]; i++)
        n += l->script[deceive[i]] > 0;
    return n;
}

/*
 * "SMS-ka" written in two scripts without a hyphen, and measures such as "um" and "kOhm" in Greek
 * and Latin letters, are honest.
 */
static bool mixed_honestly(const struct letters *l, uint32_t alike)
{
    if (alike == 0)
        return true;
    if (l->changes == 1 && l->shortest >= 2 && l->n > 4)
        return true;
    return l->n <= 3 && l->script[FOLD_GREEK] == 1;
}

/* Odd things found inside one word. */
struct oddities {
    uint32_t styled, wide, invisible, soft, joiner, mark, two_marks;
};

static uint32_t oddities_find(const struct folding *f, uint32_t first, const struct word *w,
                              struct oddities *o)
{
    *o = (struct oddities){0};
    while (first < f->n_odd && f->odd[first].at < w->from)
        first++;
    for (uint32_t i = first; i < f->n_odd && f->odd[i].at <= word_to(w); i++) {
        bool in = f->odd[i].at < word_to(w);
        bool between = in && f->odd[i].at > w->from;
        switch ((enum odd_kind)f->odd[i].kind) {
        case ODD_STYLED:
            o->styled += in;
            break;
        case ODD_WIDE:
            o->wide += in;
            break;
        case ODD_INVISIBLE:
            o->invisible += between;
            break;
        case ODD_SOFT:
            o->soft += between;
            break;
        case ODD_JOINER:
            o->joiner += between;
            break;
        case ODD_MARK:
            o->mark++;
            break;
        case ODD_TWO_MARKS:
            o->two_marks += in;
            break;
        }
    }
    return first;
}

static void oddities_judge(struct reading *r, struct word *w, const struct oddities *o,
                           const struct letters *l)
{
    struct disguise_counts *c = &r->counts;
    uint32_t latin = l->script[FOLD_LATIN] + l->script[FOLD_GREEK] + l->script[FOLD_CYRILLIC];
    uint32_t invisible = o->invisible + (latin == l->n ? o->joiner : 0);
    if (o->soft * 2 >= l->n) /* syllables have two letters and more */
        invisible += o->soft;
    if (o->styled > 0 && l->n >= 3)
        c->styled++;
    if (o->wide > 0 && l->n >= 3)
        c->wide++;
    if (o->styled + o->wide > 0)
        w->flags |= WORD_MIXED;
    c->invisible += invisible > 0 && l->n >= 3;
    bool vietnamese = l->n <= 7 && !l->beyond_vietnam;
    uint32_t marks = o->mark + (vietnamese ? 0 : o->two_marks);
    c->marks += marks > 0 && l->n >= 2;
    r->out->disguise.mapped += o->styled + o->wide + invisible + marks;
}

static void scripts_judge(struct reading *r, struct word *w, const struct letters *l,
                          struct script_profile *profile)
{
    if (scripts_mixed(l) > 1) {
        uint32_t alike = letters_alike((struct view){r->fold.p + w->from, w->length});
        w->flags |= WORD_MIXED;
        if (mixed_honestly(l, alike))
            return;
        profile->mixed++;
        r->counts.mixed++;
        r->out->disguise.mapped += alike;
    } else if (l->script[FOLD_LATIN] > 0) {
        profile->latin++;
    } else if (l->n > 0) {
        profile->other++;
    }
}

void count_distinct(struct disguise_counts *c, uint32_t *n, struct view word)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < word.n; i++)
        h = (h ^ (unsigned char)word.p[i]) * 16777619u;
    h = (h ^ h >> 16) % (sizeof c->seen * 8);
    *n += (c->seen[h / 64] >> h % 64 & 1) == 0;
    c->seen[h / 64] |= UINT64_C(1) << h % 64;
}

/* "call (me) now" rather than "call(me)" or "word(s)". */
static bool stands_apart(struct view folded, const struct segment *s, const struct word *w)
{
    char before = w->from - 1 > s->folded_from ? folded.p[w->from - 2] : ' ';
    char after = word_to(w) + 1 < folded.n ? folded.p[word_to(w) + 1] : ' ';
    return ascii_is_space((unsigned char)before) && ascii_is_space((unsigned char)after);
}

/* What stands directly beside words. */
enum beside { BESIDE_BLANK = 1, BESIDE_OPEN = 2, BESIDE_CLOSE = 4 };

static const uint8_t beside[256] = {
    ['\t'] = BESIDE_BLANK, ['\n'] = BESIDE_BLANK, [' '] = BESIDE_BLANK,
    ['('] = BESIDE_OPEN,   ['['] = BESIDE_OPEN,   ['{'] = BESIDE_OPEN,
    [')'] = BESIDE_CLOSE,  [']'] = BESIDE_CLOSE,  ['}'] = BESIDE_CLOSE,
};

static bool brackets_match(char open, char close)
{
    return (open == '(' && close == ')') || (open == '[' && close == ']') ||
           (open == '{' && close == '}');
}

static uint32_t characters(struct view word)
{
    uint32_t n = 0;
    for (size_t i = 0; i < word.n; i++)
        n += ((unsigned char)word.p[i] & 0xC0) != 0x80;
    return n;
}

static void bracket_count(struct reading *r, struct view folded, const struct segment *s,
                          const struct word *w)
{
    if (s->kind != SEGMENT_HIDDEN && w->length > 2 && (w->flags & WORD_SEEN_DIGIT) == 0 &&
        stands_apart(folded, s, w))
        count_distinct(&r->counts, &r->counts.bracketed, view_sub(folded, w->from, word_to(w)));
}

/* A word beyond ASCII, or with something odd in it. Returns its letters. */
static uint32_t word_judge(struct reading *r, const struct segment *s, struct word *w,
                           uint32_t *odd, struct script_profile *profile)
{
    struct view word = {r->fold.p + w->from, w->length};
    struct letters l;
    struct oddities o;
    if (w->flags & WORD_CJK) {
        r->counts.cjk += s->kind != SEGMENT_HIDDEN;
        return 1;
    }
    if (s->kind == SEGMENT_HIDDEN)
        return characters(word);
    letters_count(word, &l);
    *odd = oddities_find(&r->fold, *odd, w, &o);
    scripts_judge(r, w, &l, profile);
    oddities_judge(r, w, &o, &l);
    return l.n;
}

/*
 * Most words of honest mail are letters between blanks and have no other reading: alternate.c need
 * not look at them, and knows them by their having none of the WORD_SEEN flags.
 */
static bool ordinary(struct view folded, const struct word *w, unsigned sides)
{
    return sides == (BESIDE_BLANK | BESIDE_BLANK << 4) && w->length > 1 &&
           (w->flags & (WORD_SEEN | WORD_MIXED)) == WORD_SEEN_LETTER &&
           (w->from < 2 || folded.p[w->from - 2] != '-'); /* "bit-" on the line before */
}

void words_flag(struct reading *r, const struct segment *s, const struct stretch *stretches,
                uint32_t n_stretches, struct script_profile *profile)
{
    if (s->n_words == 0)
        return;
    struct view folded = {r->fold.p, r->fold.n};
    struct word *words = r->out->words + s->first_word;
    uint32_t stretch = 0, odd = 0, letters = 0, latin = 0, other = 0, quoted = 0;
    for (uint32_t i = 0; i < s->n_words; i++) {
        struct word *w = &words[i];
        while (stretch + 1 < n_stretches && stretches[stretch + 1].from <= w->from)
            stretch++;
        w->flags |= stretches[stretch].flags;
        quoted += (w->flags & WORD_QUOTED) != 0;
        if ((w->flags & WORD_SEEN_WIDE) != 0 ||
            (odd < r->fold.n_odd && r->fold.odd[odd].at <= word_to(w))) {
            letters += word_judge(r, s, w, &odd, profile);
            other += (w->flags & (WORD_CJK | WORD_SEEN_LETTER)) == WORD_SEEN_LETTER;
        } else if (w->flags & WORD_SEEN_LETTER) {
            latin++;
            letters += w->length;
        }
        /* a line end stands in front of the segment, or nothing at all */
        char before = w->from > 0 ? folded.p[w->from - 1] : '\n', after = folded.p[word_to(w)];
        unsigned sides =
            (unsigned)beside[(unsigned char)before] | (unsigned)beside[(unsigned char)after] << 4;
        if (ordinary(folded, w, sides))
            w->flags &= (uint8_t)~WORD_SEEN;
        else if (sides == (BESIDE_OPEN | BESIDE_CLOSE << 4) && brackets_match(before, after) &&
                 (w->flags & WORD_CJK) == 0 && (w->flags & WORD_SEEN_LETTER) != 0) {
            w->flags |= WORD_BRACKETED;
            bracket_count(r, folded, s, w);
        }
    }
    profile->latin += latin;
    r->out->disguise.quoted_words += quoted;
    r->counts.words += s->kind == SEGMENT_HIDDEN ? 0 : latin + other;
    if (s->kind == SEGMENT_BODY)
        r->out->disguise.letters += letters;
    else if (s->kind == SEGMENT_HIDDEN)
        r->out->disguise.hidden += letters;
}
