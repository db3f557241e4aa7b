/*
 * The boundaries of all open multiparts, found in one pass over a line whatever their number.
 * Private to room mail.
 */
#ifndef MAIL_BOUNDARY_H
#define MAIL_BOUNDARY_H

#include "base/base.h"

struct boundary {
    struct view text; /* foreign */
    uint32_t hash;
    uint32_t frame;   /* index of the multipart among the open ones; never falls along v */
    uint32_t same;    /* next older one in its bucket, or UINT32_MAX */
    uint32_t longest; /* length of the longest up to this one */
    bool closed;      /* its closing delimiter was seen */
    bool prefix;      /* may be followed by other text on the line */
};

struct boundaries {
    struct boundary *v; /* in arena */
    uint32_t n, cap;
    uint32_t heads[256];
    struct arena *arena; /* foreign */
};

struct boundary_match {
    uint32_t frame;
    bool closing;
    bool odd; /* other text follows on the line */
};

void boundaries_init(struct boundaries *b, struct arena *arena);
/* frame must not be below that of the last one. False when memory is out. */
bool boundaries_push(struct boundaries *b, struct view text, uint32_t frame);
/* Forgets those of frame and above. */
void boundaries_pop(struct boundaries *b, uint32_t frame);
/* The multipart's closing delimiter was seen: its boundaries give way to all others. */
void boundaries_close(struct boundaries *b, uint32_t frame);
/* Is there one that equals text, begins with it or is its beginning? */
bool boundaries_clash(const struct boundaries *b, struct view text);
/*
 * Is line (with or without its ending) a delimiter? The innermost exact match wins, then the
 * longest boundary that the line begins with (RFC 2046 5.1.1 allows any text behind it).
 */
bool boundaries_match(const struct boundaries *b, struct view line, struct boundary_match *out);

#endif
