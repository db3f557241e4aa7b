/*
 * What of a message is read, in reading order: subject, senders, bodies; then what is not shown at
 * once: hidden text, alt and title, attached texts, file names.
 */
#include "text/html-entity.h"
#include "text/reading.h"

enum { SAME_FIELDS = 4, MAILBOXES = 8, UNIT = 255 };

/* HTML parts that were read; hidden text and attributes follow after all bodies. */
struct read_part {
    uint32_t part;
    struct html_text *html; /* NULL for plain text */
};

struct read_parts {
    struct read_part *v;
    uint32_t n, cap;
};

/* A derived text of length bytes that all lead to the front of a header field. */
static bool map_to_field(struct reading *r, const struct header *h, size_t length,
                         struct spanmap *map)
{
    uint32_t n = h != NULL ? (uint32_t)(h->raw.n < UNIT ? h->raw.n : UNIT) : 1;
    spanmap_init(map, r->arena);
    for (uint32_t at = 0; at < length; at += UNIT)
        if (!spanmap_add(map, at, h != NULL ? h->offset : 0, UNIT, n))
            return false;
    return true;
}

static void field_add(struct reading *r, enum segment_kind kind, uint32_t part,
                      const struct header *h, const struct decoded *decoded, struct view visible,
                      bool forwarded)
{
    struct segment_source from = {.kind = kind,
                                  .part = part,
                                  .header = h,
                                  .decoded = *decoded,
                                  .visible = visible,
                                  .forwarded = forwarded};
    spanmap_init(&from.to_decoded, r->arena);
    size_t at = view_find(decoded->text, visible);
    if (at < decoded->text.n) {
        from.visible = view_sub(decoded->text, at, at + visible.n);
        if (at > 0 && !spanmap_add(&from.to_decoded, 0, (uint32_t)at, 1, 1))
            r->no_memory = true;
    } else { /* quoting was undone: the map cannot be had */
        from.decoded.text = visible;
        if (!map_to_field(r, h, visible.n, &from.decoded.map))
            r->no_memory = true;
    }
    segment_add(r, &from);
}

static void subject_add(struct reading *r, uint32_t part, bool forwarded)
{
    const struct part *p = &r->message->parts[part];
    const struct header *h = part_header(p, VIEW("Subject"));
    for (unsigned n = 0; h != NULL && n < SAME_FIELDS && !r->no_memory; n++) {
        struct decoded decoded;
        if (header_decode(r->mail, h, r->arena, NULL, &decoded) != STATUS_OK) {
            r->no_memory = true;
            return;
        }
        field_add(r, SEGMENT_SUBJECT, part, h, &decoded, view_trim(decoded.text), forwarded);
        h = part_header_next(p, h);
    }
}

static void sender_add(struct reading *r, uint32_t part, struct view name)
{
    const struct header *h = part_header(&r->message->parts[part], name);
    struct mailbox boxes[MAILBOXES];
    struct decoded decoded;
    if (h == NULL || r->no_memory)
        return;
    if (header_decode(r->mail, h, r->arena, NULL, &decoded) != STATUS_OK) {
        r->no_memory = true;
        return;
    }
    uint32_t n = header_mailboxes(r->mail, h, r->arena, boxes, MAILBOXES);
    for (uint32_t i = 0; i < n; i++)
        if (boxes[i].display.n > 0)
            field_add(r, SEGMENT_SENDER, part, h, &decoded, boxes[i].display, false);
}

static void links_add(struct reading *r, const struct html_text *html, uint32_t segment)
{
    struct text *out = r->out;
    uint32_t room = r->limits->links - out->n_links, n = html->n_links;
    if (n > room) {
        anomaly_note(&out->anomalies, ANOMALY_LINK_LIMIT);
        n = room;
    }
    struct link *links =
        arena_grow(r->arena, out->links, &r->cap_links, out->n_links + n, sizeof *links);
    if (links == NULL) {
        r->no_memory = true;
        return;
    }
    out->links = links;
    for (uint32_t i = 0; i < n; i++) {
        links[out->n_links] = html->links[i];
        links[out->n_links++].segment = segment;
    }
}

static void anomalies_add(struct anomalies *to, const struct anomalies *from)
{
    for (unsigned i = 0; i < ANOMALY_COUNT; i++)
        to->count[i] += from->count[i];
}

/*
 * A page on which next to nothing can be seen but a lot is hidden: then our reading of its styles
 * is wrong rather than the page empty, and the hidden text is read as a body.
 */
static bool hidden_is_body(const struct html_text *html)
{
    return html->visible.n < 160 && html->hidden.n > 400 && html->hidden.n / 4 > html->visible.n;
}

static void html_body_add(struct reading *r, uint32_t part, struct segment_source *from,
                          struct read_part *read)
{
    struct limits limits = *r->limits;
    limits.text_bytes = r->visible_left;
    limits.links = r->limits->links - r->out->n_links;
    struct html_text *html = arena_alloc(r->arena, sizeof *html);
    if (html == NULL ||
        html_read(r->message->parts[part].content.text, &limits, r->arena, html) != STATUS_OK) {
        r->no_memory = true;
        return;
    }
    read->html = html;
    anomalies_add(&r->out->anomalies, &html->anomalies);
    from->visible = html->visible;
    from->to_decoded = html->visible_map;
    from->quoted = html->quoted;
    from->n_quoted = html->n_quoted;
    r->image = r->image || html->n_own_images > 0;
    uint32_t segment = r->out->n_segments;
    segment_add(r, from);
    if (!r->no_memory && segment < r->out->n_segments)
        links_add(r, html, segment);
}

