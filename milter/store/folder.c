/* The folder for its owner: listing, reading, removing. */
#include "store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void record_name(const char *id, char out[RECORD_NAME_BYTES])
{
    (void)snprintf(out, RECORD_NAME_BYTES, "%s%s", id, RECORD_SUFFIX);
}

bool record_name_id(const char *name, char out[RECORD_ID_BYTES])
{
    struct view v = view_of(name), suffix = VIEW(RECORD_SUFFIX);
    if (v.n <= suffix.n || v.n - suffix.n >= RECORD_ID_BYTES || !view_ends_nocase(v, suffix))
        return false;
    (void)snprintf(out, RECORD_ID_BYTES, "%.*s", (int)(v.n - suffix.n), name);
    return record_id_good(out);
}

int folder_walk(int fd,
                bool (*each)(int fd, const char *name, const struct stat *st, void *context),
                void *context)
{
    /* Of its own: the position in a folder belongs to the open file. */
    int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = own >= 0 ? fdopendir(own) : NULL;
    if (dir == NULL) {
        int error = errno;
        if (own >= 0)
            (void)close(own);
        errno = error;
        return -1;
    }
    bool more = true;
    while (more) {
        errno = 0;
        const struct dirent *d = readdir(dir);
        struct stat st;
        if (d == NULL)
            break;
        if (fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
            more = each(fd, d->d_name, &st, context);
    }
    int error = errno;
    (void)closedir(dir);
    errno = error;
    return more && error != 0 ? -1 : 0;
}

struct listing {
    struct store_entries *out;
    size_t cap;
    bool no_memory;
};

static bool list_one(int fd, const char *name, const struct stat *st, void *context)
{
    (void)fd;
    struct listing *l = context;
    struct store_entry e = {.bytes = (uint64_t)st->st_size};
    if (!record_name_id(name, e.id))
        return true;
    if (l->out->n == l->cap) {
        size_t cap = l->cap > 0 ? l->cap * 2 : 64;
        struct store_entry *v = reallocarray(l->out->v, cap, sizeof *v);
        l->no_memory = v == NULL;
        if (v == NULL)
            return false;
        l->out->v = v;
        l->cap = cap;
    }
    l->out->v[l->out->n++] = e;
    l->out->bytes += e.bytes;
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct store_entry *x = a, *y = b;
    return strcmp(x->id, y->id);
}

enum status store_list(const char *directory, struct store_entries *out)
{
    *out = (struct store_entries){.v = NULL};
    struct listing l = {.out = out};
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return STATUS_IO;
    int walked = folder_walk(fd, list_one, &l), error = errno;
    (void)close(fd);
    errno = error;
    if (walked != 0 || l.no_memory) {
        store_entries_fini(out);
        errno = error;
        return l.no_memory ? STATUS_NO_MEMORY : STATUS_IO;
    }
    if (out->n > 0)
        qsort(out->v, out->n, sizeof *out->v, compare);
    return STATUS_OK;
}

void store_entries_fini(struct store_entries *e)
{
    free(e->v);
    *e = (struct store_entries){.v = NULL};
}

static int open_in(const char *directory, const char *name, int flags)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int file = openat(fd, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), error = errno;
    (void)close(fd);
    errno = error;
    return file;
}

enum status store_read(const char *directory, const char *id, struct buf *out)
{
    enum { PIECE = 65536 };
    char name[RECORD_NAME_BYTES];
    if (!record_id_good(id)) {
        errno = ENOENT;
        return STATUS_IO;
    }
    record_name(id, name);
    int fd = open_in(directory, name, O_RDONLY);
    if (fd < 0)
        return STATUS_IO;
    enum status status = STATUS_OK;
    for (ssize_t n = 1; status == STATUS_OK && n != 0;) {
        status = buf_reserve(out, PIECE);
        n = status == STATUS_OK ? read(fd, out->p + out->n, PIECE) : 0;
        if (n > 0)
            out->n += (size_t)n;
        else if (n < 0 && errno != EINTR)
            status = STATUS_IO;
    }
    int error = errno;
    (void)close(fd);
    errno = error;
    return status;
}

enum status store_remove(const char *directory, const char *id)
{
    char name[RECORD_NAME_BYTES];
    if (!record_id_good(id)) {
        errno = ENOENT;
        return STATUS_IO;
    }
    record_name(id, name);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return STATUS_IO;
    bool good = unlinkat(fd, name, 0) == 0;
    int error = errno;
    (void)close(fd);
    errno = error;
    return good ? STATUS_OK : STATUS_IO;
}

size_t store_plan_purge(struct store_entries *e, int64_t seconds, size_t days, uint64_t quota)
{
    char oldest[STAMP_BYTES] = "";
    uint64_t rest = e->bytes;
    size_t n = 0;
    if (days < 1000000)
        stamp_of(seconds - (int64_t)days * 86400, oldest);
    for (size_t i = 0; i < e->n; i++) {
        struct store_entry *one = &e->v[i];
        one->purge = strncmp(one->id, oldest, STAMP_BYTES - 1) < 0 || rest > quota;
        if (one->purge) {
            rest -= one->bytes;
            n++;
        }
    }
    return n;
}
