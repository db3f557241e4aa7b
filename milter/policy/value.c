#include "policy/value.h"

#include <stdlib.h>
#include <string.h>

enum merge {
    MERGE_SAME,
    MERGE_ALL,
    MERGE_ANY,
    MERGE_MOST,
    MERGE_COMMON,
    MERGE_MODE,
    MERGE_JOIN,
};

static const struct value_row {
    const char *key;
    enum setting_type type;
    size_t offset, size; /* in struct settings */
    enum merge merge;
    size_t array; /* the same for single classes */
} values[VALUE_COUNT] = {
#define MEMBER_SIZE(m) sizeof((struct settings *)NULL)->m
#define VALUE(id, k, t, m, how)                                                                    \
    [VALUE_##id] = {(k), SETTING_##t, offsetof(struct settings, m), MEMBER_SIZE(m), MERGE_##how, 0},
#define CLASS_VALUE(id, k, t, m, how, a)                                                           \
    [VALUE_##id] = {(k),                                                                           \
                    SETTING_##t,                                                                   \
                    offsetof(struct settings, m),                                                  \
                    MEMBER_SIZE(m),                                                                \
                    MERGE_##how,                                                                   \
                    offsetof(struct settings, a)},
#include "policy/values.def"
#undef CLASS_VALUE
#undef VALUE
#undef MEMBER_SIZE
};

/* Keys that make no sense for all. */
static const struct setting_row row_only[] = {
    {.key = "exempt", .type = SETTING_BOOL, .offset = offsetof(struct settings, exempt)},
    {.key = "annotate", .type = SETTING_BOOL, .offset = offsetof(struct settings, annotate)},
    {.key = "evidence", .type = SETTING_BOOL, .offset = offsetof(struct settings, record)},
    {.key = "alert", .type = SETTING_BOOL, .offset = offsetof(struct settings, warn)},
};

const struct setting_row *value_setting(enum policy_value v)
{
    for (size_t i = 0; i < sizeof row_only / sizeof row_only[0]; i++)
        if (strcmp(row_only[i].key, values[v].key) == 0)
            return &row_only[i];
    return setting_find(values[v].key);
}

const char *policy_value_name(enum policy_value v)
{
    static const char group[] = "notice.";
    const char *key = values[v].key;
    return strncmp(key, group, sizeof group - 1) == 0 ? key + sizeof group - 1 : key;
}

enum policy_value value_find(const char *name)
{
    unsigned v = 0;
    while (v < VALUE_COUNT && strcmp(policy_value_name((enum policy_value)v), name) != 0)
        v++;
    return (enum policy_value)v;
}

const struct said *said_find(const struct said_list *l, enum policy_value v, uint32_t class_index)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].value == v && l->v[i].class_index == class_index)
            return &l->v[i];
    return NULL;
}

static struct said *said_add(struct said_list *l)
{
    if (l->n == l->cap) {
        size_t cap = l->cap == 0 ? 4 : l->cap * 2;
        struct said *v = realloc(l->v, cap * sizeof *v);
        if (v == NULL)
            return NULL;
        l->v = v;
        l->cap = cap;
    }
    return &l->v[l->n++];
}

static void said_fini(struct said *s)
{
    enum setting_type type = values[s->value].type;
    if (type == SETTING_STRING)
        free(s->u.string);
    else if (type == SETTING_STRINGS)
        strings_fini(&s->u.strings);
}

void said_list_fini(struct said_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        said_fini(&l->v[i]);
    free(l->v);
    *l = (struct said_list){0};
}

void said_read(struct settings_reader *r, enum policy_value v, uint32_t class_index,
               const char *key, const config_setting_t *s, struct said_list *out)
{
    struct settings scratch = {0};
    struct settings_reader own = *r;
    struct setting_row row = *value_setting(v);
    own.settings = &scratch;
    row.key = key;
    bool good = setting_apply(&own, &row, s);
    r->no_memory = r->no_memory || own.no_memory;
    if (!good)
        return;
    struct said one = {
        .value = v, .class_index = class_index, .line = config_setting_source_line(s)};
    memcpy(&one.u, (const char *)&scratch + row.offset, values[v].size);
    struct said *to = said_add(out);
    if (to != NULL)
        *to = one;
    else
        said_fini(&one);
    r->no_memory = r->no_memory || to == NULL;
}

static void class_value_set(struct settings *s, enum policy_value v, uint32_t class_index,
                            const void *value, unsigned line)
{
    size_t size = values[v].size;
    memcpy((char *)s + values[v].array + class_index * size, value, size);
    s->origin.class[v][class_index] = line;
}

void said_apply(struct settings *to, const struct said_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct said *s = &l->v[i];
        const struct value_row *row = &values[s->value];
        if (s->class_index != CLASS_NONE) {
            class_value_set(to, s->value, s->class_index, &s->u, s->line);
            continue;
        }
        memcpy((char *)to + row->offset, &s->u, row->size);
        to->origin.value[s->value] = s->line;
        for (uint32_t c = 0; s->value < CLASS_VALUES && c < CLASSES_MAX; c++)
            class_value_set(to, s->value, c, &s->u, s->line);
    }
}

void value_note(struct settings *s, const struct setting_row *row, unsigned line)
{
    for (unsigned v = 0; v < VALUE_COUNT; v++)
        if (strcmp(values[v].key, row->key) == 0)
            s->origin.value[v] = line;
}

void class_values_spread(struct settings *s)
{
    for (unsigned v = 0; v < CLASS_VALUES; v++)
        for (uint32_t c = 0; c < CLASSES_MAX; c++)
            class_value_set(s, (enum policy_value)v, c, (const char *)s + values[v].offset,
                            s->origin.value[v]);
}

