/* Where an address stands: in running text, in a URI or explorer link, or inside something else. */
#include "indicator/address.h"

#include <string.h>

#define URL_LONGEST   2048
#define NEIGHBOUR_MIN 8

static bool ends_run(unsigned char c)
{
    return c <= ' ' || c == '"' || c == '<' || c == '>' || c == 0x7f;
}

/* The run of non-space around a place: [from, to). */
static struct span run_around(struct view text, uint32_t from, uint32_t to)
{
    struct span run = {from, to};

    while (run.from > 0 && from - run.from < URL_LONGEST &&
           !ends_run((unsigned char)text.p[run.from - 1]))
        run.from--;
    while (run.to < text.n && run.to - to < URL_LONGEST && !ends_run((unsigned char)text.p[run.to]))
        run.to++;
    return run;
}

/*
 * The same for places that come one after the other: what was read for the last one is not read
 * again, or addresses in one long run without spaces would cost 4 kB each.
 */
static struct span run_next(struct address_run *last, struct view text, uint32_t from, uint32_t to)
{
    struct span run = {from, to};

    if (last->text != text.p || from < last->at.from || to < last->at.to) {
        run = run_around(text, from, to);
    } else {
        uint32_t least = from > URL_LONGEST ? from - URL_LONGEST : 0;
        while (run.from > last->at.from && !ends_run((unsigned char)text.p[run.from - 1]))
            run.from--;
        if (run.from == last->at.from)
            run.from = last->run.from;
        run.from = run.from > least ? run.from : least;
        if (from <= last->run.to && to < last->run.to)
            run.to = last->run.to;
        while (run.to < text.n && run.to - to < URL_LONGEST &&
               !ends_run((unsigned char)text.p[run.to]))
            run.to++;
    }
    *last = (struct address_run){text.p, {from, to}, run};
    return run;
}

static bool holds_nocase(struct view v, const char *needle)
{
    return view_find_nocase(v, view_of(needle)) < v.n;
}

/* Does v end in "bitcoin:" (or "bitcoin%3a", "bitcoin://") of one of the families? */
static bool ends_in_scheme(struct view v)
{
    static const char *const colons[] = {":", "://", "%3A", "%3A%2F%2F"};

    for (size_t i = 0; i < sizeof colons / sizeof colons[0]; i++) {
        if (!view_ends_nocase(v, view_of(colons[i])))
            continue;
        struct view head = view_sub(v, 0, v.n - strlen(colons[i]));
        for (const struct address_row *row = address_rows; row->family != NULL; row++)
            if (row->family->scheme != NULL && view_ends_nocase(head, view_of(row->family->scheme)))
                return true;
    }
    return false;
}

/* Offset behind "bitcoin:" of one of the families, or v.n. */
static size_t find_scheme(struct view v)
{
    for (const struct address_row *row = address_rows; row->family != NULL; row++) {
        if (row->family->scheme == NULL)
            continue;
        struct view scheme = view_of(row->family->scheme);
        size_t at = view_find_nocase(v, scheme);
        if (at < v.n && at + scheme.n < v.n && v.p[at + scheme.n] == ':')
            return at + scheme.n + 1;
    }
    return v.n;
}

static bool is_one_of(struct view v, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (view_eq_nocase(v, view_of(names[i])))
            return true;
    return false;
}

/* In a URL an address counts only where block explorers and payment pages have it. */
static bool is_explorer(struct view before)
{
    static const char *const names[] = {
        "address", "addresses", "addr", "wallet", "wallets", "btc",  "bitcoin", "account",
        "to",      "recipient", "pay",  "payto",  "text",    "data", "chl",     "transfer"};
    static const char *const hosts[] = {"block",          "explorer", "mempool",  "scan.io",
                                        "scan.com",       "scan.org", "scan.net", "tonviewer",
                                        "stellar.expert", "xmrchain", "tzkt.io",  "1ml.com"};
    size_t end = before.n;

    if (end == 0)
        return false;
    char sign = before.p[--end];
    if (sign != '/' && sign != '=')
        return false;
    size_t from = end;
    while (from > 0 && strchr("/?&#=:", before.p[from - 1]) == NULL)
        from--;
    if (is_one_of(view_sub(before, from, end), names, sizeof names / sizeof names[0]))
        return true;
    size_t host = view_find(before, VIEW("://"));
    host = host < before.n ? host + 3 : 0;
    struct view rest = view_sub(before, host, before.n);
    struct view name = view_sub(rest, 0, view_find_byte(rest, '/'));
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        if (holds_nocase(name, hosts[i]))
            return true;
    return false;
}

