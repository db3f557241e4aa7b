/* Any text: folded twice is folded once, valid and with no NUL of its own; its words lie inside. */
#include "fuzz.h"

#include "../text/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct view text = {(const char *)data, size};
    arena_init(&arena, 1 << 26);
    struct view once = text_fold(text, &arena), twice = text_fold(once, &arena);
    MUST(once.p != NULL && utf8_valid(once));
    MUST(view_eq(once, twice));
    MUST(view_find_byte(once, '\0') == once.n);
    MUST(once.n <= size * 63);
    struct word *words = arena_calloc(&arena, once.n + 1, sizeof *words);
    MUST(words != NULL);
    uint32_t n = text_split(once, words, (uint32_t)once.n + 1);
    MUST(n <= once.n);
    /* the words of a longer text begin with those of its beginning, and do not touch */
    for (uint32_t i = 0; i < n; i++) {
        MUST(words[i].length > 0 && words[i].from + words[i].length <= once.n);
        MUST(i == 0 || words[i].from >= words[i - 1].from + words[i - 1].length);
        MUST(utf8_valid(view_sub(once, words[i].from, words[i].from + words[i].length)));
        struct word again;
        struct view word = view_sub(once, words[i].from, words[i].from + words[i].length);
        MUST(text_split(word, &again, 1) == 1 && again.from == 0 && again.length == word.n);
    }
    arena_fini(&arena);
    return 0;
}
