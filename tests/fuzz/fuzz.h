/* What fuzz targets share: a check that stays in every build, and where files lie. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Once, before the first input; what takes long is done here. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
const char *__lsan_default_suppressions(void);

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* For targets that read libconfig files: 1.5 forgets the string in hand at a syntax error. */
#define FUZZ_LIBCONFIG_LEAKS                                                                       \
    const char *__lsan_default_suppressions(void)                                                  \
    {                                                                                              \
        return "leak:libconfig\n";                                                                 \
    }

/* A path below the source tree; below the program's own folder where there is none (OSS-Fuzz). */
static inline void fuzz_path(char out[PATH_MAX], const char *below)
{
    char self[PATH_MAX / 2] = ".";
    const char *top = getenv("top_srcdir");
    ssize_t n = top == NULL ? readlink("/proc/self/exe", self, sizeof self - 1) : 0;
    if (n > 0) {
        self[n] = '\0';
        char *slash = strrchr(self, '/');
        if (slash != NULL)
            *slash = '\0';
    }
    (void)snprintf(out, PATH_MAX, "%s/%s", top != NULL ? top : self, below);
}

/* libmagic's data, where they travel with the program. */
__attribute__((constructor)) static void fuzz_magic(void)
{
    char path[PATH_MAX];
    if (getenv("top_srcdir") != NULL || getenv("MAGIC") != NULL)
        return;
    fuzz_path(path, "magic.mgc");
    if (access(path, R_OK) == 0)
        (void)setenv("MAGIC", path, 1);
}

/* A file of these bytes, for what reads files; the same one each time, of FUZZ_FILES. */
enum { FUZZ_FILES = 2 };
static inline const char *fuzz_file(unsigned which, const void *data, size_t size)
{
    static char path[FUZZ_FILES][64];
    static int fd[FUZZ_FILES];
    if (path[which][0] == '\0') {
        fd[which] = memfd_create("fuzz", MFD_CLOEXEC);
        (void)snprintf(path[which], sizeof path[which], "/proc/self/fd/%d", fd[which]);
    }
    REQUIRE(ftruncate(fd[which], 0) == 0);
    REQUIRE(pwrite(fd[which], data, size, 0) == (ssize_t)size);
    return path[which];
}

/* Takes numbers and pieces off the front of an input. */
struct fuzz_input {
    const uint8_t *p;
    size_t n;
};

static inline unsigned fuzz_byte(struct fuzz_input *in)
{
    if (in->n == 0)
        return 0;
    in->n--;
    return *in->p++;
}

#endif
