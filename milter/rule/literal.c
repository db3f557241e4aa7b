#include "rule/literal.h"

#include <string.h>

enum { GROUP_DEPTH_MAX = 20 };

/* A choice of literals and how good it is: the length of its shortest. */
struct choice {
    struct literals literals;
    size_t shortest;
};

struct reader {
    struct view pattern;
    size_t at;
    unsigned depth;
    struct arena *arena;
    bool letters_ascii;
    bool failed;
};

/* The literal that is growing, and the best that was complete. */
struct branch {
    char run[LITERAL_BYTES_MAX];
    size_t n;
    struct choice best;
};

static int peek(const struct reader *r, size_t ahead)
{
    return r->at + ahead < r->pattern.n ? (unsigned char)r->pattern.p[r->at + ahead] : -1;
}

static bool give_up(struct reader *r)
{
    r->failed = true;
    return false;
}

static void branch_flush(struct reader *r, struct branch *b)
{
    if (b->n > b->best.shortest) {
        struct view kept = arena_copy(r->arena, (struct view){b->run, b->n});
        if (kept.p == NULL)
            (void)give_up(r);
        b->best = (struct choice){.literals = {.v = {kept}, .n = 1}, .shortest = b->n};
    }
    b->n = 0;
}

/* Skips x{2,3}+ and the like. Returns the least number of repetitions; *present: was there one? */
static uint64_t quantifier(struct reader *r, bool *present)
{
    uint64_t least = 1;
    size_t end = 0;
    int c = peek(r, 0);
    if (c == '?' || c == '*' || c == '+') {
        least = c == '+';
        end = 1;
    } else if (c == '{') {
        size_t digits = 1;
        while (peek(r, digits) >= 0 && ascii_is_digit((unsigned char)peek(r, digits)))
            digits++;
        end = digits;
        if (peek(r, end) == ',')
            for (end++; peek(r, end) >= 0 && ascii_is_digit((unsigned char)peek(r, end));)
                end++;
        if (digits == 1 || peek(r, end) != '}') {
            *present = false;
            return 1; /* a brace that stands for itself */
        }
        end++;
        if (!view_to_u64(view_sub(r->pattern, r->at + 1, r->at + digits), 65535, &least))
            least = 0;
    }
    *present = end > 0;
    r->at += end;
    if (end > 0 && (peek(r, 0) == '?' || peek(r, 0) == '+'))
        r->at++;
    return least;
}

/* n bytes of pattern at from stand for themselves. */
static void take_letter(struct reader *r, struct branch *b, size_t from, size_t n)
{
    bool present;
    uint64_t least = quantifier(r, &present);
    if (b->n + n > sizeof b->run || (n > 1 && r->letters_ascii))
        branch_flush(r, b);
    if (least == 0 || (n > 1 && r->letters_ascii)) {
        branch_flush(r, b);
        return;
    }
    for (size_t i = 0; i < n; i++)
        b->run[b->n++] = (char)ascii_lower((unsigned char)r->pattern.p[from + i]);
    if (present)
        branch_flush(r, b);
}

/* What was just passed matches something that is no literal. */
static void take_other(struct reader *r, struct branch *b)
{
    bool present;
    (void)quantifier(r, &present);
    branch_flush(r, b);
}

static bool skip_to(struct reader *r, char c)
{
    size_t end = r->at + view_find_byte(view_sub(r->pattern, r->at, r->pattern.n), c);
    if (end >= r->pattern.n)
        return give_up(r);
    r->at = end + 1;
    return true;
}

static bool take_escape(struct reader *r, struct branch *b)
{
    int c = peek(r, 1);
    if (c < 0)
        return give_up(r);
    size_t from = r->at + 1;
    r->at += 2;
    if (!ascii_is_alnum((unsigned char)c)) {
        if (c >= 0x80)
            return give_up(r);
        take_letter(r, b, from, 1);
        return true;
    }
    if (c == 'x' && peek(r, 0) != '{') {
        for (int i = 0; i < 2 && peek(r, 0) >= 0 && strchr("0123456789abcdefABCDEF", peek(r, 0));
             i++)
            r->at++;
    } else if (c == 'x' || ((c == 'p' || c == 'P') && peek(r, 0) == '{')) {
        if (!skip_to(r, '}'))
            return false;
    } else if (c == 'p' || c == 'P') {
        r->at++;
    } else if (strchr("dDwWsSbBAzZGhHvVNRXntrfea", c) == NULL) {
        return give_up(r);
    }
    take_other(r, b);
    return true;
}

