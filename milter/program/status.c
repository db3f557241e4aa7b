/* extortctl status: what the running daemon says of itself. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "program/dial.h"
#include "program/packs.h"
#include "program/screen.h"
#include "program/status-read.h"
#include "program/verb.h"

#define METRICS "metrics/extortion_milter_"

enum { ANSWER_MAX = 8 << 20, LINE_MAX_BYTES = 2000 };

/* One line of text from the daemon; it is as hostile as whoever runs that socket. */
static void put_quoted(struct view v)
{
    struct buf line;
    buf_init(&line, (size_t)4 * LINE_MAX_BYTES);
    (void)screen_add_quote(&line, v, LINE_MAX_BYTES);
    (void)printf("%.*s", VIEW_ARG(buf_view(&line)));
    buf_fini(&line);
}

static void put_title(const char *title)
{
    (void)printf("%-12s ", title);
}

/* "4 days 3:02" */
static void put_duration(double seconds)
{
    unsigned long long minutes = (unsigned long long)(seconds / 60), days = minutes / 1440;
    if (days > 0)
        (void)printf("%llu day%s ", days, days == 1 ? "" : "s");
    (void)printf("%llu:%02llu", minutes / 60 % 24, minutes % 60);
}

/* "none 12, tag 3": those of a family that are not zero. */
static void put_family(const struct status_page *page, const char *title, const char *family)
{
    size_t n = strlen(family), shown = 0;
    for (uint32_t i = 0; i < page->n; i++) {
        const struct status_leaf *leaf = &page->v[i];
        if (strncmp(leaf->path, family, n) != 0 || leaf->path[n] != '/' || !(leaf->number > 0))
            continue;
        if (shown++ == 0)
            put_title(title);
        else
            (void)fputs(", ", stdout);
        put_quoted(view_of(leaf->path + n + 1));
        (void)printf(" %.0f", leaf->number);
    }
    if (shown > 0)
        (void)putchar('\n');
}

static void put_reload(const struct status_page *page, const struct screen *screen)
{
    bool failed = view_eq(status_text_of(page, "reload/last"), VIEW("failed"));
    put_title("reload");
    if (view_eq(status_text_of(page, "reload/last"), VIEW("none"))) {
        (void)fputs("none since the start\n", stdout);
        return;
    }
    (void)printf("%s%s%s at ", screen_ink(screen, failed ? INK_RED : INK_PLAIN),
                 failed ? "failed" : "ok", screen_ink(screen, INK_PLAIN));
    put_quoted(status_text_of(page, "reload/at"));
    if (failed) {
        (void)fputs("; what was loaded at ", stdout);
        put_quoted(status_text_of(page, "reload/loaded"));
        (void)fputs(" stays", stdout);
    }
    (void)putchar('\n');
    for (uint32_t i = 0; i < page->n; i++)
        if (strcmp(page->v[i].path, "reload/errors") == 0) {
            (void)fputs("    ", stdout);
            put_quoted(page->v[i].text);
            (void)putchar('\n');
        }
}

static void put_page(const struct status_page *page)
{
    struct screen screen = screen_of(stdout);
    double n = status_number(page, METRICS "scan_duration_seconds/count");
    double sum = status_number(page, METRICS "scan_duration_seconds/sum");
    put_title("daemon");
    put_quoted(status_text_of(page, "version"));
    (void)printf(", process %.0f, since ", status_number(page, "pid"));
    put_quoted(status_text_of(page, "started"));
    (void)fputs(" (", stdout);
    put_duration(status_number(page, "uptime_seconds"));
    (void)fputs(")\n", stdout);
    put_title("rules");
    (void)printf("%.0f, ruleset ", status_number(page, "rules"));
    put_quoted(status_text_of(page, "ruleset"));
    (void)printf(", generation %.0f\n", status_number(page, "generation"));
    put_reload(page, &screen);
    put_title("mail");
    (void)printf("%.0f in flight on %.0f connections; %.0f judged",
                 status_number(page, METRICS "messages_in_flight"),
                 status_number(page, METRICS "sessions"), n);
    if (n > 0)
        (void)printf(" in %.1f ms each", sum / n * 1e3);
    (void)putchar('\n');
    put_family(page, "actions", METRICS "messages");
    put_family(page, "flagged", METRICS "verdicts");
    put_family(page, "classes", METRICS "flagged");
    put_family(page, "bypassed", METRICS "bypassed");
    put_family(page, "unfiltered", METRICS "unfiltered");
    put_family(page, "notices", METRICS "notices");
    put_family(page, "no notice", METRICS "annotate_skipped");
    put_family(page, "errors", METRICS "errors");
    put_family(page, "log lost", METRICS "log_lines_dropped");
    put_title("process");
    (void)printf("%.1f MiB, %.0f of %.0f files\n",
                 status_number(page, METRICS "process_resident_memory_bytes") / 1048576,
                 status_number(page, METRICS "process_open_fds"),
                 status_number(page, METRICS "process_max_fds"));
}

