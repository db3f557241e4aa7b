/* Templates: one rule for each language that takes part, of that language's own lists. */
#include <stdlib.h>
#include <unistd.h>

#include "fixture.h"

enum { FILES_MAX = 4 };

/* Loads up to FILES_MAX files, the core pack first; NULL ends them. */
static struct ruleset *load(const char *const *file, bool prove, struct diags *diags)
{
    char path[FILES_MAX][40];
    const char *paths[FILES_MAX];
    uint32_t n = 0;
    for (; n < FILES_MAX && file[n] != NULL; n++) {
        snprintf(path[n], sizeof path[n], "/tmp/extortion-pack-XXXXXX");
        int fd = mkstemp(path[n]);
        assert_true(fd >= 0);
        size_t bytes = strlen(file[n]);
        assert_int_equal(write(fd, file[n], bytes), (ssize_t)bytes);
        close(fd);
        paths[n] = path[n];
    }
    struct ruleset_source source = {.paths = paths, .n_paths = n, .prove = prove};
    struct limits limits = limits_default();
    struct ruleset *r = NULL;
    enum status status = ruleset_load(&source, &limits, diags, &r);
    for (uint32_t i = 0; i < n; i++)
        unlink(path[i]);
    assert_true((status == STATUS_OK) == (r != NULL));
    return r;
}

#define TEMPLATES                                                                                  \
    "pack = \"core\"; words = { coin = [ \"bitcoin\" ]; };\n"                                      \
    "templates = (\n"                                                                              \
    "  { id = \"s-taken\"; facet = \"claim\"; describe = \"d\"; weight = 2.0;\n"                   \
    "    near = [ \"{taken}\", \"{data}\" ]; within = 4; },\n"                                     \
    "  { id = \"s-coin\"; any = [ \"{taken} {core.coin}\" ]; },\n"                                 \
    "  { id = \"s-both\"; facet = \"demand\"; describe = \"d\"; when = \"s-taken and s-coin and "  \
    "core-any\"; }\n"                                                                              \
    "); rules = ( { id = \"core-any\"; any = [ \"please\" ]; hit = \"please\"; miss = \"no\"; } "  \
    ");\n"
#define XX                                                                                         \
    "pack = \"xx\"; language = \"xx\"; structure = true;\n"                                        \
    "words = { taken = [ \"stole\" ]; data = [ \"files\" ]; };\n"
/* A language that needs twice the words; its pack is two files. */
#define YY_TOP                                                                                     \
    "pack = \"yy\"; language = \"yy\"; structure = true; stretch = 2.0;\n"                         \
    "words = { taken = [ \"vei\" ]; };\n"
#define YY_MORE "pack = \"yy\"; language = \"yy\"; words = { data = [ \"tiedot\" ]; };\n"

static const struct {
    const char *text, *rule;
    enum outcome want;
} texts[] = {
    {"I stole your files", "xx-s-taken", OUTCOME_YES},
    {"I stole your files", "yy-s-taken", OUTCOME_NO},
    {"stole a b files", "xx-s-taken", OUTCOME_YES},
    {"stole a b c files", "xx-s-taken", OUTCOME_NO}, /* within 4 */
    {"vei aa bb cc dd ee ff tiedot", "yy-s-taken", OUTCOME_YES},
    {"vei aa bb cc dd ee ff gg tiedot", "yy-s-taken", OUTCOME_NO}, /* within 8 */
    {"I stole the tiedot", "xx-s-taken", OUTCOME_NO},
    {"I stole the tiedot", "yy-s-taken", OUTCOME_NO},
    {"stole bitcoin", "xx-s-coin", OUTCOME_YES},
    {"vei bitcoin", "yy-s-coin", OUTCOME_YES},
    {"stole bitcoin, stole files, please", "xx-s-both", OUTCOME_YES},
    {"stole bitcoin, stole files", "xx-s-both", OUTCOME_NO},
    {"stole bitcoin, vei tiedot, please", "xx-s-both", OUTCOME_NO}, /* of its own siblings only */
    {"stole bitcoin, vei tiedot, please", "yy-s-both", OUTCOME_NO},
    {"vei bitcoin, vei tiedot, please", "yy-s-both", OUTCOME_YES},
};

