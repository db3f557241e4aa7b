/*
 * The HTTP reader on any bytes: what is complete stays what it is whatever follows, what is bad
 * stays bad, and everything that is told lies within the bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "mta/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view all = {(const char *)data, size < HTTP_REQUEST_MAX ? size : HTTP_REQUEST_MAX};
    struct http_request whole, part;
    enum http_read last = HTTP_MORE, end = http_request_read(all, &whole);
    /* Not each length of long input: the reader starts anew with each. */
    for (size_t n = 0; n <= all.n; n += 1 + all.n / 64) {
        enum http_read now = http_request_read(view_sub(all, 0, n), &part);
        require(last == HTTP_MORE || now == last);
        if (now == HTTP_COMPLETE) {
            require(end == HTTP_COMPLETE && view_eq(part.path, whole.path));
            require(part.method == whole.method && part.openmetrics == whole.openmetrics);
        }
        last = now;
    }
    require(last == HTTP_MORE || end == last);
    if (end == HTTP_COMPLETE) {
        require(whole.path.n > 0 && whole.path.p >= all.p);
        require(whole.path.p + whole.path.n <= all.p + all.n && whole.path.p[0] == '/');
        require(view_find_byte(whole.path, '?') == whole.path.n);
    }
    return 0;
}
