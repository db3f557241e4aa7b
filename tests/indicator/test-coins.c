/* Every row of the address vectors inside a sentence, for all coins that have a family. */
#include "fixture.h"
#include "vectors.h"

static const struct {
    const char *coin;
    enum indicator_kind kind;
} coins[] = {
    {"BTC", INDICATOR_BITCOIN},   {"LTC", INDICATOR_LITECOIN},     {"XMR", INDICATOR_MONERO},
    {"ETH", INDICATOR_ETHEREUM},  {"TRX", INDICATOR_TRON},         {"BCH", INDICATOR_BITCOIN_CASH},
    {"DOGE", INDICATOR_DOGECOIN}, {"DASH", INDICATOR_DASH},        {"ZEC", INDICATOR_ZCASH},
    {"XRP", INDICATOR_RIPPLE},    {"XLM", INDICATOR_STELLAR},      {"ADA", INDICATOR_CARDANO},
    {"TON", INDICATOR_TON},       {"LN", INDICATOR_LIGHTNING},     {"XTZ", INDICATOR_TEZOS},
    {"ALGO", INDICATOR_ALGORAND}, {"BNB", INDICATOR_BINANCE},      {"NANO", INDICATOR_NANO},
    {"DOT", INDICATOR_POLKADOT},  {"SOL", INDICATOR_SOLANA},       {"BTC-URI", INDICATOR_BITCOIN},
    {"NONE", INDICATOR_KINDS},    {"BECH32-RAW", INDICATOR_KINDS}, {"USDT", INDICATOR_KINDS},
    {"IBAN", INDICATOR_IBAN},     {"ONION", INDICATOR_ONION},      {"TOX", INDICATOR_TOX},
};

static enum indicator_kind kind_of(const char *coin)
{
    for (size_t i = 0; i < COUNT_OF(coins); i++)
        if (strcmp(coins[i].coin, coin) == 0)
            return coins[i].kind;
    fail_msg("no row for %s", coin);
    return INDICATOR_KINDS;
}

static bool has(const struct vector *v, const char *text)
{
    return strstr(v->address, text) != NULL || strstr(v->form, text) != NULL;
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
    /* Good syntax around addresses that fail their checksums, or around none. */
    if (strcmp(v->coin, "BTC-URI") == 0)
        return INDICATOR_KINDS;
    if (strcmp(v->form, "on ETH") == 0 || strcmp(v->form, "bep20 (EVM)") == 0)
        return INDICATOR_ETHEREUM;
    if (strcmp(v->form, "on TRX") == 0)
        return INDICATOR_TRON;
    if (strcmp(v->form, "on SOL") == 0)
        return INDICATOR_SOLANA;
    return kind_of(v->coin);
}

/* Without a checksum they count only beside a word that names them. */
static const char *sentence_of(const struct vector *v)
{
    if (strcmp(v->coin, "SOL") == 0 || strcmp(v->form, "on SOL") == 0)
        return "Send it in SOL to %s, copy it.";
    if (strcmp(v->coin, "TON") == 0 && strchr(v->address, ':') != NULL)
        return "My TON wallet: %s, copy it.";
    return "Here it is: %s, copy it.";
}

/* Indicators other than amounts and deadlines, and those of one kind. */
static bool only(const struct fixture *f, enum indicator_kind kind)
{
    uint32_t others =
        f->found.n - fixture_count(f, INDICATOR_AMOUNT) - fixture_count(f, INDICATOR_DEADLINE);

    return kind == INDICATOR_KINDS ? others == 0 : others > 0 && others == fixture_count(f, kind);
}

static bool behaves(struct fixture *f, const struct vector *v)
{
    enum indicator_kind own = kind_of(v->coin);
    char body[2048];
    int n;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    n = snprintf(body, sizeof body, sentence_of(v), v->address);
#pragma GCC diagnostic pop
    assert_true(n > 0 && (size_t)n < sizeof body);
    fixture_body(f, "plain", body);
    if (v->valid)
        return only(f, want_kind(v));
    /* Private keys are nobody's address; the others may be valid addresses of another coin. */
    if (own == INDICATOR_KINDS || has(v, "private-key") || has(v, "secret"))
        return only(f, INDICATOR_KINDS);
    return fixture_count(f, own) == 0;
}

