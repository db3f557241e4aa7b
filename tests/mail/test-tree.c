/* Structure: which parts there are, whatever is wrong with boundaries and header sections. */
#include "fixture.h"

#define V(s)   VIEW_LITERAL(s)
#define FROM   "From: a@example.org\nDate: 2 Nov 2026 10:00 GMT\n"
#define MIXED  FROM "Content-Type: multipart/mixed; boundary=\"outer\"\n\n"
#define ALT(b) "Content-Type: multipart/alternative; boundary=\"" b "\"\n\n"
#define RFC822 "Content-Type: message/rfc822\n\n"

/* want: m(...) multipart, M(...) message, "text" of text parts, o other; by nesting. */
static const struct {
    const char *label;
    struct view raw;
    const char *want, *anomalies;
} rows[] = {
    {"plain", V(FROM "\nhi"), "\"hi\"", ""},
    {"mixed", V(MIXED "pre\n--outer\n\na\n--outer\n\nb\n--outer--\nepi"), "m(\"a\" \"b\")", ""},
    {"CRLF",
     V("From: a@x.org\r\nDate: 2 Nov 2026 10:00 GMT\r\nContent-Type: "
       "multipart/mixed;\r\n boundary=outer\r\n\r\n--outer\r\n\r\na\r\n--outer--\r\n"),
     "m(\"a\")", ""},
    {"spaces behind boundaries", V(MIXED "--outer  \n\na\n--outer--\t\n"), "m(\"a\")", ""},
    {"nested", V(MIXED "--outer\n" ALT("inner") "--inner\n\na\n--inner--\n--outer\n\nb\n--outer--"),
     "m(m(\"a\") \"b\")", ""},
    {"inner not closed", V(MIXED "--outer\n" ALT("inner") "--inner\n\na\n--outer\n\nb\n--outer--"),
     "m(m(\"a\") \"b\")", "boundary-unclosed"},
    {"nothing closed", V(MIXED "--outer\n" ALT("inner") "--inner\n\na"), "m(m(\"a\"))",
     "boundary-unclosed"},
    {"empty parts", V(MIXED "--outer\n--outer\n\n--outer--"), "m(\"\" \"\")",
     "header-no-separator"},
    {"only the closing boundary", V(MIXED "--outer--\n"), "m(\"--outer--|\")", "boundary-unused"},
    {"text before the closing boundary", V(MIXED "just text\n--outer--\nmore\n"),
     "m(\"just text|--outer--|more|\")", "boundary-unused"},
    {"part after the end", V(MIXED "--outer\n\na\n--outer--\n--outer\n\nb\n"), "m(\"a\" \"b|\")",
     "boundary-odd"},
    {"no boundary parameter", V(FROM "Content-Type: multipart/mixed\n\nx\n--b1b1\n\na\n--b1b1--\n"),
     "m(\"a\")", "boundary-missing"},
    {"no boundary at all", V(FROM "Content-Type: multipart/mixed\n\njust text"), "\"just text\"",
     "boundary-missing"},
    {"boundary never comes", V(MIXED "just text\n--other\n"), "m(\"just text|--other|\")",
     "boundary-unused"},
    {"boundary in two forms",
     V(FROM "Content-Type: multipart/mixed; boundary=aaaa; boundary*0=bb; boundary*1=bb\n\n"
            "--aaaa\n\na\n--bbbb\n\nb\n--aaaa--"),
     "m(\"a\" \"b\")", "parameter-duplicate"},
    {"boundary in pieces",
     V(FROM "Content-Type: multipart/mixed; boundary*0=bb; boundary*1=bb\n\n--bbbb\n\na\n--bbbb--"),
     "m(\"a\")", "boundary-odd"},
    {"boundary with odd characters, unquoted",
     V(FROM "Content-Type: multipart/mixed; boundary==_(/?:,[@]\n\n--=_(/?:,[@]\n\na\n"
            "--=_(/?:,[@]--"),
     "m(\"a\")", ""},
    {"boundary with spaces",
     V(FROM "Content-Type: multipart/mixed; boundary=\"a b \"\n\n--a b\n\na\n"
            "--a b--"),
     "m(\"a\")", ""},
    {"one-letter boundary and a ruler",
     V(FROM "Content-Type: multipart/mixed; boundary=\"-\"\n\n---\n\na\n--------\nb\n-----\n"),
     "m(\"a|--------|b\")", "boundary-odd"},
    {"text behind a boundary",
     V(FROM "Content-Type: multipart/mixed; boundary=outer1\n\n--outer1\n\na\n--outer1 "
            "xyz\n\nb\n--outer1--"),
     "m(\"a\" \"b\")", "boundary-odd"},
    {"inner boundary longer by a letter",
     V(FROM "Content-Type: multipart/mixed; boundary=bbbbbb\n\n--bbbbbb\n" ALT(
         "bbbbbbc") "--bbbbbbc\n\na\n--bbbbbbc--\n--bbbbbb\n\nb\n--bbbbbb--"),
     "m(m(\"a\") \"b\")", "boundary-nested-same"},
    {"inner boundary is the outer's end mark",
     V(MIXED "--outer\n" ALT("outer--") "--outer--\n\na\n--outer----\n--outer\n\nb\n--outer--"),
     "m(m(\"a\") \"b\")", "boundary-nested-same"},
    {"same boundary",
     V(MIXED "--outer\n" ALT("outer") "--outer\n\na\n--outer--\n--outer\n\nb\n"
                                      "--outer--"),
     "m(m(\"a\") \"b\")", "boundary-nested-same"},
    {"same boundary thrice",
     V(MIXED "--outer\n" ALT("outer") "--outer\n" ALT(
         "outer") "--outer\n\na\n--outer--\n--outer--\n--outer--"),
     "m(m(m(\"a\")))", "boundary-nested-same"},
    {"boundary inside a header section",
     V(MIXED "--outer\nContent-Type: text/html\n--outer\n\nb\n"
             "--outer--"),
     "m(\"\" \"b\")", "header-no-separator"},
    {"two types, two boundaries",
     V(FROM "Content-Type: multipart/mixed; boundary=first1\nContent-Type: multipart/mixed; "
            "boundary=second\n\n--first1\n\na\n--second\n\nb\n--first1--"),
     "m(\"a\" \"b\")", "content-type-duplicate"},

    {"message", V(FROM RFC822 "Subject: in\n\nhi"), "M(\"hi\")", ""},
    {"message in message", V(FROM RFC822 RFC822 "Subject: in\n\nhi"), "M(M(\"hi\"))", ""},
    {"message/global", V(FROM "Content-Type: message/global\n\nSubject: in\n\nhi"), "M(\"hi\")",
     ""},
    {"message with empty lines and a From line",
     V(FROM RFC822 "\n\nSubject: in\nContent-Type: text/html\n\nhi"), "M(\"hi\")", ""},
    {"message, boundary of the outer",
     V(MIXED "--outer\n" RFC822 "Subject: in\nContent-Type: multipart/mixed; boundary=inner\n\n"
             "--inner\n\na\n--outer\n\nb\n--outer--"),
     "m(M(m(\"a\")) \"b\")", "boundary-unclosed"},
    {"message without headers", V(FROM RFC822 "no header at all"), "M(\"no header at all\")",
     "no-headers"},
    {"base64 message",
     V(FROM "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
            "U3ViamVjdDogaW4KCmhp\n"),
     "M(\"hi\")", "encoding-on-composite"},
    {"base64 message that is not encoded",
     V(FROM "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nSubject: in\n\nhi"),
     "M(\"hi\")", "encoding-on-composite"},
    {"qp multipart, clear boundaries",
     V(FROM "Content-Type: multipart/mixed; boundary=outer\nContent-Transfer-Encoding: "
            "quoted-printable\n\n--outer\n\na=20\n--outer--"),
     "m(\"a=20\")", "encoding-on-composite"},
    {"base64 multipart",
     V(FROM "Content-Type: multipart/mixed; boundary=outer\nContent-Transfer-Encoding: base64\n\n"
            "LS1vdXRlcgoKYQotLW91dGVyLS0=\n"),
     "m(\"a\")", "encoding-on-composite"},
    {"base64 multipart without its boundary",
     V(FROM "Content-Type: multipart/mixed; boundary=other\nContent-Transfer-Encoding: base64\n\n"
            "LS1vdXRlcgoKYQotLW91dGVyLS0=\n"),
     "m(\"--outer||a|--outer--\")", "boundary-unused encoding-on-composite"},
    {"digest",
     V(FROM "Content-Type: multipart/digest; boundary=outer\n\n--outer\n\nSubject: "
            "x\n\na\n--outer\nContent-Type: text/plain\n\nb\n--outer--"),
     "m(M(\"a\") \"b\")", ""},
    {"partial", V(FROM "Content-Type: message/partial; number=2\n\nrest of something"), "o", ""},
    {"delivery status", V(FROM "Content-Type: message/delivery-status\n\nStatus: 5.1.1"),
     "\"Status: 5.1.1\"", ""},

    {"no separator", V(FROM "This is text.\nMore."), "\"This is text.|More.\"",
     "header-no-separator"},
    {"broken line in the middle",
     V("From: a@x.org\nwhat is this\nDate: 2 Nov 2026 10:00 GMT\n\nhi"), "\"hi\"", "header-broken"},
    {"broken line above the empty one", V(FROM "what is this\n\nhi"), "\"what is this||hi\"",
     "header-broken"},
    {"the same, encoded", V(FROM "Content-Transfer-Encoding: base64\nwhat is this\n\naGk="),
     "\"hi\"", "header-broken"},
    {"fold at the top", V(" folded\n" FROM "\nhi"), "\"hi\"", "header-broken"},
    {"space before the colon", V("From : a@x.org\nDate\t: 2 Nov 2026 10:00 GMT\n\nhi"), "\"hi\"",
     "header-space-before-colon"},
    {"mbox line", V("From a@x.org Mon Nov  2 10:00:00 2026\n" FROM "\nhi"), "\"hi\"",
     "mbox-from-line"},
    {"mbox line, quoted", V(">From a@x.org Mon Nov  2 10:00:00 2026\n" FROM "\nhi"), "\"hi\"",
     "mbox-from-line"},
    {"empty lines on top", V("\n\r\n" FROM "\nhi"), "\"hi\"", ""},
    {"NUL in a header", V(FROM "Subject: a\0b\n\nhi"), "\"hi\"", "header-nul"},
    {"control in a header", V(FROM "Subject: a\033b\n\nhi"), "\"hi\"", "header-control"},
    {"bare CR in a header", V(FROM "Subject: a\rb\n\nhi"), "\"hi\"", "bare-cr"},
    {"8-bit in a header", V(FROM "Subject: \xE4\n\nhi"), "\"hi\"", "header-8bit"},
    {"UTF-8 in a header", V(FROM "Subject: \xC3\xA4\n\nhi"), "\"hi\"", ""},
    {"two subjects", V(FROM "Subject: a\nSubject: b\n\nhi"), "\"hi\"", "subject-duplicate"},
    {"two From fields", V(FROM "From: b@x.org\n\nhi"), "\"hi\"", "from-multiple"},
    {"two authors", V("From: b@x.org, c@x.org\nDate: 2 Nov 2026 10:00 GMT\n\nhi"), "\"hi\"",
     "from-multiple"},
    {"no From", V("Date: Mon, 2 Nov 26 10:00:00 +0200\n\nhi"), "\"hi\"", "from-missing"},
    {"bad date", V("From: a@x.org\nDate: tomorrow\n\nhi"), "\"hi\"", "date-broken"},
    {"text only", V("Dear reader,\nNote: this.\n\nBye"), "\"Dear reader,|Note: this.||Bye\"",
     "no-headers from-missing date-broken"},
    {"empty line first", V("\ntext"), "\"text\"", "no-headers from-missing date-broken"},
    {"header only", V(FROM), "\"\"", "no-body"},
    {"nothing", V(""), "\"\"", "no-headers no-body from-missing date-broken"},
    {"no type, HTML", V(FROM "\n\n <!DOCTYPE html><p>x"), "\"| <!DOCTYPE html><p>x\"", ""},
};

