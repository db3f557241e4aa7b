#include "program/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/walk.h"

struct source {
    const char *const *paths; /* foreign */
    size_t n_paths, next_path;
    size_t max;
    struct walk *walk;       /* own */
    struct mailbox *mailbox; /* own; the file being read, or NULL */
    const char *path;        /* of it; foreign or in walk */
    uint64_t size;           /* of it; 0: unknown */
    uint64_t n_done;
    bool walking;
};

struct source *source_new(const char *const *paths, size_t n_paths, size_t max)
{
    struct source *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->paths = paths;
    s->n_paths = n_paths;
    s->max = max;
    s->walk = walk_new();
    if (s->walk == NULL)
        source_free(&s);
    return s;
}

void source_free(struct source **s)
{
    if (*s == NULL)
        return;
    mailbox_free(&(*s)->mailbox);
    walk_free(&(*s)->walk);
    free(*s);
    *s = NULL;
}

double source_done(const struct source *s)
{
    double part = 0;
    if (s->mailbox != NULL && s->size > 0) {
        part = (double)mailbox_position(s->mailbox) / (double)s->size;
        part = part > 1 ? 1 : part;
    }
    return (double)s->n_done + part;
}

uint64_t source_count(const char *const *paths, size_t n_paths)
{
    uint64_t count = 0;
    struct walk *w = walk_new();
    for (size_t i = 0; w != NULL && i < n_paths; i++) {
        struct stat st;
        if (strcmp(paths[i], "-") == 0 || stat(paths[i], &st) != 0 || !S_ISDIR(st.st_mode)) {
            count++;
            continue;
        }
        const char *path, *text;
        enum walk_step step = walk_begin(w, paths[i]) ? WALK_FILE : WALK_END;
        while (step != WALK_END && step != WALK_NO_MEMORY) {
            step = walk_next(w, &path, &text);
            count += step == WALK_FILE;
        }
    }
    walk_free(&w);
    return count;
}

static enum source_step failed(struct source_event *event, enum source_step step, int error)
{
    event->text = error == ENOMEM ? "out of memory" : strerror(error);
    return error == ENOMEM ? SOURCE_NO_MEMORY : step;
}

/*
 * given: the path was named by a person, who may mean a FIFO or a device. Inside a directory the
 * file may have been exchanged since it was looked at, so what was opened is looked at again;
 * O_NONBLOCK keeps a FIFO without a writer from stopping us for ever.
 */
static enum source_step open_file(struct source *s, const char *path, bool given,
                                  struct source_event *event)
{
    bool input = given && strcmp(path, "-") == 0;
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (given ? 0 : O_NONBLOCK);
    int fd = input ? dup(STDIN_FILENO) : open(path, flags);
    struct stat st;
    if (fd < 0)
        return failed(event, SOURCE_MISSING, errno);
    if (fstat(fd, &st) != 0) {
        int error = errno;
        (void)close(fd);
        return failed(event, SOURCE_IO, error);
    }
    if (!given && !S_ISREG(st.st_mode)) {
        (void)close(fd);
        event->text = "no longer a file, passed over";
        return SOURCE_NOTE;
    }
    if (S_ISDIR(st.st_mode)) {
        (void)close(fd);
        return failed(event, SOURCE_IO, EISDIR);
    }
    if (mailbox_new(fd, s->max, &s->mailbox) != STATUS_OK)
        return failed(event, SOURCE_NO_MEMORY, ENOMEM);
    s->path = path;
    s->size = S_ISREG(st.st_mode) && st.st_size > 0 ? (uint64_t)st.st_size : 0;
    return SOURCE_LETTER;
}

static enum source_step read_file(struct source *s, struct source_event *event)
{
    switch (mailbox_next(s->mailbox, &event->letter)) {
    case MAILBOX_LETTER:
        return SOURCE_LETTER;
    case MAILBOX_IO:
        return failed(event, SOURCE_IO, errno);
    case MAILBOX_NO_MEMORY:
        return failed(event, SOURCE_NO_MEMORY, ENOMEM);
    case MAILBOX_END:
        break;
    }
    return SOURCE_END;
}

/* SOURCE_LETTER: a file has been opened. */
static enum source_step next_file(struct source *s, struct source_event *event)
{
    for (;;) {
        if (s->walking) {
            switch (walk_next(s->walk, &event->path, &event->text)) {
            case WALK_FILE:
                return open_file(s, event->path, false, event);
            case WALK_NOTE:
                return SOURCE_NOTE;
            case WALK_MISSING:
                return SOURCE_MISSING;
            case WALK_NO_MEMORY:
                return failed(event, SOURCE_NO_MEMORY, ENOMEM);
            case WALK_END:
                s->walking = false;
            }
        }
        if (s->next_path == s->n_paths)
            return SOURCE_END;
        event->path = s->paths[s->next_path++];
        struct stat st;
        if (strcmp(event->path, "-") == 0 || stat(event->path, &st) != 0 || !S_ISDIR(st.st_mode))
            return open_file(s, event->path, true, event);
        if (!walk_begin(s->walk, event->path))
            return failed(event, SOURCE_MISSING, ENAMETOOLONG);
        s->walking = true;
    }
}

enum source_step source_next(struct source *s, struct source_event *event)
{
    *event = (struct source_event){0};
    for (;;) {
        if (s->mailbox == NULL) {
            enum source_step step = next_file(s, event);
            if (step != SOURCE_LETTER) {
                s->n_done += step == SOURCE_MISSING || step == SOURCE_IO;
                return step;
            }
        }
        event->path = s->path;
        enum source_step step = read_file(s, event);
        if (step == SOURCE_LETTER)
            return step;
        mailbox_free(&s->mailbox);
        s->n_done++;
        if (step != SOURCE_END)
            return step;
    }
}
