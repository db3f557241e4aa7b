/*
 * Lightning: BOLT-11 invoices (bech32 of any length; the amount stands in the prefix), LNURL
 * (bech32 of a URL) and BOLT-12 offers (no checksum: the inside must be a well-formed offer).
 */
#include "indicator/address.h"
#include "indicator/bech32.h"

#include <string.h>

#define TIME_LETTERS      7
#define SIGNATURE_LETTERS 104
#define HASH_LETTERS      52
#define FEATURE_KNOWN     100 /* even bits from here on nobody understands */
#define OFFER_SHORTEST    60
#define OFFER_BYTES       640

/* "2500u" of the prefix in bitcoin; 0: none given; negative: malformed. */
static double prefix_amount(struct view digits)
{
    static const struct {
        char letter;
        double value;
    } units[] = {{'m', 1e-3}, {'u', 1e-6}, {'n', 1e-9}, {'p', 1e-12}};
    double unit = 1;
    uint64_t number;

    if (digits.n == 0)
        return 0;
    char last = digits.p[digits.n - 1];
    if (!ascii_is_digit((unsigned char)last)) {
        unit = -1;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
            if (units[i].letter == last)
                unit = units[i].value;
        digits.n--;
    }
    /* A tenth of a millisatoshi is the smallest step of 'p'. */
    if (unit < 0 || !view_to_u64(digits, 2100000000000000000, &number) || digits.p[0] == '0' ||
        (last == 'p' && number % 10 != 0))
        return -1;
    return (double)number * unit;
}

/* What follows "lnbc" and the like; VIEW_NONE when the prefix is no invoice's. */
static struct view prefix_digits(const char *prefix, bool *testnet)
{
    static const struct {
        const char *text;
        bool testnet;
    } rows[] = {{"lnbcrt", true}, {"lnbc", false}, {"lntbs", true}, {"lntb", true}};
    struct view v = view_of(prefix);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct view head = view_of(rows[i].text);
        if (!view_starts_nocase(v, head))
            continue;
        *testnet = rows[i].testnet;
        return view_sub(v, head.n, v.n);
    }
    return VIEW_NONE;
}

/* The sender must understand all even bits. */
static bool knows_features(const uint8_t *five, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t lowest = 5 * (n - 1 - i);
        for (size_t bit = 0; bit < 5; bit++)
            if ((five[i] >> bit & 1) != 0 && (lowest + bit) % 2 == 0 &&
                lowest + bit >= FEATURE_KNOWN)
                return false;
    }
    return true;
}

/* The 65 bytes of the signature. */
static bool signature_fits(const uint8_t *five, bool named)
{
    /* Half the order of secp256k1: with a named key only low numbers are allowed. */
    static const uint8_t half[16] = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    uint8_t bytes[65];
    bool tiny = true;

    if (bech32_bytes(five, SIGNATURE_LETTERS, bytes, sizeof bytes) != (int)sizeof bytes ||
        bytes[64] > 3)
        return false;
    for (size_t i = 0; i < 15; i++)
        tiny &= bytes[i] == 0;
    /* From 2 on the point lay beyond the order, which leaves 2^128 numbers. */
    if (bytes[64] >= 2 && !tiny)
        return false;
    return !named || memcmp(bytes + 32, half, sizeof half) <= 0;
}

static bool invoice_fits(const struct bech32 *b)
{
    bool hash = false, secret = false, named = false;
    size_t end = b->n;

    if (b->variant != BECH32_PLAIN || b->n < TIME_LETTERS + SIGNATURE_LETTERS)
        return false;
    end -= SIGNATURE_LETTERS;
    for (size_t at = TIME_LETTERS; at < end;) {
        if (at + 3 > end)
            return false;
        size_t n = (size_t)b->data[at + 1] * 32 + b->data[at + 2];
        uint8_t tag = b->data[at];
        at += 3;
        if (n > end - at)
            return false;
        hash |= tag == (uint8_t)bech32_letter_value('p') && n == HASH_LETTERS;
        secret |= tag == (uint8_t)bech32_letter_value('s') && n == HASH_LETTERS;
        named |= tag == (uint8_t)bech32_letter_value('n') && n == HASH_LETTERS + 1;
        if (tag == (uint8_t)bech32_letter_value('9') && !knows_features(b->data + at, n))
            return false;
        at += n;
    }
    return hash && secret && signature_fits(b->data + end, named);
}

static bool is_url(const struct bech32 *b)
{
    uint8_t bytes[BECH32_LONGEST];
    int n = bech32_bytes(b->data, b->n, bytes, sizeof bytes);
    struct view url = {(const char *)bytes, n > 0 ? (size_t)n : 0};

    return view_starts_nocase(url, VIEW("https://")) ||
           (view_starts_nocase(url, VIEW("http://")) && view_find(url, VIEW(".onion")) < url.n);
}

/* A number of BOLT-1, big-endian in one, three, five or nine bytes; false when it does not fit. */
static bool big_size(const uint8_t *p, size_t n, size_t *at, uint64_t *out)
{
    size_t bytes;

    if (*at >= n)
        return false;
    uint8_t first = p[(*at)++];
    bytes = first < 0xfd ? 0 : (size_t)1 << (first - 0xfc);
    *out = bytes == 0 ? first : 0;
    if (bytes > n - *at)
        return false;
    for (size_t i = 0; i < bytes; i++)
        *out = *out << 8 | p[(*at)++];
    return true;
}

