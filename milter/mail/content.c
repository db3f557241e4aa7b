/* What the parts hold: text decoded, other content recognised. */
#include <string.h>

#include "mail/convert.h"
#include "mail/parse.h"
#include "mail/transfer.h"

enum { PREFIX_BYTES = MAGIC_BYTES }; /* of an attachment; enough for every signature */

static struct input entity_input(const struct entity *e)
{
    return input_of_source(e->source, e->from, e->to);
}

/* Transfer decoding into scratch. False when memory is out. */
static bool decode(struct parser *p, const struct entity *e, size_t max, struct anomalies *seen,
                   struct decoded *out)
{
    struct sink sink;
    sink_init(&sink, &p->reader->scratch, max);
    sink_read(&sink, entity_input(e));
    transfer_decode(e->part.encoding, &sink, seen);
    sink_finish(&sink, false, &out->text, &out->map);
    p->failed |= sink.failed;
    return !sink.failed;
}

/* Moves text from scratch to the message's arena. False when memory is out. */
static bool keep(struct parser *p, struct decoded *d, bool borrowed)
{
    struct spanmap_run *run = arena_alloc(p->arena, d->map.n * sizeof *run);
    if (run == NULL)
        return false;
    if (d->map.n > 0)
        memcpy(run, d->map.run, d->map.n * sizeof *run);
    d->map = (struct spanmap){.run = run, .n = d->map.n, .cap = d->map.n, .arena = p->arena};
    if (!borrowed)
        d->text = arena_copy(p->arena, d->text);
    return d->text.p != NULL || d->text.n == 0;
}

/* A mail that was attached as a plain file: "application/octet-stream; name=letter.eml". */
static bool message_file(struct parser *p, const struct entity *e)
{
    struct decoded prefix;
    struct view line, name;
    size_t value;
    return e->part.kind == PART_OTHER && view_ends_nocase(e->part.name, VIEW(".eml")) &&
           e->part.depth < p->limits->nesting && decode(p, e, PREFIX_BYTES, NULL, &prefix) &&
           view_next_line(&prefix.text, &line) && field_begins(line, &name, &value) &&
           field_known(name);
}

void encoded_read(struct parser *p)
{
    for (uint32_t i = 0; i < p->n && !p->failed && !budget_spent(p->limits->budget); i++) {
        const struct entity *e = &p->v[i];
        bool composite = (e->part.kind == PART_MULTIPART || e->part.kind == PART_MESSAGE) &&
                         e->part.encoding != TRANSFER_7BIT && e->part.first_child == PART_NONE;
        bool file = !composite && message_file(p, e);
        if (!composite && !file)
            continue;
        struct sink sink;
        struct decoded d;
        struct source *s = arena_calloc(p->arena, 1, sizeof *s);
        sink_init(&sink, &p->reader->scratch, p->decoded_left);
        sink_read(&sink, entity_input(e));
        transfer_decode(e->part.encoding, &sink, p->seen);
        sink_finish(&sink, false, &d.text, &d.map);
        if (s == NULL || sink.failed || !keep(p, &d, false)) {
            p->failed = true;
            return;
        }
        if (sink.full)
            anomaly_note(p->seen, ANOMALY_DECODED_LIMIT);
        struct part *part = &p->v[i].part;
        part->truncated |= sink.full;
        part->decoded_bytes = (uint32_t)d.text.n;
        part->kind = file ? PART_MESSAGE : d.text.n > 0 ? part->kind : PART_OTHER;
        p->decoded_left -= (uint32_t)d.text.n;
        *s = (struct source){d.text, d.map};
        if (d.text.n > 0)
            tree_read(p, s, i);
        arena_reset(&p->reader->scratch);
    }
}

/*
 * The charset stage. Text that needs no change is borrowed from the message when it can be: most
 * mail is ASCII or UTF-8, and its text then costs no memory.
 */
