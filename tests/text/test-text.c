#include "invariants.h"
#include "reading.h"

static struct read read_state;

static int start(void **state)
{
    (void)state;
    read_start(&read_state);
    return 0;
}

static int end(void **state)
{
    (void)state;
    read_end(&read_state);
    return 0;
}

static const char whole[] =
    "Subject: =?utf-8?B?w4RyZ2VyPyBQYXku?=\r\n"
    "From: =?utf-8?Q?J=C3=B6rg_X?= <j@example.org>, \"B, C\" <b@example.org>\r\n"
    "Reply-To: Other <o@example.org>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=m\r\n\r\n"
    "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
    "--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain one\r\n> quoted two\r\n"
    "--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    "<p>rich <i hidden>secret</i><img src=x alt='picture here'><a href='bitcoin:x'>go</a>\r\n"
    "--a--\r\n"
    "--m\r\nContent-Type: text/plain; name=note.txt\r\nContent-Disposition: attachment; "
    "filename=note.txt\r\n\r\nattached words\r\n"
    "--m\r\nContent-Type: message/rfc822\r\n\r\n"
    "Subject: inner\r\nFrom: z@example.org\r\n\r\ninner body\r\n"
    "--m--\r\n";

static void test_order(void **state)
{
    static const struct {
        enum segment_kind kind;
        const char *folded;
        unsigned flags; /* of its last word */
    } want[] = {
        {SEGMENT_SUBJECT, "arger? pay.", 0},
        {SEGMENT_SENDER, "jorg x", 0},
        {SEGMENT_SENDER, "b, c", 0},
        {SEGMENT_SENDER, "other", 0},
        {SEGMENT_BODY, "plain one\nquoted two", WORD_QUOTED},
        {SEGMENT_BODY, "rich go", 0},
        {SEGMENT_SUBJECT, "inner", WORD_FORWARDED},
        {SEGMENT_BODY, "inner body", WORD_FORWARDED},
        {SEGMENT_HIDDEN, "secret", 0},
        {SEGMENT_ALTERNATE_TEXT, "picture here", 0},
        {SEGMENT_FILE, "attached words", 0},
        {SEGMENT_FILENAME, "note.txt", 0},
    };
    (void)state;
    const struct text *t = read_message(&read_state, view_of(whole));
    int failures = 0;
    invariants_text(t, &read_state.limits);
    for (uint32_t i = 0; i < COUNT_OF(want) && i < t->n_segments; i++) {
        const struct segment *s = &t->segments[i];
        struct view folded = view_trim(view_sub(t->folded, s->folded_from, s->folded_to));
        failures += row_view(folded, view_of(want[i].folded), want[i].folded, "folded");
        failures += row_check(s->kind == want[i].kind, want[i].folded, "kind");
        uint32_t last = s->first_word + s->n_words - 1;
        failures += row_check(t->words[last].flags == want[i].flags, want[i].folded, "flags");
        failures +=
            row_check(t->position[last] == last + i * TEXT_SEGMENT_GAP, want[i].folded, "position");
    }
    assert_int_equal(failures, 0);
    assert_int_equal(t->n_segments, COUNT_OF(want));
    assert_int_equal(t->n_links, 1);
    assert_int_equal(t->links[0].segment, 5);
    assert_true(view_eq(t->links[0].target, VIEW("bitcoin:x")));
    assert_true(view_eq(t->links[0].shown, VIEW("go")));
    assert_int_equal(t->disguise.quoted_words, 2);
}

