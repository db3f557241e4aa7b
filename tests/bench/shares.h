/* What mail is made of: sizes, parts, encodings, HTML, scripts. */
#ifndef TESTS_BENCH_SHARES_H
#define TESTS_BENCH_SHARES_H

#include "stage.h"

enum { SHARES_MAX = 200000 };
struct sizes {
    uint32_t n, v[SHARES_MAX];
};

struct shares {
    struct sizes whole, head, plain, html, file, parts;
    unsigned long shape[8];       /* bits: 1 plain, 2 HTML, 4 something else */
    unsigned long encoding[2][4]; /* of plain, of HTML; enum transfer_encoding */
    unsigned long foreign;        /* a tenth of the letters and more are not ASCII */
};

bool shares_add(struct shares *h, struct stages *s, struct view raw);
void shares_print(struct shares *h);

#endif
