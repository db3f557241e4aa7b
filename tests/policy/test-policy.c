#include <stdlib.h>
#include <unistd.h>

#include "policy/fake-rule.h"
#include "policy/load.h"
#include "policy/policy.h"
#include "test.h"

/* Everything wrong with a file, and what we must say: each line of `want` stands in the output. */
static const struct {
    const char *label, *conf;
    const char *want[4];
} broken[] = {
    {"unknown key, near",
     "sokcet = \"unix:/x\";",
     {":1: error: sokcet: unknown key, did you mean \"socket\"?"}},
    {"unknown key, far",
     "\nqqqqqqqqqq = 1;",
     {":2: error: qqqqqqqqqq: unknown key", "--print-config"}},
    {"key of a group at the top", "clean = true;", {"clean: unknown key", "\"headers.clean\""}},
    {"unknown key in a group",
     "headers = { flaf = \"X-A\"; };",
     {":1: error: headers.flaf: unknown key, did you mean \"flag\"?"}},
    {"records without a key",
     "evidence = {\n directory = \"/tmp\"; };",
     {":1: error: evidence.key: is missing: records are to be sealed to a key", "encrypt = false"}},
    {"a record cannot be held",
     "evidence = { on_failure = \"quarantine\"; };",
     {"evidence.on_failure: \"quarantine\" is unknown"}},
    {"evidence, misspelt", "evidense = { };", {"did you mean \"evidence\"?"}},
    {"unknown limit", "limits = { nestin = 3; };", {"limits.nestin", "did you mean \"nesting\"?"}},
    {"group is no group", "headers = 1;", {"headers: must be a group"}},
    {"group as a list", "limits = ( 1 );", {"limits: must be a group"}},
    {"string wanted", "socket = 5;", {"socket: is a whole number, must be a string"}},
    {"boolean wanted", "background = 1;", {"background: is a whole number, must be true or false"}},
    {"boolean in quotes", "background = \"yes\";", {"background: is a string, must be true"}},
    {"number wanted", "threshold = \"5\";", {"threshold: is a string, must be a number"}},
    {"number too small", "threshold = -0.5;", {"-0.5 is out of range, 0 to 100 are allowed"}},
    {"number too large", "threshold = 100.5;", {"100.5 is out of range"}},
    {"infinite number", "threshold = 1e999;", {"threshold: inf is out of range"}},
    {"number as a group", "threshold = { };", {"threshold: is a group, must be a number"}},
    {"limit below its range",
     "limits = { nesting = -1; };",
     {"limits.nesting: -1 is out of range, 1 to 1000 are allowed, or 0 for the default of 32"}},
    {"limit above its range", "limits = { nesting = 1001; };", {"1001 is out of range"}},
    {"limit wider than 32 bits",
     "limits = { nesting = 4294967297L; };",
     {"4294967297 is out of range"}},
    {"limit with a fraction", "limits = { nesting = 3.5; };", {"must be a whole number"}},
    {"mode as a number",
     "socket_mode = 660;",
     {"socket_mode: is a whole number, must be a string"}},
    {"mode not octal", "socket_mode = \"0680\";", {"\"0680\" is not a file mode", "\"0660\""}},
    {"mode with special bits", "socket_mode = \"4755\";", {"\"4755\" is not a file mode"}},
    {"mode too short", "socket_mode = \"66\";", {"\"66\" is not a file mode"}},
    {"word unknown, near",
     "on_failure = \"acept\";",
     {"\"acept\" is unknown, did you mean \"accept\"?", "one of \"accept\", \"tempfail\", \"quar"}},
    {"word unknown, far",
     "log = { target = \"zzzzzzzz\"; };",
     {"log.target: \"zzzzzzzz\" is unknown"}},
    {"action unknown", "actions = [ \"tag\", \"quarantin\" ];", {"did you mean \"quarantine\"?"}},
    {"action of a wrong type",
     "actions = [ 1 ];",
     {"actions: is a whole number, must be a string"}},
    {"actions not a list", "actions = \"tag\";", {"actions: is a string, must be a list"}},
    {"empty path in a list", "rules = [ \"\" ];", {"rules: holds an empty entry"}},
    {"number in a list of paths", "rules = ( \"/a\", 5 );", {"rules: is a whole number"}},
    {"socket without a type", "socket = \"milter.sock\";", {"not usable here", "\"unix:/path\""}},
    {"socket with a relative path", "socket = \"unix:a\";", {"begins with '/'"}},
    {"socket with a bad port", "socket = \"inet:70000@localhost\";", {"from 1 to 65535"}},
    {"socket with port 0", "socket = \"inet:0@localhost\";", {"from 1 to 65535"}},
    {"socket without a host", "socket = \"inet:8892\";", {"name the host"}},
    {"socket path too long",
     "socket = "
     "\"unix:/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaa\";",
     {"at most 106 bytes"}},
    {"socket empty", "socket = \"\";", {"socket: is empty"}},
    {"header name of the mail itself",
     "headers = { flag = \"Subject\"; };",
     {"headers.flag: \"Subject\" is not usable", "removed from incoming mail"}},
    {"header name with a colon", "headers = { flag = \"X-Flag:\"; };", {"letters, digits and '-'"}},
    {"header names that collide",
     "headers = { score = \"x-extortion-flag\"; };",
     {"headers: \"x-extortion-flag\" is used twice"}},
    {"header name of the class",
     "headers = { rules = \"X-Extortion-Class\"; };",
     {"is used twice"}},
    {"header name empty", "headers = { flag = \"\"; };", {"headers.flag: is empty"}},
    {"metrics for everybody",
     "\nmetrics = {\n listen = \"inet:9797@0.0.0.0\"; };",
     {":3: error: metrics.listen: \"0.0.0.0\" may be reached", "metrics.remote = true"}},
    {"metrics for everybody, IPv6",
     "metrics = { listen = \"inet6:9797@::\"; };",
     {"metrics.listen: \"::\" may be reached"}},
    {"metrics on a host that is not this one's loopback",
     "metrics = { listen = \"inet:9797@mail.example.com\"; remote = false; };",
     {"\"mail.example.com\" may be reached"}},
    {"metrics nowhere in particular", "metrics = { listen = \"9797\"; };", {"inet:port@host"}},
    {"metrics step", "metrics = { step = 0; };", {"metrics.step: 0 is out of range"}},
    {"metrics key", "metrics = { lisen = \"\"; };", {"did you mean \"listen\"?"}},
    {"prefix with a line break", "subject_prefix = \"a\\nb\";", {"one line of UTF-8 text"}},
    {"prefix not UTF-8", "subject_prefix = \"\xFF\";", {"one line of UTF-8 text"}},
    {"prefix too long",
     "subject_prefix = \"12345678901234567890123456789012345678901\";",
     {"has 41 bytes, at most 40"}},
    {"pid file relative", "pid_file = \"a.pid\";", {"an absolute path"}},
    {"user with two colons", "user = \"a:b:c\";", {"\"user\" or \"user:group\""}},
    {"user without a name", "user = \":mail\";", {"\"user\" or \"user:group\""}},
    {"class unknown, near",
     "classes = { sextorsion = { }; };",
     {"classes.sextorsion: the rule packs have no such class, did you mean \"sextortion\"?"}},
    {"class unknown, far",
     "classes = { fraud = { }; };",
     {"no such class", "they have sextortion, breach-company, violence"}},
    {"class not a group",
     "classes = { sextortion = 1; };",
     {"classes.sextortion: must be a group"}},
    {"classes not a group", "classes = [ ];", {"classes: must be a group"}},
    {"key of a class",
     "classes = { sextortion = { action = [ ]; }; };",
     {"classes.sextortion.action: unknown key, did you mean \"actions\"?"}},
    {"action of a class",
     "classes = { sextortion = { actions = [ \"hold\" ]; }; };",
     {"classes.sextortion.actions: \"hold\" is unknown"}},
    {"threats to life held",
     "classes = { violence = { actions = [ \"quarantine\" ]; }; };",
     {"classes.violence.actions: threats to life must not be held"}},
    {"threats to life held by the default",
     "\nactions = [ \"quarantine\" ];",
     {":2: error: actions: threats to life must not be held", "classes = { violence ="}},
    {"threats to life held, class says only a score",
     "actions = [ \"quarantine\" ]; classes = { violence = { quarantine_score = 9.0; }; };",
     {"actions: threats to life must not be held"}},
    {"threats to life redirected",
     "redirect_to = \"a@b.test\"; classes = { violence = { actions = [ \"redirect\" ]; }; };",
     {"classes.violence.actions: threats to life must not be redirected"}},
    {"threats to life redirected by the default",
     "redirect_to = \"a@b.test\";\nactions = [ \"redirect\" ];",
     {":2: error: actions: threats to life must not be redirected"}},
    {"threats to life redirected by a policy",
     "policies = ( { match = [ \"@a.test\" ];\nredirect_to = \"a@b.test\";\n"
     "actions = [ \"redirect\" ]; } );",
     {":3: error: policies.actions: threats to life must not be redirected"}},
    {"redirect without a mailbox",
     "\nclasses = { sextortion = { actions = [ \"redirect\" ]; }; };",
     {":2: error: actions: mail is to be redirected, and nobody says where to",
      "redirect_to = \""}},
    {"copy without a mailbox",
     "\nactions = [ \"copy\" ];",
     {":2: error: actions: mail is to be copied, and nobody says where to", "copy_to = \""}},
    {"a policy that copies without a mailbox",
     "policies = ( { match = [ \"@a.test\" ];\nactions = [ \"copy\" ]; } );",
     {"policies.actions: mail for @a.test is to be copied, and nobody says"}},
    {"a listener's",
     "policies = ( { match = [ \"listener:25\" ]; actions = [ \"copy\" ]; } );",
     {"policies.actions: mail for listener:25 is to be copied"}},
    {"a policy that takes the mailbox away",
     "copy_to = \"a@b.test\"; actions = [ \"copy\" ];\n"
     "policies = ( { match = [ \"@.a.test\" ]; copy_to = \"\"; } );",
     {":2: error: policies.actions: mail for @.a.test is to be copied"}},
    {"no mailbox", "redirect_to = \"security\";", {"redirect_to: \"security\" is not usable"}},
    {"a mailbox in brackets", "copy_to = \"<a@b.test>\";", {"copy_to: \"<a@b.test>\" is not"}},
    {"two mailboxes", "copy_to = \"a@b.test,c@d.test\";", {"copy_to: "}},
    {"a mailbox and a header", "copy_to = \"a@b.test\\nX: y\";", {"copy_to: "}},
    {"no semicolon, then a string in the next line", "socket = \"unix:/x\n", {":", "error"}},
    {"syntax", "socket == 1;", {":1: error: syntax error", "ends with ';'"}},
    {"the same key twice", "threshold = 1; threshold = 2;", {":1: error: duplicate"}},
    {"include", "threshold = 1;\n  @include \"other.conf\"\n", {":2: error: @include is not supp"}},
    {"rule packs are broken",
     "rules = [ \"/bad-pack\" ];",
     {"/bad-pack:7: error: en-demand: is br"}},
    {"settings and rule packs are broken",
     "treshold = 1; rules = [ \"/bad-pack\" ];",
     {"did you mean \"threshold\"?", "/bad-pack:7: error"}},
    {"three mistakes",
     "sokcet = 1;\nthreshold = true;\nclasses = { fraud = { }; };",
     {":1: error: sokcet", ":2: error: threshold", ":3: error: classes.fraud"}},
};

