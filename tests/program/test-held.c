/* What the MTA's tools and files tell of held mail: hostile text, all of it. */
#include "program/held.h"

#include <stdlib.h>

#include "tests/test.h"

static void test_ids(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        bool good;
    } rows[] = {{"4F2Xq1", true},
                {"3pmQ6C1Zt8zJqFk", true},
                {"0ATLAtQH012345", true},
                {"", false},
                {"ALL", false},
                {"all", false},
                {"-d", false},
                {"-", false},
                {"a b", false},
                {"a;reboot", false},
                {"$(reboot)", false},
                {"../hf", false},
                {"a/b", false},
                {"a\n", false},
                {"\xC3\xA4", false},
                {"1234567890123456789012345678901234567890123456789012345678901234", true},
                {"12345678901234567890123456789012345678901234567890123456789012345", false}};
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failures += row_check(held_id_good(view_of(rows[i].id)) == rows[i].good, rows[i].id, "id");
    assert_int_equal(failures, 0);
}

#define ENTRY(queue, id, rest) "{\"queue_name\": \"" queue "\", \"queue_id\": \"" id "\"" rest "}\n"

static const struct {
    const char *label, *lines;
    unsigned n, odd;
    const char *id, *sender, *recipient; /* of the first */
    unsigned recipients;
    int64_t arrived;
    uint64_t bytes;
} listings[] = {
    {"an ordinary one",
     ENTRY("hold", "4F2Xq1",
           ", \"arrival_time\": 1795989275, \"message_size\": 812, \"forced_expire\": false, "
           "\"sender\": \"a@b.test\", \"recipients\": [{\"address\": \"c@d.test\"}, {\"address\": "
           "\"e@f.test\", \"delay_reason\": \"x\"}]"),
     1, 0, "4F2Xq1", "a@b.test", "c@d.test", 2, 1795989275, 812},
    {"other queues are left out",
     ENTRY("deferred", "A1", "") ENTRY("active", "A2", "") ENTRY("hold", "A3", "")
         ENTRY("incoming", "A4", ""),
     1, 0, "A3", "", NULL, 0, 0, 0},
    {"nothing", "", 0, 0, NULL, NULL, NULL, 0, 0, 0},
    {"empty lines", "\n\r\n  \n", 0, 0, NULL, NULL, NULL, 0, 0, 0},
    {"an id that is a command",
     ENTRY("hold", "ALL", "") ENTRY("hold", "$(id)", "") ENTRY("hold", "A", ""), 1, 2, "A", "",
     NULL, 0, 0, 0},
    {"an id that is a path", ENTRY("hold", "../../etc", ""), 0, 1, NULL, NULL, NULL, 0, 0, 0},
    {"no id", "{\"queue_name\": \"hold\"}\n", 0, 1, NULL, NULL, NULL, 0, 0, 0},
    {"an id that is a number", "{\"queue_name\": \"hold\", \"queue_id\": 7}\n", 0, 1, NULL, NULL,
     NULL, 0, 0, 0},
    {"no JSON", "-Queue ID- --Size-- ----Arrival Time----\n4F2Xq1! 812\n", 0, 2, NULL, NULL, NULL,
     0, 0, 0},
    {"JSON that ends early", "{\"queue_name\": \"hold\", \"queue_id\": \"A", 0, 1, NULL, NULL, NULL,
     0, 0, 0},
    {"times and sizes that are none",
     ENTRY("hold", "A", ", \"arrival_time\": -5, \"message_size\": 1e300")
         ENTRY("hold", "B", ", \"arrival_time\": \"x\", \"message_size\": null"),
     2, 0, "A", "", NULL, 0, 0, 0},
    {"addresses with quotes, controls and JSON in them",
     ENTRY("hold", "A",
           ", \"sender\": \"\\\"},{\\u001b[2J\\n\", \"recipients\": [{\"address\": \"\"}]"),
     1, 0, "A", "\"},{\x1b[2J\n", "", 1, 0, 0},
    {"recipients of another form",
     ENTRY("hold", "A", ", \"recipients\": \"x\"") ENTRY("hold", "B", ", \"recipients\": [1, [2]]"),
     2, 0, "A", "", NULL, 0, 0, 0},
};

