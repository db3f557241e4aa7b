/* extortctl evaluate: how good the rules are on labelled mail. */
#include "program/evaluate.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "program/files.h"
#include "program/packs.h"
#include "program/pool.h"
#include "program/verb.h"

struct wishes {
    const char *compare, *html; /* foreign; or NULL */
    bool json, progress;
};

static int print(enum status status, const struct buf *out)
{
    if (status == STATUS_OK && fwrite(out->p, 1, out->n, stdout) == out->n && fflush(stdout) == 0)
        return 0;
    screen_complain("standard output", evaluation_why(status == STATUS_OK ? STATUS_IO : status));
    return status == STATUS_OK ? EX_IOERR : EX_OSERR;
}

static int write_html(const struct evaluation *e, const char *path)
{
    struct buf out;
    buf_init(&out, EVALUATE_BYTES_MAX);
    enum status status = evaluate_html(&out, e);
    if (status == STATUS_OK)
        status = file_write(path, buf_view(&out));
    if (status != STATUS_OK)
        screen_complain(path, evaluation_why(status));
    buf_fini(&out);
    return status == STATUS_OK ? 0 : status == STATUS_IO ? EX_CANTCREAT : EX_OSERR;
}

/* Adds what changed to the text report; into the JSON one it is a member of its own. */
static int write_report(const struct evaluation *e, const struct wishes *w)
{
    struct buf out, old;
    buf_init(&out, EVALUATE_BYTES_MAX);
    buf_init(&old, EVALUATE_BYTES_MAX);
    struct comparison comparison = {0};
    enum status status = STATUS_OK;
    int code = 0;
    const char *why = NULL;
    if (w->compare != NULL) {
        status = file_read(w->compare, &old);
        if (status == STATUS_OK)
            status = comparison_make(e, buf_view(&old), &comparison, &why);
        if (status != STATUS_OK) {
            screen_complain(w->compare, why != NULL ? why : evaluation_why(status));
            code = status == STATUS_INVALID ? EX_DATAERR
                   : status == STATUS_IO    ? EX_NOINPUT
                                            : EX_OSERR;
        }
    }
    const struct screen screen = screen_of(stdout);
    const struct comparison *compared = w->compare != NULL && code == 0 ? &comparison : NULL;
    status = w->json ? evaluate_json(&out, e, compared) : evaluate_text(&out, &screen, e, compared);
    code = trouble_graver(code, print(status, &out));
    comparison_fini(&comparison);
    buf_fini(&old);
    buf_fini(&out);
    return code;
}

static int report(struct evaluation *e, const struct wishes *w)
{
    int code = write_report(e, w);
    if (w->html != NULL)
        code = trouble_graver(code, write_html(e, w->html));
    if (e->n_wrong_lines > 0)
        code = trouble_graver(code, EX_DATAERR);
    code = trouble_graver(code, e->trouble);
    if (e->interrupted != 0) {
        (void)fprintf(stderr, "extortctl evaluate: interrupted: %zu messages were measured\n",
                      e->n);
        code = 128 + e->interrupted;
    }
    return code;
}

static int evaluate(struct evaluation *e, struct diags *diags, const struct packs *packs,
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
    code = evaluation_measure(e, &limits, w->html != NULL, w->progress);
    if (code == 0)
        code = report(e, w);
    ruleset_free(&ruleset);
    return code;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, OPTION_JSON},
                                            {"html", required_argument, NULL, OPTION_HTML},
                                            {"compare", required_argument, NULL, OPTION_COMPARE},
                                            {"label", required_argument, NULL, OPTION_LABEL},
                                            {"rules", required_argument, NULL, OPTION_RULES},
                                            {"with", required_argument, NULL, OPTION_WITH},
                                            {"jobs", required_argument, NULL, 'j'},
                                            {"no-progress", no_argument, NULL, OPTION_NO_PROGRESS},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    struct evaluation e;
    evaluation_init(&e);
    struct wishes w = {.progress = true};
    struct packs packs = {0};
    struct diags diags;
    diags_init(&diags);
    enum label label = LABEL_COUNT;
    bool memory = true, any = false;
    int answer, code = -1;
    /* "-": paths come in their order among the options, since --label speaks for those after it. */
    while (code < 0 && (answer = getopt_long(argc, argv, "-:hj:", options, NULL)) != -1) {
        if (answer == 1) {
            memory = memory && evaluation_add(&e, optarg, label, &diags);
            any = true;
        } else if (answer == OPTION_LABEL) {
            label = label_find(view_of(optarg));
            if (label == LABEL_COUNT)
                code = verb_misused(verb, "--label is extortion, ham, hardneg or spam, not \"%s\"",
                                    optarg);
        } else if (answer == 'j') {
            if (!verb_jobs(optarg, &e.jobs))
                code = verb_misused(verb, "--jobs wants a number from 1 to %d, not \"%s\"",
                                    POOL_THREADS_MAX, optarg);
        } else if (answer == OPTION_JSON) {
            w.json = true;
        } else if (answer == OPTION_HTML) {
            w.html = optarg;
        } else if (answer == OPTION_COMPARE) {
            w.compare = optarg;
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
        code = evaluate(&e, &diags, &packs, &w);
    packs_fini(&packs);
    diags_fini(&diags);
    evaluation_fini(&e);
    return code;
}

const struct verb verb_evaluate = {
    .name = "evaluate",
    .summary = "measure recall, precision and each rule's worth on labelled mail",
    .synopsis = "[--json] [--html FILE] [--compare OLD.json] [--rules PATH]...\n"
                "                 [--with PATH]... [--jobs N] [--no-progress] MANIFEST... [--label "
                "LABEL PATH...]...",
    .help =
        "A manifest is tab-separated; its first line names the columns: path and label "
        "(extortion,\n"
        "ham, hardneg, spam), and if there: class, language, cluster, complete, tags. Paths are\n"
        "relative to the manifest. Files without headers are taken as a bare text body.\n"
        "\n"
        "  --label LABEL   the paths after it are no manifests but mail of that label:\n"
        "                  files, folders, Maildirs, mboxes\n"
        "  --json          all figures, and the verdict on every message\n"
        "  --html FILE     the same as one page to look at\n"
        "  --compare OLD   what changed since OLD, an earlier --json\n"
        "  --rules PATH    a rule pack or a folder of them, instead of the installed ones\n"
        "  --with PATH     the same, beside the installed ones\n"
        "  -j, --jobs N    threads (default: one per processor); figures do not depend on it\n"
        "  --no-progress   no progress line, even on a terminal\n"
        "\n"
        "Interrupted (Ctrl-C), it reports what was measured so far.\n"
        "Exit code: 0 measured, 64 usage, 65 something in a manifest is wrong, 66 a sample could\n"
        "not be opened, 71 out of memory, 74 reading or writing failed, 78 bad rules.\n"
        "\n"
        "Examples:\n"
        "  extortctl evaluate --json corpus/MANIFEST.tsv > before.json\n"
        "  extortctl evaluate --compare before.json --rules rules corpus/MANIFEST.tsv\n"
        "  extortctl evaluate --label ham ~/Maildir --label extortion letters.mbox\n",
    .run = run,
};
