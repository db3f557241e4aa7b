/* One word in every disguise that was seen in mail or that an attacker may think of next. */
#include <time.h>

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

static const struct {
    const char *label, *type, *text;
} rows[] = {
    {"plain", "text/plain", "send bitcoin now"},
    {"capitals", "text/plain", "send BITCOIN now"},
    {"Cyrillic, one letter", "text/plain", "send bitсoin now"},
    {"Cyrillic, most letters", "text/plain", "send bіtсоіn now"},
    {"Cyrillic capitals", "text/plain", "send ВІТСОІN now"},
    {"soft sign", "text/plain", "send ьiтсоin now"},
    {"Greek", "text/plain", "send βιtϲοιn now"},
    {"Greek capitals", "text/plain", "send ΒΙΤCΟΙΝ now"},
    {"Armenian and others", "text/plain", "send bitcօiո now"},
    {"syllabics", "text/plain", "send ᗷITCOIN now"},
    {"Cherokee", "text/plain", "send ᏴᎥTCOᎥN now"},
    {"Latin extended", "text/plain", "send ƅıtcoın now"},
    {"full width", "text/plain", "send ｂｉｔｃｏｉｎ now"},
    {"mathematical bold", "text/plain", "send 𝐁𝐢𝐭𝐜𝐨𝐢𝐧 now"},
    {"mathematical script", "text/plain", "send 𝒷𝒾𝓉𝒸ℴ𝒾𝓃 now"},
    {"double-struck", "text/plain", "send 𝔹𝕚𝕥𝕔𝕠𝕚𝕟 now"},
    {"enclosed", "text/plain", "send ⓑⓘⓣⓒⓞⓘⓝ now"},
    {"parenthesised", "text/plain", "send ⒝⒤⒯⒞⒪⒤⒩ now"},
    {"squared", "text/plain", "send 🅱🅸🆃🅲🅾🅸🅽 now"},
    {"regional indicators", "text/plain",
     "send 🇧\xE2\x80\x8B🇮\xE2\x80\x8B🇹\xE2\x80\x8B🇨\xE2\x80\x8B🇴\xE2\x80\x8B🇮\xE2\x80\x8B🇳 now"},
    {"small capitals", "text/plain", "send ʙɪᴛᴄᴏɪɴ now"},
    {"superscripts", "text/plain", "send ᵇⁱᵗᶜᵒⁱⁿ now"},
    {"accents", "text/plain", "send bîtçöìñ now"},
    {"stacked accents", "text/plain", "send ḃị̈̂ẗ̃ç̌ờ̈ỉ̂ṋ̃ now"},
    {"overlays", "text/plain", "send b̶i̶t̶c̶o̶i̶n̶ now"},
    {"zero-width space", "text/plain",
     "send b\xE2\x80\x8Bi\xE2\x80\x8Bt\xE2\x80\x8B"
     "coin now"},
    {"word joiner, BOM, tags", "text/plain",
     "send b\xE2\x81\xA0i\xEF\xBB\xBFt\xF3\xA0\x81\xA1"
     "coin now"},
    {"soft hyphen", "text/plain",
     "send bit\xC2\xAD"
     "coin now"},
    {"variation selectors", "text/plain", "send b\xEF\xB8\x8Fi\xEF\xB8\x8Ftcoin now"},
    {"control characters", "text/plain",
     "send b\x02i\x02t\x02"
     "coin now"},
    {"leet", "text/plain", "send b1tc01n now"},
    {"leet, one digit", "text/plain", "send bitc0in now"},
    {"leet with signs", "text/plain", "send b!tco!n now"},
    {"leet with a bar", "text/plain", "send b|tco|n now"},
    {"leet and Cyrillic", "text/plain", "send Ьitс0іn now"},
    {"dots", "text/plain", "send b.i.t.c.o.i.n now"},
    {"dashes", "text/plain", "send b-i-t-c-o-i-n now"},
    {"underscores", "text/plain", "send b_i_t_c_o_i_n now"},
    {"stars", "text/plain", "send b*i*t*c*o*i*n now"},
    {"blanks", "text/plain", "send b i t c o i n  now"},
    {"blanks, all of it", "text/plain", "s e n d   b i t c o i n   n o w"},
    {"dots and blanks", "text/plain", "send b. i. t. c. o. i. n. now"},
    {"no-break blanks", "text/plain",
     "send b\xC2\xA0i\xC2\xA0t\xC2\xA0"
     "c\xC2\xA0o\xC2\xA0i\xC2\xA0n\xC2\xA0 now"},
    {"middle dots", "text/plain", "send b·i·t·c·o·i·n now"},
    {"spaced Cyrillic", "text/plain", "send ь і т с о і n  now"},
    {"spaced leet", "text/plain", "send b 1 t c 0 i n  now"},
    {"hyphen", "text/plain", "send bit-coin now"},
    {"typographic hyphen", "text/plain",
     "send bit\xE2\x80\x91"
     "coin now"},
    {"one dot", "text/plain", "send bit.coin now"},
    {"apostrophe", "text/plain", "send bit’coin now"},
    {"slash", "text/plain", "send bit/coin now"},
    {"hyphenated at the end of a line", "text/plain", "send bit-\ncoin now"},
    {"references in plain text", "text/plain", "send &#98;&#x69;t&#99;oin now"},
    {"Cyrillic references in plain text", "text/plain", "send bit&#1089;&#1086;in now"},
    {"quoted lines", "text/plain", "> send bit-\n> coin now"},
    {"an invitation", "text/calendar",
     "BEGIN:VCALENDAR\nDESCRIPTION:you must send\\nbitc\n oin\\, now\nEND:VCALENDAR\n"},
    {"right to left", "text/plain", "send \xE2\x80\xAEnioctib\xE2\x80\xAC now"},
    {"inline markup", "text/html", "send <b>b</b>i<i>t</i><span>co</span>in now"},
    {"comments", "text/html", "send b<!-- q -->it<!---->coin now"},
    {"hidden letters", "text/html",
     "send b<span style='display:none'>x</span>it<font style='font-size:0px'>日</font>coin now"},
    {"white letters", "text/html",
     "send b<font color=white>x</font>itco<font color='#fff'>y</font>in now"},
    {"references", "text/html", "send &#98;&#x69;&#116;c&#111;in now"},
    {"empty elements", "text/html", "send bi<b></b>t<wbr>c<a name=x></a>oin now"},
    {"zero-width references", "text/html", "send b&zwnj;i&#8203;t&shy;coin now"},
    {"inline blocks", "text/html", "send bit<div style='display:inline'>coin</div> now"},
    {"letters in cells", "text/html",
     "send <table><tr><td>b<td>i<td>t<td>c<td>o<td>i<td>n</table> now"},
    {"bdo", "text/html", "send <bdo dir=rtl>nioctib</bdo> now"},
    {"bidi-override", "text/html",
     "send <span style='unicode-bidi:bidi-override;direction:rtl'>nioctib</span> now"},
};

