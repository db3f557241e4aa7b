/* extortctl scan: a verdict for every message, in the order in which they were given. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "program/pool.h"
#include "program/progress.h"
#include "program/report.h"
#include "program/scan.h"
#include "program/task.h"
#include "program/verb.h"

enum { REPORT_BYTES_MAX = 64 << 20 }; /* of one message; indicators and rules bound it */

struct scanning {
    struct scan_wishes wishes;
    uint32_t rule; /* of wishes.rule, or UINT32_MAX */
    struct screen screen;
    struct crew crew;
    struct ruleset *ruleset; /* own */
    struct progress progress;
    uint64_t n_messages, n_flagged, n_notes, n_failed;
    int trouble;           /* the gravest sysexits code so far, or 0 */
    atomic_bool unwritten; /* stdout failed: stop */
};

struct job {
    struct task task;
    struct buf out; /* what will be printed */
    bool flagged;
    enum status status;
};

static void job_free(struct job *job)
{
    task_fini(&job->task);
    buf_fini(&job->out);
    free(job);
}

static void *worker_new(void *context)
{
    const struct scanning *s = context;
    return crew_scanner(&s->crew);
}

static void worker_free(void *context, void *worker)
{
    (void)context;
    struct scanner *scanner = worker;
    scanner_free(&scanner);
}

static void work(void *context, void *worker, void *item)
{
    const struct scanning *s = context;
    struct job *job = item;
    if (job->task.step != SOURCE_LETTER)
        return;
    const struct scan *scan;
    uint64_t began = progress_clock();
    job->status = scanner_run(worker, task_bytes(&job->task), NULL, &scan);
    if (job->status != STATUS_OK)
        return;
    const struct report report = {job->task.path, job->task.letter.number, scan, s->ruleset,
                                  (double)(progress_clock() - began) / 1e6};
    job->flagged = scan->verdict.flagged;
    if (s->wishes.json)
        job->status = report_json(&job->out, &report, s->wishes.explain, s->rule);
    else if (s->wishes.explain)
        job->status = report_why(&job->out, &s->screen, &report);
    else
        job->status = report_line(&job->out, &s->screen, &report);
    if (job->status == STATUS_OK && !s->wishes.json && s->rule != UINT32_MAX)
        job->status = report_rule(&job->out, &s->screen, &report, s->rule);
}

static void say(struct scanning *s, const struct job *job, const char *text)
{
    char numbered[300];
    progress_hide(&s->progress);
    if (job->task.letter.number > 0) {
        (void)snprintf(numbered, sizeof numbered, "message %u: %s", job->task.letter.number, text);
        text = numbered;
    }
    screen_complain(job->task.path, text);
}

static void emit_event(struct scanning *s, const struct job *job)
{
    say(s, job, job->task.text != NULL ? job->task.text : "out of memory");
    if (job->task.step == SOURCE_NOTE)
        s->n_notes++;
    else
        s->n_failed++;
    s->trouble = trouble_graver(s->trouble, trouble_of(job->task.step));
}

static void emit_message(struct scanning *s, const struct job *job)
{
    s->n_messages++;
    if (job->status != STATUS_OK) {
        say(s, job,
            job->status == STATUS_NO_MEMORY ? "out of memory: no verdict"
                                            : "the report grew too large");
        s->n_failed++;
        s->trouble =
            trouble_graver(s->trouble, job->status == STATUS_NO_MEMORY ? EX_OSERR : EX_SOFTWARE);
        return;
    }
    if (job->task.letter.n == 0 && job->task.letter.number == 0)
        say(s, job, "an empty file");
    s->n_flagged += job->flagged;
    if (s->progress.shares_screen)
        progress_hide(&s->progress);
    if (fwrite(job->out.p, 1, job->out.n, stdout) != job->out.n || fflush(stdout) != 0) {
        if (!atomic_exchange(&s->unwritten, true))
            screen_complain("standard output", strerror(errno));
        s->trouble = trouble_graver(s->trouble, EX_IOERR);
    }
}

