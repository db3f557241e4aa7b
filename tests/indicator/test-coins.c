/* Every row of the address vectors inside a sentence, for all coins that have a family. */
#include "fixture.h"
#include "vectors.h"

static const struct {
    const char *coin;
    enum indicator_kind kind;
} coins[] = {
    {"LTC", INDICATOR_LITECOIN}, {"XMR", INDICATOR_MONERO},       {"ETH", INDICATOR_ETHEREUM},
    {"TRX", INDICATOR_TRON},     {"BCH", INDICATOR_BITCOIN_CASH}, {"DOGE", INDICATOR_DOGECOIN},
    {"DASH", INDICATOR_DASH},    {"ZEC", INDICATOR_ZCASH},        {"XRP", INDICATOR_RIPPLE},
    {"NONE", INDICATOR_KINDS},   {"USDT", INDICATOR_KINDS},
};

static enum indicator_kind kind_of(const char *coin)
{
    for (size_t i = 0; i < COUNT_OF(coins); i++)
        if (strcmp(coins[i].coin, coin) == 0)
            return coins[i].kind;
    return INDICATOR_KINDS;
}

/* What a valid row is found as; INDICATOR_KINDS: not at all. */
static enum indicator_kind want_kind(const struct vector *v)
{
    /* The same bytes as Bitcoin's, which comes first. */
    if (strchr("123mn", v->address[0]) != NULL &&
        (strcmp(v->coin, "LTC") == 0 || strcmp(v->coin, "DOGE") == 0 ||
         strcmp(v->coin, "BCH") == 0 || strcmp(v->form, "on BTC") == 0))
        return INDICATOR_BITCOIN;
    /* The code alone, under names of no network. */
    if (strcmp(v->form, "cashaddr other prefix") == 0)
        return INDICATOR_KINDS;
    if (strcmp(v->form, "on ETH") == 0)
        return INDICATOR_ETHEREUM;
    if (strcmp(v->form, "on TRX") == 0)
        return INDICATOR_TRON;
    return kind_of(v->coin);
}

static void vectors_in_text(void **state)
{
    struct vectors all = vectors_read();
    struct fixture f;
    int failures = 0;
    int rows = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < all.n; i++) {
        const struct vector *v = &all.v[i];
        char body[2048];
        bool known = false;
        for (size_t k = 0; k < COUNT_OF(coins); k++)
            known |= strcmp(coins[k].coin, v->coin) == 0;
        if (!known)
            continue;
        rows++;
        snprintf(body, sizeof body, "Here it is: %s, copy it.", v->address);
        fixture_body(&f, "plain", body);
        if (!v->valid) {
            enum indicator_kind kind = kind_of(v->coin);
            uint32_t n = kind < INDICATOR_KINDS ? fixture_count(&f, kind) : 0;
            failures += row_check(n == 0, v->address, "invalid, but found");
            continue;
        }
        enum indicator_kind want = want_kind(v);
        if (want == INDICATOR_KINDS) {
            failures += row_check(f.found.n == 0, v->address, "found");
            continue;
        }
        failures += row_check(f.found.n == 1 && f.found.v[0].kind == want, v->address, v->form);
    }
    fixture_fini(&f);
    free(all.v);
    assert_true(rows > 280);
    assert_int_equal(failures, 0);
}

/* The forms, and that pieces are put together for them too. */
static void forms(void **state)
{
    static const struct {
        const char *text, *kind, *want;
    } texts[] = {
        {"LW6HjAU6 GL9fK2LZ WUA6VZCz omTdrpx3 nr", "litecoin",
         "LW6HjAU6GL9fK2LZWUA6VZCzomTdrpx3nr/p2pkh"},
        {"first ltc1q3m3ujh350qrqdl33p second v7pjw0d0m9qnm6qjcjpga", "litecoin",
         "ltc1q3m3ujh350qrqdl33pv7pjw0d0m9qnm6qjcjpga/p2wpkh"},
        {"47zQ5LAivg6hNCgijXSEFVLX7mke1bgM6YGLFaANDoJbgXDymcA\n"
         "AZvvMNt2PmMpqEe5qRy2zyfMYXdwpmdyitiFh84xnPG2",
         "monero",
         "47zQ5LAivg6hNCgijXSEFVLX7mke1bgM6YGLFaANDoJbgXDymcAAZvvMNt2PmMpqEe5qRy2zyfMYXdwpmdyitiFh8"
         "4"
         "xnPG2/standard"},
        {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ethereum",
         "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed/eip55"},
        {"0xc6d9d2cd449a754c494264e1809c50e34d64562b", "ethereum",
         "0xc6d9d2cd449a754c494264e1809c50e34d64562b/unchecked"},
        {"TJRyWwFs9wTF-GZg3JbrVr-iFbNfCug5tDeC", "tron",
         "TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC/account"},
        {"bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a?amount=2", "bitcoin-cash",
         "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a/p2pkh"},
        {"qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "bitcoin-cash",
         "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a/p2pkh"},
    };
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        fixture_body(&f, "plain", texts[i].text);
        failures += row_view(fixture_list(&f, indicator_kind_find(view_of(texts[i].kind))),
                             view_of(texts[i].want), texts[i].text, texts[i].kind);
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors_in_text), cmocka_unit_test(forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