/* The whole answer; errno says why not. */
static bool fetch(const struct socket_address *at, double seconds, struct buf *out)
{
    struct dial d;
    char bytes[8192];
    ssize_t n = -1;
    bool good =
        dial_open(&d, at, seconds) &&
        dial_send(&d, VIEW("GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    while (good && (n = dial_receive(&d, bytes, sizeof bytes)) > 0)
        if (buf_add(out, (struct view){bytes, (size_t)n}) != STATUS_OK) {
            errno = ENOBUFS;
            n = -1;
            break;
        }
    int error = errno;
    dial_close(&d);
    errno = error;
    return good && n == 0;
}

static int show(const char *address, const char *from, double seconds, bool json)
{
    struct socket_address at;
    struct status_page page = {0};
    struct buf answer;
    struct view body;
    const char *hint;
    unsigned http = 0;
    int code = EX_OK;
    if (!socket_address_read(address, &at, &hint)) {
        screen_complain(from, hint);
        return EX_USAGE;
    }
    buf_init(&answer, ANSWER_MAX);
    if (!fetch(&at, seconds, &answer)) {
        code = errno == ENOBUFS ? EX_PROTOCOL : dial_exit_code(errno);
        screen_complain(address, strerror(errno));
    } else if (!status_answer(buf_view(&answer), &http, &body) || http != 200 ||
               !status_read(body, &page)) {
        screen_complain(address, "answers, but not as extortion-milter does");
        code = EX_PROTOCOL;
    } else if (json) {
        (void)fwrite(body.p, 1, body.n, stdout);
    } else {
        put_page(&page);
    }
    if (code == EX_OK && view_eq(status_text_of(&page, "reload/last"), VIEW("failed")))
        code = 1;
    status_page_fini(&page);
    buf_fini(&answer);
    return code;
}

/* Where the settings say; nothing of them but the file itself need be right. */
static int show_settings(const char *config, double seconds, bool json)
{
    struct policy *policy = NULL;
    struct diags diags;
    char address[METRICS_ADDRESS_MAX] = "";
    diags_init(&diags);
    enum status status = policy_load_settings(config, &diags, &policy);
    packs_print_diags(&diags);
    diags_fini(&diags);
    if (status != STATUS_OK)
        return status == STATUS_NO_MEMORY ? EX_OSERR : status == STATUS_IO ? EX_NOINPUT : EX_CONFIG;
    const struct settings *s = policy_settings(policy);
    metrics_address(s->metrics_listen, s->socket, address);
    policy_unref(&policy);
    if (address[0] != '\0')
        return show(address, config, seconds, json);
    screen_complain(config, "says nowhere to ask: set metrics.listen");
    return EX_CONFIG;
}

enum { OPTION_CONFIG = 1000, OPTION_TIMEOUT };

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"config", required_argument, NULL, OPTION_CONFIG},
                                            {"json", no_argument, NULL, OPTION_JSON},
                                            {"timeout", required_argument, NULL, OPTION_TIMEOUT},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    const char *config = NULL;
    double seconds = 5;
    bool json = false;
    int answer;
    while ((answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_CONFIG)
            config = optarg;
        else if (answer == OPTION_JSON)
            json = true;
        else if (answer == OPTION_HELP || answer == 'h')
            return verb_help(verb);
        else if (answer != OPTION_TIMEOUT)
            return verb_bad_option(verb, argc, argv, answer, options);
        else if (!dial_seconds_read(optarg, &seconds))
            return verb_misused(verb, "--timeout wants seconds from 0.1 to 600");
    }
    if (argc - optind > 1 || (optind < argc && config != NULL))
        return verb_misused(verb, "one daemon at a time");
    if (optind < argc)
        return show(argv[optind], argv[optind], seconds, json);
    config = config != NULL ? config : SETTINGS_FILE;
    return show_settings(config, seconds, json);
}

const struct verb verb_status = {
    .name = "status",
    .summary = "what the running daemon says of itself",
    .synopsis = "[--config FILE] [--json] [--timeout SECONDS] [SOCKET]",
    .help = "Version, rules in use, how the last reload went and why it failed, and what was "
            "counted. SOCKET is where\nmetrics are asked for, \"unix:/path\" or "
            "\"inet:port@host\"; else the settings say (metrics.listen).\n"
            "\n"
            "  --config FILE       settings of the daemon\n"
            "  --json              all of it, for programs\n"
            "  --timeout SECONDS   all together (5)\n"
            "\n"
            "Exit code: 0 it serves, 1 it serves and the last reload failed, 64 wrong usage, 66 no "
            "settings file,\n69 nobody is there, 71 system, 75 no answer in time, 76 something "
            "else answers, 77 not permitted,\n78 mistakes in settings, or no metrics.listen.\n"
            "\n"
            "Examples:\n"
            "  extortctl status\n"
            "  extortctl status --json | jq .reload\n",
    .run = run,
};
