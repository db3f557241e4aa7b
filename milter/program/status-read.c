#include "program/status-read.h"

#include <string.h>

enum { PATH_BYTES = 1024, LEAVES_MAX = 5000, PAGE_BYTES_MAX = 8 << 20 };

/* Where in the document we are. */
struct place {
    char path[PATH_BYTES];
    size_t n;                        /* bytes of the path */
    size_t ends[JSON_DEPTH_MAX + 1]; /* its length above each level */
    unsigned depth;
};

/* Takes the last name off: the value that it names is done. */
static void name_drop(struct place *p)
{
    p->n = p->depth > 0 ? p->ends[p->depth - 1] : 0;
}

static bool name_add(struct place *p, struct view name)
{
    name_drop(p);
    size_t slash = p->n > 0;
    if (p->n + slash + name.n >= PATH_BYTES)
        return false;
    if (slash > 0)
        p->path[p->n] = '/';
    if (name.n > 0)
        memcpy(p->path + p->n + slash, name.p, name.n);
    p->n += slash + name.n;
    return true;
}

static bool leaf_add(struct status_page *page, const struct place *p, enum json_token token,
                     const struct json_reader *r)
{
    struct status_leaf *v =
        page->n < LEAVES_MAX ? arena_grow(&page->arena, page->v, &page->cap, page->n + 1, sizeof *v)
                             : NULL;
    if (v == NULL)
        return false;
    page->v = v;
    struct status_leaf *leaf = &v[page->n++];
    *leaf = (struct status_leaf){.path = arena_string(&page->arena, (struct view){p->path, p->n}),
                                 .is_number = token == JSON_NUMBER};
    if (token == JSON_STRING)
        leaf->text = arena_copy(&page->arena, r->text);
    if (token == JSON_NUMBER)
        leaf->number = r->number;
    return leaf->path != NULL && (token != JSON_STRING || r->text.n == 0 || leaf->text.p != NULL);
}

bool status_read(struct view json, struct status_page *page)
{
    struct json_reader r;
    struct place p = {.n = 0};
    bool good = true, object = false;
    enum json_token token;
    *page = (struct status_page){0};
    arena_init(&page->arena, PAGE_BYTES_MAX);
    json_reader_init(&r, json);
    while (good && (token = json_reader_next(&r)) != JSON_END) {
        switch (token) {
        case JSON_ERROR:
        case JSON_END:
            good = false;
            break;
        case JSON_OPEN_OBJECT:
        case JSON_OPEN_ARRAY:
            object = object || token == JSON_OPEN_OBJECT;
            p.ends[p.depth++] = p.n;
            break;
        case JSON_CLOSE_OBJECT:
        case JSON_CLOSE_ARRAY:
            name_drop(&p);
            p.depth--;
            break;
        case JSON_KEY:
            good = object && name_add(&p, r.text);
            break;
        case JSON_STRING:
        case JSON_NUMBER:
        case JSON_BOOL:
        case JSON_NULL:
            good = object && leaf_add(page, &p, token, &r);
            break;
        }
    }
    json_reader_fini(&r);
    return good && object;
}

void status_page_fini(struct status_page *page)
{
    arena_fini(&page->arena);
    *page = (struct status_page){0};
}

static const struct status_leaf *find(const struct status_page *page, const char *path)
{
    for (uint32_t i = 0; i < page->n; i++)
        if (strcmp(page->v[i].path, path) == 0)
            return &page->v[i];
    return NULL;
}

double status_number(const struct status_page *page, const char *path)
{
    const struct status_leaf *leaf = find(page, path);
    return leaf != NULL ? leaf->number : 0;
}

struct view status_text_of(const struct status_page *page, const char *path)
{
    const struct status_leaf *leaf = find(page, path);
    return leaf != NULL ? leaf->text : VIEW_NONE;
}

/* The value of Content-Length, or SIZE_MAX. */
static size_t content_length(struct view head)
{
    struct view line;
    uint64_t n;
    while (view_next_line(&head, &line)) {
        size_t colon = view_find_byte(line, ':');
        if (view_eq_nocase(view_sub(line, 0, colon), VIEW("Content-Length")) &&
            view_to_u64(view_trim(view_sub(line, colon + 1, line.n)), UINT32_MAX, &n))
            return (size_t)n;
    }
    return SIZE_MAX;
}

bool status_answer(struct view bytes, unsigned *code, struct view *body)
{
    uint64_t number;
    size_t at = view_find(bytes, VIEW("\r\n\r\n"));
    if (at == bytes.n || !view_starts_nocase(bytes, VIEW("HTTP/1.")) ||
        !view_to_u64(view_sub(bytes, 9, 12), 999, &number))
        return false;
    *code = (unsigned)number;
    *body = view_sub(bytes, at + 4, bytes.n);
    return content_length(view_sub(bytes, 0, at + 2)) == body->n;
}
