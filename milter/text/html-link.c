#include <string.h>

#include "text/html-entity.h"
#include "text/html.h"

/* As browsers read a link (WHATWG URL 4.4): no blanks around it, no line ends or tabs inside. */
static struct view target_clean(struct view target)
{
    char *p = (char *)(uintptr_t)target.p; /* our own copy */
    size_t n = 0;
    if (view_find_byte(target, '\n') == target.n && view_find_byte(target, '\r') == target.n &&
        view_find_byte(target, '\t') == target.n)
        return view_trim(target);
    for (size_t i = 0; i < target.n; i++)
        if (p[i] != '\n' && p[i] != '\r' && p[i] != '\t')
            p[n++] = p[i];
    return view_trim((struct view){p, n});
}

void link_open(struct html_reader *r, struct view target)
{
    struct html_text *out = r->out;
    link_close(r);
    if (view_trim(target).n == 0)
        return;
    if (out->n_links >= r->limits->links) {
        anomaly_note(&out->anomalies, ANOMALY_LINK_LIMIT);
        return;
    }
    struct view copy = entity_decode_all(target, r->arena);
    struct link *links =
        arena_grow(r->arena, out->links, &r->cap_links, out->n_links + 1, sizeof *links);
    if (links == NULL || copy.p == NULL) {
        r->no_memory = true;
        return;
    }
    out->links = links;
    /* shown is a pair of offsets until the visible text stops moving; see html_read */
    links[out->n_links++] = (struct link){
        .target = target_clean(copy), .shown = {NULL, UINT32_MAX}, .visible_at = r->visible.n};
    r->link_open = true;
}

void link_close(struct html_reader *r)
{
    if (!r->link_open)
        return;
    r->link_open = false;
    r->out->links[r->out->n_links - 1].shown.n = r->visible.n;
}
