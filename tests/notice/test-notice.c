#include <sys/stat.h>
#include <unistd.h>

#include "notice/fixture.h"

static struct notices *all;

static int setup(void **state)
{
    (void)state;
    all = shipped();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    notices_free(&all);
    return 0;
}

static bool holds(struct view v, const char *text)
{
    return view_find(v, view_of(text)) < v.n;
}

static struct notice render(const struct notice_wish *w, struct arena *arena)
{
    struct notice out;
    assert_int_equal(notice_render(all, w, arena, &out), STATUS_OK);
    return out;
}

/* What extortion victims must never read from us, in the languages in which it could slip in. */
static const char *const forbidden[] = {
    "fake",           "hoax",       "scam",
    "ignore it",      "just a",     "nothing will happen",
    "you should",     "why did",    "you are a victim",
    "guilty",         "your fault", "bitcoin",
    "wallet",         "porn",       "huijausviesti",
    "jätä huomiotta", "bluff",      "strunta",
};

/* Every text of every language and group: whole, short, calm, and without loose ends. */
static int check_form(const struct notice *n, const char *label)
{
    int failures = 0;
    struct view rest = n->text, line;
    unsigned lines = 0;
    while (view_next_line(&rest, &line)) {
        unsigned columns = 0;
        lines++;
        for (size_t i = 0; i < line.n; columns++) {
            uint32_t cp;
            i += utf8_decode(line.p + i, line.n - i, &cp);
        }
        bool address = holds(line, "https://") || holds(line, "@");
        failures += row_check(columns <= 76 || address, label, "a line is too long");
        failures += row_check(line.n == 0 || line.p[line.n - 1] != ' ', label, "trailing space");
    }
    failures += row_check(lines >= 12 && lines <= 55, label, "number of lines");
    for (size_t i = 0; i < COUNT_OF(forbidden); i++)
        if (view_find_nocase(n->text, view_of(forbidden[i])) < n->text.n)
            failures += row_check(false, label, forbidden[i]);
    failures += row_check(!holds(n->text, "{") && !holds(n->html, "{"), label, "placeholder left");
    failures += row_check(utf8_valid(n->text) && utf8_valid(n->html), label, "UTF-8");
    failures += row_check(holds(n->text, "mx.example.test") && holds(n->text, "Example"), label,
                          "names gateway and operator");
    failures += row_check(holds(n->html, "role=\"note\"") && holds(n->html, "lang=\""), label,
                          "accessible");
    failures +=
        row_check(!holds(n->html, "<img") && !holds(n->html, "class=") && !holds(n->html, " id="),
                  label, "nothing fetched, nothing to aim at");
    for (rest = n->html; view_next_line(&rest, &line);)
        failures += row_check(line.n <= 998, label, "an HTML line is longer than mail allows");
    return failures;
}

static void every_text(void **state)
{
    (void)state;
    int failures = 0;
    const char *language;
    for (size_t l = 0; (language = notices_language(all, l)) != NULL; l++)
        for (enum notice_group g = 0; g < NOTICE_GROUPS; g++)
            for (int place = 0; place < 2; place++) {
                char label[32];
                struct arena arena;
                struct notice_wish w = reader(all, language, "FI", g);
                w.place = place != 0 ? NOTICE_ABOVE : NOTICE_ATTACHED;
                (void)snprintf(label, sizeof label, "%s %s", language, notice_group_name(g));
                arena_init(&arena, 1 << 20);
                struct notice n = render(&w, &arena);
                failures += check_form(&n, label);
                arena_fini(&arena);
            }
    assert_int_equal(failures, 0);
}

