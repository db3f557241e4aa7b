#include "text/css.h"

#include <string.h>

#include "text/html-element.h"

enum selector_kind { SELECT_ELEMENT, SELECT_CLASS, SELECT_ID };

#define ANY_ELEMENT UINT8_MAX

struct css_rule {
    struct view name; /* of the class or id */
    uint32_t hash;
    int16_t older; /* in the same bucket, or -1 */
    uint8_t kind;
    uint8_t element; /* "div.x": the class only on such elements */
    struct style style;
};

void sheet_init(struct sheet *s, struct arena *arena)
{
    *s = (struct sheet){.arena = arena};
    memset(s->bucket, 0xFF, sizeof s->bucket);
}

static uint32_t name_hash(enum selector_kind kind, struct view name)
{
    uint32_t h = 2166136261u ^ kind; /* FNV-1a */
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ ascii_lower((unsigned char)name.p[i])) * 16777619u;
    return h;
}

static size_t bucket_of(uint32_t hash)
{
    return (hash ^ hash >> 16) % 64;
}

static void rule_add(struct sheet *s, enum selector_kind kind, uint8_t element, struct view name,
                     const struct style *style)
{
    uint32_t hash = kind == SELECT_ELEMENT ? element : name_hash(kind, name);
    size_t b = bucket_of(hash);
    for (int16_t i = s->bucket[b]; i >= 0; i = s->rule[i].older) {
        struct css_rule *r = &s->rule[i];
        if (r->hash == hash && r->kind == kind && r->element == element &&
            view_eq_nocase(r->name, name)) {
            style_merge(&r->style, style);
            return;
        }
    }
    if (s->n == SHEET_RULES)
        return;
    struct css_rule *rule = arena_grow(s->arena, s->rule, &s->cap, s->n + 1, sizeof *rule);
    if (rule == NULL) {
        s->failed = true;
        return;
    }
    s->rule = rule;
    s->rule[s->n] = (struct css_rule){.name = name,
                                      .hash = hash,
                                      .older = s->bucket[b],
                                      .kind = (uint8_t)kind,
                                      .element = element,
                                      .style = *style};
    s->bucket[b] = (int16_t)s->n++;
}

static bool name_byte(unsigned char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || c >= 0x80;
}

static size_t name_length(struct view v, size_t at)
{
    size_t i = at;
    while (i < v.n && name_byte((unsigned char)v.p[i]))
        i++;
    return i - at;
}

/*
 * What a rule may show counts even when it is not certain that the rule applies; what it may hide
 * does not. So the parts of a style that hide are dropped, and colours become unknown.
 */
static void style_doubt(struct style *s)
{
    static const enum css_property sure[] = {
        CSS_LEFT,   CSS_TOP,  CSS_RIGHT,     CSS_BOTTOM,     CSS_MARGIN,    CSS_INDENT, CSS_WIDTH,
        CSS_HEIGHT, CSS_CLIP, CSS_MAX_WIDTH, CSS_MAX_HEIGHT, CSS_TRANSFORM, CSS_BIDI};
    uint32_t drop = 0;
    for (size_t i = 0; i < sizeof sure / sizeof sure[0]; i++)
        drop |= 1u << sure[i];
    if (s->value[CSS_DISPLAY] == DISPLAY_NONE)
        drop |= 1u << CSS_DISPLAY;
    if (s->value[CSS_VISIBILITY] == 0)
        drop |= 1u << CSS_VISIBILITY;
    if (s->value[CSS_OPACITY] < 100)
        drop |= 1u << CSS_OPACITY;
    if (s->value[CSS_FONT_SIZE] >= 0 ? s->value[CSS_FONT_SIZE] < 500
                                     : s->value[CSS_FONT_SIZE] > -5000)
        drop |= 1u << CSS_FONT_SIZE;
    if (s->value[CSS_OVERFLOW] != 0)
        drop |= 1u << CSS_OVERFLOW;
    s->set &= ~drop;
    s->important &= ~drop;
    if (s->value[CSS_COLOR] == COLOR_TRANSPARENT || (s->set & 1u << CSS_COLOR) != 0)
        s->value[CSS_COLOR] = COLOR_UNKNOWN;
    if ((s->set & 1u << CSS_BACKGROUND) != 0)
        s->value[CSS_BACKGROUND] = COLOR_UNKNOWN;
}

