/*
 * A notice as HTML: real text, inline styles that a hostile style sheet cannot override (an inline
 * !important wins over every rule of a sheet), no class, no id, no image, nothing fetched.
 */
#include "notice/render.h"

/*
 * Against the style sheet of the letter; a page of our own has none. "all" undoes whatever there is
 * but the direction; what follows is for programs that do not know it.
 */
#define SHIELD(direction)                                                                          \
    "all:initial!important;direction:" direction "!important;"                                     \
    "unicode-bidi:isolate!important;visibility:visible!important;opacity:1!important;"             \
    "position:static!important;"                                                                   \
    "float:none!important;transform:none!important;clip:auto!important;clip-path:none!important;"  \
    "filter:none!important;height:auto!important;max-height:none!important;"                       \
    "width:auto!important;overflow:visible!important;"                                             \
    "text-indent:0!important;letter-spacing:normal!important;word-spacing:normal!important;"       \
    "text-transform:none!important;text-shadow:none!important;\n"
/* #1b1b1b on #f4f6f8: contrast 15:1; #0b4f8a on #f4f6f8: 7.8:1. */
#define FONT                                                                                       \
    "font-family:sans-serif!important;font-weight:400!important;font-style:normal!important;"      \
    "line-height:1.45!important;color:#1b1b1b!important;background:#f4f6f8!important;"             \
    "text-decoration:none!important;\n"
#define BLOCK "display:block!important;" FONT

#define STYLE_BOX                                                                                  \
    BLOCK "max-width:44em!important;min-width:15em!important;"                                     \
          "margin:0 0 16px 0!important;padding:14px 18px!important;"                               \
          "border:1px solid #5b6b7a!important;font-size:16px!important;"                           \
          "text-align:start!important;order:-1!important;z-index:auto!important;"
#define BOLD "font-weight:700!important;"
#define STYLE_HEAD                                                                                 \
    BLOCK BOLD "font-size:19px!important;margin:0 0 8px 0!important;padding:0!important;"
#define STYLE_P BLOCK "font-size:16px!important;margin:0 0 10px 0!important;padding:0!important;"
#define STYLE_WHO                                                                                  \
    BLOCK BOLD "font-size:16px!important;margin:12px 0 6px 0!important;padding:0!important;"
#define STYLE_SMALL BLOCK "font-size:14px!important;margin:0 0 6px 0!important;padding:0!important;"
#define STYLE_LIST                                                                                 \
    BLOCK "font-size:16px!important;margin:0 0 10px 0!important;"                                  \
          "padding-inline-start:26px!important;padding-top:0!important;"
#define STYLE_ITEM                                                                                 \
    "display:list-item!important;list-style:inherit!important;" FONT                               \
    "font-size:16px!important;margin:0 0 4px 0!important;padding:0!important;"
#define STYLE_LINK                                                                                 \
    "display:inline!important;" FONT                                                               \
    "font-size:16px!important;color:#0b4f8a!important;text-decoration:underline!important;"
#define STYLE_STRONG                                                                               \
    "display:inline!important;" FONT BOLD "font-size:16px!important;white-space:nowrap!important;"

/* Text of ours and of the operator: nothing in it may become markup. */
static enum status escape(struct buf *out, struct view v)
{
    enum status status = STATUS_OK;
    while (v.n > 0 && status == STATUS_OK) {
        size_t n = 0;
        while (n < v.n && v.p[n] != '<' && v.p[n] != '>' && v.p[n] != '&' && v.p[n] != '"')
            n++;
        status = buf_add(out, view_sub(v, 0, n));
        if (n == v.n || status != STATUS_OK)
            break;
        status = buf_addf(out, "&#%u;", (unsigned)(unsigned char)v.p[n]);
        v = view_sub(v, n + 1, v.n);
    }
    return status;
}

static enum status element(struct buf *out, const char *name, const char *style, const char *shield,
                           struct view text)
{
    enum status status = buf_addf(out, "<%s style=\"%s%s\">", name, shield, style);
    if (status == STATUS_OK)
        status = escape(out, text);
    return status == STATUS_OK ? buf_addf(out, "</%s>\n", name) : status;
}

