/* The files below one path, in sorted order, without recursion on depth; source.c reads them. */
#ifndef PROGRAM_WALK_H
#define PROGRAM_WALK_H

#include "base/base.h"

struct walk;

enum walk_step { WALK_FILE, WALK_NOTE, WALK_MISSING, WALK_NO_MEMORY, WALK_END };

struct walk *walk_new(void);
void walk_free(struct walk **w);
/* Begins with a directory. False when memory is out. */
bool walk_begin(struct walk *w, const char *directory);
/* *path: until the next call. *text: why a path was passed over or could not be read. */
enum walk_step walk_next(struct walk *w, const char **path, const char **text);

#endif
