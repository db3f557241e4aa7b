/*
 * A whole JSON value in memory, for texts of known shape. Built by json-read.h, so nothing is
 * trusted and nothing recurses; lives in the arena.
 */
#ifndef BASE_JSON_TREE_H
#define BASE_JSON_TREE_H

#include "base/arena.h"
#include "base/json-read.h"
#include "base/status.h"

struct json_node {
    enum json_token kind; /* JSON_OPEN_OBJECT, JSON_OPEN_ARRAY, JSON_STRING, ... */
    struct view key;      /* of a member */
    struct view text;     /* JSON_STRING */
    double number;
    bool truth;
    struct json_node *first, *next;
};

/* STATUS_INVALID when it is not JSON, STATUS_NO_MEMORY. */
enum status json_tree_read(struct view json, struct arena *arena, const struct json_node **out);
/* These take NULL and nodes of any kind: what is not there is NULL, empty, 0 or false. */
const struct json_node *json_member(const struct json_node *object, const char *key);
const struct json_node *json_first(const struct json_node *list);
struct view json_member_text(const struct json_node *object, const char *key);
double json_member_number(const struct json_node *object, const char *key);
bool json_member_truth(const struct json_node *object, const char *key);

#endif
