/* The folder of records, inside store. */
#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H

#include <dirent.h>
#include <sys/stat.h>

#include "store/record.h"

/* A record's file name: its id and RECORD_SUFFIX. */
enum { RECORD_NAME_BYTES = RECORD_ID_BYTES + 16, TEMPORARY_BYTES = 32 };
#define TEMPORARY_PREFIX ".new-"

void record_name(const char *id, char out[RECORD_NAME_BYTES]);
/* The id in a file's name; false when it is no record's. */
bool record_name_id(const char *name, char out[RECORD_ID_BYTES]);
/* Everything in the folder, one after the other; false stops. Returns -1 with errno. */
int folder_walk(int fd,
                bool (*each)(int fd, const char *name, const struct stat *st, void *context),
                void *context);

#endif