static void vectors_in_text(void **state)
{
    struct vectors all = vectors_read();
    struct fixture f;
    size_t good = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < all.n; i++)
        good += row_check(behaves(&f, &all.v[i]), all.v[i].address, all.v[i].form) == 0;
    fixture_fini(&f);
    print_message("%zu of %zu rows behave\n", good, all.n);
    assert_int_equal(all.n, 800);
    assert_int_equal(good, all.n);
    free(all.v);
}

/* BOLT-11: "please send 0.0025 BTC for a cup of coffee". */
#define INVOICE                                                                                    \
    "lnbc2500u1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfq" \
    "qqsy"                                                                                         \
    "qcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpu9qrsgquk0rl77nj30yxdy8j9vdx85fkpm" \
    "dl"                                                                                           \
    "a2087ne0xh8nhedh8w27kyke0lp53ut353s06fv3qfegext0eh0ymjpf39tuven09sam30g4vgpfna3rh"

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
        {"GBBM6BKZ PEHWYO3E 3YKREDPQ XMS4VK35 YLNU7NFB RI26RAN7 GI5POFBB", "stellar",
         "GBBM6BKZPEHWYO3E3YKREDPQXMS4VK35YLNU7NFBRI26RAN7GI5POFBB/account"},
        /* Sixteen bits of checksum do not prove which letter to drop. */
        {"GBBM6BKZPEHWYO3E3YKREDPQXMS4VK35YLNU7NFBRI26RAN7GI5POFBB9", "stellar", ""},
        {"see https://stellar.expert/explorer/public/account/"
         "GBBM6BKZPEHWYO3E3YKREDPQXMS4VK35YLNU7NFBRI26RAN7GI5POFBB",
         "stellar", "GBBM6BKZPEHWYO3E3YKREDPQXMS4VK35YLNU7NFBRI26RAN7GI5POFBB/account"},
        {"addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwn\ng5pxj3jhsydzers66hrl8", "cardano",
         "addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl8/shelley"},
        {"ton://transfer/EQDk2VTvn04SUKJrW7rXahzdF8_Qi6utb0wj43InCu9vdjrR?amount=1", "ton",
         "EQDk2VTvn04SUKJrW7rXahzdF8_Qi6utb0wj43InCu9vdjrR/bounceable"},
        {"https://tonviewer.com/EQDk2VTvn04SUKJrW7rXahzdF8_Qi6utb0wj43InCu9vdjrR", "ton",
         "EQDk2VTvn04SUKJrW7rXahzdF8_Qi6utb0wj43InCu9vdjrR/bounceable"},
        {"checksum 0:8a8627861a5dd96c9db3ce0807b122da5ed473934ce7568a5b4b1c361cbb28ae", "ton", ""},
        {"https://solscan.io/account/833XorXTTx5iya5B3Tr6iqEs9GbRuvVfwyLCP2vpdzhq in SOL", "solana",
         "833XorXTTx5iya5B3Tr6iqEs9GbRuvVfwyLCP2vpdzhq/unchecked"},
        {"token 833XorXTTx5iya5B3Tr6iqEs9GbRuvVfwyLCP2vpdzhq", "solana", ""},
        {"nano:nano_1q79ahdr36uqn38p5tp5sqwkn73rnpj1k8obtuetdbjcx37d5gahhd1u9cuh", "nano",
         "nano_1q79ahdr36uqn38p5tp5sqwkn73rnpj1k8obtuetdbjcx37d5gahhd1u9cuh/account"},
        {"monero:47zQ5LAivg6hNCgijXSEFVLX7mke1bgM6YGLFaANDoJbgXDymcAAZvvMNt2PmMpqEe5qRy2zyfMYXdwpmd"
         "yitiFh84xnPG2?tx_amount=1.5",
         "amount", "1.5 XMR"},
        {"lightning:" INVOICE, "lightning", INVOICE "/invoice"},
        {"lightning:" INVOICE, "amount", "0.0025 BTC"},
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
