/*
 * A recipe for a message of any size: where the bytes go, what they begin and end with, and what is
 * repeated in between until the size is reached. As text: "place: prefix | repeated | suffix" with
 * \xHH, \n, \\ and \| for what cannot stand there.
 */
#ifndef TESTS_BENCH_RECIPE_H
#define TESTS_BENCH_RECIPE_H

#include "base/base.h"

struct recipe {
    unsigned place;
    struct buf prefix, body, suffix;
};

extern const char *const recipe_places[]; /* ended by NULL */
unsigned recipe_n_places(void);

void recipe_init(struct recipe *r);
void recipe_fini(struct recipe *r);
/* False when the text is none. */
bool recipe_read(struct recipe *r, struct view text);
bool recipe_write(const struct recipe *r, struct buf *out);
/* The whole message, of about so many bytes. */
bool recipe_make(const struct recipe *r, size_t bytes, struct buf *out);

#endif
