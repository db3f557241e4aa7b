#include "fixture.h"
#include "vectors.h"

#define GENESIS "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
#define SEGWIT  "bc1qztwy6xen3zdtt7z0vrgapmjtfz8acjkfp5fp7l"
#define TAPROOT "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"

/* Each row of the table inside a sentence: found as it is written, or not at all. */
static void vectors_in_text(void **state)
{
    struct vectors all = vectors_read();
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < all.n; i++) {
        const struct vector *v = &all.v[i];
        bool btc = strcmp(v->coin, "BTC") == 0;
        char body[2048];
        if (!btc && strcmp(v->coin, "NONE") != 0 && strcmp(v->coin, "BECH32-RAW") != 0)
            continue;
        snprintf(body, sizeof body, "Here it is: %s, copy it.", v->address);
        fixture_body(&f, "plain", body);
        bool want = btc && v->valid;
        failures += row_check(fixture_count(&f, INDICATOR_BITCOIN) == want, v->address, v->form);
        if (!want || f.found.n == 0)
            continue;
        const struct indicator *d = &f.found.v[0];
        failures += row_check(view_eq_nocase(d->value, view_of(v->address)), v->address, "value");
        failures += row_view(fixture_shown(&f, d), view_of(v->address), v->address, "shown");
        failures +=
            row_check(d->flags == (strncmp(v->form, "testnet", 7) == 0 ? INDICATOR_TESTNET : 0),
                      v->address, "flags");
        failures += row_check(d->first == d->last, v->address, "words");
    }
    fixture_fini(&f);
    free(all.v);
    assert_int_equal(failures, 0);
}

/* URIs: whatever address inside passes its check is found, and nothing else. */
static void vectors_of_uris(void **state)
{
    struct vectors all = vectors_read();
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < all.n; i++) {
        const struct vector *v = &all.v[i];
        uint32_t want = 0;
        char body[2048];
        if (strcmp(v->coin, "BTC-URI") != 0)
            continue;
        for (const char *p = v->address; *p != '\0';) {
            size_t n = 0;
            bool testnet;
            while (ascii_is_alnum((unsigned char)p[n]))
                n++;
            want += bitcoin_address_check((struct view){p, n}, &testnet) != NULL;
            p += n + (p[n] != '\0');
        }
        snprintf(body, sizeof body, "Pay %s please", v->address);
        fixture_body(&f, "plain", body);
        failures += row_check(fixture_count(&f, INDICATOR_BITCOIN) == want, v->address, "count");
        for (uint32_t k = 0; k < f.found.n; k++)
            if (f.found.v[k].kind == INDICATOR_BITCOIN)
                failures +=
                    row_check((f.found.v[k].flags & INDICATOR_LINK) != 0, v->address, "link flag");
    }
    fixture_fini(&f);
    free(all.v);
    assert_int_equal(failures, 0);
}

/* How senders break addresses up. */
enum disguise_kind { EVERY, GROUPS, HALVES };

static const struct {
    const char *label;
    enum disguise_kind kind;
    const char *glue;    /* between letters or groups */
    const char *pattern; /* halves: %s and %s */
} disguises[] = {
    {"space between letters", EVERY, " ", NULL},
    {"hyphen between letters", EVERY, "-", NULL},
    {"underscore between letters", EVERY, "_", NULL},
    {"star between letters", EVERY, "*", NULL},
    {"zero-width between letters", EVERY, "\xe2\x80\x8b", NULL},
    {"soft hyphen between letters", EVERY, "\xc2\xad", NULL},
    {"groups of four", GROUPS, " ", NULL},
    {"groups with no-break space", GROUPS, "\xc2\xa0", NULL},
    {"groups with dashes", GROUPS, "-", NULL},
    {"groups with stars", GROUPS, "*", NULL},
    {"groups with spaced bars", GROUPS, " | ", NULL},
    {"groups on lines", GROUPS, "\n", NULL},
    {"groups on quoted lines", GROUPS, "\n> ", NULL},
    {"groups on indented lines", GROUPS, "\n        ", NULL},
    {"groups with slashes", GROUPS, "/", NULL},
    {"two lines", HALVES, NULL, "%s\n%s"},
    {"soft break left over", HALVES, NULL, "%s=\n%s"},
    {"two parts", HALVES, NULL, "The first part is %s and the second part: %s. Join them."},
    {"parts in brackets", HALVES, NULL, "Part 1 [%s], part 2 [%s]"},
    {"parts on lines", HALVES, NULL, "Part one:\n%s\n\nPart two:\n\n%s\n\nno spaces between"},
    {"plus between", HALVES, NULL, "%s + %s"},
};

