/*
 * store - evidence: one file for each flagged message, whole or not there at all, which the gateway
 * that wrote it cannot read back.
 *
 * A record holds the message as it came and a JSON object with who delivered it, when, and what was
 * found (docs/EVIDENCE.md has the format). It is sealed to the operator's public key (libsodium:
 * crypto_box_seal of a fresh key, crypto_secretstream for the rest) unless the settings say
 * otherwise, and ends with a digest over every byte of the file.
 *
 * Files are written under another name, synced, renamed, and the folder is synced: whoever kills
 * the writer finds complete records only. Clocks are the caller's. A struct store may be used by
 * all threads at once; everything else belongs to one.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "verdict/verdict.h"

/* ---- Time ---- */

struct store_time {
    int64_t seconds; /* since 1970-01-01 00:00 UTC; years 1970 to 9999 */
    int offset;      /* minutes east of UTC where the gateway stands */
};
enum { STORE_TIME_BYTES = 32 };
/* "2026-11-29T18:36:32+02:00"; utc: "2026-11-29T16:36:32Z". */
void store_time_text(struct store_time t, bool utc, char out[STORE_TIME_BYTES]);

/* ---- Keys ---- */

enum { STORE_KEY_BYTES = 32, STORE_KEY_ID_BYTES = 17 };

/* One line of a text file: "extortion-evidence-public 1 <hex>". */
enum store_key_kind { STORE_KEY_PUBLIC, STORE_KEY_SECRET };
struct store_key {
    unsigned char public_bytes[STORE_KEY_BYTES];
    unsigned char secret_bytes[STORE_KEY_BYTES]; /* zeros in a public key */
    char id[STORE_KEY_ID_BYTES];                 /* 16 hex digits that name the pair */
};

/* A new pair. STATUS_IO: no random numbers. */
enum status store_key_make(struct store_key *out);
/* The text of a key file, without comments. */
enum status store_key_text(const struct store_key *key, enum store_key_kind kind, struct buf *out);
/*
 * STATUS_INVALID or STATUS_IO with a diagnostic. A secret key that others than its owner can read
 * is refused.
 */
enum status store_key_read(const char *path, enum store_key_kind kind, struct diags *diags,
                           struct store_key *out);
/* Overwrites the bytes. */
void store_key_forget(struct store_key *key);

/* ---- What is recorded ---- */

/* What only the MTA knows. */
enum evidence_fact {
#define FACT(id, group, name, macro) FACT_##id,
#include "store/facts.def"
#undef FACT
    FACT_COUNT
};

struct evidence {
    struct store_time received;
    struct view gateway, operator, program; /* who recorded it */
    struct view queue_id;
    const struct envelope *envelope;
    uint64_t n_recipients;         /* how many there were; the envelope may hold fewer */
    struct view facts[FACT_COUNT]; /* empty: not told */
    struct view message;           /* as it came, CRLF lines */
    bool complete;                 /* false: more came than was kept */
    const struct scan *scan;
    const char *ruleset; /* version */
    double threshold;
    const char *actions; /* "tag+annotate" */
};

/* "20261129T163632Z-4F2Xq1-1a2b3c4d": when, queue id, a random number. */
enum { RECORD_ID_BYTES = 96 };
enum status record_id_make(int64_t seconds, struct view queue_id, char out[RECORD_ID_BYTES]);
/* Only names that record_id_make gives; so none that leads out of a folder. */
bool record_id_good(const char *id);

enum { EVIDENCE_JSON_MAX = 16 << 20 };
/*
 * The record's JSON object on one line. The reader is the scanner's, and the scan still valid.
 * STATUS_NO_MEMORY, or STATUS_LIMIT beyond out's ceiling.
 */
enum status evidence_describe(const struct evidence *e, const char *id, struct mail_reader *reader,
                              struct buf *out);

/* ---- The folder, for the gateway ---- */

struct store_wish {
    const char *directory;
    const char *key; /* file of the public key; empty: records are not sealed */
    unsigned days;   /* records are kept; 0: until somebody purges them */
    uint64_t quota;  /* bytes of the whole folder; 0: no bound */
};

struct store;

/*
 * Refuses a folder that others than its owner can enter, read or write, one of somebody else, and
 * one that cannot be written. Changes nothing. STATUS_INVALID or STATUS_IO with diagnostics,
 * STATUS_NO_MEMORY. Where the folder is moved away later, writing fails until the store is opened
 * anew.
 */
enum status store_open(const struct store_wish *wish, struct diags *diags, struct store **out);
void store_free(struct store **s);
/* Of the key that records are sealed to; NULL: they are not. */
const char *store_key_id(const struct store *s);

struct store_outcome {
    unsigned expired; /* records removed, since they were older than `days` */
    int error;        /* errno, STATUS_IO */
};
/*
 * STATUS_OK: the record is on the disk. STATUS_LIMIT: the quota is used up. STATUS_IO,
 * STATUS_NO_MEMORY. Except when it says STATUS_OK, nothing of the record is left, but for a failure
 * of the very last sync. seconds: now.
 */
enum status store_write(struct store *s, const char *id, int64_t seconds, struct view json,
                        struct view message, struct store_outcome *outcome);

/* ---- The folder, for its owner ---- */

struct store_entry {
    char id[RECORD_ID_BYTES];
    uint64_t bytes;
    bool purge; /* set by store_plan_purge */
};
struct store_entries {
    struct store_entry *v; /* own; oldest first */
    size_t n;
    uint64_t bytes; /* of all */
};

/* STATUS_IO: errno tells. Other files are passed over. */
enum status store_list(const char *directory, struct store_entries *out);
void store_entries_fini(struct store_entries *e);
/* Adds the file's bytes. STATUS_IO: errno tells. */
enum status store_read(const char *directory, const char *id, struct buf *out);
/* STATUS_IO: errno tells. */
enum status store_remove(const char *directory, const char *id);
/*
 * Marks what is older than days (days SIZE_MAX: nothing), then the oldest until the rest is at most
 * quota bytes (UINT64_MAX: none). Returns how many.
 */
size_t store_plan_purge(struct store_entries *e, int64_t seconds, size_t days, uint64_t quota);

/* ---- Reading a record ---- */

enum record_state {
    RECORD_GOOD,      /* opened, and every check holds */
    RECORD_SEALED,    /* unchanged; nobody gave the secret key, so it was not opened */
    RECORD_OTHER_KEY, /* unchanged; sealed to another key than the one given */
    RECORD_CHANGED,   /* not as it was written */
    RECORD_NO_MEMORY,
};
struct record {
    bool sealed;
    char key_id[STORE_KEY_ID_BYTES]; /* "" when it is not sealed */
    struct view json, message;       /* RECORD_GOOD only; as long as the record */
    struct buf payload;              /* own */
    const char *changed;             /* static; what does not hold, RECORD_CHANGED */
};

/* file must stay. key: a secret one, or NULL. id: the name that it lies under. */
enum record_state record_read(struct view file, const struct store_key *key, const char *id,
                              struct record *out);
void record_fini(struct record *r);

/* The 64 hex digits of SHA-256, and a NUL. */
enum { STORE_DIGEST_BYTES = 65 };
void store_digest(struct view bytes, char out[STORE_DIGEST_BYTES]);

#endif
