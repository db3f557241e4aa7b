/* Log lines about messages: what stands in each, and in which order. Private to mta. */
#ifndef MTA_REPORT_H
#define MTA_REPORT_H

#include "mta/log.h"

/*
 * An address of a person, as log.addresses wants it: "<a@b.example>", "<@b.example>", a word that
 * stands for it as long as the process runs, or not at all. key: SEAL_KEY_BYTES.
 */
void report_address(struct log_record *r, const char *name, struct view address,
                    enum log_addresses how, const unsigned char *key);
/* A message that was not judged or not edited. kind may be NULL, size UINT64_MAX: unknown. */
void report_failed(const char *queue_id, const char *why, const char *kind, const char *action,
                   uint64_t size);
/*
 * A message that is not judged, and should not be: key says what is done instead. refused: an edit
 * that the MTA refused, or NULL.
 */
void report_passed(const char *queue_id, const char *key, const char *why, uint64_t size,
                   const char *refused);
/* A message whose record could not be made. */
void report_unrecorded(const char *queue_id, const char *why, const char *action);

/* What became of the alert about a message; why may be NULL. */
void report_alert(const char *queue_id, const char *result, const char *why);

#endif
