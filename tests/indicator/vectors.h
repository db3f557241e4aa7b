/* tests/data/address-vectors.tsv, row by row: published test vectors and look-alikes. */
#ifndef TESTS_INDICATOR_VECTORS_H
#define TESTS_INDICATOR_VECTORS_H

#include <stdlib.h>

#include "../test.h"

struct vector {
    char coin[24], form[64], address[1200];
    bool valid;
};

struct vectors {
    struct vector *v;
    size_t n;
};

static inline void vector_field(const char **p, char *out, size_t size)
{
    size_t n = strcspn(*p, "\t\n");
    assert_true(n < size);
    memcpy(out, *p, n);
    out[n] = '\0';
    *p += n + (**p != '\0' && (*p)[n] == '\t');
}

static inline struct vectors vectors_read(void)
{
    const char *top = getenv("top_srcdir");
    char path[4096];
    char line[4096];
    struct vectors all = {calloc(1000, sizeof(struct vector)), 0};

    snprintf(path, sizeof path, "%s/tests/data/address-vectors.tsv", top != NULL ? top : ".");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(all.v);
    assert_non_null(fgets(line, sizeof line, f)); /* the head line */
    while (fgets(line, sizeof line, f) != NULL) {
        struct vector *v = &all.v[all.n++];
        const char *p = line;
        char valid[16];
        assert_true(all.n < 1000);
        vector_field(&p, v->coin, sizeof v->coin);
        vector_field(&p, v->form, sizeof v->form);
        vector_field(&p, v->address, sizeof v->address);
        vector_field(&p, valid, sizeof valid);
        assert_true(strcmp(valid, "valid") == 0 || strcmp(valid, "invalid") == 0);
        v->valid = strcmp(valid, "valid") == 0;
    }
    fclose(f);
    return all;
}

#endif