static void body_add(struct reading *r, uint32_t part, enum segment_kind kind, bool forwarded,
                     struct read_part *read)
{
    const struct part *p = &r->message->parts[part];
    struct segment_source from = {
        .kind = kind, .part = part, .decoded = p->content, .forwarded = forwarded, .lines = true};
    *read = (struct read_part){.part = part};
    if (p->html) {
        html_body_add(r, part, &from, read);
        return;
    }
    if (view_ends_nocase(p->subtype, VIEW("calendar")) ||
        view_ends_nocase(p->subtype, VIEW("card"))) {
        r->no_memory = !calendar_unfold(p->content.text, r->arena, &from.visible, &from.to_decoded);
        segment_add(r, &from);
        return;
    }
    if (!plain_references(p->content.text, r->visible_left, r->arena, &r->out->anomalies,
                          &from.visible, &from.to_decoded)) {
        r->no_memory = true;
        return;
    }
    segment_add(r, &from);
}

static bool text_part(const struct part *p)
{
    return p->kind == PART_TEXT && p->content.text.n > 0;
}

static bool forwarded_part(const struct part *p)
{
    return p->message_depth > 0;
}

static void bodies_add(struct reading *r, bool attached, struct read_parts *read)
{
    const struct message *m = r->message;
    for (uint32_t i = 0; i < m->n_parts && !r->no_memory && !budget_spent(r->limits->budget); i++) {
        const struct part *p = &m->parts[i];
        bool forwarded = forwarded_part(p);
        bool inner = p->parent != PART_NONE && m->parts[p->parent].kind == PART_MESSAGE;
        if (inner && !attached)
            subject_add(r, i, forwarded);
        if (!text_part(p) || p->attachment != attached)
            continue;
        struct read_part *v = arena_grow(r->arena, read->v, &read->cap, read->n + 1, sizeof *v);
        if (v == NULL) {
            r->no_memory = true;
            return;
        }
        read->v = v;
        body_add(r, i, attached ? SEGMENT_FILE : SEGMENT_BODY, forwarded, &v[read->n++]);
    }
}

/* Hidden text, or alt and title, of the HTML parts from read->v[first] on. */
static void asides_add(struct reading *r, const struct read_parts *read, uint32_t first,
                       enum segment_kind kind)
{
    for (uint32_t i = first; i < read->n && !r->no_memory && !budget_spent(r->limits->budget);
         i++) {
        const struct html_text *html = read->v[i].html;
        if (html == NULL)
            continue;
        const struct part *p = &r->message->parts[read->v[i].part];
        bool hidden = kind == SEGMENT_HIDDEN;
        struct segment_source from = {.kind = kind,
                                      .part = read->v[i].part,
                                      .decoded = p->content,
                                      .forwarded = forwarded_part(p)};
        from.visible = hidden ? html->hidden : html->attributes;
        from.to_decoded = hidden ? html->hidden_map : html->attributes_map;
        if (hidden && hidden_is_body(html)) {
            from.kind = SEGMENT_BODY;
            from.lines = true;
        }
        uint32_t words = r->out->n_words;
        segment_add(r, &from);
        r->unseen_words += from.kind == SEGMENT_BODY ? r->out->n_words - words : 0;
    }
}

static void filenames_add(struct reading *r)
{
    for (uint32_t i = 0; i < r->message->n_parts && !r->no_memory; i++) {
        const struct part *p = &r->message->parts[i];
        if (p->name.n == 0)
            continue;
        const struct header *h = part_header(p, VIEW("Content-Disposition"));
        if (h == NULL)
            h = part_header(p, VIEW("Content-Type"));
        struct decoded decoded = {.text = VIEW_NONE};
        field_add(r, SEGMENT_FILENAME, i, h, &decoded, p->name, forwarded_part(p));
    }
}

/* Those of the message itself, without those of messages inside it. */
static void recipients_read(struct reading *r)
{
    static const char *const names[] = {"To", "Delivered-To", "X-Original-To"};
    struct mailbox *boxes = arena_calloc(r->arena, TEXT_RECIPIENTS, sizeof *boxes);
    uint32_t n = 0;
    if (boxes == NULL) {
        r->no_memory = true;
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct header *h = part_header(&r->message->parts[0], view_of(names[i]));
        if (h != NULL && n < TEXT_RECIPIENTS)
            n += header_mailboxes(r->mail, h, r->arena, boxes + n, TEXT_RECIPIENTS - n);
    }
    r->out->recipients = boxes;
    r->out->n_recipients = n;
}

void segments_collect(struct reading *r)
{
    struct read_parts read = {0};
    if (r->message->n_parts == 0)
        return;
    recipients_read(r);
    subject_add(r, 0, false);
    sender_add(r, 0, VIEW("From"));
    sender_add(r, 0, VIEW("Reply-To"));
    sender_add(r, 0, VIEW("Sender"));
    bodies_add(r, false, &read);
    reversed_add(r);
    asides_add(r, &read, 0, SEGMENT_HIDDEN);
    asides_add(r, &read, 0, SEGMENT_ALTERNATE_TEXT);
    uint32_t files = read.n;
    bodies_add(r, true, &read);
    asides_add(r, &read, files, SEGMENT_HIDDEN);
    asides_add(r, &read, files, SEGMENT_ALTERNATE_TEXT);
    filenames_add(r);
}
