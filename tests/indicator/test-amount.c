#include "fixture.h"

static const struct {
    const char *text, *want;
} rows[] = {
    /* signs and codes on either side */
    {"$1190", "1190 USD"},
    {"1750$", "1750 USD"},
    {"$ 1190", "1190 USD"},
    {"1750 $", "1750 USD"},
    {"US$500", "500 USD"},
    {"US $500", "500 USD"},
    {"A$500 or C$20", "500 AUD; 20 CAD"},
    {"€200", "200 EUR"},
    {"200€", "200 EUR"},
    {"200 €", "200 EUR"},
    {"200\xc2\xa0€", "200 EUR"},
    {"2\xe2\x80\xaf"
     "000\xe2\x80\xaf€",
     "2000 EUR"},
    {"EUR 200", "200 EUR"},
    {"EUR200", "200 EUR"},
    {"200EUR", "200 EUR"},
    {"200 (EUR)", "200 EUR"},
    {"£750", "750 GBP"},
    {"¥50000", "50000 JPY"},
    {"200,- Kč", "200 CZK"},
    {"200,– €", "200 EUR"},
    {"$\n500", "500 USD"},
    {"＄５００", "500 USD"},
    /* separators */
    {"$1,190.50", "1190.5 USD"},
    {"1.300,50 €", "1300.5 EUR"},
    {"1 300 kr", "1300 SEK"},
    {"1'300 CHF", "1300 CHF"},
    {"1.300 euros", "1300 EUR"},
    {"1,50,000 INR", "150000 INR"},
    {"10 000 kronor", "10000 SEK"},
    /* multipliers */
    {"500k USD", "500000 USD"},
    {"$500k", "500000 USD"},
    {"1.5 thousand dollars", "1500 USD"},
    {"2 tuhatta euroa", "2000 EUR"},
    {"1,5 miljoonaa euroa", "1500000 EUR"},
    {"$2 million", "2000000 USD"},
    {"5 tys. zł", "5000 PLN"},
    {"10万円", "100000 JPY"},
    {"$1.5bn and $375M and $2B", "1500000000 USD; 375000000 USD; 2000000000 USD"},
    {"100만원", "1000000 KRW"},
    {"100 만원, 1억 원", "1000000 KRW; 100000000 KRW"},
    {"1億5000万円", "150000000 JPY"},
    {"3万5千元", "35000 CNY"},
    {"3만5천원을", "35000 KRW"},
    {"1억 5천만 원", "150000000 KRW"},
    {"10만 5명", ""},
    {"5천 3만원", "30000 KRW"}, /* rising: two figures */
    {"2萬塊錢", "20000 CNY"},
    {"支付0.05個比特幣", "0.05 BTC"},
    {"比特币0.5个", "0.5 BTC"},
    {"ビットコイン0.05枚", "0.05 BTC"},
    {"비트코인 0.5개를", "0.5 BTC"},
    {"비트코인으로 24시간", ""},
    {"3 tusen kronor", "3000 SEK"},
    /* coins */
    {"0.3 BTC", "0.3 BTC"},
    {"0,05 btc", "0.05 BTC"},
    {"0.12345678 BTC", "0.12345678 BTC"},
    {"1.300 BTC", "1.3 BTC"},
    {"₿0.5", "0.5 BTC"},
    {"BTC 0.5", "0.5 BTC"},
    {"10 ETH", "10 ETH"},
    {"5 Bitcoins", "5 BTC"},
    {"2 bitcoinia", "2 BTC"},
    {"one bitcoin", "1 BTC"},
    {"2000 USDT", "2000 USDT"},
    {"3 Monero (XMR)", "3 XMR"},
    {"bitcoin worth 500 dollars", "500 USD"},
    {"500 dollars in bitcoin", "500 USD"},
    {"$500 BTC", "500 USD"},
    {"EUR 200 bitcoin", "200 EUR"},
    /* names, inflected */
    {"200 euroa", "200 EUR"},
    {"200 euron", "200 EUR"},
    {"200 dollaria", "200 USD"},
    {"500 kruunua", "500 SEK"},
    {"500 dólares", "500 USD"},
    {"500 Dollar", "500 USD"},
    {"900 долларов", "900 USD"},
    {"500 евро", "500 EUR"},
    {"30 000 рублей", "30000 RUB"},
    {"20 000 грн", "20000 UAH"},
    {"500 ευρώ", "500 EUR"},
    {"500 eurų", "500 EUR"},
    {"300 eiro", "300 EUR"},
    {"500 eurot", "500 EUR"},
    {"2000 zł", "2000 PLN"},
    {"2000 złotych", "2000 PLN"},
    {"5000 korun", "5000 CZK"},
    {"100 000 forint", "100000 HUF"},
    {"2500 lei", "2500 RON"},
    {"10.000 TL", "10000 TRY"},
    {"500 دولار", "500 USD"},
    {"٥٠٠ دولار", "500 USD"},
    {"500美元", "500 USD"},
    {"3000元", "3000 CNY"},
    {"5万円", "50000 JPY"},
    {"500ドル", "500 USD"},
    {"500달러", "500 USD"},
    {"500 canadian dollars", "500 CAD"},
    {"500 US dollars", "500 USD"},
    {"1000 UNITED STATES DOLLAR", "1000 USD"},
    {"500 U.S. dollars", "500 USD"},
    {"500 danske kroner", "500 DKK"},
    {"500 svenska kronor", "500 SEK"},
    /* number words */
    {"two hundred euros", "200 EUR"},
    {"two hundred (200) euros", "200 EUR"},
    {"200 (two hundred) euros", "200 EUR"},
    {"twenty-five hundred dollars", "2500 USD"},
    {"one thousand two hundred and fifty dollars", "1250 USD"},
    {"a thousand dollars", "1000 USD"},
    {"kaksisataa euroa", "200 EUR"},
    {"kahdensadan euron", "200 EUR"},
    {"viisisataa euroa", "500 EUR"},
    {"tuhat euroa", "1000 EUR"},
    {"kaksituhatta viisisataa euroa", "2500 EUR"},
    {"kaksikymmentäviisi euroa", "25 EUR"},
    {"tvåhundra kronor", "200 SEK"},
    {"två hundra kronor", "200 SEK"},
    {"femtusen kronor", "5000 SEK"},
    {"ett tusen kronor", "1000 SEK"},
    {"zweihundert Euro", "200 EUR"},
    {"zwei Tausend Euro", "2000 EUR"},
    {"fünfhundert Dollar", "500 USD"},
    {"cinq cents euros", "500 EUR"},
    {"deux mille euros", "2000 EUR"},
    {"quatre-vingt-dix euros", "90 EUR"},
    {"quinientos dólares", "500 USD"},
    {"mil dólares", "1000 USD"},
    {"quinhentos euros", "500 EUR"},
    {"duecento euro", "200 EUR"},
    {"cinquecento euro", "500 EUR"},
    {"tweehonderd euro", "200 EUR"},
    {"pięćset euro", "500 EUR"},
    {"пятьсот долларов", "500 USD"},
    {"две тысячи евро", "2000 EUR"},
    {"五百美元", "500 USD"},
    /* several */
    {"EUR 100 USD 200", "100 EUR; 200 USD"},
    {"100 EUR 200 USD", "100 EUR; 200 USD"},
    {"in 2024 EUR 200", "200 EUR"},
    {"$500-$1000", "500 USD; 1000 USD"},
    {"$500-1000", "1000 USD"},
    {"500-1000 euros", "1000 EUR"},
    {"500 – 1000 €", "1000 EUR"},
    {"$100 $200", "100 USD; 200 USD"},
    {"send $500, or 0.01 BTC.", "500 USD; 0.01 BTC"},
    /* disguised */
    {"5оо dollars and 500 dоllаrs", "500 USD"},
    {"500 ＥＵＲＯＳ", "500 EUR"},
    {"500 eu\xe2\x80\x8bros", "500 EUR"},
    {"0.3 b1tcoin", "0.3 BTC"},
    {"0.3 bit-coin", "0.3 BTC"},
    {"0.3 b i t c o i n s", "0.3 BTC"},
    {"0.3 bitсоin", "0.3 BTC"},
    {"0.3 ВТС", "0.3 BTC"},
    /* no amounts */
    {"version 1.2.3 and 10.0.0.1", ""},
    {"on 24.12.2024 or 2024-12-24", ""},
    {"call +358 40 123 4567 or 112", ""},
    {"500 european countries", ""},
    {"100% euro", ""},
    {"order #939 dollars", ""},
    {"1.2.3 USD", ""},
    {"555-123-4567 $", ""},
    {"from dollar to euro", ""},
    {"BTC 24 hours a day", ""},
    {"the US 500", ""},
    {"eth0 eth2 dma", ""},
    {"CONFIG_LTC2947=m", ""},
    {"top_mux_aud_1", ""},
    {"<CAD3i26BCS36@example.org>", ""},
    {"0B5$O)bD a$5x$qq 9$TPL8R }1$a", ""},
    {".RS 4", ""},
    {"0 euros", ""},
    {"v2 euro", ""},
    {"euro 2024", "2024 EUR"}, /* a football cup reads like a price; rules bound it */
    /* everyday words, unless their capitals say that they are money */
    {"60 000 Ft", "60000 HUF"},
    {"500Ft", "500 HUF"},
    {"a rope of 60ft and 60 ft long", ""},
    {"at 35,000 FT", ""},
    {"10 SOL", "10 SOL"},
    {"10 sol, 2 ada", ""},
    {"1500:- kr", "1500 SEK"},
    {"divsimt eiro", "200 EUR"},
    /* Slovak, Croatian and its like, Bulgarian, Slovene, Catalan, Indonesian: names */
    {"200 eurá", "200 EUR"},
    {"500 dolárov", "500 USD"},
    {"500 amerických dolárov", "500 USD"},
    {"200 eura", "200 EUR"},
    {"300 evra", "300 EUR"},
    {"50 000 dinara", "50000 RSD"},
    {"50.000 динара", "50000 RSD"},
    {"500 евра", "500 EUR"},
    {"1000 konvertibilnih maraka", ""}, /* the adjective stands between */
    {"1000 maraka", "1000 BAM"},
    {"500 dolara", "500 USD"},
    {"2000 лева", "2000 BGN"},
    {"2000 лв.", "2000 BGN"},
    {"BGN 2000", "2000 BGN"},
    {"500 щатски долара", "500 USD"},
    {"300 evrov", "300 EUR"},
    {"500 dolarjev", "500 USD"},
    {"500 dòlars", "500 USD"},
    {"500 euros", "500 EUR"},
    {"500 ribu rupiah", "500000 IDR"},
    {"5 juta rupiah", "5000000 IDR"},
    {"Rp 5.000.000", "5000000 IDR"},
    {"Rp5.000.000", "5000000 IDR"},
    {"Rp 5 jt", "5000000 IDR"},
    {"500 dolar AS", "500 USD"},
    /* spelled */
    {"päťsto eur", "500 EUR"},
    {"dvetisíc eur", "2000 EUR"},
    {"päť tisíc eur", "5000 EUR"},
    {"dvjesto eura", "200 EUR"},
    {"dvije tisuće eura", "2000 EUR"},
    {"pet stotina evra", "500 EUR"},
    {"две хиљаде евра", "2000 EUR"},
    {"хиљаду динара", "1000 RSD"},
    {"две хиляди лева", "2000 BGN"},
    {"седемстотин евро", "700 EUR"},
    {"petsto evrov", "500 EUR"},
    {"dva tisoč evrov", "2000 EUR"},
    {"cinc-cents euros", "500 EUR"},
    {"dos mil euros", "2000 EUR"},
    {"lima ratus dolar", "500 USD"},
    {"dua puluh lima juta rupiah", "25000000 IDR"},
    /* and everyday words */
    {"pat ide do euro zony", ""},
    {"nema dinara", ""},
    {"pet nas, sto kuna u dvoristu", "100 HRK"}, /* a marten is money beside a number */
    {"много пари и левове", ""},
    {"nas pet in evropa", ""},
    {"nou cent per cent euro", "100 EUR"},
    {"kota lima rupiah", "5 IDR"},
    {"jalan rp dan juta orang", ""},
    {"the rp2040 and the rp2350b", ""},
};

