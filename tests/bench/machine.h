/* What this machine can do at best, measured in the same run as what is compared with it. */
#ifndef TESTS_BENCH_MACHINE_H
#define TESTS_BENCH_MACHINE_H

#include <stddef.h>

/* Cycles a nanosecond: of a chain of additions, each of which takes one. */
double machine_cycles(void);
/* Bytes a nanosecond of reading (memchr) or copying (memcpy) so many bytes again and again; best of
 * rounds. */
double machine_read(size_t bytes);
double machine_copy(size_t bytes);

#endif