static bool convert(struct parser *p, struct entity *e, const struct decoded *raw,
                    struct decoded *out)
{
    bool decoded = e->part.encoding != TRANSFER_7BIT;
    struct input in = decoded ? input_of_map(raw->text, &raw->map) : entity_input(e);
    struct convert c = {
        .charsets = &p->reader->charsets,
        .seen = p->seen,
        .mode = CONVERT_BODY,
        .declared = e->part.charset.n > 0,
        .html = e->part.html,
    };
    const struct charset *set = convert_choose(&c, in.bytes, e->part.charset);
    if (set->kind != CHARSET_UTF16 && set->kind != CHARSET_UTF32 && in.bytes.n > 0 &&
        memchr(in.bytes.p, '\0', in.bytes.n) != NULL)
        anomaly_note(p->seen, ANOMALY_BODY_NUL);
    if (set->kind == CHARSET_UTF8 && in.bytes.n >= 3 &&
        memcmp(in.bytes.p, "\xEF\xBB\xBF", 3) == 0) {
        in.bytes = view_sub(in.bytes, 3, in.bytes.n);
        in.base += 3;
    }
    if (set->kind == CHARSET_UTF8 && in.bytes.n <= p->decoded_left &&
        convert_plain_prefix(in.bytes) == in.bytes.n) {
        bool straight = in.n_runs == 1 && in.run->out_unit == 1 && in.run->src_unit == 1;
        *out = (struct decoded){.text = in.bytes, .map = raw->map};
        if (straight)
            spanmap_init(&out->map, &p->reader->scratch);
        if (straight && in.bytes.n > 0 && !spanmap_add(&out->map, 0, in.run->src + in.base, 1, 1))
            return false;
        if (straight || (in.base == 0 && decoded)) {
            p->decoded_left -= (uint32_t)in.bytes.n;
            return true;
        }
    }
    struct sink sink;
    sink_init(&sink, &p->reader->scratch, p->decoded_left);
    sink_read(&sink, in);
    convert_text(&c, set, &sink);
    sink_finish(&sink, true, &out->text, &out->map);
    if (sink.full) {
        anomaly_note(p->seen, ANOMALY_DECODED_LIMIT);
        e->part.truncated = true;
    }
    p->decoded_left -= sink.full ? p->decoded_left : (uint32_t)out->text.n;
    return !sink.failed;
}

/*
 * Text that is no text: a file that calls itself text/plain. It must look binary; a signature is
 * not enough, since a letter may begin with "GIF89a". What the reader is shown inline as text is
 * never taken for anything else.
 */
static bool binary(struct parser *p, const struct entity *e, struct view bytes)
{
    struct view head = view_sub(bytes, 0, PREFIX_BYTES);
    bool shown = !e->part.attachment && (e->typed || e->part.name.n == 0);
    if ((shown && signature_find(head).n == 0) || looks_like_text(head) ||
        view_starts_nocase(e->part.charset, VIEW("utf-16")) ||
        view_starts_nocase(e->part.charset, VIEW("utf-32")))
        return false;
    if (shown)
        anomaly_note(p->seen, ANOMALY_TYPE_MISMATCH);
    return !shown;
}

/*
 * HTML under another name. Text that is declared plain is shown as it is, so it counts as HTML only
 * when nothing in it would be hidden by reading it so.
 */
static bool really_html(const struct entity *e, struct view text)
{
    static const struct view hiding[] = {
        VIEW_LITERAL("<!--"),      VIEW_LITERAL("<style"), VIEW_LITERAL("<script"),
        VIEW_LITERAL("<template"), VIEW_LITERAL("<title"), VIEW_LITERAL("display"),
    };
    if (!looks_like_html(text))
        return false;
    for (size_t i = 0; e->typed && i < sizeof hiding / sizeof hiding[0]; i++)
        if (view_find_nocase(text, hiding[i]) < text.n)
            return false;
    return true;
}