static const struct rule_info *rule_named(const struct ruleset *r, const char *id)
{
    for (uint32_t i = 0; i < ruleset_n_rules(r); i++)
        if (strcmp(ruleset_rule(r, i)->id, id) == 0)
            return ruleset_rule(r, i);
    fail_msg("no rule %s", id);
    return NULL;
}

static void test_instances(void **state)
{
    (void)state;
    static const char *const files[] = {TEMPLATES, XX, YY_TOP, YY_MORE};
    struct diags d;
    diags_init(&d);
    struct ruleset *r = load(files, true, &d);
    assert_non_null(r);
    assert_int_equal(d.n, 0);
    assert_int_equal(ruleset_n_rules(r), 7);
    const struct rule_info *info = rule_named(r, "yy-s-taken");
    assert_string_equal(info->template_id, "s-taken");
    assert_string_equal(info->pack, "yy");
    assert_string_equal(ruleset_language(r, info->language), "yy");
    assert_int_equal(info->line, 3);
    /* What they have in common is kept once. */
    assert_ptr_equal(info->describe, rule_named(r, "xx-s-taken")->describe);
    assert_null(rule_named(r, "core-any")->template_id);
    struct fixture f;
    fixture_init(&f);
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        fixture_body(&f, view_of(texts[i].text));
        fixture_match(&f, r, true);
        failures += row_check(fixture_outcome(&f, r, texts[i].rule) == texts[i].want, texts[i].text,
                              texts[i].rule);
    }
    fixture_fini(&f);
    ruleset_free(&r);
    diags_fini(&d);
    assert_int_equal(failures, 0);
}

/* A row of words in one key has room for 200 bytes; what is longer is matched in another way. */
static void test_long_entries(void **state)
{
    (void)state;
    static const char front[] =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
        "cccccccc dddddddddddddddddddddddddddddddddddddddd eeeeeeeeeeeeeeeeeeee";
    enum { LEAST = 190, MOST = 202 }; /* bytes before the last word */
    int failures = 0;
    for (size_t n = LEAST; n <= MOST; n++) {
        char entry[300], pack[1000];
        size_t used = sizeof front - 1;
        memcpy(entry, front, used);
        entry[used++] = ' ';
        memset(entry + used, 'y', n - used);
        memcpy(entry + n, " zz", sizeof " zz");
        (void)snprintf(
            pack, sizeof pack,
            "pack = \"long\"; words = { a = [ \"%s\" ]; };\n"
            "rules = ( { id = \"long-a\"; any = [ \"{a}\" ]; hit = \"%s\"; miss = \"x\"; } );",
            entry, entry);
        const char *const files[] = {pack, NULL, NULL, NULL};
        struct diags d;
        diags_init(&d);
        struct ruleset *r = load(files, true, &d);
        failures += row_check(r != NULL && d.n == 0, entry, d.n > 0 ? d.v[0].message : "loads");
        ruleset_free(&r);
        diags_fini(&d);
    }
    assert_int_equal(failures, 0);
}

/* By the template's id all languages change, by the rule's id one. */
static void test_overrides(void **state)
{
    (void)state;
    static const char *const files[] = {
        TEMPLATES, XX,
        "pack = \"yy\"; language = \"yy\"; structure = true;\n"
        "words = { taken = [ \"vei\" ]; data = [ \"tiedot\" ]; };\n",
        "pack = \"site\"; override = ( { id = \"s-taken\"; weight = 0.5; },\n"
        "{ id = \"s-both\"; shadow = true; }, { id = \"yy-s-taken\"; weight = 0.25; } );\n"};
    struct diags d;
    diags_init(&d);
    struct ruleset *r = load(files, false, &d);
    assert_non_null(r);
    assert_true(rule_named(r, "xx-s-taken")->weight == 0.5);
    assert_true(rule_named(r, "yy-s-taken")->weight == 0.25);
    assert_true(rule_named(r, "xx-s-both")->shadow && rule_named(r, "yy-s-both")->shadow);
    assert_false(rule_named(r, "xx-s-coin")->shadow);
    ruleset_free(&r);
    diags_fini(&d);
}

