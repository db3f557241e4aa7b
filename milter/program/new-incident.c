/* extortctl new-incident: a rule pack for one break-in, ready to be filled in. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "program/files.h"
#include "program/incident.h"
#include "program/screen.h"
#include "program/verb.h"

enum {
    OUT_MAX = 1 << 20,
    OPTION_CLASS = 512,
    OPTION_LANGUAGE,
    OPTION_WORDS, /* and one for each list */
};

static bool language_known(const char *code)
{
    for (size_t i = 0; incident_languages[i] != NULL; i++) {
        if (strcmp(incident_languages[i], code) == 0)
            return true;
    }
    return false;
}

static void say_next(const struct incident *x, const char *path)
{
    (void)printf("%s: written\n", path);
    const char *before = "still to be filled in: ";
    for (unsigned i = 0; i < INCIDENT_LISTS; i++) {
        if (x->words[i].n > 0)
            continue;
        (void)printf("%s%s", before, incident_list_name((enum incident_list)i));
        before = ", ";
    }
    (void)printf("%snext: extortctl lint --with %s\n", before[0] == ',' ? "\n" : "", path);
}

static int write_pack(const struct incident *x, const char *path)
{
    char own[INCIDENT_NAME_MAX + sizeof ".conf"];
    bool shown = path != NULL && strcmp(path, "-") == 0;
    (void)snprintf(own, sizeof own, "%s.conf", x->name);
    path = path != NULL ? path : own;
    struct buf out;
    buf_init(&out, OUT_MAX);
    enum status status = incident_write(x, &out);
    int code = status == STATUS_OK ? 0 : EX_OSERR;
    if (status != STATUS_OK) {
        screen_complain(path, status_text(status));
    } else if (shown) {
        code = fwrite(out.p, 1, out.n, stdout) == out.n ? 0 : EX_IOERR;
    } else if (file_make(path, buf_view(&out)) != STATUS_OK) {
        screen_complain(path, strerror(errno));
        if (errno == EEXIST)
            (void)fputs("    hint: change that file, or name another with -o FILE\n", stderr);
        code = EX_CANTCREAT;
    } else {
        say_next(x, path);
    }
    buf_fini(&out);
    return code;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {
        {"organisation", required_argument, NULL, OPTION_WORDS + INCIDENT_ORGANISATION},
        {"data", required_argument, NULL, OPTION_WORDS + INCIDENT_DATA},
        {"sender", required_argument, NULL, OPTION_WORDS + INCIDENT_SENDER},
        {"own", required_argument, NULL, OPTION_WORDS + INCIDENT_OWN},
        {"class", required_argument, NULL, OPTION_CLASS},
        {"language", required_argument, NULL, OPTION_LANGUAGE},
        {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, OPTION_HELP},
        {0}};
    struct incident x = {.class_id = "breach-person", .language = "en"};
    const char *path = NULL;
    struct view wrong = VIEW_NONE;
    int answer;
    while ((answer = getopt_long(argc, argv, ":ho:", options, NULL)) != -1) {
        if (answer >= OPTION_WORDS && answer < OPTION_WORDS + INCIDENT_LISTS) {
            if (!incident_words_add(&x.words[answer - OPTION_WORDS], view_of(optarg), &wrong))
                return verb_misused(
                    verb,
                    "\"%.*s\" cannot stand in a word list: plain words, at most %d "
                    "bytes, with stars at their ends if need be; at most %d of them",
                    VIEW_ARG(wrong), INCIDENT_WORD_MAX, INCIDENT_WORDS_MAX);
        } else if (answer == OPTION_CLASS) {
            x.class_id = optarg;
            if (!incident_name_valid(view_of(optarg)))
                return verb_misused(verb, "--class wants a class of the packs, not \"%s\"", optarg);
        } else if (answer == OPTION_LANGUAGE) {
            x.language = optarg;
            if (!language_known(optarg))
                return verb_misused(
                    verb, "the notice stub is there in en, sv and fi, not in \"%s\"", optarg);
        } else if (answer == 'o') {
            path = optarg;
        } else if (answer == OPTION_HELP || answer == 'h') {
            return verb_help(verb);
        } else {
            return verb_bad_option(verb, argc, argv, answer, options);
        }
    }
    if (argc - optind != 1)
        return verb_misused(verb, "wants one name for the incident");
    x.name = argv[optind];
    if (!incident_name_valid(view_of(x.name)))
        return verb_misused(verb, "a name has letters, digits and '-', at most %d: not \"%s\"",
                            INCIDENT_NAME_MAX, x.name);
    return write_pack(&x, path);
}

const struct verb verb_new_incident = {
    .name = "new-incident",
    .summary = "write a rule pack for one break-in, to be filled in",
    .synopsis = "[--organisation WORDS] [--data WORDS] [--sender WORDS] [--own WORDS]\n"
                "                 [--class CLASS] [--language CODE] [-o FILE] NAME",
    .help =
        "Writes NAME.conf: rules that find letters about one organisation and the data taken\n"
        "there, with their proof, and a stub of what to tell the people who get such letters.\n"
        "WORDS are separated by commas; a star after a word stands for any ending. What is not\n"
        "given stays a placeholder that matches nothing.\n"
        "\n"
        "  --organisation WORDS   how letters name it: full name, short name, domain\n"
        "  --data WORDS           what was taken\n"
        "  --sender WORDS         names and addresses of the sender\n"
        "  --own WORDS            what only the organisation's own letters about it say\n"
        "  --class CLASS          what such letters are (default: breach-person)\n"
        "  --language CODE        of the notice stub: en, sv, fi (default: en)\n"
        "  -o, --output FILE      instead of NAME.conf; \"-\": standard output\n"
        "\n"
        "It never replaces a file. docs/INCIDENT.md: from the first letter to a live pack.\n"
        "Exit code: 0 written, 64 usage, 71 out of memory, 73 the file is there or cannot be "
        "made.\n"
        "\n"
        "Example:\n"
        "  extortctl new-incident solsidan --organisation 'Tandkliniken "
        "Solsidan,solsidan.example' \\\n"
        "      --data 'journal*,personnummer*' --language sv\n",
    .run = run,
};
