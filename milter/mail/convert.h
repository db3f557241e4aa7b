/* Bytes in a charset to UTF-8, whatever the bytes and the charset's name are. Private to room mail.
 */
#ifndef MAIL_CONVERT_H
#define MAIL_CONVERT_H

#include "mail/charset.h"
#include "mail/sink.h"

enum convert_mode {
    CONVERT_BODY,   /* CRLF and CR become LF, NUL is dropped */
    CONVERT_HEADER, /* CR and LF become spaces, NUL is dropped */
};

struct convert {
    struct charsets *charsets;
    struct anomalies *seen; /* foreign */
    enum convert_mode mode;
    bool declared; /* false: no charset was stated, so that any guess is no lie */
    bool html;     /* a <meta charset> may speak */
};

/*
 * Which decoder reads these bytes: the declared one, unless the bytes say otherwise (us-ascii with
 * 8-bit bytes, UTF-16 without a single NUL, UTF-8 that calls itself Latin-1...). Notes anomalies.
 */
const struct charset *convert_choose(const struct convert *c, struct view bytes,
                                     struct view declared);
/* Appends what sink->in says. Bytes that do not fit the charset never end the text. */
void convert_text(const struct convert *c, const struct charset *charset, struct sink *out);
/* How many bytes at the front are valid UTF-8 without CR or NUL: what convert_text leaves as it is.
 */
size_t convert_plain_prefix(struct view bytes);

/* For the files of the converter itself. */
void convert_wide(const struct convert *c, const struct charset *set, struct sink *out);
void convert_double(const struct convert *c, const struct charset *set, struct sink *out);
void convert_step(const struct convert *c, const struct charset *set, struct sink *out);
void convert_jp(const struct convert *c, const struct charset *set, struct sink *out);
void convert_utf7(const struct convert *c, struct sink *out);
/*
 * The pair of 7-bit bytes at i, as EUC has it with the high bits set. How many bytes it took: 2, or
 * 0 when it is none.
 */
size_t convert_pair(const struct convert *c, const struct charset *set, struct sink *out, size_t i,
                    bool plane_2);
/* Bytes that do not fit: the first of a text is noted. */
void convert_lie(const struct convert *c, unsigned *broken);
/* One character, with the rules for line ends and NUL. */
void convert_put(const struct convert *c, struct sink *out, uint32_t cp, size_t from, size_t to);
/*
 * The ASCII at i: ordinary runs copied, line ends and NULs by their rules, until another byte
 * comes; returns its position. A NUL inside a word is dropped so that it cannot split the word.
 */
size_t convert_ascii(const struct convert *c, struct sink *out, size_t i);

#endif
