#include "text/html.h"

#include <string.h>

#include "text/fold.h"
#include "text/html-entity.h"
#include "text/html-scan.h"

enum { ASK_EVERY = 65536 }; /* bytes between two looks at the budget: about 2 ms */

static struct html_sink *sink_here(struct html_reader *r)
{
    return tree_look(r)->hidden ? &r->hidden : &r->visible;
}

static bool markup_at(struct view html, size_t i)
{
    if (i + 1 >= html.n)
        return false;
    unsigned char c = (unsigned char)html.p[i + 1];
    return ascii_is_alpha(c) || c == '/' || c == '!' || c == '?';
}

/* White space as written, in <pre>. */
static void blank_kept(struct html_reader *r, struct html_sink *s, size_t i)
{
    char c = r->html.p[i];
    if (c == '\r') {
        if (i + 1 < r->html.n && r->html.p[i + 1] == '\n')
            return;
        c = '\n';
    }
    html_sink_add(r, s, &c, 1, i, 1);
}

static size_t reference_add(struct html_reader *r, struct html_sink *s, bool keep_space, size_t i)
{
    char out[ENTITY_BYTES];
    size_t made, took = entity_decode(r->html.p + i, r->html.n - i, false, out, &made);
    if (took == 0) {
        html_sink_add(r, s, "&", 1, i, 1);
        return i + 1;
    }
    bool blank = made == 1 && ascii_is_space((unsigned char)out[0]);
    if (blank && !keep_space)
        html_sink_gap(s, GAP_SPACE, i);
    else if (made > 1 || out[0] != '\0')
        html_sink_add(r, s, out, made, i, took);
    return i + took;
}

/*
 * Text from r->at to `end`, or to the next markup when tags count. References are undone when
 * references count (not in <xmp> or <plaintext>).
 */
static void text_run(struct html_reader *r, size_t end, bool tags, bool references)
{
    struct view html = r->html;
    struct html_sink *s = sink_here(r);
    bool keep_space = tree_look(r)->keep_space;
    size_t i = r->at;
    while (i < end) {
        size_t from = i;
        i = plain_end(html, i, end);
        if (i > from)
            html_sink_add(r, s, html.p + from, i - from, from, i - from);
        if (i >= end)
            break;
        switch (text_byte(html.p[i])) {
        case TEXT_BLANK:
            if (keep_space) {
                blank_kept(r, s, i++);
                break;
            }
            html_sink_gap(s, GAP_SPACE, i);
            i = blanks_end(html, i + 1, end);
            break;
        case TEXT_MARKUP:
            if (tags && markup_at(html, i)) {
                r->at = i;
                return;
            }
            html_sink_add(r, s, "<", 1, i, 1);
            i++;
            break;
        case TEXT_REFERENCE:
            if (references) {
                i = reference_add(r, s, keep_space, i);
                break;
            }
            html_sink_add(r, s, "&", 1, i, 1);
            i++;
            break;
        case TEXT_PLAIN:
        case TEXT_NUL: /* HTML 13.2.6.4.7 drops NUL */
            i++;
            break;
        }
    }
    r->at = i;
}

static void broken_note(struct html_reader *r)
{
    anomaly_note(&r->out->anomalies, ANOMALY_HTML_BROKEN);
}

/* "<!-->", "<!--->", "-->" and "--!>" end a comment (HTML 13.2.5.43 to .51). */
static size_t comment_end(struct html_reader *r, size_t i)
{
    struct view html = r->html;
    if (i < html.n && html.p[i] == '>')
        return i + 1;
    if (i + 1 < html.n && html.p[i] == '-' && html.p[i + 1] == '>')
        return i + 2;
    while (i < html.n) {
        const char *dash = memchr(html.p + i, '-', html.n - i);
        if (dash == NULL)
            break;
        i = (size_t)(dash - html.p);
        if (html.n - i >= 3 && html.p[i + 1] == '-') {
            if (html.p[i + 2] == '>')
                return i + 3;
            if (html.n - i >= 4 && html.p[i + 2] == '!' && html.p[i + 3] == '>')
                return i + 4;
        }
        i++;
    }
    broken_note(r);
    return html.n;
}

static size_t past_byte(struct html_reader *r, size_t i, char c)
{
    size_t at = i + view_find_byte(view_sub(r->html, i, r->html.n), c);
    if (at >= r->html.n)
        broken_note(r);
    return at < r->html.n ? at + 1 : r->html.n;
}

/* "<!...", "<?..." and "</" before anything but a letter. */
static void declaration_skip(struct html_reader *r)
{
    struct view rest = view_sub(r->html, r->at, r->html.n);
    size_t i = r->at;
    if (view_starts_nocase(rest, VIEW("<!--"))) {
        r->cut = r->cut || r->visible.gap == GAP_NONE;
        r->at = comment_end(r, i + 4);
    } else if (r->foreign > 0 && view_starts_nocase(rest, VIEW("<![CDATA["))) {
        size_t end = i + 9 + view_find(view_sub(rest, 9, rest.n), VIEW("]]>"));
        r->at = i + 9;
        text_run(r, end, false, false);
        r->at = end + 3 < r->html.n ? end + 3 : r->html.n;
    } else {
        bool doctype = view_starts_nocase(rest, VIEW("<!doctype"));
        r->cut = r->cut || (!doctype && r->visible.gap == GAP_NONE);
        r->at = past_byte(r, i + 2, '>');
    }
}