static void test_bitcoin(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct text *t = read_body(&read_state, rows[i].type, view_of(rows[i].text));
        failures += row_check(reads(t, "bitcoin"), rows[i].label, "reads bitcoin");
        failures += row_check(reads(t, "send") && reads(t, "now"), rows[i].label, "reads the rest");
        uint32_t bodies = 0;
        for (uint32_t s = 0; s < t->n_segments; s++)
            bodies += t->segments[s].kind == SEGMENT_BODY;
        failures += row_check(bodies == 1, rows[i].label, "has one body");
    }
    assert_int_equal(failures, 0);
}

/* Limits that count words must not see ten where the reader sees one. */
static void test_spaced_word_is_one(void **state)
{
    static const struct {
        const char *text;
        uint32_t apart; /* from "send" to "now" */
    } counted[] = {
        {"send bitcoin now", 2},
        {"send b i t c o i n  now", 2},
        {"send b.i.t.c.o.i.n now", 2},
        {"send (b)(i)(t)(c)(o)(i)(n) now", 2},
        {"send b.i.t.c.o.i.n f.r.o.m h.o.m.e now", 4},
        {"send  b i t c o i n   f r o m   h o m e  now", 4},
        {"send bit-coin now", 3},
        {"send 1 2 3 4 now", 5},
        {"send a b c now", 4},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(counted); i++) {
        const struct text *t = read_body(&read_state, "text/plain", view_of(counted[i].text));
        invariants_text(t, &read_state.limits);
        uint32_t send = word_find(t, "send"), now = word_find(t, "now");
        failures += row_check(send < now && now < t->n_words &&
                                  t->position[now] - t->position[send] == counted[i].apart,
                              counted[i].text, "words from send to now");
        failures += row_check(t->steppable[now] == t->steppable[send], counted[i].text,
                              "no letter may be stepped over");
    }
    assert_int_equal(failures, 0);
}

