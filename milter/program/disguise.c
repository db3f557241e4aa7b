/* extortctl disguise: a message as an extortionist would hide it, for tests and for teaching. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "program/disguise-mail.h"
#include "program/screen.h"
#include "program/source.h"
#include "program/verb.h"

enum { OUT_MAX = 64 << 20, OPTION_KIND = 512, OPTION_STRENGTH, OPTION_SEED, OPTION_LIST };

static int list_kinds(void)
{
    for (const struct disguise_kind *k = disguise_kinds; k->name != NULL; k++)
        (void)printf("%-12s %3u%%  %s\n", k->name, k->usual, k->summary);
    return 0;
}

/* "homoglyph,zero-width": false with a message already given. */
static bool kinds_add(const struct verb *verb, struct disguises *d, const char *text)
{
    struct view rest = view_of(text);
    while (rest.n > 0) {
        size_t comma = view_find_byte(rest, ',');
        struct view name = view_trim(view_sub(rest, 0, comma));
        rest = view_sub(rest, comma + 1, rest.n);
        const struct disguise_kind *kind = disguise_kind_find(name);
        if (kind == NULL || d->n == DISGUISES_MAX) {
            (void)verb_misused(verb,
                               kind == NULL ? "no disguise \"%.*s\"; --list shows them all"
                                            : "too many disguises at \"%.*s\"",
                               VIEW_ARG(name));
            return false;
        }
        d->kind[d->n++] = kind;
    }
    return true;
}

static int disguise(const struct disguises *d, const char *path)
{
    struct limits limits = limits_default();
    struct source *source = source_new(&path, 1, limits.message_bytes);
    struct source_event event;
    struct buf out;
    int code = EX_NOINPUT;
    buf_init(&out, OUT_MAX);
    enum source_step step = source != NULL ? source_next(source, &event) : SOURCE_NO_MEMORY;
    if (step == SOURCE_LETTER) {
        enum status status =
            disguise_mail(d, (struct view){event.letter.bytes, event.letter.n}, &out);
        free(event.letter.bytes);
        code = status == STATUS_OK ? 0 : EX_SOFTWARE;
        if (status != STATUS_OK)
            screen_complain(path, status_text(status));
        else if (fwrite(out.p, 1, out.n, stdout) != out.n)
            code = EX_IOERR;
    } else if (step == SOURCE_NO_MEMORY) {
        screen_complain(path, "out of memory");
        code = EX_OSERR;
    } else {
        screen_complain(path, step == SOURCE_END ? "no message in it" : event.text);
    }
    source_free(&source);
    buf_fini(&out);
    return code;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"kind", required_argument, NULL, OPTION_KIND},
                                            {"strength", required_argument, NULL, OPTION_STRENGTH},
                                            {"seed", required_argument, NULL, OPTION_SEED},
                                            {"list", no_argument, NULL, OPTION_LIST},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    struct disguises d = {.seed = 1};
    uint64_t n;
    int answer;
    while ((answer = getopt_long(argc, argv, ":hk:", options, NULL)) != -1) {
        if (answer == OPTION_KIND || answer == 'k') {
            if (!kinds_add(verb, &d, optarg))
                return EX_USAGE;
        } else if (answer == OPTION_STRENGTH) {
            if (!view_to_u64(view_of(optarg), 100, &n) || n == 0)
                return verb_misused(verb, "--strength wants percent, 1 to 100, not \"%s\"", optarg);
            d.strength = (unsigned)n;
        } else if (answer == OPTION_SEED) {
            if (!view_to_u64(view_of(optarg), UINT64_MAX, &d.seed))
                return verb_misused(verb, "--seed wants a number, not \"%s\"", optarg);
        } else if (answer == OPTION_LIST) {
            return list_kinds();
        } else if (answer == OPTION_HELP || answer == 'h') {
            return verb_help(verb);
        } else {
            return verb_bad_option(verb, argc, argv, answer, options);
        }
    }
    if (d.n == 0)
        return verb_misused(verb, "say which disguise: --kind NAME[,NAME...]; --list shows them");
    if (argc - optind != 1)
        return verb_misused(verb, "wants one message; \"-\" reads standard input");
    return disguise(&d, argv[optind]);
}

const struct verb verb_disguise = {
    .name = "disguise",
    .summary = "hide a message's words as extortionists do, reproducibly",
    .synopsis = "--kind NAME[,NAME...] [--strength PERCENT] [--seed N] FILE",
    .help =
        "Writes the message with its subject and visible text disguised. The same message,\n"
        "kinds, strength and seed always give the same bytes. Payment addresses stay readable.\n\n"
        "  -k, --kind NAME,...   what to apply, in this order\n"
        "      --strength N      percent of the places where it acts (each kind has its usual)\n"
        "      --seed N          another seed, other places (default 1)\n"
        "      --list            all kinds with their usual strength\n\n"
        "Examples:\n"
        "  extortctl disguise --kind homoglyph --strength 80 letter.eml | extortctl scan -\n"
        "  extortctl disguise -k zero-width,hidden letter.eml > hard.eml\n",
    .run = run,
};
