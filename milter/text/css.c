#include "text/css.h"

enum { PX = 100 }; /* lengths are hundredths of a pixel */

/* The next blank-separated word of a value. */
static struct view word_next(struct view *rest)
{
    *rest = view_trim(*rest);
    size_t i = 0;
    while (i < rest->n && !ascii_is_space((unsigned char)rest->p[i]))
        i += rest->p[i] == '(' ? view_find_byte(view_sub(*rest, i, rest->n), ')') : 1;
    i = i < rest->n ? i : rest->n;
    struct view word = view_sub(*rest, 0, i);
    *rest = view_sub(*rest, i, rest->n);
    return word;
}

static void set_font_size(struct style *s, struct view v, bool important)
{
    int32_t size = 1600;
    bool relative = view_ends_nocase(v, VIEW("em")) && !view_ends_nocase(v, VIEW("rem"));
    if (relative || view_ends_nocase(v, VIEW("%"))) {
        /* 1em is 100 %: css_length gives 1600 and 100 hundredths of a pixel for them */
        if (!css_length(v, 100, &size))
            return;
        int64_t share = relative ? (int64_t)size * 100 / 16 : size;
        size = share <= 0 ? 0 : share > 1000000 ? -1000000 : -(int32_t)share;
    } else if (!css_length(v, 0, &size)) {
        size = 1600; /* small, large, inherit: never tiny */
    } else if (size < 0) {
        return;
    }
    style_set(s, CSS_FONT_SIZE, size, important);
}

/* "bold 12px/1.5 Arial": the first word that starts like a number with a unit. */
static void set_font(struct style *s, struct view v, bool important)
{
    for (struct view rest = v, word; (word = word_next(&rest)).n > 0;) {
        bool weight = word.n == 3 && word.p[1] == '0' && word.p[2] == '0';
        if ((ascii_is_digit((unsigned char)word.p[0]) || word.p[0] == '.') && !weight) {
            set_font_size(s, view_sub(word, 0, view_find_byte(word, '/')), important);
            return;
        }
    }
}

static void set_background(struct style *s, struct view v, bool important)
{
    int32_t color = COLOR_TRANSPARENT;
    if (view_find_nocase(v, VIEW("url(")) < v.n || view_find_nocase(v, VIEW("gradient")) < v.n) {
        style_set(s, CSS_BACKGROUND, COLOR_UNKNOWN, important);
        return;
    }
    for (struct view rest = v, word; (word = word_next(&rest)).n > 0;) {
        int32_t c = css_color(word);
        if (c != COLOR_UNKNOWN)
            color = c;
        else if (view_find_byte(word, '(') < word.n)
            color = COLOR_UNKNOWN; /* var() and other functions */
    }
    style_set(s, CSS_BACKGROUND, color, important);
}

