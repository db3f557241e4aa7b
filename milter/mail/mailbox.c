/*
 * Address lists (RFC 5322 3.4), read as loosely as mail programs do. One pass with a few flags:
 * nested groups, comments and brackets are counted, never recursed into.
 */
#include <string.h>

#include "mail/parse.h"

struct list {
    struct mail_reader *reader;
    struct arena *arena;
    struct view raw;
    size_t i;
    char *text; /* what stands outside of angle brackets, quotes undone */
    size_t n_text;
    char *angle; /* what stands inside */
    size_t n_angle;
    struct view comment;
    bool in_angle, comments;
};

static void text_add(struct list *l, const char *p, size_t n)
{
    memcpy(l->text + l->n_text, p, n);
    l->n_text += n;
}

/* Without white space, the domain in lower case. */
static struct view address_clean(struct list *l, struct view v)
{
    char *p = arena_alloc(l->arena, v.n);
    size_t n = 0;
    if (p == NULL)
        return VIEW_NONE;
    for (size_t i = 0; i < v.n; i++)
        if ((unsigned char)v.p[i] > 32 && v.p[i] != 127)
            p[n++] = v.p[i];
    size_t at = n;
    while (at > 0 && p[at - 1] != '@')
        at--;
    if (at == 0)
        at = n;
    for (size_t i = at; i < n; i++)
        p[i] = (char)ascii_lower((unsigned char)p[i]);
    while (n > at && p[n - 1] == '.')
        n--;
    struct view out = {p, n};
    return utf8_valid(out) ? out : value_decode(l->reader, out, l->arena, NULL);
}

/* "Name user@host" without brackets: the last word that has an @ is the address. */
static struct view bare_address(struct view text, struct view *rest)
{
    size_t at = text.n;
    while (at > 0 && text.p[at - 1] != '@')
        at--;
    if (at == 0)
        return VIEW_NONE;
    size_t from = at - 1, to = at;
    while (from > 0 && ascii_is_space((unsigned char)text.p[from - 1])) /* "user @ host" */
        from--;
    while (from > 0 && !ascii_is_space((unsigned char)text.p[from - 1]))
        from--;
    while (to < text.n && ascii_is_space((unsigned char)text.p[to]))
        to++;
    while (to < text.n && !ascii_is_space((unsigned char)text.p[to]))
        to++;
    *rest = view_sub(text, 0, from);
    return view_sub(text, from, to);
}

/* The mailbox that ends here; false when there is none. */
static bool mailbox_end(struct list *l, struct mailbox *out)
{
    struct view text = view_trim((struct view){l->text, l->n_text}), rest = text;
    struct view address = view_trim((struct view){l->angle, l->n_angle});
    if (address.n == 0)
        address = bare_address(text, &rest);
    struct view display = view_trim(rest);
    if (display.n == 0)
        display = view_trim(l->comment);
    bool any = display.n > 0 || address.n > 0;
    if (any) {
        out->address = address.n > 0 ? address_clean(l, address) : VIEW_NONE;
        out->display = display.n > 0 ? value_decode(l->reader, display, l->arena, NULL) : VIEW_NONE;
    }
    l->n_text = l->n_angle = 0;
    l->in_angle = false;
    l->comment = VIEW_NONE;
    return any;
}

static void quoted_skip(struct list *l)
{
    size_t i = l->i + 1, start = l->n_text;
    for (; i < l->raw.n && l->raw.p[i] != '"'; i++) {
        if (l->raw.p[i] == '\\' && i + 1 < l->raw.n)
            i++;
        if (l->in_angle)
            l->angle[l->n_angle++] = l->raw.p[i];
        else
            text_add(l, &l->raw.p[i], 1);
    }
    l->i = i < l->raw.n ? i + 1 : i;
    if (l->in_angle || l->i >= l->raw.n || l->raw.p[l->i] != '@')
        return;
    /* "a b"@host: no name but a local part, which must stay one word. */
    size_t n = start;
    for (i = start; i < l->n_text; i++)
        if (!ascii_is_space((unsigned char)l->text[i]))
            l->text[n++] = l->text[i];
    l->n_text = n;
}

static bool comment_skip(struct list *l)
{
    size_t depth = 0, i = l->i;
    do {
        if (l->raw.p[i] == '\\' && i + 1 < l->raw.n)
            i++;
        else if (l->raw.p[i] == '(')
            depth++;
        else if (l->raw.p[i] == ')')
            depth--;
        i++;
    } while (i < l->raw.n && depth > 0);
    /* Never closed: its sign, and all that follow, are signs like others (linear time). */
    l->comments = depth == 0;
    if (depth > 0)
        return false;
    if (l->comment.n == 0)
        l->comment = view_sub(l->raw, l->i + 1, i - 1);
    text_add(l, " ", 1);
    l->i = i;
    return true;
}

/* An encoded-word is taken as it stands: commas inside it do not part addresses. */
static bool word_skip(struct list *l)
{
    struct view rest = view_sub(l->raw, l->i, l->raw.n);
    if (l->in_angle || rest.n < 8 || rest.p[1] != '?')
        return false;
    size_t i = 2;
    unsigned marks = 0;
    for (; i < rest.n && marks < 3 && !ascii_is_space((unsigned char)rest.p[i]); i++)
        marks += rest.p[i] == '?';
    if (marks < 3 || i >= rest.n || rest.p[i] != '=')
        return false;
    text_add(l, rest.p, i + 1);
    l->i += i + 1;
    return true;
}

/* One sign outside of quotes, comments and words. True when a mailbox ends with it. */
static bool sign_read(struct list *l, char c)
{
    l->i++;
    bool route = l->in_angle && l->n_angle > 0 && l->angle[0] == '@';
    switch (c) {
    case '<':
        l->in_angle = l->n_angle == 0;
        return false;
    case '>':
        l->in_angle = false;
        return false;
    case ',':
    case ';':
        if (!route)
            return true;
        break;
    case ':':
        if (route)
            l->n_angle = 0; /* <@relay,@relay:user@host> */
        else if (!l->in_angle)
            l->n_text = 0; /* a group's name */
        else
            break;
        return false;
    default:
        break;
    }
    if (l->in_angle)
        l->angle[l->n_angle++] = c;
    else
        text_add(l, &c, 1);
    return false;
}

uint32_t header_mailboxes(struct mail_reader *reader, const struct header *h, struct arena *arena,
                          struct mailbox *out, uint32_t max)
{
    struct list l = {.reader = reader, .arena = arena, .raw = h->raw, .comments = true};
    uint32_t n = 0;
    l.text = arena_alloc(&reader->scratch, h->raw.n);
    l.angle = arena_alloc(&reader->scratch, h->raw.n);
    if (l.text == NULL || l.angle == NULL)
        max = 0;
    while (l.i < l.raw.n && n < max) {
        char c = l.raw.p[l.i];
        bool special = (c == '(' && l.comments && comment_skip(&l)) || (c == '=' && word_skip(&l));
        if (special)
            continue;
        if (c == '"')
            quoted_skip(&l);
        else if (sign_read(&l, c == '\0' ? ' ' : c))
            n += mailbox_end(&l, &out[n]);
    }
    if (n < max)
        n += mailbox_end(&l, &out[n]);
    arena_reset(&reader->scratch);
    return n;
}
