/* Reload: a new policy beside the running one, and why there is none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/daemon.h"

enum { FOLDER_MAX = 4096 };

/* The background has another current directory. */
static char *config_path(const char *config, bool background)
{
    char folder[FOLDER_MAX], *path = NULL;
    if (!background || config[0] == '/')
        return strdup(config);
    if (getcwd(folder, sizeof folder) == NULL || asprintf(&path, "%s/%s", folder, config) < 0)
        return NULL;
    return path;
}

bool daemon_start_init(struct daemon_start *d, const struct daemon_options *options,
                       const struct settings *s)
{
    *d = (struct daemon_start){.options = options,
                               .socket_mode = s->socket_mode,
                               .background = s->background && !options->foreground,
                               .log_target = s->log_target,
                               .log_form = s->log_form,
                               .metrics_socket_mode = s->metrics_socket_mode,
                               .metrics_interval = (unsigned)s->metrics_interval};
    if (options->log != NULL)
        d->log_target = strcmp(options->log, "stderr") == 0 ? LOG_TARGET_STDERR : LOG_TARGET_SYSLOG;
    d->config = config_path(options->config, d->background);
    d->socket = strdup(options->socket != NULL ? options->socket : s->socket);
    d->socket_group = strdup(s->socket_group);
    d->pid_file = strdup(options->pid_file != NULL ? options->pid_file : s->pid_file);
    d->user = strdup(options->user != NULL ? options->user : s->user);
    d->metrics_listen = strdup(s->metrics_listen);
    d->metrics_file = strdup(s->metrics_file);
    d->log_syslog = strdup(s->log_syslog);
    return d->metrics_listen != NULL && d->log_syslog != NULL && d->metrics_file != NULL &&
           d->config != NULL && d->socket != NULL && d->socket_group != NULL &&
           d->pid_file != NULL && d->user != NULL;
}

/* What differs from the start and cannot follow; what the command line says wins as at the start.
 */
static void log_unchangeable(const struct daemon_start *d, const struct settings *s)
{
    const struct daemon_options *o = d->options;
    const struct {
        const char *key;
        bool differs;
    } rows[] = {
        {"socket", o->socket == NULL && strcmp(s->socket, d->socket) != 0},
        {"socket_mode", s->socket_mode != d->socket_mode},
        {"socket_group", strcmp(s->socket_group, d->socket_group) != 0},
        {"pid_file", o->pid_file == NULL && strcmp(s->pid_file, d->pid_file) != 0},
        {"user", o->user == NULL && strcmp(s->user, d->user) != 0},
        {"background", !o->foreground && s->background != d->background},
        {"log.format", s->log_form != d->log_form},
        {"log.syslog", strcmp(s->log_syslog, d->log_syslog) != 0},
        {"metrics.listen", strcmp(s->metrics_listen, d->metrics_listen) != 0},
        {"metrics.socket_mode", s->metrics_socket_mode != d->metrics_socket_mode},
        {"metrics.file", strcmp(s->metrics_file, d->metrics_file) != 0},
        {"metrics.interval", (unsigned)s->metrics_interval != d->metrics_interval},
        {"log.target", o->log == NULL && s->log_target != d->log_target},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].differs)
            log_line(LOG_LEVEL_WARNING, "%s differs from the start: a restart is needed for that",
                     rows[i].key);
}

static void log_diags(const struct diags *diags)
{
    for (size_t i = 0; i < diags->n; i++) {
        const struct diag *g = &diags->v[i];
        bool error = g->severity == DIAG_ERROR;
        char line[16] = "";
        if (g->line > 0)
            (void)snprintf(line, sizeof line, ":%u", g->line);
        log_line(error ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "%s%s: %s: %s%s%s%s%s%s",
                 g->file != NULL ? g->file : "reload", line, error ? "error" : "warning",
                 g->where != NULL ? g->where : "", g->where != NULL ? ": " : "",
                 g->message != NULL ? g->message : "out of memory", g->hint != NULL ? " (" : "",
                 g->hint != NULL ? g->hint : "", g->hint != NULL ? ")" : "");
    }
    if (diags->dropped > 0)
        log_line(LOG_LEVEL_ERROR, "... and %zu more", diags->dropped);
}

/* What status shows of a reload that failed; the log has it line by line. */
static void note_result(struct engine *e, enum status status, const struct diags *diags)
{
    struct buf errors;
    buf_init(&errors, RELOAD_ERRORS_MAX);
    if (status != STATUS_OK && diags->n_errors > 0)
        (void)diags_print(diags, &errors);
    else if (status != STATUS_OK)
        (void)buf_addf(&errors, "cannot make a scanner: %s\n", status_text(status));
    engine_reload_note(e, status == STATUS_OK, buf_view(&errors));
    buf_fini(&errors);
}

void daemon_reload(struct engine *e, void *start)
{
    struct daemon_start *d = start;
    struct policy *old = engine_policy(e), *fresh = NULL;
    const char *old_version = ruleset_version(policy_ruleset(old));
    struct diags diags;
    uint64_t before = daemon_files_print(d->config, old);
    diags_init(&diags);
    enum status loaded = policy_load(d->config, NULL, 0, &diags, &fresh);
    if (loaded == STATUS_OK)
        loaded = policy_store_open(fresh, &diags);
    enum status status = loaded == STATUS_OK ? engine_policy_replace(e, fresh) : loaded;
    log_diags(&diags);
    if (loaded != STATUS_OK) {
        log_line(LOG_LEVEL_ERROR, "reload failed, %zu mistake%s: the old policy stays, ruleset %s",
                 diags.n_errors, diags.n_errors == 1 ? "" : "s", old_version);
    } else if (status != STATUS_OK) {
        log_line(LOG_LEVEL_ERROR,
                 "reload failed, cannot make a scanner: %s: the old policy stays, ruleset %s",
                 status == STATUS_IO ? "libmagic's data cannot be loaded" : status_text(status),
                 old_version);
    } else {
        const struct ruleset *r = policy_ruleset(fresh);
        log_unchangeable(d, policy_settings(fresh));
        log_line(LOG_LEVEL_INFO, "reloaded: %u rules, ruleset %s -> %s", ruleset_n_rules(r),
                 old_version, ruleset_version(r));
    }
    note_result(e, status, &diags);
    d->files_loaded = before;
    /* Other files may count now. What was changed while we read it is read once more. */
    if (status == STATUS_OK && daemon_files_print(d->config, old) == before)
        d->files_loaded = daemon_files_print(d->config, fresh);
    service_notify("STATUS=%s, ruleset %s",
                   status == STATUS_OK ? "serving" : "the last reload failed, see the log: serving",
                   status == STATUS_OK ? ruleset_version(policy_ruleset(fresh)) : old_version);
    diags_fini(&diags);
    policy_unref(&old);
    policy_unref(&fresh);
}
