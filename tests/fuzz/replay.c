/*
 * A main for fuzz targets without libFuzzer: replays files, so that what was found once is tested
 * for ever. Without arguments: all of tests/fuzz/corpus/<thing>/, with a few hundred mutations of
 * each (the same ones every time), as TAP. With arguments: those files.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

enum { FILE_MAX = 1 << 20, MUTATIONS = 100 };

/* REPLAY_SAVE=file: each input is written there before it runs, so that the last one is found. */
static void save(const uint8_t *data, size_t size)
{
    const char *path = getenv("REPLAY_SAVE");
    FILE *f = path != NULL ? fopen(path, "wb") : NULL;
    if (f != NULL) {
        (void)fwrite(data, 1, size, f);
        (void)fclose(f);
    }
}

/* In memory of its exact size, so that the sanitizers see a read behind the end. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return;
    memcpy(copy, data, size);
    save(data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13; /* xorshift32 */
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Bytes flipped, cut, doubled, and the end chopped off. */
static size_t mutate(uint8_t *data, size_t size, size_t room, uint32_t *state)
{
    for (unsigned i = next_random(state) % 6 + 1; i > 0 && size > 0; i--) {
        size_t at = next_random(state) % size, n = next_random(state) % 64 + 1;
        n = n < size - at ? n : size - at;
        switch (next_random(state) % 5) {
        case 0:
            data[at] = (uint8_t)next_random(state);
            break;
        case 1:
            data[at] ^= (uint8_t)(1u << next_random(state) % 8);
            break;
        case 2:
            memmove(data + at, data + at + n, size - at - n);
            size -= n;
            break;
        case 3:
            if (n <= room - size) {
                memmove(data + at + n, data + at, size - at);
                size += n;
            }
            break;
        default:
            size = next_random(state) % 8 == 0 ? at : size;
            break;
        }
    }
    return size;
}

static int replay(const char *path, unsigned mutations)
{
    static uint8_t data[FILE_MAX], changed[FILE_MAX];
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "# cannot read %s\n", path);
        return 1;
    }
    size_t n = fread(data, 1, sizeof data, f);
    (void)fclose(f);
    run(data, n);
    uint32_t state = 2463534242u;
    for (unsigned i = 0; i < mutations && n > 0; i++) {
        memcpy(changed, data, n);
        run(changed, mutate(changed, n, sizeof changed, &state));
    }
    return 0;
}

int main(int argc, char **argv)
{
    int failures = 0;
    if (LLVMFuzzerInitialize != NULL && LLVMFuzzerInitialize(&argc, &argv) != 0)
        return 1;
    if (argc > 1) {
        for (int i = 1; i < argc; i++)
            failures += replay(argv[i], 0);
        return failures > 0;
    }
    const char *slash = strrchr(argv[0], '/'), *name = slash != NULL ? slash + 1 : argv[0];
    const char *dash = strstr(name, "fuzz-"), *top = getenv("top_srcdir");
    char folder[3000], path[4096];
    (void)snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", top != NULL ? top : ".",
                   dash != NULL ? dash + 5 : name);
    DIR *dir = opendir(folder);
    unsigned n = 0;
    if (dir == NULL) {
        printf("1..1\nnot ok 1 - %s is missing\n", folder);
        return 1;
    }
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        int bad = replay(path, MUTATIONS);
        printf("%s %u - %s\n", bad != 0 ? "not ok" : "ok", ++n, e->d_name);
        failures += bad;
    }
    (void)closedir(dir);
    printf("1..%u\n", n);
    return failures > 0 || n == 0;
}
