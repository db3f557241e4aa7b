/* CSS Color 4: the notations, and the names (6.1). */
#include "text/css.h"

static const struct {
    const char *name;
    int32_t value;
} names[] = {
    {"aliceblue", 0xF0F8FF},
    {"antiquewhite", 0xFAEBD7},
    {"aqua", 0x00FFFF},
    {"aquamarine", 0x7FFFD4},
    {"azure", 0xF0FFFF},
    {"beige", 0xF5F5DC},
    {"bisque", 0xFFE4C4},
    {"black", 0x000000},
    {"blanchedalmond", 0xFFEBCD},
    {"blue", 0x0000FF},
    {"blueviolet", 0x8A2BE2},
    {"brown", 0xA52A2A},
    {"burlywood", 0xDEB887},
    {"cadetblue", 0x5F9EA0},
    {"chartreuse", 0x7FFF00},
    {"chocolate", 0xD2691E},
    {"coral", 0xFF7F50},
    {"cornflowerblue", 0x6495ED},
    {"cornsilk", 0xFFF8DC},
    {"crimson", 0xDC143C},
    {"cyan", 0x00FFFF},
    {"darkblue", 0x00008B},
    {"darkcyan", 0x008B8B},
    {"darkgoldenrod", 0xB8860B},
    {"darkgray", 0xA9A9A9},
    {"darkgreen", 0x006400},
    {"darkgrey", 0xA9A9A9},
    {"darkkhaki", 0xBDB76B},
    {"darkmagenta", 0x8B008B},
    {"darkolivegreen", 0x556B2F},
    {"darkorange", 0xFF8C00},
    {"darkorchid", 0x9932CC},
    {"darkred", 0x8B0000},
    {"darksalmon", 0xE9967A},
    {"darkseagreen", 0x8FBC8F},
    {"darkslateblue", 0x483D8B},
    {"darkslategray", 0x2F4F4F},
    {"darkslategrey", 0x2F4F4F},
    {"darkturquoise", 0x00CED1},
    {"darkviolet", 0x9400D3},
    {"deeppink", 0xFF1493},
    {"deepskyblue", 0x00BFFF},
    {"dimgray", 0x696969},
    {"dimgrey", 0x696969},
    {"dodgerblue", 0x1E90FF},
    {"firebrick", 0xB22222},
    {"floralwhite", 0xFFFAF0},
    {"forestgreen", 0x228B22},
    {"fuchsia", 0xFF00FF},
    {"gainsboro", 0xDCDCDC},
    {"ghostwhite", 0xF8F8FF},
    {"gold", 0xFFD700},
    {"goldenrod", 0xDAA520},
    {"gray", 0x808080},
    {"green", 0x008000},
    {"greenyellow", 0xADFF2F},
    {"grey", 0x808080},
    {"honeydew", 0xF0FFF0},
    {"hotpink", 0xFF69B4},
    {"indianred", 0xCD5C5C},
    {"indigo", 0x4B0082},
    {"ivory", 0xFFFFF0},
    {"khaki", 0xF0E68C},
    {"lavender", 0xE6E6FA},
    {"lavenderblush", 0xFFF0F5},
    {"lawngreen", 0x7CFC00},
    {"lemonchiffon", 0xFFFACD},
    {"lightblue", 0xADD8E6},
    {"lightcoral", 0xF08080},
    {"lightcyan", 0xE0FFFF},
    {"lightgoldenrodyellow", 0xFAFAD2},
    {"lightgray", 0xD3D3D3},
    {"lightgreen", 0x90EE90},
    {"lightgrey", 0xD3D3D3},
    {"lightpink", 0xFFB6C1},
    {"lightsalmon", 0xFFA07A},
    {"lightseagreen", 0x20B2AA},
    {"lightskyblue", 0x87CEFA},
    {"lightslategray", 0x778899},
    {"lightslategrey", 0x778899},
    {"lightsteelblue", 0xB0C4DE},
    {"lightyellow", 0xFFFFE0},
    {"lime", 0x00FF00},
    {"limegreen", 0x32CD32},
    {"linen", 0xFAF0E6},
    {"magenta", 0xFF00FF},
    {"maroon", 0x800000},
    {"mediumaquamarine", 0x66CDAA},
    {"mediumblue", 0x0000CD},
    {"mediumorchid", 0xBA55D3},
    {"mediumpurple", 0x9370DB},
    {"mediumseagreen", 0x3CB371},
    {"mediumslateblue", 0x7B68EE},
    {"mediumspringgreen", 0x00FA9A},
    {"mediumturquoise", 0x48D1CC},
    {"mediumvioletred", 0xC71585},
    {"midnightblue", 0x191970},
    {"mintcream", 0xF5FFFA},
    {"mistyrose", 0xFFE4E1},
    {"moccasin", 0xFFE4B5},
    {"navajowhite", 0xFFDEAD},
    {"navy", 0x000080},
    {"oldlace", 0xFDF5E6},
    {"olive", 0x808000},
    {"olivedrab", 0x6B8E23},
    {"orange", 0xFFA500},
    {"orangered", 0xFF4500},
    {"orchid", 0xDA70D6},
    {"palegoldenrod", 0xEEE8AA},
    {"palegreen", 0x98FB98},
    {"paleturquoise", 0xAFEEEE},
    {"palevioletred", 0xDB7093},
    {"papayawhip", 0xFFEFD5},
    {"peachpuff", 0xFFDAB9},
    {"peru", 0xCD853F},
    {"pink", 0xFFC0CB},
    {"plum", 0xDDA0DD},
    {"powderblue", 0xB0E0E6},
    {"purple", 0x800080},
    {"rebeccapurple", 0x663399},
    {"red", 0xFF0000},
    {"rosybrown", 0xBC8F8F},
    {"royalblue", 0x4169E1},
    {"saddlebrown", 0x8B4513},
    {"salmon", 0xFA8072},
    {"sandybrown", 0xF4A460},
    {"seagreen", 0x2E8B57},
    {"seashell", 0xFFF5EE},
    {"sienna", 0xA0522D},
    {"silver", 0xC0C0C0},
    {"skyblue", 0x87CEEB},
    {"slateblue", 0x6A5ACD},
    {"slategray", 0x708090},
    {"slategrey", 0x708090},
    {"snow", 0xFFFAFA},
    {"springgreen", 0x00FF7F},
    {"steelblue", 0x4682B4},
    {"tan", 0xD2B48C},
    {"teal", 0x008080},
    {"thistle", 0xD8BFD8},
    {"tomato", 0xFF6347},
    {"turquoise", 0x40E0D0},
    {"violet", 0xEE82EE},
    {"wheat", 0xF5DEB3},
    {"white", 0xFFFFFF},
    {"whitesmoke", 0xF5F5F5},
    {"yellow", 0xFFFF00},
    {"yellowgreen", 0x9ACD32},
};

