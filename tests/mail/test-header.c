/* Header values: encoded-words, folds, addresses, parameters. */
#include "fixture.h"

#define V(s) VIEW_LITERAL(s)

static const struct {
    const char *label;
    struct view raw, want;
    const char *anomaly; /* one, or "" */
    struct view find, origin;
} words[] = {
    {"plain", V(" hello world "), V("hello world"), "", V("world"), V("world")},
    {"fold", V(" a\r\n b\n\tc"), V("a b c"), "", V("c"), V("c")},
    {"q", V("=?utf-8?Q?P=C3=A4iv=C3=A4=C3=A4_x?="), V("P\xC3\xA4iv\xC3\xA4\xC3\xA4 x"), "", V("iv"),
     V("iv")},
    {"b", V("=?UTF-8?B?w6TDpA==?="), V("\xC3\xA4\xC3\xA4"), "", V("\xC3\xA4\xC3\xA4"),
     V("w6TDpA==")},
    {"language", V("=?iso-8859-1*fi?q?=E4?="), V("\xC3\xA4"), "", V("\xC3\xA4"), V("=E4")},
    {"adjacent words", V("=?utf-8?q?a?= \r\n =?utf-8?q?b?="), V("ab"), "", V("b"), V("b")},
    {"word, text, word", V("=?utf-8?q?a?= and =?utf-8?q?b?="), V("a and b"), "", V("and"),
     V("and")},
    {"character cut over words", V("=?utf-8?b?w6Q=?= =?utf-8?q?=E2=82?= =?utf-8?q?=AC?="),
     V("\xC3\xA4\xE2\x82\xAC"), "", V("\xE2\x82\xAC"), V("=E2=82?= =?utf-8?q?=AC")},
    {"base64 cut without regard", V("=?utf-8?b?SGVsb?= =?utf-8?b?G8=?="), V("Hello"), "", V("Hel"),
     V("SGVs")},
    {"charset changes", V("=?utf-8?q?=C3=A4?= =?iso-8859-1?q?=E4?="), V("\xC3\xA4\xC3\xA4"), "",
     V(""), V("")},
    {"inside a word", V("x=?utf-8?q?y?=z"), V("xyz"), "", V("z"), V("z")},
    {"spaces in q", V("=?utf-8?q?a b c?="), V("a b c"), "", V("b"), V("b")},
    {"empty",
     V("=?utf-8?q?"
       "?="),
     V(""), "", V(""), V("")},
    {"fold inside a word", V("=?utf-8?q?a\r\n b?="), V("a b"), "", V("b"), V("b")},
    {"a mark of UTF-16 in front", V("\xFE\xFFpay now"), V("\xC3\xBE\xC3\xBFpay now"), "", V("pay"),
     V("pay")},
    {"q ends with =", V("=?utf-8?q?a=?="), V("a="), "encoded-word-broken", V("a"), V("a")},
    {"not closed", V("=?utf-8?q?abc def"), V("abc def"), "encoded-word-broken", V("def"), V("def")},
    {"not closed, another follows", V("=?utf-8?q?abc =?utf-8?q?def?="), V("abcdef"),
     "encoded-word-broken", V("def"), V("def")},
    {"unknown encoding", V("=?utf-8?x?abc?="), V("=?utf-8?x?abc?="), "", V("abc"), V("abc")},
    {"unknown charset", V("=?klingon?q?=E4?="), V("\xC3\xA4"), "charset-unknown", V(""), V("")},
    {"gb2312 cut", V("=?gb2312?B?1tA=?= =?gb2312?B?zsQ=?="), V("\xE4\xB8\xAD\xE6\x96\x87"), "",
     V("\xE6\x96\x87"), V("zsQ=")},
    {"iso-2022-jp", V("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?="), V("\xE6\x97\xA5\xE6\x9C\xAC"), "",
     V(""), V("")},
    {"utf-16", V("=?utf-16be?B?AGgAaQ==?="), V("hi"), "charset-utf16", V(""), V("")},
    {"raw utf-8",
     V("Gr\xC3\xBC\xC3\x9F"
       "e"),
     V("Gr\xC3\xBC\xC3\x9F"
       "e"),
     "", V("e"), V("e")},
    {"raw latin-1",
     V("Gr\xFC\xDF"
       "e"),
     V("Gr\xC3\xBC\xC3\x9F"
       "e"),
     "", V("\xC3\xBC"), V("\xFC")},
    {"NUL and line ends inside", V("a\0b =?utf-8?q?c=0D=0Ad?="), V("ab c  d"), "", V("ab"),
     V("a\0b")},
    {"looks like one", V("a =? b ?= c"), V("a =? b ?= c"), "", V("c"), V("c")},
    {"nothing", V(" \r\n "), V(""), "", V(""), V("")},
};

