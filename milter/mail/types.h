/*
 * libmagic's data, mapped once for many readers: by itself each cookie maps the 8 MB anew, which
 * all count as resident. Thread rule: never changes once it is open.
 */
#ifndef MAIL_TYPES_H
#define MAIL_TYPES_H

#include <magic.h>

#include "base/base.h"

struct types;

/* NULL when libmagic had better look for its data itself: local rules, or nothing compiled. */
struct types *types_open(void);
/* After the cookies that read it. */
void types_free(struct types **types);
/* types NULL: what libmagic finds itself. */
bool types_load(struct types *types, magic_t cookie);

#endif
