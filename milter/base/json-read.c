#include "base/json-read.h"

#include <stdlib.h>
#include <string.h>

void json_reader_init(struct json_reader *r, struct view json)
{
    *r = (struct json_reader){.rest = json, .want_value = true};
    buf_init(&r->scratch, JSON_STRING_MAX);
}

void json_reader_fini(struct json_reader *r)
{
    buf_fini(&r->scratch);
}

static bool in_object(const struct json_reader *r)
{
    return r->depth > 0 && (r->objects >> (r->depth - 1) & 1) != 0;
}

static void skip_space(struct json_reader *r)
{
    while (r->rest.n > 0 && strchr(" \t\r\n", r->rest.p[0]) != NULL && r->rest.p[0] != '\0')
        r->rest = view_sub(r->rest, 1, r->rest.n);
}

static bool hex4(struct view v, uint32_t *out)
{
    if (v.n < 4)
        return false;
    *out = 0;
    for (size_t i = 0; i < 4; i++) {
        unsigned char c = ascii_lower((unsigned char)v.p[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        *out = *out * 16 + (uint32_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* What stands after a backslash. False: not JSON. */
static bool read_escape(struct json_reader *r, uint32_t *cp)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (r->rest.n == 0)
        return false;
    char c = r->rest.p[0];
    r->rest = view_sub(r->rest, 1, r->rest.n);
    const char *at = c != '\0' ? strchr(letters, c) : NULL;
    if (at != NULL) {
        *cp = (unsigned char)values[at - letters];
        return true;
    }
    if (c != 'u' || !hex4(r->rest, cp))
        return false;
    r->rest = view_sub(r->rest, 4, r->rest.n);
    uint32_t low;
    bool high = *cp >= 0xD800 && *cp < 0xDC00;
    if (high && r->rest.n >= 6 && memcmp(r->rest.p, "\\u", 2) == 0 &&
        hex4(view_sub(r->rest, 2, r->rest.n), &low) && low >= 0xDC00 && low < 0xE000) {
        *cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
        r->rest = view_sub(r->rest, 6, r->rest.n);
    }
    return true;
}

/* After the opening quote. */
static bool read_string(struct json_reader *r)
{
    buf_clear(&r->scratch);
    for (;;) {
        size_t run = 0;
        while (run < r->rest.n && r->rest.p[run] != '"' && r->rest.p[run] != '\\' &&
               (unsigned char)r->rest.p[run] >= 0x20)
            run++;
        if (run == r->rest.n || buf_add(&r->scratch, view_sub(r->rest, 0, run)) != STATUS_OK)
            return false;
        char c = r->rest.p[run];
        r->rest = view_sub(r->rest, run + 1, r->rest.n);
        if (c == '"') {
            r->text = buf_view(&r->scratch);
            return true;
        }
        uint32_t cp;
        char bytes[4] = {0};
        if (c != '\\' || !read_escape(r, &cp))
            return false;
        size_t n = utf8_encode(cp, bytes);
        if (buf_add(&r->scratch, (struct view){bytes, n}) != STATUS_OK)
            return false;
    }
}

static bool read_number(struct json_reader *r)
{
    char digits[64];
    size_t n = 0;
    while (n < r->rest.n && n < sizeof digits - 1 &&
           (ascii_is_digit((unsigned char)r->rest.p[n]) ||
            (r->rest.p[n] != '\0' && strchr("+-.eE", r->rest.p[n]) != NULL)))
        n++;
    memcpy(digits, r->rest.p, n);
    digits[n] = '\0';
    char *end;
    r->number = strtod(digits, &end);
    r->rest = view_sub(r->rest, n, r->rest.n);
    return n > 0 && *end == '\0' && (ascii_is_digit((unsigned char)digits[0]) || digits[0] == '-');
}

static bool read_word(struct json_reader *r, struct view word)
{
    if (!view_eq(view_sub(r->rest, 0, word.n), word))
        return false;
    r->rest = view_sub(r->rest, word.n, r->rest.n);
    return true;
}

static enum json_token value_done(struct json_reader *r, enum json_token token)
{
    r->had_value = true;
    r->want_value = r->after_key = false;
    r->done = r->depth == 0;
    return token;
}

static enum json_token open_level(struct json_reader *r, bool object)
{
    if (r->depth == JSON_DEPTH_MAX)
        return JSON_ERROR;
    uint64_t bit = UINT64_C(1) << r->depth;
    r->objects = object ? r->objects | bit : r->objects & ~bit;
    r->depth++;
    r->want_value = r->had_value = r->after_key = false;
    return object ? JSON_OPEN_OBJECT : JSON_OPEN_ARRAY;
}

static enum json_token close_level(struct json_reader *r, bool object)
{
    if (r->depth == 0 || r->want_value || r->after_key || in_object(r) != object)
        return JSON_ERROR;
    r->depth--;
    return value_done(r, object ? JSON_CLOSE_OBJECT : JSON_CLOSE_ARRAY);
}

static enum json_token read_key(struct json_reader *r)
{
    if (!read_string(r))
        return JSON_ERROR;
    skip_space(r);
    if (!read_word(r, VIEW(":")))
        return JSON_ERROR;
    r->after_key = true;
    return JSON_KEY;
}

static enum json_token read_value(struct json_reader *r)
{
    char c = r->rest.p[0];
    if (c == '{' || c == '[' || c == '"')
        r->rest = view_sub(r->rest, 1, r->rest.n);
    if (c == '{' || c == '[')
        return open_level(r, c == '{');
    if (c == '"')
        return read_string(r) ? value_done(r, JSON_STRING) : JSON_ERROR;
    if (read_word(r, VIEW("null")))
        return value_done(r, JSON_NULL);
    if (read_word(r, VIEW("true")) || read_word(r, VIEW("false"))) {
        r->truth = c == 't';
        return value_done(r, JSON_BOOL);
    }
    return read_number(r) ? value_done(r, JSON_NUMBER) : JSON_ERROR;
}

enum json_token json_reader_next(struct json_reader *r)
{
    skip_space(r);
    if (r->done)
        return r->rest.n == 0 ? JSON_END : JSON_ERROR;
    if (r->rest.n == 0)
        return JSON_ERROR;
    if (r->depth > 0 && !r->after_key) {
        char c = r->rest.p[0];
        if (c == '}' || c == ']') {
            r->rest = view_sub(r->rest, 1, r->rest.n);
            return close_level(r, c == '}');
        }
        if (r->had_value) {
            if (!read_word(r, VIEW(",")))
                return JSON_ERROR;
            r->had_value = false;
            r->want_value = true;
            skip_space(r);
            if (r->rest.n == 0)
                return JSON_ERROR;
        }
        if (in_object(r))
            return read_word(r, VIEW("\"")) ? read_key(r) : JSON_ERROR;
    }
    return read_value(r);
}

bool json_reader_skip(struct json_reader *r)
{
    unsigned depth = r->depth;
    do {
        enum json_token t = json_reader_next(r);
        if (t == JSON_ERROR || t == JSON_END)
            return false;
    } while (r->depth > depth || r->after_key);
    return true;
}
