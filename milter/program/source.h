/*
 * Messages out of the paths that a person gave: files, "-" (standard input), directories at any
 * depth, Maildirs (cur and new; sub-folders whose names begin with a dot), mboxes anywhere. Always
 * in the same order: paths as given, directories sorted by bytes.
 *
 * Inside directories only regular files are read; a symbolic link to a file is followed, one to a
 * directory is not (as in grep -r), and neither are devices, sockets and FIFOs: each gives a note,
 * so that nothing is left out silently. Paths that were given themselves may be any of these but
 * sockets. Nothing here stops at an error: it is one more thing that source_next tells.
 */
#ifndef PROGRAM_SOURCE_H
#define PROGRAM_SOURCE_H

#include "program/mailbox.h"

struct source;

enum source_step {
    SOURCE_LETTER,  /* one message */
    SOURCE_NOTE,    /* something was passed over; not an error */
    SOURCE_MISSING, /* could not be opened: does not exist, no permission, a broken link */
    SOURCE_IO,      /* was opened, but could not be read */
    SOURCE_NO_MEMORY,
    SOURCE_END,
};

struct source_event {
    const char *path;     /* foreign; until the next call */
    struct letter letter; /* SOURCE_LETTER: the caller owns letter.bytes */
    const char *text;     /* the others: what happened, for people; static or until the next call */
};

/* paths are borrowed. max: bytes kept of each message. NULL when memory is out. */
struct source *source_new(const char *const *paths, size_t n_paths, size_t max);
void source_free(struct source **s);
enum source_step source_next(struct source *s, struct source_event *event);
/*
 * Files finished, and the part of the one being read that is done, for progress. To know how many
 * there are in all, source_count walks the same paths without opening a file.
 */
double source_done(const struct source *s);
uint64_t source_count(const char *const *paths, size_t n_paths);

#endif