static void test_words(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const char *label = words[i].label;
        arena_reset(&f->arena);
        struct header h = {.name = VIEW("Subject"), .raw = words[i].raw, .offset = 1000};
        struct decoded d;
        struct anomalies seen = {0};
        failures += row_check(header_decode(f->reader, &h, &f->arena, &seen, &d) == STATUS_OK,
                              label, "status");
        failures += row_view(d.text, words[i].want, label, "text");
        invariants_decoded(&d, 1000 + h.raw.n);
        uint32_t total = 0;
        for (unsigned a = 0; a < ANOMALY_COUNT; a++)
            total += seen.count[a];
        enum anomaly want = anomaly_find(view_of(words[i].anomaly));
        failures += row_check(want == ANOMALY_COUNT ? total == 0 : seen.count[want] == total, label,
                              "anomaly");
        size_t at = view_find(d.text, words[i].find);
        struct span s = {(uint32_t)at, (uint32_t)(at + words[i].find.n)};
        s = spanmap_span(&d.map, s);
        if (words[i].find.n > 0)
            failures += row_view(view_sub(h.raw, s.from - 1000, s.to - 1000), words[i].origin,
                                 label, "origin");
    }
    assert_int_equal(failures, 0);
}

static const struct {
    const char *label;
    struct view raw;
    const char *want; /* "display|address;" each */
} lists[] = {
    {"bare", V(" anna@Example.ORG"), "|anna@example.org;"},
    {"named", V("Anna <anna@example.org>"), "Anna|anna@example.org;"},
    {"quoted", V("\"Example, Anna \\\"A\\\"\" <anna@example.org>"),
     "Example, Anna \"A\"|anna@example.org;"},
    {"two", V("a@x.org, B <b@x.org>"), "|a@x.org;B|b@x.org;"},
    {"group", V("friends: a@x.org, b@x.org;, c@x.org"), "|a@x.org;|b@x.org;|c@x.org;"},
    {"empty group", V("undisclosed-recipients:;"), ""},
    {"nested groups", V("a:b:c: x@y.org;;;"), "|x@y.org;"},
    {"comment as name", V("anna@x.org (Anna (the) Example)"), "Anna (the) Example|anna@x.org;"},
    {"comment inside", V("Anna (was here) <anna@x.org> (really)"), "Anna|anna@x.org;"},
    {"comment never closed", V("Anna (oops <anna@x.org>"), "Anna (oops|anna@x.org;"},
    {"encoded", V("=?utf-8?q?Example=2C_=C3=84?= <a@x.org>"), "Example, \xC3\x84|a@x.org;"},
    {"encoded with a comma", V("=?utf-8?q?Example,_A?= <a@x.org>"), "Example, A|a@x.org;"},
    {"encoded inside quotes", V("\"=?utf-8?q?=C3=84?=\" <a@x.org>"), "\xC3\x84|a@x.org;"},
    {"name is an address", V("\"ceo@bank.example\" <crook@x.org>"),
     "ceo@bank.example|crook@x.org;"},
    {"route", V("<@relay.org,@b.org:anna@x.org>"), "|anna@x.org;"},
    {"not closed", V("Anna <anna@x.org, Ben <ben@x.org>"), "Anna|anna@x.org;Ben|ben@x.org;"},
    {"no brackets", V("Anna Example anna@x.org"), "Anna Example|anna@x.org;"},
    {"name only", V("Anna Example"), "Anna Example|;"},
    {"empty angle", V("Anna <>"), "Anna|;"},
    {"spaces in the address", V("< anna @ x . org >"), "|anna@x.org;"},
    {"utf-8", V("\xC3\x84nna <\xC3\xA4@\xC3\xA4.example>"),
     "\xC3\x84nna|\xC3\xA4@\xC3\xA4.example;"},
    {"latin-1", V("\xC4nna <\xE4@x.org>"), "\xC3\x84nna|\xC3\xA4@x.org;"},
    {"fold", V("Anna\r\n Example\r\n <anna@x.org>"), "Anna Example|anna@x.org;"},
    {"quoted local part", V("\"an na\"@x.org"), "|anna@x.org;"},
    {"quoted local part in brackets", V("A <\"an na\"@x.org>"), "A|anna@x.org;"},
    {"commas only", V(", ,;,"), ""},
    {"empty", V(""), ""},
};