static void test_postqueue(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(listings); i++) {
        const char *label = listings[i].label;
        struct held_list l;
        held_list_init(&l);
        assert_int_equal(held_read_postqueue(view_of(listings[i].lines), &l), STATUS_OK);
        failures += row_check(l.n == listings[i].n && l.odd == listings[i].odd, label, "numbers");
        if (l.n == listings[i].n && l.n > 0) {
            const struct held *h = &l.v[0];
            failures += row_view(view_of(h->id), view_of(listings[i].id), label, "id");
            failures += row_view(h->sender, view_of(listings[i].sender), label, "sender");
            failures += row_check(h->n_recipients == listings[i].recipients, label, "recipients");
            if (listings[i].recipient != NULL && h->n_recipients > 0)
                failures +=
                    row_view(h->recipients[0], view_of(listings[i].recipient), label, "recipient");
            failures += row_check(h->arrived == listings[i].arrived &&
                                      h->bytes == listings[i].bytes && !h->ours,
                                  label, "the rest");
        }
        held_list_fini(&l);
    }
    assert_int_equal(failures, 0);
}

/* A message with more recipients than are kept. */
static void test_many_recipients(void **state)
{
    (void)state;
    struct buf line;
    struct held_list l;
    buf_init(&line, 1 << 20);
    held_list_init(&l);
    assert_int_equal(
        buf_addf(&line, "{\"queue_name\":\"hold\",\"queue_id\":\"A\",\"recipients\":["), STATUS_OK);
    for (int i = 0; i < HELD_RECIPIENTS_MAX + 1; i++)
        assert_int_equal(buf_addf(&line, "%s{\"address\":\"a@b\"}", i > 0 ? "," : ""), STATUS_OK);
    assert_int_equal(buf_addf(&line, "]}\n"), STATUS_OK);
    assert_int_equal(held_read_postqueue(buf_view(&line), &l), STATUS_OK);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.v[0].n_recipients, HELD_RECIPIENTS_MAX);
    assert_int_equal(l.v[0].n_all_recipients, HELD_RECIPIENTS_MAX + 1);
    held_list_fini(&l);
    buf_fini(&line);
}

static const struct {
    const char *label, *header;
    bool ours;
    const char *score, *class_id, *failure;
} marks[] = {
    {"ours", "X-Extortion-Hold: held; score=9.0\nSubject: x\n\n", true, "9.0", "", ""},
    {"with its class", "X-Extortion-Hold: held; score=9.0; class=breach-company\n", true, "9.0",
     "breach-company", ""},
    {"a failure", "Received: x\n\tby y\nX-Extortion-Hold: held; failure=deadline\n\n", true, "", "",
     "deadline"},
    {"none", "Subject: X-Extortion-Hold: held\n\n", false, "", "", ""},
    {"in the body", "Subject: x\n\nX-Extortion-Hold: held\n", false, "", "", ""},
    {"in a fold", "Subject: x\n X-Extortion-Hold: held\n\n", false, "", "", ""},
    {"another word", "X-Extortion-Hold: no\n\n", false, "", "", ""},
    {"the first one counts",
     "X-Extortion-Hold: held; score=9.0\nX-Extortion-Hold: held; score=1.0; class=x\n", true, "9.0",
     "", ""},
    {"words that are none",
     "X-Extortion-Hold: held; score=\x1b[2J; class=a b; failure=12345678901234567890123456789012345"
     "67890123456789012345678901234567890\n",
     true, "", "", "123456789012345678901234567890123456789012345678901234567890123"},
    {"no name", ": x\n\nX", false, "", "", ""},
    {"CRLF", "X-Extortion-Hold: held; score=5.5\r\n\r\n", true, "5.5", "", ""},
};

