/*
 * JSON read token by token (RFC 8259), for files that a person hands us: nothing is trusted,
 * nesting is bounded, nothing recurses.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/buf.h"
#include "base/utf8.h"

enum json_token {
    JSON_OPEN_OBJECT,
    JSON_CLOSE_OBJECT,
    JSON_OPEN_ARRAY,
    JSON_CLOSE_ARRAY,
    JSON_KEY,    /* text */
    JSON_STRING, /* text */
    JSON_NUMBER, /* number */
    JSON_BOOL,   /* truth */
    JSON_NULL,
    JSON_END,   /* one whole value was read, and nothing follows */
    JSON_ERROR, /* not JSON, nested too deep, or no memory */
};

struct json_reader {
    struct view rest; /* foreign */
    struct buf scratch;
    uint64_t objects; /* bit d: level d is an object */
    unsigned depth;
    bool want_value; /* after a comma or colon: a close would be wrong */
    bool had_value;  /* the current level holds something: a comma must come first */
    bool after_key;
    bool done;
    struct view text; /* of the last key or string; until the next token */
    double number;
    bool truth;
};

enum { JSON_DEPTH_MAX = 60, JSON_STRING_MAX = 1 << 20 };

void json_reader_init(struct json_reader *r, struct view json);
void json_reader_fini(struct json_reader *r);
enum json_token json_reader_next(struct json_reader *r);
/* Having read a JSON_KEY, passes over its value. False on an error. */
bool json_reader_skip(struct json_reader *r);

#endif
