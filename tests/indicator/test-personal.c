/* Personal numbers, passwords, and what the reader is called. */
#include "fixture.h"

#define HIDDEN "(not shown)"

static const struct {
    const char *text, *kind, *want;
} rows[] = {
    {"henkilötunnus 131052-308T", "national-id", HIDDEN "/fi"},
    {"010101A123N", "national-id", HIDDEN "/fi"},
    {"the new signs: 150690Y900S", "national-id", HIDDEN "/fi"},
    {"131052-308U", "national-id", ""},
    {"331052-308T", "national-id", ""},
    {"order 131052-308T-5", "national-id", ""},
    {"X131052-308T", "national-id", ""},
    {"811218-9876", "national-id", HIDDEN "/se"},
    {"19811218-9876", "national-id", HIDDEN "/se"},
    {"811218-9875", "national-id", ""},
    {"8112189876", "national-id", ""},
    {"personnummer 8112189876", "national-id", HIDDEN "/se"},
    /* A date and a number: an invoice. */
    {"20251218-9876", "national-id", ""},
    {"fødselsnummer 01019010046", "national-id", HIDDEN "/no"},
    {"01019010047 is my fødselsnummer", "national-id", ""},
    {"CPR 010190-1234", "national-id", HIDDEN "/dk"},
    {"call 010190-1234", "national-id", ""},
    {"PESEL: 44051401359", "national-id", HIDDEN "/pl"},
    {"44051401359", "national-id", ""},
    {"PESEL: 44051401358", "national-id", ""},
    {"DNI 12345678Z", "national-id", HIDDEN "/es"},
    {"DNI 12345678A", "national-id", ""},
    {"serial 12345678Z", "national-id", ""},
    {"NIE X1234567L", "national-id", HIDDEN "/es"},
    {"RSSMRA85T10A562S", "national-id", HIDDEN "/it"},
    {"RSSMRA85T10A562T", "national-id", ""},
    {"BSN 111222333", "national-id", HIDDEN "/nl"},
    {"111222333", "national-id", ""},
    {"1 85 05 78 006 084 91", "national-id", HIDDEN "/fr"},
    {"185057800608491", "national-id", HIDDEN "/fr"},
    {"1 85 05 78 006 084 92", "national-id", ""},
    {"Steuer-ID 86095742719", "national-id", HIDDEN "/de"},
    {"Steuer-ID 86095742718", "national-id", ""},
    {"isikukood 37605030299", "national-id", HIDDEN "/ee"},
    {"rodné číslo 755301/1004", "national-id", HIDDEN "/cz"},
    {"85.07.30-033.28", "national-id", HIDDEN "/be"},
    {"CNP 1800101000018", "national-id", HIDDEN "/ro"},
    {"TC kimlik no 10000000146", "national-id", HIDDEN "/tr"},
    {"SSN 078-05-1120", "national-id", HIDDEN "/us"},
    {"078-05-1120", "national-id", ""},
    {"СНИЛС 112-233-445 95", "national-id", HIDDEN "/ru"},
    {"11010519491231002X", "national-id", HIDDEN "/cn"},
    {"tel. 555-123-4567, ISBN 9783161484100, 2026-01-05", "national-id", ""},

    {"Your password is Summer2019!", "password", HIDDEN},
    {"your password: Summer2019 and more", "password", HIDDEN},
    {"monkey77 is your password", "password", HIDDEN},
    {"monkey77 - this is your password", "password", HIDDEN},
    {"your password: monkey", "password", HIDDEN},
    {"your password is \"monkey\", I know", "password", HIDDEN},
    {"salasanasi on kissa123", "password", HIDDEN},
    {"ditt lösenord är hund123", "password", HIDDEN},
    {"Ihr Passwort lautet dackel77", "password", HIDDEN},
    {"votre mot de passe est azerty12", "password", HIDDEN},
    {"tu contraseña es perro123", "password", HIDDEN},
    {"ваш пароль - qwerty123", "password", HIDDEN},
    {"你的密码是 abc12345", "password", HIDDEN},
    {"パスワードは abc12345 です", "password", HIDDEN},
    {"your password is wrong", "password", ""},
    {"your password: bob@example.com", "password", ""},
    {"password = get_password(file)", "password", ""},
    {"your password is QUESTIONS?", "password", ""},
    {"Your password expires in 30days", "password", ""},
    {"reset the password for your Office365 account", "password", ""},
    {"Reset your password at https://example.com/a1b2c3", "password", ""},
    {"a password is 8-character", "password", ""},
    {"forgot your password? Write to help24@example.com", "password", ""},

    {"I write to bob.smith77@example.net.", "own-address", "bob.smith77@example.net"},
    {"BOB.SMITH77@EXAMPLE.NET", "own-address", "bob.smith77@example.net"},
    {"xbob.smith77@example.net bob.smith77@example.net.test", "own-address", ""},
    {"your site www.example.net was hacked", "own-domain", "example.net"},
    {"ann@example.net, example.network", "own-domain", ""},
    {"Dear Robert Smith, hello", "own-name", "robert smith"},
    {"SMITH, Robert", "own-name", "smith, robert"},
    {"Hello Robert", "own-name", ""},
    {"Robert and Smith", "own-name", ""},
    {"user bob.smith77 has", "own-name", "bob.smith77"},
};

static void found_in_text(void **state)
{
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int n = snprintf(f.raw, sizeof f.raw,
                         "From: a@example.org\nTo: Robert Smith <bob.smith77@example.net>\n"
                         "Content-Type: text/plain; charset=utf-8\n\n%s\n",
                         rows[i].text);
        fixture_message(&f, (struct view){f.raw, (size_t)n});
        failures += row_view(fixture_list(&f, indicator_kind_find(view_of(rows[i].kind))),
                             view_of(rows[i].want), rows[i].text, rows[i].kind);
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

/* Whom the fields name, and who is nobody in particular. */
static void recipients(void **state)
{
    static const struct {
        const char *fields, *kind, *want;
    } messages[] = {
        {"To: undisclosed-recipients:;\nDelivered-To: ann@example.net\n", "own-address",
         "ann@example.net"},
        {"To: =?utf-8?q?J=C3=BCrgen_Maier?= <x@example.net>\n", "own-name", "jurgen maier"},
        {"To: info@example.net\n", "own-name", ""},
        {"To: ann@gmail.com\n", "own-domain", ""},
        {"To: a@test\n", "own-address", "a@test"},
        {"To: p@a.test, q@b.test, r@c.test, s@d.test, ann@example.net\n", "own-address", ""},
        {"", "own-address", ""},
    };
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        int n = snprintf(f.raw, sizeof f.raw,
                         "From: a@example.org\n%sContent-Type: text/plain; charset=utf-8\n\n"
                         "ann@example.net Jürgen Maier info gmail.com a@test\n",
                         messages[i].fields);
        fixture_message(&f, (struct view){f.raw, (size_t)n});
        failures += row_view(fixture_list(&f, indicator_kind_find(view_of(messages[i].kind))),
                             view_of(messages[i].want), messages[i].fields, messages[i].kind);
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_in_text),
                                       cmocka_unit_test(recipients)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
