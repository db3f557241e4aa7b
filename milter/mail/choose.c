#include <string.h>

#include "mail/convert.h"

static const struct charset guess_utf8 = {.kind = CHARSET_UTF8, .ascii = true};
static const struct charset guess_1252 = {.kind = CHARSET_LATIN1, .ascii = true};
static const struct charset guess_utf16 = {.kind = CHARSET_UTF16};

/* UTF-8, but perhaps for a character that was cut at the end. */
static bool utf8_but_for_end(struct view v)
{
    size_t i = 0;
    bool any = false;
    while (i < v.n) {
        i += utf8_ascii_prefix(view_sub(v, i, v.n));
        if (i >= v.n)
            break;
        uint32_t cp;
        size_t took = utf8_decode(v.p + i, v.n - i, &cp);
        if (cp == UTF8_REPLACEMENT && !(took == 3 && memcmp(v.p + i, "\xEF\xBF\xBD", 3) == 0))
            return any && (unsigned char)v.p[i] >= 0xC2 && took == v.n - i && took < 4;
        any = true;
        i += took;
    }
    return true;
}

/*
 * Text of ordinary bytes: three quarters of it are ASCII that is shown, or UTF-8. Of 16-bit text at
 * most half is, in Chinese by chance.
 */
static bool text_of_bytes(struct view v)
{
    size_t good = 0;
    for (size_t i = 0; i < v.n;) {
        unsigned char c = (unsigned char)v.p[i];
        uint32_t cp;
        size_t took = utf8_decode(v.p + i, v.n - i, &cp);
        good += c < 0x80
                    ? (c >= 32 && c < 127) || (c >= '\t' && c <= '\r' && c != '\v' && c != '\f')
                    : (cp != UTF8_REPLACEMENT ? took : 0);
        i += took;
    }
    return good * 4 >= v.n * 3;
}

/* Two bytes in front must not turn a letter that everybody reads into Chinese that nobody sees. */
static bool utf16_mark(struct view v)
{
    return v.n >= 2 && (memcmp(v.p, "\xFF\xFE", 2) == 0 || memcmp(v.p, "\xFE\xFF", 2) == 0) &&
           (v.n == 2 || !text_of_bytes(view_sub(v, 2, v.n)));
}

static bool utf16_shape_of(struct view v)
{
    size_t n = v.n / 2, even = 0, odd = 0;
    for (size_t i = 0; i < n; i++) {
        even += v.p[2 * i] == '\0';
        odd += v.p[2 * i + 1] == '\0';
    }
    return n >= 4 && ((even * 4 >= n * 3 && odd * 16 <= n) || (odd * 4 >= n * 3 && even * 16 <= n));
}

/* NULs at every second byte, not in the beginning alone: 16-bit text, whatever it is called. */
static bool utf16_shape(struct view v)
{
    return utf16_shape_of(view_sub(v, 0, 128)) && utf16_shape_of(v);
}

/* What <meta charset=...> or http-equiv says in the beginning of HTML. */
static struct view meta_charset(struct view html)
{
    struct view head = view_sub(html, 0, 2048);
    size_t meta = view_find_nocase(head, VIEW("<meta"));
    struct view rest = view_sub(head, meta, head.n);
    size_t at = view_find_nocase(rest, VIEW("charset="));
    rest = view_sub(rest, at + 8, rest.n);
    while (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\'' || rest.p[0] == ' '))
        rest = view_sub(rest, 1, rest.n);
    size_t n = 0;
    while (n < rest.n &&
           (ascii_is_alnum((unsigned char)rest.p[n]) || rest.p[n] == '-' || rest.p[n] == '_'))
        n++;
    return view_sub(rest, 0, n);
}

/* For text whose charset is not stated, or stated so that it cannot be. */
static const struct charset *guess(const struct convert *c, struct view bytes)
{
    bool ascii = utf8_ascii_prefix(bytes) == bytes.n;
    /* No header field is 16-bit text: its name and line ends are bytes. */
    if (c->mode == CONVERT_BODY && (utf16_mark(bytes) || utf16_shape(bytes))) {
        anomaly_note(c->seen, ANOMALY_CHARSET_UTF16);
        return &guess_utf16;
    }
    /* ISO-2022-JP begins each Japanese stretch with ESC $ @ or ESC $ B; nothing else does. */
    if (ascii &&
        (view_find(bytes, VIEW("\x1B$B")) < bytes.n || view_find(bytes, VIEW("\x1B$@")) < bytes.n))
        return charset_find(c->charsets, VIEW("iso-2022-jp"));
    if (ascii || utf8_but_for_end(bytes))
        return &guess_utf8;
    if (c->html) {
        const struct charset *meta = charset_find(c->charsets, meta_charset(bytes));
        if (meta->kind == CHARSET_TABLE || meta->kind == CHARSET_DOUBLE)
            return meta;
    }
    return &guess_1252;
}

const struct charset *convert_choose(const struct convert *c, struct view bytes,
                                     struct view declared)
{
    const struct charset *set = NULL;
    if (c->declared) {
        set = charset_find(c->charsets, declared);
        if (set->kind == CHARSET_UNKNOWN)
            anomaly_note(c->seen, ANOMALY_CHARSET_UNKNOWN);
    }
    bool ascii = utf8_ascii_prefix(bytes) == bytes.n;
    switch (set != NULL ? set->kind : CHARSET_UNKNOWN) {
    case CHARSET_UNKNOWN:
        if (!ascii && !c->declared && c->mode == CONVERT_BODY)
            anomaly_note(c->seen, ANOMALY_CHARSET_MISSING_8BIT);
        return guess(c, bytes);
    case CHARSET_ASCII:
        if (!ascii)
            anomaly_note(c->seen, ANOMALY_CHARSET_LIE);
        return guess(c, bytes);
    case CHARSET_LATIN1:
        /* Two bytes of Latin-1 that happen to be UTF-8 are rare, a text full of them is UTF-8. */
        if (!ascii && utf8_but_for_end(bytes)) {
            anomaly_note(c->seen, ANOMALY_CHARSET_LIE);
            return &guess_utf8;
        }
        return set;
    case CHARSET_UTF8:
        if (utf16_mark(bytes)) {
            anomaly_note(c->seen, ANOMALY_CHARSET_LIE);
            return guess(c, bytes);
        }
        return set;
    case CHARSET_UTF16:
    case CHARSET_UTF32:
        anomaly_note(c->seen, ANOMALY_CHARSET_UTF16);
        /* Plain ASCII that calls itself UTF-16 would turn into Chinese and escape every rule. */
        if (bytes.n >= 4 && ascii && memchr(bytes.p, '\0', bytes.n) == NULL) {
            anomaly_note(c->seen, ANOMALY_CHARSET_LIE);
            return guess(c, bytes);
        }
        return set;
    case CHARSET_UTF7:
        anomaly_note(c->seen, ANOMALY_CHARSET_UTF7);
        return set;
    case CHARSET_STEP:
    case CHARSET_JP:
    case CHARSET_TABLE:
    case CHARSET_DOUBLE:
        return set;
    }
    return set;
}
