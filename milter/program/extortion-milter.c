/* extortion-milter(8): from the command line to a serving milter, step by step. */
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "mta/mta.h"
#include "program/daemon.h"

static const char name[] = "extortion-milter";
enum { ALERT_SECONDS = 5 }; /* for alerts that are waiting at the stop */

static int print(const struct buf *text, FILE *to)
{
    if (text->n > 0 && fwrite(text->p, 1, text->n, to) != text->n)
        return EX_IOERR;
    return fflush(to) == 0 ? EX_OK : EX_IOERR;
}

static int print_config(void)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    int code = policy_describe(&text) == STATUS_OK ? print(&text, stdout) : EX_OSERR;
    buf_fini(&text);
    return code;
}

/* Everything that is wrong goes to stderr, for the person who started us. */
static int load(const struct daemon_options *options, struct policy **policy)
{
    struct diags diags;
    struct buf text;
    diags_init(&diags);
    buf_init(&text, 1 << 20);
    enum status status = policy_load(options->config, NULL, 0, &diags, policy);
    (void)diags_print(&diags, &text);
    (void)print(&text, stderr);
    if (status != STATUS_OK)
        (void)fprintf(stderr, "%s: not started: %zu mistake%s, see above\n", name, diags.n_errors,
                      diags.n_errors == 1 ? "" : "s");
    buf_fini(&text);
    diags_fini(&diags);
    daemon_memory_return();
    switch (status) {
    case STATUS_OK:
        return EX_OK;
    case STATUS_IO:
        return access(options->config, R_OK) != 0 ? EX_NOINPUT : EX_CONFIG;
    case STATUS_NO_MEMORY:
        return EX_OSERR;
    default:
        return EX_CONFIG;
    }
}

/* As the user who serves, since that one writes there. */
static int store_start(struct policy *policy)
{
    struct diags diags;
    struct buf text;
    diags_init(&diags);
    buf_init(&text, 1 << 20);
    enum status status = policy_store_open(policy, &diags);
    (void)diags_print(&diags, &text);
    (void)print(&text, stderr);
    buf_fini(&text);
    diags_fini(&diags);
    if (status == STATUS_NO_MEMORY)
        log_line(LOG_LEVEL_ERROR, "out of memory");
    return status == STATUS_OK ? EX_OK : status == STATUS_NO_MEMORY ? EX_OSERR : EX_CONFIG;
}

static int report_good(const struct daemon_options *options, struct policy *policy)
{
    const struct ruleset *r = policy_ruleset(policy);
    const struct evidence_settings *e = &policy_settings(policy)->evidence;
    int code = store_start(policy);
    if (code != EX_OK)
        return code;
    (void)printf("%s: good; %u rules in %u classes, ruleset %s\n", options->config,
                 ruleset_n_rules(r), ruleset_n_classes(r), ruleset_version(r));
    const struct store *store = policy_store(policy);
    if (store != NULL && store_key_id(store) != NULL)
        (void)printf("evidence: %s, sealed to key %s\n", e->directory, store_key_id(store));
    else if (store != NULL)
        (void)printf("evidence: %s, not sealed\n", e->directory);
    return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

/* Signals are handled by the first thread only, so all threads must be born with them blocked. */
static void block_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGUSR1);
    (void)sigaddset(&set, SIGUSR2);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static int engine_start(struct policy *policy, struct engine **engine)
{
    enum status status = engine_new(policy, 0, engine);
    if (status == STATUS_OK)
        return EX_OK;
    log_line(LOG_LEVEL_ERROR, "cannot make a scanner: %s",
             status == STATUS_IO ? "libmagic's data cannot be loaded" : status_text(status));
    return EX_OSERR;
}

/* Takes the policy over: a reload replaces it. */
static int serve(const struct daemon_options *options, struct policy **policy)
{
    /* Read by a reload that may outlive main(). */
    static struct daemon_start start;
    struct engine *engine = NULL;
    if (!daemon_start_init(&start, options, policy_settings(*policy))) {
        log_line(LOG_LEVEL_ERROR, "out of memory");
        return EX_OSERR;
    }
    const struct milter_options listener = {.socket = start.socket,
                                            .socket_mode = start.socket_mode,
                                            .socket_group = start.socket_group,
                                            .owner = geteuid() == 0 ? start.user : ""};
    if (start.background && start.log_target == LOG_TARGET_STDERR) {
        log_line(LOG_LEVEL_ERROR, "a daemon in the background has no stderr to log to: give -f, or "
                                  "log to syslog");
        return EX_CONFIG;
    }
    if (geteuid() == 0 && start.user[0] == '\0')
        return daemon_drop_privileges(start.user);
    int code = start.background ? daemon_detach() : EX_OK;
    if (code == EX_OK)
        code = daemon_pid_file(start.pid_file);
    if (code == EX_OK)
        code = milter_open(&listener);
    if (code != EX_OK) {
        daemon_pid_file_remove(start.pid_file);
        return code;
    }
    code = daemon_drop_privileges(start.user);
    if (code == EX_OK)
        code = store_start(*policy);
    if (code == EX_OK)
        code = engine_start(*policy, &engine);
    if (code != EX_OK) {
        milter_close();
        daemon_pid_file_remove(start.pid_file);
        return code;
    }
    char metrics[METRICS_ADDRESS_MAX];
    struct monitor *monitor;
    metrics_address(start.metrics_listen, start.socket, metrics);
    const struct monitor_options told = {.listen = metrics,
                                         .mode = start.metrics_socket_mode,
                                         .file = start.metrics_file,
                                         .interval = start.metrics_interval};
    if (!monitor_start(engine, &told, &monitor))
        log_line(LOG_LEVEL_WARNING, "metrics: no memory or threads; mail is filtered all the same");
    daemon_ready();
    log_start(&(struct log_options){.target = start.log_target,
                                    .form = start.log_form,
                                    .syslog = start.log_syslog,
                                    .name = name,
                                    .debug = options->verbose});
    log_line(LOG_LEVEL_INFO, "%s %s serves %s with %u rules, ruleset %s", name, PACKAGE_VERSION,
             start.socket, ruleset_n_rules(policy_ruleset(*policy)),
             ruleset_version(policy_ruleset(*policy)));
    start.files_loaded = daemon_files_print(start.config, *policy);
    service_notify("STATUS=serving, ruleset %s", ruleset_version(policy_ruleset(*policy)));
    policy_unref(policy);
    code = milter_serve(engine, &(struct milter_reload){.run = daemon_reload,
                                                        .due = daemon_reload_due,
                                                        .tidy = daemon_memory_return,
                                                        .context = &start});
    engine_alerts_end(engine, ALERT_SECONDS);
    monitor_stop(&monitor);
    daemon_pid_file_remove(start.pid_file);
    log_line(LOG_LEVEL_INFO, "stopped");
    return code;
}

int main(int argc, char **argv)
{
    static struct daemon_options options; /* a reload may outlive us */
    struct policy *policy = NULL;
    int code = daemon_options_read(argc, argv, &options);
    if (code != EX_OK)
        return code;
    if (options.help)
        daemon_help_print();
    else if (options.version)
        daemon_version_print();
    if (options.help || options.version)
        return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
    if (options.print_config)
        return print_config();
    log_open(LOG_TARGET_STDERR, name, options.verbose);
    block_signals();
    daemon_memory_bound();
    code = load(&options, &policy);
    if (code == EX_OK)
        code = options.check ? report_good(&options, policy) : serve(&options, &policy);
    policy_unref(&policy);
    return code;
}
