#include "indicator/number.h"

#define GROUPS       8
#define GROUP_DIGITS 15 /* more are no amount, and would lose precision */

int number_digit_at(struct view bytes, size_t at, uint32_t *length)
{
    /* Zero of each script whose digits are in use today (Unicode category Nd). */
    static const uint32_t zeros[] = {0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6,
                                     0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
                                     0x0F20, 0x1040, 0x17E0, 0x1810, 0xFF10};
    uint32_t cp;

    if (at >= bytes.n)
        return -1;
    unsigned char c = (unsigned char)bytes.p[at];
    *length = 1;
    if (c < 0x80)
        return ascii_is_digit(c) ? c - '0' : -1;
    if (c < 0xd9)
        return -1;
    *length = (uint32_t)utf8_decode(bytes.p + at, bytes.n - at, &cp);
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
        if (cp >= zeros[i] && cp < zeros[i] + 10)
            return (int)(cp - zeros[i]);
    return -1;
}

enum separator {
    SEPARATOR_NONE,
    SEPARATOR_DOT,
    SEPARATOR_COMMA,
    SEPARATOR_SPACE,
    SEPARATOR_APOSTROPHE,
};

static enum separator separator_at(struct view bytes, size_t at, uint32_t *length)
{
    *length = 1;
    switch (at < bytes.n ? bytes.p[at] : '\0') {
    case '.':
        return SEPARATOR_DOT;
    case ',':
        return SEPARATOR_COMMA;
    case ' ':
        return SEPARATOR_SPACE;
    case '\'':
        return SEPARATOR_APOSTROPHE;
    default:
        break;
    }
    uint32_t cp;
    if (at >= bytes.n || (unsigned char)bytes.p[at] < 0xc2)
        return SEPARATOR_NONE;
    *length = (uint32_t)utf8_decode(bytes.p + at, bytes.n - at, &cp);
    switch (cp) {
    case 0x00a0: /* no-break space */
    case 0x2009: /* thin space */
    case 0x202f: /* narrow no-break space */
        return SEPARATOR_SPACE;
    case 0x2019: /* typographic apostrophe, Switzerland */
        return SEPARATOR_APOSTROPHE;
    case 0x066b: /* Arabic decimal separator: folds to nothing else */
        return SEPARATOR_COMMA;
    case 0x066c: /* Arabic thousands separator */
        return SEPARATOR_APOSTROPHE;
    default:
        return SEPARATOR_NONE;
    }
}

struct group {
    double value;
    uint32_t digits;
    enum separator before;
};

static uint32_t read_group(struct view bytes, uint32_t at, struct group *group)
{
    uint32_t length;
    int digit;

    group->value = 0;
    group->digits = 0;
    while ((digit = number_digit_at(bytes, at, &length)) >= 0) {
        if (group->digits < GROUP_DIGITS + 1) {
            group->value = group->value * 10 + digit;
            group->digits++;
        }
        at += length;
    }
    return at;
}

static double power_of_ten(uint32_t n)
{
    double power = 1;

    while (n-- > 0)
        power *= 10;
    return power;
}

/* Thousands groups: 1-3 digits, then threes (or the Indian 1,50,000). */
static bool are_thousands(const struct group *g, uint32_t n)
{
    if (g[0].digits > 3 || (g[0].value < 1 && n > 1))
        return false;
    for (uint32_t i = 1; i < n; i++) {
        bool last = i + 1 == n;
        if (g[i].before != g[1].before)
            return false;
        if (g[i].digits != 3 &&
            !(g[i].digits == 2 && !last && g[i].before == SEPARATOR_COMMA && g[0].digits <= 2))
            return false;
    }
    return true;
}

static double join_groups(const struct group *g, uint32_t n)
{
    double value = g[0].value;

    for (uint32_t i = 1; i < n; i++)
        value = value * power_of_ten(g[i].digits) + g[i].value;
    return value;
}

