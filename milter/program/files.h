/* Whole files that a person names: manifests, earlier results. */
#ifndef PROGRAM_FILES_H
#define PROGRAM_FILES_H

#include "base/base.h"

/* Adds the file's bytes. STATUS_IO: errno tells; STATUS_LIMIT: beyond the buffer's ceiling. */
enum status file_read(const char *path, struct buf *bytes);
/* Makes or replaces a file. STATUS_IO: errno tells. */
enum status file_write(const char *path, struct view bytes);
/* The same, but a file that is there is left alone: STATUS_IO with EEXIST. */
enum status file_make(const char *path, struct view bytes);

#endif
