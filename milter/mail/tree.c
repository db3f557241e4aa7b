/*
 * The tree of parts. One pass over the lines of a source; what is open stands in a list, not on
 * the C stack. Lines are compared with all open boundaries at once (boundary.c), so the cost does
 * not grow with nesting.
 */
#include <string.h>

#include "mail/parse.h"
#include "mail/transfer.h"

enum { GUESS_BYTES = 16384 }; /* how far a multipart without boundary is searched for one */

struct entity *part_add(struct parser *p, uint32_t parent)
{
    if (p->n >= p->limits->parts) {
        anomaly_note(p->seen, ANOMALY_PART_LIMIT);
        return NULL;
    }
    struct entity *v = arena_grow(p->arena, p->v, &p->cap, p->n + 1, sizeof *v);
    if (v == NULL) {
        p->failed = true;
        return NULL;
    }
    p->v = v;
    struct entity *e = &v[p->n];
    *e = (struct entity){.last_child = PART_NONE};
    e->part.parent = parent;
    e->part.first_child = e->part.next = PART_NONE;
    if (parent != PART_NONE) {
        struct entity *above = &v[parent];
        e->part.depth = (uint16_t)(above->part.depth + 1);
        e->part.message_depth =
            (uint16_t)(above->part.message_depth + (above->part.kind == PART_MESSAGE));
        if (above->last_child == PART_NONE)
            above->part.first_child = p->n;
        else
            v[above->last_child].part.next = p->n;
        above->last_child = p->n;
    }
    p->n++;
    return e;
}

/*
 * A multipart without a part: its boundary never came, or only the closing one. Nothing may get
 * lost: its body is read as text, except that one which claims to be encoded gets a second chance,
 * decoded (encoded_read).
 */
static void multipart_unused(struct parser *p, const struct source *s, uint32_t index)
{
    const struct entity *m = &p->v[index];
    bool again = m->source != s;
    if (m->part.encoding != TRANSFER_7BIT && !again)
        return;
    anomaly_note(p->seen, ANOMALY_BOUNDARY_UNUSED);
    struct entity *e = part_add(p, index);
    if (e == NULL) {
        p->v[index].part.kind = PART_TEXT;
        return;
    }
    m = &p->v[index];
    e->source = s;
    e->from = again ? 0 : m->from;
    e->to = again ? s->bytes.n : m->to;
    e->part.kind = PART_TEXT;
    e->part.type = VIEW("text");
    e->part.subtype = VIEW("plain");
}

/* Gives the open parts that end here their end; only the n_keep outermost multiparts stay open. */
static void parts_end(struct parser *p, const struct source *s, uint32_t n_keep, uint32_t root,
                      size_t end)
{
    uint32_t stop = n_keep > 0 ? p->frames[n_keep - 1].part : root;
    while (p->current != stop && p->current != PART_NONE) {
        struct entity *e = &p->v[p->current];
        e->to = end > e->from ? end : e->from;
        p->current = e->part.parent;
    }
    while (p->n_frames > n_keep) {
        const struct frame *f = &p->frames[--p->n_frames];
        if (!f->seen) {
            multipart_unused(p, s, f->part);
        } else if (!f->closed && !p->truncated) {
            anomaly_note(p->seen, ANOMALY_BOUNDARY_UNCLOSED);
        }
    }
    boundaries_pop(&p->open, n_keep);
}

/* The first line that looks like a delimiter, for a multipart that names none. */
static struct view boundary_guess(struct parser *p, const struct source *s, size_t from)
{
    struct view rest = view_sub(s->bytes, from, from + GUESS_BYTES), line;
    struct boundary_match match;
    while (view_next_line(&rest, &line)) {
        line = view_trim(line);
        if (line.n < 4 || line.p[0] != '-' || line.p[1] != '-')
            continue;
        return boundaries_match(&p->open, line, &match) ? VIEW_NONE : view_sub(line, 2, line.n);
    }
    return VIEW_NONE;
}

static void multipart_push(struct parser *p, uint32_t index, const struct boundary_list *list)
{
    for (uint32_t i = 0; i < list->n; i++)
        p->failed |= !boundaries_push(&p->open, list->v[i], p->n_frames);
    p->frames[p->n_frames++] = (struct frame){
        .part = index,
        .digest = view_eq(p->v[index].part.subtype, VIEW("digest")),
    };
}

static void multipart_open(struct parser *p, uint32_t index, struct boundary_list *found)
{
    struct entity *e = &p->v[index];
    if (found->n == 0) {
        anomaly_note(p->seen, ANOMALY_BOUNDARY_MISSING);
        found->v[0] = boundary_guess(p, e->source, e->from);
        found->n = found->v[0].n > 0;
    }
    if (found->n == 0) {
        e->part.kind = PART_TEXT;
        return;
    }
    for (uint32_t i = 0; i < found->n; i++) {
        if (found->v[i].n > 70 || found->v[i].n < 2)
            anomaly_note(p->seen, ANOMALY_BOUNDARY_ODD);
        if (boundaries_clash(&p->open, found->v[i]))
            anomaly_note(p->seen, ANOMALY_BOUNDARY_NESTED_SAME);
    }
    if (e->part.encoding != TRANSFER_7BIT) {
        struct boundary_list *kept = arena_alloc(p->arena, sizeof *kept);
        p->failed |= kept == NULL;
        if (kept != NULL)
            *kept = *found;
        e->boundaries = kept;
    }
    multipart_push(p, index, found);
}

