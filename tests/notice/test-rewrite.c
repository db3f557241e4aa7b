#include "notice/fixture.h"

static struct notices *all;
static struct mail_reader *reader_of_mail;

static int setup(void **state)
{
    (void)state;
    all = shipped();
    return mail_reader_new(&reader_of_mail) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    notices_free(&all);
    mail_reader_free(&reader_of_mail);
    return 0;
}

/* Written with LF, judged with CRLF, as the wire has it. */
static void wire(const char *text, size_t n, struct buf *out)
{
    buf_init(out, 1 << 22);
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n')
            assert_int_equal(buf_add_byte(out, '\r'), STATUS_OK);
        assert_int_equal(buf_add_byte(out, text[i]), STATUS_OK);
    }
}

static struct rewrite_wish wish_of(enum annotate_mode mode)
{
    return (struct rewrite_wish){.mode = mode, .limits = limits_default()};
}

#define TOP     "From: a@sender.test\nSubject: =?utf-8?q?x?=\n y\nMessage-ID: <1@sender.test>\n"
#define T(s)    (s), sizeof(s) - 1
#define PLAIN   "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
#define HTML_CT "Content-Type: text/html; charset=utf-8\n"
#define ALT                                                                                        \
    "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=bnd\n\npre\n--bnd\n" PLAIN   \
    "\nKirje \xC3\xA4\n--bnd\n" HTML_CT                                                            \
    "\n<html><body><p>Kirje</p></body></html>\n--bnd--\nafter\n"

