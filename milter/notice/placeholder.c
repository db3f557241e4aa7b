/* {placeholders} of the texts: checked when they are loaded, so that rendering cannot meet others.
 */
#include <string.h>

#include "notice/notices.h"

static const struct {
    const char *name;
    unsigned bit;
} placeholders[] = {
    {"gateway", HOLD_GATEWAY}, {"operator", HOLD_OPERATOR},
    {"reach", HOLD_REACH},     {"received", HOLD_RECEIVED},
    {"file", HOLD_FILE},       {"program", HOLD_PROGRAM},
    {"ruleset", HOLD_RULESET}, {"yyyy", HOLD_DATE},
    {"mm", HOLD_DATE},         {"dd", HOLD_DATE},
    {"m", HOLD_DATE},          {"d", HOLD_DATE},
    {"HH", HOLD_DATE},         {"MM", HOLD_DATE},
    {"zone", HOLD_DATE},
};
enum { PLACEHOLDERS = sizeof placeholders / sizeof placeholders[0] };

/* The next one in *rest: text before it, and its name. False: *before is all there is. */
static bool next(struct view *rest, struct view *before, struct view *name)
{
    size_t open = view_find_byte(*rest, '{');
    struct view inside = view_sub(*rest, open + 1, rest->n);
    size_t close = view_find_byte(inside, '}');
    if (open >= rest->n || close >= inside.n) {
        *before = *rest;
        return false;
    }
    *before = view_sub(*rest, 0, open);
    *name = view_sub(inside, 0, close);
    *rest = view_sub(inside, close + 1, inside.n);
    return true;
}

void placeholders_check(struct conf *c, const config_setting_t *at, const char *where,
                        const char *text, unsigned may, unsigned must)
{
    struct view rest = view_of(text), before, name;
    unsigned seen = 0;
    bool more = true;
    while (more) {
        more = next(&rest, &before, &name);
        if (view_find_byte(before, '{') < before.n || view_find_byte(before, '}') < before.n)
            conf_error(c, at, where, "a placeholder is written {name}", "a bracket stands alone");
        if (!more)
            break;
        unsigned bit = 0;
        for (size_t i = 0; i < PLACEHOLDERS; i++)
            if (view_eq(name, view_of(placeholders[i].name)))
                bit = placeholders[i].bit;
        if ((bit & may) == 0)
            conf_error(c, at, where, may == 0 ? "this text has no placeholders" : NULL,
                       "unknown placeholder {%.*s}", VIEW_ARG(name));
        seen |= bit;
    }
    for (size_t i = 0; i < PLACEHOLDERS; i++)
        if ((placeholders[i].bit & must & ~seen) != 0)
            conf_error(c, at, where, NULL, "must hold {%s}", placeholders[i].name);
}

static enum status zone_add(struct buf *out, int offset)
{
    unsigned minutes = (unsigned)(offset < 0 ? -offset : offset);
    return buf_addf(out, "%c%02u:%02u", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static enum status value_add(struct buf *out, struct view name, const struct placeholder_values *v)
{
    const struct notice_wish *w = v->wish;
    const struct notice_time *t = &w->now;
    if (view_eq(name, VIEW("gateway")))
        return buf_add(out, w->gateway);
    if (view_eq(name, VIEW("operator")))
        return buf_add(out, w->operator);
    if (view_eq(name, VIEW("reach")))
        return buf_add(out, w->reach);
    if (view_eq(name, VIEW("received")))
        return buf_add(out, v->received);
    if (view_eq(name, VIEW("file")))
        return buf_add(out, v->file);
    if (view_eq(name, VIEW("program")))
        return buf_add(out, v->program);
    if (view_eq(name, VIEW("ruleset")))
        return buf_add(out, v->ruleset);
    if (view_eq(name, VIEW("yyyy")))
        return buf_addf(out, "%04u", t->year);
    if (view_eq(name, VIEW("mm")))
        return buf_addf(out, "%02u", t->month);
    if (view_eq(name, VIEW("dd")))
        return buf_addf(out, "%02u", t->day);
    if (view_eq(name, VIEW("m")))
        return buf_addf(out, "%u", t->month);
    if (view_eq(name, VIEW("d")))
        return buf_addf(out, "%u", t->day);
    if (view_eq(name, VIEW("HH")))
        return buf_addf(out, "%02u", t->hour);
    if (view_eq(name, VIEW("MM")))
        return buf_addf(out, "%02u", t->minute);
    return zone_add(out, t->offset);
}

enum status placeholders_fill(struct buf *out, const char *text,
                              const struct placeholder_values *values)
{
    struct view rest = view_of(text), before, name;
    enum status status = STATUS_OK;
    for (bool more = true; more && status == STATUS_OK;) {
        more = next(&rest, &before, &name);
        status = buf_add(out, before);
        if (more && status == STATUS_OK)
            status = value_add(out, name, values);
    }
    return status;
}
