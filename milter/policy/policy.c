#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/loaded.h"
#include "policy/rows.h"

enum {
    FILE_MAX = 8 << 20, /* a few kB; with a policy for each of 10,000 customers 2 MB */
    FOLDER_MAX = 4096,
};

/*
 * Reads the file ourselves: libconfig's scanner ends the process when a read fails (a directory),
 * and takes a NUL byte for the end.
 */
static enum status read_file(const char *path, struct buf *out, struct diags *diags)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    enum status status = fd >= 0 ? STATUS_OK : STATUS_IO;
    while (status == STATUS_OK) {
        char chunk[4096];
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n == 0)
            break;
        if (n > 0)
            status = buf_add(out, (struct view){chunk, (size_t)n});
        else if (errno != EINTR)
            status = STATUS_IO;
    }
    if (status == STATUS_IO)
        diags_add(diags, DIAG_ERROR, path, 0, NULL,
                  errno == ENOENT ? "extortion-milter --print-config writes one" : NULL,
                  "cannot read it: %s", strerror(errno));
    else if (status == STATUS_LIMIT)
        diags_add(diags, DIAG_ERROR, path, 0, NULL, NULL, "is larger than %d bytes", FILE_MAX);
    if (fd >= 0)
        (void)close(fd);
    if (status != STATUS_OK)
        return status == STATUS_LIMIT ? STATUS_INVALID : status;
    if (out->n > 0 && memchr(out->p, '\0', out->n) != NULL) {
        diags_add(diags, DIAG_ERROR, path, 0, NULL, NULL, "is not a text file");
        return STATUS_INVALID;
    }
    return buf_add_byte(out, '\0');
}

/* An included file would be read behind read_file's back. */
static bool refuse_includes(const char *path, const char *text, struct diags *diags)
{
    struct view rest = view_of(text), line;
    bool found = false;
    for (unsigned number = 1; view_next_line(&rest, &line); number++)
        if (view_starts_nocase(view_trim(line), VIEW("@include"))) {
            diags_add(diags, DIAG_ERROR, path, number, NULL,
                      "rule packs may be several files: list them in \"rules\"",
                      "@include is not supported");
            found = true;
        }
    return found;
}

static enum status parse_file(const char *path, config_t *config, struct diags *diags)
{
    struct buf text;
    buf_init(&text, FILE_MAX);
    enum status status = read_file(path, &text, diags);
    if (status == STATUS_OK && refuse_includes(path, text.p, diags))
        status = STATUS_INVALID;
    if (status == STATUS_OK && config_read_string(config, text.p) != CONFIG_TRUE) {
        const char *what = config_error_text(config);
        diags_add(diags, DIAG_ERROR, path, (unsigned)config_error_line(config), NULL,
                  "each value ends with ';', strings stand in double quotes; the mistake may stand "
                  "in the line before",
                  "%s", what != NULL ? what : "not understood");
        status = STATUS_INVALID;
    }
    buf_fini(&text);
    return status;
}

static enum status load_rules(struct policy *p, const char *const *paths, size_t n_paths,
                              struct diags *diags)
{
    static const char *const installed[] = {RULES_DIR};
    struct ruleset_source source = {.paths = installed, .n_paths = 1, .prove = true};
    if (paths != NULL) {
        source.paths = paths;
        source.n_paths = n_paths;
    } else if (p->settings.rule_paths.n > 0) {
        source.paths = (const char *const *)p->settings.rule_paths.v;
        source.n_paths = p->settings.rule_paths.n;
    }
    return ruleset_load(&source, &p->settings.limits, diags, &p->ruleset);
}

/* The site's own files, then those of the package; NULL when memory is out. */
static const char **paths_join(const struct string_list *own, const char *shipped)
{
    const char **v = calloc(own->n + 1, sizeof *v);
    for (size_t i = 0; v != NULL && i < own->n; i++)
        v[i] = own->v[i];
    if (v != NULL)
        v[own->n] = shipped;
    return v;
}

void notice_languages_check(struct settings_reader *r, const char *key, unsigned line,
                            const struct string_list *languages, const struct notices *n)
{
    for (size_t i = 0; i < languages->n; i++)
        if (notices_language_find(n, view_of(languages->v[i])) == SIZE_MAX)
            diags_add(r->diags, DIAG_ERROR, r->file, line, key, "see the setting notice.texts",
                      "there are no texts in \"%s\"", languages->v[i]);
}

void notice_country_check(struct settings_reader *r, const char *key, unsigned line,
                          const char *country, const struct notices *n)
{
    if (country[0] != '\0' && strcmp(country, "auto") != 0 &&
        !notices_knows_country(n, view_of(country)))
        diags_add(r->diags, DIAG_ERROR, r->file, line, key,
                  "add some to a file of your own and name it in notice.contacts; empty shows "
                  "general words",
                  "there are no contacts of %s", country);
}

/* Sealed or not is to be said, not to be forgotten. */
static void check_evidence(struct settings_reader *r, const config_setting_t *root)
{
    const struct evidence_settings *e = &r->settings->evidence;
    const config_setting_t *group =
        root != NULL ? config_setting_get_member(root, "evidence") : NULL;
    if (e->directory[0] != '\0' && e->encrypt && e->key[0] == '\0')
        setting_error(r, group, "evidence.key",
                      "`extortctl evidence keygen` makes one; to keep records that anybody with "
                      "access to the folder can read, say evidence.encrypt = false",
                      "is missing: records are to be sealed to a key");
}