static const struct {
    const char *label, *language, *country;
    enum notice_group group;
    const char *want, *lacks;
} readers[] = {
    {"a Finn", "fi", "FI", NOTICE_BREACH, "https://poliisi.fi/rikosilmoitus", "112"},
    {"a Finn is told when it came", "fi", "FI", NOTICE_BREACH, "29.11.2026 klo 14.05 (UTC+02:00)",
     NULL},
    {"a Swede in Finland", "sv", "FI", NOTICE_BREACH, "Brottsofferjouren, 116 006", NULL},
    {"nobody knows where", "en", "", NOTICE_BREACH, "your local police", "116 006"},
    {"no number of 14 states for all", "sv", "DK", NOTICE_COMPANY, "114", "116 006"},
    {"Spain has no 116 006", "en", "ES", NOTICE_BLUFF, "017", "116 006"},
    {"142 helps after a crime in Switzerland", "de", "CH", NOTICE_BREACH, "Opferhilfe Schweiz, 142",
     NULL},
    {"and people in a crisis in Austria", "de", "AT", NOTICE_BREACH, "0800 112 112", NULL},
    {"real images in Denmark", "en", "DK", NOTICE_PERSON, "anmeld-digitale-sexkraenkelser", NULL},
    {"a mass mail in Denmark", "en", "DK", NOTICE_BLUFF, "crimes-against-digital-devices",
     "anmeld-digitale-sexkraenkelser"},
    {"a company gets no crisis line", "fi", "FI", NOTICE_COMPANY, "kyberturvallisuuskeskus.fi",
     "09 2525"},
    {"danger in the United Kingdom", "en", "UK", NOTICE_LIFE, "999", "112"},
    {"danger in the Union", "en", "PL", NOTICE_LIFE, "112", NULL},
    {"danger where no number is known", "en", "US", NOTICE_LIFE, "your emergency number", NULL},
    {"the young", "fi", "FI", NOTICE_MINORS, "takeitdown.ncmec.org", "stopncii"},
    {"hours", "en", "FR", NOTICE_BLUFF, "(Mon-Sun 09:00-19:00;", NULL},
};

static void every_reader(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        struct arena arena;
        struct notice_wish w =
            reader(all, readers[i].language, readers[i].country, readers[i].group);
        if (w.languages[0] == SIZE_MAX)
            w.languages[0] = notices_language_find(all, VIEW("en"));
        arena_init(&arena, 1 << 20);
        struct notice n = render(&w, &arena);
        bool good = holds(n.text, readers[i].want) &&
                    (readers[i].lacks == NULL || !holds(n.text, readers[i].lacks));
        failures += row_check(good, readers[i].label, "text");
        if (!good)
            fprintf(stderr, "%.*s\n", VIEW_ARG(n.text));
        arena_fini(&arena);
    }
    assert_int_equal(failures, 0);
}

/* A contact goes on the day it expires, and its general words come. */
static void expiry(void **state)
{
    (void)state;
    static const struct {
        unsigned year, month, day;
        bool shown;
    } days[] = {{2019, 12, 31, false},
                {2026, 1, 1, true},
                {2027, 11, 29, true},
                {2027, 11, 30, false},
                {2030, 1, 1, false}};
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        struct arena arena;
        struct notice_wish w = reader(all, "fi", "FI", NOTICE_BREACH);
        w.now.year = days[i].year;
        w.now.month = days[i].month;
        w.now.day = days[i].day;
        arena_init(&arena, 1 << 20);
        struct notice n = render(&w, &arena);
        assert_int_equal(holds(n.text, "poliisi.fi/rikosilmoitus"), days[i].shown);
        assert_int_equal(holds(n.text, "paikalliselle poliisille"), !days[i].shown);
        arena_fini(&arena);
    }
}

static void operators_words(void **state)
{
    (void)state;
    struct arena arena;
    struct notice_wish w = reader(all, "en", "FI", NOTICE_BLUFF);
    w.operator= VIEW("<b>A & \"B\"</b>");
    w.reach = VIEW("help desk, 1234");
    w.languages[1] = notices_language_find(all, VIEW("SV-fi"));
    w.n_languages = 2;
    arena_init(&arena, 1 << 20);
    struct notice n = render(&w, &arena);
    assert_true(holds(n.text, "Your own help desk: help desk, 1234"));
    assert_true(holds(n.text, "<b>A & \"B\"</b>"));
    assert_false(holds(n.html, "<b>A"));
    assert_true(holds(n.html, "&#60;b&#62;A &#38; &#34;B&#34;"));
    assert_true(holds(n.text, "Whoever sent it") && holds(n.text, "Det är avsändaren"));
    assert_true(holds(n.html, "lang=\"en\"") && holds(n.html, "lang=\"sv\""));
    assert_true(view_starts_nocase(n.document, VIEW("<!DOCTYPE html>\n<html lang=\"en\"")));
    arena_fini(&arena);
}

