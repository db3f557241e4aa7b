/*
 * An MTA that sends steps in any order, with any bytes. The first byte chooses the settings and
 * whether leading space was negotiated; then each step is a byte, and for those with arguments the
 * bytes up to the next NUL. The scanner is played (tests/mta/fake-scanner.c).
 */
#include "fuzz.h"
#include "mta/fake-scanner.h"
#include "mta/log.h"

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

static const char *const settings[] = {
    "",
    "headers = { clean = false; class = true; rules = \"X-R\"; };",
    ("actions = [ \"tag\", \"subject\", \"quarantine\" ];"
     "classes = { violence = { actions = [ \"subject\" ]; }; };"),
    "on_failure = \"tempfail\"; limits = { message_bytes = 1024; };",
    ("policies_differ = \"split\"; internal_networks = [ \"192.0.2.0/24\" ];"
     "policies = ( { match = [ \"@a.test\", \"@.test\" ]; threshold = 2.0; subject_prefix = "
     "\"[A]\"; }, { match = [ \"x@a.test\", \"listener:a\" ]; exempt = true; },"
     "{ match = [ \"@xn--bcher-kva.test\" ]; scan = false; } );"),
    ("actions = [ \"redirect\", \"copy\" ]; redirect_to = \"r@a.test\"; copy_to = \"c@a.test\";"
     "classes = { violence = { actions = [ \"copy\" ]; }; };"
     "policies = ( { match = [ \"@a.test\" ]; redirect_to = \"s@a.test\"; redirect_score = 3; } "
     ");"),
};

/* What an edit must never do: come in the wrong order, or carry a line of its own. */
struct order {
    int stage; /* 0 deletions, 1 insertions, 2 subject, 3 quarantine */
    int last_index;
    char last_name[64];
    int added;
    bool deleted;
};

static bool insert(void *mta, int index, const char *name, const char *value)
{
    struct order *o = mta;
    REQUIRE(o->stage <= 1);
    o->stage = strcmp(name, "Subject") == 0 ? 2 : 1;
    REQUIRE(index == 0 || o->stage == 2);
    for (const char *p = value; o->stage == 1 && *p != '\0'; p++)
        REQUIRE(*p != '\r' && (*p != '\n' || p[1] == ' '));
    return true;
}

static bool change(void *mta, int index, const char *name, const char *value)
{
    struct order *o = mta;
    if (value != NULL) {
        REQUIRE(o->stage <= 1 && index == 1 && strcmp(name, "Subject") == 0);
        o->stage = 2;
        return true;
    }
    REQUIRE(o->stage == 0 && index >= 1);
    REQUIRE(strcmp(o->last_name, name) != 0 || index == o->last_index - 1);
    (void)snprintf(o->last_name, sizeof o->last_name, "%s", name);
    o->last_index = index;
    return true;
}

/* All new ones before any deletion, each one address in brackets. */
static bool rcpt_add(void *mta, const char *address)
{
    struct order *o = mta;
    size_t n = strlen(address);
    REQUIRE(o->stage <= 2 && !o->deleted && n > 2 && address[0] == '<' && address[n - 1] == '>');
    o->added++;
    return true;
}

static bool rcpt_delete(void *mta, const char *address)
{
    struct order *o = mta;
    REQUIRE(o->stage <= 2 && address[0] == '<');
    o->deleted = true;
    return true;
}

static bool quarantine(void *mta, const char *reason)
{
    struct order *o = mta;
    REQUIRE(o->stage <= 2 && reason != NULL);
    o->stage = 3;
    return true;
}

/* Last of all, whatever else was asked for. */
static bool body_replace(void *mta, struct view body)
{
    struct order *o = mta;
    REQUIRE(o->stage <= 3 && body.n > 0);
    o->stage = 4;
    return true;
}

static struct engine *engine_make(const char *text)
{
    struct policy *policy = NULL;
    struct engine *e = NULL;
    struct diags diags;
    diags_init(&diags);
    REQUIRE(policy_load(fuzz_file(0, text, strlen(text)), NULL, 0, &diags, &policy) == STATUS_OK);
    REQUIRE(engine_new(policy, 1, &e) == STATUS_OK);
    diags_fini(&diags);
    policy_unref(&policy);
    return e;
}

/* The bytes up to the next NUL; owned by the caller. */
static char *next_text(struct fuzz_input *in)
{
    size_t n = strnlen((const char *)in->p, in->n);
    char *text = calloc(1, n + 1);
    REQUIRE(text != NULL);
    if (n > 0)
        memcpy(text, in->p, n);
    in->p += n < in->n ? n + 1 : n;
    in->n -= n < in->n ? n + 1 : n;
    return text;
}

static void play(struct session *s, struct engine *e, unsigned step, struct fuzz_input *in)
{
    static const struct mta_ops ops = {.header_insert = insert,
                                       .header_change = change,
                                       .quarantine = quarantine,
                                       .body_replace = body_replace,
                                       .rcpt_add = rcpt_add,
                                       .rcpt_delete = rcpt_delete};
    struct order order = {.stage = 0};
    unsigned more = step / 16;
    char *a = next_text(in), *b = step % 16 == 4 ? next_text(in) : NULL;
    switch (step % 16) {
    case 0:
        session_connect(s, a);
        break;
    case 1:
        session_helo(s, a);
        break;
    case 2:
        session_mail(s, a, more == 1);
        break;
    case 3:
        (void)session_rcpt(s, a, more % 2 == 0);
        break;
    case 4:
        session_header(s, a, b);
        break;
    case 5:
        session_eoh(s);
        break;
    case 6:
        (void)session_body(s, view_of(a));
        break;
    case 7:
        session_abort(s);
        break;
    case 9:
        session_listener(s, a, more % 2 == 0 ? a : NULL);
        break;
    case 8:
        for (unsigned i = 0; i < more * 40u; i++)
            session_header(s, "X-Extortion-Flag", a);
        break;
    default:
        fake.run_status = more == 2 ? STATUS_NO_MEMORY : STATUS_OK;
        fake.verdict = (struct verdict){.flagged = (more & 1) != 0,
                                        .score = more,
                                        .class_index = more % 4 < 3 ? more % 4u : CLASS_NONE};
        (void)session_eom(s, a, &ops, &order);
        REQUIRE(engine_in_flight(e) == 0);
        break;
    }
    free(a);
    free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct engine *engines[sizeof settings / sizeof settings[0]];
    struct fuzz_input in = {data, size};
    unsigned first = fuzz_byte(&in);
    size_t which = first / 2 % (sizeof settings / sizeof settings[0]);
    if (engines[which] == NULL)
        engines[which] = engine_make(settings[which]);
    struct session *s = session_new(engines[which], (first & 1) != 0);
    REQUIRE(s != NULL);
    while (in.n > 0)
        play(s, engines[which], fuzz_byte(&in), &in);
    session_free(&s);
    REQUIRE(engine_in_flight(engines[which]) == 0);
    return 0;
}
