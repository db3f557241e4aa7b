/*
 * One pass over HTML: html.c walks the text and markup (HTML 13.2.5), html-tree.c keeps the stack
 * of open elements and what they look like, html-sink.c writes the texts. Private to room text.
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "text/css-select.h"
#include "text/css.h"
#include "text/html-element.h"
#include "text/text.h"

/* White space that is due before the next text; the larger one wins. */
enum html_gap { GAP_NONE, GAP_SPACE, GAP_CELL, GAP_LINE, GAP_PARAGRAPH };

/* A text that grows, with its map to the HTML. */
struct html_sink {
    char *p;
    uint32_t n, cap, max;
    struct spanmap map;
    int64_t delta;   /* source minus offset of the run in progress */
    uint32_t gap_at; /* where in the HTML the gap stands */
    enum html_gap gap;
    bool full; /* max was reached; the rest is dropped */
};

/* Elements deeper than this are read but lose their styles; mail editors stay below 100. */
#define HTML_DEPTH 256

struct open_element {
    uint8_t element;
    uint8_t gap;   /* enum html_gap, before and after it */
    uint8_t part;  /* the innermost part of a table or list up to here, on the stack; 0: none */
    bool quoted;   /* a quotation of an earlier mail */
    bool reversed; /* its letters run from right to left by force */
    struct look look;
    struct style style; /* its own, for when one around it closes early */
};

struct html_reader {
    struct view html;
    size_t at;
    const struct limits *limits;
    struct arena *arena;
    struct html_text *out;
    struct html_sink visible, hidden, attributes;
    struct sheet sheet;
    struct open_element *stack; /* HTML_DEPTH of them */
    struct css_element *path;   /* beside the stack, for selectors */
    uint32_t depth;
    uint32_t too_deep;            /* open elements that are not on the stack */
    uint32_t open[ELEMENT_COUNT]; /* how many of each are on the stack */
    uint32_t quotes;              /* open quotations */
    uint32_t foreign;             /* open svg and math elements */
    uint32_t cap_links, cap_quoted;
    bool link_open;  /* the newest link has no end yet */
    bool line_break; /* the pending gap came from <br> */
    bool cut;        /* something unseen stands after the last visible character, and no gap */
    bool no_memory;
};

/* html-sink.c */
void html_sink_init(struct html_sink *s, struct arena *arena, uint32_t max);
void html_sink_gap(struct html_sink *s, enum html_gap gap, size_t at);
/*
 * Adds n bytes that came from source bytes at `at`: one from one when src_n == n, else all from all
 * src_n of them.
 */
void html_sink_add(struct html_reader *r, struct html_sink *s, const char *p, size_t n, size_t at,
                   size_t src_n);
/* Adds a control character that stands for a tag, right behind the text so far. */
void html_sink_mark(struct html_reader *r, struct html_sink *s, const char *p, size_t n, size_t at);
/* Adds a note about an element (alt, title): a line of its own among the attributes. */
void html_sink_note(struct html_reader *r, struct view value);

/* html-tree.c */
const struct look *tree_look(const struct html_reader *r);
void tree_open(struct html_reader *r, const struct tag *tag, size_t at);
void tree_close(struct html_reader *r, uint8_t element, size_t at);
void tree_close_all(struct html_reader *r);
/* What a void element says by its attributes alone: <br>, <img>, <hr>, <input>. */
void tree_void(struct html_reader *r, const struct tag *tag, size_t at);

/* html-style.c */
void style_of(struct html_reader *r, const struct tag *tag, struct style *style);
/* An attribute as written, or an empty view. */
struct view tag_value(const struct tag *tag, enum attribute a);

/* html-link.c */
void link_open(struct html_reader *r, struct view target);
void link_close(struct html_reader *r);

#endif