/* Digits at the edge of a word are letters only where most words are leet. */
static void test_leet_everywhere(void **state)
{
    static const struct {
        const char *label, *text;
        bool want;
    } texts[] = {
        {"leet",
         "53nd 7h3 b1tco1n, 17 w4nts p4yment from y0ur w4llet or v1deos g0 to fr1ends, "
         "c0lleagues and f4mily",
         true},
        {"a few",
         "53nd 7h3 b1tco1n, 17 wants payment from your wallet or v1deos go to fr1ends, "
         "colleagues and family",
         false},
        {"numbers", "room 53nd, 7h3 and 17 of the list", false},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct text *t = read_body(&read_state, "text/plain", view_of(texts[i].text));
        invariants_text(t, &read_state.limits);
        failures += row_check(reads(t, "send") == texts[i].want, texts[i].label, "53nd");
        failures += row_check(reads(t, "the") == (texts[i].want || i == 2), texts[i].label, "7h3");
        failures += row_check(reads(t, "it") == texts[i].want, texts[i].label, "17");
        failures += row_check(word_find(t, "17") < t->n_words, texts[i].label, "17 as it stands");
    }
    assert_int_equal(failures, 0);
}

/* Other words, other kinds of reading. */
static void test_readings(void **state)
{
    static const struct {
        const char *label, *text, *reading;
        bool want;
    } reading_rows[] = {
        {"1 is l", "k1ll a11", "kill", true},
        {"1 is i and l in one word", "1lega1 b111", "ilegal", true},
        {"dollar in front", "$end it", "send", true},
        {"at sign", "p@ssw0rd", "password", true},
        {"leet, hardly a letter left", "53cr37 v1d305 r3c31v35", "receives", true},
        {"leet, three digits in a row", "53cr37 v1d305 r3c31v35", "videos", true},
        {"leet at both edges", "53cr37 v1d305 r3c31v35", "secret", true},
        {"hours", "24h 10am 5kg", "ioam", false},
        {"names with numbers", "rfc2822 b2b 4k", "rfczbzz", false},
        {"leet across a sign", "m@$turb@t3d", "masturbated", true},
        {"an address is no leet", "mail x@ple.org", "xaple", false},
        {"numbers stay", "1000 usd 24h", "iooo", false},
        {"three-part compound", "up-to-date", "uptodate", true},
        {"don't", "I don't know", "dont", true},
        {"long chains stay", "a.example.org/path/to/it/now", "aexampleorgpathtoitnow", false},
        {"spaced, split at wider gaps", "p a y   m e   n o w", "now", true},
        {"spaced, two words by dashes", "p-a-y n-o-w-!", "pay", true},
        {"three initials are no word", "J. R. R. Tolkien", "jrr", false},
        {"numbers are no spaced word", "1 2 3 4 5 6", "123456", false},
        {"spaced with sharp s", "s t r a ß e", "strasse", true},
        {"Russian with Latin letters", "oтпpaвьтe деньги", "отправьте", true},
        {"Greek with Latin letters", "στeίλτε χρήμαtα", "χρηματα", true},
        {"Russian words stay Russian", "там кот и вот он", "tam", false},
        {"foreign words in a Latin text", "send it in ВТС to us now", "btc", true},
        {"Cyrillic r and k", "маrк кirк", "mark", true},
        {"measures", "5 μm and 3 kΩ", "5", true},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(reading_rows); i++) {
        const struct text *t = read_body(&read_state, "text/plain", view_of(reading_rows[i].text));
        failures += row_check(reads(t, reading_rows[i].reading) == reading_rows[i].want,
                              reading_rows[i].label, reading_rows[i].reading);
    }
    assert_int_equal(failures, 0);
}

