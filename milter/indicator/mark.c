#include "indicator/finder.h"
#include "indicator/number.h"

/* The first eight bytes of a word, low byte first, zeros behind a shorter one. */
static inline uint64_t load(struct view bytes, size_t at, size_t n)
{
    const unsigned char *p = (const unsigned char *)bytes.p + at;
    uint64_t x = 0;

    if (at + 8 > bytes.n) {
        for (size_t i = 0; i < n && i < 8; i++)
            x |= (uint64_t)p[i] << 8 * i;
        return x;
    }
    /* One load, whatever the byte order: compilers know this pattern. */
    x = (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
        (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
    return n < 8 ? x & ((UINT64_C(1) << 8 * n) - 1) : x;
}

/* Is one of the eight bytes '0'..'9'? */
static bool any_digit(uint64_t x)
{
    uint64_t y = x ^ 0x3030303030303030u;

    return ((y - 0x0a0a0a0a0a0a0a0au) & ~y & 0x8080808080808080u) != 0;
}

static bool has_digit(struct view bytes, const struct word *w, uint64_t head)
{
    uint32_t length;

    if (any_digit(head))
        return true;
    /* The middle of longer words does not matter: they are marked as long. */
    if (w->length > 8 && any_digit(load(bytes, w->from + w->length - 8u, 8)))
        return true;
    return (head & 0xff) >= 0xd9 && number_digit_at(bytes, w->from, &length) >= 0;
}

static uint32_t mark_of(uint32_t role)
{
    if ((role & ROLES_CONTACT) != 0)
        return MARK_CONTACT;
    return role == ROLE_PASSWORD ? MARK_PASSWORD : MARK_ANCHOR;
}

void finder_mark(struct finder *f)
{
    const struct reading *r = &f->reading;
    struct lexicon_match match;
    const struct lexicon_filter *filter = &f->filter;
    uint32_t cap = 0;

    for (uint32_t i = 0; i < r->n_words; i++) {
        const struct word *w = &r->words[i];
        uint32_t flags = 0;
        if (w->length == 0)
            continue;
        uint64_t head = load(r->bytes, w->from, w->length);
        if (has_digit(r->bytes, w, head))
            flags |= MARK_DIGIT;
        if (w->length >= MARK_LONG_BYTES)
            flags |= MARK_LONG;
        if (lexicon_may_start(filter, (uint32_t)head)) {
            if (lexicon_find(f->lexicon, r, w->from, i, ROLES_ANCHOR, LANGUAGE_ANY, &match))
                flags |= mark_of(match.row->role);
            if (own_may_start(&f->own, (uint32_t)head))
                flags |= MARK_OWN;
        }
        if (flags == 0)
            continue;
        struct mark *marks = arena_grow(f->arena, f->marks, &cap, f->n_marks + 1, sizeof *marks);
        if (marks == NULL) {
            f->no_memory = true;
            return;
        }
        f->marks = marks;
        f->marks[f->n_marks++] = (struct mark){i, flags};
    }
}
