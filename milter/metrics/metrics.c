#include <stdlib.h>
#include <string.h>

#include "metrics/table.h"

struct metrics *metrics_new(void)
{
    return calloc(1, sizeof(struct metrics));
}

void metrics_free(struct metrics **m)
{
    if (*m == NULL)
        return;
    for (size_t i = 0; i < METRIC_NAMES_COUNT; i++)
        for (size_t k = 0; k < NAME_SLOTS; k++)
            free(atomic_load(&(*m)->names[i].slots[k].name));
    free(*m);
    *m = NULL;
}

void metrics_add(struct metrics *m, enum metric which, uint64_t n)
{
    (void)atomic_fetch_add_explicit(&m->value[which], n, memory_order_relaxed);
}

void metrics_count(struct metrics *m, enum metric which)
{
    metrics_add(m, which, 1);
}

void metrics_lower(struct metrics *m, enum metric which)
{
    (void)atomic_fetch_sub_explicit(&m->value[which], 1, memory_order_relaxed);
}

void metrics_set(struct metrics *m, enum metric which, uint64_t value)
{
    atomic_store_explicit(&m->value[which], value, memory_order_relaxed);
}

/* The rows of all metrics: a histogram's bounds depend on its family's unit. */
static const struct bound *bounds_of(enum metric which)
{
    const struct metric_row *family = NULL;
    for (size_t i = 0; i < n_metric_rows; i++) {
        if (metric_rows[i].family != NULL)
            family = &metric_rows[i];
        if (metric_rows[i].metric == (int)which)
            break;
    }
    return metric_bounds(family != NULL ? family->unit : "");
}

void metrics_observe(struct metrics *m, enum metric which, uint64_t value)
{
    const struct bound *bounds = bounds_of(which);
    size_t i = 0;
    while (i < BOUNDS_MAX && bounds[i].text != NULL && value > bounds[i].value)
        i++;
    if (i < BOUNDS_MAX && bounds[i].text == NULL)
        i = BOUNDS_MAX;
    (void)atomic_fetch_add_explicit(&m->bucket[which][i], 1, memory_order_relaxed);
    metrics_add(m, which, value);
}

static uint32_t hash(struct view name)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)name.p[i]) * 16777619u;
    return h;
}

static char *copy_of(struct view name)
{
    char *copy = malloc(name.n + 1);
    if (copy != NULL) {
        memcpy(copy, name.p, name.n);
        copy[name.n] = '\0';
    }
    return copy;
}

/* Sets an empty slot; somebody else may be faster. What then stands there, or NULL: no room. */
static char *slot_take(struct names *t, struct name_slot *slot, struct view name, unsigned most)
{
    char *expected = NULL, *copy = NULL;
    if (atomic_fetch_add(&t->used, 1) < most)
        copy = copy_of(name);
    if (copy != NULL && atomic_compare_exchange_strong(&slot->name, &expected, copy))
        return copy;
    (void)atomic_fetch_sub(&t->used, 1);
    free(copy);
    return copy != NULL ? expected : NULL;
}

static atomic_ullong *counter_of(struct names *t, struct view name, unsigned most)
{
    uint32_t at = hash(name);
    for (uint32_t i = 0; i < NAME_SLOTS; i++) {
        struct name_slot *slot = &t->slots[(at + i) % NAME_SLOTS];
        char *there = atomic_load(&slot->name);
        if (there == NULL)
            there = slot_take(t, slot, name, most);
        if (there == NULL)
            break;
        if (view_eq(view_of(there), name))
            return &slot->n;
    }
    return &t->other;
}

static unsigned most_of(enum metric_names which)
{
    static const unsigned most[] = {
#define NAMED(id, name, label, n, held_back, help) [METRIC_NAMES_##id] = (n),
#include "metrics/metrics.def"
    };
    return most[which];
}

void metrics_count_name(struct metrics *m, enum metric_names which, struct view name)
{
    struct names *t = &m->names[which];
    atomic_ullong *counter =
        name.n > 0 && name.n <= NAME_BYTES_MAX ? counter_of(t, name, most_of(which)) : &t->other;
    (void)atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

uint64_t metrics_get(const struct metrics *m, enum metric which)
{
    uint64_t n = 0;
    for (size_t i = 0; i <= BOUNDS_MAX; i++)
        n += atomic_load_explicit(&m->bucket[which][i], memory_order_relaxed);
    return n > 0 ? n : atomic_load_explicit(&m->value[which], memory_order_relaxed);
}

uint64_t metrics_get_names(const struct metrics *m, enum metric_names which)
{
    const struct names *t = &m->names[which];
    uint64_t n = atomic_load_explicit(&t->other, memory_order_relaxed);
    for (size_t i = 0; i < NAME_SLOTS; i++)
        n += atomic_load_explicit(&t->slots[i].n, memory_order_relaxed);
    return n;
}
