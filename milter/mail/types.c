#include "mail/types.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 4, PATH_LENGTH_MAX = 4096, LOCAL_MAX = 4096 };

struct types {
    size_t n;
    void *data[FILES_MAX]; /* own; mapped */
    size_t size[FILES_MAX];
};

static bool map(struct types *t, const char *path)
{
    struct stat st;
    int fd = t->n < FILES_MAX ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return false;
    void *p = MAP_FAILED;
    /* libmagic turns the bytes round in place where the machine's order is the other one. */
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
        p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    (void)close(fd);
    if (p == MAP_FAILED)
        return false;
    t->data[t->n] = p;
    t->size[t->n++] = (size_t)st.st_size;
    return true;
}

/* Debian's /etc/magic has comments only. What cannot be read is not there for libmagic either. */
static bool says_nothing(const char *path)
{
    char text[LOCAL_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return true;
    ssize_t n = read(fd, text, sizeof text);
    (void)close(fd);
    if (n < 0 || n == (ssize_t)sizeof text)
        return false;
    for (struct view rest = {text, (size_t)n}; rest.n > 0;) {
        size_t end = view_find_byte(rest, '\n');
        struct view line = view_trim(view_sub(rest, 0, end));
        if (line.n > 0 && line.p[0] != '#')
            return false;
        rest = view_sub(rest, end + 1, rest.n);
    }
    return true;
}

static bool add(struct types *t, struct view name)
{
    char path[PATH_LENGTH_MAX];
    bool compiled = name.n > 4 && view_eq(view_sub(name, name.n - 4, name.n), VIEW(".mgc"));
    if (name.n == 0 || name.n + 5 > sizeof path)
        return name.n == 0;
    (void)snprintf(path, sizeof path, "%.*s%s", VIEW_ARG(name), compiled ? "" : ".mgc");
    if (map(t, path))
        return true;
    path[name.n] = '\0';
    return says_nothing(path);
}

struct types *types_open(void)
{
    const char *path = magic_getpath(NULL, 0);
    struct types *t = path != NULL ? calloc(1, sizeof *t) : NULL;
    if (t == NULL)
        return NULL;
    bool good = true;
    for (struct view rest = view_of(path); good && rest.n > 0;) {
        size_t end = view_find_byte(rest, ':');
        good = add(t, view_sub(rest, 0, end));
        rest = view_sub(rest, end + 1, rest.n);
    }
    if (!good || t->n == 0)
        types_free(&t);
    return t;
}

void types_free(struct types **types)
{
    struct types *t = *types;
    *types = NULL;
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->n; i++)
        (void)munmap(t->data[i], t->size[i]);
    free(t);
}

bool types_load(struct types *types, magic_t cookie)
{
    if (types == NULL)
        return magic_load(cookie, NULL) == 0;
    return magic_load_buffers(cookie, types->data, types->size, types->n) == 0;
}
