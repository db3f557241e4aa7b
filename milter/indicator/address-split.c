/*
 * Addresses that are put together: spaced, dashed, over several lines, in halves with words
 * between, or with letters to be removed. The checksum decides; every try is counted.
 */
#include "indicator/address-parts.h"
#include "indicator/base58.h"
#include "indicator/bech32.h"

#include <string.h>

#define GAP_LONGEST    12 /* bytes between two pieces: a line end, a quote mark, an indent */
#define START_SHORTEST 6  /* of the first one: "10am" and "3rd" are common */
#define READ_BYTES     64 /* that a candidate's price pays for */
#define START_COST     4  /* candidates that looking around a start is worth */
#define HASH_COST      2  /* and a checksum, beside the one that every candidate costs */

static bool in_alphabet(const struct address_shape *shape, char c)
{
    unsigned char u = (unsigned char)c;

    if (shape->alphabet == ADDRESS_BASE32)
        return (u >= 'A' && u <= 'Z') || (u >= '2' && u <= '7');
    return shape->alphabet == ADDRESS_BASE58 ? base58_is_letter(u)
                                             : bech32_is_letter(ascii_lower(u));
}

static bool length_fits(const struct address_shape *shape, size_t n)
{
    if (n < shape->shortest || n > shape->longest)
        return false;
    return shape->joined_lengths[0] == 0 || n == shape->joined_lengths[0] ||
           n == shape->joined_lengths[1];
}

/*
 * A cheap look before the hash: random base58 has small letters, capitals and digits in plenty,
 * words and figures do not (of 26 random letters, fewer than a quarter are not small in 1 of 10^5).
 */
static bool looks_random(const struct address_shape *shape, struct view v)
{
    size_t lower = 0;
    size_t digits = 0;

    if (shape->alphabet != ADDRESS_BASE58 && shape->alphabet != ADDRESS_BASE32)
        return true;
    for (size_t i = 0; i < v.n; i++) {
        lower += v.p[i] >= 'a' && v.p[i] <= 'z';
        digits += ascii_is_digit((unsigned char)v.p[i]);
    }
    if (shape->alphabet == ADDRESS_BASE32)
        return digits >= 4; /* of 56, where ten are usual: a shouting sentence has none */
    return lower >= 3 && (v.n - lower) * 4 >= v.n;
}

static bool try_joined(struct address_search *s, const struct address_shape *shape,
                       struct view candidate, struct address_hit *hit)
{
    return length_fits(shape, candidate.n) && address_shape_fits(shape, candidate) &&
           looks_random(shape, candidate) && address_check(s, candidate, true, hit);
}

/* The same, and pays for the hash if it comes to that. */
static bool try_paid(struct address_search *s, const struct address_shape *shape,
                     struct view candidate, struct address_hit *hit)
{
    if (!length_fits(shape, candidate.n) || !address_shape_fits(shape, candidate) ||
        !looks_random(shape, candidate))
        return false;
    s->left -= s->left < HASH_COST ? s->left : HASH_COST;
    return address_check(s, candidate, true, hit);
}

/* Removes what the alphabet does not have, behind the first skip letters. */
static size_t drop_foreign(const struct address_shape *shape, struct view v, size_t skip, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < v.n; i++)
        if (i < skip || in_alphabet(shape, v.p[i]))
            out[n++] = v.p[i];
    return n;
}

static size_t drop_letter(struct view v, size_t skip, char letter, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < v.n; i++)
        if (i < skip || v.p[i] != letter)
            out[n++] = v.p[i];
    return n;
}

/* Without one of its letters, wherever that stands; all letters are tried. */
static bool try_decoys(struct address_search *s, const struct address_shape *shape,
                       struct view candidate, char *out, size_t *n, struct address_hit *hit)
{
    size_t skip = shape->alphabet == ADDRESS_BECH32 ? strlen(shape->starts) : 1;

