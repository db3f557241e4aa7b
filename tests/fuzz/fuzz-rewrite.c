/*
 * Any bytes as a message to be annotated: nothing is changed, or what comes out, read again as any
 * program would, is the old message with all its parts, and shows the notice.
 */
#include "fuzz.h"
#include "notice/notice.h"

FUZZ_LIBCONFIG_LEAKS

#define GATEWAY "mx.gateway.example.test"

/* The texts of the source tree; the fuzzer's own process loads them once. */
static const struct notices *texts(void)
{
    static struct notices *n;
    if (n != NULL)
        return n;
    char contacts[PATH_MAX], folder[PATH_MAX];
    const char *const c[] = {contacts}, *const t[] = {folder};
    const struct notice_source source = {c, 1, t, 1};
    struct diags diags;
    diags_init(&diags);
    fuzz_path(contacts, "conf/contacts.conf");
    fuzz_path(folder, "conf/notices");
    REQUIRE(notices_load(&source, &diags, &n) == STATUS_OK);
    diags_fini(&diags);
    return n;
}

static const struct header_edit *edit_find(const struct rewrite *r, struct view name)
{
    for (unsigned i = 0; i < r->n_edits; i++)
        if (view_eq_nocase(view_of(r->edits[i].name), name))
            return &r->edits[i];
    return NULL;
}

static void field_add(struct buf *out, const char *name, const char *value)
{
    REQUIRE(buf_addf(out, "%s: %s\r\n", name, value) == STATUS_OK);
}

/* The message as the MTA makes it of the old one and the edits. */
static void apply(const struct message *old, const struct rewrite *r, struct buf *out)
{
    const struct part *top = &old->parts[0];
    bool made[HEADER_EDITS_MAX] = {false};
    for (uint32_t i = 0; i < top->n_headers; i++) {
        const struct header *h = &top->headers[i];
        const struct header_edit *e = edit_find(r, h->name);
        size_t from = (size_t)(h->name.p - old->raw.p);
        if (e == NULL) {
            REQUIRE(buf_add(out, view_sub(old->raw, from, h->offset + h->raw.n)) == STATUS_OK);
            REQUIRE(buf_add(out, VIEW("\r\n")) == STATUS_OK);
        } else if (e->value != NULL && !made[e - r->edits]) {
            field_add(out, e->name, e->value);
            made[e - r->edits] = true;
        }
    }
    for (unsigned i = 0; i < r->n_edits; i++)
        if (r->edits[i].value != NULL && !made[i])
            field_add(out, r->edits[i].name, r->edits[i].value);
    REQUIRE(buf_add(out, VIEW("\r\n")) == STATUS_OK);
    REQUIRE(buf_add(out, buf_view(&r->body)) == STATUS_OK);
}

/* Whole, last, and nowhere else. */
static void wrapped(const struct message *now, struct view raw)
{
    unsigned n = 0;
    for (uint32_t i = 1; i < now->n_parts; i++) {
        const struct part *p = &now->parts[i];
        if (p->message_depth > 0 || p->kind != PART_MESSAGE)
            continue;
        REQUIRE(p->parent == 0 && p->next == PART_NONE);
        REQUIRE(view_eq(p->encoded, raw));
        n++;
    }
    REQUIRE(n == 1);
}

/* Each part as it was, but for text that now stands in some of them. */
static void inlined(const struct message *old, const struct message *now)
{
    unsigned longer = 0;
    REQUIRE(old->n_parts == now->n_parts);
    for (uint32_t i = 0; i < old->n_parts; i++) {
        const struct part *a = &old->parts[i], *b = &now->parts[i];
        REQUIRE(a->kind == b->kind && a->parent == b->parent && a->html == b->html);
        REQUIRE(view_eq(a->type, b->type) && view_eq(a->subtype, b->subtype));
        REQUIRE(view_eq(a->name, b->name) && a->attachment == b->attachment);
        if (a->kind == PART_MULTIPART)
            continue;
        if (view_eq(a->encoded, b->encoded))
            continue;
        REQUIRE(a->kind == PART_TEXT && !a->attachment && a->message_depth == 0);
        struct view s = a->content.text, t = b->content.text;
        size_t same = 0;
        while (same < s.n && same < t.n && s.p[same] == t.p[same])
            same++;
        REQUIRE(t.n > s.n && view_eq(view_sub(s, same, s.n), view_sub(t, t.n - (s.n - same), t.n)));
        longer++;
    }
    REQUIRE(longer > 0);
}

/* The reader sees who speaks, in what his program shows him. */
static void shown(struct mail_reader *reader, const struct message *now, struct arena *arena)
{
    struct limits limits = limits_default();
    struct text t;
    limits.text_bytes = 1 << 20;
    REQUIRE(text_read(reader, now, &limits, arena, &t) == STATUS_OK);
    bool seen = false;
    for (uint32_t i = 0; i < t.n_segments; i++)
        seen = seen || (t.segments[i].kind == SEGMENT_BODY &&
                        view_find(t.segments[i].visible, VIEW(GATEWAY)) < t.segments[i].visible.n);
    REQUIRE(seen);
}

static void check(struct mail_reader *reader, struct view raw, const struct rewrite *r)
{
    struct limits limits = limits_default();
    struct arena arena;
    struct message old, now;
    struct buf whole;
    REQUIRE(r->n_edits <= HEADER_EDITS_MAX && (r->done == ANNOTATE_HEADER) == (r->body.n == 0));
    if (r->done == ANNOTATE_HEADER)
        return;
    arena_init(&arena, (size_t)1 << 28);
    buf_init(&whole, raw.n * 4 + (1 << 20));
    REQUIRE(message_parse(reader, raw, &limits, &arena, &old) == STATUS_OK);
    apply(&old, r, &whole);
    limits.parts += 8;
    limits.nesting += 2;
    limits.message_bytes = limits.decoded_bytes = 1 << 28;
    REQUIRE(message_parse(reader, buf_view(&whole), &limits, &arena, &now) == STATUS_OK);
    if (r->done == ANNOTATE_WRAP)
        wrapped(&now, raw);
    else
        inlined(&old, &now);
    shown(reader, &now, &arena);
    buf_fini(&whole);
    arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mail_reader *reader;
    if (reader == NULL)
        REQUIRE(mail_reader_new(&reader) == STATUS_OK);
    const struct notices *n = texts();
    struct view raw = {(const char *)data, size};
    const struct notice_wish words = {.group = NOTICE_BREACH,
                                      .languages = {notices_language_find(n, VIEW("fi"))},
                                      .n_languages = 1,
                                      .country = VIEW("FI"),
                                      .gateway = VIEW(GATEWAY),
                                      .operator= VIEW("Example"),
                                      .now = {2026, 11, 29, 14, 5, 120}};
    if (view_find(raw, VIEW(GATEWAY)) < raw.n)
        return 0;
    for (int mode = ANNOTATE_HEADER; mode <= ANNOTATE_AUTO; mode++) {
        const struct rewrite_wish wish = {
            .mode = (enum annotate_mode)mode, .lists = true, .limits = limits_default()};
        struct rewrite r;
        REQUIRE(rewrite_make(n, &words, &wish, reader, raw, &r) == STATUS_OK);
        check(reader, raw, &r);
        rewrite_fini(&r);
    }
    return 0;
}
