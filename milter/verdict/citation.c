#include <string.h>

#include "verdict/weigh.h"

/* Shorter ones are titles, nicknames and emphasis; in longer ones a closing mark was forgotten. */
enum { CITED_WORDS_MIN = 8, CITED_WORDS_MAX = 600, UTF8_BYTES_MAX = 4 };

static bool is_mark(uint32_t cp)
{
    return cp == '"' || cp == 0xAB || cp == 0xBB || (cp >= 0x201C && cp <= 0x201F) ||
           cp == 0x300C || cp == 0x300D || cp == 0x300E || cp == 0x300F;
}

/* What may stand in front of an opening mark; anything else makes it a closing one. */
static bool opens_after(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0xA0 || cp == '(' ||
           cp == '[' || cp == '-' || cp == 0x2013 || cp == 0x2014 || cp == ':' || cp == '>' ||
           cp >= 0x3000;
}

struct search {
    const struct text *t;
    struct arena *arena;
    struct citations *out;
    uint32_t cap;
    bool open;
    uint32_t from; /* the first word behind the opening mark */
};

static bool citation_close(struct search *s, uint32_t next_word)
{
    uint32_t n = next_word - s->from;
    s->open = false;
    if (n < CITED_WORDS_MIN || n > CITED_WORDS_MAX)
        return true;
    struct citation *v = arena_grow(s->arena, s->out->v, &s->cap, s->out->n + 1, sizeof *s->out->v);
    if (v == NULL)
        return false;
    s->out->v = v;
    v[s->out->n++] = (struct citation){s->from, next_word - 1};
    return true;
}

/* The first bytes of all marks; most of a text is none of them. */
static bool mark_begins(unsigned char c)
{
    return c == '"' || c == 0xC2 || c == 0xE2 || c == 0xE3;
}

/* Are these eight bytes ASCII, without '"'? */
static bool eight_plain(const char *text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t eight, quote;
    memcpy(&eight, text, sizeof eight);
    quote = eight ^ ones * '"';
    return ((eight | ((quote - ones) & ~quote)) & tops) == 0;
}

/* Where a mark may begin, from at on; to when nowhere. */
static size_t mark_next(const char *text, size_t at, size_t to)
{
    while (at < to) {
        size_t end = to - at < 8 ? to : at + 8;
        if (end == at + 8 && eight_plain(text + at))
            at = end;
        for (; at < end; at++)
            if (mark_begins((unsigned char)text[at]))
                return at;
    }
    return to;
}

static uint32_t character_before(const char *text, size_t from, size_t at)
{
    uint32_t cp = '\n';
    size_t start = at;
    while (start > from && at - start < UTF8_BYTES_MAX) {
        start--;
        if (((unsigned char)text[start] & 0xC0u) != 0x80u)
            break;
    }
    if (start < at)
        (void)utf8_decode(text + start, at - start, &cp);
    return cp;
}

/* What may stand behind a closing mark, and hardly ever behind an opening one. */
static bool closes_before(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0xA0 || cp == '.' ||
           cp == ',' || cp == ';' || cp == '!' || cp == '?' || cp == ')';
}

/*
 * Does the mark open a citation? French puts a space on the inner side of its marks, which folding
 * has made plain ones: then the turn decides.
 */
static bool mark_opens(uint32_t before, uint32_t after, bool open)
{
    return opens_after(before) && !(open && closes_before(after));
}

static bool segment_search(struct search *s, const struct segment *segment)
{
    const char *folded = s->t->folded.p;
    uint32_t word = segment->first_word, end = segment->first_word + segment->n_words;
    s->open = false;
    for (size_t at = segment->folded_from;
         (at = mark_next(folded, at, segment->folded_to)) < segment->folded_to; at++) {
        uint32_t cp;
        size_t n = utf8_decode(folded + at, segment->folded_to - at, &cp);
        if (is_mark(cp)) {
            uint32_t before = character_before(folded, segment->folded_from, at), after = '\n';
            if (at + n < segment->folded_to)
                (void)utf8_decode(folded + at + n, segment->folded_to - at - n, &after);
            bool opens = mark_opens(before, after, s->open);
            while (word < end && s->t->words[word].from < at)
                word++;
            /* a mark that opens again is that of a new paragraph of the same citation */
            if (opens && !s->open) {
                s->open = true;
                s->from = word;
            } else if (!opens && s->open && !citation_close(s, word)) {
                return false;
            }
        }
        at += n > 0 ? n - 1 : 0;
    }
    return true;
}

bool citations_find(const struct text *t, struct arena *arena, struct citations *out)
{
    struct search s = {.t = t, .arena = arena, .out = out};
    *out = (struct citations){0};
    for (uint32_t i = 0; i < t->n_segments; i++)
        if (t->segments[i].kind == SEGMENT_BODY && !segment_search(&s, &t->segments[i]))
            return false;
    return true;
}

bool word_is_cited(const struct citations *c, uint32_t word)
{
    uint32_t low = 0, high = c->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (c->v[middle].last < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n && c->v[low].first <= word;
}
