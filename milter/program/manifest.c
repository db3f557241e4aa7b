#include "program/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/files.h"

enum {
    MANIFEST_BYTES_MAX = 512 << 20,
    ARENA_BYTES_MAX = 2000 << 20,
    COLUMNS_MAX = 64,
};

static const char *const label_names[LABEL_COUNT + 1] = {"extortion", "ham", "hardneg", "spam"};

const char *label_name(enum label label)
{
    return label < LABEL_COUNT ? label_names[label] : "unknown";
}

enum label label_find(struct view name)
{
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        if (view_eq(name, view_of(label_names[i])))
            return (enum label)i;
    }
    return LABEL_COUNT;
}

void manifest_init(struct manifest *m)
{
    *m = (struct manifest){0};
    arena_init(&m->arena, ARENA_BYTES_MAX);
}

void manifest_fini(struct manifest *m)
{
    arena_fini(&m->arena);
    manifest_init(m);
}

static struct sample *append(struct manifest *m)
{
    if (m->n == m->cap) {
        uint32_t want = m->n < 1024 ? 1024 : m->n + m->n / 2;
        struct sample *v = arena_grow(&m->arena, m->v, &m->cap, want, sizeof *v);
        if (v == NULL)
            return NULL;
        m->v = v;
    }
    m->v[m->n] = (struct sample){
        .class_id = "", .language = "", .cluster = "", .complete = "", .tags = "", .manifest = ""};
    return &m->v[m->n];
}

bool manifest_add(struct manifest *m, const char *path, enum label label)
{
    struct sample *s = append(m);
    if (s == NULL)
        return false;
    s->label = label;
    s->path = s->file = arena_string(&m->arena, view_of(path));
    m->n += s->path != NULL;
    return s->path != NULL;
}

/* Columns */

enum column {
    COLUMN_PATH,
    COLUMN_LABEL,
    COLUMN_CLASS,
    COLUMN_LANGUAGE,
    COLUMN_CLUSTER,
    COLUMN_COMPLETE,
    COLUMN_TAGS,
    COLUMN_COUNT
};

static const struct {
    const char *name;
    enum column column;
} column_names[] = {
    {"path", COLUMN_PATH},         {"label", COLUMN_LABEL},      {"class", COLUMN_CLASS},
    {"language", COLUMN_LANGUAGE}, {"cluster", COLUMN_CLUSTER},  {"complete", COLUMN_COMPLETE},
    {"tags", COLUMN_TAGS},         {"obfuscation", COLUMN_TAGS}, {"disguise", COLUMN_TAGS},
};

struct reading {
    struct manifest *m;
    struct diags *diags;
    const char *path;
    struct view folder; /* of path, with its last slash; may be empty */
    unsigned line;
    unsigned n_columns;
    unsigned at[COLUMN_COUNT]; /* which field, plus one; 0: not there */
};

static unsigned split_tabs(struct view line, struct view *field)
{
    unsigned n = 0;
    while (n < COLUMNS_MAX) {
        size_t tab = view_find_byte(line, '\t');
        field[n++] = view_trim(view_sub(line, 0, tab));
        if (tab == line.n)
            break;
        line = view_sub(line, tab + 1, line.n);
    }
    return n;
}

static bool read_header(struct reading *r, struct view line)
{
    struct view field[COLUMNS_MAX];
    if (line.n >= 3 && memcmp(line.p, "\xEF\xBB\xBF", 3) == 0)
        line = view_sub(line, 3, line.n);
    r->n_columns = split_tabs(line, field);
    for (unsigned i = 0; i < r->n_columns; i++) {
        for (size_t k = 0; k < sizeof column_names / sizeof column_names[0]; k++) {
            unsigned *at = &r->at[column_names[k].column];
            if (*at == 0 && view_eq_nocase(field[i], view_of(column_names[k].name)))
                *at = i + 1;
        }
    }
    for (unsigned c = COLUMN_PATH; c <= COLUMN_LABEL; c++) {
        if (r->at[c] == 0)
            diags_add(r->diags, DIAG_ERROR, r->path, r->line, NULL,
                      "the first line names the columns, separated by tabs: path, label, class, "
                      "language, cluster, complete, tags",
                      "no column \"%s\"", column_names[c].name);
    }
    return r->at[COLUMN_PATH] != 0 && r->at[COLUMN_LABEL] != 0;
}

static struct view pick(const struct reading *r, const struct view *field, enum column c)
{
    return r->at[c] != 0 ? field[r->at[c] - 1] : VIEW("");
}

static bool keep(struct reading *r, const char **to, struct view v)
{
    if (v.n == 0)
        return true;
    *to = arena_string(&r->m->arena, v);
    return *to != NULL;
}

/* The path as it is opened: relative ones start at the manifest's folder. */
static char *resolve(struct reading *r, struct view path)
{
    if (path.p[0] == '/')
        return arena_string(&r->m->arena, path);
    /* "-" would be standard input. */
    struct view folder = r->folder.n == 0 && path.p[0] == '-' ? VIEW("./") : r->folder;
    char *file = arena_alloc(&r->m->arena, folder.n + path.n + 1);
    if (file != NULL) {
        if (folder.n > 0)
            memcpy(file, folder.p, folder.n);
        memcpy(file + folder.n, path.p, path.n);
        file[folder.n + path.n] = '\0';
    }
    return file;
}

