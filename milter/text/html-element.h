/*
 * The elements of HTML that matter for what a reader sees, and the tags they are written with.
 * Private to room text.
 */
#ifndef TEXT_HTML_ELEMENT_H
#define TEXT_HTML_ELEMENT_H

#include "base/base.h"

enum element_trait {
    E_LINE = 1,      /* starts and ends a line */
    E_PARAGRAPH = 2, /* the same, with an empty line */
    E_CELL = 4,      /* kept apart from its neighbour on the same line */
    E_VOID = 8,      /* has no end tag */
    E_RAW = 16,      /* content is no markup and not shown */
    E_UNSEEN = 32,   /* content is markup but not shown */
    E_SPECIAL = 64,  /* HTML 13.2.4.2: end tags of inline elements do not reach through it */
    E_CLOSES_P = 128,
    E_FORMAT = 256, /* HTML 13.2.4.3: misnested end tags take it out of the middle */
    E_SCOPE = 512,  /* end tags of other blocks do not reach through it */
    E_TABLE = 1024, /* parts of a table, whose end tags stop only at the table */
    E_LIST = 2048,  /* lists and their items */
};

/* Sorted: html-element.c finds a name by its first letter. */
#define ELEMENTS(X)                                                                                \
    X(a, E_FORMAT)                                                                                 \
    X(address, E_LINE | E_SPECIAL | E_CLOSES_P)                                                    \
    X(applet, E_SPECIAL | E_SCOPE)                                                                 \
    X(area, E_VOID | E_SPECIAL)                                                                    \
    X(article, E_LINE | E_SPECIAL | E_CLOSES_P)                                                    \
    X(aside, E_LINE | E_SPECIAL | E_CLOSES_P)                                                      \
    X(b, E_FORMAT)                                                                                 \
    X(base, E_VOID | E_SPECIAL)                                                                    \
    X(basefont, E_VOID | E_SPECIAL)                                                                \
    X(bdo, 0)                                                                                      \
    X(bgsound, E_VOID | E_SPECIAL)                                                                 \
    X(big, E_FORMAT)                                                                               \
    X(blockquote, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                            \
    X(body, E_LINE | E_SPECIAL)                                                                    \
    X(br, E_VOID | E_SPECIAL)                                                                      \
    X(button, E_CELL | E_SPECIAL | E_SCOPE)                                                        \
    X(caption, E_LINE | E_SPECIAL | E_SCOPE | E_TABLE)                                             \
    X(center, E_LINE | E_SPECIAL | E_CLOSES_P)                                                     \
    X(code, E_FORMAT)                                                                              \
    X(col, E_VOID | E_SPECIAL)                                                                     \
    X(datalist, E_UNSEEN)                                                                          \
    X(dd, E_LINE | E_SPECIAL | E_CLOSES_P | E_LIST)                                                \
    X(details, E_LINE | E_SPECIAL | E_CLOSES_P)                                                    \
    X(dialog, E_LINE | E_CLOSES_P)                                                                 \
    X(dir, E_LINE | E_SPECIAL | E_CLOSES_P)                                                        \
    X(div, E_LINE | E_SPECIAL | E_CLOSES_P)                                                        \
    X(dl, E_LINE | E_SPECIAL | E_CLOSES_P | E_LIST)                                                \
    X(dt, E_LINE | E_SPECIAL | E_CLOSES_P | E_LIST)                                                \
    X(em, E_FORMAT)                                                                                \
    X(embed, E_VOID | E_SPECIAL)                                                                   \
    X(fieldset, E_LINE | E_SPECIAL | E_CLOSES_P)                                                   \
    X(figcaption, E_LINE | E_SPECIAL | E_CLOSES_P)                                                 \
    X(figure, E_LINE | E_SPECIAL | E_CLOSES_P)                                                     \
    X(font, E_FORMAT)                                                                              \
    X(footer, E_LINE | E_SPECIAL | E_CLOSES_P)                                                     \
    X(form, E_LINE | E_SPECIAL | E_CLOSES_P)                                                       \
    X(frame, E_VOID | E_SPECIAL)                                                                   \
    X(h1, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                                    \
    X(h2, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                                    \
    X(h3, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                                    \
    X(h4, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                                    \
    X(h5, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                                    \
    X(h6, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                                    \
    X(header, E_LINE | E_SPECIAL | E_CLOSES_P)                                                     \
    X(hgroup, E_LINE | E_SPECIAL | E_CLOSES_P)                                                     \
    X(hr, E_LINE | E_VOID | E_SPECIAL | E_CLOSES_P)                                                \
    X(html, E_LINE | E_SPECIAL | E_SCOPE)                                                          \
    X(i, E_FORMAT)                                                                                 \
    X(iframe, E_RAW | E_SPECIAL)                                                                   \
    X(image, E_VOID | E_SPECIAL)                                                                   \
    X(img, E_VOID | E_SPECIAL)                                                                     \
    X(input, E_CELL | E_VOID | E_SPECIAL)                                                          \
    X(keygen, E_VOID | E_SPECIAL)                                                                  \
    X(legend, E_LINE)                                                                              \
    X(li, E_LINE | E_SPECIAL | E_CLOSES_P | E_LIST)                                                \
    X(link, E_VOID | E_SPECIAL)                                                                    \
    X(listing, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                               \
    X(main, E_LINE | E_SPECIAL | E_CLOSES_P)                                                       \
    X(marquee, E_CELL | E_SPECIAL | E_SCOPE)                                                       \
    X(math, 0)                                                                                     \
    X(menu, E_LINE | E_SPECIAL | E_CLOSES_P | E_LIST)                                              \
    X(meta, E_VOID | E_SPECIAL)                                                                    \
    X(nav, E_LINE | E_SPECIAL | E_CLOSES_P)                                                        \
    X(nobr, E_FORMAT)                                                                              \
    X(noembed, E_RAW | E_SPECIAL)                                                                  \
    X(noframes, E_RAW | E_SPECIAL)                                                                 \
    X(noscript, E_SPECIAL)                                                                         \
    X(object, E_SPECIAL | E_SCOPE)                                                                 \
    X(ol, E_LINE | E_SPECIAL | E_CLOSES_P | E_LIST)                                                \
    X(optgroup, E_LINE)                                                                            \
    X(option, E_LINE)                                                                              \
    X(p, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                                     \
    X(param, E_VOID | E_SPECIAL)                                                                   \
    X(plaintext, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                             \
    X(pre, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)                                                   \
    X(rp, E_UNSEEN)                                                                                \
    X(s, E_FORMAT)                                                                                 \
    X(script, E_RAW | E_SPECIAL)                                                                   \
    X(section, E_LINE | E_SPECIAL | E_CLOSES_P)                                                    \
    X(select, E_CELL | E_SPECIAL)                                                                  \
    X(small, E_FORMAT)                                                                             \
    X(source, E_VOID | E_SPECIAL)                                                                  \
    X(strike, E_FORMAT)                                                                            \
    X(strong, E_FORMAT)                                                                            \
    X(style, E_RAW | E_SPECIAL)                                                                    \
    X(summary, E_LINE | E_SPECIAL | E_CLOSES_P)                                                    \
    X(svg, 0)                                                                                      \
    X(table, E_LINE | E_SPECIAL | E_SCOPE | E_TABLE)                                               \
    X(tbody, E_LINE | E_SPECIAL | E_TABLE)                                                         \
    X(td, E_CELL | E_SPECIAL | E_SCOPE | E_TABLE)                                                  \
    X(template, E_UNSEEN | E_SPECIAL | E_SCOPE)                                                    \
    X(textarea, E_LINE | E_SPECIAL)                                                                \
    X(tfoot, E_LINE | E_SPECIAL | E_TABLE)                                                         \
    X(th, E_CELL | E_SPECIAL | E_SCOPE | E_TABLE)                                                  \
    X(thead, E_LINE | E_SPECIAL | E_TABLE)                                                         \
    X(title, E_SPECIAL)                                                                            \
    X(tr, E_LINE | E_SPECIAL | E_TABLE)                                                            \
    X(track, E_VOID | E_SPECIAL)                                                                   \
    X(tt, E_FORMAT)                                                                                \
    X(u, E_FORMAT)                                                                                 \
    X(ul, E_LINE | E_SPECIAL | E_CLOSES_P | E_LIST)                                                \
    X(wbr, E_VOID | E_SPECIAL)                                                                     \
    X(xmp, E_PARAGRAPH | E_SPECIAL | E_CLOSES_P)

enum element {
#define X(name, traits) ELEMENT_##name,
    ELEMENTS(X)
#undef X
        ELEMENT_UNKNOWN, /* from here on: names that are not in the table, by hash */
    ELEMENT_COUNT = ELEMENT_UNKNOWN + 32
};

/* Attributes that are kept. */
#define ATTRIBUTES(X)                                                                              \
    X(action)                                                                                      \
    X(alt)                                                                                         \
    X(background)                                                                                  \
    X(bgcolor)                                                                                     \
    X(class)                                                                                       \
    X(color)                                                                                       \
    X(dir)                                                                                         \
    X(hidden)                                                                                      \
    X(href)                                                                                        \
    X(id)                                                                                          \
    X(size)                                                                                        \
    X(src)                                                                                         \
    X(style)                                                                                       \
    X(text)                                                                                        \
    X(title)                                                                                       \
    X(type)                                                                                        \
    X(value)

enum attribute {
#define X(name) ATTRIBUTE_##name,
    ATTRIBUTES(X)
#undef X
        ATTRIBUTE_COUNT
};

struct tag {
    uint8_t element; /* enum element */
    bool closing;    /* </x> */
    bool self_closing;
    bool broken;                        /* the text ended inside it */
    uint32_t has;                       /* bit per enum attribute */
    struct view value[ATTRIBUTE_COUNT]; /* set where has says so; references not undone */
};

/*
 * Reads the tag at html.p[at] ('<' and a letter, or "</" and a letter follow). Returns where it
 * ends, past the '>'. The first of several attributes of the same name counts (HTML 13.2.5.33).
 */
size_t tag_read(struct view html, size_t at, struct tag *out);

/* The value of an attribute of any name in a tag as written; false when it has none. */
bool tag_attribute(struct view tag, struct view name, struct view *value);

extern const uint16_t element_traits_table[ELEMENT_COUNT];

/* enum element_trait bits. */
static inline unsigned element_traits(uint8_t element)
{
    return element_traits_table[element];
}

/* The element of that name (any case), or one of the unknown ones. */
uint8_t element_find(const char *name, size_t n);
const char *element_name(uint8_t element);

#endif
