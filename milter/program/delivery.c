#include "program/delivery.h"

#include <string.h>
#include <strings.h>

enum { DELIVERY_BYTES_MAX = 512 << 20 };

static bool header_add(struct delivery *d, uint32_t at, const char *name, const char *value)
{
    struct delivered_header *v = arena_grow(&d->arena, d->headers, &d->cap, d->n + 1, sizeof *v);
    struct delivered_header h = {arena_string(&d->arena, view_of(name)),
                                 arena_string(&d->arena, view_of(value))};
    if (v == NULL || h.name == NULL || h.value == NULL)
        return false;
    d->headers = v;
    if (at > d->n)
        at = d->n;
    memmove(v + at + 1, v + at, (d->n - at) * sizeof *v);
    v[at] = h;
    d->n++;
    return true;
}

/* One field with its folds off the front of *rest; false when the header section ends. */
static bool field_take(struct view *rest, struct view *name, struct view *value, struct buf *folds)
{
    struct view line, ahead = *rest;
    buf_clear(folds);
    if (!view_next_line(&ahead, &line))
        return false;
    size_t colon = view_find_byte(line, ':');
    if (colon == 0 || colon == line.n || ascii_is_space((unsigned char)line.p[0]))
        return false;
    *name = view_trim(view_sub(line, 0, colon));
    enum status status = buf_add(folds, view_sub(line, colon + 1, line.n));
    *rest = ahead;
    while (ahead.n > 0 && (ahead.p[0] == ' ' || ahead.p[0] == '\t') && status == STATUS_OK) {
        (void)view_next_line(&ahead, &line);
        status = buf_add_byte(folds, '\n');
        if (status == STATUS_OK)
            status = buf_add(folds, line);
        *rest = ahead;
    }
    *value = buf_view(folds);
    return status == STATUS_OK;
}

/* The wire has CRLF. */
static enum status body_keep(struct delivery *d, struct view rest)
{
    struct buf body;
    struct view line;
    buf_init(&body, DELIVERY_BYTES_MAX / 2);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && rest.n > 0) {
        bool ended = view_find_byte(rest, '\n') < rest.n;
        (void)view_next_line(&rest, &line);
        status = buf_add(&body, line);
        if (status == STATUS_OK && ended)
            status = buf_add(&body, VIEW("\r\n"));
    }
    if (status == STATUS_OK) {
        d->body = arena_copy(&d->arena, buf_view(&body));
        if (d->body.p == NULL && body.n > 0)
            status = STATUS_NO_MEMORY;
    }
    buf_fini(&body);
    return status;
}

enum status delivery_read(struct delivery *d, struct view bytes)
{
    *d = (struct delivery){.held = false};
    arena_init(&d->arena, DELIVERY_BYTES_MAX);
    struct view name, value, line, rest = bytes;
    struct buf folds;
    buf_init(&folds, DELIVERY_BYTES_MAX);
    if (view_starts_nocase(rest, VIEW("From ")))
        (void)view_next_line(&rest, &line);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && field_take(&rest, &name, &value, &folds)) {
        const char *n = arena_string(&d->arena, name), *v = arena_string(&d->arena, value);
        if (n == NULL || v == NULL || !header_add(d, d->n, n, v))
            status = STATUS_NO_MEMORY;
    }
    buf_fini(&folds);
    /* The empty line between; a line that is none of a header begins the body. */
    struct view ahead = rest;
    if (view_next_line(&ahead, &line) && line.n == 0)
        rest = ahead;
    return status == STATUS_OK ? body_keep(d, rest) : status;
}

void delivery_fini(struct delivery *d)
{
    arena_fini(&d->arena);
}

static bool op_insert(void *mta, int index, const char *name, const char *value)
{
    return header_add(mta, index > 0 ? (uint32_t)index : 0, name, value);
}

static bool op_change(void *mta, int index, const char *name, const char *value)
{
    struct delivery *d = mta;
    int seen = 0;
    for (uint32_t i = 0; i < d->n; i++) {
        if (strcasecmp(d->headers[i].name, name) != 0 || ++seen != index)
            continue;
        if (value != NULL) {
            d->headers[i].value = arena_string(&d->arena, view_of(value));
            return d->headers[i].value != NULL;
        }
        d->n--;
        memmove(d->headers + i, d->headers + i + 1, (d->n - i) * sizeof *d->headers);
        return true;
    }
    return value == NULL || header_add(d, d->n, name, value);
}

static bool op_quarantine(void *mta, const char *reason)
{
    struct delivery *d = mta;
    d->held = true;
    d->why_held = arena_string(&d->arena, view_of(reason));
    return d->why_held != NULL;
}

static bool op_body(void *mta, struct view body)
{
    struct delivery *d = mta;
    d->body = arena_copy(&d->arena, body);
    return d->body.p != NULL;
}

static bool op_rcpt_add(void *mta, const char *address)
{
    struct delivery *d = mta;
    if (d->n_added >= sizeof d->added / sizeof d->added[0])
        return false;
    d->added[d->n_added] = arena_string(&d->arena, view_of(address));
    return d->added[d->n_added++] != NULL;
}

static bool op_rcpt_delete(void *mta, const char *address)
{
    (void)address;
    ((struct delivery *)mta)->n_deleted++;
    return true;
}

const struct mta_ops delivery_ops = {.header_insert = op_insert,
                                     .header_change = op_change,
                                     .quarantine = op_quarantine,
                                     .body_replace = op_body,
                                     .rcpt_add = op_rcpt_add,
                                     .rcpt_delete = op_rcpt_delete};

enum session_reply delivery_run(struct delivery *d, struct session *s,
                                const struct delivery_envelope *e)
{
    session_connect(s, e->client);
    session_listener(s, e->listener_name, e->listener_port);
    session_mail(s, e->sender, e->authenticated);
    for (size_t i = 0; i < e->n_recipients; i++)
        if (session_rcpt(s, e->recipients[i], true) == SESSION_LATER)
            d->later = e->recipients[i];
    for (uint32_t i = 0; i < d->n; i++)
        session_header(s, d->headers[i].name, d->headers[i].value);
    session_eoh(s);
    if (d->body.n > 0)
        (void)session_body(s, d->body);
    return session_eom(s, "preview", &delivery_ops, d);
}

static enum status lines_write(struct buf *out, struct view v)
{
    enum status status = STATUS_OK;
    for (size_t n; v.n > 0 && status == STATUS_OK; v = view_sub(v, n, v.n)) {
        size_t cr = view_find(v, VIEW("\r\n"));
        n = cr < v.n ? cr + 1 : v.n;
        status = buf_add(out, view_sub(v, 0, cr));
    }
    return status;
}

enum status delivery_write(const struct delivery *d, struct buf *out)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < d->n && status == STATUS_OK; i++)
        status = buf_addf(out, "%s:%s\n", d->headers[i].name, d->headers[i].value);
    if (status == STATUS_OK)
        status = buf_add_byte(out, '\n');
    return status == STATUS_OK ? lines_write(out, d->body) : status;
}
