/* The monitor's inside: monitor.c listens, monitor-page.c writes what is asked for. Private. */
#ifndef MTA_MONITOR_H
#define MTA_MONITOR_H

#include "metrics/metrics.h"
#include "mta/http.h"
#include "mta/mta.h"

enum { PAGE_MAX = 4 << 20 };

/* What does not change. */
struct page {
    struct engine *engine; /* foreign */
    char libmilter[32], pcre2[32];
};

void page_init(struct page *p, struct engine *e);
/* The metrics, with what is read at this moment. */
enum status page_metrics(const struct page *p, enum metrics_format format, struct buf *out);
/* The answer to a request: head and body. */
enum status page_answer(const struct page *p, const struct http_request *request, struct buf *out);
/* The answer to what is no request: one of the codes of http.c. */
enum status page_refusal(int code, enum http_method method, struct buf *out);

#endif