static void test_broken(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct policy *p = NULL;
        char *got = load(broken[i].conf, strlen(broken[i].conf), &p);
        failures += row_check(p == NULL, broken[i].label, "was taken");
        for (size_t w = 0; w < 4 && broken[i].want[w] != NULL; w++)
            if (strstr(got, broken[i].want[w]) == NULL) {
                fprintf(stderr, "# got: %s", got);
                failures += row_check(false, broken[i].label, broken[i].want[w]);
            }
        free(got);
        policy_unref(&p);
    }
    assert_int_equal(failures, 0);
    assert_int_equal(fake_rulesets, 0);
}

static void test_metrics_address(void **state)
{
    (void)state;
    static const struct {
        const char *listen, *socket, *want;
    } rows[] = {
        {"auto", "unix:/run/a/m.sock", "unix:/run/a/m.sock.status"},
        {"auto", "/run/a/m.sock", "unix:/run/a/m.sock.status"},
        {"auto", "inet:8892@127.0.0.1", ""},
        {"", "unix:/run/a/m.sock", ""},
        {"inet:9797@127.0.0.1", "unix:/run/a/m.sock", "inet:9797@127.0.0.1"},
        {"unix:/m", "inet:8892@127.0.0.1", "unix:/m"},
    };
    static const char *const local[] = {"inet:1@127.0.0.1", "inet:1@127.9.9.9", "inet:1@localhost",
                                        "inet6:1@::1", "unix:/a"};
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[METRICS_ADDRESS_MAX];
        metrics_address(rows[i].listen, rows[i].socket, out);
        failures += row_view(view_of(out), view_of(rows[i].want), rows[i].socket, rows[i].listen);
    }
    for (size_t i = 0; i < COUNT_OF(local); i++) {
        struct policy *p = NULL;
        char conf[200];
        (void)snprintf(conf, sizeof conf, "metrics = { listen = \"%s\"; };", local[i]);
        char *got = load(conf, strlen(conf), &p);
        failures += row_check(p != NULL, local[i], got);
        free(got);
        policy_unref(&p);
    }
    struct policy *p = NULL;
    static const char told[] = "metrics = { listen = \"inet:1@0.0.0.0\"; remote = true; };";
    char *got = load(told, strlen(told), &p);
    failures += row_check(p != NULL, told, got);
    free(got);
    policy_unref(&p);
    assert_int_equal(failures, 0);
}

