#include "program/disguise-text.h"

#include "text/text.h"

enum { ADDRESS_LENGTH = 20 };

const struct disguise_kind disguise_kinds[] = {
    {"homoglyph", "letters replaced by Cyrillic and Greek ones that look alike", DISGUISE_LETTERS,
     40},
    {"zero-width", "invisible characters between the letters of words", DISGUISE_LETTERS, 40},
    {"soft-hyphen", "soft hyphens between the letters of words", DISGUISE_LETTERS, 40},
    {"marks", "combining marks stacked on letters", DISGUISE_LETTERS, 40},
    {"math", "words in mathematical bold letters", DISGUISE_LETTERS, 50},
    {"fullwidth", "words in full-width letters", DISGUISE_LETTERS, 50},
    {"leet", "digits and signs in place of letters", DISGUISE_LETTERS, 30},
    {"spaced", "words of five or more letters written with spaces between them", DISGUISE_LETTERS,
     20},
    {"dotted", "words of five or more letters written with dots between them", DISGUISE_LETTERS,
     20},
    {"junk", "meaningless words in brackets between words", DISGUISE_LINES, 20},
    {"references", "HTML character references inside plain text", DISGUISE_LINES, 30},
    {"quote", "'>' in front of every line", DISGUISE_LINES, 100},
    {"hidden", "invisible HTML text between the letters of words", DISGUISE_MARKUP, 20},
    {"comment", "HTML comments between the letters of words", DISGUISE_MARKUP, 20},
    {"utf16", "text/plain in UTF-16, base64", DISGUISE_CONTAINER, 100},
    {"invoice", "an innocent invoice above and a newsletter footer below", DISGUISE_LINES, 100},
    {NULL, NULL, DISGUISE_LETTERS, 0},
};

const struct disguise_kind *disguise_kind_find(struct view name)
{
    for (const struct disguise_kind *k = disguise_kinds; k->name != NULL; k++)
        if (view_eq(name, view_of(k->name)))
            return k;
    return NULL;
}

struct disguiser {
    struct view text;
    unsigned strength;
    uint64_t state;
    struct buf *out;
    enum status status;
};

/* splitmix64 (Steele, Lea, Flood 2014): small, and the same on every machine. */
static uint32_t pick(struct disguiser *d, uint32_t below)
{
    uint64_t z = (d->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) % below);
}

static bool chance(struct disguiser *d)
{
    return pick(d, 100) < d->strength;
}

static void put(struct disguiser *d, struct view v)
{
    if (d->status == STATUS_OK)
        d->status = buf_add(d->out, v);
}

static void put_cp(struct disguiser *d, uint32_t cp)
{
    char bytes[4];
    put(d, (struct view){bytes, utf8_encode(cp, bytes)});
}

static bool letter(uint32_t cp)
{
    return cp >= 0x80 ? !text_invisible(cp) && cp != 0xA0 && !(cp >= 0x2000 && cp < 0x2070)
                      : ascii_is_alpha((unsigned char)cp);
}

/* The word at the front of v: letters and digits; its length in bytes, 0 when there is none. */
static size_t word_length(struct view v)
{
    size_t n = 0;
    while (n < v.n) {
        uint32_t cp;
        size_t took = utf8_decode(v.p + n, v.n - n, &cp);
        if (!letter(cp) && !(cp < 0x80 && ascii_is_digit((unsigned char)cp)))
            break;
        n += took;
    }
    return n;
}

static const char *const lookalikes[128] = {
    ['a'] = "\u0430", ['c'] = "\u0441", ['e'] = "\u0435", ['i'] = "\u0456", ['j'] = "\u0458",
    ['o'] = "\u043E", ['p'] = "\u0440", ['s'] = "\u0455", ['x'] = "\u0445", ['y'] = "\u0443",
    ['h'] = "\u04BB", ['d'] = "\u0501", ['v'] = "\u03BD", ['n'] = "\u0578", ['u'] = "\u057D",
    ['l'] = "\u04CF", ['g'] = "\u0581", ['w'] = "\u0461", ['A'] = "\u0410", ['B'] = "\u0412",
    ['C'] = "\u0421", ['E'] = "\u0415", ['H'] = "\u041D", ['I'] = "\u0406", ['K'] = "\u039A",
    ['M'] = "\u041C", ['O'] = "\u041E", ['P'] = "\u0420", ['T'] = "\u0422", ['X'] = "\u0425",
    ['Y'] = "\u03A5", ['Z'] = "\u0396", ['N'] = "\u039D",
};

