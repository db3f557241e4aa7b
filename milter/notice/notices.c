/* Finds the files of contacts and texts and reads them all. */
#include "notice/notices.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NOTICES_BYTES_MAX = 16 << 20, /* all texts and contacts together have 0.2 MB */
    LANGUAGE_MAX = 8,
    FILES_MAX = 1000,
};

struct loading {
    struct notices *n;
    struct diags *diags;
    bool io_failed, no_memory;
};

static const struct template *template_find(const struct notices *n, struct view language)
{
    for (uint32_t i = 0; i < n->n_templates; i++)
        if (view_eq(view_of(n->templates[i].language), language))
            return &n->templates[i];
    return NULL;
}

/* language NULL: a file of contacts. */
static void file_load(struct loading *l, const char *path, const char *language)
{
    struct conf c;
    const char *kept = arena_string(&l->n->arena, view_of(path));
    if (kept == NULL) {
        l->no_memory = true;
        return;
    }
    enum status status = conf_read(&c, kept, l->diags, &l->n->arena);
    if (status == STATUS_OK && language == NULL)
        contacts_read(&c, l->n);
    else if (status == STATUS_OK)
        template_read(&c, l->n, language);
    config_destroy(&c.config);
    l->io_failed = l->io_failed || status == STATUS_IO;
    l->no_memory = l->no_memory || status == STATUS_NO_MEMORY || c.no_memory;
}

static void folder_load(struct loading *l, const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        diags_add(l->diags, DIAG_ERROR, folder, 0, NULL, NULL, "cannot read the folder: %s",
                  strerror(errno));
        l->io_failed = true;
        return;
    }
    unsigned files = 0;
    for (struct dirent *e; (e = readdir(dir)) != NULL && files < FILES_MAX && !l->no_memory;) {
        struct view name = view_of(e->d_name);
        char language[LANGUAGE_MAX + 1];
        size_t n = name.n > 5 ? name.n - 5 : 0;
        if (name.p[0] == '.' || !view_ends_nocase(name, VIEW(".conf")) || n > LANGUAGE_MAX)
            continue;
        (void)snprintf(language, sizeof language, "%.*s", (int)n, name.p);
        files++;
        if (template_find(l->n, view_of(language)) != NULL)
            continue; /* an earlier folder has it */
        char *path = malloc(strlen(folder) + name.n + 2);
        if (path == NULL) {
            l->no_memory = true;
            break;
        }
        (void)snprintf(path, strlen(folder) + name.n + 2, "%s/%s", folder, e->d_name);
        file_load(l, path, language);
        free(path);
    }
    (void)closedir(dir);
    if (files == 0)
        diags_add(l->diags, DIAG_ERROR, folder, 0, NULL,
                  "name a folder that holds files such as en.conf", "no texts here");
}

static int template_compare(const void *left, const void *right)
{
    const struct template *a = left, *b = right;
    return strcmp(a->language, b->language);
}

enum status notices_load(const struct notice_source *source, struct diags *diags,
                         struct notices **out)
{
    *out = NULL;
    size_t errors = diags->n_errors;
    struct notices *n = calloc(1, sizeof *n);
    if (n == NULL)
        return STATUS_NO_MEMORY;
    arena_init(&n->arena, NOTICES_BYTES_MAX);
    struct loading l = {.n = n, .diags = diags};
    for (size_t i = 0; i < source->n_contacts; i++)
        file_load(&l, source->contacts[i], NULL);
    for (size_t i = 0; i < source->n_templates; i++)
        folder_load(&l, source->templates[i]);
    if (n->n_templates > 0)
        qsort(n->templates, n->n_templates, sizeof *n->templates, template_compare);
    if (template_find(n, VIEW("en")) == NULL && diags->n_errors == errors && !l.no_memory)
        diags_add(diags, DIAG_ERROR, source->n_templates > 0 ? source->templates[0] : NULL, 0, NULL,
                  "English speaks where there are no texts in a reader's language",
                  "en.conf is missing");
    enum status status = STATUS_OK;
    if (l.no_memory)
        status = STATUS_NO_MEMORY;
    else if (l.io_failed)
        status = STATUS_IO;
    else if (diags->n_errors > errors)
        status = STATUS_INVALID;
    if (status != STATUS_OK)
        notices_free(&n);
    *out = n;
    return status;
}

void notices_free(struct notices **n)
{
    if (*n == NULL)
        return;
    arena_fini(&(*n)->arena);
    free(*n);
    *n = NULL;
}

size_t notices_n_contacts(const struct notices *n)
{
    return n->n_contacts;
}

const struct contact *notices_contact(const struct notices *n, size_t i)
{
    return &n->contacts[i];
}

const char *notices_language(const struct notices *n, size_t i)
{
    return i < n->n_templates ? n->templates[i].language : NULL;
}

size_t notices_language_find(const struct notices *n, struct view language)
{
    size_t stem = view_find_byte(language, '-');
    /* Norwegian's two written forms share one text. */
    struct view want = view_sub(language, 0, stem);
    if (view_eq_nocase(want, VIEW("nb")) || view_eq_nocase(want, VIEW("nn")))
        want = VIEW("no");
    for (uint32_t i = 0; i < n->n_templates; i++)
        if (view_eq_nocase(view_of(n->templates[i].language), want))
            return i;
    return SIZE_MAX;
}
