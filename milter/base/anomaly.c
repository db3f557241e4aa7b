#include "base/anomaly.h"

static const struct {
    const char *name;
    const char *text;
} rows[] = {
#define ANOMALY(id, name, text) {name, text},
#include "base/anomaly.def"
#undef ANOMALY
};

_Static_assert(sizeof rows / sizeof rows[0] == ANOMALY_COUNT, "table and enum agree");

void anomaly_note(struct anomalies *a, enum anomaly which)
{
    if (a->count[which] != UINT32_MAX)
        a->count[which]++;
}

const char *anomaly_name(enum anomaly which)
{
    return which < ANOMALY_COUNT ? rows[which].name : "unknown";
}

const char *anomaly_text(enum anomaly which)
{
    return which < ANOMALY_COUNT ? rows[which].text : "unknown";
}

enum anomaly anomaly_find(struct view name)
{
    for (unsigned i = 0; i < ANOMALY_COUNT; i++)
        if (view_eq(name, view_of(rows[i].name)))
            return (enum anomaly)i;
    return ANOMALY_COUNT;
}
