#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_fini(struct buf *b)
{
    free(b->p);
    buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
}

struct view buf_view(const struct buf *b)
{
    return (struct view){b->p, b->n};
}

enum status buf_reserve(struct buf *b, size_t more)
{
    if (more > b->max || b->n > b->max - more)
        return STATUS_LIMIT;
    if (b->n + more <= b->cap)
        return STATUS_OK;
    /* Twice as much, or just enough: what comes in one large piece is mostly all that comes. */
    size_t cap = b->cap < 128 ? 256 : b->cap <= b->max / 2 ? b->cap * 2 : b->max;
    if (cap < b->n + more)
        cap = b->n + more;
    char *p = realloc(b->p, cap);
    if (p == NULL)
        return STATUS_NO_MEMORY;
    b->p = p;
    b->cap = cap;
    return STATUS_OK;
}

enum status buf_add(struct buf *b, struct view v)
{
    enum status status = buf_reserve(b, v.n);
    if (status == STATUS_OK && v.n > 0) {
        memcpy(b->p + b->n, v.p, v.n);
        b->n += v.n;
    }
    return status;
}

enum status buf_add_byte(struct buf *b, char c)
{
    return buf_add(b, (struct view){&c, 1});
}

enum status buf_addf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        return STATUS_INVALID;
    /* One byte more than is counted, for the NUL that vsnprintf insists on. */
    char small[512];
    char *text = (size_t)need < sizeof small ? small : malloc((size_t)need + 1);
    if (text == NULL)
        return STATUS_NO_MEMORY;
    va_start(args, format);
    (void)vsnprintf(text, (size_t)need + 1, format, args);
    va_end(args);
    enum status status = buf_add(b, (struct view){text, (size_t)need});
    if (text != small)
        free(text);
    return status;
}
