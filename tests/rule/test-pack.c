/* What is said of broken packs, overlays, folders; and what a good pack becomes. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

struct expected {
    unsigned line;
    const char *where, *message, *hint;
};

static int diags_compare(const struct diags *d, const struct expected *want, size_t n,
                         const char *label)
{
    int failures = row_check(d->n == n, label, "number of diagnostics");
    for (size_t i = 0; i < d->n || i < n; i++) {
        char row[300];
        const struct diag *g = i < d->n ? &d->v[i] : NULL;
        snprintf(row, sizeof row, "%s %zu", label, i);
        if (g == NULL || i >= n) {
            fprintf(stderr, "# %s: %s: line %u: %s: %s\n", row, g != NULL ? "too much" : "missing",
                    g != NULL ? g->line : want[i].line, g != NULL && g->where ? g->where : "",
                    g != NULL ? g->message : want[i].message);
            failures++;
            continue;
        }
        if (g->line != want[i].line)
            fprintf(stderr, "# %s: line %u\n", row, g->line);
        failures += row_check(g->line == want[i].line, row, want[i].message);
        failures += row_view(view_of(g->where), view_of(want[i].where), row, "where");
        failures += row_view(view_of(g->message), view_of(want[i].message), row, "message");
        failures += row_view(view_of(g->hint), view_of(want[i].hint), row, "hint");
    }
    return failures;
}

/* All mistakes of one file come out in one run, with their lines. */
static void test_many_mistakes(void **state)
{
    (void)state;
    static const char pack[] =
        /*  1 */
        "pack = \"t\";\n"
        /*  2 */ "langage = \"en\";\n"
        /*  3 */ "words = { a = [ \"{b}\" ]; b = [ \"x\", \"{a}\" ]; empty = [];\n"
        /*  4 */ "  odd = [ \"fine\",\n"
        /*  5 */ "          \"not ~ fine\"\n"
        /*  6 */ "  ]; number = 5; };\n"
        /*  7 */ "facets = { clam = { cap = 1.0; }; claim = { cap = -1.0; }; };\n"
        /*  8 */ "scoring = { window = 3; };\n"
        /*  9 */ "classes = ( { id = \"c\"; describe = \"d\"; require = \"claim and threet\"; },\n"
        /* 10 */ "            { id = \"c\"; describe = \"d\"; require = \"claim\"; } );\n"
        /* 11 */ "rules = (\n"
        /* 12 */ "  { id = \"t-key\"; faset = \"claim\"; any = [ \"word\" ]; },\n"
        /* 13 */ "  { id = \"t-type\"; any = 5; weight = \"heavy\"; },\n"
        /* 14 */ "  { id = \"t-range\"; any = [ \"word\" ]; weight = 11; },\n"
        /* 15 */ "  { id = \"t-key\"; any = [ \"word\" ]; },\n"
        /* 16 */ "  { id = \"x-prefix\"; any = [ \"word\" ]; },\n"
        /* 17 */ "  { id = \"t-list\"; any = [ \"the {od}\", \"a {t.emptyy}\" ]; },\n"
        /* 18 */ "  { id = \"t-class\"; any = [ \"word\" ]; class = [ \"cc\", \"k\" ]; },\n"
        /* 19 */ "  { id = \"t-facet\"; any = [ \"word\" ]; facet = \"threatt\"; describe = \"d\"; "
        "},\n"
        /* 20 */ "  { id = \"t-phrase\"; any = [ \"good\",\n"
        /* 21 */ "      \"bad (one\",\n"
        /* 22 */ "      \"it\" ]; unless = [ \"a | b\" ]; },\n"
        /* 23 */ "  { id = \"t-regex\"; regex = \"foo(bar\"; },\n"
        /* 24 */ "  { id = \"t-literal\"; regex = \"[0-9]+x?\"; },\n"
        /* 25 */ "  { id = \"t-empty\"; any = []; },\n"
        /* 26 */ "  { id = \"t-nothing\"; },\n"
        /* 27 */ "  { id = \"t-two\"; any = [ \"word\" ]; regex = \"words\"; },\n"
        /* 28 */ "  { id = \"t-when\"; when = \"t-key and t-kez\"; },\n"
        /* 29 */ "  { id = \"t-round\"; when = \"t-around\"; },\n"
        /* 30 */ "  { id = \"t-around\"; when = \"not t-round\"; },\n"
        /* 31 */ "  { id = \"t-describe\"; facet = \"claim\"; any = [ \"word\" ]; },\n"
        /* 32 */ "  { id = \"t-beside\"; any = [ \"word\" ]; within = 3; },\n"
        /* 33 */ "  { id = \"t-where\"; any = [ \"word\" ]; where = [ \"bodi\" ]; },\n"
        /* 34 */ "  { id = \"t-anomaly\"; anomaly = \"hiden-text\"; },\n"
        /* 35 */ "  { id = \"t-indicator\"; indicator = { kind = \"amont\"; min = 5; max = 4; }; "
        "},\n"
        /* 36 */ "  { id = \"t-header\"; header = { name = \"From\"; }; },\n"
        /* 37 */ "  { any = [ \"word\" ]; },\n"
        /* 38 */ "  { id = \"t-near\"; near = [ \"word\" ]; },\n"
        /* 39 */ "  { id = \"t-on\"; regex = \"words\"; on = \"bodie\"; },\n"
        /* 40 */ "  { id = \"t-can-not\"; any = [ \"word !!! word\" ]; }\n"
        /* 41 */ ");\n"
        /* 42 */ "override = ( { id = \"t-tipe\"; off = true; } );\n"
        /* 43 */ "extend = ( { list = \"t.ood\"; words = [ \"x\" ]; } );\n";
    static const struct expected want[] = {
        {2, NULL, "unknown key \"langage\" in a rule pack", "did you mean \"language\"?"},
        {3, "t.empty", "the list is empty", "write at least one word, or remove the list"},
        {3, "t.b", "\"{a}\", column 1: the list contains itself: t.a, t.b, t.a", NULL},
        {5, "t.odd", "\"not ~ fine\", column 5: '~' needs a number from 0 to 20 right after it",
         "write ~3 for up to three words between"},
        {6, "t.number", "a word list must be texts [ \"...\", \"...\" ]", NULL},
        {7, "facets", "unknown facet \"clam\"", "did you mean \"claim\"?"},
        {7, "facets", "cap must be above 0 and at most 1000", NULL},
        {8, "scoring", "window must be from 20 to 100000", NULL},
        {9, "c", "require, column 11: there is no facet \"threet\"", "did you mean \"threat\"?"},
        {10, "c", "the class was defined before, in FILE:9", NULL},
        {12, "t-key", "unknown key \"faset\" in a rule", "did you mean \"facet\"?"},
        {13, "t-type", "any must be a text \"...\", or texts [ \"...\", \"...\" ]", NULL},
        {13, "t-type", "weight must be a number", NULL},
        {14, "t-range", "weight must be above 0 and at most 10", NULL},
        {15, "t-key", "the rule was defined before, in FILE:12", "give one of them another id"},
        {16, "x-prefix", "the id must begin with \"t-\", the pack's name", NULL},
        {17, "t-list", "\"the {od}\", column 5: there is no list {od}", "did you mean {odd}?"},
        {17, "t-list", "\"a {t.emptyy}\", column 3: there is no list {t.emptyy}",
         "did you mean {t.empty}?"},
        {18, "t-class", "there is no class \"cc\"", "classes are defined in rules/core/"},
        {18, "t-class", "there is no class \"k\"", "classes are defined in rules/core/"},
        {19, "t-facet", "there is no facet \"threatt\"", "did you mean \"threat\"?"},
        {21, "t-phrase", "\"bad (one\", column 5: '(' is never closed with ')'", NULL},
        {22, "t-phrase", "\"it\", column 1: one word of one or two letters would hit everywhere",
         "add the words that stand around it"},
        {22, "t-phrase", "\"a | b\", column 3: '|' stands outside of brackets",
         "write (this|that), or two phrases"},
        {23, "t-regex", "the regex is wrong at offset 7: missing closing parenthesis",
         "in a pack, write \\\\ for each \\ of the pattern"},
        {24, "t-literal", "the pattern has no literal of 3 letters that every match must contain",
         "give what every match contains: literal = \"...\"; or several, one of which every "
         "match contains: literal = [ \"...\", \"...\" ]"},
        {25, "t-empty", "any is empty", "write at least one phrase"},
        {26, "t-nothing", "the rule looks for nothing",
         "add any = [ \"phrase\" ], or another of docs/RULES.md, \"A rule\""},
        {27, "t-two", "a rule with both any and regex", "make two rules, and a third with when"},
        {28, "t-when", "when, column 11: there is no rule \"t-kez\"", "did you mean \"t-key\"?"},
        {30, "t-around", "the rule depends on itself: t-around needs t-round needs t-around",
         "take one of them out of a condition"},
        {31, "t-describe", "describe is missing", "say in a line what the sender does"},
        {32, "t-beside", "within has no meaning beside any", "leave it out"},
        {33, "t-where", "there is no \"bodi\" to read", "did you mean \"body\"?"},
        {34, "t-anomaly", "there is no anomaly \"hiden-text\"", "did you mean \"hidden-text\"?"},
        {35, "t-indicator", "there is no indicator \"amont\"", "did you mean \"amount\"?"},
        {35, "t-indicator", "min is above max, so it can never match", NULL},
        {36, "t-header", "header asks nothing", "add regex, exists, same or differs"},
        {37, NULL, "a rule without id", "write id = \"...\" first"},
        {38, "t-near", "near needs two phrases or more", "use any for one phrase"},
        {39, "t-on", "a regex cannot read \"bodie\"",
         "use folded, visible, link, filename or header:Name"},
        {40, "t-can-not",
         "\"word !!! word\", column 6: \"!!!\" has no letters, so it can never "
         "match",
         "only letters and digits are matched; leave it out, or write ~1"},
        {42, "t-tipe", "there is no rule or template \"t-tipe\"", "did you mean \"t-type\"?"},
        {43, "t.ood", "there is no list \"t.ood\"", "did you mean \"t.odd\"?"},
    };
    struct diags d;
    diags_init(&d);
    assert_null(fixture_load(pack, false, &d));
    /* the file's name is random */
    for (size_t i = 0; i < d.n; i++) {
        char *at = strstr(d.v[i].message, d.v[i].file);
        if (at != NULL) {
            size_t n = strlen(d.v[i].file);
            memcpy(at, "FILE", 4);
            memmove(at + 4, at + n, strlen(at + n) + 1);
        }
    }
    assert_int_equal(diags_compare(&d, want, COUNT_OF(want), "mistakes"), 0);
    diags_fini(&d);
}

