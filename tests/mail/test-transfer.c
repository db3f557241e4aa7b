/* Transfer decoding, format=flowed, uuencode: what comes out, and where it came from. */
#include "fixture.h"

struct row {
    const char *label, *headers;
    struct view body, want;
    const char *anomalies;
    struct view find, origin; /* where the first occurrence of find in the text came from */
};

#define V(s) VIEW_LITERAL(s)

static const struct row rows[] = {
    {"7bit LF is borrowed", "", V("one\ntwo\n"), V("one\ntwo\n"), "", V("two"), V("two")},
    {"CRLF", "", V("one\r\ntwo\r\n"), V("one\ntwo\n"), "", V("e\nt"), V("e\r\nt")},
    {"mixed endings", "", V("a\nb\r\nc\rd"), V("a\nb\nc\nd"), "bare-cr", V("d"), V("d")},
    {"CR CR LF", "", V("a\r\r\nb"), V("a\n\nb"), "bare-cr", V("b"), V("b")},
    {"NUL inside a word", "", V("pa\0y now"), V("pay now"), "body-nul", V("pay"), V("pa\0y")},
    {"byte order mark", "", V("\xEF\xBB\xBFpay"), V("pay"), "charset-missing-8bit", V("pay"),
     V("pay")},

    {"qp", "Content-Transfer-Encoding: quoted-printable\n", V("caf=C3=A9 =\nau lait =3D\n"),
     V("caf\xC3\xA9 au lait =\n"), "charset-missing-8bit", V("\xC3\xA9 au"), V("=C3=A9 =\nau")},
    {"qp CRLF, spaces at the end", "Content-Transfer-Encoding: quoted-printable\n",
     V("a  \t\r\nb= \r\nc=20\r\n"), V("a\nbc \n"), "", V("c "), V("c=20")},
    {"qp lower case", "Content-Transfer-Encoding: QUOTED-PRINTABLE\n", V("=4a=4A"), V("JJ"), "",
     V("JJ"), V("=4a=4A")},
    {"qp broken", "Content-Transfer-Encoding: quoted-printable\n", V("1=G2 =2 ="), V("1=G2 =2 "),
     "quoted-printable-broken", V("="), V("=")},
    {"qp with CRLF encoded", "Content-Transfer-Encoding: quoted-printable\n", V("a=0D=0Ab"),
     V("a\nb"), "", V("\n"), V("=0A")},
    {"qp empty", "Content-Transfer-Encoding: quoted-printable\n", V(""), V(""), "no-body", V(""),
     V("")},

    {"base64", "Content-Transfer-Encoding: base64\n", V("SGVsbG8g\r\nd29ybGQh\r\n"),
     V("Hello world!"), "", V("world"), V("d29ybGQh")},
    {"base64 across lines", "Content-Transfer-Encoding: base64\n", V("SGVsb\nG8gd29y\nbGQh"),
     V("Hello world!"), "", V("lo w"), V("b\nG8gd29y")},
    {"base64 junk", "Content-Transfer-Encoding: base64\n", V("SGV*sbG8!"), V("Hello"),
     "base64-broken", V("lo"), V("bG8!")},
    {"base64 no padding", "Content-Transfer-Encoding: base64\n", V("SGVsbG8"), V("Hello"),
     "base64-broken", V("lo"), V("bG8")},
    {"base64 one letter too many", "Content-Transfer-Encoding: base64\n", V("SGVsbG8hQ"),
     V("Hello!"), "base64-broken", V("lo!"), V("bG8h")},
    {"base64 joined", "Content-Transfer-Encoding: base64\n", V("SGk=\nSGk=\n"), V("HiHi"), "",
     V("Hi"), V("SGk=")},
    {"base64 with a footer", "Content-Transfer-Encoding: base64\n", V("SGk=\n\n-- \nthe list\n"),
     V("Hi"), "base64-broken", V("Hi"), V("SGk=")},
    {"base64 with CRLF inside", "Content-Transfer-Encoding: base64\n", V("YQ0KYg0KYw=="),
     V("a\nb\nc"), "", V("b"), V("Yg0K")},
    {"base64 empty", "Content-Transfer-Encoding: base64\n", V("\n\n"), V(""), "", V(""), V("")},

    {"unknown encoding", "Content-Transfer-Encoding: rot13\n", V("as is"), V("as is"),
     "encoding-unknown", V("is"), V("is")},
    {"comment in encoding", "Content-Transfer-Encoding: (x) base64 (y)\n", V("SGk="), V("Hi"), "",
     V("Hi"), V("SGk=")},
    {"two encodings: the first",
     "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit\n", V("SGk="), V("Hi"), "",
     V("Hi"), V("SGk=")},

    {"uuencode as encoding", "Content-Transfer-Encoding: x-uuencode\n",
     V("begin 644 x\n#0V%T\n`\nend\n"), V("Cat"), "", V("Cat"), V("0V%T")},
    {"uuencode without end", "Content-Transfer-Encoding: x-uuencode\n", V("begin 644 x\n#0V%T\n"),
     V("Cat"), "uuencode-broken", V("Cat"), V("0V%T")},
    {"uuencode, zeros cut off", "Content-Transfer-Encoding: x-uuencode\n",
     V("begin 644 x\n%0V%T(2\n`\nend\n"), V("Cat! "), "", V("!"), V("(2")},
    {"uuencode inside text", "", V("see:\nbegin 644 cat.bin\n#0V%T\n`\nend\nbye\n"),
     V("see:\nbye\n"), "uuencode", V("bye"), V("bye")},
    {"uuencode cut", "", V("see:\nbegin 644 cat.bin\n#0V%T\n\nbye\n"), V("see:\n\nbye\n"),
     "uuencode uuencode-broken", V("bye"), V("bye")},
    {"base64 inside text", "", V("see:\nbegin-base64 644 cat.bin\nQ2F0\n====\nbye\n"),
     V("see:\nbye\n"), "uuencode", V("bye"), V("bye")},
    {"begin as a word", "", V("begin 644 times over\nand again\nbegin\n"),
     V("begin 644 times over\nand again\nbegin\n"), "", V("and"), V("and")},

    {"flowed", "Content-Type: text/plain; format=flowed\n", V("a \nb \nc\n d\n"), V("a b c\nd\n"),
     "", V("b c"), V("b \nc")},
    {"flowed delsp", "Content-Type: text/plain; format=\"flowed\"; DelSp=Yes\n",
     V("ab \r\ncd \r\n\r\nef"), V("abcd\nef"), "", V("bc"), V("b \r\nc")},
    {"flowed quotes", "Content-Type: text/plain; format=flowed\n", V("> a \n> b\n>> c \n> d \ne\n"),
     V("> a b\n>> c \n> d \ne\n"), "", V("a b"), V("a \n> b")},
    {"flowed signature", "Content-Type: text/plain; format=flowed\n", V("end \n-- \nme\n"),
     V("end \n-- \nme\n"), "", V("me"), V("me")},
    {"fixed stays", "Content-Type: text/plain; format=fixed\n", V("a \nb"), V("a \nb"), "", V("b"),
     V("b")},
};

