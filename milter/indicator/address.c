#include "indicator/address.h"

#include <string.h>

#define DECOYS      500 /* long tokens in which a decoy is looked for; each costs some 5 us */
#define NAMED_WORDS 25  /* how far away the word may stand that says which coin it is */

/* Of addresses with signs in them. */
static const struct address_shape wide_shape = {ADDRESS_BASE64, NULL, 0, 0, false, {0, 0}};

const struct address_row address_rows[] = {
#define ADDRESS(id, name, family) {INDICATOR_##id, &family},
#define SEARCH(id, name, find)
#define NAMED(id, name)
#include "indicator/families.def"
#undef ADDRESS
#undef SEARCH
#undef NAMED
    {INDICATOR_KINDS, NULL},
};

int address_letter(struct view visible, size_t at, uint32_t *length, bool *mapped)
{
    unsigned char c = (unsigned char)visible.p[at];
    uint32_t cp;

    *length = 1;
    if (c < 0x80)
        return ascii_is_alnum(c) ? c : 0;
    *length = (uint32_t)utf8_decode(visible.p + at, visible.n - at, &cp);
    *mapped = true;
    if (text_invisible(cp))
        return -1;
    unsigned char ascii = text_lookalike(cp);
    return ascii_is_alnum(ascii) ? ascii : 0;
}

bool address_may_start(const struct address_search *s, struct view visible, uint32_t at,
                       bool joined)
{
    unsigned char c = (unsigned char)visible.p[at];

    /* Look-alikes are told apart later. */
    if (c >= 0x80)
        return true;
    uint64_t shapes = s->table->starting[c];
    return (joined ? shapes & s->table->joined : shapes) != 0;
}

static void search_init(struct address_search *s, struct finder *f)
{
    *s = (struct address_search){.f = f,
                                 .table = f->addresses,
                                 .left = f->limits->indicator_candidates,
                                 .decoys_left = finder_allowance(f, DECOYS, allowance_decoys)};
}

uint32_t address_token_read(struct view visible, uint32_t at, struct address_token *token)
{
    uint32_t end = at;

    /* Not the whole struct: clearing the text would cost more than reading it. */
    token->n = 0;
    token->too_long = false;
    token->from = at;
    token->to = at;
    while (end < visible.n) {
        uint32_t length = 1;
        bool mapped = false;
        int c = (unsigned char)visible.p[end];
        if (!ascii_is_alnum((unsigned char)c))
            c = c < 0x80 ? 0 : address_letter(visible, end, &length, &mapped);
        if (c == 0)
            break;
        end += length;
        if (c < 0)
            continue;
        if (token->n == ADDRESS_LONGEST) {
            token->too_long = true;
            break;
        }
        token->text[token->n++] = (char)c;
        token->to = end;
    }
    token->mapped = token->to - token->from != token->n;
    return end - at;
}

bool address_is_coded(struct view v)
{
    bool digit = false, letter = false, lower = false, inner_upper = false;

    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        digit |= ascii_is_digit(c);
        letter |= ascii_is_alpha(c);
        inner_upper |= lower && c >= 'A' && c <= 'Z';
        lower |= c >= 'a' && c <= 'z';
    }
    return letter && (digit || inner_upper);
}

bool address_shape_fits(const struct address_shape *shape, struct view candidate)
{
    if (candidate.n < shape->shortest || candidate.n > shape->longest)
        return false;
    if (shape->alphabet == ADDRESS_BECH32 || shape->alphabet == ADDRESS_HEX)
        return view_starts_nocase(candidate, view_of(shape->starts));
    return strchr(shape->starts, candidate.p[0]) != NULL;
}

bool address_check(struct address_search *s, struct view candidate, bool joined,
                   struct address_hit *hit)
{
    const struct address_table *t = s->table;
    unsigned char c = candidate.n > 0 ? (unsigned char)candidate.p[0] & 127 : 0;

    if (candidate.n < t->shortest[c])
        return false;
    for (uint64_t set = joined ? t->starting[c] & t->joined : t->starting[c]; set != 0;) {
        const struct address_entry *e = address_next(t, &set);
        if (!address_shape_fits(e->shape, candidate))
            continue;
        if (s->left == 0) {
            anomaly_note(&s->f->out->anomalies, ANOMALY_INDICATOR_LIMIT);
            return false;
        }
        s->left--;
        *hit = (struct address_hit){e->row, e->shape, NULL, false};
        hit->form = e->row->family->check(candidate, &hit->testnet);
        if (hit->form != NULL)
            return true;
    }
    return false;
}

static bool is_sign(struct view text, size_t at)
{
    return at < text.n && memchr("_-+/:", text.p[at], 5) != NULL;
}

/* Does a sign hang on to the word that starts at byte at? */
static bool near_sign(const struct text *t, struct view visible, uint32_t word, uint32_t at)
{
    return is_sign(visible, (size_t)at + t->words[word].length) ||
           (at > 0 && is_sign(visible, at - 1u));
}

