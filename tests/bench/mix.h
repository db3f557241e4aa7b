/*
 * A made-up stream of mail with the sizes, parts, encodings and HTML of real mail: message number k
 * is the same on every machine.
 */
#ifndef TESTS_BENCH_MIX_H
#define TESTS_BENCH_MIX_H

#include "vocabulary.h"

/*
 * Where the figures come from: `make bench-shares CORPUS=FOLDER` over 10,382 honest mails. 70 in
 * 100 are like its 10,205 mails of people and lists, 30 like its 177 receipts and newsletters,
 * since archives of lists hold more of the former than mailboxes do. The corpus is English; other
 * languages are a choice: 60 in 100 English, 8 each German, Finnish, French, Russian and Chinese.
 * 2 in 100 carry an extortion letter, so that the notice has something to do.
 */
enum { MIX_LETTERS = 50 /* every so many carries one */ };

/* False: no memory. */
bool mix_make(const struct vocabulary *w, uint32_t number, struct buf *out);

#endif
