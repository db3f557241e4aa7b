/*
 * A growing byte buffer with a ceiling. There is no buffer without one: the ceiling is an argument
 * of init. Reaching it fails the call and leaves the content as it was before the call.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/status.h"
#include "base/view.h"

struct buf {
    char *p; /* own; not NUL-terminated */
    size_t n;
    size_t cap;
    size_t max;
};

/* max: most bytes it will ever hold. Allocates nothing. */
void buf_init(struct buf *b, size_t max);
/* Frees the bytes; b may be used again as if just initialised. */
void buf_fini(struct buf *b);
/* Forgets the content, keeps the memory. */
void buf_clear(struct buf *b);
struct view buf_view(const struct buf *b);

/* STATUS_OK, STATUS_LIMIT (ceiling) or STATUS_NO_MEMORY. */
enum status buf_reserve(struct buf *b, size_t more);
enum status buf_add(struct buf *b, struct view v);
enum status buf_add_byte(struct buf *b, char c);
/* printf-style; for our own formats only, never for text from mail. */
enum status buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
