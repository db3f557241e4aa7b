#include "fixture.h"

static const struct {
    const char *text, *want;
} rows[] = {
    /* English */
    {"within 24 hours", "24 h/limit"},
    {"within the next 48 hours", "48 h/limit"},
    {"within twenty-four (24) hours", "24 h/limit"},
    {"you have 48h", "48 h/limit"},
    {"you have exactly two days to pay", "48 h/limit"},
    {"I give you 72 hrs", "72 h/limit"},
    {"72 hrs from the moment you opened this letter", "72 h/opening"},
    {"After you open this email you have 50 hours", "50 h/opening"},
    {"the clock starts when you read this: 48 hours", "48 h/opening"},
    {"48-hour deadline", "48 h/limit"},
    {"a 24 hour countdown", "24 h/limit"},
    {"You've got 3 business days", "72 h/limit"},
    {"no later than 5 working days", "120 h/limit"},
    {"7 days left", "168 h/limit"},
    {"only one week remaining", "168 h/limit"},
    {"less than a day", "24 h/limit"},
    {"within the hour", "1 h/limit"},
    {"within 24-48 hours", "48 h/limit"},
    {"within 48 (f o r t y e i g h t) hours", "48 h/limit"},
    {"deadline: 36 h", "36 h/limit"},
    {"30 minutes left", "0.5 h/limit"},
    {"you have fifty hours", "50 h/limit"},
    {"you have seventy two hours", "72 h/limit"},
    {"by the end of the working day", "24 h/limit"},
    {"by end of business today", "24 h/limit"},
    {"before midnight", "24 h/limit"},
    {"before Friday", "168 h/limit"},
    {"by next Friday", "168 h/limit"},
    {"no later than tomorrow", "48 h/limit"},
    {"you have 2 days. Or else", "48 h/limit"},
    {"w i t h i n 24 h0urs", "24 h/limit"},
    {"within 24 hоurs", "24 h/limit"},
    {"within\n24\nhours", "24 h/limit"},
    /* Finnish */
    {"24 tunnin kuluessa", "24 h/limit"},
    {"48 tunnin sisällä", "48 h/limit"},
    {"sinulla on 24 tuntia aikaa maksaa", "24 h/limit"},
    {"kahden vuorokauden sisällä", "48 h/limit"},
    {"vuorokauden kuluessa", "24 h/limit"},
    {"viikon sisällä", "168 h/limit"},
    {"kahdenkymmenenneljän tunnin kuluessa", "24 h/limit"},
    {"neljäkymmentäkahdeksan tuntia aikaa", "48 h/limit"},
    {"kolmen päivän päästä", "72 h/duration"},
    {"3 arkipäivän kuluessa", "72 h/limit"},
    {"2 vrk aikaa", "48 h/limit"},
    {"huomiseen mennessä", "48 h/limit"},
    {"perjantaihin mennessä", "168 h/limit"},
    {"viimeistään huomenna", "48 h/limit"},
    {"työpäivän loppuun mennessä", "24 h/limit"},
    {"48 tuntia tämän viestin avaamisesta", "48 h/opening"},
    {"24 TUNNIN KULUESSA", "24 h/limit"},
    /* Swedish */
    {"inom 48 timmar", "48 h/limit"},
    {"inom tjugofyra timmar", "24 h/limit"},
    {"du har två dagar på dig", "48 h/limit"},
    {"inom ett dygn", "24 h/limit"},
    {"inom en vecka", "168 h/limit"},
    {"24-timmarsfrist", "24 h/limit"},
    {"du har 50 timmar från det att du öppnar detta", "50 h/opening"},
    {"senast i morgon", "48 h/limit"},
    {"senast på fredag", "168 h/limit"},
    {"innan dagens slut", "24 h/limit"},
    /* the others */
    {"innen 48 timer", "48 h/limit"},
    {"du har to dager på deg", "48 h/limit"},
    {"inden for 48 timer", "48 h/limit"},
    {"otteogfyrre timer til at betale", "48 h/limit"},
    {"innerhalb von 48 Stunden", "48 h/limit"},
    {"binnen 24 Std.", "24 h/limit"},
    {"Sie haben achtundvierzig Stunden Zeit", "48 h/limit"},
    {"48 Stunden ab dem Öffnen dieser E-Mail", "48 h/opening"},
    {"bis Freitag", "168 h/limit"},
    {"binnen 24 uur", "24 h/limit"},
    {"je hebt achtenveertig uur", "48 h/limit"},
    {"sous 48 heures", "48 h/limit"},
    {"dans un délai de 72 h", "72 h/limit"},
    {"vous avez quarante-huit heures", "48 h/limit"},
    {"en un plazo de 48 horas", "48 h/limit"},
    {"tienes cuarenta y ocho horas para pagar", "48 h/limit"},
    {"no prazo de 24 horas", "24 h/limit"},
    {"você tem quarenta e oito horas", "48 h/limit"},
    {"entro 48 ore", "48 h/limit"},
    {"hai quarantotto ore", "48 h/limit"},
    {"în termen de 24 de ore", "24 h/limit"},
    {"w ciągu 48 godzin", "48 h/limit"},
    {"masz czterdzieści osiem godzin", "48 h/limit"},
    {"do 48 hodin", "48 h/limit"},
    {"máte 48 hodin", "48 h/limit"},
    {"ve lhůtě 3 dnů", "72 h/limit"},
    {"48 órán belül", "48 h/limit"},
    {"negyvennyolc órája van", "48 h/limit"},
    {"48 saat içinde", "48 h/limit"},
    {"kırk sekiz saatiniz var", "48 h/limit"},
    {"в течение 48 часов", "48 h/limit"},
    {"у вас есть двое суток, 48 часов", "48 h/limit"},
    {"у вас двадцать четыре часа", "24 h/limit"},
    {"48 часов с момента прочтения", "48 h/opening"},
    {"протягом 48 годин", "48 h/limit"},
    {"у вас є три дні", "72 h/limit"},
    {"εντός 48 ωρών", "48 h/limit"},
    {"έχετε σαράντα οκτώ ώρες", "48 h/limit"},
    {"48 tunni jooksul", "48 h/limit"},
    {"teil on nelikümmend kaheksa tundi aega", "48 h/limit"},
    {"48 stundu laikā", "48 h/limit"},
    {"per 48 valandas", "48 h/limit"},
    {"turite dvi dienas", "48 h/limit"},
    {"خلال 48 ساعة", "48 h/limit"},
    {"خلال ٤٨ ساعة", "48 h/limit"},
    {"لديك أربع وعشرون ساعة", "24 h/limit"},
    {"48時間以内に", "48 h/limit"},
    {"４８時間以内", "48 h/limit"},
    {"二十四時間以内に", "24 h/limit"},
    {"開封した時点から72時間", "72 h/opening"},
    {"48小时内", "48 h/limit"},
    {"您有二十四小时", "24 h/limit"},
    {"三天之内", "72 h/limit"},
    {"48시간 이내에", "48 h/limit"},
    {"48시간이내에", "48 h/limit"},
    {"이십사 시간 안에", "24 h/limit"},
    /* spans of time that are no limit */
    {"shipped in 48 hours", "48 h/duration"},
    {"it takes 3 days", "72 h/duration"},
    {"a flight of two hours", "2 h/duration"},
    /* no deadline at all */
    {"open 24 hours a day", ""},
    {"24/7 support", ""},
    {"2 days ago", ""},
    {"the last 30 days", ""},
    {"3 päivää sitten", ""},
    {"för två dagar sedan", ""},
    {"8 hours a day", ""},
    {"vor 3 Tagen", ""},
    {"every 24 hours", ""},
    {"see you next week", ""},
    {"at the end of the day it is fine", ""},
    {"less than a dollar a week", "168 h/duration"},
    {"see you on Friday", ""},
    {"have a nice day", ""},
    {"12月24日", ""},
    {"version 24 h2", ""},
    {"this time to go", ""},
    {"10:24 hours", ""},
    {"99999 days left", ""},
    /* spelled in the genitive; days and weeks of their own word; points in CJK; the past */
    {"протягом сорока восьми годин", "48 h/limit"},
    {"četrdesmit astoņu stundu laikā", "48 h/limit"},
    {"keturiasdešimt aštuonias valandas turite", "48 h/limit"},
    {"일주일 이내에", "168 h/limit"},
    {"金曜日までに", "168 h/limit"},
    {"周五之前", "168 h/limit"},
    {"금요일까지", "168 h/limit"},
    {"４８時間以内に", "48 h/limit"},
    {"四十八小时内", "48 h/limit"},
    {"لديك ٤٨ ساعة للدفع", "48 h/limit"},
    {"3時間前", ""},
    {"24시간 영업", ""},
    {"viimeiset 48 tuntia", ""},
    {"2 dny zpět", ""},
    {"przed 48 godzinami", ""},
    {"πριν 48 ώρες", ""},
    /* Slovak */
    {"do 48 hodín", "48 h/limit"},
    {"máte 48 hodín na zaplatenie", "48 h/limit"},
    {"máte štyridsaťosem hodín", "48 h/limit"},
    {"do troch dní", "72 h/limit"},
    {"v lehote 5 pracovných dní", "120 h/limit"},
    {"24 hodín od otvorenia tejto správy", "24 h/opening"},
    {"do piatku", "168 h/limit"},
    {"do zajtra", "48 h/limit"},
    {"posledných 30 dní", ""},
    {"24 hodín denne", ""},
    /* Croatian, Bosnian, Serbian, in both scripts */
    {"u roku od 48 sati", "48 h/limit"},
    {"imate 72 sata da platite", "72 h/limit"},
    {"imate četrdeset i osam sati", "48 h/limit"},
    {"imate dva dana", "48 h/limit"},
    {"rok od 3 radna dana", ""}, /* "radna" is of no use as a qualifier */
    {"rok od 5 radnih dana", "120 h/limit"},
    {"48 sati od otvaranja ove poruke", "48 h/opening"},
    {"do petka", "168 h/limit"},
    {"do sutra", "48 h/limit"},
    {"u roku od 24 sata", "24 h/limit"},
    {"prije 3 dana", ""},
    {"24 sata dnevno", ""},
    {"у року од 48 сати", "48 h/limit"},
    {"имате четрдесет осам сати", "48 h/limit"},
    {"имате два дана", "48 h/limit"},
    {"48 сати од отварања ове поруке", "48 h/opening"},
    {"до петка", "168 h/limit"},
    {"пре 3 дана", ""},
    /* Bulgarian */
    {"до 48 часа", "48 h/limit"},
    {"в срок от 48 часа", "48 h/limit"},
    {"имате четиридесет и осем часа", "48 h/limit"},
    {"имате три дни", "72 h/limit"},
    {"разполагате с 5 работни дни", "120 h/limit"},
    {"48 часа, след като отворите писмото", "48 h/opening"},
    {"до петък", "168 h/limit"},
    {"най-късно до утре", "48 h/limit"},
    {"преди 3 дни", ""},
    {"24 часа на ден", ""},
    /* Slovene */
    {"v roku 48 ur", "48 h/limit"},
    {"imate 48 ur časa", "48 h/limit"},
    {"imate oseminštirideset ur", "48 h/limit"},
    {"imate tri dni", "72 h/limit"},
    {"v roku 5 delovnih dni", "120 h/limit"},
    {"48 ur od takrat, ko ste odprli to sporočilo", "48 h/opening"},
    {"do četrtka", "168 h/limit"},
    {"do jutri", "48 h/limit"},
    {"zadnjih 30 dni", ""},
    {"24 ur na dan", ""},
    {"what is ur name", ""},
    /* Catalan */
    {"en un termini de 48 hores", "48 h/limit"},
    {"teniu 48 hores per pagar", "48 h/limit"},
    {"tens quaranta-vuit hores", "48 h/limit"},
    {"tens vint-i-quatre hores", "24 h/limit"},
    {"dins de tres dies", "72 h/limit"},
    {"48 hores des que heu obert aquest correu", "48 h/opening"},
    {"abans de divendres", "168 h/limit"},
    {"fins demà", "48 h/limit"},
    {"fa 3 dies", ""},
    {"24 hores al dia", ""},
    /* Indonesian */
    {"dalam waktu 48 jam", "48 h/limit"},
    {"dalam 2 x 24 jam", "24 h/limit"},
    {"anda punya waktu empat puluh delapan jam", "48 h/limit"},
    {"dalam tiga hari", "72 h/limit"},
    {"anda punya 3 hari kerja", "72 h/limit"},
    {"48 jam sejak anda membuka email ini", "48 h/opening"},
    {"sebelum hari Jumat", "168 h/limit"},
    {"paling lambat besok", "48 h/limit"},
    {"3 hari yang lalu", ""},
    {"24 jam sehari", ""},
    {"a jam of cars, jam and bread", ""},
    {"sat on the sofa, sati and dana", ""},
};

