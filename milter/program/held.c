#include "program/held.h"

#include <stdio.h>
#include <string.h>

enum { ARENA_MAX = 1 << 30, MARK_MAX = 512 };
static const char mark_name[] = "X-Extortion-Hold", reason[] = "extortion-milter: ";

void held_list_init(struct held_list *l)
{
    *l = (struct held_list){.n = 0};
    arena_init(&l->arena, ARENA_MAX);
}

void held_list_fini(struct held_list *l)
{
    arena_fini(&l->arena);
    *l = (struct held_list){.n = 0};
}

bool held_id_good(struct view id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!ascii_is_alnum((unsigned char)id.p[i]))
            return false;
    return id.n > 0 && id.n <= HELD_ID_MAX && !view_eq_nocase(id, VIEW("ALL"));
}

struct held *held_add(struct held_list *l, struct view id)
{
    struct held *v = arena_grow(&l->arena, l->v, &l->cap, l->n + 1, sizeof *v);
    if (v == NULL)
        return NULL;
    l->v = v;
    v[l->n] = (struct held){.arrived = 0};
    (void)snprintf(v[l->n].id, sizeof v->id, "%.*s", VIEW_ARG(id));
    return &v[l->n++];
}

static bool recipient_add(struct held *h, struct arena *arena, struct view address)
{
    h->n_all_recipients++;
    if (h->n_recipients >= HELD_RECIPIENTS_MAX)
        return true;
    struct view *v =
        arena_grow(arena, h->recipients, &h->cap, h->n_recipients + 1, sizeof *h->recipients);
    if (v == NULL)
        return false;
    h->recipients = v;
    v[h->n_recipients] = arena_copy(arena, address);
    return v[h->n_recipients++].p != NULL || address.n == 0;
}

/* False when memory is out. */
static bool postqueue_line(struct view line, struct held_list *l)
{
    struct arena arena;
    const struct json_node *root;
    bool memory = true;
    arena_init(&arena, ARENA_MAX);
    enum status status = json_tree_read(line, &arena, &root);
    if (status == STATUS_OK && !view_eq(json_member_text(root, "queue_name"), VIEW("hold"))) {
        arena_fini(&arena);
        return true;
    }
    struct view id = status == STATUS_OK ? json_member_text(root, "queue_id") : VIEW_NONE;
    if (status == STATUS_NO_MEMORY) {
        memory = false;
    } else if (!held_id_good(id) || l->n >= HELD_MAX) {
        l->odd++;
    } else {
        struct held *h = held_add(l, id);
        memory = h != NULL;
        if (memory) {
            double arrived = json_member_number(root, "arrival_time");
            double bytes = json_member_number(root, "message_size");
            h->arrived = arrived > 0 && arrived < 1e12 ? (int64_t)arrived : 0;
            h->bytes = bytes > 0 && bytes < 1e15 ? (uint64_t)bytes : 0;
            h->sender = arena_copy(&l->arena, json_member_text(root, "sender"));
        }
        for (const struct json_node *r = json_first(json_member(root, "recipients"));
             memory && r != NULL; r = r->next)
            memory = recipient_add(h, &l->arena, json_member_text(r, "address"));
    }
    arena_fini(&arena);
    return memory;
}

enum status held_read_postqueue(struct view lines, struct held_list *l)
{
    struct view line;
    while (view_next_line(&lines, &line))
        if (view_trim(line).n > 0 && !postqueue_line(line, l))
            return STATUS_NO_MEMORY;
    return STATUS_OK;
}

/* A word of ours: class and kinds of failure; anything else is left out. */
static void word_copy(struct view v, char *out, size_t room)
{
    size_t n = 0;
    while (n < v.n && n < room - 1 &&
           (ascii_is_alnum((unsigned char)v.p[n]) || strchr("-._", v.p[n]) != NULL))
        n++;
    if (n == v.n)
        (void)snprintf(out, room, "%.*s", VIEW_ARG(v));
}

