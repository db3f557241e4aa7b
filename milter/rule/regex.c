#include "rule/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule/rule.h"

void rule_pcre2_version(char out[32])
{
    char text[64] = ""; /* it asks for no size; 24 bytes are what it says it needs */
    (void)pcre2_config(PCRE2_CONFIG_VERSION, text);
    (void)snprintf(out, 32, "%.31s", text);
}

struct regex {
    pcre2_code *code; /* own */
    struct view pattern;
};

struct regex_runner {
    pcre2_match_context *context; /* own */
    pcre2_match_data *data;       /* own */
    pcre2_jit_stack *stack;       /* own; NULL where there is no JIT */
};

enum { JIT_STACK_FIRST = 32 * 1024, JIT_STACK_MAX = 1024 * 1024 };

/*
 * Runs of letters beyond ASCII are folded as text is; everything else of a pattern is syntax and
 * stays ("\W" folded as a whole would become "\w").
 */
static struct view pattern_fold(struct view pattern, struct arena *arena)
{
    struct buf out;
    buf_init(&out, pattern.n * 20 + 1);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < pattern.n && status == STATUS_OK;) {
        size_t n = utf8_ascii_prefix(view_sub(pattern, i, pattern.n));
        status = buf_add(&out, view_sub(pattern, i, i + n));
        i += n;
        size_t from = i;
        while (i < pattern.n && ((unsigned char)pattern.p[i] & 0x80u) != 0)
            i++;
        struct view folded = text_fold(view_sub(pattern, from, i), arena);
        if (i > from && folded.p == NULL)
            status = STATUS_NO_MEMORY;
        if (status == STATUS_OK)
            status = buf_add(&out, folded);
    }
    struct view kept = status == STATUS_OK ? arena_copy(arena, buf_view(&out)) : VIEW_NONE;
    buf_fini(&out);
    return kept;
}

enum status regex_compile(struct view pattern, bool folded, struct arena *arena, struct regex **out,
                          struct regex_error *error)
{
    struct regex *r = calloc(1, sizeof *r);
    if (r == NULL)
        return STATUS_NO_MEMORY;
    r->pattern = folded ? pattern_fold(pattern, arena) : arena_copy(arena, pattern);
    if (r->pattern.p == NULL) {
        free(r);
        return STATUS_NO_MEMORY;
    }
    uint32_t options = PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C;
    if (!folded || utf8_ascii_prefix(r->pattern) < r->pattern.n)
        options |= PCRE2_UTF | PCRE2_UCP;
#ifdef PCRE2_MATCH_INVALID_UTF
    if (options & PCRE2_UTF)
        options |= PCRE2_MATCH_INVALID_UTF;
#endif
    int code = 0;
    PCRE2_SIZE offset = 0;
    r->code = pcre2_compile((PCRE2_SPTR)r->pattern.p, r->pattern.n, options, &code, &offset, NULL);
    if (r->code == NULL) {
        error->offset = offset;
        if (pcre2_get_error_message(code, (PCRE2_UCHAR *)error->message, sizeof error->message) < 0)
            error->message[0] = '\0';
        free(r);
        return code == PCRE2_ERROR_NOMEMORY ? STATUS_NO_MEMORY : STATUS_INVALID;
    }
    /* A failure leaves the interpreter, which pcre2_match then takes by itself. */
    (void)pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
    *out = r;
    return STATUS_OK;
}

void regex_free(struct regex **r)
{
    if (*r != NULL)
        pcre2_code_free((*r)->code);
    free(*r);
    *r = NULL;
}

struct view regex_pattern(const struct regex *r)
{
    return r->pattern;
}

enum status regex_runner_new(const struct limits *limits, struct regex_runner **out)
{
    struct regex_runner *r = calloc(1, sizeof *r);
    if (r == NULL)
        return STATUS_NO_MEMORY;
    r->context = pcre2_match_context_create(NULL);
    r->data = pcre2_match_data_create(1, NULL);
    if (r->context == NULL || r->data == NULL) {
        regex_runner_free(&r);
        return STATUS_NO_MEMORY;
    }
    (void)pcre2_set_match_limit(r->context, limits->pcre_match);
    (void)pcre2_set_depth_limit(r->context, limits->pcre_depth);
    (void)pcre2_set_heap_limit(r->context, limits->pcre_heap_kib);
    uint32_t jit = 0;
    if (pcre2_config(PCRE2_CONFIG_JIT, &jit) >= 0 && jit != 0) {
        r->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
        if (r->stack == NULL) {
            regex_runner_free(&r);
            return STATUS_NO_MEMORY;
        }
        pcre2_jit_stack_assign(r->context, NULL, r->stack);
    }
    *out = r;
    return STATUS_OK;
}

void regex_runner_free(struct regex_runner **r)
{
    if (*r != NULL) {
        pcre2_jit_stack_free((*r)->stack);
        pcre2_match_data_free((*r)->data);
        pcre2_match_context_free((*r)->context);
    }
    free(*r);
    *r = NULL;
}

enum regex_result regex_find(struct regex_runner *runner, const struct regex *r,
                             struct view subject, size_t from, struct span *out)
{
    if (from > subject.n || subject.n >= UINT32_MAX)
        return from > subject.n ? REGEX_NO_MATCH : REGEX_FAILED;
    const char *p = subject.p != NULL ? subject.p : "";
    int found = pcre2_match(r->code, (PCRE2_SPTR)p, subject.n, from, PCRE2_NOTEMPTY, runner->data,
                            runner->context);
    if (found == PCRE2_ERROR_NOMATCH)
        return REGEX_NO_MATCH;
    if (found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT ||
        found == PCRE2_ERROR_HEAPLIMIT || found == PCRE2_ERROR_JIT_STACKLIMIT)
        return REGEX_LIMIT;
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(runner->data);
    /* \K may put the start behind the end; such a match has no place. */
    if (found < 0 || at[0] > at[1] || at[1] > subject.n)
        return REGEX_FAILED;
    *out = (struct span){(uint32_t)at[0], (uint32_t)at[1]};
    return REGEX_MATCH;
}
