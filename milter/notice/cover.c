/*
 * Pages that could cover, move or leave behind what is put above them. Styles can in more ways than
 * are worth weighing, so what is looked for is the word, anywhere in the page: a false alarm costs
 * nothing but an attachment.
 */
#include "notice/rewrite.h"

/* Without any style. Attributes of a second <body> count for the first (HTML 13.2.6.4.7). */
static const struct view marks[] = {
    VIEW_LITERAL("<svg"),        VIEW_LITERAL("<math"),        VIEW_LITERAL("<dialog"),
    VIEW_LITERAL("popover"),     VIEW_LITERAL("hidden"),       VIEW_LITERAL("autofocus"),
    VIEW_LITERAL("topmargin"),   VIEW_LITERAL("leftmargin"),   VIEW_LITERAL("rightmargin"),
    VIEW_LITERAL("marginwidth"), VIEW_LITERAL("marginheight"),
};

/*
 * Of styles: what an inline "all: initial !important" is no shield against. Backslashes and
 * references spell any of the others; a sheet from elsewhere may hold them.
 */
static const struct view styles[] = {
    VIEW_LITERAL("\\"),          VIEW_LITERAL("@import"),     VIEW_LITERAL("<link"),
    VIEW_LITERAL("<?xml-style"), VIEW_LITERAL("position"),    VIEW_LITERAL("inset"),
    VIEW_LITERAL("transform"),   VIEW_LITERAL("translate"),   VIEW_LITERAL("rotate"),
    VIEW_LITERAL("scale"),       VIEW_LITERAL("offset"),      VIEW_LITERAL("perspective"),
    VIEW_LITERAL("zoom"),        VIEW_LITERAL("::"),          VIEW_LITERAL(":before"),
    VIEW_LITERAL(":after"),      VIEW_LITERAL(":first-l"),    VIEW_LITERAL("initial-letter"),
    VIEW_LITERAL("shadow"),      VIEW_LITERAL("outline"),     VIEW_LITERAL("border-image"),
    VIEW_LITERAL("underline-"),  VIEW_LITERAL("decoration-"), VIEW_LITERAL("stroke"),
    VIEW_LITERAL("reflect"),     VIEW_LITERAL("line-height"), VIEW_LITERAL("&#"),
    VIEW_LITERAL("flex"),        VIEW_LITERAL("grid"),        VIEW_LITERAL("-box"),
    VIEW_LITERAL("column"),      VIEW_LITERAL("table-"),      VIEW_LITERAL("ruby"),
    VIEW_LITERAL("align-"),      VIEW_LITERAL("place-"),      VIEW_LITERAL("writing-mode"),
    VIEW_LITERAL("scroll"),      VIEW_LITERAL(":marker"),     VIEW_LITERAL("&bsol"),
    VIEW_LITERAL("&sol"),        VIEW_LITERAL("&colon"),
};

static bool holds_any(struct view page, const struct view *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (view_find_nocase(page, words[i]) < page.n)
            return true;
    return false;
}

/* A margin that may be below zero: a minus, or something that computes. */
static bool margin_negative(struct view page)
{
    for (size_t at; (at = view_find_nocase(page, VIEW("margin"))) < page.n;) {
        page = view_sub(page, at + 6, page.n);
        size_t end = 0, colon = view_find_byte(page, ':');
        for (end = colon; end < page.n && page.p[end] != ';' && page.p[end] != '}'; end++)
            if (page.p[end] == '-' || page.p[end] == '(' || page.p[end] == '&')
                return true;
    }
    return false;
}

/* "font: 900px/0 x" draws letters far above their line. */
static bool font_short(struct view page)
{
    for (size_t at; (at = view_find_nocase(page, VIEW("font"))) < page.n;) {
        page = view_trim(view_sub(page, at + 4, page.n));
        if (page.n > 0 && (page.p[0] == ':' || page.p[0] == '/')) /* or a comment before it */
            return true;
    }
    return false;
}

static bool page_covers(struct view page, bool any_style)
{
    if (holds_any(page, marks, sizeof marks / sizeof marks[0]))
        return true;
    if (view_find_nocase(page, VIEW("style")) == page.n)
        return false;
    return any_style || holds_any(page, styles, sizeof styles / sizeof styles[0]) ||
           margin_negative(page) || font_short(page);
}

bool cover_possible(const struct message *m, bool any_style)
{
    for (uint32_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].html && page_covers(m->parts[i].content.text, any_style))
            return true;
    return false;
}
