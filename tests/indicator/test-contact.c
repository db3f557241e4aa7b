/* Bank accounts, onion services, messengers, payment handles and gift cards in running text. */
#include "fixture.h"

#define ONION "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd"
#define TOX   "76518406F6A9F2217E8DC487CC783C25CC16A15EB36FF32E335A235342C48A39218F515C39A6"
#define KEY   "05c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b220605"

static const struct {
    const char *text, *kind, *want;
} rows[] = {
    {"to FI21 1234 5600 0007 85, today", "iban", "FI2112345600000785"},
    {"to fi2112345600000785.", "iban", "FI2112345600000785"},
    {"GB29 NWBK 6016 1331 9268 19", "iban", "GB29NWBK60161331926819"},
    {"IBAN:FR14 2004 1010 0505 0001 3M02 606", "iban", "FR1420041010050500013M02606"},
    {"NL91-ABNA-0417-1643-00", "iban", "NL91ABNA0417164300"},
    {"FI21 1234 5600 0007 86", "iban", ""},
    {"reference RF18 5390 0754 7034", "iban", ""},
    /* A French number with letters where figures must be, though mod 97 may fit. */
    {"DE89 3704 0044 0532 0130 0A", "iban", ""},
    {"XFI2112345600000785", "iban", ""},
    {"FI21123456000007851", "iban", ""},
    {"id=FI21-1234-5600-0007-85-77", "iban", ""},
    {"log in at http://" ONION ".onion/chat?id=3", "onion", ONION ".onion/v3"},
    {"open " ONION " [.] onion in Tor", "onion", ONION ".onion/v3"},
    {"pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscrzd.onion", "onion", ""},
    {"expyuzz4wqqyqhjn.onion", "onion", ""},
    {"Tox ID: " TOX, "tox", TOX "/id"},
    {"my Session: " KEY, "session", KEY "/id"},
    {"the public key " KEY, "session", ""},
    {"write to https://t.me/dark_lord", "messenger", "dark_lord/telegram"},
    {"t.me/joinchat/AbCdEf123", "messenger", "abcdef123/telegram"},
    {"Telegram: @dark_lord99.", "messenger", "dark_lord99/telegram"},
    {"find me as @dark_lord99 in telegram", "messenger", "dark_lord99/telegram"},
    {"пишите в Телеграме @dark_lord99", "messenger", "dark_lord99/telegram"},
    {"Telegram, or mail to bob@example.org", "messenger", ""},
    {"https://t.me/ and t.me", "messenger", ""},
    {"I sent a telegram to the office", "messenger", ""},
    {"https://wa.me/358401234567", "messenger", "358401234567/whatsapp"},
    {"pay at paypal.me/BobX now", "payment-handle", "bobx/paypal"},
    {"Cash App: $bobby", "payment-handle", "bobby/cash-app"},
    {"https://cash.app/$bobby", "payment-handle", "bobby/cash-app"},
    {"venmo.com/legal", "payment-handle", ""},
    {"Cash App pays $500", "payment-handle", ""},
    {"buy two Steam gift cards and a Paysafecard", "gift-card",
     "steam/steam; paysafecard/paysafecard"},
    {"hanki lahjakortteja", "gift-card", "gift-card/gift-card"},
    {"achetez des recharges PCS", "gift-card", "pcs/pcs"},
    {"购买礼品卡", "gift-card", "gift-card/gift-card"},
    {"a gift and a card", "gift-card", ""},
};

static void found_in_text(void **state)
{
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        fixture_body(&f, "plain", rows[i].text);
        failures += row_view(fixture_list(&f, indicator_kind_find(view_of(rows[i].kind))),
                             view_of(rows[i].want), rows[i].text, rows[i].kind);
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

/* Only in the target of a link. */
static void found_in_links(void **state)
{
    static const struct {
        const char *html, *kind, *want;
    } links[] = {
        {"<a href=\"https://t.me/Dark_Lord\">write</a>", "messenger", "dark_lord/telegram"},
        {"<a href=\"https://www.paypal.me/BobX/20\">pay</a>", "payment-handle", "bobx/paypal"},
        {"<a href=\"https://example.org/t.me/bob\">x</a>", "messenger", ""},
        {"<a href=\"http://" ONION ".onion/x\">x</a>", "onion", ONION ".onion/v3"},
        {"<a href=\"tox:" TOX "\">x</a>", "tox", TOX "/id"},
    };
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        enum indicator_kind kind = indicator_kind_find(view_of(links[i].kind));
        fixture_body(&f, "html", links[i].html);
        failures += row_view(fixture_list(&f, kind), view_of(links[i].want), links[i].html, "link");
        for (uint32_t k = 0; k < f.found.n; k++)
            failures +=
                row_check((f.found.v[k].flags & INDICATOR_LINK) != 0, links[i].html, "flag");
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_in_text),
                                       cmocka_unit_test(found_in_links)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
