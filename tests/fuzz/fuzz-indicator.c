/* Any bytes as the body of a message: what is found stands where it says and keeps its promises. */
#include "fuzz.h"
#include "indicator/indicator.h"

static void check_one(const struct text *t, const struct indicator *i)
{
    bool testnet;

    REQUIRE(i->kind < INDICATOR_KINDS && i->segment < t->n_segments);
    const struct segment *s = &t->segments[i->segment];
    REQUIRE(i->visible.from <= i->visible.to && i->visible.to <= s->visible.n);
    REQUIRE(i->value.n > 0);
    if (i->first <= i->last)
        REQUIRE(i->last < t->n_words && i->first >= s->first_word &&
                i->last < s->first_word + s->n_words);
    if (i->kind == INDICATOR_BITCOIN)
        REQUIRE(bitcoin_address_check(i->value, &testnet) != NULL &&
                testnet == ((i->flags & INDICATOR_TESTNET) != 0));
    if (i->kind == INDICATOR_AMOUNT || i->kind == INDICATOR_DEADLINE)
        REQUIRE(i->number > 0 && i->number < 1e12);
    /* Amounts have a currency, and payment addresses are of a coin. */
    if (i->kind < INDICATOR_ONION || i->kind == INDICATOR_AMOUNT)
        REQUIRE(i->currency != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char plain[] = "To: Bob Example <bob.example77@example.net>\n"
                                "Content-Type: text/plain; charset=utf-8\n\n";
    static const char html[] = "To: Bob Example <bob.example77@example.net>\n"
                               "Content-Type: text/html; charset=utf-8\n\n";
    static struct mail_reader *reader;
    static struct indicator_words *words;
    if (reader == NULL && mail_reader_new(&reader) != STATUS_OK)
        return 0;
    if (words == NULL && (words = indicator_words_new()) == NULL)
        return 0;
    struct limits limits = limits_default();
    /* The last byte chooses the type and the limits, so that reaching them is fuzzed as well. */
    unsigned choice = size > 0 ? data[size - 1] : 0;
    const char *head = (choice & 1) != 0 ? html : plain;
    if ((choice & 2) != 0)
        limits.indicators = 2, limits.indicator_candidates = 100;
    char *raw = malloc(strlen(head) + size);
    if (raw == NULL)
        return 0;
    memcpy(raw, head, strlen(head));
    if (size > 0)
        memcpy(raw + strlen(head), data, size);

    struct arena arena;
    struct message m;
    struct text t;
    struct indicators found;
    arena_init(&arena, (choice & 12) == 12 ? 1u << 17 : limits.arena_bytes);
    if (message_parse(reader, (struct view){raw, strlen(head) + size}, &limits, &arena, &m) ==
            STATUS_OK &&
        text_read(reader, &m, &limits, &arena, &t) == STATUS_OK &&
        indicators_find(words, &t, &limits, &arena, &found) == STATUS_OK) {
        REQUIRE(found.n <= limits.indicators);
        for (uint32_t i = 0; i < found.n; i++) {
            check_one(&t, &found.v[i]);
            REQUIRE(i == 0 || found.v[i - 1].first <= found.v[i].first);
        }
    }
    arena_fini(&arena);
    free(raw);
    return 0;
}