static bool is_decimal(enum separator s)
{
    return s == SEPARATOR_DOT || s == SEPARATOR_COMMA;
}

/* What the groups mean; broken when they are no number. */
static void value_groups(const struct group *g, uint32_t n, struct number *out)
{
    const struct group *last = &g[n - 1];
    double tail = last->value / power_of_ten(last->digits);

    out->separated = n > 1;
    if (n == 1) {
        out->value = g[0].value;
        out->fraction = g[0].value;
    } else if (n == 2 && is_decimal(last->before)) {
        out->fraction = g[0].value + tail;
        out->value = last->digits == 3 && are_thousands(g, 2) ? join_groups(g, 2) : out->fraction;
    } else if (are_thousands(g, n)) {
        out->value = join_groups(g, n);
        out->fraction = out->value;
    } else if (n > 2 && is_decimal(last->before) && last->before != g[1].before &&
               are_thousands(g, n - 1)) {
        out->value = join_groups(g, n - 1) + tail;
        out->fraction = out->value;
    } else {
        out->broken = true;
    }
    for (uint32_t i = 0; i < n; i++)
        out->broken |= g[i].digits > GROUP_DIGITS;
}

struct number number_read(struct view bytes, uint32_t at)
{
    struct group groups[GROUPS + 1] = {{0, 0, SEPARATOR_NONE}};
    struct number out = {0};
    uint32_t n = 1;
    uint32_t length;

    at = read_group(bytes, at, &groups[0]);
    for (;;) {
        struct group next;
        enum separator s = separator_at(bytes, at, &length);
        if (s == SEPARATOR_NONE || number_digit_at(bytes, at + length, &(uint32_t){0}) < 0)
            break;
        uint32_t end = read_group(bytes, at + length, &next);
        next.before = s;
        /* A space is part of a number only between thousands: "call 112 now", "2018 500". */
        if (s == SEPARATOR_SPACE || s == SEPARATOR_APOSTROPHE) {
            bool letter = ascii_is_alpha((unsigned char)(end < bytes.n ? bytes.p[end] : 0));
            if (next.digits != 3 || groups[0].digits > 3 || letter ||
                (n > 1 && groups[n - 1].before != s))
                break;
        }
        if (n <= GROUPS)
            groups[n++] = next;
        else
            out.broken = true;
        at = end;
    }
    out.to = at;
    out.digits = groups[0].digits;
    value_groups(groups, n < GROUPS ? n : GROUPS, &out);
    return out;
}

void number_sum_add(struct number_sum *sum, double value, bool tenfold, bool french)
{
    double current = sum->current;
    double units = current - (double)((uint64_t)(current / 10)) * 10;
    double tens = current - (double)((uint64_t)(current / 100)) * 100;

    sum->words++;
    if (value >= 1000) {
        /* "two hundred thousand", but not "five thousand million" downwards again. */
        if (sum->total != 0 && current == 0)
            sum->total *= value;
        else
            sum->total += (current > 0 ? current : 1) * value;
        sum->current = 0;
    } else if (value == 100) {
        if (current >= 100)
            sum->failed = true;
        sum->current = (current > 0 ? current : 1) * 100;
    } else if (value > 100) {
        sum->failed |= current != 0;
        sum->current = value;
    } else if (tenfold && units > 0 && tens < 10) {
        sum->current = current - units + units * 10;
    } else if (french && value == 20 && tens == 4) {
        sum->current = current - 4 + 80;
    } else {
        /* 20 + 4, 4 + 20 (four-and-twenty), 8 + 10; not 5 + 2. */
        bool fits = tens == 0 || (units == 0 && value < 10) ||
                    (tens < 10 && value >= 10 && units > 0) ||
                    (french && (tens == 60 || tens == 80) && value < 20);
        sum->failed |= !fits;
        sum->current = current + value;
    }
    if (sum->total > 1e15 || sum->words > 24)
        sum->failed = true;
}

double number_sum_value(const struct number_sum *sum)
{
    return sum->total + sum->current;
}
