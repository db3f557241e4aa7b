#include "mta/report.h"

#include <stdio.h>

enum { ADDRESS_BYTES = 320, HASH_DIGITS = 16 };

/* The same person is the same word, whatever the case; nobody without the key finds out who. */
static void add_hash(struct log_record *r, const char *name, struct view address,
                     const unsigned char *key)
{
    char lower[ADDRESS_BYTES], seal[SEAL_BYTES], text[32];
    for (size_t i = 0; i < address.n; i++)
        lower[i] = (char)ascii_lower((unsigned char)address.p[i]);
    notice_seal(key, (struct view){lower, address.n}, seal);
    (void)snprintf(text, sizeof text, "<%.*s>", HASH_DIGITS, seal);
    record_text(r, name, view_of(text));
}

void report_address(struct log_record *r, const char *name, struct view address,
                    enum log_addresses how, const unsigned char *key)
{
    char text[ADDRESS_BYTES + 3];
    address = view_sub(address, 0, ADDRESS_BYTES);
    /* What stands before the last '@' is the person. */
    size_t at = address.n;
    while (how == LOG_ADDRESSES_DOMAIN && at > 0 && address.p[at - 1] != '@')
        at--;
    if (how == LOG_ADDRESSES_DOMAIN)
        address = at > 0 ? view_sub(address, at - 1, address.n) : VIEW_NONE;
    if (how == LOG_ADDRESSES_NONE)
        return;
    if (how == LOG_ADDRESSES_HASH && address.n > 0) {
        add_hash(r, name, address, key);
        return;
    }
    int n = snprintf(text, sizeof text, "<%.*s>", VIEW_ARG(address));
    record_text(r, name, (struct view){text, n > 0 ? (size_t)n : 0});
}

void report_failed(const char *queue_id, const char *why, const char *kind, const char *action,
                   uint64_t size)
{
    struct log_record r;
    record_begin(&r, LOG_LEVEL_ERROR);
    record_text(&r, "qid", view_of(queue_id));
    record_text(&r, "failed", view_of(why));
    if (kind != NULL)
        record_text(&r, "kind", view_of(kind));
    record_text(&r, "action", view_of(action));
    if (size != UINT64_MAX)
        record_count(&r, "size", size);
    record_end(&r);
}

void report_unrecorded(const char *queue_id, const char *why, const char *action)
{
    struct log_record r;
    record_begin(&r, LOG_LEVEL_ERROR);
    record_text(&r, "qid", view_of(queue_id));
    record_text(&r, "no-evidence", view_of(why));
    record_text(&r, "action", view_of(action));
    record_end(&r);
}

void report_passed(const char *queue_id, const char *key, const char *why, uint64_t size,
                   const char *refused)
{
    struct log_record r;
    record_begin(&r, LOG_LEVEL_INFO);
    record_text(&r, "qid", view_of(queue_id));
    record_text(&r, key, view_of(why));
    record_count(&r, "size", size);
    if (refused != NULL)
        record_text(&r, "refused", view_of(refused));
    record_end(&r);
}

void report_alert(const char *queue_id, const char *result, const char *why)
{
    struct log_record r;
    record_begin(&r, why == NULL ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR);
    record_text(&r, "qid", view_of(queue_id));
    record_text(&r, "alert", view_of(result));
    if (why != NULL)
        record_text(&r, "why", view_of(why));
    record_end(&r);
}
