/* A record's JSON object: who, when, how, what was found. docs/EVIDENCE.md lists the members. */
#include <sodium.h>
#include <string.h>

#include "store/record.h"

enum {
    ARENA_MAX = 96 << 20, /* headers, and one decoded attachment after the other */
    TEXT_MAX = 64 * 1024, /* of one string; a header field is no longer in honest mail */
    FIELDS_MAX = 50,      /* of one name */
    MAILBOXES_MAX = 20,   /* of one field */
    ATTACHMENTS_MAX = 100,
    LINKS_MAX = 200,
    ATTACHMENT_BYTES_MAX = 64 << 20,
};

static void put(struct json *j, const char *key, struct view v)
{
    json_key(j, key);
    if (v.p == NULL)
        json_null(j);
    else
        json_string(j, view_sub(v, 0, TEXT_MAX));
}

static void put_received(struct json *j, struct store_time t)
{
    char text[STORE_TIME_BYTES];
    json_key(j, "received");
    json_open(j, '{');
    store_time_text(t, true, text);
    put(j, "utc", view_of(text));
    store_time_text(t, false, text);
    put(j, "local", view_of(text));
    json_close(j, '}');
}

static void put_envelope(struct json *j, const struct evidence *e)
{
    json_key(j, "envelope");
    json_open(j, '{');
    put(j, "sender", e->envelope->sender.n > 0 ? e->envelope->sender : VIEW(""));
    json_key(j, "recipients");
    json_open(j, '[');
    for (uint32_t i = 0; i < e->envelope->n_recipients; i++)
        json_string(j, view_sub(e->envelope->recipients[i], 0, TEXT_MAX));
    json_close(j, ']');
    json_key(j, "n_recipients");
    json_count(j, e->n_recipients);
    put(j, "helo", e->envelope->helo);
    json_key(j, "authenticated");
    json_bool(j, e->envelope->authenticated);
    json_close(j, '}');
}

/* The groups of facts.def, each one object; null when nothing of it was told. */
static void put_facts(struct json *j, const struct evidence *e)
{
    static const struct {
        const char *group, *name;
    } rows[FACT_COUNT] = {
#define FACT(id, in, as, macro) [FACT_##id] = {in, as},
#include "store/facts.def"
#undef FACT
    };
    for (size_t i = 0; i < FACT_COUNT;) {
        const char *group = rows[i].group;
        bool client = strcmp(group, "client") == 0, any = client;
        size_t end = i;
        for (; end < FACT_COUNT && strcmp(rows[end].group, group) == 0; end++)
            any = any || e->facts[end].n > 0;
        json_key(j, group);
        if (!any)
            json_null(j);
        else
            json_open(j, '{');
        if (client)
            put(j, "address", e->envelope->client_address);
        for (; i < end; i++)
            if (any)
                put(j, rows[i].name, e->facts[i].n > 0 ? e->facts[i] : VIEW_NONE);
        if (any)
            json_close(j, '}');
    }
}

/* What the message says of itself; headers are decoded for people, the message has them as sent. */
struct header_reader {
    struct json *j;
    const struct part *top; /* or NULL */
    struct mail_reader *reader;
    struct arena *arena;
};

static const struct header *field(const struct header_reader *h, const char *name)
{
    return h->top != NULL ? part_header(h->top, view_of(name)) : NULL;
}

static struct view decoded(const struct header_reader *h, const struct header *f)
{
    struct decoded d;
    arena_reset(h->arena);
    return f != NULL && header_decode(h->reader, f, h->arena, NULL, &d) == STATUS_OK
               ? view_trim(d.text)
               : VIEW_NONE;
}

static void put_field(const struct header_reader *h, const char *key, const char *name)
{
    const struct header *f = field(h, name);
    struct view v = decoded(h, f);
    put(h->j, key, f != NULL && v.p == NULL ? VIEW("") : v);
}

/* All fields of the name, as they stand, from the top: the first are the newest. */
static void put_fields(const struct header_reader *h, const char *key, const char *name)
{
    unsigned n = 0;
    json_key(h->j, key);
    json_open(h->j, '[');
    for (const struct header *f = field(h, name); f != NULL && n < FIELDS_MAX;
         f = part_header_next(h->top, f), n++)
        json_string(h->j, view_sub(decoded(h, f), 0, TEXT_MAX));
    json_close(h->j, ']');
}

static void put_mailboxes(const struct header_reader *h, const char *key, const char *name)
{
    struct mailbox boxes[MAILBOXES_MAX];
    const struct header *f = field(h, name);
    arena_reset(h->arena);
    uint32_t n = f != NULL ? header_mailboxes(h->reader, f, h->arena, boxes, MAILBOXES_MAX) : 0;
    json_key(h->j, key);
    json_open(h->j, '[');
    for (uint32_t i = 0; i < n; i++) {
        json_open(h->j, '{');
        put(h->j, "name", boxes[i].display.n > 0 ? boxes[i].display : VIEW_NONE);
        put(h->j, "address", boxes[i].address.n > 0 ? boxes[i].address : VIEW_NONE);
        json_close(h->j, '}');
    }
    json_close(h->j, ']');
}

