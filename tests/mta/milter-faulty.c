/*
 * milter-faulty SOCKET-PATH FILE LEAST: the same flagged message over and over to a daemon that
 * runs with preload.so and $FAULT_MALLOC = FILE; the first time its first allocation fails, then
 * its second, and so on until a message needs fewer. After each, one without a failure.
 *
 * A line for each outcome: how often, the answer (c: accepted, t: put off, 0: the connection was
 * closed, which leaves the message to the MTA's default action), and how many edits came with it.
 * Exit code 1 when a message was accepted torn (new MIME fields, not the new body) or with fewer
 * edits than LEAST, or when one that came after a failure was not treated as the very first.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mta/fault.h"
#include "mta/wire.h"

enum { MOST = 5000, KINDS_MAX = 64 };

struct kind {
    char code;
    size_t edits;
    long times;
};

static struct kind kinds[KINDS_MAX];
static size_t n_kinds;

static size_t lines(const struct mta *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n_edits; i++)
        n += m->edits[i] == '\n';
    return n;
}

static void note(char code, size_t edits)
{
    size_t i = 0;
    while (i < n_kinds && (kinds[i].code != code || kinds[i].edits != edits))
        i++;
    if (i == KINDS_MAX)
        return;
    kinds[i] = (struct kind){code, edits, kinds[i].times + 1};
    n_kinds += i == n_kinds;
}

/* Whoever has no memory for a connection closes it; then nothing came. */
static char message(size_t *edits, bool *torn)
{
    struct mta m;
    char code = 0;
    if (begin(&m) && mail(&m, "FAULT") && header(&m, "Subject", " I recorded you") &&
        header(&m, "X-Extortion-Flag", " no") && header(&m, "To", " <user@example.org>"))
        code = end(&m, "I recorded you\r\npay 900 dollars or I send it\r\n");
    *edits = code != 0 ? lines(&m) : 0;
    *torn = m.edits != NULL && strstr(m.edits, "Content-Type") != NULL &&
            strstr(m.edits, "\nb\t") == NULL;
    mta_close(&m);
    return code;
}

int main(int argc, char **argv)
{
    size_t all, edits;
    bool torn;
    long n = 1, bad = 0;
    int fd = argc == 4 && patience_read() ? open(argv[2], O_RDWR) : -1;
    if (fd < 0) {
        (void)fprintf(stderr, "usage: milter-faulty SOCKET-PATH FILE LEAST\n");
        return 64;
    }
    size_t least = strtoul(argv[3], NULL, 10);
    struct fault *f = mmap(NULL, sizeof *f, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (f == MAP_FAILED)
        return 71;
    socket_path = argv[1];
    if (message(&all, &torn) != 'c' || all < 2) {
        (void)printf("without a failure it is not flagged\n");
        return 1;
    }
    for (bool failed = true; failed && n < MOST; n++) {
        __atomic_store_n(&f->failed, 0, __ATOMIC_SEQ_CST);
        __atomic_store_n(&f->left, n, __ATOMIC_SEQ_CST);
        char code = message(&edits, &torn);
        __atomic_store_n(&f->left, 0, __ATOMIC_SEQ_CST);
        failed = __atomic_load_n(&f->failed, __ATOMIC_SEQ_CST) != 0;
        note(code, edits);
        if (code == 'c' && edits != all && (torn || edits < least)) {
            bad++;
            (void)printf("allocation %ld: %zu of %zu edits\n", n, edits, all);
        }
        code = message(&edits, &torn);
        if (code != 'c' || edits != all) {
            bad++;
            (void)printf("after allocation %ld failed: %c with %zu edits\n", n,
                         code != 0 ? code : '0', edits);
        }
    }
    for (size_t i = 0; i < n_kinds; i++)
        (void)printf("%ld: %c with %zu of %zu edits\n", kinds[i].times,
                     kinds[i].code != 0 ? kinds[i].code : '0', kinds[i].edits, all);
    (void)printf("%ld allocations\n", n - 2);
    return bad > 0 || n == MOST;
}
