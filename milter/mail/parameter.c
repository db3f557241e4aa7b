#include "mail/parameter.h"

#include <string.h>

#include "mail/transfer.h"

static const struct view names[PARAMETER_COUNT] = {
    VIEW_LITERAL("boundary"),   VIEW_LITERAL("charset"), VIEW_LITERAL("delsp"),
    VIEW_LITERAL("filename"),   VIEW_LITERAL("format"),  VIEW_LITERAL("name"),
    VIEW_LITERAL("smime-type"),
};

struct lexer {
    struct view v;
    size_t i;
    bool comments; /* false once a comment was never closed: its sign is then a sign like others */
};

/* White space, comments (nested) and stray semicolons. */
static void gap_skip(struct lexer *x, bool semicolons)
{
    struct view v = x->v;
    while (x->i < v.n) {
        char c = v.p[x->i];
        if (ascii_is_space((unsigned char)c) || c == '\0' || (semicolons && c == ';')) {
            x->i++;
        } else if (c == '(' && x->comments) {
            size_t depth = 0, i = x->i;
            do {
                if (v.p[i] == '\\' && i + 1 < v.n)
                    i++;
                else if (v.p[i] == '(')
                    depth++;
                else if (v.p[i] == ')')
                    depth--;
                i++;
            } while (i < v.n && depth > 0);
            x->comments = depth == 0;
            x->i = depth == 0 ? i : x->i;
        } else {
            break;
        }
    }
}

/* A quoted string at i, without quotes and escapes; line folds become nothing. */
static bool quoted_read(struct view v, size_t *at, struct arena *arena, struct view *out)
{
    size_t i = *at + 1, end = i;
    bool plain = true;
    while (end < v.n && v.p[end] != '"') {
        plain &= v.p[end] != '\\' && v.p[end] != '\r' && v.p[end] != '\n' && v.p[end] != '\0';
        end += v.p[end] == '\\' && end + 1 < v.n ? 2 : 1;
    }
    *at = end < v.n ? end + 1 : end;
    *out = view_sub(v, i, end);
    if (plain)
        return true;
    char *p = arena_alloc(arena, end - i);
    size_t n = 0;
    if (p == NULL)
        return false;
    for (; i < end; i++) {
        char c = v.p[i];
        /* Windows programs write paths without doubling the backslash. */
        if (c == '\\' && i + 1 < end && (v.p[i + 1] == '"' || v.p[i + 1] == '\\'))
            c = v.p[++i];
        else if (c == '\r' || c == '\n' || c == '\0')
            continue;
        p[n++] = c;
    }
    *out = (struct view){p, n};
    return true;
}

static bool value_stop(char c)
{
    return c == ';' || ascii_is_space((unsigned char)c) || c == '\0';
}