#define TWO "pack = \"core\";\ntemplates = (\n"

static const struct {
    const char *label, *core, *language;
    unsigned line;
    const char *where, *message, *hint;
} mistakes[] = {
    {"a list that the language lacks",
     TWO "{ id = \"s-a\";\n near = [ \"{taken}\",\n \"{dada}\" ]; } );\n", XX, 5, "xx-s-a",
     "\"{dada}\", column 1: there is no list {dada}", "did you mean {data}?"},
    {"a list that nothing is like", TWO "{ id = \"s-a\"; any = [ \"{nowhere}\" ]; } );\n", XX, 3,
     "xx-s-a", "\"{nowhere}\", column 1: there is no list {nowhere}",
     "define it under words in pack \"xx\""},
    {"structure without a language", TWO " );\n", "pack = \"xx\";\nstructure = true;\n", 2, NULL,
     "templates need a language", "add language = \"...\";"},
    {"stretch out of range", TWO " );\n", XX "stretch = 4.5;\n", 3, NULL,
     "stretch must be above 0.1 and at most 4", NULL},
    {"a template without id", TWO "{ any = [ \"{taken}\" ]; } );\n", XX, 3, NULL,
     "a template without id", "write id = \"...\" first"},
    {"a key that no rule has",
     TWO "{ id = \"s-a\"; any = [ \"{taken}\" ]; faset = \"claim\"; } );\n", XX, 3, "s-a",
     "unknown key \"faset\" in a rule", "did you mean \"facet\"?"},
    {"a sibling that is not there",
     TWO "{ id = \"s-a\"; any = [ \"{taken}\" ]; },\n"
         "{ id = \"s-b\"; when = \"s-c\"; } );\n",
     XX, 4, "xx-s-b", "when, column 1: there is no rule \"s-c\"", NULL},
    {"a proof for no rule", TWO "{ id = \"s-taken\"; any = [ \"{taken}\" ]; } );\n",
     XX "proof = (\n{ rule = \"xx-s-takn\"; hit = \"stole\"; } );\n", 4, "xx-s-takn",
     "there is no rule \"xx-s-takn\"", "did you mean \"xx-s-taken\"?"},
    {"a proof without rule", TWO "{ id = \"s-taken\"; any = [ \"{taken}\" ]; } );\n",
     XX "proof = (\n{ hit = \"stole\"; } );\n", 4, NULL, "a proof without rule",
     "write rule = \"...\" first"},
    {"a key that no proof has", TWO "{ id = \"s-taken\"; any = [ \"{taken}\" ]; } );\n",
     XX "proof = (\n{ rule = \"xx-s-taken\"; hits = \"stole\"; } );\n", 4, "xx-s-taken",
     "unknown key \"hits\" in a proof", "did you mean \"hit\"?"},
    {"a proof that fails", TWO "{ id = \"s-taken\"; any = [ \"{taken}\" ]; } );\n",
     XX "proof = (\n{ rule = \"xx-s-taken\"; hit = \"stole\"; miss = [ \"files\",\n"
        "\"stole\" ]; } );\n",
     5, "xx-s-taken", "proof failed: it hits \"stole\", which it must miss", NULL},
    {"the same rule of a template and by hand", TWO "{ id = \"s-a\"; any = [ \"{taken}\" ]; } );\n",
     XX "rules = ( { id = \"xx-s-a\"; any = [ \"files\" ]; hit = \"files\"; miss = \"x\"; } );\n",
     3, "xx-s-a", NULL, "give one of them another id"},
    {"near, some of one",
     TWO "{ id = \"s-a\"; near = [ \"{taken}\", \"{data}\" ]; at_least = 1; } );\n", XX, 3,
     "xx-s-a", "at_least must be from 2 to 32", NULL},
    {"near, some of too few",
     TWO "{ id = \"s-a\"; near = [ \"{taken}\", \"{data}\" ]; at_least = 3; } );\n", XX, 3,
     "xx-s-a", "at_least asks for more than there are", NULL},
    {"near, some of several words",
     TWO "{ id = \"s-a\"; near = [ \"{taken}\",\n \"my {data}\" ]; at_least = 2; } );\n", XX, 4,
     "xx-s-a", "beside at_least only single words and lists", "put it into a word list"},
    {"any, at no place", TWO "{ id = \"s-a\"; any = [ \"{taken}\" ]; at_least = 0; } );\n", XX, 3,
     "xx-s-a", "at_least must be from 1 to 32", NULL},
    {"at_least beside a pattern", TWO "{ id = \"s-a\"; regex = \"stole\"; at_least = 2; } );\n", XX,
     3, "xx-s-a", "at_least has no meaning beside regex", "leave it out"},
    {"a leaning to no class",
     TWO "{ id = \"s-a\"; any = [ \"{taken}\" ];\n lean = { ddos = 1.0; }; } );\n", XX, 4, "xx-s-a",
     "there is no class \"ddos\"", "classes are defined in rules/core/"},
    {"a leaning that is no number",
     "pack = \"core\"; classes = ( { id = \"ddos\"; describe = \"d\"; require = \"claim\"; } );\n"
     "templates = ( { id = \"s-a\"; any = [ \"{taken}\" ]; lean = { ddos = \"much\"; }; } );\n",
     XX, 2, "xx-s-a", "ddos must be a number", "write lean = { ddos = 1.5; other = -0.5; }"},
    {"a report that is no context",
     TWO
     "{ id = \"s-a\"; facet = \"claim\"; describe = \"d\"; report = true; any = [ \"{taken}\" ]; "
     "} );\n",
     XX, 3, "xx-s-a", "only context can be a report", "leave it out"},
};