static bool listed(const struct string_list *l, const char *word)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->v[i], word) == 0)
            return true;
    return false;
}

/* Those of the first, then what the others want. */
static void languages_join(struct policy_for *to, const struct string_list *more)
{
    struct string_list *have = &to->settings.notice.languages;
    struct string_list joined = {.v = to->languages, .n = 0};
    for (size_t i = 0; i < have->n && joined.n < NOTICE_LANGUAGES_MAX; i++)
        joined.v[joined.n++] = have->v[i];
    for (size_t i = 0; i < more->n && joined.n < NOTICE_LANGUAGES_MAX; i++)
        if (!listed(&joined, more->v[i]))
            joined.v[joined.n++] = more->v[i];
    *have = joined;
}

static bool value_equal(enum setting_type type, const void *a, const void *b, size_t size)
{
    if (type == SETTING_STRING)
        return strcmp(*(char *const *)a, *(char *const *)b) == 0;
    if (type != SETTING_STRINGS)
        return memcmp(a, b, size) == 0;
    const struct string_list *x = a, *y = b;
    bool same = x->n == y->n;
    for (size_t i = 0; same && i < x->n; i++)
        same = strcmp(x->v[i], y->v[i]) == 0;
    return same;
}

/* Of two that differ. */
static void value_combine(struct policy_for *to, enum merge merge, void *a, const void *b)
{
    switch (merge) {
    case MERGE_SAME:
        *(char **)a = to->none;
        break;
    case MERGE_ALL:
        *(bool *)a = false;
        break;
    case MERGE_ANY:
        *(bool *)a = true;
        break;
    case MERGE_MOST:
        if (*(const double *)b > *(double *)a)
            *(double *)a = *(const double *)b;
        break;
    case MERGE_COMMON:
        *(unsigned *)a = (*(unsigned *)a & *(const unsigned *)b) |
                         ((*(unsigned *)a | *(const unsigned *)b) & ACTION_TAG);
        break;
    case MERGE_MODE:
        *(enum annotate_mode *)a = ANNOTATE_HEADER;
        break;
    case MERGE_JOIN:
        languages_join(to, b);
        break;
    }
}

static void one_merge(struct policy_for *to, enum policy_value v, size_t offset,
                      const struct settings *one)
{
    void *a = (char *)&to->settings + offset;
    const void *b = (const char *)one + offset;
    if (value_equal(values[v].type, a, b, values[v].size))
        return;
    to->differ |= 1u << v;
    value_combine(to, values[v].merge, a, b);
}

_Static_assert(VALUE_COUNT <= 32, "policy_for.differ has a bit for each");

void values_merge(struct policy_for *to, const struct settings *one)
{
    for (unsigned i = 0; i < VALUE_COUNT; i++) {
        enum policy_value v = (enum policy_value)i;
        size_t size = values[v].size, array = values[v].array;
        if (v >= CLASS_VALUES)
            one_merge(to, v, values[v].offset, one);
        else if (memcmp((const char *)&to->settings + array, (const char *)one + array,
                        CLASSES_MAX * size) != 0)
            for (uint32_t c = 0; c < CLASSES_MAX; c++)
                one_merge(to, v, array + c * size, one);
    }
}

/* In quotes; the escapes of libconfig and JSON that they share, and \u00NN for the rest. */
static enum status string_text(const char *s, struct buf *out)
{
    enum status status = buf_add_byte(out, '"');
    for (; *s != '\0' && status == STATUS_OK; s++)
        if (*s == '"' || *s == '\\')
            status = buf_addf(out, "\\%c", *s);
        else if ((unsigned char)*s < 0x20)
            status = buf_addf(out, "\\u%04x", (unsigned)*s);
        else
            status = buf_add_byte(out, *s);
    return status == STATUS_OK ? buf_add_byte(out, '"') : status;
}

static enum status list_text(const char *const *words, size_t n, uint64_t which, struct buf *out)
{
    enum status status = buf_add_byte(out, '[');
    bool more = false;
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        if (i < 64 && (which & UINT64_C(1) << i) == 0)
            continue;
        status = buf_add(out, more ? VIEW(", ") : VIEW(" "));
        if (status == STATUS_OK)
            status = string_text(words[i], out);
        more = true;
    }
    return status == STATUS_OK ? buf_add(out, VIEW(" ]")) : status;
}

enum status policy_value_text(const struct settings *s, enum policy_value v, uint32_t class_index,
                              struct buf *out)
{
    const struct value_row *row = &values[v];
    const void *p = (const char *)s + (v < CLASS_VALUES && class_index != CLASS_NONE
                                           ? row->array + class_index * row->size
                                           : row->offset);
    const struct string_list *l = p;
    size_t n = 0;
    switch (row->type) {
    case SETTING_STRING:
        return string_text(*(char *const *)p, out);
    case SETTING_BOOL:
        return buf_addf(out, "%s", *(const bool *)p ? "true" : "false");
    case SETTING_NUMBER:
        return buf_addf(out, "%g", *(const double *)p);
    case SETTING_STRINGS:
        return list_text((const char *const *)l->v, l->n, UINT64_MAX, out);
    case SETTING_ACTIONS:
    case SETTING_CHOICE:
    case SETTING_MODE:
        break;
    }
    const char *const *words = value_setting(v)->words;
    while (words[n] != NULL)
        n++;
    if (row->type == SETTING_ACTIONS)
        return list_text(words, n, *(const unsigned *)p, out);
    unsigned word = *(const unsigned *)p;
    return word < n ? string_text(words[word], out) : STATUS_OK;
}