static void put_content_type(const struct header_reader *h)
{
    struct buf type;
    buf_init(&type, TEXT_MAX);
    if (h->top != NULL && buf_addf(&type, "%.*s/%.*s", VIEW_ARG(h->top->type),
                                   VIEW_ARG(h->top->subtype)) != STATUS_OK)
        h->j->status = STATUS_NO_MEMORY;
    put(h->j, "content_type", h->top != NULL ? buf_view(&type) : VIEW_NONE);
    buf_fini(&type);
}

static void put_message(const struct header_reader *h, const struct evidence *e)
{
    char digest[STORE_DIGEST_BYTES];
    store_digest(e->message, digest);
    json_key(h->j, "message");
    json_open(h->j, '{');
    json_key(h->j, "bytes");
    json_count(h->j, e->message.n);
    json_key(h->j, "complete");
    json_bool(h->j, e->complete);
    put(h->j, "sha256", view_of(digest));
    put_mailboxes(h, "from", "From");
    put_mailboxes(h, "reply_to", "Reply-To");
    put_mailboxes(h, "to", "To");
    put_field(h, "subject", "Subject");
    put_field(h, "date", "Date");
    put_field(h, "message_id", "Message-ID");
    put_content_type(h);
    put_fields(h, "authentication_results", "Authentication-Results");
    put_fields(h, "received", "Received");
    json_close(h->j, '}');
}

static void put_attachment(const struct header_reader *h, const struct message *m, uint32_t index)
{
    const struct part *p = &m->parts[index];
    char digest[STORE_DIGEST_BYTES];
    struct json *j = h->j;
    json_open(j, '{');
    json_key(j, "part");
    json_count(j, index);
    put(j, "name", p->name.n > 0 ? p->name : VIEW_NONE);
    struct buf type;
    buf_init(&type, TEXT_MAX);
    if (buf_addf(&type, "%.*s/%.*s", VIEW_ARG(p->type), VIEW_ARG(p->subtype)) != STATUS_OK)
        j->status = STATUS_NO_MEMORY;
    put(j, "type", buf_view(&type));
    buf_fini(&type);
    put(j, "real_type", p->real_type.n > 0 ? p->real_type : VIEW_NONE);
    arena_reset(h->arena);
    struct view bytes = part_decoded_prefix(m, p, h->arena, ATTACHMENT_BYTES_MAX);
    bool whole = !p->truncated && bytes.p != NULL && bytes.n < ATTACHMENT_BYTES_MAX;
    json_key(j, "bytes");
    json_count(j, whole ? bytes.n : p->decoded_bytes);
    if (whole)
        store_digest(bytes, digest);
    put(j, "sha256", whole ? view_of(digest) : VIEW_NONE);
    json_close(j, '}');
}

static void put_attachments(const struct header_reader *h, const struct message *m)
{
    unsigned n = 0;
    json_key(h->j, "attachments");
    json_open(h->j, '[');
    for (uint32_t i = 0; i < m->n_parts && n < ATTACHMENTS_MAX; i++) {
        const struct part *p = &m->parts[i];
        if (p->kind == PART_OTHER || (p->attachment && p->kind != PART_MULTIPART)) {
            put_attachment(h, m, i);
            n++;
        }
    }
    json_close(h->j, ']');
}

static void put_links(struct json *j, const struct text *t)
{
    json_key(j, "links");
    json_open(j, '[');
    for (uint32_t i = 0; i < t->n_links && i < LINKS_MAX; i++) {
        json_open(j, '{');
        put(j, "target", t->links[i].target);
        put(j, "shown", t->links[i].shown.n > 0 ? t->links[i].shown : VIEW_NONE);
        json_close(j, '}');
    }
    json_close(j, ']');
}

enum status evidence_describe(const struct evidence *e, const char *id, struct mail_reader *reader,
                              struct buf *out)
{
    struct json j;
    struct arena arena;
    struct lines lines;
    const struct message *m = &e->scan->message;
    if (sodium_init() < 0)
        return STATUS_IO;
    if (!lines_init(&lines, m->raw))
        return STATUS_NO_MEMORY;
    arena_init(&arena, ARENA_MAX);
    const struct header_reader h = {&j, m->n_parts > 0 ? &m->parts[0] : NULL, reader, &arena};
    json_init(&j, out);
    json_open(&j, '{');
    put(&j, "format", VIEW("extortion-evidence"));
    json_key(&j, "version");
    json_count(&j, 1);
    put(&j, "id", view_of(id));
    json_key(&j, "gateway");
    json_open(&j, '{');
    put(&j, "name", e->gateway);
    put(&j, "operator", e->operator.n > 0 ? e->operator: VIEW_NONE);
    put(&j, "program", e->program);
    json_close(&j, '}');
    put_received(&j, e->received);
    put(&j, "queue_id", e->queue_id.n > 0 ? e->queue_id : VIEW_NONE);
    put_envelope(&j, e);
    put_facts(&j, e);
    put_message(&h, e);
    put_attachments(&h, m);
    put_links(&j, &e->scan->text);
    put(&j, "language", view_of(e->scan->verdict.language));
    put(&j, "ruleset", view_of(e->ruleset));
    json_key(&j, "threshold");
    json_number(&j, e->threshold);
    put(&j, "actions", view_of(e->actions));
    json_key(&j, "verdict");
    json_open(&j, '{');
    scan_json(&j, e->scan, &lines);
    json_close(&j, '}');
    json_close(&j, '}');
    arena_fini(&arena);
    lines_fini(&lines);
    return j.status;
}
