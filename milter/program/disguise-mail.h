/*
 * A message rewritten with disguises: header fields kept, subject and visible text disguised,
 * packed as one text part. See disguise-text.h for the kinds.
 */
#ifndef PROGRAM_DISGUISE_MAIL_H
#define PROGRAM_DISGUISE_MAIL_H

#include "program/disguise-text.h"

#define DISGUISES_MAX 16

struct disguises {
    const struct disguise_kind *kind[DISGUISES_MAX]; /* applied in this order */
    unsigned n;
    unsigned strength; /* percent; 0: each kind's usual */
    uint64_t seed;
};

/* raw: the message. out gets the new one (LF lines). STATUS_LIMIT when out is full. */
enum status disguise_mail(const struct disguises *d, struct view raw, struct buf *out);

#endif