static const char english[] =
    "I have to tell you that somebody could enter your computer and saw everything there. ";

/* A disguise of several words is told, honest text of the same length is silent. */
static void test_anomalies(void **state)
{
    static const struct {
        const char *label, *type, *text;
        enum anomaly anomaly;
        bool want;
    } anomaly_rows[] = {
        {"homoglyphs", "text/plain", "Yоu hаvе tо pаy mе sоmе mоnеy", ANOMALY_TEXT_MIXED_SCRIPT,
         true},
        {"one homoglyph", "text/plain", "You have to pay me sоme money", ANOMALY_TEXT_MIXED_SCRIPT,
         false},
        {"Russian", "text/plain",
         "Добрый день, коллеги! Отправляю вам IT-отчёт и SMSки за май, 5 кОм и 3 мм.",
         ANOMALY_TEXT_MIXED_SCRIPT, false},
        {"Greek", "text/plain", "Καλημέρα σας, σας στέλνω το email με το PDF και τα SMS.",
         ANOMALY_TEXT_MIXED_SCRIPT, false},
        {"measures", "text/plain", "5 µm, 3 kΩ, 7 μs, ΔT, 4 MΩ, 8 μV", ANOMALY_TEXT_MIXED_SCRIPT,
         false},
        {"styled", "text/plain", "𝐘𝐨𝐮 𝐡𝐚𝐯𝐞 𝐭𝐨 𝐩𝐚𝐲 𝐦𝐞 𝐦𝐨𝐧𝐞𝐲", ANOMALY_TEXT_STYLED_LETTERS, true},
        {"full-width English", "text/plain",
         "Ｙｏｕ ｈａｖｅ ｔｏ ｐａｙ ｓｏｍｅ ｍｏｎｅｙ ｔｏ ｕｓ ａｌｌ",
         ANOMALY_TEXT_STYLED_LETTERS, true},
        {"full-width in Japanese", "text/plain",
         "ＡＢＣ株式会社のＷＥＢサイトからＰＤＦをダウンロードしてください。ＩＤとＵＲＬとＦＡＸ番"
         "号もＸＭＬで",
         ANOMALY_TEXT_STYLED_LETTERS, false},
        {"trade marks and ordinals", "text/plain", "Foo™ Bar® 1ª 2º m² H₂O ① ② ③ № 5 ℃",
         ANOMALY_TEXT_STYLED_LETTERS, false},
        {"zero-width", "text/plain",
         "y\xE2\x80\x8Bou ha\xE2\x80\x8Bve t\xE2\x80\x8Bo pa\xE2\x80\x8By mo\xE2\x80\x8Bney",
         ANOMALY_TEXT_INVISIBLE_CHARS, true},
        {"soft hyphens between syllables", "text/plain",
         "Wirt\xC2\xADschafts\xC2\xADminis\xC2\xADterium Donau\xC2\xAD"
         "dampf\xC2\xADschiff Ver\xC2\xADtrag Pro\xC2\xADgramm",
         ANOMALY_TEXT_INVISIBLE_CHARS, false},
        {"soft hyphens between letters", "text/plain",
         "y\xC2\xADo\xC2\xADu h\xC2\xAD"
         "a\xC2\xADv\xC2\xAD"
         "e p\xC2\xAD"
         "a\xC2\xADy m\xC2\xADo\xC2\xADn\xC2\xAD"
         "e\xC2\xADy",
         ANOMALY_TEXT_INVISIBLE_CHARS, true},
        {"Persian", "text/plain",
         "می\xE2\x80\x8Cخواهم کتاب\xE2\x80\x8Cها را نمی\xE2\x80\x8Cبینم خانه\xE2\x80\x8Cهای",
         ANOMALY_TEXT_INVISIBLE_CHARS, false},
        {"stacked marks", "text/plain", "ḟöṙ ẏöṵ ṁṳṡẗ p̷̛̗a̶͎̾y̴̱͆ m̸̡̛o̵̙̎ņ̵͝e̸͔͝ẏ̶̱", ANOMALY_TEXT_MARKS, true},
        {"Vietnamese", "text/plain",
         "Xin chào, tôi gửi bạn tài liệu về cuộc họp hôm qua. Cảm ơn bạn rất nhiều và hẹn gặp lại.",
         ANOMALY_TEXT_MARKS, false},
        {"decomposed French", "text/plain",
         "Voila\xCC\x80 l'e\xCC\x81te\xCC\x81 de\xCC\x81ja\xCC\x80 passe\xCC\x81, che\xCC\x80re "
         "Zoe\xCC\x88",
         ANOMALY_TEXT_MARKS, false},
        {"Hebrew with points", "text/plain", "שָׁלוֹם לְכֻלָּם וּבְרָכָה רַבָּה", ANOMALY_TEXT_MARKS, false},
        {"spaced", "text/plain", "y o u r   m o n e y   i s   n e e d e d   h e r e   p l e a s e",
         ANOMALY_TEXT_SPACED, true},
        {"a spaced headline", "text/plain",
         "N E W S L E T T E R\nDear all, this month we have news.", ANOMALY_TEXT_SPACED, false},
        {"options", "text/plain", "a b c d e f g\n1 2 3 4\nx, y, z, t", ANOMALY_TEXT_SPACED, false},
        {"leet", "text/plain", "y0ur c0mputer w4s h4cked and y0ur p@ssw0rd is kn0wn t0 me",
         ANOMALY_TEXT_LEET, true},
        {"versions and codes", "text/plain",
         "ipv6 utf8 x86 mp3 h264 i18n b2b win32 python3 sha256 ext4 base64 iso8601 4K",
         ANOMALY_TEXT_LEET, false},
        {"junk", "text/plain",
         "I (qzx) know (hirlosk) your (plomt) secret (vrrt) and (kwq) will (zzz) tell (mmn) all "
         "(bbq) of (ttk) it",
         ANOMALY_TEXT_JUNK_BRACKETS, true},
        {"remarks in brackets", "text/plain",
         "The form(s) (see below) must be sent (signed) to the office(s) (room 5) in time.",
         ANOMALY_TEXT_JUNK_BRACKETS, false},
        {"references for letters", "text/plain", "&#98;itcoin", ANOMALY_TEXT_REFERENCES, true},
        {"references of a bad converter", "text/plain", "f&#252;r &#8217; &#39; &#1055;&#1088;",
         ANOMALY_TEXT_REFERENCES, false},
        {"override", "text/plain",
         "a \xE2\x80\xAE"
         "b",
         ANOMALY_TEXT_BIDI, true},
        {"marks of direction", "text/plain",
         "a \xE2\x80\x8F"
         "b \xE2\x80\xAB x \xE2\x80\xAC",
         ANOMALY_TEXT_BIDI, false},
        {"preheader", "text/html",
         "<div style='display:none;max-height:0'>Our news this "
         "week&nbsp;&zwnj;&nbsp;&zwnj;</div><p>Our news",
         ANOMALY_TEXT_HIDDEN, true},
        {"letters cut by hidden ones", "text/html",
         "<style>label{font-size:0}</style>y<label>日</label>our m<label>本</label>oney "
         "p<label>語</label>lease",
         ANOMALY_TEXT_HIDDEN_WORDS, true},
        {"preheader does not cut words", "text/html",
         "<div style='display:none'>x</div>a<!-- m --> b<span style='display:none'> c</span> d",
         ANOMALY_TEXT_HIDDEN_WORDS, false},
    };
    (void)state;
    int failures = 0;
    static char text[4096];
    for (size_t i = 0; i < COUNT_OF(anomaly_rows); i++) {
        snprintf(text, sizeof text, "%s\n%s", anomaly_rows[i].text,
                 strcmp(anomaly_rows[i].type, "text/html") == 0 ? english : "");
        const struct text *t = read_body(&read_state, anomaly_rows[i].type, view_of(text));
        failures +=
            row_check((t->anomalies.count[anomaly_rows[i].anomaly] > 0) == anomaly_rows[i].want,
                      anomaly_rows[i].label, anomaly_name(anomaly_rows[i].anomaly));
    }
    assert_int_equal(failures, 0);
}

