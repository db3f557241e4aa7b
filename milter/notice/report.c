/* reports/<language>.conf: the words of a report for the police. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "notice/notices.h"

enum { REPORT_BYTES_MAX = 1 << 20, REPORT_PATH_MAX = 4096, LANGUAGE_MAX = 8 };

struct report_words {
    struct arena arena;
    const char *language;
    bool right_to_left;
    const char *words[REPORT_WORDS_COUNT];
};

static const char *const keys[] = {
#define X(id, key) key,
    REPORT_WORDS(X)
#undef X
        NULL};

static const struct {
    enum report_word word;
    unsigned hold; /* all of these, and no others */
} holds[] = {{REPORT_INTRO, HOLD_GATEWAY | HOLD_OPERATOR | HOLD_FILE},
             {REPORT_CHECK, HOLD_FILE | HOLD_PROGRAM | HOLD_RULESET}};

static unsigned holds_of(size_t word)
{
    for (size_t i = 0; i < sizeof holds / sizeof holds[0]; i++)
        if (holds[i].word == (enum report_word)word)
            return holds[i].hold;
    return 0;
}

static void words_read(struct conf *c, struct report_words *w, struct view language)
{
    const config_setting_t *root = config_root_setting(&c->config);
    const char *names[REPORT_WORDS_COUNT + 3] = {"language", "direction"};
    for (size_t i = 0; i < REPORT_WORDS_COUNT; i++)
        names[2 + i] = keys[i];
    conf_names(c, root, names);
    w->language = conf_text(c, root, "language", "", true, LANGUAGE_MAX);
    if (w->language[0] != '\0' && !view_eq(view_of(w->language), language))
        conf_error(c, config_setting_get_member(root, "language"), "language", NULL,
                   "is \"%s\", but the file is named %.*s.conf", w->language, VIEW_ARG(language));
    const char *direction = conf_text(c, root, "direction", "", true, LANGUAGE_MAX);
    w->right_to_left = strcmp(direction, "rtl") == 0;
    if (direction[0] != '\0' && !w->right_to_left && strcmp(direction, "ltr") != 0)
        conf_error(c, config_setting_get_member(root, "direction"), "direction", NULL,
                   "must be \"ltr\" or \"rtl\"");
    for (size_t i = 0; i < REPORT_WORDS_COUNT; i++) {
        w->words[i] = conf_text(c, root, keys[i], "", true, TEXT_MAX);
        if (w->words[i][0] != '\0')
            placeholders_check(c, config_setting_get_member(root, keys[i]), keys[i], w->words[i],
                               holds_of(i), holds_of(i));
    }
}

static enum status load(const char *path, struct view language, struct diags *diags,
                        struct report_words *w)
{
    struct conf c;
    size_t errors = diags->n_errors;
    enum status status = conf_read(&c, path, diags, &w->arena);
    if (status == STATUS_OK)
        words_read(&c, w, language);
    config_destroy(&c.config);
    if (status == STATUS_OK && c.no_memory)
        status = STATUS_NO_MEMORY;
    return status == STATUS_OK && diags->n_errors > errors ? STATUS_INVALID : status;
}

/* "pt-BR" and "PT" are "pt". */
static struct view language_short(struct view v, char out[LANGUAGE_MAX + 1])
{
    size_t n = 0;
    while (n < v.n && n < LANGUAGE_MAX && ascii_is_alpha((unsigned char)v.p[n])) {
        out[n] = (char)ascii_lower((unsigned char)v.p[n]);
        n++;
    }
    out[n] = '\0';
    return (struct view){out, n};
}

enum status report_words_load(const char *folder, struct view language, struct diags *diags,
                              struct report_words **out)
{
    char path[REPORT_PATH_MAX], name[LANGUAGE_MAX + 1];
    struct view wanted = language_short(language, name);
    *out = NULL;
    (void)snprintf(path, sizeof path, "%s/%s.conf", folder, name);
    if (wanted.n == 0 || access(path, F_OK) != 0) {
        wanted = VIEW("en");
        (void)snprintf(path, sizeof path, "%s/en.conf", folder);
    }
    struct report_words *w = calloc(1, sizeof *w);
    if (w == NULL)
        return STATUS_NO_MEMORY;
    arena_init(&w->arena, REPORT_BYTES_MAX);
    enum status status = load(path, wanted, diags, w);
    if (status != STATUS_OK)
        report_words_free(&w);
    *out = w;
    return status;
}

void report_words_free(struct report_words **w)
{
    if (*w != NULL)
        arena_fini(&(*w)->arena);
    free(*w);
    *w = NULL;
}

const char *report_words_language(const struct report_words *w)
{
    return w->language;
}

bool report_words_right_to_left(const struct report_words *w)
{
    return w->right_to_left;
}

enum status report_word(const struct report_words *w, enum report_word word,
                        const struct report_values *values, struct buf *out)
{
    const struct notice_wish wish = {.gateway = values->gateway, .operator= values->operator};
    const struct placeholder_values v = {
        .wish = &wish,
        .file = values->file,
        .program = values->program,
        .ruleset = values->ruleset,
    };
    return placeholders_fill(out, w->words[word], &v);
}
