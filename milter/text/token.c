#include "text/token.h"

#include <string.h>

void token_add(struct token *t, const char *p, size_t n)
{
    if (n > TOKEN_MAX - t->n) {
        t->full = true;
        return;
    }
    memcpy(t->p + t->n, p, n);
    t->n += n;
}

static void token_add_char(struct token *t, uint32_t cp)
{
    char out[4];
    size_t n = utf8_encode(cp, out);
    token_add(t, out, n);
}

static void token_add_folded(struct token *t, uint32_t cp)
{
    uint32_t entry = fold_find(cp) >> FOLD_POOL_SHIFT;
    if (cp < 0x80)
        token_add_char(t, ascii_lower((unsigned char)cp));
    else if (entry != 0)
        token_add(t, (const char *)fold_pool + entry + 1, fold_pool[entry]);
    else
        token_add_char(t, cp);
}

/* What Latin letters and digits look like to a reader of Cyrillic and of Greek; case matters. */
static const uint16_t cyrillic_letter[128] = {
    ['A'] = 0x430, ['a'] = 0x430, ['B'] = 0x432, ['b'] = 0x44C, ['C'] = 0x441, ['c'] = 0x441,
    ['E'] = 0x435, ['e'] = 0x435, ['H'] = 0x43D, ['I'] = 0x456, ['i'] = 0x456, ['J'] = 0x458,
    ['j'] = 0x458, ['K'] = 0x43A, ['k'] = 0x43A, ['M'] = 0x43C, ['m'] = 0x43C, ['n'] = 0x43F,
    ['O'] = 0x43E, ['o'] = 0x43E, ['P'] = 0x440, ['p'] = 0x440, ['r'] = 0x433, ['S'] = 0x455,
    ['s'] = 0x455, ['T'] = 0x442, ['t'] = 0x442, ['u'] = 0x438, ['X'] = 0x445, ['x'] = 0x445,
    ['Y'] = 0x443, ['y'] = 0x443, ['0'] = 0x43E, ['3'] = 0x437, ['6'] = 0x431, ['4'] = 0x447,
};

static const uint16_t greek_letter[128] = {
    ['A'] = 0x3B1, ['a'] = 0x3B1, ['B'] = 0x3B2, ['E'] = 0x3B5, ['e'] = 0x3B5, ['H'] = 0x3B7,
    ['I'] = 0x3B9, ['i'] = 0x3B9, ['K'] = 0x3BA, ['k'] = 0x3BA, ['M'] = 0x3BC, ['N'] = 0x3BD,
    ['n'] = 0x3B7, ['O'] = 0x3BF, ['o'] = 0x3BF, ['P'] = 0x3C1, ['p'] = 0x3C1, ['T'] = 0x3C4,
    ['t'] = 0x3C4, ['u'] = 0x3C5, ['v'] = 0x3BD, ['w'] = 0x3C9, ['X'] = 0x3C7, ['x'] = 0x3C7,
    ['Y'] = 0x3C5, ['y'] = 0x3B3, ['Z'] = 0x3B6, ['0'] = 0x3BF,
};

static uint32_t own_letter(uint32_t cp, bool greek)
{
    enum fold_script script = fold_script(fold_find(cp));
    if (script != FOLD_LATIN && script != FOLD_SCRIPT_NONE)
        return 0;
    unsigned char latin = text_lookalike(cp); /* styled and accented ones too */
    return greek ? greek_letter[latin & 127] : cyrillic_letter[latin & 127];
}

static void token_add_spelled(struct token *t, uint32_t cp, enum spelling how)
{
    uint32_t record = fold_find(cp);
    if (record & (FOLD_INVISIBLE | FOLD_STRIPPED))
        return;
    if (how == SPELL_SKELETON) {
        unsigned char look = text_lookalike(cp);
        if (ascii_is_alnum(look)) {
            token_add_char(t, ascii_lower(look));
            return;
        }
    } else {
        uint32_t own = own_letter(cp, how == SPELL_GREEK);
        if (own != 0) {
            token_add_char(t, own);
            return;
        }
    }
    token_add_folded(t, cp);
}

void token_add_word(struct token *t, const struct reading *r, const struct segment *s,
                    const struct word *w, enum spelling how)
{
    bool plain = (w->flags & (WORD_SEEN_WIDE | WORD_MIXED)) == 0;
    if (how == SPELL_FOLDED || (plain && how == SPELL_SKELETON) || w->length > TOKEN_MAX) {
        token_add(t, r->fold.p + w->from, w->length);
        return;
    }
    /* capitals look like other letters than small ones do: look at the text before folding */
    uint32_t from = spanmap_source(&s->to_visible, w->from - s->folded_from);
    uint32_t to = spanmap_source(&s->to_visible, word_to(w) - s->folded_from);
    for (size_t i = from; i < to && !t->full;) {
        uint32_t cp;
        i += fold_decode(s->visible.p + i, to - i, &cp);
        token_add_spelled(t, cp, how);
    }
}

