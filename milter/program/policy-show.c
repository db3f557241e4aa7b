/* extortctl policy: what would hold for mail to these recipients, and why. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "policy/policy.h"
#include "program/packs.h"
#include "program/screen.h"
#include "program/verb.h"

enum { RECIPIENTS_WANTED_MAX = 100 };

struct wishes {
    const char *config;
    struct packs packs;
    struct view recipients[RECIPIENTS_WANTED_MAX];
    uint32_t n;
};

static const char *text(const char *s, const char *empty)
{
    return s[0] != '\0' ? s : empty;
}

static void show(const struct policy *p, const struct wishes *w, const char *path)
{
    struct policy_for f;
    policy_for(p, w->recipients, w->n, false, &f);
    const struct notice_settings *n = &f.notice;
    for (uint32_t i = 0; i < w->n; i++) {
        struct policy_for one;
        policy_for(p, &w->recipients[i], 1, false, &one);
        if (one.line > 0)
            (void)printf("%.*s: row at %s:%u\n", VIEW_ARG(w->recipients[i]), path, one.line);
        else
            (void)printf("%.*s: settings for all\n", VIEW_ARG(w->recipients[i]));
    }
    if (f.conflict != NULL)
        (void)printf("they differ in %s: the weakest change that all allow is made\n", f.conflict);
    (void)printf("notice: %s\n", policy_notices(p) == NULL ? "off, notice.operator is not set"
                                 : (f.forbidden & ACTION_ANNOTATE) != 0 ? "not wanted"
                                                                        : "on");
    (void)printf("mode: %s\ncountry: %s\nlanguages:", annotate_mode_names[n->mode],
                 text(n->country, "none, general words"));
    for (size_t i = 0; i < n->languages.n; i++)
        (void)printf(" %s", n->languages.v[i]);
    (void)printf("%s\nminors: %s\nreach: %s\nsubject and quarantine: %s\n",
                 n->languages.n == 0 ? " that of the mail, then English" : "",
                 n->minors ? "yes" : "no", text(n->reach, "nobody"),
                 (f.forbidden & ACTION_QUARANTINE) != 0 ? "never" : "as the actions say");
}

static int policy_print(const struct wishes *w)
{
    struct policy *policy = NULL;
    struct diags diags;
    const char *path = w->config;
    if (path == NULL && access(SETTINGS_FILE, R_OK) == 0)
        path = SETTINGS_FILE;
    diags_init(&diags);
    enum status status =
        policy_load(path, w->packs.n > 0 ? (const char *const *)w->packs.paths : NULL, w->packs.n,
                    &diags, &policy);
    packs_print_diags(&diags);
    diags_fini(&diags);
    if (status == STATUS_OK)
        show(policy, w, path != NULL ? path : "(defaults)");
    policy_unref(&policy);
    return status == STATUS_OK          ? 0
           : status == STATUS_NO_MEMORY ? EX_OSERR
           : status == STATUS_IO        ? EX_NOINPUT
                                        : EX_CONFIG;
}

enum { OPTION_CONFIG = 1000 };

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"config", required_argument, NULL, OPTION_CONFIG},
                                            {"rules", required_argument, NULL, OPTION_RULES},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    struct wishes w = {.n = 0};
    bool memory = true;
    int answer, code = -1;
    while (code < 0 && (answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_CONFIG)
            w.config = optarg;
        else if (answer == OPTION_RULES)
            memory = memory && packs_add(&w.packs, optarg);
        else if (answer == OPTION_HELP || answer == 'h')
            code = verb_help(verb);
        else
            code = verb_bad_option(verb, argc, argv, answer, options);
    }
    for (; code < 0 && optind < argc && w.n < RECIPIENTS_WANTED_MAX; optind++)
        w.recipients[w.n++] = view_of(argv[optind]);
    if (code < 0 && (w.n == 0 || optind < argc))
        code = verb_misused(verb, "name 1 to %d recipients", RECIPIENTS_WANTED_MAX);
    if (code < 0 && !memory) {
        screen_complain(NULL, "out of memory");
        code = EX_OSERR;
    }
    if (code < 0)
        code = policy_print(&w);
    packs_fini(&w.packs);
    return code;
}

const struct verb verb_policy = {
    .name = "policy",
    .summary = "show what would hold for mail to some recipients, and why",
    .synopsis = "[--config FILE] [--rules PATH]... ADDRESS...",
    .help = "Which row of `recipients` each address meets, and what holds for one message to all.\n"
            "\n"
            "  --config FILE   settings; without it those of the daemon, if they are there\n"
            "  --rules PATH    a rule pack or a folder of them, instead of the settings' ones\n"
            "\n"
            "Exit code: 0 shown, others as for scan.\n"
            "\n"
            "Examples:\n"
            "  extortctl policy anna@example.fi\n"
            "  extortctl policy anna@example.fi bo@example.se\n",
    .run = run,
};