/* The original bytes of a word, through every kind of coding. */
static void test_origin(void **state)
{
    static const struct {
        const char *label, *raw, *word, *origin, *quote;
    } rows[] = {
        {"plain", "\n\nsend Bitcoin now", "bitcoin", "Bitcoin", "Bitcoin"},
        {"subject", "Subject: send Bitcoin now\n\nx", "bitcoin", "Bitcoin", "Bitcoin"},
        {"folded subject", "Subject: send\n Bitcoin now\n\nx", "bitcoin", "Bitcoin", "Bitcoin"},
        {"quoted-printable",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
         "quoted-printable\n\nsend B=C3=AFtco=\nin now",
         "bitcoin", "B=C3=AFtco=\nin", "Bïtcoin"},
        {"base64",
         "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nIHRvIEJpdGNvaW4gbm93\n",
         "bitcoin", "IEJpdGNvaW4g", "Bitcoin"},
        {"Latin-1",
         "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nsend "
         "B\xEFtcoin now",
         "bitcoin", "B\xEFtcoin", "Bïtcoin"},
        {"UTF-16",
         "Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: "
         "base64\n\nYQAgAEIAaQB0AGMAbwBpAG4AIABiAA==\n",
         "bitcoin", NULL, "Bitcoin"},
        {"HTML references", "Content-Type: text/html\n\nsend &#66;i<b>t</b>c<!-- x -->oin now",
         "bitcoin", "&#66;i<b>t</b>c<!-- x -->oin", "Bitcoin"},
        {"hidden letters", "Content-Type: text/html\n\nsend bit<i hidden>x</i>coin now", "bitcoin",
         "bit<i hidden>x</i>coin", "bitcoin"},
        {"references in plain text", "\nsend B&#105;tcoin now", "bitcoin", "B&#105;tcoin",
         "Bitcoin"},
        {"marks and invisible characters",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nsend "
         "Bi\xCC\x81t\xE2\x80\x8B"
         "coin\xCC\x81 now",
         "bitcoin",
         "Bi\xCC\x81t\xE2\x80\x8B"
         "coin\xCC\x81",
         "Bi\xCC\x81t\xE2\x80\x8B"
         "coin\xCC\x81"},
        {"mathematical",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nsend 𝐁𝐢𝐭𝐜𝐨𝐢𝐧 "
         "now",
         "bitcoin", "𝐁𝐢𝐭𝐜𝐨𝐢𝐧", "𝐁𝐢𝐭𝐜𝐨𝐢𝐧"},
        {"homoglyphs",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nsend Віtсоin "
         "now",
         "віtсоin", "Віtсоin", "Віtсоin"},
        {"sender", "From: \"Send Bitcoin\" <a@example.org>\n\nx", "bitcoin", "Bitcoin", "Bitcoin"},
        {"one character, two words",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\na \xC2\xBD b",
         "1", "\xC2\xBD", "\xC2\xBD"},
        {"right to left",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\na "
         "\xE2\x80\xAEnioctiB\xE2\x80\xAC b",
         "bitcoin", "nioctiB", "Bitcoin"},
        {"an invitation",
         "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nSUMMARY:pay\\nBit\n coin\\, now\n",
         "bitcoin", "Bit\n coin", "Bitcoin"},
        {"quoted line", "\nx\n> > Bitcoin\n> now", "bitcoin", "Bitcoin", "Bitcoin"},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct text *t = read_message(&read_state, view_of(rows[i].raw));
        uint32_t w = word_find(t, rows[i].word);
        failures += row_check(w != UINT32_MAX, rows[i].label, "finds the word");
        if (w == UINT32_MAX)
            continue;
        invariants_text(t, &read_state.limits);
        struct span at = text_origin(t, w, w);
        if (rows[i].origin != NULL)
            failures += row_view(view_sub(t->message->raw, at.from, at.to), view_of(rows[i].origin),
                                 rows[i].label, "origin");
        failures += row_view(text_quote(t, w, w), view_of(rows[i].quote), rows[i].label, "quote");
        const struct segment *s = text_segment_of(t, w);
        uint32_t visible = (uint32_t)(text_quote(t, w, w).p - s->visible.p);
        failures +=
            row_check(segment_word_at(t, s, visible) == w, rows[i].label, "word at its place");
    }
    assert_int_equal(failures, 0);
}

static void test_quote_of_many(void **state)
{
    (void)state;
    const struct text *t =
        read_body(&read_state, "text/html", VIEW("<p>You must <b>Pay</b>\n   500 <i>now</i>.</p>"));
    uint32_t first = word_find(t, "must"), last = word_find(t, "now");
    assert_true(view_eq(text_quote(t, first, last), VIEW("must Pay 500 now")));
    struct span at = text_origin(t, first, last);
    assert_true(
        view_eq(view_sub(t->message->raw, at.from, at.to), VIEW("must <b>Pay</b>\n   500 <i>now")));
}