/* An encoded message/rfc822 is against RFC 2045 6.4, but mail programs decode it. */
static bool encoded_message(const struct entity *e)
{
    struct view body = view_sub(e->source->bytes, e->from, e->source->bytes.n), line, name;
    size_t value;
    if (e->part.encoding == TRANSFER_7BIT || !view_next_line(&body, &line))
        return false;
    if (e->part.encoding == TRANSFER_QUOTED_PRINTABLE)
        return true;
    return !field_begins(line, &name, &value) && line.n > 0;
}

/*
 * Reads the header section of a new part at at, and of the messages that begin right inside it.
 * Returns where the body begins.
 */
static size_t part_open(struct parser *p, const struct source *s, uint32_t parent, size_t at,
                        bool message)
{
    bool digest = p->n_frames > 0 && p->frames[p->n_frames - 1].digest && !message;
    for (;;) {
        struct section section;
        struct boundary_list found;
        struct entity *e = part_add(p, parent);
        if (e == NULL)
            return at;
        uint32_t index = p->current = p->n - 1;
        at = fields_read(p, s, at, s->bytes.n, message, &section);
        e->source = s;
        e->from = e->to = at;
        e->first_header = section.first;
        e->part.n_headers = section.n;
        part_describe(p, index, digest, &found);
        digest = false;
        bool composite = e->part.kind == PART_MULTIPART || e->part.kind == PART_MESSAGE;
        if (composite && e->part.encoding != TRANSFER_7BIT)
            anomaly_note(p->seen, ANOMALY_ENCODING_ON_COMPOSITE);
        if (composite && e->part.depth >= p->limits->nesting) {
            /* Read as one text, so that what stands there in the clear is still judged. */
            anomaly_note(p->seen, ANOMALY_NESTING_LIMIT);
            e->part.kind = PART_TEXT;
            e->part.truncated = true;
            return at;
        }
        if (section.broken_from > 0 && e->part.encoding == TRANSFER_7BIT &&
            e->part.kind == PART_TEXT)
            e->from = section.broken_from;
        if (e->part.kind == PART_MULTIPART)
            multipart_open(p, index, &found);
        if (e->part.kind != PART_MESSAGE || encoded_message(e) || p->failed)
            return at;
        parent = index;
        message = true;
    }
}

/* Body lines are also looked at for what RFC 5322 forbids. */
static void line_check(struct parser *p, const char *line, size_t n)
{
    if (n > 0 && line[n - 1] == '\r')
        n--;
    if (n > 998)
        anomaly_note(p->seen, ANOMALY_LINE_LONG);
    if (n > 0 && memchr(line, '\r', n) != NULL)
        anomaly_note(p->seen, ANOMALY_BARE_CR);
}

/* Where the body ends whose delimiter line begins at at: the line ending before belongs to it. */
static size_t body_end(struct view bytes, size_t at)
{
    if (at > 0 && bytes.p[at - 1] == '\n')
        at--;
    if (at > 0 && bytes.p[at - 1] == '\r')
        at--;
    return at;
}

void tree_read(struct parser *p, const struct source *s, uint32_t parent)
{
    struct view bytes = s->bytes;
    p->n_frames = 0;
    boundaries_init(&p->open, p->arena);
    p->current = parent;
    bool whole = parent == PART_NONE || p->v[parent].part.kind == PART_MESSAGE;
    size_t at = 0;
    if (whole) {
        at = part_open(p, s, parent, 0, true);
    } else {
        multipart_push(p, parent, p->v[parent].boundaries);
    }
    while (at < bytes.n && !p->failed) {
        const char *lf = memchr(bytes.p + at, '\n', bytes.n - at);
        size_t next = lf != NULL ? (size_t)(lf - bytes.p) + 1 : bytes.n;
        struct boundary_match match;
        line_check(p, bytes.p + at, next - at - (lf != NULL));
        if (bytes.p[at] != '-' || !boundaries_match(&p->open, view_sub(bytes, at, next), &match)) {
            at = next;
            continue;
        }
        if (budget_spent(p->limits->budget))
            break;
        if (match.odd)
            anomaly_note(p->seen, ANOMALY_BOUNDARY_ODD);
        if (!match.closing && p->n >= p->limits->parts) {
            anomaly_note(p->seen, ANOMALY_PART_LIMIT);
            at = next; /* the last part takes what follows, so that it is still judged */
            continue;
        }
        parts_end(p, s, match.frame + 1, parent, body_end(bytes, at));
        struct frame *f = &p->frames[match.frame];
        at = next;
        if (match.closing) {
            f->closed = true;
            boundaries_close(&p->open, match.frame);
        } else {
            if (f->closed)
                anomaly_note(p->seen, ANOMALY_BOUNDARY_ODD);
            f->seen = true;
            at = part_open(p, s, f->part, at, false);
        }
    }
    parts_end(p, s, 0, parent, bytes.n);
}
