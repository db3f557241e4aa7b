#include "text/css.h"

#include <string.h>

#include "text/css-select.h"

/* What a rule is found by: a class, an id, an element, or nothing ("*"). */
enum key_kind { KEY_ELEMENT, KEY_CLASS, KEY_ID };

/* MATCHES: rules that apply to one element; CHAIN: rules that share a bucket. More are left out. */
enum { MATCHES = 32, CHAIN = 64 };

struct css_rule {
    struct view name; /* of the class or id */
    uint32_t hash;
    int16_t older; /* in the same bucket, or -1 */
    uint8_t kind;
    uint8_t element; /* "div.x": the class only on such elements */
    uint32_t weight;
    struct css_selector *selector; /* own, in the arena; NULL: kind, name and element say it all */
    struct style style;
};

void sheet_init(struct sheet *s, struct arena *arena)
{
    *s = (struct sheet){.arena = arena, .steps = SHEET_STEPS};
    memset(s->bucket, 0xFF, sizeof s->bucket);
}

static uint32_t name_hash(enum key_kind kind, uint8_t element, struct view name)
{
    uint32_t h = 2166136261u ^ kind; /* FNV-1a */
    if (kind == KEY_ELEMENT)
        return (h ^ element) * 16777619u;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ ascii_lower((unsigned char)name.p[i])) * 16777619u;
    return h;
}

static size_t bucket_of(uint32_t hash)
{
    return (hash ^ hash >> 16) % SHEET_BUCKETS;
}

/*
 * Rules with the same plain selector become one, so that repeating one costs nothing. True when the
 * new one is taken care of, or one too many.
 */
static bool rule_merge(struct sheet *s, const struct css_rule *new, bool plain, size_t bucket)
{
    unsigned chain = 0;
    for (int16_t i = s->bucket[bucket]; i >= 0; i = s->rule[i].older) {
        struct css_rule *r = &s->rule[i];
        if (plain && r->selector == NULL && r->hash == new->hash && r->kind == new->kind &&
            r->element == new->element &&
            r->weight == new->weight &&view_eq_nocase(r->name, new->name)) {
            style_merge(&r->style, &new->style);
            return true;
        }
        if (++chain == CHAIN)
            return true;
    }
    return false;
}

static void rule_add(struct sheet *s, const struct css_selector *selector,
                     const struct style *style)
{
    const struct css_compound *last = &selector->compound[selector->n - 1];
    struct css_rule rule = {
        .kind = KEY_ELEMENT, .element = last->element, .weight = selector->weight, .style = *style};
    for (uint8_t i = 0; i < last->n && rule.kind == KEY_ELEMENT; i++) {
        const struct css_condition *c = &selector->condition[last->first + i];
        if (c->kind == CONDITION_CLASS || c->kind == CONDITION_ID) {
            rule.kind = c->kind == CONDITION_CLASS ? KEY_CLASS : KEY_ID;
            rule.name = c->value;
        }
    }
    bool plain = selector->n == 1 && last->n == (rule.kind != KEY_ELEMENT);
    rule.hash = name_hash((enum key_kind)rule.kind, rule.element, rule.name);
    size_t b = bucket_of(rule.hash);
    if (s->n == SHEET_RULES || rule_merge(s, &rule, plain, b))
        return;
    struct css_rule *rules = arena_grow(s->arena, s->rule, &s->cap, s->n + 1, sizeof *rules);
    struct css_selector *copy = plain ? NULL : arena_alloc(s->arena, sizeof *copy);
    if (rules == NULL || (!plain && copy == NULL)) {
        s->failed = true;
        return;
    }
    s->rule = rules;
    if (copy != NULL)
        *copy = *selector;
    rule.selector = copy;
    rule.older = s->bucket[b];
    s->rule[s->n] = rule;
    s->bucket[b] = (int16_t)s->n++;
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

static void selector_add(struct sheet *s, struct view text, const struct style *style)
{
    struct css_selector selector;
    struct style sure = *style;
    if (!selector_parse(text, &selector))
        return;
    if (selector.doubtful)
        style_doubt(&sure);
    if (sure.set != 0)
        rule_add(s, &selector, &sure);
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

/* Rules that apply, the weightiest and newest last. */
struct matches {
    const struct css_rule *rule[MATCHES];
    unsigned n;
};

static void match_add(struct matches *m, const struct css_rule *rule)
{
    if (m->n == MATCHES)
        return;
    unsigned i = m->n++;
    for (; i > 0 && (m->rule[i - 1]->weight > rule->weight ||
                     (m->rule[i - 1]->weight == rule->weight && m->rule[i - 1] > rule));
         i--)
        m->rule[i] = m->rule[i - 1];
    m->rule[i] = rule;
}

static void rules_find(struct sheet *s, enum key_kind kind, uint8_t element, struct view name,
                       const struct css_element *path, uint32_t depth, struct matches *m)
{
    uint32_t hash = name_hash(kind, element, name);
    for (int16_t i = s->bucket[bucket_of(hash)]; i >= 0; i = s->rule[i].older) {
        const struct css_rule *r = &s->rule[i];
        if (r->hash != hash || r->kind != kind || !view_eq_nocase(r->name, name) ||
            (r->element != ELEMENT_ANY && r->element != path[depth - 1].element))
            continue;
        if (r->selector == NULL || selector_match(r->selector, path, depth, &s->steps))
            match_add(m, r);
    }
}

void sheet_apply(struct sheet *s, const struct css_element *path, uint32_t depth,
                 struct style *style)
{
    if (s->n == 0)
        return;
    const struct css_element *e = &path[depth - 1];
    struct matches m = {.n = 0};
    rules_find(s, KEY_ELEMENT, ELEMENT_ANY, VIEW_NONE, path, depth, &m);
    rules_find(s, KEY_ELEMENT, e->element, VIEW_NONE, path, depth, &m);
    size_t i = 0;
    for (unsigned n = 0; i < e->class_names.n && n < SHEET_CLASSES; n++) {
        while (i < e->class_names.n && ascii_is_space((unsigned char)e->class_names.p[i]))
            i++;
        size_t from = i;
        while (i < e->class_names.n && !ascii_is_space((unsigned char)e->class_names.p[i]))
            i++;
        if (i > from)
            rules_find(s, KEY_CLASS, e->element, view_sub(e->class_names, from, i), path, depth,
                       &m);
    }
    if (e->id.n > 0)
        rules_find(s, KEY_ID, e->element, view_trim(e->id), path, depth, &m);
    for (unsigned k = 0; k < m.n; k++)
        style_merge(style, &m.rule[k]->style);
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
