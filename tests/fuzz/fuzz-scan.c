/*
 * Any bytes as a message, through the session machine with the shipped packs and a played MTA: in
 * one chunk or in many, by a fresh scanner or a used one, with gates or without, the judgement and
 * what is asked of the MTA are the same.
 */
#include "fuzz.h"
#include "mta/log.h"

FUZZ_LIBCONFIG_LEAKS

enum { EDITS_MAX = 1 << 22 };

/* Lines are made, and nobody reads them. */
void log_sink_open(enum log_target target, const char *name, const char *path)
{
    (void)target;
    (void)name;
    (void)path;
}
void log_sink_close(void)
{
}
void log_sink_put(int priority, struct view line)
{
    (void)priority;
    REQUIRE(line.n > 0 && line.n <= LOG_LINE_MAX && view_find_byte(line, '\n') == line.n);
}
uint64_t log_sink_refused(void)
{
    return 0;
}

static struct policy *policy;
static struct engine *engine;

/* What the MTA was asked for, line by line. */
static bool insert(void *mta, int index, const char *name, const char *value)
{
    REQUIRE(buf_addf(mta, "ins %d %s:", index, name) == STATUS_OK);
    REQUIRE(buf_add(mta, view_of(value)) == STATUS_OK);
    return buf_add_byte(mta, '\n') == STATUS_OK;
}

static bool change(void *mta, int index, const char *name, const char *value)
{
    REQUIRE(buf_addf(mta, "chg %d %s:", index, name) == STATUS_OK);
    REQUIRE(buf_add(mta, view_of(value)) == STATUS_OK);
    return buf_add_byte(mta, '\n') == STATUS_OK;
}

static bool quarantine(void *mta, const char *reason)
{
    return buf_addf(mta, "hold %s\n", reason) == STATUS_OK;
}

static const struct mta_ops ops = {insert, change, quarantine, NULL, NULL, NULL, NULL};

/* What is wrong with words of one language is wrong with 26; these load in a tenth of the time. */
static const char *const packs[] = {"rules/core", "rules/lang/en", "rules/lang/fi",
                                    "rules/lang/ja"};
enum { PACKS = sizeof packs / sizeof packs[0] };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char settings[] = "actions = [ \"tag\", \"subject\", \"quarantine\" ];\n"
                                   "classes = { violence = { actions = [ \"tag\" ]; }; };\n"
                                   "headers = { rules = \"X-Rules\"; class = true; };\n";
    (void)argc;
    (void)argv;
    char paths[PACKS][PATH_MAX];
    const char *pointers[PACKS];
    struct diags diags;
    for (size_t i = 0; i < PACKS; i++) {
        fuzz_path(paths[i], packs[i]);
        pointers[i] = paths[i];
    }
    diags_init(&diags);
    enum status status =
        policy_load(fuzz_file(0, settings, sizeof settings - 1), pointers, PACKS, &diags, &policy);
    for (size_t i = 0; i < diags.n; i++)
        fprintf(stderr, "%s:%u: %s\n", diags.v[i].file, diags.v[i].line, diags.v[i].message);
    REQUIRE(status == STATUS_OK);
    REQUIRE(engine_new(policy, 1, &engine) == STATUS_OK);
    diags_fini(&diags);
    return 0;
}

/* Header fields as an MTA gives them; what is no field ends them. Returns where the body begins. */
static size_t headers_send(struct session *s, struct view raw)
{
    size_t at = 0;
    while (at < raw.n) {
        struct view rest = view_sub(raw, at, raw.n), line;
        char name[256];
        size_t end = 0, colon;
        do {
            size_t n = view_find_byte(view_sub(rest, end, rest.n), '\n');
            end = end + n < rest.n ? end + n + 1 : rest.n;
        } while (end < rest.n && (rest.p[end] == ' ' || rest.p[end] == '\t'));
        line = view_trim(view_sub(rest, 0, end));
        colon = view_find_byte(line, ':');
        if (line.n == 0)
            return at + end;
        if (colon == line.n || colon == 0 || colon >= sizeof name)
            return at;
        (void)snprintf(name, sizeof name, "%.*s", (int)colon, line.p);
        char *value = strndup(line.p + colon + 1, line.n - colon - 1);
        REQUIRE(value != NULL);
        session_header(s, name, value);
        free(value);
        at += end;
    }
    return at;
}