static void test_rows(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *r = &rows[i];
        char names[512];
        if (row_check(fixture_body(f, r->headers, r->body) == STATUS_OK, r->label, "parse") != 0)
            failures++;
        const struct part *part = &f->m.parts[0];
        failures += row_view(part->content.text, r->want, r->label, "text");
        failures += row_view(fixture_anomalies(f, names, sizeof names), view_of(r->anomalies),
                             r->label, "anomalies");
        size_t at = view_find(part->content.text, r->find);
        failures += row_check(at < part->content.text.n || r->find.n == 0, r->label, "not found");
        if (r->find.n > 0)
            failures += row_view(fixture_origin(f, part, at, at + r->find.n), r->origin, r->label,
                                 "origin");
    }
    assert_int_equal(failures, 0);
}

static void test_borrowed(void **state)
{
    struct fixture *f = *state;
    struct view body = VIEW("plain text, and \xC3\xA4\n");
    assert_int_equal(fixture_body(f, "Content-Type: text/plain; charset=utf-8\n", body), STATUS_OK);
    const struct decoded *d = &f->m.parts[0].content;
    assert_ptr_equal(d->text.p, f->m.raw.p + f->m.raw.n - body.n);
    assert_int_equal(d->map.n, 1);
}

static void test_inline_file(void **state)
{
    struct fixture *f = *state;
    (void)fixture_body(f, "", VIEW("a\nbegin 644 ../x/cat.txt\n#0V%T\n`\nend\nb\n"));
    assert_int_equal(f->m.n_parts, 2);
    assert_int_equal(f->m.parts[0].first_child, 1);
    const struct part *file = &f->m.parts[1];
    assert_true(view_eq(file->name, VIEW("cat.txt")) && file->attachment);
    assert_int_equal(file->kind, PART_TEXT); /* its name and its bytes say so */
    assert_true(view_eq(file->content.text, VIEW("Cat")));
    assert_true(view_eq(fixture_origin(f, file, 0, 3), VIEW("0V%T")));
    assert_true(view_eq(part_decoded_prefix(&f->m, file, &f->arena, 2), VIEW("Ca")));
}

static void test_sizes(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *label, *encoding;
        struct view body;
        uint32_t want;
    } sizes[] = {
        {"base64", "base64", V("/9j/4AAA\r\n/9j/4A==\r\n"), 10},
        {"base64 one line", "base64", V("/9j/4AAA"), 6},
        {"binary", "binary", V("\xFF\xD8\xFF\xE0"), 4},
        {"nothing", "base64", V(""), 0},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char headers[200];
        (void)snprintf(headers, sizeof headers,
                       "Content-Type: image/jpeg\nContent-Transfer-Encoding: %s\n",
                       sizes[i].encoding);
        (void)fixture_body(f, headers, sizes[i].body);
        failures += row_check(f->m.parts[0].decoded_bytes == sizes[i].want, sizes[i].label, "size");
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_borrowed),
        cmocka_unit_test(test_inline_file),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests_name("mail transfer", tests, fixture_setup, fixture_teardown);
}
