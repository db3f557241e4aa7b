#include "../test.h"

#include "text/text.h"

static struct arena arena;

static int arena_start(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 26);
    return 0;
}

static int arena_end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

/* Every code point, alone and between letters: stable, valid, not too long, no NUL made. */
static void test_every_code_point(void **state)
{
    (void)state;
    unsigned failures = 0;
    for (uint32_t cp = 0; cp < 0x110000 && failures < 20; cp++) {
        char text[8] = "a";
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        size_t n = 1 + utf8_encode(cp, text + 1);
        text[n++] = 'a';
        for (int around = 0; around < 2; around++) {
            struct view in = around ? (struct view){text, n} : (struct view){text + 1, n - 2};
            struct view once = text_fold(in, &arena), twice = text_fold(once, &arena);
            bool good = view_eq(once, twice) && utf8_valid(once) && once.n <= in.n + 63 &&
                        (cp == 0 || view_find_byte(once, '\0') == once.n);
            if (!good) {
                fprintf(stderr, "# U+%04X is not stable\n", cp);
                failures++;
            }
        }
        arena_reset(&arena);
    }
    assert_int_equal(failures, 0);
}

static void test_fold(void **state)
{
    static const struct {
        const char *label, *in, *want;
    } rows[] = {
        {"ASCII of all lengths", "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`{|}~@",
         "abcdefghijklmnopqrstuvwxyz[\\]^_`{|}~@"},
        {"seven letters", "BITCOIN", "bitcoin"},
        {"nine letters", "Bitcoins!", "bitcoins!"},
        {"marks", "ÀÉÎÕÜ čšž Ångström", "aeiou csz angstrom"},
        {"marks apart", "e\xCC\x81 o\xCC\x88 c\xCC\xA7", "e o c"},
        {"strokes and ligatures", "Øystein Łódź Đorđe æ œ ﬁ ﬄ Þ ð",
         "oystein lodz dorde ae oe fi ffl th d"},
        {"dotless and dotted i", "ıİ", "ii"},
        {"sharp s", "Straße STRAẞE", "strasse strasse"},
        {"Greek", "Ἀθῆναι ΣΊΣΥΦΟΣ σίσυφος", "αθηναι σισυφοσ σισυφοσ"},
        {"Cyrillic", "Ёлка Йод Їжак Ґанок", "елка иод іжак ганок"},
        {"Hebrew points", "שָׁלוֹם", "שלום"},
        {"Arabic vowels, tatweel, hamza", "كِتَــاب أإآ", "كتاب ااا"},
        {"kana stay voiced", "がパビ", "がパビ"},
        {"kana put together", "か\xE3\x82\x99 は\xE3\x82\x9A ｶﾞ ﾊﾟ", "が ぱ ガ パ"},
        {"Hangul put together",
         "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xB3\xE1\x86\xAF", "한글"},
        {"Thai and Devanagari keep their signs", "น้ำ हिन्दी",
         "น\xE0\xB9\x89\xE0\xB9\x8D\xE0\xB8\xB2 हिन्दी"},
        {"full width", "Ｂｉｔｃｏｉｎ　１２３", "bitcoin 123"},
        {"digits of other scripts", "٣٤٥ ۶۷ १२ ５", "345 67 12 5"},
        {"mathematical", "𝐁𝒊𝓽𝔠𝕠𝖎𝗇 𝙱𝟣", "bitcoin b1"},
        {"enclosed", "Ⓑⓘⓣ ⒞ ⑤ 🄑 🅱🅸🆃 🅑", "bit c 5 b bit b"},
        {"small capitals, phonetic", "ʙɪᴛᴄᴏɪɴ ɑɡ ƅ", "bitcoin ag b"},
        {"modifier letters", "ᵇᶦᵗ ₁", "bit 1"},
        {"regional indicators", "🇧🇮🇹", "bit"},
        {"invisible",
         "b\xC2\xADi\xE2\x80\x8Bt\xE2\x81\xA0"
         "c\xEF\xBB\xBFo\xE2\x80\xAEi\xE2\x80\x8Dn\xF3\xA0\x81\xA1",
         "bitcoin"},
        {"control characters",
         "b\x01i\x7Ft\x08"
         "coin, a long ASCII row\x02s",
         "bitcoin, a long ascii rows"},
        {"white space stays", "a\tb\nc\r\nd", "a\tb\nc\r\nd"},
        {"blanks",
         "a\xC2\xA0"
         "b\xE2\x80\x83"
         "c\xE3\x80\x80"
         "d",
         "a b c d"},
        {"signs", "‘x’ “y” – — … № ½", "'x' \"y\" - - ... no 1/2"},
        {"broken bytes",
         "a\xFF"
         "b\xC3",
         "a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD"},
        {"overlays and stacks", "b̶i̷t̸ z̷̢̛̗̅a̶͎l", "bit zal"},
        {"empty", "", ""},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failures += row_view(text_fold(view_of(rows[i].in), &arena), view_of(rows[i].want),
                             rows[i].label, "folded");
    assert_int_equal(failures, 0);
}

static void test_lookalike(void **state)
{
    static const struct {
        const char *label, *in, *want; /* '?': none */
    } rows[] = {
        {"ASCII itself", "aZ09$l1O0", "aZ09$l1O0"},
        {"Cyrillic, case kept", "АВЕКМНОРСТХІЈЅ авекмнорстхіјѕ", "ABEKMHOPCTXIJS abekmhopctxijs"},
        {"letters before digits", "О о Օ", "O o O"},
        {"Greek", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ αονρυ", "ABEZHIKMNOPTYX aovpu"},
        {"full width", "１ａＡ＄", "1aA$"},
        {"styled", "𝐁𝟎 ⓑ 🅱 ʙ", "B0 b B b"},
        {"marks", "é Ñ ø Ł", "e N o L"},
        {"syllabics and others", "ᗷᎪꓐⲞ", "BABO"},
        {"dotless i, long s", "ı ſ", "i f"},
        {"none", "ж 語 が ♥", "? ? ? ?"},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char got[64];
        size_t n = 0;
        for (struct view v = view_of(rows[i].in); v.n > 0;) {
            uint32_t cp;
            size_t took = utf8_decode(v.p, v.n, &cp);
            unsigned char look = text_lookalike(cp);
            got[n++] = (char)(look != 0 ? look : '?');
            v = view_sub(v, took, v.n);
        }
        failures += row_view((struct view){got, n}, view_of(rows[i].want), rows[i].label, "looks");
    }
    assert_int_equal(failures, 0);
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        unsigned char look = text_lookalike(cp);
        assert_true(cp < 0x80 ? look == cp : look == 0 || (look > ' ' && look < 0x7F));
    }
}

static void test_properties(void **state)
{
    static const uint32_t invisible[] = {0xAD,    0x34F,   0x61C,  0x180E, 0x200B, 0x200C, 0x200D,
                                         0x200E,  0x202E,  0x2060, 0x2066, 0x3164, 0xFE0F, 0xFEFF,
                                         0xE0041, 0xE01EF, 0x01,   0x7F,   0x9B};
    static const uint32_t seen[] = {'a',  ' ',   '\n',   '\t',    0xA0,
                                    0xE9, 0x301, 0x3042, 0x1F600, 0x10FFFF};
    static const uint32_t cjk[] = {0x4E00, 0x3042, 0x30A2, 0x30FC, 0x3005, 0x20000, 0xFF71, 0x3105};
    static const uint32_t not_cjk[] = {'a', 0xAC00, 0x1100, 0xE01, 0x3002, 0x30FB, 0xFF21};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(invisible); i++)
        if (!text_invisible(invisible[i]))
            fail_msg("U+%04X is invisible", invisible[i]);
    for (size_t i = 0; i < COUNT_OF(seen); i++)
        if (text_invisible(seen[i]))
            fail_msg("U+%04X is seen", seen[i]);
    for (size_t i = 0; i < COUNT_OF(cjk); i++)
        if (!text_cjk(cjk[i]))
            fail_msg("U+%04X is CJK", cjk[i]);
    for (size_t i = 0; i < COUNT_OF(not_cjk); i++)
        if (text_cjk(not_cjk[i]))
            fail_msg("U+%04X is not CJK", not_cjk[i]);
}

