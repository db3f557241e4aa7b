/* What must hold for every parsed message, whatever its bytes. Aborts when it does not. */
#ifndef TESTS_MAIL_INVARIANTS_H
#define TESTS_MAIL_INVARIANTS_H

#include <stdio.h>
#include <stdlib.h>

#include "mail/mail.h"

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: invariant broken: %s\n", __FILE__, __LINE__, #condition);      \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static inline void invariants_decoded(const struct decoded *d, size_t raw)
{
    MUST(utf8_valid(d->text));
    for (uint32_t i = 0; i < d->map.n; i++) {
        const struct spanmap_run *r = &d->map.run[i];
        MUST(r->out_unit > 0 && r->src_unit > 0);
        MUST(i == 0 ? r->out == 0 : r->out > d->map.run[i - 1].out);
        MUST(r->out < d->text.n && r->src < raw);
    }
    if (d->text.n == 0)
        return;
    MUST(d->map.n > 0);
    for (uint32_t i = 0; i < d->map.n; i++) {
        uint32_t end = i + 1 < d->map.n ? d->map.run[i + 1].out : (uint32_t)d->text.n;
        struct span s = spanmap_span(&d->map, (struct span){d->map.run[i].out, end});
        MUST(s.from < s.to && s.to <= raw);
    }
}

static inline void invariants_message(const struct message *m, const struct limits *limits)
{
    uint64_t decoded = 0;
    uint32_t children = 0;
    MUST(m->n_parts >= 1 && m->n_parts <= limits->parts);
    MUST(m->raw.n <= limits->message_bytes);
    for (uint32_t i = 0; i < m->n_parts; i++) {
        const struct part *p = &m->parts[i];
        MUST(i == 0 ? p->parent == PART_NONE && p->depth == 0 : p->parent < i);
        MUST(p->depth <= limits->nesting);
        MUST(p->next == PART_NONE || (p->next > i && p->next < m->n_parts));
        MUST(p->first_child == PART_NONE || (p->first_child > i && p->first_child < m->n_parts));
        if (p->parent != PART_NONE) {
            const struct part *above = &m->parts[p->parent];
            MUST(p->depth == above->depth + 1);
            MUST(p->message_depth == above->message_depth + (above->kind == PART_MESSAGE));
        }
        for (uint32_t c = p->first_child; c != PART_NONE; c = m->parts[c].next, children++)
            MUST(m->parts[c].parent == i);
        MUST(p->body.from <= p->body.to && p->body.to <= m->raw.n);
        MUST(p->kind == PART_MULTIPART || p->kind == PART_MESSAGE || p->kind == PART_TEXT ||
             p->kind == PART_OTHER);
        MUST(p->kind != PART_OTHER || p->first_child == PART_NONE);
        MUST(p->type.n > 0 && p->subtype.n > 0);
        MUST(utf8_valid(p->name));
        for (uint32_t k = 0; k < p->n_headers; k++) {
            MUST(p->headers[k].name.n > 0);
            MUST(p->headers[k].offset <= m->raw.n);
            MUST(p->headers[k].raw.n <= limits->header_value_bytes);
        }
        if (p->kind == PART_TEXT) {
            invariants_decoded(&p->content, m->raw.n);
            decoded += p->content.text.n;
        } else {
            MUST(p->content.text.n == 0);
        }
    }
    MUST(decoded <= limits->decoded_bytes);
    MUST(children == m->n_parts - 1);
}

/* Header fields by their own functions, too. */
static inline void invariants_headers(struct mail_reader *reader, const struct message *m,
                                      struct arena *arena)
{
    for (uint32_t i = 0; i < m->n_parts; i++) {
        for (uint32_t k = 0; k < m->parts[i].n_headers; k++) {
            const struct header *h = &m->parts[i].headers[k];
            struct decoded d;
            struct mailbox boxes[8];
            if (header_decode(reader, h, arena, NULL, &d) == STATUS_OK)
                invariants_decoded(&d, m->raw.n);
            uint32_t n = header_mailboxes(reader, h, arena, boxes, 8);
            MUST(n <= 8);
            for (uint32_t b = 0; b < n; b++)
                MUST(utf8_valid(boxes[b].address) && utf8_valid(boxes[b].display));
        }
        struct view prefix = part_decoded_prefix(m, &m->parts[i], arena, 100);
        MUST(prefix.n <= 100);
    }
}

#endif
