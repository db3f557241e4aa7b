/*
 * A password told to its owner: "your password is Xy7abc", "Xy7abc ist Ihr Passwort". What looks
 * like one, beside the word; or anything in quotes or at the end of a line behind a colon. The
 * value is never repeated.
 */
#include "indicator/finder.h"
#include "indicator/indicator.h"

#include <string.h>

#define AFTER       64 /* bytes from the word to the password */
#define BEFORE      48
#define RUNS_AFTER  5 /* "for your account on this site is" */
#define RUNS_BEFORE 5
#define SHORTEST    5
#define PLAIN       4 /* of one in quotes or behind a colon */
#define LONGEST     40

static bool is_space(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Signs around a password that are not its own. */
static bool is_wrap(unsigned char c)
{
    return c != '\0' && strchr("\"'`*()<>[]{}:;,.", c) != NULL;
}

/* "30days", "8-character", "2fa", "24/7": a figure with its unit. */
static bool is_measure(struct view v)
{
    size_t figures = 0;
    size_t letters = 0;

    while (figures < v.n && ascii_is_digit((unsigned char)v.p[figures]))
        figures++;
    if (figures == 0)
        return false;
    size_t at =
        figures < v.n && (v.p[figures] == '-' || v.p[figures] == '/') ? figures + 1 : figures;
    while (at + letters < v.n && ascii_is_alpha((unsigned char)v.p[at + letters]))
        letters++;
    return at + letters == v.n || letters == 0;
}

static bool is_mail_address(struct view v)
{
    size_t sign = view_find_byte(v, '@');

    return sign < v.n && view_find_byte(view_sub(v, sign, v.n), '.') < v.n - sign;
}

/* Letters with figures or odd signs inside; not a word, a link, a mail address, a line of code. */
static bool looks_secret(struct view v)
{
    size_t letters = 0;
    size_t others = 0;

    if (v.n < SHORTEST || v.n > LONGEST || is_measure(v) || is_mail_address(v))
        return false;
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c >= 0x80 || c == '\0' || strchr("/\\=()<>\"';:", c) != NULL)
            return false;
        letters += ascii_is_alpha(c);
        others += ascii_is_digit(c) || strchr("!@#$%^&*", c) != NULL;
    }
    return letters >= 2 && others >= 1;
}

static struct span unwrap(const struct reading *r, uint32_t from, uint32_t to)
{
    while (from < to && is_wrap(reading_byte(r, from)))
        from++;
    while (from < to && is_wrap(reading_byte(r, to - 1u)))
        to--;
    return (struct span){from, to};
}

static struct view bytes_of(const struct reading *r, struct span s)
{
    return view_sub(r->bytes, s.from, s.to);
}

static bool is_quoted(const struct reading *r, struct span s)
{
    unsigned char before = s.from > 0 ? reading_byte(r, s.from - 1u) : 0;

    return (before == '"' || before == '\'' || before == '`') && reading_byte(r, s.to) == before;
}

/* "password: monkey" with nothing behind it on the line. */
static bool follows_colon(const struct reading *r, struct span s, uint32_t start)
{
    uint32_t at = s.from;
    uint32_t end = s.to;

    while (at > start && is_space(reading_byte(r, at - 1u)))
        at--;
    if (at == start || reading_byte(r, at - 1u) != ':')
        return false;
    while (reading_byte(r, end) == ' ' || reading_byte(r, end) == '.')
        end++;
    return reading_byte(r, end) == '\n' || reading_byte(r, end) == '\0';
}

/* "is", "ist", "on", "-", "=": what makes one word say what another is. */
static bool is_copula(struct view v)
{
    static const char *const words[] = {
        "is",      "was", "=",    "-",   "\xe2\x80\x93", "\xe2\x80\x94", "ist", "war",   "lautet",
        "lautete", "ar",  "er",   "var", "on",           "oli",          "est", "etait", "es",
        "era",     "e",   "este", "to",  "jest",         "bylo",         "je",  "az",    "ez",
        "это",     "был", "це",   "був", "ειναι",        "ηταν",         "ir",  "是",    "为",
        "為",      "は",  "는",   "은",  "yra",          "buvo",         "هي",  "هو",
    };
    unsigned char last = v.n > 0 ? (unsigned char)v.p[v.n - 1] : 0;

    if (last == ':' || last == '=')
        return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (view_eq(v, view_of(words[i])))
            return true;
    return false;
}

