/* Charsets: true, lying, unknown, missing; nothing that follows a bad byte is lost. */
#include "fixture.h"

#define V(s) VIEW_LITERAL(s)

static const struct {
    const char *label, *charset; /* NULL: not declared */
    struct view body, want;
    const char *anomalies;
} rows[] = {
    {"utf-8", "utf-8", V("\xE2\x82\xAC 200"), V("\xE2\x82\xAC 200"), ""},
    {"utf-8 in quotes twice", "\"'UTF8'\"", V("\xC3\xA4"), V("\xC3\xA4"), ""},
    {"utf-8 but latin-1", "utf-8", V("\xC3\xA4 and \xE4\xE4 end"),
     V("\xC3\xA4 and \xC3\xA4\xC3\xA4 end"), "charset-lie"},
    {"utf-8 but 1252 signs", "utf-8", V("\x93hi\x94 \x81."),
     V("\xE2\x80\x9Chi\xE2\x80\x9D \xEF\xBF\xBD."), "charset-lie"},
    {"utf-8 surrogate", "utf-8", V("a\xED\xA0\x80z"), V("a\xC3\xAD\xC2\xA0\xE2\x82\xACz"),
     "charset-lie"},
    {"missing, UTF-8", NULL, V("\xC3\xA4iti"), V("\xC3\xA4iti"), "charset-missing-8bit"},
    {"missing, 1252", NULL, V("\xE4iti \x80"), V("\xC3\xA4iti \xE2\x82\xAC"),
     "charset-missing-8bit"},
    {"missing, ascii", NULL, V("plain"), V("plain"), ""},
    {"missing, iso-2022-jp", NULL, V("\x1B$BF|K\\\x1B(B ok"), V("\xE6\x97\xA5\xE6\x9C\xAC ok"), ""},
    {"missing, UTF-16 with mark", NULL, V("\xFF\xFEh\0i\0"), V("hi"),
     "charset-missing-8bit charset-utf16"},
    {"missing, a mark in front of plain text", NULL, V("\xFF\xFEpay me now"),
     V("\xC3\xBF\xC3\xBEpay me now"), "charset-missing-8bit"},
    {"utf-8, a mark in front of plain text", "utf-8",
     V("\xFE\xFFmaksa nyt, t\xC3\xA4n\xC3\xA4\xC3\xA4n"),
     V("\xC3\xBE\xC3\xBFmaksa nyt, t\xC3\xA4n\xC3\xA4\xC3\xA4n"), "charset-lie"},
    {"utf-8, a mark and a few NULs in front of plain text", "utf-8",
     V("\xFF\xFEp\0a\0y me now or all will see what you did"),
     V("\xC3\xBF\xC3\xBEpay me now or all will see what you did"), "charset-lie body-nul"},
    {"missing, UTF-16 with mark, Chinese", NULL,
     V("\xFF\xFE\x60\x4F\x84\x76\x70\x65\x6E\x63\x0C\xFF"),
     V("\xE4\xBD\xA0\xE7\x9A\x84\xE6\x95\xB0\xE6\x8D\xAE\xEF\xBC\x8C"),
     "charset-missing-8bit charset-utf16"},
    {"missing, UTF-16 shape in the beginning only", NULL,
     V("p\0a\0y\0 \0m\0e\0 \0n\0o\0w\0 \0o\0r\0 \0a\0l\0l\0 \0w\0i\0l\0l\0 \0k\0n\0o\0w\0 "
       "\0i\0t\0,\0 \0y\0o\0u\0r\0 \0"
       "f\0r\0i\0e\0n\0d\0s\0,\0 \0y\0o\0u\0r\0 \0f\0a\0m\0i\0l\0y\0 \0"
       "and everybody else who has ever written to you, so do it today"),
     V("pay me now or all will know it, your friends, your family and everybody else who has ever "
       "written to you, so do it today"),
     "body-nul"},
    {"missing, UTF-16 by its shape", NULL, V("\0h\0e\0l\0l\0o\0!"), V("hello!"), "charset-utf16"},
    {"us-ascii but UTF-8", "us-ascii", V("\xC3\xA4"), V("\xC3\xA4"), "charset-lie"},
    {"us-ascii but 1252", "us-ascii", V("\xE4 x"), V("\xC3\xA4 x"), "charset-lie"},
    {"latin-1", "iso-8859-1", V("\xE4 x"), V("\xC3\xA4 x"), ""},
    {"latin-1 means 1252", "iso-8859-1", V("\x80"), V("\xE2\x82\xAC"), ""},
    {"latin-1 but UTF-8", "iso-8859-1", V("\xC3\xA4iti"), V("\xC3\xA4iti"), "charset-lie"},
    {"latin-9", "iso-8859-15", V("\xA4"), V("\xE2\x82\xAC"), ""},
    {"windows-1251", "windows-1251", V("\xEF\xF0\xE8"), V("\xD0\xBF\xD1\x80\xD0\xB8"), ""},
    {"windows-1251 with a hole", "windows-1251", V("\x98z"), V("\xEF\xBF\xBDz"), "charset-lie"},
    {"koi8-r", "koi8-r", V("\xD0\xD2\xC9\r\n"), V("\xD0\xBF\xD1\x80\xD0\xB8\n"), ""},
    {"unknown", "klingon-1", V("\xE4"), V("\xC3\xA4"), "charset-unknown"},
    {"a name for iconv's options", "utf-8//TRANSLIT", V("\xC3\xA4"), V("\xC3\xA4"), ""},
    {"a name that is too long", "x-0123456789012345678901234567890123456789012345678901234567890",
     V("a"), V("a"), "charset-unknown"},
    {"EBCDIC", "cp037", V("\xC8\x89\x40\x25"), V("Hi \n"), ""},
    {"utf-16 with mark", "utf-16", V("\xFE\xFF\0h\0i\xD8\x3D\xDE\0"), V("hi\xF0\x9F\x98\x80"),
     "charset-utf16"},
    {"utf-16le", "utf-16le", V("h\0i\0\r\0\n\0x\0"), V("hi\nx"), "charset-utf16 bare-cr"},
    {"utf-16 guessed order", "utf-16", V("h\0i\0"), V("hi"), "charset-utf16"},
    {"utf-16 but ascii", "utf-16", V("pay me now"), V("pay me now"), "charset-lie charset-utf16"},
    {"utf-16 odd end, lone surrogate", "utf-16be", V("\xD8\x3D\0h\0"),
     V("\xEF\xBF\xBDh\xEF\xBF\xBD"), "charset-lie charset-utf16"},
    {"utf-32", "utf-32be", V("\0\0\0h\0\1\xF6\0"), V("h\xF0\x9F\x98\x80"), "charset-utf16"},
    {"utf-7", "utf-7", V("Hi +Jjo- end"), V("Hi \xE2\x98\xBA end"), "charset-utf7"},
    {"utf-7 broken", "utf-7", V("a \xE4 b"), V("a \xEF\xBF\xBD b"), "charset-lie charset-utf7"},
    {"iso-2022-jp", "iso-2022-jp", V("\x1B$BF|K\\\x1B(B\r\nok"), V("\xE6\x97\xA5\xE6\x9C\xAC\nok"),
     ""},
    {"iso-2022-jp broken", "iso-2022-jp", V("a\xFFz\x1B$BF|\x1B(B!"),
     V("a\xEF\xBF\xBDz\xE6\x97\xA5!"), "charset-lie"},
    {"iso-2022-jp, kana of one byte and JIS X 0213", "iso-2022-jp",
     V("\x1B(I12\x1B$(O\x2E\x23\x1B(Ba"),
     V("\xEF\xBD\xB1\xEF\xBD\xB2\xE3\x90\x82"
       "a"),
     ""},
    {"iso-2022-jp, a letter and a mark of one code", "iso-2022-jp-3",
     V("\x1B$(Q\x24\x77\x24\x22\x1B(B."), V("\xE3\x81\x8B\xE3\x82\x9A\xE3\x81\x82."), ""},
    {"iso-2022-jp, a line begins in ASCII", "iso-2022-jp", V("\x1B$BF|\r\nok\x1B$BK\\\nok"),
     V("\xE6\x97\xA5\nok\xE6\x9C\xAC\nok"), ""},
    {"iso-2022-jp, half a pair", "iso-2022-jp", V("\x1B$BF|K\x1B(B!"),
     V("\xE6\x97\xA5\xEF\xBF\xBD!"), "charset-lie"},
    {"utf-7, plus and pairs", "utf-7", V("a +- b +2D3eAA-c+AGEAYg d+A"),
     V("a + b \xF0\x9F\x98\x80"
       "cab d"),
     "charset-utf7"},
    {"utf-7, lone surrogate", "utf-7", V("+2D0-x"), V("x"), "charset-utf7"},
    {"utf-7, surrogate before a letter", "utf-7", V("+2D0AYQ-"), V("\xEF\xBF\xBD"),
     "charset-lie charset-utf7"},
    {"iso-2022-kr", "iso-2022-kr", V("\x1B$)C\x0E\x47\x51\x0F ok"), V("\xED\x95\x9C ok"), ""},
    {"shift_jis", "shift_jis", V("\x93\xFA\x96{ \xB1 ok"),
     V("\xE6\x97\xA5\xE6\x9C\xAC \xEF\xBD\xB1 ok"), ""},
    {"euc-jp", "euc-jp", V("\xC6\xFC\xCB\xDC ok"), V("\xE6\x97\xA5\xE6\x9C\xAC ok"), ""},
    {"gb2312 means gb18030", "gb2312", V("\xD6\xD0\x81\x30\x81\x30 ok"),
     V("\xE4\xB8\xAD\xC2\x80 ok"), ""},
    {"gb18030 broken", "gb18030", V("\xD6\xD0\xFF\xFF\xD6 ok"),
     V("\xE4\xB8\xAD\xEF\xBF\xBD\xEF\xBF\xBD ok"), "charset-lie"},
    {"big5", "big5", V("\xA4\xA4\xA4\xE5 ok"), V("\xE4\xB8\xAD\xE6\x96\x87 ok"), ""},
    {"big5-hkscs, two code points", "big5-hkscs", V("\x88\x62 ok"), V("\xC3\x8A\xCC\x84 ok"), ""},
    {"euc-kr", "euc-kr", V("\xC7\xD1 ok"), V("\xED\x95\x9C ok"), ""},
    {"euc-kr cut at the end", "euc-kr", V("ok \xC7"), V("ok \xEF\xBF\xBD"), "charset-lie"},
    {"combining (held back by iconv)", "windows-1258", V("a\xCC!"), V("\xC3\xA0!"), ""},
};

