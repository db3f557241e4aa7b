/*
 * The disguises that extortionists put on their text, applied on purpose and reproducibly: to test
 * that recognition sees through them and to measure what each costs. Pure; any thread.
 */
#ifndef PROGRAM_DISGUISE_TEXT_H
#define PROGRAM_DISGUISE_TEXT_H

#include "base/base.h"

enum disguise_form {
    DISGUISE_LETTERS,   /* UTF-8 in, UTF-8 out; also used on the subject */
    DISGUISE_LINES,     /* the same, but only for a body */
    DISGUISE_MARKUP,    /* needs HTML: the text is escaped first, markup is added between letters */
    DISGUISE_CONTAINER, /* says how the body is packed; the text stays as it is */
};

struct disguise_kind {
    const char *name;
    const char *summary;
    enum disguise_form form;
    unsigned usual; /* strength when none is given, percent */
};

/* Ended by a row whose name is NULL. */
extern const struct disguise_kind disguise_kinds[];
const struct disguise_kind *disguise_kind_find(struct view name);

/*
 * Applies a kind (not a container) to text. strength: percent of the places where it could
 * act, 1..100. seed: the same seed gives the same bytes. Runs of 20 or more letters and digits are
 * left alone, as attackers leave their payment address readable. STATUS_LIMIT when out is full.
 */
enum status disguise_text(const struct disguise_kind *kind, struct view text, unsigned strength,
                          uint64_t seed, struct buf *out);

#endif
