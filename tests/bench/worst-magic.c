/*
 * Looks for the 4 kB that cost libmagic most, with the flags and limits of the mail room
 * (reader_magic_open). Pieces are strings of libmagic's own data, which is what its tests look for.
 *
 *   worst-magic SECONDS [SEED] < /usr/share/misc/magic.mgc
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "mail/parse.h"

enum { BYTES = 4096, TOKENS = 100000, DATA = 16 << 20 };

static char data[DATA];
static struct {
    const char *p;
    size_t n;
} token[TOKENS];
static uint32_t n_tokens;

static void tokens_find(size_t n)
{
    for (size_t i = 0, from = 0; i <= n; i++) {
        if (i < n && data[i] >= ' ' && data[i] < 127)
            continue;
        if (i - from >= 2 && i - from <= 64 && n_tokens < TOKENS) {
            token[n_tokens].p = data + from;
            token[n_tokens++].n = i - from;
        }
        from = i + 1;
    }
}

static double cost(magic_t m, const char *p, unsigned runs)
{
    double best = 1e9;
    for (unsigned i = 0; i < runs; i++) {
        double from = bench_now();
        (void)magic_buffer(m, p, BYTES);
        double us = bench_now() - from;
        best = us < best ? us : best;
    }
    return best;
}

static void put(uint64_t *seed, char *p, uint32_t at)
{
    uint32_t t = bench_random(seed, n_tokens);
    size_t n = token[t].n < BYTES - at ? token[t].n : BYTES - at;
    memcpy(p + at, token[t].p, n);
}

static void change(uint64_t *seed, char *p)
{
    uint32_t at = bench_random(seed, BYTES), n = bench_random(seed, 512);
    static const uint32_t starts[] = {0, 0, 0, 2, 4, 8, 16, 32, 60, 128, 257, 512, 1024};
    switch (bench_random(seed, 7)) {
    case 0:
        put(seed, p, starts[bench_random(seed, sizeof starts / sizeof starts[0])]);
        break;
    case 1:
        put(seed, p, at);
        break;
    case 2:
        p[bench_random(seed, 64)] = (char)bench_random(seed, 256);
        break;
    case 3:
        p[at] = (char)bench_random(seed, 256);
        break;
    case 4: /* the same byte, or the same word, over a stretch */
        memset(p + at, (int)bench_random(seed, 256), n < BYTES - at ? n : BYTES - at);
        break;
    case 5:
        memmove(p + at / 2, p + at, BYTES - at);
        break;
    default:
        for (uint32_t k = at; k < BYTES; k += n + 1)
            put(seed, p, k);
        break;
    }
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 10, most = 0;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    char best[BYTES], now[BYTES], next[BYTES];
    magic_t m = reader_magic_open();
    tokens_find(fread(data, 1, sizeof data, stdin));
    if (m == NULL || magic_load(m, NULL) != 0 || n_tokens == 0) {
        fprintf(stderr, "worst-magic: no data of libmagic on stdin, or libmagic cannot load it\n");
        return 65;
    }
    unsigned long tried = 0, idle = 1000;
    double at = 0;
    for (double end = bench_wall() + seconds; bench_wall() < end; tried++, idle++) {
        if (idle > 800) { /* anew, from bytes of one kind */
            for (unsigned i = 0; i < BYTES; i++)
                now[i] = (char)(bench_random(&seed, 2) ? bench_random(&seed, 256) : ' ');
            at = cost(m, now, 2);
            idle = 0;
        }
        memcpy(next, now, BYTES);
        for (uint32_t k = bench_random(&seed, 3) + 1; k > 0; k--)
            change(&seed, next);
        double us = cost(m, next, 1);
        if (us <= at * 1.03 || (us = cost(m, next, 3)) <= at * 1.03)
            continue;
        memcpy(now, next, BYTES);
        at = us;
        idle = 0;
        if (at > most) {
            most = at;
            memcpy(best, now, BYTES);
        }
    }
    const char *type = magic_buffer(m, best, BYTES);
    printf("libmagic: %.0f us for 4 kB at worst, %lu tried; %s\n", cost(m, best, 9), tried,
           type != NULL ? type : "-");
    FILE *f = argc > 3 ? fopen(argv[3], "w") : NULL;
    if (f != NULL) {
        (void)fwrite(best, 1, BYTES, f);
        (void)fclose(f);
    }
    magic_close(m);
    return 0;
}
