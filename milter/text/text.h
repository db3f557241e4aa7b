/*
 * text - what the reader sees, made comparable: HTML to visible text, then two views of every word.
 *
 * folded: case, compatibility forms, marks and invisible characters undone (NFKC_Casefold, marks of
 * alphabetic scripts stripped, strokes and styled letters plain), typographic signs and digits of
 * other scripts as ASCII ones; for rules in the mail's own script.
 *
 * alternates: look-alike letters of other scripts to ASCII, leet digits to letters, spaced, dotted
 * and hyphenated words joined; only for words that need it; same word positions.
 *
 * The tables are generated (text/fold-table.c, by contrib/unicode/) from ICU and checked in. Pure:
 * no I/O, no state; the result lives in the arena and borrows from the message. Any thread.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "mail/mail.h"

enum segment_kind {
    SEGMENT_SUBJECT,
    SEGMENT_SENDER, /* display names of From, Reply-To and Sender */
    SEGMENT_BODY,   /* a text part that the reader is shown */
    SEGMENT_HIDDEN, /* what HTML hides from the reader (display:none, zero size, white on white...)
                     */
    SEGMENT_ALTERNATE_TEXT, /* alt and title attributes */
    SEGMENT_FILE,           /* a text part that is an attachment */
    SEGMENT_FILENAME,       /* names of attachments */
};

enum word_flag {
    WORD_QUOTED = 1, /* on a line that starts with '>' (or in <blockquote>) */
    /* A single word alone in brackets: phrases may step over it; at most four in a row are. */
    WORD_BRACKETED = 2,
    WORD_CJK = 4,       /* one character of a script written without spaces */
    WORD_MIXED = 8,     /* mixes scripts or carries look-alike or styled letters */
    WORD_FORWARDED = 16 /* inside message/rfc822, or below a "forwarded message" line */
};

/*
 * A word: letters, digits and marks without a break; a CJK character (kana and han one by one,
 * Hangul by spaces) is a word by itself. Offsets are into text.folded.
 */
struct word {
    uint32_t from;
    uint16_t length; /* longer words are cut at 65535 */
    uint8_t flags;
    uint8_t segment; /* low byte of the segment's index; use text_segment_of for the whole */
};

/* Another reading of the words first..last (inclusive); offsets are into text.alternates_folded. */
struct alternate {
    uint32_t first, last;
    uint32_t from;
    uint16_t length;
    uint8_t
        reason; /* enum anomaly fits: ANOMALY_TEXT_MIXED_SCRIPT, _LEET, _SPACED, 0 for a hyphen */
};

struct segment {
    enum segment_kind kind;
    uint32_t part;               /* index into message.parts; 0 for header segments */
    const struct header *header; /* the field it came from, or NULL */
    struct decoded decoded;      /* foreign or arena: what it was made of */
    struct view visible;       /* UTF-8 as the reader sees it, case kept, LF lines, blocks apart */
    struct spanmap to_decoded; /* visible -> decoded */
    uint32_t folded_from, folded_to; /* its bytes in text.folded */
    struct spanmap to_visible;       /* (folded offset - folded_from) -> visible */
    uint32_t first_word, n_words;
};

struct link {
    struct view target; /* href, as written with entities undone; src of images is not kept */
    struct view shown;  /* the visible text of the link */
    uint32_t segment;
    uint32_t visible_at; /* where in that segment's visible text it stands */
};

/* How far the text was disguised; for rules and explanations. */
struct disguise {
    uint32_t letters; /* letters in visible body text */
    uint32_t mapped;  /* of these, look-alikes, styled letters, invisibles, stacked marks */
    uint32_t hidden;  /* letters in hidden text */
    uint32_t quoted_words;
};

/*
 * The word positions of all segments form one line of numbers: subject first, then bodies in
 * reading order. position(word i) = i + gaps - joined. Between segments lies a gap of
 * TEXT_SEGMENT_GAP positions, so that no phrase crosses from one to the next. The letters of a word
 * written with blanks or signs between them share one position: they are one word to the reader.
 */
