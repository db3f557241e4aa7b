/* extortctl ping: does a milter answer on this socket? */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "mta/mta.h"
#include "program/packs.h"
#include "program/screen.h"
#include "program/verb.h"

enum { OPTION_CONFIG = 1000, OPTION_TIMEOUT, TIMEOUT_MAX = 3600, TIMEOUT_DEFAULT = 5 };

static int ping(const char *socket, unsigned seconds)
{
    struct socket_address address;
    const char *hint = NULL;
    if (!socket_address_read(socket, &address, &hint)) {
        screen_complain(socket, hint);
        return EX_USAGE;
    }
    if (milter_answers(&address, seconds))
        return printf("%s answers\n", socket) > 0 && fflush(stdout) == 0 ? EX_OK : EX_IOERR;
    int error = errno;
    screen_complain(socket,
                    error == EPROTO ? "something answers that is no milter" : strerror(error));
    return error == EACCES || error == EPERM ? EX_NOPERM : EX_UNAVAILABLE;
}

/* Without a socket: that of the settings. */
static int ping_settings(const char *config, unsigned seconds)
{
    struct policy *policy = NULL;
    struct diags diags;
    diags_init(&diags);
    enum status status = policy_load_settings(config, &diags, &policy);
    packs_print_diags(&diags);
    diags_fini(&diags);
    if (status != STATUS_OK)
        return status == STATUS_NO_MEMORY ? EX_OSERR : status == STATUS_IO ? EX_NOINPUT : EX_CONFIG;
    int code = ping(policy_settings(policy)->socket, seconds);
    policy_unref(&policy);
    return code;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"config", required_argument, NULL, OPTION_CONFIG},
                                            {"timeout", required_argument, NULL, OPTION_TIMEOUT},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    const char *config = SETTINGS_FILE;
    uint64_t seconds = TIMEOUT_DEFAULT;
    int answer;
    while ((answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_CONFIG)
            config = optarg;
        else if (answer == OPTION_TIMEOUT) {
            if (!view_to_u64(view_of(optarg), TIMEOUT_MAX, &seconds) || seconds == 0)
                return verb_misused(verb, "\"%s\" is no number of seconds", optarg);
        } else if (answer == OPTION_HELP || answer == 'h')
            return verb_help(verb);
        else
            return verb_bad_option(verb, argc, argv, answer, options);
    }
    if (argc - optind > 1)
        return verb_misused(verb, "one socket at a time");
    return optind < argc ? ping(argv[optind], (unsigned)seconds)
                         : ping_settings(config, (unsigned)seconds);
}

const struct verb verb_ping = {
    .name = "ping",
    .summary = "ask whether the daemon answers MTAs",
    .synopsis = "[--timeout SECONDS] [--config FILE | SOCKET]",
    .help = "Connects as an MTA does, says hello in the milter protocol, waits for the answer and "
            "leaves. No mail\nis sent, and the daemon's log does not change: fit for a monitor.\n"
            "\n"
            "  --timeout SECONDS  how long to wait; default 5\n"
            "  --config FILE      the daemon's settings, which name its socket\n"
            "  SOCKET             the socket itself: \"unix:/path\" or \"inet:port@host\"\n"
            "\n"
            "Exit code: 0 it answers, 64 wrong usage, 66 a file cannot be read, 69 it does not "
            "answer,\n77 not permitted, 78 mistakes in settings or rules.\n"
            "\n"
            "Examples:\n"
            "  extortctl ping\n"
            "  extortctl ping --timeout 2 unix:/run/extortion-milter/extortion-milter.sock\n",
    .run = run,
};
