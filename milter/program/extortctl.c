/* extortctl: finds the verb and gives it the rest of the command line. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "program/pool.h"
#include "program/verb.h"

static const struct verb *const verbs[] = {
    &verb_scan,         &verb_explain, &verb_evaluate, &verb_test,   &verb_lint,     &verb_disguise,
    &verb_new_incident, &verb_tune,    &verb_preview,  &verb_policy, &verb_contacts, &verb_evidence,
    &verb_quarantine,   &verb_ping,    &verb_reload,   &verb_status};

enum { N_VERBS = sizeof verbs / sizeof verbs[0] };

static int help(FILE *out)
{
    (void)fputs("extortctl - recognises extortion mail, and shows why\n\n"
                "usage: extortctl VERB [OPTION...] [PATH...]\n\n",
                out);
    for (size_t i = 0; i < N_VERBS; i++)
        (void)fprintf(out, "  %-12s %s\n", verbs[i]->name, verbs[i]->summary);
    (void)fputs("\n"
                "  extortctl VERB --help    options and examples of a verb\n"
                "  extortctl --version      version and what was built in\n\n"
                "Examples:\n"
                "  extortctl scan letter.eml\n"
                "  extortctl scan --json ~/Maildir | jq 'select(.flagged).path'\n\n"
                "Manual: man extortctl\n",
                out);
    return 0;
}

static int version(void)
{
    (void)printf("extortctl %s\n"
                 "rules: %s\n"
                 "reads: files, directories, Maildir, mbox, standard input\n"
                 "threads: %u of at most %d\n",
                 PACKAGE_VERSION, RULES_DIR, pool_processors(), POOL_THREADS_MAX);
    struct limits limits = limits_default();
    (void)printf("limits: %u bytes a message, %u bytes of text, %u parts\n", limits.message_bytes,
                 limits.text_bytes, limits.parts);
    return 0;
}

static int unknown_verb(const char *word)
{
    const char *names[N_VERBS + 1] = {0};
    for (size_t i = 0; i < N_VERBS; i++)
        names[i] = verbs[i]->name;
    const char *nearest = diags_nearest(word, names);
    (void)fprintf(stderr, "extortctl: there is no verb \"%s\"", word);
    if (nearest != NULL)
        (void)fprintf(stderr, "; did you mean \"%s\"?", nearest);
    (void)fputs("\nMore: extortctl --help\n", stderr);
    return EX_USAGE;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        (void)help(stderr);
        return EX_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return version();
    bool asks = strcmp(word, "help") == 0;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || (asks && argc == 2))
        return help(stdout);
    if (asks)
        word = argv[2];
    for (size_t i = 0; i < N_VERBS; i++) {
        if (strcmp(word, verbs[i]->name) == 0)
            return asks ? verb_help(verbs[i]) : verbs[i]->run(verbs[i], argc - 1, argv + 1);
    }
    return unknown_verb(word);
}

int main(int argc, char **argv)
{
    int code = run(argc, argv);
    /* A full disk shows only now when the output is short. */
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && (code == 0 || code == 1)) {
        (void)fputs("extortctl: standard output: could not be written\n", stderr);
        code = EX_IOERR;
    }
    return code;
}
