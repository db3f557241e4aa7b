/* Entries of `match`: their form, and finding one among many. */
#include <stdlib.h>
#include <string.h>

#include "policy/rows.h"

enum { LABEL_MAX = 63 }; /* RFC 1035; a label has no more characters than bytes */

static bool digit_of(char c, uint32_t *digit)
{
    if (ascii_is_digit((unsigned char)c))
        *digit = (uint32_t)(c - '0') + 26;
    else
        *digit = (uint32_t)(ascii_lower((unsigned char)c) - 'a');
    return ascii_is_alnum((unsigned char)c);
}

/* Bias adaptation of RFC 3492, 6.1. */
static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / 700 : delta / 2;
    for (delta += delta / points; delta > 455; k += 36)
        delta /= 35;
    return k + 36 * delta / (delta + 38);
}

/* What follows "xn--" (RFC 3492, 6.2); the number of characters, 0 when it is broken. */
static size_t punycode_decode(struct view in, uint32_t out[LABEL_MAX])
{
    size_t n = in.n, at;
    while (n > 0 && in.p[n - 1] != '-')
        n--;
    size_t have = n > 0 ? n - 1 : 0;
    if (in.n > LABEL_MAX)
        return 0;
    for (size_t i = 0; i < have; i++)
        out[i] = ascii_lower((unsigned char)in.p[i]);
    uint32_t code = 128, i = 0, bias = 72;
    for (at = n; at < in.n; have++, i++) {
        uint32_t before = i, weight = 1, digit;
        for (uint32_t k = 36;; k += 36) {
            if (at == in.n || !digit_of(in.p[at++], &digit) || digit > (UINT32_MAX - i) / weight)
                return 0;
            i += digit * weight;
            uint32_t least = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
            if (digit < least)
                break;
            if (weight > UINT32_MAX / (36 - least))
                return 0;
            weight *= 36 - least;
        }
        uint32_t points = (uint32_t)have + 1;
        bias = adapt(i - before, points, before == 0);
        if (have == LABEL_MAX || i / points > 0x10FFFF - code)
            return 0;
        code += i / points;
        i %= points;
        memmove(out + i + 1, out + i, (have - i) * sizeof *out);
        out[i] = code;
    }
    return have;
}

/* Bytes written, or 0 when there is no room. */
static size_t label_form(struct view label, char *out, size_t room)
{
    uint32_t points[LABEL_MAX];
    size_t n = 0, n_points = 0;
    if (view_starts_nocase(label, VIEW("xn--")))
        n_points = punycode_decode(view_sub(label, 4, label.n), points);
    if (n_points == 0 && label.n > room)
        return 0;
    for (size_t i = 0; n_points == 0 && i < label.n; i++)
        out[n++] = (char)ascii_lower((unsigned char)label.p[i]);
    for (size_t i = 0; i < n_points; i++) {
        if (room - n < 4)
            return 0;
        n += utf8_encode(points[i], out + n);
    }
    return n;
}

struct view pattern_form(struct view text, char out[PATTERN_BYTES_MAX])
{
    size_t at = text.n, n = 0;
    while (at > 0 && text.p[at - 1] != '@')
        at--;
    if (text.n > 0 && at > 0 && text.p[text.n - 1] == '.')
        text.n--;
    if (text.n == 0 || (at == 0 ? text.n : at) > PATTERN_BYTES_MAX)
        return VIEW_NONE;
    for (size_t i = 0; i < (at == 0 ? text.n : at); i++)
        out[n++] = (char)ascii_lower((unsigned char)text.p[i]);
    struct view domain = at > 0 ? view_sub(text, at, text.n) : VIEW_NONE;
    while (domain.n > 0) {
        size_t dot = view_find_byte(domain, '.');
        size_t more = label_form(view_sub(domain, 0, dot), out + n, PATTERN_BYTES_MAX - n);
        if (more == 0 && dot > 0)
            return VIEW_NONE;
        n += more;
        if (dot < domain.n && n == PATTERN_BYTES_MAX)
            return VIEW_NONE;
        if (dot < domain.n)
            out[n++] = '.';
        domain = view_sub(domain, dot + 1, domain.n);
    }
    return (struct view){out, n};
}

bool pattern_good(struct view text)
{
    static const char listener[] = "listener:";
    size_t at = text.n;
    if (text.n > PATTERN_BYTES_MAX || !utf8_valid(text))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] <= 0x20 || text.p[i] == 0x7F)
            return false;
    if (view_starts_nocase(text, VIEW("listener:")))
        return text.n > sizeof listener - 1;
    while (at > 0 && text.p[at - 1] != '@')
        at--;
    struct view domain = view_sub(text, at, text.n);
    if (at == 0 || domain.n == 0)
        return false;
    if (domain.p[0] == '.' && at == 1)
        domain = view_sub(domain, 1, domain.n);
    bool good = domain.n > 0 && domain.p[0] != '.' && domain.p[domain.n - 1] != '.';
    for (size_t i = 0; i < domain.n; i++) {
        unsigned char c = (unsigned char)domain.p[i];
        good = good && (ascii_is_alnum(c) || c == '-' || c == '.' || c >= 0x80) &&
               !(c == '.' && domain.p[i - 1] == '.');
    }
    return good;
}

static int pattern_order(const void *a, const void *b)
{
    const struct pattern *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

void patterns_index(struct settings_reader *r, struct policy_rows *rows)
{
    if (rows->n_patterns > 0)
        qsort(rows->patterns, rows->n_patterns, sizeof *rows->patterns, pattern_order);
    for (uint32_t i = 1; i < rows->n_patterns; i++)
        if (strcmp(rows->patterns[i - 1].text, rows->patterns[i].text) == 0)
            diags_add(r->diags, DIAG_ERROR, r->file, rows->patterns[i].line, "policies.match",
                      "say all of it in one policy", "\"%s\" has a policy already, in line %u",
                      rows->patterns[i].text, rows->patterns[i - 1].line);
}

const struct policy_row *pattern_find(const struct policy_rows *rows, struct view text)
{
    uint32_t from = 0, to = rows != NULL && text.n > 0 ? rows->n_patterns : 0;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        const char *have = rows->patterns[middle].text;
        int order = strncmp(have, text.p, text.n);
        if (order == 0 && have[text.n] == '\0')
            return &rows->v[rows->patterns[middle].row];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}
