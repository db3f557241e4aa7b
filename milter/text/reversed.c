/*
 * Text written backwards without any bidirectional control: readers puzzle it out, rules do not. A
 * body whose small words are small words only from behind is read once more, turned round.
 */
#include <string.h>

#include "text/reading.h"

/*
 * SAMPLE: words looked at; ENOUGH: so many of them must be known backwards, and so many DIFFERENT
 * ones (a name in a program may be one by chance); MOST: bytes turned.
 */
enum { SAMPLE = 128, ENOUGH = 6, DIFFERENT = 3, MOST = 65536 };

/* Frequent words of many languages whose reverse is a word of none. Folded. */
static const char *const frequent[] = {
    "the",  "and",  "you",   "your",  "have",  "that",   "with", "will",  "this", "from", "which",
    "etta", "olen", "olet",  "sinun", "mutta", "kaikki", "ovat", "och",   "inte", "jag",  "till",
    "und",  "ich",  "nicht", "haben", "ihre",  "ist",    "vous", "votre", "pour", "dans", "avec",
    "que",  "para", "como",  "sono",  "della", "voce",   "nao",  "niet",  "jouw", "jest", "twoje",
    "jsem", "vase", "hogy",  "icin",  "что",   "это",    "для",  "ваш",   "και",  "στο"};

_Static_assert(sizeof frequent / sizeof frequent[0] <= 64, "a bit for each word");

/* Code points of v from its end to its start. Writes v.n bytes. */
static void turn(struct view v, char *out)
{
    for (size_t at = v.n; at > 0;) {
        size_t n = 1;
        while (n < 4 && n < at && ((unsigned char)v.p[at - n] & 0xC0) == 0x80)
            n++;
        at -= n;
        memcpy(out, v.p + at, n);
        out += n;
    }
}

/* By first byte: a bit for each frequent word that begins with it. */
struct beginnings {
    uint64_t words[256];
};

static void beginnings_list(struct beginnings *b)
{
    *b = (struct beginnings){{0}};
    for (size_t i = 0; i < sizeof frequent / sizeof frequent[0]; i++)
        b->words[(unsigned char)frequent[i][0]] |= UINT64_C(1) << i;
}

/* A bit for the frequent word that it is; 0 when it is none. */
static uint64_t frequent_bit(const struct beginnings *b, struct view word)
{
    uint64_t left = b->words[(unsigned char)word.p[0]];
    for (; left != 0; left &= left - 1)
        if (view_eq(word, view_of(frequent[__builtin_ctzll(left)])))
            return left & (~left + 1);
    return 0;
}

static bool looks_reversed(const struct reading *r, const struct segment *s)
{
    uint32_t forward = 0, backward = 0, step = s->n_words / SAMPLE + 1;
    uint64_t which = 0;
    struct beginnings begin;
    beginnings_list(&begin);
    for (uint32_t i = 0; i < s->n_words; i += step) {
        const struct word *w = &r->out->words[s->first_word + i];
        char turned[16];
        if (w->length < 3 || w->length > 8 || (w->flags & WORD_CJK) != 0)
            continue;
        struct view word = {r->fold.p + w->from, w->length};
        turn(word, turned);
        uint64_t turned_bit = frequent_bit(&begin, (struct view){turned, word.n});
        forward += frequent_bit(&begin, word) != 0;
        backward += turned_bit != 0;
        which |= turned_bit;
    }
    return backward >= ENOUGH && backward > 2 * forward && __builtin_popcountll(which) >= DIFFERENT;
}

/* Whole lines were turned when stops stand before words: " ,olleh" and not "olleh, ". */
static bool lines_turned(struct view v)
{
    uint32_t before = 0, after = 0;
    for (size_t i = 1; i + 1 < v.n; i++) {
        if (v.p[i] != '.' && v.p[i] != ',')
            continue;
        bool blank_before = ascii_is_space((unsigned char)v.p[i - 1]);
        bool blank_after = ascii_is_space((unsigned char)v.p[i + 1]);
        before += blank_before && !blank_after;
        after += blank_after && !blank_before;
    }
    return before >= after;
}

/* The line, or the word, that starts at i ends here. */
static size_t piece_end(struct view v, size_t i, bool lines)
{
    while (i < v.n && v.p[i] != '\n' && (lines || !ascii_is_space((unsigned char)v.p[i])))
        i++;
    return i;
}

static bool map_turned(const struct segment *s, struct view turned, size_t from,
                       struct spanmap *map)
{
    size_t at = from + turned.n;
    for (size_t i = 0, n; i < turned.n; i += n) {
        uint32_t cp;
        n = fold_decode(turned.p + i, turned.n - i, &cp);
        at -= n;
        if (!spanmap_add(map, (uint32_t)(from + i), spanmap_source(&s->to_decoded, (uint32_t)at),
                         (uint32_t)n, (uint32_t)n))
            return false;
    }
    return true;
}

static void turned_add(struct reading *r, uint32_t index)
{
    struct segment s = r->out->segments[index]; /* the array moves */
    struct view v = view_sub(s.visible, 0, s.visible.n < MOST ? s.visible.n : MOST);
    while (v.n < s.visible.n && v.n > 0 && ((unsigned char)s.visible.p[v.n] & 0xC0) == 0x80)
        v.n--;
    struct segment_source from = {.kind = SEGMENT_BODY,
                                  .part = s.part,
                                  .header = s.header,
                                  .decoded = s.decoded,
                                  .visible = v,
                                  .forwarded = r->message->parts[s.part].message_depth > 0,
                                  .lines = true};
    char *p = arena_alloc(r->arena, v.n);
    r->no_memory = p == NULL;
    spanmap_init(&from.to_decoded, r->arena);
    bool lines = lines_turned(v);
    for (size_t i = 0; i < v.n && !r->no_memory;) {
        size_t end = piece_end(v, i, lines);
        turn(view_sub(v, i, end), p + i);
        r->no_memory = !map_turned(&s, (struct view){p + i, end - i}, i, &from.to_decoded);
        if (end < v.n) {
            p[end] = v.p[end];
            r->no_memory =
                r->no_memory || !spanmap_add(&from.to_decoded, (uint32_t)end,
                                             spanmap_source(&s.to_decoded, (uint32_t)end), 1, 1);
        }
        i = end + 1;
    }
    if (r->no_memory)
        return;
    from.visible.p = p;
    uint32_t letters = r->out->disguise.letters;
    segment_add(r, &from);
    r->out->disguise.mapped += r->out->disguise.letters - letters;
    r->out->disguise.letters = letters;
}

void reversed_add(struct reading *r)
{
    uint32_t n = r->out->n_segments;
    for (uint32_t i = 0; i < n && !r->no_memory; i++)
        if (r->out->segments[i].kind == SEGMENT_BODY && looks_reversed(r, &r->out->segments[i]))
            turned_add(r, i);
}
