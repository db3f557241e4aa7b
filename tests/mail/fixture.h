/* One reader and one message at a time, for the tables of this folder. */
#ifndef TESTS_MAIL_FIXTURE_H
#define TESTS_MAIL_FIXTURE_H

#include "../test.h"
#include "invariants.h"

struct fixture {
    struct mail_reader *reader;
    struct arena arena;
    struct limits limits;
    struct message m;
    struct buf buf; /* for messages that are put together */
};

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    f->limits = limits_default();
    arena_init(&f->arena, f->limits.arena_bytes);
    buf_init(&f->buf, (size_t)256 << 20);
    *state = f;
    return mail_reader_new(&f->reader) == STATUS_OK ? 0 : -1;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    mail_reader_free(&f->reader);
    arena_fini(&f->arena);
    buf_fini(&f->buf);
    free(f);
    return 0;
}

/* Parses raw, which must outlive the next call, and checks all invariants. */
static inline enum status fixture_parse(struct fixture *f, struct view raw)
{
    arena_reset(&f->arena);
    enum status status = message_parse(f->reader, raw, &f->limits, &f->arena, &f->m);
    if (status == STATUS_OK)
        invariants_message(&f->m, &f->limits);
    return status;
}

/* Headers, an empty line, a body. */
static inline enum status fixture_body(struct fixture *f, const char *headers, struct view body)
{
    buf_clear(&f->buf);
    (void)buf_add(&f->buf, VIEW("From: a@example.org\nDate: 2 Nov 2026 10:00 GMT\n"));
    (void)buf_add(&f->buf, view_of(headers));
    (void)buf_add(&f->buf, VIEW("\n"));
    (void)buf_add(&f->buf, body);
    return fixture_parse(f, buf_view(&f->buf));
}

static inline uint32_t fixture_count(const struct fixture *f, enum anomaly which)
{
    return f->m.anomalies.count[which];
}

/* All anomalies by name, blank-separated, each once. */
static inline struct view fixture_anomalies(const struct fixture *f, char *out, size_t size)
{
    size_t n = 0;
    for (unsigned i = 0; i < ANOMALY_COUNT; i++) {
        struct view name = view_of(anomaly_name((enum anomaly)i));
        if (f->m.anomalies.count[i] == 0 || n + name.n + 1 >= size)
            continue;
        if (n > 0)
            out[n++] = ' ';
        memcpy(out + n, name.p, name.n);
        n += name.n;
    }
    return (struct view){out, n};
}

/* The bytes of the message that text[from, to) of a part came from. */
static inline struct view fixture_origin(const struct fixture *f, const struct part *part,
                                         size_t from, size_t to)
{
    struct span s = spanmap_span(&part->content.map, (struct span){(uint32_t)from, (uint32_t)to});
    return view_sub(f->m.raw, s.from, s.to);
}

#endif
