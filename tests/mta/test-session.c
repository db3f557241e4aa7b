#include <stdlib.h>
#include <unistd.h>

#include "mta/fake-scanner.h"
#include "mta/mta.h"
#include "mta/session.h"
#include "policy/fake-rule.h"
#include "test.h"

#define CONF "test-session.tmp"

/* The played MTA writes down what it is asked for; it can refuse the n-th request. */
struct recorder {
    char text[16384];
    size_t n;
    int calls, refuse_at;
};

static bool record(struct recorder *r, const char *format, int index, const char *name,
                   const char *value)
{
    int n = snprintf(r->text + r->n, sizeof r->text - r->n, format, index, name, value);
    assert_true(n > 0 && (size_t)n < sizeof r->text - r->n);
    r->n += (size_t)n;
    return ++r->calls != r->refuse_at;
}

static bool record_insert(void *mta, int index, const char *name, const char *value)
{
    return record(mta, "ins %d %s:%s\n", index, name, value);
}

static bool record_change(void *mta, int index, const char *name, const char *value)
{
    return value != NULL ? record(mta, "chg %d %s:%s\n", index, name, value)
                         : record(mta, "del %d %s%.0s\n", index, name, "");
}

static bool record_quarantine(void *mta, const char *reason)
{
    return record(mta, "hold %.0d%s%.0s\n", 0, reason, "");
}

static const struct mta_ops ops = {.header_insert = record_insert,
                                   .header_change = record_change,
                                   .quarantine = record_quarantine};

static char body_seen[1 << 16];
static size_t body_n;

static bool record_body(void *mta, struct view body)
{
    assert_true(body.n > 0 && body.n < sizeof body_seen);
    memcpy(body_seen, body.p, body.n);
    body_n = body.n;
    return record(mta, "body %.0d%s%.0s\n", 0, "", "");
}

static const struct mta_ops ops_with_body = {.header_insert = record_insert,
                                             .header_change = record_change,
                                             .quarantine = record_quarantine,
                                             .body_replace = record_body};

static struct policy *policy_with(const char *conf)
{
    struct policy *p = NULL;
    struct diags diags;
    FILE *f = fopen(CONF, "w");
    assert_non_null(f);
    assert_true(fputs(conf, f) >= 0);
    assert_int_equal(fclose(f), 0);
    diags_init(&diags);
    assert_int_equal(policy_load(CONF, NULL, 0, &diags, &p), STATUS_OK);
    diags_fini(&diags);
    (void)unlink(CONF);
    return p;
}

static struct engine *engine_with(const char *conf)
{
    struct policy *p = policy_with(conf);
    struct engine *e = NULL;
    assert_int_equal(engine_new(p, 2, &e), STATUS_OK);
    policy_unref(&p);
    return e;
}