bool token_all_alike(const struct token *folded)
{
    size_t letters = 0;
    for (size_t i = 0; i < folded->n; letters++) {
        uint32_t cp;
        i += fold_decode(folded->p + i, folded->n - i, &cp);
        if (cp < 0x80 || !ascii_is_alpha(text_lookalike(cp)) ||
            fold_script(fold_find(cp)) == FOLD_LATIN)
            return false;
    }
    return letters >= 2;
}

char leet_letter(char c)
{
    static const char letter[128] = {
        ['0'] = 'o', ['1'] = 'i', ['2'] = 'z', ['3'] = 'e', ['4'] = 'a',
        ['5'] = 's', ['6'] = 'b', ['7'] = 't', ['8'] = 'b', ['9'] = 'g',
        ['@'] = 'a', ['$'] = 's', ['!'] = 'i', ['|'] = 'i', ['+'] = 't',
    };
    return (unsigned char)c < sizeof letter ? letter[(unsigned char)c] : '\0';
}

size_t leet_signs(struct view gap, char out[LEET_SIGNS])
{
    size_t n = 0;
    for (size_t i = 0; i < gap.n; n++) {
        uint32_t cp;
        if (n == LEET_SIGNS)
            return 0;
        i += fold_decode(gap.p + i, gap.n - i, &cp);
        unsigned char look = text_lookalike(cp);
        if (cp < 0x80 ? leet_letter((char)cp) == '\0' : !ascii_is_alnum(look))
            return 0;
        out[n] = (char)ascii_lower(look);
    }
    return n;
}

enum { LEET_BYTES = 28 }; /* longer ones are keys and addresses */

bool leet_shape(const struct token *t, bool *sure)
{
    size_t letters = 0, odd = 0, run = 0, lead = 0, longest = 0;
    bool inside = false;
    *sure = false;
    for (size_t i = 0; i < t->n; i++) {
        if (leet_letter(t->p[i]) != '\0') {
            odd++;
            run++;
            longest = run > longest ? run : longest;
            continue;
        }
        if (((unsigned char)t->p[i] & 0xC0) == 0x80)
            continue;
        if (letters == 0)
            lead = run;
        else if (run > 0)
            inside = true;
        run = 0;
        letters++;
    }
    if (odd == 0 || letters < 2 || t->n > LEET_BYTES || longest > 4)
        return false;
    *sure = inside && letters >= 3 && letters >= 2 * odd && longest <= 2;
    if (inside) /* b1tc01n, v1d305 */
        return odd <= 2 * letters;
    if (lead > 0 && run > 0) /* 53cr37 */
        return lead <= 2 && run <= 3;
    /* vid305, 5ecret; "24h", "10am" and "rfc2822" are what they are */
    return letters >= 3 && lead + run <= 3;
}

bool leet_possible(const struct token *t)
{
    size_t odd = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (ascii_is_digit((unsigned char)t->p[i]) && leet_letter(t->p[i]) == '\0')
            return false;
        odd += leet_letter(t->p[i]) != '\0';
    }
    return odd > 0 && t->n >= 2 && t->n <= LEET_BYTES;
}

unsigned leet_readings(const struct token *t, struct token out[LEET_READINGS])
{
    size_t both[2] = {0, 0};
    unsigned n_both = 0;
    out[0] = *t;
    for (size_t i = 0; i < t->n; i++) {
        char letter = leet_letter(t->p[i]);
        if (letter == '\0')
            continue;
        out[0].p[i] = letter;
        if (letter != 'i')
            continue;
        if (n_both < 2)
            both[n_both] = i;
        n_both++;
    }
    if (n_both == 0)
        return 1;
    if (n_both > 2) { /* all i, or all l */
        out[1] = out[0];
        for (size_t i = 0; i < t->n; i++)
            if (leet_letter(t->p[i]) == 'i')
                out[1].p[i] = 'l';
        return 2;
    }
    unsigned n = 1u << n_both;
    for (unsigned k = 1; k < n; k++) {
        out[k] = out[0];
        for (unsigned b = 0; b < n_both; b++)
            if (k & 1u << b)
                out[k].p[both[b]] = 'l';
    }
    return n;
}
