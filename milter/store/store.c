/* The folder for the gateway: what it must be like, and how a record gets into it. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/folder.h"

enum {
    SWEEP_SECONDS = 3600,     /* between two looks for what is too old */
    RECOUNT_SECONDS = 60,     /* when the quota seems used up: somebody may have purged */
    TEMPORARY_SECONDS = 3600, /* an unfinished file this old has lost its writer */
};

struct store {
    int fd;
    bool sealed;
    struct store_key key;
    unsigned days;
    uint64_t quota;
    pthread_mutex_t lock; /* for the rest */
    bool swept;
    int64_t swept_at;
    uint64_t used; /* bytes of all files, with those that are being written */
};

static enum status refuse(struct diags *diags, const char *directory, const char *hint,
                          const char *text)
{
    diags_add(diags, DIAG_ERROR, directory, 0, "evidence.directory", hint, "%s", text);
    return STATUS_INVALID;
}

static enum status folder_open(struct store *s, const char *directory, struct diags *diags)
{
    struct stat st;
    s->fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->fd < 0 || fstat(s->fd, &st) != 0) {
        diags_add(diags, DIAG_ERROR, directory, 0, "evidence.directory",
                  errno == ENOENT   ? "make it: install -d -m 700 -o the-daemon's-user"
                  : errno == EACCES ? "chown it to the user of the daemon"
                                    : NULL,
                  "cannot open it: %s", strerror(errno));
        return STATUS_IO;
    }
    if ((st.st_mode & 077) != 0)
        return refuse(diags, directory, "chmod 700",
                      "others than its owner can enter, read or write it");
    uid_t own = geteuid();
    if (own != 0 && st.st_uid != own)
        return refuse(diags, directory, "chown it to the user of the daemon",
                      "belongs to another user");
    if (faccessat(s->fd, ".", W_OK | X_OK, AT_EACCESS) != 0)
        return refuse(diags, directory, NULL,
                      errno == EROFS ? "is on a read-only file system" : "cannot be written");
    return STATUS_OK;
}

enum status store_open(const struct store_wish *wish, struct diags *diags, struct store **out)
{
    *out = NULL;
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL)
        return STATUS_NO_MEMORY;
    s->fd = -1;
    s->days = wish->days;
    s->quota = wish->quota;
    s->sealed = wish->key[0] != '\0';
    if (pthread_mutex_init(&s->lock, NULL) != 0 || sodium_init() < 0) {
        free(s);
        return STATUS_NO_MEMORY;
    }
    enum status keyed =
        s->sealed ? store_key_read(wish->key, STORE_KEY_PUBLIC, diags, &s->key) : STATUS_OK;
    enum status status = folder_open(s, wish->directory, diags);
    if (keyed != STATUS_OK)
        status = keyed;
    if (status != STATUS_OK)
        store_free(&s);
    *out = s;
    return status;
}

void store_free(struct store **s)
{
    if (*s == NULL)
        return;
    if ((*s)->fd >= 0)
        (void)close((*s)->fd);
    (void)pthread_mutex_destroy(&(*s)->lock);
    free(*s);
    *s = NULL;
}

const char *store_key_id(const struct store *s)
{
    return s->sealed ? s->key.id : NULL;
}

/* ---- What is too old, and how much there is ---- */

struct sweep {
    int64_t now;
    char oldest[STAMP_BYTES]; /* "": nothing is too old */
    uint64_t used;
    unsigned expired;
};

static bool sweep_one(int fd, const char *name, const struct stat *st, void *context)
{
    struct sweep *w = context;
    char id[RECORD_ID_BYTES];
    bool record = record_name_id(name, id);
    bool old = record && strncmp(id, w->oldest, STAMP_BYTES - 1) < 0;
    bool orphan = strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) == 0 &&
                  st->st_mtime < w->now - TEMPORARY_SECONDS;
    if ((old || orphan) && unlinkat(fd, name, 0) == 0)
        w->expired += old;
    else
        w->used += (uint64_t)st->st_size;
    return true;
}

/* With the lock held. */
static enum status sweep(struct store *s, int64_t now, struct store_outcome *outcome)
{
    struct sweep w = {.now = now};
    if (s->days > 0)
        stamp_of(now - (int64_t)s->days * 86400, w.oldest);
    if (folder_walk(s->fd, sweep_one, &w) != 0)
        return STATUS_IO;
    s->swept = true;
    s->swept_at = now;
    s->used = w.used;
    outcome->expired = w.expired;
    return STATUS_OK;
}

/* Sets bytes aside for a new file. */
static enum status room_take(struct store *s, uint64_t bytes, int64_t now,
                             struct store_outcome *outcome)
{
    enum status status = STATUS_OK;
    (void)pthread_mutex_lock(&s->lock);
    /* A clock that was set back must not keep us from sweeping. */
    int64_t since = now >= s->swept_at ? now - s->swept_at : INT64_MAX;
    bool full = s->quota > 0 && s->used + bytes > s->quota;
    if (!s->swept || since >= SWEEP_SECONDS || (full && since >= RECOUNT_SECONDS))
        status = sweep(s, now, outcome);
    if (status == STATUS_OK && s->quota > 0 && s->used + bytes > s->quota)
        status = STATUS_LIMIT;
    if (status == STATUS_OK)
        s->used += bytes;
    (void)pthread_mutex_unlock(&s->lock);
    return status;
}

static void room_give(struct store *s, uint64_t bytes)
{
    (void)pthread_mutex_lock(&s->lock);
    s->used -= bytes < s->used ? bytes : s->used;
    (void)pthread_mutex_unlock(&s->lock);
}

/* ---- Writing ---- */

static enum status file_write(struct store *s, const char *temporary, const char *name,
                              struct view json, struct view message)
{
    int fd = openat(s->fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return STATUS_IO;
    enum status status = record_write(fd, s->sealed ? &s->key : NULL, json, message);
    if (status == STATUS_OK && fsync(fd) != 0)
        status = STATUS_IO;
    int error = errno;
    if (close(fd) != 0 && status == STATUS_OK) {
        status = STATUS_IO;
        error = errno;
    }
    if (status == STATUS_OK && renameat(s->fd, temporary, s->fd, name) != 0) {
        status = STATUS_IO;
        error = errno;
    }
    if (status != STATUS_OK) {
        (void)unlinkat(s->fd, temporary, 0);
        errno = error;
        return status;
    }
    return fsync(s->fd) == 0 ? STATUS_OK : STATUS_IO;
}

enum status store_write(struct store *s, const char *id, int64_t seconds, struct view json,
                        struct view message, struct store_outcome *outcome)
{
    *outcome = (struct store_outcome){.expired = 0};
    char name[RECORD_NAME_BYTES], temporary[TEMPORARY_BYTES], hex[17];
    unsigned char random[8];
    uint64_t bytes = record_size(s->sealed, json.n, message.n);
    errno = 0;
    enum status status = room_take(s, bytes, seconds, outcome);
    if (status == STATUS_OK) {
        randombytes_buf(random, sizeof random);
        (void)sodium_bin2hex(hex, sizeof hex, random, sizeof random);
        (void)snprintf(temporary, sizeof temporary, "%s%s", TEMPORARY_PREFIX, hex);
        record_name(id, name);
        status = file_write(s, temporary, name, json, message);
        outcome->error = errno;
        if (status != STATUS_OK)
            room_give(s, bytes);
    } else {
        outcome->error = errno;
    }
    return status;
}
