/* What the ways of rewriting share. Private to notice. */
#ifndef NOTICE_REWRITE_H
#define NOTICE_REWRITE_H

#include "notice/encode.h"

struct rewriting {
    const struct rewrite_wish *wish;
    struct mail_reader *reader;
    struct limits limits; /* wide enough for the message with a notice */
    struct view raw;
    struct message message; /* of raw */
    struct rewrite *out;
};

/* The notice with its lines around it. */
enum { REWRITE_OVERHEAD = 4 * 64 * 1024 };

/* Why this message is never rewritten, or NULL. */
const char *shape_refuses(const struct rewriting *r);
/* STATUS_INVALID: this message cannot be rewritten so; *out is then as before. */
enum status wrap_make(struct rewriting *r, const struct notice *notice);
enum status inline_make(struct rewriting *r, const struct notice *notice);
/*
 * Is the new body, behind the message's own headers, the old message with nothing lost, added or
 * moved but text at the top of those parts? changed: one flag per part of the old message.
 */
bool inline_proved(struct rewriting *r, const bool *changed);

/*
 * Could a page of the message draw over a notice above it, or leave it behind? any_style: a page
 * with any style of its own counts, so that nothing rests on knowing them all.
 */
bool cover_possible(const struct message *m, bool any_style);

/* Plans that one field of that name remains, with value; or none, when value is NULL. */
enum status header_plan(struct rewriting *r, struct view name, const char *value);

#endif
