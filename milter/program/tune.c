/* extortctl tune: proposes weights from labelled mail; changes nothing by itself. */
#include "program/tune.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "program/files.h"
#include "program/packs.h"
#include "program/pool.h"
#include "program/verb.h"

enum { OPTION_TIE = 512, OPTION_COST };

struct wishes {
    struct tune_wishes tune;
    const char *output; /* foreign; or NULL */
    bool progress;
};

static int write_overlay(const struct tuning *t, const char *path)
{
    struct buf out;
    buf_init(&out, EVALUATE_BYTES_MAX);
    enum status status = tuning_overlay(t, &out);
    if (status == STATUS_OK)
        status = file_write(path, buf_view(&out));
    if (status != STATUS_OK)
        screen_complain(path, evaluation_why(status));
    buf_fini(&out);
    return status == STATUS_OK ? 0 : status == STATUS_IO ? EX_CANTCREAT : EX_OSERR;
}

static int write_report(const struct tuning *t, const struct wishes *w)
{
    const struct screen screen = screen_of(stdout);
    struct buf out;
    buf_init(&out, EVALUATE_BYTES_MAX);
    int code = EX_OSERR;
    if (tuning_text(t, &screen, &out) == STATUS_OK)
        code = fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0 ? 0 : EX_IOERR;
    if (code != 0)
        screen_complain("standard output", code == EX_IOERR ? strerror(errno) : "out of memory");
    buf_fini(&out);
    if (w->output != NULL)
        code = trouble_graver(code, write_overlay(t, w->output));
    return code;
}

static int fit(const struct evaluation *e, const struct wishes *w)
{
    struct tuning t;
    enum status status = tuning_make(&t, e, &w->tune);
    if (status == STATUS_OK)
        status = tuning_run(&t, e->jobs);
    int code = EX_OSERR;
    if (status == STATUS_OK) {
        code = write_report(&t, w);
    } else if (status == STATUS_INVALID) {
        (void)fprintf(stderr,
                      "extortctl tune: %u clusters of extortion and %u of other mail are too few: "
                      "%d of each are needed\n",
                      t.clusters_extortion, t.clusters_other, FIT_FOLDS);
        code = EX_DATAERR;
    } else {
        screen_complain(NULL, CREW_FAILED);
    }
    tuning_fini(&t);
    return code;
}