static int setup(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

/* Nothing may be left over by any test. */
static int teardown(void **state)
{
    (void)state;
    return fake.scanners == 0 && fake_rulesets == 0 ? 0 : -1;
}

/* headers: "name\0value\0" pairs as the MTA sends them, ended by an empty name. */
static void send_message(struct session *s, const char *headers, const char *body)
{
    session_mail(s, "<a@sender.test>", false);
    (void)session_rcpt(s, "<b@example.test>", false);
    for (const char *p = headers; *p != '\0';) {
        const char *value = p + strlen(p) + 1;
        session_header(s, p, value);
        p = value + strlen(value) + 1;
    }
    session_eoh(s);
    if (body[0] != '\0')
        (void)session_body(s, view_of(body));
}

#define FLAG_YES "ins 0 X-Extortion-Flag: yes\n"
#define FLAG_NO  "ins 0 X-Extortion-Flag: no\n"
#define SCORE(points, threshold)                                                                   \
    "ins 0 X-Extortion-Score: " points " threshold=" threshold " ruleset=0123456789abcdef\n"
#define HOLD_MARK(points) "ins 0 X-Extortion-Hold: held; score=" points "\n"
#define HELD              "hold extortion-milter: held by the site's policy\n"
#define EVERYTHING                                                                                 \
    "headers = { rules = \"X-Extortion-Rules\"; class = true; };"                                  \
    "actions = [ \"tag\", \"subject\", \"quarantine\" ];"                                          \
    "classes = { violence = { actions = [ \"tag\" ]; }; };"
#define SUBJECT_ONLY "actions = [ \"subject\" ];"

static const struct rule_info rules[] = {{.id = "en-demand"}, {.id = "core-wallet"}};
static const struct reason reasons[] = {{.rule = &rules[1], .points = 3.0},
                                        {.rule = &rules[0], .points = 2.0},
                                        {.rule = &rules[1], .points = 0.5},
                                        {.rule = &rules[0], .points = 0.0}};

static const struct {
    const char *label, *conf;
    double score;
    bool flagged, bare; /* bare: values come without their leading space */
    uint32_t class_index;
    const char *headers, *want;
} edits[] = {
    {"clean mail says no", "", 1.25, false, false, CLASS_NONE, "Subject\0 x\0",
     SCORE("1.2", "5.0") FLAG_NO},
    {"clean mail untouched when asked", "headers = { clean = false; };", 1.0, false, false,
     CLASS_NONE, "Subject\0 x\0", ""},
    {"default: tag only", "", 7.5, true, false, 0, "Subject\0 x\0", SCORE("7.5", "5.0") FLAG_YES},
    {"threshold of the class", "", 4.5, true, false, FAKE_VIOLENCE, "Subject\0 x\0",
     SCORE("4.5", "4.0") FLAG_YES},
    {"values without leading space", "", 7.5, true, true, 0, "Subject\0x\0",
     "ins 0 X-Extortion-Score:7.5 threshold=5.0 ruleset=0123456789abcdef\n"
     "ins 0 X-Extortion-Flag:yes\n"},
    {"everything, in order", EVERYTHING, 9.0, true, false, 0,
     "X-Extortion-Flag\0 no\0Subject\0 x\0x-extortion-class\0 none\0X-EXTORTION-FLAG\0 no\0"
     "X-Extortion-Rules\0 r\0X-Extortion-Flag\0 no\0X-Extortion-Score\0 0.0\0",
     "del 3 X-Extortion-Flag\ndel 2 X-Extortion-Flag\ndel 1 X-Extortion-Flag\n"
     "del 1 X-Extortion-Score\ndel 1 X-Extortion-Rules\ndel 1 X-Extortion-Class\n" HOLD_MARK(
         "9.0; class=sextortion") "ins 0 X-Extortion-Class: sextortion\nins 0 X-Extortion-Rules: "
                                  "core-wallet,en-demand\n" SCORE("9.0", "5.0") FLAG_YES
     "chg 1 Subject: [EXTORTION] x\n" HELD},
    {"threats to life are not held", EVERYTHING, 9.0, true, false, FAKE_VIOLENCE, "Subject\0 x\0",
     "ins 0 X-Extortion-Class: violence\nins 0 X-Extortion-Rules: core-wallet,en-demand\n" SCORE(
         "9.0", "4.0") FLAG_YES},
    {"class is not said of clean mail", "headers = { class = true; };", 1.0, false, false, 0,
     "Subject\0 x\0", SCORE("1.0", "5.0") FLAG_NO},
    {"forged headers go from clean mail, too", "headers = { clean = false; };", 0.0, false, false,
     CLASS_NONE, "X-Extortion-Rules\0 a\0X-Extortion-Score\0 1\0",
     "del 1 X-Extortion-Score\ndel 1 X-Extortion-Rules\n"},
    {"own header names", "headers = { flag = \"X-A\"; score = \"X-B\"; };", 7.5, true, false, 0,
     "x-a\0 q\0X-Extortion-Flag\0 q\0",
     "del 1 X-A\nins 0 X-B: 7.5 threshold=5.0 ruleset=0123456789abcdef\nins 0 X-A: yes\n"},
    {"subject plain", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0 Pay me\0",
     "chg 1 Subject: [EXTORTION] Pay me\n"},
    {"subject without leading space", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0Pay me\0",
     "chg 1 Subject: [EXTORTION] Pay me\n"},
    {"subject, leading space not negotiated", SUBJECT_ONLY, 7.0, true, true, 0, "Subject\0Pay me\0",
     "chg 1 Subject:[EXTORTION] Pay me\n"},
    {"subject folded", SUBJECT_ONLY, 7.0, true, false, 0, "subject\0 Pay\n\tme\n now\0",
     "chg 1 Subject: [EXTORTION] Pay\n\tme\n now\n"},
    {"subject folded at once", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0\n Pay\0",
     "chg 1 Subject: [EXTORTION]\n Pay\n"},
    {"subject encoded", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0 =?utf-8?q?P=C3=A4y?=\0",
     "chg 1 Subject: [EXTORTION] =?utf-8?q?P=C3=A4y?=\n"},
    {"subject 8-bit", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0 P\xE4y\0",
     "chg 1 Subject: [EXTORTION] P\xE4y\n"},
    {"subject empty", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0\0",
     "chg 1 Subject: [EXTORTION]\n"},
    {"subject of spaces", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0   \0",
     "chg 1 Subject: [EXTORTION]\n"},
    {"subject missing", SUBJECT_ONLY, 7.0, true, false, 0, "To\0 b\0",
     "ins 10 Subject: [EXTORTION]\n"},
    {"subject twice: the first", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0 a\0Subject\0 b\0",
     "chg 1 Subject: [EXTORTION] a\n"},
    {"subject tagged already", SUBJECT_ONLY, 7.0, true, false, 0, "Subject\0 [EXTORTION] a\0", ""},
    {"subject tagged already, other case", SUBJECT_ONLY, 7.0, true, false, 0,
     "Subject\0 [extortion] a\0", ""},
    {"subject tagged in the middle is not tagged", SUBJECT_ONLY, 7.0, true, false, 0,
     "Subject\0 Hi [EXTORTION]\0", "chg 1 Subject: [EXTORTION] Hi [EXTORTION]\n"},
    {"prefix beyond ASCII is encoded, with its space",
     SUBJECT_ONLY "subject_prefix = \"[KIRIST\xC3\x84]\";", 7.0, true, false, 0,
     "Subject\0 =?utf-8?q?a?=\0", "chg 1 Subject: =?UTF-8?B?W0tJUklTVMOEXSA=?= =?utf-8?q?a?=\n"},
    {"prefix beyond ASCII only once", SUBJECT_ONLY "subject_prefix = \"[KIRIST\xC3\x84]\";", 7.0,
     true, false, 0, "Subject\0 =?UTF-8?B?W0tJUklTVMOEXSA=?= a\0", ""},
    {"subject of clean mail is left alone", SUBJECT_ONLY "headers = { clean = false; };", 1.0,
     false, false, 0, "Subject\0 a\0", ""},
};

static void test_edits(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(edits); i++) {
        struct recorder r = {.refuse_at = 0};
        struct engine *e = engine_with(edits[i].conf);
        struct session *s = session_new(e, !edits[i].bare);
        fake.verdict = (struct verdict){.flagged = edits[i].flagged,
                                        .score = edits[i].score,
                                        .class_index = edits[i].class_index,
                                        .reasons = reasons,
                                        .n_reasons = COUNT_OF(reasons)};
        send_message(s, edits[i].headers, "body\r\n");
        failures +=
            row_check(session_eom(s, "Q1", &ops, &r) == SESSION_CONTINUE, edits[i].label, "reply");
        failures += row_view(view_of(r.text), view_of(edits[i].want), edits[i].label, "edits");
        session_free(&s);
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
}

#define NOTICES                                                                                    \
    "data = \"%s/conf\"; "                                                                         \
    "operator = \"Example\"; gateway = \"mx.example.test\"; "
#define UTF8                                                                                       \
    "Content-Type\0 text/plain; charset=utf-8\0Content-Transfer-Encoding\0 8bit\0Subject\0 x\0"

/* notice: more settings of the group. In want, SEAL stands for any seal. */
static const struct {
    const char *label, *notice, *more;
    double score;
    bool can_body, bare;
    const char *headers, *want;
} annotations[] = {
    {"low score: inline", "", "", 7.0, true, false, UTF8,
     "ins 0 X-Extortion-Notice: inline; lang=en; seal=SEAL\n" SCORE("7.0", "5.0") FLAG_YES
     "body \n"},
    {"high score: wrap, headers first, body last", "", "", 9.0, true, false,
     "X-Extortion-Notice\0 wrap; seal=forged\0MIME-Version\0 1.0\0" UTF8
     "Content-Language\0 en\0Content-Language\0 fi\0",
     "del 1 X-Extortion-Notice\n"
     "ins 0 X-Extortion-Notice: wrap; lang=en; seal=SEAL\n" SCORE("9.0", "5.0") FLAG_YES
     "chg 1 MIME-Version: 1.0\n"
     "chg 1 Content-Type: multipart/mixed; boundary=\"BOUNDARY\"\n"
     "chg 1 Content-Transfer-Encoding: 7bit\n"
     "del 2 Content-Language\ndel 1 Content-Language\nbody \n"},
    {"values without leading space, and headers that were not there", "mode = \"wrap\";", "", 6.0,
     true, true, "Subject\0x\0",
     "ins 0 X-Extortion-Notice:wrap; lang=en; seal=SEAL\n"
     "ins 0 X-Extortion-Score:6.0 threshold=5.0 ruleset=0123456789abcdef\n"
     "ins 0 X-Extortion-Flag:yes\nins 10 MIME-Version:1.0\n"
     "ins 11 Content-Type:multipart/mixed; boundary=\"BOUNDARY\"\n"
     "ins 12 Content-Transfer-Encoding:7bit\nbody \n"},
    {"header only", "mode = \"header\";", "", 9.0, true, false, UTF8,
     "ins 0 X-Extortion-Notice: none\n" SCORE("9.0", "5.0") FLAG_YES},
    {"the MTA does not let us", "", "", 9.0, false, false, UTF8,
     "ins 0 X-Extortion-Notice: none; reason=mta\n" SCORE("9.0", "5.0") FLAG_YES},
    {"a shape that is left alone", "", "", 9.0, true, false, "List-Id\0 <x.test>\0" UTF8,
     "ins 0 X-Extortion-Notice: none; reason=list\n" SCORE("9.0", "5.0") FLAG_YES},
    {"not asked for", "", "actions = [ \"tag\" ];", 9.0, true, false, UTF8,
     SCORE("9.0", "5.0") FLAG_YES},
    {"held and annotated", "mode = \"wrap\";",
     "actions = [ \"annotate\", \"quarantine\" ]; "
     "classes = { violence = { actions = [ \"tag\" ]; }; };",
     9.0, true, false, "Subject\0 x\0",
     HOLD_MARK(
         "9.0") "ins 0 X-Extortion-Notice: wrap; lang=en; seal=SEAL\nins 10 MIME-Version: 1.0\n"
                "ins 11 Content-Type: multipart/mixed; boundary=\"BOUNDARY\"\n"
                "ins 12 Content-Transfer-Encoding: 7bit\n" HELD "body \n"},
};

static struct engine *engine_with_notices(const char *notice, const char *more)
{
    static char conf[4096];
    const char *top = getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".";
    int n = snprintf(conf, sizeof conf, "notice = { " NOTICES "%s }; %s", top, notice, more);
    assert_true(n > 0 && (size_t)n < sizeof conf);
    return engine_with(conf);
}

/* Replaces what differs from run to run. */
static void hide(char *text, const char *before, size_t n, const char *name)
{
    char *at = strstr(text, before);
    if (at == NULL)
        return;
    at += strlen(before);
    memmove(at + strlen(name), at + n, strlen(at + n) + 1);
    memcpy(at, name, strlen(name));
}

static void test_annotate(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(annotations); i++) {
        struct recorder r = {.refuse_at = 0};
        struct engine *e = engine_with_notices(annotations[i].notice, annotations[i].more);
        struct session *s = session_new(e, !annotations[i].bare);
        fake.verdict =
            (struct verdict){.flagged = true, .score = annotations[i].score, .class_index = 0};
        body_n = 0;
        send_message(s, annotations[i].headers, "The letter\r\n");
        failures += row_check(session_eom(s, "Q1", annotations[i].can_body ? &ops_with_body : &ops,
                                          &r) == SESSION_CONTINUE,
                              annotations[i].label, "reply");
        hide(r.text, "seal=", 32, "SEAL");
        hide(r.text, "boundary=\"", 33, "BOUNDARY");
        failures +=
            row_view(view_of(r.text), view_of(annotations[i].want), annotations[i].label, "edits");
        struct view body = {body_seen, body_n};
        if (body_n > 0)
            failures += row_check(view_find(body, VIEW("The letter\r\n")) < body_n &&
                                      view_find(body, VIEW("mx.example.test")) < body_n,
                                  annotations[i].label, "body");
        session_free(&s);
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
}

/* The daemon knows its own work, whole; a copied seal over another body is a forgery. */
static void test_second_pass(void **state)
{
    (void)state;
    struct recorder first = {.refuse_at = 0}, second = {.refuse_at = 0}, third = {.refuse_at = 0};
    struct engine *e = engine_with_notices("", "");
    struct session *s = session_new(e, true);
    char headers[512], value[128];
    fake.verdict = (struct verdict){.flagged = true, .score = 7.0, .class_index = 0};
    send_message(s, UTF8, "The letter\r\n");
    (void)session_eom(s, "Q1", &ops_with_body, &first);
    const char *at = strstr(first.text, " inline;");
    assert_non_null(at);
    (void)snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\n"), at);
    size_t n = (size_t)snprintf(headers, sizeof headers, "X-Extortion-Notice%c%s", 0, value) + 1;
    memcpy(headers + n, UTF8, sizeof UTF8);
    body_seen[body_n] = '\0';
    int runs = fake.runs;
    send_message(s, headers, body_seen);
    (void)session_eom(s, "Q2", &ops_with_body, &second);
    assert_string_equal(second.text, "");
    assert_int_equal(fake.runs, runs);
    send_message(s, headers, "Another letter\r\n");
    (void)session_eom(s, "Q3", &ops_with_body, &third);
    assert_non_null(strstr(third.text, "del 1 X-Extortion-Notice"));
    assert_non_null(strstr(third.text, "body"));
    session_free(&s);
    engine_free(&e);
}

/* Whichever request the MTA refuses, nothing is asked of it afterwards. */
static void test_annotate_refused(void **state)
{
    (void)state;
    for (int at = 1; at <= 8; at++) {
        struct recorder r = {.refuse_at = at};
        struct engine *e = engine_with_notices("mode = \"wrap\";", "on_failure = \"tempfail\";");
        struct session *s = session_new(e, true);
        fake.verdict = (struct verdict){.flagged = true, .score = 9.0, .class_index = 0};
        send_message(s, "MIME-Version\0 1.0\0" UTF8, "The letter\r\n");
        enum session_reply reply = session_eom(s, "Q1", &ops_with_body, &r);
        assert_int_equal(reply, at <= 7 ? SESSION_TEMPFAIL : SESSION_CONTINUE);
        assert_int_equal(r.calls, at <= 7 ? at : 7);
        session_free(&s);
        engine_free(&e);
    }
}

/*
 * Settings that let mail through when an edit fails are not followed where the reader would get the
 * old body under new MIME fields: the sender comes again.
 */
static void test_annotate_torn(void **state)
{
    (void)state;
    for (int at = 1; at <= 7; at++) {
        struct recorder r = {.refuse_at = at};
        struct engine *e = engine_with_notices("mode = \"wrap\";", "on_failure = \"accept\";");
        struct session *s = session_new(e, true);
        fake.verdict = (struct verdict){.flagged = true, .score = 9.0, .class_index = 0};
        send_message(s, "MIME-Version\0 1.0\0" UTF8, "The letter\r\n");
        enum session_reply reply = session_eom(s, "Q1", &ops_with_body, &r);
        /* Three headers of our own, three fields of the body, the body. */
        assert_int_equal(reply, at <= 4 ? SESSION_CONTINUE : SESSION_TEMPFAIL);
        assert_int_equal(r.calls, at);
        session_free(&s);
        engine_free(&e);
    }
}

static const struct {
    const char *label;
    bool bare;
    const char *headers, *body, *want;
} raws[] = {
    {"plain", false, "From\0 a\0Subject\0 x\0", "hi\r\n", "From: a\r\nSubject: x\r\n\r\nhi\r\n"},
    {"no space after the colon", false, "Subject\0x\0", "", "Subject:x\r\n\r\n"},
    {"two spaces", false, "Subject\0  x\0", "", "Subject:  x\r\n\r\n"},
    {"leading space not negotiated", true, "Subject\0x\0", "", "Subject: x\r\n\r\n"},
    {"folds", false, "Subject\0 a\n\tb\n c\0", "", "Subject: a\r\n\tb\r\n c\r\n\r\n"},
    {"folds with CR LF", false, "Subject\0 a\r\n b\0", "", "Subject: a\r\n b\r\n\r\n"},
    {"fold at the end", false, "Subject\0 a\n\0", "", "Subject: a\r\n\r\n\r\n"},
    {"empty value", false, "Subject\0\0", "", "Subject:\r\n\r\n"},
    {"no headers", false, "", "body", "\r\nbody"},
    {"nothing at all", false, "", "", "\r\n"},
    {"8-bit", false, "X\0 \xFF\xC3\0", "\xE4", "X: \xFF\xC3\r\n\r\n\xE4"},
};

static void test_raw(void **state)
{
    (void)state;
    int failures = 0;
    struct engine *e = engine_with("");
    for (size_t i = 0; i < COUNT_OF(raws); i++) {
        struct recorder r = {.refuse_at = 0};
        struct session *s = session_new(e, !raws[i].bare);
        send_message(s, raws[i].headers, raws[i].body);
        (void)session_eom(s, "Q1", &ops, &r);
        failures += row_view((struct view){fake.raw, fake.raw_n}, view_of(raws[i].want),
                             raws[i].label, "raw message");
        session_free(&s);
    }
    engine_free(&e);
    assert_int_equal(failures, 0);
}

static void test_body_with_nul_in_chunks(void **state)
{
    (void)state;
    struct recorder r = {.refuse_at = 0};
    struct engine *e = engine_with("");
    struct session *s = session_new(e, true);
    session_mail(s, "<>", false);
    session_header(s, "A", " b");
    session_eoh(s);
    session_eoh(s);
    assert_int_equal(session_body(s, (struct view){"a\0b\r", 4}), SESSION_CONTINUE);
    assert_int_equal(session_body(s, (struct view){"\nc", 2}), SESSION_CONTINUE);
    (void)session_eom(s, NULL, &ops, &r);
    assert_int_equal(fake.raw_n, 8 + 6);
    assert_memory_equal(fake.raw, "A: b\r\n\r\na\0b\r\nc", 14);
    session_free(&s);
    engine_free(&e);
}

static void test_envelope(void **state)
{
    (void)state;
    static const struct {
        const char *label, *sender, *rcpt, *want;
    } rows[] = {
        {"brackets", "<a@b.test>", "<c@d.test>", "a@b.test|c@d.test|192.0.2.1|mx.test|"},
        {"no brackets", "a@b.test", "c@d.test", "a@b.test|c@d.test|192.0.2.1|mx.test|"},
        {"null sender", "<>", "<c@d.test>", "|c@d.test|192.0.2.1|mx.test|"},
        {"null sender, empty", "", "<c@d.test>", "|c@d.test|192.0.2.1|mx.test|"},
        {"null sender, missing", NULL, "<c@d.test>", "|c@d.test|192.0.2.1|mx.test|"},
        {"odd brackets", "<a@b", "c>", "<a@b|c>|192.0.2.1|mx.test|"},
        {"a bracket", "<", ">", "<|>|192.0.2.1|mx.test|"},
    };
    int failures = 0;
    struct engine *e = engine_with("");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct recorder r = {.refuse_at = 0};
        struct session *s = session_new(e, true);
        session_connect(s, "192.0.2.1");
        session_helo(s, "mx.test");
        session_mail(s, rows[i].sender, false);
        (void)session_rcpt(s, rows[i].rcpt, false);
        (void)session_eom(s, "Q", &ops, &r);
        failures +=
            row_view(view_of(fake.envelope), view_of(rows[i].want), rows[i].label, "envel.");
        session_free(&s);
    }
    engine_free(&e);
    assert_int_equal(failures, 0);
}

