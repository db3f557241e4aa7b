/* A played scanner: says what the test wants and keeps what it was given. */
#ifndef TESTS_MTA_FAKE_SCANNER_H
#define TESTS_MTA_FAKE_SCANNER_H

#include <stdatomic.h>

#include "verdict/verdict.h"

struct fake_scanner {
    enum status new_status, run_status;
    struct verdict verdict; /* class_id and class_scores are filled in */
    const double *scores;   /* of each class; NULL: all 0 */
    atomic_int runs;
    int scanners;      /* made and not freed */
    unsigned usleep;   /* how long a run takes, unless its budget is spent before */
    char raw[1 << 16]; /* of the last run, NUL-terminated */
    size_t raw_n;
    char envelope[512]; /* of the last run: "sender|rcpt,rcpt|client|helo|auth" */
};

extern struct fake_scanner fake;

void fake_reset(void);

#endif
