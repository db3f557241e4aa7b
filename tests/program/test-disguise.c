#include "../test.h"
#include "program/disguise-mail.h"
#include "text/text.h"

/* The folded words of a disguised mail must be those of the plain one, whatever the disguise. */
static const char letter[] = "From: a@example.org\nSubject: Important account notice\n\n"
                             "I recorded your secret videos with spyware. Transfer bitcoin within "
                             "two days, otherwise everybody receives everything.\n"
                             "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\n";

static const char *const words[] = {"recorded", "secret",  "videos",    "spyware",
                                    "transfer", "bitcoin", "everybody", "receives"};

static bool text_has(const struct text *t, const char *word)
{
    for (uint32_t w = 0; w < t->n_words; w++)
        if (view_eq(text_word(t, w), view_of(word)))
            return true;
    for (uint32_t a = 0; a < t->n_alternates; a++)
        if (view_eq((struct view){t->alternates_folded.p + t->alternates[a].from,
                                  t->alternates[a].length},
                    view_of(word)))
            return true;
    return false;
}

static int seen_through(const struct disguise_kind *kind, unsigned strength, uint64_t seed)
{
    struct disguises d = {.kind = {kind}, .n = 1, .strength = strength, .seed = seed};
    struct limits limits = limits_default();
    struct mail_reader *reader = NULL;
    struct arena arena;
    struct buf out;
    struct message m;
    struct text t;
    char label[80];
    int failures = 0;
    snprintf(label, sizeof label, "%s %u%% seed %u", kind->name, strength, (unsigned)seed);
    arena_init(&arena, limits.arena_bytes);
    buf_init(&out, 1 << 20);
    assert_int_equal(disguise_mail(&d, VIEW(letter), &out), STATUS_OK);
    assert_int_equal(mail_reader_new(&reader), STATUS_OK);
    assert_int_equal(message_parse(reader, buf_view(&out), &limits, &arena, &m), STATUS_OK);
    assert_int_equal(text_read(reader, &m, &limits, &arena, &t), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        failures += row_check(text_has(&t, words[i]), label, words[i]);
    mail_reader_free(&reader);
    buf_fini(&out);
    arena_fini(&arena);
    return failures;
}

static void test_every_kind_is_seen_through(void **state)
{
    (void)state;
    int failures = 0;
    for (const struct disguise_kind *k = disguise_kinds; k->name != NULL; k++)
        for (uint64_t seed = 1; seed <= 5; seed++) {
            failures += seen_through(k, 0, seed);
            if (k->form == DISGUISE_LETTERS)
                failures += seen_through(k, 80, seed);
        }
    assert_int_equal(failures, 0);
}

static void test_same_seed_same_bytes(void **state)
{
    (void)state;
    for (const struct disguise_kind *k = disguise_kinds; k->name != NULL; k++) {
        struct buf a, b, c;
        buf_init(&a, 1 << 20);
        buf_init(&b, 1 << 20);
        buf_init(&c, 1 << 20);
        struct view text = VIEW("transfer bitcoin within two days, otherwise everybody knows");
        assert_int_equal(disguise_text(k, text, 50, 7, &a), STATUS_OK);
        assert_int_equal(disguise_text(k, text, 50, 7, &b), STATUS_OK);
        assert_int_equal(disguise_text(k, text, 50, 8, &c), STATUS_OK);
        assert_true(view_eq(buf_view(&a), buf_view(&b)));
        bool random = k->usual < 100;
        assert_int_equal(!view_eq(buf_view(&a), buf_view(&c)), random);
        assert_true(k->form == DISGUISE_CONTAINER || !view_eq(buf_view(&a), text));
        buf_fini(&a);
        buf_fini(&b);
        buf_fini(&c);
    }
}

/* A hidden element inside a tag would hide what follows it, and the reader would see no letter. */
static void test_markup_stands_outside_tags(void **state)
{
    (void)state;
    for (const struct disguise_kind *k = disguise_kinds; k->name != NULL; k++) {
        struct buf out;
        buf_init(&out, 1 << 20);
        if (k->form == DISGUISE_MARKUP) {
            assert_int_equal(disguise_text(k, VIEW("you &amp; me<br>\n"), 100, 1, &out), STATUS_OK);
            assert_true(view_find(buf_view(&out), VIEW(" &amp; ")) < out.n);
            assert_true(view_find(buf_view(&out), VIEW("<br>\n")) < out.n);
            assert_true(view_find(buf_view(&out), VIEW("you")) >= out.n);
        }
        buf_fini(&out);
    }
}

static void test_full_buffer_is_told(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 100);
    struct disguises d = {.kind = {disguise_kind_find(VIEW("quote"))}, .n = 1, .seed = 1};
    assert_int_equal(disguise_mail(&d, VIEW(letter), &out), STATUS_LIMIT);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_is_seen_through),
        cmocka_unit_test(test_same_seed_same_bytes),
        cmocka_unit_test(test_markup_stands_outside_tags),
        cmocka_unit_test(test_full_buffer_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