/* A neighbour glued on by a sign of base64 or of identifiers, which is no address itself. */
static bool is_glued(struct address_search *s, struct view neighbour)
{
    struct address_hit hit;

    return neighbour.n >= NEIGHBOUR_MIN && address_is_coded(neighbour) &&
           !address_check(s, neighbour, false, &hit);
}

static bool is_glue(char c)
{
    return c == '/' || c == '+' || c == '-' || c == '_';
}

static bool inside_code(struct address_search *s, struct view before, struct view after)
{
    if (before.n > 1 && is_glue(before.p[before.n - 1])) {
        size_t end = before.n - 1;
        size_t from = end;
        while (from > 0 && end - from < ADDRESS_LONGEST &&
               ascii_is_alnum((unsigned char)before.p[from - 1]))
            from--;
        if (is_glued(s, view_sub(before, from, end)))
            return true;
    }
    if (after.n == 0)
        return false;
    /* base64 and its padding; the domain of a Message-ID */
    if (after.p[0] == '=' ||
        (after.p[0] == '+' && (after.n == 1 || !ascii_is_alnum((unsigned char)after.p[1]))) ||
        (after.p[0] == '@' && after.n > 1))
        return true;
    if (!is_glue(after.p[0]))
        return false;
    size_t to = 1;
    while (to < after.n && to < ADDRESS_LONGEST && ascii_is_alnum((unsigned char)after.p[to]))
        to++;
    return is_glued(s, view_sub(after, 1, to));
}

enum address_place address_place(struct address_search *s, struct view text, uint32_t from,
                                 uint32_t to, const struct address_family *family, bool link)
{
    struct span run = run_next(&s->run, text, from, to);
    struct view before = view_sub(text, run.from, from);
    struct view after = view_sub(text, to, run.to);

    if (ends_in_scheme(before))
        return PLACE_URI;
    /* "bitcoin:?bc=ADDRESS&bc=ADDRESS" (BIP-321) */
    if (before.n > 0 && before.p[before.n - 1] == '=' && find_scheme(before) < before.n)
        return PLACE_URI;
    if (link || view_find(before, VIEW("://")) < before.n ||
        view_starts_nocase(before, VIEW("www.")))
        return family->anywhere || is_explorer(before) ? PLACE_LINK : PLACE_NONE;
    if (before.n > 0 && before.p[before.n - 1] == '/' && view_find_byte(before, '.') < before.n)
        return is_explorer(before) ? PLACE_LINK : PLACE_NONE;
    return inside_code(s, before, after) ? PLACE_NONE : PLACE_TEXT;
}

bool address_uri_amount(struct view text, uint32_t at, double *amount, struct span *digits)
{
    struct span run = run_around(text, at, at);
    struct view uri = view_sub(text, run.from, run.to);
    size_t key = view_find_nocase(uri, VIEW("amount="));
    double value = 0;
    double scale = 0;
    size_t p;

    if (key == 0 || key >= uri.n)
        return false;
    /* Monero's is called tx_amount. */
    bool named = strchr("?&;", uri.p[key - 1]) != NULL ||
                 (key > 3 && view_ends_nocase(view_sub(uri, 0, key), VIEW("tx_")) &&
                  strchr("?&;", uri.p[key - 4]) != NULL);
    if (!named)
        return false;
    for (p = key + 7; p < uri.n && p - key < 32; p++) {
        unsigned char c = (unsigned char)uri.p[p];
        if (c == '.' && scale == 0) {
            scale = 1;
        } else if (ascii_is_digit(c)) {
            value = value * 10 + (c - '0');
            scale *= 10;
        } else {
            break;
        }
    }
    if (scale > 1)
        value /= scale;
    *amount = value;
    *digits = (struct span){run.from + (uint32_t)key + 7, run.from + (uint32_t)p};
    return value > 0 && value < 1e9;
}
