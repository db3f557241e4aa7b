/*
 * Sendmail's quarantined messages: hf files of its queues. It has a command to release, none to
 * delete; files are removed under the lock that Sendmail itself would take.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "program/files.h"
#include "program/quarantine.h"
#include "program/screen.h"

enum { HF_MAX = 64 << 20, CF_MAX = 16 << 20, QUEUE_PATH_MAX = 1024 };

static int trouble(const char *path)
{
    int error = errno;
    screen_complain(path, strerror(error));
    return error == EACCES || error == EPERM ? EX_NOPERM : error == ENOENT ? EX_NOINPUT : EX_IOERR;
}

static void cf_path(const struct quarantine_wishes *w, char out[QUARANTINE_PATH_MAX])
{
    (void)snprintf(out, QUARANTINE_PATH_MAX, "%s/sendmail.cf",
                   w->config_dir != NULL ? w->config_dir : quarantine_sendmail.config_dir);
}

/* "O QueueDirectory=/var/spool/mqueue", or with a * at its end for several. */
static int queues_find(const struct quarantine_wishes *w, glob_t *found)
{
    char path[QUARANTINE_PATH_MAX], pattern[QUEUE_PATH_MAX] = "/var/spool/mqueue";
    struct buf text;
    struct view line, rest;
    cf_path(w, path);
    buf_init(&text, CF_MAX);
    if (file_read(path, &text) != STATUS_OK) {
        buf_fini(&text);
        return trouble(path);
    }
    rest = buf_view(&text);
    while (view_next_line(&rest, &line)) {
        if (!view_starts_nocase(line, VIEW("O QueueDirectory")))
            continue;
        struct view v = view_trim(view_sub(line, view_find_byte(line, '=') + 1, line.n));
        if (v.n > 0 && v.n < sizeof pattern && v.p[0] == '/')
            (void)snprintf(pattern, sizeof pattern, "%.*s", VIEW_ARG(v));
    }
    buf_fini(&text);
    int code = glob(pattern, GLOB_ERR, NULL, found);
    if (code == 0)
        return 0;
    errno = code == GLOB_NOMATCH ? ENOENT : EACCES;
    return trouble(pattern);
}

/* Queues may keep files of a kind in a folder of its own. */
static const struct {
    const char *hf, *df;
} layouts[] = {{"", ""}, {"/qf", "/df"}};

static void file_path(char out[QUARANTINE_PATH_MAX], const char *queue, const char *folder,
                      const char *kind, const char *id)
{
    (void)snprintf(out, QUARANTINE_PATH_MAX, "%.1024s%s/%s%s", queue, folder, kind, id);
}

static int hf_add(const char *path, const char *id, struct held_list *out)
{
    struct buf text;
    struct stat st;
    buf_init(&text, HF_MAX);
    enum status status = file_read(path, &text);
    /* Released or deleted meanwhile. */
    if (status == STATUS_IO && errno == ENOENT) {
        buf_fini(&text);
        return 0;
    }
    int code = status == STATUS_IO ? trouble(path) : 0;
    if (status == STATUS_OK && text.n > 0) {
        struct held *h = held_add(out, view_of(id));
        status = h != NULL ? held_read_hf(buf_view(&text), h, &out->arena) : STATUS_NO_MEMORY;
        if (status == STATUS_OK && stat(path, &st) == 0)
            h->bytes = (uint64_t)st.st_size;
        if (status == STATUS_INVALID)
            out->n--;
    }
    if (status == STATUS_NO_MEMORY) {
        quarantine_complain(NULL, "out of memory");
        code = EX_OSERR;
    } else if (status != STATUS_OK && code == 0) {
        out->odd++;
    }
    buf_fini(&text);
    return code;
}

static int folder_list(const char *queue, size_t layout, const char *only, struct held_list *out)
{
    char path[QUARANTINE_PATH_MAX];
    int code = 0;
    (void)snprintf(path, sizeof path, "%.1024s%s", queue, layouts[layout].hf);
    DIR *dir = opendir(path);
    if (dir == NULL)
        return layout > 0 && (errno == ENOENT || errno == ENOTDIR) ? 0 : trouble(path);
    for (struct dirent *entry; code == 0 && (entry = readdir(dir)) != NULL;) {
        const char *id = entry->d_name + 2;
        if (strncmp(entry->d_name, "hf", 2) != 0 || out->n >= HELD_MAX ||
            (only != NULL && strcmp(id, only) != 0))
            continue;
        if (!held_id_good(view_of(id))) {
            out->odd++;
            continue;
        }
        uint32_t before = out->n;
        file_path(path, queue, layouts[layout].hf, "hf", id);
        code = hf_add(path, id, out);
        struct stat st;
        file_path(path, queue, layouts[layout].df, "df", id);
        if (out->n > before && stat(path, &st) == 0)
            out->v[before].bytes += (uint64_t)st.st_size;
    }
    (void)closedir(dir);
    return code;
}