/* Hundreds of connections are open and idle. */
static void test_size(void **state)
{
    (void)state;
    assert_in_range(sizeof(struct session), 1, 2048);
}

static void test_two_mails_do_not_mix(void **state)
{
    (void)state;
    struct recorder first = {.refuse_at = 0}, second = {.refuse_at = 0};
    struct engine *e = engine_with(EVERYTHING);
    struct session *s = session_new(e, true);
    fake.verdict = (struct verdict){.flagged = true, .score = 9.0, .class_index = 0};
    send_message(s, "X-Extortion-Flag\0 no\0Subject\0 x\0", "one\r\n");
    (void)session_eom(s, "Q1", &ops, &first);
    assert_non_null(strstr(first.text, "hold"));
    assert_int_equal(engine_in_flight(e), 0);
    fake.verdict = (struct verdict){.class_index = CLASS_NONE};
    send_message(s, "To\0 b\0", "two\r\n");
    assert_int_equal(engine_in_flight(e), 1);
    (void)session_eom(s, "Q2", &ops, &second);
    assert_string_equal(fake.raw, "To: b\r\n\r\ntwo\r\n");
    assert_string_equal(fake.envelope, "a@sender.test|b@example.test|||");
    assert_string_equal(second.text, "ins 0 X-Extortion-Rules: none\n" SCORE("0.0", "5.0") FLAG_NO);
    session_free(&s);
    engine_free(&e);
}

