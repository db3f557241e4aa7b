#include "text/css-select.h"

#include "text/html-element.h"

enum { WEIGHT_ID = 1 << 16, WEIGHT_CLASS = 1 << 8, WEIGHT_ELEMENT = 1 };

static bool name_byte(unsigned char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || c >= 0x80;
}

static struct view name_read(struct view v, size_t *at)
{
    size_t from = *at;
    while (*at < v.n && name_byte((unsigned char)v.p[*at]))
        (*at)++;
    return view_sub(v, from, *at);
}

static struct view unquoted(struct view v)
{
    v = view_trim(v);
    if (v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') && v.p[v.n - 1] == v.p[0])
        return view_sub(v, 1, v.n - 1);
    return v;
}

/* The inside of "[...]". */
static bool attribute_parse(struct view inside, struct css_condition *out)
{
    size_t at = 0;
    inside = view_trim(inside);
    out->name = name_read(inside, &at);
    out->kind = CONDITION_PRESENT;
    struct view rest = view_trim(view_sub(inside, at, inside.n));
    if (rest.n == 0 || out->name.n == 0)
        return out->name.n > 0;
    static const struct {
        char sign;
        enum condition_kind kind;
    } kinds[] = {{'=', CONDITION_EQUAL},  {'~', CONDITION_WORD},   {'|', CONDITION_DASH},
                 {'^', CONDITION_PREFIX}, {'$', CONDITION_SUFFIX}, {'*', CONDITION_CONTAINS}};
    size_t sign = rest.p[0] == '=' ? 1 : 2;
    if (rest.n < sign || rest.p[sign - 1] != '=')
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].sign == rest.p[0]) {
            out->kind = kinds[i].kind;
            out->value = unquoted(view_sub(rest, sign, rest.n));
            return true;
        }
    return false;
}

static void condition_add(struct css_selector *s, const struct css_condition *c)
{
    if (s->n_conditions == SELECTOR_CONDITIONS) {
        s->doubtful = true;
        return;
    }
    s->condition[s->n_conditions++] = *c;
    s->compound[s->n - 1].n++;
    s->weight += c->kind == CONDITION_ID ? WEIGHT_ID : WEIGHT_CLASS;
}

/* One class, id, attribute or pseudo-class at *at. False: it selects nothing that is an element. */
static bool simple_parse(struct view text, size_t *at, struct css_selector *s)
{
    struct css_condition c = {0};
    char sign = text.p[(*at)++];
    if (sign == '.' || sign == '#') {
        c.kind = sign == '.' ? CONDITION_CLASS : CONDITION_ID;
        c.value = name_read(text, at);
        condition_add(s, &c);
        return c.value.n > 0;
    }
    if (sign == '[') {
        size_t end = *at + view_find_byte(view_sub(text, *at, text.n), ']');
        bool good = attribute_parse(view_sub(text, *at, end), &c);
        *at = end < text.n ? end + 1 : text.n;
        if (good)
            condition_add(s, &c);
        s->doubtful = s->doubtful || !good;
        return true;
    }
    if (sign != ':' || (*at < text.n && text.p[*at] == ':'))
        return false;
    name_read(text, at); /* :hover, :first-child, :not(...) */
    if (*at < text.n && text.p[*at] == '(')
        *at += view_find_byte(view_sub(text, *at, text.n), ')') + 1;
    s->doubtful = true;
    return true;
}

static bool compound_parse(struct view text, size_t *at, struct css_selector *s)
{
    struct css_compound *c = &s->compound[s->n++];
    bool star = *at < text.n && text.p[*at] == '*';
    size_t from = *at;
    struct view name = name_read(text, at);
    *c = (struct css_compound){.element = ELEMENT_ANY, .first = s->n_conditions};
    *at += star;
    if (name.n > 0) {
        c->element = element_find(name.p, name.n);
        s->weight += WEIGHT_ELEMENT;
    }
    while (*at < text.n && !ascii_is_space((unsigned char)text.p[*at]) &&
           view_find_byte(VIEW(">+~"), text.p[*at]) == 3)
        if (!simple_parse(text, at, s))
            return false;
    return *at > from;
}

/* Blanks and a sign between two compounds. */
static char combinator_read(struct view text, size_t *at)
{
    char sign = ' ';
    for (; *at < text.n; (*at)++) {
        char c = text.p[*at];
        if (c == '>' || c == '+' || c == '~')
            sign = c;
        else if (!ascii_is_space((unsigned char)c))
            break;
    }
    return sign;
}

