/* The report for people, before it has a form. Private to export. */
#ifndef EXPORT_REPORT_H
#define EXPORT_REPORT_H

#include "export/case.h"

enum row_kind {
    ROW_SECTION, /* label: its heading */
    ROW_FACT,    /* label, value */
    ROW_NOTE,    /* label: a paragraph */
    ROW_QUOTE,   /* value: words of the message */
    ROW_BLANK,   /* label: to be filled in by hand */
};

/* Values may be the sender's: without control and invisible characters, on one line. */
struct row {
    enum row_kind kind;
    struct view label, value;
};

struct report {
    struct arena arena;
    struct view title;
    struct row *rows;
    uint32_t n, cap;
};

enum status report_make(const struct export_case *c, const struct report_words *w,
                        struct report *out);
void report_fini(struct report *r);

#endif
