#include <stdio.h>

#include "store/record.h"

enum { DAY = 86400 };

/* The proleptic Gregorian calendar, in eras of 400 years that begin with March. */
struct civil civil_of(int64_t seconds)
{
    int64_t days = seconds / DAY, rest = seconds % DAY;
    if (rest < 0) {
        rest += DAY;
        days--;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    unsigned of_era = (unsigned)(days - era * 146097);
    unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
    unsigned month = (5 * of_year + 2) / 153;
    struct civil c = {.year = (int)(year + era * 400),
                      .month = month < 10 ? month + 3 : month - 9,
                      .day = of_year - (153 * month + 2) / 5 + 1,
                      .hour = (unsigned)(rest / 3600),
                      .minute = (unsigned)(rest / 60 % 60),
                      .second = (unsigned)(rest % 60)};
    c.year += c.month <= 2;
    return c;
}

void store_time_text(struct store_time t, bool utc, char out[STORE_TIME_BYTES])
{
    struct civil c = civil_of(t.seconds + (utc ? 0 : (int64_t)t.offset * 60));
    unsigned minutes = (unsigned)(t.offset < 0 ? -t.offset : t.offset) % 6000;
    int n =
        snprintf(out, STORE_TIME_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u", (unsigned)c.year % 10000u,
                 c.month % 100, c.day % 100, c.hour, c.minute, c.second);
    size_t at = n > 0 ? (size_t)n : 0;
    if (utc)
        (void)snprintf(out + at, STORE_TIME_BYTES - at, "Z");
    else
        (void)snprintf(out + at, STORE_TIME_BYTES - at, "%c%02u:%02u", t.offset < 0 ? '-' : '+',
                       minutes / 60, minutes % 60);
}

void stamp_of(int64_t seconds, char out[STAMP_BYTES])
{
    struct civil c = civil_of(seconds);
    (void)snprintf(out, STAMP_BYTES, "%04u%02u%02uT%02u%02u%02uZ", (unsigned)c.year % 10000u,
                   c.month % 100, c.day % 100, c.hour % 100, c.minute % 100, c.second % 100);
}