/* Keeps the innermost compound only. */
static void selector_reduce(struct css_selector *s)
{
    struct css_compound last = s->compound[s->n - 1];
    for (uint8_t i = 0; i < last.n; i++)
        s->condition[i] = s->condition[last.first + i];
    last.first = 0;
    last.child = false;
    s->n_conditions = last.n;
    s->compound[0] = last;
    s->n = 1;
}

bool selector_parse(struct view text, struct css_selector *out)
{
    size_t at = 0;
    text = view_trim(text);
    out->n = out->n_conditions = 0;
    out->doubtful = false;
    out->weight = 0;
    while (at < text.n) {
        char sign = out->n > 0 ? combinator_read(text, &at) : '\0';
        if (out->n == SELECTOR_COMPOUNDS) {
            out->doubtful = true;
            selector_reduce(out);
        }
        if (!compound_parse(text, &at, out))
            return false;
        out->compound[out->n - 1].child = sign == '>';
        out->doubtful = out->doubtful || sign == '+' || sign == '~';
    }
    if (out->n > 0 && out->doubtful)
        selector_reduce(out);
    return out->n > 0;
}

static bool word_among(struct view words, struct view word)
{
    for (size_t i = 0; i < words.n;) {
        size_t from = i;
        while (i < words.n && !ascii_is_space((unsigned char)words.p[i]))
            i++;
        if (view_eq_nocase(view_sub(words, from, i), word))
            return true;
        i += i < words.n;
    }
    return false;
}

static bool value_match(const struct css_condition *c, struct view value)
{
    switch (c->kind) {
    case CONDITION_EQUAL:
        return view_eq_nocase(value, c->value);
    case CONDITION_WORD:
        return word_among(value, c->value);
    case CONDITION_DASH:
        return view_starts_nocase(value, c->value) &&
               (value.n == c->value.n || value.p[c->value.n] == '-');
    case CONDITION_PREFIX:
        return c->value.n > 0 && view_starts_nocase(value, c->value);
    case CONDITION_SUFFIX:
        return c->value.n > 0 && view_ends_nocase(value, c->value);
    case CONDITION_CONTAINS:
        return c->value.n > 0 && view_find_nocase(value, c->value) < value.n;
    default:
        return true;
    }
}

static bool spend(uint32_t *steps, size_t n)
{
    if (*steps < n) {
        *steps = 0;
        return false;
    }
    *steps -= (uint32_t)n;
    return true;
}

static bool condition_match(const struct css_condition *c, const struct css_element *e,
                            uint32_t *steps)
{
    struct view value;
    if (c->kind == CONDITION_CLASS)
        return spend(steps, 1 + e->class_names.n / 8) && word_among(e->class_names, c->value);
    if (c->kind == CONDITION_ID)
        return view_eq_nocase(view_trim(e->id), c->value);
    /* looking for a value inside another takes the product of both, but tags are short */
    size_t cost = 1 + e->tag.n / 8 * (c->kind == CONDITION_CONTAINS ? 1 + c->value.n / 8 : 1);
    return spend(steps, cost) && tag_attribute(e->tag, c->name, &value) && value_match(c, value);
}

static bool compound_match(const struct css_selector *s, uint8_t which, const struct css_element *e,
                           uint32_t *steps)
{
    const struct css_compound *c = &s->compound[which];
    if (!spend(steps, 1) || (c->element != ELEMENT_ANY && c->element != e->element))
        return false;
    for (uint8_t i = 0; i < c->n; i++)
        if (!condition_match(&s->condition[c->first + i], e, steps))
            return false;
    return true;
}

bool selector_match(const struct css_selector *s, const struct css_element *path, uint32_t depth,
                    uint32_t *steps)
{
    uint32_t at = depth - 1;
    if (!compound_match(s, (uint8_t)(s->n - 1), &path[at], steps))
        return false;
    /* the nearest one that fits is taken; "a > b c" inside "a b b c" may be missed */
    for (uint8_t which = (uint8_t)(s->n - 1); which > 0; which--) {
        bool found = false;
        while (!found && at > 0) {
            found = compound_match(s, (uint8_t)(which - 1), &path[--at], steps);
            if (s->compound[which].child)
                break;
        }
        if (!found)
            return false;
    }
    return true;
}