static const char leet[128] = {
    ['o'] = '0', ['i'] = '1', ['e'] = '3', ['a'] = '4', ['s'] = '5', ['t'] = '7',
    ['O'] = '0', ['I'] = '1', ['E'] = '3', ['A'] = '4', ['S'] = '5', ['T'] = '7'};

typedef void word_disguise(struct disguiser *d, struct view word, size_t letters);

static void word_homoglyph(struct disguiser *d, struct view word, size_t letters)
{
    (void)letters;
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.p[i];
        if (c < 128 && lookalikes[c] != NULL && chance(d))
            put(d, view_of(lookalikes[c]));
        else
            put(d, view_sub(word, i, i + 1));
    }
}

static void word_leet(struct disguiser *d, struct view word, size_t letters)
{
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.p[i];
        bool act = letters >= 4 && c < 128 && leet[c] != 0 && chance(d);
        put(d, act ? (struct view){&leet[c], 1} : view_sub(word, i, i + 1));
    }
}

/* Puts something between letters (never before the first). */
static void word_between(struct disguiser *d, struct view word, const uint32_t *cps, uint32_t n)
{
    for (size_t i = 0; i < word.n;) {
        uint32_t cp;
        size_t took = utf8_decode(word.p + i, word.n - i, &cp);
        if (i > 0 && chance(d))
            put_cp(d, cps[pick(d, n)]);
        put(d, view_sub(word, i, i + took));
        i += took;
    }
}

static void word_zero_width(struct disguiser *d, struct view word, size_t letters)
{
    static const uint32_t cps[] = {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF};
    (void)letters;
    word_between(d, word, cps, 5);
}

static void word_soft_hyphen(struct disguiser *d, struct view word, size_t letters)
{
    static const uint32_t cps[] = {0xAD};
    (void)letters;
    word_between(d, word, cps, 1);
}

static void word_marks(struct disguiser *d, struct view word, size_t letters)
{
    static const uint32_t cps[] = {0x0301, 0x0307, 0x0323, 0x0331, 0x0338};
    (void)letters;
    for (size_t i = 0; i < word.n;) {
        uint32_t cp;
        size_t took = utf8_decode(word.p + i, word.n - i, &cp);
        put(d, view_sub(word, i, i + took));
        i += took;
        if (letter(cp) && chance(d))
            put_cp(d, cps[pick(d, 5)]);
    }
}

static void word_restyle(struct disguiser *d, struct view word, uint32_t upper, uint32_t lower)
{
    bool act = chance(d);
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.p[i];
        if (act && ascii_is_alpha(c))
            put_cp(d, c >= 'a' ? lower + (uint32_t)(c - 'a') : upper + (uint32_t)(c - 'A'));
        else
            put(d, view_sub(word, i, i + 1));
    }
}

static void word_math(struct disguiser *d, struct view word, size_t letters)
{
    (void)letters;
    word_restyle(d, word, 0x1D400, 0x1D41A);
}

static void word_fullwidth(struct disguiser *d, struct view word, size_t letters)
{
    (void)letters;
    word_restyle(d, word, 0xFF21, 0xFF41);
}

static void word_stretch(struct disguiser *d, struct view word, size_t letters, const char *gap,
                         const char *around)
{
    bool act = letters >= 5 && chance(d);
    put(d, act ? view_of(around) : VIEW_NONE);
    for (size_t i = 0; i < word.n;) {
        uint32_t cp;
        size_t took = utf8_decode(word.p + i, word.n - i, &cp);
        if (act && i > 0)
            put(d, view_of(gap));
        put(d, view_sub(word, i, i + took));
        i += took;
    }
    put(d, act ? view_of(around) : VIEW_NONE);
}

static void word_spaced(struct disguiser *d, struct view word, size_t letters)
{
    word_stretch(d, word, letters, " ", "  ");
}

static void word_dotted(struct disguiser *d, struct view word, size_t letters)
{
    word_stretch(d, word, letters, ".", "");
}

static void word_junk(struct disguiser *d, struct view word, size_t letters)
{
    put(d, word);
    if (letters < 2 || !chance(d))
        return;
    char junk[12] = " (";
    size_t n = 2, want = 4 + pick(d, 4);
    while (n < 2 + want)
        junk[n++] = (char)("bcdfghklmnprstvz"[pick(d, 16)]);
    junk[n++] = ')';
    put(d, (struct view){junk, n});
}

static void word_references(struct disguiser *d, struct view word, size_t letters)
{
    (void)letters;
    for (size_t i = 0; i < word.n;) {
        uint32_t cp;
        size_t took = utf8_decode(word.p + i, word.n - i, &cp);
        if (d->status == STATUS_OK && chance(d))
            d->status = buf_addf(d->out, "&#%u;", cp);
        else
            put(d, view_sub(word, i, i + took));
        i += took;
    }
}

