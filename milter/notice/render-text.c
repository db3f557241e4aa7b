/* A notice as plain text, wrapped for any mail program. */
#include "notice/render.h"

enum { TEXT_WIDTH = 72 };

static bool hangul(uint32_t cp)
{
    return cp >= 0xAC00 && cp <= 0xD7A3;
}

/* Columns as a terminal or mail program shows them: CJK takes two. */
static unsigned width_of(uint32_t cp)
{
    return hangul(cp) || text_cjk(cp) || (cp >= 0x3000 && cp <= 0x30FF) ||
                   (cp >= 0xFF00 && cp <= 0xFF60)
               ? 2
               : 1;
}

/* Where a line of at most width columns may end; the whole word when none fits. */
static size_t line_end(struct view v, unsigned width)
{
    unsigned columns = 0;
    size_t best = 0;
    for (size_t i = 0; i < v.n;) {
        uint32_t cp;
        size_t n = utf8_decode(v.p + i, v.n - i, &cp);
        unsigned w = width_of(cp);
        if (cp == ' ')
            best = i;
        if (columns + w > width && best > 0)
            return best;
        /* No line begins with a closing mark. */
        bool closing = cp == 0x3001 || cp == 0x3002 || cp == 0x300D || cp == 0x30FC ||
                       cp == 0xFF09 || cp == 0xFF0C || cp == 0xFF1A;
        /* Korean has spaces between its words. */
        if (w == 2 && i > 0 && !closing && !hangul(cp))
            best = i;
        columns += w;
        i += n;
    }
    return v.n;
}

static enum status fill(struct buf *out, const char *first, const char *indent, struct view text)
{
    enum status status = buf_addf(out, "%s", first);
    unsigned width = TEXT_WIDTH - (unsigned)view_of(indent).n;
    while (text.n > 0 && status == STATUS_OK) {
        size_t n = line_end(text, width);
        status = buf_addf(out, "%.*s\n", (int)n, text.p);
        text = view_trim(view_sub(text, n, text.n));
        if (text.n > 0 && status == STATUS_OK)
            status = buf_addf(out, "%s", indent);
    }
    return status;
}

static enum status line_add(struct buf *out, const struct contact_line *l)
{
    struct buf b;
    buf_init(&b, NOTICE_BYTES_MAX);
    enum status status = buf_add(&b, l->label);
    if (status == STATUS_OK && l->name.n > 0)
        status = buf_addf(&b, " %.*s", VIEW_ARG(l->name));
    if (status == STATUS_OK && l->phone.n > 0)
        status = buf_addf(&b, "%s %.*s", l->name.n > 0 ? "," : "", VIEW_ARG(l->phone));
    if (status == STATUS_OK && l->hours.n > 0)
        status = buf_addf(&b, " (%.*s)", VIEW_ARG(l->hours));
    if (status == STATUS_OK)
        status = fill(out, "- ", "  ", buf_view(&b));
    buf_fini(&b);
    /* On its own line: a wrapped address is none that can be followed. */
    return status == STATUS_OK && l->url.n > 0 ? buf_addf(out, "  %.*s\n", VIEW_ARG(l->url))
                                               : status;
}

enum status section_text(struct buf *out, const struct section *s)
{
    const struct template *t = s->words;
    enum status status = fill(out, "", "", s->title);
    if (status == STATUS_OK)
        status = buf_add_byte(out, '\n');
    if (status == STATUS_OK)
        status = fill(out, "", "", s->lead);
    if (status == STATUS_OK)
        status = buf_add_byte(out, '\n');
    for (unsigned i = 0; i < s->group->n_steps && status == STATUS_OK; i++) {
        char number[8] = {(char)('1' + i), '.', ' ', '\0'};
        status = fill(out, number, "   ", view_of(s->group->steps[i]));
    }
    if (status == STATUS_OK)
        status = buf_add_byte(out, '\n');
    if (status == STATUS_OK)
        status = fill(out, "", "", view_of(t->words[WORD_CONTACTS]));
    for (unsigned i = 0; i < s->n_lines && status == STATUS_OK; i++)
        status = line_add(out, &s->lines[i]);
    const struct view rest[] = {view_of(t->words[WORD_PAID]), s->quote, s->footer};
    for (size_t i = 0; i < sizeof rest / sizeof rest[0] && status == STATUS_OK; i++) {
        status = buf_add_byte(out, '\n');
        if (status == STATUS_OK)
            status = fill(out, "", "", rest[i]);
    }
    /* Where the notice ends and the next language or the message begins. */
    return status == STATUS_OK ? buf_addf(out, "________________________________________\n")
                               : status;
}
