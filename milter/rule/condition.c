#include "rule/condition.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct parser {
    struct view text;
    size_t at;
    struct view token; /* empty at the end */
    size_t token_at;
    const struct condition_names *names;
    struct condition_step *step;
    uint32_t n, stack, depth;
    struct condition_error *error;
};

static bool fail(struct parser *p, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct parser *p, const char *hint, const char *format, ...)
{
    p->error->column = (unsigned)p->token_at + 1;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(p->error->message, sizeof p->error->message, format, args);
    va_end(args);
    if (hint != p->error->hint)
        (void)snprintf(p->error->hint, sizeof p->error->hint, "%s", hint);
    return false;
}

static bool is_name_byte(char c)
{
    return ascii_is_alnum((unsigned char)c) || c == '-' || c == '.' || c == '_';
}

static void next(struct parser *p)
{
    while (p->at < p->text.n && ascii_is_space((unsigned char)p->text.p[p->at]))
        p->at++;
    p->token_at = p->at;
    while (p->at < p->text.n && is_name_byte(p->text.p[p->at]))
        p->at++;
    if (p->at == p->token_at && p->at < p->text.n) {
        bool order = p->text.p[p->at] == '<' || p->text.p[p->at] == '>' || p->text.p[p->at] == '=';
        p->at++;
        if (order && p->at < p->text.n && p->text.p[p->at] == '=')
            p->at++;
    }
    p->token = view_sub(p->text, p->token_at, p->at);
}

static bool is(const struct parser *p, const char *token)
{
    return view_eq(p->token, view_of(token));
}

static bool emit(struct parser *p, struct condition_step step)
{
    if (p->n == CONDITION_STEPS_MAX)
        return fail(p, "split it into several rules", "the condition is too long");
    p->step[p->n++] = step;
    if (step.code == CONDITION_NAME || step.code == CONDITION_WITHIN)
        p->stack++;
    else if (step.code == CONDITION_COUNT)
        p->stack -= step.a - 1;
    else if (step.code != CONDITION_NOT)
        p->stack--;
    if (p->stack > CONDITION_STACK_MAX)
        return fail(p, "split it into several rules", "the condition has too many names");
    return true;
}

/* Digits, perhaps a point and digits; no locale, no exponent. */
static bool number_read(struct view v, double *out)
{
    uint64_t whole, part = 0;
    size_t point = view_find_byte(v, '.');
    struct view after = view_sub(v, point + 1, v.n);
    if (!view_to_u64(view_sub(v, 0, point), 1000000, &whole) ||
        (point < v.n && (after.n > 9 || !view_to_u64(after, 999999999, &part))))
        return false;
    double scale = 1;
    for (size_t i = 0; i < after.n; i++)
        scale *= 10;
    *out = (double)whole + (double)part / scale;
    return true;
}

static bool comparison_read(struct parser *p, struct condition_step *step)
{
    static const struct {
        const char *token;
        enum condition_compare compare;
    } signs[] = {{">=", COMPARE_AT_LEAST}, {">", COMPARE_ABOVE}, {"<=", COMPARE_AT_MOST},
                 {"<", COMPARE_BELOW},     {"=", COMPARE_EQUAL}, {"==", COMPARE_EQUAL}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (!is(p, signs[i].token))
            continue;
        step->compare = (uint8_t)signs[i].compare;
        next(p);
        if (!number_read(p->token, &step->number))
            return fail(p, "", "a number must follow %s", signs[i].token);
        next(p);
        return true;
    }
    return true;
}

static bool name_find(struct parser *p, uint32_t *out)
{
    static const char *const words[] = {"and", "or", "not", "within", "of", "count"};
    if (p->token.n == 0)
        return fail(p, "", "the condition ends where a %s is expected", p->names->what);
    bool name = is_name_byte(p->token.p[0]);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        name = name && !is(p, words[i]);
    if (!name)
        return fail(p, "", "\"%.*s\" stands where a %s is expected", VIEW_ARG(p->token),
                    p->names->what);
    p->error->hint[0] = '\0';
    *out = p->names->find(p->names->context, p->token, p->error->hint, sizeof p->error->hint);
    if (*out == UINT32_MAX)
        return fail(p, p->error->hint, "there is no %s \"%.*s\"", p->names->what,
                    VIEW_ARG(p->token));
    next(p);
    return true;
}

static bool operand_parse(struct parser *p)
{
    struct condition_step step = {.code = CONDITION_NAME};
    if (!name_find(p, &step.a))
        return false;
    if (is(p, "within")) {
        uint64_t words;
        if (!p->names->within)
            return fail(p, "", "\"within\" has no meaning here");
        next(p);
        if (!view_to_u64(p->token, CONDITION_WITHIN_MAX, &words))
            return fail(p, "write: a within 30 of b", "a number of words from 0 to %d is expected",
                        CONDITION_WITHIN_MAX);
        next(p);
        if (!is(p, "of"))
            return fail(p, "write: a within 30 of b", "\"of\" is expected");
        next(p);
        step.code = CONDITION_WITHIN;
        step.number = (double)words;
        return name_find(p, &step.b) && emit(p, step);
    }
    if (!comparison_read(p, &step))
        return false;
    if (step.compare != COMPARE_NONE && !p->names->comparisons)
        return fail(p, "write count(a, b) >= 2", "a %s is there or not; it has no number",
                    p->names->what);
    return emit(p, step);
}

static bool either_parse(struct parser *p);

