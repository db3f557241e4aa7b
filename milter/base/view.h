/*
 * Views: borrowed, length-carrying, not NUL-terminated bytes. A view never owns; whoever returns
 * one says whose life it shares. Spans are half-open byte ranges [from, to).
 */
#ifndef BASE_VIEW_H
#define BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct view {
    const char *p;
    size_t n;
};

struct span {
    uint32_t from;
    uint32_t to;
};

/* A view of a string literal, usable in initialisers. */
#define VIEW_LITERAL(s)                                                                            \
    {                                                                                              \
        (s), sizeof(s) - 1                                                                         \
    }
#define VIEW(s)   ((struct view)VIEW_LITERAL(s))
#define VIEW_NONE ((struct view){NULL, 0})
/* For printf("%.*s", VIEW_ARG(v)). */
#define VIEW_ARG(v) (int)(v).n, (v).n != 0 ? (v).p : ""

/* s may be NULL: an empty view. */
struct view view_of(const char *s);
/* Bytes [from, to) of v, clipped to v. */
struct view view_sub(struct view v, size_t from, size_t to);
/* Without leading and trailing space, tab, CR and LF. */
struct view view_trim(struct view v);

bool view_eq(struct view a, struct view b);
/* ASCII case-insensitive; other bytes compare as they are. */
bool view_eq_nocase(struct view a, struct view b);
bool view_starts_nocase(struct view v, struct view prefix);
bool view_ends_nocase(struct view v, struct view suffix);

/* Offset of the first match, or v.n when there is none. Linear in v.n. */
size_t view_find_byte(struct view v, char c);
size_t view_find(struct view v, struct view needle);
size_t view_find_nocase(struct view v, struct view needle);

/*
 * Takes one line off the front of *rest: the line without its ending goes to *line, *rest moves
 * past the ending (LF or CRLF). False when *rest is empty.
 */
bool view_next_line(struct view *rest, struct view *line);

/* Decimal digits only, no sign or space; false when empty, not a number, or above max. */
bool view_to_u64(struct view v, uint64_t max, uint64_t *out);

/* ASCII-only character classes, independent of the locale. */
static inline bool ascii_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}
static inline bool ascii_is_alpha(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool ascii_is_alnum(unsigned char c)
{
    return ascii_is_digit(c) || ascii_is_alpha(c);
}
static inline bool ascii_is_space(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}
static inline unsigned char ascii_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

#endif
