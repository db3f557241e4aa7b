/*
 * One header field with any value: as text, as addresses, as a type with parameters. A value that
 * is folded elsewhere reads the same.
 */
#include "fuzz.h"
#include "mail/mail.h"

static const char *const names[] = {"Subject",
                                    "From",
                                    "To",
                                    "Reply-To",
                                    "Content-Type",
                                    "Content-Disposition",
                                    "Content-Transfer-Encoding",
                                    "Date",
                                    "Received",
                                    "X-Any"};
enum { NAMES = sizeof names / sizeof names[0], BOXES = 8 };

/* What a field says, by all functions that read one. */
struct reading {
    struct message message;
    struct decoded text;
    struct mailbox boxes[BOXES];
    uint32_t n_boxes;
};

static void field_read(struct mail_reader *reader, struct view raw, struct arena *arena,
                       struct reading *out)
{
    const struct limits limits = limits_default();
    REQUIRE(message_parse(reader, raw, &limits, arena, &out->message) == STATUS_OK);
    const struct part *top = &out->message.parts[0];
    REQUIRE(top->n_headers >= 1);
    REQUIRE(header_decode(reader, &top->headers[0], arena, NULL, &out->text) == STATUS_OK);
    out->n_boxes = header_mailboxes(reader, &top->headers[0], arena, out->boxes, BOXES);
    REQUIRE(out->n_boxes <= BOXES);
    REQUIRE(utf8_valid(out->text.text) && utf8_valid(top->name));
    for (uint32_t i = 0; i < out->n_boxes; i++) {
        REQUIRE(utf8_valid(out->boxes[i].address) && utf8_valid(out->boxes[i].display));
        REQUIRE(out->boxes[i].address.n + out->boxes[i].display.n <= 12 * raw.n);
    }
    for (uint32_t i = 0; i < out->text.text.n; i++) {
        struct span s = spanmap_span(&out->text.map, (struct span){i, i + 1});
        REQUIRE(s.from <= s.to && s.to <= raw.n);
    }
}

/* But for how many spaces stand between. */
static bool same_words(struct view a, struct view b)
{
    size_t i = 0, k = 0;
    for (;;) {
        bool gap_a = false, gap_b = false;
        for (; i < a.n && ascii_is_space((unsigned char)a.p[i]); i++)
            gap_a = true;
        for (; k < b.n && ascii_is_space((unsigned char)b.p[k]); k++)
            gap_b = true;
        if (gap_a != gap_b)
            return false;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if (a.p[i++] != b.p[k++])
            return false;
    }
}

static void same(const struct reading *a, const struct reading *b)
{
    const struct part *p = &a->message.parts[0], *q = &b->message.parts[0];
    REQUIRE(same_words(a->text.text, b->text.text));
    REQUIRE(a->n_boxes == b->n_boxes);
    for (uint32_t i = 0; i < a->n_boxes; i++)
        REQUIRE(view_eq(a->boxes[i].address, b->boxes[i].address) &&
                same_words(a->boxes[i].display, b->boxes[i].display));
    REQUIRE(p->kind == q->kind && p->encoding == q->encoding && p->attachment == q->attachment);
    REQUIRE(view_eq(p->type, q->type) && view_eq(p->subtype, q->subtype));
    REQUIRE(view_eq(p->charset, q->charset) && same_words(p->name, q->name));
}

/* Escape sequences of ISO-2022 end with their line, and other controls are no text. */
static bool printable(struct view v)
{
    for (size_t i = 0; i < v.n; i++)
        if ((unsigned char)v.p[i] < 32)
            return false;
    return true;
}

/* "Name: value", folded at its k-th space that stands alone (0: not folded), and a short body. */
static bool field_write(struct buf *out, const char *name, struct view value, unsigned k)
{
    bool folded = false, inside = false; /* of what may be an encoded word: broken ones differ */
    buf_clear(out);
    REQUIRE(buf_addf(out, "%s: ", name) == STATUS_OK);
    for (size_t i = 0; i < value.n; i++) {
        struct view rest = view_sub(value, i, value.n);
        inside = (inside || view_starts_nocase(rest, VIEW("=?"))) &&
                 !(i > 1 && value.p[i - 2] == '?' && value.p[i - 1] == '=');
        bool alone = i > 0 && i + 1 < value.n && value.p[i] == ' ' && value.p[i - 1] != ' ' &&
                     value.p[i + 1] != ' ' && !inside;
        if (alone && k > 0 && --k == 0) {
            folded = true;
            REQUIRE(buf_add(out, VIEW("\r\n")) == STATUS_OK);
        }
        REQUIRE(buf_add_byte(out, value.p[i]) == STATUS_OK);
    }
    REQUIRE(buf_add(out, VIEW("\r\n\r\nbody\r\n")) == STATUS_OK);
    return folded;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mail_reader *reader;
    if (reader == NULL)
        REQUIRE(mail_reader_new(&reader) == STATUS_OK);
    struct fuzz_input in = {data, size};
    const char *name = names[fuzz_byte(&in) % NAMES];
    unsigned fold = fuzz_byte(&in) % 16 + 1;
    struct view value = {(const char *)in.p, in.n};
    struct buf plain, folded;
    struct arena arena;
    struct reading a, b;
    buf_init(&plain, 1 << 21);
    buf_init(&folded, 1 << 21);
    arena_init(&arena, 1 << 26);
    (void)field_write(&plain, name, value, 0);
    field_read(reader, buf_view(&plain), &arena, &a);
    if (printable(value) && value.n < 60000 && field_write(&folded, name, value, fold)) {
        field_read(reader, buf_view(&folded), &arena, &b);
        same(&a, &b);
    }
    arena_fini(&arena);
    buf_fini(&plain);
    buf_fini(&folded);
    return 0;
}
