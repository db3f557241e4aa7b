/*
 * As much CSS as decides whether a reader sees a text: declarations, simple selectors, the cascade.
 * In doubt a text counts as visible: what a selector that is not understood might show is not
 * hidden, what it might hide is shown. Private to room text.
 */
#ifndef TEXT_CSS_H
#define TEXT_CSS_H

#include "base/base.h"

enum css_property {
    CSS_COLOR,      /* a colour, see below */
    CSS_BACKGROUND, /* the same */
    CSS_FONT_SIZE,  /* hundredths of a pixel; negative: hundredths of a per cent of the parent's */
    CSS_DISPLAY,    /* enum css_display */
    CSS_VISIBILITY, /* 1: visible */
    CSS_OPACITY,    /* per cent */
    CSS_POSITION,   /* 0: static, 1: relative, 2: absolute or fixed */
    CSS_LEFT,       /* this and the following in hundredths of a pixel */
    CSS_TOP,
    CSS_RIGHT,
    CSS_BOTTOM,
    CSS_MARGIN,
    CSS_INDENT,
    CSS_WIDTH,
    CSS_HEIGHT,
    CSS_MAX_WIDTH,
    CSS_MAX_HEIGHT,
    CSS_OVERFLOW,    /* 1: hidden */
    CSS_CLIP,        /* 1: clipped to nothing */
    CSS_TRANSFORM,   /* 1: scaled to nothing or moved far away */
    CSS_WHITE_SPACE, /* 1: kept as written */
    CSS_FLOAT,       /* 1: set beside its neighbours */
    CSS_BIDI,        /* 1: bidi-override */
    CSS_DIRECTION,   /* 1: right to left */
    CSS_PROPERTIES
};

enum css_display {
    DISPLAY_NONE,
    DISPLAY_INLINE,
    DISPLAY_INLINE_BLOCK,
    DISPLAY_BLOCK,
    DISPLAY_CELL
};

/* Colours are 0xRRGGBB, or one of these. */
#define COLOR_UNKNOWN     0x1000000
#define COLOR_TRANSPARENT 0x2000000
#define CSS_AUTO          INT32_MAX /* a length that is none */

/* Declarations: which properties are set, and to what. */
struct style {
    uint32_t set, important; /* bit per enum css_property */
    int32_t value[CSS_PROPERTIES];
};

/* Reads "color: red; ..." into *out, which starts empty. Later ones win, !important ones stay. */
void style_parse(struct view declarations, struct style *out);
/* Lays over on top of under, as the cascade does with a more specific rule. */
void style_merge(struct style *under, const struct style *over);
void style_set(struct style *s, enum css_property p, int32_t value, bool important);

/* A colour in any CSS notation; COLOR_UNKNOWN when it is not understood. */
int32_t css_color(struct view text);
/* A number in thousandths at the front of text; *used: its bytes, 0 when there is none. */
int64_t css_number(struct view text, size_t *used);
/* Hundredths of a pixel; false when it is no length. Per cents count as given by percent_of. */
bool css_length(struct view text, int32_t percent_of, int32_t *out);
/* Without comments and with escapes undone, in the arena; v itself when it has none of them. */
struct view css_clean(struct view v, struct arena *arena);

/* What an element looks like, inherited by those inside. */
struct look {
    int32_t color, background; /* COLOR_UNKNOWN: cannot be told */
    int32_t font;              /* hundredths of a pixel */
    int32_t opacity;           /* per cent */
    bool none;                 /* display: none, takes no room at all */
    bool invisible;            /* visibility: hidden */
    bool away;                 /* off the screen or clipped to nothing */
    bool keep_space;           /* white-space: pre */
    bool hidden;               /* for whichever reason, the reader does not see text here */
};

struct look look_start(void);
/* The look of an element with this style inside parent. block: takes a box of its own by nature. */
struct look look_apply(const struct look *parent, const struct style *style, bool block);

/* The rules of <style> elements. */
struct css_rule;
struct css_element;

#define SHEET_RULES   512 /* rules that matter here; newsletters have a few dozen */
#define SHEET_CLASSES 8   /* of one element that are looked up */
#define SHEET_BUCKETS 128
#define SHEET_STEPS   1000000 /* for matching all selectors of a page: some 20 ms */

struct sheet {
    struct css_rule *rule; /* in the arena */
    uint32_t n, cap;
    uint32_t steps;                /* left of SHEET_STEPS */
    int16_t bucket[SHEET_BUCKETS]; /* newest rule of that hash, or -1 */
    struct arena *arena;
    bool failed; /* memory is out */
};

void sheet_init(struct sheet *s, struct arena *arena);
/* Adds the rules of one <style> element. */
void sheet_add(struct sheet *s, struct view css);
/* Lays what the sheet says about path[depth - 1], which stands inside those before it, over *style.
 */
void sheet_apply(struct sheet *s, const struct css_element *path, uint32_t depth,
                 struct style *style);

#endif
