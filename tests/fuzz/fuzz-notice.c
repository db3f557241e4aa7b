/*
 * Any bytes as the texts of a language: they load or there is something to say about them; what is
 * loaded renders for every group, to valid UTF-8, and to HTML that shows what it says.
 */
#include "fuzz.h"
#include "notice/notice.h"

FUZZ_LIBCONFIG_LEAKS

enum { FILE_CONTACTS, FILE_TEXTS };
enum { HOSTILE = 4 };

/* What stands beside the input. */
static const char contacts_sound[] =
    "contacts = ( { country = \"FI\"; kind = \"report\"; name = \"Police\"; phone = \"112\";"
    " languages = [ \"en\" ]; hours = \"24/7\"; source = \"x\";"
    " verified_on = \"2026-01-01\"; expires = \"2027-11-30\"; } );\n";
#define WORD(name) name " = \"" name "\";\n"
static const char texts_sound[] = "language = \"en\"; direction = \"ltr\";\n" WORD("title")
    WORD("contacts") WORD("desk") WORD("emergency") WORD("report") WORD("cyber") WORD("images")
        WORD("young") WORD("young_images") WORD("support") WORD("crisis") WORD("no_report")
            WORD("no_emergency") WORD("no_crisis") WORD("paid") WORD("attached") WORD("above")
                WORD("always") "quote = \"{received}\"; footer = \"{gateway} {operator}\";\n"
                               "ask = \"{reach}\"; date = \"{yyyy}-{mm}-{dd} {HH}:{MM} {zone}\";\n"
                               "days = [ \"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\" ];\n"
                               "groups = { neutral = { lead = \"x\"; steps = [ \"y\" ]; }; };\n";

static struct notices *load(const char *contacts, const char *folder)
{
    struct notices *n = NULL;
    struct diags diags;
    struct buf text;
    const char *const c[] = {contacts}, *const t[] = {folder};
    const struct notice_source source = {c, 1, t, 1};
    diags_init(&diags);
    enum status status = notices_load(&source, &diags, &n);
    REQUIRE((status == STATUS_OK) == (n != NULL));
    REQUIRE((status == STATUS_OK) == (diags.n_errors == 0) || status == STATUS_NO_MEMORY);
    buf_init(&text, 1 << 22);
    (void)diags_print(&diags, &text);
    buf_fini(&text);
    diags_fini(&diags);
    return n;
}

/* One element that is closed, and nothing in it that is not ours. */
static void html_check(const struct notice *notice, struct arena *arena)
{
    const struct limits limits = limits_default();
    struct html_text out;
    REQUIRE(html_read(notice->html, &limits, arena, &out) == STATUS_OK);
    REQUIRE(out.hidden.n == 0);
    REQUIRE(out.anomalies.count[ANOMALY_HTML_BROKEN] == 0);
    REQUIRE(view_find_nocase(notice->html, VIEW("<script")) == notice->html.n);
    size_t at;
    REQUIRE(html_page_start(notice->document, &at));
}

static void render(const struct notices *n, unsigned choice)
{
    static const char *const countries[] = {"FI", "US", "", "ZZ"};
    static const char *const operators[HOSTILE] = {"Example Oy", "<b>&\"'", "\xC3\xA4{reach}", "x"};
    struct notice_wish w = {.n_languages = 1,
                            .country = view_of(countries[choice % 4]),
                            .gateway = VIEW("mx.example.test"),
                            .operator= view_of(operators[choice / 4 % HOSTILE]),
                            .reach = view_of(choice % 3 == 0 ? "" : operators[choice % HOSTILE]),
                            .now = {2026, 11, 29, 14, 5, (int)(choice % 1440) - 720},
                            .place = choice % 2 == 0 ? NOTICE_ATTACHED : NOTICE_ABOVE};
    for (int g = 0; g < NOTICE_GROUPS; g++) {
        struct arena arena;
        struct notice out;
        arena_init(&arena, 1 << 24);
        w.group = (enum notice_group)g;
        REQUIRE(notice_render(n, &w, &arena, &out) == STATUS_OK);
        REQUIRE(out.title.n > 0 && out.text.n > 0);
        REQUIRE(utf8_valid(out.title) && utf8_valid(out.text));
        REQUIRE(utf8_valid(out.html) && utf8_valid(out.document));
        REQUIRE(view_find_byte(out.title, '\n') == out.title.n);
        REQUIRE(view_find(out.text, VIEW("mx.example.test")) < out.text.n);
        html_check(&out, &arena);
        arena_fini(&arena);
    }
}

static char place[] = "/tmp/fuzz-notice-XXXXXX", name[64];

static void remove_folder(void)
{
    (void)unlink(name);
    (void)rmdir(place);
}

/* A folder that holds en.conf, a link to the fuzzer's file. */
static const char *folder(const char *file)
{
    if (name[0] == '\0') {
        REQUIRE(mkdtemp(place) != NULL);
        (void)snprintf(name, sizeof name, "%s/en.conf", place);
        REQUIRE(symlink(file, name) == 0);
        (void)atexit(remove_folder);
    }
    return place;
}

/* The last byte chooses whether the input is texts or contacts, and how they are rendered. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned choice = size > 0 ? data[size - 1] : 0;
    bool is_contacts = (choice & 0x80) != 0;
    size = size > 0 ? size - 1 : 0;
    const char *contacts =
        is_contacts ? fuzz_file(FILE_CONTACTS, data, size)
                    : fuzz_file(FILE_CONTACTS, contacts_sound, sizeof contacts_sound - 1);
    const char *texts = is_contacts ? fuzz_file(FILE_TEXTS, texts_sound, sizeof texts_sound - 1)
                                    : fuzz_file(FILE_TEXTS, data, size);
    struct notices *n = load(contacts, folder(texts));
    if (n == NULL)
        return 0;
    for (size_t i = 0; i < notices_n_contacts(n); i++) {
        const struct contact *c = notices_contact(n, i);
        REQUIRE(c->kind < CONTACT_KINDS && c->name != NULL && c->n_hours <= HOURS_MAX);
        REQUIRE(c->country[0] != '\0' && c->expires >= 19900101 && c->verified_on >= 19900101);
    }
    render(n, choice);
    notices_free(&n);
    return 0;
}