static void test_mistakes(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        const char *files[] = {mistakes[i].core, mistakes[i].language, NULL};
        struct diags d;
        diags_init(&d);
        assert_null(load(files, true, &d));
        failures += row_check(d.n == 1, mistakes[i].label, "one complaint");
        for (size_t k = 0; k < d.n; k++) {
            if (d.n != 1 || d.v[k].line != mistakes[i].line)
                fprintf(stderr, "# %u: %s: %s\n", d.v[k].line, d.v[k].where, d.v[k].message);
            failures += row_check(d.v[k].line == mistakes[i].line, mistakes[i].label, "line");
            failures += row_view(view_of(d.v[k].where), view_of(mistakes[i].where),
                                 mistakes[i].label, "where");
            if (mistakes[i].message != NULL)
                failures += row_view(view_of(d.v[k].message), view_of(mistakes[i].message),
                                     mistakes[i].label, "message");
            if (mistakes[i].hint != NULL)
                failures += row_view(view_of(d.v[k].hint), view_of(mistakes[i].hint),
                                     mistakes[i].label, "hint");
        }
        diags_fini(&d);
    }
    assert_int_equal(failures, 0);
}

/* Without a language that takes part, templates make no rules and are no mistake. */
static void test_nobody_takes_part(void **state)
{
    (void)state;
    static const char *const files[] = {
        TWO "{ id = \"s-a\"; any = [ \"{nowhere}\" ]; } );\n",
        "pack = \"zz\"; language = \"zz\"; rules = ( { id = \"zz-a\"; "
        "any = [ \"word\" ]; hit = \"word\"; miss = \"x\"; } );\n",
        NULL};
    struct diags d;
    diags_init(&d);
    struct ruleset *r = load(files, true, &d);
    assert_non_null(r);
    assert_int_equal(ruleset_n_rules(r), 1);
    ruleset_free(&r);
    diags_fini(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instances),         cmocka_unit_test(test_long_entries),
        cmocka_unit_test(test_overrides),         cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_nobody_takes_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