static void test_files(void **state)
{
    (void)state;
    static const struct {
        const char *label, *path, *want;
    } rows[] = {
        {"missing file", "/nonexistent/x.conf", "cannot read it: No such file or directory"},
        {"directory", "/", "cannot read it: Is a directory"},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy *p = NULL;
        struct diags diags;
        diags_init(&diags);
        failures += row_check(policy_load(rows[i].path, NULL, 0, &diags, &p) == STATUS_IO,
                              rows[i].label, "status");
        char *got = printed(&diags);
        failures += row_check(strstr(got, rows[i].want) != NULL, rows[i].label, got);
        free(got);
        diags_fini(&diags);
        policy_unref(&p);
    }
    struct policy *p = NULL;
    char *got = load("a = 1;\0b = 2;", 13, &p);
    failures += row_check(strstr(got, "is not a text file") != NULL, "NUL byte", got);
    free(got);
    size_t n = ((size_t)8 << 20) + 1;
    char *big = malloc(n);
    assert_non_null(big);
    memset(big, '#', n);
    got = load(big, n, &p);
    failures += row_check(strstr(got, "is larger than 8388608 bytes") != NULL, "too large", got);
    free(got);
    free(big);
    assert_int_equal(failures, 0);
}

static void check_defaults(const struct policy *p)
{
    const struct settings *s = policy_settings(p);
    struct limits limits = limits_default();
    assert_string_equal(s->socket, "unix:/run/extortion-milter/extortion-milter.sock");
    assert_int_equal(s->socket_mode, 0660);
    assert_string_equal(s->socket_group, "");
    assert_string_equal(s->pid_file, "");
    assert_string_equal(s->user, "");
    assert_true(s->background);
    assert_int_equal(s->log_target, LOG_TARGET_SYSLOG);
    assert_false(s->log_details);
    assert_string_equal(s->header_flag, "X-Extortion-Flag");
    assert_string_equal(s->header_score, "X-Extortion-Score");
    assert_string_equal(s->header_rules, "");
    assert_false(s->header_class);
    assert_true(s->header_clean);
    assert_string_equal(s->subject_prefix, "[EXTORTION]");
    assert_int_equal(s->on_failure, FAILURE_ACCEPT);
    for (int i = 0; i < FAILURE_COUNT; i++)
        assert_int_equal(settings_failure(s, (enum failure)i), FAILURE_ACCEPT);
    assert_true(s->deadline > 7.9 && s->deadline < 8.1);
    assert_true(s->scan);
    assert_false(s->scan_authenticated);
    assert_false(s->scan_internal);
    assert_int_equal(s->internal_networks.n, 0);
    assert_int_equal(s->policies_differ, DIFFER_STRICT);
    assert_int_equal(s->actions_default, ACTION_TAG | ACTION_ANNOTATE);
    assert_int_equal(s->actions[FAKE_VIOLENCE], ACTION_TAG | ACTION_ANNOTATE);
    assert_int_equal(s->rule_paths.n, 0);
    assert_true(s->limits.nesting == limits.nesting &&
                s->limits.words == limits.words); /* not padding */
    assert_true(s->limits.message_bytes == limits.message_bytes);
}