static void deadlines(void **state)
{
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char body[512];
        fixture_body(&f, "plain", rows[i].text);
        failures += row_view(fixture_list(&f, INDICATOR_DEADLINE), view_of(rows[i].want),
                             rows[i].text, "alone");
        snprintf(body, sizeof body, "Hello. Yes, %s! And so on.", rows[i].text);
        fixture_body(&f, "plain", body);
        failures += row_view(fixture_list(&f, INDICATOR_DEADLINE), view_of(rows[i].want),
                             rows[i].text, "in a sentence");
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

/* Phrases match <deadline> as quantity and unit, without the limit word: "within <deadline>". */
static void places(void **state)
{
    static const struct {
        const char *text, *shown;
        uint32_t words;
    } spans[] = {
        {"pay within 24 hours please", "24 hours", 2},
        {"maksa 24 tunnin kuluessa", "24 tunnin", 2},
        {"within twenty-four hours", "twenty-four hours", 3},
        {"within 48 (forty eight) hours", "48 (forty eight) hours", 4},
        {"by the end of the working day", "end of the working day", 5},
        {"within 48hrs", "48hrs", 1},
        {"48시간이내에", "48시간이내에", 1},
    };
    struct fixture f;
    int failures = 0;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        fixture_body(&f, "plain", spans[i].text);
        failures += row_check(f.found.n == 1, spans[i].text, "count");
        if (f.found.n != 1)
            continue;
        const struct indicator *d = &f.found.v[0];
        failures += row_view(fixture_shown(&f, d), view_of(spans[i].shown), spans[i].text, "shown");
        failures += row_check(d->last - d->first + 1 == spans[i].words, spans[i].text, "words");
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

static void quoted(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    fixture_body(&f, "plain", "He wrote:\n> you have 24 hours\n\nyou have 48 hours");
    assert_int_equal(f.found.n, 2);
    assert_true((f.found.v[0].flags & INDICATOR_QUOTED) != 0);
    assert_true((f.found.v[1].flags & INDICATOR_QUOTED) == 0);
    fixture_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(deadlines), cmocka_unit_test(places),
                                       cmocka_unit_test(quoted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
