/*
 * How near the process is to its last file descriptor. Without one libmilter's accept() fails and
 * is tried again at once, for ever, on a whole processor; so connections are turned away before.
 * Private to mta.
 */
#ifndef MTA_DESCRIPTORS_H
#define MTA_DESCRIPTORS_H

enum descriptors {
    DESCRIPTORS_ENOUGH,
    DESCRIPTORS_FEW,  /* an eighth of the limit, at most 256 */
    DESCRIPTORS_LAST, /* a quarter of that */
};

/* Allows as many as the system does. A sysexits code: too few to serve anybody is an error. */
int descriptors_raise(void);
/* At this moment; from any thread. */
enum descriptors descriptors_left(void);

#endif
