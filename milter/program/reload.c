/* extortctl reload: tells the running daemon to read everything anew. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sysexits.h>
#include <unistd.h>

#include "policy/policy.h"
#include "program/packs.h"
#include "program/screen.h"
#include "program/verb.h"

static bool pid_read(const char *text, pid_t *pid)
{
    uint64_t n;
    if (!view_to_u64(view_trim(view_of(text)), INT_MAX, &n) || n < 2)
        return false;
    *pid = (pid_t)n;
    return true;
}

/* The daemon holds the lock as long as it runs: a number that somebody else has now is not hit. */
static int pid_of_file(const char *path, pid_t *pid)
{
    char text[32] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    int error = errno;
    bool stale = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) == 0;
    if (fd >= 0)
        (void)close(fd);
    if (n < 0) {
        screen_complain(path, strerror(error));
        return error == ENOENT ? EX_UNAVAILABLE : EX_NOINPUT;
    }
    if (stale) {
        screen_complain(path, "no running extortion-milter holds this pid file");
        return EX_UNAVAILABLE;
    }
    if (!pid_read(text, pid)) {
        screen_complain(path, "is no pid file");
        return EX_DATAERR;
    }
    return EX_OK;
}

/* By way of the pid file; a mistake in what the daemon would read is said here already. */
static int pid_of_settings(const char *config, pid_t *pid)
{
    struct policy *policy = NULL;
    struct diags diags;
    diags_init(&diags);
    enum status status = policy_load(config, NULL, 0, &diags, &policy);
    packs_print_diags(&diags);
    diags_fini(&diags);
    if (status != STATUS_OK) {
        screen_complain(NULL, "not reloaded: the daemon would refuse this");
        return status == STATUS_NO_MEMORY ? EX_OSERR : status == STATUS_IO ? EX_NOINPUT : EX_CONFIG;
    }
    const char *path = policy_settings(policy)->pid_file;
    int code = EX_CONFIG;
    if (path[0] != '\0')
        code = pid_of_file(path, pid);
    else
        screen_complain(config, "sets no pid_file: name the PID, or ask the service manager: "
                                "systemctl reload extortion-milter");
    policy_unref(&policy);
    return code;
}

static int tell(pid_t pid)
{
    if (kill(pid, SIGUSR1) == 0) {
        (void)printf("told process %ld to reload; its log says how that went\n", (long)pid);
        return EX_OK;
    }
    int error = errno;
    char text[64];
    (void)snprintf(text, sizeof text, "process %ld", (long)pid);
    screen_complain(text, strerror(error));
    return error == EPERM ? EX_NOPERM : EX_UNAVAILABLE;
}

enum { OPTION_CONFIG = 1000, OPTION_PID_FILE };

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"config", required_argument, NULL, OPTION_CONFIG},
                                            {"pid-file", required_argument, NULL, OPTION_PID_FILE},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    const char *config = SETTINGS_FILE, *pid_file = NULL;
    pid_t pid = 0;
    int answer, code;
    while ((answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_CONFIG)
            config = optarg;
        else if (answer == OPTION_PID_FILE)
            pid_file = optarg;
        else if (answer == OPTION_HELP || answer == 'h')
            return verb_help(verb);
        else
            return verb_bad_option(verb, argc, argv, answer, options);
    }
    if (argc - optind > 1 || (optind < argc && pid_file != NULL))
        return verb_misused(verb, "one daemon at a time");
    if (optind < argc && !pid_read(argv[optind], &pid))
        return verb_misused(verb, "\"%s\" is no process", argv[optind]);
    if (optind < argc)
        code = EX_OK;
    else if (pid_file != NULL)
        code = pid_of_file(pid_file, &pid);
    else
        code = pid_of_settings(config, &pid);
    return code == EX_OK ? tell(pid) : code;
}

const struct verb verb_reload = {
    .name = "reload",
    .summary = "tell the running daemon to read settings and rules anew",
    .synopsis = "[--config FILE | --pid-file FILE | PID]",
    .help = "The daemon reads and proves everything beside what it serves, then changes over; mail "
            "in flight is\nnot disturbed. When anything is wrong, it keeps what it has and its log "
            "says why.\n"
            "\n"
            "  --config FILE     the daemon's settings, which name its pid file; checked first\n"
            "  --pid-file FILE   the pid file itself\n"
            "  PID               the process itself\n"
            "\n"
            "Exit code: 0 told, 64 wrong usage, 65 that is no pid file, 66 a file cannot be read,\n"
            "69 no daemon runs, 71 system, 77 not permitted, 78 mistakes in settings or rules.\n"
            "\n"
            "Examples:\n"
            "  extortctl reload\n"
            "  extortctl reload --pid-file /run/extortion-milter/extortion-milter.pid\n",
    .run = run,
};
