#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { ROUNDS = 7, TOTAL = 1 << 26 };

double machine_cycles(void)
{
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t x = 1;
        double from = bench_now();
        for (uint32_t i = 0; i < 10000000; i++) {
            x += i | 1;
            x ^= x >> 1; /* three cycles that wait for each other: shift, exclusive or, addition */
            __asm__ volatile("" : "+r"(x));
        }
        double each = 30000000 / ((bench_now() - from) * 1000);
        best = each > best ? each : best;
    }
    return best;
}

static double best_of(size_t bytes, int copy)
{
    char *from = calloc(2, bytes), *to = from + bytes;
    double best = 0;
    if (from == NULL)
        return 0;
    memset(from, 1, 2 * bytes); /* or all pages are the same empty one */
    for (int round = 0; round < ROUNDS; round++) {
        size_t times = TOTAL / bytes + 1;
        const void *volatile seen = NULL;
        double start = bench_now();
        for (size_t i = 0; i < times; i++) {
            if (copy) {
                memcpy(to, from, bytes);
                __asm__ volatile("" : : "r"(to) : "memory");
            } else {
                seen = memchr(from, 2, bytes);
            }
        }
        double each = (double)times * (double)bytes / ((bench_now() - start) * 1000);
        best = each > best && seen == NULL ? each : best;
    }
    free(from);
    return best;
}

double machine_read(size_t bytes)
{
    return best_of(bytes, 0);
}

double machine_copy(size_t bytes)
{
    return best_of(bytes, 1);
}