    *n = drop_foreign(shape, candidate, skip, out);
    if (*n < candidate.n)
        return try_joined(s, shape, (struct view){out, *n}, hit);
    /* One letter too many at the end is no decoy. */
    for (size_t i = skip; i + 1 < candidate.n; i++) {
        if (memchr(candidate.p + skip, candidate.p[i], i - skip) != NULL)
            continue;
        *n = drop_letter(candidate, skip, candidate.p[i], out);
        if (try_joined(s, shape, (struct view){out, *n}, hit))
            return true;
    }
    return false;
}

bool address_check_decoy(struct address_search *s, struct view candidate, char *out, size_t *n,
                         struct address_hit *hit)
{
    if (candidate.n == 0 || candidate.n > 128)
        return false;
    uint64_t set = s->table->starting[(unsigned char)candidate.p[0] & 127] & s->table->joined;
    while (set != 0) {
        const struct address_shape *shape = address_next(s->table, &set)->shape;
        struct view head = candidate;
        size_t usual =
            shape->joined_lengths[0] != 0 ? shape->joined_lengths[0] : shape->longest - 1u;
        head.n = head.n > shape->shortest ? shape->shortest : head.n;
        /* Sixteen bits are no proof for some twenty tries. */
        if (shape->alphabet == ADDRESS_BASE32 || candidate.n <= usual || candidate.n > usual + 16 ||
            !address_shape_fits(shape, head) || !looks_random(shape, candidate))
            continue;
        if (s->decoys_left == 0) {
            anomaly_note(&s->f->out->anomalies, ANOMALY_INDICATOR_LIMIT);
            return false;
        }
        s->decoys_left--;
        if (try_decoys(s, shape, candidate, out, n, hit))
            return true;
    }
    return false;
}

struct joint {
    char text[ADDRESS_LONGEST];
    size_t n;
    uint32_t to; /* as far as was read */
};

/* For what was read: figures in a row cost time though no hash is computed. */
static void pay(struct address_search *s, uint32_t bytes)
{
    uint32_t cost = (s->unpaid + bytes) / READ_BYTES;

    s->unpaid = (s->unpaid + bytes) % READ_BYTES; /* or many short ones would cost nothing */
    s->left -= cost < s->left ? cost : s->left;
}

/* Joins what follows byte at across separators; at each end of a piece the checksum is asked. */
static bool join_pieces(struct address_search *s, struct view visible, uint32_t at,
                        const struct address_shape *shape, struct joint *j, struct span *found,
                        struct address_hit *hit)
{
    uint32_t gap = 0;
    uint32_t end = at;
    uint32_t pieces = 0;
    size_t skip = shape->alphabet == ADDRESS_BECH32 ? strlen(shape->starts) : 0;
    size_t longest = shape->longest;

    if (shape->joined_lengths[0] != 0)
        longest = shape->joined_lengths[0] > shape->joined_lengths[1] ? shape->joined_lengths[0]
                                                                      : shape->joined_lengths[1];
    j->n = 0;
    j->to = at;
    for (uint32_t p = at; p <= visible.n;) {
        j->to = p;
        uint32_t length = 1;
        bool mapped = false;
        int c = p < visible.n ? (unsigned char)visible.p[p] : 0;
        c = c >= 0x80                          ? address_letter(visible, p, &length, &mapped)
            : ascii_is_alnum((unsigned char)c) ? c
                                               : 0;
        if (c < 0) {
            p += length;
            continue;
        }
        if (c > 0) {
            if (j->n == longest || (j->n >= skip && !in_alphabet(shape, (char)c)))
                return false;
            if (j->n < skip && ascii_lower((unsigned char)c) != (unsigned char)shape->starts[j->n])
                return false;
            j->text[j->n++] = (char)c;
            gap = 0;
            end = p + length;
        } else {
            /* One piece alone has been judged as a whole. */
            pieces += gap == 0;
            if (gap == 0 && pieces > 1 && j->n >= shape->shortest && s->left > 0)
                s->left--;
            if (gap == 0 && pieces > 1 && try_paid(s, shape, (struct view){j->text, j->n}, hit)) {
                *found = (struct span){at, end};
                return true;
            }
            gap += length;
            if (gap > GAP_LONGEST)
                return false;
        }
        p += length;
    }
    return false;
}