static bool add(struct finder *f, uint32_t word, struct span s)
{
    const struct reading *r = &f->reading;
    struct indicator i = {.kind = INDICATOR_PASSWORD, .value = VIEW("(not shown)")};

    while (word > 0 && r->words[word].from > s.from)
        word--;
    uint32_t first = word;
    while (first < r->n_words && reading_word_end(r, first) <= s.from)
        first++;
    uint32_t last = first;
    while (last + 1 < r->n_words && r->words[last + 1].from < s.to)
        last++;
    if (first >= r->n_words || r->words[first].from >= s.to)
        return false;
    return finder_add_words(f, &i, first, last, s.from, s.to);
}

static bool try_after(struct finder *f, const struct lexicon_match *m)
{
    const struct reading *r = &f->reading;
    uint32_t at = m->to;
    struct view before = VIEW("="); /* right behind the word it needs no copula */

    for (int run = 0; run < RUNS_AFTER && at < m->to + AFTER; run++) {
        uint32_t lines = 0;
        while (is_space(reading_byte(r, at)) || is_wrap(reading_byte(r, at))) {
            unsigned char c = reading_byte(r, at);
            lines += c == '\n';
            /* Over the end of a sentence it speaks of something else. */
            if (c == '.' && is_space(reading_byte(r, at + 1u)))
                return false;
            at++;
        }
        uint32_t to = at;
        while (to < r->bytes.n && to - at <= LONGEST && !is_space(reading_byte(r, to)))
            to++;
        struct span s = unwrap(r, at, to);
        struct view v = bytes_of(r, s);
        if (lines > 1 || to == at)
            return false;
        bool bare = v.n >= PLAIN && v.n <= LONGEST && ascii_is_alnum((unsigned char)v.p[0]) &&
                    !is_mail_address(v) && (is_quoted(r, s) || follows_colon(r, s, m->to));
        if ((looks_secret(v) && is_copula(before)) || bare)
            return add(f, m->word, s);
        before = view_sub(r->bytes, at, to);
        at = to;
    }
    return false;
}

static bool try_before(struct finder *f, uint32_t word)
{
    const struct reading *r = &f->reading;
    uint32_t start = r->words[word].from;
    uint32_t at = start;
    struct view behind = VIEW_NONE;

    for (int run = 0; run < RUNS_BEFORE && start - at < BEFORE; run++) {
        while (at > 0 && is_space(reading_byte(r, at - 1u))) {
            if (reading_byte(r, at - 1u) == '\n' && run > 0)
                return false;
            at--;
        }
        uint32_t to = at;
        while (at > 0 && to - at <= LONGEST && !is_space(reading_byte(r, at - 1u)))
            at--;
        unsigned char last = to > at ? reading_byte(r, to - 1u) : 0;
        /* Of the sentence before, unless the password ends in that sign. */
        if (to == at || ((last == '.' || last == '!' || last == '?') && run > 0))
            return false;
        struct span s = unwrap(r, at, to);
        if (looks_secret(bytes_of(r, s)) && is_copula(behind))
            return add(f, word, s);
        behind = view_sub(r->bytes, at, to);
    }
    return false;
}

void password_find(struct finder *f)
{
    const struct reading *r = &f->reading;
    uint32_t done = 0;

    for (uint32_t i = 0; i < f->n_marks && finder_goes_on(f); i++) {
        uint32_t word = f->marks[i].word;
        struct lexicon_match m;
        if ((f->marks[i].flags & MARK_PASSWORD) == 0 || r->words[word].from < done ||
            !lexicon_find(f->lexicon, r, r->words[word].from, word, ROLE_PASSWORD, LANGUAGE_ANY,
                          &m))
            continue;
        done = m.to;
        if (!finder_spend(f, 12))
            return;
        if (!try_after(f, &m))
            try_before(f, word);
    }
}
