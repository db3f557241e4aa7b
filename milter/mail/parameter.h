/* Structured MIME fields: a value and its parameters (RFC 2045 5.1, 2231). Private to room mail. */
#ifndef MAIL_PARAMETER_H
#define MAIL_PARAMETER_H

#include "base/base.h"

/* The parameters that are read; all others are skipped. */
enum parameter {
    PARAMETER_BOUNDARY,
    PARAMETER_CHARSET,
    PARAMETER_DELSP,
    PARAMETER_FILENAME,
    PARAMETER_FORMAT,
    PARAMETER_NAME,
    PARAMETER_SMIME_TYPE,
    PARAMETER_COUNT
};

enum { PIECES_MAX = 128 };

/* One "name*0*=value". */
struct piece {
    struct view value; /* unquoted, in the arena or the message */
    uint8_t parameter;
    bool extended; /* charset'language'percent-encoded */
    bool plain;    /* neither numbered nor extended */
    uint16_t section;
};

struct field_value {
    struct view main; /* "text/html", "attachment"; comments and white space dropped */
    struct piece piece[PIECES_MAX];
    uint32_t n;
    bool duplicate; /* given twice with different values, or twice in one form */
    bool overflow;  /* more pieces than are kept */
};

/* Reads a raw value, folds and comments included. Linear. False when memory is out. */
bool field_value_read(struct view raw, struct arena *arena, struct field_value *out);

/* A parameter in one form, not yet converted from its charset. */
struct parameter_value {
    struct view bytes;
    struct view charset; /* RFC 2231; empty when none */
    bool extended;       /* RFC 2231 form */
};
/*
 * The forms a parameter was given in, RFC 2231 before plain (RFC 6266 4.3), at most max. They
 * should agree; a boundary that comes in several forms is used in all of them.
 */
uint32_t parameter_values(const struct field_value *v, enum parameter which, struct arena *arena,
                          struct parameter_value *out, uint32_t max);

#endif