/* The same, and pays for it. */
static bool join_from(struct address_search *s, struct view visible, uint32_t at,
                      const struct address_shape *shape, struct joint *j, struct span *found,
                      struct address_hit *hit)
{
    bool joined = join_pieces(s, visible, at, shape, j, found, hit);

    pay(s, j->to - at);
    return joined;
}

/* Steps back over the prefix of a bech32 address whose letters stand apart: "b c 1 q ...". */
static uint32_t prefix_start(struct view visible, uint32_t at, const struct address_shape *shape)
{
    size_t n = strlen(shape->starts) - 1;

    for (uint32_t gap = 0; n > 0 && at > 0 && gap <= GAP_LONGEST;) {
        unsigned char c = ascii_lower((unsigned char)visible.p[at - 1]);
        if (c == (unsigned char)shape->starts[n - 1]) {
            n--;
            gap = 0;
        } else if (ascii_is_alnum(c) || c >= 0x80) {
            break;
        } else {
            gap++;
        }
        at--;
    }
    return n == 0 ? at : UINT32_MAX;
}

static bool append(struct joint *j, const char *text, size_t n)
{
    if (j->n + n > sizeof j->text)
        return false;
    memcpy(j->text + j->n, text, n);
    j->n += n;
    return true;
}

/* "first part: ... second part: ...": start with each part, and with the parts in a row. */
static bool join_parts(struct address_search *s, const struct address_around *around,
                       const struct address_token *start, const struct address_shape *shape,
                       struct joint *j, struct span *found, struct address_hit *hit)
{
    struct joint row;

    row.n = 0;
    append(&row, start->text, start->n);
    for (uint32_t i = 0; i < around->n_behind; i++) {
        const struct address_part *part = around->behind[i];
        bool fits = append(&row, part->text, part->n);
        j->n = 0;
        append(j, start->text, start->n);
        append(j, part->text, part->n);
        *found = (struct span){start->from, part->to};
        if (try_paid(s, shape, (struct view){j->text, j->n}, hit))
            return true;
        if (fits && i > 0 && try_paid(s, shape, (struct view){row.text, row.n}, hit)) {
            *j = row;
            return true;
        }
    }
    /* The second half may be named first. */
    for (uint32_t i = 0; i < around->n_before; i++) {
        const struct address_part *part = around->before[i];
        j->n = 0;
        append(j, start->text, start->n);
        append(j, part->text, part->n);
        *found = (struct span){part->from, start->to};
        if (try_paid(s, shape, (struct view){j->text, j->n}, hit))
            return true;
    }
    return false;
}

static bool starts_shape(const struct address_shape *shape, struct view token)
{
    if (shape->alphabet == ADDRESS_BECH32 &&
        ascii_lower((unsigned char)token.p[0]) != (unsigned char)shape->starts[0])
        return false;
    if (shape->alphabet == ADDRESS_BECH32)
        return view_starts_nocase(token, view_of(shape->starts));
    return token.n > 0 && strchr(shape->starts, token.p[0]) != NULL;
}

static bool all_in_alphabet(const struct address_shape *shape, struct view v, size_t skip)
{
    for (size_t i = skip; i < v.n; i++)
        if (!in_alphabet(shape, v.p[i]))
            return false;
    return true;
}

/* What stands around the start of an address; the same for all shapes, so asked for once. */
struct surroundings {
    struct address_parts *window;
    bool known;
    struct address_around around;
};

