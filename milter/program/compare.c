/* evaluate --compare: what a change to the rules gained and lost, message by message. */
#include <stdlib.h>
#include <string.h>

#include "program/evaluate.h"

enum { OLD_ARENA_MAX = 1 << 30 };

/* A message as the earlier run judged it. */
struct before {
    struct view path;
    uint32_t number;
    bool flagged;
    double score;
    struct view class_id; /* empty when not flagged */
};

struct past {
    struct arena arena;
    struct before *v; /* in the arena */
    uint32_t n, cap;
};

static bool keep(struct past *p, struct view *to, struct view v)
{
    *to = arena_copy(&p->arena, v);
    return to->p != NULL || v.n == 0;
}

/* One object of "messages", after its brace. False: not ours, or no memory. */
static bool read_message(struct json_reader *r, struct past *p)
{
    struct before b = {0};
    bool path = false, flagged = false;
    enum json_token t;
    while ((t = json_reader_next(r)) == JSON_KEY) {
        bool is_path = view_eq(r->text, VIEW("path")),
             is_number = view_eq(r->text, VIEW("message"));
        bool is_flagged = view_eq(r->text, VIEW("flagged")), is_got = view_eq(r->text, VIEW("got"));
        bool is_score = view_eq(r->text, VIEW("score"));
        if (!is_path && !is_number && !is_flagged && !is_got && !is_score) {
            if (!json_reader_skip(r))
                return false;
            continue;
        }
        t = json_reader_next(r);
        if (is_path && t == JSON_STRING)
            path = keep(p, &b.path, r->text);
        else if (is_number && t == JSON_NUMBER && r->number >= 0 && r->number < 4e9)
            b.number = (uint32_t)r->number;
        else if (is_flagged && t == JSON_BOOL)
            flagged = true, b.flagged = r->truth;
        else if (is_score && t == JSON_NUMBER)
            b.score = r->number;
        else if (!is_got ||
                 (t != JSON_NULL && (t != JSON_STRING || !keep(p, &b.class_id, r->text))))
            return false;
    }
    if (t != JSON_CLOSE_OBJECT || !path || !flagged)
        return false;
    if (p->n == p->cap) {
        struct before *v =
            arena_grow(&p->arena, p->v, &p->cap, p->n < 1024 ? 1024 : p->n * 2, sizeof *v);
        if (v == NULL)
            return false;
        p->v = v;
    }
    p->v[p->n++] = b;
    return true;
}

static const char *read_past(struct view old, struct past *p)
{
    static const char not_json[] = "is not the JSON of extortctl evaluate";
    struct json_reader r;
    json_reader_init(&r, old);
    const char *why = not_json;
    bool found = false;
    enum json_token t = json_reader_next(&r);
    if (t != JSON_OPEN_OBJECT)
        goto done;
    while ((t = json_reader_next(&r)) == JSON_KEY) {
        if (found || !view_eq(r.text, VIEW("messages"))) {
            if (!json_reader_skip(&r))
                goto done;
            continue;
        }
        found = true;
        if (json_reader_next(&r) != JSON_OPEN_ARRAY)
            goto done;
        while ((t = json_reader_next(&r)) == JSON_OPEN_OBJECT) {
            if (!read_message(&r, p))
                goto done;
        }
        if (t != JSON_CLOSE_ARRAY)
            goto done;
    }
    if (t == JSON_CLOSE_OBJECT && json_reader_next(&r) == JSON_END)
        why = found ? NULL : "has no \"messages\": is it the --json of extortctl evaluate?";
done:
    json_reader_fini(&r);
    return why;
}

static int by_path(const void *a, const void *b)
{
    const struct before *x = a, *y = b;
    size_t n = x->path.n < y->path.n ? x->path.n : y->path.n;
    int order = n > 0 ? memcmp(x->path.p, y->path.p, n) : 0;
    if (order == 0)
        order = x->path.n < y->path.n ? -1 : x->path.n > y->path.n;
    return order != 0 ? order : x->number < y->number ? -1 : x->number > y->number;
}

/* CHANGE_COUNT: none. */
static enum change change_of(const struct evaluation *e, const struct measured *now,
                             const struct before *old)
{
    bool extortion = now->sample->label == LABEL_EXTORTION;
    if (now->flagged != old->flagged && extortion)
        return now->flagged ? CHANGE_GAINED : CHANGE_LOST;
    if (now->flagged != old->flagged)
        return now->flagged ? CHANGE_ALARMED : CHANGE_CLEARED;
    if (!now->flagged || !extortion || now->sample->class_id[0] == '\0')
        return CHANGE_COUNT;
    struct view want = view_of(now->sample->class_id);
    bool right_now = view_eq(view_of(evaluation_class(e, now->class_index)), want);
    bool right_before = view_eq(old->class_id, want);
    return right_now == right_before ? CHANGE_COUNT : right_now ? CHANGE_RIGHTED : CHANGE_WRONGED;
}

static int by_change(const void *a, const void *b)
{
    const struct changed *x = a, *y = b;
    if (x->change != y->change)
        return x->change < y->change ? -1 : 1;
    return x->now < y->now ? -1 : x->now > y->now;
}

static void count_common(struct comparison *c, const struct measured *now, bool before)
{
    c->n_common++;
    if (now->sample->label == LABEL_EXTORTION) {
        c->extortion++;
        c->found_before += before;
        c->found_now += now->flagged;
    } else {
        c->other++;
        c->wrong_before += before;
        c->wrong_now += now->flagged;
    }
}

enum status comparison_make(const struct evaluation *e, struct view old, struct comparison *out,
                            const char **why)
{
    *out = (struct comparison){0};
    struct past past = {0};
    arena_init(&past.arena, OLD_ARENA_MAX);
    *why = read_past(old, &past);
    out->v = *why == NULL ? calloc(e->n + 1, sizeof *out->v) : NULL;
    enum status status = *why != NULL     ? STATUS_INVALID
                         : out->v == NULL ? STATUS_NO_MEMORY
                                          : STATUS_OK;
    if (status == STATUS_OK && past.v != NULL)
        qsort(past.v, past.n, sizeof *past.v, by_path);
    for (size_t i = 0; status == STATUS_OK && i < e->n; i++) {
        const struct measured *now = &e->v[i];
        const struct before key = {.path = view_of(now->path), .number = now->number};
        const struct before *before =
            past.v != NULL ? bsearch(&key, past.v, past.n, sizeof *past.v, by_path) : NULL;
        if (before == NULL) {
            out->n_only_new++;
            continue;
        }
        count_common(out, now, before->flagged);
        enum change change = change_of(e, now, before);
        if (change != CHANGE_COUNT) {
            out->v[out->n++] = (struct changed){change, now, before->score};
            out->n_of[change]++;
        }
    }
    out->n_only_old = past.n > out->n_common ? past.n - out->n_common : 0;
    if (status == STATUS_OK && out->n > 0)
        qsort(out->v, out->n, sizeof *out->v, by_change);
    arena_fini(&past.arena);
    return status;
}

void comparison_fini(struct comparison *c)
{
    free(c->v);
    *c = (struct comparison){0};
}