static void disguise(char *out, size_t size, size_t row, const char *address)
{
    size_t length = strlen(address);
    size_t step = disguises[row].kind == EVERY ? 1 : 4;
    size_t n = 0;

    if (disguises[row].kind == HALVES) {
        char first[256];
        snprintf(first, sizeof first, "%.*s", (int)(length / 2), address);
        n += (size_t)snprintf(out, size, "My wallet: ");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(out + n, size - n, disguises[row].pattern, first, address + length / 2);
#pragma GCC diagnostic pop
        return;
    }
    n += (size_t)snprintf(out, size, "My wallet: ");
    for (size_t i = 0; i < length; i += step)
        n += (size_t)snprintf(out + n, size - n, "%s%.*s", i > 0 ? disguises[row].glue : "",
                              (int)step, address + i);
    snprintf(out + n, size - n, " (case sensitive)");
}

static void disguised(void **state)
{
    struct vectors all = vectors_read();
    struct fixture f;
    int failures = 0;
    size_t addresses = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < all.n; i++) {
        const struct vector *v = &all.v[i];
        if (strcmp(v->coin, "BTC") != 0 || !v->valid || strncmp(v->form, "testnet", 7) == 0 ||
            (strlen(v->address) != 62 && strcmp(v->form, "segwit") == 0) ||
            strcmp(v->form, "silent-payment") == 0)
            continue;
        addresses++;
        for (size_t k = 0; k < COUNT_OF(disguises); k++) {
            char body[2048];
            disguise(body, sizeof body, k, v->address);
            fixture_body(&f, "plain", body);
            bool found = fixture_count(&f, INDICATOR_BITCOIN) == 1;
            failures += row_check(found, disguises[k].label, body);
            for (uint32_t d = 0; d < f.found.n; d++) {
                if (f.found.v[d].kind != INDICATOR_BITCOIN)
                    continue;
                failures += row_view(f.found.v[d].value, view_of(v->address), body, "value");
                failures +=
                    row_check((f.found.v[d].flags & INDICATOR_REPAIRED) != 0, body, "repaired");
                failures +=
                    row_check(f.found.anomalies.count[ANOMALY_ADDRESS_SPLIT] > 0, body, "anomaly");
            }
        }
    }
    assert_true(addresses >= 25);
    fixture_fini(&f);
    free(all.v);
    assert_int_equal(failures, 0);
}