static void emit(void *context, void *item)
{
    struct scanning *s = context;
    struct job *job = item;
    if (!atomic_load(&s->unwritten)) {
        if (job->task.step == SOURCE_LETTER)
            emit_message(s, job);
        else
            emit_event(s, job);
        progress_step(&s->progress, job->task.done);
    }
    job_free(job);
}

/* Reads all messages and hands them to the pool. False when memory or every worker is gone. */
static bool feed(struct scanning *s, struct pool *pool, struct source *source)
{
    struct source_event event;
    enum source_step step;
    while (!atomic_load(&s->unwritten) && (step = source_next(source, &event)) != SOURCE_END) {
        struct job *job = calloc(1, sizeof *job);
        if (job == NULL) {
            free(event.letter.bytes);
            return false;
        }
        buf_init(&job->out, REPORT_BYTES_MAX);
        if (!task_init(&job->task, &event, step, source_done(source)) ||
            !pool_push(pool, job, job->task.letter.n)) {
            job_free(job);
            return false;
        }
    }
    return true;
}

static int scan_all(struct scanning *s, const char *const *paths, size_t n_paths)
{
    static const struct pool_ops ops = {worker_new, worker_free, work, emit};
    struct source *source = source_new(paths, n_paths, s->crew.limits.message_bytes);
    if (source == NULL) {
        screen_complain(NULL, "out of memory");
        return EX_OSERR;
    }
    progress_begin(&s->progress, s->wishes.progress, 0);
    if (s->progress.on)
        s->progress.total = (double)source_count(paths, n_paths);
    struct pool *pool;
    enum status status = pool_new(&ops, s, s->wishes.jobs, TASK_QUEUE_BYTES, &pool);
    bool fed = status == STATUS_OK && feed(s, pool, source);
    bool finished = pool_finish(&pool);
    source_free(&source);
    progress_hide(&s->progress);
    if (!fed || !finished) {
        screen_complain(NULL, CREW_FAILED);
        return EX_OSERR;
    }
    return 0;
}

static void summarise(const struct scanning *s)
{
    if (s->n_messages + s->n_failed == 0)
        screen_complain(NULL, "no message was found");
    if (s->wishes.json || s->n_messages + s->n_failed + s->n_notes < 2)
        return;
    double seconds = progress_seconds(&s->progress);
    (void)fprintf(stderr, "%llu message%s, %llu flagged", (unsigned long long)s->n_messages,
                  s->n_messages == 1 ? "" : "s", (unsigned long long)s->n_flagged);
    if (s->n_failed > 0)
        (void)fprintf(stderr, ", %llu without a verdict", (unsigned long long)s->n_failed);
    if (s->n_notes > 0)
        (void)fprintf(stderr, ", %llu passed over", (unsigned long long)s->n_notes);
    (void)fprintf(stderr, ", %.1f s (%.0f/s)\n", seconds,
                  seconds > 0 ? (double)s->n_messages / seconds : 0);
}

/* False: there is no such rule; says so, and which is near. */
static bool find_rule(struct scanning *s)
{
    uint32_t n = ruleset_n_rules(s->ruleset);
    s->rule = UINT32_MAX;
    if (s->wishes.rule == NULL)
        return true;
    const char **ids = calloc((size_t)n + 1, sizeof *ids);
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(ruleset_rule(s->ruleset, i)->id, s->wishes.rule) == 0)
            s->rule = i;
        if (ids != NULL)
            ids[i] = ruleset_rule(s->ruleset, i)->id;
    }
    if (s->rule == UINT32_MAX) {
        const char *nearest = ids != NULL ? diags_nearest(s->wishes.rule, ids) : NULL;
        (void)fprintf(stderr, "extortctl: there is no rule \"%s\"", s->wishes.rule);
        if (nearest != NULL)
            (void)fprintf(stderr, "; did you mean \"%s\"?", nearest);
        (void)fputs("\n", stderr);
    }
    free(ids);
    return s->rule != UINT32_MAX;
}

