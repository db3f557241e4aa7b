#include "mta/http.h"

static bool is_token(struct view v)
{
    const struct view signs = VIEW("!#$%&'*+-.^_`|~");
    for (size_t i = 0; i < v.n; i++)
        if (!ascii_is_alnum((unsigned char)v.p[i]) && view_find_byte(signs, v.p[i]) == signs.n)
            return false;
    return v.n > 0;
}

static bool is_printable(struct view v)
{
    for (size_t i = 0; i < v.n; i++)
        if ((unsigned char)v.p[i] < 0x20 && v.p[i] != '\t')
            return false;
    return true;
}

/* "GET /metrics HTTP/1.1" */
static bool request_line(struct view line, struct http_request *out)
{
    size_t first = view_find_byte(line, ' ');
    struct view method = view_sub(line, 0, first), rest = view_sub(line, first + 1, line.n);
    size_t second = view_find_byte(rest, ' ');
    struct view target = view_sub(rest, 0, second), version = view_sub(rest, second + 1, rest.n);
    if (!is_token(method) || target.n == 0 || target.p[0] != '/' || version.n != 8 ||
        !view_starts_nocase(version, VIEW("HTTP/1.")) ||
        !ascii_is_digit((unsigned char)version.p[7]))
        return false;
    out->method = view_eq(method, VIEW("GET"))    ? HTTP_GET
                  : view_eq(method, VIEW("HEAD")) ? HTTP_HEAD
                                                  : HTTP_OTHER;
    out->path = view_sub(target, 0, view_find_byte(target, '?'));
    return true;
}

static bool header_line(struct view line, struct http_request *out)
{
    size_t colon = view_find_byte(line, ':');
    struct view value = view_sub(line, colon + 1, line.n);
    if (colon == line.n || !is_token(view_sub(line, 0, colon)))
        return false;
    if (view_eq_nocase(view_sub(line, 0, colon), VIEW("Accept")) &&
        view_find_nocase(value, VIEW("application/openmetrics-text")) < value.n)
        out->openmetrics = true;
    return true;
}

enum http_read http_request_read(struct view bytes, struct http_request *out)
{
    *out = (struct http_request){.method = HTTP_OTHER};
    for (bool first = true;; first = false) {
        size_t n = view_find_byte(bytes, '\n');
        struct view line = view_sub(bytes, 0, n);
        if (n == bytes.n)
            return is_printable(view_trim(line)) ? HTTP_MORE : HTTP_BAD;
        bytes = view_sub(bytes, n + 1, bytes.n);
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (!is_printable(line))
            return HTTP_BAD;
        if (!first && line.n == 0)
            return HTTP_COMPLETE;
        if (first ? !request_line(line, out) : !header_line(line, out))
            return HTTP_BAD;
    }
}

static const char *reason_of(int code)
{
    static const struct {
        int code;
        const char *text;
    } reasons[] = {{200, "OK"},
                   {400, "Bad Request"},
                   {404, "Not Found"},
                   {405, "Method Not Allowed"},
                   {431, "Request Header Fields Too Large"},
                   {500, "Internal Server Error"}};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].code == code)
            return reasons[i].text;
    return "";
}

enum status http_response_write(struct buf *out, int code, const char *type, struct view body,
                                enum http_method method)
{
    enum status status =
        buf_addf(out,
                 "HTTP/1.1 %d %s\r\n"
                 "Content-Type: %s\r\n"
                 "Content-Length: %zu\r\n"
                 "%s"
                 "Cache-Control: no-store\r\n"
                 "X-Content-Type-Options: nosniff\r\n"
                 "Connection: close\r\n"
                 "\r\n",
                 code, reason_of(code), type, body.n, code == 405 ? "Allow: GET, HEAD\r\n" : "");
    return status == STATUS_OK && method != HTTP_HEAD ? buf_add(out, body) : status;
}