static void test_defaults(void **state)
{
    (void)state;
    struct policy *p = NULL;
    struct diags diags;
    diags_init(&diags);
    assert_int_equal(policy_load(NULL, NULL, 0, &diags, &p), STATUS_OK);
    check_defaults(p);
    policy_unref(&p);
    diags_fini(&diags);
    char *got = load("", 0, &p);
    assert_string_equal(got, "");
    check_defaults(p);
    free(got);
    policy_unref(&p);
}

static void describe(struct buf *out)
{
    buf_init(out, 1 << 20);
    assert_int_equal(policy_describe(out), STATUS_OK);
}

/* With every key uncommented, the described file must load and mean the defaults. */
static void test_described_defaults_are_the_defaults(void **state)
{
    (void)state;
    struct buf text, bare;
    describe(&text);
    buf_init(&bare, 1 << 20);
    struct view rest = buf_view(&text), line;
    int uncommented = 0;
    while (view_next_line(&rest, &line)) {
        struct view t = view_trim(line);
        /* "#key", not "# words"; the examples under classes are no defaults. */
        bool key = t.n > 1 && t.p[0] == '#' && t.p[1] != ' ' && view_find(t, VIEW("= {")) == t.n;
        uncommented += key;
        assert_int_equal(buf_add(&bare, key ? view_sub(t, 1, t.n) : line), STATUS_OK);
        assert_int_equal(buf_add_byte(&bare, '\n'), STATUS_OK);
    }
    assert_true(uncommented > 30);
    struct policy *p = NULL;
    char *got = load(bare.p, bare.n, &p);
    assert_string_equal(got, "");
    assert_non_null(p);
    check_defaults(p);
    free(got);
    policy_unref(&p);
    got = load(text.p, text.n, &p);
    assert_string_equal(got, "");
    check_defaults(p);
    free(got);
    policy_unref(&p);
    buf_fini(&text);
    buf_fini(&bare);
}