#define TEXT_SEGMENT_GAP 16

struct text {
    const struct message *message; /* foreign */
    struct segment *segments;
    uint32_t n_segments;
    struct view folded; /* all segments, each ended by LF; words separated by what stood between */
    struct word *words;
    uint32_t n_words;
    uint32_t *position;  /* per word */
    uint32_t *steppable; /* per word: how many WORD_BRACKETED words stand before it (n_words + 1
                            entries) */
    struct view alternates_folded;
    struct alternate *alternates; /* by rising first */
    uint32_t n_alternates;
    struct link *links;
    uint32_t n_links;
    /* Whom the message is addressed to: the mailboxes of To, Delivered-To, X-Original-To. */
    const struct mailbox *recipients;
    uint32_t n_recipients;
    struct disguise disguise;
    struct anomalies anomalies;
};
#define TEXT_RECIPIENTS 4 /* more are kept of no message: it is not about one reader */

/* STATUS_OK or STATUS_NO_MEMORY. The mail_reader decodes header fields. */
enum status text_read(struct mail_reader *reader, const struct message *m,
                      const struct limits *limits, struct arena *arena, struct text *out);

/* The segment that word i belongs to. O(log segments). */
const struct segment *text_segment_of(const struct text *t, uint32_t word);
/* The folded bytes of a word. */
struct view text_word(const struct text *t, uint32_t word);
/* Visible text of the words first..last (inclusive, one segment), for people. */
struct view text_quote(const struct text *t, uint32_t first, uint32_t last);
/* The bytes of the message that words first..last came from. */
struct span text_origin(const struct text *t, uint32_t first, uint32_t last);
/* The bytes of the message that a span of a segment's visible text came from. */
struct span segment_origin(const struct segment *s, struct span visible);
/* The first word that ends after visible offset at in segment s; first_word + n_words when none. */
uint32_t segment_word_at(const struct text *t, const struct segment *s, uint32_t at);

/*
 * Folding of any UTF-8 string, exactly as text is folded; rule packs fold their words with it.
 * fold(fold(x)) == fold(x). NUL-free input gives NUL-free output. In the arena; n == 0 and p ==
 * NULL when memory is out.
 */
struct view text_fold(struct view utf8, struct arena *arena);
/*
 * The ASCII letter, digit or sign that cp looks like, case kept (Cyrillic U+0412 -> 'B', U+FF11 ->
 * '1'), or 0. ASCII maps to itself. For payment addresses.
 */
unsigned char text_lookalike(uint32_t cp);
/* Zero-width, soft hyphen, bidi controls, variation selectors, tags and other invisible characters.
 */
bool text_invisible(uint32_t cp);
/* A character of a script written without spaces between words (Han, kana), a word by itself. */
bool text_cjk(uint32_t cp);

/*
 * Splits folded UTF-8 into words as text_read does (without flags, alternates and maps); rule packs
 * split their phrases with it. Returns how many words there are; writes at most max.
 */
uint32_t text_split(struct view folded, struct word *out, uint32_t max);

/* HTML to visible text, by itself; for tests, fuzzing and notices. Everything lives in the arena.
 */
struct html_text {
    struct view visible, hidden, attributes;                /* attributes: alt and title */
    struct spanmap visible_map, hidden_map, attributes_map; /* -> html */
    struct link *links;                                     /* segment is unset */
    uint32_t n_links;
    struct span *quoted; /* parts of visible inside <blockquote>, rising */
    uint32_t n_quoted;
    uint32_t
        n_own_images; /* data: and cid: images; what is fetched from elsewhere is not counted */
    struct anomalies anomalies;
};
enum status html_read(struct view html, const struct limits *limits, struct arena *arena,
                      struct html_text *out);

/*
 * Where something put into an HTML text stands above all that is shown: behind the body tag, or
 * where the body begins without one. False when no place is sure (an unclosed comment or title,
 * frames). html is in any charset that means ASCII by ASCII bytes. O(n).
 */
bool html_page_start(struct view html, size_t *at);

#endif
