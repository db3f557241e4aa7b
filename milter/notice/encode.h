/* Transfer encodings, and forms of a text that more charsets hold. Private to notice. */
#ifndef NOTICE_ENCODE_H
#define NOTICE_ENCODE_H

#include "notice/notice.h"

/* LF text as quoted-printable with CRLF lines of at most 76 columns (RFC 2045 6.7). */
enum status quoted_write(struct buf *out, struct view text);
/* Base64 with CRLF after each line of 76 but the last (RFC 2045 6.8). */
enum status base64_write(struct buf *out, struct view bytes);
/* LF to CRLF. */
enum status crlf_write(struct buf *out, struct view text);
/* Typographic signs as ASCII. Letters stay: in Finnish "Älä maksa" without dots means "pay". */
enum status plain_signs_write(struct buf *out, struct view utf8);
/* Everything beyond ASCII as &#number; for HTML in any charset. */
enum status references_write(struct buf *out, struct view utf8);

#endif
