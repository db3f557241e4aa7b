/* Header values: folds undone, encoded-words decoded (RFC 2047), raw 8-bit text guessed. */
#include <string.h>

#include "mail/convert.h"
#include "mail/parse.h"
#include "mail/transfer.h"

struct words {
    struct mail_reader *reader;
    struct convert convert;
    struct view raw;
    struct input in;
    struct sink out;
    /* Bytes of adjacent words in one charset: a character may be cut over two of them. */
    struct sink bytes;
    struct view charset;
    bool pending;
    struct base64 base64;
    size_t next_end; /* the next "?=", so that searching is linear */
    size_t text_end; /* of the last encoded-word */
};

/* One "=?charset?e?text?=". */
struct word {
    struct view charset;
    char encoding; /* 'b' or 'q' */
    size_t from, to, next;
    bool broken;
};

static size_t find_from(struct view raw, const char *what, size_t at)
{
    return at + view_find(view_sub(raw, at, raw.n), view_of(what));
}

static bool word_read(struct words *w, size_t at, struct word *out)
{
    struct view raw = w->raw;
    size_t i = at + 2, most = i + CHARSET_NAME_MAX + 20;
    while (i < raw.n && i < most && raw.p[i] != '?' && !ascii_is_space((unsigned char)raw.p[i]))
        i++;
    if (i + 2 >= raw.n || i == at + 2 || raw.p[i] != '?' || raw.p[i + 2] != '?')
        return false;
    out->charset = view_sub(raw, at + 2, i);
    out->charset.n = view_find_byte(out->charset, '*'); /* RFC 2231 5: language */
    out->encoding = (char)ascii_lower((unsigned char)raw.p[i + 1]);
    if (out->encoding != 'b' && out->encoding != 'q')
        return false;
    out->from = i + 3;
    out->broken = false;
    if (w->next_end < out->from)
        w->next_end = find_from(raw, "?=", out->from);
    size_t end = w->next_end;
    out->to = end;
    out->next = end < raw.n ? end + 2 : raw.n;
    /* Another word that begins before this one ends: this one was never closed. */
    struct view text = view_sub(raw, out->from, end < raw.n && end > 0 ? end - 1 : raw.n);
    size_t inner = view_find(text, VIEW("=?"));
    if (inner < text.n || end >= raw.n) {
        size_t stop = 0;
        while (stop < inner && !ascii_is_space((unsigned char)text.p[stop]))
            stop++;
        out->broken = true;
        out->to = out->next = out->from + stop;
    }
    return true;
}

static void flush(struct words *w)
{
    struct decoded d;
    if (!w->pending)
        return;
    base64_end(&w->base64, &w->bytes, w->text_end);
    sink_finish(&w->bytes, false, &d.text, &d.map);
    w->out.failed |= w->bytes.failed;
    w->pending = false;
    if (d.text.n == 0 || w->out.failed)
        return;
    struct input before = w->out.in;
    w->convert.declared = true;
    sink_read(&w->out, input_of_map(d.text, &d.map));
    convert_text(&w->convert, convert_choose(&w->convert, d.text, w->charset), &w->out);
    sink_read(&w->out, before);
}

static void q_add(struct sink *out, size_t from, size_t to, bool *broken)
{
    const char *p = out->in.bytes.p;
    for (size_t i = from; i < to && !sink_stopped(out);) {
        size_t start = i;
        while (i < to && p[i] != '_' && p[i] != '=' && p[i] != '\r' && p[i] != '\n')
            i++;
        sink_copy(out, start, i);
        if (i >= to)
            break;
        /* A fold: only its line end is none of the text. */
        if (p[i] == '\r' || p[i] == '\n') {
            i++;
            continue;
        }
        int high = i + 2 < to ? hex_value((unsigned char)p[i + 1]) : -1;
        int low = high >= 0 ? hex_value((unsigned char)p[i + 2]) : -1;
        if (p[i] == '_') {
            sink_put(out, " ", 1, i, i + 1);
            i++;
        } else if (low >= 0) {
            char byte = (char)(high << 4 | low);
            sink_put(out, &byte, 1, i, i + 3);
            i += 3;
        } else {
            *broken = true;
            sink_copy(out, i, i + 1);
            i++;
        }
    }
}

