#include "text/html-entity.h"
#include "text/html.h"

/* Elements out of the middle are looked for only so deep: bounds the work of each end tag. */
enum { ADOPTION_DEPTH = 32 };

const struct look *tree_look(const struct html_reader *r)
{
    return &r->stack[r->depth - 1].look;
}

static enum html_gap natural_gap(unsigned traits)
{
    return traits & E_PARAGRAPH ? GAP_PARAGRAPH
           : traits & E_LINE    ? GAP_LINE
           : traits & E_CELL    ? GAP_CELL
                                : GAP_NONE;
}

/* What does not take part in the page makes no room around itself either. */
static void gap_around(struct html_reader *r, const struct open_element *e, size_t at)
{
    if (e->gap == GAP_NONE)
        return;
    html_sink_gap(&r->hidden, (enum html_gap)e->gap, at);
    if (!e->look.none)
        html_sink_gap(&r->visible, (enum html_gap)e->gap, at);
}

static void quote_begin(struct html_reader *r)
{
    if (r->quotes++ > 0)
        return;
    struct html_text *out = r->out;
    struct span *quoted =
        arena_grow(r->arena, out->quoted, &r->cap_quoted, out->n_quoted + 1, sizeof *quoted);
    if (quoted == NULL) {
        r->no_memory = true;
        return;
    }
    out->quoted = quoted;
    quoted[out->n_quoted++] = (struct span){r->visible.n, UINT32_MAX};
}

static void quote_end(struct html_reader *r)
{
    if (--r->quotes == 0 && r->out->n_quoted > 0)
        r->out->quoted[r->out->n_quoted - 1].to = r->visible.n;
}

#define BIDI_OVERRIDE "\xE2\x80\xAE" /* U+202E */
#define BIDI_POP      "\xE2\x80\xAC" /* U+202C */

static void element_leave(struct html_reader *r, const struct open_element *e, size_t at)
{
    r->open[e->element]--;
    gap_around(r, e, at);
    if (e->quoted)
        quote_end(r);
    if (e->reversed)
        html_sink_mark(r, &r->visible, BIDI_POP, 3, at);
    if (e->element == ELEMENT_svg || e->element == ELEMENT_math)
        r->foreign--;
    if (e->element == ELEMENT_a)
        link_close(r);
}

/* Closes everything from stack entry down on; the first entry is the page and stays. */
static void pop_to(struct html_reader *r, uint32_t down, size_t at)
{
    while (r->depth > down && r->depth > 1)
        element_leave(r, &r->stack[--r->depth], at);
}

static void part_set(struct html_reader *r, uint32_t i)
{
    bool part = (element_traits(r->stack[i].element) & (E_TABLE | E_LIST)) != 0;
    r->stack[i].part = part ? (uint8_t)i : r->stack[i - 1].part;
}

static bool takes_box(uint8_t element)
{
    return (element_traits(element) & (E_LINE | E_PARAGRAPH | E_CELL)) != 0;
}

/* HTML 13.2.6.4.7, adoption agency: closes an element and leaves those inside it open. */
static void take_out(struct html_reader *r, uint32_t i, size_t at)
{
    element_leave(r, &r->stack[i], at);
    r->depth--;
    for (; i < r->depth; i++) {
        r->stack[i] = r->stack[i + 1];
        r->path[i] = r->path[i + 1];
        r->stack[i].look =
            look_apply(&r->stack[i - 1].look, &r->stack[i].style, takes_box(r->stack[i].element));
        part_set(r, i);
    }
}

/* The innermost open element of that kind above any of the stops (traits), or 0. */
static uint32_t find_open(const struct html_reader *r, uint8_t element, unsigned stops)
{
    if (r->open[element] == 0)
        return 0;
    for (uint32_t i = r->depth; i-- > 1;) {
        if (r->stack[i].element == element)
            return i;
        if ((element_traits(r->stack[i].element) & stops) != 0)
            return 0;
    }
    return 0;
}

static void close_one(struct html_reader *r, uint8_t element, unsigned stops, size_t at)
{
    uint32_t i = find_open(r, element, stops);
    if (i > 0)
        pop_to(r, i, at);
}

static void close_formatting(struct html_reader *r, uint8_t element, size_t at)
{
    uint32_t steps = 0;
    if (r->open[element] == 0)
        return;
    bool through = false;
    for (uint32_t i = r->depth; i-- > 1 && steps < ADOPTION_DEPTH; steps++) {
        unsigned traits = element_traits(r->stack[i].element);
        if (r->stack[i].element == element) {
            if (through)
                take_out(r, i, at);
            else
                pop_to(r, i, at);
            return;
        }
        if (traits & E_SCOPE)
            return;
        through = through || (traits & E_SPECIAL) != 0;
    }
}