static void test_single_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *label, *pack;
        struct expected want;
    } rows[] = {
        {"syntax",
         "pack = \"t\";\nwords = {\n a = [ \"x\"\n b = [ \"y\" ]; };\n",
         {4, NULL, "syntax error", "is a ; or a , missing at the end of the line above?"}},
        {"quote",
         "pack = \"t\";\nwords = { a = [ \"x ]; };\nscoring = { };\n",
         {4, NULL, "syntax error",
          "the text that begins in line 2 runs on over the end of that line: is a quotation mark "
          "missing?"}},
        {"bracket",
         "pack = \"t\";\nwords = { a = [ \"x\" };\n",
         {2, NULL, "syntax error",
          "look for a missing ; or , or a bracket that is not closed, on this line or above"}},
        {"comma",
         "pack = \"t\";\nrules = ( { id = \"t-a\"; },\n);\n",
         {3, NULL, "syntax error", "no comma may stand before a closing bracket"}},
        {"no pack",
         "words = { a = [ \"xyz\" ]; };\n",
         {1, NULL, "the file names no pack", "begin the file with pack = \"name\";"}},
        {"pack name",
         "\npack = \"t x\";\n",
         {2, NULL, "\"t x\" is no name for a pack", "use letters, digits and '-'"}},
        {"not UTF-8",
         "pack = \"t\";\n# \xFF\n",
         {2, NULL, "this line is not UTF-8", "save the file as UTF-8"}},
        {"include",
         "pack = \"t\";\n\n  @include \"/etc/passwd\"\n",
         {3, NULL, "@include is not allowed in rule packs",
          "every *.conf below the folder is read anyway"}},
        {"twice", "pack = \"t\";\npack = \"u\";\n", {2, NULL, "duplicate setting name", NULL}},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct diags d;
        struct expected want = rows[i].want;
        diags_init(&d);
        assert_null(fixture_load(rows[i].pack, true, &d));
        if (d.n > 0 && want.hint == NULL)
            want.hint = d.v[0].hint; /* whatever it is */
        failures += diags_compare(&d, &want, 1, rows[i].label);
        diags_fini(&d);
    }
    assert_int_equal(failures, 0);
}

