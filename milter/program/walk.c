#include "program/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    PATH_BYTES_MAX = 65536,
    DEPTH_MAX = 256, /* deeper trees are accidents or traps */
};

struct level {
    char **names; /* own; sorted */
    size_t n, next;
    size_t path_n; /* length of the directory's path in walk.path */
    dev_t device;
    ino_t inode;
};

struct walk {
    struct level level[DEPTH_MAX];
    size_t depth;
    struct buf path; /* NUL-terminated */
    char text[256];
    int pending; /* errno of a directory that could not be read, told by the next call; or 0 */
};

struct walk *walk_new(void)
{
    struct walk *w = malloc(sizeof *w);
    if (w != NULL) {
        w->depth = 0;
        w->pending = 0;
        buf_init(&w->path, PATH_BYTES_MAX);
    }
    return w;
}

static void level_fini(struct level *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->names[i]);
    free(l->names);
}

void walk_free(struct walk **w)
{
    if (*w == NULL)
        return;
    while ((*w)->depth > 0)
        level_fini(&(*w)->level[--(*w)->depth]);
    buf_fini(&(*w)->path);
    free(*w);
    *w = NULL;
}

static int by_bytes(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static bool has(const struct level *l, const char *name)
{
    return l->n > 0 && bsearch(&name, l->names, l->n, sizeof *l->names, by_bytes) != NULL;
}

/* Of a Maildir's entries, those that hold delivered mail: cur, new and sub-folders (.Sent). */
static bool maildir_holds(const char *name)
{
    return strcmp(name, "cur") == 0 || strcmp(name, "new") == 0 || name[0] == '.';
}

static void keep_mail_of_maildir(struct level *l)
{
    if (!has(l, "cur") || !has(l, "new") || !has(l, "tmp"))
        return;
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (maildir_holds(l->names[i]))
            l->names[kept++] = l->names[i];
        else
            free(l->names[i]);
    }
    l->n = kept;
}

/* All names of a directory but "." and "..". Returns 0 or an errno. */
static int list(const char *path, struct level *l)
{
    DIR *d = opendir(path);
    if (d == NULL)
        return errno;
    size_t cap = 0;
    int error = 0;
    for (;;) {
        errno = 0;
        const struct dirent *e = readdir(d);
        if (e == NULL) {
            error = errno;
            break;
        }
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (l->n == cap) {
            size_t more = cap == 0 ? 64 : cap * 2;
            char **names = realloc(l->names, more * sizeof *names);
            if (names == NULL) {
                error = ENOMEM;
                break;
            }
            l->names = names;
            cap = more;
        }
        l->names[l->n] = strdup(e->d_name);
        if (l->names[l->n] == NULL) {
            error = ENOMEM;
            break;
        }
        l->n++;
    }
    (void)closedir(d);
    if (l->n > 0)
        qsort(l->names, l->n, sizeof *l->names, by_bytes);
    keep_mail_of_maildir(l);
    return error;
}

static bool end_path(struct walk *w)
{
    if (buf_add_byte(&w->path, '\0') != STATUS_OK)
        return false;
    w->path.n--;
    return true;
}

/* Enters the directory that stands in path. Returns 0 or an errno. */
static int enter(struct walk *w, const struct stat *st)
{
    struct level *l = &w->level[w->depth];
    *l = (struct level){.path_n = w->path.n, .device = st->st_dev, .inode = st->st_ino};
    int error = list(w->path.p, l);
    if (error == ENOMEM || (error != 0 && l->n == 0)) {
        level_fini(l);
        return error;
    }
    w->depth++;
    return error;
}

bool walk_begin(struct walk *w, const char *directory)
{
    buf_clear(&w->path);
    w->pending = 0;
    struct view path = view_of(directory);
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    if (buf_add(&w->path, path) != STATUS_OK || !end_path(w))
        return false;
    struct stat st;
    w->pending = stat(w->path.p, &st) != 0 ? errno : enter(w, &st);
    return true;
}

static bool is_ancestor(const struct walk *w, const struct stat *st)
{
    for (size_t i = 0; i < w->depth; i++) {
        if (w->level[i].device == st->st_dev && w->level[i].inode == st->st_ino)
            return true;
    }
    return false;
}

static enum walk_step missing(struct walk *w, int error, const char **text)
{
    if (error == ENOMEM)
        return WALK_NO_MEMORY;
    /* strerror_r in its two forms is not worth it: only this thread walks. */
    const char *said = strerror(error);
    size_t n = strnlen(said, sizeof w->text - 1);
    memcpy(w->text, said, n);
    w->text[n] = '\0';
    *text = w->text;
    return WALK_MISSING;
}

static const char *what_it_is(mode_t mode)
{
    return S_ISFIFO(mode)                   ? "a FIFO, passed over"
           : S_ISSOCK(mode)                 ? "a socket, passed over"
           : S_ISBLK(mode) || S_ISCHR(mode) ? "a device, passed over"
                                            : "neither a file nor a directory, passed over";
}

/* Looks at the entry that stands in path. WALK_END: it was a directory and has been entered. */
static enum walk_step visit(struct walk *w, const char **text)
{
    struct stat st, target;
    if (lstat(w->path.p, &st) != 0)
        return missing(w, errno, text);
    if (S_ISLNK(st.st_mode)) {
        if (stat(w->path.p, &target) != 0)
            return missing(w, errno, text);
        if (S_ISDIR(target.st_mode)) {
            *text = "a symbolic link to a directory, not followed";
            return WALK_NOTE;
        }
        st = target;
    }
    if (S_ISREG(st.st_mode))
        return WALK_FILE;
    if (!S_ISDIR(st.st_mode)) {
        *text = what_it_is(st.st_mode);
        return WALK_NOTE;
    }
    if (is_ancestor(w, &st) || w->depth == DEPTH_MAX) {
        *text = w->depth == DEPTH_MAX ? "a directory nested too deep, not entered"
                                      : "a directory loop, not entered";
        return WALK_NOTE;
    }
    int error = enter(w, &st);
    return error != 0 ? missing(w, error, text) : WALK_END;
}

enum walk_step walk_next(struct walk *w, const char **path, const char **text)
{
    *path = w->path.p;
    *text = NULL;
    if (w->pending != 0) {
        int error = w->pending;
        w->pending = 0;
        return missing(w, error, text);
    }
    while (w->depth > 0) {
        struct level *l = &w->level[w->depth - 1];
        if (l->next == l->n) {
            level_fini(l);
            w->depth--;
            continue;
        }
        w->path.n = l->path_n;
        struct view name = view_of(l->names[l->next++]);
        bool slash = w->path.n > 0 && w->path.p[w->path.n - 1] == '/';
        if ((!slash && buf_add_byte(&w->path, '/') != STATUS_OK) ||
            buf_add(&w->path, name) != STATUS_OK || !end_path(w)) {
            w->path.p[l->path_n] = '\0';
            *path = w->path.p;
            return missing(w, ENAMETOOLONG, text);
        }
        *path = w->path.p;
        enum walk_step step = visit(w, text);
        if (step != WALK_END)
            return step;
    }
    return WALK_END;
}