static void test_mailboxes(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        arena_reset(&f->arena);
        struct header h = {.name = VIEW("To"), .raw = lists[i].raw};
        struct mailbox boxes[8];
        uint32_t n = header_mailboxes(f->reader, &h, &f->arena, boxes, 8);
        struct buf got;
        buf_init(&got, 4096);
        for (uint32_t k = 0; k < n; k++)
            (void)buf_addf(&got, "%.*s|%.*s;", VIEW_ARG(boxes[k].display),
                           VIEW_ARG(boxes[k].address));
        failures += row_view(buf_view(&got), view_of(lists[i].want), lists[i].label, "mailboxes");
        buf_fini(&got);
    }
    struct header h = {.name = VIEW("To"), .raw = VIEW("a@x, b@x, c@x")};
    struct mailbox boxes[2];
    assert_int_equal(header_mailboxes(f->reader, &h, &f->arena, boxes, 2), 2);
    assert_int_equal(failures, 0);
}

static const struct {
    const char *label, *headers;
    const char *want; /* type, charset, name */
    const char *anomalies;
} types[] = {
    {"none", "", "text/plain||", ""},
    {"usual", "Content-Type: text/HTML; charset=\"UTF-8\"\n", "text/html|utf-8|", ""},
    {"spaces and comments", "Content-Type: text / plain (c (d)) ; (e) charset (f) = (g) utf-8\n",
     "text/plain|utf-8|", ""},
    {"no semicolon", "Content-Type: text/html charset=utf-8\n", "text/html|utf-8|", ""},
    {"too many", "Content-Type: text/html;;; charset=utf-8;;\n", "text/html|utf-8|", ""},
    {"folded", "Content-Type: text/html;\r\n\tcharset=utf-8\r\n", "text/html|utf-8|", ""},
    {"quoted type", "Content-Type: \"text/html\"; charset=utf-8\n", "text/html|utf-8|", ""},
    {"lone text", "Content-Type: text\n", "text/plain||", "content-type-broken"},
    {"garbage", "Content-Type: @@@\n", "text/plain||", "content-type-broken"},
    {"empty", "Content-Type:\n", "text/plain||", "content-type-broken"},
    {"two, the first counts", "Content-Type: text/html\nContent-Type: text/plain\n", "text/html||",
     "content-type-duplicate"},
    {"two, the first unreadable", "Content-Type: ?\nContent-Type: text/html\n", "text/html||",
     "content-type-duplicate content-type-broken"},
    {"comment never closed", "Content-Type: text/html; (oops charset=utf-8\n", "text/html|utf-8|",
     ""},
    {"quote never closed", "Content-Type: text/html; charset=\"utf-8\n", "text/html|utf-8|", ""},
    {"charset twice", "Content-Type: text/html; charset=utf-8; charset=koi8-r\n",
     "text/html|utf-8|", "parameter-duplicate"},
    {"charset twice alike", "Content-Type: text/html; charset=utf-8; charset=utf-8\n",
     "text/html|utf-8|", ""},
    {"2231", "Content-Type: text/plain; name*=utf-8'en'%c3%a4.txt\n", "text/plain||\xC3\xA4.txt",
     ""},
    {"2231 parts", "Content-Type: text/plain; name*1=\"b.txt\"; name*0*=iso-8859-1''%e4\n",
     "text/plain||\xC3\xA4"
     "b.txt",
     ""},
    {"2231 without charset", "Content-Type: text/plain; name*=%c3%a4.txt\n",
     "text/plain||\xC3\xA4.txt", ""},
    {"2231 broken percent", "Content-Type: text/plain; name*=utf-8''a%zz%4.txt\n",
     "text/plain||a%zz%4.txt", ""},
    {"2231 before plain", "Content-Type: text/plain; name=old.txt; name*=utf-8''new.txt\n",
     "text/plain||new.txt", ""},
    {"2231 part twice", "Content-Type: text/plain; name*0=a; name*0=b; name*1=.txt\n",
     "text/plain||a.txt", "parameter-duplicate"},
    {"2047 in a parameter", "Content-Type: text/plain; name=\"=?utf-8?q?=C3=A4?=.txt\"\n",
     "text/plain||\xC3\xA4.txt", ""},
    {"raw 8-bit name", "Content-Type: text/plain; name=\"\xE4.txt\"\n", "text/plain||\xC3\xA4.txt",
     "header-8bit"},
    {"unquoted name", "Content-Type: text/plain; name=my letter.txt; charset=utf-8\n",
     "text/plain|utf-8|my letter.txt", ""},
    {"path", "Content-Type: text/plain; name=\"C:\\dir\\a/b.txt\"\n", "text/plain||b.txt", ""},
    {"disposition before type",
     "Content-Type: text/plain; name=a.txt\nContent-Disposition: inline; filename=b.txt\n",
     "text/plain||b.txt", ""},
    {"name with control characters", "Content-Type: text/plain; name=\"a\tb\x01.txt\"\n",
     "text/plain||ab.txt", "header-control"},
};