/* Flags of words, by line and by mark-up. */
static void test_flags(void **state)
{
    static const struct {
        const char *label, *type, *text, *word;
        unsigned flags;
    } rows[] = {
        {"own", "text/plain", "> a\nthis", "this", 0},
        {"quoted", "text/plain", "a\n> this\nb", "this", WORD_QUOTED},
        {"quoted twice", "text/plain", ">> this", "this", WORD_QUOTED},
        {"mbox From", "text/plain", ">From this", "this", 0},
        {"a greater sign inside", "text/plain", "a > this", "this", 0},
        {"blockquote", "text/html", "a<blockquote>this</blockquote>b", "this", WORD_QUOTED},
        {"after blockquote", "text/html", "a<blockquote>x</blockquote>this", "this", 0},
        {"signs in HTML", "text/html", "a<br>&gt; this<br>b", "this", WORD_QUOTED},
        {"brackets", "text/plain", "call (this) now", "this", WORD_BRACKETED},
        {"square brackets", "text/plain", "call [this] now", "this", WORD_BRACKETED},
        {"two words in brackets", "text/plain", "call (this one) now", "this", 0},
        {"the fourth in a row", "text/plain", "call (a1) (b2) (c3) (this) now", "this",
         WORD_BRACKETED},
        {"the fifth in a row", "text/plain", "call (a1) (b2) (c3) (d4) (this) now", "this", 0},
        {"the first of another row", "text/plain", "call (a1) (b2) (c3) (d4) (e5) now (this)",
         "this", WORD_BRACKETED},
        {"full-width brackets", "text/plain", "call （this） now", "this", WORD_BRACKETED},
        {"mixed", "text/plain", "call thіs now", "thіs", WORD_MIXED},
        {"styled", "text/plain", "call 𝐭𝐡𝐢𝐬 now", "this", WORD_MIXED},
        {"CJK", "text/plain", "call 日本 now", "日", WORD_CJK},
        {"Outlook", "text/plain", "a\n-----Original Message-----\nFrom: x\n\nthis", "this",
         WORD_FORWARDED},
        {"Outlook, own words above", "text/plain", "this\n-----Original Message-----\nFrom: x\n\nb",
         "this", 0},
        {"Gmail", "text/plain", "a\n---------- Forwarded message ---------\nthis", "this",
         WORD_FORWARDED},
        {"Apple", "text/plain", "a\n\nBegin forwarded message:\n\nthis", "this", WORD_FORWARDED},
        {"German", "text/plain", "a\n-----Ursprüngliche Nachricht-----\nthis", "this",
         WORD_FORWARDED},
        {"German Thunderbird", "text/plain", "a\n-------- Weitergeleitete Nachricht --------\nthis",
         "this", WORD_FORWARDED},
        {"Finnish", "text/plain", "a\n-------- Välitetty viesti --------\nthis", "this",
         WORD_FORWARDED},
        {"Swedish", "text/plain", "a\n----- Vidarebefordrat meddelande -----\nthis", "this",
         WORD_FORWARDED},
        {"French", "text/plain", "a\n---------- Message transféré ---------\nthis", "this",
         WORD_FORWARDED},
        {"Russian", "text/plain", "a\n-------- Исходное сообщение --------\nthis", "this",
         WORD_FORWARDED},
        {"Russian Gmail", "text/plain", "a\n---------- Пересылаемое сообщение ---------\nthis",
         "this", WORD_FORWARDED},
        {"Polish", "text/plain", "a\n-------- Wiadomość oryginalna --------\nthis", "this",
         WORD_FORWARDED},
        {"Japanese", "text/plain", "a\n-------- 転送メッセージ --------\nthis", "this",
         WORD_FORWARDED},
        {"Chinese", "text/plain", "a\n------------------ 原始邮件 ------------------\nthis", "this",
         WORD_FORWARDED},
        {"Greek", "text/plain", "a\n-------- Προωθημένο μήνυμα --------\nthis", "this",
         WORD_FORWARDED},
        {"Korean", "text/plain", "a\n-----원본 메시지-----\nthis", "this", WORD_FORWARDED},
        {"header block", "text/html",
         "a<hr><b>From:</b> X &lt;x@y&gt;<br><b>Sent:</b> Monday<br><b>To:</b> "
         "Z<br><b>Subject:</b> W<br><br>this",
         "this", WORD_FORWARDED},
        {"German header block", "text/plain",
         "a\nVon: X\nGesendet: Montag\nAn: Z\nBetreff: W\n\nthis", "this", WORD_FORWARDED},
        {"a lone From line", "text/plain", "a\nFrom: the bottom of my heart\nthis", "this", 0},
        {"dashes only", "text/plain", "a\n----------\nthis original message", "this", 0},
        {"words of the separator in a sentence", "text/plain", "the original message was this",
         "this", 0},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct text *t = read_body(&read_state, rows[i].type, view_of(rows[i].text));
        uint32_t w = word_find(t, rows[i].word);
        failures += row_check(w != UINT32_MAX, rows[i].label, "finds the word");
        if (w != UINT32_MAX)
            failures += row_check(t->words[w].flags == rows[i].flags, rows[i].label, "flags");
    }
    assert_int_equal(failures, 0);
}

