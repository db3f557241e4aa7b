/* Checks of personal numbers, and the shapes that they are written in. */
#include "indicator/national-id.h"

#include <string.h>

static unsigned digit(struct view v, size_t i)
{
    return (unsigned)(v.p[i] - '0');
}

static unsigned number(struct view v, size_t from, size_t to)
{
    unsigned n = 0;

    for (size_t i = from; i < to; i++)
        n = n * 10 + digit(v, i);
    return n;
}

/* Without the year February has 29 days. */
static bool is_date(unsigned day, unsigned month)
{
    static const uint8_t days[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/* Sum of figures times weights; the weights end where the string does. */
static unsigned weighted(struct view v, const char *weights)
{
    unsigned sum = 0;

    for (size_t i = 0; weights[i] != '\0'; i++)
        sum += digit(v, i) * (unsigned)(weights[i] - '0');
    return sum;
}

static bool luhn(struct view v)
{
    unsigned sum = 0;

    for (size_t i = 0; i < v.n; i++) {
        unsigned d = digit(v, v.n - 1 - i) * (i % 2 == 1 ? 2 : 1);
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

/* ddmmyy, a sign of the century, three figures, a check sign (mod 31). */
static bool check_fi(struct view v)
{
    static const char checks[] = "0123456789abcdefhjklmnprstuvwxy";

    return strchr("+-abcdefyxwvu", v.p[6]) != NULL && is_date(number(v, 0, 2), number(v, 2, 4)) &&
           number(v, 7, 10) >= 2 &&
           checks[(number(v, 0, 6) * 1000 + number(v, 7, 10)) % 31] == v.p[10];
}

/* yymmdd and four figures; the day of a co-ordination number is 60 higher. */
static bool check_se(struct view v)
{
    unsigned day = number(v, 4, 6);

    return is_date(day > 60 ? day - 60 : day, number(v, 2, 4)) && luhn(v);
}

/* With the century. Later years are rather the date of an invoice with its number. */
static bool check_se_long(struct view v)
{
    unsigned year = number(v, 0, 4);

    return year >= 1900 && year < 2016 && check_se(view_sub(v, 2, v.n));
}

/* ddmmyy and five figures, the last two of them checks (mod 11). */
static bool check_no(struct view v)
{
    unsigned day = number(v, 0, 2);
    unsigned month = number(v, 2, 4);

    return is_date(day > 40 ? day - 40 : day, month > 40 ? month - 40 : month) &&
           weighted(v, "3761894521") % 11 == 0 && weighted(v, "54327654321") % 11 == 0;
}

/* ddmmyy and four figures; the check is no longer kept. */
static bool check_dk(struct view v)
{
    return is_date(number(v, 0, 2), number(v, 2, 4));
}

/* The month tells the century: 1 to 12, 21 to 32, ... */
static bool check_pl(struct view v)
{
    return is_date(number(v, 4, 6), number(v, 2, 4) % 20) && weighted(v, "13791379131") % 10 == 0;
}

static bool check_es(struct view v)
{
    return "trwagmyfpdxbnjzsqvhlcke"[number(v, 0, 8) % 23] == v.p[8];
}

/* X, Y or Z stand for 0, 1 and 2. */
static bool check_es_foreign(struct view v)
{
    unsigned first = (unsigned)(v.p[0] - 'x');

    return first <= 2 &&
           "trwagmyfpdxbnjzsqvhlcke"[(first * 10000000 + number(v, 1, 8)) % 23] == v.p[8];
}

static bool check_it(struct view v)
{
    /* Values in odd places, of figures and letters alike. */
    static const uint8_t odd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                    20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    unsigned sum = 0;

    for (size_t i = 0; i < 15; i++) {
        unsigned char c = (unsigned char)v.p[i];
        unsigned value = ascii_is_digit(c) ? c - (unsigned)'0' : c - (unsigned)'a';
        sum += i % 2 == 0 ? odd[value] : value;
    }
    return strchr("abcdehlmprst", v.p[8]) != NULL && 'a' + sum % 26 == (unsigned)v.p[15];
}

static bool check_nl(struct view v)
{
    unsigned sum = weighted(v, "98765432");

    return number(v, 0, 9) > 0 && sum % 11 == digit(v, 8);
}

/* Sex, year, month, department, town, number; two check figures (mod 97). */
static bool check_fr(struct view v)
{
    uint64_t n = 0;

    for (size_t i = 0; i < 13; i++)
        n = n * 10 + digit(v, i);
    return (v.p[0] == '1' || v.p[0] == '2') && number(v, 3, 5) >= 1 && number(v, 3, 5) <= 12 &&
           97 - n % 97 == number(v, 13, 15);
}

/* ISO 7064 mod 11, 10; one figure stands twice or thrice among the first ten. */
static bool check_de(struct view v)
{
    unsigned counts[10] = {0};
    unsigned product = 10;
    unsigned more = 0;

    for (size_t i = 0; i < 10; i++) {
        unsigned sum = (digit(v, i) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
        counts[digit(v, i)]++;
    }
    for (size_t i = 0; i < 10; i++)
        more += counts[i] > 1 ? counts[i] - 1 : 0;
    return v.p[0] != '0' && more >= 1 && more <= 2 && (11 - product) % 10 == digit(v, 10);
}

/* Estonia, Lithuania: century and sex, yymmdd, three figures, a check (mod 11, twice). */
static bool check_baltic(struct view v)
{
    unsigned sum = weighted(v, "1234567891") % 11;

    if (sum == 10)
        sum = weighted(v, "3456789123") % 11 % 10;
    return v.p[0] >= '1' && v.p[0] <= '8' && is_date(number(v, 5, 7), number(v, 3, 5)) &&
           sum == digit(v, 10);
}

/* yymmdd/xxxx; of women the month is 50 higher; 20 more when numbers ran out. */
static bool check_cz(struct view v)
{
    uint64_t n = 0;
    unsigned month = number(v, 2, 4) % 50;

    for (size_t i = 0; i < v.n; i++)
        n = n * 10 + digit(v, i);
    return is_date(number(v, 4, 6), month > 20 ? month - 20 : month) && n % 11 == 0;
}

/* Born from 2000 on: as if a 2 stood in front. */
static bool check_be(struct view v)
{
    uint64_t n = 0;

    for (size_t i = 0; i < 9; i++)
        n = n * 10 + digit(v, i);
    return is_date(number(v, 4, 6), number(v, 2, 4)) &&
           (97 - n % 97 == number(v, 9, 11) || 97 - (n + 2000000000) % 97 == number(v, 9, 11));
}

static bool check_ro(struct view v)
{
    unsigned sum = weighted(v, "279146358279") % 11;

    return v.p[0] != '0' && is_date(number(v, 5, 7), number(v, 3, 5)) &&
           (sum == 10 ? 1 : sum) == digit(v, 12);
}

static bool check_tr(struct view v)
{
    unsigned odd = weighted(v, "101010101");
    unsigned even = weighted(v, "01010101");

    return v.p[0] != '0' && (odd * 7 + 100 - even) % 10 == digit(v, 9) &&
           (odd + even + digit(v, 9)) % 10 == digit(v, 10);
}

static bool check_pt(struct view v)
{
    unsigned sum = weighted(v, "98765432") % 11;

    return v.p[0] != '0' && (sum < 2 ? 0 : 11 - sum) == digit(v, 8);
}

static bool check_us(struct view v)
{
    return number(v, 0, 3) != 0 && number(v, 0, 3) != 666 && number(v, 0, 3) < 900 &&
           number(v, 3, 5) != 0 && number(v, 5, 9) != 0;
}

static bool check_gb(struct view v)
{
    return strchr("dfiquv", v.p[0]) == NULL && strchr("dfioquv", v.p[1]) == NULL && v.p[8] >= 'a' &&
           v.p[8] <= 'd';
}

/* SNILS: nine figures by their places, mod 101. */
static bool check_ru(struct view v)
{
    unsigned sum = weighted(v, "987654321") % 101;

    return (sum == 100 ? 0 : sum) == number(v, 9, 11);
}

/* ISO 7064 mod 11-2 over seventeen figures, with a date inside. */
static bool check_cn(struct view v)
{
    unsigned rest = 0;

    for (size_t i = 0; i < 17; i++)
        rest = (rest + digit(v, i)) * 2 % 11;
    return number(v, 6, 8) >= 19 && number(v, 6, 8) <= 20 &&
           is_date(number(v, 12, 14), number(v, 10, 12)) && "10x98765432"[rest] == v.p[17];
}

/* My Number: eleven figures by places, mod 11. */
static bool check_jp(struct view v)
{
    unsigned sum = weighted(v, "65432765432") % 11;

    return (sum < 2 ? 0 : 11 - sum) == digit(v, 11);
}

static bool check_kr(struct view v)
{
    unsigned sum = weighted(v, "234567892345");

    return is_date(number(v, 4, 6), number(v, 2, 4)) && (11 - sum % 11) % 10 == digit(v, 12);
}

#define SE_NAMES "personnummer personnumret samordningsnummer pnr "
#define NO_NAMES "fodselsnummer fodselsnummeret personnummer d-nummer "
#define DK_NAMES "cpr cpr-nummer cprnr personnummer "
#define ES_NAMES "dni nif nie identidad documento "
#define DE_NAMES "steuer* idnr identifikationsnummer tin "
#define LT_NAMES "isikukood* asmens kodas ak "

/* By rising lead. */
const struct national_row national_rows[] = {
    {"es", "a9999999a", 0, false, check_es_foreign, ES_NAMES},
    {"it", "aaaaaa99a99a999a", 0, false, check_it, NULL},
    {"gb", "aa999999a", 0, false, check_gb, "insurance nino ni "},
    {"gb", "aa 99 99 99 a", 0, false, check_gb, "insurance nino ni "},
    {"fr", "9 99 99 99 999 999 99", 1, false, check_fr, NULL},
    {"fr", "9 99 99 99 999 999-99", 1, false, check_fr, NULL},
    {"de", "99 999 999 999", 2, false, check_de, DE_NAMES},
    {"be", "99.99.99-999.99", 2, false, check_be, NULL},
    {"us", "999-99-9999", 3, false, check_us, "ssn social "},
    {"ru", "999-999-999 99", 3, false, check_ru, NULL},
    {"fi", "999999-999a", 6, true, check_fi, NULL},
    {"fi", "999999-9999", 6, true, check_fi, NULL},
    {"fi", "999999+999a", 6, true, check_fi, NULL},
    {"fi", "999999+9999", 6, true, check_fi, NULL},
    {"fi", "999999a999a", 6, true, check_fi, NULL},
    {"fi", "999999a9999", 6, true, check_fi, NULL},
    {"se", "999999-9999", 6, false, check_se, NULL},
    {"se", "999999+9999", 6, false, check_se, NULL},
    {"no", "999999 99999", 6, false, check_no, NULL},
    {"dk", "999999-9999", 6, false, check_dk, DK_NAMES},
    {"cz", "999999/9999", 6, false, check_cz, NULL},
    {"kr", "999999-9999999", 6, false, check_kr, NULL},
    {"se", "99999999-9999", 8, false, check_se_long, NULL},
    {"es", "99999999a", 8, false, check_es, ES_NAMES},
    {"es", "99999999-a", 8, false, check_es, ES_NAMES},
    {"nl", "999999999", 9, false, check_nl, "bsn burgerservicenummer sofinummer "},
    {"pt", "999999999", 9, false, check_pt, "nif contribuinte "},
    {"se", "9999999999", 10, false, check_se, SE_NAMES},
    {"dk", "9999999999", 10, false, check_dk, DK_NAMES},
    {"no", "99999999999", 11, false, check_no, NO_NAMES},
    {"pl", "99999999999", 11, false, check_pl, "pesel "},
    {"de", "99999999999", 11, false, check_de, DE_NAMES},
    {"ee", "99999999999", 11, false, check_baltic, LT_NAMES},
    {"tr", "99999999999", 11, false, check_tr, "kimlik tc "},
    {"se", "999999999999", 12, false, check_se_long, SE_NAMES},
    {"jp", "999999999999", 12, false, check_jp, "マ* 個 "},
    {"ro", "9999999999999", 13, false, check_ro, "cnp "},
    {"fr", "999999999999999", 15, false, check_fr, NULL},
    {"cn", "99999999999999999a", 17, false, check_cn, NULL},
    {"cn", "999999999999999999", 18, false, check_cn, NULL},
    {NULL, NULL, UINT8_MAX, false, NULL, NULL},
};
