/*
 * export - a record of evidence in the forms that others take: a report for people (text, and HTML
 * to print), MISP event, STIX 2.1 bundle, ARF (RFC 5965), X-ARF.
 *
 * Pure: a record in, bytes out; the same record gives the same bytes. The forms for sharing (MISP,
 * STIX) hold what is the sender's: nothing of the recipients, no passwords or personal numbers, and
 * no From that is the reader's own domain, forged. The others are the whole story.
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include "notice/notice.h"
#include "store/store.h"

struct export_case; /* a record that was read */

/* json and message are those of a good record, and stay. STATUS_INVALID: another JSON than ours. */
enum status export_case_new(struct view json, struct view message, struct export_case **out);
void export_case_free(struct export_case **c);
/* Seconds since 1970 of its receipt; 0 when it says none. */
int64_t export_case_time(const struct export_case *c);
/* The language of what was found in the message; empty: none. */
struct view export_case_language(const struct export_case *c);

/* One file of an export. */
struct export_form {
    const char *name; /* "misp.json" */
    enum status (*write)(const struct export_case *c, const struct report_words *words,
                         struct buf *out);
};
/* Ended by a row whose name is NULL. */
extern const struct export_form export_forms[];
#define EXPORT_MESSAGE "message.eml"

#endif