static void groups(void **state)
{
    (void)state;
    static const struct {
        struct notice_case c;
        enum notice_group want;
    } rows[] = {
        {{.class_id = VIEW_LITERAL("sextortion"), .payment = true}, NOTICE_BLUFF},
        {{.class_id = VIEW_LITERAL("sextortion")}, NOTICE_PERSON},
        {{.class_id = VIEW_LITERAL("sextortion"), .payment = true, .images = true}, NOTICE_PERSON},
        {{.class_id = VIEW_LITERAL("sextortion"), .payment = true, .reply = true}, NOTICE_PERSON},
        {{.class_id = VIEW_LITERAL("sextortion"), .payment = true, .minors = true}, NOTICE_MINORS},
        {{.class_id = VIEW_LITERAL("violence"), .minors = true}, NOTICE_LIFE},
        {{.class_id = VIEW_LITERAL("ddos"), .minors = true}, NOTICE_COMPANY},
        {{.class_id = VIEW_LITERAL("breach-person"), .payment = true}, NOTICE_BREACH},
        {{.class_id = VIEW_LITERAL("a class of tomorrow")}, NOTICE_NEUTRAL},
        {{.class_id = VIEW_LITERAL("")}, NOTICE_NEUTRAL},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failures += row_check(notice_group_choose(&rows[i].c) == rows[i].want, rows[i].c.class_id.p,
                              "group");
    assert_int_equal(failures, 0);
}

#define GOOD                                                                                       \
    "country = \"FI\"; kind = \"report\"; languages = [ ]; name = \"P\"; phone = \"1\"; "          \
    "source = \"s\"; verified_on = \"2026-01-01\"; expires = \"2027-01-01\";"

static const struct {
    const char *label, *text, *want;
} broken[] = {
    {"no source",
     "contacts = (\n{ country = \"FI\"; kind = \"report\"; languages = [ ]; name = \"P\"; phone = "
     "\"1\"; verified_on = \"2026-01-01\"; expires = \"2027-01-01\"; } );",
     ":2: error: contacts.source: is missing"},
    {"no such day",
     "contacts = ( { " GOOD " } ,\n{ country = \"FI\"; kind = \"report\"; languages "
     "= [ ]; name = \"P\"; phone = \"1\"; source = \"s\"; verified_on = "
     "\"2026-04-31\"; expires = \"2027-01-01\"; } );",
     ":2: error: verified_on: \"2026-04-31\" is no date"},
    {"unknown kind", "contacts = ( { country = \"FI\"; kind = \"crysis\"; } );",
     ":1: error: kind: there is no kind \"crysis\", did you mean \"crisis\"?"},
    {"unknown key", "contacts = ( { telephone = \"1\"; " GOOD " } );",
     ":1: error: telephone: unknown key"},
    {"a link that is none", "contacts = ( { url = \"javascript:alert(1)\"; " GOOD " } );",
     "is no address to show"},
    {"a link that ends the attribute", "contacts = ( { url = \"https://a/'x\"; " GOOD " } );",
     "is no address to show"},
    {"hours", "contacts = ( { hours = \"9-17\"; " GOOD " } );", "these hours are not understood"},
    {"a country",
     "contacts = ( { " GOOD " } ,\n{ country = \"Finland\"; kind = \"report\"; "
     "languages = [ ]; name = \"P\"; phone = \"1\"; source = \"s\"; verified_on = "
     "\"2026-01-01\"; expires = \"2027-01-01\"; } );",
     ":2: error: country: \"Finland\" is no country"},
    {"syntax", "contacts = (\n{ country = \"FI\" \n kind", "error:"},
    {"an include", "\n@include \"x\"\n", ":2: error: @include is not supported"},
    {"no text", "contacts = ( { " GOOD "\n name = 7; } );", "error"},
};

#define FILE_NAME "test-notice.tmp"

static char *load_contacts(const char *text)
{
    static char out[8192];
    char templates[512];
    const char *const c[] = {FILE_NAME}, *const t[] = {templates};
    const struct notice_source source = {c, 1, t, 1};
    struct notices *n = NULL;
    struct diags diags;
    struct buf said;
    FILE *f = fopen(FILE_NAME, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    (void)snprintf(templates, sizeof templates, "%s/conf/notices",
                   getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".");
    diags_init(&diags);
    enum status status = notices_load(&source, &diags, &n);
    assert_int_equal(status == STATUS_OK, diags.n_errors == 0);
    notices_free(&n);
    buf_init(&said, sizeof out - 1);
    assert_int_equal(diags_print(&diags, &said), STATUS_OK);
    (void)snprintf(out, sizeof out, "%.*s", VIEW_ARG(buf_view(&said)));
    buf_fini(&said);
    diags_fini(&diags);
    (void)unlink(FILE_NAME);
    return out;
}

static void broken_contacts(void **state)
{
    (void)state;
    int failures = 0;
    assert_string_equal(load_contacts("contacts = ( { " GOOD " } );"), "");
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        const char *got = load_contacts(broken[i].text);
        failures += row_check(strstr(got, broken[i].want) != NULL, broken[i].label, got);
    }
    assert_int_equal(failures, 0);
}

/* One shipped text with one thing changed. */
static const struct {
    const char *label, *from, *to, *want;
} changes[] = {
    {"unknown placeholder", "On {received} I", "On {recieved} I",
     "quote: unknown placeholder {recieved}"},
    {"a missing one", "On {received} I", "I", "quote: must hold {received}"},
    {"a placeholder where none may be",
     "Who can help:", "Who can {help}:", "contacts: unknown placeholder {help}"},
    {"a bracket alone", "Who can help:", "Who can help }:", "a bracket stands alone"},
    {"another language", "language = \"en\"", "language = \"fi\"", "the file is named en.conf"},
    {"a missing word", "always = \"day and night\";", "", "always: is missing"},
    {"an unknown group", "  neutral = {", "  neutrul = {", "neutrul: unknown group"},
    {"and the neutral one missing", "  neutral = {", "  neutrul = {",
     "the group neutral is missing"},
    {"direction", "\"ltr\"", "\"left\"", "must be \"ltr\" or \"rtl\""},
};

static struct buf read_text(const char *name)
{
    char path[512];
    struct buf b;
    int c;
    (void)snprintf(path, sizeof path, "%s/%s",
                   getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".", name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    buf_init(&b, 1 << 20);
    while ((c = getc(f)) != EOF)
        assert_int_equal(buf_add_byte(&b, (char)c), STATUS_OK);
    (void)fclose(f);
    return b;
}

static void broken_texts(void **state)
{
    (void)state;
    int failures = 0;
    struct buf text = read_text("conf/notices/en.conf");
    static const char *const folder[] = {"test-notice.dir"};
    (void)mkdir(folder[0], 0700);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct view v = buf_view(&text), from = view_of(changes[i].from);
        size_t at = view_find(v, from);
        assert_true(at < v.n);
        FILE *f = fopen("test-notice.dir/en.conf", "w");
        assert_non_null(f);
        assert_true(fprintf(f, "%.*s%s%.*s", (int)at, v.p, changes[i].to, (int)(v.n - at - from.n),
                            v.p + at + from.n) > 0);
        assert_int_equal(fclose(f), 0);
        const struct notice_source source = {NULL, 0, folder, 1};
        struct notices *n = NULL;
        struct diags diags;
        struct buf said;
        diags_init(&diags);
        enum status status = notices_load(&source, &diags, &n);
        buf_init(&said, 1 << 20);
        assert_int_equal(diags_print(&diags, &said), STATUS_OK);
        assert_int_equal(buf_add_byte(&said, '\0'), STATUS_OK);
        bool placed = strstr(said.p, "test-notice.dir/en.conf:") != NULL;
        failures +=
            row_check(status == STATUS_INVALID && placed && strstr(said.p, changes[i].want) != NULL,
                      changes[i].label, said.p);
        buf_fini(&said);
        diags_fini(&diags);
        notices_free(&n);
    }
    buf_fini(&text);
    (void)unlink("test-notice.dir/en.conf");
    (void)rmdir(folder[0]);
    assert_int_equal(failures, 0);
}

/* Each shipped contact says where it comes from and until when it holds. */
static void every_contact(void **state)
{
    (void)state;
    assert_true(notices_n_contacts(all) > 60);
    for (size_t i = 0; i < notices_n_contacts(all); i++) {
        const struct contact *c = notices_contact(all, i);
        assert_true(strlen(c->source) > 5 && c->verified_on > 20100000 &&
                    c->expires > c->verified_on);
        assert_false(contact_current(c, c->expires));
        assert_true(contact_current(c, c->verified_on));
    }
    assert_true(notices_knows_country(all, VIEW("FI")));
    assert_false(notices_knows_country(all, VIEW("IO")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text),   cmocka_unit_test(every_reader),
        cmocka_unit_test(expiry),       cmocka_unit_test(operators_words),
        cmocka_unit_test(groups),       cmocka_unit_test(broken_contacts),
        cmocka_unit_test(broken_texts), cmocka_unit_test(every_contact),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
