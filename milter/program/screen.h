/*
 * Text for people on a terminal. What comes out of a mail or a path is never written raw: escape
 * sequences in a subject could rewrite the screen or type for the reader.
 */
#ifndef PROGRAM_SCREEN_H
#define PROGRAM_SCREEN_H

#include <stdio.h>

#include "base/base.h"

enum ink { INK_PLAIN, INK_BOLD, INK_DIM, INK_RED, INK_GREEN, INK_YELLOW, INK_CYAN };

struct screen {
    bool colour;
};

/* Colour when stream is a terminal that can, unless NO_COLOR is set (no-color.org). */
struct screen screen_of(FILE *stream);
/* "" without colour. INK_PLAIN ends any other. */
const char *screen_ink(const struct screen *s, enum ink ink);

/*
 * Adds v with control, invisible-direction and invalid characters as \xNN or \u{NNNN}. In quotes
 * (one_line false: paths) a line break is \n; else any white space becomes one space. Cut with
 * "..." after max bytes of v, between characters.
 */
enum status screen_add_path(struct buf *out, const char *path);
enum status screen_add_quote(struct buf *out, struct view v, size_t max);

/* "extortctl: path: text" on stderr, for errors and notes; path may be NULL. */
void screen_complain(const char *path, const char *text);

#endif
