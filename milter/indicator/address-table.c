/* Which shapes can an address have that starts with this letter? Made once from families.def. */
#include "indicator/address.h"

#include <stdlib.h>
#include <string.h>

static void start_with(struct address_table *t, uint32_t entry, unsigned char c)
{
    const struct address_shape *shape = t->entries[entry].shape;

    t->starting[c] |= UINT64_C(1) << entry;
    if (shape->shortest < t->shortest[c])
        t->shortest[c] = shape->shortest;
}

static void add(struct address_table *t, const struct address_row *row,
                const struct address_shape *shape)
{
    uint32_t entry = t->n++;

    t->entries[entry] = (struct address_entry){row, shape};
    if (shape->joined)
        t->joined |= UINT64_C(1) << entry;
    if (shape->alphabet == ADDRESS_HEX) {
        start_with(t, entry, '0');
    } else if (shape->alphabet == ADDRESS_BECH32) {
        unsigned char c = (unsigned char)shape->starts[0];
        start_with(t, entry, c);
        start_with(t, entry, (unsigned char)(c - 32)); /* prefixes are small letters */
        t->prefixed |= UINT64_C(1) << entry;
    } else {
        for (const char *p = shape->starts; *p != '\0'; p++)
            start_with(t, entry, (unsigned char)*p);
    }
}

struct address_table *address_table_new(void)
{
    struct address_table *t = calloc(1, sizeof *t);

    if (t == NULL)
        return NULL;
    memset(t->shortest, 0xff, sizeof t->shortest);
    for (const struct address_row *row = address_rows; row->family != NULL; row++)
        for (const struct address_shape *shape = row->family->shapes;
             shape->starts != NULL && t->n < ADDRESS_SHAPES; shape++)
            add(t, row, shape);
    return t;
}

void address_table_free(struct address_table **t)
{
    free(*t);
    *t = NULL;
}
