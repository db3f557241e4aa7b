/* What an element looks like by its attributes, the page's sheets and its own style. */
#include "text/html-entity.h"
#include "text/html.h"

struct view tag_value(const struct tag *tag, enum attribute a)
{
    return tag->has & 1u << a ? tag->value[a] : VIEW_NONE;
}

/* An attribute's value with its references undone, when it has any. */
static struct view attribute_text(struct html_reader *r, const struct tag *tag, enum attribute a)
{
    struct view v = tag_value(tag, a);
    if (view_find_byte(v, '&') == v.n)
        return v;
    v = entity_decode_all(v, r->arena);
    r->no_memory = r->no_memory || v.p == NULL;
    return v;
}

/*
 * Does the element have a font size of its own, whatever is around it? Tables have where a page has
 * no doctype (HTML 15.3.10), form controls in all browsers.
 */
static bool own_font_size(const struct tag *tag)
{
    switch (tag->element) {
    case ELEMENT_font:
        return (tag->has & 1u << ATTRIBUTE_size) != 0;
    case ELEMENT_table:
    case ELEMENT_button:
    case ELEMENT_input:
    case ELEMENT_select:
    case ELEMENT_textarea:
        return true;
    default:
        return false;
    }
}

/* Attributes that say what styles say; sheets and style attributes go before them. */
static void style_of_attributes(const struct tag *tag, struct style *style)
{
    struct view v;
    if (tag->has & 1u << ATTRIBUTE_hidden)
        style_set(style, CSS_DISPLAY, DISPLAY_NONE, false);
    if ((v = tag_value(tag, ATTRIBUTE_bgcolor)).n > 0)
        style_set(style, CSS_BACKGROUND, css_color(v), false);
    if (tag_value(tag, ATTRIBUTE_background).n > 0)
        style_set(style, CSS_BACKGROUND, COLOR_UNKNOWN, false);
    if (tag->element == ELEMENT_font && (v = tag_value(tag, ATTRIBUTE_color)).n > 0)
        style_set(style, CSS_COLOR, css_color(v), false);
    if (tag->element == ELEMENT_body && (v = tag_value(tag, ATTRIBUTE_text)).n > 0)
        style_set(style, CSS_COLOR, css_color(v), false);
    if (tag->element == ELEMENT_a && (tag->has & 1u << ATTRIBUTE_href) != 0)
        style_set(style, CSS_COLOR, 0x0000EE, false); /* what mail programs give to links */
    if (own_font_size(tag))
        style_set(style, CSS_FONT_SIZE, 1600, false); /* anything not tiny */
    if (view_eq_nocase(tag_value(tag, ATTRIBUTE_dir), VIEW("rtl")))
        style_set(style, CSS_DIRECTION, 1, false);
    if (tag->element == ELEMENT_bdo)
        style_set(style, CSS_BIDI, 1, false);
    /* <style> and <script> come here only inside <svg>, where they are ordinary elements */
    if (element_traits(tag->element) & (E_UNSEEN | E_RAW))
        style_set(style, CSS_DISPLAY, DISPLAY_NONE, false);
    if (tag->element == ELEMENT_pre || tag->element == ELEMENT_textarea ||
        tag->element == ELEMENT_listing || tag->element == ELEMENT_xmp ||
        tag->element == ELEMENT_plaintext)
        style_set(style, CSS_WHITE_SPACE, 1, false);
}

void style_of(struct html_reader *r, const struct tag *tag, struct style *style)
{
    style->set = style->important = 0;
    style_of_attributes(tag, style);
    sheet_apply(&r->sheet, r->path, r->depth + 1, style);
    if (tag->has & 1u << ATTRIBUTE_style) {
        struct style own;
        style_parse(css_clean(attribute_text(r, tag, ATTRIBUTE_style), r->arena), &own);
        style_merge(style, &own);
    }
}
