/* extortctl evidence export: a folder or a zip with everything that the police or others take. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>

#include <zip.h>

#include "export/export.h"
#include "program/evidence.h"
#include "program/files.h"
#include "program/packs.h"
#include "program/screen.h"

enum { PATH_BYTES = 4096, FORM_BYTES_MAX = 1 << 30 };

/* Where the files of an export go. */
struct target {
    const char *path;
    zip_t *zip;      /* or NULL: path is a folder */
    time_t time;     /* of the record being written */
    struct buf sums; /* "<sha-256>  <name>" for each of its files */
};

static int zip_trouble(const struct target *t, zip_error_t *error)
{
    screen_complain(t->path, zip_error_strerror(error));
    int code = zip_error_code_zip(error) == ZIP_ER_EXISTS ? EX_CANTCREAT : EX_IOERR;
    zip_error_fini(error);
    return code;
}

static int target_open(struct target *t, const char *path)
{
    struct view name = view_of(path);
    *t = (struct target){.path = path};
    buf_init(&t->sums, 1 << 20);
    if (!view_ends_nocase(name, VIEW(".zip"))) {
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return evidence_trouble(path, STATUS_IO);
        return 0;
    }
    int number = 0;
    t->zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &number);
    if (t->zip != NULL)
        return 0;
    zip_error_t error;
    zip_error_init_with_code(&error, number);
    return zip_trouble(t, &error);
}

/* A zip is written only now, and only when all is well. */
static int target_close(struct target *t, int code)
{
    buf_fini(&t->sums);
    if (t->zip == NULL)
        return code;
    if (code != 0) {
        zip_discard(t->zip);
        return code;
    }
    if (zip_close(t->zip) == 0)
        return 0;
    zip_error_t error = *zip_get_error(t->zip);
    screen_complain(t->path, zip_error_strerror(&error));
    zip_discard(t->zip);
    return EX_IOERR;
}

static int add_to_zip(struct target *t, const char *name, struct view bytes)
{
    void *copy = malloc(bytes.n > 0 ? bytes.n : 1);
    if (copy == NULL)
        return evidence_trouble(NULL, STATUS_NO_MEMORY);
    if (bytes.n > 0)
        memcpy(copy, bytes.p, bytes.n);
    zip_source_t *source = zip_source_buffer(t->zip, copy, bytes.n, 1);
    if (source == NULL) {
        free(copy);
        return evidence_trouble(NULL, STATUS_NO_MEMORY);
    }
    zip_int64_t at =
        zip_file_add(t->zip, name, source, ZIP_FL_ENC_UTF_8); /* NOLINT: the source owns the copy */
    if (at < 0) {
        zip_source_free(source);
        screen_complain(t->path, zip_strerror(t->zip));
        return EX_IOERR;
    }
    (void)zip_file_set_mtime(t->zip, (zip_uint64_t)at, t->time, 0);
    (void)zip_file_set_external_attributes(t->zip, (zip_uint64_t)at, 0, ZIP_OPSYS_UNIX,
                                           (zip_uint32_t)(S_IFREG | 0600) << 16);
    return 0;
}

static int add(struct target *t, const char *id, const char *name, struct view bytes)
{
    char path[PATH_BYTES], digest[STORE_DIGEST_BYTES];
    store_digest(bytes, digest);
    if (buf_addf(&t->sums, "%s  %s\n", digest, name) != STATUS_OK)
        return evidence_trouble(NULL, STATUS_NO_MEMORY);
    int n = snprintf(path, sizeof path, "%s%s%s/%s", t->zip == NULL ? t->path : "",
                     t->zip == NULL ? "/" : "", id, name);
    if (n < 0 || (size_t)n >= sizeof path) {
        errno = ENAMETOOLONG;
        return evidence_trouble(t->path, STATUS_IO);
    }
    if (t->zip != NULL)
        return add_to_zip(t, path, bytes);
    enum status status = file_make(path, bytes);
    return status == STATUS_OK ? 0 : evidence_trouble(path, status);
}

static int folder_make(const struct target *t, const char *id)
{
    char path[PATH_BYTES];
    if (t->zip != NULL)
        return 0;
    int n = snprintf(path, sizeof path, "%s/%s", t->path, id);
    errno = ENAMETOOLONG;
    if (n < 0 || (size_t)n >= sizeof path || mkdir(path, 0700) != 0)
        return evidence_trouble(path, STATUS_IO);
    return 0;
}