/* What each shape becomes: wrap always says the same, inline as stated. */
static const struct {
    const char *label, *text;
    size_t n;
    const char *reason;      /* never rewritten, or NULL */
    enum annotate_mode done; /* asked for inline */
    const char *want;        /* stands in the inline body, LF; or NULL */
} shapes[] = {
    {"plain, no MIME, ASCII cannot say it in Finnish", T(TOP "\nLetter\n"), NULL, ANNOTATE_HEADER,
     NULL},
    {"plain, 8bit UTF-8", T(TOP PLAIN "\nLetter\n"), NULL, ANNOTATE_INLINE,
     "Älä poista sitä vielä."},
    {"plain, no last line end", T(TOP PLAIN "\nLetter"), NULL, ANNOTATE_INLINE, "\nLetter"},
    {"plain, latin-1",
     T(TOP "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: "
           "8bit\n\nLetter \xE4\n"),
     NULL, ANNOTATE_INLINE, "\xC4l\xE4 poista sit\xE4 viel\xE4."},
    {"plain, windows-1252",
     T(TOP "Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: "
           "8bit\n\nLetter\n"),
     NULL, ANNOTATE_INLINE, "\xC4l\xE4 "},
    {"plain, koi8-r has no Finnish letters",
     T(TOP "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\nLetter\n"),
     NULL, ANNOTATE_HEADER, NULL},
    {"plain, 7bit",
     T(TOP "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit\n\nLetter\n"),
     NULL, ANNOTATE_HEADER, NULL},
    {"plain, quoted-printable",
     T(TOP "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
           "quoted-printable\n\nLet=\nter =C3=A4\n"),
     NULL, ANNOTATE_INLINE, "=C3=84l=C3=A4 poista sit=C3=A4 vi=\nel=C3=A4."},
    {"plain, base64",
     T(TOP "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
           "base64\n\nTGV0dGVyIMOk\n\n"),
     NULL, ANNOTATE_INLINE, NULL},
    {"plain, base64, ends in the middle",
     T(TOP "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
           "base64\n\nTGV0dGVyIGE=\n"),
     NULL, ANNOTATE_INLINE, NULL},
    {"plain, broken base64",
     T(TOP "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
           "base64\n\nTGV0*dGVy!\n"),
     NULL, ANNOTATE_HEADER, NULL},
    {"plain, flowed",
     T(TOP "Content-Type: text/plain; charset=utf-8; format=flowed\nContent-Transfer-Encoding: "
           "8bit\n\nA long \nletter\n"),
     NULL, ANNOTATE_INLINE, NULL},
    {"plain, flowed, DelSp",
     T(TOP "Content-Type: text/plain; charset=utf-8; format=flowed; "
           "delsp=yes\nContent-Transfer-Encoding: 8bit\n\nA long \nletter\n"),
     NULL, ANNOTATE_INLINE, NULL},
    {"plain, empty", T(TOP PLAIN "\n"), NULL, ANNOTATE_INLINE, NULL},
    {"plain, with a mark of byte order", T(TOP PLAIN "\n\xEF\xBB\xBFLetter\n"), NULL,
     ANNOTATE_HEADER, NULL},
    {"plain, iso-2022-jp", T(TOP "Content-Type: text/plain; charset=iso-2022-jp\n\nLetter\n"), NULL,
     ANNOTATE_HEADER, NULL},
    {"html",
     T(TOP HTML_CT
       "\n<html><head><title><body></title></head><body class='<body>'>\n<p>x</p></body></html>\n"),
     NULL, ANNOTATE_INLINE, "<body class='<body>'>\n<div role=\"note\" lang=\"fi\""},
    {"html, decoys",
     T(TOP HTML_CT
       "\n<!-- <body> "
       "--><style>/*<body>*/</style><script>'<body>'</script>\n<BODY\nonload='x>y'>text"),
     NULL, ANNOTATE_INLINE, "onload='x>y'>\n<div role=\"note\""},
    {"html, no body tag", T(TOP HTML_CT "\n<meta charset=utf-8>\n<p>x</p>\n"), NULL,
     ANNOTATE_INLINE, "<meta charset=utf-8>\n<div role=\"note\""},
    {"html, text alone", T(TOP HTML_CT "\n just text, no tags\n"), NULL, ANNOTATE_INLINE,
     "</div>\njust text"},
    {"html, unclosed comment", T(TOP HTML_CT "\n<!-- <body><p>x</p>\n"), NULL, ANNOTATE_HEADER,
     NULL},
    {"html, unclosed title", T(TOP HTML_CT "\n<title><body><p>x</p>\n"), NULL, ANNOTATE_HEADER,
     NULL},
    {"html, frames", T(TOP HTML_CT "\n<frameset><frame src=x></frameset>\n"), NULL, ANNOTATE_HEADER,
     NULL},
    {"html, textarea before the body", T(TOP HTML_CT "\n<textarea><body></textarea><p>x\n"), NULL,
     ANNOTATE_INLINE, "</div>\n<textarea>"},
    {"html, quoted-printable",
     T(TOP "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: "
           "quoted-printable\n\n<html><body style=3D\"a\"><p>J=C3=A4=\ntti</p>\n"),
     NULL, ANNOTATE_INLINE, "<body style=3D\"a\">=\n<div role=3D\"note\""},
    {"html, quoted-printable, all encoded",
     T(TOP "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: "
           "quoted-printable\n\n=3Cbody=3E=3Cp=3Ex=3C/p=3E\n"),
     NULL, ANNOTATE_INLINE, "=3Cbody=3E=\n<div"},
    {"html, base64",
     T(TOP "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: "
           "base64\n\nPGh0bWw+PGJvZHk+PHA+eDwvcD48L2JvZHk+PC9odG1sPg==\n"),
     NULL, ANNOTATE_INLINE, NULL},
    {"html, us-ascii",
     T(TOP
       "Content-Type: text/html; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n<p>x</p>\n"),
     NULL, ANNOTATE_INLINE, "&#196;l&#228; poista"},
    {"alternative", T(TOP ALT), NULL, ANNOTATE_INLINE, "</div>\n<p>Kirje</p>"},
    {"alternative in mixed with a file",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=mix\n\n--mix\nContent-Type: "
           "multipart/alternative; boundary=bnd\n\n--bnd\n" PLAIN "\nx\n--bnd\n" HTML_CT
           "\n<p>x</p>\n--bnd--\n--mix\nContent-Type: application/pdf; "
           "name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n--mix--\n"),
     NULL, ANNOTATE_INLINE, "JVBERi0xLjQ="},
    {"related in alternative",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=bnd\n\n--bnd\n" PLAIN
           "\nx\n--bnd\nContent-Type: multipart/related; boundary=rel\n\n--rel\n" HTML_CT
           "\n<img src='cid:1'>\n--rel\nContent-Type: image/png\nContent-ID: "
           "<1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--rel--\n--bnd--\n"),
     NULL, ANNOTATE_INLINE, "</div>\n<img src='cid:1'>"},
    {"related with another root",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=rel; "
           "start=\"<2>\"\n\n--rel\n" HTML_CT "\n<p>x\n--rel\n" HTML_CT
           "Content-ID: <2>\n\n<p>y\n--rel--\n"),
     NULL, ANNOTATE_HEADER, NULL},
    {"alternative with AMP",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=bnd\n\n--bnd\n" PLAIN
           "\nx\n--bnd\nContent-Type: text/x-amp-html\n\n<p>x</p>\n--bnd--\n"),
     NULL, ANNOTATE_HEADER, NULL},
    {"only a file",
     T(TOP "MIME-Version: 1.0\nContent-Type: application/pdf\nContent-Transfer-Encoding: "
           "base64\n\nJVBERi0xLjQ=\n"),
     NULL, ANNOTATE_HEADER, NULL},
    {"a forwarded message",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=mix\n\n--mix\n" PLAIN
           "\nlook\n--mix\nContent-Type: message/rfc822\n\n" TOP PLAIN "\nLetter\n--mix--\n"),
     NULL, ANNOTATE_INLINE, NULL},
    {"8-bit in headers", T("From: a@sender.test\nSubject: \xC3\xA4\n" PLAIN "\nLetter\n"), NULL,
     ANNOTATE_INLINE, NULL},
    {"lone dots and From lines", T(TOP PLAIN "\n.\n..\nFrom me\n"), NULL, ANNOTATE_INLINE,
     "\n.\n..\nFrom me\n"},
    {"a boundary like ours", T(TOP PLAIN "\n--=_notice_\n--=_notice_000000000000000000000000--\n"),
     NULL, ANNOTATE_INLINE, NULL},
    {"old sums", T(TOP "Content-MD5: x\nContent-Length: 7\n" PLAIN "\nLetter\n"), NULL,
     ANNOTATE_INLINE, NULL},
    {"signed",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/signed; boundary=bnd; "
           "micalg=pgp-sha256\n\n--bnd\n" PLAIN
           "\nx\n--bnd\nContent-Type: application/pgp-signature\n\nx\n--bnd--\n"),
     "signed", 0, NULL},
    {"PGP in the clear", T(TOP PLAIN "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nx\n"),
     "signed", 0, NULL},
    {"S/MIME",
     T(TOP "Content-Type: application/pkcs7-mime; "
           "smime-type=signed-data\nContent-Transfer-Encoding: base64\n\nMIIB\n"),
     "encrypted", 0, NULL},
    {"encrypted",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary=bnd; "
           "protocol=\"application/pgp-encrypted\"\n\n--bnd\nContent-Type: "
           "application/pgp-encrypted\n\nVersion: 1\n--bnd\nContent-Type: "
           "application/octet-stream\n\nx\n--bnd--\n"),
     "encrypted", 0, NULL},
    {"an invitation",
     T(TOP "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n"),
     "calendar", 0, NULL},
    {"a bounce",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
           "boundary=bnd\n\n--bnd\n" PLAIN
           "\nx\n--bnd\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n--bnd--\n"),
     "report", 0, NULL},
    {"a piece", T(TOP "Content-Type: message/partial; id=1; number=1; total=2\n\nx\n"), "partial",
     0, NULL},
    {"no closing boundary",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bnd\n\n--bnd\n" PLAIN
           "\nx\n"),
     "broken", 0, NULL},
    {"two Content-Types", T(TOP "Content-Type: text/html\n" PLAIN "\nx\n"), "broken", 0, NULL},
    {"two boundaries",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=aaa; "
           "boundary=bnd\n\n--bnd\n\nx\n--bnd--\n"),
     "broken", 0, NULL},
    {"a boundary in pieces",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary*0=b; "
           "boundary*1=nd\n\n--bnd\n\nx\n--bnd--\n"),
     "broken", 0, NULL},
    {"a boundary inside another",
     T(TOP "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\nContent-Type: "
           "multipart/mixed; boundary=bbc\n\n--bbc\n\nx\n--bbc--\n--bb--\n"),
     "broken", 0, NULL},
    {"an unknown encoding",
     T(TOP "Content-Type: text/plain\nContent-Transfer-Encoding: x-own\n\nx\n"), "broken", 0, NULL},
    {"an unknown charset", T(TOP "Content-Type: text/plain; charset=x-own\n\nx \xE4\n"), "charset",
     0, NULL},
    {"UTF-7", T(TOP "Content-Type: text/plain; charset=utf-7\n\nx +AOQ-\n"), "charset", 0, NULL},
    {"UTF-16",
     T(TOP
       "Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n//54AA==\n"),
     "charset", 0, NULL},
    {"a list", T(TOP "List-Id: <x.lists.test>\n" PLAIN "\nx\n"), "list", 0, NULL},
    {"no headers", T("just text\nmore text\n"), "broken", 0, NULL},
};

