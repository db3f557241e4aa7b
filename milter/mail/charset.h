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
    CHARSET_DOUBLE, /* stateless, one to four bytes a character; by tables of pairs */
    CHARSET_JP,     /* ISO-2022-JP: escape sequences, and pairs by tables */
    CHARSET_UTF7,
    CHARSET_STEP, /* anything else; by iconv in steps of a few characters */
};

enum {
    CHARSET_NAME_MAX = 40,
    CHARSETS_KEPT = 24,
    CHARSETS_PER_MESSAGE = 64,
    CHARSET_STEPS_PER_MESSAGE = 150000
};

/*
 * What two bytes mean in one charset, by lead and trail byte: a code point, 0 for nothing, or
 * PAIR_ASK when iconv has to say. One for each charset that has any; kept for good.
 */
enum { PAIRS_MAX = 8, PAIR_ASK = 0xFFFF, PAIR_TEXT_MAX = 32 };
struct pairs {
    const char *name; /* for iconv */
    iconv_t handle;   /* own */
    uint16_t single[256];
    uint16_t *row[256]; /* own; made when first asked for */
};

struct charset {
    enum charset_kind kind;
    unsigned char name[CHARSET_NAME_MAX]; /* for iconv, NUL-terminated; the cache key */
    char endian;                          /* UTF-16 and -32: 'L', 'B', or 0 when unstated */
    char family;                          /* CHARSET_DOUBLE: how long characters are */
    bool ascii;                           /* bytes below 0x80 mean ASCII */
    iconv_t handle;                       /* own; (iconv_t)-1 when not used */
    struct pairs *pairs;                  /* foreign; CHARSET_DOUBLE, CHARSET_JP */
    uint32_t *table;                      /* own; 256 code points, CHARSET_TABLE */
    uint64_t used;
};

/* One thread's decoders. */
struct charsets {
    struct charset v[CHARSETS_KEPT];
    unsigned n;
    unsigned opened; /* since charsets_budget */
    unsigned steps;  /* of CHARSET_STEP, since charsets_budget */
    uint64_t clock;
    struct pairs pairs[PAIRS_MAX];
    unsigned n_pairs;
};

#define CHARSET_NO_CODE UINT32_MAX /* in a table: no such character */

void charsets_init(struct charsets *c);
void charsets_fini(struct charsets *c);
/*
 * A new message: opening a converter costs up to 0.1 ms, so a message may open only
 * CHARSETS_PER_MESSAGE of them; further names are unknown. A step costs up to 0.1 us and brings one
 * character; after CHARSET_STEPS_PER_MESSAGE only ASCII is read.
 */
void charsets_budget(struct charsets *c);
/* Never NULL; kind is CHARSET_UNKNOWN when there is no such charset. Valid until the next call. */
const struct charset *charset_find(struct charsets *c, struct view name);

/* The table of that name for iconv; NULL when iconv has none. */
struct pairs *pairs_find(struct charsets *c, const char *name);
/* For pair_code alone. */
uint16_t pairs_row(struct pairs *p, unsigned char lead, unsigned char trail);
static inline uint16_t pair_code(struct pairs *p, unsigned char lead, unsigned char trail)
{
    const uint16_t *row = p->row[lead];
    return row != NULL ? row[trail] : pairs_row(p, lead, trail);
}
/* The UTF-8 of one character of n bytes, by iconv; how much, 0 when it is none. Slow. */
size_t pairs_ask(const struct pairs *p, const char *bytes, size_t n, char out[PAIR_TEXT_MAX]);
void pairs_fini(struct charsets *c);

/* The code point of a windows-1252 byte; CHARSET_NO_CODE for the five holes. */
uint32_t windows1252(unsigned char byte);

#endif
