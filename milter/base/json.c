#include "base/json.h"

#include <math.h>
#include <stdio.h>

#include "base/utf8.h"

void json_init(struct json *j, struct buf *out)
{
    *j = (struct json){.out = out, .status = STATUS_OK};
}

static void put(struct json *j, struct view v)
{
    if (j->status == STATUS_OK)
        j->status = buf_add(j->out, v);
}

static void before_value(struct json *j)
{
    if (j->comma)
        put(j, VIEW(","));
    j->comma = true;
}

void json_open(struct json *j, char bracket)
{
    before_value(j);
    put(j, (struct view){&bracket, 1});
    j->comma = false;
}

void json_close(struct json *j, char bracket)
{
    put(j, (struct view){&bracket, 1});
    j->comma = true;
}

void json_key(struct json *j, const char *name)
{
    json_text(j, name);
    put(j, VIEW(":"));
    j->comma = false;
}

static bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* U+2028 and U+2029 are legal JSON but end a line in older JavaScript; DEL upsets terminals. */
static bool wants_escape(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
}

static void put_code_point(struct json *j, uint32_t cp)
{
    char bytes[8];
    size_t n;
    if (cp == '"' || cp == '\\') {
        bytes[0] = '\\';
        bytes[1] = (char)cp;
        n = 2;
    } else if (cp == '\n' || cp == '\t' || cp == '\r') {
        bytes[0] = '\\';
        bytes[1] = cp == '\n' ? 'n' : cp == '\t' ? 't' : 'r';
        n = 2;
    } else if (wants_escape(cp)) {
        n = (size_t)snprintf(bytes, sizeof bytes, "\\u%04x", (unsigned)cp & 0xFFFFu);
    } else {
        n = utf8_encode(cp, bytes);
    }
    put(j, (struct view){bytes, n});
}

void json_string(struct json *j, struct view v)
{
    before_value(j);
    put(j, VIEW("\""));
    size_t i = 0;
    while (i < v.n && j->status == STATUS_OK) {
        size_t run = i;
        while (run < v.n && plain((unsigned char)v.p[run]))
            run++;
        put(j, view_sub(v, i, run));
        i = run;
        if (i < v.n) {
            uint32_t cp;
            i += utf8_decode(v.p + i, v.n - i, &cp);
            put_code_point(j, cp);
        }
    }
    put(j, VIEW("\""));
}

void json_text(struct json *j, const char *s)
{
    if (s == NULL)
        json_null(j);
    else
        json_string(j, view_of(s));
}

static void put_number(struct json *j, double v, int decimals)
{
    if (!isfinite(v)) {
        json_null(j);
        return;
    }
    char digits[64];
    /* Halves go away from zero, as round() takes them: printf alone would round 0.0625 down. */
    double scale = decimals == 3 ? 1e3 : 1e6;
    int n = fabs(v) < 1e9
                ? snprintf(digits, sizeof digits, "%.*f", decimals, round(v * scale) / scale)
                : snprintf(digits, sizeof digits, "%.17g", v);
    struct view number = {digits, n > 0 && (size_t)n < sizeof digits ? (size_t)n : 0};
    if (view_find_byte(number, '.') < number.n && fabs(v) < 1e9) {
        while (number.n > 0 && number.p[number.n - 1] == '0')
            number.n--;
        if (number.n > 0 && number.p[number.n - 1] == '.')
            number.n--;
    }
    if (view_eq(number, VIEW("-0")))
        number = VIEW("0");
    before_value(j);
    put(j, number);
}

void json_number(struct json *j, double v)
{
    put_number(j, v, 3);
}

void json_share(struct json *j, double v)
{
    put_number(j, v, 6);
}

void json_count(struct json *j, uint64_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)v);
    before_value(j);
    put(j, (struct view){digits, n > 0 ? (size_t)n : 0});
}

void json_bool(struct json *j, bool v)
{
    before_value(j);
    put(j, v ? VIEW("true") : VIEW("false"));
}

void json_null(struct json *j)
{
    before_value(j);
    put(j, VIEW("null"));
}

void json_raw(struct json *j, struct view v)
{
    before_value(j);
    put(j, v);
}