static enum status make(struct view raw, enum annotate_mode mode, struct rewrite *out)
{
    struct notice_wish notice = reader(all, "fi", "FI", NOTICE_BREACH);
    struct rewrite_wish wish = wish_of(mode);
    return rewrite_make(all, &notice, &wish, reader_of_mail, raw, out);
}

static bool holds_lf(struct view body, const char *text)
{
    struct buf crlf;
    wire(text, strlen(text), &crlf);
    bool found = view_find(body, buf_view(&crlf)) < body.n;
    buf_fini(&crlf);
    return found;
}

/* By the rules of RFC 2046 and nothing else: what stands between the last two of our delimiters. */
static struct view attached(struct view body)
{
    struct view line, rest = body;
    assert_true(view_next_line(&rest, &line));
    char last[128], begin[] = "filename=\"original-message.eml\"\r\n\r\n";
    (void)snprintf(last, sizeof last, "\r\n%.*s--\r\n", VIEW_ARG(line));
    size_t from = view_find(body, view_of(begin));
    assert_true(from < body.n && view_ends_nocase(body, view_of(last)));
    return view_sub(body, from + strlen(begin), body.n - strlen(last));
}

static int check_wrap(size_t i, struct view raw)
{
    struct rewrite r;
    const char *label = shapes[i].label;
    int failures = row_check(make(raw, ANNOTATE_WRAP, &r) == STATUS_OK, label, "wrap fails");
    if (shapes[i].reason != NULL) {
        bool same = r.reason != NULL && strcmp(r.reason, shapes[i].reason) == 0;
        failures += row_check(r.done == ANNOTATE_HEADER && same && r.body.n == 0, label,
                              r.reason != NULL ? r.reason : "is rewritten");
    } else if (r.done != ANNOTATE_WRAP) {
        failures += row_check(false, label, "is not wrapped");
    } else {
        failures += row_view(attached(buf_view(&r.body)), raw, label, "the original");
        bool eight = utf8_ascii_prefix(raw) < raw.n;
        bool type = false, encoding = false;
        for (unsigned k = 0; k < r.n_edits; k++) {
            const struct header_edit *e = &r.edits[k];
            type = type || (strcmp(e->name, "Content-Type") == 0 && e->value != NULL);
            encoding = encoding || (strcmp(e->name, "Content-Transfer-Encoding") == 0 &&
                                    strcmp(e->value, eight ? "8bit" : "7bit") == 0);
            failures += row_check(e->value != NULL || e->have > 0, label, "an empty edit");
        }
        failures += row_check(type && encoding, label, "headers of the new body");
        struct view before = view_sub(buf_view(&r.body), 0, r.body.n - raw.n);
        failures += row_check(
            utf8_ascii_prefix(view_sub(before, 0, view_find(before, VIEW("rfc822")))) > 100, label,
            "our part is ASCII");
    }
    rewrite_fini(&r);
    return failures;
}

