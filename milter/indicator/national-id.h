/*
 * national-id - the shapes of personal numbers and their checks (national-check.c). Private to the
 * room.
 */
#ifndef INDICATOR_NATIONAL_ID_H
#define INDICATOR_NATIONAL_ID_H

#include "base/base.h"

struct national_row {
    const char *country; /* ISO 3166, small letters */
    const char *form;    /* '9' a figure, 'a' a letter, signs as they are */
    uint8_t lead;        /* figures that it starts with */
    bool keep_signs;     /* check wants them */
    bool (*check)(struct view compact);
    const char *names; /* folded words beside which it counts, a space between; NULL: anywhere */
};
/* By rising lead, ended by one with more than there can be. */
extern const struct national_row national_rows[];

#endif
