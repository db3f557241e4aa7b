/* What the forms share. Private to export. */
#ifndef EXPORT_CASE_H
#define EXPORT_CASE_H

#include "export/export.h"

/* A fact about the sender that may leave the house. */
enum shared_kind {
    SHARED_FROM,
    SHARED_FROM_NAME,
    SHARED_REPLY_TO,
    SHARED_ENVELOPE,
    SHARED_SUBJECT,
    SHARED_MESSAGE_ID,
    SHARED_CLIENT, /* an IP address */
    SHARED_URL,
    SHARED_FILE, /* detail: SHA-256 in hex; value: the name, or empty */
    SHARED_COIN, /* detail: which */
    SHARED_IBAN,
    SHARED_ONION,
    SHARED_CONTACT, /* detail: the service */
    SHARED_PAYMENT, /* detail: the service */
    SHARED_AMOUNT,
    SHARED_DEADLINE,
};
struct shared {
    enum shared_kind kind;
    struct view value, detail;
};

struct export_case {
    struct arena arena;
    struct view json, message;
    const struct json_node *root, *head, *envelope, *client, *verdict, *indicators, *gateway;
    struct shared *shared; /* each once */
    uint32_t n_shared, cap_shared;
};

/* Fills in c->shared. */
enum status shared_find(struct export_case *c);
/* Seconds since 1970 of "2026-11-29T16:36:32Z"; 0 when it is none. */
int64_t seconds_of(struct view utc);

enum { UUID_BYTES = 37 };
/* Drawn once, for this program. */
#define OWN_SPACE "5d0a7b4e9c3f4e52a1b86f2d7c90e314"
/* UUIDv5 (RFC 4122) of name in a namespace of 32 hex digits. */
void uuid_of(const char *space, struct view name, char out[UUID_BYTES]);
/* In our own: of what, and of which record. */
void uuid_own(const struct export_case *c, const char *what, struct view name,
              char out[UUID_BYTES]);

/* Who reports: the operator, else the gateway's name. */
struct view reporter_of(const struct export_case *c);

/* JSON, and nothing when there is no text. */
void member_text(struct json *j, const char *key, struct view v);

enum status form_record(const struct export_case *c, const struct report_words *w, struct buf *out);
enum status form_text(const struct export_case *c, const struct report_words *w, struct buf *out);
enum status form_html(const struct export_case *c, const struct report_words *w, struct buf *out);
enum status form_misp(const struct export_case *c, const struct report_words *w, struct buf *out);
enum status form_stix(const struct export_case *c, const struct report_words *w, struct buf *out);
enum status form_arf(const struct export_case *c, const struct report_words *w, struct buf *out);
enum status form_xarf(const struct export_case *c, const struct report_words *w, struct buf *out);

#endif