static void test_rows(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char headers[256] = "", names[512];
        if (rows[i].charset != NULL)
            (void)snprintf(headers, sizeof headers, "Content-Type: text/plain; charset=%s\n",
                           rows[i].charset);
        failures +=
            row_check(fixture_body(f, headers, rows[i].body) == STATUS_OK, rows[i].label, "parse");
        failures += row_view(f->m.parts[0].content.text, rows[i].want, rows[i].label, "text");
        failures += row_view(fixture_anomalies(f, names, sizeof names), view_of(rows[i].anomalies),
                             rows[i].label, "anomalies");
    }
    assert_int_equal(failures, 0);
}

/* Where each character came from, also through two stages. */
static void test_origin(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *label, *headers;
        struct view body, find, origin;
    } origins[] = {
        {"koi8-r", "Content-Type: text/plain; charset=koi8-r\n", V("ok \xD0\xD2\xC9 ok"),
         V("\xD1\x80"), V("\xD2")},
        {"koi8-r in qp",
         "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: quoted-printable\n",
         V("=D0=D2=C9"), V("\xD1\x80"), V("=D2")},
        {"koi8-r in base64",
         "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n",
         V("YWJj0NLJYWJj"), V("\xD1\x80"), V("0NLJ")},
        {"gb18030", "Content-Type: text/plain; charset=gb18030\n",
         V("\xD6\xD0\xCE\xC4\x81\x30\x81\x30!"), V("\xE6\x96\x87"), V("\xCE\xC4")},
        {"iso-2022-jp", "Content-Type: text/plain; charset=iso-2022-jp\n",
         V("\x1B$BF|K\\\x1B(Bend"), V("\xE6\x9C\xAC"), V("K\\")},
        {"utf-16 in base64",
         "Content-Type: text/plain; charset=utf-16be\nContent-Transfer-Encoding: base64\n",
         V("AGgAIQBpAGgA"), V("!"), V("AGgAIQBp")},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        (void)fixture_body(f, origins[i].headers, origins[i].body);
        const struct part *part = &f->m.parts[0];
        size_t at = view_find(part->content.text, origins[i].find);
        struct view got = fixture_origin(f, part, at, at + origins[i].find.n);
        failures += row_view(got, origins[i].origin, origins[i].label, "origin");
    }
    assert_int_equal(failures, 0);
}