static void unknown_label(struct reading *r, struct view label)
{
    char word[64] = "";
    if (label.n < sizeof word && label.n > 0)
        memcpy(word, label.p, label.n);
    const char *nearest = diags_nearest(word, label_names);
    char hint[128];
    (void)snprintf(hint, sizeof hint, "extortion, ham, hardneg or spam%s%s%s",
                   nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                   nearest != NULL ? "\"?" : "");
    diags_add(r->diags, DIAG_ERROR, r->path, r->line, NULL, hint, "unknown label \"%s\"", word);
}

/* False: no memory. */
static bool read_row(struct reading *r, struct view line)
{
    struct view field[COLUMNS_MAX];
    unsigned n = split_tabs(line, field);
    if (n != r->n_columns || view_find_byte(line, '\0') < line.n) {
        diags_add(r->diags, DIAG_ERROR, r->path, r->line, NULL, NULL,
                  n != r->n_columns ? "a broken line: %u columns, the first line names %u"
                                    : "a broken line: a NUL byte (%u columns of %u)",
                  n, r->n_columns);
        return true;
    }
    struct view path = pick(r, field, COLUMN_PATH), label = pick(r, field, COLUMN_LABEL);
    if (path.n == 0) {
        diags_add(r->diags, DIAG_ERROR, r->path, r->line, NULL, NULL, "a broken line: no path");
        return true;
    }
    enum label known = label_find(label);
    if (known == LABEL_COUNT) {
        unknown_label(r, label);
        return true;
    }
    struct sample *s = append(r->m);
    if (s == NULL)
        return false;
    s->label = known;
    s->line = r->line;
    s->manifest = r->path;
    s->path = arena_string(&r->m->arena, path);
    s->file = resolve(r, path);
    struct view class_id = pick(r, field, COLUMN_CLASS);
    bool all = s->path != NULL && s->file != NULL &&
               keep(r, &s->class_id, view_eq(class_id, VIEW("none")) ? VIEW("") : class_id) &&
               keep(r, &s->language, pick(r, field, COLUMN_LANGUAGE)) &&
               keep(r, &s->cluster, pick(r, field, COLUMN_CLUSTER)) &&
               keep(r, &s->complete, pick(r, field, COLUMN_COMPLETE)) &&
               keep(r, &s->tags, pick(r, field, COLUMN_TAGS));
    r->m->n += all;
    return all;
}

enum status manifest_read(struct manifest *m, const char *path, struct diags *diags)
{
    struct buf text;
    buf_init(&text, MANIFEST_BYTES_MAX);
    enum status status = file_read(path, &text);
    struct reading r = {.m = m, .diags = diags};
    if (status == STATUS_OK) {
        r.path = arena_string(&m->arena, view_of(path));
        status = r.path != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        const char *slash = strrchr(r.path, '/');
        r.folder = (struct view){r.path, slash != NULL ? (size_t)(slash - r.path) + 1 : 0};
        struct view rest = buf_view(&text), line;
        bool header = false, usable = true;
        while (status == STATUS_OK && usable && view_next_line(&rest, &line)) {
            r.line++;
            if (view_trim(line).n == 0)
                continue;
            if (!header)
                usable = header = read_header(&r, line);
            else if (!read_row(&r, line))
                status = STATUS_NO_MEMORY;
        }
        if (status == STATUS_OK && r.line == 0)
            diags_add(diags, DIAG_ERROR, path, 0, NULL, NULL, "the manifest is empty");
    }
    int error = errno;
    buf_fini(&text);
    errno = error;
    return status;
}

/* Duplicates */

struct place {
    const struct sample *sample;
    uint32_t index;
};

static int by_file(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = strcmp(x->sample->file, y->sample->file);
    return order != 0 ? order : x->index < y->index ? -1 : x->index > y->index;
}

bool manifest_unique(struct manifest *m, struct diags *diags)
{
    if (m->n < 2)
        return true;
    struct place *sorted = calloc(m->n, sizeof *sorted);
    bool *drop = calloc(m->n, sizeof *drop);
    if (sorted != NULL && drop != NULL) {
        for (uint32_t i = 0; i < m->n; i++)
            sorted[i] = (struct place){&m->v[i], i};
        qsort(sorted, m->n, sizeof *sorted, by_file);
        for (uint32_t i = 1, first = 0; i < m->n; i++) {
            if (strcmp(sorted[i].sample->file, sorted[first].sample->file) != 0)
                first = i;
            else
                drop[sorted[i].index] = true;
            if (drop[sorted[i].index])
                diags_add(diags, DIAG_ERROR, sorted[i].sample->manifest, sorted[i].sample->line,
                          NULL, NULL, "a duplicate path, measured once: %s (first in line %u)",
                          sorted[i].sample->path, sorted[first].sample->line);
        }
        uint32_t kept = 0;
        for (uint32_t i = 0; i < m->n; i++) {
            if (!drop[i])
                m->v[kept++] = m->v[i];
        }
        m->n = kept;
    }
    bool done = sorted != NULL && drop != NULL;
    free(sorted);
    free(drop);
    return done;
}