static void word_markup(struct disguiser *d, struct view word, const char *before,
                        const char *after)
{
    for (size_t i = 0; i < word.n;) {
        uint32_t cp;
        size_t took = utf8_decode(word.p + i, word.n - i, &cp);
        if (i > 0 && chance(d)) {
            put(d, view_of(before));
            put_cp(d, 'a' + pick(d, 26));
            put_cp(d, 'a' + pick(d, 26));
            put(d, view_of(after));
        }
        put(d, view_sub(word, i, i + took));
        i += took;
    }
}

static void word_hidden(struct disguiser *d, struct view word, size_t letters)
{
    (void)letters;
    word_markup(d, word,
                pick(d, 2) ? "<span style=\"display:none\">" : "<span style=\"font-size:0px\">",
                "</span>");
}

static void word_comment(struct disguiser *d, struct view word, size_t letters)
{
    (void)letters;
    word_markup(d, word, "<!-- ", " -->");
}

static const struct {
    const char *name;
    word_disguise *run;
} word_disguises[] = {
    {"homoglyph", word_homoglyph},
    {"zero-width", word_zero_width},
    {"soft-hyphen", word_soft_hyphen},
    {"marks", word_marks},
    {"math", word_math},
    {"fullwidth", word_fullwidth},
    {"leet", word_leet},
    {"spaced", word_spaced},
    {"dotted", word_dotted},
    {"junk", word_junk},
    {"references", word_references},
    {"hidden", word_hidden},
    {"comment", word_comment},
};

/* A tag or reference at the front of HTML made by html_escape(); its length, 0 when there is none.
 */
static size_t markup_length(struct view v)
{
    if (v.p[0] != '<' && v.p[0] != '&')
        return 0;
    size_t end = view_find_byte(v, v.p[0] == '<' ? '>' : ';');
    return end < v.n ? end + 1 : 0;
}

static void each_word(struct disguiser *d, word_disguise *run, bool html)
{
    for (size_t i = 0; i < d->text.n && d->status == STATUS_OK;) {
        struct view rest = view_sub(d->text, i, d->text.n);
        size_t markup = html ? markup_length(rest) : 0;
        if (markup > 0) {
            put(d, view_sub(rest, 0, markup));
            i += markup;
            continue;
        }
        size_t n = word_length(rest);
        if (n == 0) {
            uint32_t cp;
            n = utf8_decode(rest.p, rest.n, &cp);
            put(d, view_sub(rest, 0, n));
            i += n;
            continue;
        }
        struct view word = view_sub(rest, 0, n);
        size_t letters = 0;
        for (size_t k = 0; k < n;) {
            uint32_t cp;
            k += utf8_decode(word.p + k, n - k, &cp);
            letters += letter(cp);
        }
        if (n >= ADDRESS_LENGTH || letters == 0)
            put(d, word);
        else
            run(d, word, letters);
        i += n;
    }
}

static void each_line_quoted(struct disguiser *d)
{
    struct view rest = d->text, line;
    while (view_next_line(&rest, &line)) {
        put(d, VIEW("> "));
        put(d, line);
        put(d, VIEW("\n"));
    }
}

static void invoice_around(struct disguiser *d)
{
    put(d,
        VIEW("Your invoice is ready\n\nInvoice no. 20417, customer 88120\nSubtotal 49.90, VAT "
             "11.98, "
             "total 61.88, paid by card\nThank you for your order. A note from the sender:\n\n"));
    put(d, d->text);
    put(d, VIEW("\n\nYou receive this mail because you are a customer of Example Shop Ltd.\n"
                "Manage your preferences | Unsubscribe | Privacy\n"));
}

enum status disguise_text(const struct disguise_kind *kind, struct view text, unsigned strength,
                          uint64_t seed, struct buf *out)
{
    struct disguiser d = {.text = text, .strength = strength, .state = seed, .out = out};
    for (size_t i = 0; i < sizeof word_disguises / sizeof word_disguises[0]; i++)
        if (view_eq(view_of(kind->name), view_of(word_disguises[i].name))) {
            each_word(&d, word_disguises[i].run, kind->form == DISGUISE_MARKUP);
            return d.status;
        }
    if (view_eq(view_of(kind->name), VIEW("quote")))
        each_line_quoted(&d);
    else if (view_eq(view_of(kind->name), VIEW("invoice")))
        invoice_around(&d);
    else
        put(&d, text);
    return d.status;
}