/* The reader's language: as asked for, else as notices are written, else that of the letter. */
static int words_load(const struct evidence_wishes *w, const struct export_case *c,
                      struct report_words **out)
{
    const struct settings *s = w->policy != NULL ? policy_settings(w->policy) : NULL;
    struct view language = w->language != NULL ? view_of(w->language)
                           : s != NULL && s->notice.languages.n > 0
                               ? view_of(s->notice.languages.v[0])
                               : export_case_language(c);
    const char *data = w->data != NULL                          ? w->data
                       : s != NULL && s->notice.data[0] != '\0' ? s->notice.data
                                                                : NOTICE_FOLDER;
    char folder[PATH_BYTES];
    struct diags diags;
    (void)snprintf(folder, sizeof folder, "%s%s", data, NOTICE_REPORTS);
    diags_init(&diags);
    enum status status = report_words_load(folder, language, &diags, out);
    packs_print_diags(&diags);
    diags_fini(&diags);
    if (status == STATUS_OK && w->language != NULL &&
        !view_starts_nocase(language, view_of(report_words_language(*out))))
        (void)fprintf(stderr,
                      "extortctl: evidence: there are no reports in \"%s\": it is in English\n",
                      w->language);
    return status == STATUS_OK          ? 0
           : status == STATUS_NO_MEMORY ? evidence_trouble(NULL, status)
           : status == STATUS_IO        ? EX_NOINPUT
                                        : EX_CONFIG;
}

static int write_forms(const struct evidence_wishes *w, struct target *t, const char *id,
                       const struct export_case *c, const struct record *r)
{
    struct report_words *words = NULL;
    int code = words_load(w, c, &words);
    if (code == 0)
        code = folder_make(t, id);
    if (code == 0)
        code = add(t, id, EXPORT_MESSAGE, r->message);
    for (const struct export_form *f = export_forms; f->name != NULL && code == 0; f++) {
        struct buf out;
        buf_init(&out, FORM_BYTES_MAX);
        enum status status = f->write(c, words, &out);
        code = status == STATUS_OK ? add(t, id, f->name, buf_view(&out))
                                   : evidence_trouble(f->name, status);
        buf_fini(&out);
    }
    if (code == 0) {
        struct buf sums = t->sums;
        buf_init(&t->sums, 1 << 20);
        code = add(t, id, "SHA256SUMS", buf_view(&sums));
        buf_fini(&sums);
        buf_clear(&t->sums);
    }
    report_words_free(&words);
    return code;
}

static int export_one(const struct evidence_wishes *w, struct target *t, const char *id)
{
    struct buf file;
    struct record r;
    enum record_state state = RECORD_CHANGED;
    int code = evidence_open(w, id, &file, &r, &state);
    if (code == 0 && state != RECORD_GOOD)
        code = evidence_unopened(id, &r, state);
    if (code == 0) {
        struct export_case *c = NULL;
        enum status status = export_case_new(r.json, r.message, &c);
        if (status == STATUS_OK) {
            t->time = (time_t)export_case_time(c);
            code = write_forms(w, t, id, c, &r);
        } else {
            code = evidence_trouble(id, status);
        }
        export_case_free(&c);
    }
    record_fini(&r);
    buf_fini(&file);
    return code;
}

int evidence_export(const struct evidence_wishes *w)
{
    struct store_entries entries;
    struct target t;
    if ((w->n_ids > 0) == w->all)
        return verb_misused(w->verb, "export wants IDs, or --all");
    int code = evidence_select(w, &entries);
    if (code != 0)
        return code;
    /* What leaves here is somebody's mail. */
    mode_t mask = umask(077);
    code = target_open(&t, w->output != NULL ? w->output : ".");
    size_t n = 0;
    if (code == 0) {
        for (; n < entries.n && code == 0; n++)
            code = export_one(w, &t, entries.v[n].id);
        code = target_close(&t, code);
    }
    (void)umask(mask);
    if (code == 0)
        (void)printf("%zu record%s: %s\n", n, n == 1 ? "" : "s",
                     w->output != NULL ? w->output
                     : entries.n == 1  ? entries.v[0].id
                                       : ".");
    store_entries_fini(&entries);
    return code;
}
