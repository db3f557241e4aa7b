#include "recipe.h"

#include <string.h>

enum { PIECE_MAX = 1 << 20 };

/* The message around the bytes; SPREAD: split over many fields of that name. */
enum way { WAY_RAW, WAY_QUOTED, WAY_BASE64, WAY_FIELD, WAY_SPREAD };

static const struct {
    const char *head;
    enum way way;
} places[] = {
    {"Content-Type: text/plain; charset=utf-8\n\n", WAY_RAW},
    {"Content-Type: text/html; charset=utf-8\n\n", WAY_RAW},
    {"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n",
     WAY_QUOTED},
    {"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n", WAY_BASE64},
    {"Content-Type: text/plain; charset=utf-16\n\n", WAY_RAW},
    {"Content-Type: text/plain; charset=iso-2022-jp\n\n", WAY_RAW},
    {"Content-Type: text/plain; charset=gb18030\n\n", WAY_RAW},
    {"Content-Type: text/plain; charset=utf-7\n\n", WAY_RAW},
    {"Content-Type: text/plain; charset=windows-1251\n\n", WAY_RAW},
    {"Content-Type: text/plain; format=flowed; delsp=yes\n\n", WAY_RAW},
    {"Content-Type: multipart/mixed; boundary=b\n\n", WAY_RAW},
    {"Content-Type: message/rfc822\n\n", WAY_RAW},
    {"Content-Type: application/octet-stream\n\n", WAY_RAW},
    {"", WAY_RAW},
    {"Subject:", WAY_FIELD},
    {"To:", WAY_FIELD},
    {"Content-Type:", WAY_FIELD},
    {"Content-Disposition:", WAY_SPREAD},
    {"From:", WAY_SPREAD},
    {"X-Any:", WAY_SPREAD},
};
const char *const recipe_places[] = {
    "plain",   "html",         "quoted",       "base64",       "utf-16",  "iso-2022-jp", "gb18030",
    "utf-7",   "windows-1251", "flowed",       "parts",        "rfc822",  "file",        "whole",
    "subject", "to",           "content-type", "dispositions", "authors", "fields",      NULL,
};
_Static_assert(sizeof places / sizeof places[0] + 1 ==
                   sizeof recipe_places / sizeof recipe_places[0],
               "a name for each place");

unsigned recipe_n_places(void)
{
    return sizeof places / sizeof places[0];
}

void recipe_init(struct recipe *r)
{
    r->place = 0;
    buf_init(&r->prefix, PIECE_MAX);
    buf_init(&r->body, PIECE_MAX);
    buf_init(&r->suffix, PIECE_MAX);
}

void recipe_fini(struct recipe *r)
{
    buf_fini(&r->prefix);
    buf_fini(&r->body);
    buf_fini(&r->suffix);
}

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = strchr(digits, ascii_lower((unsigned char)c));
    return c != '\0' && at != NULL ? (int)(at - digits) : -1;
}

/* Up to the next "|" that is not escaped; escapes undone. */
static bool piece_read(struct view *rest, struct buf *out)
{
    size_t i = 0;
    buf_clear(out);
    for (; i < rest->n && rest->p[i] != '|'; i++) {
        char c = rest->p[i];
        if (c == '\\') {
            int high, low;
            if (++i >= rest->n)
                return false;
            c = rest->p[i];
            if (c == 'x') {
                if (i + 2 >= rest->n || (high = hex(rest->p[i + 1])) < 0 ||
                    (low = hex(rest->p[i + 2])) < 0)
                    return false;
                c = (char)(high << 4 | low);
                i += 2;
            } else if (c == 'n') {
                c = '\n';
            }
        }
        if (buf_add_byte(out, c) != STATUS_OK)
            return false;
    }
    *rest = view_sub(*rest, i + 1, rest->n);
    return true;
}

bool recipe_read(struct recipe *r, struct view text)
{
    size_t colon = view_find(text, VIEW(": "));
    struct view rest = view_sub(text, colon + 2, text.n);
    for (r->place = 0; recipe_places[r->place] != NULL; r->place++)
        if (view_eq(view_sub(text, 0, colon), view_of(recipe_places[r->place])))
            break;
    return recipe_places[r->place] != NULL && piece_read(&rest, &r->prefix) &&
           piece_read(&rest, &r->body) && piece_read(&rest, &r->suffix) && r->body.n > 0;
}

