/* A record's file, inside store. The format is in docs/EVIDENCE.md. */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "store/store.h"

/*
 *  head line, then
 *  plain:  payload
 *  sealed: sealed key, stream header, payload in chunks of CHUNK_BYTES, each CHUNK_EXTRA longer
 *  then the trailer: "\nsha256 ", 64 hex digits of all bytes before it, "\n"
 *  payload: "<bytes of JSON> <bytes of message>\n", JSON, message
 */
#define RECORD_PLAIN_HEAD  "extortion-evidence 1 plain\n"
#define RECORD_SEALED_HEAD "extortion-evidence 1 sealed " /* key id, LF */
#define RECORD_TRAILER     "\nsha256 "
#define RECORD_SUFFIX      ".evidence"

enum {
    STREAM_KEY_BYTES = 32,
    SEALED_KEY_BYTES = STREAM_KEY_BYTES + 48,
    STREAM_HEADER_BYTES = 24,
    CHUNK_BYTES = 65536,
    CHUNK_EXTRA = 17,
    TRAILER_BYTES = 8 + 64 + 1,
    RECORD_HEAD_MAX = 64,
    RECORD_SIZES_MAX = 48, /* the payload's first line */
};

struct civil {
    int year;
    unsigned month, day, hour, minute, second;
};
struct civil civil_of(int64_t seconds);

/* "20261129T163632Z": sorts as time does. */
enum { STAMP_BYTES = 17 };
void stamp_of(int64_t seconds, char out[STAMP_BYTES]);

/* The size of the file that record_write makes. */
uint64_t record_size(bool sealed, uint64_t json, uint64_t message);
/*
 * Writes to fd, from its position on. key: a public one, or NULL. STATUS_IO: errno tells.
 */
enum status record_write(int fd, const struct store_key *key, struct view json,
                         struct view message);

#endif
