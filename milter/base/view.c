#include "base/view.h"

#include <string.h>

struct view view_of(const char *s)
{
    return (struct view){s, s != NULL ? strlen(s) : 0};
}

struct view view_sub(struct view v, size_t from, size_t to)
{
    if (to > v.n)
        to = v.n;
    if (from > to)
        from = to;
    return (struct view){v.p != NULL ? v.p + from : NULL, to - from};
}

struct view view_trim(struct view v)
{
    while (v.n > 0 && ascii_is_space((unsigned char)v.p[0])) {
        v.p++;
        v.n--;
    }
    while (v.n > 0 && ascii_is_space((unsigned char)v.p[v.n - 1]))
        v.n--;
    return v;
}

bool view_eq(struct view a, struct view b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool view_eq_nocase(struct view a, struct view b)
{
    return a.n == b.n && view_starts_nocase(a, b);
}

bool view_starts_nocase(struct view v, struct view prefix)
{
    if (v.n < prefix.n)
        return false;
    for (size_t i = 0; i < prefix.n; i++)
        if (ascii_lower((unsigned char)v.p[i]) != ascii_lower((unsigned char)prefix.p[i]))
            return false;
    return true;
}

bool view_ends_nocase(struct view v, struct view suffix)
{
    return v.n >= suffix.n && view_starts_nocase(view_sub(v, v.n - suffix.n, v.n), suffix);
}

size_t view_find_byte(struct view v, char c)
{
    const char *hit = v.n > 0 ? memchr(v.p, c, v.n) : NULL;
    return hit != NULL ? (size_t)(hit - v.p) : v.n;
}

size_t view_find(struct view v, struct view needle)
{
    if (needle.n == 0)
        return 0;
    const char *hit = v.n >= needle.n ? memmem(v.p, v.n, needle.p, needle.n) : NULL;
    return hit != NULL ? (size_t)(hit - v.p) : v.n;
}

size_t view_find_nocase(struct view v, struct view needle)
{
    if (needle.n == 0)
        return 0;
    for (size_t i = 0; i + needle.n <= v.n; i++)
        if (view_starts_nocase((struct view){v.p + i, v.n - i}, needle))
            return i;
    return v.n;
}

bool view_next_line(struct view *rest, struct view *line)
{
    if (rest->n == 0)
        return false;
    size_t end = view_find_byte(*rest, '\n');
    size_t next = end < rest->n ? end + 1 : end;
    if (end > 0 && end < rest->n && rest->p[end - 1] == '\r')
        end--;
    *line = view_sub(*rest, 0, end);
    *rest = view_sub(*rest, next, rest->n);
    return true;
}

bool view_to_u64(struct view v, uint64_t max, uint64_t *out)
{
    uint64_t sum = 0;
    if (v.n == 0)
        return false;
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (!ascii_is_digit(c) || __builtin_mul_overflow(sum, 10u, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(c - '0'), &sum) || sum > max)
            return false;
    }
    *out = sum;
    return true;
}