/* "held; score=9.0; class=breach-company", "held; failure=deadline" */
static void mark_read(struct view value, struct held *h)
{
    value = view_trim(value);
    if (!view_starts_nocase(value, VIEW("held")))
        return;
    h->ours = true;
    while (value.n > 0) {
        size_t end = view_find_byte(value, ';');
        struct view part = view_trim(view_sub(value, 0, end));
        value = view_sub(value, end + 1, value.n);
        size_t eq = view_find_byte(part, '=');
        struct view name = view_sub(part, 0, eq), word = view_sub(part, eq + 1, part.n);
        if (view_eq(name, VIEW("score")))
            word_copy(word, h->score, sizeof h->score);
        else if (view_eq(name, VIEW("class")))
            word_copy(word, h->class_id, sizeof h->class_id);
        else if (view_eq(name, VIEW("failure")))
            word_copy(word, h->failure, sizeof h->failure);
    }
}

/* Only the first mark counts: ours stands on top, and others were removed. */
static void field_read(struct view field, struct held *h)
{
    size_t colon = view_find_byte(field, ':');
    if (!h->ours && colon < field.n && field.n < MARK_MAX &&
        view_eq_nocase(view_trim(view_sub(field, 0, colon)), view_of(mark_name)))
        mark_read(view_sub(field, colon + 1, field.n), h);
}

void held_read_header(struct view header, struct held *h)
{
    struct view line;
    /* The mark is one line. */
    while (view_next_line(&header, &line) && line.n > 0)
        if (line.p[0] != ' ' && line.p[0] != '\t')
            field_read(line, h);
}

/* "H?P?Name: value", "H??Name: value", "HName: value" */
static struct view hf_field(struct view line)
{
    struct view v = view_sub(line, 1, line.n);
    if (v.n > 0 && v.p[0] == '?') {
        size_t end = view_find_byte(view_sub(v, 1, v.n), '?');
        v = view_sub(v, end + 2, v.n);
    }
    return v;
}

static struct view without_brackets(struct view v)
{
    v = view_trim(v);
    return v.n >= 2 && v.p[0] == '<' && v.p[v.n - 1] == '>' ? view_sub(v, 1, v.n - 1) : v;
}

enum status held_read_hf(struct view file, struct held *h, struct arena *arena)
{
    struct view line, rest = file;
    uint64_t number;
    bool version = false, memory = true, by_us = false;
    while (memory && view_next_line(&rest, &line)) {
        if (line.n == 0)
            continue;
        struct view value = view_sub(line, 1, line.n);
        switch (line.p[0]) {
        case 'V':
            version = true;
            break;
        case 'T':
            if (view_to_u64(value, INT64_MAX / 2, &number))
                h->arrived = (int64_t)number;
            break;
        case 'q':
            by_us = by_us || view_starts_nocase(value, view_of(reason));
            break;
        case 'S':
            h->sender = arena_copy(arena, without_brackets(value));
            break;
        case 'R': {
            /* Flags, then a colon, then the address. */
            size_t colon = view_find_byte(value, ':');
            if (colon < value.n)
                value = view_sub(value, colon + 1, value.n);
            memory = recipient_add(h, arena, without_brackets(value));
            break;
        }
        case 'H':
            field_read(hf_field(line), h);
            break;
        default:
            break;
        }
    }
    /* The reason is Sendmail's word, a header may be anybody's. */
    h->ours = by_us;
    return !memory ? STATUS_NO_MEMORY : version ? STATUS_OK : STATUS_INVALID;
}

enum status held_hf_header(struct view file, struct buf *out)
{
    struct view line;
    enum status status = STATUS_OK;
    bool in_header = false;
    while (status == STATUS_OK && view_next_line(&file, &line)) {
        bool more = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
        in_header = more ? in_header : line.n > 0 && line.p[0] == 'H';
        if (!in_header)
            continue;
        status = buf_add(out, more ? line : hf_field(line));
        if (status == STATUS_OK)
            status = buf_add_byte(out, '\n');
    }
    return status == STATUS_OK ? buf_add_byte(out, '\n') : status;
}

bool held_age_read(const char *text, int64_t *seconds)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    struct view v = view_of(text);
    int64_t scale = 86400;
    for (size_t i = 0; v.n > 0 && i < sizeof units / sizeof units[0]; i++)
        if (v.p[v.n - 1] == units[i].unit) {
            scale = units[i].seconds;
            v.n--;
            break;
        }
    uint64_t n;
    if (!view_to_u64(v, 1000000, &n))
        return false;
    *seconds = (int64_t)n * scale;
    return true;
}
