#include "../test.h"
#include "indicator/number.h"

static void digits(void **state)
{
    static const struct {
        const char *text;
        double value, fraction;
        size_t read; /* bytes */
        bool broken;
    } rows[] = {
        {"200", 200, 200, 3, false},
        {"1.300,50", 1300.5, 1300.5, 8, false},
        {"1,300.50", 1300.5, 1300.5, 8, false},
        {"1 300", 1300, 1300, 5, false},
        {"1\xc2\xa0"
         "300",
         1300, 1300, 6, false},
        {"1\xe2\x80\x89"
         "300",
         1300, 1300, 7, false},
        {"1'300", 1300, 1300, 5, false},
        {"1\xe2\x80\x99"
         "300.20",
         1300.2, 1300.2, 10, false},
        {"12 345 678,90", 12345678.9, 12345678.9, 13, false},
        {"1,50,000", 150000, 150000, 8, false},
        {"0,05", 0.05, 0.05, 4, false},
        {"0.3", 0.3, 0.3, 3, false},
        {"1.300", 1300, 1.3, 5, false},
        {"0.125", 0.125, 0.125, 5, false},
        {"1.05000000", 1.05, 1.05, 10, false},
        {"1,300,000.5", 1300000.5, 1300000.5, 11, false},
        {"112 now", 112, 112, 3, false},
        {"2018 500", 2018, 2018, 4, false},
        {"5 1000", 5, 5, 1, false},
        {"200.", 200, 200, 3, false},
        {"200, and", 200, 200, 3, false},
        {"1.2.3", 0, 0, 5, true},
        {"24.12.2024", 0, 0, 10, true},
        {"10.0.0.1", 0, 0, 8, true},
        {"1,2,3,4,5,6,7,8,9,10,11,12", 0, 0, 26, true},
        {"12345678901234567890", 0, 0, 20, true},
        {"\xd9\xa2\xd9\xa4", 24, 24, 4, false},         /* Arabic-Indic 24 */
        {"\xef\xbc\x94\xef\xbc\x98", 48, 48, 6, false}, /* full-width 48 */
        {"\xe0\xa5\xa7\xe0\xa5\xa8", 12, 12, 6, false}, /* Devanagari 12 */
    };
    int failures = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct number n = number_read(view_of(rows[i].text), 0);
        failures += row_check(n.broken == rows[i].broken, rows[i].text, "broken");
        failures += row_check(n.to == rows[i].read, rows[i].text, "length");
        if (rows[i].broken)
            continue;
        failures += row_check(n.value > rows[i].value - 1e-9 && n.value < rows[i].value + 1e-9,
                              rows[i].text, "value");
        failures +=
            row_check(n.fraction > rows[i].fraction - 1e-9 && n.fraction < rows[i].fraction + 1e-9,
                      rows[i].text, "fraction");
    }
    assert_int_equal(failures, 0);
}

static void sums(void **state)
{
    /* -10: ten as in "kaksi-kymmentä"; 0 ends. */
    static const struct {
        const char *label;
        double parts[8];
        bool french;
        double want; /* 0: does not add up */
    } rows[] = {
        {"twenty four", {20, 4}, false, 24},
        {"vier und zwanzig", {4, 20}, false, 24},
        {"two hundred", {2, 100}, false, 200},
        {"hundred", {100}, false, 100},
        {"one thousand two hundred and fifty", {1, 1000, 2, 100, 50}, false, 1250},
        {"two hundred thousand", {2, 100, 1000}, false, 200000},
        {"kaksi kymmentä neljä", {2, -10, 4}, false, 24},
        {"kaksi toista", {2, 10}, false, 12},
        {"kymmenen", {-10}, false, 10},
        {"acht zehn", {8, 10}, false, 18},
        {"quatre vingt dix", {4, 20, 10}, true, 90},
        {"soixante douze", {60, 12}, true, 72},
        {"vingt quatre", {20, 4}, true, 24},
        {"dvesti pjatdesjat", {200, 50}, false, 250},
        {"five two", {5, 2}, false, 0},
        {"twenty twenty", {20, 20}, false, 0},
        {"hundred hundred", {100, 100}, false, 0},
        {"three million", {3, 1000000}, false, 3000000},
    };
    int failures = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct number_sum sum = {0};
        for (size_t k = 0; k < 8 && rows[i].parts[k] != 0; k++) {
            double part = rows[i].parts[k];
            number_sum_add(&sum, part < 0 ? -part : part, part < 0, rows[i].french);
        }
        double got = sum.failed ? 0 : number_sum_value(&sum);
        failures +=
            row_check(got > rows[i].want - 0.5 && got < rows[i].want + 0.5, rows[i].label, "sum");
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(digits), cmocka_unit_test(sums)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
