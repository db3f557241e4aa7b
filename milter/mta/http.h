/*
 * As much of HTTP/1.1 (RFC 9112) as one who answers GET and closes needs. Private to mta. Bytes in,
 * bytes out: no I/O.
 */
#ifndef MTA_HTTP_H
#define MTA_HTTP_H

#include "base/base.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_OTHER };

struct http_request {
    enum http_method method;
    struct view path; /* without query; borrows from the bytes */
    bool openmetrics; /* the client says that it takes it */
};

/* A scraper sends 300 bytes; a longer request is none. */
enum { HTTP_REQUEST_MAX = 8192 };

enum http_read { HTTP_MORE, HTTP_COMPLETE, HTTP_BAD };

/* MORE: the bytes are the beginning of a request. What follows a complete one is not looked at. */
enum http_read http_request_read(struct view bytes, struct http_request *out);
/* Head and body; of a HEAD request the head only. code: one of those in http.c. */
enum status http_response_write(struct buf *out, int code, const char *type, struct view body,
                                enum http_method method);

#endif