static void test_marks(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        struct held h = {.arrived = 0};
        held_read_header(view_of(marks[i].header), &h);
        failures += row_check(h.ours == marks[i].ours, marks[i].label, "ours");
        failures += row_view(view_of(h.score), view_of(marks[i].score), marks[i].label, "score");
        failures +=
            row_view(view_of(h.class_id), view_of(marks[i].class_id), marks[i].label, "class");
        if (strlen(marks[i].failure) < 60)
            failures +=
                row_view(view_of(h.failure), view_of(marks[i].failure), marks[i].label, "failure");
    }
    assert_int_equal(failures, 0);
}

#define HF_TOP "V8\nT1795989275\nK0\nN0\nP30000\n"
#define HF_END ".\n"

static const struct {
    const char *label, *file;
    enum status status;
    bool ours;
    const char *sender, *recipient, *header;
    unsigned recipients;
} files[] = {
    {"ours",
     HF_TOP "Fs\nqextortion-milter: held by the site's policy\n$_localhost [127.0.0.1]\n"
            "S<a@b.test>\nrRFC822; c@d.test\nRPFD:<c@d.test>\nRPFD:e@f.test\n"
            "H?P?Return-Path: <\x81g>\nH??X-Extortion-Hold: held; score=9.0\nH??Subject: a\n\tb\n"
            "HX-Old: form\n" HF_END,
     STATUS_OK, true, "a@b.test", "c@d.test",
     "Return-Path: <\x81g>\nX-Extortion-Hold: held; score=9.0\nSubject: a\n\tb\nX-Old: form\n\n",
     2},
    {"another milter's", HF_TOP "qclamav\nS<>\nH??X-Extortion-Hold: held\n" HF_END, STATUS_OK,
     false, "", NULL, "X-Extortion-Hold: held\n\n", 0},
    {"a reason inside a header", HF_TOP "qvirus\nH??Subject: x\n qextortion-milter: held\n" HF_END,
     STATUS_OK, false, "", NULL, "Subject: x\n qextortion-milter: held\n\n", 0},
    {"not a queue file", "root:x:0:0\n", STATUS_INVALID, false, "", NULL, NULL, 0},
    {"empty lines and odd ones", "V8\n\nH\nH?\nH??\nH?x\nR\nR:\nS\nT\nTx\nq\n", STATUS_OK, false,
     "", "", NULL, 2},
};

static void test_hf(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct held h = {.arrived = 0};
        struct arena arena;
        struct buf header;
        arena_init(&arena, 1 << 20);
        buf_init(&header, 1 << 16);
        enum status status = held_read_hf(view_of(files[i].file), &h, &arena);
        failures += row_check(status == files[i].status, files[i].label, "status");
        failures += row_check(h.ours == files[i].ours, files[i].label, "ours");
        failures += row_view(h.sender, view_of(files[i].sender), files[i].label, "sender");
        failures += row_check(h.n_recipients == files[i].recipients, files[i].label, "recipients");
        if (files[i].recipient != NULL && h.n_recipients > 0)
            failures +=
                row_view(h.recipients[0], view_of(files[i].recipient), files[i].label, "first");
        assert_int_equal(held_hf_header(view_of(files[i].file), &header), STATUS_OK);
        if (files[i].header != NULL)
            failures +=
                row_view(buf_view(&header), view_of(files[i].header), files[i].label, "header");
        buf_fini(&header);
        arena_fini(&arena);
    }
    assert_int_equal(failures, 0);
}

static void test_ages(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* -1: none */
    } rows[] = {{"30", 2592000}, {"30d", 2592000}, {"12h", 43200}, {"90m", 5400},
                {"2w", 1209600}, {"0", 0},         {"", -1},       {"d", -1},
                {"-1", -1},      {"1.5", -1},      {"1y", -1},     {"1000000", 86400000000},
                {"1000001", -1}, {" 1", -1}};
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t got = -1;
        bool good = held_age_read(rows[i].text, &got);
        failures += row_check(good == (rows[i].seconds >= 0) && got == rows[i].seconds,
                              rows[i].text, "age");
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_postqueue),
        cmocka_unit_test(test_many_recipients),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_hf),
        cmocka_unit_test(test_ages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
