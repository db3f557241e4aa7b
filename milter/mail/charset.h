/*
 * Charsets: finding a decoder by the name in a mail, and keeping it for the next mail. Private to
 * room mail.
 */
#ifndef MAIL_CHARSET_H
#define MAIL_CHARSET_H

#include <iconv.h>

#include "base/base.h"

enum charset_kind {
    CHARSET_UNKNOWN,
    CHARSET_UTF8,
    CHARSET_ASCII,
    CHARSET_LATIN1, /* ISO-8859-1, read as windows-1252 as everybody does */
    CHARSET_TABLE,  /* one byte a character */
    CHARSET_UTF16,
    CHARSET_UTF32,
    CHARSET_DOUBLE, /* stateless, one to four bytes a character; by iconv in blocks */
    CHARSET_STEP,   /* anything else; by iconv in steps of a few characters */
};

enum { CHARSET_NAME_MAX = 40, CHARSETS_KEPT = 24, CHARSETS_PER_MESSAGE = 64 };

struct charset {
    enum charset_kind kind;
    unsigned char name[CHARSET_NAME_MAX]; /* for iconv, NUL-terminated; the cache key */
    char endian;                          /* UTF-16 and -32: 'L', 'B', or 0 when unstated */
    char family;                          /* CHARSET_DOUBLE: how long characters are */
    bool ascii;                           /* bytes below 0x80 mean ASCII */
    iconv_t handle;                       /* own; (iconv_t)-1 when not used */
    uint32_t *table;                      /* own; 256 code points, CHARSET_TABLE */
    uint64_t used;
};

/* One thread's decoders. */
struct charsets {
    struct charset v[CHARSETS_KEPT];
    unsigned n;
    unsigned opened; /* since charsets_budget */
    uint64_t clock;
};

#define CHARSET_NO_CODE UINT32_MAX /* in a table: no such character */

void charsets_init(struct charsets *c);
void charsets_fini(struct charsets *c);
/*
 * A new message: opening a converter costs up to 0.1 ms, so a message may open only
 * CHARSETS_PER_MESSAGE of them; further names are unknown.
 */
void charsets_budget(struct charsets *c);
/* Never NULL; kind is CHARSET_UNKNOWN when there is no such charset. Valid until the next call. */
const struct charset *charset_find(struct charsets *c, struct view name);

/* The code point of a windows-1252 byte; CHARSET_NO_CODE for the five holes. */
uint32_t windows1252(unsigned char byte);

#endif