static enum status line_html(struct buf *out, const struct contact_line *l, const char *shield)
{
    const char *ltr = shield[0] != '\0' ? SHIELD("ltr") : "";
    enum status status = buf_addf(out, "<li style=\"%s%s\">", shield, STYLE_ITEM);
    if (status == STATUS_OK)
        status = escape(out, l->label);
    if (status == STATUS_OK && l->name.n > 0) {
        status = buf_add_byte(out, ' ');
        if (status == STATUS_OK)
            status = escape(out, l->name);
    }
    if (status == STATUS_OK && l->phone.n > 0) {
        /* A number reads from left to right in any script. */
        status = buf_addf(out, "%s <strong dir=\"ltr\" style=\"%s%s\">", l->name.n > 0 ? "," : "",
                          ltr, STYLE_STRONG);
        if (status == STATUS_OK)
            status = escape(out, l->phone);
        if (status == STATUS_OK)
            status = buf_addf(out, "</strong>");
    }
    if (status == STATUS_OK && l->hours.n > 0) {
        status = buf_addf(out, " (");
        if (status == STATUS_OK)
            status = escape(out, l->hours);
        if (status == STATUS_OK)
            status = buf_add_byte(out, ')');
    }
    if (status == STATUS_OK && l->url.n > 0) {
        status = buf_addf(out, ", <a dir=\"ltr\" href=\"");
        if (status == STATUS_OK)
            status = escape(out, l->url);
        if (status == STATUS_OK)
            status = buf_addf(out, "\" style=\"%s%s\">", ltr, STYLE_LINK);
        bool address = view_starts_nocase(l->url, VIEW("mailto:"));
        if (status == STATUS_OK)
            status = escape(out, view_sub(l->url, address ? 7 : 0, l->url.n));
        if (status == STATUS_OK)
            status = buf_addf(out, "</a>");
    }
    return status == STATUS_OK ? buf_addf(out, "</li>\n") : status;
}

static enum status section_html(struct buf *out, const struct section *s, bool shielded)
{
    const char *shield = !shielded ? "" : s->words->right_to_left ? SHIELD("rtl") : SHIELD("ltr");
    const struct template *t = s->words;
    enum status status =
        buf_addf(out, "<div role=\"note\" lang=\"%s\" dir=\"%s\" style=\"%s%s\">\n", t->language,
                 t->right_to_left ? "rtl" : "ltr", shield, STYLE_BOX);
    if (status == STATUS_OK)
        status = element(out, "h1", STYLE_HEAD, shield, s->title);
    if (status == STATUS_OK)
        status = element(out, "p", STYLE_P, shield, s->lead);
    if (status == STATUS_OK)
        status = buf_addf(out, "<ol style=\"%s%slist-style:decimal outside!important;\">\n", shield,
                          STYLE_LIST);
    for (unsigned i = 0; i < s->group->n_steps && status == STATUS_OK; i++)
        status = element(out, "li", STYLE_ITEM, shield, view_of(s->group->steps[i]));
    if (status == STATUS_OK)
        status = buf_addf(out, "</ol>\n");
    if (status == STATUS_OK)
        status = element(out, "p", STYLE_WHO, shield, view_of(t->words[WORD_CONTACTS]));
    if (status == STATUS_OK)
        status = buf_addf(out, "<ul style=\"%s%slist-style:disc outside!important;\">\n", shield,
                          STYLE_LIST);
    for (unsigned i = 0; i < s->n_lines && status == STATUS_OK; i++)
        status = line_html(out, &s->lines[i], shield);
    if (status == STATUS_OK)
        status = buf_addf(out, "</ul>\n");
    if (status == STATUS_OK)
        status = element(out, "p", STYLE_P, shield, view_of(t->words[WORD_PAID]));
    if (status == STATUS_OK)
        status = element(out, "p", STYLE_SMALL, shield, s->quote);
    if (status == STATUS_OK)
        status = element(out, "p", STYLE_SMALL, shield, s->footer);
    return status == STATUS_OK ? buf_addf(out, "</div>\n") : status;
}

enum status sections_html(struct buf *out, const struct section *s, unsigned n, bool as_page)
{
    enum status status = STATUS_OK;
    if (as_page) {
        status = buf_addf(out,
                          "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n"
                          "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                          "content=\"width=device-width, initial-scale=1\">\n<title>",
                          s[0].words->language, s[0].words->right_to_left ? "rtl" : "ltr");
        if (status == STATUS_OK)
            status = escape(out, s[0].title);
        if (status == STATUS_OK)
            status = buf_addf(out, "</title>\n</head>\n<body>\n");
    }
    for (unsigned i = 0; i < n && status == STATUS_OK; i++)
        status = section_html(out, &s[i], !as_page);
    if (as_page && status == STATUS_OK)
        status = buf_addf(out, "</body>\n</html>\n");
    return status;
}