static const struct {
    const char *subtype, *body, *want;
    int flags; /* of the first one; -1: any */
} cases[] = {
    /* plain, and next to punctuation */
    {"plain", GENESIS, GENESIS "/p2pkh", 0},
    {"plain", "(" GENESIS ")", GENESIS "/p2pkh", 0},
    {"plain", "BTC:" GENESIS ".", GENESIS "/p2pkh", 0},
    {"plain", "**" GENESIS "**", GENESIS "/p2pkh", 0},
    {"plain", "btc-" GENESIS, GENESIS "/p2pkh", 0},
    {"plain", "wallet=" GENESIS, GENESIS "/p2pkh", 0},
    {"plain", GENESIS "/" SEGWIT, GENESIS "/p2pkh; " SEGWIT "/p2wpkh", 0},
    {"plain", "BC1QZTWY6XEN3ZDTT7Z0VRGAPMJTFZ8ACJKFP5FP7L", SEGWIT "/p2wpkh", 0},
    {"plain", TAPROOT, TAPROOT "/p2tr", 0},
    /* look-alike letters: Cyrillic, Greek, full-width, mathematical */
    {"plain", "1А1zР1еР5QGеfі2DМРТfТL5SLmv7DіvfNа", GENESIS "/p2pkh", INDICATOR_REPAIRED},
    {"plain", "１Ａ１ｚＰ１ｅＰ５ＱＧｅｆｉ２ＤＭＰＴｆＴＬ５ＳＬｍｖ７ＤｉｖｆＮａ",
     GENESIS "/p2pkh", INDICATOR_REPAIRED},
    {"plain", "𝟏𝐀𝟏𝐳𝐏𝟏𝐞𝐏𝟓𝐐𝐆𝐞𝐟𝐢𝟐𝐃𝐌𝐏𝐓𝐟𝐓𝐋𝟓𝐒𝐋𝐦𝐯𝟕𝐃𝐢𝐯𝐟𝐍𝐚", GENESIS "/p2pkh", INDICATOR_REPAIRED},
    {"plain", "bс1qztwу6хеn3zdtt7z0vrgарmjtfz8асjkfр5fр7l", SEGWIT "/p2wpkh", INDICATOR_REPAIRED},
    {"plain", "1А1zР1 еР5QG еfі2DМ РТfТL5 SLmv7D іvfNа", GENESIS "/p2pkh", INDICATOR_REPAIRED},
    /* letters to be removed */
    {"plain", "1A1zP1XeP5XQGefi2DMPTfTLX5SLmv7DivfNa (remove each X)", GENESIS "/p2pkh",
     INDICATOR_REPAIRED},
    {"plain", "1A1zP10eP50QGefi2DMPTfTL05SLmv7DivfNa without the zeros", GENESIS "/p2pkh",
     INDICATOR_REPAIRED},
    {"plain", "1A1zP1#eP5QGe#fi2DMPTfTL5SLmv7DivfNa", GENESIS "/p2pkh", INDICATOR_REPAIRED},
    {"plain", "bc1qztwy6xen3zbbdtt7z0vrgapmjtfz8acjkbbfp5fp7l", SEGWIT "/p2wpkh",
     INDICATOR_REPAIRED},
    /* parts in the other order */
    {"plain", "second half PTfTL5SLmv7DivfNa, first half 1A1zP1eP5QGefi2DM", GENESIS "/p2pkh",
     INDICATOR_REPAIRED},
    {"plain", "one: 1A1zP1eP5QG two: efi2DMPTfTL three: 5SLmv7DivfNa", GENESIS "/p2pkh",
     INDICATOR_REPAIRED},
    /* HTML inside */
    {"html", "<p>Pay 1A1zP1eP5Q<b></b>Gefi2DM<span>PTfTL5SL</span>mv7DivfNa", GENESIS "/p2pkh", -1},
    {"html", "<p>Pay 1A1zP1eP5Q<!-- x -->Gefi2DMPTfTL5SLmv7DivfNa", GENESIS "/p2pkh", -1},
    {"html", "<p>Pay 1A1zP1eP5Q<br>Gefi2DMPTfTL5SLmv7DivfNa", GENESIS "/p2pkh", INDICATOR_REPAIRED},
    {"html", "<p>Pay &#49;A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", GENESIS "/p2pkh", 0},
    /* links */
    {"html", "<a href=\"bitcoin:" GENESIS "?amount=0.5\">pay here</a>", GENESIS "/p2pkh",
     INDICATOR_LINK},
    {"html", "<a href=\"BITCOIN:BC1QZTWY6XEN3ZDTT7Z0VRGAPMJTFZ8ACJKFP5FP7L\">here</a>",
     SEGWIT "/p2wpkh", INDICATOR_LINK},
    {"html", "<a href=\"https://mempool.space/address/" SEGWIT "\">see</a>", SEGWIT "/p2wpkh",
     INDICATOR_LINK},
    {"html", "<a href=\"https://www.blockchain.com/btc/address/" GENESIS "\">see</a>",
     GENESIS "/p2pkh", INDICATOR_LINK},
    {"html", "<a href=\"https://x.example/qr?data=bitcoin%3A" GENESIS "\">see</a>",
     GENESIS "/p2pkh", INDICATOR_LINK},
    {"html", "<a href=\"bitcoin:" GENESIS "\">" GENESIS "</a>", GENESIS "/p2pkh", 0},
    {"html", "<a href=\"https://x.example/track/" GENESIS "/a\">see</a>", "", -1},
    {"html", "<a href=\"https://x.example/?id=" GENESIS "\">see</a>", "", -1},
    {"plain", "https://blockstream.info/address/" GENESIS, GENESIS "/p2pkh", INDICATOR_LINK},
    {"plain", "blockchair.com/bitcoin/address/" GENESIS, GENESIS "/p2pkh", INDICATOR_LINK},
    {"plain", "https://x.example/" GENESIS "/x", "", -1},
    {"plain", "https://x.example/?u=" GENESIS, "", -1},
    {"plain", "bitcoin:" GENESIS, GENESIS "/p2pkh", INDICATOR_LINK},
    {"plain", "Bitcoin: " GENESIS, GENESIS "/p2pkh", 0},
    /* inside something longer */
    {"plain", "x" GENESIS, "", -1},
    {"plain", GENESIS "9x", "", -1},
    {"plain", "TWFuIGlzIGRpc3Rpb/" GENESIS "+QmVjYXVzZSBvZiB0", "", -1},
    {"plain", GENESIS "==", "", -1},
    {"plain", GENESIS "@mail.example.org", "", -1},
    {"plain", "d41d8cd98f00b204-" GENESIS, "", -1},
    /* private keys and broken addresses */
    {"plain", "5Kd3NBUAdUnhyzenEwVLy9pBKxSwXvE9FMPyR4UKZvpe6E3AgLr", "", -1},
    {"plain", "5Kd3NBUAdUnhyzenEwVLy9pB KxSwXvE9FMPyR4UKZvpe6E3AgLr", "", -1},
    {"plain", "1a1zp1ep5qgefi2dmptftl5slmv7divfna", "", -1},
    {"plain", "1A1zP1 eP5QGe fi2DMPT fTL5SL mv7Div fNb", "", -1},
    {"plain", "1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4", "", -1},
};