/* chunk 0: the whole body at once. */
static void send(struct view raw, unsigned chunk, struct buf *edits)
{
    struct session *s = session_new(engine, true);
    REQUIRE(s != NULL);
    session_connect(s, "192.0.2.1");
    session_mail(s, "<a@example.org>", false);
    (void)session_rcpt(s, "<b@example.net>", true);
    struct view body = view_sub(raw, headers_send(s, raw), raw.n);
    session_eoh(s);
    while (body.n > 0) {
        size_t n = chunk > 0 && chunk < body.n ? chunk : body.n;
        if (session_body(s, view_sub(body, 0, n)) == SESSION_SKIP)
            break;
        body = view_sub(body, n, body.n);
    }
    buf_clear(edits);
    REQUIRE(session_eom(s, "Q", &ops, edits) == SESSION_CONTINUE);
    REQUIRE(engine_in_flight(engine) == 0);
    session_free(&s);
}

static void verdict_check(const struct scan *scan, const struct ruleset *rules)
{
    const struct verdict *v = &scan->verdict;
    REQUIRE(v->score >= -1000 && v->score <= 1000 && v->confidence >= 0 && v->confidence <= 1);
    REQUIRE(v->flagged == (v->class_index != CLASS_NONE));
    REQUIRE(v->class_index == CLASS_NONE || v->class_index < ruleset_n_classes(rules));
    for (uint32_t i = 0; i < v->n_reasons; i++) {
        const struct reason *r = &v->reasons[i];
        REQUIRE(r->hit.rule < ruleset_n_rules(rules));
        REQUIRE(r->origin.from <= r->origin.to && r->origin.to <= scan->message.raw.n);
        REQUIRE(utf8_valid(r->quote));
    }
}

/* A used scanner and a fresh one; the matcher without gates. */
static void compare(struct view raw, bool fresh, bool gates)
{
    static struct scanner *used;
    static const struct limits *limits;
    const struct ruleset *rules = policy_ruleset(policy);
    const struct scan *a, *b;
    struct scanner *other = NULL;
    if (used == NULL) {
        limits = &policy_settings(policy)->limits;
        REQUIRE(scanner_new(rules, limits, &used) == STATUS_OK);
    }
    REQUIRE(scanner_run(used, raw, NULL, &a) == STATUS_OK);
    verdict_check(a, rules);
    if (fresh) {
        REQUIRE(scanner_new(rules, limits, &other) == STATUS_OK);
        REQUIRE(scanner_run(other, raw, NULL, &b) == STATUS_OK);
        REQUIRE(memcmp(a->matches.outcome, b->matches.outcome, ruleset_n_rules(rules)) == 0);
        REQUIRE(a->verdict.score == b->verdict.score &&
                a->verdict.n_reasons == b->verdict.n_reasons);
        REQUIRE(a->verdict.class_index == b->verdict.class_index);
        scanner_free(&other);
    }
    if (gates) {
        struct matcher *m = NULL;
        struct matches all;
        struct arena arena;
        struct facts facts = {scanner_reader(used), &a->message, &a->text, &a->indicators, NULL};
        arena_init(&arena, limits->arena_bytes);
        REQUIRE(matcher_new(rules, limits, false, &m) == STATUS_OK);
        REQUIRE(matcher_run(m, &facts, &arena, &all) == STATUS_OK);
        /* The budget is spent on other things without gates. */
        if (a->matches.n_unknown == 0 && all.n_unknown == 0)
            REQUIRE(memcmp(a->matches.outcome, all.outcome, ruleset_n_rules(rules)) == 0);
        matcher_free(&m);
        arena_fini(&arena);
    }
}

/* The last byte chooses the size of chunks and what is compared. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view raw = {(const char *)data, size};
    unsigned choice = size > 0 ? data[size - 1] : 0;
    struct buf whole, pieces;
    buf_init(&whole, EDITS_MAX);
    buf_init(&pieces, EDITS_MAX);
    send(raw, 0, &whole);
    send(raw, 1 + choice % 61, &pieces);
    REQUIRE(view_eq(buf_view(&whole), buf_view(&pieces)));
    compare(raw, choice % 8 == 1, choice % 16 == 2);
    buf_fini(&whole);
    buf_fini(&pieces);
    return 0;
}
