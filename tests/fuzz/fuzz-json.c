/* The JSON reader on any bytes; what it took for a string must survive being written and read. */
#include <stdlib.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(struct view text)
{
    struct buf out;
    buf_init(&out, 8u << 20);
    struct json j;
    json_init(&j, &out);
    json_string(&j, text);
    struct json_reader r;
    json_reader_init(&r, buf_view(&out));
    bool small = j.status == STATUS_OK && text.n < JSON_STRING_MAX / 4;
    if (small && json_reader_next(&r) != JSON_STRING)
        abort();
    if (small && utf8_valid(text) && !view_eq(r.text, text))
        abort();
    json_reader_fini(&r);
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_reader r;
    json_reader_init(&r, (struct view){(const char *)data, size});
    enum json_token t;
    size_t n = 0;
    do {
        t = json_reader_next(&r);
        if (t == JSON_STRING || t == JSON_KEY)
            write_again(r.text);
        if (n++ > size)
            abort();
    } while (t != JSON_END && t != JSON_ERROR);
    json_reader_fini(&r);
    write_again((struct view){(const char *)data, size});
    return 0;
}
