/* Every row of the address vectors, against the checks by themselves. */
#include "indicator/bech32.h"
#include "indicator/indicator.h"
#include "vectors.h"

/* A coin of the file is either checked here or known to be still without a family. */
static const struct {
    const char *coin;
    bool supported;
} coins[] = {
    {"ADA", false}, {"ALGO", false},   {"BCH", true},  {"BECH32-RAW", true}, {"BNB", false},
    {"BTC", true},  {"BTC-URI", true}, {"DASH", true}, {"DOGE", true},       {"DOT", false},
    {"ETH", true},  {"IBAN", false},   {"LN", false},  {"LTC", true},        {"NANO", false},
    {"NONE", true}, {"ONION", false},  {"SOL", false}, {"TON", false},       {"TOX", false},
    {"TRX", true},  {"USDT", true},    {"XLM", false}, {"XMR", true},        {"XRP", true},
    {"XTZ", false}, {"ZEC", true},
};

static void all_coins_are_accounted_for(void **state)
{
    struct vectors all = vectors_read();
    size_t seen[COUNT_OF(coins)] = {0};
    int failures = 0;

    (void)state;
    for (size_t i = 0; i < all.n; i++) {
        size_t k = 0;
        while (k < COUNT_OF(coins) && strcmp(coins[k].coin, all.v[i].coin) != 0)
            k++;
        failures += row_check(k < COUNT_OF(coins), all.v[i].coin, "unknown coin");
        if (k < COUNT_OF(coins))
            seen[k]++;
    }
    for (size_t k = 0; k < COUNT_OF(coins); k++)
        failures += row_check(seen[k] > 0, coins[k].coin, "no rows");
    assert_int_equal(all.n, 800);
    assert_int_equal(failures, 0);
    free(all.v);
}

/* The form of the door for a form of the file, NULL: any. */
static const char *want_form(const struct vector *v)
{
    if (strstr(v->form, "p2pkh") != NULL)
        return "p2pkh";
    if (strstr(v->form, "p2sh") != NULL)
        return "p2sh";
    if (strcmp(v->form, "p2wpkh") == 0)
        return "p2wpkh";
    return strcmp(v->form, "silent-payment") == 0 ? "silent-payment" : NULL;
}

static void bitcoin_rows(void **state)
{
    struct vectors all = vectors_read();
    int failures = 0;
    int rows = 0;

    (void)state;
    for (size_t i = 0; i < all.n; i++) {
        const struct vector *v = &all.v[i];
        bool testnet;
        if (strcmp(v->coin, "BTC") != 0)
            continue;
        rows++;
        const char *form = bitcoin_address_check(view_of(v->address), &testnet);
        failures += row_check((form != NULL) == v->valid, v->address, v->form);
        if (form == NULL || !v->valid)
            continue;
        failures +=
            row_check(testnet == (strncmp(v->form, "testnet", 7) == 0), v->address, "testnet");
        if (want_form(v) != NULL)
            failures += row_check(strcmp(form, want_form(v)) == 0, v->address, form);
    }
    assert_int_equal(rows, 144);
    assert_int_equal(failures, 0);
    free(all.v);
}

static void bech32_rows(void **state)
{
    struct vectors all = vectors_read();
    int failures = 0;

    (void)state;
    for (size_t i = 0; i < all.n; i++) {
        const struct vector *v = &all.v[i];
        struct bech32 b;
        if (strcmp(v->coin, "BECH32-RAW") != 0)
            continue;
        enum bech32_variant want = strcmp(v->form, "bech32m") == 0 ? BECH32_M : BECH32_PLAIN;
        bool ok = bech32_decode(view_of(v->address), 90, &b) && b.variant == want;
        failures += row_check(ok == v->valid, v->address, v->form);
    }
    assert_int_equal(failures, 0);
    free(all.v);
}

static void other_rows_are_no_bitcoin(void **state)
{
    struct vectors all = vectors_read();
    int failures = 0;

    (void)state;
    for (size_t i = 0; i < all.n; i++) {
        const struct vector *v = &all.v[i];
        bool testnet;
        if (strncmp(v->coin, "BTC", 3) == 0)
            continue;
        /*
         * The same bytes by design: "3..." of Litecoin, the legacy form of Bitcoin Cash, tether on
         * Bitcoin, test networks; and Bitcoin addresses offered as other coins.
         */
        static const char *const shared[] = {"LTC", "BCH", "USDT", "DOGE", "SOL"};
        bool may = false;
        for (size_t k = 0; k < COUNT_OF(shared); k++)
            may |= strcmp(v->coin, shared[k]) == 0;
        const char *form = bitcoin_address_check(view_of(v->address), &testnet);
        failures += row_check(form == NULL || may, v->address, v->coin);
    }
    assert_int_equal(failures, 0);
    free(all.v);
}

static void forms(void **state)
{
    static const struct {
        const char *address, *form;
        bool testnet;
    } rows[] = {
        {"bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3", "p2wsh", false},
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "p2tr", false},
        {"BC1P0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQZK5JJ0", "p2tr", false},
        {"bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "segwit", false},
        {"", NULL, false},
        {"1", NULL, false},
        {"bc1", NULL, false},
        {"1111111111111111111114oLvT2", "p2pkh", false},
        {"111111111111111111111111111111111111111111111111", NULL, false},
        {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 ", NULL, false},
    };
    int failures = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool testnet;
        const char *form = bitcoin_address_check(view_of(rows[i].address), &testnet);
        bool same =
            rows[i].form == NULL ? form == NULL : form != NULL && strcmp(form, rows[i].form) == 0;
        failures += row_check(same, rows[i].address, form != NULL ? form : "none");
        failures += row_check(form == NULL || testnet == rows[i].testnet, rows[i].address, "net");
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_coins_are_accounted_for),
        cmocka_unit_test(bitcoin_rows),
        cmocka_unit_test(bech32_rows),
        cmocka_unit_test(other_rows_are_no_bitcoin),
        cmocka_unit_test(forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