/*
 * One selector of a list. The last compound decides where the rule goes: "td.x", ".x", "#y", "p",
 * "*". Anything more (ancestors, attributes, pseudo-classes, two classes) makes it doubtful.
 */
static void selector_add(struct sheet *s, struct view selector, const struct style *style)
{
    selector = view_trim(selector);
    size_t at = selector.n;
    while (at > 0 && view_find_byte(VIEW(" \t\r\n\f>+~"), selector.p[at - 1]) == 8)
        at--;
    bool doubt = at > 0;
    size_t n = name_length(selector, at);
    bool star = n == 0 && at < selector.n && selector.p[at] == '*';
    uint8_t element = n > 0 ? element_find(selector.p + at, n) : ANY_ELEMENT;
    at += n + star;
    enum selector_kind kind = SELECT_ELEMENT;
    struct view name = VIEW_NONE;
    if (at < selector.n && (selector.p[at] == '.' || selector.p[at] == '#')) {
        kind = selector.p[at] == '.' ? SELECT_CLASS : SELECT_ID;
        n = name_length(selector, at + 1);
        name = view_sub(selector, at + 1, at + 1 + n);
        at += 1 + n;
    } else if (n == 0 && !star) {
        return; /* [attribute], ::before */
    }
    doubt = doubt || at < selector.n;
    struct style sure = *style;
    if (doubt)
        style_doubt(&sure);
    if (sure.set != 0)
        rule_add(s, kind, element, name, &sure);
}

/* Where the block that opens at css.p[open] == '{' ends: its '}', or css.n. */
static size_t block_end(struct view css, size_t open)
{
    size_t depth = 0;
    for (size_t i = open; i < css.n; i++) {
        depth += css.p[i] == '{';
        if (css.p[i] == '}' && --depth == 0)
            return i;
    }
    return css.n;
}

/* Media that every mail program shows; the rest (phones, print, dark mode) is left out. */
static bool media_always(struct view prelude)
{
    struct view what = view_trim(view_sub(prelude, 6, prelude.n));
    return view_starts_nocase(prelude, VIEW("@media")) &&
           (what.n == 0 || view_eq_nocase(what, VIEW("all")) ||
            view_eq_nocase(what, VIEW("screen")));
}

static void selectors_add(struct sheet *s, struct view list, const struct style *style)
{
    while (list.n > 0 && !s->failed) {
        size_t comma = view_find_byte(list, ',');
        selector_add(s, view_sub(list, 0, comma), style);
        list = view_sub(list, comma + 1, list.n);
    }
}

void sheet_add(struct sheet *s, struct view css)
{
    css = css_clean(css, s->arena);
    for (size_t i = 0; i < css.n && !s->failed;) {
        size_t from = i;
        while (i < css.n && css.p[i] != '{' && css.p[i] != '}' && css.p[i] != ';')
            i++;
        struct view prelude = view_trim(view_sub(css, from, i));
        while (view_starts_nocase(prelude, VIEW("<!--")) ||
               view_starts_nocase(prelude, VIEW("-->")))
            prelude = view_trim(view_sub(prelude, prelude.p[0] == '<' ? 4 : 3, prelude.n));
        if (i >= css.n || css.p[i] != '{') { /* "@import ...;", the end of a @media block */
            i++;
            continue;
        }
        if (prelude.n > 0 && prelude.p[0] == '@') {
            i = media_always(prelude) ? i + 1 : block_end(css, i) + 1;
            continue;
        }
        size_t end = i + view_find_byte(view_sub(css, i, css.n), '}');
        struct style style = {0};
        style_parse(view_sub(css, i + 1, end), &style);
        if (style.set != 0)
            selectors_add(s, prelude, &style);
        i = end + 1;
    }
}