static bool name_find(struct view text, int32_t *out)
{
    size_t low = 0, high = sizeof names / sizeof names[0];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const char *name = names[mid].name;
        int order = 0;
        size_t i = 0;
        for (; order == 0 && i < text.n && name[i] != '\0'; i++)
            order = ascii_lower((unsigned char)text.p[i]) - (unsigned char)name[i];
        if (order == 0)
            order = i < text.n ? 1 : name[i] != '\0' ? -1 : 0;
        if (order == 0) {
            *out = names[mid].value;
            return true;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}

static int hex_value(unsigned char c)
{
    c = ascii_lower(c);
    return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RGB, RGBA, RRGGBB or RRGGBBAA. */
static int32_t hex_color(struct view digits)
{
    uint32_t v = 0;
    if (digits.n != 3 && digits.n != 4 && digits.n != 6 && digits.n != 8)
        return COLOR_UNKNOWN;
    for (size_t i = 0; i < digits.n; i++) {
        int d = hex_value((unsigned char)digits.p[i]);
        if (d < 0)
            return COLOR_UNKNOWN;
        v = v << 4 | (uint32_t)d;
        if (digits.n <= 4)
            v = v << 4 | (uint32_t)d;
    }
    if (digits.n == 4 || digits.n == 8) {
        if ((v & 0xFF) < 26) /* a tenth of opacity is nothing to see */
            return COLOR_TRANSPARENT;
        v >>= 8;
    }
    return (int32_t)v;
}

/* The arguments of rgb(), rgba(), hsl(), hsla(): up to four numbers, hundredths, % kept apart. */
static unsigned arguments_read(struct view text, int32_t value[4], bool percent[4])
{
    unsigned n = 0;
    size_t i = 0;
    while (i < text.n && n < 4) {
        size_t from = i;
        while (i < text.n && text.p[i] != ',' && text.p[i] != '/' && text.p[i] != ' ')
            i++;
        struct view one = view_trim(view_sub(text, from, i));
        i++;
        if (one.n == 0)
            continue;
        percent[n] = one.p[one.n - 1] == '%';
        if (percent[n])
            one.n--;
        else if (view_ends_nocase(one, VIEW("deg")))
            one.n -= 3;
        if (!css_length(one, 100, &value[n]))
            return 0;
        n++;
    }
    return n;
}

static int32_t channel(int32_t value, bool percent)
{
    int64_t v = percent ? (int64_t)value * 255 / 10000 : value / 100;
    return v < 0 ? 0 : v > 255 ? 255 : (int32_t)v;
}

static int32_t function_color(struct view text)
{
    size_t open = view_find_byte(text, '(');
    struct view inside = view_sub(text, open + 1, view_find_byte(text, ')'));
    int32_t v[4];
    bool percent[4];
    unsigned n = arguments_read(inside, v, percent);
    if (n < 3)
        return COLOR_UNKNOWN;
    if (n == 4 && v[3] < (percent[3] ? 1000 : 10))
        return COLOR_TRANSPARENT;
    if (view_starts_nocase(text, VIEW("rgb")))
        return channel(v[0], percent[0]) << 16 | channel(v[1], percent[1]) << 8 |
               channel(v[2], percent[2]);
    /* hsl: only what is nearly white, black or grey can be told without the hue */
    if (!view_starts_nocase(text, VIEW("hsl")) || (v[2] < 9500 && v[2] > 500 && v[1] > 500))
        return COLOR_UNKNOWN;
    return channel(v[2], true) * 0x10101;
}

int32_t css_color(struct view text)
{
    int32_t value;
    text = view_trim(text);
    if (text.n == 0)
        return COLOR_UNKNOWN;
    if (text.p[0] == '#')
        return hex_color(view_sub(text, 1, text.n));
    if (view_find_byte(text, '(') < text.n)
        return function_color(text);
    if (view_eq_nocase(text, VIEW("transparent")))
        return COLOR_TRANSPARENT;
    if (name_find(text, &value))
        return value;
    return text.n == 6 ? hex_color(text) : COLOR_UNKNOWN; /* bgcolor=ffffff */
}