static bool take_class(struct reader *r, struct branch *b)
{
    r->at++;
    if (peek(r, 0) == '^')
        r->at++;
    if (peek(r, 0) == ']')
        r->at++;
    for (;; r->at++) {
        int c = peek(r, 0);
        if (c < 0)
            return give_up(r);
        if (c == ']')
            break;
        if (c == '\\' && peek(r, 1) == 'Q')
            return give_up(r);
        if (c == '\\') {
            r->at++;
        } else if (c == '[' && (peek(r, 1) == ':' || peek(r, 1) == '.' || peek(r, 1) == '=')) {
            /* [:alpha:] ends where PCRE2 says it does; if it is no such class, give up */
            size_t i = 2;
            while (peek(r, i) >= 0 &&
                   (ascii_is_alpha((unsigned char)peek(r, i)) || (i == 2 && peek(r, i) == '^')))
                i++;
            if (peek(r, i) != peek(r, 1) || peek(r, i + 1) != ']')
                return give_up(r);
            r->at += i + 1;
        }
    }
    r->at++;
    take_other(r, b);
    return true;
}

/* Moves past "(" and what says which kind of group it is. *counts: must its content match? */
static bool group_open(struct reader *r, bool *counts, bool *closed)
{
    *counts = true;
    *closed = false;
    r->at++;
    if (peek(r, 0) == '*')
        return give_up(r);
    if (peek(r, 0) != '?')
        return true;
    r->at++;
    int c = peek(r, 0), after = peek(r, 1);
    if (c == ':' || c == '>' || c == '|') {
        r->at++;
        return true;
    }
    if (c == '=' || c == '!') {
        *counts = false;
        r->at++;
        return true;
    }
    if (c == '<' && (after == '=' || after == '!')) {
        *counts = false;
        r->at += 2;
        return true;
    }
    if (c == '#') {
        *closed = true;
        return skip_to(r, ')');
    }
    if (c == 'P' && after == '<') {
        r->at++;
        c = '<';
    }
    if (c == '<' || c == '\'') {
        r->at++;
        return skip_to(r, c == '<' ? '>' : '\'');
    }
    while (peek(r, 0) >= 0 && strchr("imsnJU^-", peek(r, 0)) != NULL)
        r->at++;
    if (peek(r, 0) != ':' && peek(r, 0) != ')')
        return give_up(r);
    *closed = peek(r, 0) == ')';
    r->at++;
    return true;
}

static bool alternatives(struct reader *r, struct choice *out);

static bool take_group(struct reader *r, struct branch *b)
{
    bool counts, closed, present;
    if (!group_open(r, &counts, &closed))
        return false;
    branch_flush(r, b);
    if (closed)
        return true;
    if (++r->depth > GROUP_DEPTH_MAX)
        return give_up(r);
    struct choice inside;
    if (!alternatives(r, &inside) || peek(r, 0) != ')')
        return give_up(r);
    r->depth--;
    r->at++;
    uint64_t least = quantifier(r, &present);
    if (counts && least > 0 && inside.shortest > b->best.shortest)
        b->best = inside;
    return true;
}

static bool sequence(struct reader *r, struct choice *out)
{
    struct branch b = {.n = 0};
    bool ok = true;
    while (ok && r->at < r->pattern.n && peek(r, 0) != '|' && peek(r, 0) != ')') {
        int c = peek(r, 0);
        uint32_t cp;
        size_t from = r->at;
        switch (c) {
        case '\\':
            ok = take_escape(r, &b);
            break;
        case '[':
            ok = take_class(r, &b);
            break;
        case '(':
            ok = take_group(r, &b);
            break;
        case '.':
        case '^':
        case '$':
            r->at++;
            take_other(r, &b);
            break;
        default:
            r->at += utf8_decode(r->pattern.p + from, r->pattern.n - from, &cp);
            take_letter(r, &b, from, r->at - from);
            break;
        }
        ok = ok && !r->failed;
    }
    branch_flush(r, &b);
    *out = b.best;
    return ok && !r->failed;
}

static bool alternatives(struct reader *r, struct choice *out)
{
    bool complete = true;
    *out = (struct choice){.shortest = SIZE_MAX};
    for (;;) {
        struct choice one;
        if (!sequence(r, &one))
            return false;
        complete = complete && one.shortest > 0 && out->literals.n + one.literals.n <= LITERALS_MAX;
        for (uint32_t i = 0; complete && i < one.literals.n; i++)
            out->literals.v[out->literals.n++] = one.literals.v[i];
        if (one.shortest < out->shortest)
            out->shortest = one.shortest;
        if (peek(r, 0) != '|')
            break;
        r->at++;
    }
    if (!complete)
        *out = (struct choice){.shortest = 0};
    return true;
}

bool literals_extract(struct view pattern, bool folded, struct arena *arena, struct literals *out)
{
    struct reader r = {.pattern = pattern, .arena = arena, .letters_ascii = !folded};
    struct choice all;
    *out = (struct literals){.n = 0};
    if (!alternatives(&r, &all) || r.at < pattern.n || all.shortest < LITERAL_BYTES_MIN)
        return false;
    *out = all.literals;
    return true;
}