static int tune(struct evaluation *e, struct diags *diags, const struct packs *packs,
                const struct wishes *w)
{
    int code = evaluation_check(e, diags);
    if (code != 0)
        return code;
    const struct limits limits = limits_default();
    struct ruleset *ruleset;
    code = packs_load(packs, &limits, true, &ruleset);
    if (code != 0)
        return code;
    e->ruleset = ruleset;
    e->keep_hits = true;
    code = evaluation_measure(e, &limits, false, w->progress);
    if (code == 0 && e->interrupted != 0) {
        (void)fputs("extortctl tune: interrupted: nothing was fitted\n", stderr);
        code = 128 + e->interrupted;
    } else if (code == 0) {
        /* Measuring looked for signals between messages; a fit just ends. */
        sigset_t held;
        (void)sigemptyset(&held);
        (void)sigaddset(&held, SIGINT);
        (void)sigaddset(&held, SIGTERM);
        (void)pthread_sigmask(SIG_UNBLOCK, &held, NULL);
        code = fit(e, w);
        if (e->n_wrong_lines > 0)
            code = trouble_graver(code, EX_DATAERR);
        code = trouble_graver(code, e->trouble);
    }
    ruleset_free(&ruleset);
    return code;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"label", required_argument, NULL, OPTION_LABEL},
                                            {"output", required_argument, NULL, 'o'},
                                            {"tie", no_argument, NULL, OPTION_TIE},
                                            {"cost", required_argument, NULL, OPTION_COST},
                                            {"rules", required_argument, NULL, OPTION_RULES},
                                            {"with", required_argument, NULL, OPTION_WITH},
                                            {"jobs", required_argument, NULL, 'j'},
                                            {"no-progress", no_argument, NULL, OPTION_NO_PROGRESS},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    struct evaluation e;
    evaluation_init(&e);
    struct wishes w = {.progress = true, .tune.cost = 1};
    struct packs packs = {0};
    struct diags diags;
    diags_init(&diags);
    enum label label = LABEL_COUNT;
    bool memory = true, any = false;
    uint64_t cost;
    int answer, code = -1;
    while (code < 0 && (answer = getopt_long(argc, argv, "-:hj:o:", options, NULL)) != -1) {
        if (answer == 1) {
            memory = memory && evaluation_add(&e, optarg, label, &diags);
            any = true;
        } else if (answer == OPTION_LABEL) {
            label = label_find(view_of(optarg));
            if (label == LABEL_COUNT)
                code = verb_misused(verb, "--label is extortion, ham, hardneg or spam, not \"%s\"",
                                    optarg);
        } else if (answer == OPTION_COST) {
            if (!view_to_u64(view_of(optarg), 1000, &cost) || cost == 0)
                code = verb_misused(verb, "--cost wants a number, 1 to 1000, not \"%s\"", optarg);
            w.tune.cost = (double)cost;
        } else if (answer == OPTION_TIE) {
            w.tune.tie = true;
        } else if (answer == 'o') {
            w.output = optarg;
        } else if (answer == 'j') {
            if (!verb_jobs(optarg, &e.jobs))
                code = verb_misused(verb, "--jobs wants a number from 1 to %d, not \"%s\"",
                                    POOL_THREADS_MAX, optarg);
        } else if (answer == OPTION_RULES) {
            memory = memory && packs_add(&packs, optarg);
        } else if (answer == OPTION_WITH) {
            memory = memory && packs_add_beside(&packs, optarg);
        } else if (answer == OPTION_NO_PROGRESS) {
            w.progress = false;
        } else if (answer == OPTION_HELP || answer == 'h') {
            code = verb_help(verb);
        } else {
            code = verb_bad_option(verb, argc, argv, answer, options);
        }
    }
    for (; code < 0 && optind < argc; optind++, any = true)
        memory = memory && evaluation_add(&e, argv[optind], label, &diags);
    if (code < 0 && !any)
        code = verb_misused(verb, "no manifest given");
    if (code < 0 && (!memory || !packs_default(&packs))) {
        screen_complain(NULL, "out of memory");
        code = EX_OSERR;
    }
    if (code < 0)
        code = tune(&e, &diags, &packs, &w);
    packs_fini(&packs);
    diags_fini(&diags);
    evaluation_fini(&e);
    return code;
}

const struct verb verb_tune = {
    .name = "tune",
    .summary = "propose weights from labelled mail, to be reviewed",
    .synopsis = "[-o FILE] [--tie] [--cost N] [--rules PATH]... [--with PATH]... [--jobs N]\n"
                "                 [--no-progress] MANIFEST... [--label LABEL PATH...]...",
    .help =
        "Fits the weights of the rules to labelled mail (see extortctl evaluate --help for\n"
        "manifests) and shows them before and after, and what they do to mail that the fit had\n"
        "not seen. Nothing changes but FILE. Signs, caps and the classes' needs stay; weights\n"
        "stay between 0.05 and 10, and near those of the packs unless the mail says otherwise.\n"
        "\n"
        "  -o, --output FILE   a pack that overrides the weights, to be reviewed and then named\n"
        "                      beside the others\n"
        "  --tie               rules that are alike but for their language share one weight\n"
        "  --cost N            a false positive is as bad as N misses (default 1)\n"
        "  --label LABEL       the paths after it are no manifests but mail of that label\n"
        "  --rules PATH        a rule pack or a folder of them, instead of the installed ones\n"
        "  --with PATH         the same, beside the installed ones\n"
        "  -j, --jobs N        threads (default: one per processor); the result is the same\n"
        "  --no-progress       no progress line, even on a terminal\n"
        "\n"
        "Exit code: 0 done, 64 usage, 65 too little mail or a wrong manifest, others as for\n"
        "evaluate.\n"
        "\n"
        "Examples:\n"
        "  extortctl tune -o tuned.conf corpus/MANIFEST.tsv\n"
        "  extortctl evaluate --with tuned.conf corpus/MANIFEST.tsv\n",
    .run = run,
};
