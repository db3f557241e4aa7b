/* Any bytes as a message, through mail and text: every position leads back into the message. */
#include "fuzz.h"

#include "../text/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mail_reader *reader;
    struct limits limits = limits_default();
    struct arena arena;
    struct message m;
    struct text t;
    if (reader == NULL)
        MUST(mail_reader_new(&reader) == STATUS_OK);
    if (size % 8 == 1) {
        limits.text_bytes = 1024;
        limits.words = 64;
        limits.links = 1;
    }
    arena_init(&arena, 1 << 27);
    if (message_parse(reader, (struct view){(const char *)data, size}, &limits, &arena, &m) ==
            STATUS_OK &&
        text_read(reader, &m, &limits, &arena, &t) == STATUS_OK)
        invariants_text(&t, &limits);
    arena_fini(&arena);
    return 0;
}