/* Written backwards, by lines or by words: read once more, and it leads back to the letter. */
static void test_reversed(void **state)
{
    static const struct {
        const char *label, *text;
        bool want;
    } reversed_rows[] = {
        {"lines",
         ".htnom tsal retupmoc ruoy otni ekorb i ,uoy llet ot evah i\n"
         "eht lla dna ,uoy fo oediv eht dna sliam ruoy lla evah won i\n"
         ".siht htiw wohs lliw i taht serutcip\n"
         ".yadot yap ton od uoy fi ,sdneirf ruoy ot meht dnes lliw i\n",
         true},
        {"words",
         "i evah ot llet uoy, i ekorb otni ruoy retupmoc tsal htnom.\n"
         "i won evah lla ruoy sliam dna eht oediv fo uoy, dna lla eht\n"
         "serutcip taht i lliw wohs htiw siht.\n"
         "i lliw dnes meht ot ruoy sdneirf, fi uoy od ton yap yadot.\n",
         true},
        {"plain English",
         "I have to tell you, I broke into your computer last month. I now have all your mails\n"
         "and the video of you, and all the pictures that I will show with this.\n"
         "I will send them to your friends, if you do not pay today.\n",
         false},
    };
    static const char *const words[] = {"computer", "video", "friends", "today"};
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(reversed_rows); i++) {
        const struct text *t = read_body(&read_state, "text/plain", view_of(reversed_rows[i].text));
        invariants_text(t, &read_state.limits);
        failures += row_check(t->n_segments == 1u + reversed_rows[i].want, reversed_rows[i].label,
                              "segments");
        for (size_t w = 0; w < COUNT_OF(words); w++) {
            uint32_t at = word_find(t, words[w]);
            failures += row_check(at != UINT32_MAX, reversed_rows[i].label, words[w]);
            if (at == UINT32_MAX)
                continue;
            struct span origin = text_origin(t, at, at);
            failures += row_check(origin.to - origin.from == strlen(words[w]),
                                  reversed_rows[i].label, "leads back to as many letters");
        }
        uint32_t send = word_find(t, "send");
        failures += row_check(send != UINT32_MAX && view_eq(text_word(t, send + 1), VIEW("them")),
                              reversed_rows[i].label, "in the right order");
    }
    assert_int_equal(failures, 0);
}

