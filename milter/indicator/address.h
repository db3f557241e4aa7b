/*
 * address - finds payment addresses of every family in visible text and link targets, however they
 * are broken up. A family says what its addresses look like and verifies a candidate; the
 * candidates are found once for all families: whole ones (address.c), those put together from
 * pieces (address-split.c), and where one may stand (address-place.c). Private to the room.
 */
#ifndef INDICATOR_ADDRESS_H
#define INDICATOR_ADDRESS_H

#include "indicator/finder.h"
#include "indicator/indicator.h"

#define ADDRESS_LONGEST 1023 /* of a Lightning invoice; what bech32 still detects errors in */

enum address_alphabet {
    ADDRESS_BASE58,
    ADDRESS_BECH32, /* one case; starts is the prefix with its '1' */
    ADDRESS_HEX,    /* starts is "0x" */
    ADDRESS_BASE32, /* capitals and 2 to 7 */
    ADDRESS_BASE64, /* of which only letters and digits; see wide */
};

struct address_shape {
    enum address_alphabet alphabet;
    const char *starts; /* base58: possible first letters; bech32: prefix and '1' */
    uint16_t shortest, longest;
    /* Worth putting together from pieces? Only where the checksum is strong (2^-30 or better). */
    bool joined;
    uint16_t joined_lengths[2]; /* bech32: the only lengths tried; 0: any in range */
};

/*
 * A long token and what stands around it. wide() moves from and to to the address that it is part
 * of, writes that, and returns its form; NULL when there is none (from and to are lost then).
 */
struct address_wide {
    struct view text;
    struct view token;
    uint32_t from, to; /* of the token in text */
    char value[ADDRESS_LONGEST];
    size_t n;
    bool testnet;
};

struct address_family {
    const struct address_shape *shapes; /* ended by a shape whose starts is NULL */
    /* The form, or NULL when it is none of this family. */
    const char *(*check)(struct view candidate, bool *testnet);
    const char *scheme;   /* of its URIs ("bitcoin"), or NULL */
    const char *currency; /* of the URI's amount parameter */
    /* The amount that the address itself asks for, 0: none; or NULL. */
    double (*amount)(struct view address);
    /* For addresses with signs in them, which end a token; or NULL. */
    const char *(*wide)(struct address_wide *w);
    /* Counts only beside one of these words, folded, ended by NULL; or NULL. */
    const char *const *words;
    const char *gated;  /* the only form that the words are asked for; NULL: all */
    const char *suffix; /* belongs to it, and it is written small; or NULL */
    bool anywhere;      /* counts inside any URL */
};

/* The families of families.def, ended by one whose family is NULL. */
struct address_row {
    enum indicator_kind kind;
    const struct address_family *family;
};
extern const struct address_row address_rows[];
#define ADDRESS(id, name, family) extern const struct address_family family;
#define SEARCH(id, name, find)
#define NAMED(id, name)
#include "indicator/families.def"
#undef ADDRESS
#undef SEARCH
#undef NAMED

/* A candidate that passed. */
struct address_hit {
    const struct address_row *row;
    const struct address_shape *shape;
    const char *form;
    bool testnet;
};

/* Letters and digits of the visible text as ASCII, look-alikes undone, invisible ones dropped. */
struct address_token {
    uint16_t n;
    bool mapped;   /* some letter was a look-alike, or an invisible stood inside */
    bool too_long; /* there was more than fits: no address */
    uint32_t from, to;
    char text[ADDRESS_LONGEST];
};

/* All shapes of all families, by the letter that an address starts with. */
#define ADDRESS_SHAPES 64 /* one bit each */
struct address_entry {
    const struct address_row *row;
    const struct address_shape *shape;
};
struct address_table {
    struct address_entry entries[ADDRESS_SHAPES];
    uint32_t n;
    uint64_t starting[128];
    uint64_t joined;        /* worth putting together */
    uint64_t prefixed;      /* bech32: "b c 1 q" is found from its first figure */
    uint16_t shortest[128]; /* of the shapes that start with that letter */
};
struct address_table *address_table_new(void);
void address_table_free(struct address_table **t);
/* The first entry of a set of them that is not empty; the set loses it. */
static inline const struct address_entry *address_next(const struct address_table *t, uint64_t *set)
{
    unsigned i = (unsigned)__builtin_ctzll(*set);

    *set &= *set - 1;
    return &t->entries[i];
}

