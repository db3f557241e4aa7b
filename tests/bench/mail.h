/* Mail to measure on, made by programs: the same on every machine. */
#ifndef TESTS_BENCH_MAIL_H
#define TESTS_BENCH_MAIL_H

#include "base/base.h"

/*
 * An English business mail with about so many bytes of text: plain, or plain (a quarter of it) and
 * HTML in base64; with_letter: an extortion letter stands in it. False: no memory.
 */
bool mail_business(struct buf *out, size_t bytes, bool two_parts, bool with_letter);

extern const char mail_letter[]; /* an extortion letter */

/* Bytes as they travel; base64 without what is over a multiple of three. False: no memory. */
bool mail_base64(struct buf *out, struct view v);
bool mail_quoted(struct buf *out, struct view v);

#endif
