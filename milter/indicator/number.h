/*
 * number - numbers in digits (of any script, with the separators of any country) and in words.
 * Private to the room.
 */
#ifndef INDICATOR_NUMBER_H
#define INDICATOR_NUMBER_H

#include "base/base.h"

/* The digit at byte at (ASCII, Arabic-Indic, Devanagari, Thai...) and its length, or -1. */
int number_digit_at(struct view bytes, size_t at, uint32_t *length);

struct number {
    uint32_t to;
    double value;
    double fraction; /* value when the only separator is a decimal one: "1.300" is 1.3 */
    uint32_t digits; /* of the first group */
    bool separated;  /* there were separators */
    bool broken;     /* a version, date, telephone number...: skip [at, to) */
};

/* Reads the longest number at byte at, where a digit stands. Linear; groups are bounded. */
struct number number_read(struct view bytes, uint32_t at);

/* Number words add up here, in reading order. */
struct number_sum {
    double total;
    double current;
    uint32_t words;
    bool failed;
};
/* value as in numbers.def; tenfold: a TENFOLD row. french: 4 x 20 and 60 + 17 are allowed. */
void number_sum_add(struct number_sum *sum, double value, bool tenfold, bool french);
double number_sum_value(const struct number_sum *sum);

#endif