/* The corpus knows a letter with thousands of invisible labels between the letters of its words. */
static void test_many_labels(void **state)
{
    (void)state;
    struct buf html;
    buf_init(&html, 1 << 20);
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(buf_add(&html, VIEW("m<label style=\"font-size:0px\">隠</label>on<label "
                                             "style=\"font-size:0px\">し</label>ey ")),
                         0);
    const struct text *t = read_body(&read_state, "text/html", buf_view(&html));
    assert_int_equal(t->anomalies.count[ANOMALY_TEXT_HIDDEN_WORDS], 2000);
    uint32_t money = 0;
    for (uint32_t i = 0; i < t->n_words; i++)
        money += view_eq(text_word(t, i), VIEW("money"));
    assert_int_equal(money, 1000);
    assert_int_equal(t->disguise.hidden, 2000);
    buf_fini(&html);
}

/* Spaced letters, words joined by signs: no text may cost the square of its length. */
static void test_cost(void **state)
{
    static const char *const repeated[] = {
        "1 ",
        "5 (",
        "1.a ",
        "a.1 ",
        "12.3.a ",
        "bob.example77@",
        "lno1qpzry9x8+",
        "EQab12cd34ef_",
        "h3ll0-p4y-",
        "b i t c ",
        "a 1 1 ",
        "\u0430b ",
    };
    static char body[400000];
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(repeated); i++) {
        size_t n = 0, m = strlen(repeated[i]);
        for (; n + m <= sizeof body; n += m)
            memcpy(body + n, repeated[i], m);
        clock_t from = clock();
        read_body(&read_state, "text/plain", (struct view){body, n});
        double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
        failures += row_check(seconds < 3, repeated[i], "takes no time");
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bitcoin),         cmocka_unit_test(test_spaced_word_is_one),
        cmocka_unit_test(test_leet_everywhere), cmocka_unit_test(test_readings),
        cmocka_unit_test(test_anomalies),       cmocka_unit_test(test_reversed),
        cmocka_unit_test(test_many_labels),     cmocka_unit_test(test_cost),
    };
    return cmocka_run_group_tests(tests, start, end);
}
