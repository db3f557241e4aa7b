/* Content-Transfer-Encoding undone (RFC 2045 6), and uuencode. Private to room mail. */
#ifndef MAIL_TRANSFER_H
#define MAIL_TRANSFER_H

#include "mail/mail.h"
#include "mail/sink.h"

/*
 * Decodes all of out->in, or until the sink is full. seen may be NULL. Lenient: foreign bytes are
 * skipped (base64), broken escapes kept as they are written (quoted-printable).
 */
void transfer_decode(enum transfer_encoding encoding, struct sink *out, struct anomalies *seen);
/* What decoding would about give, without doing it. */
uint32_t transfer_size(enum transfer_encoding encoding, struct view encoded);

/* The encoding that a Content-Transfer-Encoding value names; *known false when it is none. */
enum transfer_encoding transfer_find(struct view value, bool *known);

/* Base64 carried over several pieces (encoded-words cut without regard to groups of four). */
struct base64 {
    uint32_t bits;
    unsigned n;  /* letters in bits, 0..3 */
    size_t from; /* input position of the first of them */
    bool padded, foreign;
};
/* Decodes input bytes [from, to) of out->in, in which white space may stand. */
void base64_add(struct base64 *b, struct sink *out, size_t from, size_t to);
/* What is left of an unpadded group. end: input position after it. */
void base64_end(struct base64 *b, struct sink *out, size_t end);
bool base64_letter(unsigned char c);

/* The value of a hexadecimal digit, or -1. */
int hex_value(unsigned char c);

/*
 * A line of uuencoded data: its letters fit its count. *n: bytes it carries (0: the last line).
 * Not strict: spaces at its end, which stand for zeros, may have been cut off.
 */
bool uu_line(struct view line, bool strict, size_t *n);
/* "begin 644 name" (or "begin-base64 644 name"). */
bool uu_begin(struct view line, struct view *name, bool *base64);

#endif
