#include "dump.h"

#include <stdio.h>

static const char *const kinds[] = {"multipart", "message", "text", "other"};
static const char *const encodings[] = {"", " quoted-printable", " base64", " uuencode"};

static void add_text(struct buf *out, const char *label, struct view v)
{
    (void)buf_addf(out, "%s", label);
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c == '\n')
            (void)buf_addf(out, "\n%*s", i + 1 < v.n ? 4 : 0, i + 1 < v.n ? "|" : "");
        else if (c < 32 || c == 127 || c == '\\')
            (void)buf_addf(out, "\\x%02X", c);
        else
            (void)buf_add_byte(out, v.p[i]);
    }
    if (v.n == 0 || v.p[v.n - 1] != '\n')
        (void)buf_addf(out, v.n > 0 && label[0] == ' ' ? "$\n" : "\n");
}

static void add_part(struct mail_reader *reader, const struct part *part, uint32_t index,
                     struct arena *arena, struct buf *out)
{
    static const char *const shown[] = {"From", "To", "Subject"};
    (void)buf_addf(out, "%*s[%u] %s %.*s/%.*s%s", part->depth * 2, "", index, kinds[part->kind],
                   VIEW_ARG(part->type), VIEW_ARG(part->subtype), encodings[part->encoding]);
    if (part->charset.n > 0)
        (void)buf_addf(out, " charset=%.*s", VIEW_ARG(part->charset));
    if (part->name.n > 0)
        (void)buf_addf(out, " name=\"%.*s\"", VIEW_ARG(part->name));
    if (part->real_type.n > 0)
        (void)buf_addf(out, " real=%.*s", VIEW_ARG(part->real_type));
    (void)buf_addf(out, "%s%s%s%s", part->html ? " html" : "", part->flowed ? " flowed" : "",
                   part->attachment ? " attachment" : "", part->truncated ? " truncated" : "");
    (void)buf_addf(out, " message_depth=%u headers=%u body=%u-%u decoded=%u\n", part->message_depth,
                   part->n_headers, part->body.from, part->body.to, part->decoded_bytes);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const struct header *h = part_header(part, view_of(shown[i]));
        struct decoded d;
        if (h == NULL || header_decode(reader, h, arena, NULL, &d) != STATUS_OK)
            continue;
        (void)buf_addf(out, "  %s", shown[i]);
        add_text(out, ": ", d.text);
    }
    if (part->kind == PART_TEXT)
        add_text(out, "   |", part->content.text);
}

bool dump_message(struct mail_reader *reader, const struct message *m, struct buf *out)
{
    struct arena arena;
    arena_init(&arena, 64 << 20);
    for (uint32_t i = 0; i < m->n_parts; i++)
        add_part(reader, &m->parts[i], i, &arena, out);
    for (unsigned i = 0; i < ANOMALY_COUNT; i++)
        if (m->anomalies.count[i] > 0)
            (void)buf_addf(out, "anomaly %s %u\n", anomaly_name((enum anomaly)i),
                           m->anomalies.count[i]);
    arena_fini(&arena);
    return buf_reserve(out, 1) == STATUS_OK;
}
