#include "rule/rule.h"

static const char *const names[] = {
#define FACET(id, name, cap, text) name,
#include "rule/facets.def"
#undef FACET
};
_Static_assert(sizeof names / sizeof names[0] == FACET_COUNT, "a name for every facet");

const char *facet_name(enum facet facet)
{
    return facet < FACET_COUNT ? names[facet] : "none";
}

enum facet facet_find(struct view name)
{
    unsigned i = 0;
    while (i < FACET_COUNT && !view_eq(name, view_of(names[i])))
        i++;
    return (enum facet)i;
}