/* Where "</name" of a raw-text element starts; html.n when it never closes. */
static size_t raw_end(const struct html_reader *r, uint8_t element)
{
    struct view html = r->html, name = view_of(element_name(element));
    for (size_t i = r->at; i < html.n; i++) {
        const char *lt = memchr(html.p + i, '<', html.n - i);
        if (lt == NULL)
            break;
        i = (size_t)(lt - html.p);
        struct view rest = view_sub(html, i + 2, html.n);
        if (html.n - i > 2 + name.n && html.p[i + 1] == '/' && view_starts_nocase(rest, name) &&
            (ascii_is_space((unsigned char)rest.p[name.n]) || rest.p[name.n] == '/' ||
             rest.p[name.n] == '>'))
            return i;
    }
    return html.n;
}

/* The content of <style>, <script>, <title>, <textarea>, <xmp>...: no tags inside. */
static void raw_text(struct html_reader *r, uint8_t element)
{
    size_t end = element == ELEMENT_plaintext ? r->html.n : raw_end(r, element);
    struct view content = view_sub(r->html, r->at, end);
    if (end == r->html.n && element != ELEMENT_plaintext)
        broken_note(r);
    if (element == ELEMENT_style) {
        sheet_add(&r->sheet, content);
        r->no_memory = r->no_memory || r->sheet.failed;
    } else if (element == ELEMENT_title) {
        html_sink_note(r, content); /* shown by no mail program, but written to be read */
    } else if ((element_traits(element) & E_RAW) == 0) {
        text_run(r, end, false, element == ELEMENT_textarea);
    }
    r->at = end;
}

static bool raw_is(const struct html_reader *r, uint8_t element)
{
    return r->foreign == 0 &&
           ((element_traits(element) & E_RAW) != 0 || element == ELEMENT_title ||
            element == ELEMENT_textarea || element == ELEMENT_xmp || element == ELEMENT_plaintext);
}

static void tag_handle(struct html_reader *r)
{
    struct tag tag;
    size_t at = r->at;
    r->at = tag_read(r->html, at, &tag);
    if (tag.broken) {
        broken_note(r);
        return;
    }
    if (tag.closing) {
        tree_close(r, tag.element, at);
        return;
    }
    if (element_traits(tag.element) & E_VOID) {
        tree_void(r, &tag, at);
        return;
    }
    if (raw_is(r, tag.element)) {
        bool shown = (element_traits(tag.element) & E_RAW) == 0 && tag.element != ELEMENT_title;
        if (shown)
            tree_open(r, &tag, at);
        raw_text(r, tag.element);
        return;
    }
    tree_open(r, &tag, at);
    if (tag.self_closing && r->foreign > 0)
        tree_close(r, tag.element, at);
}

/* Fillers that push a preview aside (zero-width joiners, no-break spaces) are not text. */
static bool has_text(struct view v)
{
    for (size_t i = 0; i < v.n;) {
        uint32_t cp;
        i += fold_decode(v.p + i, v.n - i, &cp);
        enum fold_class is = fold_class(fold_find(cp));
        if (is == FOLD_LETTER || is == FOLD_DIGIT || is == FOLD_CJK)
            return true;
    }
    return false;
}

static void finish(struct html_reader *r)
{
    struct html_text *out = r->out;
    tree_close_all(r);
    link_close(r);
    out->visible = (struct view){r->visible.p, r->visible.n};
    out->hidden = (struct view){r->hidden.p, r->hidden.n};
    out->attributes = (struct view){r->attributes.p, r->attributes.n};
    out->visible_map = r->visible.map;
    out->hidden_map = r->hidden.map;
    out->attributes_map = r->attributes.map;
    for (uint32_t i = 0; i < out->n_links; i++) {
        struct link *l = &out->links[i];
        struct view shown = view_sub(out->visible, l->visible_at, l->shown.n);
        l->shown = view_trim(shown);
        if (l->shown.n > 0)
            l->visible_at = (uint32_t)(l->shown.p - out->visible.p);
    }
    if (has_text(out->hidden))
        anomaly_note(&out->anomalies, ANOMALY_TEXT_HIDDEN);
}

enum status html_read(struct view html, const struct limits *limits, struct arena *arena,
                      struct html_text *out)
{
    struct html_reader *r = arena_alloc(arena, sizeof *r);
    *out = (struct html_text){0};
    if (r == NULL || html.n > UINT32_MAX - 16)
        return STATUS_NO_MEMORY;
    *r = (struct html_reader){.html = html, .limits = limits, .arena = arena, .out = out};
    html_sink_init(&r->visible, arena, limits->text_bytes);
    html_sink_init(&r->hidden, arena, limits->text_bytes);
    html_sink_init(&r->attributes, arena, limits->text_bytes);
    sheet_init(&r->sheet, arena);
    r->stack = arena_alloc(arena, HTML_DEPTH * sizeof *r->stack);
    r->path = arena_alloc(arena, HTML_DEPTH * sizeof *r->path);
    if (r->stack == NULL || r->path == NULL)
        return STATUS_NO_MEMORY;
    r->stack[0] = (struct open_element){.element = ELEMENT_html, .look = look_start()};
    r->path[0] = (struct css_element){.element = ELEMENT_html};
    r->depth = 1;
    size_t asked = 0;
    while (r->at < html.n && !r->no_memory && !r->visible.full) {
        if (r->at - asked >= ASK_EVERY) {
            asked = r->at;
            if (budget_spent(limits->budget))
                break;
        }
        text_run(r, html.n, true, true);
        if (r->at + 1 >= html.n)
            break;
        unsigned char next = (unsigned char)html.p[r->at + 1];
        bool letter = next == '/' && r->at + 2 < html.n
                          ? ascii_is_alpha((unsigned char)html.p[r->at + 2])
                          : ascii_is_alpha(next);
        if (letter)
            tag_handle(r);
        else
            declaration_skip(r);
    }
    finish(r);
    return r->no_memory ? STATUS_NO_MEMORY : STATUS_OK;
}