static void amounts(void **state)
{
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char body[512];
        fixture_body(&f, "plain", rows[i].text);
        failures += row_view(fixture_list(&f, INDICATOR_AMOUNT), view_of(rows[i].want),
                             rows[i].text, "alone");
        /* The same inside a sentence. */
        snprintf(body, sizeof body, "You must pay %s. Now.", rows[i].text);
        fixture_body(&f, "plain", body);
        failures += row_view(fixture_list(&f, INDICATOR_AMOUNT), view_of(rows[i].want),
                             rows[i].text, "in a sentence");
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

/* Words and visible span: phrases and explanations lean on them. */
static void places(void **state)
{
    static const struct {
        const char *text, *shown;
        uint32_t words;
        double number;
        const char *currency;
    } spans[] = {
        {"pay $1,190.50 now", "$1,190.50", 3, 1190.5, "USD"},
        {"pay 200 euroa now", "200 euroa", 2, 200, "EUR"},
        {"pay EUR 200 now", "EUR 200", 2, 200, "EUR"},
        {"pay twenty-five US dollars now", "twenty-five US dollars", 4, 25, "USD"},
        {"pay 0.3 bitсоin now", "0.3 bitсоin", 3, 0.3, "BTC"},
        {"pay 0.3 b i t c o i n s now", "0.3 b i t c o i n s", 10, 0.3, "BTC"},
        {"500\xc2\xa0€", "500\xc2\xa0€", 1, 500, "EUR"},
    };
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        fixture_body(&f, "plain", spans[i].text);
        failures += row_check(fixture_count(&f, INDICATOR_AMOUNT) == 1, spans[i].text, "count");
        if (f.found.n == 0)
            continue;
        const struct indicator *d = &f.found.v[0];
        failures += row_view(fixture_shown(&f, d), view_of(spans[i].shown), spans[i].text, "shown");
        failures += row_check(d->last - d->first + 1 == spans[i].words, spans[i].text, "words");
        failures +=
            row_check(d->number > spans[i].number - 1e-9 && d->number < spans[i].number + 1e-9,
                      spans[i].text, "number");
        failures += row_check(strcmp(d->currency, spans[i].currency) == 0, spans[i].text, "code");
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

/* A price list may take half of the room, the deadline behind it is still found. */
static void limit(void **state)
{
    struct fixture f;
    char body[32768];
    size_t n = 0;

    (void)state;
    fixture_init(&f);
    f.limits.indicators = 100;
    for (int i = 0; i < 2000; i++)
        n += (size_t)snprintf(body + n, sizeof body - n, "$%d, ", i + 1);
    snprintf(body + n, sizeof body - n, "you have 24 hours");
    fixture_body(&f, "plain", body);
    assert_int_equal(fixture_count(&f, INDICATOR_DEADLINE), 1);
    assert_true(fixture_count(&f, INDICATOR_AMOUNT) <= 50);
    assert_true(f.found.anomalies.count[ANOMALY_INDICATOR_LIMIT] > 0);
    fixture_fini(&f);
}

/* One family may take half of the room: five amounts need nine. */
static void indicators(void **state)
{
    static const struct {
        uint32_t limit, found;
    } limits[] = {{8, 4}, {9, 5}, {10, 5}};
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        char label[32];
        snprintf(label, sizeof label, "limit %u", limits[i].limit);
        f.limits.indicators = limits[i].limit;
        fixture_body(&f, "plain", "$1, $2, $3, $4, $5");
        failures +=
            row_check(fixture_count(&f, INDICATOR_AMOUNT) == limits[i].found, label, "found");
        failures += row_check((f.found.anomalies.count[ANOMALY_INDICATOR_LIMIT] > 0) ==
                                  (limits[i].found < 5),
                              label, "a visible fact");
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

/* What numbers may cost: the last one that is paid for is found, the next one is not. */
static void lookups(void **state)
{
    static const char body[] = "$1, $2, $3, $4, $5";
    static const struct {
        uint32_t limit, found;
    } limits[] = {{100, 5}, {30, 5}, {29, 4}, {6, 1}, {5, 0}};
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        char label[32];
        snprintf(label, sizeof label, "limit %u", limits[i].limit);
        f.limits.indicator_lookups = limits[i].limit;
        fixture_body(&f, "plain", body);
        failures +=
            row_check(fixture_count(&f, INDICATOR_AMOUNT) == limits[i].found, label, "found");
        failures += row_check((f.found.anomalies.count[ANOMALY_INDICATOR_LIMIT] > 0) ==
                                  (limits[i].found < 5),
                              label, "a visible fact");
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lookups), cmocka_unit_test(amounts),
                                       cmocka_unit_test(places), cmocka_unit_test(limit),
                                       cmocka_unit_test(indicators)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
