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

#endif
