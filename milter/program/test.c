/* extortctl test: the proof of all packs - each rule's texts, and whole messages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "program/packs.h"
#include "program/screen.h"
#include "program/task.h"
#include "program/verb.h"

/*
 * Messages lie in folders named "proof": hit-CLASS-*.eml must be flagged as that class, hit-*.eml
 * as any, miss-*.eml must not be flagged.
 */
struct proof {
    bool hit;
    const char *class_id; /* or NULL */
};

struct testing {
    const struct ruleset *ruleset; /* foreign */
    struct scanner *scanner;       /* own */
    struct limits limits;
    size_t n, n_failed;
    int trouble;
};

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* The longest class whose id the name goes on with: "breach-company" before "breach". */
static const char *class_of(const struct ruleset *r, const char *name)
{
    const char *best = NULL;
    for (uint32_t c = 0; c < ruleset_n_classes(r); c++) {
        const char *id = ruleset_class(r, c)->id;
        size_t n = strlen(id);
        if (strncmp(name, id, n) == 0 && (name[n] == '-' || name[n] == '.') &&
            (best == NULL || n > strlen(best)))
            best = id;
    }
    return best;
}

static bool is_proof(const struct ruleset *r, const char *path, struct proof *out)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t n = strlen(name);
    static const char folder[] = "/proof";
    size_t before = slash != NULL ? (size_t)(slash - path) : 0;
    bool in_proof = (before >= sizeof folder - 1 &&
                     strncmp(slash - (sizeof folder - 1), folder, sizeof folder - 1) == 0) ||
                    (before == 5 && starts(path, "proof/"));
    if (!in_proof || n < 4 || strcmp(name + n - 4, ".eml") != 0)
        return false;
    *out = (struct proof){.hit = starts(name, "hit-")};
    if (out->hit)
        out->class_id = class_of(r, name + 4);
    return out->hit || starts(name, "miss-");
}

static void judge(struct testing *t, const char *path, const struct proof *proof,
                  const struct letter *letter)
{
    const struct scan *scan;
    t->n++;
    if (scanner_run(t->scanner, (struct view){letter->bytes, letter->n}, NULL, &scan) !=
        STATUS_OK) {
        screen_complain(path, "out of memory: no verdict");
        t->trouble = EX_OSERR;
        t->n_failed++;
        return;
    }
    const struct verdict *v = &scan->verdict;
    bool right = v->flagged == proof->hit &&
                 (proof->class_id == NULL ||
                  (v->class_id != NULL && strcmp(v->class_id, proof->class_id) == 0));
    if (right)
        return;
    t->n_failed++;
    const char *nearest = v->nearest_class < ruleset_n_classes(t->ruleset)
                              ? ruleset_class(t->ruleset, v->nearest_class)->id
                              : "none";
    char text[256];
    if (!v->flagged)
        (void)snprintf(text, sizeof text, "not flagged: %.2f points, nearest class %s", v->score,
                       nearest);
    else if (proof->hit)
        (void)snprintf(text, sizeof text, "flagged as %s instead of %s (%.2f points)", v->class_id,
                       proof->class_id, v->score);
    else
        (void)snprintf(text, sizeof text, "flagged as %s (%.2f points)", v->class_id, v->score);
    screen_complain(path, text);
    (void)fprintf(stderr, "    hint: extortctl explain says why\n");
}

/* False: no memory. */
static bool test_path(struct testing *t, const char *path)
{
    struct source *source = source_new(&path, 1, t->limits.message_bytes);
    if (source == NULL)
        return false;
    struct source_event event;
    enum source_step step;
    struct proof proof;
    while ((step = source_next(source, &event)) != SOURCE_END) {
        if (step == SOURCE_LETTER && is_proof(t->ruleset, event.path, &proof))
            judge(t, event.path, &proof, &event.letter);
        else if (trouble_of(step) != 0) {
            screen_complain(event.path, event.text);
            t->trouble = trouble_graver(t->trouble, trouble_of(step));
        }
        free(event.letter.bytes);
    }
    source_free(&source);
    return true;
}

static int test(const struct packs *packs)
{
    struct testing t = {.limits = limits_default()};
    struct ruleset *ruleset;
    int code = packs_load(packs, &t.limits, true, &ruleset);
    if (code != 0)
        return code;
    t.ruleset = ruleset;
    const struct crew crew = {ruleset, t.limits};
    t.scanner = crew_scanner(&crew);
    bool memory = t.scanner != NULL;
    for (size_t i = 0; memory && i < packs->n; i++)
        memory = test_path(&t, packs->paths[i]);
    if (memory)
        (void)printf(
            "%u rules in %zu packs proved; %zu whole messages, %zu not as they should be\n",
            ruleset_n_rules(ruleset), packs_count(ruleset), t.n, t.n_failed);
    else
        screen_complain(NULL, CREW_FAILED);
    scanner_free(&t.scanner);
    ruleset_free(&ruleset);
    return !memory ? EX_OSERR : t.trouble != 0 ? t.trouble : t.n_failed > 0 ? 1 : 0;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    return verb_on_packs(verb, argc, argv, test);
}

const struct verb verb_test = {
    .name = "test",
    .summary = "run the proof of rule packs: each rule's texts, and whole messages",
    .synopsis = "[--with PACK]... [PACK...]",
    .help = "Proves each rule of the packs (files or folders; default: the installed ones) by its\n"
            "hit and miss texts, and judges the whole messages in folders named \"proof\":\n"
            "\n"
            "  hit-CLASS-anything.eml   must be flagged as that class\n"
            "  hit-anything.eml         must be flagged\n"
            "  miss-anything.eml        must not be flagged\n"
            "\n"
            "  --with PACK   a pack beside these\n"
            "\n"
            "Exit code: 0 all proved, 1 a message is judged wrongly, 64 usage, 66 or 74 a message\n"
            "cannot be read, 71 out of memory, 78 a pack is wrong or a rule's proof fails.\n"
            "\n"
            "Example:\n"
            "  extortctl test rules/lang/fi rules/core\n",
    .run = run,
};
