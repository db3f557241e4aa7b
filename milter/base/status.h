/* What a fallible call reports. Hostile input is never an error: it becomes an anomaly. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_NO_MEMORY, /* the system or the arena's ceiling refused */
    STATUS_LIMIT,     /* a limit of limits.h was reached; the result up to there is usable */
    STATUS_INVALID,   /* the caller's text (configuration, pack) is wrong; diagnostics say how */
    STATUS_IO,        /* the environment failed; errno tells */
    STATUS_DEADLINE,  /* the budget was spent before the work was done */
};

/* A short lower-case phrase for logs, such as "out of memory"; never NULL. */
const char *status_text(enum status status);

#endif
