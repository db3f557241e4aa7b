/* One message from its bytes to its parts, and the readers that do it. */
#include <stdlib.h>
#include <string.h>

#include "mail/mail.h"
#include "mail/parse.h"
#include "mail/transfer.h"
#include "mail/types.h"

magic_t reader_magic_open(void)
{
    /* Text and archives are told apart without libmagic, which is slow on them. */
    magic_t magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_TEXT | MAGIC_NO_CHECK_ENCODING |
                               MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_COMPRESS |
                               MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_CSV |
                               MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_APPTYPE);
    static const struct {
        int which;
        size_t most;
    } limits[] = {{MAGIC_PARAM_INDIR_MAX, 10},
                  {MAGIC_PARAM_NAME_MAX, 40},
                  {MAGIC_PARAM_REGEX_MAX, 4096},
                  {MAGIC_PARAM_BYTES_MAX, MAGIC_BYTES}};
    bool good = magic != NULL;
    for (size_t i = 0; good && i < sizeof limits / sizeof limits[0]; i++)
        good = magic_setparam(magic, limits[i].which, &limits[i].most) == 0;
    if (!good && magic != NULL)
        magic_close(magic);
    return good ? magic : NULL;
}

/* lender NULL: data of its own. */
static enum status reader_new(const struct mail_reader *lender, struct mail_reader **reader)
{
    *reader = NULL;
    struct mail_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return STATUS_NO_MEMORY;
    r->types = lender != NULL ? lender->types : types_open();
    r->borrowed = lender != NULL;
    charsets_init(&r->charsets);
    arena_init(&r->scratch, limits_default().arena_bytes);
    r->magic = reader_magic_open();
    if (r->magic == NULL || !types_load(r->types, r->magic)) {
        mail_reader_free(&r);
        return STATUS_IO;
    }
    *reader = r;
    return STATUS_OK;
}

enum status mail_reader_new(struct mail_reader **reader)
{
    return reader_new(NULL, reader);
}

enum status mail_reader_new_beside(const struct mail_reader *other, struct mail_reader **reader)
{
    return reader_new(other, reader);
}

void mail_reader_free(struct mail_reader **reader)
{
    struct mail_reader *r = *reader;
    *reader = NULL;
    if (r == NULL)
        return;
    if (r->magic != NULL)
        magic_close(r->magic);
    if (!r->borrowed)
        types_free(&r->types);
    charsets_fini(&r->charsets);
    arena_fini(&r->scratch);
    free(r);
}

/* Copies the entities to the parts that the caller sees. */
static bool parts_give(struct parser *p, struct message *m)
{
    struct part *parts = arena_calloc(p->arena, p->n, sizeof *parts);
    if (parts == NULL)
        return false;
    for (uint32_t i = 0; i < p->n; i++) {
        parts[i] = p->v[i].part;
        parts[i].headers = p->headers != NULL ? p->headers + p->v[i].first_header : NULL;
    }
    m->parts = parts;
    m->n_parts = p->n;
    return true;
}

enum status message_parse(struct mail_reader *reader, struct view raw, const struct limits *limits,
                          struct arena *arena, struct message *m)
{
    *m = (struct message){.raw = view_sub(raw, 0, limits->message_bytes)};
    if (m->raw.p == NULL)
        m->raw = VIEW("");
    struct parser p = {
        .reader = reader,
        .limits = limits,
        .arena = arena,
        .seen = &m->anomalies,
        .decoded_left = limits->decoded_bytes,
        .truncated = m->raw.n < raw.n,
        .current = PART_NONE,
    };
    if (p.truncated)
        anomaly_note(&m->anomalies, ANOMALY_MESSAGE_TRUNCATED);
    charsets_budget(&reader->charsets);
    reader->magic_left = MAGIC_PER_MESSAGE;
    reader->scratch.max = limits->arena_bytes;
    struct source *s = arena_calloc(arena, 1, sizeof *s);
    p.frames = arena_calloc(arena, (size_t)limits->nesting + 1, sizeof *p.frames);
    if (s == NULL || p.frames == NULL)
        return STATUS_NO_MEMORY;
    s->bytes = m->raw;
    tree_read(&p, s, PART_NONE);
    encoded_read(&p);
    contents_read(&p);
    arena_reset(&reader->scratch);
    if (p.failed)
        anomaly_note(&m->anomalies, ANOMALY_MEMORY_LIMIT);
    if (p.n == 0 || !parts_give(&p, m))
        return STATUS_NO_MEMORY;
    message_check(&p, &m->parts[0]);
    arena_reset(&reader->scratch);
    return STATUS_OK;
}

const struct header *part_header(const struct part *part, struct view name)
{
    for (uint32_t i = 0; i < part->n_headers; i++)
        if (view_eq_nocase(part->headers[i].name, name))
            return &part->headers[i];
    return NULL;
}

const struct header *part_header_next(const struct part *part, const struct header *h)
{
    const struct header *end = part->headers + part->n_headers;
    for (const struct header *next = h + 1; next < end; next++)
        if (view_eq_nocase(next->name, h->name))
            return next;
    return NULL;
}

struct view part_decoded_prefix(const struct message *m, const struct part *part,
                                struct arena *arena, size_t max)
{
    (void)m;
    struct sink sink;
    struct spanmap map;
    struct view out;
    sink_init(&sink, arena, max);
    sink_read(&sink, input_of_map(part->encoded, NULL));
    transfer_decode(part->encoding, &sink, NULL);
    sink_finish(&sink, false, &out, &map);
    return sink.failed ? VIEW_NONE : out;
}