static void text_read(struct parser *p, uint32_t index)
{
    struct entity *e = &p->v[index];
    struct decoded raw = {.text = entity_input(e).bytes}, text;
    if (e->part.encoding != TRANSFER_7BIT && !decode(p, e, UINT32_MAX, p->seen, &raw))
        return;
    e->part.decoded_bytes = (uint32_t)raw.text.n;
    if (binary(p, e, raw.text)) {
        e->part.kind = PART_OTHER;
        e->part.html = e->part.flowed = false;
        return;
    }
    if (!convert(p, e, &raw, &text)) {
        p->failed = true;
        return;
    }
    if (name_runs(e->part.name))
        anomaly_note(p->seen, ANOMALY_ATTACHMENT_EXECUTABLE);
    e->part.html = e->part.html || really_html(e, text.text);
    if (!e->part.html) {
        bool delsp = e->delsp, flowed = e->part.flowed;
        uuencode_read(p, index, &text);
        if (flowed)
            flowed_read(p, delsp, &text);
        if (view_find(text.text, VIEW("-----BEGIN PGP MESSAGE-----")) < text.text.n)
            anomaly_note(p->seen, ANOMALY_ENCRYPTED);
    }
    const char *from = p->v[index].source->bytes.p;
    uintptr_t low = (uintptr_t)from, at = (uintptr_t)text.text.p;
    bool borrowed = text.text.n == 0 || (at >= low && at < low + p->v[index].source->bytes.n);
    if (text.text.n == 0)
        text.text = VIEW("");
    if (keep(p, &text, borrowed))
        p->v[index].part.content = text;
    else
        p->failed = true;
}

/* A generic or missing type under a name that promises text. */
static bool named_text(const struct part *part, struct view prefix, bool *html)
{
    static const struct view generic[] = {
        VIEW_LITERAL("octet-stream"), VIEW_LITERAL("x-download"), VIEW_LITERAL("force-download"),
        VIEW_LITERAL("x-unknown"),    VIEW_LITERAL("unknown"),    VIEW_LITERAL("html"),
        VIEW_LITERAL("txt"),          VIEW_LITERAL("text"),       VIEW_LITERAL("plain"),
        VIEW_LITERAL("download"),     VIEW_LITERAL("binary"),     VIEW_LITERAL("x-html"),
    };
    *html = view_ends_nocase(part->name, VIEW(".html")) ||
            view_ends_nocase(part->name, VIEW(".htm")) ||
            view_ends_nocase(part->name, VIEW(".xhtml")) ||
            view_ends_nocase(part->name, VIEW(".shtml"));
    if (!*html && !view_ends_nocase(part->name, VIEW(".txt")) &&
        !view_ends_nocase(part->name, VIEW(".text")))
        return false;
    if (view_eq(part->type, VIEW("application"))) {
        bool known = false;
        for (size_t i = 0; i < sizeof generic / sizeof generic[0]; i++)
            known |= view_eq(part->subtype, generic[i]);
        if (!known)
            return false;
    }
    return looks_like_text(prefix) || looks_like_html(prefix);
}

static void named_text_read(struct parser *p, uint32_t index)
{
    struct decoded prefix;
    bool html;
    struct entity *e = &p->v[index];
    if (e->part.name.n == 0 || !decode(p, e, PREFIX_BYTES, NULL, &prefix) ||
        !named_text(&e->part, prefix.text, &html))
        return;
    e->part.kind = PART_TEXT;
    e->part.html = html;
    text_read(p, index);
}

static void other_read(struct parser *p, uint32_t index)
{
    struct decoded prefix;
    struct entity *e = &p->v[index];
    if (p->failed || !decode(p, e, PREFIX_BYTES, NULL, &prefix))
        return;
    e->part.decoded_bytes = transfer_size(e->part.encoding, e->part.encoded);
    attachment_read(p, &e->part, prefix.text);
}

static void place(struct entity *e)
{
    struct span span = {(uint32_t)e->from, (uint32_t)e->to};
    e->part.body = spanmap_span(&e->source->map, span);
    e->part.encoded = view_sub(e->source->bytes, e->from, e->to);
}

void contents_read(struct parser *p)
{
    uint32_t n = p->n;
    for (uint32_t i = 0; i < n; i++)
        place(&p->v[i]);
    for (uint32_t i = 0; i < p->n && !p->failed && !budget_spent(p->limits->budget); i++) {
        if (i >= n)
            place(&p->v[i]); /* a file found inside a text */
        if (p->v[i].part.kind == PART_TEXT)
            text_read(p, i); /* or finds that it is none */
        else if (p->v[i].part.kind == PART_OTHER)
            named_text_read(p, i);
        if (p->v[i].part.kind == PART_OTHER)
            other_read(p, i);
        arena_reset(&p->reader->scratch);
    }
}
