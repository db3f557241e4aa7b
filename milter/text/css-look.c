#include "text/css.h"

/*
 * What still can be read: 1pt is 1.33px; colours that differ by less than this in all three
 * channels together are one colour to the eye.
 */
enum { FONT_LEGIBLE = 136, OPACITY_LEGIBLE = 10, COLOR_DISTANCE = 36 };
enum { FAR = 50000, FAR_RIGHT = 500000, THIN = 100 };

struct look look_start(void)
{
    return (struct look){.color = 0x000000, .background = 0xFFFFFF, .font = 1600, .opacity = 100};
}

static int32_t distance(int32_t a, int32_t b)
{
    int32_t sum = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        int32_t d = (a >> shift & 0xFF) - (b >> shift & 0xFF);
        sum += d < 0 ? -d : d;
    }
    return sum;
}

static bool color_hides(const struct look *l)
{
    if (l->color == COLOR_TRANSPARENT)
        return true;
    return l->color < COLOR_UNKNOWN && l->background < COLOR_UNKNOWN &&
           distance(l->color, l->background) < COLOR_DISTANCE;
}

static bool has(const struct style *s, enum css_property p)
{
    return (s->set & 1u << p) != 0;
}

static int32_t value_or(const struct style *s, enum css_property p, int32_t otherwise)
{
    return has(s, p) ? s->value[p] : otherwise;
}

static bool moved_away(const struct style *s)
{
    if (value_or(s, CSS_POSITION, 0) != 0) {
        int32_t left = value_or(s, CSS_LEFT, CSS_AUTO), top = value_or(s, CSS_TOP, CSS_AUTO);
        if (left <= -FAR || top <= -FAR || (left >= FAR_RIGHT && left != CSS_AUTO) ||
            (top >= FAR_RIGHT * 10 && top != CSS_AUTO) ||
            value_or(s, CSS_RIGHT, CSS_AUTO) <= -FAR || value_or(s, CSS_BOTTOM, CSS_AUTO) <= -FAR)
            return true;
    }
    return value_or(s, CSS_MARGIN, 0) <= -FAR || value_or(s, CSS_INDENT, 0) <= -FAR ||
           value_or(s, CSS_TRANSFORM, 0) != 0;
}

/* Inline elements have no width and no height to be cut to. */
static bool cut_off(const struct style *s, bool block)
{
    bool apart = value_or(s, CSS_POSITION, 0) == 2;
    if (apart && value_or(s, CSS_CLIP, 0) != 0)
        return true;
    if (has(s, CSS_DISPLAY))
        block = s->value[CSS_DISPLAY] != DISPLAY_INLINE;
    if (!block && !apart && value_or(s, CSS_FLOAT, 0) == 0)
        return false;
    return value_or(s, CSS_OVERFLOW, 0) != 0 &&
           (value_or(s, CSS_WIDTH, CSS_AUTO) <= THIN || value_or(s, CSS_HEIGHT, CSS_AUTO) <= THIN ||
            value_or(s, CSS_MAX_WIDTH, CSS_AUTO) <= THIN ||
            value_or(s, CSS_MAX_HEIGHT, CSS_AUTO) <= THIN);
}

struct look look_apply(const struct look *parent, const struct style *style, bool block)
{
    struct look l = *parent;
    if (style->set == 0)
        return l;
    l.color = value_or(style, CSS_COLOR, l.color);
    int32_t background = value_or(style, CSS_BACKGROUND, COLOR_TRANSPARENT);
    if (background != COLOR_TRANSPARENT)
        l.background = background;
    if (has(style, CSS_FONT_SIZE)) {
        int32_t size = style->value[CSS_FONT_SIZE];
        int64_t share = (int64_t)l.font * -(int64_t)size / 10000;
        l.font = size >= 0 ? size : share > 100000 ? 100000 : (int32_t)share;
    }
    l.opacity = l.opacity * value_or(style, CSS_OPACITY, 100) / 100;
    if (has(style, CSS_VISIBILITY))
        l.invisible = style->value[CSS_VISIBILITY] == 0;
    l.none = l.none || value_or(style, CSS_DISPLAY, DISPLAY_INLINE) == DISPLAY_NONE;
    l.away = l.away || moved_away(style) || cut_off(style, block);
    if (has(style, CSS_WHITE_SPACE))
        l.keep_space = style->value[CSS_WHITE_SPACE] != 0;
    l.hidden = l.none || l.invisible || l.away || l.opacity < OPACITY_LEGIBLE ||
               l.font < FONT_LEGIBLE || color_hides(&l);
    return l;
}
