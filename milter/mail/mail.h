/*
 * mail - raw bytes to a tree of MIME parts, decoded text and anomalies.
 *
 * RFC 5322 (message), 2045-2047 (MIME), 2231 (parameters), 3676 (format=flowed), 6532 (UTF-8
 * headers). Takes any bytes: a broken message yields a tree plus anomalies, never an error.
 * Everything that is returned lives in the caller's arena and borrows from the caller's raw bytes;
 * both must outlive it. Time and memory are bounded by struct limits for any input; nothing
 * recurses on input depth.
 *
 * Thread rule: a struct mail_reader (libmagic cookie, iconv descriptors) serves one thread at a
 * time. Known gaps: TNEF, yEnc and opaque S/MIME are not unpacked; archives are not opened.
 */
#ifndef MAIL_MAIL_H
#define MAIL_MAIL_H

#include "base/base.h"

struct source; /* private */

/* One header field. name and raw borrow the message (or its arena, see source). */
struct header {
    struct view name; /* as written, without white space before the colon */
    struct view raw;  /* after the colon, folds included, without the final line ending */
    uint32_t offset;  /* of raw in the message */
    /* private: the decoded message/rfc822 that raw lies in; NULL when it is the message itself */
    const struct source *source;
};

/* Decoded text: valid UTF-8, with a map to message offsets. Line endings are LF. */
struct decoded {
    struct view text;
    struct spanmap map;
};

enum part_kind {
    PART_MULTIPART, /* has children */
    PART_MESSAGE,   /* message/rfc822, message/global, an .eml file: one child, the inner message's
                       top part (none beyond limits.parts) */
    PART_TEXT,      /* text/plain, text/html and other text: content is filled. Its children are
                       files that stood uuencoded inside the text */
    PART_OTHER,     /* anything else; real_type is filled */
};

enum transfer_encoding {
    TRANSFER_7BIT, /* also 8bit, binary, none, unknown: bytes as they are */
    TRANSFER_QUOTED_PRINTABLE,
    TRANSFER_BASE64,
    TRANSFER_UUENCODE,
};

#define PART_NONE UINT32_MAX

struct part {
    enum part_kind kind;
    enum transfer_encoding encoding;
    uint32_t parent, first_child, next; /* indices into message.parts, or PART_NONE */
    uint16_t depth;                     /* 0: the top */
    uint16_t message_depth;             /* how many message/rfc822 stand around it */
    bool attachment; /* Content-Disposition: attachment, or a file name on a non-text part */
    bool html;       /* text/html (or text that is plainly HTML by its first tag, unless that
                        would hide what a plain text shows) */
    bool flowed;     /* format=flowed was undone in content */
    bool truncated;  /* a limit cut it */
    struct view type, subtype; /* lower case; text/plain when missing or unreadable */
    struct view charset;       /* lower case, as declared; may be empty */
    struct view name;      /* file name, decoded (RFC 2047, 2231), UTF-8, no path; may be empty */
    struct view real_type; /* "application/pdf" by content, PART_OTHER only; may be empty */
    const struct header
        *headers; /* of this part (of the inner message for a child of PART_MESSAGE) */
    uint32_t n_headers;
    struct span body;       /* in the message: the encoded body, without the headers */
    struct view encoded;    /* the same bytes, ready for decoding */
    uint32_t decoded_bytes; /* size after transfer decoding; reckoned, when it was not decoded */
    struct decoded content; /* PART_TEXT: what the text says, HTML not yet interpreted */
};

struct message {
    struct view raw;          /* foreign: the caller's bytes, cut at limits.message_bytes */
    const struct part *parts; /* parts[0] is the top; parents come before children */
    uint32_t n_parts;
    struct anomalies anomalies;
};

struct mail_reader;

/* A reader with its own libmagic cookie. STATUS_IO when libmagic's data cannot be loaded. */
enum status mail_reader_new(struct mail_reader **reader);
/*
 * The same, with the libmagic data of another, which may be at work on another thread and must
 * outlive the new one.
 */
enum status mail_reader_new_beside(const struct mail_reader *other, struct mail_reader **reader);
void mail_reader_free(struct mail_reader **reader);

/*
 * Parses raw into *m. STATUS_OK, or STATUS_NO_MEMORY when even the tree's root could not be had; a
 * memory ceiling met later is ANOMALY_MEMORY_LIMIT and the tree so far. LF, CRLF and mixed line
 * ends are accepted; an mbox "From " line in front is skipped. A file without any header field is a
 * bare text/plain body (ANOMALY_NO_HEADERS).
 */
enum status message_parse(struct mail_reader *reader, struct view raw, const struct limits *limits,
                          struct arena *arena, struct message *m);

/* The first field of that name (ASCII case-insensitive), or NULL. */
const struct header *part_header(const struct part *part, struct view name);
/* The next field of the same name after h, or NULL. */
const struct header *part_header_next(const struct part *part, const struct header *h);

/*
 * Unfolds a field value and decodes its RFC 2047 words; undeclared 8-bit is read as UTF-8, else as
 * windows-1252. Adds anomalies to *seen when not NULL. The map leads to message offsets.
 */
enum status header_decode(struct mail_reader *reader, const struct header *h, struct arena *arena,
                          struct anomalies *seen, struct decoded *out);

/* One mailbox of an address field. Views live in the arena. */
struct mailbox {
    struct view display; /* decoded display name; may be empty */
    struct view address; /* local@domain, domain lower case; may be empty */
};

/*
 * The mailboxes of a From, To, Cc or Reply-To field (groups flattened; a comment
 * serves as display name where there is no other), at most max. Linear time for any nesting.
 * Returns how many were written.
 */
uint32_t header_mailboxes(struct mail_reader *reader, const struct header *h, struct arena *arena,
                          struct mailbox *out, uint32_t max);

/* The first bytes of a part after transfer decoding, for attachment checks; up to max, in the
 * arena. */
struct view part_decoded_prefix(const struct message *m, const struct part *part,
                                struct arena *arena, size_t max);

/*
 * UTF-8 text in the charset that a part declares (empty: us-ascii), for text that is put into it.
 * STATUS_INVALID when a character does not exist there, or when the charset is not one of those
 * that mean ASCII by ASCII bytes and need no state. out lives in the arena.
 */
enum status charset_encode(struct mail_reader *reader, struct view utf8, struct view charset,
                           struct arena *arena, struct view *out);

#endif