static void shape(const struct message *m, uint32_t index, struct buf *out)
{
    /* Recursion is bounded: the tables hold nothing deep. */
    const struct part *p = &m->parts[index];
    (void)buf_addf(out, "%s",
                   p->kind == PART_MULTIPART ? "m("
                   : p->kind == PART_MESSAGE ? "M("
                                             : "");
    if (p->kind == PART_OTHER)
        (void)buf_addf(out, "o");
    if (p->kind == PART_TEXT) {
        (void)buf_addf(out, "\"");
        for (size_t i = 0; i < p->content.text.n; i++)
            (void)buf_add_byte(out, p->content.text.p[i] == '\n' ? '|' : p->content.text.p[i]);
        (void)buf_addf(out, "\"");
    }
    for (uint32_t c = p->first_child; c != PART_NONE; c = m->parts[c].next) {
        shape(m, c, out);
        (void)buf_addf(out, "%s", m->parts[c].next != PART_NONE ? " " : "");
    }
    if (p->kind == PART_MULTIPART || p->kind == PART_MESSAGE)
        (void)buf_addf(out, ")");
}

static void test_rows(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char names[512];
        struct buf got;
        buf_init(&got, 65536);
        failures += row_check(fixture_parse(f, rows[i].raw) == STATUS_OK, rows[i].label, "parse");
        shape(&f->m, 0, &got);
        failures += row_view(buf_view(&got), view_of(rows[i].want), rows[i].label, "shape");
        failures += row_view(fixture_anomalies(f, names, sizeof names), view_of(rows[i].anomalies),
                             rows[i].label, "anomalies");
        buf_fini(&got);
    }
    assert_int_equal(failures, 0);
}