static void test_split(void **state)
{
    static const struct {
        const char *label, *in, *want; /* words with a '|' after each */
    } rows[] = {
        {"words", "i recorded you, (now) pay 500 usd!", "i|recorded|you|now|pay|500|usd|"},
        {"signs split", "don't web-cam a_b x.y 1,000", "don|t|web|cam|a|b|x|y|1|000|"},
        {"letters and digits together", "b1tc0in 24h", "b1tc0in|24h|"},
        {"CJK one by one", "動画を撮りました。ok", "動|画|を|撮|り|ま|し|た|ok|"},
        {"Hangul by blanks", "비트코인 지갑", "비트코인|지갑|"},
        {"marks inside words", "हिन्दी ไทย", "हिन्दी|ไทย|"},
        {"a mark alone is no word", "\xE0\xA5\x8D x", "x|"},
        {"nothing", " .,-\n", ""},
        {"empty", "", ""},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct word words[64];
        struct view in = view_of(rows[i].in);
        uint32_t n = text_split(in, words, COUNT_OF(words));
        struct buf got;
        buf_init(&got, 1024);
        for (uint32_t w = 0; w < n; w++) {
            assert_int_equal(
                buf_add(&got, view_sub(in, words[w].from, words[w].from + words[w].length)), 0);
            assert_int_equal(buf_add_byte(&got, '|'), 0);
            assert_int_equal(words[w].flags & ~WORD_CJK, 0);
        }
        failures += row_view(buf_view(&got), view_of(rows[i].want), rows[i].label, "words");
        failures += row_check(text_split(in, words, 1) == n, rows[i].label, "counts all");
        buf_fini(&got);
    }
    assert_int_equal(failures, 0);
}

static void test_long_word(void **state)
{
    (void)state;
    char *p = arena_alloc(&arena, 200000);
    assert_non_null(p);
    for (size_t i = 0; i < 200000; i += 2)
        memcpy(p + i, "\xD0\xB6", 2);
    struct word words[4];
    assert_int_equal(text_split((struct view){p, 200000}, words, 4), 1);
    assert_int_equal(words[0].length, 65534);
}

static void test_no_memory(void **state)
{
    (void)state;
    struct arena small;
    arena_init(&small, 100);
    struct view v = text_fold(VIEW("anything"), &small);
    assert_null(v.p);
    assert_int_equal(v.n, 0);
    arena_fini(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_code_point, arena_start, arena_end),
        cmocka_unit_test_setup_teardown(test_fold, arena_start, arena_end),
        cmocka_unit_test(test_lookalike),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_split),
        cmocka_unit_test_setup_teardown(test_long_word, arena_start, arena_end),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