static void test_meta(void **state)
{
    struct fixture *f = *state;
    (void)fixture_body(f, "Content-Type: text/html\n",
                       VIEW("<html><META http-equiv=x content='text/html; charset=windows-1251'>"
                            "\xEF\xF0\xE8"));
    struct view text = f->m.parts[0].content.text;
    assert_true(view_ends_nocase(text, VIEW("\xD0\xBF\xD1\x80\xD0\xB8")));
}

/* A mail in a hundred charsets may not load a hundred converters. */
static void test_budget(void **state)
{
    struct fixture *f = *state;
    struct buf b;
    buf_init(&b, 1 << 20);
    (void)buf_add(&b, VIEW("Content-Type: multipart/mixed; boundary=bbbbbb\n\n"));
    for (unsigned i = 0; i < 120; i++)
        (void)buf_addf(&b, "--bbbbbb\nContent-Type: text/plain; charset=x-no-%u\n\nx\n", i);
    (void)buf_add(&b, VIEW("--bbbbbb\nContent-Type: text/plain; charset=koi8-u\n\n\xD0\n"));
    assert_int_equal(fixture_parse(f, buf_view(&b)), STATUS_OK);
    assert_int_equal(fixture_count(f, ANOMALY_CHARSET_UNKNOWN), 121);
    /* The next message has its own budget. */
    (void)fixture_body(f, "Content-Type: text/plain; charset=koi8-u\n", VIEW("\xD0"));
    assert_true(view_eq(f->m.parts[0].content.text, VIEW("\xD0\xBF")));
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_origin),
        cmocka_unit_test(test_meta),
        cmocka_unit_test(test_budget),
    };
    return cmocka_run_group_tests_name("mail charset", tests, fixture_setup, fixture_teardown);
}