/* Whatever ends a message - abort, twice, never, a new MAIL, the connection - nothing is left. */
static void test_abort(void **state)
{
    (void)state;
    struct recorder r = {.refuse_at = 0};
    struct engine *e = engine_with("");
    struct session *s = session_new(e, true);
    session_abort(s);
    send_message(s, "Subject\0 aborted\0", "x");
    session_abort(s);
    session_abort(s);
    assert_int_equal(engine_in_flight(e), 0);
    send_message(s, "Subject\0 dropped\0", "x");
    send_message(s, "Subject\0 second\0", "y");
    assert_int_equal(engine_in_flight(e), 1);
    (void)session_eom(s, "Q", &ops, &r);
    assert_string_equal(fake.raw, "Subject: second\r\n\r\ny");
    send_message(s, "Subject\0 connection ends\0", "x");
    session_free(&s);
    assert_int_equal(engine_in_flight(e), 0);
    assert_int_equal(fake.runs, 1);
    session_free(&s);
    engine_free(&e);
}

/* MTAs that leave out MAIL, or everything. */
static void test_steps_left_out(void **state)
{
    (void)state;
    struct recorder r = {.refuse_at = 0};
    struct engine *e = engine_with("");
    struct session *s = session_new(e, true);
    session_header(s, "Subject", NULL);
    assert_int_equal(session_eom(s, NULL, &ops, &r), SESSION_CONTINUE);
    assert_string_equal(fake.raw, "Subject:\r\n\r\n");
    assert_int_equal(session_eom(s, NULL, &ops, &r), SESSION_CONTINUE);
    assert_string_equal(fake.raw, "\r\n");
    (void)session_body(s, VIEW("only body"));
    assert_int_equal(session_eom(s, "", &ops, &r), SESSION_CONTINUE);
    assert_string_equal(fake.raw, "\r\nonly body");
    session_header(s, NULL, NULL);
    (void)session_rcpt(s, NULL, false);
    session_connect(s, NULL);
    session_helo(s, NULL);
    assert_int_equal(engine_in_flight(e), 0);
    session_free(&s);
    engine_free(&e);
}