static void set_display(struct style *s, struct view v, bool important)
{
    static const struct {
        const char *name;
        enum css_display display;
    } kinds[] = {{"none", DISPLAY_NONE},
                 {"inline", DISPLAY_INLINE},
                 {"contents", DISPLAY_INLINE},
                 {"inline-block", DISPLAY_INLINE_BLOCK},
                 {"inline-flex", DISPLAY_INLINE_BLOCK},
                 {"inline-table", DISPLAY_INLINE_BLOCK},
                 {"table-cell", DISPLAY_CELL},
                 {"block", DISPLAY_BLOCK},
                 {"flex", DISPLAY_BLOCK},
                 {"grid", DISPLAY_BLOCK},
                 {"table", DISPLAY_BLOCK},
                 {"table-row", DISPLAY_BLOCK},
                 {"list-item", DISPLAY_BLOCK}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (view_eq_nocase(v, view_of(kinds[i].name)))
            style_set(s, CSS_DISPLAY, (int32_t)kinds[i].display, important);
}

static void set_length(struct style *s, enum css_property p, struct view v, bool important)
{
    int32_t length;
    /* a per cent of the window is about ten pixels */
    if (css_length(v, 1000, &length))
        style_set(s, p, length, important);
    else if (v.n > 0)
        style_set(s, p, CSS_AUTO, important);
}

/* The smallest of the four: only text that is moved far away matters. */
static void set_margin(struct style *s, struct view v, bool important)
{
    int32_t least = 0, length;
    for (struct view rest = v, word; (word = word_next(&rest)).n > 0;)
        if (css_length(word, 1000, &length) && length < least)
            least = length;
    style_set(s, CSS_MARGIN, least, important);
}

/* rect(0,0,0,0), rect(1px 1px 1px 1px), inset(50%) or more, circle(0). */
static bool clips_all(struct view v)
{
    struct view inside = view_sub(v, view_find_byte(v, '(') + 1, view_find_byte(v, ')'));
    int32_t length = CSS_AUTO;
    struct view first = view_sub(inside, 0, view_find_byte(inside, ','));
    first = word_next(&first);
    if (!css_length(first, 100, &length))
        return false;
    if (view_starts_nocase(v, VIEW("inset")))
        return first.p[first.n - 1] == '%' && length >= 5000;
    return (view_starts_nocase(v, VIEW("rect")) || view_starts_nocase(v, VIEW("circle"))) &&
           length <= PX && view_find_nocase(inside, VIEW("auto")) == inside.n;
}

static void set_transform(struct style *s, struct view v, bool important)
{
    struct view inside = view_sub(v, view_find_byte(v, '(') + 1, view_find_byte(v, ')'));
    int32_t length = CSS_AUTO;
    bool read =
        css_length(view_trim(view_sub(inside, 0, view_find_byte(inside, ','))), 100, &length);
    bool gone = read && ((view_starts_nocase(v, VIEW("scale")) && length < 10) ||
                         (view_starts_nocase(v, VIEW("translate")) && length <= -500 * PX));
    style_set(s, CSS_TRANSFORM, gone, important);
}

static void set_flag(struct style *s, enum css_property p, bool on, bool important)
{
    style_set(s, p, on, important);
}

static void set_position(struct style *s, struct view v, bool important)
{
    int32_t kind = view_eq_nocase(v, VIEW("relative"))                                       ? 1
                   : view_eq_nocase(v, VIEW("absolute")) || view_eq_nocase(v, VIEW("fixed")) ? 2
                                                                                             : 0;
    style_set(s, CSS_POSITION, kind, important);
}

static void set_opacity(struct style *s, struct view v, bool important)
{
    int32_t value;
    if (!css_length(v, 1, &value)) /* 0.5 gives 50, and so does 50% */
        return;
    style_set(s, CSS_OPACITY, value < 0 ? 0 : value > 100 ? 100 : value, important);
}

static void set_filter(struct style *s, struct view v, bool important)
{
    size_t at = view_find_nocase(v, VIEW("opacity("));
    size_t old = view_find_nocase(v, VIEW("opacity="));
    if (at == v.n && old == v.n)
        return;
    struct view number = view_sub(v, (at < v.n ? at : old) + 8, v.n);
    size_t used;
    int64_t value = css_number(number, &used);
    bool percent = old < v.n || (used < number.n && number.p[used] == '%');
    value = percent ? value / 1000 : value / 10;
    if (used > 0)
        style_set(s, CSS_OPACITY, value > 100 ? 100 : (int32_t)value, important);
}

static void set_color(struct style *s, struct view v, bool important)
{
    if (!view_eq_nocase(v, VIEW("inherit")) && !view_eq_nocase(v, VIEW("currentcolor")))
        style_set(s, CSS_COLOR, css_color(v), important);
}

static bool is(struct view name, const char *want, size_t n)
{
    return name.n == n && view_starts_nocase(name, (struct view){want, n});
}
#define IS(want) is(name, want, sizeof(want) - 1)

/* Newsletters are full of declarations; most fall through on their first letter. */
static void declaration(struct style *s, struct view name, struct view v, bool important)
{
    switch (ascii_lower((unsigned char)name.p[0])) {
    case 'b':
        if (IS("background-color") || IS("background"))
            set_background(s, v, important);
        else if (IS("background-image") && !view_eq_nocase(v, VIEW("none")))
            style_set(s, CSS_BACKGROUND, COLOR_UNKNOWN, important);
        else if (IS("bottom"))
            set_length(s, CSS_BOTTOM, v, important);
        break;
    case 'c':
        if (IS("color"))
            set_color(s, v, important);
        else if (IS("clip") || IS("clip-path"))
            set_flag(s, CSS_CLIP, clips_all(v), important);
        break;
    case 'd':
        if (IS("display"))
            set_display(s, v, important);
        else if (IS("direction"))
            set_flag(s, CSS_DIRECTION, view_eq_nocase(v, VIEW("rtl")), important);
        break;
    case 'f':
        if (IS("font-size"))
            set_font_size(s, v, important);
        else if (IS("font"))
            set_font(s, v, important);
        else if (IS("float"))
            set_flag(s, CSS_FLOAT, !view_eq_nocase(v, VIEW("none")), important);
        else if (IS("filter"))
            set_filter(s, v, important);
        break;
    case 'h':
        if (IS("height"))
            set_length(s, CSS_HEIGHT, v, important);
        break;
    case 'l':
        if (IS("left"))
            set_length(s, CSS_LEFT, v, important);
        break;
    case 'm':
        if (IS("max-height"))
            set_length(s, CSS_MAX_HEIGHT, v, important);
        else if (IS("max-width"))
            set_length(s, CSS_MAX_WIDTH, v, important);
        else if (IS("margin") || IS("margin-left") || IS("margin-top"))
            set_margin(s, v, important);
        break;
    case 'o':
        if (IS("opacity"))
            set_opacity(s, v, important);
        else if (IS("overflow") || IS("overflow-x") || IS("overflow-y"))
            set_flag(s, CSS_OVERFLOW,
                     view_eq_nocase(v, VIEW("hidden")) || view_eq_nocase(v, VIEW("clip")),
                     important);
        break;
    case 'p':
        if (IS("position"))
            set_position(s, v, important);
        break;
    case 'r':
        if (IS("right"))
            set_length(s, CSS_RIGHT, v, important);
        break;
    case 't':
        if (IS("top"))
            set_length(s, CSS_TOP, v, important);
        else if (IS("text-indent"))
            set_length(s, CSS_INDENT, v, important);
        else if (IS("transform"))
            set_transform(s, v, important);
        break;
    case 'u':
        if (IS("unicode-bidi"))
            set_flag(s, CSS_BIDI, view_ends_nocase(v, VIEW("override")), important);
        break;
    case 'v':
        if (IS("visibility"))
            set_flag(s, CSS_VISIBILITY, view_eq_nocase(v, VIEW("visible")), important);
        break;
    case 'w':
        if (IS("width"))
            set_length(s, CSS_WIDTH, v, important);
        else if (IS("white-space"))
            set_flag(s, CSS_WHITE_SPACE, view_starts_nocase(v, VIEW("pre")), important);
        break;
    default:
        break;
    }
}

/* Bytes that matter while a declaration is cut off. */
static const uint8_t cut_byte[256] = {
    [';'] = 1, [':'] = 1, ['"'] = 1, ['\''] = 1, ['('] = 1, [')'] = 1, ['!'] = 1,
};

/* One "name: value !important", as far as the next ';' outside quotes and parentheses. */
struct declaration {
    struct view name, value;
    bool important;
};

static size_t declaration_next(struct view text, size_t i, struct declaration *d)
{
    size_t from = i, colon = SIZE_MAX, mark = SIZE_MAX, depth = 0;
    char quote = '\0';
    for (;; i++) {
        while (i < text.n && cut_byte[(unsigned char)text.p[i]] == 0)
            i++;
        if (i >= text.n)
            break;
        char c = text.p[i];
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == ';' && depth == 0)
            break;
        else if (c == ':' && colon == SIZE_MAX)
            colon = i;
        else if (c == '!' && depth == 0)
            mark = i;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
    }
    size_t to = i < text.n ? i : text.n;
    d->important = mark != SIZE_MAX &&
                   view_eq_nocase(view_trim(view_sub(text, mark + 1, to)), VIEW("important"));
    d->name = view_trim(view_sub(text, from, colon < to ? colon : to));
    d->value =
        colon < to ? view_trim(view_sub(text, colon + 1, d->important ? mark : to)) : VIEW_NONE;
    return i + 1;
}

void style_parse(struct view declarations, struct style *out)
{
    out->set = out->important = 0;
    for (size_t i = 0; i < declarations.n;) {
        struct declaration d;
        i = declaration_next(declarations, i, &d);
        if (d.name.n > 0 && d.value.n > 0)
            declaration(out, d.name, d.value, d.important);
    }
}
