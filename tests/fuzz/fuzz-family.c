/*
 * Each family of payment addresses by its own check: what it takes it takes again, what its
 * checksum protects is lost with one changed letter, and what it takes is found in a text.
 */
#include "fuzz.h"
#include "indicator/address.h"

static unsigned families(void)
{
    unsigned n = 0;
    while (address_rows[n].family != NULL)
        n++;
    return n;
}

static bool shaped(const struct address_family *f, struct view v, bool joined)
{
    for (const struct address_shape *s = f->shapes; s->starts != NULL; s++)
        if (address_shape_fits(s, v) && (s->joined || !joined))
            return true;
    return false;
}

/* Another figure of those that the address is written with. */
static void change_one(const struct address_family *f, struct view v, unsigned at, unsigned by)
{
    char other[ADDRESS_LONGEST];
    bool testnet;
    at %= (unsigned)v.n;
    char c = v.p[(at + 1 + by) % v.n];
    if (c == v.p[at] || v.n > sizeof other ||
        ascii_lower((unsigned char)c) == ascii_lower((unsigned char)v.p[at]))
        return;
    memcpy(other, v.p, v.n);
    other[at] = c;
    struct view changed = {other, v.n};
    if (shaped(f, changed, true))
        REQUIRE(f->check(changed, &testnet) == NULL);
}

static void found_in_text(const struct address_row *row, struct view address)
{
    static struct mail_reader *reader;
    static struct indicator_words *words;
    if (reader == NULL)
        REQUIRE(mail_reader_new(&reader) == STATUS_OK);
    if (words == NULL)
        REQUIRE((words = indicator_words_new()) != NULL);
    const struct limits limits = limits_default();
    struct buf raw;
    struct arena arena;
    struct message m;
    struct text t;
    struct indicators found;
    buf_init(&raw, 8192);
    arena_init(&arena, limits.arena_bytes);
    const char *word = row->family->words != NULL ? row->family->words[0] : "wallet";
    REQUIRE(buf_addf(&raw, "Subject: x\n\nSend it to my %s %.*s now\n", word, VIEW_ARG(address)) ==
            STATUS_OK);
    REQUIRE(message_parse(reader, buf_view(&raw), &limits, &arena, &m) == STATUS_OK);
    REQUIRE(text_read(reader, &m, &limits, &arena, &t) == STATUS_OK);
    REQUIRE(indicators_find(words, &t, &limits, &arena, &found) == STATUS_OK);
    bool any = false;
    for (uint32_t i = 0; i < found.n; i++)
        any = any || found.v[i].kind <= row->kind;
    REQUIRE(any);
    arena_fini(&arena);
    buf_fini(&raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    const struct address_row *row = &address_rows[fuzz_byte(&in) % families()];
    unsigned at = fuzz_byte(&in), by = fuzz_byte(&in);
    struct view v = {(const char *)in.p, in.n};
    bool testnet = false, again = false;
    if (v.n == 0 || v.n > ADDRESS_LONGEST || !shaped(row->family, v, false))
        return 0;
    const char *form = row->family->check(v, &testnet);
    const char *second = row->family->check(v, &again);
    REQUIRE(form == second && testnet == again);
    if (form == NULL)
        return 0;
    if (row->family->amount != NULL) {
        double amount = row->family->amount(v);
        REQUIRE(amount >= 0 && amount < 1e12);
    }
    if (shaped(row->family, v, true))
        change_one(row->family, v, at, by);
    found_in_text(row, v);
    return 0;
}