void tree_close(struct html_reader *r, uint8_t element, size_t at)
{
    unsigned traits = element_traits(element);
    if (element == ELEMENT_body || element == ELEMENT_html)
        return; /* what follows </body> is shown all the same */
    if (element != ELEMENT_br && (traits & (E_VOID | E_RAW)) != 0)
        return;
    if (element == ELEMENT_br || (element == ELEMENT_p && r->open[element] == 0)) {
        html_sink_gap(&r->visible, element == ELEMENT_p ? GAP_PARAGRAPH : GAP_LINE, at);
        return;
    }
    if (r->too_deep > 0) {
        r->too_deep--;
        return;
    }
    if (traits & E_FORMAT)
        close_formatting(r, element, at);
    else if (element == ELEMENT_table)
        close_one(r, element, 0, at);
    else if ((traits & E_TABLE) == 0)
        close_one(r, element, traits & E_SPECIAL ? (unsigned)E_SCOPE : (unsigned)E_SPECIAL, at);
    else if (find_open(r, element, 0) > find_open(r, ELEMENT_table, 0))
        close_one(r, element, 0, at);
}

/* Is element among the kinds (a list that ends with the page)? */
static bool among(uint8_t element, const uint8_t *kinds)
{
    while (*kinds != ELEMENT_html && *kinds != element)
        kinds++;
    return *kinds == element;
}

/*
 * Closes the outermost open one of the kinds inside the innermost of the stops. Goes from one part
 * of a table or list to the next: with hundreds of others between, each <tr> would cost as much.
 */
static void close_inside(struct html_reader *r, const uint8_t *kinds, const uint8_t *stops,
                         size_t at)
{
    uint32_t lowest = 0;
    for (uint32_t i = r->stack[r->depth - 1].part; i > 0; i = r->stack[i - 1].part) {
        if (among(r->stack[i].element, stops))
            break;
        if (among(r->stack[i].element, kinds))
            lowest = i;
    }
    if (lowest > 0)
        pop_to(r, lowest, at);
}

/* End tags that may be left out (HTML 13.1.2.4). */
static void close_implied(struct html_reader *r, uint8_t element, size_t at)
{
    static const uint8_t cells[] = {ELEMENT_td, ELEMENT_th, ELEMENT_html};
    static const uint8_t rows[] = {ELEMENT_tr, ELEMENT_td, ELEMENT_th, ELEMENT_caption,
                                   ELEMENT_html};
    static const uint8_t groups[] = {ELEMENT_tr,    ELEMENT_td,    ELEMENT_th,      ELEMENT_tbody,
                                     ELEMENT_thead, ELEMENT_tfoot, ELEMENT_caption, ELEMENT_html};
    static const uint8_t tables[] = {ELEMENT_table, ELEMENT_html};
    static const uint8_t items[] = {ELEMENT_li, ELEMENT_html};
    static const uint8_t lists[] = {ELEMENT_ul, ELEMENT_ol, ELEMENT_menu,
                                    ELEMENT_td, ELEMENT_th, ELEMENT_html};
    static const uint8_t terms[] = {ELEMENT_dd, ELEMENT_dt, ELEMENT_html};
    static const uint8_t glossaries[] = {ELEMENT_dl, ELEMENT_td, ELEMENT_th, ELEMENT_html};
    if (element_traits(element) & E_CLOSES_P)
        close_one(r, ELEMENT_p, E_SCOPE, at);
    switch (element) {
    case ELEMENT_li:
        if (r->open[ELEMENT_li] > 0)
            close_inside(r, items, lists, at);
        break;
    case ELEMENT_dd:
    case ELEMENT_dt:
        if (r->open[ELEMENT_dd] + r->open[ELEMENT_dt] > 0)
            close_inside(r, terms, glossaries, at);
        break;
    case ELEMENT_option:
        close_one(r, ELEMENT_option, E_SPECIAL, at);
        break;
    case ELEMENT_td:
    case ELEMENT_th:
        close_inside(r, cells, tables, at);
        break;
    case ELEMENT_tr:
        close_inside(r, rows, tables, at);
        break;
    case ELEMENT_tbody:
    case ELEMENT_thead:
    case ELEMENT_tfoot:
        close_inside(r, groups, tables, at);
        break;
    case ELEMENT_a:
        close_formatting(r, ELEMENT_a, at);
        break;
    default:
        break;
    }
}

