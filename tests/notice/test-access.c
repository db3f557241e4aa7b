/* Can everybody read a notice? Language, direction, contrast, size, real text; for every text there
 * is. */
#include <math.h>

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

/* Relative luminance and contrast: WCAG 2.2. */
static double channel(unsigned v)
{
    double c = v / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(unsigned rgb)
{
    return 0.2126 * channel(rgb >> 16) + 0.7152 * channel(rgb >> 8 & 255) +
           0.0722 * channel(rgb & 255);
}

static double contrast(unsigned a, unsigned b)
{
    double la = luminance(a), lb = luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

/* The value that counts: the last one of that name. Empty when there is none. */
static struct view style_value(struct view style, const char *name)
{
    struct view found = {0};
    while (style.n > 0) {
        size_t end = view_find_byte(style, ';');
        struct view one = view_trim(view_sub(style, 0, end));
        size_t colon = view_find_byte(one, ':');
        if (view_eq(view_sub(one, 0, colon), view_of(name)))
            found = view_sub(one, colon + 1, one.n);
        style = view_sub(style, end + 1, style.n);
    }
    return found;
}

static unsigned number_of(struct view v, size_t from, unsigned base)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.*s", VIEW_ARG(view_sub(v, from, v.n)));
    return (unsigned)strtoul(text, NULL, (int)base);
}

/* As good as a style may be: letters that are large, dark and the right way round. */
static int check_style(struct view style, const char *direction, const char *label)
{
    int failures = 0;
    struct view color = style_value(style, "color"), paper = style_value(style, "background");
    bool colors = view_starts_nocase(color, VIEW("#")) && view_starts_nocase(paper, VIEW("#"));
    failures +=
        row_check(colors && contrast(number_of(color, 1, 16), number_of(paper, 1, 16)) >= 4.5,
                  label, "contrast is below 4.5");
    failures += row_check(number_of(style_value(style, "font-size"), 0, 10) >= 14, label,
                          "letters below 14 pixels");
    struct view way = style_value(style, "direction");
    /* Links and numbers read from left to right in any script. */
    bool right = view_starts_nocase(way, view_of(direction)) ||
                 view_starts_nocase(style_value(style, "display"), VIEW("inline"));
    failures += row_check(way.n == 0 || right, label, "direction");
    return failures;
}

static int check_html(struct view html, const char *language, const char *direction,
                      const char *label)
{
    static const struct view elements[] = {VIEW_LITERAL("<h1 "), VIEW_LITERAL("<ol "),
                                           VIEW_LITERAL("<ul "), VIEW_LITERAL("<li "),
                                           VIEW_LITERAL("<p ")};
    static const char *const fetched[] = {"<img", "url(", "<style", "<link", "<script", "src="};
    char begin[80];
    int failures = 0;
    unsigned styles = 0;
    (void)snprintf(begin, sizeof begin, "<div role=\"note\" lang=\"%s\" dir=\"%s\"", language,
                   direction);
    failures += row_check(view_find(html, view_of(begin)) < html.n, label, begin);
    for (size_t i = 0; i < COUNT_OF(elements); i++)
        failures += row_check(view_find(html, elements[i]) < html.n, label, elements[i].p);
    for (size_t i = 0; i < COUNT_OF(fetched); i++)
        failures += row_check(view_find(html, view_of(fetched[i])) == html.n, label, fetched[i]);
    for (struct view rest = html; rest.n > 0; styles++) {
        size_t at = view_find(rest, VIEW("style=\""));
        if (at == rest.n)
            break;
        rest = view_sub(rest, at + 7, rest.n);
        failures += check_style(view_sub(rest, 0, view_find_byte(rest, '"')), direction, label);
    }
    return failures + row_check(styles > 10, label, "number of styles");
}

static void every_text(void **state)
{
    (void)state;
    int failures = 0;
    unsigned right_to_left = 0;
    const char *language;
    for (size_t l = 0; (language = notices_language(all, l)) != NULL; l++)
        for (enum notice_group g = 0; g < NOTICE_GROUPS; g++) {
            char label[32];
            struct notice n;
            struct arena arena;
            struct notice_wish w = reader(all, language, "FI", g);
            const char *direction = strcmp(language, "ar") == 0 ? "rtl" : "ltr";
            w.reach = VIEW("help desk, 1234");
            right_to_left += direction[0] == 'r';
            (void)snprintf(label, sizeof label, "%s %s", language, notice_group_name(g));
            arena_init(&arena, 1 << 20);
            assert_int_equal(notice_render(all, &w, &arena, &n), STATUS_OK);
            failures += check_html(n.html, language, direction, label);
            failures += check_html(n.document, language, direction, label);
            arena_fini(&arena);
        }
    assert_int_equal(failures, 0);
    assert_int_equal(right_to_left, NOTICE_GROUPS);
}

/* The measure itself: pairs with published ratios, and styles that must not pass. */
static void measure(void **state)
{
    (void)state;
    assert_true(fabs(contrast(0x000000, 0xFFFFFF) - 21.0) < 0.01);
    assert_true(fabs(contrast(0x777777, 0xFFFFFF) - 4.48) < 0.01);
    static const struct {
        const char *style;
        int failures;
    } rows[] = {
        {"color:#1b1b1b!important;background:#f4f6f8!important;font-size:16px!important;", 0},
        {"color:#777777;background:#ffffff;font-size:16px;", 1},
        {"color:#1b1b1b;background:#f4f6f8;font-size:16px;color:#eeeeee!important;", 1},
        {"color:#1b1b1b;font-size:16px;", 1},
        {"color:#1b1b1b;background:#f4f6f8;font-size:11px;", 1},
        {"direction:rtl;color:#1b1b1b;background:#f4f6f8;font-size:16px;", 1},
    };
    /* What fails here on purpose says so on stderr: silence. */
    FILE *kept = stderr;
    stderr = fopen("/dev/null", "w");
    int got[COUNT_OF(rows)];
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        got[i] = check_style(view_of(rows[i].style), "ltr", "on purpose");
    (void)fclose(stderr);
    stderr = kept;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(got[i], rows[i].failures);
}

/*
 * What each language speaks about by itself; elsewhere the neutral text speaks. Sixteen have all;
 * no language tells somebody under a threat to life that there is time.
 */
static void every_language(void **state)
{
    (void)state;
    static const char *const whole[] = {"cs", "da", "de", "en", "es", "et", "fi", "fr",
                                        "it", "ja", "nl", "no", "pl", "pt", "ru", "sv"};
    static const char *const some[] = {"ar", "el", "hu", "ko", "lt", "lv", "ro", "tr", "uk", "zh"};
    int failures = 0;
    const char *language;
    size_t n = 0;
    while (notices_language(all, n) != NULL)
        n++;
    assert_int_equal(n, COUNT_OF(whole) + COUNT_OF(some));
    for (size_t l = 0; (language = notices_language(all, l)) != NULL; l++) {
        bool full = false;
        for (size_t i = 0; i < COUNT_OF(whole); i++)
            full = full || strcmp(whole[i], language) == 0;
        for (enum notice_group g = 0; g < NOTICE_GROUPS; g++) {
            struct notice own, neutral;
            struct arena arena;
            struct notice_wish w = reader(all, language, "", g);
            arena_init(&arena, 1 << 20);
            assert_int_equal(notice_render(all, &w, &arena, &own), STATUS_OK);
            w.group = NOTICE_NEUTRAL;
            assert_int_equal(notice_render(all, &w, &arena, &neutral), STATUS_OK);
            /* The leads; below them stand contacts, which differ anyway. */
            struct view a = view_sub(own.text, 0, view_find(own.text, VIEW("\n1. "))),
                        b = view_sub(neutral.text, 0, view_find(neutral.text, VIEW("\n1. ")));
            bool want = g != NOTICE_NEUTRAL && (full || g == NOTICE_LIFE);
            failures += row_check(view_eq(a, b) != want, language, notice_group_name(g));
            if (g == NOTICE_LIFE)
                failures +=
                    row_check(!view_eq(own.title, neutral.title), language, "title of life");
            arena_fini(&arena);
        }
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text),
        cmocka_unit_test(measure),
        cmocka_unit_test(every_language),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