static void test_steppable(void **state)
{
    (void)state;
    const struct text *t = read_body(&read_state, "text/plain", VIEW("in (at) by [to] do"));
    static const uint32_t want[] = {0, 0, 1, 1, 2, 2};
    assert_int_equal(t->n_words, 5);
    assert_memory_equal(t->steppable, want, sizeof want);
}

/* text_bytes and words at one below, at and one above what the text has. */
static void test_limits(void **state)
{
    (void)state;
    static char body[20000];
    size_t n = 0;
    for (unsigned i = 0; i < 1000; i++)
        n += (size_t)snprintf(body + n, sizeof body - n, "word%u ", i);
    struct view raw = {body, n};
    for (uint32_t at = (uint32_t)n - 1; at <= n + 1; at++) {
        read_state.limits = limits_default();
        read_state.limits.text_bytes = at;
        const struct text *t = read_body(&read_state, "text/plain", raw);
        assert_int_equal(t->anomalies.count[ANOMALY_TEXT_LIMIT] > 0, at < n);
        invariants_text(t, &read_state.limits);
    }
    for (uint32_t at = 999; at <= 1001; at++) {
        read_state.limits = limits_default();
        read_state.limits.words = at;
        const struct text *t = read_body(&read_state, "text/plain", raw);
        assert_int_equal(t->anomalies.count[ANOMALY_TEXT_LIMIT] > 0, at < 1000);
        assert_int_equal(t->n_words, at < 1000 ? at : 1000);
        invariants_text(t, &read_state.limits);
    }
    for (uint32_t at = 2; at <= 4; at++) { /* over two parts */
        static const char two[] = "Content-Type: multipart/mixed; boundary=m\n\n"
                                  "--m\nContent-Type: text/html\n\n<a href=1>a</a><a href=2>b</a>\n"
                                  "--m\nContent-Type: text/html\n\n<a href=3>c</a>\n--m--\n";
        read_state.limits = limits_default();
        read_state.limits.links = at;
        const struct text *t = read_message(&read_state, view_of(two));
        assert_int_equal(t->n_links, at < 3 ? at : 3);
        assert_int_equal(t->anomalies.count[ANOMALY_LINK_LIMIT] > 0, at < 3);
        invariants_text(t, &read_state.limits);
    }
    read_state.limits = limits_default();
}

/* A letter is not cut in half by the limit. */
static void test_limit_inside_letter(void **state)
{
    (void)state;
    for (uint32_t at = 4; at < 9; at++) {
        read_state.limits.text_bytes = at;
        const struct text *t = read_body(&read_state, "text/plain", VIEW("жжжжж"));
        assert_true(utf8_valid(t->folded));
        assert_int_equal(t->segments[0].visible.n, at / 2 * 2);
    }
    read_state.limits = limits_default();
}

static void test_shape(void **state)
{
#define PNG                                                                                        \
    "\n--m\nContent-Type: image/png\nContent-Transfer-Encoding: "                                  \
    "base64\n\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+"                      \
    "M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\n"
#define PDF                                                                                        \
    "\n--m\nContent-Type: application/pdf\nContent-Transfer-Encoding: "                            \
    "base64\n\nJVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSPj4K\n"
#define TOP "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\n"
#define LONG                                                                                       \
    "The committee will meet on Thursday at nine o'clock in the usual room, and coffee is served " \
    "before."
    static const struct {
        const char *label, *raw;
        bool image, pdf;
    } rows[] = {
        {"only an image", TOP PNG "--m--\n", true, false},
        {"an image and a few words", TOP "See picture" PNG "--m--\n", true, false},
        {"an image and a text", TOP LONG PNG "--m--\n", false, false},
        {"only a PDF", TOP "Please see attached." PDF "--m--\n", false, true},
        {"a PDF and a text", TOP LONG PDF "--m--\n", false, false},
        {"neither", "\nshort\n", false, false},
        {"an inline data image", "Content-Type: text/html\n\n<img src='data:image/png;base64,xx'>",
         true, false},
        {"an image and much hidden text",
         "Content-Type: text/html\n\n<img src=cid:1><div style='display:none'>" LONG LONG LONG LONG
             LONG "</div>",
         true, false},
        {"an image from elsewhere", "Content-Type: text/html\n\n<img src='https://x.test/a.png'>",
         false, false},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct text *t = read_message(&read_state, view_of(rows[i].raw));
        failures += row_check((t->anomalies.count[ANOMALY_ONLY_IMAGE] > 0) == rows[i].image,
                              rows[i].label, "only-image");
        failures += row_check((t->anomalies.count[ANOMALY_ONLY_PDF] > 0) == rows[i].pdf,
                              rows[i].label, "only-pdf");
    }
    assert_int_equal(failures, 0);
}