static struct buf read_source(const char *name)
{
    struct buf out;
    char path[512];
    const char *top = getenv("top_srcdir");
    buf_init(&out, 1 << 20);
    (void)snprintf(path, sizeof path, "%s/%s", top != NULL ? top : ".", name);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        fail_msg("cannot open %s", path);
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        assert_int_equal(buf_add(&out, (struct view){chunk, n}), STATUS_OK);
    assert_int_equal(fclose(f), 0);
    return out;
}

/* Regenerate with: extortion-milter --print-config > conf/extortion-milter.conf */
static void test_shipped_file_is_the_described_one(void **state)
{
    (void)state;
    struct buf want, got = read_source("conf/extortion-milter.conf");
    describe(&want);
    assert_int_equal(
        row_view(buf_view(&got), buf_view(&want), "conf/extortion-milter.conf", "text"), 0);
    buf_fini(&want);
    buf_fini(&got);
}

/* Each key of the described file has its ".It Ic key" in the manual. */
static void test_every_key_is_in_the_manual(void **state)
{
    (void)state;
    struct buf text, man = read_source("docs/man/extortion-milter.conf.5");
    describe(&text);
    struct view rest = buf_view(&text), line, group = VIEW_NONE;
    int failures = 0, keys = 0;
    while (view_next_line(&rest, &line)) {
        struct view t = view_trim(line);
        size_t equals = view_find(t, VIEW(" = "));
        if (line.n > 0 && line.p[0] == '}')
            group = VIEW_NONE;
        if (equals == t.n || t.p[0] == '}' || (t.p[0] == '#' && t.p[1] == ' '))
            continue;
        if (t.p[0] != '#') {
            group = view_sub(t, 0, equals);
            continue;
        }
        if (view_eq(group, VIEW("classes")))
            continue;
        char want[128];
        int n = snprintf(want, sizeof want, "\n.It Ic %.*s%s%.*s\n", VIEW_ARG(group),
                         group.n > 0 ? "." : "", (int)equals - 1, t.p + 1);
        struct view item = {want, (size_t)n};
        keys++;
        failures +=
            row_check(view_find(buf_view(&man), item) < man.n, want + 1, "not in the manual");
    }
    assert_true(keys > 30);
    assert_int_equal(failures, 0);
    buf_fini(&text);
    buf_fini(&man);
}

static void test_references(void **state)
{
    (void)state;
    struct policy *p = NULL, *q;
    static const char conf[] = "rules = ( \"/a\", \"/b\" );";
    free(load(conf, strlen(conf), &p));
    q = policy_ref(p);
    policy_unref(&p);
    assert_null(p);
    assert_int_equal(fake_rulesets, 1);
    assert_int_equal(policy_settings(q)->rule_paths.n, 2);
    assert_string_equal(policy_settings(q)->rule_paths.v[1], "/b");
    policy_unref(&q);
    assert_int_equal(fake_rulesets, 0);
    policy_unref(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_metrics_address),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_described_defaults_are_the_defaults),
        cmocka_unit_test(test_shipped_file_is_the_described_one),
        cmocka_unit_test(test_every_key_is_in_the_manual),
        cmocka_unit_test(test_references),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
