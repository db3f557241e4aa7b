#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "mta/mta.h"
#include "program/daemon.h"

enum { OPTION_PRINT_CONFIG = 256 };

int daemon_options_read(int argc, char **argv, struct daemon_options *out)
{
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'},
        {"foreground", no_argument, NULL, 'f'},
        {"test", no_argument, NULL, 't'},
        {"socket", required_argument, NULL, 'p'},
        {"pid-file", required_argument, NULL, 'P'},
        {"user", required_argument, NULL, 'u'},
        {"log", required_argument, NULL, 'l'},
        {"verbose", no_argument, NULL, 'v'},
        {"version", no_argument, NULL, 'V'},
        {"print-config", no_argument, NULL, OPTION_PRINT_CONFIG},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    *out = (struct daemon_options){.config = SETTINGS_FILE};
    for (int c; (c = getopt_long(argc, argv, "c:ftnp:P:u:l:vVh", known, NULL)) != -1;) {
        switch (c) {
        case 'c':
            out->config = optarg;
            break;
        case 'f':
            out->foreground = true;
            break;
        case 't':
        case 'n':
            out->check = true;
            break;
        case 'p':
            out->socket = optarg;
            break;
        case 'P':
            out->pid_file = optarg;
            break;
        case 'u':
            out->user = optarg;
            break;
        case 'l':
            out->log = optarg;
            if (strcmp(optarg, "syslog") == 0 || strcmp(optarg, "stderr") == 0)
                break;
            (void)fprintf(stderr, "extortion-milter: --log takes syslog or stderr, not \"%s\"\n",
                          optarg);
            return EX_USAGE;
        case 'v':
            out->verbose = true;
            break;
        case 'V':
            out->version = true;
            break;
        case OPTION_PRINT_CONFIG:
            out->print_config = true;
            break;
        case 'h':
            out->help = true;
            break;
        default:
            (void)fprintf(stderr, "Try: extortion-milter --help\n");
            return EX_USAGE;
        }
    }
    if (optind < argc) {
        (void)fprintf(stderr,
                      "extortion-milter: \"%s\" is not an option\n"
                      "Try: extortion-milter --help\n",
                      argv[optind]);
        return EX_USAGE;
    }
    return EX_OK;
}

void daemon_help_print(void)
{
    (void)printf(
        "Usage: extortion-milter [OPTION]...\n"
        "Filters the mail of Postfix or Sendmail for extortion: adds headers, holds what the "
        "settings say.\n"
        "\n"
        "  -c, --config FILE     settings; default %s\n"
        "  -f, --foreground      stay in the foreground\n"
        "  -l, --log TARGET      \"syslog\" or \"stderr\", instead of the settings'\n"
        "  -t, -n, --test        check settings and prove the rule packs, then end\n"
        "  -p, --socket SOCKET   \"unix:/path\" or \"inet:port@host\", instead of the settings'\n"
        "  -P, --pid-file FILE   likewise\n"
        "  -u, --user USER[:GROUP]\n"
        "                        likewise; needed when started by root\n"
        "  -v, --verbose         log more\n"
        "      --print-config    write a settings file with every key and its default\n"
        "  -V, --version         version and features\n"
        "  -h, --help            this text\n"
        "\n"
        "Examples:\n"
        "  extortion-milter -t\n"
        "      after a change of settings or rules: is everything right?\n"
        "  extortion-milter -f -l stderr -u nobody -p inet:8892@127.0.0.1\n"
        "      try it out; in Postfix: smtpd_milters = inet:127.0.0.1:8892\n"
        "  extortion-milter --print-config > /etc/extortion-milter/extortion-milter.conf\n"
        "\n"
        "Exit codes: 0 stopped as asked, 64 wrong usage, 66 no settings file, 67 no such user,\n"
        "69 socket or pid file in use, 70 internal, 71 system, 73 cannot create, 77 not "
        "permitted,\n"
        "78 mistakes in settings or rule packs.\n"
        "Manual: extortion-milter(8), extortion-milter.conf(5)\n",
        SETTINGS_FILE);
}

void daemon_version_print(void)
{
    char libmilter[32];
    milter_version(libmilter);
    (void)printf("extortion-milter %s\n"
                 "libmilter API %s\n"
                 "settings %s\n"
                 "rules %s\n",
                 PACKAGE_VERSION, libmilter, SETTINGS_FILE, RULES_DIR);
}
