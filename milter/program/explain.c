/* extortctl explain: everything that is known of why a message was judged as it was. */
#include <sysexits.h>

#include "program/pool.h"
#include "program/scan.h"
#include "program/screen.h"
#include "program/verb.h"

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, OPTION_JSON},
                                            {"rule", required_argument, NULL, OPTION_RULE},
                                            {"rules", required_argument, NULL, OPTION_RULES},
                                            {"with", required_argument, NULL, OPTION_WITH},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    struct scan_wishes w = {.explain = true, .jobs = 1};
    struct packs packs = {0};
    bool memory = true;
    int answer, code = -1;
    while (code < 0 && (answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_JSON)
            w.json = true;
        else if (answer == OPTION_RULE)
            w.rule = optarg;
        else if (answer == OPTION_RULES)
            memory = memory && packs_add(&packs, optarg);
        else if (answer == OPTION_WITH)
            memory = memory && packs_add_beside(&packs, optarg);
        else if (answer == OPTION_HELP || answer == 'h')
            code = verb_help(verb);
        else
            code = verb_bad_option(verb, argc, argv, answer, options);
    }
    if (code < 0 && optind == argc)
        code = verb_misused(verb, "no file given; \"-\" reads standard input");
    if (code < 0 && (!memory || !packs_default(&packs))) {
        screen_complain(NULL, "out of memory");
        code = EX_OSERR;
    }
    if (code < 0)
        code = scan_paths(&w, &packs, (const char *const *)argv + optind, (size_t)(argc - optind));
    packs_fini(&packs);
    return code == 1 ? 0 : code;
}

const struct verb verb_explain = {
    .name = "explain",
    .summary = "show why a message was judged as it was, and what was missing",
    .synopsis = "[--json] [--rule ID] [--rules PATH]... [--with PATH]... FILE...",
    .help =
        "The densest window, the points of each facet, every hit in the words of the message\n"
        "with its place, what context subtracted, and how near each class came.\n"
        "\n"
        "  --rule ID       also: whether that rule hit, where, and whether it counted; or why not\n"
        "  --json          one JSON object a line\n"
        "  --rules PATH    a rule pack or a folder of them, instead of the installed ones\n"
        "  --with PATH     the same, beside the installed ones\n"
        "\n"
        "Exit code: 0 explained, others as for scan.\n"
        "\n"
        "Examples:\n"
        "  extortctl explain letter.eml\n"
        "  extortctl explain --rule en-s-release-recording letter.eml\n",
    .run = run,
};
