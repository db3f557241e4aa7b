#include "text/text.h"

#include "text/reading.h"

/*
 * When a disguise is worth an anomaly: at least so many words, and so large a share of all. Set by
 * measuring over 10,000 honest mails.
 */
static void threshold_note(struct text *out, enum anomaly which, uint32_t n, uint32_t words,
                           uint32_t least, uint32_t per_thousand)
{
    if (n >= least && (uint64_t)n * 1000 >= (uint64_t)words * per_thousand)
        out->anomalies.count[which] += n;
}

static void disguises_note(struct reading *r)
{
    const struct disguise_counts *c = &r->counts;
    struct text *out = r->out;
    /* words of foreign letters in a Latin text prove nothing alone: they may be quotations */
    uint32_t mixed = c->mixed + (c->mixed > 1 ? c->whole : 0);
    threshold_note(out, ANOMALY_TEXT_MIXED_SCRIPT, mixed, c->words, 3, 10);
    /* full-width Latin is ordinary in Japanese and Chinese mail */
    uint32_t styled = c->styled + (c->cjk * 4 < c->words ? c->wide : 0);
    threshold_note(out, ANOMALY_TEXT_STYLED_LETTERS, styled, c->words, 4, 10);
    threshold_note(out, ANOMALY_TEXT_INVISIBLE_CHARS, c->invisible, c->words, 3, 5);
    threshold_note(out, ANOMALY_TEXT_MARKS, c->marks, c->words, 4, 20);
    threshold_note(out, ANOMALY_TEXT_SPACED, c->spaced, c->words, 3, 5);
    threshold_note(out, ANOMALY_TEXT_LEET, c->leet, c->words, 5, 25);
    threshold_note(out, ANOMALY_TEXT_JUNK_BRACKETS, c->bracketed, c->words, 8, 30);
    uint32_t *inside = &out->anomalies.count[ANOMALY_TEXT_HIDDEN_WORDS];
    *inside = *inside < 3 ? 0 : *inside;
}

/*
 * The end of the spaced word that starts at w (w + 1 when none does): its letters share a position,
 * or limits that count words would hold a tenth of what they are meant to. *next: the first
 * alternate that is not before w.
 */
static uint32_t spaced_end(const struct text *t, uint32_t w, uint32_t *next)
{
    uint32_t last = w;
    for (; *next < t->n_alternates && t->alternates[*next].first <= w; (*next)++) {
        const struct alternate *a = &t->alternates[*next];
        if (a->first == w && a->reason == ANOMALY_TEXT_SPACED)
            last = a->last;
    }
    return last + 1;
}

/*
 * Junk stands between words; a long row of brackets is a text of its own. Without an end to what
 * may be stepped over, half-read entries of lists would live through the whole text.
 */
enum { BRACKETS_MAX = 4 };

/* Prefix sums and positions, once all words are there. */
static bool positions_fill(struct reading *r)
{
    struct text *out = r->out;
    out->position = arena_calloc(r->arena, out->n_words, sizeof *out->position);
    out->steppable = arena_calloc(r->arena, (size_t)out->n_words + 1, sizeof *out->steppable);
    if (out->position == NULL || out->steppable == NULL)
        return false;
    uint32_t bracketed = 0, joined = 0, from = 0, end = 0, next = 0, row = 0;
    for (uint32_t i = 0; i < out->n_segments; i++) {
        const struct segment *s = &out->segments[i];
        for (uint32_t w = s->first_word; w < s->first_word + s->n_words; w++) {
            if (w < end) {
                joined++;
            } else {
                from = w;
                end = spaced_end(out, w, &next);
            }
            row = (out->words[w].flags & WORD_BRACKETED) != 0 ? row + 1 : 0;
            if (end - from > 1 ||
                row > BRACKETS_MAX) /* a letter that may be stepped over is none */
                out->words[w].flags &= (uint8_t)~WORD_BRACKETED;
            out->position[w] = w - joined + i * TEXT_SEGMENT_GAP;
            out->steppable[w] = bracketed;
            bracketed += (out->words[w].flags & WORD_BRACKETED) != 0;
            out->words[w].flags &= (uint8_t)~WORD_SEEN;
        }
    }
    out->steppable[out->n_words] = bracketed;
    return true;
}

enum status text_read(struct mail_reader *reader, const struct message *m,
                      const struct limits *limits, struct arena *arena, struct text *out)
{
    *out = (struct text){.message = m};
    struct reading r = {.mail = reader,
                        .message = m,
                        .limits = limits,
                        .arena = arena,
                        .out = out,
                        .visible_left = limits->text_bytes};
    folding_init(&r.fold, arena);
    segments_collect(&r);
    if (r.no_memory)
        return STATUS_NO_MEMORY;
    shape_note(&r);
    disguises_note(&r);
    if (!positions_fill(&r))
        return STATUS_NO_MEMORY;
    out->folded = (struct view){r.fold.p, r.fold.n};
    out->alternates_folded = (struct view){r.readings, r.n_readings};
    return STATUS_OK;
}