static int sendmail_list(const struct quarantine_wishes *w, const char *only, struct held_list *out)
{
    glob_t queues;
    int code = queues_find(w, &queues);
    if (code != 0)
        return code;
    for (size_t q = 0; q < queues.gl_pathc && code == 0; q++)
        for (size_t k = 0; k < sizeof layouts / sizeof layouts[0] && code == 0; k++)
            code = folder_list(queues.gl_pathv[q], k, only, out);
    globfree(&queues);
    return code;
}

/* Where the message lies; EX_NOINPUT, said, when it is gone. */
static int place_find(const struct quarantine_wishes *w, const char *id,
                      char hf[QUARANTINE_PATH_MAX], char df[QUARANTINE_PATH_MAX])
{
    glob_t queues;
    int code = queues_find(w, &queues);
    if (code != 0)
        return code;
    bool found = false;
    for (size_t q = 0; q < queues.gl_pathc && !found; q++)
        for (size_t k = 0; k < sizeof layouts / sizeof layouts[0] && !found; k++) {
            file_path(hf, queues.gl_pathv[q], layouts[k].hf, "hf", id);
            file_path(df, queues.gl_pathv[q], layouts[k].df, "df", id);
            found = access(hf, F_OK) == 0;
        }
    globfree(&queues);
    if (found)
        return 0;
    quarantine_complain(id, "is not there any more");
    return EX_NOINPUT;
}

static int sendmail_show(const struct quarantine_wishes *w, const char *id, struct buf *out)
{
    char hf[QUARANTINE_PATH_MAX], df[QUARANTINE_PATH_MAX];
    int code = place_find(w, id, hf, df);
    if (code != 0)
        return code;
    struct buf text;
    buf_init(&text, HF_MAX);
    if (file_read(hf, &text) != STATUS_OK)
        code = trouble(hf);
    else if (held_hf_header(buf_view(&text), out) != STATUS_OK)
        code = EX_OSERR;
    /* A message without a body has no df file. */
    else if (access(df, F_OK) == 0 && file_read(df, out) != STATUS_OK)
        code = trouble(df);
    buf_fini(&text);
    return code;
}

static int tool(const struct quarantine_wishes *w, const char *const *more)
{
    char cf[QUARANTINE_PATH_MAX], option[QUARANTINE_PATH_MAX + 2];
    const char *argv[QUARANTINE_ARGUMENTS] = {w->sendmail != NULL ? w->sendmail : "sendmail"};
    size_t n = 1;
    if (w->config_dir != NULL) {
        cf_path(w, cf);
        (void)snprintf(option, sizeof option, "-C%s", cf);
        argv[n++] = option;
    }
    for (; *more != NULL && n < QUARANTINE_ARGUMENTS - 1; more++)
        argv[n++] = *more;
    return quarantine_run(w, argv, NULL, NULL);
}

static int sendmail_release(const struct quarantine_wishes *w, const char *id)
{
    char hf[QUARANTINE_PATH_MAX], df[QUARANTINE_PATH_MAX], one[HELD_ID_MAX + 8];
    int code = place_find(w, id, hf, df);
    if (code != 0)
        return code;
    (void)snprintf(one, sizeof one, "-qI%s", id);
    const char *const unhold[] = {"-Q", "-qQ", one, NULL}, *const now[] = {one, NULL};
    code = tool(w, unhold);
    if (code == 0 && access(hf, F_OK) == 0) {
        quarantine_complain(id, "Sendmail did not release it: is it locked?");
        return EX_TEMPFAIL;
    }
    return code == 0 ? tool(w, now) : code;
}

/* Sendmail takes flock(2) or fcntl(2), as it was built; both are asked for. */
static bool lock(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return flock(fd, LOCK_EX | LOCK_NB) == 0 && fcntl(fd, F_SETLK, &whole) == 0;
}

static int sendmail_delete(const struct quarantine_wishes *w, const char *id)
{
    char hf[QUARANTINE_PATH_MAX], df[QUARANTINE_PATH_MAX];
    struct stat open_one, named_one;
    int code = place_find(w, id, hf, df);
    if (code != 0)
        return code;
    int fd = open(hf, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return trouble(hf);
    if (!lock(fd)) {
        quarantine_complain(id, "is locked: Sendmail works on it");
        code = EX_TEMPFAIL;
    } else if (fstat(fd, &open_one) != 0 || lstat(hf, &named_one) != 0 ||
               open_one.st_ino != named_one.st_ino) {
        quarantine_complain(id, "is not there any more");
        code = EX_NOINPUT;
    } else if (unlink(hf) != 0) {
        code = trouble(hf);
    } else if (unlink(df) != 0 && errno != ENOENT) {
        code = trouble(df);
    }
    (void)close(fd);
    return code;
}

const struct quarantine_mta quarantine_sendmail = {.name = "sendmail",
                                                   .config = "sendmail.cf",
                                                   .config_dir = "/etc/mail",
                                                   .list = sendmail_list,
                                                   .show = sendmail_show,
                                                   .release = sendmail_release,
                                                   .delete = sendmail_delete};