/* At message_bytes the rest is skipped, and the parser must be able to see that. */
static void test_message_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t body, want; /* the header part has 8 bytes, the limit is 1024 */
        enum session_reply reply;
    } rows[] = {
        {"limit - 1", 1015, 1023, SESSION_CONTINUE},
        {"limit", 1016, 1024, SESSION_CONTINUE},
        {"limit + 1", 1017, 1025, SESSION_SKIP},
        {"far beyond", 5000, 1025, SESSION_SKIP},
    };
    char body[5000];
    int failures = 0;
    memset(body, 'x', sizeof body);
    struct engine *e = engine_with("limits = { message_bytes = 1024; };");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct recorder r = {.refuse_at = 0};
        struct session *s = session_new(e, true);
        session_mail(s, "<>", false);
        session_header(s, "A", " b");
        session_eoh(s);
        failures += row_check(session_body(s, (struct view){body, rows[i].body}) == rows[i].reply,
                              rows[i].label, "reply");
        /* An MTA that does not know SKIP goes on. */
        if (rows[i].reply == SESSION_SKIP)
            failures += row_check(session_body(s, VIEW("more")) == SESSION_SKIP, rows[i].label,
                                  "reply to more");
        fake.verdict.incomplete = rows[i].reply == SESSION_SKIP;
        (void)session_eom(s, "Q", &ops, &r);
        failures += row_check(fake.raw_n == rows[i].want, rows[i].label, "bytes judged");
        failures += row_check((strstr(r.text, "abcdef incomplete\n") != NULL) ==
                                  (rows[i].reply == SESSION_SKIP),
                              rows[i].label, "the header says so");
        session_free(&s);
    }
    struct recorder r = {.refuse_at = 0};
    struct session *s = session_new(e, true);
    session_mail(s, "<>", false);
    for (int i = 0; i < 300; i++)
        session_header(s, "X-Extortion-Flag", " no");
    (void)session_eom(s, "Q", &ops, &r);
    failures += row_check(fake.raw_n == 1025, "headers alone", "bytes judged");
    failures += row_check(strncmp(r.text, "del 300 X", 9) == 0, "headers alone",
                          "forged headers beyond the limit are removed, too");
    session_free(&s);
    engine_free(&e);
    assert_int_equal(failures, 0);
}