static bool count_parse(struct parser *p)
{
    struct condition_step step = {.code = CONDITION_COUNT};
    next(p);
    if (!is(p, "("))
        return fail(p, "write count(a, b, c) >= 2", "'(' is expected after count");
    do {
        next(p);
        if (!either_parse(p))
            return false;
        step.a++;
    } while (is(p, ","));
    if (!is(p, ")"))
        return fail(p, "write count(a, b, c) >= 2", "',' or ')' is expected");
    next(p);
    if (!comparison_read(p, &step))
        return false;
    if (step.compare == COMPARE_NONE)
        return fail(p, "write count(a, b, c) >= 2", "count needs a comparison");
    return emit(p, step);
}

static bool inverse_parse(struct parser *p)
{
    bool inverse = false;
    for (; is(p, "not"); next(p))
        inverse = !inverse;
    if (is(p, "count") || is(p, "(")) {
        if (++p->depth > CONDITION_DEPTH_MAX)
            return fail(p, "split it into several rules", "parentheses nested deeper than %d",
                        CONDITION_DEPTH_MAX);
        if (is(p, "count")) {
            if (!count_parse(p))
                return false;
        } else {
            next(p);
            if (!either_parse(p))
                return false;
            if (!is(p, ")"))
                return fail(p, "", "')' is expected");
            next(p);
        }
        p->depth--;
    } else if (!operand_parse(p)) {
        return false;
    }
    return !inverse || emit(p, (struct condition_step){.code = CONDITION_NOT});
}

static bool both_parse(struct parser *p)
{
    if (!inverse_parse(p))
        return false;
    while (is(p, "and")) {
        next(p);
        if (!inverse_parse(p) || !emit(p, (struct condition_step){.code = CONDITION_AND}))
            return false;
    }
    return true;
}

static bool either_parse(struct parser *p)
{
    if (!both_parse(p))
        return false;
    while (is(p, "or")) {
        next(p);
        if (!both_parse(p) || !emit(p, (struct condition_step){.code = CONDITION_OR}))
            return false;
    }
    return true;
}

bool condition_parse(struct view text, const struct condition_names *names, struct arena *arena,
                     struct condition *out, struct condition_error *error)
{
    *error = (struct condition_error){.column = 1};
    struct condition_step *step = arena_alloc(arena, CONDITION_STEPS_MAX * sizeof *step);
    if (step == NULL)
        return false;
    struct parser p = {.text = text, .names = names, .step = step, .error = error};
    next(&p);
    bool ok = either_parse(&p);
    if (ok && p.token.n > 0)
        ok = fail(&p, "", "\"%.*s\" is not expected here", VIEW_ARG(p.token));
    arena_shrink(arena, step, CONDITION_STEPS_MAX * sizeof *step, p.n * sizeof *step);
    *out = (struct condition){step, p.n};
    return ok;
}

bool condition_compare(enum condition_compare compare, double left, double right)
{
    switch (compare) {
    case COMPARE_AT_LEAST:
        return left >= right;
    case COMPARE_ABOVE:
        return left > right;
    case COMPARE_AT_MOST:
        return left <= right;
    case COMPARE_BELOW:
        return left < right;
    case COMPARE_EQUAL:
        return left <= right && left >= right;
    case COMPARE_NONE:
        break;
    }
    return false;
}

/* True for every number of hits that the unknown ones leave open, for none, or it depends. */
static enum outcome count_outcome(const struct condition_step *step, const uint8_t *value)
{
    uint32_t least = 0, most = 0, fits = 0;
    for (uint32_t i = 0; i < step->a; i++) {
        least += value[i] == OUTCOME_YES;
        most += value[i] != OUTCOME_NO;
    }
    for (uint32_t n = least; n <= most; n++)
        fits += condition_compare(step->compare, n, step->number);
    if (fits == 0)
        return OUTCOME_NO;
    return fits == most - least + 1 ? OUTCOME_YES : OUTCOME_UNKNOWN;
}

static uint8_t both(uint8_t a, uint8_t b)
{
    if (a == OUTCOME_NO || b == OUTCOME_NO)
        return OUTCOME_NO;
    return a == OUTCOME_YES && b == OUTCOME_YES ? OUTCOME_YES : OUTCOME_UNKNOWN;
}

static uint8_t inverse(uint8_t a)
{
    if (a == OUTCOME_UNKNOWN)
        return a;
    return a == OUTCOME_YES ? OUTCOME_NO : OUTCOME_YES;
}

enum outcome condition_eval(const struct condition *c,
                            enum outcome (*leaf)(void *context, const struct condition_step *step),
                            void *context)
{
    uint8_t value[CONDITION_STACK_MAX + 1] = {OUTCOME_NO};
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        const struct condition_step *step = &c->step[i];
        switch ((enum condition_code)step->code) {
        case CONDITION_NAME:
        case CONDITION_WITHIN:
            value[n++] = (uint8_t)leaf(context, step);
            break;
        case CONDITION_NOT:
            value[n - 1] = inverse(value[n - 1]);
            break;
        case CONDITION_AND:
            n--;
            value[n - 1] = both(value[n - 1], value[n]);
            break;
        case CONDITION_OR:
            n--;
            value[n - 1] = inverse(both(inverse(value[n - 1]), inverse(value[n])));
            break;
        case CONDITION_COUNT:
            n -= step->a - 1;
            value[n - 1] = (uint8_t)count_outcome(step, value + n - 1);
            break;
        }
    }
    return (enum outcome)value[0];
}
