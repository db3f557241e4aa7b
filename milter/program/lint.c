/* extortctl lint: everything that is wrong or odd in rule packs, in one run. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "program/packs.h"
#include "program/screen.h"
#include "program/verb.h"

static bool speaks_for(const struct rule_info *rule, uint32_t class_index)
{
    return !rule->shadow && rule->facet < FACET_COUNT && rule->facet != FACET_CONTEXT &&
           (rule->classes == 0 || (rule->classes >> class_index & 1) != 0);
}

/* The most that the rules could ever give a class, each facet up to its cap. */
static double most_points(const struct ruleset *r, uint32_t class_index, double *points)
{
    double sum = 0;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        points[f] = 0;
    for (uint32_t i = 0; i < ruleset_n_rules(r); i++) {
        const struct rule_info *rule = ruleset_rule(r, i);
        if (speaks_for(rule, class_index))
            points[rule->facet] += rule->weight;
    }
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        double cap = ruleset_cap(r, (enum facet)f);
        points[f] = points[f] < cap ? points[f] : cap;
        sum += points[f];
    }
    return sum;
}

/* Classes that no message can ever be flagged as, and rules that can never count. */
static void check_reach(const struct ruleset *r, struct diags *diags)
{
    uint64_t named = 0;
    for (uint32_t i = 0; i < ruleset_n_rules(r); i++) {
        const struct rule_info *rule = ruleset_rule(r, i);
        named |= rule->facet < FACET_COUNT ? rule->classes : 0;
    }
    for (uint32_t c = 0; c < ruleset_n_classes(r); c++) {
        const struct class_info *class = ruleset_class(r, c);
        double points[FACET_COUNT];
        double most = most_points(r, c, points);
        if (!class_requirement(r, c, points))
            diags_add(diags, DIAG_WARNING, NULL, 0, class->id,
                      "add rules for the facets that it requires",
                      "class can never be reached: no rules give what it requires");
        else if (most < class->threshold)
            diags_add(diags, DIAG_WARNING, NULL, 0, class->id, "lower the threshold or add rules",
                      "class can never be flagged: all its rules together give %.2f points of %.2f",
                      most, class->threshold);
        else if ((named >> c & 1) == 0)
            diags_add(diags, DIAG_WARNING, NULL, 0, class->id,
                      "name it in the class list of the rules that are typical of it",
                      "no rule speaks for this class by name; it will lose against others");
    }
}

static int lint(const struct packs *packs)
{
    const struct limits limits = limits_default();
    struct diags diags;
    diags_init(&diags);
    struct ruleset *ruleset;
    int code = packs_load_diags(packs, &limits, true, &diags, &ruleset);
    if (code == 0)
        check_reach(ruleset, &diags);
    packs_print_diags(&diags);
    size_t warnings = diags.n + diags.dropped - diags.n_errors;
    if (code == 0)
        (void)printf("%u rules in %zu packs, %u classes: ", ruleset_n_rules(ruleset),
                     packs_count(ruleset), ruleset_n_classes(ruleset));
    (void)printf("%zu error%s, %zu warning%s\n", diags.n_errors, diags.n_errors == 1 ? "" : "s",
                 warnings, warnings == 1 ? "" : "s");
    ruleset_free(&ruleset);
    diags_fini(&diags);
    return code;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    return verb_on_packs(verb, argc, argv, lint);
}

const struct verb verb_lint = {
    .name = "lint",
    .summary = "name everything that is wrong or odd in rule packs",
    .synopsis = "[--with PACK]... [PACK...]",
    .help =
        "Loads and proves the packs (files or folders; default: the installed ones) and prints\n"
        "every mistake with file, line, rule and a hint. --with PACK: a pack beside these.\n"
        "\n"
        "Exit code: 0 no errors (there may be warnings), 64 usage, 71 out of memory, 78 errors.\n"
        "\n"
        "Example:\n"
        "  extortctl lint rules/\n",
    .run = run,
};