static void test_failures(void **state)
{
    (void)state;
    static const struct {
        const char *label, *conf;
        enum status status;
        int refuse_at;
        enum session_reply reply;
        const char *want;
    } rows[] = {
        {"accepted untouched by default", "", STATUS_NO_MEMORY, 0, SESSION_CONTINUE,
         "del 1 X-Extortion-Flag\n"},
        {"tempfail when configured", "on_failure = \"tempfail\";", STATUS_NO_MEMORY, 0,
         SESSION_TEMPFAIL, "del 1 X-Extortion-Flag\n"},
        {"held when configured", "on_failure = \"quarantine\";", STATUS_NO_MEMORY, 0,
         SESSION_CONTINUE,
         "del 1 X-Extortion-Flag\nins 0 X-Extortion-Hold: held; failure=memory\n"
         "hold extortion-milter: not judged\n"},
        {"holding refused", "on_failure = \"quarantine\";", STATUS_IO, 3, SESSION_CONTINUE,
         "del 1 X-Extortion-Flag\nins 0 X-Extortion-Hold: held; failure=internal\n"
         "hold extortion-milter: not judged\n"},
        {"deletion refused: no further edit", "", STATUS_OK, 1, SESSION_CONTINUE,
         "del 1 X-Extortion-Flag\n"},
        {"insertion refused: no further edit", "", STATUS_OK, 2, SESSION_CONTINUE,
         "del 1 X-Extortion-Flag\n" SCORE("9.0", "5.0")},
        {"insertion refused, tempfail", "on_failure = \"tempfail\";", STATUS_OK, 3,
         SESSION_TEMPFAIL, "del 1 X-Extortion-Flag\n" SCORE("9.0", "5.0") FLAG_YES},
        {"subject refused", "actions = [ \"subject\" ];", STATUS_OK, 2, SESSION_CONTINUE,
         "del 1 X-Extortion-Flag\nchg 1 Subject: [EXTORTION] x\n"},
        {"quarantine refused", "classes = { sextortion = { actions = [ \"quarantine\" ]; }; };",
         STATUS_OK, 3, SESSION_CONTINUE, "del 1 X-Extortion-Flag\n" HOLD_MARK("9.0") HELD},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct recorder r = {.refuse_at = rows[i].refuse_at};
        struct engine *e = engine_with(rows[i].conf);
        struct session *s = session_new(e, true);
        fake.run_status = rows[i].status;
        fake.verdict = (struct verdict){.flagged = true, .score = 9.0, .class_index = 0};
        send_message(s, "X-Extortion-Flag\0 no\0Subject\0 x\0", "body\r\n");
        failures +=
            row_check(session_eom(s, "Q1", &ops, &r) == rows[i].reply, rows[i].label, "reply");
        failures += row_view(view_of(r.text), view_of(rows[i].want), rows[i].label, "edits");
        /* The next mail on the connection is not touched by the failure of this one. */
        struct recorder next = {.refuse_at = 0};
        fake.run_status = STATUS_OK;
        fake.verdict = (struct verdict){.class_index = CLASS_NONE};
        send_message(s, "Subject\0 y\0", "body\r\n");
        failures += row_check(session_eom(s, "Q2", &ops, &next) == SESSION_CONTINUE, rows[i].label,
                              "reply to the next");
        failures += row_view(view_of(next.text), VIEW(SCORE("0.0", "5.0") FLAG_NO), rows[i].label,
                             "edits of the next");
        session_free(&s);
        engine_free(&e);
    }
    assert_int_equal(failures, 0);
}