static bool piece_write(struct view v, struct buf *out)
{
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        enum status status;
        if (c == '\n')
            status = buf_add(out, VIEW("\\n"));
        else if (c == '|' || c == '\\')
            status = buf_addf(out, "\\%c", c);
        else if (c < 32 || c >= 127)
            status = buf_addf(out, "\\x%02x", c);
        else
            status = buf_add_byte(out, (char)c);
        if (status != STATUS_OK)
            return false;
    }
    return true;
}

bool recipe_write(const struct recipe *r, struct buf *out)
{
    return buf_addf(out, "%s: ", recipe_places[r->place]) == STATUS_OK &&
           piece_write(buf_view(&r->prefix), out) && buf_add_byte(out, '|') == STATUS_OK &&
           piece_write(buf_view(&r->body), out) && buf_add_byte(out, '|') == STATUS_OK &&
           piece_write(buf_view(&r->suffix), out);
}

static bool quoted_add(struct buf *out, struct view v)
{
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        bool plain = (c >= 32 && c < 127 && c != '=') || c == '\n';
        if ((plain ? buf_add_byte(out, (char)c) : buf_addf(out, "=%02X", c)) != STATUS_OK)
            return false;
    }
    return true;
}

static bool base64_add(struct buf *out, struct view v)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i + 2 < v.n; i += 3) {
        uint32_t b = (uint32_t)(unsigned char)v.p[i] << 16 |
                     (uint32_t)(unsigned char)v.p[i + 1] << 8 | (unsigned char)v.p[i + 2];
        char four[5] = {digits[b >> 18], digits[b >> 12 & 63], digits[b >> 6 & 63], digits[b & 63],
                        '\n'};
        if (buf_add(out, (struct view){four, (i / 3 + 1) % 19 == 0 ? 5u : 4u}) != STATUS_OK)
            return false;
    }
    return true;
}

/* One field of all the bytes, or many of 1 kB each; line ends would end a field. */
static bool field_add(struct buf *out, const char *head, struct view v, size_t each)
{
    for (size_t i = 0; i < v.n; i++) {
        if (i % each == 0 && buf_addf(out, "%s%s ", i > 0 ? "\n" : "", head) != STATUS_OK)
            return false;
        if (buf_add_byte(out, v.p[i] != '\n' ? v.p[i] : ' ') != STATUS_OK)
            return false;
    }
    return buf_add(out, VIEW("\n\nbody\n")) == STATUS_OK;
}

bool recipe_make(const struct recipe *r, size_t bytes, struct buf *out)
{
    struct buf fill;
    const char *head = places[r->place].head;
    enum way way = places[r->place].way;
    if (way == WAY_BASE64)
        bytes = bytes / 4 * 3;
    buf_init(&fill, bytes * 2 + 3 * (size_t)PIECE_MAX);
    bool good = buf_add(&fill, buf_view(&r->prefix)) == STATUS_OK;
    while (good && r->body.n > 0 && fill.n + r->suffix.n < bytes)
        good = buf_add(&fill, buf_view(&r->body)) == STATUS_OK;
    good = good && buf_add(&fill, buf_view(&r->suffix)) == STATUS_OK;
    buf_clear(out);
    if (r->place != 13)
        good = good && buf_add(out, VIEW("From: a@example.org\nTo: b@example.net\n")) == STATUS_OK;
    if (way == WAY_FIELD || way == WAY_SPREAD) {
        good = good && field_add(out, head, buf_view(&fill), way == WAY_FIELD ? SIZE_MAX : 1000);
    } else {
        good = good && buf_add(out, view_of(head)) == STATUS_OK;
        good = good && (way == WAY_QUOTED   ? quoted_add(out, buf_view(&fill))
                        : way == WAY_BASE64 ? base64_add(out, buf_view(&fill))
                                            : buf_add(out, buf_view(&fill)) == STATUS_OK);
    }
    buf_fini(&fill);
    return good;
}