static void test_proof(void **state)
{
    (void)state;
    static const char pack[] =
        "pack = \"t\"; rules = (\n"
        "{ id = \"t-none\"; any = [ \"video\" ]; },\n"
        "{ id = \"t-good\"; any = [ \"my video\" ]; hit = [ \"My video!\" ]; miss = \"a video\"; "
        "},\n"
        "{ id = \"t-bad\"; any = [ \"my video\" ]; hit = [ \"My video!\",\n"
        "   \"a clip\" ]; miss = [\n"
        "   \"my video\" ]; },\n"
        "{ id = \"t-message\"; any = [ \"my video\" ]; where = [ \"subject\" ];\n"
        "   hit_message = \"Subject: my video\\n\\nx\\n\"; miss_message = \"Subject: x\\n\\nmy "
        "video\\n\"; },\n"
        "{ id = \"t-subject\"; any = [ \"my video\" ]; where = [ \"subject\" ];\n"
        "   hit = \"my video\"; miss = \"a video\"; },\n"
        "{ id = \"t-sender\"; any = [ \"my video\" ]; where = \"sender\"; hit = \"my video\"; miss "
        "= \"a video\"; },\n"
        "{ id = \"t-hidden\"; any = [ \"my video\" ]; where = \"hidden\"; hit = \"my video\"; miss "
        "= \"a video\"; },\n"
        "{ id = \"t-alt\"; any = [ \"my video\" ]; where = \"alt\"; hit = \"my video\"; miss = \"a "
        "video\"; },\n"
        "{ id = \"t-file\"; any = [ \"my video\" ]; where = \"filename\"; hit = \"my video.mp4\"; "
        "miss = \"a video.mp4\"; },\n"
        "{ id = \"t-name\"; regex = \"video\\\\.mp4\"; on = \"filename\"; hit = \"my video.mp4\"; "
        "miss = \"a video\"; },\n"
        "{ id = \"t-link\"; regex = \"^https://pay\\\\.\"; on = \"link\"; hit = "
        "\"https://pay.example/\"; miss = \"http://pay.example\"; },\n"
        "{ id = \"t-field\"; regex = \"^badmailer\"; on = \"header:X-Mailer\"; hit = \"BadMailer "
        "1\"; miss = \"A BadMailer\"; },\n"
        "{ id = \"t-literal\"; regex = \"fo+bar\"; literal = \"foobar\"; hit = \"fooobar\"; miss = "
        "\"fubar\"; },\n"
        "{ id = \"t-when\"; when = \"t-good and t-env\"; hit = \"my video\"; miss = \"x\"; },\n"
        "{ id = \"t-env\"; envelope = { authenticated = true; }; }\n"
        ");\n";
    static const struct expected want[] = {
        {5, "t-bad", "proof failed: it does not hit \"a clip\"", NULL},
        {6, "t-bad", "proof failed: it hits \"my video\", which it must miss", NULL},
        {18, "t-literal", "proof failed: it does not hit \"fooobar\"",
         "its literal does not stand in the text"},
        {19, "t-when", "proof failed: hit \"my video\" could not be decided",
         "the rule asks for what a text alone does not tell"},
    };
    static const struct expected missing[] = {
        {2, "t-none", "the rule has no proof that it hits",
         "add hit = [ \"a text in which it must hit\" ]"},
        {2, "t-none", "the rule has no proof that it spares innocent text",
         "add miss = [ \"an innocent text that comes close\" ]"},
    };
    struct diags d;
    diags_init(&d);
    assert_null(fixture_load(pack, true, &d));
    int failures = diags_compare(&d, missing, COUNT_OF(missing), "missing proof");
    diags_fini(&d);
    /* the proofs run only when nothing else is wrong */
    char *whole = strdup(pack), *none = strstr(whole, "{ id = \"t-none\"");
    assert_non_null(none);
    none[0] = '#';
    assert_null(fixture_load(whole, true, &d));
    failures += diags_compare(&d, want, COUNT_OF(want), "failed proof");
    diags_fini(&d);
    free(whole);
    assert_int_equal(failures, 0);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A folder with several packs, lists across packs, an overlay in another folder. */
static void test_folders(void **state)
{
    (void)state;
    char base[] = "/tmp/extortion-packs-XXXXXX", sub[64], site[64];
    assert_non_null(mkdtemp(base));
    snprintf(sub, sizeof sub, "%s/lang", base);
    snprintf(site, sizeof site, "%s/site.conf", base);
    assert_int_equal(mkdir(sub, 0700), 0);
    write_file(
        sub, "b.conf",
        "pack = \"en\"; rules = ( { id = \"en-a\"; any = [ \"send {core.coin}\" ]; weight = 2; },\n"
        "{ id = \"en-off\"; any = [ \"word\" ]; }, { id = \"en-shadow\"; any = [ \"word\" ]; } );");
    write_file(sub, "a.conf", "pack = \"core\"; words = { coin = [ \"bitcoin\" ]; };");
    write_file(sub, "notes.txt", "this is no pack");
    write_file(sub, ".hidden.conf", "nor is this");
    write_file(base, "site.conf",
               "pack = \"site\"; override = ( { id = \"en-a\"; weight = 0.5; }, { id = \"en-off\"; "
               "off = true; },\n"
               "{ id = \"en-shadow\"; shadow = true; } );\n"
               "extend = ( { list = \"core.coin\"; words = [ \"florin*\" ]; } );");
    const char *paths[] = {sub, site};
    struct ruleset_source source = {.paths = paths, .n_paths = 2};
    struct limits limits = limits_default();
    struct diags d;
    struct ruleset *r = NULL, *again = NULL;
    diags_init(&d);
    assert_int_equal(ruleset_load(&source, &limits, &d, &r), STATUS_OK);
    assert_int_equal(ruleset_load(&source, &limits, &d, &again), STATUS_OK);
    assert_int_equal(ruleset_n_rules(r), 3);
    const struct rule_info *info = ruleset_rule(r, 0);
    assert_string_equal(info->id, "en-a");
    assert_string_equal(info->pack, "en");
    assert_true(info->weight > 0.49 && info->weight < 0.51);
    assert_int_equal(info->line, 1);
    assert_true(ruleset_rule(r, 2)->shadow);
    assert_int_equal(strlen(ruleset_version(r)), 16);
    assert_string_equal(ruleset_version(r), ruleset_version(again));
    struct fixture f;
    fixture_init(&f);
    fixture_body(&f, VIEW("send florins, send bitcoin, word\n"));
    fixture_match(&f, r, true);
    assert_string_equal(fixture_quotes(&f, r, "en-a"), "send florins | send bitcoin");
    assert_int_equal(fixture_outcome(&f, r, "en-off"), OUTCOME_NO);
    assert_int_equal(fixture_outcome(&f, r, "en-shadow"), OUTCOME_YES);
    fixture_fini(&f);
    ruleset_free(&again);
    source.n_paths = 1;
    assert_int_equal(ruleset_load(&source, &limits, &d, &again), STATUS_OK);
    assert_string_not_equal(ruleset_version(r), ruleset_version(again));
    ruleset_free(&again);
    ruleset_free(&r);
    assert_int_equal(d.n, 0);
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", base);
    assert_int_equal(system(command), 0);

    /* nothing there, and an empty folder */
    assert_int_equal(ruleset_load(&source, &limits, &d, &r), STATUS_IO);
    assert_null(r);
    assert_int_equal(d.n, 1);
    assert_string_equal(d.v[0].message, "cannot read: No such file or directory");
    diags_fini(&d);
    assert_int_equal(mkdir(base, 0700), 0);
    paths[0] = base;
    assert_int_equal(ruleset_load(&source, &limits, &d, &r), STATUS_INVALID);
    assert_string_equal(d.v[0].message, "no rule packs here");
    assert_int_equal(rmdir(base), 0);
    diags_fini(&d);
}

static void test_settings(void **state)
{
    (void)state;
    struct ruleset *r = fixture_ruleset(
        "pack = \"core\"; facets = { claim = { cap = 4; }; context = { cap = 12.5; }; };\n"
        "scoring = { window = 100; };\n"
        "classes = ( { id = \"one\"; describe = \"first\"; threshold = 6; require = \"claim and "
        "not proof\"; },\n"
        "{ id = \"two\"; describe = \"second\"; require = \"threat >= 2.0 or count(claim, proof, "
        "hush) >= 2\"; } );\n"
        "rules = ( { id = \"core-a\"; facet = \"claim\"; class = [ \"two\" ]; describe = \"d\"; "
        "any = \"word\"; } );\n");
    assert_int_equal(ruleset_n_classes(r), 2);
    assert_string_equal(ruleset_class(r, 1)->id, "two");
    assert_true(ruleset_class(r, 0)->threshold > 5.9 && ruleset_class(r, 1)->threshold < 5.1);
    assert_null(ruleset_class(r, 2));
    assert_int_equal(ruleset_window(r), 100);
    assert_true(ruleset_cap(r, FACET_CLAIM) > 3.9 && ruleset_cap(r, FACET_CONTEXT) > 12.4);
    assert_true(ruleset_cap(r, FACET_PROOF) > 1.9 && ruleset_cap(r, FACET_PROOF) < 2.1);
    assert_int_equal(ruleset_rule(r, 0)->classes, 2);
    double points[FACET_COUNT] = {0};
    assert_false(class_requirement(r, 0, points));
    points[FACET_CLAIM] = 0.49;
    assert_false(class_requirement(r, 0, points));
    points[FACET_CLAIM] = 0.5;
    assert_true(class_requirement(r, 0, points));
    assert_false(class_requirement(r, 1, points));
    points[FACET_PROOF] = 1;
    assert_false(class_requirement(r, 0, points));
    assert_true(class_requirement(r, 1, points));
    points[FACET_PROOF] = 0;
    points[FACET_THREAT] = 2;
    assert_true(class_requirement(r, 1, points));
    assert_false(class_requirement(r, 9, points));
    ruleset_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_mistakes), cmocka_unit_test(test_single_mistakes),
        cmocka_unit_test(test_proof),         cmocka_unit_test(test_folders),
        cmocka_unit_test(test_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