/* Records with rising types that fill it exactly; whom to pay must be said. */
static bool is_offer(const uint8_t *p, size_t n)
{
    uint64_t before = 0;
    bool payee = false;

    for (size_t at = 0; at < n;) {
        uint64_t type, length;
        if (!big_size(p, n, &at, &type) || !big_size(p, n, &at, &length) || length > n - at ||
            type <= before)
            return false;
        before = type;
        payee |= type == 16 || (type == 22 && length == 33);
        at += length;
    }
    return payee;
}

/* In small letters. */
static const char *offer_form(struct view address)
{
    uint8_t five[OFFER_BYTES * 8 / 5 + 1];
    uint8_t bytes[OFFER_BYTES];
    size_t n = 0;

    if (!view_starts_nocase(address, VIEW("lno1")) || address.n < OFFER_SHORTEST ||
        address.n - 4 > sizeof five)
        return NULL;
    for (size_t i = 4; i < address.n; i++) {
        int value = bech32_letter_value((unsigned char)address.p[i]);
        if (value < 0)
            return NULL;
        five[n++] = (uint8_t)value;
    }
    int decoded = bech32_bytes(five, n, bytes, sizeof bytes);
    return decoded > 0 && is_offer(bytes, (size_t)decoded) ? "offer" : NULL;
}

static const char *check(struct view address, bool *testnet)
{
    struct bech32 b;

    *testnet = false;
    if (!bech32_decode(address, ADDRESS_LONGEST, &b))
        return NULL;
    if (strcmp(b.prefix, "lnurl") == 0)
        return b.variant == BECH32_PLAIN && is_url(&b) ? "lnurl" : NULL;
    struct view digits = prefix_digits(b.prefix, testnet);
    return digits.p != NULL && prefix_amount(digits) >= 0 && invoice_fits(&b) ? "invoice" : NULL;
}

static double amount(struct view address)
{
    char prefix[BECH32_PREFIX + 1];
    bool testnet;
    size_t n = address.n;

    while (n > 0 && address.p[n - 1] != '1')
        n--;
    if (n < 2 || n > sizeof prefix)
        return 0;
    for (size_t i = 0; i + 1 < n; i++)
        prefix[i] = (char)ascii_lower((unsigned char)address.p[i]);
    prefix[n - 1] = '\0';
    struct view digits = prefix_digits(prefix, &testnet);
    return digits.p != NULL ? prefix_amount(digits) : 0;
}

static bool is_letter_at(struct view text, size_t at)
{
    return at < text.n && ascii_is_alnum((unsigned char)text.p[at]);
}

/* The '+' and white space that join pieces of an offer, behind at; at itself when there are none.
 */
static uint32_t joint_end(struct view text, uint32_t at)
{
    uint32_t to = at;

    if (to >= text.n || text.p[to++] != '+')
        return at;
    while (to < text.n && to - at < 8 && ascii_is_space((unsigned char)text.p[to]))
        to++;
    return is_letter_at(text, to) ? to : at;
}

/* "lno1...+\n...": pieces with '+' between, which must have letters on both sides. */
static const char *wide(struct address_wide *w)
{
    uint32_t from = w->from;

    /* "l+no1..." starts in front of the first long piece. */
    while (from > 1 && w->from - from < 8 && w->text.p[from - 1] == '+' &&
           is_letter_at(w->text, from - 2)) {
        from--;
        while (from > 0 && is_letter_at(w->text, from - 1))
            from--;
    }
    uint32_t before = from;
    while (before > 0 && from - before < 8 && ascii_is_space((unsigned char)w->text.p[before - 1]))
        before--;
    /* A '+' in front joins nothing. */
    if (from >= w->text.n || ascii_lower((unsigned char)w->text.p[from]) != 'l' ||
        (before > 0 && w->text.p[before - 1] == '+'))
        return NULL;
    w->n = 0;
    w->to = from;
    for (uint32_t at = from; at < w->text.n;) {
        if (!is_letter_at(w->text, at)) {
            uint32_t next = joint_end(w->text, at);
            /* A '+' that joins nothing. */
            if (next == at && w->text.p[at] == '+')
                return NULL;
            if (next == at)
                break;
            at = next;
            continue;
        }
        if (w->n == ADDRESS_LONGEST)
            return NULL;
        w->value[w->n++] = (char)ascii_lower((unsigned char)w->text.p[at++]);
        w->to = at;
    }
    const char *form = w->n < OFFER_SHORTEST ? NULL : offer_form((struct view){w->value, w->n});
    /* Mixed case is told from the text, not from the lower-case copy. */
    bool lower = false, upper = false;
    for (uint32_t i = from; i < w->to; i++) {
        lower |= w->text.p[i] >= 'a' && w->text.p[i] <= 'z';
        upper |= w->text.p[i] >= 'A' && w->text.p[i] <= 'Z';
    }
    w->from = from;
    return lower && upper ? NULL : form;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BECH32, "lnbc", 150, ADDRESS_LONGEST, false, {0, 0}},
    {ADDRESS_BECH32, "lntb", 150, ADDRESS_LONGEST, false, {0, 0}},
    {ADDRESS_BECH32, "lnurl1", 40, ADDRESS_LONGEST, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family lightning_family = {.shapes = shapes,
                                                .check = check,
                                                .wide = wide,
                                                .amount = amount,
                                                .scheme = "lightning",
                                                .currency = "BTC"};