bool address_check_wide(struct address_search *s, struct address_wide *w, struct address_hit *hit)
{
    const uint32_t from = w->from;
    const uint32_t to = w->to;
    bool offer = view_starts_nocase(w->token, VIEW("lno1"));

    /* Nothing hangs on to it. */
    if (!offer && !is_sign(w->text, to) && (from == 0 || !is_sign(w->text, from - 1u)))
        return false;
    for (const struct address_row *row = address_rows; row->family != NULL; row++) {
        if (row->family->wide == NULL)
            continue;
        if (s->left == 0) {
            anomaly_note(&s->f->out->anomalies, ANOMALY_INDICATOR_LIMIT);
            return false;
        }
        s->left--;
        w->from = from;
        w->to = to;
        w->testnet = false;
        const char *form = row->family->wide(w);
        *hit = (struct address_hit){row, &wide_shape, form, w->testnet};
        if (form != NULL)
            return true;
    }
    return false;
}

bool address_named(const struct text *t, uint32_t word, const struct address_hit *hit)
{
    const struct address_family *family = hit->row->family;
    const struct segment *s;

    if (family->words == NULL || (family->gated != NULL && strcmp(hit->form, family->gated) != 0))
        return true;
    if (word >= t->n_words)
        return false;
    s = text_segment_of(t, word);
    uint32_t first = word > s->first_word + NAMED_WORDS ? word - NAMED_WORDS : s->first_word;
    uint32_t end = s->first_word + s->n_words;
    for (uint32_t i = first; i < end && i <= word + NAMED_WORDS; i++) {
        struct view v = text_word(t, i);
        for (const char *const *p = family->words; v.n > 0 && *p != NULL; p++)
            if (v.p[0] == **p && view_eq(v, view_of(*p)))
                return true;
    }
    return false;
}

static uint32_t word_start(const struct text *t, const struct segment *s, uint32_t word)
{
    return spanmap_source(&s->to_visible, t->words[word].from - s->folded_from);
}

void address_cover(const struct text *t, const struct segment *s, struct span visible,
                   struct indicator *i)
{
    uint32_t end = s->first_word + s->n_words;

    i->first = segment_word_at(t, s, visible.from);
    uint32_t behind = segment_word_at(t, s, visible.to);
    if (behind < end && word_start(t, s, behind) < visible.to)
        behind++;
    if (i->first >= behind) { /* stands between words, or on none */
        i->first = i->first > 0 ? i->first : 1;
        i->last = i->first - 1;
        return;
    }
    i->last = behind - 1;
    if ((t->words[i->first].flags & (WORD_QUOTED | WORD_FORWARDED)) != 0)
        i->flags |= INDICATOR_QUOTED;
}

/* As it would be paid to: bech32 is written small. */
static struct view canonical(struct finder *f, struct view address, const struct address_hit *hit)
{
    struct view suffix = view_of(hit->row->family->suffix);

    if (suffix.n == 0 && hit->shape->alphabet != ADDRESS_BECH32)
        return arena_copy(f->arena, address);
    char *lower = arena_alloc(f->arena, address.n + suffix.n);
    if (lower == NULL)
        return VIEW_NONE;
    for (size_t i = 0; i < address.n; i++)
        lower[i] = (char)ascii_lower((unsigned char)address.p[i]);
    if (suffix.n > 0)
        memcpy(lower + address.n, suffix.p, suffix.n);
    return (struct view){lower, address.n + suffix.n};
}

void address_add(struct finder *f, uint32_t segment, struct span visible, struct view address,
                 const struct address_hit *hit, uint8_t flags)
{
    struct indicator i = {
        .kind = hit->row->kind,
        .detail = hit->form,
        .value = canonical(f, address, hit),
        .currency = hit->row->family->currency,
        .flags = (uint8_t)(flags | (hit->testnet ? INDICATOR_TESTNET : 0)),
        .segment = segment,
        .visible = visible,
    };

    address_cover(f->text, &f->text->segments[segment], visible, &i);
    if ((flags & INDICATOR_REPAIRED) != 0)
        anomaly_note(&f->out->anomalies, ANOMALY_ADDRESS_SPLIT);
    finder_add(f, &i);
    if (hit->row->family->amount == NULL)
        return;
    i.number = hit->row->family->amount(address);
    /* Below a hundredth of a satoshi nobody asks for anything. */
    if (i.number < 1e-10)
        return;
    i.kind = INDICATOR_AMOUNT;
    i.detail = NULL;
    i.flags &= (uint8_t)~INDICATOR_REPAIRED;
    i.value = finder_amount_text(f, i.number, 11, i.currency);
    finder_add(f, &i);
}