static bool find_at(struct address_search *s, struct view visible, struct surroundings *sides,
                    const struct address_token *token, const struct address_shape *shape,
                    struct joint *j, struct span *found, struct address_hit *hit)
{
    struct view v = address_token_view(token);
    uint32_t start = token->from;

    if (!starts_shape(shape, v)) {
        if (shape->alphabet != ADDRESS_BECH32 || v.p[0] != '1')
            return false;
        start = prefix_start(visible, token->from, shape);
        return start != UINT32_MAX && join_from(s, visible, start, shape, j, found, hit);
    }
    if (join_from(s, visible, start, shape, j, found, hit))
        return true;
    if (v.n < START_SHORTEST || !address_is_coded(v) || v.n >= shape->longest ||
        !all_in_alphabet(shape, v, shape->alphabet == ADDRESS_BECH32 ? strlen(shape->starts) : 0) ||
        s->left < START_COST)
        return false;
    s->left -= START_COST;
    if (!sides->known)
        pay(s,
            address_parts_around(sides->window, visible, token->from, token->to, &sides->around));
    sides->known = true;
    return join_parts(s, &sides->around, token, shape, j, found, hit);
}

/* May the letters of a prefix stand in front ("b c 1 q")? */
static bool follows_letter(struct view visible, uint32_t at)
{
    for (uint32_t gap = 0; at > 0 && gap <= GAP_LONGEST; gap++, at--) {
        unsigned char c = (unsigned char)visible.p[at - 1];
        if (ascii_is_alnum(c) || c >= 0x80)
            return ascii_is_alpha(c);
    }
    return false;
}

static void find_from(struct address_search *s, struct address_parts *window, uint32_t segment,
                      uint32_t at)
{
    struct view visible = s->f->text->segments[segment].visible;
    struct address_token token;
    struct address_hit hit;
    struct span found;
    struct joint j;
    struct surroundings sides;

    sides.window = window;
    sides.known = false;
    pay(s, address_token_read(visible, at, &token));
    if (token.n == 0 || token.too_long)
        return;
    const struct address_table *t = s->table;
    uint64_t set = t->starting[(unsigned char)token.text[0] & 127];
    if (token.text[0] == '1' && follows_letter(visible, at))
        set |= t->prefixed;
    for (set &= t->joined; set != 0;) {
        const struct address_shape *shape = address_next(t, &set)->shape;
        if (!find_at(s, visible, &sides, &token, shape, &j, &found, &hit) ||
            address_place(s, visible, found.from, found.to, hit.row->family, false) == PLACE_NONE)
            continue;
        address_add(s->f, segment, found, (struct view){j.text, j.n}, &hit, INDICATOR_REPAIRED);
        return;
    }
}

void address_find_split(struct address_search *s)
{
    struct finder *f = s->f;
    const struct text *t = f->text;
    uint32_t whole = f->out->n; /* those found whole; by rising first word */
    uint32_t next = 0;
    struct address_parts *window = NULL;

    for (uint32_t i = 0; i < f->n_marks && finder_goes_on(f) && s->left > 0; i++) {
        if ((f->marks[i].flags & MARK_DIGIT) == 0)
            continue;
        uint32_t word = reading_first(&f->reading, f->marks[i].word);
        while (next < whole && f->out->v[next].last < word)
            next++;
        if (next < whole && f->out->v[next].first <= word)
            continue;
        const struct segment *segment = text_segment_of(t, word);
        uint32_t at =
            spanmap_source(&segment->to_visible, t->words[word].from - segment->folded_from);
        if (at >= segment->visible.n || !address_may_start(s, segment->visible, at, true))
            continue;
        if (window == NULL && (window = address_parts_new(f->arena)) == NULL) {
            f->no_memory = true;
            return;
        }
        find_from(s, window, (uint32_t)(segment - t->segments), at);
    }
    if (s->left == 0)
        anomaly_note(&f->out->anomalies, ANOMALY_INDICATOR_LIMIT);
}