static void rules_apply(const struct sheet *s, enum selector_kind kind, uint8_t element,
                        struct view name, struct style *style)
{
    uint32_t hash = kind == SELECT_ELEMENT ? element : name_hash(kind, name);
    const struct css_rule *general = NULL, *special = NULL;
    for (int16_t i = s->bucket[bucket_of(hash)]; i >= 0; i = s->rule[i].older) {
        const struct css_rule *r = &s->rule[i];
        if (r->hash != hash || r->kind != kind || !view_eq_nocase(r->name, name))
            continue;
        if (r->element == ANY_ELEMENT)
            general = r;
        else if (r->element == element)
            special = r;
    }
    if (general != NULL)
        style_merge(style, &general->style);
    if (special != NULL)
        style_merge(style, &special->style);
}

void sheet_apply(const struct sheet *s, uint8_t element, struct view class_names, struct view id,
                 struct style *style)
{
    if (s->n == 0)
        return;
    rules_apply(s, SELECT_ELEMENT, ANY_ELEMENT, VIEW_NONE, style);
    rules_apply(s, SELECT_ELEMENT, element, VIEW_NONE, style);
    size_t i = 0;
    for (unsigned n = 0; i < class_names.n && n < SHEET_CLASSES; n++) {
        while (i < class_names.n && ascii_is_space((unsigned char)class_names.p[i]))
            i++;
        size_t from = i;
        while (i < class_names.n && !ascii_is_space((unsigned char)class_names.p[i]))
            i++;
        if (i > from)
            rules_apply(s, SELECT_CLASS, element, view_sub(class_names, from, i), style);
    }
    if (id.n > 0)
        rules_apply(s, SELECT_ID, element, view_trim(id), style);
}

static unsigned hex_digit(unsigned char c)
{
    unsigned char low = ascii_lower(c);
    return ascii_is_digit(c) ? c - 48u : low >= 'a' && low <= 'f' ? low - 87u : 16;
}

/* CSS Syntax 4.3.7: "\64 isplay" is "display". Returns the bytes it took. */
static size_t escape_read(struct view v, size_t at, char out[4], size_t *made)
{
    size_t i = at + 1;
    uint32_t cp = 0;
    while (i < v.n && i < at + 7 && hex_digit((unsigned char)v.p[i]) < 16)
        cp = cp * 16 + hex_digit((unsigned char)v.p[i++]);
    if (i == at + 1) { /* the character itself */
        *made = i < v.n;
        out[0] = i < v.n ? v.p[i] : '\0';
        return 1 + *made;
    }
    *made = utf8_encode(cp == 0 ? UTF8_REPLACEMENT : cp, out);
    return i - at + (i < v.n && ascii_is_space((unsigned char)v.p[i]));
}

struct view css_clean(struct view v, struct arena *arena)
{
    if (view_find_byte(v, '\\') == v.n && view_find_byte(v, '*') == v.n)
        return v;
    size_t size = v.n + v.n / 2 + 4, n = 0; /* "\0" becomes three bytes */
    char *p = arena_alloc(arena, size);
    if (p == NULL)
        return VIEW_NONE;
    for (size_t i = 0; i < v.n;) {
        if (v.p[i] == '\\') {
            char out[4];
            size_t made;
            i += escape_read(v, i, out, &made);
            memcpy(p + n, out, made);
            n += made;
        } else if (v.p[i] == '/' && i + 1 < v.n && v.p[i + 1] == '*') {
            struct view rest = view_sub(v, i + 2, v.n);
            i += 2 + view_find(rest, VIEW("*/")) + 2;
            p[n++] = ' ';
        } else {
            p[n++] = v.p[i++];
        }
    }
    arena_shrink(arena, p, size, n);
    return (struct view){p, n};
}