static int check_inline(size_t i, struct view raw)
{
    struct rewrite r;
    const char *label = shapes[i].label;
    int failures = row_check(make(raw, ANNOTATE_INLINE, &r) == STATUS_OK, label, "inline fails");
    if (shapes[i].reason == NULL) {
        failures += row_check(r.done == shapes[i].done, label,
                              r.done == ANNOTATE_INLINE ? "is spliced" : "is not spliced");
        failures += row_check((r.done == ANNOTATE_INLINE) == (r.body.n > 0), label, "body");
        if (shapes[i].want != NULL && r.done == ANNOTATE_INLINE &&
            !holds_lf(buf_view(&r.body), shapes[i].want)) {
            failures += row_check(false, label, shapes[i].want);
            fprintf(stderr, "%.*s\n", 600, r.body.p);
        }
    }
    rewrite_fini(&r);
    return failures;
}

static void every_shape(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        struct buf raw;
        wire(shapes[i].text, shapes[i].n, &raw);
        failures += check_wrap(i, buf_view(&raw));
        failures += check_inline(i, buf_view(&raw));
        buf_fini(&raw);
    }
    assert_int_equal(failures, 0);
}

static void choices(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text;
        size_t n;
        struct rewrite_wish wish;
        enum annotate_mode want;
    } rows[] = {
        {"auto, nothing to break", T(TOP PLAIN "\nx\n"), {.mode = ANNOTATE_AUTO}, ANNOTATE_INLINE},
        {"auto, signed by DKIM",
         T("DKIM-Signature: v=1\n" TOP PLAIN "\nx\n"),
         {.mode = ANNOTATE_AUTO},
         ANNOTATE_WRAP},
        {"auto, sure",
         T(TOP PLAIN "\nx\n"),
         {.mode = ANNOTATE_AUTO, .strong = true},
         ANNOTATE_WRAP},
        {"auto, a page without styles",
         T(TOP HTML_CT "\n<p>x</p>\n"),
         {.mode = ANNOTATE_AUTO},
         ANNOTATE_INLINE},
        {"auto, a page that could draw over the notice",
         T(TOP HTML_CT "\n<p STYLE='position:fixed'>x</p>\n"),
         {.mode = ANNOTATE_AUTO},
         ANNOTATE_WRAP},
        {"inline, a style that the notice stands above all the same",
         T(TOP HTML_CT "\n<style>* { display: none; margin: 0 2px }</style><p>x</p>\n"),
         {.mode = ANNOTATE_INLINE},
         ANNOTATE_INLINE},
        {"inline, a page that could draw over the notice",
         T(TOP HTML_CT "\n<p STYLE='Position:fixed'>x</p>\n"),
         {.mode = ANNOTATE_INLINE},
         ANNOTATE_WRAP},
        {"inline, a margin below zero",
         T(TOP HTML_CT "\n<p style='margin-top : -9px'>x</p>\n"),
         {.mode = ANNOTATE_INLINE},
         ANNOTATE_WRAP},
        {"inline, a margin that computes",
         T(TOP HTML_CT "\n<p style='margin:calc(1px*cos(3rad))'>x</p>\n"),
         {.mode = ANNOTATE_INLINE},
         ANNOTATE_WRAP},
        {"inline, spelled otherwise",
         T(TOP HTML_CT "\n<p style='pos&#105;tion:fixed'>x</p>\n"),
         {.mode = ANNOTATE_INLINE},
         ANNOTATE_WRAP},
        {"inline, a short font",
         T(TOP HTML_CT "\n<p style='font\n: 900px/0 x'>x</p>\n"),
         {.mode = ANNOTATE_INLINE},
         ANNOTATE_WRAP},
        {"inline, words of styles in a page without any",
         T(TOP HTML_CT "\n<p>position: fixed, margin: -9px, font: 2</p>\n"),
         {.mode = ANNOTATE_INLINE},
         ANNOTATE_INLINE},
        {"auto, a hidden body",
         T(TOP HTML_CT "\n<body hidden><p>x</p>\n"),
         {.mode = ANNOTATE_AUTO},
         ANNOTATE_WRAP},
        {"auto, a drawing",
         T(TOP HTML_CT "\n<p>x<SVG></svg></p>\n"),
         {.mode = ANNOTATE_AUTO},
         ANNOTATE_WRAP},
        {"auto, cannot be inline", T(TOP "\nx\n"), {.mode = ANNOTATE_AUTO}, ANNOTATE_WRAP},
        {"header", T(TOP PLAIN "\nx\n"), {.mode = ANNOTATE_HEADER}, ANNOTATE_HEADER},
        {"the null sender",
         T(TOP PLAIN "\nx\n"),
         {.mode = ANNOTATE_WRAP, .null_sender = true},
         ANNOTATE_HEADER},
        {"a list, when asked",
         T(TOP "List-Id: <x.test>\n" PLAIN "\nx\n"),
         {.mode = ANNOTATE_WRAP, .lists = true},
         ANNOTATE_WRAP},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf raw;
        struct rewrite r;
        struct notice_wish notice = reader(all, "fi", "FI", NOTICE_BREACH);
        struct rewrite_wish wish = rows[i].wish;
        wish.limits = limits_default();
        wire(rows[i].text, rows[i].n, &raw);
        enum status status = rewrite_make(all, &notice, &wish, reader_of_mail, buf_view(&raw), &r);
        failures += row_check(status == STATUS_OK && r.done == rows[i].want, rows[i].label,
                              annotate_mode_names[r.done]);
        rewrite_fini(&r);
        buf_fini(&raw);
    }
    assert_int_equal(failures, 0);
}