/* The run of non-space around the place that was asked about last. */
struct address_run {
    const char *text; /* foreign */
    struct span at, run;
};

struct address_search {
    struct finder *f;
    struct address_run run;
    const struct address_table *table;
    uint32_t left;        /* candidates that may still be tried */
    uint32_t unpaid;      /* bytes read that are less than a candidate's price */
    uint32_t decoys_left; /* long tokens that may be looked at for letters to be removed */
};

/*
 * The ASCII letter or digit that the character at byte at stands for; 0: a separator; -1: an
 * invisible character. *length: its bytes; *mapped is set when it was not ASCII.
 */
int address_letter(struct view visible, size_t at, uint32_t *length, bool *mapped);
/* Can an address start with the character at byte at? Most words and figures cannot. */
bool address_may_start(const struct address_search *s, struct view visible, uint32_t at,
                       bool joined);
/* The token that starts at byte at. How many bytes were looked at. */
uint32_t address_token_read(struct view visible, uint32_t at, struct address_token *token);
static inline struct view address_token_view(const struct address_token *token)
{
    return (struct view){token->text, token->n};
}
/* Looks made, not written: digits among letters, or capitals behind small letters. */
bool address_is_coded(struct view v);

bool address_shape_fits(const struct address_shape *shape, struct view candidate);
/* Tries every family whose shape fits; each costs one of s->left. joined: only joinable shapes. */
bool address_check(struct address_search *s, struct view candidate, bool joined,
                   struct address_hit *hit);

/* Adds the address that stands at [from, to) of a segment's visible text. */
void address_add(struct finder *f, uint32_t segment, struct span visible, struct view address,
                 const struct address_hit *hit, uint8_t flags);

/* Fills in the words that a span of visible text covers; first > last when none. */
void address_cover(const struct text *t, const struct segment *s, struct span visible,
                   struct indicator *i);
/*
 * The amount that the URI around byte at of text asks for, as an indicator of its own. link: where
 * the link stands whose target text is; NULL: text is the segment's visible text.
 */
void address_add_uri_amount(struct finder *f, uint32_t segment, struct view text, uint32_t at,
                            const struct span *link, const struct address_hit *hit);
/* In the targets of links. */
void address_find_links(struct address_search *s);

enum address_place {
    PLACE_NONE, /* inside something else: an identifier in a URL, base64, a Message-ID */
    PLACE_TEXT,
    PLACE_LINK, /* in the URL of a block explorer */
    PLACE_URI,  /* in a URI of the coin itself */
};
/* Where [from, to) of text, of that family, stands. link: the whole of text is a link target. */
enum address_place address_place(struct address_search *s, struct view text, uint32_t from,
                                 uint32_t to, const struct address_family *family, bool link);
/* The amount parameter of the URI around byte at; false when there is none. *digits: where. */
bool address_uri_amount(struct view text, uint32_t at, double *amount, struct span *digits);

/* Does a word that the family asks for stand around word at of the text? Or does it ask for none?
 */
bool address_named(const struct text *t, uint32_t word, const struct address_hit *hit);
/* The address that the token is a part of, with signs in it. */
bool address_check_wide(struct address_search *s, struct address_wide *w, struct address_hit *hit);

/* Addresses put together from pieces, in all segments. */
void address_find_split(struct address_search *s);
/* An address with foreign letters or one decoy letter sprinkled over it; out has room for all. */
bool address_check_decoy(struct address_search *s, struct view candidate, char *out, size_t *n,
                         struct address_hit *hit);

/* All families. */
void address_find(struct finder *f);

#endif