static const char minutes[] = "The committee discussed whether another playground should be built "
                              "behind the library. Several "
                              "members thought that traffic there would become dangerous, while "
                              "others pointed out that parents "
                              "already bring their children by bicycle. After a lengthy debate the "
                              "chairman proposed asking the "
                              "neighbours first. Everybody agreed, and Helena volunteered to "
                              "prepare a questionnaire before Easter.";
static const char letter[] =
    "Unfortunately your machine contains unpleasant surprises. Malware installed through infected "
    "advertising recorded private moments, copying contacts, passwords, photographs together with "
    "conversations. Transferring cryptocurrency within two days guarantees silence, otherwise "
    "relatives "
    "plus colleagues receive everything. Investigators cannot trace anonymous servers located "
    "abroad.";

static void test_alternatives(void **state)
{
    static char raw[8192];
    static const struct {
        const char *label, *subtype, *plain, *html;
        bool want;
    } rows[] = {
        {"the same", "alternative", minutes, minutes, false},
        {"different", "alternative", minutes, letter, true},
        {"different, but not alternatives", "mixed", minutes, letter, false},
        {"a short one", "alternative", "Please use a modern mail program.", letter, false},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int n = snprintf(
            raw, sizeof raw,
            "Content-Type: multipart/%s; boundary=m\n\n--m\nContent-Type: text/plain\n\n%s\n"
            "--m\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: "
            "text/html\n\n<p>%s\n--r--\n--m--\n",
            rows[i].subtype, rows[i].plain, rows[i].html);
        const struct text *t = read_message(&read_state, (struct view){raw, (size_t)n});
        failures += row_check((t->anomalies.count[ANOMALY_ALTERNATIVES_DIFFER] > 0) == rows[i].want,
                              rows[i].label, "alternatives-differ");
    }
    assert_int_equal(failures, 0);
}

/* Where all of a page seems hidden, our reading of its styles is at fault. */
static void test_all_hidden(void **state)
{
    (void)state;
    static char html[8192];
    snprintf(html, sizeof html, "<div style='color:#fff'>%s %s</div>ok", letter, minutes);
    const struct text *t = read_body(&read_state, "text/html", view_of(html));
    uint32_t w = word_find(t, "cryptocurrency");
    assert_true(w != UINT32_MAX);
    assert_int_equal(text_segment_of(t, w)->kind, SEGMENT_BODY);
    assert_true(t->anomalies.count[ANOMALY_TEXT_HIDDEN] > 0);
}

/* Memory that ends anywhere: told, nothing breaks. */
static void test_no_memory(void **state)
{
    (void)state;
    struct message m;
    unsigned failed = 0, good = 0;
    arena_reset(&read_state.arena);
    assert_int_equal(
        message_parse(read_state.mail, view_of(whole), &read_state.limits, &read_state.arena, &m),
        STATUS_OK);
    for (size_t max = 0; max < 1000000; max += max / 50 + 199) {
        struct arena arena;
        struct text t;
        arena_init(&arena, max);
        enum status s = text_read(read_state.mail, &m, &read_state.limits, &arena, &t);
        assert_true(s == STATUS_OK || s == STATUS_NO_MEMORY);
        failed += s == STATUS_NO_MEMORY;
        good += s == STATUS_OK;
        arena_fini(&arena);
    }
    assert_true(failed > 0 && good > 0);
}

static void test_nothing(void **state)
{
    (void)state;
    static const char *const raws[] = {"",
                                       "\n",
                                       "a",
                                       "Subject:\n\n",
                                       "Content-Type: text/html\n\n",
                                       "Content-Type: multipart/mixed\n\n"};
    for (size_t i = 0; i < COUNT_OF(raws); i++)
        invariants_text(read_message(&read_state, view_of(raws[i])), &read_state.limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_origin),
        cmocka_unit_test(test_quote_of_many),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_steppable),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_limit_inside_letter),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_alternatives),
        cmocka_unit_test(test_all_hidden),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, start, end);
}
