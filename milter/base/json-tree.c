#include "base/json-tree.h"

#include <string.h>

/* Where the next value goes, level by level. */
struct place {
    struct json_node *parent, *last;
};

static struct json_node *node_add(struct place *at, struct arena *arena)
{
    struct json_node *n = arena_calloc(arena, 1, sizeof *n);
    if (n == NULL)
        return NULL;
    if (at->last != NULL)
        at->last->next = n;
    else if (at->parent != NULL)
        at->parent->first = n;
    at->last = n;
    return n;
}

/* False when memory is out. */
static bool node_fill(struct json_node *n, const struct json_reader *r, struct view key,
                      enum json_token token, struct arena *arena)
{
    n->kind = token;
    n->key = key;
    n->number = r->number;
    n->truth = r->truth;
    if (token != JSON_STRING)
        return true;
    n->text = arena_copy(arena, r->text);
    return n->text.p != NULL || r->text.n == 0;
}

static enum status tree_build(struct json_reader *r, struct arena *arena, struct json_node **root)
{
    struct place levels[JSON_DEPTH_MAX + 1] = {{NULL, NULL}};
    unsigned depth = 0;
    struct view key = VIEW_NONE;
    for (;;) {
        enum json_token token = json_reader_next(r);
        if (token == JSON_END)
            return STATUS_OK;
        if (token == JSON_ERROR)
            return STATUS_INVALID;
        if (token == JSON_CLOSE_OBJECT || token == JSON_CLOSE_ARRAY) {
            depth--;
            continue;
        }
        if (token == JSON_KEY) {
            key = arena_copy(arena, r->text);
            if (key.p == NULL && r->text.n > 0)
                return STATUS_NO_MEMORY;
            continue;
        }
        struct json_node *n = node_add(&levels[depth], arena);
        if (n == NULL || !node_fill(n, r, key, token, arena))
            return STATUS_NO_MEMORY;
        key = VIEW_NONE;
        if (*root == NULL)
            *root = n;
        if (token == JSON_OPEN_OBJECT || token == JSON_OPEN_ARRAY)
            levels[++depth] = (struct place){n, NULL};
    }
}

enum status json_tree_read(struct view json, struct arena *arena, const struct json_node **out)
{
    struct json_reader r;
    struct json_node *root = NULL;
    json_reader_init(&r, json);
    enum status status = tree_build(&r, arena, &root);
    json_reader_fini(&r);
    *out = root;
    return status;
}

const struct json_node *json_first(const struct json_node *list)
{
    return list != NULL ? list->first : NULL;
}

const struct json_node *json_member(const struct json_node *object, const char *key)
{
    const struct json_node *n =
        object != NULL && object->kind == JSON_OPEN_OBJECT ? object->first : NULL;
    while (n != NULL && !view_eq(n->key, view_of(key)))
        n = n->next;
    return n;
}

struct view json_member_text(const struct json_node *object, const char *key)
{
    const struct json_node *n = json_member(object, key);
    return n != NULL ? n->text : VIEW_NONE;
}

double json_member_number(const struct json_node *object, const char *key)
{
    const struct json_node *n = json_member(object, key);
    return n != NULL && n->kind == JSON_NUMBER ? n->number : 0;
}

bool json_member_truth(const struct json_node *object, const char *key)
{
    const struct json_node *n = json_member(object, key);
    return n != NULL && n->kind == JSON_BOOL && n->truth;
}
