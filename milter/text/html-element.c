#include "text/html-element.h"

#include <string.h>

static const struct {
    const char *name;
    uint8_t length;
} known[] = {
#define X(name, traits) {#name, sizeof #name - 1},
    ELEMENTS(X)
#undef X
};

const uint16_t element_traits_table[ELEMENT_COUNT] = {
#define X(name, traits) traits,
    ELEMENTS(X)
#undef X
};

/* The first element of each letter, 'a' to 'z', and the end. */
static const uint8_t letter_from[27] = {
    ELEMENT_a,        ELEMENT_b,       ELEMENT_caption, ELEMENT_datalist, ELEMENT_em,
    ELEMENT_fieldset, ELEMENT_h1,      ELEMENT_h1,      ELEMENT_i,        ELEMENT_keygen,
    ELEMENT_keygen,   ELEMENT_legend,  ELEMENT_main,    ELEMENT_nav,      ELEMENT_object,
    ELEMENT_p,        ELEMENT_rp,      ELEMENT_rp,      ELEMENT_s,        ELEMENT_table,
    ELEMENT_u,        ELEMENT_wbr,     ELEMENT_wbr,     ELEMENT_xmp,      ELEMENT_UNKNOWN,
    ELEMENT_UNKNOWN,  ELEMENT_UNKNOWN,
};

const char *element_name(uint8_t element)
{
    return element < ELEMENT_UNKNOWN ? known[element].name : "?";
}

static bool name_same(const char *name, const char *lower, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ascii_lower((unsigned char)name[i]) != (unsigned char)lower[i])
            return false;
    return true;
}

uint8_t element_find(const char *name, size_t n)
{
    unsigned char first = ascii_lower((unsigned char)(n > 0 ? name[0] : 0));
    if (first >= 'a' && first <= 'z')
        for (unsigned e = letter_from[first - 'a']; e < letter_from[first - 'a' + 1]; e++)
            if (known[e].length == n && name_same(name, known[e].name, n))
                return (uint8_t)e;
    uint32_t hash = 0; /* two unknown names may be taken for one another; only nesting suffers */
    for (size_t i = 0; i < n; i++)
        hash = hash * 31 + ascii_lower((unsigned char)name[i]);
    return (uint8_t)(ELEMENT_UNKNOWN + hash % (ELEMENT_COUNT - ELEMENT_UNKNOWN));
}

static enum attribute attribute_find(const char *name, size_t n)
{
    static const struct {
        const char *name;
        uint8_t length;
    } names[] = {
#define X(name) {#name, sizeof #name - 1},
        ATTRIBUTES(X)
#undef X
    };
    /* of each letter, 'a' to 'z', the first; as many as follow with the same letter are tried */
    static const uint8_t first[26] = {
        ATTRIBUTE_action, ATTRIBUTE_background, ATTRIBUTE_class,  ATTRIBUTE_dir,   ATTRIBUTE_COUNT,
        ATTRIBUTE_COUNT,  ATTRIBUTE_COUNT,      ATTRIBUTE_hidden, ATTRIBUTE_id,    ATTRIBUTE_COUNT,
        ATTRIBUTE_COUNT,  ATTRIBUTE_COUNT,      ATTRIBUTE_COUNT,  ATTRIBUTE_COUNT, ATTRIBUTE_COUNT,
        ATTRIBUTE_COUNT,  ATTRIBUTE_COUNT,      ATTRIBUTE_COUNT,  ATTRIBUTE_size,  ATTRIBUTE_text,
        ATTRIBUTE_COUNT,  ATTRIBUTE_value,      ATTRIBUTE_COUNT,  ATTRIBUTE_COUNT, ATTRIBUTE_COUNT,
        ATTRIBUTE_COUNT};
    unsigned char letter = ascii_lower((unsigned char)name[0]);
    if (!ascii_is_alpha(letter))
        return ATTRIBUTE_COUNT;
    for (unsigned a = first[letter - 'a'];
         a < ATTRIBUTE_COUNT && (unsigned char)names[a].name[0] == letter; a++)
        if (names[a].length == n && name_same(name, names[a].name, n))
            return (enum attribute)a;
    return ATTRIBUTE_COUNT;
}

/* What ends a name: white space, '/', '>', and '=' for attributes. */
static const uint8_t name_end[256] = {
    ['\t'] = 1, ['\n'] = 1, ['\f'] = 1, ['\r'] = 1, [' '] = 1, ['/'] = 1, ['>'] = 1, ['='] = 2,
};

static size_t blanks_skip(struct view html, size_t i)
{
    while (i < html.n && ascii_is_space((unsigned char)html.p[i]))
        i++;
    return i;
}

/* The value after '='; *i moves past it. False when the text ends before its quote. */
static bool value_read(struct view html, size_t *i, struct view *value)
{
    size_t from = blanks_skip(html, *i);
    if (from < html.n && (html.p[from] == '"' || html.p[from] == '\'')) {
        const char *end = memchr(html.p + from + 1, html.p[from], html.n - from - 1);
        size_t to = end != NULL ? (size_t)(end - html.p) : html.n;
        *value = view_sub(html, from + 1, to);
        *i = end != NULL ? to + 1 : html.n;
        return end != NULL;
    }
    size_t to = from;
    while (to < html.n && html.p[to] != '>' && !ascii_is_space((unsigned char)html.p[to]))
        to++;
    *value = view_sub(html, from, to);
    *i = to;
    return true;
}

/* The attribute at *i, which moves past it. False when the tag or the text ends. */
static bool attribute_next(struct view html, size_t *i, struct view *name, struct view *value,
                           bool *self_closing)
{
    for (;;) {
        *i = blanks_skip(html, *i);
        if (*i >= html.n || html.p[*i] == '>')
            return false;
        if (html.p[*i] != '/')
            break;
        (*i)++;
        *self_closing = *i < html.n && html.p[*i] == '>';
    }
    size_t from = (*i)++; /* an attribute may start with '=' */
    while (*i < html.n && name_end[(unsigned char)html.p[*i]] == 0)
        (*i)++;
    *name = view_sub(html, from, *i);
    *value = VIEW_NONE;
    size_t sign = blanks_skip(html, *i);
    if (sign >= html.n || html.p[sign] != '=')
        return true;
    *i = sign + 1;
    return value_read(html, i, value);
}

size_t tag_read(struct view html, size_t at, struct tag *out)
{
    size_t i = at + 1;
    struct view name, value;
    out->closing = html.p[i] == '/';
    out->self_closing = false;
    out->broken = false;
    out->has = 0;
    i += out->closing;
    size_t from = i;
    while (i < html.n && name_end[(unsigned char)html.p[i]] != 1)
        i++;
    out->element = element_find(html.p + from, i - from);
    if (i < html.n && html.p[i] == '>') /* most tags */
        return i + 1;
    while (attribute_next(html, &i, &name, &value, &out->self_closing)) {
        enum attribute a = attribute_find(name.p, name.n);
        if (a != ATTRIBUTE_COUNT && (out->has & 1u << a) == 0) {
            out->has |= 1u << a;
            out->value[a] = value;
        }
    }
    out->broken = i >= html.n;
    return out->broken ? html.n : i + 1;
}

bool tag_attribute(struct view tag, struct view name, struct view *value)
{
    struct view have;
    bool closing;
    size_t i = 1;
    while (i < tag.n && name_end[(unsigned char)tag.p[i]] != 1)
        i++;
    while (attribute_next(tag, &i, &have, value, &closing))
        if (view_eq_nocase(have, name))
            return true;
    return false;
}
