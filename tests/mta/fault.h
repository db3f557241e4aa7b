/* What a test and preload.so share: a file of this form, which both map. */
#ifndef TESTS_MTA_FAULT_H
#define TESTS_MTA_FAULT_H

struct fault {
    long left;   /* the so manieth allocation from now on fails; 0 and less: none */
    long failed; /* how many did */
};

#endif
