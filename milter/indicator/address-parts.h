/*
 * The made-looking tokens around a place of a text: where the other parts of an address may stand.
 * A window that moves through one text with the places that are asked for, so that every byte is
 * read once however many places there are. Private to the room.
 */
#ifndef INDICATOR_ADDRESS_PARTS_H
#define INDICATOR_ADDRESS_PARTS_H

#include "indicator/address.h"

#define ADDRESS_PART_LONGEST 128 /* more than any address has that is put together */
#define ADDRESS_PARTS        8   /* on each side */

struct address_part {
    uint32_t from, to;
    uint16_t n;
    char text[ADDRESS_PART_LONGEST];
};

/* Tokens of four bytes and a separator each, over as much as is looked at around one place. */
enum { ADDRESS_PARTS_KEPT = 256 };

struct address_parts {
    const char *text; /* foreign; that the window stands in */
    uint32_t start, read_to;
    uint32_t first, n; /* in the ring */
    struct address_part ring[ADDRESS_PARTS_KEPT];
};

struct address_around {
    const struct address_part *behind[ADDRESS_PARTS], *before[ADDRESS_PARTS];
    uint32_t n_behind, n_before;
};

/*
 * Empty; lives as long as the arena, NULL when that is out of memory. Too large for a stack: each
 * thread of the MTA library that ever judged would keep its pages.
 */
struct address_parts *address_parts_new(struct arena *arena);
/*
 * Those around [from, to) of visible, each side in order of the text; valid until the next call.
 * Places should come in rising order. Returns how many bytes were read for it.
 */
uint32_t address_parts_around(struct address_parts *p, struct view visible, uint32_t from,
                              uint32_t to, struct address_around *out);

#endif
