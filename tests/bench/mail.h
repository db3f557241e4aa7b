/* Mail to measure on, made by programs: the same on every machine. */
#ifndef TESTS_BENCH_MAIL_H
#define TESTS_BENCH_MAIL_H

#include "base/base.h"

/*
 * An English business mail with about so many bytes of text: plain, or plain (a quarter of it) and
 * HTML in base64; with_letter: an extortion letter stands in it. False: no memory.
 */
bool mail_business(struct buf *out, size_t bytes, bool two_parts, bool with_letter);

#endif
