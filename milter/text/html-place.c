/*
 * Where the page of an HTML text begins: the first place whose content a reader sees. What looks
 * like a body tag inside comments, scripts, titles or attributes is none.
 */
#include "text/html-element.h"
#include "text/text.h"

static struct view tag_name(struct view html, size_t at)
{
    size_t n = at;
    while (n < html.n && !ascii_is_space((unsigned char)html.p[n]) && html.p[n] != '>' &&
           html.p[n] != '/')
        n++;
    return view_sub(html, at, n);
}

/* Past "</name ...>"; false when there is none. */
static bool raw_skip(struct view html, struct view name, size_t *at)
{
    for (size_t i = *at; i + 2 + name.n < html.n; i++) {
        i += view_find(view_sub(html, i, html.n), VIEW("</"));
        if (i + 2 + name.n >= html.n)
            return false;
        char after = html.p[i + 2 + name.n];
        if (view_starts_nocase(view_sub(html, i + 2, html.n), name) &&
            (ascii_is_space((unsigned char)after) || after == '>' || after == '/')) {
            *at = i + view_find_byte(view_sub(html, i, html.n), '>') + 1;
            return *at <= html.n;
        }
    }
    return false;
}

/* Past a comment (its forms: HTML 13.2.5.43 to .51), a declaration, or a stray end tag. */
static bool declaration_skip(struct view html, size_t *at)
{
    struct view rest = view_sub(html, *at, html.n);
    if (!view_starts_nocase(rest, VIEW("<!--"))) {
        size_t end = view_find_byte(rest, '>');
        *at += end + 1;
        return end < rest.n;
    }
    struct view inside = view_sub(rest, 4, rest.n);
    if (view_starts_nocase(inside, VIEW(">")) || view_starts_nocase(inside, VIEW("->"))) {
        *at += 4 + (inside.p[0] == '>' ? 1u : 2u);
        return true;
    }
    size_t end = view_find(inside, VIEW("-->")), other = view_find(inside, VIEW("--!>"));
    if (end >= inside.n && other >= inside.n)
        return false;
    *at += 4 + (end < other ? end + 3 : other + 4);
    return true;
}

enum step { STEP_ON, STEP_HERE, STEP_REFUSE };

static enum step tag_step(struct view html, size_t *at)
{
    static const struct view raw[] = {VIEW_LITERAL("title"), VIEW_LITERAL("style"),
                                      VIEW_LITERAL("script")};
    static const struct view passed[] = {VIEW_LITERAL("html"), VIEW_LITERAL("head"),
                                         VIEW_LITERAL("meta"), VIEW_LITERAL("link"),
                                         VIEW_LITERAL("base")};
    struct view name = tag_name(html, *at + 1);
    struct tag tag;
    size_t next = tag_read(html, *at, &tag);
    if (tag.broken || view_eq_nocase(name, VIEW("frameset")))
        return STEP_REFUSE;
    for (size_t i = 0; i < sizeof raw / sizeof raw[0]; i++)
        if (view_eq_nocase(name, raw[i])) {
            *at = next;
            return raw_skip(html, raw[i], at) ? STEP_ON : STEP_REFUSE;
        }
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (view_eq_nocase(name, passed[i])) {
            *at = next;
            return STEP_ON;
        }
    if (view_eq_nocase(name, VIEW("body")))
        *at = next;
    return STEP_HERE; /* any other element begins the body by itself */
}

bool html_page_start(struct view html, size_t *at)
{
    size_t i = 0;
    while (i < html.n) {
        char c = html.p[i], second = i + 1 < html.n ? html.p[i + 1] : '\0';
        if (ascii_is_space((unsigned char)c)) {
            i++;
        } else if (c == '<' && (second == '!' || second == '?' || second == '/')) {
            if (!declaration_skip(html, &i))
                return false;
        } else if (c == '<' && ascii_is_alpha((unsigned char)second)) {
            enum step step = tag_step(html, &i);
            if (step == STEP_REFUSE)
                return false;
            if (step == STEP_HERE)
                break;
        } else {
            break; /* text begins the body, too */
        }
    }
    *at = i;
    return true;
}
