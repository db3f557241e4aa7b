#include "program/verb.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "program/packs.h"
#include "program/pool.h"
#include "program/screen.h"

int verb_help(const struct verb *verb)
{
    (void)printf("usage: extortctl %s %s\n\n%s", verb->name, verb->synopsis, verb->help);
    return 0;
}

int verb_misused(const struct verb *verb, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    /* clang-tidy 14 loses track of a va_list when it reads several files in one run. */
    (void)vsnprintf(text, sizeof text, format, args); // NOLINT(clang-analyzer-valist.Uninitialized)
    va_end(args);
    (void)fprintf(stderr, "extortctl %s: %s\nusage: extortctl %s %s\nMore: extortctl %s --help\n",
                  verb->name, text, verb->name, verb->synopsis, verb->name);
    return EX_USAGE;
}

bool verb_jobs(const char *text, unsigned *jobs)
{
    uint64_t n;
    if (strcmp(text, "auto") == 0) {
        *jobs = pool_processors();
        return true;
    }
    if (!view_to_u64(view_of(text), POOL_THREADS_MAX, &n) || n == 0)
        return false;
    *jobs = (unsigned)n;
    return true;
}

enum { OPTIONS_MAX = 32 };

int verb_bad_option(const struct verb *verb, int argc, char **argv, int answer,
                    const struct option *options)
{
    const char *given = optind > 0 && optind <= argc ? argv[optind - 1] : "";
    if (answer == ':')
        return verb_misused(verb, "%s wants a value", given);
    if (strncmp(given, "--", 2) != 0)
        return verb_misused(verb, "unknown option -%c", optopt > 0 && optopt < 128 ? optopt : '?');
    const char *names[OPTIONS_MAX + 1] = {0};
    for (size_t i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++)
        names[i] = options[i].name;
    char word[64] = "";
    size_t n = strcspn(given + 2, "=");
    if (n < sizeof word)
        memcpy(word, given + 2, n);
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], word) == 0)
            return verb_misused(verb, "--%s takes no value", word);
    }
    const char *nearest = diags_nearest(word, names);
    if (nearest != NULL)
        return verb_misused(verb, "unknown option %s; did you mean --%s?", given, nearest);
    return verb_misused(verb, "unknown option %s", given);
}

int verb_on_packs(const struct verb *verb, int argc, char **argv,
                  int (*work)(const struct packs *packs))
{
    static const struct option options[] = {{"rules", required_argument, NULL, OPTION_RULES},
                                            {"with", required_argument, NULL, OPTION_WITH},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    struct packs packs = {0};
    bool memory = true;
    int answer, code = -1;
    while (code < 0 && (answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_RULES)
            memory = memory && packs_add(&packs, optarg);
        else if (answer == OPTION_WITH)
            memory = memory && packs_add_beside(&packs, optarg);
        else if (answer == OPTION_HELP || answer == 'h')
            code = verb_help(verb);
        else
            code = verb_bad_option(verb, argc, argv, answer, options);
    }
    for (int i = optind; code < 0 && i < argc; i++)
        memory = memory && packs_add(&packs, argv[i]);
    if (code < 0 && (!memory || !packs_default(&packs))) {
        screen_complain(NULL, "out of memory");
        code = EX_OSERR;
    }
    if (code < 0)
        code = work(&packs);
    packs_fini(&packs);
    return code;
}