/* In text that had look-alikes: what base58 does not have can only stand for what it looks like. */
static void undo_base58_lookalikes(struct address_token *token)
{
    for (uint16_t i = 0; i < token->n; i++) {
        char *c = &token->text[i];
        *c = *c == 'l' || *c == 'I' ? '1' : *c == 'O' || *c == '0' ? 'o' : *c;
    }
}

static bool check_token(struct address_search *s, struct address_token *token,
                        struct address_hit *hit, bool *repaired)
{
    char cleaned[ADDRESS_LONGEST];
    size_t n;

    *repaired = token->mapped;
    if (address_check(s, address_token_view(token), false, hit))
        return true;
    if (token->mapped) {
        undo_base58_lookalikes(token);
        if (address_check(s, address_token_view(token), false, hit))
            return true;
    }
    *repaired = true;
    if (!address_check_decoy(s, address_token_view(token), cleaned, &n, hit))
        return false;
    memcpy(token->text, cleaned, n);
    token->n = (uint16_t)n;
    return true;
}

/* Steps back over letters that look-alike signs hide from the word splitter; bounded. */
static uint32_t token_start(struct view visible, uint32_t at)
{
    for (int i = 0; i < 8 && at > 0; i++) {
        uint32_t before = at - 1;
        uint32_t length;
        bool mapped = false;
        while (before > 0 && ((unsigned char)visible.p[before] & 0xc0) == 0x80)
            before--;
        if (address_letter(visible, before, &length, &mapped) <= 0)
            break;
        at = before;
    }
    return at;
}

/* The address that token is, or is a part of; its letters end up in *value. */
static bool check_whole(struct address_search *s, struct view visible, struct address_token *token,
                        struct address_wide *w, struct address_hit *hit, struct view *value,
                        bool *repaired)
{
    if (address_may_start(s, visible, token->from, false)) {
        if (check_token(s, token, hit, repaired)) {
            *value = address_token_view(token);
            return true;
        }
    }
    w->text = visible;
    w->token = address_token_view(token);
    w->from = token->from;
    w->to = token->to;
    *repaired = token->mapped;
    bool found = address_check_wide(s, w, hit);
    w->token = (struct view){NULL, 0}; /* w outlives the token */
    if (!found)
        return false;
    token->from = w->from;
    token->to = w->to;
    *value = (struct view){w->value, w->n};
    return true;
}

/* The token that was read last; words that start inside it start no other. */
struct token_read {
    const struct segment *segment; /* foreign; NULL: none yet */
    uint32_t from, to;
};

static void find_whole_at(struct address_search *s, uint32_t word, struct address_wide *w,
                          struct token_read *last)
{
    struct finder *f = s->f;
    const struct text *t = f->text;
    const struct segment *segment = text_segment_of(t, word);
    struct view visible = segment->visible;
    uint32_t at = word_start(t, segment, word);
    struct address_token token;
    struct address_hit hit;
    struct view value;
    bool repaired;

    if (at >= visible.n)
        return;
    at = token_start(visible, at);
    if (last->segment == segment && at >= last->from && at < last->to)
        return;
    if (!address_may_start(s, visible, at, false) && !near_sign(t, visible, word, at))
        return;
    *last = (struct token_read){segment, at, at + address_token_read(visible, at, &token)};
    if (token.too_long || token.n == 0 ||
        !check_whole(s, visible, &token, w, &hit, &value, &repaired))
        return;
    enum address_place place =
        address_place(s, visible, token.from, token.to, hit.row->family, false);
    if (place == PLACE_NONE || !address_named(t, word, &hit))
        return;
    uint8_t flags =
        (uint8_t)((repaired ? INDICATOR_REPAIRED : 0) | (place != PLACE_TEXT ? INDICATOR_LINK : 0));
    uint32_t index = (uint32_t)(segment - t->segments);
    address_add(f, index, (struct span){token.from, token.to}, value, &hit, flags);
    if (place == PLACE_URI)
        address_add_uri_amount(f, index, visible, token.to, NULL, &hit);
}

static void find_whole(struct address_search *s)
{
    struct finder *f = s->f;
    struct address_wide wide;
    struct token_read last = {NULL, 0, 0};

    for (uint32_t i = 0; i < f->n_marks && finder_goes_on(f); i++) {
        if ((f->marks[i].flags & MARK_LONG) == 0)
            continue;
        uint32_t word = reading_first(&f->reading, f->marks[i].word);
        if (f->text->words[word].length <= 4 * ADDRESS_LONGEST)
            find_whole_at(s, word, &wide, &last);
    }
}

void address_find(struct finder *f)
{
    struct address_search whole;
    /* Its own allowance: pieces thrown in to use it up must not hide an address that is whole. */
    struct address_search split;

    search_init(&whole, f);
    split = whole;
    split.left = finder_allowance(f, f->limits->indicator_candidates, allowance_candidates);
    find_whole(&whole);
    if (!budget_spent(f->limits->budget))
        address_find_split(&split);
    address_find_links(&whole);
}