static enum status load_notices(struct policy *p, struct settings_reader *r)
{
    const struct notice_settings *s = &p->settings.notice;
    const struct origin *origin = &p->settings.origin;
    if (s->operator[0] == '\0' && !rows_have_operator(p->settings.rows))
        return STATUS_OK;
    const char *folder = s->data[0] != '\0' ? s->data : NOTICE_FOLDER;
    char file[FOLDER_MAX], texts_folder[FOLDER_MAX];
    (void)snprintf(file, sizeof file, "%s%s", folder, NOTICE_CONTACTS);
    (void)snprintf(texts_folder, sizeof texts_folder, "%s%s", folder, NOTICE_TEMPLATES);
    const char **contacts = paths_join(&s->contacts, file);
    const char **texts = paths_join(&s->texts, texts_folder);
    const struct notice_source source = {contacts, s->contacts.n + 1, texts, s->texts.n + 1};
    enum status status = STATUS_NO_MEMORY;
    if (contacts != NULL && texts != NULL)
        status = notices_load(&source, r->diags, &p->notices);
    if (status == STATUS_OK) {
        notice_languages_check(r, "notice.languages", origin->value[VALUE_LANGUAGES], &s->languages,
                               p->notices);
        notice_country_check(r, "notice.country", origin->value[VALUE_COUNTRY], s->country,
                             p->notices);
        rows_check_notices(r, p->notices);
    }
    free(contacts);
    free(texts);
    return status;
}

/* whole: with the packs and texts that the settings name. */
static enum status read_policy(struct policy *p, const char *path, bool whole,
                               const char *const *rule_paths, size_t n_rule_paths,
                               struct diags *diags)
{
    config_t config;
    config_init(&config);
    struct settings_reader r = {.settings = &p->settings, .diags = diags, .file = path};
    enum status parsed = path != NULL ? parse_file(path, &config, diags) : STATUS_OK;
    const config_setting_t *root =
        path != NULL && parsed == STATUS_OK ? config_root_setting(&config) : NULL;
    if (root != NULL)
        settings_read(&r, root);
    check_evidence(&r, root);
    /* The packs are read even when the settings are wrong: all errors in one run. */
    enum status loaded = whole ? load_rules(p, rule_paths, n_rule_paths, diags) : STATUS_OK;
    if (whole && loaded == STATUS_OK && parsed == STATUS_OK) {
        settings_read_classes(&r, root, p->ruleset);
        mailboxes_check(&r, p);
    }
    enum status noticed = whole && parsed == STATUS_OK ? load_notices(p, &r) : STATUS_OK;
    config_destroy(&config);
    if (parsed != STATUS_OK)
        return parsed;
    if (loaded != STATUS_OK)
        return loaded;
    if (noticed != STATUS_OK)
        return noticed;
    if (r.no_memory)
        return STATUS_NO_MEMORY;
    return diags->n_errors > 0 ? STATUS_INVALID : STATUS_OK;
}

static enum status load(const char *path, bool whole, const char *const *rule_paths,
                        size_t n_rule_paths, struct diags *diags, struct policy **out)
{
    *out = NULL;
    struct policy *p = calloc(1, sizeof *p);
    if (p == NULL)
        return STATUS_NO_MEMORY;
    atomic_init(&p->references, 1);
    enum status status = settings_init(&p->settings);
    if (status == STATUS_OK)
        status = read_policy(p, path, whole, rule_paths, n_rule_paths, diags);
    if (status == STATUS_NO_MEMORY)
        diags_add(diags, DIAG_ERROR, path, 0, NULL, NULL, "out of memory");
    if (status != STATUS_OK) {
        policy_unref(&p);
        return status;
    }
    p->never_held = CLASS_NONE;
    for (uint32_t i = 0; whole && i < ruleset_n_classes(p->ruleset); i++)
        if (strcmp(ruleset_class(p->ruleset, i)->id, CLASS_NEVER_HELD) == 0)
            p->never_held = i;
    *out = p;
    return STATUS_OK;
}

enum status policy_load(const char *path, const char *const *rule_paths, size_t n_rule_paths,
                        struct diags *diags, struct policy **out)
{
    return load(path, true, rule_paths, n_rule_paths, diags, out);
}

enum status policy_load_settings(const char *path, struct diags *diags, struct policy **out)
{
    return load(path, false, NULL, 0, diags, out);
}

struct policy *policy_ref(struct policy *p)
{
    (void)atomic_fetch_add_explicit(&p->references, 1, memory_order_relaxed);
    return p;
}

void policy_unref(struct policy **p)
{
    if (*p != NULL && atomic_fetch_sub_explicit(&(*p)->references, 1, memory_order_acq_rel) == 1) {
        ruleset_free(&(*p)->ruleset);
        notices_free(&(*p)->notices);
        store_free(&(*p)->store);
        settings_fini(&(*p)->settings);
        free(*p);
    }
    *p = NULL;
}

const struct settings *policy_settings(const struct policy *p)
{
    return &p->settings;
}

const struct ruleset *policy_ruleset(const struct policy *p)
{
    return p->ruleset;
}

enum status policy_store_open(struct policy *p, struct diags *diags)
{
    const struct evidence_settings *e = &p->settings.evidence;
    if (e->directory[0] == '\0')
        return STATUS_OK;
    const struct store_wish wish = {.directory = e->directory,
                                    .key = e->encrypt ? e->key : "",
                                    .days = (unsigned)e->days,
                                    .quota = (uint64_t)e->quota};
    return store_open(&wish, diags, &p->store);
}

struct store *policy_store(const struct policy *p)
{
    return p->store;
}

void policy_notice_mode(struct policy *p, enum annotate_mode mode)
{
    p->mode = mode;
    p->has_mode = true;
}

const struct notices *policy_notices(const struct policy *p)
{
    return p->notices;
}