static enum html_gap gap_of(uint8_t element, const struct style *style)
{
    enum html_gap natural = natural_gap(element_traits(element));
    if ((style->set & 1u << CSS_FLOAT) != 0 && style->value[CSS_FLOAT] != 0)
        return GAP_CELL;
    if ((style->set & 1u << CSS_DISPLAY) == 0)
        return natural;
    switch (style->value[CSS_DISPLAY]) {
    case DISPLAY_INLINE:
    case DISPLAY_INLINE_BLOCK:
        return GAP_NONE;
    case DISPLAY_BLOCK:
        return natural > GAP_LINE ? natural : GAP_LINE;
    case DISPLAY_CELL:
        return GAP_CELL;
    default:
        return natural;
    }
}

static bool style_on(const struct style *s, enum css_property p)
{
    return (s->set & 1u << p) != 0 && s->value[p] != 0;
}

void tree_open(struct html_reader *r, const struct tag *tag, size_t at)
{
    close_implied(r, tag->element, at);
    if (r->depth == HTML_DEPTH) {
        anomaly_note(&r->out->anomalies, ANOMALY_HTML_NESTING);
        r->too_deep++;
        return;
    }
    struct open_element *e = &r->stack[r->depth];
    e->element = tag->element;
    r->path[r->depth] = (struct css_element){.element = tag->element,
                                             .class_names = tag_value(tag, ATTRIBUTE_class),
                                             .id = tag_value(tag, ATTRIBUTE_id),
                                             .tag = view_sub(r->html, at, r->at)};
    style_of(r, tag, &e->style);
    e->look = look_apply(tree_look(r), &e->style, takes_box(tag->element));
    e->gap = (uint8_t)gap_of(tag->element, &e->style);
    e->quoted = tag->element == ELEMENT_blockquote;
    e->reversed =
        style_on(&e->style, CSS_BIDI) && style_on(&e->style, CSS_DIRECTION) && !e->look.hidden;
    part_set(r, r->depth);
    r->depth++;
    r->open[e->element]++;
    gap_around(r, e, at);
    if (e->quoted)
        quote_begin(r);
    if (e->reversed)
        html_sink_add(r, &r->visible, BIDI_OVERRIDE, 3, at, 1);
    if (e->element == ELEMENT_svg || e->element == ELEMENT_math)
        r->foreign++;
    if (!e->look.hidden)
        html_sink_note(r, tag_value(tag, ATTRIBUTE_title));
    if (e->element == ELEMENT_a && (tag->has & 1u << ATTRIBUTE_href) != 0)
        link_open(r, tag_value(tag, ATTRIBUTE_href));
    if (e->element == ELEMENT_form && tag_value(tag, ATTRIBUTE_action).n > 0) {
        link_open(r, tag_value(tag, ATTRIBUTE_action));
        link_close(r);
    }
}

void tree_close_all(struct html_reader *r)
{
    pop_to(r, 1, r->html.n);
}

void tree_void(struct html_reader *r, const struct tag *tag, size_t at)
{
    switch (tag->element) {
    case ELEMENT_br:
        html_sink_gap(&r->hidden, GAP_LINE, at);
        if (tree_look(r)->none)
            return;
        html_sink_gap(&r->visible, r->line_break ? GAP_PARAGRAPH : GAP_LINE, at);
        r->line_break = true;
        return;
    case ELEMENT_hr:
        close_implied(r, tag->element, at);
        html_sink_gap(&r->visible, GAP_LINE, at);
        return;
    case ELEMENT_area:
        if (tag->has & 1u << ATTRIBUTE_href) {
            link_open(r, tag_value(tag, ATTRIBUTE_href));
            link_close(r);
        }
        break;
    case ELEMENT_img:
    case ELEMENT_image:
        if (view_starts_nocase(view_trim(tag_value(tag, ATTRIBUTE_src)), VIEW("cid:")) ||
            view_starts_nocase(view_trim(tag_value(tag, ATTRIBUTE_src)), VIEW("data:")))
            r->out->n_own_images++;
        break;
    case ELEMENT_input:
        html_sink_gap(&r->visible, GAP_CELL, at);
        if (!view_eq_nocase(tag_value(tag, ATTRIBUTE_type), VIEW("hidden")) &&
            !tree_look(r)->hidden)
            html_sink_note(r, tag_value(tag, ATTRIBUTE_value));
        break;
    default:
        return;
    }
    if (tree_look(r)->hidden)
        return;
    html_sink_note(r, tag_value(tag, ATTRIBUTE_alt));
    if (!view_eq(tag_value(tag, ATTRIBUTE_alt), tag_value(tag, ATTRIBUTE_title)))
        html_sink_note(r, tag_value(tag, ATTRIBUTE_title));
}
