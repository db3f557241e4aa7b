/*
 * Reload when files change: looks at them every few seconds. Asking is portable, costs a hundred
 * stat() calls, and sees what inotify does not (network file systems, a folder that is replaced).
 */
#include <string.h>
#include <sys/stat.h>

#include "program/daemon.h"
#include "program/walk.h"

enum { FILES_MAX = 20000 };

static void mix(uint64_t *print, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        *print = (*print ^ p[i]) * 0x100000001b3u; /* FNV-1a; NOLINT: all facts are set */
}

/* What changes when a file is written, replaced, made or removed. */
static void mix_file(uint64_t *print, const char *path)
{
    struct stat st;
    mix(print, path, strlen(path) + 1);
    if (stat(path, &st) != 0)
        return;
    const uint64_t facts[] = {(uint64_t)st.st_mtim.tv_sec, (uint64_t)st.st_mtim.tv_nsec,
                              (uint64_t)st.st_ctim.tv_sec, (uint64_t)st.st_ctim.tv_nsec,
                              (uint64_t)st.st_size,        (uint64_t)st.st_ino};
    mix(print, facts, sizeof facts);
}

static void mix_path(uint64_t *print, const char *path)
{
    struct stat st;
    mix_file(print, path);
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return;
    struct walk *w = walk_new();
    const char *file, *text;
    enum walk_step step = w != NULL && walk_begin(w, path) ? WALK_FILE : WALK_NO_MEMORY;
    for (int i = 0; i < FILES_MAX && step != WALK_NO_MEMORY && step != WALK_END; i++)
        if ((step = walk_next(w, &file, &text)) == WALK_FILE)
            mix_file(print, file);
    walk_free(&w);
}

static void mix_list(uint64_t *print, const struct string_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        mix_path(print, l->v[i]);
}

uint64_t daemon_files_print(const char *config, const struct policy *policy)
{
    const struct settings *s = policy_settings(policy);
    uint64_t print = 0xcbf29ce484222325u;
    mix_path(&print, config);
    mix_list(&print, &s->rule_paths);
    if (s->rule_paths.n == 0)
        mix_path(&print, RULES_DIR);
    mix_path(&print, s->notice.data[0] != '\0' ? s->notice.data : NOTICES_DIR);
    mix_list(&print, &s->notice.contacts);
    mix_list(&print, &s->notice.texts);
    return print;
}

bool daemon_reload_due(struct engine *e, void *start)
{
    struct daemon_start *d = start;
    struct policy *policy = engine_policy(e);
    bool due = false;
    if (policy_settings(policy)->auto_reload) {
        uint64_t now = daemon_files_print(d->config, policy);
        /* Whoever writes several files, or a long one, is let finish. */
        due = now != d->files_loaded && now == d->files_seen;
        d->files_seen = now;
    } else {
        d->files_seen = d->files_loaded;
    }
    policy_unref(&policy);
    return due;
}