static void written(void **state)
{
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fixture_body(&f, cases[i].subtype, cases[i].body);
        failures += row_view(fixture_list(&f, INDICATOR_BITCOIN), view_of(cases[i].want),
                             cases[i].body, "found");
        for (uint32_t k = 0; k < f.found.n && cases[i].flags >= 0; k++) {
            if (f.found.v[k].kind != INDICATOR_BITCOIN)
                continue;
            failures += row_check(f.found.v[k].flags == cases[i].flags, cases[i].body, "flags");
            break;
        }
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

static void uri_amount(void **state)
{
    static const struct {
        const char *uri, *want;
    } uris[] = {
        {"bitcoin:" GENESIS "?amount=0.5", "0.5 BTC"},
        {"bitcoin:" GENESIS "?label=x&amount=20.30000000&message=y", "20.3 BTC"},
        {"bitcoin:" GENESIS "?AMOUNT=3", "3 BTC"},
        {"bitcoin:" GENESIS "?amount=", ""},
        {"bitcoin:" GENESIS "?xamount=5", ""},
        {"bitcoin:" GENESIS, ""},
    };
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(uris); i++) {
        char body[512];
        fixture_body(&f, "plain", uris[i].uri);
        failures += row_view(fixture_list(&f, INDICATOR_AMOUNT), view_of(uris[i].want), uris[i].uri,
                             "in text");
        snprintf(body, sizeof body, "<p><a href=\"%s\">pay</a>", uris[i].uri);
        fixture_body(&f, "html", body);
        failures += row_view(fixture_list(&f, INDICATOR_AMOUNT), view_of(uris[i].want), uris[i].uri,
                             "in a link");
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

/* Candidates thrown in to use up the allowance do not hide a whole address. */
static void flooded(void **state)
{
    struct fixture f;
    char body[32768];
    size_t n = 0;

    (void)state;
    fixture_init(&f);
    f.limits.indicator_candidates = 100;
    for (int i = 0; n < 30000; i++)
        n += (size_t)snprintf(body + n, sizeof body - n, "1ab%cXyZ9k %cQw7rT%cd4p\n", 'a' + i % 11,
                              'A' + i % 7, 'm' + i % 13);
    snprintf(body + n, sizeof body - n, "%s", GENESIS);
    fixture_body(&f, "plain", body);
    assert_int_equal(fixture_count(&f, INDICATOR_BITCOIN), 1);
    assert_true(f.found.anomalies.count[ANOMALY_INDICATOR_LIMIT] > 0);
    fixture_fini(&f);
}

/* The last candidate that is paid for is found; one less, and it is missed visibly. */
static void candidates(void **state)
{
    struct fixture f;
    uint32_t enough = 0, found = 0;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (uint32_t limit = 0; limit < 40; limit++) {
        char label[32];
        f.limits.indicator_candidates = limit;
        fixture_body(&f, "plain", "pay to " GENESIS " today");
        uint32_t now = (uint32_t)fixture_count(&f, INDICATOR_BITCOIN);
        bool told = f.found.anomalies.count[ANOMALY_INDICATOR_LIMIT] > 0;
        snprintf(label, sizeof label, "limit %u", limit);
        failures += row_check(now >= found, label, "more is never less");
        failures += row_check(now == 1 || told, label, "a miss is a visible fact");
        enough += now == 0;
        found = now;
    }
    assert_int_equal(failures, 0);
    assert_int_equal(found, 1);
    assert_int_equal(f.found.anomalies.count[ANOMALY_INDICATOR_LIMIT], 0);
    assert_true(enough > 0); /* limit - 1 misses it, limit does not */
    fixture_fini(&f);
}

static void names(void **state)
{
    (void)state;
    for (int k = 0; k < INDICATOR_KINDS; k++) {
        const char *name = indicator_kind_name((enum indicator_kind)k);
        assert_int_equal(indicator_kind_find(view_of(name)), k);
    }
    assert_int_equal(indicator_kind_find(VIEW("bitcoin")), INDICATOR_BITCOIN);
    assert_int_equal(indicator_kind_find(VIEW("nothing")), INDICATOR_KINDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_in_text), cmocka_unit_test(vectors_of_uris),
        cmocka_unit_test(disguised),       cmocka_unit_test(written),
        cmocka_unit_test(uri_amount),      cmocka_unit_test(flooded),
        cmocka_unit_test(candidates),      cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