/* "name*1*": which parameter, which section, and whether it is percent-encoded. */
static bool attribute_read(struct view a, struct piece *piece)
{
    piece->plain = true;
    if (a.n > 0 && a.p[a.n - 1] == '*') {
        piece->extended = true;
        piece->plain = false;
        a.n--;
    }
    size_t star = view_find_byte(a, '*');
    uint64_t section = 0;
    if (star < a.n) {
        if (!view_to_u64(view_sub(a, star + 1, a.n), 9999, &section))
            return false;
        piece->plain = false;
        piece->section = (uint16_t)(section + 1);
    }
    a.n = star;
    for (unsigned i = 0; i < PARAMETER_COUNT; i++) {
        if (view_eq_nocase(a, names[i])) {
            piece->parameter = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static void piece_add(struct field_value *out, struct piece piece)
{
    for (uint32_t i = 0; i < out->n; i++) {
        const struct piece *old = &out->piece[i];
        if (old->parameter == piece.parameter && old->section == piece.section &&
            old->plain == piece.plain && !view_eq(old->value, piece.value))
            out->duplicate = true;
    }
    if (out->n < PIECES_MAX)
        out->piece[out->n++] = piece;
    else
        out->overflow = true;
}

/* The rest of a token at x->i. */
static struct view token_read(struct lexer *x, char stop)
{
    size_t from = x->i;
    while (x->i < x->v.n && !value_stop(x->v.p[x->i]) && x->v.p[x->i] != stop)
        x->i++;
    return view_sub(x->v, from, x->i);
}

/* "text/html", also written "text / html"; without a semicolon behind it, too. */
static bool main_read(struct lexer *x, struct arena *arena, struct view *out)
{
    gap_skip(x, false);
    if (x->i < x->v.n && x->v.p[x->i] == '"')
        return quoted_read(x->v, &x->i, arena, out);
    *out = token_read(x, '(');
    struct lexer after = *x;
    gap_skip(&after, false);
    bool slash = after.i < x->v.n && x->v.p[after.i] == '/';
    bool half = out->n > 0 && out->p[out->n - 1] == '/';
    if (after.i == x->i || !(slash || half))
        return true;
    after.i += slash;
    gap_skip(&after, false);
    struct view second = token_read(&after, '(');
    char *p = arena_alloc(arena, out->n + second.n + 1);
    if (p == NULL)
        return false;
    size_t n = out->n;
    memcpy(p, out->p, n);
    if (slash)
        p[n++] = '/';
    if (second.n > 0)
        memcpy(p + n, second.p, second.n);
    *out = (struct view){p, n + second.n};
    *x = after;
    return true;
}

bool field_value_read(struct view raw, struct arena *arena, struct field_value *out)
{
    struct lexer x = {.v = raw, .comments = true};
    out->n = 0;
    out->duplicate = out->overflow = false;
    out->main = VIEW_NONE;
    if (raw.n == 0)
        return true;
    if (!main_read(&x, arena, &out->main))
        return false;
    for (;;) {
        gap_skip(&x, true);
        if (x.i >= raw.n)
            return true;
        struct piece piece = {0};
        struct view attribute = token_read(&x, '=');
        bool wanted = attribute_read(attribute, &piece);
        struct lexer sign = x;
        gap_skip(&sign, false);
        if (sign.i >= raw.n || raw.p[sign.i] != '=' || attribute.n == 0) {
            x.comments = sign.comments;
            x.i += attribute.n == 0;
            continue;
        }
        x = sign;
        x.i++;
        gap_skip(&x, false);
        if (x.i < raw.n && raw.p[x.i] == '"') {
            if (!quoted_read(raw, &x.i, arena, &piece.value))
                return false;
        } else if (piece.plain && wanted &&
                   (piece.parameter == PARAMETER_NAME || piece.parameter == PARAMETER_FILENAME)) {
            /* An unquoted file name may have spaces; it ends at the semicolon. */
            size_t n = view_find_byte(view_sub(raw, x.i, raw.n), ';');
            piece.value = view_trim(view_sub(raw, x.i, x.i + n));
            x.i += n;
        } else {
            piece.value = token_read(&x, ';');
        }
        if (wanted)
            piece_add(out, piece);
    }
}

/* Percent escapes undone, charset'language' taken off the front of the first section. */
static size_t extended_add(struct view v, bool first, struct view *charset, char *to)
{
    size_t n = 0;
    if (first) {
        size_t quote = view_find_byte(v, '\'');
        size_t second = quote + 1 + view_find_byte(view_sub(v, quote + 1, v.n), '\'');
        if (second < v.n) {
            *charset = view_sub(v, 0, quote);
            v = view_sub(v, second + 1, v.n);
        }
    }
    for (size_t i = 0; i < v.n; i++) {
        int high = -1, low = -1;
        if (v.p[i] == '%' && i + 2 < v.n) {
            high = hex_value((unsigned char)v.p[i + 1]);
            low = hex_value((unsigned char)v.p[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            to[n++] = (char)(high << 4 | low);
            i += 2;
        } else {
            to[n++] = v.p[i];
        }
    }
    return n;
}

/* name*0, name*1*, ... in order; or the single name*. */
static bool assemble(const struct field_value *v, enum parameter which, bool numbered,
                     struct arena *arena, struct parameter_value *out)
{
    const struct piece *order[PIECES_MAX];
    uint32_t n = 0;
    size_t bytes = 0;
    for (uint32_t i = 0; i < v->n; i++) {
        const struct piece *piece = &v->piece[i];
        if (piece->parameter != which || piece->plain || (piece->section > 0) != numbered)
            continue;
        uint32_t k = n;
        while (k > 0 && order[k - 1]->section > piece->section)
            k--;
        if (k > 0 && order[k - 1]->section == piece->section)
            continue; /* the first of two alike counts */
        memmove(&order[k + 1], &order[k], (n - k) * sizeof order[0]);
        order[k] = piece;
        n++;
        bytes += piece->value.n;
    }
    char *p = n > 0 ? arena_alloc(arena, bytes) : NULL;
    if (p == NULL)
        return false;
    *out = (struct parameter_value){.extended = true};
    size_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (order[i]->extended) {
            at += extended_add(order[i]->value, i == 0, &out->charset, p + at);
        } else {
            memcpy(p + at, order[i]->value.p, order[i]->value.n);
            at += order[i]->value.n;
        }
    }
    out->bytes = (struct view){p, at};
    return true;
}

uint32_t parameter_values(const struct field_value *v, enum parameter which, struct arena *arena,
                          struct parameter_value *out, uint32_t max)
{
    uint32_t n = 0;
    if (n < max && assemble(v, which, false, arena, &out[n]))
        n++;
    if (n < max && assemble(v, which, true, arena, &out[n]))
        n++;
    for (uint32_t i = 0; i < v->n && n < max; i++)
        if (v->piece[i].parameter == which && v->piece[i].plain)
            out[n++] = (struct parameter_value){.bytes = v->piece[i].value};
    return n;
}
