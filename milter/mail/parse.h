/* What the files that take one message apart share. Private to room mail. */
#ifndef MAIL_PARSE_H
#define MAIL_PARSE_H

#include <magic.h>

#include "mail/boundary.h"
#include "mail/charset.h"
#include "mail/mail.h"
#include "mail/sink.h"

/* Calls of libmagic: 0.4 ms each at worst (make bench-magic); decision 0013. */
#define MAGIC_PER_MESSAGE 50
#define MAGIC_BYTES       4096 /* of an attachment */

/* libmagic as it is used here: checks that are slow or done here left out, limits set. NULL: not.
 */
magic_t reader_magic_open(void);

struct mail_reader {
    magic_t magic;       /* own */
    struct types *types; /* what magic reads, or NULL; own unless borrowed */
    bool borrowed;
    unsigned magic_left;
    struct charsets charsets;
    struct arena scratch; /* what lives no longer than one part or one header field */
};

/*
 * Composite parts open around the current place, outermost first; only multiparts stand here. A
 * closed one is kept, because some programs write parts after the closing boundary.
 */
struct frame {
    uint32_t part;
    bool seen, closed, digest;
};

struct boundary_list {
    struct view v[4];
    uint32_t n;
};

/* A part while it is being read. */
struct entity {
    struct part part;
    const struct source *source;
    size_t from, to; /* the encoded body in source */
    uint32_t first_header;
    uint32_t last_child;
    const struct boundary_list *boundaries; /* of a multipart that claims to be encoded */
    bool typed;                             /* a readable Content-Type was there */
    bool delsp;
};

struct parser {
    struct mail_reader *reader;  /* foreign */
    const struct limits *limits; /* foreign */
    struct arena *arena;         /* foreign */
    struct anomalies *seen;      /* foreign */
    struct entity *v;            /* in arena */
    uint32_t n, cap;
    struct header *headers;                  /* in arena */
    uint32_t n_headers, headers_cap, n_kept; /* n_kept: beyond the limit, but needed */
    uint32_t header_bytes;
    uint32_t decoded_left;
    struct boundaries open;
    struct frame *frames; /* in arena, limits->nesting + 1 of them */
    uint32_t n_frames;
    uint32_t current; /* the innermost open part */
    bool truncated;   /* the message was cut at a limit */
    bool failed;      /* memory is out */
};

/* One header section: fields [first, first + n) of p->headers. Returns where the body begins. */
struct section {
    uint32_t first, n;
    size_t broken_from; /* a broken line right above the empty line: header, or text? else 0 */
};
/*
 * Reads the header section at [at, end) of s, up to the empty line, a line that cannot be a field,
 * or an open boundary. message: a whole message (mbox lines), not a part of a multipart.
 */
size_t fields_read(struct parser *p, const struct source *s, size_t at, size_t end, bool message,
                   struct section *out);
/* Does a header field begin with this line? */
bool field_begins(struct view line, struct view *name, size_t *value);
/* Is it one of the fields that tell a header section from text? */
bool field_known(struct view name);

/* Fills type, encoding, name and kind of p->v[index] from its fields, and finds boundaries. */
void part_describe(struct parser *p, uint32_t index, bool in_digest, struct boundary_list *found);

/* Takes one source apart, below part parent (PART_NONE: the message). */
void tree_read(struct parser *p, const struct source *s, uint32_t parent);

/*
 * Composite parts that are encoded against RFC 2045 6.4 but decoded by mail programs: decodes them
 * and takes them apart. Their parts follow all others.
 */
void encoded_read(struct parser *p);

/* A file name as it is stored: without path and control characters. */
struct view part_name(struct parser *p, struct view v);

/* Fills content of text parts and real_type of the others; may add inline files. */
void contents_read(struct parser *p);
/* A new part below parent; NULL at the part limit or without memory. Moves p->v. */
struct entity *part_add(struct parser *p, uint32_t parent);

/* Decides real_type and notes what is wrong with an attachment. prefix: decoded, 4 kB. */
void attachment_read(struct parser *p, struct part *part, struct view prefix);
/* Does the name belong to a file that a double click runs? */
bool name_runs(struct view name);
/* The type of the bytes by their signature, or an empty view. */
struct view signature_find(struct view bytes);
/* Few enough control characters. */
bool looks_like_text(struct view bytes);
/* <html, <!doctype html and the like at the beginning. */
bool looks_like_html(struct view bytes);

/* Takes uuencoded files out of text; their lines become parts below index. */
void uuencode_read(struct parser *p, uint32_t index, struct decoded *text);
/* format=flowed undone. */
void flowed_read(struct parser *p, bool delsp, struct decoded *text);

/* Message-level oddities of the top header section. */
void message_check(struct parser *p, const struct part *top);

/* A value that stands in raw bytes, decoded as header_decode does, without a map. */
struct view value_decode(struct mail_reader *reader, struct view raw, struct arena *arena,
                         struct anomalies *seen);

#endif
