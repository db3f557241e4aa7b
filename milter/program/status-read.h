/* What a daemon says of itself, taken apart. */
#ifndef PROGRAM_STATUS_READ_H
#define PROGRAM_STATUS_READ_H

#include "base/base.h"

/* One value with its place: "reload/last"; each entry of a list has the list's. */
struct status_leaf {
    const char *path; /* in the arena */
    struct view text; /* likewise */
    double number;
    bool is_number;
};

struct status_page {
    struct arena arena; /* own */
    struct status_leaf *v;
    uint32_t n, cap;
};

/* False: no JSON object, or no memory. page is to be freed in any case. */
bool status_read(struct view json, struct status_page *page);
void status_page_fini(struct status_page *page);
/* 0 and an empty text when there is none. */
double status_number(const struct status_page *page, const char *path);
struct view status_text_of(const struct status_page *page, const char *path);

/*
 * The body of an HTTP/1 answer with its code; false when it is none, or is cut.
 */
bool status_answer(struct view bytes, unsigned *code, struct view *body);

#endif
