/*
 * JSON written into a bounded buffer (RFC 8259). Any bytes are taken: invalid UTF-8 becomes U+FFFD,
 * control characters are escaped, numbers that JSON cannot say become null. A failure of the buffer
 * is kept in status and ends all further writing, so that callers look once, at the end.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

struct json {
    struct buf *out; /* foreign */
    enum status status;
    bool comma; /* the next value needs one before it */
};

void json_init(struct json *j, struct buf *out);

/* open: '{' or '['; close: its partner. Balance is the caller's duty. */
void json_open(struct json *j, char bracket);
void json_close(struct json *j, char bracket);
/* A member's name; its value follows. */
void json_key(struct json *j, const char *name);

void json_string(struct json *j, struct view v);
/* s may be NULL: null. */
void json_text(struct json *j, const char *s);
/* At most three decimals, halves away from zero; exact from 1e9 on; not finite: null. */
void json_number(struct json *j, double v);
/* The same with six decimals, for shares and rates. */
void json_share(struct json *j, double v);
void json_count(struct json *j, uint64_t v);
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
/* v is JSON already. */
void json_raw(struct json *j, struct view v);

#endif
