/*
 * indicator - payment addresses, amounts, deadlines, contacts and personal identifiers, each with a
 * normalised value and the place where it stands.
 *
 * One file per family; a family is one row in indicator/families.def. Checksums are verified, so
 * that joining split addresses and undoing look-alikes is safe: the checksum decides. Pure, any
 * thread; the result lives in the arena.
 */
#ifndef INDICATOR_INDICATOR_H
#define INDICATOR_INDICATOR_H

#include "text/text.h"

/*
 * bitcoin   detail: p2pkh, p2sh, p2wpkh, p2wsh, p2tr, segwit (later witness versions),
 *           silent-payment
 * ethereum  detail: eip55, or unchecked: all letters in one case, no checksum
 * solana    detail: unchecked: there is no checksum; only beside a word that names the coin
 * the other coins (families.def), onion, tox, session: detail is the form of the address
 * messenger, payment-handle, gift-card: detail is the service; value the handle, in small letters
 * iban      value in capitals, without spaces
 * national-id, password: value never says which; detail of the former: the country
 * own-address, own-domain, own-name: of text.recipients
 * amount    number and currency (ISO 4217, or BTC, ETH...)
 * deadline  number: hours, an upper bound. detail: "opening" (runs from the reader's opening the
 *           mail), "limit" (within, you have, by), "duration" (nothing says that it is a limit:
 *           "shipped in 48 hours"). Spans of the past or of habit are none ("2 days ago", "open
 *           24 hours", "24/7")
 */
enum indicator_kind {
#define ADDRESS(id, name, family) INDICATOR_##id,
#define SEARCH(id, name, find)    INDICATOR_##id,
#define NAMED(id, name)           INDICATOR_##id,
#include "indicator/families.def"
#undef ADDRESS
#undef SEARCH
#undef NAMED
    INDICATOR_KINDS
};

enum indicator_flag {
    INDICATOR_REPAIRED = 1, /* was spaced, split, decorated or written with look-alikes */
    INDICATOR_LINK = 2,     /* from a link target or URI, not from visible text */
    INDICATOR_QUOTED = 4,   /* stands in quoted or forwarded text */
    INDICATOR_TESTNET = 8,
};

struct indicator {
    enum indicator_kind kind;
    const char *detail;   /* static; the form, or NULL */
    struct view value;    /* canonical: the address as it would be paid to, "200 EUR", "24 h" */
    double number;        /* amount, or hours */
    const char *currency; /* static; ISO code or coin, or NULL */
    uint8_t flags;
    uint32_t segment;     /* index into text.segments */
    struct span visible;  /* in that segment's visible text (for links: where the link stands) */
    uint32_t first, last; /* words it covers, inclusive; first > last when it covers none */
};

struct indicators {
    struct indicator *v; /* by rising first word */
    uint32_t n;
    struct anomalies anomalies;
};

/* The word tables of all languages. Never changes: one serves all threads. NULL when memory is out.
 */
struct indicator_words;
struct indicator_words *indicator_words_new(void);
void indicator_words_free(struct indicator_words **words);

/* STATUS_OK or STATUS_NO_MEMORY. At most limits.indicators, duplicates of value and place dropped.
 */
enum status indicators_find(const struct indicator_words *words, const struct text *t,
                            const struct limits *limits, struct arena *arena,
                            struct indicators *out);

/* "bitcoin", "amount", ...; INDICATOR_KINDS when there is none of that name. */
enum indicator_kind indicator_kind_find(struct view name);
const char *indicator_kind_name(enum indicator_kind kind);

/* The checks by themselves, for tests and tools. Return the form ("p2tr") or NULL when invalid. */
const char *bitcoin_address_check(struct view address, bool *testnet);

#endif
