/* extortctl contacts: who is named in notices, and what is due to be verified again. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "notice/notice.h"
#include "program/packs.h"
#include "program/screen.h"
#include "program/verb.h"

enum { DAYS_DEFAULT = 90, PATH_MAX_BYTES = 4096 };

struct wishes {
    bool list;
    uint64_t days;
    const char *data;
    const char *const *files;
    size_t n_files;
};

static uint32_t date_after(uint64_t days)
{
    time_t at = time(NULL) + (time_t)days * 86400;
    struct tm tm = {0};
    (void)localtime_r(&at, &tm);
    return (uint32_t)(tm.tm_year + 1900) * 10000u + (uint32_t)(tm.tm_mon + 1) * 100u +
           (uint32_t)tm.tm_mday;
}

static void print_one(const struct contact *c, const char *state)
{
    (void)printf("%s:%u: %s %s \"%s\" %s%s%s: %s%04u-%02u-%02u (verified %04u-%02u-%02u: %s)\n",
                 c->file, c->line, c->country, contact_kind_name(c->kind), c->name, c->phone,
                 c->phone[0] != '\0' && c->url[0] != '\0' ? " " : "", c->url, state,
                 c->expires / 10000, c->expires / 100 % 100, c->expires % 100,
                 c->verified_on / 10000, c->verified_on / 100 % 100, c->verified_on % 100,
                 c->source);
}

/* 1 when something is expired: it is not shown any more. */
static int report(const struct notices *n, const struct wishes *w)
{
    uint32_t today = date_after(0), soon = date_after(w->days);
    size_t expired = 0, due = 0;
    for (size_t i = 0; i < notices_n_contacts(n); i++) {
        const struct contact *c = notices_contact(n, i);
        bool gone = !contact_current(c, today), near = !gone && c->expires <= soon;
        expired += gone;
        due += near;
        if (gone || near || w->list)
            print_one(c, gone ? "NOT SHOWN, expired " : "expires ");
    }
    (void)printf("%zu contacts, %zu not shown, %zu expire within %llu days\n",
                 notices_n_contacts(n), expired, due, (unsigned long long)w->days);
    return expired > 0 ? 1 : 0;
}

static int contacts(const struct wishes *w)
{
    char file[PATH_MAX_BYTES], folder[PATH_MAX_BYTES];
    (void)snprintf(file, sizeof file, "%s%s", w->data, NOTICE_CONTACTS);
    (void)snprintf(folder, sizeof folder, "%s%s", w->data, NOTICE_TEMPLATES);
    const char *const installed[] = {file}, *const texts[] = {folder};
    const struct notice_source source = {w->n_files > 0 ? w->files : installed,
                                         w->n_files > 0 ? w->n_files : 1, texts, 1};
    struct notices *n = NULL;
    struct diags diags;
    diags_init(&diags);
    enum status status = notices_load(&source, &diags, &n);
    packs_print_diags(&diags);
    diags_fini(&diags);
    if (status == STATUS_NO_MEMORY)
        screen_complain(NULL, "out of memory");
    int code = status == STATUS_OK          ? report(n, w)
               : status == STATUS_NO_MEMORY ? EX_OSERR
               : status == STATUS_IO        ? EX_NOINPUT
                                            : EX_CONFIG;
    notices_free(&n);
    return code;
}

enum { OPTION_DATA = 1000, OPTION_DAYS };

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"data", required_argument, NULL, OPTION_DATA},
                                            {"days", required_argument, NULL, OPTION_DAYS},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    struct wishes w = {.days = DAYS_DEFAULT, .data = NOTICE_FOLDER};
    int answer;
    while ((answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_DATA)
            w.data = optarg;
        else if (answer == OPTION_DAYS) {
            if (!view_to_u64(view_of(optarg), 36500, &w.days))
                return verb_misused(verb, "\"%s\" is no number of days", optarg);
        } else if (answer == OPTION_HELP || answer == 'h')
            return verb_help(verb);
        else
            return verb_bad_option(verb, argc, argv, answer, options);
    }
    if (optind == argc)
        return verb_misused(verb, "say check or list");
    w.list = strcmp(argv[optind], "list") == 0;
    if (!w.list && strcmp(argv[optind], "check") != 0)
        return verb_misused(verb, "\"%s\" is unknown: check or list", argv[optind]);
    w.files = (const char *const *)argv + optind + 1;
    w.n_files = (size_t)(argc - optind - 1);
    return contacts(&w);
}

const struct verb verb_contacts = {
    .name = "contacts",
    .summary = "check the contacts that notices name, or list them",
    .synopsis = "check|list [--days N] [--data FOLDER] [FILE...]",
    .help =
        "Says which contacts are expired, and so not shown any more, and which will be soon.\n"
        "\n"
        "  --days N        how soon (90)\n"
        "  --data FOLDER   where contacts.conf and notices/ lie, instead of the installed ones\n"
        "  FILE            files of contacts instead of that folder's one\n"
        "\n"
        "Exit code: 0 all are shown, 1 some are expired, others as for scan.\n"
        "\n"
        "Examples:\n"
        "  extortctl contacts check --days 30\n"
        "  extortctl contacts list | grep FI\n",
    .run = run,
};