int scan_paths(const struct scan_wishes *wishes, const struct packs *packs,
               const char *const *paths, size_t n_paths)
{
    struct scanning s = {.wishes = *wishes, .crew.limits = limits_default()};
    s.screen = screen_of(stdout);
    int code = packs_load(packs, &s.crew.limits, true, &s.ruleset);
    if (code != 0)
        return code;
    s.crew.ruleset = s.ruleset;
    code = find_rule(&s) ? scan_all(&s, paths, n_paths) : EX_USAGE;
    ruleset_free(&s.ruleset);
    if (code == 0)
        summarise(&s);
    return code != 0 ? code : s.trouble != 0 ? s.trouble : s.n_flagged > 0 ? 1 : 0;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, OPTION_JSON},
                                            {"explain", no_argument, NULL, OPTION_EXPLAIN},
                                            {"rules", required_argument, NULL, OPTION_RULES},
                                            {"with", required_argument, NULL, OPTION_WITH},
                                            {"jobs", required_argument, NULL, 'j'},
                                            {"no-progress", no_argument, NULL, OPTION_NO_PROGRESS},
                                            {"help", no_argument, NULL, OPTION_HELP},
                                            {0}};
    struct scan_wishes w = {.progress = true, .jobs = pool_processors()};
    struct packs packs = {0};
    bool memory = true;
    int answer, code = -1;
    while (code < 0 && (answer = getopt_long(argc, argv, ":hj:", options, NULL)) != -1) {
        if (answer == OPTION_JSON)
            w.json = true;
        else if (answer == OPTION_EXPLAIN)
            w.explain = true;
        else if (answer == OPTION_RULES)
            memory = memory && packs_add(&packs, optarg);
        else if (answer == OPTION_WITH)
            memory = memory && packs_add_beside(&packs, optarg);
        else if (answer == 'j' && !verb_jobs(optarg, &w.jobs))
            code = verb_misused(verb, "--jobs wants a number from 1 to %d, not \"%s\"",
                                POOL_THREADS_MAX, optarg);
        else if (answer == OPTION_NO_PROGRESS)
            w.progress = false;
        else if (answer == OPTION_HELP || answer == 'h')
            code = verb_help(verb);
        else if (answer == '?' || answer == ':')
            code = verb_bad_option(verb, argc, argv, answer, options);
    }
    if (code < 0 && optind == argc)
        code = verb_misused(verb, "no path given; \"-\" reads standard input");
    if (code < 0 && (!memory || !packs_default(&packs))) {
        screen_complain(NULL, "out of memory");
        code = EX_OSERR;
    }
    if (code < 0)
        code = scan_paths(&w, &packs, (const char *const *)argv + optind, (size_t)(argc - optind));
    packs_fini(&packs);
    return code;
}

const struct verb verb_scan = {
    .name = "scan",
    .summary = "judge messages: files, directories, Maildirs, mboxes, standard input",
    .synopsis = "[--json] [--explain] [--rules PATH]... [--with PATH]... [--jobs N] "
                "[--no-progress] PATH...",
    .help = "Judges every message below PATH... (\"-\": standard input), one line each.\n"
            "\n"
            "  --json          one JSON object a line\n"
            "  --explain       why: every hit in its own words, and what other classes lacked\n"
            "  --rules PATH    a rule pack or a folder of them, instead of the installed ones;\n"
            "                  may be given several times; also EXTORTION_RULES=PATH:PATH\n"
            "  --with PATH     the same, beside the installed ones\n"
            "  -j, --jobs N    threads (default: one per processor)\n"
            "  --no-progress   no progress line, even on a terminal\n"
            "\n"
            "Exit code: 0 none flagged, 1 some flagged, 64 usage, 66 a path could not be opened,\n"
            "70 a report failed, 71 out of memory, 74 reading or writing failed, 78 bad rules.\n"
            "\n"
            "Examples:\n"
            "  extortctl scan letter.eml\n"
            "  extortctl scan --explain - < letter.eml\n"
            "  extortctl scan --json ~/Maildir /var/mail/anna | jq -r 'select(.flagged).path'\n"
            "  extortctl scan --rules rules --jobs 4 archive.mbox\n",
    .run = run,
};