/* Every row with CRLF instead of LF has the same shape. */
static void test_line_endings(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf crlf, got;
        buf_init(&crlf, 65536);
        buf_init(&got, 65536);
        for (size_t k = 0; k < rows[i].raw.n; k++) {
            char c = rows[i].raw.p[k];
            bool alone = c == '\n' && (k == 0 || rows[i].raw.p[k - 1] != '\r');
            (void)buf_add(&crlf, alone ? VIEW("\r\n") : (struct view){&rows[i].raw.p[k], 1});
        }
        failures +=
            row_check(fixture_parse(f, buf_view(&crlf)) == STATUS_OK, rows[i].label, "parse");
        shape(&f->m, 0, &got);
        bool encoded = view_find(rows[i].raw, VIEW("LS1vdXRlcg")) < rows[i].raw.n;
        if (!encoded)
            failures += row_view(buf_view(&got), view_of(rows[i].want), rows[i].label, "shape");
        buf_fini(&crlf);
        buf_fini(&got);
    }
    assert_int_equal(failures, 0);
}

static void test_html(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *headers;
        struct view body;
        bool html;
    } pages[] = {
        {"Content-Type: text/html\n", V("x"), true},
        {"Content-Type: text/plain\n", V("<html><body>x"), true},
        {"Content-Type: text/plain\n", V("<html><!-- shown as it is -->"), false},
        {"", V("<!DOCTYPE HTML><!-- x -->"), true},
        {"", V("a <html>"), false},
    };
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        (void)fixture_body(f, pages[i].headers, pages[i].body);
        assert_int_equal(f->m.parts[0].html, pages[i].html);
    }
}

/* Header fields of an encoded message lead back to the bytes that were received. */
static void test_encoded_headers(void **state)
{
    struct fixture *f = *state;
    (void)fixture_parse(f, VIEW(FROM "Content-Type: message/rfc822\nContent-Transfer-Encoding: "
                                     "base64\n\nU3ViamVjdDogaW4KCmhp\n"));
    const struct header *h = part_header(&f->m.parts[1], VIEW("subject"));
    struct decoded d;
    assert_non_null(h);
    assert_int_equal(header_decode(f->reader, h, &f->arena, NULL, &d), STATUS_OK);
    assert_true(view_eq(d.text, VIEW("in")));
    struct span s = spanmap_span(&d.map, (struct span){0, 2});
    assert_true(view_eq(view_sub(f->m.raw, s.from, s.to), VIEW("aW4K")));
    assert_true(view_eq(fixture_origin(f, &f->m.parts[1], 0, 2), VIEW("Cmhp")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_line_endings),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_encoded_headers),
    };
    return cmocka_run_group_tests_name("mail tree", tests, fixture_setup, fixture_teardown);
}
