/* Text that is more than its lines: format=flowed (RFC 3676) and uuencoded files. */
#include <string.h>

#include "mail/parse.h"
#include "mail/transfer.h"

/* Most lines are kept whole: bytes that follow each other are copied together. */
struct stretch {
    struct sink *out;
    size_t from, to;
};

static void stretch_end(struct stretch *s)
{
    if (s->to > s->from)
        sink_copy(s->out, s->from, s->to);
    s->from = s->to;
}

static void stretch_add(struct stretch *s, size_t from, size_t to)
{
    if (from != s->to) {
        stretch_end(s);
        s->from = from;
    }
    s->to = to;
}

void flowed_read(struct parser *p, bool delsp, struct decoded *text)
{
    struct sink out;
    struct stretch kept = {.out = &out};
    sink_init(&out, &p->reader->scratch, text->text.n);
    sink_read(&out, input_of_map(text->text, &text->map));
    struct view rest = text->text, line;
    size_t at = 0, held = 0, before = 0; /* held: where what was held back begins */
    bool open = false;                   /* the line above goes on; before: its quote depth */
    while (view_next_line(&rest, &line)) {
        size_t depth = 0, end = at + line.n, next = text->text.n - rest.n;
        while (depth < line.n && line.p[depth] == '>')
            depth++;
        size_t from = depth + (depth < line.n && line.p[depth] == ' ');
        struct view content = view_sub(line, from, line.n);
        bool signature = view_eq(content, VIEW("-- "));
        bool join = open && depth == before && !signature;
        if (!join && open)
            stretch_add(&kept, held, at);
        /* A quoted line keeps its marks, a plain one loses only the stuffed space. */
        size_t begin = at + (join || depth == 0 ? from : 0);
        open = !signature && content.n > 0 && content.p[content.n - 1] == ' ';
        held = open && delsp ? end - 1 : end;
        stretch_add(&kept, begin, open ? held : next);
        before = depth;
        at = next;
    }
    if (open)
        stretch_add(&kept, held, text->text.n);
    stretch_end(&kept);
    sink_finish(&out, true, &text->text, &text->map);
    p->failed |= out.failed;
}

/* A file that begins at the line at *end; its lines are text[at, *end). */
struct uu_file {
    struct view name;
    size_t from, to; /* what is to be decoded */
    size_t end;      /* after the closing line */
    bool base64, complete;
};

static bool base64_line(struct view line)
{
    size_t n = 0;
    while (n < line.n && (base64_letter((unsigned char)line.p[n]) || line.p[n] == '='))
        n++;
    return n == line.n && n >= 4 && n % 4 == 0;
}

static bool file_at(struct view text, size_t at, struct uu_file *f)
{
    struct view rest = view_sub(text, at, text.n), line;
    size_t lines = 0, n;
    if (!view_next_line(&rest, &line) || !uu_begin(line, &f->name, &f->base64))
        return false;
    f->from = f->base64 ? text.n - rest.n : at;
    f->to = f->end = text.n - rest.n;
    f->complete = false;
    while (view_next_line(&rest, &line)) {
        bool last = view_eq(line, f->base64 ? VIEW("====") : VIEW("end"));
        if (!last && !(f->base64 ? base64_line(line) : uu_line(line, true, &n)))
            break;
        f->end = text.n - rest.n;
        if (last) {
            f->complete = true;
            f->to = f->base64 ? f->to : f->end;
            break;
        }
        f->to = f->end;
        lines++;
    }
    return lines > 0;
}

static void file_add(struct parser *p, uint32_t parent, struct sink *text, const struct uu_file *f)
{
    struct source *s = arena_calloc(p->arena, 1, sizeof *s);
    struct sink file;
    if (s == NULL) {
        p->failed = true;
        return;
    }
    sink_init(&file, p->arena, f->to - f->from);
    sink_read(&file, text->in);
    sink_copy(&file, f->from, f->to);
    sink_finish(&file, false, &s->bytes, &s->map);
    if (file.failed || s->bytes.n == 0) {
        p->failed |= file.failed;
        return;
    }
    if (p->v[parent].part.depth >= p->limits->nesting) {
        anomaly_note(p->seen, ANOMALY_NESTING_LIMIT);
        return;
    }
    struct entity *e = part_add(p, parent);
    if (e == NULL)
        return;
    e->source = s;
    e->to = s->bytes.n;
    e->part.kind = PART_OTHER;
    e->part.type = VIEW("application");
    e->part.subtype = VIEW("octet-stream");
    e->part.encoding = f->base64 ? TRANSFER_BASE64 : TRANSFER_UUENCODE;
    e->part.attachment = true;
    e->part.name = part_name(p, f->name);
}

void uuencode_read(struct parser *p, uint32_t index, struct decoded *text)
{
    struct view v = text->text;
    struct sink out;
    bool any = false;
    size_t at = 0, copied = 0;
    while (at < v.n && !p->failed) {
        struct uu_file f;
        size_t hit = at + view_find(view_sub(v, at, v.n), VIEW("begin"));
        if (hit >= v.n)
            break;
        at = hit + 5;
        if ((hit > 0 && v.p[hit - 1] != '\n') || !file_at(v, hit, &f))
            continue;
        if (!any) {
            sink_init(&out, &p->reader->scratch, v.n);
            sink_read(&out, input_of_map(v, &text->map));
        }
        any = true;
        anomaly_note(p->seen, ANOMALY_UUENCODE);
        if (!f.complete)
            anomaly_note(p->seen, ANOMALY_UUENCODE_BROKEN);
        sink_copy(&out, copied, hit);
        file_add(p, index, &out, &f);
        at = copied = f.end;
    }
    if (!any)
        return;
    if (copied < v.n)
        sink_copy(&out, copied, v.n);
    sink_finish(&out, true, &text->text, &text->map);
    p->failed |= out.failed;
}
