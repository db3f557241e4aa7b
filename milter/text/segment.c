#include <string.h>

#include "text/reading.h"

/* The stretches of a segment: words from each on carry its flags. */
struct stretches {
    struct stretch *v;
    uint32_t n, cap;
};

static void stretch_add(struct reading *r, struct stretches *s, uint8_t flags)
{
    if (s->n > 0 && s->v[s->n - 1].flags == flags)
        return;
    struct stretch *v = arena_grow(r->arena, s->v, &s->cap, s->n + 1, sizeof *v);
    if (v == NULL) {
        r->no_memory = true;
        return;
    }
    s->v = v;
    v[s->n++] = (struct stretch){r->fold.n, flags};
}

/* Past the '>' and blanks in front of a quoted line; at itself when it is none. */
static size_t quote_prefix(struct view v, size_t at)
{
    size_t i = at;
    while (i < v.n && v.p[i] == '>') {
        i++;
        if (i < v.n && v.p[i] == ' ')
            i++;
    }
    /* an mbox file's ">From " is no quotation */
    return view_starts_nocase(view_sub(v, at, v.n), VIEW(">From ")) ? at : i;
}

static bool has_prefixes(struct view v)
{
    for (size_t i = 0; i < v.n; i++) {
        i += view_find_byte(view_sub(v, i, v.n), '>');
        if (i < v.n && (i == 0 || v.p[i - 1] == '\n'))
            return true;
    }
    return false;
}

/* Folds line by line, without the prefixes of quoted lines. */
static void fold_lines(struct reading *r, const struct segment_source *from, uint8_t flags,
                       struct stretches *out)
{
    struct view v = from->visible;
    uint32_t quote = 0;
    size_t piece = 0; /* start of what is not folded yet */
    uint8_t before = UINT8_MAX;
    for (size_t at = 0; at < v.n && !r->no_memory;) {
        size_t end = at + view_find_byte(view_sub(v, at, v.n), '\n');
        end = end < v.n ? end + 1 : v.n;
        size_t content = from->lines ? quote_prefix(v, at) : at;
        while (quote < from->n_quoted && from->quoted[quote].to <= content)
            quote++;
        bool inside = quote < from->n_quoted && from->quoted[quote].from <= content;
        uint8_t now = (uint8_t)(flags | (inside || content > at ? WORD_QUOTED : 0));
        if (now != before || content > at) {
            folding_add(&r->fold, view_sub(v, piece, at), (uint32_t)piece);
            stretch_add(r, out, now);
            piece = content;
            before = now;
        }
        at = end;
    }
    folding_add(&r->fold, view_sub(v, piece, v.n), (uint32_t)piece);
}

static void fold_visible(struct reading *r, const struct segment_source *from, struct segment *s,
                         struct stretches *out)
{
    uint8_t flags = from->forwarded ? WORD_FORWARDED : 0;
    folding_start(&r->fold, &s->to_visible);
    r->fold.n_odd = 0;
    r->fold.odd_wanted = from->kind != SEGMENT_HIDDEN;
    s->folded_from = r->fold.n;
    stretch_add(r, out, flags);
    if (from->n_quoted > 0 || (from->lines && has_prefixes(from->visible)))
        fold_lines(r, from, flags, out);
    else
        folding_add(&r->fold, from->visible, 0);
    s->folded_to = r->fold.n;
    folding_add(&r->fold, VIEW("\n"), (uint32_t)from->visible.n);
    r->no_memory = r->no_memory || r->fold.failed;
}

static void split_words(struct reading *r, struct segment *s)
{
    struct text *out = r->out;
    struct view folded = {r->fold.p, s->folded_to};
    size_t at = s->folded_from;
    s->first_word = out->n_words;
    while (at < folded.n && out->n_words < r->limits->words) {
        /* five bytes a word is what European languages need, with the blank after it */
        uint32_t want = out->n_words + (uint32_t)((folded.n - at) / 5) + 16;
        struct word *words = arena_grow(r->arena, out->words, &r->cap_words, want, sizeof *words);
        if (words == NULL) {
            r->no_memory = true;
            return;
        }
        out->words = words;
        uint32_t room = r->cap_words < r->limits->words ? r->cap_words : r->limits->words;
        out->n_words += split_some(folded, &at, words + out->n_words, room - out->n_words);
    }
    struct word more;
    if (split_some(folded, &at, &more, 1) > 0)
        anomaly_note(&out->anomalies, ANOMALY_TEXT_LIMIT);
    s->n_words = out->n_words - s->first_word;
    for (uint32_t i = s->first_word; i < out->n_words; i++)
        out->words[i].segment = (uint8_t)out->n_segments;
}

/* Words below a "forwarded message" line are somebody else's. */
static void forwarded_flag(struct reading *r, const struct segment *s)
{
    struct view folded = {r->fold.p + s->folded_from, s->folded_to - s->folded_from};
    if (s->n_words == 0)
        return;
    size_t from = forwarded_from(folded);
    struct word *words = r->out->words + s->first_word;
    for (uint32_t i = s->n_words; i > 0 && words[i - 1].from - s->folded_from >= from; i--)
        words[i - 1].flags |= WORD_FORWARDED;
}

/* Cuts to what limits.text_bytes leaves, at a character. */
static void visible_cut(struct reading *r, struct view *visible)
{
    size_t n = visible->n;
    if (n > r->visible_left) {
        anomaly_note(&r->out->anomalies, ANOMALY_TEXT_LIMIT);
        n = r->visible_left;
        while (n > 0 && ((unsigned char)visible->p[n] & 0xC0) == 0x80)
            n--;
        visible->n = n;
    }
    r->visible_left -= (uint32_t)n;
}

void segment_add(struct reading *r, const struct segment_source *source)
{
    struct text *out = r->out;
    struct segment_source from = *source;
    if (r->no_memory)
        return;
    visible_cut(r, &from.visible);
    if (from.visible.n == 0 && from.kind != SEGMENT_BODY)
        return;
    if (bidi_has_override(from.visible)) {
        anomaly_note(&out->anomalies, ANOMALY_TEXT_BIDI);
        if (!bidi_undo(&from.visible, &from.to_decoded, r->arena)) {
            r->no_memory = true;
            return;
        }
    }
    struct segment *segments = arena_grow(r->arena, out->segments, &r->cap_segments,
                                          out->n_segments + 1, sizeof *segments);
    if (segments == NULL) {
        r->no_memory = true;
        return;
    }
    out->segments = segments;
    struct segment *s = &segments[out->n_segments];
    *s = (struct segment){.kind = from.kind,
                          .part = from.part,
                          .header = from.header,
                          .decoded = from.decoded,
                          .visible = from.visible,
                          .to_decoded = from.to_decoded};
    spanmap_init(&s->to_visible, r->arena);
    struct stretches stretches = {0};
    struct script_profile profile = {0};
    fold_visible(r, &from, s, &stretches);
    if (r->no_memory)
        return;
    split_words(r, s);
    if (r->no_memory)
        return;
    out->n_segments++;
    words_flag(r, s, stretches.v, stretches.n, &profile);
    if (from.kind == SEGMENT_BODY || from.kind == SEGMENT_FILE)
        forwarded_flag(r, s);
    if (from.kind != SEGMENT_FILENAME)
        alternates_add(r, s, &profile);
}