static void test_engine_needs_a_scanner(void **state)
{
    (void)state;
    struct policy *p = NULL;
    struct engine *e = NULL;
    struct diags diags;
    diags_init(&diags);
    assert_int_equal(policy_load(NULL, NULL, 0, &diags, &p), STATUS_OK);
    fake.new_status = STATUS_IO;
    assert_int_equal(engine_new(p, 0, &e), STATUS_IO);
    assert_null(e);
    policy_unref(&p);
    diags_fini(&diags);
}

static void test_many_recipients(void **state)
{
    (void)state;
    struct recorder r = {.refuse_at = 0};
    struct engine *e = engine_with("");
    struct session *s = session_new(e, true);
    char address[300];
    memset(address, 'a', sizeof address - 1);
    address[sizeof address - 1] = '\0';
    session_mail(s, address, false);
    for (int i = 0; i < 20000; i++)
        (void)session_rcpt(s, address, false);
    assert_int_equal(session_eom(s, "Q", &ops, &r), SESSION_CONTINUE);
    assert_int_equal(fake.runs, 1);
    session_free(&s);
    engine_free(&e);
}

/* One message begins before a reload and ends after it; the next begins after it. */
static void test_reload(void **state)
{
    (void)state;
    struct recorder old = {.refuse_at = 0}, new = {.refuse_at = 0};
    struct engine *e = engine_with("headers = { flag = \"X-Old\"; score = \"X-S\"; };");
    struct session *a = session_new(e, true), *b = session_new(e, true);
    struct policy *p = policy_with("headers = { flag = \"X-New\"; score = \"X-S\"; };");
    send_message(a, "X-New\0 f\0X-Old\0 f\0", "x");
    assert_int_equal(engine_policy_replace(e, p), STATUS_OK);
    struct policy *now = engine_policy(e);
    assert_ptr_equal(now, p);
    policy_unref(&now);
    policy_unref(&p);
    send_message(b, "X-New\0 f\0X-Old\0 f\0", "x");
    assert_int_equal(fake_rulesets, 2);
    assert_int_equal(fake.scanners, 2);
    assert_int_equal(session_eom(a, "A", &ops, &old), SESSION_CONTINUE);
    assert_non_null(strstr(old.text, "del 1 X-Old\nins 0 X-S"));
    assert_null(strstr(old.text, "X-New"));
    /* The old one went with its last message. */
    assert_int_equal(fake_rulesets, 1);
    assert_int_equal(fake.scanners, 1);
    assert_int_equal(session_eom(b, "B", &ops, &new), SESSION_CONTINUE);
    assert_non_null(strstr(new.text, "del 1 X-New\nins 0 X-S"));
    assert_null(strstr(new.text, "X-Old"));
    /* An abort lets go as well. */
    session_mail(a, "<a@sender.test>", false);
    p = policy_with("");
    assert_int_equal(engine_policy_replace(e, p), STATUS_OK);
    policy_unref(&p);
    assert_int_equal(fake_rulesets, 2);
    session_abort(a);
    assert_int_equal(fake_rulesets, 1);
    session_free(&a);
    session_free(&b);
    engine_free(&e);
}

