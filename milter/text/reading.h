/* A text while it is being read. Private to room text. */
#ifndef TEXT_READING_H
#define TEXT_READING_H

#include "text/fold.h"
#include "text/split.h"
#include "text/text.h"

/* What was seen of each disguise, in words; text.c decides when it is worth an anomaly. */
struct disguise_counts {
    uint32_t words; /* with letters, Han and kana left out */
    uint32_t cjk;   /* characters of Han and kana */
    uint32_t mixed; /* mix scripts */
    uint32_t whole; /* of one foreign script that looks like Latin, in a Latin text */
    uint32_t styled, wide, invisible, marks;
    uint32_t spaced, leet, bracketed; /* different ones: honest mail repeats the few it has */
    uint64_t seen[16];                /* of those three, by hash */
};

/* Counts the word in *n unless it, or one with the same hash, was counted before. */
void count_distinct(struct disguise_counts *c, uint32_t *n, struct view word);

struct reading {
    struct mail_reader *mail;
    const struct message *message;
    const struct limits *limits;
    struct arena *arena;
    struct text *out;
    struct folding fold;
    uint32_t visible_left; /* bytes until limits.text_bytes */
    uint32_t cap_segments, cap_words, cap_links, cap_alternates, cap_readings;
    char *readings; /* becomes text.alternates_folded */
    uint32_t n_readings;
    struct disguise_counts counts;
    uint32_t unseen_words; /* in bodies that are hidden, as far as we can tell */
    bool image;            /* HTML shows one that came with the message */
    bool no_memory;
};

/* What a segment is made of; the rest of struct segment follows from it. */
struct segment_source {
    enum segment_kind kind;
    uint32_t part;
    const struct header *header;
    struct decoded decoded;
    struct view visible;
    struct spanmap to_decoded;
    const struct span *quoted; /* parts of visible that quote, rising */
    uint32_t n_quoted;
    bool forwarded;
    bool lines; /* '>' at the start of a line quotes */
};

/* The scripts of a segment's words, to tell a disguise from another language. */
struct script_profile {
    uint32_t latin; /* words in Latin letters only */
    uint32_t other; /* words in letters of one other script */
    uint32_t mixed;
};

/* collect.c: adds the segments of the message, in reading order. */
void segments_collect(struct reading *r);

/* shape.c: alternatives that differ, nothing to read but an image or a PDF. */
void shape_note(struct reading *r);

/* segment.c: folds, splits and flags a segment and adds it to out. */
void segment_add(struct reading *r, const struct segment_source *from);

/* words.c: flags of the words of the newest segment, and what they show. */
struct stretch {
    uint32_t from; /* folded offset from which on... */
    uint8_t flags; /* ...words carry these */
};
void words_flag(struct reading *r, const struct segment *s, const struct stretch *stretches,
                uint32_t n_stretches, struct script_profile *profile);

/* alternate.c: other readings of the newest segment's words. */
void alternates_add(struct reading *r, const struct segment *s,
                    const struct script_profile *profile);

/* forwarded.c: where the text below a "forwarded message" line starts, or folded.n. */
size_t forwarded_from(struct view folded);

/*
 * plain.c: numeric references undone; stops past max bytes. out->map leads to text. False when
 * memory is out.
 */
bool plain_references(struct view text, size_t max, struct arena *arena, struct anomalies *seen,
                      struct view *visible, struct spanmap *map);
/* calendar.c: the lines of an invitation as they are meant. False when memory is out. */
bool calendar_unfold(struct view text, struct arena *arena, struct view *visible,
                     struct spanmap *map);

/* reversed.c: adds bodies that are written backwards once more, turned round. */
void reversed_add(struct reading *r);

/*
 * bidi.c: what stands between a right-to-left override and its end is turned round, as the reader
 * sees it, in the same bytes. False when memory is out.
 */
bool bidi_undo(struct view *visible, struct spanmap *map, struct arena *arena);
bool bidi_has_override(struct view visible);

#endif
