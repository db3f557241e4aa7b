#include "indicator/address-parts.h"

#include <string.h>

#define PART_SHORTEST 4   /* letters of a half or third */
#define PARTS_AFTER   800 /* bytes in which the other parts are looked for */
#define PARTS_BEFORE  300

static struct address_part *at(struct address_parts *p, uint32_t i)
{
    return &p->ring[(p->first + i) % ADDRESS_PARTS_KEPT];
}

static void drop_first(struct address_parts *p)
{
    p->first = (p->first + 1) % ADDRESS_PARTS_KEPT;
    p->n--;
}

/* Reads one token or separator. Did it give a part? */
static bool read_one(struct address_parts *p, struct view visible)
{
    struct address_token token;

    if ((unsigned char)visible.p[p->read_to] < 0x80 &&
        !ascii_is_alnum((unsigned char)visible.p[p->read_to])) {
        p->read_to++;
        return false;
    }
    uint32_t looked = address_token_read(visible, p->read_to, &token);
    if (token.n == 0) { /* nothing but invisible characters, or a sign */
        p->read_to += looked > 0 ? looked : 1;
        while (p->read_to < visible.n && ((unsigned char)visible.p[p->read_to] & 0xc0) == 0x80)
            p->read_to++;
        return false;
    }
    p->read_to = token.to;
    if (token.n < PART_SHORTEST || token.n > ADDRESS_PART_LONGEST || token.too_long ||
        !address_is_coded(address_token_view(&token)))
        return false;
    if (p->n == ADDRESS_PARTS_KEPT)
        drop_first(p);
    struct address_part *part = at(p, p->n++);
    part->from = token.from;
    part->to = token.to;
    part->n = token.n;
    memcpy(part->text, token.text, token.n);
    return true;
}

struct address_parts *address_parts_new(struct arena *arena)
{
    struct address_parts *p = arena_alloc(arena, sizeof *p);
    if (p != NULL) {
        p->text = NULL;
        p->n = p->start = p->read_to = p->first = 0;
    }
    return p;
}

uint32_t address_parts_around(struct address_parts *p, struct view visible, uint32_t from,
                              uint32_t to, struct address_around *out)
{
    uint32_t least = from > PARTS_BEFORE ? from - PARTS_BEFORE : 0;

    while (least > 0 && ((unsigned char)visible.p[least] & 0xc0) == 0x80)
        least--;
    if (p->text != visible.p || from < p->start || p->read_to < least) {
        p->text = visible.p;
        p->n = 0;
        p->read_to = least;
    }
    p->start = from;
    while (p->n > 0 && at(p, 0)->from < least)
        drop_first(p);
    out->n_behind = out->n_before = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        const struct address_part *part = at(p, i);
        if (part->to <= from && out->n_before < ADDRESS_PARTS)
            out->before[out->n_before++] = part;
        else if (part->from >= to && out->n_behind < ADDRESS_PARTS)
            out->behind[out->n_behind++] = part;
    }
    uint32_t began = p->read_to;
    while (out->n_behind < ADDRESS_PARTS && p->read_to < visible.n &&
           p->read_to < (uint64_t)to + PARTS_AFTER) {
        if (!read_one(p, visible))
            continue;
        const struct address_part *part = at(p, p->n - 1);
        if (part->to <= from && out->n_before < ADDRESS_PARTS)
            out->before[out->n_before++] = part;
        else if (part->from >= to)
            out->behind[out->n_behind++] = part;
    }
    return p->read_to - began;
}
