/* The word tables: folded as text folds, without doubles, and found where they stand. */
#include "../test.h"
#include "indicator/lexicon.h"

static void rows_are_folded(void **state)
{
    struct arena arena;
    int failures = 0;

    (void)state;
    arena_init(&arena, 1 << 24);
    for (const struct lexicon_row *row = lexicon_rows(); row->text != NULL; row++) {
        struct view text = view_of(row->text);
        bool stem = text.n > 0 && text.p[text.n - 1] == '*';
        struct view plain = view_sub(text, 0, text.n - stem);
        failures += row_view(plain, text_fold(plain, &arena), row->text, "write it folded");
        failures += row_check(plain.n > 0 && plain.p[0] != ' ' && plain.p[plain.n - 1] != ' ',
                              row->text, "spaces at its ends");
        failures += row_check(!stem || plain.n >= 4, row->text, "a stem of four bytes or more");
        failures += row_check(row->languages != 0, row->text, "no language");
    }
    arena_fini(&arena);
    assert_int_equal(failures, 0);
}

static void rows_are_unique(void **state)
{
    int failures = 0;

    (void)state;
    for (const struct lexicon_row *a = lexicon_rows(); a->text != NULL; a++)
        for (const struct lexicon_row *b = a + 1; b->text != NULL; b++)
            failures += row_check((a->languages & b->languages) == 0 || a->role != b->role ||
                                      strcmp(a->text, b->text) != 0,
                                  a->text, "stands there twice");
    assert_int_equal(failures, 0);
}

/* Every row is found when it stands in a text by itself. */
static void rows_are_found(void **state)
{
    int failures = 0;

    (void)state;
    struct lexicon *lexicon = lexicon_new();
    assert_non_null(lexicon);
    for (const struct lexicon_row *row = lexicon_rows(); row->text != NULL; row++) {
        struct word words[16];
        struct view text = view_of(row->text);
        text.n -= text.p[text.n - 1] == '*';
        uint32_t n = text_split(text, words, COUNT_OF(words));
        struct reading r = {.bytes = text, .words = words, .n_words = n};
        struct lexicon_match m;
        bool found = n > 0 && n <= COUNT_OF(words) &&
                     lexicon_find(lexicon, &r, words[0].from, 0, row->role, row->languages, &m);
        failures += row_check(found, row->text, "not found");
    }
    lexicon_free(&lexicon);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_are_folded),
                                       cmocka_unit_test(rows_are_unique),
                                       cmocka_unit_test(rows_are_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