/* Every prefix of a message, and every byte of it changed: whatever comes out is whole. */
static void torn(void **state)
{
    (void)state;
    struct buf raw;
    wire(T(TOP ALT), &raw);
    for (size_t n = 1; n <= raw.n; n += 3) {
        for (int mode = ANNOTATE_WRAP; mode <= ANNOTATE_INLINE; mode++) {
            struct rewrite r;
            struct view cut = view_sub(buf_view(&raw), 0, n);
            assert_int_equal(make(cut, (enum annotate_mode)mode, &r), STATUS_OK);
            if (r.done == ANNOTATE_WRAP)
                assert_true(view_eq(attached(buf_view(&r.body)), cut));
            rewrite_fini(&r);
        }
        char kept = raw.p[n - 1];
        raw.p[n - 1] = n % 2 == 0 ? '=' : '<';
        struct rewrite r;
        assert_int_equal(make(buf_view(&raw), ANNOTATE_AUTO, &r), STATUS_OK);
        rewrite_fini(&r);
        raw.p[n - 1] = kept;
    }
    buf_fini(&raw);
}

/* At the limit of what is read a message is still wrapped; one byte more and it is left alone. */
static void size_limit(void **state)
{
    (void)state;
    struct buf raw;
    struct notice_wish notice = reader(all, "fi", "FI", NOTICE_BREACH);
    struct rewrite_wish wish = wish_of(ANNOTATE_WRAP);
    wire(T(TOP PLAIN "\n"), &raw);
    wish.limits.message_bytes = 4096;
    while (raw.n < 4097)
        assert_int_equal(buf_add_byte(&raw, raw.n % 70 == 69 ? '\n' : 'x'), STATUS_OK);
    for (size_t n = 4095; n <= 4097; n++) {
        struct rewrite r;
        struct view cut = view_sub(buf_view(&raw), 0, n);
        assert_int_equal(rewrite_make(all, &notice, &wish, reader_of_mail, cut, &r), STATUS_OK);
        assert_int_equal(r.done, n <= 4096 ? ANNOTATE_WRAP : ANNOTATE_HEADER);
        if (n > 4096)
            assert_string_equal(r.reason, "large");
        rewrite_fini(&r);
    }
    buf_fini(&raw);
}

static void seals(void **state)
{
    (void)state;
    unsigned char key[SEAL_KEY_BYTES] = {7};
    char seal[SEAL_BYTES];
    notice_seal(key, VIEW("body\r\n"), seal);
    assert_int_equal(strlen(seal), 32);
    assert_true(notice_sealed(key, VIEW("body\r\n\r\n"), view_of(seal)));
    assert_true(notice_sealed(key, VIEW("body"), view_of(seal)));
    assert_false(notice_sealed(key, VIEW("bodY\r\n"), view_of(seal)));
    assert_false(notice_sealed(key, VIEW("body\r\n"), VIEW("")));
    key[31] = 1;
    assert_false(notice_sealed(key, VIEW("body\r\n"), view_of(seal)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape), cmocka_unit_test(choices), cmocka_unit_test(torn),
        cmocka_unit_test(size_limit),  cmocka_unit_test(seals),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