static void word_add(struct words *w, const struct word *word)
{
    bool broken = word->broken;
    if (w->pending && !view_eq_nocase(w->charset, word->charset))
        flush(w);
    if (!w->pending) {
        sink_init(&w->bytes, &w->reader->scratch, w->raw.n);
        sink_read(&w->bytes, w->in);
        w->base64 = (struct base64){0};
    }
    w->pending = true;
    w->charset = word->charset;
    if (word->encoding == 'b') {
        /* Some programs cut a base64 text without regard to its groups: an open one goes on. */
        if (w->base64.padded)
            w->base64 = (struct base64){0};
        base64_add(&w->base64, &w->bytes, word->from, word->to);
        broken |= w->base64.foreign;
    } else {
        base64_end(&w->base64, &w->bytes, word->from);
        q_add(&w->bytes, word->from, word->to, &broken);
    }
    w->text_end = word->to;
    if (broken)
        anomaly_note(w->convert.seen, ANOMALY_ENCODED_WORD_BROKEN);
}

/* Text outside of encoded-words; a fold becomes one space. */
static void plain_add(struct words *w, size_t from, size_t to)
{
    struct view raw = w->raw;
    w->convert.declared = false;
    const struct charset *set = convert_choose(&w->convert, view_sub(raw, from, to), VIEW_NONE);
    while (from < to) {
        size_t end = from;
        while (end < to && raw.p[end] != '\r' && raw.p[end] != '\n')
            end++;
        struct input in = w->in;
        in.bytes = view_sub(raw, from, end);
        in.base += (uint32_t)from;
        sink_read(&w->out, in);
        convert_text(&w->convert, set, &w->out);
        sink_read(&w->out, w->in);
        size_t next = end;
        while (next < to && ascii_is_space((unsigned char)raw.p[next]))
            next++;
        if (next > end)
            sink_put(&w->out, " ", 1, end, next);
        from = next;
    }
}

static bool blank(struct view v)
{
    return view_trim(v).n == 0;
}

static enum status words_decode(struct mail_reader *reader, struct input in, struct arena *arena,
                                struct anomalies *seen, struct decoded *out)
{
    struct anomalies unseen = {0};
    struct view raw = in.bytes;
    size_t lead = 0;
    while (lead < raw.n && ascii_is_space((unsigned char)raw.p[lead]))
        lead++;
    in.bytes = view_trim(raw);
    in.base += (uint32_t)lead;
    raw = in.bytes;
    struct words w = {.reader = reader, .raw = raw, .in = in};
    w.convert = (struct convert){
        .charsets = &reader->charsets,
        .seen = seen != NULL ? seen : &unseen,
        .mode = CONVERT_HEADER,
    };
    sink_init(&w.out, arena, UINT32_MAX);
    sink_read(&w.out, in);
    size_t done = 0, at = 0;
    while (at < raw.n && !sink_stopped(&w.out)) {
        struct word word;
        size_t hit = find_from(raw, "=?", at);
        if (hit >= raw.n)
            break;
        if (!word_read(&w, hit, &word)) {
            at = hit + 2;
            continue;
        }
        /* White space between two words is not text. */
        if (hit > done && !(w.pending && blank(view_sub(raw, done, hit)))) {
            flush(&w);
            plain_add(&w, done, hit);
        }
        word_add(&w, &word);
        at = done = word.next;
    }
    flush(&w);
    if (done < raw.n)
        plain_add(&w, done, raw.n);
    sink_finish(&w.out, true, &out->text, &out->map);
    if (out->text.p == NULL)
        out->text = VIEW("");
    return w.out.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status header_decode(struct mail_reader *reader, const struct header *h, struct arena *arena,
                          struct anomalies *seen, struct decoded *out)
{
    struct input in = input_of_map(h->raw, NULL);
    in.base = h->offset;
    if (h->source != NULL) {
        size_t from = (size_t)(h->raw.p - h->source->bytes.p);
        in = input_of_source(h->source, from, from + h->raw.n);
    }
    enum status status = words_decode(reader, in, arena, seen, out);
    arena_reset(&reader->scratch);
    return status;
}

struct view value_decode(struct mail_reader *reader, struct view raw, struct arena *arena,
                         struct anomalies *seen)
{
    struct decoded d;
    enum status status = words_decode(reader, input_of_map(raw, NULL), arena, seen, &d);
    return status == STATUS_OK ? d.text : VIEW_NONE;
}