/* Without a scanner for the new policy the old one stays. */
static void test_reload_needs_a_scanner(void **state)
{
    (void)state;
    struct recorder r = {.refuse_at = 0};
    struct engine *e = engine_with("headers = { flag = \"X-Old\"; };");
    struct policy *p = policy_with("");
    fake.new_status = STATUS_IO;
    assert_int_equal(engine_policy_replace(e, p), STATUS_IO);
    policy_unref(&p);
    assert_int_equal(fake_rulesets, 1);
    struct session *s = session_new(e, true);
    send_message(s, "Subject\0 x\0", "x");
    assert_int_equal(session_eom(s, "Q", &ops, &r), SESSION_CONTINUE);
    assert_non_null(strstr(r.text, "X-Old"));
    session_free(&s);
    engine_free(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_edits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_annotate, setup, teardown),
        cmocka_unit_test_setup_teardown(test_second_pass, setup, teardown),
        cmocka_unit_test_setup_teardown(test_annotate_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_annotate_torn, setup, teardown),
        cmocka_unit_test_setup_teardown(test_raw, setup, teardown),
        cmocka_unit_test_setup_teardown(test_body_with_nul_in_chunks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_envelope, setup, teardown),
        cmocka_unit_test(test_size),
        cmocka_unit_test_setup_teardown(test_two_mails_do_not_mix, setup, teardown),
        cmocka_unit_test_setup_teardown(test_abort, setup, teardown),
        cmocka_unit_test_setup_teardown(test_steps_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_message_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_engine_needs_a_scanner, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reload, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reload_needs_a_scanner, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_recipients, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
