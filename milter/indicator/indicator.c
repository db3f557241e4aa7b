#include "indicator/indicator.h"

#include "indicator/address.h"
#include "indicator/finder.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[INDICATOR_KINDS] = {
#define ADDRESS(id, name, family) [INDICATOR_##id] = name,
#define SEARCH(id, name, find)    [INDICATOR_##id] = name,
#define NAMED(id, name)           [INDICATOR_##id] = name,
#include "indicator/families.def"
#undef ADDRESS
#undef SEARCH
#undef NAMED
};

const char *indicator_kind_name(enum indicator_kind kind)
{
    return kind < INDICATOR_KINDS ? kind_names[kind] : "unknown";
}

enum indicator_kind indicator_kind_find(struct view name)
{
    for (int k = 0; k < INDICATOR_KINDS; k++)
        if (view_eq(name, view_of(kind_names[k])))
            return (enum indicator_kind)k;
    return INDICATOR_KINDS;
}

static int compare(const void *a, const void *b)
{
    const struct indicator *x = a;
    const struct indicator *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    if (x->visible.from != y->visible.from)
        return x->visible.from < y->visible.from ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->value.n != y->value.n)
        return x->value.n < y->value.n ? -1 : 1;
    int order = memcmp(x->value.p, y->value.p, x->value.n);
    if (order != 0)
        return order;
    /* The visible one first: its link is the duplicate. */
    return (x->flags & INDICATOR_LINK) - (y->flags & INDICATOR_LINK);
}

/* The same value at the same place: text and its link, parameters of one URI. */
static void sort_unique(struct indicators *out)
{
    uint32_t kept = 0;

    if (out->n < 2)
        return;
    qsort(out->v, out->n, sizeof out->v[0], compare);
    for (uint32_t i = 1; i < out->n; i++) {
        const struct indicator *a = &out->v[kept];
        const struct indicator *b = &out->v[i];
        if (a->kind == b->kind && a->segment == b->segment && a->visible.from == b->visible.from &&
            view_eq(a->value, b->value))
            continue;
        out->v[++kept] = *b;
    }
    out->n = kept + 1;
}

uint32_t finder_allowance(const struct finder *f, uint32_t limit, struct allowance a)
{
    uint64_t fair = a.any + (uint64_t)f->text->folded.n * a.more / a.bytes;

    return fair < limit ? (uint32_t)fair : limit;
}

void finder_allow(struct finder *f)
{
    f->allowed = f->out->n + (f->limits->indicators - f->out->n + 1) / 2;
    f->full = false;
    f->work = finder_allowance(f, f->limits->indicator_lookups, allowance_lookups);
}

bool finder_spend(struct finder *f, uint32_t lookups)
{
    if (f->work >= lookups) {
        f->work -= lookups;
        return true;
    }
    anomaly_note(&f->out->anomalies, ANOMALY_INDICATOR_LIMIT);
    f->work = 0;
    return false;
}

bool finder_add(struct finder *f, const struct indicator *i)
{
    struct indicators *out = f->out;

    if (f->no_memory || i->value.p == NULL) {
        f->no_memory = true;
        return false;
    }
    if (out->n >= f->allowed) {
        f->full = true;
        anomaly_note(&out->anomalies, ANOMALY_INDICATOR_LIMIT);
        return false;
    }
    struct indicator *v = arena_grow(f->arena, out->v, &f->cap, out->n + 1, sizeof *v);
    if (v == NULL) {
        f->no_memory = true;
        return false;
    }
    out->v = v;
    out->v[out->n++] = *i;
    return true;
}

bool finder_add_words(struct finder *f, struct indicator *i, uint32_t first, uint32_t last,
                      uint32_t from, uint32_t to)
{
    i->first = reading_first(&f->reading, first);
    i->last = reading_last(&f->reading, last);
    const struct segment *s = text_segment_of(f->text, i->first);
    i->segment = (uint32_t)(s - f->text->segments);
    i->visible = reading_visible(&f->reading, s, from, to);
    if ((f->text->words[i->first].flags & (WORD_QUOTED | WORD_FORWARDED)) != 0)
        i->flags |= INDICATOR_QUOTED;
    return finder_add(f, i);
}

struct view finder_amount_text(struct finder *f, double number, unsigned decimals, const char *code)
{
    char out[64];
    size_t at = sizeof out;
    uint64_t scale = 1;

    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    uint64_t scaled = (uint64_t)(number * (double)scale + 0.5);
    /* Written from the end, so that the locale has no say in it. */
    at -= strlen(code);
    memcpy(out + at, code, strlen(code));
    out[--at] = ' ';
    bool tail = false;
    for (unsigned i = 0; i < decimals; i++, scaled /= 10) {
        if (scaled % 10 != 0 || tail) {
            out[--at] = (char)('0' + scaled % 10);
            tail = true;
        }
    }
    if (tail)
        out[--at] = '.';
    do
        out[--at] = (char)('0' + scaled % 10);
    while ((scaled /= 10) != 0);
    return arena_copy(f->arena, (struct view){out + at, sizeof out - at});
}

struct indicator_words {
    struct lexicon *lexicon;         /* own */
    struct address_table *addresses; /* own */
};

struct indicator_words *indicator_words_new(void)
{
    struct indicator_words *words = calloc(1, sizeof *words);

    if (words == NULL)
        return NULL;
    words->lexicon = lexicon_new();
    words->addresses = address_table_new();
    if (words->lexicon == NULL || words->addresses == NULL)
        indicator_words_free(&words);
    return words;
}

void indicator_words_free(struct indicator_words **words)
{
    if (*words == NULL)
        return;
    lexicon_free(&(*words)->lexicon);
    address_table_free(&(*words)->addresses);
    free(*words);
    *words = NULL;
}

enum status indicators_find(const struct indicator_words *words, const struct text *t,
                            const struct limits *limits, struct arena *arena,
                            struct indicators *out)
{
    struct finder f;

    *out = (struct indicators){0};
    f = (struct finder){.text = t, .limits = limits, .arena = arena, .out = out};
    f.lexicon = words->lexicon;
    f.addresses = words->addresses;
    f.work = finder_allowance(&f, limits->indicator_lookups, allowance_quantities);
    f.filter = *lexicon_filter(f.lexicon);
    if (!own_init(&f.own, t, &f.filter, arena) ||
        reading_init(&f.reading, t, f.lexicon, arena) != STATUS_OK)
        return STATUS_NO_MEMORY;
    finder_mark(&f);
    quantity_find(&f);
    /* Addresses first: they matter most should the limit be reached. */
    finder_allow(&f);
    address_find(&f);
#define ADDRESS(id, name, family)
#define NAMED(id, name)
#define SEARCH(id, name, find)                                                                     \
    finder_allow(&f);                                                                              \
    if (!budget_spent(limits->budget))                                                             \
        find(&f);
#include "indicator/families.def"
#undef ADDRESS
#undef SEARCH
#undef NAMED
    sort_unique(out);
    return f.no_memory ? STATUS_NO_MEMORY : STATUS_OK;
}