static void test_types(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        char got[512], names[512];
        (void)fixture_body(f, types[i].headers, VIEW("x"));
        const struct part *p = &f->m.parts[0];
        int n = snprintf(got, sizeof got, "%.*s/%.*s|%.*s|%.*s", VIEW_ARG(p->type),
                         VIEW_ARG(p->subtype), VIEW_ARG(p->charset), VIEW_ARG(p->name));
        failures +=
            row_view((struct view){got, (size_t)n}, view_of(types[i].want), types[i].label, "type");
        failures += row_view(fixture_anomalies(f, names, sizeof names), view_of(types[i].anomalies),
                             types[i].label, "anomalies");
    }
    assert_int_equal(failures, 0);
}

static void test_lookup(void **state)
{
    struct fixture *f = *state;
    (void)fixture_body(f, "Subject : one\nX-A: b\nSUBJECT: two\n", VIEW("x"));
    const struct part *p = &f->m.parts[0];
    const struct header *h = part_header(p, VIEW("subject"));
    assert_non_null(h);
    assert_true(view_eq(h->name, VIEW("Subject")) && view_eq(h->raw, VIEW(" one")));
    assert_memory_equal(f->m.raw.p + h->offset, " one", 4);
    h = part_header_next(p, h);
    assert_true(h != NULL && view_eq(h->raw, VIEW(" two")));
    assert_null(part_header_next(p, h));
    assert_null(part_header(p, VIEW("x-b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_mailboxes),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_lookup),
    };
    return cmocka_run_group_tests_name("mail header", tests, fixture_setup, fixture_teardown);
}
