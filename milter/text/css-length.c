#include "text/css.h"

enum { PX = 100, PX_PER_EM = 16, LENGTH_MAX = 100000000 };

void style_set(struct style *s, enum css_property p, int32_t value, bool important)
{
    uint32_t bit = 1u << p;
    if ((s->important & bit) != 0 && !important)
        return;
    s->set |= bit;
    s->value[p] = value;
    if (important)
        s->important |= bit;
}

void style_merge(struct style *under, const struct style *over)
{
    for (uint32_t left = over->set; left != 0; left &= left - 1) {
        unsigned p = (unsigned)__builtin_ctz(left);
        style_set(under, (enum css_property)p, over->value[p], (over->important & 1u << p) != 0);
    }
}

static bool unit_factor(struct view unit, int32_t percent_of, int64_t *factor)
{
    static const struct {
        const char *name;
        int32_t factor; /* hundredths of a pixel */
    } units[] = {{"px", PX},
                 {"pt", 133},
                 {"em", PX * PX_PER_EM},
                 {"rem", PX * PX_PER_EM},
                 {"pc", 1600},
                 {"cm", 3780},
                 {"mm", 378},
                 {"in", 9600},
                 {"ex", PX * 8},
                 {"ch", PX * 8},
                 {"vw", PX * 10},
                 {"vh", PX * 10},
                 {"vmin", PX * 10},
                 {"vmax", PX * 10}};
    if (unit.n == 0) {
        *factor = PX;
        return true;
    }
    if (view_eq(unit, VIEW("%"))) {
        *factor = percent_of;
        return true;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (view_eq_nocase(unit, view_of(units[i].name))) {
            *factor = units[i].factor;
            return true;
        }
    return false;
}

/* A number in thousandths at the front of text; *used: its bytes, 0 when there is none. */
int64_t css_number(struct view text, size_t *used)
{
    size_t i = 0;
    bool minus = i < text.n && text.p[i] == '-', digits = false;
    if (i < text.n && (text.p[i] == '-' || text.p[i] == '+'))
        i++;
    int64_t value = 0, part = 1000;
    for (; i < text.n && ascii_is_digit((unsigned char)text.p[i]); i++, digits = true)
        if (value < LENGTH_MAX)
            value = value * 10 + (int64_t)(text.p[i] - '0') * 1000;
    if (i + 1 < text.n && text.p[i] == '.' && ascii_is_digit((unsigned char)text.p[i + 1])) {
        for (i++; i < text.n && ascii_is_digit((unsigned char)text.p[i]); i++, digits = true) {
            part /= 10;
            value += (text.p[i] - '0') * part;
        }
    }
    *used = digits ? i : 0;
    return minus ? -value : value;
}

bool css_length(struct view text, int32_t percent_of, int32_t *out)
{
    size_t used;
    int64_t factor, value = css_number(text, &used);
    if (used == 0 || !unit_factor(view_sub(text, used, text.n), percent_of, &factor))
        return false;
    value = value > LENGTH_MAX ? LENGTH_MAX : value < -LENGTH_MAX ? -LENGTH_MAX : value;
    value = value * factor / 1000;
    *out = (int32_t)(value > LENGTH_MAX ? LENGTH_MAX : value < -LENGTH_MAX ? -LENGTH_MAX : value);
    return true;
}
