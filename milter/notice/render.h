/* One language's part of a notice, made ready for both forms. Private to notice. */
#ifndef NOTICE_RENDER_H
#define NOTICE_RENDER_H

#include "notice/notices.h"

enum { NOTICE_BYTES_MAX = 64 * 1024, CONTACT_LINES_MAX = CONTACT_KINDS };

/* "Report: Police, 114 14 (around the clock), https://..." in its pieces; each may be empty. */
struct contact_line {
    struct view label; /* with its colon, or the whole line when there is no contact */
    struct view name, phone, hours, url;
};

struct section {
    const struct template *words;
    struct view title, lead;
    const struct group_text *group;
    struct contact_line lines[CONTACT_LINES_MAX];
    unsigned n_lines;
    struct view quote;  /* words for a report */
    struct view footer; /* who wrote this, and where the message is */
};

enum status section_text(struct buf *out, const struct section *s);
/* The sections of a notice as one element; as_page: as a document. */
enum status sections_html(struct buf *out, const struct section *s, unsigned n, bool as_page);

#endif
