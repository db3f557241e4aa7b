#include "text/reading.h"

/* What the letters of one word are. */
struct letters {
    uint32_t script[FOLD_SCRIPTS]; /* how many of each */
    uint32_t n;
    uint32_t changes;    /* of script along the word */
    uint32_t shortest;   /* run of one script */
    uint32_t alike;      /* letters of other scripts that look like ASCII ones */
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
        l->alike += script != FOLD_LATIN && ascii_is_alpha(text_lookalike(cp));
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
static bool mixed_honestly(const struct letters *l)
{
    if (l->alike == 0)
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
        w->flags |= WORD_MIXED;
        if (mixed_honestly(l))
            return;
        profile->mixed++;
        r->counts.mixed++;
        r->out->disguise.mapped += l->alike;
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

static bool bracketed(const struct view folded, const struct segment *s, const struct word *w)
{
    if (w->from <= s->folded_from || (w->flags & WORD_CJK) != 0 ||
        (w->flags & WORD_SEEN_LETTER) == 0)
        return false;
    char before = folded.p[w->from - 1], after = folded.p[word_to(w)];
    return (before == '(' && after == ')') || (before == '[' && after == ']') ||
           (before == '{' && after == '}');
}

static uint32_t characters(struct view word)
{
    uint32_t n = 0;
    for (size_t i = 0; i < word.n; i++)
        n += ((unsigned char)word.p[i] & 0xC0) != 0x80;
    return n;
}

void words_flag(struct reading *r, const struct segment *s, const struct stretch *stretches,
                uint32_t n_stretches, struct script_profile *profile)
{
    struct view folded = {r->fold.p, r->fold.n};
    struct word *words = r->out->words + s->first_word;
    uint32_t stretch = 0, odd = 0;
    bool shown = s->kind != SEGMENT_HIDDEN;
    for (uint32_t i = 0; i < s->n_words; i++) {
        struct word *w = &words[i];
        while (stretch + 1 < n_stretches && stretches[stretch + 1].from <= w->from)
            stretch++;
        w->flags |= stretches[stretch].flags;
        r->out->disguise.quoted_words += (w->flags & WORD_QUOTED) != 0;
        if (bracketed(folded, s, w)) {
            w->flags |= WORD_BRACKETED;
            if (shown && w->length > 2 && (w->flags & WORD_SEEN_DIGIT) == 0 &&
                stands_apart(folded, s, w))
                count_distinct(&r->counts, &r->counts.bracketed,
                               view_sub(folded, w->from, word_to(w)));
        }
        if (w->flags & WORD_CJK) {
            r->counts.cjk += shown;
            r->out->disguise.letters += s->kind == SEGMENT_BODY;
            r->out->disguise.hidden += s->kind == SEGMENT_HIDDEN;
            continue;
        }
        struct view word = view_sub(folded, w->from, word_to(w));
        bool odd_here = odd < r->fold.n_odd && r->fold.odd[odd].at <= word_to(w);
        uint32_t n_letters = w->length;
        if (shown && ((w->flags & WORD_SEEN_WIDE) != 0 || odd_here)) {
            struct letters l;
            struct oddities o;
            letters_count(word, &l);
            odd = oddities_find(&r->fold, odd, w, &o);
            scripts_judge(r, w, &l, profile);
            oddities_judge(r, w, &o, &l);
            n_letters = l.n;
        } else if (w->flags & WORD_SEEN_WIDE) {
            n_letters = characters(word);
        } else if (w->flags & WORD_SEEN_LETTER) {
            profile->latin++;
        }
        if ((w->flags & WORD_SEEN_LETTER) == 0)
            continue;
        r->counts.words += shown;
        if (s->kind == SEGMENT_BODY)
            r->out->disguise.letters += n_letters;
        else if (s->kind == SEGMENT_HIDDEN)
            r->out->disguise.hidden += n_letters;
    }
}
