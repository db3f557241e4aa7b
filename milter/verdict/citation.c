#include "verdict/weigh.h"

/* Shorter ones are titles, nicknames and emphasis; in longer ones a closing mark was forgotten. */
enum { CITED_WORDS_MIN = 8, CITED_WORDS_MAX = 600 };

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

static bool segment_search(struct search *s, const struct segment *segment)
{
    const char *folded = s->t->folded.p;
    uint32_t word = segment->first_word, end = segment->first_word + segment->n_words;
    uint32_t before = '\n';
    s->open = false;
    for (size_t at = segment->folded_from; at < segment->folded_to;) {
        uint32_t cp;
        size_t n = utf8_decode(folded + at, segment->folded_to - at, &cp);
        while (word < end && s->t->words[word].from < at)
            word++;
        if (is_mark(cp)) {
            /* a mark that opens again is that of a new paragraph of the same citation */
            if (opens_after(before) && !s->open) {
                s->open = true;
                s->from = word;
            } else if (!opens_after(before) && s->open && !citation_close(s, word)) {
                return false;
            }
        }
        before = cp;
        at += n > 0 ? n : 1;
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
