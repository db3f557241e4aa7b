/*
 * Mail to a duty address about threats to life. Judging only puts a note into a bounded queue; a
 * thread of its own, started with the first note, writes and sends the mail. Private to mta.
 */
#ifndef MTA_ALERT_H
#define MTA_ALERT_H

#include "metrics/metrics.h"
#include "mta/mta.h"

enum { ALERTS_MAX = 64, ALERT_MAIL_MAX = 16384 };

/* What an alert says: nothing that a sender chose. Copied from place to place, so without pointers.
 */
struct alert {
    char address[256], from[256], via[256]; /* of the settings */
    double rate;                            /* mails an hour */
    unsigned timeout;                       /* seconds */
    char queue_id[64], class_id[64], ruleset[64], host[256], record[RECORD_ID_BYTES];
    double score, threshold;
    uint64_t n_recipients;
    int64_t received; /* time(2) */
    uint64_t more;    /* other ones that are reported only by this one */
};

struct alerts;

/* key: SEAL_KEY_BYTES, foreign, as is m. NULL when memory is out. */
struct alerts *alerts_new(struct metrics *m, const unsigned char *key);
/* Takes a moment, whatever becomes of the alert; what cannot be kept is logged and counted. */
void alerts_post(struct alerts *a, const struct alert *alert);
/* Tries once more what is waiting, for so long; then ends the thread. */
void alerts_end(struct alerts *a, unsigned seconds);
/* Ended, or never posted to. */
void alerts_free(struct alerts **a);

/* The whole mail with CRLF; the body is sealed, so that we know it when it comes through us. */
enum status alert_write(const struct alert *a, const unsigned char *key, struct buf *out);

enum alert_outcome { ALERT_SENT, ALERT_LATER, ALERT_REFUSED };
/*
 * By SMTP to a socket, or by a program that takes sendmail(1)'s arguments. why, on failure: what to
 * log.
 */
enum alert_outcome alert_send(const struct alert *a, struct view mail, char why[256]);

#endif
