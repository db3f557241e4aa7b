/*
 * Folding with a map and a record of what was odd. Private to room text; text_fold in the door is
 * the plain form.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/base.h"
#include "text/fold-table.h"

enum odd_kind {
    ODD_STYLED,    /* mathematical, enclosed, small-capital letters */
    ODD_WIDE,      /* full-width forms, ordinary in Japanese mail */
    ODD_INVISIBLE, /* zero-width and other invisible characters */
    ODD_SOFT,      /* soft hyphen: ordinary between syllables */
    ODD_JOINER,    /* ZWJ, ZWNJ: ordinary in Persian, Indic scripts and emoji */
    ODD_MARK,      /* a third mark on one letter, or one that no living alphabet uses */
    ODD_TWO_MARKS, /* letters of Vietnamese */
};

/* Something odd at folded offset at. What folding removed stands before that byte. */
struct odd {
    uint32_t at;
    uint8_t kind;
};

/* Grows folded text piece by piece. Everything lives in the arena. */
struct folding {
    struct arena *arena;
    char *p;
    uint32_t n, cap;
    uint32_t base;       /* where this segment's folded text starts in p */
    struct spanmap *map; /* (offset - base) -> source; NULL: not wanted */
    int64_t delta;       /* source minus offset of the run in progress */
    struct odd *odd;
    uint32_t n_odd, cap_odd;
    uint32_t marks; /* combining marks in a row */
    bool odd_wanted;
    bool failed; /* memory is out; what was added is still whole */
};

#define FOLDING_NO_DELTA INT64_MIN

void folding_init(struct folding *f, struct arena *arena);
/* Starts a segment: its map counts from here. */
void folding_start(struct folding *f, struct spanmap *map);
/* Adds text that stands at offset source of the map's source. */
void folding_add(struct folding *f, struct view text, uint32_t source);

/* Like utf8_decode, quick for what mail is mostly made of. */
static inline size_t fold_decode(const char *p, size_t n, uint32_t *cp)
{
    unsigned char c = (unsigned char)p[0];
    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    if (c >= 0xC2 && c < 0xE0 && n > 1 && ((unsigned char)p[1] & 0xC0) == 0x80) {
        *cp = (c & 0x1Fu) << 6 | ((unsigned char)p[1] & 0x3Fu);
        return 2;
    }
    if (c > 0xE0 && c < 0xF0 && c != 0xED && n > 2 && ((unsigned char)p[1] & 0xC0) == 0x80 &&
        ((unsigned char)p[2] & 0xC0) == 0x80) {
        *cp =
            (c & 0x0Fu) << 12 | ((unsigned char)p[1] & 0x3Fu) << 6 | ((unsigned char)p[2] & 0x3Fu);
        return 3;
    }
    return utf8_decode(p, n, cp);
}

#endif
