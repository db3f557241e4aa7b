/* Any bytes as a message: the tree, the texts and their maps keep their promises. */
#include "fuzz.h"

#include "../mail/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mail_reader *reader;
    if (reader == NULL && mail_reader_new(&reader) != STATUS_OK)
        return 0;
    struct limits limits = limits_default();
    /* The last byte chooses limits, so that reaching them is fuzzed as well. */
    unsigned choice = size > 0 ? data[size - 1] : 0;
    if ((choice & 1) != 0)
        limits.parts = 5, limits.nesting = 3, limits.headers = 10, limits.header_value_bytes = 256;
    if ((choice & 2) != 0)
        limits.decoded_bytes = 1024, limits.message_bytes = 4096, limits.header_bytes = 1024;
    struct arena arena;
    arena_init(&arena, (choice & 12) == 12 ? 1u << 16 : limits.arena_bytes);
    struct message m;
    struct view raw = {(const char *)data, size};
    if (message_parse(reader, raw, &limits, &arena, &m) == STATUS_OK) {
        invariants_message(&m, &limits);
        invariants_headers(reader, &m, &arena);
    }
    arena_fini(&arena);
    return 0;
}
